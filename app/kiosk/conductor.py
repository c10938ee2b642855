"""What happens at the kiosk, on the engine's one thread: carries out the session's effects.

It holds the session's state and the permission to paint: a page is handed to the screen only after the
``view.begin`` of its look is committed. No look without a record, no record without a decision.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.kiosk import access, session, telling
from app.kiosk.access import Holding, Local, Opened
from app.kiosk.bench import Bench
from app.kiosk.easel import Easel
from app.kiosk.keypad import Keypad
from app.kiosk.notice_board import NoticeBoard
from app.kiosk.reader_troubles import ReaderTroubles
from app.kiosk.recorder import Recorder
from app.kiosk.view import Leaf, MarkText, Notice, Screen, Session, Status
from app.kiosk.wedge import FormatRefused, check_format
from app.model.errors import Expected

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.kiosk.access import Found
    from app.kiosk.done_steps import Shelf
    from app.kiosk.folio import Folio, Job, KeyedLeaf, Shared
    from app.kiosk.pin_tries import PinTries
    from app.kiosk.readers import Presented, ReaderState
    from app.kiosk.recorder import Journal
    from app.kiosk.surroundings import Surroundings
    from app.kiosk.view import Framing, Offer, Tone
    from app.wire.clock import Clock
    from app.wire.lease import PageInfo

NOTICE_SECONDS = 8.0
_COMING = frozenset({"page_absent", "page_damaged"})


class Conductor:
    """See the module. Every method runs on the engine's thread.

    Failure policy: an event that cannot be committed ends the session and says so (nothing unrecorded is
    shown) until an event can be written again; a PIN whose try cannot be counted is not tried; a page that
    cannot be painted is told in its place and the others stay readable; a lease that takes pages away takes
    them off the screen at once.
    """

    def __init__(
        self,
        around: Surroundings,
        journal: Journal,
        folio: Folio,
        clock: Clock,
        kiosk: str,
        tries: PinTries,
        done: Shelf,
    ) -> None:
        self._around, self._clock = around, clock
        self._recorder = Recorder(journal, clock)
        self._easel = Easel(folio, around.paint, self._mark)
        self.state = session.State()
        self._status = Status(kiosk=kiosk, waiting=journal.waiting())
        self._board = NoticeBoard(lambda: self.now_ms)
        self._names = os.urandom(32)
        self.tapped: str | Presented = ""
        self.keypad = Keypad(self, self._recorder, tries, clock, self._board, around)
        self.bench = Bench(self, self._recorder, done, self.keypad.signer)
        self._readers = ReaderTroubles()
        self._holding: Holding | None = None
        self._local = Local()
        self._opened: Opened | None = None
        self._pages: tuple[PageInfo, ...] = ()
        self._leaves: tuple[Leaf, ...] = ()
        self._until: datetime | None = None
        self._withheld: tuple[str, ...] = ()

    # -- what comes in ------------------------------------------------------------------------------------

    def tap(self, badge: str) -> None:
        """A reader delivered ``badge``."""
        if not self._takes_badges():
            return
        scanned = self._holding.lease.policy.scans.told(badge) if self._holding is not None else None
        if scanned is not None:
            self.bench.scanned(*scanned)
            self.touch()
            return
        if self._holding is not None:
            checked = check_format(self._holding.lease.policy.badge, badge)
            if isinstance(checked, FormatRefused):
                self._not_taken(checked.code, checked.says, checked.do)
                return
            badge = checked.number
        if self.keypad.takes(badge, own=self._name(badge) == self.state.badge):
            self.touch()
        else:
            self._take(badge, badge)

    def card(self, presented: Presented) -> None:
        """A cryptographic card proved itself at a reader."""
        if not self._takes_badges():
            return
        if self.keypad.takes_card():
            self.publish()
        else:
            self._take(presented, f"card {presented.text}")

    def misread(self, error: Expected) -> None:
        """A reader could not take what was held to it."""
        if self._takes_badges():
            self._not_taken(error.code, str(error), error.advice)

    def _takes_badges(self) -> bool:
        barred = telling.barred(self._local)
        if barred is None:
            self._board.say(None)
            return True
        why = barred.code if self._local.set_back else f"kiosk_{self._local.status}"
        self.recording(lambda: self._recorder.refused_badge(why))
        self.tell(barred)
        return False

    def _not_taken(self, code: str, says: str, do: str) -> None:
        self.recording(lambda: self._recorder.refused_badge(code))
        self.tell(Notice(code, says, do, "warning", NOTICE_SECONDS))

    def _take(self, tapped: str | Presented, text: str) -> None:
        self.tapped = tapped
        self.feed(session.Tapped(self._name(text)))

    def _name(self, text: str) -> str:
        """A badge's opaque name in this run."""
        return hmac.new(self._names, text.encode(), hashlib.sha256).hexdigest()

    def identified(self, name: str, found: Found, trouble: Expected | None) -> None:
        """The answer to ``Surroundings.identify``."""
        if self.state.phase is not session.Phase.IDENTIFYING or self.state.badge != name:
            return
        if trouble is None and found.asks_pin and self._holding is not None:
            self.keypad.ask(name, found.tag)
        else:
            self.decide(name, found.opened, found.tag, trouble)

    def decide(self, name: str, opened: Opened | None, tag: bytes, trouble: Expected | None) -> None:
        """Admit whoever a badge is, or say why not."""
        found = None
        if trouble is None and opened is not None and self._holding is not None:
            found = access.readable(self._holding, opened, self._local, self._clock.now())
        if found is not None and found.pages:
            self._opened, self._withheld = opened, found.sentences
            self._set_pages(found.pages)
            self.feed(session.Admitted(name, tuple(page.page for page in found.pages)))
            return
        code, says, do = (
            (trouble.code, str(trouble), trouble.advice)
            if trouble is not None
            else access.why_nothing(self._holding, opened, found)
        )
        reasons = found.withheld if found is not None else ()
        self.recording(lambda: self._recorder.refused(opened, tag, code, reasons))
        if opened is not None:
            says = f"{opened.operator.name}: {says[:1].lower()}{says[1:]}"
        if self._board.notice is None:
            self._board.say(Notice(code, says, do, "warning", NOTICE_SECONDS))
        self.feed(session.Rejected(name))

    # -- the rest of what comes in ------------------------------------------------------------------------

    def turn_to(self, index: int) -> None:
        """Leaf ``index`` is asked for."""
        self.feed(session.Turned(index))

    def resume(self) -> None:
        """The page comes back to the screen after a signature was asked for, if it is over."""
        if self.state.phase is session.Phase.STATION and not self.keypad.signer.going_on:
            self._easel.show(self.state.current)
        self.publish()

    def touch(self) -> None:
        """Somebody is there."""
        self.keypad.setter.touch(self.now_ms)
        self.feed(session.Touched())

    def lock(self, why: session.Ended = session.Ended.LOCKED) -> None:
        """Lock now."""
        self.keypad.setter.forget()
        self.feed(session.LockAsked(why))

    @property
    def holding(self) -> Holding | None:
        """The lease in force."""
        return self._holding

    @property
    def opened(self) -> Opened | None:
        """Who is signed in."""
        return self._opened

    @property
    def current(self) -> int:
        """The page in front, among those that are open."""
        return self.state.current

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

    def tick(self) -> None:
        """Time has passed: idle, expiry, notices."""
        self._board.tick()
        if not self._local.can_record and self.recording(self._recorder.resumed):
            self._board.say(None)
        self.keypad.tick()
        self._review()
        self.feed(session.Ticked())

    def hold(self, holding: Holding | None) -> None:
        """A new lease is in force; None: the hub took everything away."""
        self._holding = holding
        if holding is None:
            self.keypad.setter.forget()
            self._withdraw(telling.blocked_notice(self._local.status))
        else:
            lease = holding.lease
            self._recorder.hold(holding)
            self._status = telling.at_station(self._status, lease)
            self.feed(session.IdleSet(lease.policy.idle_seconds * 1000))
            if self._opened is not None:
                self._follow(self._opened)
        self._until = telling.readable_until(self._holding, self._pages)
        self.publish()

    def local(self, **facts: Any) -> None:
        """New facts about this kiosk (fields of ``Local``)."""
        known, barred = self._local, telling.barred(self._local)
        self._local = replace(known, **facts)
        if self._local != known:  # it is told at every tick, and ``tick`` reviews as well
            self._review()
        if (bars := telling.barred(self._local)) != barred:
            self.keypad.setter.forget()
            self._board.say(bars)
        self.publish()

    def status(self, **changes: Any) -> None:
        """Facts for the status line (fields of ``Status``)."""
        self._status = replace(self._status, **changes)
        self.publish()

    def reader(self, state: ReaderState) -> None:
        """A reader was pulled out, or is there."""
        self._readers.hear(state)
        self.publish()

    def arrived(self) -> None:
        """Pages have been pulled: the one in front may be among them."""
        if self._easel.missing:
            self._easel.again()

    def frame(self, framing: Framing) -> None:
        """The leaf in front is wanted in ``framing``."""
        self._easel.frame(framing)

    def show_strip(self, width_px: int, height_px: int) -> None:
        """Thumbnails are wanted; showing them is a look of its own, recorded before the first is painted."""
        if self.state.phase is not session.Phase.STATION:
            return
        recorded = self._easel.strip_shown or self.recording(lambda: self._recorder.sees_strip(self._pages))
        if recorded:
            self._easel.strip(width_px, height_px)

    def rendered(self, job: Job, result: Shared | Expected) -> None:
        """The folio's answer."""
        trouble = self._easel.rendered(job, result)
        if job.index != self.state.current:  # drawn ahead: the next look will be at such a page
            self._recorder.draw_next_tile()
        if trouble is not None:
            self._cannot_paint(trouble)
        elif self._came():
            self.publish()

    # -- the session's effects ----------------------------------------------------------------------------

    def feed(self, event: session.Event, pin: str = "") -> None:
        """Something happened in the session: carry out what follows."""
        before = self.state
        self.state, effects = session.step(before, event, self.now_ms)
        if self.keypad.desk.tag and self.state.badge != before.badge:
            self.keypad.left()
        for effect in effects:
            match effect:
                case session.Identify(name):
                    self._around.identify(self.tapped, name)
                case session.TryPin(name):
                    self.keypad.try_pin(name, pin)
                case session.Open():
                    self._open()
                case session.Show(index):
                    self._show(index)
                case session.Close(why):
                    self._close(why)
        if self.state.phase in {session.Phase.LOCKED, session.Phase.STATION}:
            self.tapped = ""
        self.publish()

    def _open(self) -> None:
        opened = self._opened
        if self._holding is None or opened is None:
            return
        self._board.say(None)
        if self.attempt(lambda: self._easel.open(self._keys())):
            self.recording(lambda: self._recorder.began(opened, len(self._pages)))
            self.bench.begin(opened)

    def _keys(self) -> tuple[KeyedLeaf, ...]:
        if self._holding is None or self._opened is None:
            return ()
        return access.keyed(self._holding, self._opened, self._pages)

    def _show(self, index: int) -> None:
        if self._opened is None or index >= len(self._pages):
            return
        page = self._pages[index]
        self._easel.prepare(index)  # drawn while the disk writes; handed on only after it
        if self.recording(lambda: self._recorder.looks_at(page)):
            self._easel.show(index)
            self._came()

    def _close(self, why: session.Ended) -> None:
        self._drop()
        self.recording(lambda: self._recorder.ended(str(why)))

    def _drop(self) -> None:
        """Nothing of the session stays: pixels and bytes first, then keys and names."""
        self._easel.close()
        self.bench.end()
        self._opened, self._withheld = None, ()
        self._set_pages(())

    def _abort(self, error: Expected) -> None:
        self._drop()
        self._recorder.forget()
        self.keypad.desk.leave()
        self.tapped = ""
        self.state = session.State(idle_ms=self.state.idle_ms)
        self._board.say(Notice(error.code, str(error), error.advice, "error"))

    # -- a lease that changes under a session -------------------------------------------------------------

    def _follow(self, opened: Opened) -> None:
        """The keys of the new lease are other ones; the person may have left it."""
        if self._holding is None:
            return
        still = access.still_there(self._holding.lease, opened)
        if still is None:
            self._withdraw(telling.ENDED)
        else:
            self._opened = still
            self._review()

    def _review(self) -> None:
        """Decide again on everything that is open; take away what is no longer granted."""
        if self.state.phase is not session.Phase.STATION or self._holding is None or self._opened is None:
            return
        found = access.readable(self._holding, self._opened, self._local, self._clock.now())
        if not found.pages:
            code, says, do = access.why_nothing(self._holding, self._opened, found)
            self._withdraw(Notice(code, says, do, "warning", NOTICE_SECONDS * 2))
            return
        self._withheld = found.sentences
        if found.pages != self._pages:
            self._set_pages(found.pages)
            if self.attempt(lambda: self._easel.replace(self._keys())):
                self._replaced()

    def _replaced(self) -> None:
        kept = self._recorder.view
        self.feed(session.Reviewed(tuple(page.page for page in self._pages)))
        if self._recorder.view is kept and self.state.phase is session.Phase.STATION:
            self._easel.show(self.state.current)  # the same look goes on
        self._easel.again()

    def _withdraw(self, notice: Notice) -> None:
        self._board.say(notice)
        self.feed(session.Reviewed(()))

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

    def _came(self) -> bool:
        """Take the notice back that the page in front is not here, once it is."""
        over = self._board.shows(_COMING) and not self._easel.missing
        if over:
            self._board.say(None)
        return over

    def _cannot_paint(self, error: Expected) -> None:
        tone: Tone = "info" if error.code == "page_absent" else "error"
        self._board.say(Notice(error.code, str(error), error.advice, tone))
        view = self._recorder.view
        if view is not None and error.code != "page_absent":
            self.recording(lambda: self._recorder.damaged(view.page, error.code))
        if view is not None and error.code in _COMING:
            self._around.fetch(view.page.blob if error.code == "page_damaged" else "")
        self.publish()

    # -- what is seen -------------------------------------------------------------------------------------

    def publish(self) -> None:
        """Tell the screen."""
        status = self._readers.told_in(replace(self._status, readable_until=self._until))
        stage, asks = self.keypad.shown(telling.STAGES[self.state.phase])
        self._around.publish(Screen(stage, status, self._session(), self._board.notice, asks, self.offers()))

    def offers(self) -> Offer:
        """What the badge screen has a button for."""
        if self.keypad.busy:
            return "cancel"
        locked = self.state.phase is session.Phase.LOCKED and telling.barred(self._local) is None
        return "set_pin" if locked and telling.pins_used(self._holding) else ""

    def _session(self) -> Session | None:
        opened, view = self._opened, self._recorder.view
        if self.state.phase is not session.Phase.STATION or opened is None or view is None:
            return None
        lock_in, current = self.state.lock_in(self.now_ms), self.state.current
        work = self.bench.seen()
        return telling.session_of(opened, self._leaves, current, self._mark(), lock_in, self._withheld, work)

    def _mark(self) -> MarkText:
        view, unit = self._recorder.view, self._recorder.unit
        return telling.mark_of(self._opened, view, self._status.station, unit)

    def _set_pages(self, pages: tuple[PageInfo, ...]) -> None:
        self._pages, self._leaves = pages, tuple(telling.leaf_of(page) for page in pages)
        self.bench.set_pages(pages)
        self._until = telling.readable_until(self._holding, self._pages)
