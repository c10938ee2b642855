"""What the database says about one kiosk's station, as the model's records: pages, people, clients.

Reads only, and decides nothing: what is left out here could not be granted whatever ``decide`` says
(revisions that are not effective, pages of other stations, people without a badge), so that it stays small.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import bindparam, func, or_, select

from app.hub.agreement_pages import read_texts
from app.hub.agreements import signed_by
from app.hub.exposure import read_exposure
from app.hub.floor_records import Floor, FloorClient, FloorPage, FloorPerson
from app.hub.grants import grants_of
from app.hub.remembered import remembered
from app.hub.schema import (
    AssignmentRow,
    Badge,
    Blob,
    Client,
    Document,
    Line,
    PageRow,
    PageStation,
    Part,
    PersonRole,
    PersonRow,
    RevisionRow,
    StationPart,
    StationRow,
    SupervisedLine,
    TrainingRow,
)
from app.hub.schema_clips import ClipRow
from app.hub.schema_steps import StepRow
from app.hub.what_changed import read_changes, who_read
from app.model.errors import NotFound
from app.model.plant import Assignment, Page, Person, Span, Station, Training
from app.model.terms import (
    ALL_STATIONS,
    AgreementEnd,
    AssignmentKind,
    Classification,
    CredentialKind,
    RevisionStatus,
    Role,
)
from app.wire.lease import ClipInfo, SlotInfo, StepInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from app.hub.agreement_pages import FloorText
    from app.hub.agreements import Signed
    from app.hub.exposure import Crossed
    from app.wire.lease import ChangeInfo

DEFAULT_HOURS = 72
"""How long people stay identifiable at a station where no client's part runs."""


def read_floor(
    session: Session,
    kiosk: str,
    station: str,
    now: datetime,
    also: frozenset[str] = frozenset(),
    grace: timedelta = timedelta(0),
) -> Floor:
    """Read what matters from ``now`` on at the station of a kiosk, for the line's people and ``also`` these.

    Assignments end later by ``grace``, in which a kiosk leaves the page in hand to whoever reads.

    Raises:
        NotFound: there is no such station.
    """
    place = _place(session, station)
    if place is None:
        raise NotFound(f"There is no station {station}.", advice="See: stationleaf admin station list")
    record, line_name, takt = place
    pages, changes = _with_former(session, station, _pages(session, station))
    clients = _clients(session, record.parts | {page.record.part for page in pages})
    hours = [
        hours for client in clients.values() for hours in (client.offline_hours, client.restricted_hours)
    ]
    until = now + timedelta(hours=max(hours, default=DEFAULT_HOURS))
    crossed = read_exposure(session, kiosk, clients)
    documents = {page.record.document for page in pages}
    grants = grants_of(session, kiosk, now)
    also |= {grant.person for grant in grants if not grant.wanted}
    texts = read_texts(session, _in_force(clients))
    people = _people(session, record, now, until, documents, clients, crossed, also, grace, texts)
    if changes:
        confirmed = who_read(session, [person.record.code for person in people], changes)
        people = tuple(replace(person, has_read=confirmed[person.record.code]) for person in people)
    return Floor(until, record, line_name, pages, people, clients, takt, grants, texts, changes)


def _in_force(clients: Mapping[str, FloorClient]) -> dict[str, str]:
    return {code: client.agreement_version for code, client in clients.items()}


def _with_former(
    session: Session, station: str, pages: tuple[FloorPage, ...]
) -> tuple[tuple[FloorPage, ...], tuple[ChangeInfo, ...]]:
    """The pages, those of changed revisions as such, with the pages before them; and what changed."""
    changes, follows = read_changes(session, station, frozenset(page.record.document for page in pages))
    if not changes:
        return pages, ()
    changed = {(change.document, change.revision) for change in changes}
    marked = [
        replace(page, record=replace(page.record, changed=True))
        if (page.record.document, page.record.revision) in changed
        else page
        for page in pages
    ]
    for one in follows:
        former = _pages(session, station, one.former)
        marked += [
            replace(page, record=replace(page.record, before=one.label, effective=one.shown))
            for page in former
        ]
    return tuple(marked), changes


