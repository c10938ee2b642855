"""The board of a supervisor: lines, stations, people, assignments and kiosks at one moment. Reads only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select, tuple_

from app.hub.acting import Task
from app.hub.agreements import signed_by
from app.hub.calls import standing
from app.hub.foresee import page_counts
from app.hub.revocations import locked_stations
from app.hub.schema import (
    AssignmentRow,
    Badge,
    ChangeRow,
    Client,
    EventRow,
    KioskRow,
    LeaseRow,
    Line,
    ManifestBlob,
    Part,
    PersonRole,
    PersonRow,
    StationPart,
    StationRow,
)
from app.hub.settings import setting
from app.hub.told_faults import faults
from app.model.terms import VIEWING_ROLES, AssignmentKind, KioskStatus, Role
from app.seal.encoding import canonical, sha256
from app.wire.desk import (
    Board,
    BoardCard,
    BoardClient,
    BoardKiosk,
    BoardLine,
    BoardMove,
    BoardPerson,
    BoardSeat,
    BoardStation,
)
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.hub.acting import Actor

ONLINE = timedelta(seconds=30)
"""A kiosk that has asked within this time is online, whether or not it listens to a stream of this hub."""

SIGNED_IN_SINCE = timedelta(hours=16)
"""How far back the journal is searched for who is signed in: no longer than anybody stays at a station."""

MOVED, UNDONE = "move", "move.undo"
"""The acts of moving somebody and of taking it back."""

NEWS = timedelta(seconds=60)
"""So long a move is told to others."""

AHEAD = timedelta(hours=24)
"""Assignments that begin within this time are on the board."""


@dataclass(frozen=True)
class Streams:
    """Who keeps a stream open at this hub: the devices ``listening``, and who sits at which desk (``seats``
    without the asking one).
    """

    listening: frozenset[str] = frozenset()
    seats: frozenset[tuple[str, str]] = frozenset()


def board(session: Session, by: Actor, now: datetime, streams: Streams = Streams()) -> Board:
    """Everything that the board shows to ``by`` at ``now``; own lines come first."""
    rows = running(session, now)
    clients = {row.code: row for row in session.scalars(select(Client).order_by(Client.code))}
    return Board(
        lines=_lines(session, by),
        stations=_stations(session, now),
        people=_people(session, rows, clients, now),
        cards=tuple(
            BoardCard(
                person=row.person, station=row.station, kind=AssignmentKind(row.kind),
                start=row.start, until=row.end,
            )
            for row in rows
            if row.start < now + AHEAD
        ),
        kiosks=_kiosks(session, now, streams.listening),
        reason=setting(session, "move_reason"),
        clients=tuple(BoardClient(code=code, name=row.name) for code, row in clients.items()),
        calls=standing(session, now),
        others=_others(session, streams.seats),
        moved=_moved(session, by, now),
    )  # fmt: skip


def _others(session: Session, seats: frozenset[tuple[str, str]]) -> tuple[BoardSeat, ...]:
    people = {row.code: row.name for row in _people_of(session, {person for _, person in seats})}
    return tuple(
        BoardSeat(desk=desk, person=person, name=people.get(person, person)) for desk, person in sorted(seats)
    )


def _moved(session: Session, by: Actor, now: datetime) -> BoardMove | None:
    """The newest move of somebody else within ``NEWS``."""
    # By number, newest first, and no further than asked: years of moves are not walked for the last minute's.
    newest = select(ChangeRow).order_by(ChangeRow.id.desc()).execution_options(yield_per=20)
    with session.scalars(newest) as rows:
        recent = takewhile(lambda row: row.at > now - NEWS, rows)
        moves = (row for row in recent if row.act in {MOVED, UNDONE} and row.by != by.person)
        row = next(moves, None)
    if row is None:
        return None
    people = {one.code: one.name for one in _people_of(session, {row.by, row.subject})}
    return BoardMove(
        number=row.id, by=people.get(row.by, row.by), person=people.get(row.subject, row.subject),
        source=row.before["station"], target=row.after["station"],
    )  # fmt: skip


def _people_of(session: Session, codes: set[str]) -> list[PersonRow]:
    return list(session.scalars(select(PersonRow).where(PersonRow.code.in_(codes)))) if codes else []


def running(session: Session, now: datetime, person: str = "") -> list[AssignmentRow]:
    """The assignments that run or are still to come, by station, start and row."""
    query = select(AssignmentRow).where(
        or_(AssignmentRow.end.is_(None), AssignmentRow.end > now),
        or_(AssignmentRow.end.is_(None), AssignmentRow.end > AssignmentRow.start),
    )
    if person:
        query = query.where(AssignmentRow.person == person)
    order = (AssignmentRow.station, AssignmentRow.start, AssignmentRow.id)
    return list(session.scalars(query.order_by(*order)))


def version(rows: Iterable[AssignmentRow]) -> str:
    """Names a person's assignments as they stand: another one after any change of them."""
    told = sorted((row.id, "" if row.end is None else row.end.isoformat()) for row in rows)
    return sha256(canonical([list(each) for each in told]))[:16]


