"""Who works where, and what for: assignments and relief, training. History stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from app.hub.acting import Acting, Task
from app.hub.lookup import Outcome, check_code, need
from app.hub.schema import (
    AssignmentRow,
    PersonRow,
    StationRow,
    TrainingRow,
)
from app.model.errors import NotFound, Refused
from app.model.terms import AssignmentKind

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def assign(
    acting: Acting,
    *,
    person: str,
    station: str,
    kind: AssignmentKind = AssignmentKind.ASSIGNED,
    start: datetime | None = None,
    end: datetime | None = None,
) -> Outcome:
    """Assign a person to a station over ``[start, end)``; ``start`` None means now, ``end`` None open.

    What overlaps for the same person, station and kind ends where the new span begins.

    Raises:
        Refused: the actor may not (a supervisor: on own lines only), the person is not active, or the span
            ends before it begins.
        NotFound: there is no such person or station.
    """
    session = acting.session
    row = need(session, PersonRow, person, "person")
    require_line(acting, need(session, StationRow, station, "station"))
    if not row.active:
        raise Refused(f"{person} is not active.", advice=f"First: stationleaf admin person activate {person}")
    begins = acting.now if start is None else start
    if end is not None and end <= begins:
        raise Refused("The assignment would end before it begins.", code="bad_span")
    overlapping = _spans(acting, person, station, kind, begins, end)
    for known in overlapping:
        covers = start is None and known.start <= begins
        if known.end == end and (covers or known.start == begins):
            return Outcome.SAME
    before = [_span(known) for known in overlapping] or None
    for known in overlapping:
        known.end = max(known.start, begins)
    added = AssignmentRow(
        person=person, station=station, start=begins, end=end, kind=kind.value,
        by=acting.by.person, reason=acting.reason, made=acting.now,
    )  # fmt: skip
    session.add(added)
    session.flush()
    acting.record(f"assign.{kind.value}", f"{person} {station}", before, _span(added))
    return Outcome.CHANGED if overlapping else Outcome.ADDED


def unassign(acting: Acting, *, person: str, station: str) -> Outcome:
    """End a person's assignments and relief at a station now; those still to come are dropped.

    Raises:
        Refused: the actor may not.
        NotFound: there is no such person or station.
    """
    session = acting.session
    need(session, PersonRow, person, "person")
    require_line(acting, need(session, StationRow, station, "station"))
    rows = session.scalars(
        select(AssignmentRow).where(
            AssignmentRow.person == person,
            AssignmentRow.station == station,
            or_(AssignmentRow.end.is_(None), AssignmentRow.end > acting.now),
        )
    ).all()
    ended = 0
    for row in rows:
        if row.end is not None and row.end <= row.start:
            continue  # dropped before it began
        before = _span(row)
        row.end = max(acting.now, row.start)
        acting.record("unassign", f"{person} {station}", before, _span(row))
        ended += 1
    return Outcome.CHANGED if ended else Outcome.SAME


def drop(
    acting: Acting, *, person: str, station: str, kind: AssignmentKind, start: datetime, end: datetime | None
) -> None:
    """End this one assignment now; one that is still to come is dropped. Times count to the millisecond.

    Raises:
        Refused: the actor may not.
        NotFound: there is no such station, or nobody is to work there so.
    """
    session = acting.session
    require_line(acting, need(session, StationRow, station, "station"))
    wanted = _moment(start), _moment(end)
    query = select(AssignmentRow).where(
        AssignmentRow.person == person,
        AssignmentRow.station == station,
        AssignmentRow.kind == kind.value,
        or_(AssignmentRow.end.is_(None), AssignmentRow.end > acting.now),
        or_(AssignmentRow.end.is_(None), AssignmentRow.end > AssignmentRow.start),
    )
    rows = (row for row in session.scalars(query) if (_moment(row.start), _moment(row.end)) == wanted)
    row = next(rows, None)
    if row is None:
        raise NotFound(f"{person} is not to work at {station} then any more.", advice="Read the plan again.")
    before = _span(row)
    row.end = max(acting.now, row.start)
    acting.record("unassign", f"{person} {station}", before, _span(row))


def _moment(time: datetime | None) -> datetime | None:
    return None if time is None else time.replace(microsecond=time.microsecond // 1000 * 1000)


def _spans(
    acting: Acting, person: str, station: str, kind: AssignmentKind, start: datetime, end: datetime | None
) -> list[AssignmentRow]:
    query = select(AssignmentRow).where(
        AssignmentRow.person == person,
        AssignmentRow.station == station,
        AssignmentRow.kind == kind.value,
        or_(AssignmentRow.end.is_(None), AssignmentRow.end > start),
        or_(AssignmentRow.end.is_(None), AssignmentRow.end > AssignmentRow.start),
    )
    if end is not None:
        query = query.where(AssignmentRow.start < end)
    return list(acting.session.scalars(query.order_by(AssignmentRow.start)))


def _span(row: AssignmentRow) -> dict[str, str | None]:
    end = None if row.end is None else row.end.isoformat()
    return {"kind": row.kind, "start": row.start.isoformat(), "end": end}


def end_now(acting: Acting, *, person: str, station: str) -> list[AssignmentRow]:
    """End what is assigned now, relief apart; what is planned for later stays. Returns those rows.

    Raises:
        Refused: the actor may not.
        NotFound: there is no such station.
    """
    require_line(acting, need(acting.session, StationRow, station, "station"))
    rows = [
        row
        for row in assignments(acting.session, person=person, station=station, now=acting.now)
        if row.kind == AssignmentKind.ASSIGNED.value and row.start <= acting.now
    ]
    for row in rows:
        before = _span(row)
        row.end = acting.now
        acting.record("unassign", f"{person} {station}", before, _span(row))
    return rows


def require_line(acting: Acting, station: StationRow) -> None:
    """Raise unless the actor may assign people at this station.

    Raises:
        Refused: no role allows it, or a supervisor of other lines.
    """
    acting.require(Task.ASSIGN)
    if not acting.by.supervises(station.line):
        raise Refused(
            f"{acting.by.person} does not supervise line {station.line} of station {station.code}.",
            advice="Ask that line's supervisor, or an administrator.",
            code="not_allowed",
        )


def train(
    acting: Acting, *, person: str, document: str, revision: str, until: datetime | None = None
) -> Outcome:
    """Record training on one revision, which may still be to come; ``until`` None does not lapse.

    Raises:
        Refused: the actor may not.
        NotFound: there is no such person.
    """
    acting.require(Task.TRAINING)
    session = acting.session
    need(session, PersonRow, person, "person")
    check_code("document", document)
    check_code("revision", revision)
    row = session.get(TrainingRow, (person, document, revision))
    after = {"document": document, "revision": revision, "until": until.isoformat() if until else None}
    if row is None:
        session.add(TrainingRow(person=person, document=document, revision=revision, until=until))
        session.flush()
        acting.record("training.add", person, None, after)
        return Outcome.ADDED
    if row.until == until:
        return Outcome.SAME
    before = {**after, "until": row.until.isoformat() if row.until else None}
    row.until = until
    session.flush()
    acting.record("training.change", person, before, after)
    return Outcome.CHANGED


def assignments(
    session: Session, *, person: str = "", station: str = "", now: datetime | None = None
) -> list[AssignmentRow]:
    """Return assignments by station and start; with ``now`` only those that have not ended."""
    query = select(AssignmentRow)
    if person:
        query = query.where(AssignmentRow.person == person)
    if station:
        query = query.where(AssignmentRow.station == station)
    if now is not None:
        query = query.where(
            or_(
                AssignmentRow.end.is_(None),
                and_(AssignmentRow.end > now, AssignmentRow.end > AssignmentRow.start),
            )
        )
    return list(session.scalars(query.order_by(AssignmentRow.station, AssignmentRow.start, AssignmentRow.id)))


def training(session: Session, *, person: str = "", document: str = "") -> list[TrainingRow]:
    """Return recorded training, by person and document."""
    query = select(TrainingRow)
    if person:
        query = query.where(TrainingRow.person == person)
    if document:
        query = query.where(TrainingRow.document == document)
    order = (TrainingRow.person, TrainingRow.document, TrainingRow.revision)
    return list(session.scalars(query.order_by(*order)))