@remembered("station", "line", "station_part", most=2000)
def _place(session: Session, station: str) -> tuple[Station, str, int | None] | None:
    """A station, the name of its line, and its takt in seconds where it has one."""
    row = session.get(StationRow, station)
    line = None if row is None else session.get(Line, row.line)
    if row is None or line is None:
        return None
    parts = frozenset(session.scalars(select(StationPart.part).where(StationPart.station == station)))
    ceiling = Classification.parse(row.ceiling)
    return Station(row.code, row.name, row.line, line.site, ceiling, parts), line.name, row.takt_seconds


def _pages(session: Session, station: str, former: int | None = None) -> tuple[FloorPage, ...]:
    """The pages in force that a station needs, or those of the ``former`` revision (a row's id)."""
    places = _places(session, station, former)
    return _pages_at(session, places) if places else ()


_Places = tuple[tuple[int, tuple[str, ...]], ...]
"""Pages by row, each with the stations that need it, as far as one kiosk's lease names them."""


@remembered("page", "revision", "page_station", most=2000)
def _places(session: Session, station: str, former: int | None) -> _Places:
    """The pages that a station needs, and whether it or all stations do."""
    found: dict[int, list[str]] = defaultdict(list)
    # Other stations' codes stay at the hub: this kiosk need not know who else works with the page.
    here: dict[str, Any] = {"here": [station, ALL_STATIONS]}
    if former is None:
        query, here["in_force"] = _PLACES, RevisionStatus.EFFECTIVE.value
    else:
        query, here["former"] = _FORMER_PLACES, former
    for page, needs in session.connection().execute(query, here):
        found[page].append(needs)
    return tuple((page, tuple(stations)) for page, stations in found.items())


_PAGES, _REVISIONS, _PLACED = (cast("Table", t.__table__) for t in (PageRow, RevisionRow, PageStation))
_ALL_PLACES = (  # these are built once: building them costs more than what they do
    select(_PLACED.c.page, _PLACED.c.station)
    .join(_PAGES, _PAGES.c.id == _PLACED.c.page)
    .join(_REVISIONS, _REVISIONS.c.id == _PAGES.c.revision)
    .where(_PLACED.c.station.in_(bindparam("here", expanding=True)))
    .order_by(_PLACED.c.page, _PLACED.c.station)
)
_PLACES = _ALL_PLACES.where(_REVISIONS.c.status == bindparam("in_force"))
_FORMER_PLACES = _ALL_PLACES.where(_REVISIONS.c.id == bindparam("former"))


@remembered("page", "revision", "document", "part", "client", "step", "clip", most=64)
def _pages_at(session: Session, places: _Places) -> tuple[FloorPage, ...]:
    """These pages in reading order: read once for all the stations that need the same ones."""
    stations = dict(places)
    query = (
        select(PageRow, RevisionRow, Document, Client, Blob.size)
        .join(RevisionRow, PageRow.revision == RevisionRow.id)
        .join(Document, RevisionRow.document == Document.code)
        .join(Part, Document.part == Part.code)
        .join(Client, Part.client == Client.code)
        .join(Blob, PageRow.blob == Blob.hash)
        .where(PageRow.id.in_(list(stations)))
        .order_by(Document.code, RevisionRow.label, PageRow.number)
    )
    found = session.execute(query).all()
    steps = _steps(session, {revision.id for _, revision, *_ in found})
    clips = _clips(session, list(stations))
    lengths = dict(
        session.execute(
            select(PageRow.revision, func.count())
            .where(PageRow.revision.in_({revision.id for _, revision, *_ in found}))
            .group_by(PageRow.revision)
        ).all()
    )
    return tuple(
        FloorPage(
            record=_record(page, revision, document, client.code, stations[page.id]),
            blob=page.blob,
            size=size,
            key=page.key,
            title=document.title,
            label=page.label,
            of=lengths[revision.id],
            width_mpt=page.width_mpt,
            height_mpt=page.height_mpt,
            steps=tuple(
                StepInfo(step=step.code, sign=step.sign or client.sign_steps)
                for step in steps[revision.id, page.number]
            ),
            language=revision.language,
            translates=revision.translates,
            clip=clips[page.id][0] if page.id in clips else None,
            clip_key=clips[page.id][1] if page.id in clips else b"",
        )
        for page, revision, document, client, size in found
    )


