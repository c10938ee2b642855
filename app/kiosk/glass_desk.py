"""Break-glass under way: two people have signed, the hub is asked, the lease that opens the pages awaited.

The supervisor's keys are gone by then; the worker's stay in hand until the hub has answered. Runs on the
engine's thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.kiosk import access, session
from app.kiosk.own_grants import OwnGrant
from app.kiosk.view import Notice
from app.model.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.kiosk.access import Holding, Local, Opened
    from app.kiosk.own_grants import GrantStore
    from app.kiosk.recorder import Recorder
    from app.model.errors import Expected
    from app.wire.grants import GrantInfo, SignedGrant

PATIENCE_MS = 30_000
"""How long the hub's answer and its lease are waited for."""

ASKING = Notice("glass_asking", "Asking the hub", "One moment.")


class Host(Protocol):
    """The conductor, as break-glass sees it."""

    @property
    def state(self) -> session.State:
        """Where the session stands."""

    @property
    def online(self) -> bool:
        """Whether the hub answers."""

    @property
    def now_ms(self) -> int:
        """A clock that does not go back."""

    def decide(self, name: str, opened: Opened | None, tag: bytes, trouble: Expected | None) -> None:
        """Admit whoever a badge is, or say why not."""

    def feed(self, event: session.Event, pin: str = "") -> None:
        """Something happened in the session."""

    def recording(self, write: Callable[[], object]) -> bool:
        """Commit an event; False: it does not stand, and the session is over."""

    def tell(self, notice: Notice | None) -> None:
        """Show a message."""


@dataclass(frozen=True, repr=False)
class Asked:
    """Who is identified (the badge's opaque name in the session, its tag) and what the hub is asked with."""

    name: str
    tag: bytes
    worker: Opened
    signed: SignedGrant


class GlassDesk:
    """``ask_hub`` asks beside this thread; the answer comes as ``answered``, the lease as ``hold``.

    Failure policy: whatever keeps the hub from answering, or its lease from coming, is said, is on record
    with the worker's name, and opens nothing. What the hub grants is in force at this kiosk once its
    beginning is committed; its end is recorded as that of an admission is (``grant_desk``).
    """

    def __init__(
        self, host: Host, recorder: Recorder, store: GrantStore, ask_hub: Callable[[SignedGrant], None]
    ) -> None:
        self._host, self._recorder, self._store, self._ask_hub = host, recorder, store, ask_hub
        self._asked: Asked | None = None
        self._since_ms = 0

    def ask(self, asked: Asked) -> None:
        """Ask the hub; the worker is being identified until it has answered."""
        self._asked, self._since_ms = asked, self._host.now_ms
        if self._host.online:
            self._ask_hub(asked.signed)
            self._host.tell(ASKING)
        else:
            self._refuse(offline())

    def answered(self, grant: str, trouble: Expected | None) -> None:
        """What the hub said; None: it made the grant."""
        if self._asked is not None and self._asked.signed.statement.grant == grant and trouble is not None:
            self._refuse(trouble)

    def hold(self, holding: Holding, local: Local) -> None:
        """A new lease is in force: if it carries the grant, the worker reads by it."""
        asked = self._current()
        if asked is None:
            return
        name = asked.signed.statement.grant
        info = next((grant for grant in holding.lease.grants if grant.grant == name), None)
        worker = access.still_there(holding.lease, asked.worker)
        if info is None or worker is None:
            return
        self._asked = None
        if self._host.recording(lambda: self._begin(holding, local, worker, asked.signed, info)):
            self._host.decide(asked.name, worker, asked.tag, None)

    def _begin(
        self, holding: Holding, local: Local, worker: Opened, signed: SignedGrant, info: GrantInfo
    ) -> None:
        found = access.readable(holding, worker, local, info.start)
        there = (page for page in found.pages if page.record().needed_at(info.station))
        self._recorder.granted(signed, sorted({page.revision_key for page in there}))
        self._store.keep_grant(
            OwnGrant(
                name=info.grant,
                person=info.person,
                station=info.station,
                lease=holding.lease.number,
                start=info.start,
                end=info.end,
                by=info.by,
                reason=info.reason,
                ceiling=info.ceiling,
                by_hub=True,
            )
        )

    def tick(self) -> None:
        """Time has passed."""
        if self._asked is not None and self._host.now_ms - self._since_ms >= PATIENCE_MS:
            self._refuse(
                Unavailable(
                    "The hub did not answer in time.",
                    advice="Begin again; nothing was opened.",
                    code="glass_no_answer",
                )
            )

    def drop(self) -> None:
        """It is over; somebody else says why."""
        asked, self._asked = self._asked, None
        if asked is not None:
            self._host.feed(session.Rejected(asked.name))

    def forget(self) -> None:
        """It is over, and so is the session's part of it."""
        self._asked = None

    def _current(self) -> Asked | None:
        """What is asked for, while whoever it is for is still being identified."""
        asked, state = self._asked, self._host.state
        if asked is not None and (state.phase, state.badge) != (session.Phase.IDENTIFYING, asked.name):
            self._asked = asked = None
        return asked

    def _refuse(self, trouble: Expected) -> None:
        asked = self._current()
        self._asked = None
        if asked is not None:
            self._host.tell(None)
            self._host.decide(asked.name, asked.worker, asked.tag, trouble)


def offline() -> Unavailable:
    """Why it is not possible without the hub."""
    return Unavailable(
        "Glass can be broken only while the hub is reachable.",
        advice="Wait for the hub.",
        code="glass_offline",
    )
