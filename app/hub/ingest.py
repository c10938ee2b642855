"""Taking events: a batch is kept whole or not at all, once, in order, and as the kiosk's device signed it.

Failure policy: nothing is skipped and nothing is taken twice. A batch that was taken gets the same answer
again. A number that another event already has is a fork: the kiosk is blocked and quality is told. A missing
number, an event that does not open or does not follow the one before: the batch is refused with the number,
and quality is told once. A blocked kiosk's events are taken like any other's: its record is what is wanted.
What is taken is in the transparency logs with the same commit (``logs``).

There is one exception: a hub that was restored from a backup lacks what kiosks had delivered since, and they
no longer have it either. Once for each journal, where it stood at the restore, the hub goes on behind the
gap, and quality is told which numbers are lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

from sqlalchemy import bindparam, insert, select, update

from app.hub import calls, given, logs, remarks, signed_acts
from app.hub.concerned import JOURNAL
from app.hub.copies import note_copied
from app.hub.enrolment import RESTORED, sign_key_of
from app.hub.revocations import Kind, begin_by
from app.hub.schema import AlarmRow, ChangeRow, EventRow, KioskRow
from app.hub.signed_agreements import count_signatures
from app.hub.store import note_act
from app.model.errors import Refused, Untrusted
from app.model.terms import KioskStatus
from app.seal.chain import GENESIS, event_hash, open_event, verify_event
from app.seal.encoding import b64
from app.wire.messages import Event, EventKind, EventReply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from app.hub.store import Store
    from app.seal.keys import SealKey
    from app.wire.messages import EventBatch, SealedEvent

_ON_BOARDS = frozenset(
    kind.value
    for kind in (
        EventKind.KIOSK_STARTED, EventKind.SESSION_BEGIN, EventKind.SESSION_END, EventKind.LEASE_ACCEPTED,
        EventKind.PURGED,
    )
)  # fmt: skip
"""What a board shows, or the recovery of what is locked down: desks are told at once."""

_EVENTS, _KIOSKS = (cast("Table", table.__table__) for table in (EventRow, KioskRow))
JOURNAL_OF = tuple(_KIOSKS.c[name] for name in ("code", "status", "sign_key", "epoch", "held", "held_hash"))
"""The columns of ``Stands``."""

# Built once: every batch of events needs them.
_AT = _KIOSKS.c.code == bindparam("at")
_STANDS = select(*JOURNAL_OF).where(_AT)
_HOLD = update(_KIOSKS).where(_AT).values(held=bindparam("number"), held_hash=bindparam("digest"))
_KEEP = insert(_EVENTS)
SIGNATURE_BYTES = 64
BY_HUB = "hub"
"""Who blocks a kiosk that forked."""

FORK, HOLE, BAD_EVENT = "fork", "hole", "bad_event"

RESTORE_GAP = "restore_gap"
"""The alarm of events that are lost because an older backup of the hub was restored."""


class NotTaken(Refused):
    """A batch was refused; ``number`` is the sequence number expected, disputed, or that cannot be taken."""

    def __init__(self, code: str, message: str, number: int, *, advice: str = "") -> None:
        super().__init__(message, advice=advice or _ADVICE, code=code)
        self.number = number


_ADVICE = "Nothing was lost; tell quality, they see the alarm at the hub."


class Stands(Protocol):
    """A kiosk and how far its journal is held: a row of ``JOURNAL_OF``."""

    code: str
    status: str
    sign_key: bytes | None
    epoch: int
    held: int
    held_hash: str


@dataclass(frozen=True)
class Head:
    """How far a chain is held: the last number and its hash."""

    held: int
    hash: str


@dataclass(frozen=True, repr=False)
class Opened:
    """An event with its exact bytes."""

    event: Event
    data: bytes


@dataclass(frozen=True, repr=False)
class Delivery:
    """A batch of a kiosk's, whose form and signature were checked and whose new events were opened."""

    kiosk: str
    batch: EventBatch
    opened: dict[int, Opened]


@dataclass(frozen=True, repr=False)
class _Fresh:
    """What is to be kept of a delivery: the events at these places, which go on where the journal is held.

    ``current``: the journal is that of the kiosk's device, and not of one that was replaced.
    """

    delivery: Delivery
    places: Sequence[int]
    current: bool

    @property
    def events(self) -> list[Event]:
        """The events, in order."""
        return [self.delivery.opened[self.delivery.batch.events[place].seq].event for place in self.places]


