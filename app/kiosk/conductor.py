"""What happens at the kiosk, on the engine's one thread: carries out the session's effects.

It holds the session's state and the permission to paint: a page is handed to the screen only after the
``view.begin`` of its look is committed, or the announcement of it. No look without a record, no record
without a decision.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from app.kiosk import access, leaving, session, telling
from app.kiosk.agreement_desk import CHANGED, NOT_READ
from app.kiosk.desks import Desks
from app.kiosk.foretold import written
from app.kiosk.glass_desk import Asked
from app.kiosk.leaving import arriving
from app.kiosk.table import FINISH, REVISED
from app.kiosk.view import Notice
from app.kiosk.wedge import FormatRefused, check_format
from app.model.errors import Expected
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from app.kiosk.access import Found, Holding, Opened, Readable
    from app.kiosk.folio import Job, KeyedLeaf, Shared
    from app.kiosk.grant_desk import Made
    from app.kiosk.readers import Presented
    from app.kiosk.sheet import Sheet
    from app.kiosk.view import Tone

NOTICE_SECONDS = 8.0
_COMING = frozenset({"page_absent", "page_damaged"})


class Conductor(Desks):
    """See the module. Every method runs on the engine's thread.

    Failure policy: an event that cannot be committed ends the session and says so (nothing unrecorded is
    shown) until an event can be written again; a PIN whose try cannot be counted is not tried; a page that
    cannot be painted is told in its place and the others stay readable; a lease that takes pages away takes
    them off the screen at once.
    """

    # -- what comes in ------------------------------------------------------------------------------------

    def tap(self, badge: str) -> None:
        """A reader delivered ``badge``."""
        if not self._takes_badges():
            return
        scanned = self._holding.lease.policy.scans.told(badge) if self._holding is not None else None
        if scanned is not None:
            self.clips.end()  # it belongs to the unit before
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
        if trouble is None and opened is not None and self._is_for_grant(name, opened, tag):
            return
        found, made = None, None
        if trouble is None and opened is not None and self._holding is not None:
            try:
                made = self._making(self._holding, opened)
            except Expected as error:
                trouble = error
            else:
                now, comes = self._clock.now(), arriving(self._holding.lease, opened)
                found = made.found if made else access.readable(self._holding, comes, self._local, now)
        self._grants.forget()
        if found is not None and opened is not None:
            if made is None and self.agreements.asks(name, opened, found):
                return
            if found.ids:
                self._admit(name, opened, found, made)
                return
            if made is None and self.boards.serves(opened):
                trouble = self.boards.takes(name, opened)
                if trouble is None:
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

    def _is_for_grant(self, name: str, opened: Opened, tag: bytes) -> bool:
        """Whether the badge is a supervisor's who makes a grant, or a worker's for whom the hub is asked."""
        refusal = self._grants.takes_supervisor(opened)
        if refusal is not None:
            self._grants.touch(self.now_ms)
            if refusal:
                self.recording(lambda: self._recorder.refused(opened, tag, refusal, ()))
            self.feed(session.Rejected(name))
            return True
        signed = self._grants.asks_hub(self._holding, opened)
        if signed is not None:
            self.glass.ask(Asked(name, tag, opened, signed))
        return signed is not None

    def _admit(self, name: str, opened: Opened, found: Readable, made: Made | None) -> None:
        if made is not None and not self.recording(lambda: self._grants.keep(made)):
            return
        self._local = replace(self._local, own_grants=self._grants.kept)
        self.put_up(opened, found)
        self.feed(session.Admitted(name, self._table.ids))

    def _making(self, holding: Holding, worker: Opened) -> Made | None:
        """The grant that this badge completes, if somebody is making one."""
        if not self._grants.waits_for_worker:
            return None
        worker = arriving(holding.lease, worker)
        return self._grants.make(holding, worker, self._local, online=self._status.online)

    def begin_grant(self) -> None:
        """Somebody wants a grant to be made."""
        if self._grant_offer() and self._holding is not None:
            self._grants.begin(self._holding, self.now_ms, online=self._status.online)
            self.publish()

    def choose(self, index: int) -> None:
        """An option was taken."""
        self._grants.choose(index, self.now_ms)
        self.publish()

    # -- the rest of what comes in ------------------------------------------------------------------------

    def turn_to(self, index: int) -> None:
        """Leaf ``index`` is asked for. A page that only was to be finished is not turned back to."""
        if self._table.finishing:
            self.read_changes()
        else:
            self.feed(session.Turned(index))

    def read_changes(self) -> None:
        """What changed is to be read now."""
        self._front = None
        self._review(interrupt=True)
        self.touch()

    def postpone_changes(self) -> None:
        """The other pages are wanted first."""
        changes = self._table.changes()
        if changes is not None and changes.more:
            self._table.postpone(until_asked=True)
            self._review()
        self.touch()

    def confirm_changes(self) -> None:
        """The person has read what changed: on record before it counts."""
        opened, reading = self._opened, self._table.reading
        if self.state.phase is not session.Phase.STATION or opened is None or reading is None:
            return
        if self._table.left or not self.recording(lambda: self._recorder.change_read(opened, reading)):
            return
        person = opened.operator.person
        if self.attempt(lambda: self._tries.note_read(person, reading.key)):
            self._local = replace(self._local, read=self._local.read | {(person, reading.key)})
            self._board.say(None)
            self._review()
        self.touch()

    def resume(self) -> None:
        """The page comes back to the screen after a signature was asked for, if it is over."""
        if self.state.phase in session.READING and not self.keypad.signer.going_on:
            self._easel.show(*self._table.places(self.state.current))
        self.publish()

    def cancel(self) -> None:
        """Leave the keypad, a signature, setting a PIN, or making a grant; put an agreement off."""
        if self._grants.going_on and not self.keypad.busy and self.state.phase is session.Phase.LOCKED:
            self._grants.cancel()
            self.publish()
        else:
            self.keypad.cancel()

    def touch(self) -> None:
        """Somebody is there."""
        self.keypad.setter.touch(self.now_ms)
        self._grants.touch(self.now_ms)
        self.feed(session.Touched())

    def lock(self, why: session.Ended = session.Ended.LOCKED) -> None:
        """Lock now."""
        self.keypad.setter.forget()
        self._grants.forget()
        self.glass.forget()
        self.feed(session.LockAsked(why))

    def tick(self) -> None:
        """Time has passed: idle, expiry, notices."""
        self._board.tick()
        if not self._local.can_record and self.recording(self._recorder.resumed):
            self._board.say(None)
        self.keypad.tick()
        if self.state.phase is session.Phase.LOCKED:
            self._grants.tick(self.now_ms)
        self.glass.tick()
        self._tick_saying()
        self._review()
        self._follow_grants()
        self._settle(waiting=False)  # something else may have been recorded since
        self.feed(session.Ticked())

    def hold(self, holding: Holding | None) -> None:
        """A new lease is in force; None: the hub took everything away."""
        self._holding = holding
        if holding is None:
            self.keypad.setter.forget()
            self._grants.forget()
            self.glass.drop()
            self._withdraw(telling.blocked_notice(self._local.status))
        else:
            lease = holding.lease
            self._recorder.hold(holding)
            self.calls.hold(holding)
            self._status = telling.at_station(self._status, lease)
            self.feed(session.IdleSet(lease.policy.idle_seconds * 1000))
            if self._opened is not None:
                self._follow(self._opened)
            self.glass.hold(holding, self._local)
        self._follow_grants()
        self._until = self._readable_until()
        self.publish()

    def local(self, **facts: Any) -> None:
        """New facts about this kiosk (fields of ``Local``)."""
        known, barred = self._local, telling.barred(self._local)
        self._local = replace(known, **facts)
        if self._local != known:  # it is told at every tick, and ``tick`` reviews as well
            self._review()
        if (bars := telling.barred(self._local)) != barred:
            self.keypad.setter.forget()
            self._grants.forget()
            self.glass.drop()
            self._board.say(bars)
        self.publish()

    def show_strip(self, width_px: int, height_px: int) -> None:
        """Thumbnails are wanted; showing them is a look of its own, recorded before the first is painted."""
        if self.state.phase is not session.Phase.STATION or self._table.reading is not None:
            return
        pages = self._table.pages
        recorded = self._easel.strip_shown or self.recording(lambda: self._recorder.sees_strip(pages))
        if recorded:
            self._easel.strip(width_px, height_px)

    def rendered(self, job: Job, result: Shared | Expected) -> None:
        """The folio's answer."""
        trouble = self._easel.rendered(job, result)
        if trouble is not None:
            self._cannot_paint(trouble, self._table.pages[job.index])
        elif self._came():
            self.publish()
        self._settle()
        self._was_seen()

    def _was_seen(self) -> None:
        """An agreement's page counts as read once it is on the screen."""
        if self.state.phase is session.Phase.AGREEMENT and self._easel.handed_on is not None:
            self.feed(session.Seen(self._easel.handed_on))

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
                case session.Remind():
                    self._board.say(NOT_READ)
                case session.Sign():
                    self.agreements.sign(self.tapped)
                case session.Open():
                    self._open()
                case session.Sit():
                    self.boards.sit()
                case session.Show(index):
                    self._show(index)
                case session.Close(why):
                    self._close(why)
        self._clear_hands(before)
        self.publish()

    def _open(self) -> None:
        opened = self._opened
        if self._holding is None or opened is None:
            return
        self._board.say(None)
        if self.attempt(lambda: self._easel.open(self._keys())):
            text = self.agreements.text
            self.recording(lambda: self._recorder.began(opened, len(self._table.pages), text))
            if text is None:
                self.bench.begin(opened)

    def _keys(self) -> tuple[KeyedLeaf, ...]:
        if self._holding is None or self._opened is None:
            return ()
        return access.keyed(self._holding, self._opened, self._table.pages, self._local.own_grants)

    def _show(self, index: int) -> None:
        table, kind = self._table, self.agreements.look
        if self._opened is None or index >= len(table.ids):
            return
        places, change = table.places(index), table.reading.key if table.reading is not None else ""
        pages = [table.pages[place] for place in places]
        self.clips.end()
        self._easel.prepare(places[0])  # drawn while the disk writes; handed on only after it
        foretold = self._easel.foretell(*places)
        look = partial(self._recorder.looks_at, *pages, kind=kind, change=change)
        if self.recording(lambda: written(foretold, look)):
            self._front = access.Front(pages[0].page, self._clock.now())
            table.looked_at(index)
            on = (table.following,) if kind is EventKind.VIEW_BEGIN else ()
            self._left = partial(self._recorder.settle, *on)
            self._easel.show(*places)
            self._settle()
            self._came()
            self._was_seen()

    def _close(self, why: session.Ended) -> None:
        self.remarks.send()
        self._drop()
        self.recording(lambda: self._recorder.ended(str(why)))
        self.agreements.closed()

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

    def _review(self, *, interrupt: bool = False) -> None:
        """Decide again on everything that is open; take away what is no longer granted.

        Nobody at work is interrupted by what changed, unless it was asked for or nothing else is left.
        """
        if self.state.phase is session.Phase.AGREEMENT and self.agreements.changed():
            self._withdraw(CHANGED)
        if self.state.phase is session.Phase.BOARD and (over := self.boards.over(self._local)) is not None:
            self._withdraw(over)
        if self.state.phase is not session.Phase.STATION or self._holding is None or self._opened is None:
            return
        table = self._table
        front = self._front if table.reading is None else None
        found = access.readable(self._holding, self._opened, self._local, self._clock.now(), front)
        over = telling.over(self._grant, found.grant)
        if not found.ids:
            code, says, do = access.why_nothing(self._holding, self._opened, found)
            self._withdraw(over or Notice(code, says, do, "warning", NOTICE_SECONDS * 2))
            return
        if over is not None:
            self._board.say(over)
        if found.grant is None:
            found = self._kept(found)
        self._grant, at_work, knew = found.grant, table.reading is None, table.readings
        if interrupt or at_work:
            table.postpone(until_asked=not interrupt)
        if self._lay(found) and self.attempt(lambda: self._easel.replace(self._keys())):
            self._replaced()
        if at_work and not interrupt and found.readings and not knew and table.reading is None:
            self._board.say(FINISH if found.finishing else REVISED)

    def _kept(self, found: Readable) -> Readable:
        """All of it, or where the assignment has ended, for the grace, the page in front."""
        now = self._clock.now()
        assert self._holding is not None
        assert self._opened is not None
        until = leaving.closes_at(self._holding.lease, self._opened, now)
        if until is None:
            if self._board.shows(leaving.CODE):
                self._board.say(None)
            return found
        view, notice = self._recorder.view, leaving.notice(until, now)
        if self._board.notice != notice:
            self._board.say(notice)
        pages = (page for page in found.pages if view is not None and page.page == view.page.page)
        return replace(found, pages=tuple(pages), readings=())

    def _replaced(self) -> None:
        kept, reading = self._recorder.view, self._table.reading is not None
        self.feed(session.Reviewed(self._table.ids, 0 if reading else None))
        if self._recorder.view is kept and self.state.phase is session.Phase.STATION:
            self._easel.show(*self._table.places(self.state.current))  # the same look goes on
        self._easel.again()

    def _follow_grants(self) -> None:
        """Put on record which of this kiosk's grants are over, and go by the others."""
        if self._grants.due(self._holding):
            self.recording(lambda: self._grants.follow(self._holding))
            self._local = replace(self._local, own_grants=self._grants.kept)

    def _withdraw(self, notice: Notice) -> None:
        self._board.say(notice)
        self.feed(session.Reviewed(()))

    # -- trouble ------------------------------------------------------------------------------------------

    def _came(self) -> bool:
        """Take the notice back that the page in front is not here, once it is."""
        over = self._board.shows(_COMING) and not self._easel.missing
        if over:
            self._board.say(None)
        return over

    def _cannot_paint(self, error: Expected, page: Sheet) -> None:
        tone: Tone = "info" if error.code == "page_absent" else "error"
        self._board.say(Notice(error.code, str(error), error.advice, tone))
        view = self._recorder.view
        if view is not None and error.code != "page_absent":
            self.recording(lambda: self._recorder.damaged(page, error.code))
        if view is not None and error.code in _COMING:
            self._around.fetch(page.blob if error.code == "page_damaged" else "")
        self.publish()
