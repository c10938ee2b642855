"""Purge receipts: what each device's journal proves of a revocation, and what nothing proves yet.

A receipt is an event that the device signed: which pages (by the hash of their bytes) and slots went, when
their keys were gone from its disk, when the bytes were, and which lease they came with. It counts only if its
bytes have its hash and the device's own signature holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.hub.enrolment import sign_key_of
from app.hub.holders import PageName, body_of, share_of, steps
from app.hub.revocations import Kind
from app.hub.schema import KioskRow, RevocationHolder, RevocationRow
from app.model.errors import Untrusted
from app.seal.chain import event_hash, verify_event
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.hub.schema import EventRow


class Outcome(StrEnum):
    """What became of a revoked thing at one device. The words are for people."""

    CONFIRMED = "confirmed: purged"
    NOT_HELD = "confirmed: it did not hold it"
    PARTLY = "part of the receipt is here"
    KEYS_GONE = "keys gone; the receipt for the bytes is not here yet"
    ENDED = "its lease has ended; no receipt"
    OPEN = "may still hold it"
    LIFTED = "restored before it confirmed"


SETTLED = frozenset({Outcome.CONFIRMED, Outcome.NOT_HELD})


@dataclass(frozen=True)
class Step:
    """A lease that a device accepted (``accepted`` > 0), or a receipt; as its signed event says.

    ``before`` is the lease whose keys went, ``after`` the one in force then; ``everything`` went where the
    device was blocked. ``order`` is the purge order that was obeyed: the revocation's number. ``event`` is
    epoch and number of the event.
    """

    event: tuple[int, int]
    accepted: int = 0
    purge: str = ""
    before: int = 0
    after: int = 0
    everything: bool = False
    order: int = 0
    pages: frozenset[PageName] = frozenset()
    people: frozenset[str] = frozenset()
    keys_gone: datetime | None = None
    bytes_gone: datetime | None = None


@dataclass(frozen=True)
class Span:
    """The leases by which a device could hold a thing, until when, and the revocation's number."""

    first: int
    last: int
    until: datetime
    order: int = 0


@dataclass(frozen=True)
class Standing:
    """What the journal proves: the outcome, the receipts behind it, and the moments that they name."""

    outcome: Outcome
    events: tuple[tuple[int, int], ...] = ()
    keys_gone: datetime | None = None
    bytes_gone: datetime | None = None


Covers = Callable[[int, frozenset[PageName], frozenset[str]], bool | None]
"""Whether pages and people are all that lease ``before`` said of the thing; None: it said nothing of it."""


def standing(span: Span, journal: Sequence[Step], covers: Covers, now: datetime) -> Standing:
    """What a device's journal (in order) proves of a thing that it could hold by the leases of ``span``.

    What orders took from a lease is gone from it when the rest goes.
    """
    parts: dict[str, list[Step]] = {}
    cut: dict[int, list[Step]] = {}
    for step in journal:
        left = step.purge and span.first <= step.before <= span.last
        if left and (step.everything or step.after > span.last or 0 < step.order == span.order):
            parts.setdefault(step.purge, []).append(step)
        elif left and step.order:
            cut.setdefault(step.before, []).append(step)
    partly: list[Step] = []
    for group in parts.values():
        covered, all_gone = _covered(group, covers), group
        if covered is False and (before := cut.get(group[0].before)):
            all_gone = [*before, *group]
            covered = _covered(all_gone, covers)
        if covered:
            return _told(Outcome.CONFIRMED, all_gone)
        if covered is None:
            return _told(Outcome.NOT_HELD, group)
        partly += group
    if partly:
        return _told(Outcome.PARTLY, partly)
    held = 0
    for step in journal:
        if step.accepted > span.last:
            never = held < span.first or covers(held, frozenset(), frozenset()) is None
            return Standing(Outcome.NOT_HELD if never else Outcome.KEYS_GONE, (step.event,))
        held = step.accepted or held
    return Standing(Outcome.ENDED if span.until <= now else Outcome.OPEN)


def _covered(group: Sequence[Step], covers: Covers) -> bool | None:
    pages = frozenset[PageName]().union(*(step.pages for step in group))
    people = frozenset[str]().union(*(step.people for step in group))
    return covers(group[-1].before, pages, people)


def _told(outcome: Outcome, group: list[Step]) -> Standing:
    keys = [step.keys_gone for step in group if step.keys_gone is not None]
    gone = [step.bytes_gone for step in group if step.bytes_gone is not None]
    events = tuple(step.event for step in group)
    return Standing(outcome, events, max(keys, default=None), max(gone, default=None))


@dataclass(frozen=True)
class At:
    """A device that could hold what was revoked; ``seen`` is the kiosk's last contact."""

    kiosk: str
    epoch: int
    pages: int
    until: datetime
    seen: datetime | None
    standing: Standing


@dataclass(frozen=True)
class Revoked:
    """A revocation with everybody who could hold it. ``lifted`` says when it was undone."""

    kind: Kind
    code: str
    at: datetime
    by: str
    reason: str
    lifted: datetime | None
    holders: tuple[At, ...]

    @property
    def latest(self) -> datetime | None:
        """The latest moment at which anybody can hold it without having confirmed; None if nobody can."""
        return max(
            (held.until for held in self.holders if held.standing.outcome not in SETTLED), default=None
        )


