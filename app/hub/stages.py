"""Whether a planned split keeps the stages of a part's process apart, and who or what breaks it.

A stage is a group of stations; where nobody says otherwise, each line is one. Two stages are apart while
nobody and nothing is, was or will be given confidential pages of both.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from app.hub.exposure import Counted, count_pages, given, union
from app.hub.lookup import need
from app.hub.schema import (
    AssignmentRow,
    Document,
    KioskRow,
    PageRow,
    Part,
    RevisionRow,
    StationPart,
    StationRow,
)
from app.hub.schema_grants import GrantRow
from app.model.errors import NotFound, Refused
from app.model.terms import RevisionStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Break:
    """What joins two stages: a page, person, kiosk, line or station (``kind``), and how."""

    kind: str
    code: str
    stages: tuple[str, ...]
    says: str


@dataclass(frozen=True)
class Split:
    """The stages with their number of pages, and everything that breaks the split."""

    part: str
    stages: dict[str, int]
    breaks: tuple[Break, ...]


def split(session: Session, part: str, now: datetime, stages: Mapping[str, str] | None = None) -> Split:
    """Judge the split of ``part``; ``stages`` says by station which stage it belongs to.

    Raises:
        NotFound: there is no such part or station.
        Refused: the part runs at no station.
    """
    client = need(session, Part, part, "part").client
    lines = dict(session.execute(select(StationRow.code, StationRow.line)).all())
    runs = sorted(session.scalars(select(StationPart.station).where(StationPart.part == part)))
    if not runs:
        raise Refused(f"Part {part} runs at no station.", advice="See: stationleaf admin station run")
    for station in stages or {}:
        if station not in lines:
            raise NotFound(f"There is no station {station}.", advice="See: stationleaf admin station list")
    of = {station: lines[station] for station in runs} if stages is None else dict(stages)
    counted = count_pages(session, client)
    pages: dict[str, int] = dict.fromkeys(sorted(set(of.values())), 0)
    for station, stage in of.items():
        pages[stage] |= counted.at(station, part)
    own = {
        stage: mine & ~union(other for name, other in pages.items() if name != stage)
        for stage, mine in pages.items()
    }
    breaks = (
        *_left_out(runs, of),
        *_pages(session, counted, part, pages),
        *_lines(of, lines),
        *_people(session, of, now),
        *_given(session, client, of, own, now),
    )
    return Split(part, {stage: mine.bit_count() for stage, mine in pages.items()}, breaks)


def _left_out(runs: list[str], of: Mapping[str, str]) -> Iterator[Break]:
    for station in runs:
        if station not in of:
            yield Break("station", station, (), "The part runs here, and the split names no stage for it.")


def _pages(session: Session, counted: Counted, part: str, pages: Mapping[str, int]) -> Iterator[Break]:
    shared = union(one & other for one, other in combinations(pages.values(), 2))
    if not shared:
        return
    query = (
        select(PageRow.page, Document.code, RevisionRow.label, PageRow.number)
        .join(RevisionRow, PageRow.revision == RevisionRow.id)
        .join(Document, RevisionRow.document == Document.code)
        .where(Document.part == part, RevisionRow.status == RevisionStatus.EFFECTIVE.value)
        .order_by(Document.code, RevisionRow.label, PageRow.number)
    )
    for page, document, label, number in session.execute(query):
        bit = 1 << counted.bit[page] if page in counted.bit else 0
        if shared & bit:
            stages = tuple(stage for stage, mine in pages.items() if mine & bit)
            name = f"{document}/{label} p. {number}"
            yield Break("page", name, stages, f"This page is mapped to stations of {_and(stages)}.")


def _lines(of: Mapping[str, str], lines: Mapping[str, str]) -> Iterator[Break]:
    by_line: dict[str, set[str]] = defaultdict(set)
    for station, stage in of.items():
        by_line[lines[station]].add(stage)
    for line, found in sorted(by_line.items()):
        if len(found) > 1:
            stages = tuple(sorted(found))
            yield Break("line", line, stages, f"The line has stations of {_and(stages)}.")


def _people(session: Session, of: Mapping[str, str], now: datetime) -> Iterator[Break]:
    """Who is to work, or may read by a grant, at stations of several stages from now on."""
    for person, stations in sorted(_placed(session, of, now).items()):
        stages = tuple(sorted({of[station] for station in stations}))
        if len(stages) > 1:
            at = ", ".join(sorted(stations))
            yield Break("person", person, stages, f"Is assigned to stations of {_and(stages)}: {at}.")


def _placed(session: Session, of: Mapping[str, str], now: datetime) -> dict[str, set[str]]:
    placed: dict[str, set[str]] = defaultdict(set)
    assigned = select(AssignmentRow.person, AssignmentRow.station).where(
        AssignmentRow.station.in_(list(of)),
        or_(AssignmentRow.end.is_(None), AssignmentRow.end > now),
        or_(AssignmentRow.end.is_(None), AssignmentRow.end > AssignmentRow.start),
    )
    granted = select(GrantRow.person, GrantRow.station).where(
        GrantRow.station.in_(list(of)), GrantRow.end > now
    )
    for query in (assigned, granted):
        for person, station in session.execute(query):
            placed[person].add(station)
    return placed


def _given(
    session: Session, client: str, of: Mapping[str, str], own: Mapping[str, int], now: datetime
) -> Iterator[Break]:
    """Who or what belongs to one stage from now on, and was given pages of another."""
    bound: dict[str, set[str]] = defaultdict(set)
    for kiosk, station in session.execute(select(KioskRow.code, KioskRow.station)):
        if station in of:
            bound[kiosk].add(of[station])
    people = {
        person: {of[station] for station in stations}
        for person, stations in _placed(session, of, now).items()
    }
    stations = {station: {stage} for station, stage in of.items()}
    for kind, homes in (("person", people), ("kiosk", bound), ("station", stations)):
        had = given(session, client, kind, list(homes))
        for code, home in sorted(homes.items()):
            for stage, pages in own.items():
                count = (had.get(code, 0) & pages).bit_count()
                if count and stage not in home:
                    stages = tuple(sorted({stage, *home}))
                    some = "1 page" if count == 1 else f"{count} pages"
                    where = _and(tuple(sorted(home)))
                    yield Break(kind, code, stages, f"Belongs to {where} and was given {some} of {stage}.")


def _and(stages: tuple[str, ...]) -> str:
    return " and ".join(stages)
