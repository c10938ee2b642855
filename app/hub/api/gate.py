"""The gate: bounded bodies, request signatures, and counters that are used once.

A request's counter must not have been accepted before. Requests may overtake each other by up to ``WINDOW``
(as in RFC 4303, section 3.4.3), because a kiosk fetches pages while it sends events; mark and window are in
the database, so neither a restart nor a second hub forgets them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, cast

import anyio
from sqlalchemy import bindparam, select, update
from starlette.concurrency import run_in_threadpool

from app.hub.admissions import Docket
from app.hub.bundle_jobs import BundleJobs
from app.hub.ingest import JOURNAL_OF, Stands
from app.hub.kiosk_witness import Heads
from app.hub.log_round import Round
from app.hub.schema import AlarmRow, KioskRow
from app.model.errors import Refused, Unavailable, Untrusted
from app.model.terms import KioskStatus
from app.wire.signatures import MAX_COUNTER, ClockOff, SignedRequest, verify_request

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from fastapi import Request
    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from app.hub.home import Home
    from app.hub.push import Push
    from app.hub.store import Store
    from app.wire.clock import Clock
    from app.wire.signatures import Signer

WINDOW = 63
"""How far a counter may be behind the highest accepted one."""

BODY_SECONDS = 30

DRAIN = 4
"""How many times its limit a body may be long and still be read to the end."""


PATIENCE = 8.0
"""Seconds that a request may wait for its turn. A kiosk gives up after ten."""

FIRST_PATIENCE = 1.0
"""The same for the question with which a kiosk begins a contact. When too many come at once (the plant's
power is back) some are let in, and the rest of their contact is answered; the others are told to come back.
If all were let in, all would wait for each of their answers until they give up, and begin anew.
"""


# Built once: building them costs more than what they do, and every request needs them.
_KIOSKS = cast("Table", KioskRow.__table__)
_AT = _KIOSKS.c.code == bindparam("at")
_KEY = select(_KIOSKS.c.sign_key).where(_AT)
_COUNTERS = select(*JOURNAL_OF, _KIOSKS.c.counter, _KIOSKS.c.counters_seen)
_COUNTER = _COUNTERS.where(_AT)
_COUNTERS_OF = _COUNTERS.where(_KIOSKS.c.code.in_(bindparam("kiosks", expanding=True)))
_USE_COUNTER = (
    update(_KIOSKS)
    .where(_AT)
    .values(counter=bindparam("mark"), counters_seen=bindparam("window"), seen=bindparam("now"))
)


@dataclass(frozen=True, repr=False)
class Hub:
    """What every route works with.

    ``keys`` remembers devices' public keys; that each is still the kiosk's is seen where its counter is used.
    """

    home: Home
    store: Store
    clock: Clock
    push: Push
    docket: Docket = field(default_factory=Docket)
    keys: dict[str, bytes] = field(default_factory=dict)
    heads: Heads = field(default_factory=Heads)
    jobs: BundleJobs = field(default_factory=BundleJobs)
    round: Round = field(default_factory=Round)


@dataclass(frozen=True, repr=False)
class Caller:
    """The kiosk that signed a request, when it was received, the body that was signed, and how the kiosk and
    its journal stood when the request's counter was used.
    """

    hub: Hub
    kiosk: str
    now: datetime
    body: bytes
    stood: Stands | None = None


class Busy(Unavailable):
    """More asks than the hub can answer. Saying so costs little, and who hears it comes back later, each at
    another time; an answer for somebody who has given up would cost as much as one that is heard.
    """

    code = "busy"
    retry_after = 5

    def __init__(self) -> None:
        super().__init__("The hub has too much to do just now.", advice="It is tried again by itself.")


class CounterBehind(Refused):
    """The counter was used or is too old; ``number`` is the next to use."""

    code = "counter_behind"

    def __init__(self, number: int) -> None:
        super().__init__(
            "The hub has seen this request, or a much later one, before.",
            advice="The kiosk corrects this by itself.",
        )
        self.number = number


class HubTime(ClockOff):
    """A clock that is off, with the hub's time in seconds since 1970 as ``number``."""

    def __init__(self, error: ClockOff, now: datetime) -> None:
        super().__init__(str(error), advice=error.advice)
        self.number = int(now.timestamp())


async def read_body(request: Request, limit: int) -> bytes:
    """Read a body of at most ``limit`` bytes.

    What is longer is read to its end where that is near, and thrown away: whoever is cut off while sending
    sees a broken connection and not the answer.

    Raises:
        Refused: it is longer (``too_large``), or does not arrive (``too_slow``).
    """
    body, length = bytearray(), 0
    try:
        with anyio.fail_after(BODY_SECONDS):
            async for chunk in request.stream():
                length += len(chunk)
                if length <= limit:
                    body += chunk
                elif length > DRAIN * limit:
                    break
    except TimeoutError:
        raise Refused("The request did not arrive in time.", code="too_slow") from None
    if length > limit:
        raise _too_large(limit)
    return bytes(body)