@dataclass(frozen=True)
class Wanted:
    """Which revocations are asked for; empty asks for all. ``all`` includes those that were lifted."""

    kiosk: str = ""
    revision: str = ""
    client: str = ""
    person: str = ""
    station: str = ""
    line: str = ""
    all: bool = False


def receipts(session: Session, wanted: Wanted, now: datetime) -> list[Revoked]:
    """Every revocation asked for, oldest first, with what became of it at each device.

    ``kiosk`` asks for those that concern it, as holder or as what was revoked; a client's include those of
    its revisions.
    """
    books = _Books(session)
    found = []
    for row in session.scalars(select(RevocationRow).order_by(RevocationRow.id)):
        if (row.lifted is not None and not wanted.all) or not _asked(session, row, wanted):
            continue
        query = select(RevocationHolder).where(RevocationHolder.revocation == row.id)
        if wanted.kiosk:
            query = query.where(RevocationHolder.kiosk == wanted.kiosk)
        held = session.scalars(query.order_by(RevocationHolder.kiosk, RevocationHolder.epoch)).all()
        if wanted.kiosk and not held and (row.kind, row.code) != (Kind.KIOSK, wanted.kiosk):
            continue
        at = tuple(books.at(row, holder, now) for holder in held)
        found.append(Revoked(Kind(row.kind), row.code, row.at, row.by, row.reason, row.lifted, at))
    return found


def _asked(session: Session, row: RevocationRow, wanted: Wanted) -> bool:
    asked = {
        Kind.PERSON: wanted.person, Kind.BADGE: wanted.person, Kind.STATION: wanted.station,
        Kind.REVISION: wanted.revision, Kind.CLIENT: wanted.client, Kind.LINE: wanted.line,
    }  # fmt: skip
    if not any(asked.values()):
        return True
    if wanted.client and row.kind == Kind.REVISION:
        return _client_of(session, row.code) == wanted.client
    return asked.get(Kind(row.kind)) == row.code


def _client_of(session: Session, revision: str) -> str:
    from app.hub.schema import Document, Part

    document = session.get(Document, revision.partition("/")[0])
    part = None if document is None else session.get(Part, document.part)
    return "" if part is None else part.client


class _Books:
    """The journals of the devices, read once each as far back as somebody asked."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._journals: dict[tuple[str, int], tuple[int, list[Step]]] = {}

    def at(self, row: RevocationRow, holder: RevocationHolder, now: datetime) -> At:
        journal = self._journal(holder.kiosk, holder.epoch, holder.first)
        span = Span(holder.first, holder.last, holder.until, row.id)
        found = standing(span, journal, self._covers(row, holder), now)
        if row.lifted is not None and found.outcome not in SETTLED:
            found = Standing(Outcome.LIFTED)
        seen = self._session.get_one(KioskRow, holder.kiosk).seen
        return At(holder.kiosk, holder.epoch, holder.pages, holder.until, seen, found)

    def _covers(self, row: RevocationRow, holder: RevocationHolder) -> Covers:
        def covers(before: int, pages: frozenset[PageName], people: frozenset[str]) -> bool | None:
            share = share_of(self._session, holder.kiosk, before, row.kind, row.code)
            if row.kind in {Kind.PERSON, Kind.BADGE}:
                return True if row.code in people else (None if share is None else False)
            return None if share is None else share.pages <= pages

        return covers

    def _journal(self, kiosk: str, epoch: int, first: int) -> list[Step]:
        """In order, back to the newest lease before ``first``."""
        known = self._journals.get((kiosk, epoch))
        if known is None or known[0] > first:
            known = (first, self._read(kiosk, epoch, first))
            self._journals[kiosk, epoch] = known
        return known[1]

    def _read(self, kiosk: str, epoch: int, first: int) -> list[Step]:
        key = sign_key_of(self._session, self._session.get_one(KioskRow, kiosk), epoch)
        found: list[Step] = []
        for row in steps(self._session, kiosk, epoch):
            step = read_step(row, key)
            if step is not None:
                found.append(step)
                if 0 < step.accepted < first:
                    break
        return found[::-1]


def read_step(row: EventRow, key: bytes | None) -> Step | None:
    """A device's event on leases or purges as a step; None if it does not prove anything.

    It does not where its bytes have another hash, its signature is not the device's (``key``), or its form is
    not the agreed one.
    """
    if key is None or event_hash(row.data) != row.hash:
        return None
    try:
        verify_event(row.kiosk, row.epoch, row.seq, row.hash, row.signature, key)
    except Untrusted:
        return None
    body, place = body_of(row.data), (row.epoch, row.seq)
    try:
        if row.kind == EventKind.LEASE_ACCEPTED:
            return Step(place, accepted=int(body["number"]))
        return _purged(place, row.revision, body)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _purged(place: tuple[int, int], revision: str, body: dict[str, Any]) -> Step:
    return Step(
        place,
        purge=str(body["purge"]),
        before=int(body["before"]),
        after=int(body["after"]),
        everything=body["all"] is True,
        order=int(body.get("order", 0)),
        pages=frozenset((revision, str(page)) for page in body.get("pages", ())),
        people=frozenset(str(slot["person"]) for slot in body.get("slots", ())),
        keys_gone=datetime.fromisoformat(body["keys_gone"]),
        bytes_gone=datetime.fromisoformat(body["bytes_gone"]),
    )