def ingest(
    store: Store,
    seal: SealKey,
    kiosk: str,
    batch: EventBatch,
    now: datetime,
    seal_too: tuple[SealKey, ...] = (),
    *,
    stood: Stands | None = None,
    may: Callable[[Stands], None] = lambda _row: None,
    on_taken: Callable[[frozenset[EventKind]], None] = lambda _kinds: None,
) -> EventReply:
    """Take a batch from a kiosk whose request was verified. ``seal_too`` are former seal keys.

    ``stood`` is how the kiosk stood a moment ago, where that is known; ``may`` raises where this kiosk may
    not deliver; ``on_taken`` is told which kinds of event came.

    Steps: 1 the batch has the agreed form; 2 its head is signed by the device of that epoch; 3 each event
    that is new opens, is what its hash says, and says the kiosk, epoch and number under which it came;
    4 events that are held already are the same ones; 5 the first new one is the next number and names the
    held head, and each other names the one before. 1 to 3 are done before the database's lock is taken.

    Raises:
        NotTaken: ``bad_event`` (1, 2, 3, 5), ``fork`` (4, 5), ``hole`` (5).
        Damaged: the transparency log does not let itself be continued (``log_damaged``).
    """
    try:
        delivery = opened(store, (seal, *seal_too), kiosk, batch, stood, may)
        reply = store.together(lambda session: _take(session, delivery, now), looks_first=True)
    except NotTaken as refusal:
        with store.write() as session:
            _alarm(session, kiosk, batch, refusal, now)
        raise
    on_taken(frozenset(each.event.kind for each in delivery.opened.values()))
    return reply


def opened(
    store: Store,
    seals: tuple[SealKey, ...],
    kiosk: str,
    batch: EventBatch,
    stood: Stands | None,
    may: Callable[[Stands], None],
) -> Delivery:
    """Steps 1 to 3 of ``ingest``. Raises NotTaken, and what ``may`` raises."""
    if stood is not None and stood.epoch == batch.epoch:  # as always, unless a device was replaced
        may(stood)
        key, held = stood.sign_key, stood.held
    else:
        with store.read() as session:
            row = _stands(session, kiosk)
            may(row)
            key = sign_key_of(session, row, batch.epoch)
            # An epoch without a key may be any number, also one that no database holds.
            held = 0 if key is None else _head(session, row, batch.epoch).held
    first = batch.events[0].seq
    numbers = [event.seq for event in batch.events]
    lengths = [len(signature) for signature in batch.signatures]
    if numbers != list(range(first, first + len(numbers))) or lengths != [SIGNATURE_BYTES] * len(
        numbers
    ):  # 1
        raise _bad(first, "The events of a batch do not have consecutive numbers with a signature each.")
    if key is None:
        raise _bad(first, f"This kiosk has no epoch {batch.epoch}.")
    _verify(kiosk, batch, len(numbers) - 1, key)  # 2
    found = {
        sealed.seq: _open(seals, kiosk, batch.epoch, sealed) for sealed in batch.events if sealed.seq > held
    }
    return Delivery(kiosk, batch, found)


def _stands(session: Session, kiosk: str) -> Stands:
    return cast("Stands", session.connection().execute(_STANDS, {"at": kiosk}).one())


def _head(session: Session, row: Stands, epoch: int) -> Head:
    if epoch == row.epoch:
        return Head(row.held, row.held_hash if row.held else GENESIS)
    last = session.execute(
        select(EventRow.seq, EventRow.hash)
        .where(EventRow.kiosk == row.code, EventRow.epoch == epoch)
        .order_by(EventRow.seq.desc())
        .limit(1)
    ).first()
    return Head(0, GENESIS) if last is None else Head(last.seq, last.hash)


def _verify(kiosk: str, batch: EventBatch, index: int, key: bytes) -> None:
    event = batch.events[index]
    try:
        verify_event(kiosk, batch.epoch, event.seq, event.hash, batch.signatures[index], key)
    except Untrusted:
        raise _bad(event.seq, f"Event {event.seq} is not signed by this kiosk's device.") from None


