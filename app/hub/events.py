"""What the hub knows happened: kiosks' events and administrators' changes, filtered, newest last."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.hub.holders import body_of
from app.hub.schema import AlarmRow, ChangeRow, Client, EventRow, PageRow, PersonRow, RevisionRow, StationRow
from app.hub.step_events import STEP_KINDS, StepNames
from app.model.decide import Reason
from app.model.words import REASON_WORDS
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from app.hub.step_events import StepTold

SAYS: dict[str, str] = {
    EventKind.KIOSK_STARTED: "kiosk started",
    EventKind.SESSION_BEGIN: "signed in",
    EventKind.SESSION_END: "signed out",
    EventKind.VIEW_ANNOUNCED: "may have begun to see",
    EventKind.VIEW_BEGIN: "began to see",
    EventKind.VIEW_END: "stopped seeing",
    EventKind.STRIP_SHOWN: "saw thumbnails",
    EventKind.CLIP_BEGIN: "began to play the clip",
    EventKind.CLIP_END: "the clip ended",
    EventKind.UNIT_BEGIN: "scanned a unit or work order",
    EventKind.STEP_CONFIRMED: "confirmed a step",
    EventKind.STEP_WITHDRAWN: "took a step's confirmation back",
    EventKind.AGREEMENT_SHOWN: "read the agreement",
    EventKind.AGREEMENT_SIGNED: "signed the agreement",
    EventKind.CHANGE_READ: "confirmed having read what changed",
    EventKind.PAGE_REMARK: "said that something is wrong on the page",
    EventKind.REMARK_TOLD: "was told the answer to a remark",
    EventKind.REMARK_VIEWED: "looked at the page of a remark",
    EventKind.BOARD_SHOWN: "opened the board",
    EventKind.CALL_MADE: "called for help",
    EventKind.CALL_WITHDRAWN: "took the call for help back",
    EventKind.ACCESS_DENIED: "was denied",
    EventKind.BADGE_UNKNOWN: "unknown badge",
    EventKind.BADGE_REFUSED: "badge refused",
    EventKind.PIN_WRONG: "entered a wrong PIN",
    EventKind.PIN_BLOCKED: "PIN blocked",
    EventKind.PIN_SET: "set a PIN",
    EventKind.LEASE_ACCEPTED: "lease accepted",
    EventKind.TRUST_ACCEPTED: "hub's new keys accepted",
    EventKind.LEASE_REFUSED: "lease refused",
    EventKind.PAGE_DAMAGED: "damaged page",
    EventKind.PURGED: "pages purged",
    EventKind.INCIDENT: "incident",
    EventKind.GRANT_BEGIN: "was admitted by grant",
    EventKind.GRANT_END: "grant ended",
}
"""What happened, in words."""


@dataclass(frozen=True)
class Filter:
    """What is asked for; an empty value asks for all. ``start`` and ``end`` bound the kiosk's wall time."""

    person: str = ""
    kiosk: str = ""
    station: str = ""
    client: str = ""
    document: str = ""
    revision: str = ""
    kind: str = ""
    unit: str = ""
    order: str = ""
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True)
class Seen:
    """An event as a person reads it: who, what, when, where, and ``more`` in words.

    ``step`` tells of a step that was confirmed or taken back. ``details`` is the event's own body; ``pages``
    are the pages (``DOCUMENT/LABEL``, number) of a strip.
    """

    when: datetime
    received: datetime
    person: str
    name: str
    kind: str
    what: str
    document: str
    revision: str
    page: int | None
    client: str
    kiosk: str
    station: str
    station_name: str
    epoch: int
    seq: int
    more: str = ""
    pages: tuple[tuple[str, int], ...] = ()
    unit: str = ""
    order: str = ""
    step: StepTold | None = None
    details: dict[str, Any] = field(default_factory=dict)


def count(session: Session, wanted: Filter) -> int:
    """Return how many events match."""
    if wanted.document or wanted.revision:
        return sum(1 for _ in events(session, wanted))
    return session.scalar(_where(select(func.count()).select_from(EventRow), wanted)) or 0


def events(session: Session, wanted: Filter, newest: int | None = None) -> Iterator[Seen]:
    """Yield the events that match, oldest first; of many only the ``newest``."""
    order = (EventRow.wall, EventRow.kiosk, EventRow.epoch, EventRow.seq)
    query = _where(select(EventRow), wanted)
    names = _Names(session)
    if newest is None:
        rows = session.scalars(query.order_by(*order).execution_options(yield_per=500))
        yield from (seen for seen in map(names.told, rows) if _about(seen, wanted))
        return
    last = session.scalars(
        query.order_by(*(column.desc() for column in order)).execution_options(yield_per=500)
    )
    found = islice((seen for seen in map(names.told, last) if _about(seen, wanted)), newest)
    yield from reversed(list(found))


