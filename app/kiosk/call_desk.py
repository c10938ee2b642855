"""Calling for help from the kiosk: an event that goes at once, what became of it, and taking it back.

The conductor's part that has to do with it; runs on the engine's thread. The hub's word comes with its
receipt for the event, then with the leases that list the call: without it nobody has seen the call, and the
screen says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from app.kiosk.view import CallSeen, Notice
from app.wire.calls import STANDS, TakenBack
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.kiosk.access import Holding
    from app.kiosk.outbox import Recorded
    from app.kiosk.recorder import Recorder
    from app.wire.clock import Clock

SECONDS = 8.0
SLIP_MS = 10_000
"""For how long a call is offered to be taken back with one touch."""
PATIENCE_MS = 8_000
"""A call that the hub has not confirmed after this time is told as one that has not gone."""


class Host(Protocol):
    """The conductor, as this desk sees it."""

    @property
    def online(self) -> bool:
        """Whether the hub answers."""

    @property
    def now_ms(self) -> int:
        """A clock that does not go back."""

    def recording(self, write: Callable[[], object]) -> bool:
        """Commit an event; False: it does not stand."""

    def tell(self, notice: Notice | None) -> None:
        """Show a message."""

    def publish(self) -> None:
        """Tell the screen."""

    def hurry(self) -> None:
        """What was just written is waited for at the hub."""


@dataclass(frozen=True)
class _Call:
    """A call: its event's place, when it was made; ``by``: who is coming.

    ``delivered``: since when the hub is known to have it; ``known``: a lease has listed it.
    """

    code: str
    at: datetime
    made_ms: int
    recorded: Recorded | None = None
    delivered: datetime | None = None
    known: bool = False
    by: str = ""

    @property
    def gone(self) -> bool:
        """Whether the hub has it."""
        return self.known or self.delivered is not None


class CallDesk:
    """See the module. One call at a time; it stands for the kiosk, whoever is signed in.

    Failure policy: a call that cannot be committed is not made, and the screen says why. One that does not
    reach the hub stays on record and goes when the hub is back; meanwhile the screen says to call out. One
    that the hub has is over once a lease from after that does not list it, and any is with the shift: it
    never stands in the way of the next. After a restart it is known again from the lease, once the hub has
    it.
    """

    def __init__(self, host: Host, recorder: Recorder, kiosk: str, clock: Clock) -> None:
        self._host, self._recorder, self._kiosk, self._clock = host, recorder, kiosk, clock
        self._call: _Call | None = None
        self._over: set[str] = set()
        self._warned = False

    def call(self) -> None:
        """Somebody needs help: on record, and on its way."""
        if self._call is not None:
            self._host.tell(CALLED_ALREADY)
            return
        made: list[Recorded] = []

        def write() -> None:
            made.append(self._recorder.called(EventKind.CALL_MADE, {}))

        if self._host.recording(write):
            code = f"{self._kiosk}/{made[0].epoch}/{made[0].seq}"
            self._call = _Call(code, self._clock.now(), self._host.now_ms, made[0])
            self._warned = False
            self._host.hurry()
            if not self._host.online:
                self._warn()
            self._host.publish()

    def take_back(self) -> None:
        """It was a slip, or help is not needed any more."""
        call = self._call
        if call is None:
            return
        body = TakenBack(code=call.code).model_dump()
        if self._host.recording(lambda: self._recorder.called(EventKind.CALL_WITHDRAWN, body)):
            self._over.add(call.code)
            self._call = None
            self._host.hurry()
            self._host.tell(TAKEN_BACK)

    def hold(self, holding: Holding) -> None:
        """What the hub knows of this kiosk's calls."""
        listed = [call for call in holding.lease.calls if call.code not in self._over]
        mine = next((call for call in listed if self._call is None or call.code == self._call.code), None)
        if mine is not None:
            made = self._call.made_ms if self._call is not None else self._host.now_ms - SLIP_MS
            was = self._call
            self._call = _Call(mine.code, mine.at, made, known=True, by=mine.by)
            if mine.by and (was is None or was.by != mine.by):
                self._host.tell(Notice("call_coming", f"{mine.by} is coming.", "", "info", SECONDS))
        elif (call := self._look()) is not None and (
            call.known or (call.delivered is not None and holding.lease.issued > call.delivered)
        ):
            self._call = None
            self._host.tell(ENDED)

    def tick(self) -> None:
        """Time has passed."""
        call = self._look()
        if call is None:
            return
        if self._clock.now() - call.at >= STANDS:
            self._call = None
        elif not self._warned and not call.gone and (not self._host.online or self._waited(call)):
            self._warn()

    def _look(self) -> _Call | None:
        """The call, with whether the hub has it by now."""
        call = self._call
        if call is not None and not call.gone and call.recorded and self._recorder.delivered(call.recorded):
            self._call = replace(call, delivered=self._clock.now())
        return self._call

    def _waited(self, call: _Call) -> bool:
        return self._host.now_ms - call.made_ms >= PATIENCE_MS

    def _warn(self) -> None:
        self._warned = True
        self._host.tell(NOT_GONE)

    def seen(self) -> CallSeen | None:
        """The call as the screen shows it."""
        call = self._look()
        if call is None:
            return None
        fresh = self._host.now_ms - call.made_ms < SLIP_MS
        if call.gone:
            return CallSeen("coming" if call.by else "called", call.at, call.by, fresh)
        lost = not self._host.online or self._waited(call)
        return CallSeen("not_gone" if lost else "calling", call.at, "", fresh)


CALLED_ALREADY = Notice(
    "call_stands", "Help is called already.", "The line at the top says how it stands.", "info", SECONDS
)
TAKEN_BACK = Notice("call_taken_back", "The call is taken back.", "", "info", SECONDS)
ENDED = Notice("call_ended", "The call for help has ended.", "", "info", SECONDS)
NOT_GONE = Notice(
    "call_not_gone",
    "The call could not be sent: there is no connection.",
    "Call out, or send somebody. It goes by itself when the hub is back.",
    "error",
    30.0,
)
