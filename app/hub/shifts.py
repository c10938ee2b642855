"""Shift plans: who works where from when until when on a day of a line; copied from another day, or from CSV.

A plan is nothing but assignments that begin later. Everything of one is put down or nothing, and each row is
told with what is in its way or to be known: who could read nothing there, who is planned twice.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select

from app.hub import work
from app.hub.columns import NAMES
from app.hub.foresee import foresee
from app.hub.lookup import Outcome, need
from app.hub.schema import AssignmentRow, Line, PersonRow, StationRow
from app.hub.settings import setting
from app.hub.table import BadRow, read_table, read_time
from app.model.errors import Expected, Refused
from app.model.terms import AssignmentKind
from app.wire.desk import PlanReply, PlanRow, PlanSpan, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sqlalchemy.orm import Session

    from app.hub.acting import Acting

MOST_ROWS = 500
"""Rows of one plan."""


_FIRST, _LAST = date(1970, 1, 1), date(9000, 1, 1)


@dataclass(frozen=True)
class Day:
    """A day of the plant, from midnight to midnight there."""

    date: date
    zone: ZoneInfo

    @classmethod
    def read(cls, day: str, zone: str) -> Day:
        """Read ``2026-03-02`` and the name of a time zone.

        Raises:
            Refused: either is not one (``bad_time``).
        """
        with suppress(ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
            found = cls(date.fromisoformat(day), ZoneInfo(zone))
            if _FIRST <= found.date <= _LAST:  # days before and after it are days, too
                return found
        raise Refused(f"{day} in {zone} is not a day such as 2026-03-02 in Europe/Paris.", code="bad_time")

    @property
    def start(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.date, time(), self.zone).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The first moment of the next day."""
        return datetime.combine(self.date + timedelta(days=1), time(), self.zone).astimezone(UTC)

    def before(self, days: int) -> Day:
        """So many days earlier."""
        return Day(self.date - timedelta(days=days), self.zone)


@dataclass(frozen=True)
class Plan:
    """What is to be put down: ``spans``, or a CSV table, or the plan of ``copy_days`` before; and ``drop``,
    what is to be taken out.
    """

    line: str
    day: Day
    spans: tuple[PlanSpan, ...] = ()
    csv: str = ""
    copy_days: int = 0
    drop: tuple[PlanSpan, ...] = ()
    dry_run: bool = False


def planned(session: Session, line: str, day: Day) -> list[AssignmentRow]:
    """What is assigned at a line's stations on a day, by station, start and person.

    Raises:
        NotFound: there is no such line.
    """
    need(session, Line, line, "line")
    query = (
        select(AssignmentRow)
        .join(StationRow, StationRow.code == AssignmentRow.station)
        .where(
            StationRow.line == line,
            AssignmentRow.start < day.end,
            or_(
                AssignmentRow.end.is_(None),
                and_(AssignmentRow.end > day.start, AssignmentRow.end > AssignmentRow.start),
            ),
        )
        .order_by(AssignmentRow.station, AssignmentRow.start, AssignmentRow.person)
    )
    return list(session.scalars(query))


def copied(session: Session, line: str, day: Day, days: int) -> list[PlanSpan]:
    """The plan of ``days`` before, at the same hours of the clock on the wall.

    Only what has an end and begins on that day: what is open goes on by itself.
    """
    before = day.before(days)

    def moved(moment: datetime) -> datetime:
        local = moment.astimezone(day.zone).replace(tzinfo=None) + timedelta(days=days)
        return local.replace(tzinfo=day.zone).astimezone(UTC)

    return [
        PlanSpan(
            person=row.person, station=row.station, kind=AssignmentKind(row.kind), start=moved(row.start),
            end=moved(row.end),
        )
        for row in planned(session, line, before)
        if row.end is not None and before.start <= row.start
    ]  # fmt: skip


def from_csv(name: str, data: bytes, zone: ZoneInfo) -> tuple[list[tuple[int, PlanSpan]], list[BadRow]]:
    """Read a table of assignments (``hub.columns``); a time of day without a zone is one of ``zone``."""
    table = NAMES["assignments"]
    bad: list[BadRow] = []
    found = []
    for row in read_table(name, data, table.required, table.optional, bad):
        cells = row.cells
        try:
            span = PlanSpan.model_validate(
                {
                    "person": cells["person"], "station": cells["station"],
                    "kind": (cells["kind"] or AssignmentKind.ASSIGNED).lower(),
                    "start": read_time(cells["start"], zone=zone), "end": read_time(cells["end"], zone=zone),
                }
            )  # fmt: skip
        except Refused as error:
            bad.append(BadRow(name, row.line, str(error)))
        except ValueError:
            bad.append(BadRow(name, row.line, "person, station, kind or start is not one"))
        else:
            found.append((row.line, span))
    return found, sorted(bad)