def told(session: Session, rows: Iterable[EventRow]) -> list[Seen]:
    """These events as a person reads them."""
    names = _Names(session)
    return [names.told(row) for row in rows]


def _about(seen: Seen, wanted: Filter) -> bool:
    """Whether an event about several pages is about the document and revision asked for."""
    if seen.kind != EventKind.STRIP_SHOWN or not (wanted.document or wanted.revision):
        return True
    keys = [key.partition("/") for key, _ in seen.pages]
    return any(
        wanted.document in {"", document} and wanted.revision in {"", label} for document, _, label in keys
    )


def _where(query: Select[Any], wanted: Filter) -> Select[Any]:
    equal = (
        (EventRow.person, wanted.person),
        (EventRow.kiosk, wanted.kiosk),
        (EventRow.station, wanted.station),
        (EventRow.client, wanted.client),
        (EventRow.unit, wanted.unit),
        (EventRow.order, wanted.order),
    )
    for column, value in equal:
        if value:
            query = query.where(column == value)
    for column, value in equal[-2:]:
        if value:
            query = query.where(column != "")  # the index has only these
    if wanted.kind:
        whole = EventRow.kind == wanted.kind
        query = query.where(whole | EventRow.kind.startswith(f"{wanted.kind}.", autoescape=True))
    # Thumbnails are one event for pages of several documents: those are looked into afterwards.
    strip = EventRow.kind == EventKind.STRIP_SHOWN.value
    if wanted.document:
        named = EventRow.revision.startswith(f"{wanted.document}/", autoescape=True)
        query = query.where(named | strip)
    if wanted.revision:
        named = EventRow.revision.endswith(f"/{wanted.revision}", autoescape=True)
        query = query.where(named | strip)
    if wanted.start is not None:
        query = query.where(EventRow.wall >= wanted.start)
    if wanted.end is not None:
        query = query.where(EventRow.wall < wanted.end)
    return query


class _Names:
    """Names of people, stations and pages, looked up once."""

    def __init__(self, session: Session) -> None:
        self._steps = StepNames(session)
        self._people = {row.code: row.name for row in session.scalars(select(PersonRow))}
        self._stations = {row.code: row.name for row in session.scalars(select(StationRow))}
        pages = session.execute(
            select(RevisionRow.document, RevisionRow.label, PageRow.page, PageRow.number).join(
                PageRow, PageRow.revision == RevisionRow.id
            )
        )
        self._pages: dict[tuple[str, str], int] = {}
        self._by_hash: dict[str, tuple[str, int]] = {}
        for document, label, page, number in pages:
            self._pages[f"{document}/{label}", page] = number
            self._by_hash[page] = (f"{document}/{label}", number)

    def told(self, row: EventRow) -> Seen:
        document, _, revision = row.revision.partition("/")
        details = body_of(row.data)
        number = self._pages.get((row.revision, row.page)) if row.page else None
        pages = self._strip(details) if row.kind == EventKind.STRIP_SHOWN else ()
        step = self._steps.told(row) if row.kind in STEP_KINDS else None
        return Seen(
            when=row.wall,
            received=row.received,
            person=row.person,
            name=self._people.get(row.person, ""),
            kind=row.kind,
            what=SAYS.get(row.kind, row.kind),
            document=document,
            revision=revision,
            page=number,
            client=row.client,
            kiosk=row.kiosk,
            station=row.station,
            station_name=self._stations.get(row.station, ""),
            epoch=row.epoch,
            seq=row.seq,
            more=_strip_words(pages) if pages else step.words if step else _more(row.kind, details),
            pages=pages,
            unit=row.unit,
            order=row.order,
            step=step,
            details=details,
        )

    def _strip(self, details: dict[str, Any]) -> tuple[tuple[str, int], ...]:
        hashes = details.get("pages")
        known = (
            (self._by_hash.get(page) for page in hashes if isinstance(page, str))
            if isinstance(hashes, list)
            else ()
        )
        return tuple(page for page in known if page is not None)


_LONG = 16
_NOT_TOLD = frozenset({"token", "hash", "number", "envelope", "region", "clip"})


def _more(kind: str, details: dict[str, Any]) -> str:
    """Say an event's body in words, shortly; the CSV has all of it."""
    reasons = details.get("reasons")
    if kind == EventKind.ACCESS_DENIED and isinstance(reasons, list):
        return " ".join(_reason(str(reason)) for reason in reasons)
    if kind in {EventKind.VIEW_END, EventKind.CLIP_END} and isinstance(details.get("ms"), int):
        return f"after {details['ms'] / 1000:.1f} s"
    if kind == EventKind.VIEW_ANNOUNCED:
        return "the kiosk stopped: it was ready to show it"
    if kind == EventKind.PURGED:
        return _purged(details)
    if kind == EventKind.GRANT_BEGIN:
        return _grant(details)
    told = {
        name: value for name, value in details.items() if name not in _NOT_TOLD and value not in ("", None)
    }
    return ", ".join(f"{name}: {_short(value)}" for name, value in sorted(told.items()))


