"""The review queue: what of the views somebody in quality should look at, and why.

Views are judged by person, station and day (UTC, by the kiosks' clocks). Every flag is a sentence with the
numbers behind it; nothing is scored. A view is explained by an assignment, relief or grant that held when it
began, or as the page in hand within the grace after one, or by the unit that was in work at its end; the last
is flagged all the same, as a view after a reassignment. A grant is a case by itself, whether or not anything
was seen by it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.hub.schema import AssignmentRow, EventRow, KioskRow, ReviewVerdict
from app.hub.schema_grants import GrantRow
from app.hub.settings import setting
from app.model.errors import Refused
from app.model.explained import Spans, explained, worked_on
from app.model.terms import GrantKind
from app.model.usual import Usual
from app.wire.messages import VIEWS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from app.model.usual import Group

LEAST_FAST, LEAST_VOLUME, TIMES_USUAL = 10, 25, 3
"""Fewer different pages (in a minute, in a day) are never flagged; nor fewer than so many times the usual."""

USUAL = timedelta(days=14)
"""So much before a period is read, too, where the period alone may be too short to tell what is usual."""

MINUTE = timedelta(minutes=1)


class Flag(StrEnum):
    """Why a case is in the queue."""

    UNEXPLAINED = "unexplained"
    REASSIGNED = "after reassignment"
    OUTSIDE_HOURS = "outside working hours"
    FAST = "paging fast"
    VOLUME = "unusual volume"
    GLASS = "break-glass"
    ADMITTED = "admitted without the hub"
    WANTED = "admission found wanted"


@dataclass(frozen=True)
class Why:
    """A flag, and the sentence that explains it."""

    flag: Flag
    says: str


@dataclass(frozen=True)
class Asked:
    """Which views are judged. The usual is taken from the same period and ``before``, whatever the person or
    station.
    """

    start: datetime | None = None
    end: datetime | None = None
    client: str = ""
    person: str = ""
    station: str = ""
    before: timedelta = timedelta(0)


@dataclass(frozen=True)
class Case:
    """One person at one station on one day, with what is remarkable. ``verdict`` is None while it is open.

    ``late`` is how many of the views the hub received after the verdict was given: it does not speak of them.
    """

    person: str
    station: str
    day: date
    looks: int
    pages: int
    first: datetime
    last: datetime
    why: tuple[Why, ...]
    verdict: ReviewVerdict | None
    late: int = 0

    @property
    def settled(self) -> bool:
        """Whether two persons gave a verdict on all of it."""
        return self.verdict is not None and self.verdict.confirmed is not None and not self.late

    @property
    def code(self) -> str:
        """The case's name on the command line."""
        return case_code(self.person, self.station, self.day)


def case_code(person: str, station: str, day: date) -> str:
    """Return the name of a case."""
    return f"{day.isoformat()}/{station}/{person}"


_CASE = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})/(?P<station>[^/]+)/(?P<person>.+)", re.ASCII)


def named_case(code: str) -> tuple[str, str, datetime]:
    """Return the person, the station and the first moment of the day of a case.

    Raises:
        Refused: this is no case's name.
    """
    named = _CASE.fullmatch(code)
    try:
        begin = None if named is None else datetime.fromisoformat(named["day"]).replace(tzinfo=UTC)
    except ValueError:
        begin = None
    if named is None or begin is None:
        raise Refused(f"{code} is not a case.", advice="See: stationleaf admin review list", code="bad_case")
    return named["person"], named["station"], begin


@dataclass(frozen=True)
class _Look:
    wall: datetime
    page: str
    received: datetime
    unit: str


def review(session: Session, asked: Asked) -> list[Case]:
    """Return the flagged cases, by day, station and person."""
    groups = _groups(session, asked)
    grants = _grants(session, asked)
    grace = timedelta(seconds=setting(session, "grace_seconds"))
    volume = Usual({group: len({look.page for look in looks}) for group, looks in groups.items()})
    pace = Usual({group: _pace(looks) for group, looks in groups.items()})
    assignments, hours = _assignments(session), str(setting(session, "working_hours"))
    verdicts = {row.code: row for row in session.scalars(select(ReviewVerdict))}
    cases = []
    told = groups.keys() if asked.client else groups.keys() | grants.keys()
    for group in sorted(told, key=lambda group: (group[2], group)):
        (person, station, day), looks, granted = group, groups.get(group, []), grants.get(group, [])
        if (asked.person and person != asked.person) or (asked.station and station != asked.station):
            continue
        looks = [look for look in looks if asked.start is None or look.wall >= asked.start]
        if not looks and not granted:
            continue
        why = [
            *(() if asked.client else map(_granted, granted)),
            *_alone(looks, [*assignments.get((person, station), []), *granted], grace, hours),
            *_above("in one minute", group, pace, LEAST_FAST, Flag.FAST, alone=True),
            *_above("on this day", group, volume, LEAST_VOLUME, Flag.VOLUME),
        ]
        if why:
            cases.append(_case(group, looks, granted, why, verdicts.get(case_code(person, station, day))))
    return cases


