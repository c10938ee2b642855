"""The work in front: the steps of the open pages, which of them are confirmed, and confirming them.

A confirmation is an event, committed before the screen says so; taking it back is another one, and nothing is
ever deleted from the record.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.kiosk.signer import Request, Signer
from app.kiosk.view import Notice, StepSeen, Work
from app.model.errors import Expected
from app.model.steps import PERFORMED, REASONS, TAKEN_BACK, Step, following, last_done, offered
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.kiosk.access import Holding, Opened
    from app.kiosk.done_steps import Shelf
    from app.kiosk.recorder import Recorder
    from app.kiosk.session import State
    from app.kiosk.sheet import Sheet
    from app.seal.keys import SigningKey
    from app.wire.scans import Kind

PAUSE_MS = 1000
"""Two confirmations within this time are one: gloves bounce."""

SECONDS = 6.0


class Host(Protocol):
    """The conductor, as the bench sees it."""

    @property
    def holding(self) -> Holding | None:
        """The lease in force."""

    @property
    def opened(self) -> Opened | None:
        """Who is signed in."""

    @property
    def state(self) -> State:
        """Where the session stands."""

    @property
    def now_ms(self) -> int:
        """A clock that does not go back."""

    def recording(self, write: Callable[[], object]) -> bool:
        """Commit an event; False: it does not stand, and the session is over."""

    def attempt(self, act: Callable[[], object]) -> bool:
        """Do something that may fail in a plant; False: it did, and the session is over."""

    def tell(self, notice: Notice | None) -> None:
        """Show a message."""

    def turn_to(self, index: int) -> None:
        """Show this page."""

    def resume(self) -> None:
        """The page comes back to the screen."""


@dataclass(frozen=True)
class _Told:
    """What a screen is told of ``steps`` and ``done``: often in a page turn, which changes neither."""

    steps: tuple[Step, ...]
    done: tuple[str, ...]
    seen: tuple[StepSeen, ...]
    last: str

    @classmethod
    def of(cls, steps: tuple[Step, ...], done: tuple[str, ...]) -> _Told:
        among, last = frozenset(done), last_done(steps, done)
        seen = tuple(StepSeen(s.key, s.code, s.leaf, s.key in among, s.sign) for s in steps)
        return cls(steps, done, seen, last.key if last is not None else "")


class Bench:
    """See the module. Every method runs on the engine's thread.

    Failure policy: a confirmation that cannot be committed ends the session, as a look does. What the shelf
    cannot keep or give back is shown as open, though it is on record: it may be confirmed once more.
    """

    def __init__(self, host: Host, recorder: Recorder, shelf: Shelf, signer: Signer) -> None:
        self._host, self._recorder, self._shelf, self.signer = host, recorder, shelf, signer
        self._pages: tuple[Sheet, ...] = ()
        self._steps: tuple[Step, ...] = ()
        self._done: tuple[str, ...] = ()
        self._told: _Told | None = None
        self._work = ""
        self._last = "", "", ""  # who was here last, with which unit and order
        self._acted_ms = -PAUSE_MS
        self._begun_ms = 0
        self._spent_ms: int | None = None  # once all steps are done

    # -- the session --------------------------------------------------------------------------------------

    def set_pages(self, pages: Sequence[Sheet]) -> None:
        """These pages are open."""
        self._pages = tuple(pages)
        self._steps = tuple(
            Step(page.work_key, step.step, leaf, step.sign)
            for leaf, page in enumerate(pages)
            for step in page.steps
        )

    def begin(self, opened: Opened) -> None:
        """A session begins: whoever was here last goes on with their unit; for others one is scanned."""
        person, unit, order = self._last
        if person == opened.operator.person:
            self._recorder.unit, self._recorder.order = unit, order
        else:
            self._begun_ms = self._host.now_ms
        self._take_up(opened.operator.person)

    def _take_up(self, person: str) -> None:
        unit, order = self._recorder.unit, self._recorder.order
        self._last = person, unit, order
        self._work = f"unit {unit}\n{order}" if unit else f"person {person}\n{order}"
        self._done, self._spent_ms = (), None
        with suppress(Expected):
            self._done = tuple(self._shelf.done(self._work))

    def scanned(self, kind: Kind, number: str) -> None:
        """The serial number of a unit, or a work order, was scanned. Another order has other units."""
        opened = self._host.opened
        if opened is None:
            self._host.tell(SCANNED_FIRST)
            return
        if self.signer.going_on or number == getattr(self._recorder, kind):
            return
        unit, order = (number, self._recorder.order) if kind == "unit" else ("", number)
        if self._host.recording(lambda: self._recorder.takes_up(unit, order)):
            self._begun_ms = self._host.now_ms
            self._take_up(opened.operator.person)
            self._host.tell(None)
            self._host.resume()

    def end(self) -> None:
        """The session is over."""
        self.signer.forget()
        self._work, self._done = "", ()

    # -- what is asked ------------------------------------------------------------------------------------

    def confirm(self, key: str) -> None:
        """The step of this name is done: the one that was offered on the page in front, or nothing."""
        step = self._offered()
        if step is None or step.key != key or self._again():
            return
        holding = self._host.holding
        if holding is not None and holding.lease.policy.scans.unit_required and not self._recorder.unit:
            self._host.tell(UNIT_FIRST)
        else:
            self._act(EventKind.STEP_CONFIRMED, step, "")

    def withdraw(self, key: str, reason: str) -> None:
        """The last confirmation does not hold, for one of ``REASONS``."""
        step = last_done(self._steps, self._done)
        if step is not None and step.key == key and reason in REASONS and not self._again():
            self._act(EventKind.STEP_WITHDRAWN, step, reason)

    def _again(self) -> bool:
        if self.signer.going_on or self._host.now_ms - self._acted_ms < PAUSE_MS:
            return True
        self._acted_ms = self._host.now_ms
        return False

    def _act(self, kind: EventKind, step: Step, reason: str) -> None:
        holding, opened = self._host.holding, self._host.opened
        if not step.sign:
            self._write(kind, step, reason)
        elif holding is not None and opened is not None:
            confirms = kind is EventKind.STEP_CONFIRMED
            document, _, label = step.revision.partition("/")
            what = f"step {step.code} of {document}, revision {label}"
            request = Request(
                f"Sign: {what}" if confirms else f"Sign that this does not hold: {what}",
                PERFORMED if confirms else TAKEN_BACK,
                lambda key: self._write(kind, step, reason, key),
            )
            self._host.attempt(lambda: self.signer.begin(holding, opened, request))

    def _write(self, kind: EventKind, step: Step, reason: str, key: SigningKey | None = None) -> None:
        page = next((self._pages[s.leaf] for s in self._steps if s.key == step.key), None)
        if page is None:  # it was taken away while its signature was being given
            self._host.tell(GONE)
            return
        meaning = PERFORMED if kind is EventKind.STEP_CONFIRMED else TAKEN_BACK
        body = {"step": step.code, **({"reason": reason} if reason else {})}
        signed = None if key is None else (meaning, key)
        if not self._host.recording(lambda: self._recorder.acts_on(kind, page, body, signed)):
            return
        if kind is EventKind.STEP_CONFIRMED:
            self._confirmed(step)
        else:
            self._taken_back(step)
        if key is not None:
            self._host.resume()
            self._host.tell(Notice("signed", f"Signed: step {step.code}.", meaning, "info", SECONDS))

    def _confirmed(self, step: Step) -> None:
        anew = step.key in self._done
        self._done = (step.key,) if anew else (*self._done, step.key)
        with suppress(Expected):
            if anew:
                self._shelf.begin(self._work)
            self._shelf.put(self._work, step.key)
        if anew:
            self._begun_ms, self._spent_ms = self._host.now_ms, None
        if all(each.key in self._done for each in self._steps):
            self._spent_ms = self._host.now_ms - self._begun_ms
        leaf = following(self._steps, self._done, step.leaf)
        self._host.turn_to(self._host.state.current if leaf is None else leaf)

    def _taken_back(self, step: Step) -> None:
        self._done = tuple(key for key in self._done if key != step.key)
        self._spent_ms = None
        with suppress(Expected):
            self._shelf.take_back(self._work, step.key)
        self._host.turn_to(step.leaf)

    # -- what is seen -------------------------------------------------------------------------------------

    def _offered(self) -> Step | None:
        return offered(self._steps, self._done, self._host.state.current, rounds=not self._recorder.unit)

    def seen(self) -> Work:
        """The work as the screen shows it."""
        told = self._told
        if told is None or told.steps is not self._steps or told.done is not self._done:
            told = self._told = _Told.of(self._steps, self._done)
        now, holding = self._offered(), self._host.holding
        takt = (holding.lease.station.takt_seconds or 0) if holding is not None else 0
        running_ms = self._host.now_ms - self._begun_ms
        spent_ms = running_ms if self._spent_ms is None else self._spent_ms
        return Work(
            steps=told.seen,
            now=now.key if now is not None else "",
            last=told.last,
            unit=self._recorder.unit,
            order=self._recorder.order,
            takt=takt,
            spent=max(0, spent_ms // 1000) if takt else 0,
        )


SCANNED_FIRST = Notice(
    "scanned_first",
    "This is a serial number or a work order, not a badge.",
    "Tap your badge first, then scan it again.",
    "info",
    SECONDS,
)
UNIT_FIRST = Notice(
    "unit_first",
    "Scan the unit's serial number first.",
    "Then confirm the step: it is recorded for that unit.",
    "warning",
    SECONDS,
)
GONE = Notice(
    "step_gone",
    "This step is not on an open page any more, so nothing was signed.",
    "See what changed on the page, and confirm the step there.",
    "warning",
    SECONDS,
)