def _open(seals: tuple[SealKey, ...], kiosk: str, epoch: int, sealed: SealedEvent) -> Opened:  # 3
    number = sealed.seq
    try:
        data = open_event(sealed.box, *seals)
        event = Event.read(data)
    except Untrusted as error:
        raise _bad(number, f"Event {number} cannot be read: {error}") from None
    if event_hash(data) != sealed.hash:
        raise _bad(number, f"Event {number} is not what its hash says.")
    if (event.kiosk, event.epoch, event.seq) != (kiosk, epoch, number):
        raise _bad(number, f"Event {number} belongs to another place in a journal.")
    return Opened(event, data)


def _take(session: Session, delivery: Delivery, now: datetime) -> EventReply:
    """Steps 4 and 5, and the keeping. Whatever refuses does so before the first row is written."""
    kiosk, batch, found = delivery.kiosk, delivery.batch, delivery.opened
    row = _stands(session, kiosk)
    head = _head(session, row, batch.epoch)
    key = sign_key_of(session, row, batch.epoch)
    if batch.events[0].seq <= head.held:
        _compare(session, kiosk, batch, head, key)  # 4
    fresh = [index for index, event in enumerate(batch.events) if event.seq > head.held]
    if fresh:
        gap = _lost_by_restore(session, kiosk, batch, fresh[0], head, key, now)
        if gap is not None:
            head = Head(batch.events[fresh[0]].seq - 1, found[batch.events[fresh[0]].seq].event.prev)
        _check_chain(kiosk, batch, fresh, found, head, key)  # 5
        _keep(session, [_Fresh(delivery, fresh, batch.epoch == row.epoch)], now)
        session.add_all(() if gap is None else (gap,))
        head = Head(batch.events[-1].seq, batch.events[-1].hash)
    return EventReply(epoch=batch.epoch, held=head.held, hash=head.hash)


def take_all(
    session: Session, deliveries: Iterable[Delivery], rows: Mapping[str, Stands], now: datetime
) -> dict[str, EventReply]:
    """Take what follows at once, of different kiosks, whose ``rows`` were read in this transaction.

    Returns the answers by kiosk. What is missing there is as it was: it was sent before, is of another epoch,
    or does not follow; which of these ``ingest`` finds out.

    Raises:
        Damaged: nothing is taken (``log_damaged``).
    """
    fresh = []
    for each in deliveries:
        row, batch = rows[each.kiosk], each.batch
        head = Head(row.held, row.held_hash if row.held else GENESIS)
        if batch.epoch != row.epoch or batch.events[0].seq != head.held + 1:
            continue
        try:
            _check_chain(each.kiosk, batch, range(len(batch.events)), each.opened, head, row.sign_key)
        except NotTaken:
            continue
        fresh.append(_Fresh(each, range(len(batch.events)), current=True))
    if fresh:
        _keep(session, fresh, now)
    return {
        each.delivery.kiosk: EventReply(epoch=each.delivery.batch.epoch, held=last.seq, hash=last.hash)
        for each in fresh
        for last in each.delivery.batch.events[-1:]
    }


def _keep(session: Session, fresh: Sequence[_Fresh], now: datetime) -> None:
    events = [_row(each.delivery, index, now) for each in fresh for index in each.places]
    places = logs.append(session, [(event["client"], event["data"]) for event in events])
    note_copied(session, [each.events for each in fresh], now)
    logged = [
        {**event, "site_index": place.site, "client_index": place.client}
        for event, place in zip(events, places, strict=True)
    ]
    session.connection().execute(_KEEP, logged)
    given.note(session, events)
    taken = [event for each in fresh for event in each.events]
    signed_acts.take(session, taken, now)
    count_signatures(session, taken, now)
    remarks.take(session, taken, now)
    calls.take(session, taken, now)
    for event in events:
        if event["kind"] in _ON_BOARDS:
            note_act(session, JOURNAL, event["kiosk"])
        if event["kind"] == EventKind.CHANGE_READ.value:
            note_act(session, event["kind"], event["person"])
    lasts = [(each.delivery.kiosk, each.delivery.batch.events[-1]) for each in fresh if each.current]
    if lasts:
        told = [{"at": kiosk, "number": last.seq, "digest": last.hash} for kiosk, last in lasts]
        session.connection().execute(_HOLD, told)