def _too_large(limit: int) -> Refused:
    return Refused(f"The request is longer than {limit} bytes.", code="too_large")


@dataclass(frozen=True, repr=False)
class Asked:
    """A request whose body was read; calling it, on a thread that may wait, says which kiosk sent it.

    So that is done where the request is worked on: who has waited for a thread once need not queue again
    behind everybody who came since.
    """

    hub: Hub
    signed: SignedRequest
    since: float
    patience: float

    def __call__(self) -> Caller:
        """Verify.

        Raises:
            Busy: nothing was done for it for so long that who asked is about to give up.
            Refused: ``counter_behind``.
            Untrusted: ``signature``, ``clock_off``.
        """
        now = self.hub.clock.now()
        signer, key = self.who(now)
        return check(self.hub, self.signed, signer, key, now)

    def who(self, now: datetime) -> tuple[Signer, bytes]:
        """Say who signed it, and with which key; its counter is for the caller to use up.

        Raises:
            Busy, Untrusted: as above.
        """
        if time.monotonic() - self.since > self.patience:
            raise Busy
        return _signer(self.hub, self.signed, now)


async def ask(request: Request, limit: int, *, first: bool = False) -> Asked:
    """Read a request; ``first``: one with which a kiosk begins a contact.

    Raises:
        Refused: ``too_large``, ``too_slow``.
    """
    body = await read_body(request, limit)
    signed = SignedRequest(request.method, _url(request), _lines(request), body)
    patience = FIRST_PATIENCE if first else PATIENCE
    asked = Asked(request.app.state.hub, signed, time.monotonic(), patience)
    request.state.asked = asked
    return asked


async def require_signed(request: Request) -> None:
    """Verify a request that goes no further: whoever did not sign it learns nothing about its parameters.

    Raises:
        Expected: what calling an ``Asked`` raises.
    """
    asked: Asked | None = getattr(request.state, "asked", None)
    if asked is not None:
        await run_in_threadpool(asked)


async def admit(request: Request, limit: int) -> Caller:
    """Say which kiosk sent a request.

    Raises:
        Refused: ``too_large``, ``too_slow``, ``counter_behind``.
        Untrusted: ``signature``, ``clock_off``.
        Busy: see there.
    """
    asked = await ask(request, limit)
    request.state.asked = None  # what follows is signed
    return await run_in_threadpool(asked)


def check(hub: Hub, signed: SignedRequest, signer: Signer, key: bytes, now: datetime) -> Caller:
    """Use up the counter of a request whose signature was verified with this key."""
    try:
        stood = use_counter(hub.store, signer, key, now)
    except CounterBehind:
        note_counter(hub.store, signer, now)
        raise
    except Untrusted:
        hub.keys.pop(signer.kiosk, None)
        raise
    return Caller(hub, signer.kiosk, now, signed.body, stood)


def _signer(hub: Hub, signed: SignedRequest, now: datetime) -> tuple[Signer, bytes]:
    """Who signed a request, and the key that says so; a key that was replaced is looked up once more."""
    asked: dict[str, bytes] = {}

    def remembered(kiosk: str) -> bytes | None:
        key = hub.keys.get(kiosk)
        return looked_up(kiosk) if key is None else asked.setdefault(kiosk, key)

    def looked_up(kiosk: str) -> bytes | None:
        with hub.store.read() as session:
            key: bytes | None = session.connection().scalar(_KEY, {"at": kiosk})
        if key is not None:
            asked[kiosk] = hub.keys[kiosk] = key
        return key

    try:
        try:
            signer = verify_request(signed, remembered, now)
        except Untrusted:
            before = dict(asked)
            if not any(looked_up(kiosk) != key for kiosk, key in before.items()):
                raise
            signer = verify_request(signed, looked_up, now)
    except ClockOff as error:
        raise HubTime(error, now) from None
    return signer, asked[signer.kiosk]


def use_counter(store: Store, signer: Signer, key: bytes, now: datetime) -> Stands:
    """Use up a request's counter; returns how the kiosk stands.

    Raises:
        CounterBehind: it was used, or is behind the window.
        Untrusted: the kiosk was given another key meanwhile.
    """

    def use(session: Session) -> Stands:
        connection = session.connection()
        row = connection.execute(_COUNTER, {"at": signer.kiosk}).one_or_none()
        if row is None or row.sign_key != key:
            raise Untrusted("The request's signature is refused: the key was replaced.", code="signature")
        moved = slide(row.counter, row.counters_seen, signer.counter)
        if moved is None:
            raise CounterBehind(min(row.counter + 1, MAX_COUNTER))
        told = {"at": signer.kiosk, "mark": moved[0], "window": moved[1], "now": now}
        connection.execute(_USE_COUNTER, told)
        return cast("Stands", row)

    return store.together(use, looks_first=True)