def _clips(session: Session, pages: list[int]) -> dict[int, tuple[ClipInfo, bytes]]:
    """The clips of these pages (rows), each with its wrapped key."""
    query = select(ClipRow, Blob.size).join(Blob, ClipRow.blob == Blob.hash).where(ClipRow.page.in_(pages))
    return {
        row.page: (
            ClipInfo(
                clip=row.clip, blob=row.blob, size=size, width=row.width, height=row.height, ms=row.ms,
                place=(row.left, row.top, row.right, row.bottom),
            ),
            row.key,
        )
        for row, size in session.execute(query)
    }  # fmt: skip


def _steps(session: Session, revisions: set[int]) -> dict[tuple[int, int], list[StepRow]]:
    """The steps of these revisions by revision and page number."""
    found: dict[tuple[int, int], list[StepRow]] = defaultdict(list)
    rows = select(StepRow).where(StepRow.revision.in_(revisions)).order_by(StepRow.revision, StepRow.place)
    for row in session.scalars(rows):
        found[row.revision, row.page].append(row)
    return found


def _record(
    page: PageRow, revision: RevisionRow, document: Document, client: str, stations: Iterable[str]
) -> Page:
    begins = revision.effective_from
    return Page(
        page=page.page,
        document=document.code,
        revision=revision.label,
        number=page.number,
        client=client,
        part=document.part,
        classification=Classification.parse(revision.classification),
        stations=frozenset(stations),
        effective=None if begins is None else Span(begins, revision.effective_until),
        recalled=revision.status == RevisionStatus.RECALLED.value,
        training_required=revision.training_required,
    )


@remembered("client", "part")
def _clients(session: Session, parts: frozenset[str]) -> dict[str, FloorClient]:
    codes = select(Part.client).where(Part.code.in_(list(parts)))
    rows = session.scalars(select(Client).where(Client.code.in_(codes)).order_by(Client.code))
    return {
        row.code: FloorClient(
            row.name,
            row.agreement_version,
            row.offline_hours,
            row.restricted_hours,
            row.exposure_limit,
            row.line_limit,
            row.site_limit,
        )
        for row in rows
    }


def _people(
    session: Session,
    station: Station,
    since: datetime,
    until: datetime,
    documents: set[str],
    clients: dict[str, FloorClient],
    crossed: Crossed,
    also: frozenset[str],
    grace: timedelta,
    texts: Mapping[str, FloorText],
) -> tuple[FloorPerson, ...]:
    assignments = _assignments(session, station.line, since, until, grace)
    supervisors = _supervisors(session, station.line)
    slots = _slots(session, supervisors.union(assignments, also))
    codes = tuple(slots)
    roles = _roles(session, codes)
    signed = signed_by(session, codes, _in_force(clients), since)
    training = _training(session, codes, frozenset(documents))
    return tuple(
        FloorPerson(
            record=Person(
                code=person.code,
                name=person.name,
                active=person.active,
                roles=roles.get(person.code, frozenset()),
                ceiling=Classification.parse(person.ceiling),
                agreements=signed[person.code].versions,
                agreements_until=signed[person.code].until,
                training=training.get(person.code, frozenset()),
                assignments=tuple(assignments.get(person.code, ())),
            ),
            language=person.language,
            text_size=person.text_size,
            supervises=person.code in supervisors,
            slot=slots[person.code],
            exposure_crossed=crossed.by_kiosk | crossed.by_person.get(person.code, frozenset()),
            ended=signed[person.code].ended,
            signable=_signable(signed[person.code], slots[person.code], texts, until),
        )
        for person in _active(session, codes)
    )


@remembered("supervised_line")
def _supervisors(session: Session, line: str) -> frozenset[str]:
    return frozenset(session.scalars(select(SupervisedLine.person).where(SupervisedLine.line == line)))


@remembered("person_role")
def _roles(session: Session, people: tuple[str, ...]) -> dict[str, frozenset[Role]]:
    found = _grouped(session, PersonRole.person, PersonRole.role, people)
    return {person: frozenset(map(Role, roles)) for person, roles in found.items()}


