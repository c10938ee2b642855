"""What the conductor holds, and what is seen of it: the base of ``conductor``, on the engine's one thread."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.kiosk import access, session, telling
from app.kiosk.access import Front, Holding, Local, Opened, Readable
from app.kiosk.agreement_desk import AgreementDesk
from app.kiosk.bench import Bench
from app.kiosk.board_desk import BoardDesk
from app.kiosk.call_desk import CallDesk
from app.kiosk.clip_desk import ClipDesk
from app.kiosk.easel import Easel
from app.kiosk.glass_desk import GlassDesk
from app.kiosk.grant_desk import GrantDesk
from app.kiosk.keypad import Keypad
from app.kiosk.notice_board import NoticeBoard
from app.kiosk.reader_troubles import ReaderTroubles
from app.kiosk.recorder import Recorder
from app.kiosk.remark_desk import RemarkDesk
from app.kiosk.table import Table
from app.kiosk.view import MarkText, Notice, Screen, Session, Stage, Status
from app.model.errors import Bug, Expected

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.kiosk.agreement_desk import Signatures
    from app.kiosk.done_steps import Shelf
    from app.kiosk.folio import Folio
    from app.kiosk.own_grants import GrantStore
    from app.kiosk.pin_tries import Remembered
    from app.kiosk.projector import Projector, Reel
    from app.kiosk.readers import Presented, ReaderState
    from app.kiosk.recorder import Journal
    from app.kiosk.sheet import Sheet
    from app.kiosk.signed_agreements import Kept
    from app.kiosk.surroundings import Surroundings
    from app.kiosk.view import Framing, GrantOffer, Offer
    from app.model.plant import Grant
    from app.wire.client import HubClient
    from app.wire.clock import Clock

_NOT_RECORDED = frozenset({"cannot_record", "journal_lost"})
"""Codes of a journal that does not take events."""


class Desks(ABC):
    """The session's state, who works for the conductor, and the screen that follows from both.

    Failure policy: an event that cannot be committed ends the session and says so, until one can be.
    """

    def __init__(
        self,
        around: Surroundings,
        journal: Journal,
        folio: Folio,
        clock: Clock,
        kiosk: str,
        station: str,
        tries: Remembered,
        done: Shelf,
        grants: GrantStore,
        signatures: Signatures | None = None,
        connect: Callable[[], HubClient] | None = None,
    ) -> None:
        self._around, self._clock = around, clock
        self._recorder = Recorder(journal, clock, station)
        self._easel = Easel(folio, around, self._mark, self._next_mark)
        self._table = Table()
        self._front: Front | None = None
        self._left: Callable[[], None] | None = None
        self.state = session.State()
        self._status = Status(kiosk=kiosk, waiting=journal.waiting())
        self._board = NoticeBoard(lambda: self.now_ms)
        self._names, self._tries = os.urandom(32), tries
        self.tapped: str | Presented = ""
        self.keypad = Keypad(self, self._recorder, tries, clock, self._board, around)
        self.bench = Bench(self, self._recorder, done, self.keypad.signer)
        self.agreements = AgreementDesk(self, self._recorder, signatures, self.keypad.signer, clock)
        self._grants = GrantDesk(self._board.say, grants, self._recorder, clock)
        self.glass = GlassDesk(self, self._recorder, grants, around.ask_grant)
        self.remarks = RemarkDesk(self, self._recorder)
        self.calls = CallDesk(self, self._recorder, kiosk, clock)
        self.clips = ClipDesk(self, self._recorder)
        self.boards = BoardDesk(self, self._recorder, clock, connect)
        self._readers = ReaderTroubles()
        self._holding: Holding | None = None
        self._local = Local(own_grants=grants.own_grants)
        self._opened: Opened | None = None
        self._until: datetime | None = None
        self._grant: Grant | None = None

    @property
    def holding(self) -> Holding | None:
        """The lease in force."""
        return self._holding

    @property
    def opened(self) -> Opened | None:
        """Who is signed in."""
        return self._opened

    @property
    def facts(self) -> Local:
        """What this kiosk knows of itself."""
        return self._local

    @property
    def online(self) -> bool:
        """Whether the hub answers."""
        return self._status.online

    @property
    def now_ms(self) -> int:
        """A clock that does not go back."""
        return self._clock.moment().boot_ms

    def tell(self, notice: Notice | None) -> None:
        """Something that the person at the kiosk should read."""
        self._board.say(notice)
        self.publish()

    def open_board(self) -> None:
        """Whoever reads here wants the board."""
        if self.state.phase is session.Phase.STATION and self._opened is not None:
            self.boards.open(self._opened)

    def status(self, **changes: Any) -> None:
        """Facts for the status line (fields of ``Status``)."""
        self._status = replace(self._status, **changes)
        self.publish()

    def reader(self, state: ReaderState) -> None:
        """A reader was pulled out, or is there."""
        self._readers.hear(state)
        self.publish()

    def hurry(self) -> None:
        """What was just written is waited for at the hub."""
        self._around.hurry()

    @abstractmethod
    def feed(self, event: session.Event, pin: str = "") -> None:
        """Something happened in the session."""

    @abstractmethod
    def decide(self, name: str, opened: Opened | None, tag: bytes, trouble: Expected | None) -> None:
        """Admit whoever a badge is, or say why not."""

    @abstractmethod
    def touch(self) -> None:
        """Somebody is there."""

    @abstractmethod
    def lock(self, why: session.Ended = session.Ended.LOCKED) -> None:
        """Lock now."""

    @abstractmethod
    def turn_to(self, index: int) -> None:
        """Leaf ``index`` is asked for."""

    @abstractmethod
    def resume(self) -> None:
        """The page comes back to the screen."""

    def put_up(self, opened: Opened, found: Readable | None, paper: tuple[Sheet, ...] = ()) -> None:
        """What was ``found``, or the ``paper`` to sign, comes in front once the session says so."""
        self._opened = opened
        if found is not None:
            self._grant = found.grant
            self._lay(found)
        else:
            self._grant = None
            self._table.put(paper)
            self._until = self._readable_until()

    def signed(self, kept: Kept) -> None:
        """An agreement was signed here: it counts from now on."""
        self._local = replace(self._local, signed=self._local.signed | {kept})

    # -- the clip of the page in front --------------------------------------------------------------------

    def clip_in_front(self) -> Sheet | None:
        """The page on the screen, if it has a clip that may be played now."""
        at, reads = self._easel.handed_on, self.state.phase is session.Phase.STATION
        if at is None or at != self.state.current or not reads or self._table.reading is not None:
            return None
        page = self._table.pages[at]
        return page if page.clip is not None and not self.keypad.busy else None

    def clip_key(self, page: Sheet) -> bytes:
        """The key of its clip. Raises Damaged."""
        if self._holding is None or self._opened is None or page.clip is None:
            raise Bug("a clip was to be played that nobody may see")
        (key,) = access.unwrapped(self._holding, self._opened, (page.clip.blob,), self._local.own_grants)
        return key

    def project(self, reel: Reel) -> Projector:
        """Begin to play over the page in front."""
        return self._around.project(reel, self.state.current, self._mark())

    def fetch(self, damaged: str) -> None:
        """Have a blob fetched again, or whatever is missing (``""``)."""
        self._around.fetch(damaged)

    def _settle(self, *, waiting: bool = True) -> None:
        """Once the page in front is painted, write what is left to write of its look, and have made what a
        next one needs; not ``waiting``: at any rate.
        """
        if waiting and (self._left is None or self._easel.handed_on is None):
            return
        left, self._left = self._left, None
        if (left is None or self.recording(left)) and self._recorder.draw_next_tile():
            self._easel.hand_ahead()

    # -- trouble ------------------------------------------------------------------------------------------

    def recording(self, write: Callable[[], object]) -> bool:
        """Write an event; where that fails, nothing stays on the screen. Returns whether it stands."""
        done = self.attempt(write)
        if self._local.can_record is not done:
            self._local = replace(self._local, can_record=done)
        self._status = replace(self._status, waiting=self._recorder.waiting)
        return done

    def attempt(self, act: Callable[[], object]) -> bool:
        """Do something that may fail in a plant; where it does, the session ends with its sentence."""
        try:
            act()
        except Expected as error:
            self._abort(error)
            return False
        return True

    def arrived(self) -> None:
        """Pages have been pulled: the one in front may be among them."""
        if self._easel.missing:
            self._easel.again()

    def frame(self, framing: Framing) -> None:
        """The leaf in front is wanted in ``framing``."""
        self._easel.frame(framing)

    def _tick_saying(self) -> None:
        """Time has passed for what was said; once their page is up and nothing else is told, somebody learns
        what became of their remarks.
        """
        self.remarks.tick()
        self.calls.tick()
        self.clips.tick()
        quiet = self._board.notice is None and self._easel.handed_on is not None
        if quiet and self.state.phase is session.Phase.STATION and self._opened is not None:
            answered = self.remarks.answered(self._opened)
            if answered is not None:  # a failure to record has said its own sentence
                self._board.say(answered)

    def _clear_hands(self, before: session.State) -> None:
        """Forget what was needed to find out who somebody is, once that is over."""
        locked = self.state.phase is session.Phase.LOCKED
        if locked or self.state.phase in session.SIGNED_IN:
            self.tapped = ""
        if locked or self.state.badge != before.badge:
            self.agreements.leave()

    def _drop(self) -> None:
        """Nothing of the session stays: pixels and bytes first, then keys and names."""
        self.clips.end()
        self._easel.close()
        self.bench.end()
        self.boards.leave()
        self.agreements.text = None
        self._opened, self._front, self._grant, self._left = None, None, None, None
        self._table.clear()
        self.bench.set_pages(())
        self._until = self._readable_until()

    def _abort(self, error: Expected) -> None:
        self._drop()
        if error.code not in _NOT_RECORDED:  # it would be waited for once more
            self._recorder.broken_off()
        self._recorder.forget()
        self.keypad.desk.leave()
        self.agreements.leave()
        self.remarks.forget()
        self._grants.forget()
        self.glass.forget()
        self.tapped = ""
        self.state = session.State(idle_ms=self.state.idle_ms)
        self._board.say(Notice(error.code, str(error), error.advice, "error"))

    # -- what is seen -------------------------------------------------------------------------------------

    def publish(self) -> None:
        """Tell the screen."""
        self.clips.follow()
        status = self._readers.told_in(
            replace(self._status, readable_until=self._until, call=self.calls.seen())
        )
        stage = telling.STAGES[self.state.phase]
        if stage is Stage.STATION and self._table.reading is not None:
            stage = Stage.CHANGES
        stage, asks = self.keypad.shown(stage)
        if not self.keypad.busy:
            stage = self._grants.stage(stage)
        self._around.publish(
            Screen(
                stage,
                status,
                self._session(),
                self._board.notice,
                asks,
                self.offers(),
                self._grant_offer(),
                self._grants.choice() if stage is Stage.CHOICE else None,
                self.boards.seen(),
            )
        )

    def offers(self) -> Offer:
        """What the badge screen has a button for."""
        if self.keypad.busy or self._grants.going_on:
            return "cancel"
        return "set_pin" if self._open_to_all() and telling.pins_used(self._holding) else ""

    def _grant_offer(self) -> GrantOffer:
        free = self._open_to_all() and not self.keypad.busy and not self._grants.going_on
        return self._grants.offer(self._holding, online=self._status.online) if free else ""

    def _open_to_all(self) -> bool:
        """Whether nobody is signed in and badges are taken."""
        return self.state.phase is session.Phase.LOCKED and telling.barred(self._local) is None

    def _session(self) -> Session | None:
        opened, view = self._opened, self._recorder.view
        if self.state.phase not in session.READING or opened is None or view is None:
            return None
        lock_in, current = self.state.lock_in(self.now_ms), self.state.current
        work, exceptional = self.bench.seen(), telling.exceptional_of(self._grant, self._holding)
        told = telling.session_of(
            opened,
            self._table,
            current,
            self._mark(),
            lock_in,
            work,
            exceptional,
            self.agreements.seen(),
            self.remarks.seen(),
        )
        leads = self.boards.serves(opened) and told.paper is None
        return replace(told, clip=self.clips.seen(), leads=leads)

    def _mark(self, place: int | None = None) -> MarkText:
        """The mark of the look in front; ``place``: of the page there, which may be the one beside it."""
        view, beside, unit = self._recorder.view, self._recorder.beside, self._recorder.unit
        if beside is not None and place == self._table.places(self.state.current)[-1]:
            view = beside
        return telling.mark_of(self._opened, view, self._status.station, unit)

    def _next_mark(self) -> MarkText | None:
        """What the mark will say of the look that follows, as far as that is known."""
        tile = self._recorder.next_tile
        return replace(self._mark(), tile=tile, at=self._clock.now()) if tile is not None else None

    def _lay(self, found: Readable) -> bool:
        """Lay out what was found; returns whether other pages lie there than before."""
        changed = self._table.lay(found)
        if changed:
            self.bench.set_pages(self._table.pages if self._table.reading is None else ())
        self._until = self._readable_until()
        return changed

    def _readable_until(self) -> datetime | None:
        """When the first of what is open ends: with a grant at its end at the latest."""
        until, grant = telling.readable_until(self._holding, self._table.pages), self._grant
        ends = [end for end in (until, grant.span.end if grant is not None else None) if end is not None]
        return min(ends, default=None)