def judged(session: Session, client: str, start: datetime, end: datetime | None = None) -> list[Case]:
    """Return the cases from the day of ``start`` to that of ``end`` that have a verdict and views of this
    client's pages, by day, station and person.

    Only those views are read, however many there are beside. So the flags are those that the views have by
    themselves; what was flagged by comparison with the usual is told by the verdict's reason alone.
    """
    after = start.date().isoformat()
    query = select(ReviewVerdict).where(ReviewVerdict.code >= after).order_by(ReviewVerdict.code)
    if end is not None:
        query = query.where(ReviewVerdict.code < (end.date() + timedelta(days=1)).isoformat())
    verdicts = {named_case(row.code): row for row in session.scalars(query)}
    assignments, grants = _assignments(session, {key[0] for key in verdicts}), _grants(session, Asked(start))
    grace = timedelta(seconds=setting(session, "grace_seconds"))
    hours = str(setting(session, "working_hours"))
    cases = []
    for (person, station, begin), verdict in verdicts.items():
        of_day = _views_in(Asked(begin, begin + timedelta(days=1), client))
        rows = session.execute(of_day.where(EventRow.person == person, EventRow.station == station))
        looks = [_Look(wall, page, received, unit) for _, _, wall, page, received, unit in rows]
        if looks:
            group = person, station, begin.date()
            held: list[AssignmentRow | GrantRow] = [*assignments.get((person, station), [])]
            held += grants.get(group, [])
            cases.append(_case(group, looks, (), _alone(looks, held, grace, hours), verdict))
    return cases


def concerns_others(session: Session, case: Case, client: str) -> bool:
    """Whether a case has views of other clients' pages, too: then its verdict's reason may speak of them."""
    _, _, begin = named_case(case.code)
    other = select(EventRow.id).where(
        EventRow.kind.in_([kind.value for kind in VIEWS]),
        EventRow.person == case.person,
        EventRow.station == case.station,
        EventRow.client != client,
        EventRow.wall >= begin,
        EventRow.wall < begin + timedelta(days=1),
    )
    return session.scalars(other.limit(1)).first() is not None


def _case(
    group: Group,
    looks: Sequence[_Look],
    granted: Sequence[GrantRow],
    why: Iterable[Why],
    verdict: ReviewVerdict | None,
) -> Case:
    late = 0 if verdict is None else sum(look.received > verdict.at for look in looks)
    moments = [look.wall for look in looks] or [row.start for row in granted]
    pages = len({look.page for look in looks})
    return Case(*group, len(looks), pages, moments[0], moments[-1], tuple(why), verdict, late)


def _views_in(asked: Asked) -> Select[str, str, datetime, str, datetime, str]:
    """Person, station, wall time, page, receipt and unit of the views asked for, oldest first."""
    query = select(
        EventRow.person, EventRow.station, EventRow.wall, EventRow.page, EventRow.received, EventRow.unit
    ).where(EventRow.kind.in_([kind.value for kind in VIEWS]))
    if asked.start is not None:
        query = query.where(EventRow.wall >= asked.start - asked.before)
    if asked.end is not None:
        query = query.where(EventRow.wall < asked.end)
    if asked.client:
        query = query.where(EventRow.client == asked.client)
    return query.order_by(EventRow.wall)


def _groups(session: Session, asked: Asked) -> dict[Group, list[_Look]]:
    found: dict[Group, list[_Look]] = defaultdict(list)
    rows = session.execute(_views_in(asked).execution_options(yield_per=2000))
    for person, station, wall, page, received, unit in rows:
        found[person, station, wall.date()].append(_Look(wall, page, received, unit))
    return found


def _pace(looks: Sequence[_Look]) -> int:
    """The most different pages that began within one minute."""
    walls = [look.wall for look in looks]
    ends = ((at, bisect_left(walls, look.wall + MINUTE)) for at, look in enumerate(looks))
    return max((len({each.page for each in looks[at:end]}) for at, end in ends), default=0)