@remembered("training")
def _training(
    session: Session, people: tuple[str, ...], documents: frozenset[str]
) -> dict[str, frozenset[Training]]:
    found: dict[str, set[Training]] = defaultdict(set)
    for row in session.scalars(
        select(TrainingRow).where(TrainingRow.person.in_(people), TrainingRow.document.in_(documents))
    ):
        found[row.person].add(Training(row.document, row.revision, row.until))
    return {person: frozenset(training) for person, training in found.items()}


class _Active(NamedTuple):
    code: str
    name: str
    active: bool
    ceiling: str
    language: str
    text_size: int


@remembered("person")
def _active(session: Session, people: tuple[str, ...]) -> tuple[_Active, ...]:
    columns = (
        PersonRow.code, PersonRow.name, PersonRow.active, PersonRow.ceiling, PersonRow.language,
        PersonRow.text_size,
    )  # fmt: skip
    query = select(*columns).where(PersonRow.code.in_(people), PersonRow.active).order_by(PersonRow.code)
    return tuple(_Active(*row) for row in session.execute(query))


def _assignments(
    session: Session, line: str, since: datetime, until: datetime, grace: timedelta
) -> dict[str, list[Assignment]]:
    """By person, what is assigned on the line between ``since`` and ``until``, each for ``grace`` longer."""
    found: dict[str, list[Assignment]] = {}
    day = (since - grace).replace(hour=0, minute=0, second=0, microsecond=0)
    for person, ended in _assigned(session, line, day):
        assignment = ended
        if grace and ended.span.end is not None:
            assignment = replace(ended, span=Span(ended.span.start, ended.span.end + grace))
        span = assignment.span
        if span.start < until and (span.end is None or span.end > since):
            found.setdefault(person, []).append(assignment)
    return found


@remembered("assignment", "station")
def _assigned(session: Session, line: str, since: datetime) -> tuple[tuple[str, Assignment], ...]:
    """What is assigned on the line, and does not end before ``since``."""
    query = (
        select(AssignmentRow)
        .join(StationRow, AssignmentRow.station == StationRow.code)
        .where(
            StationRow.line == line,
            or_(AssignmentRow.end.is_(None), AssignmentRow.end > since),
            or_(AssignmentRow.end.is_(None), AssignmentRow.end > AssignmentRow.start),
        )
        .order_by(AssignmentRow.start, AssignmentRow.id)
    )
    return tuple(
        (row.person, Assignment(row.station, Span(row.start, row.end), AssignmentKind(row.kind)))
        for row in session.scalars(query)
    )


@remembered("badge")
def _slots(session: Session, people: frozenset[str]) -> dict[str, SlotInfo]:
    query = (
        select(Badge)
        .where(Badge.person.in_(people), Badge.active, Badge.revoked.is_(None))
        .order_by(Badge.issued, Badge.id)
    )
    return {
        row.person: SlotInfo(  # the newest wins: a bundle key is sealed to one key a person
            kind=CredentialKind(row.kind),
            tag=row.slot_tag,
            salt=row.slot_salt,
            box=row.slot_box,
            seal_public=row.seal_public,
            sign_public=row.sign_public,
            badge_tail=row.tail,
        )
        for row in session.scalars(query)
    }


def _signable(
    signed: Signed, slot: SlotInfo, texts: Mapping[str, FloorText], until: datetime
) -> dict[str, str]:
    """What may be signed at the kiosk: with badge and PIN, what is not signed or lapses before the lease
    ends. Who took a signature back decides whether it is given again, not the person.
    """
    if slot.kind is not CredentialKind.UID_PIN:
        return {}
    versions = {code: text.said.version for code, text in texts.items()}
    return {
        code: version
        for code, version in versions.items()
        if signed.ended.get(code) is not AgreementEnd.WITHDRAWN
        and (signed.versions.get(code) != version or signed.until.get(code, until) < until)
    }


def _grouped(
    session: Session, group: Any, value: Any, among: Sequence[Any], *more: Any
) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for key, item in session.execute(select(group, value).where(group.in_(among), *more).order_by(value)):
        found[key].append(item)
    return found