class Counted(Stands, Protocol):
    """How a kiosk stands, with its mark and window."""

    counter: int
    counters_seen: int


def counted(session: Session, kiosks: Collection[str]) -> dict[str, Counted]:
    """How these kiosks stand."""
    rows = session.connection().execute(_COUNTERS_OF, {"kiosks": list(kiosks)})
    return {row.code: cast("Counted", row) for row in rows}


def moved(row: Counted, signer: Signer, key: bytes) -> tuple[int, int] | None:
    """Mark and window after this request; None where ``use_counter`` would refuse it, and says why."""
    return slide(row.counter, row.counters_seen, signer.counter) if row.sign_key == key else None


def use_counters(session: Session, marks: Mapping[str, tuple[int, int]], now: datetime) -> None:
    """Keep what ``moved`` gave, by kiosk."""
    told = [{"at": kiosk, "mark": at[0], "window": at[1], "now": now} for kiosk, at in marks.items()]
    if told:
        session.connection().execute(_USE_COUNTER, told)


def note_counter(store: Store, signer: Signer, now: datetime) -> None:
    """Tell quality, once for each enrolment: a request with a good signature and a counter that was used.

    A kiosk that lost its lease store does this once, by itself. A second device with the same keys does, too.
    """
    with store.write() as session:
        epoch = session.get_one(KioskRow, signer.kiosk).epoch
        same = select(AlarmRow.detail).where(
            AlarmRow.kiosk == signer.kiosk, AlarmRow.kind == CounterBehind.code
        )
        if all(told["epoch"] != epoch for told in session.scalars(same)):
            says = (
                "A request counter was used twice: an older copy of this kiosk's files, or a second device."
            )
            detail = {"epoch": epoch, "number": signer.counter, "says": says}
            session.add(AlarmRow(at=now, kiosk=signer.kiosk, kind=CounterBehind.code, detail=detail))


def slide(mark: int, seen: int, counter: int) -> tuple[int, int] | None:
    """Return mark and window after ``counter`` is used, or None if it may not be. Bit *i* is mark - *i*."""
    if counter > mark:
        ahead = counter - mark
        kept = (seen << ahead) & _MASK if ahead < WINDOW else 0
        return counter, kept | 1
    bit = 1 << (mark - counter) if mark - counter < WINDOW else 0
    return None if bit == 0 or seen & bit else (mark, seen | bit)


_MASK = (1 << WINDOW) - 1


def require_not_pending(row: KioskRow | Stands) -> None:
    """Raise where a device that nobody has approved would write into the record.

    Raises:
        Refused: ``kiosk_pending``.
    """
    if row.status == KioskStatus.PENDING.value:
        require_active(row)


def require_active(row: KioskRow | Stands) -> None:
    """Raise unless a kiosk may have leases and pages.

    Raises:
        Refused: ``kiosk_pending`` or ``kiosk_blocked``.
    """
    status = KioskStatus(row.status)
    if status is KioskStatus.PENDING:
        raise Refused(
            "This kiosk has not been approved yet.",
            advice="A second administrator must compare the number on its screen and approve it.",
            code="kiosk_pending",
        )
    if status is not KioskStatus.ACTIVE:
        raise Refused(
            f"This kiosk is blocked: {_BLOCKED[status]}.",
            advice="Its records are still taken; an administrator must release it or enrol it again.",
            code="kiosk_blocked",
        )


_BLOCKED = {
    KioskStatus.LOST: "it was reported lost",
    KioskStatus.FORKED: "its journal has two histories",
    KioskStatus.LOCKED_DOWN: "it was locked down",
    KioskStatus.RETIRED: "it was retired",
}


def check_database(hub: Hub) -> None:
    """Ask the database something.

    Raises:
        Unavailable, Damaged: it does not answer as it should.
    """
    with hub.store.read() as session:
        session.execute(select(KioskRow.code).limit(1))


def _url(request: Request) -> str:
    """The address as it was sent: the decoded path of the framework is another one."""
    path = request.scope["raw_path"].decode("ascii", "replace")
    query = request.scope["query_string"].decode("ascii", "replace")
    return f"https://{request.headers.get('host', '')}{path}{'?' if query else ''}{query}"


def _lines(request: Request) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw]
