"""What happened around a case of the review queue, so that one sees the view that nothing explains."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from app.hub.review import named_case
from app.hub.schema import AssignmentRow, EventRow, KioskRow
from app.hub.schema_grants import GrantRow
from app.hub.settings import setting
from app.model.explained import Spans, explained, worked_on
from app.model.terms import AssignmentKind
from app.wire.desk_review import CaseReply, CaseSpan, CaseView, SpanKind
from app.wire.messages import VIEWS, Event, EventKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session


class _Held(NamedTuple):
    start: datetime
    end: datetime


AROUND = timedelta(minutes=30)
"""How much of the day is shown before the first and after the last of what happened."""

MOST_VIEWS = 5000


def timeline(session: Session, code: str) -> CaseReply:
    """The case's views with everything that could explain them.

    Raises:
        Refused: this is no case.
    """
    person, station, begin = named_case(code)
    views = _views(session, person, station, begin)
    held = [*_assignments(session, person, station), *_grants(session, person, station)]
    grace = timedelta(seconds=setting(session, "grace_seconds"))
    there = Spans([_Held(span.begin, span.end) for span in held], grace)
    known = explained([(view.at, view.page) for view in views], there)
    on = worked_on([(view.at, view.unit) for view in views], there)
    views = [
        view.model_copy(update={"explained": well or going_on})
        for view, well, going_on in zip(views, known, on, strict=True)
    ]
    day_end = begin + timedelta(days=1)
    here = [span for span in held if span.begin < day_end and span.end > begin]
    moments = [moment for view in views for moment in (view.at, view.until)]
    moments += [edge for span in here for edge in (span.begin, span.end) if begin < edge < day_end]
    first = max(begin, min(moments, default=begin) - AROUND)
    last = min(day_end, max(moments, default=day_end) + AROUND)
    spans = [*_shifts(str(setting(session, "working_hours")), begin), *here, *_units(views)]
    return CaseReply(
        code=code, begin=first, end=last,
        spans=tuple(_cut(span, first, last) for span in spans if span.begin < last and span.end > first),
        views=tuple(views),
    )  # fmt: skip


def _cut(span: CaseSpan, first: datetime, last: datetime) -> CaseSpan:
    return span.model_copy(update={"begin": max(span.begin, first), "end": min(span.end, last)})


def _views(session: Session, person: str, station: str, begin: datetime) -> list[CaseView]:
    kinds = [kind.value for kind in VIEWS | {EventKind.VIEW_END}]
    query = (
        select(EventRow)
        .where(
            EventRow.person == person, EventRow.station == station, EventRow.kind.in_(kinds),
            EventRow.wall >= begin, EventRow.wall < begin + timedelta(days=1),
        )
        .order_by(EventRow.wall, EventRow.id)
        .limit(2 * MOST_VIEWS)
    )  # fmt: skip
    found: list[CaseView] = []
    for row in session.scalars(query):
        if row.kind in VIEWS:
            number = Event.read(row.data).body.get("number", "")
            page = f"{row.revision} p. {number}" if number else row.revision
            page += ", perhaps (the kiosk stopped)" if row.kind == EventKind.VIEW_ANNOUNCED else ""
            found.append(
                CaseView(
                    at=row.wall, until=row.wall, page=page, kiosk=row.kiosk, unit=row.unit, explained=False
                )
            )
        elif found and found[-1].until == found[-1].at:
            found[-1] = found[-1].model_copy(update={"until": row.wall})
    return found


def _assignments(session: Session, person: str, station: str) -> Iterator[CaseSpan]:
    query = select(AssignmentRow).where(AssignmentRow.person == person, AssignmentRow.station == station)
    for row in session.scalars(query.order_by(AssignmentRow.start)):
        kind = SpanKind.RELIEF if row.kind == AssignmentKind.RELIEF.value else SpanKind.ASSIGNED
        says = f"{kind.value} by {row.by}" + (f": {row.reason}" if row.reason else "")
        yield CaseSpan(kind=kind, begin=row.start, end=row.end or _NEVER, says=says)


def _grants(session: Session, person: str, station: str) -> Iterator[CaseSpan]:
    query = (
        select(GrantRow)
        .join(KioskRow, KioskRow.code == GrantRow.kiosk)
        .where(GrantRow.person == person, (GrantRow.station == station) | (KioskRow.station == station))
        .order_by(GrantRow.start)
    )
    for row in session.scalars(query):
        yield CaseSpan(
            kind=SpanKind.GRANT, begin=row.start, end=row.end, says=f"{row.kind} by {row.by}: {row.reason}"
        )


_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def _shifts(hours: str, day: datetime) -> Iterator[CaseSpan]:
    """The working hours of the setting, on this day; they may go over midnight."""
    if not hours:
        return
    begin, end = (datetime.combine(day.date(), time.fromisoformat(part), UTC) for part in hours.split("-"))
    whole = [(begin, end)] if begin <= end else [(day, end), (begin, day + timedelta(days=1))]
    for first, last in whole:
        yield CaseSpan(kind=SpanKind.SHIFT, begin=first, end=last, says=hours)


def _units(views: list[CaseView]) -> Iterator[CaseSpan]:
    """Units in work, from the first view with one to the last in a row."""
    at = 0
    while at < len(views):
        last = at
        while last + 1 < len(views) and views[last + 1].unit == views[at].unit:
            last += 1
        if views[at].unit:
            end = max(views[last].until, views[at].at + timedelta(seconds=1))
            yield CaseSpan(kind=SpanKind.UNIT, begin=views[at].at, end=end, says=views[at].unit)
        at = last + 1
