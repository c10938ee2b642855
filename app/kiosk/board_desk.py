"""A supervisor at the board on this kiosk: who may come to it, the papers that the hub takes, and its end.

The conductor's part that has to do with it; runs on the engine's thread. The kiosk's own keys open nothing of
the board: the hub goes by a pass that is signed with the key in the supervisor's slot, as at a desk. That key
is forgotten as soon as the pass is signed, the pass when the board closes; neither is ever kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from app.kiosk import session, telling
from app.kiosk.view import BoardSeat, MarkText, Notice
from app.mark.keys import Place
from app.mark.tile import make_band
from app.model.errors import Bug, Refused, Unavailable
from app.model.terms import CredentialKind
from app.model.words import NEEDS_PIN
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.kiosk.access import Holding, Local, Opened
    from app.kiosk.recorder import Recorder
    from app.mark.keys import KioskKeys
    from app.model.errors import Expected
    from app.wire.client import HubClient
    from app.wire.clock import Clock
    from app.wire.lease import Lease

LIFE = timedelta(hours=1)
"""How long a pass made at a kiosk holds; the next tap makes another."""

EARLIER = timedelta(minutes=1)
"""So much sooner it begins: the hub judges it by its own clock, which is known here only nearly."""

SECONDS = 10.0
OVER = Notice(
    "board_over",
    "You may not open the board here any more.",
    "Ask another supervisor or an administrator.",
    "warning",
    SECONDS,
)


class Host(Protocol):
    """The conductor, as this desk sees it."""

    @property
    def holding(self) -> Holding | None:
        """The lease in force."""

    @property
    def online(self) -> bool:
        """Whether the hub answers."""

    @property
    def state(self) -> session.State:
        """Where the session stands."""

    @property
    def now_ms(self) -> int:
        """A clock that does not go back."""

    def feed(self, event: session.Event, pin: str = "") -> None:
        """Something happened in the session."""

    def recording(self, write: Callable[[], object]) -> bool:
        """Commit an event; False: it does not stand, and the session is over."""

    def tell(self, notice: Notice | None) -> None:
        """Show a message."""


@dataclass(frozen=True, repr=False)
class _Coming:
    """A supervisor whose badge was opened, and who is not at the board yet."""

    opened: Opened
    lease: Lease
    marks: KioskKeys
    connect: Callable[[], HubClient]


class BoardDesk:
    """See the module. ``connect`` makes a connection to the hub; None: there is no board here.

    Failure policy: without the hub there is no board, and that is said; one whose opening cannot be committed
    is not shown. It closes when the lease does not know the person as a supervisor with this badge any more,
    or this kiosk may show nothing; what the hub says later is the screen's to tell.
    """

    def __init__(
        self, host: Host, recorder: Recorder, clock: Clock, connect: Callable[[], HubClient] | None
    ) -> None:
        self._host, self._recorder, self._clock, self._connect = host, recorder, clock, connect
        self._coming: _Coming | None = None
        self._seat: BoardSeat | None = None
        self._tag = b""

    def serves(self, opened: Opened) -> bool:
        """Whether the board is there for this person: a supervisor of this kiosk's line."""
        return self._connect is not None and opened.operator.supervises

    def takes(self, name: str, opened: Opened) -> Expected | None:
        """Somebody for whom it is there comes to the board; or why not."""
        holding, connect = self._host.holding, self._connect
        if holding is None or holding.mark is None or connect is None:
            raise Bug("somebody was to come to a board that cannot be shown")
        if not self._host.online:
            return Unavailable(
                "The board needs the hub, which is not reachable now.",
                advice="Wait until this kiosk is online again, then tap your badge.",
                code="board_offline",
            )
        if holding.lease.policy.pin.used and opened.slot.kind is CredentialKind.UID:
            return Refused(
                "The board opens with badge and PIN only.", advice=NEEDS_PIN.do, code="board_needs_pin"
            )
        self._coming = _Coming(opened, holding.lease, holding.mark, connect)
        self._host.feed(session.Leads(name))
        self._coming = None  # where somebody else tapped meanwhile, they come instead
        return None

    def open(self, opened: Opened) -> None:
        """Somebody who reads here goes to the board."""
        why = self.takes(self._host.state.badge, opened) if self.serves(opened) else None
        if why is not None:
            self._host.tell(Notice(why.code, str(why), why.advice, "warning", SECONDS))

    def sit(self) -> None:
        """Put on record that the board is opened, then have it shown."""
        coming, self._coming = self._coming, None
        if coming is not None:
            self._host.recording(lambda: self._record(coming))

    def _record(self, coming: _Coming) -> None:
        from app.wire.desk import DeskPass  # late: a kiosk starts without the desk's messages

        opened, lease, now = coming.opened, coming.lease, self._clock.now()
        self._recorder.began(opened, 0)
        shown = self._recorder.called(EventKind.BOARD_SHOWN, {"badge": opened.slot.badge_tail})
        token = Place(coming.marks.tag, shown.epoch, shown.seq).token
        blank = DeskPass(
            person=opened.operator.person, kiosk=lease.kiosk, begins=now - EARLIER, ends=now + LIFE
        )
        self._tag = opened.slot.tag
        self._seat = BoardSeat(
            person=opened.operator.person,
            name=opened.operator.name,
            language=opened.operator.language,
            mark=MarkText(
                opened.operator.name, opened.slot.badge_tail, lease.station.code, "", now, f"{token:016x}",
                make_band(token, coming.marks),
            ),
            papers=blank.model_copy(update={"signature": opened.keys.sign.sign(blank.signed())}),
            connect=coming.connect,
            text_size=opened.operator.text_size,
        )  # fmt: skip

    def seen(self) -> BoardSeat | None:
        """Who is at the board, for the screen."""
        if self._seat is None or self._host.state.phase is not session.Phase.BOARD:
            return None
        return replace(self._seat, lock_in=self._host.state.lock_in(self._host.now_ms))

    def over(self, local: Local) -> Notice | None:
        """Why the board closes now, if it does."""
        holding, seat = self._host.holding, self._seat
        if (bars := telling.barred(local)) is not None:
            return bars
        if holding is None or seat is None:
            return OVER
        people = (one for one in holding.lease.operators if one.person == seat.person)
        still = any(one.supervises and any(slot.tag == self._tag for slot in one.slots) for one in people)
        return None if still else OVER

    def leave(self) -> None:
        """Nobody is at the board."""
        self._seat, self._tag = None, b""