def _grant(details: dict[str, Any]) -> str:
    """A grant in words: what kind, where, by whom, why, until when."""
    said = details.get("statement")
    told: dict[str, Any] = said if isinstance(said, dict) else {}
    until = str(told.get("end", ""))[11:16]
    where = f"{told.get('kind', 'grant')} to {told.get('station', '?')} by {told.get('by', '?')}"
    return f"{where} until {until} UTC: {told.get('reason', '')}"


def _purged(details: dict[str, Any]) -> str:
    """A receipt in words: what went, why, and when keys and bytes were gone."""
    slots = details.get("slots")
    people = (
        [str(slot.get("person")) for slot in slots if isinstance(slot, dict)]
        if isinstance(slots, list)
        else []
    )
    counts = [
        f"{len(found)} {noun}{'' if len(found) == 1 else 's'}"
        for name, noun in (("pages", "page"), ("blobs", "stray page"))
        if isinstance(found := details.get(name), list)
    ]
    said = [*counts, f"slots of {', '.join(people)}"] if people else counts
    moments = [
        f"{noun} gone {str(details[name])[11:23]}"
        for name, noun in (("keys_gone", "keys"), ("bytes_gone", "bytes"))
        if name in details
    ]
    why = str(details.get("why", ""))
    known = {"lease": "another lease", "order": "the hub's purge order", "stray": "left over from before"}
    because = known.get(why, f"kiosk {why.replace('_', ' ')}")
    return "; ".join([*said, *moments, because])


def _reason(word: str) -> str:
    try:
        return REASON_WORDS[Reason(word)].says
    except ValueError:
        return word


def _short(value: Any) -> str:
    text = str(value)
    plain = len(text) > _LONG and all(sign in "0123456789abcdef" for sign in text)
    return f"{text[:_LONG]}…" if plain else text


def _strip_words(pages: tuple[tuple[str, int], ...]) -> str:
    numbers: dict[str, list[int]] = {}
    for key, number in pages:
        numbers.setdefault(key, []).append(number)
    return "; ".join(
        f"{key.replace('/', ' rev. ')}: page {', '.join(map(str, sorted(found)))}"
        for key, found in numbers.items()
    )


def unknown_words(session: Session, wanted: Filter) -> list[str]:
    """Return what is asked for but not known here, in words: a typing error also gives an empty table."""
    told = []
    for table, noun, value in (
        (PersonRow, "person", wanted.person),
        (StationRow, "station", wanted.station),
        (Client, "client", wanted.client),
    ):
        if value and session.get(table, value) is None:
            told.append(f"there is no {noun} {value} now")
    return told


def changes(
    session: Session, *, by: str = "", subject: str = "", newest: int | None = None
) -> list[ChangeRow]:
    """Return administrative acts, oldest first; of many only the ``newest``."""
    query = select(ChangeRow)
    if by:
        query = query.where(ChangeRow.by == by)
    if subject:
        query = query.where(ChangeRow.subject.contains(subject, autoescape=True))
    rows = session.scalars(query.order_by(ChangeRow.id.desc()).limit(newest)).all()
    return list(reversed(rows))


ALARMS: dict[str, str] = {
    "fork": "the kiosk's journal has two histories",
    "hole": "events are missing in the kiosk's journal",
    "counter_behind": "a request counter came twice: an older copy of the kiosk's files, or a second device",
    "journal_damaged": "a record at the kiosk does not read: it and later ones stay there",
    "journal_lost": "the newest records at the kiosk are lost: it shows nothing until it is enrolled again",
    "copied": "events come from two boots in turns: a second device has the kiosk's keys and journal",
    "bad_event": "an event is not what was agreed",
    "enrol_failed": "an enrolment code was refused",
    "restore_gap": "events are lost, because an older backup of the hub was restored",
    "desk_badge_unknown": "a badge that nobody knows was tapped at a desk",
    "bad_signature": "an electronic signature does not hold; the event is kept",
    "unsigned_step": "a step was confirmed without the signature that it asks for; the event is kept",
    "admission_wanted": "somebody was admitted while the hub was away who should not have been",
    "bad_remark": "an event that should be a remark is none; it is kept",
    "log_damaged": "events in the hub's database are not those that were logged: somebody changed them",
    "lease_ahead": "the kiosk holds a lease that this hub did not issue",
}
"""What an alarm means, in words."""


def alarms(session: Session, *, kiosk: str = "", newest: int | None = None) -> list[AlarmRow]:
    """Return what quality must look at, oldest first; of many only the ``newest``."""
    query = select(AlarmRow)
    if kiosk:
        query = query.where(AlarmRow.kiosk == kiosk)
    rows = session.scalars(query.order_by(AlarmRow.id.desc()).limit(newest)).all()
    return list(reversed(rows))