def _compare(session: Session, kiosk: str, batch: EventBatch, head: Head, key: bytes | None) -> None:
    last = min(batch.events[-1].seq, head.held)
    held = dict(
        session.execute(
            select(EventRow.seq, EventRow.hash).where(
                EventRow.kiosk == kiosk,
                EventRow.epoch == batch.epoch,
                EventRow.seq.between(batch.events[0].seq, last),
            )
        ).all()
    )
    for index, event in enumerate(batch.events):
        if event.seq <= head.held and held.get(event.seq) != event.hash:
            _verify(kiosk, batch, index, key or b"")  # the device itself signed a second history
            raise _forked(event.seq)


def _lost_by_restore(
    session: Session, kiosk: str, batch: EventBatch, index: int, head: Head, key: bytes | None, now: datetime
) -> AlarmRow | None:
    """What quality is told, once, where numbers are missing because an older backup was restored."""
    first = batch.events[index].seq
    if first <= head.held + 1:
        return None
    changes = session.scalars(select(ChangeRow.after).where(ChangeRow.act == RESTORED))
    if all(after["heads"].get(f"{kiosk}/{batch.epoch}") != head.held for after in changes):
        return None
    _verify(kiosk, batch, index, key or b"")
    detail = {"epoch": batch.epoch, "number": head.held + 1, "until": first - 1}
    return AlarmRow(at=now, kiosk=kiosk, kind=RESTORE_GAP, detail=detail)


def _check_chain(
    kiosk: str,
    batch: EventBatch,
    fresh: Sequence[int],
    found: dict[int, Opened],
    head: Head,
    key: bytes | None,
) -> None:
    first = batch.events[fresh[0]]
    if first.seq != head.held + 1:
        raise NotTaken(HOLE, f"The kiosk's journal lacks event {head.held + 1}.", head.held + 1)
    if found[first.seq].event.prev != head.hash:
        _verify(kiosk, batch, fresh[0], key or b"")
        raise _forked(head.held)
    for index in fresh[1:]:
        event = batch.events[index]
        if found[event.seq].event.prev != batch.events[index - 1].hash:
            raise _bad(event.seq, f"Event {event.seq} does not follow the one before it.")


def _row(delivery: Delivery, index: int, now: datetime) -> dict[str, Any]:
    sealed = delivery.batch.events[index]
    found = delivery.opened[sealed.seq]
    event = found.event
    return {
        "kiosk": event.kiosk,
        "epoch": event.epoch,
        "seq": event.seq,
        "hash": sealed.hash,
        "kind": event.kind.value,
        "person": event.person,
        "station": event.station,
        "client": event.client,
        "page": event.page,
        "revision": event.revision,
        "unit": event.unit,
        "work_order": event.order,
        "wall": event.wall,
        "received": now,
        "data": found.data,
        "signature": delivery.batch.signatures[index],
    }


def _alarm(session: Session, kiosk: str, batch: EventBatch, refusal: NotTaken, now: datetime) -> None:
    """Tell quality once a fault, and block a kiosk that forked."""
    row = session.get_one(KioskRow, kiosk)
    if refusal.code == FORK and row.status in {KioskStatus.ACTIVE.value, KioskStatus.PENDING.value}:
        row.status = KioskStatus.FORKED.value
        reason = "The kiosk's journal has two histories."
        begin_by(session, Kind.KIOSK, kiosk, row.enrolled, by=BY_HUB, now=now, reason=reason)
    place = {"epoch": batch.epoch, "number": refusal.number}
    same = select(AlarmRow.detail).where(AlarmRow.kiosk == kiosk, AlarmRow.kind == refusal.code)
    if any({key: told[key] for key in place} == place for told in session.scalars(same)):
        return
    offered = [(event, sign) for event, sign in zip(batch.events, batch.signatures, strict=False)]
    evidence = [
        {"hash": event.hash, "signature": b64(sign)} for event, sign in offered if event.seq == refusal.number
    ]
    detail = {**place, "says": str(refusal), "offered": evidence}
    session.add(AlarmRow(at=now, kiosk=kiosk, kind=refusal.code, detail=detail))


def _bad(number: int, message: str) -> NotTaken:
    return NotTaken(BAD_EVENT, message, number)


def _forked(number: int) -> NotTaken:
    return NotTaken(
        FORK,
        f"The hub holds another event under number {number}: this kiosk's journal has two histories.",
        number,
        advice="The kiosk is blocked; quality must look into it.",
    )
