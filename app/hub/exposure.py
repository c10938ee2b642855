"""Exposure: which share of the know-how a person, kiosk, line or the site was ever given, and whose limit
that crosses.

The pages that count are the confidential ones in force; those given come from the maintained record
(``given``). A limit bites with the next lease after the views have arrived, at the latest when the lease of a
kiosk without hub ends.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from app.hub.remembered import remembered
from app.hub.schema import (
    Document,
    KioskRow,
    PageRow,
    PageStation,
    Part,
    RevisionRow,
    StationPart,
    StationRow,
)
from app.hub.schema_exposure import ExposureRow, SeenPage
from app.model.exposure import share, unpack
from app.model.terms import ALL_STATIONS, Classification, RevisionStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy.orm import Session

CONFIDENTIAL = (Classification.STANDARD.word, Classification.RESTRICTED.word)
"""The classes that count."""


class Limited(Protocol):
    """A client as far as exposure goes: its limits in per cent of its confidential pages, None for none."""

    @property
    def exposure_limit(self) -> int | None:
        """Of each person and of each kiosk."""

    @property
    def line_limit(self) -> int | None:
        """Of a line, by all its stations."""

    @property
    def site_limit(self) -> int | None:
        """Of the site, by all its kiosks."""


@dataclass(frozen=True)
class Crossed:
    """The clients whose limit is crossed: at this kiosk for everybody, and per person."""

    by_kiosk: frozenset[str] = frozenset()
    by_person: dict[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Counted:
    """The pages of a client that count, as sets (``app.model.exposure``).

    ``parts``: by part. ``needed``: by station and revision those that the station is to show, where it runs
    the part. ``bit`` is each page's number; one that nobody has seen yet has one for now.
    """

    parts: Mapping[str, int]
    needed: Mapping[str, Mapping[int, int]]
    bit: Mapping[str, int]

    @property
    def whole(self) -> int:
        """All of them."""
        return union(self.parts.values())

    def at(self, station: str, part: str = "", revisions: Collection[int] | None = None) -> int:
        """Those that a station is to show, of a part and of these revisions where they are named."""
        pages = union(
            pages
            for revision, pages in self.needed.get(station, {}).items()
            if revisions is None or revision in revisions
        )
        return pages & self.parts.get(part, 0) if part else pages


def union(sets: Iterable[int]) -> int:
    """What is in any of the sets."""
    return reduce(or_, sets, 0)


@remembered("part", "document", "revision", "page", "page_station", "station_part", "seen_page")
def count_pages(session: Session, client: str) -> Counted:
    """Read which pages of a client count now, and where they are needed."""
    bit = {
        row.page: row.number
        for row in session.execute(select(SeenPage.page, SeenPage.number).where(SeenPage.client == client))
    }
    fresh = max(bit.values(), default=-1) + 1
    query = (
        select(PageRow.id, PageRow.page, Document.part, RevisionRow.id)
        .join(RevisionRow, PageRow.revision == RevisionRow.id)
        .join(Document, RevisionRow.document == Document.code)
        .join(Part, Document.part == Part.code)
        .where(
            Part.client == client,
            RevisionRow.status == RevisionStatus.EFFECTIVE.value,
            RevisionRow.classification.in_(CONFIDENTIAL),
        )
    )
    parts: dict[str, int] = defaultdict(int)
    known: dict[int, tuple[str, str, int]] = {}
    for row, page, part, revision in session.execute(query):
        if page not in bit:
            bit[page], fresh = fresh, fresh + 1
        parts[part] |= 1 << bit[page]
        known[row] = page, part, revision
    runs: dict[str, set[str]] = defaultdict(set)
    for station, part in session.execute(select(StationPart.station, StationPart.part)):
        runs[part].add(station)
    places = select(PageStation.page, PageStation.station).join(PageRow, PageRow.id == PageStation.page)
    in_force = places.where(PageRow.revision.in_({revision for _, _, revision in known.values()}))
    needed: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for row, station in session.execute(in_force):
        page, part, revision = known[row]
        for place in runs[part] if station == ALL_STATIONS else runs[part] & {station}:
            needed[place][revision] |= 1 << bit[page]
    return Counted(dict(parts), {place: dict(by) for place, by in needed.items()}, bit)


def given(session: Session, client: str, kind: str, codes: Collection[str] | None = None) -> dict[str, int]:
    """What each person, kiosk or station (``kind``) was ever given of a client; of all, or of ``codes``."""
    query = select(ExposureRow.code, ExposureRow.pages).where(
        ExposureRow.client == client, ExposureRow.kind == kind
    )
    if codes is not None:
        query = query.where(ExposureRow.code.in_(list(codes)))
    return {row.code: unpack(row.pages) for row in session.execute(query)}


def given_lines(session: Session, client: str) -> dict[str, int]:
    """What each line was ever given, by the stations that are its own now."""
    found: dict[str, int] = defaultdict(int)
    stations = given(session, client, "station")
    for code, line in session.execute(select(StationRow.code, StationRow.line)):
        found[line] |= stations.get(code, 0)
    return dict(found)


def given_site(session: Session, client: str) -> int:
    """What the site was ever given, by whatever kiosk."""
    return union(given(session, client, "kiosk").values())


def read_exposure(session: Session, kiosk: str, clients: Mapping[str, Limited]) -> Crossed:
    """Which limits are crossed at one kiosk, and by which person."""
    by_person: dict[str, set[str]] = defaultdict(set)
    for code, client in clients.items():
        if client.exposure_limit is not None:
            whole = count_pages(session, code).whole
            for person, pages in given(session, code, "person").items():
                if share(pages, whole).beyond(client.exposure_limit):
                    by_person[person].add(code)
    by_kiosk: frozenset[str] = frozenset()
    if kiosk and any(_limits(client) for client in clients.values()):
        row = session.get(KioskRow, kiosk)
        stations = [] if row is None else [row.station]
        by_kiosk = crossed_kiosks(session, clients, stations).get(kiosk, frozenset())
    return Crossed(by_kiosk, {person: frozenset(codes) for person, codes in by_person.items()})


def crossed_kiosks(
    session: Session, clients: Mapping[str, Limited], stations: Collection[str]
) -> dict[str, frozenset[str]]:
    """Which limits are crossed at each kiosk of these stations: its own, its line's, the site's."""
    limited = {code: client for code, client in clients.items() if _limits(client)}
    if not limited:
        return {}
    query = (
        select(KioskRow.code, StationRow.line)
        .join(StationRow, StationRow.code == KioskRow.station)
        .where(KioskRow.station.in_(list(stations)))
    )
    line_of = dict(session.execute(query).all())
    found: dict[str, set[str]] = defaultdict(set)
    for code, client in limited.items():
        whole = count_pages(session, code).whole
        kiosks = given(session, code, "kiosk", line_of) if client.exposure_limit is not None else {}
        lines = given_lines(session, code) if client.line_limit is not None else {}
        site = given_site(session, code) if client.site_limit is not None else 0
        for kiosk, line in line_of.items():
            if (
                share(kiosks.get(kiosk, 0), whole).beyond(client.exposure_limit)
                or share(lines.get(line, 0), whole).beyond(client.line_limit)
                or share(site, whole).beyond(client.site_limit)
            ):
                found[kiosk].add(code)
    return {kiosk: frozenset(codes) for kiosk, codes in found.items()}


def _limits(client: Limited) -> bool:
    return (client.exposure_limit, client.line_limit, client.site_limit) != (None, None, None)