def put(
    plan: Plan,
    rehearse: Callable[[], AbstractContextManager[Acting]],
    begin: Callable[[], AbstractContextManager[Acting]],
) -> PlanReply:
    """Put a plan down, or with ``dry_run`` or where a row is bad, say what would come of it.

    Raises:
        Refused: nothing to do, too much, or a reason is missing where policy asks for one (``needs_reason``).
        NotFound: there is no such line.
    """
    with rehearse() as acting:
        told = _apply(acting, plan)
    if plan.dry_run or any(row.bad for row in told.rows):
        return told
    with begin() as acting:
        if told.needs_reason and not acting.reason:
            raise Refused("This plan needs a reason.", advice="Say why.", code="needs_reason")
        done = _apply(acting, plan)
        if any(row.bad for row in done.rows):
            raise Refused(
                "Somebody has changed the plant meanwhile; nothing was changed now.",
                advice="Try again.",
                code="changed_meanwhile",
            )
    return done.model_copy(update={"written": True})


def _apply(acting: Acting, plan: Plan) -> PlanReply:
    need(acting.session, Line, plan.line, "line")
    numbered, bad = _wished(acting.session, plan)
    if len(numbered) + len(plan.drop) > MOST_ROWS:
        raise Refused(f"A plan has at most {MOST_ROWS} rows.", advice="Import it in parts.", code="too_large")
    rows = [_dropped(acting, number, span) for number, span in enumerate(plan.drop, 1)]
    rows += [_row(acting, len(plan.drop) + number, span) for number, span in numbered]
    rows += [PlanRow(number=one.line, says=one.problem, bad=True) for one in bad]
    policy = setting(acting.session, "move_reason")
    withheld = any(row.withheld for row in rows)
    needs = policy == "always" or (policy == "withheld" and withheld)
    return PlanReply(rows=tuple(sorted(rows, key=lambda row: row.number)), needs_reason=needs)


def _wished(session: Session, plan: Plan) -> tuple[list[tuple[int, PlanSpan]], list[BadRow]]:
    if plan.csv:
        return from_csv("plan", plan.csv.encode(), plan.day.zone)
    spans = copied(session, plan.line, plan.day, plan.copy_days) if plan.copy_days else plan.spans
    return list(enumerate(spans, 1)), []


def _row(acting: Acting, number: int, span: PlanSpan) -> PlanRow:
    session, told = acting.session, PlanRow(number=number, span=span)
    try:
        person = need(session, PersonRow, span.person, "person")
        told = told.model_copy(update={"name": person.name})
        twice = _elsewhere(session, span)
        outcome = work.assign(
            acting, person=span.person, station=span.station, kind=span.kind,
            start=None if span.start <= acting.now else span.start, end=span.end,
        )  # fmt: skip
        if outcome is Outcome.SAME:
            return told.model_copy(update={"says": "is planned so already", "same": True})
        (outlook,) = foresee(session, acting.by, person, acting.now, only=(span.station,))
    except Expected as error:
        return told.model_copy(update={"says": str(error), "bad": True})
    if outlook.verdict is Verdict.SHUT and span.start <= acting.now:
        return told.model_copy(update={"says": outlook.says, "bad": True})
    withheld = outlook.verdict is not Verdict.OPEN or bool(outlook.breaks)
    says = " ".join(filter(None, (outlook.says, outlook.breaks, _twice(twice))))
    return told.model_copy(update={"says": says, "withheld": withheld})


def _dropped(acting: Acting, number: int, span: PlanSpan) -> PlanRow:
    told = PlanRow(number=number, span=span)
    try:
        told = told.model_copy(update={"name": need(acting.session, PersonRow, span.person, "person").name})
        work.drop(
            acting, person=span.person, station=span.station, kind=span.kind, start=span.start, end=span.end
        )
    except Expected as error:
        return told.model_copy(update={"says": str(error), "bad": True})
    return told.model_copy(update={"says": "ends now" if span.start <= acting.now else "is taken out"})


def _elsewhere(session: Session, span: PlanSpan) -> list[str]:
    """Where else the person is to work, not as relief, while this span lasts."""
    if span.kind is not AssignmentKind.ASSIGNED:
        return []
    query = select(AssignmentRow.station).where(
        AssignmentRow.person == span.person,
        AssignmentRow.station != span.station,
        AssignmentRow.kind == AssignmentKind.ASSIGNED.value,
        or_(AssignmentRow.end.is_(None), AssignmentRow.end > span.start),
        or_(AssignmentRow.end.is_(None), AssignmentRow.end > AssignmentRow.start),
    )
    if span.end is not None:
        query = query.where(AssignmentRow.start < span.end)
    return sorted(set(session.scalars(query)))


def told_plan(session: Session, line: str, day: Day) -> PlanReply:
    """A day's plan as a desk shows it.

    Raises:
        NotFound: there is no such line.
    """
    rows = planned(session, line, day)
    people = select(PersonRow.code, PersonRow.name).where(PersonRow.code.in_({row.person for row in rows}))
    names = dict(session.execute(people).all())
    spans = [
        PlanSpan(
            person=row.person,
            station=row.station,
            kind=AssignmentKind(row.kind),
            start=row.start,
            end=row.end,
        )
        for row in rows
    ]
    return PlanReply(
        rows=tuple(
            PlanRow(
                number=number, span=span, name=names[span.person], same=True,
                says=_twice(_elsewhere(session, span)),
            )
            for number, span in enumerate(spans, 1)
        )
    )  # fmt: skip


def _twice(stations: list[str]) -> str:
    return f"Is planned at {', '.join(stations)} at that time, too." if stations else ""