def _lines(session: Session, by: Actor) -> tuple[BoardLine, ...]:
    found = [
        BoardLine(code=row.code, name=row.name, mine=by.may(Task.ASSIGN) and by.supervises(row.code))
        for row in session.scalars(select(Line).order_by(Line.code))
    ]
    return tuple(sorted(found, key=lambda line: (not line.mine, line.code)))


def _stations(session: Session, now: datetime) -> tuple[BoardStation, ...]:
    pages, shut, clients = page_counts(session, now), locked_stations(session), _clients_at(session)
    return tuple(
        BoardStation(
            code=row.code, name=row.name, line=row.line, pages=pages.get(row.code, 0),
            locked_down=row.code in shut, clients=tuple(sorted(clients[row.code])),
        )
        for row in session.scalars(select(StationRow).order_by(StationRow.line, StationRow.code))
    )  # fmt: skip


def _clients_at(session: Session) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    query = select(StationPart.station, Part.client).join(Part, Part.code == StationPart.part)
    for station, client in session.execute(query):
        found[station].add(client)
    return found


def _people(
    session: Session, rows: list[AssignmentRow], clients: dict[str, Client], now: datetime
) -> tuple[BoardPerson, ...]:
    """Whoever works at stations: by role, or because somebody is assigned there all the same."""
    by_person: dict[str, list[AssignmentRow]] = defaultdict(list)
    for row in rows:
        by_person[row.person].append(row)
    roles = [role.value for role in VIEWING_ROLES if role in {Role.OPERATOR, Role.LEAD}]
    works = select(PersonRole.person).where(PersonRole.role.in_(roles))
    badged = set(session.scalars(select(Badge.person).where(Badge.active, Badge.revoked.is_(None))))
    people = session.scalars(
        select(PersonRow)
        .where(PersonRow.active, or_(PersonRow.code.in_(works), PersonRow.code.in_(list(by_person))))
        .order_by(PersonRow.name, PersonRow.code)
    ).all()
    in_force = {code: client.agreement_version for code, client in clients.items()}
    signed = signed_by(session, [row.code for row in people], in_force, now)
    return tuple(
        BoardPerson(
            code=row.code, name=row.name, version=version(by_person[row.code]), badge=row.code in badged,
            lacks=tuple(code for code in in_force if signed[row.code].versions.get(code) != in_force[code]),
        )
        for row in people
    )  # fmt: skip


def _kiosks(session: Session, now: datetime, listening: frozenset[str]) -> tuple[BoardKiosk, ...]:
    signed_in, leases, broken = _signed_in(session, now), _leases(session, now), faults(session)
    rows = list(session.scalars(select(KioskRow).order_by(KioskRow.station, KioskRow.code)))
    online = {
        row.code
        for row in rows
        if row.code in listening or (row.seen is not None and now - row.seen < ONLINE)
    }
    return tuple(
        BoardKiosk(
            code=row.code,
            station=row.station,
            status=KioskStatus(row.status),
            online=row.code in online,
            since=None if row.code in online else row.seen,
            person=signed_in.get((row.code, row.epoch), ""),
            lease_until=leases[row.code][0] if row.code in leases else None,
            pages=leases[row.code][1] if row.code in leases else 0,
            pulled=row.pulled,
            waiting=row.waiting,
            journal=broken.get((row.code, row.epoch), ""),
        )
        for row in rows
        if row.status != KioskStatus.RETIRED.value
    )


def _signed_in(session: Session, now: datetime) -> dict[tuple[str, int], str]:
    """Per device who began a session that has not ended; a start of the kiosk ends one, too."""
    kinds = [kind.value for kind in (EventKind.SESSION_BEGIN, EventKind.SESSION_END, EventKind.KIOSK_STARTED)]
    newest = (
        select(EventRow.kiosk, EventRow.epoch, func.max(EventRow.seq))
        .where(EventRow.kind.in_(kinds), EventRow.wall > now - SIGNED_IN_SINCE)
        .group_by(EventRow.kiosk, EventRow.epoch)
    )
    query = select(EventRow.kiosk, EventRow.epoch, EventRow.person).where(
        tuple_(EventRow.kiosk, EventRow.epoch, EventRow.seq).in_(newest),
        EventRow.kind == EventKind.SESSION_BEGIN.value,
    )
    return {(kiosk, epoch): person for kiosk, epoch, person in session.execute(query)}


def _leases(session: Session, now: datetime) -> dict[str, tuple[datetime, int]]:
    newest = (
        select(LeaseRow.kiosk, func.max(LeaseRow.number))
        .where(LeaseRow.expires > now)
        .group_by(LeaseRow.kiosk)
    )
    pages = (
        select(func.count())
        .select_from(ManifestBlob)
        .where(ManifestBlob.manifest == LeaseRow.manifest)
        .correlate(LeaseRow)
        .scalar_subquery()
    )
    query = select(LeaseRow.kiosk, LeaseRow.expires, pages).where(
        tuple_(LeaseRow.kiosk, LeaseRow.number).in_(newest)
    )
    return {kiosk: (expires, count) for kiosk, expires, count in session.execute(query)}