def _assignments(
    session: Session, people: Collection[str] | None = None
) -> dict[tuple[str, str], list[AssignmentRow]]:
    """Those of all, or of these people, by person and station."""
    found: dict[tuple[str, str], list[AssignmentRow]] = defaultdict(list)
    query = select(AssignmentRow).order_by(AssignmentRow.start)
    if people is not None:
        query = query.where(AssignmentRow.person.in_(people))
    for row in session.scalars(query):
        found[row.person, row.station].append(row)
    return found


def _grants(session: Session, asked: Asked) -> dict[Group, list[GrantRow]]:
    """The grants by person, the kiosk's station and day."""
    found: dict[Group, list[GrantRow]] = defaultdict(list)
    query = select(GrantRow, KioskRow.station).join(KioskRow, KioskRow.code == GrantRow.kiosk)
    if asked.start is not None:
        query = query.where(GrantRow.start >= asked.start)
    if asked.end is not None:
        query = query.where(GrantRow.start < asked.end)
    for row, bound in session.execute(query.order_by(GrantRow.start)):
        station = bound if row.kind == GrantKind.BREAK_GLASS.value else row.station
        found[row.person, station, row.start.date()].append(row)
    return found


def _granted(row: GrantRow) -> Why:
    """The sentence on a grant."""
    span = f"from {row.start:%H:%M} to {row.end:%H:%M} UTC, by {row.by}: {row.reason}."
    if row.wanted:
        return Why(Flag.WANTED, f"Admitted {span} The hub found: {', '.join(row.wanted)}.")
    if row.kind == GrantKind.BREAK_GLASS.value:
        return Why(Flag.GLASS, f"Pages of {row.station} {span}")
    return Why(Flag.ADMITTED, f"Admitted {span}")


def _alone(
    looks: Sequence[_Look], held: Sequence[AssignmentRow | GrantRow], grace: timedelta, hours: str
) -> Iterable[Why]:
    """The flags that views have by themselves, whatever is usual."""
    yield from _unexplained(looks, held, grace)
    yield from _outside(looks, hours)


def _unexplained(
    looks: Sequence[_Look], assignments: Sequence[AssignmentRow | GrantRow], grace: timedelta
) -> Iterable[Why]:
    spans = Spans(assignments, grace)
    known = explained([(look.wall, look.page) for look in looks], spans)
    bare = [look for look, well in zip(looks, known, strict=True) if not well]
    if not bare:
        return
    going_on = worked_on([(look.wall, look.unit) for look in looks], spans)
    units = [look.unit for look, well, on in zip(looks, known, going_on, strict=True) if on and not well]
    ended = [row for row in assignments if row.end is not None and row.end <= bare[0].wall]
    if ended:
        last = max(ended, key=lambda row: row.end or row.start)
        yield Why(
            Flag.REASSIGNED,
            f"{_views(len(bare))} began after the assignment had ended at {last.end:%Y-%m-%d %H:%M} UTC; the "
            f"first at {bare[0].wall:%H:%M:%S}."
            + (f" {len(units)} of them went on with the unit in work, {units[0]}." if units else ""),
        )
    else:
        yield Why(
            Flag.UNEXPLAINED,
            f"{_views(len(bare))} began while no assignment or relief held; the first at "
            f"{bare[0].wall:%H:%M:%S}.",
        )


def _outside(looks: Sequence[_Look], hours: str) -> Iterable[Why]:
    if not hours:
        return
    begin, _, end = hours.partition("-")
    outside = [look for look in looks if not _between(f"{look.wall:%H:%M}", begin, end)]
    if outside:
        yield Why(
            Flag.OUTSIDE_HOURS,
            f"{_views(len(outside))} began outside {hours} UTC; the first at {outside[0].wall:%H:%M:%S}.",
        )


def _between(at: str, begin: str, end: str) -> bool:
    """Whether a time of day is in a span that may go over midnight."""
    return begin <= at < end if begin <= end else at >= begin or at < end


def _above(
    when: str, group: Group, measure: Usual, least: int, flag: Flag, *, alone: bool = False
) -> Iterable[Why]:
    """Flag what is far above the usual; ``alone``: also where there is nothing to compare it with."""
    value = measure.of(group)
    if value < least:
        return
    there, own = measure.there(group), measure.own(group)
    usual = [each for each in (there, own) if each is not None]
    if any(value >= TIMES_USUAL * each for each in usual) or (alone and not usual):
        said = [f"the median at this station is {there:g}"] if there is not None else []
        said += [f"this person's there is {own:g}"] if own is not None else []
        beside = " and ".join(said) or "there is nothing to compare it with yet"
        yield Why(flag, f"{value} different pages {when}; {beside}.")


def _views(count: int) -> str:
    return f"{count} view{'' if count == 1 else 's'}"
