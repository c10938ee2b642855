"""For whom each page of a kiosk's station is, decided page by page and person by person.

And whom a supervisor could admit to it while the hub is away, and what break-glass opens of other stations.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from app.hub.floor import read_floor
from app.hub.revocations import locked_down
from app.model.decide import Facts, Granted, decide
from app.model.plant import Grant, Span
from app.model.terms import Classification, GrantKind, KioskStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.hub.floor_records import Floor, FloorClient, FloorPage, FloorPerson
    from app.hub.revocations import LockedDown
    from app.hub.schema import KioskRow
    from app.model.plant import Page


@dataclass(frozen=True)
class Asked:
    """What ``decide`` is told when a lease is built at ``now`` for a kiosk of ``station``."""

    floor: Floor
    site: str
    station: str
    status: KioskStatus
    ceiling: Classification
    locked_down: LockedDown
    most: Mapping[GrantKind, timedelta]
    now: datetime

    def facts(self, page: FloorPage, person: FloorPerson, *supposed: Grant) -> Facts:
        """The facts of a page and a person; ``supposed`` are granted beside the kiosk's grants."""
        clients = self.floor.clients
        grants = (grant.record() for grant in self.floor.grants if not grant.wanted)
        return Facts(
            kiosk_status=self.status,
            kiosk_station=self.station,
            kiosk_site=self.site,
            lease_until=readable_until(clients, page.record.client, page.record.classification, self.now),
            clock_trusted=True,
            badge_active=True,  # the floor lists nobody without an active badge
            slot_opened=True,  # the kiosk asks again when it is
            credential=person.slot.kind.ceiling,
            site_ceiling=self.ceiling,
            agreement_versions={code: client.agreement_version for code, client in clients.items()},
            grants=(*grants, *supposed),
            line_supervisors=self.floor.granters,
            grant_most=self.most,
            exposure_crossed=person.exposure_crossed,
            station_locked_down=self.locked_down.station,
            clients_locked_down=self.locked_down.clients,
            comparing=True,  # a lease serves both: the kiosk asks again for what each show is
            read=person.has_read,
            boot_share=True,  # travels with the lease
            can_record=True,  # the kiosk asks again at each show
        )


@dataclass(frozen=True)
class Share:
    """A page, who may read it now or later within the lease, and whom a supervisor could admit to it."""

    page: FloorPage
    readers: tuple[str, ...]
    admissible: tuple[str, ...] = ()

    @property
    def here(self) -> bool:
        """Whether the kiosk is to have it."""
        return bool(self.readers or self.admissible)


def shares(asked: Asked) -> list[Share]:
    """Per page those who may read it now, or from a moment within the lease that is known already.

    So an outage when a shift or a revision begins costs nothing; until then ``decide`` denies at the kiosk.
    Pages that differ only in hash and number are decided once.
    """
    known: dict[Page, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    supposed = _supposed(asked)
    found = []
    for page in asked.floor.pages:
        kind = replace(page.record, page="", number=0)
        if kind not in known:
            readers = [person for person in asked.floor.people if _may_read(page, person, asked)]
            admissible = [
                person.record.code
                for person in asked.floor.people
                if person not in readers and _could_be_admitted(page, person, asked, supposed)
            ]
            known[kind] = tuple(person.record.code for person in readers), tuple(admissible)
        found.append(Share(page, *known[kind]))
    return found


def _supposed(asked: Asked) -> Grant | None:
    """The most that a supervisor of the line could grant to somebody now while the hub is away."""
    most = asked.most.get(GrantKind.OFFLINE_ADMISSION)
    granters = [person for person in asked.floor.people if person.may_grant]
    if most is None or not granters:
        return None
    best = max(granters, key=lambda person: person.slot.kind.ceiling)
    span = Span(asked.now, asked.now + most)
    here, kind = asked.floor.station.code, GrantKind.OFFLINE_ADMISSION
    return Grant("", here, span, kind, best.record.code, "supposed", best.slot.kind.ceiling)


def _could_be_admitted(page: FloorPage, person: FloorPerson, asked: Asked, supposed: Grant | None) -> bool:
    """A supervisor never: one who can make grants must not have both halves of a key."""
    if supposed is None or person.may_grant:
        return False
    return any(
        isinstance(decide(person.record, asked.floor.station, page.record, facts, moment), Granted)
        for moment in _moments(asked.floor, page, person, asked.now)
        for facts in [asked.facts(page, person, _from(supposed, person, moment))]
    )


def _from(supposed: Grant, person: FloorPerson, moment: datetime) -> Grant:
    most = (supposed.span.end or moment) - supposed.span.start
    return replace(supposed, person=person.record.code, span=Span(moment, moment + most))


def visits(session: Session, kiosk: KioskRow, asked: Asked) -> list[tuple[Floor, list[Share]]]:
    """The stations whose pages break-glass opens at this kiosk, with the pages and for whom."""
    grants = [
        grant for grant in asked.floor.grants if grant.kind is GrantKind.BREAK_GLASS and not grant.wanted
    ]
    found = []
    for station in sorted({grant.station for grant in grants}):
        there = read_floor(session, kiosk.code, station, asked.now)
        about = replace(asked, floor=there, locked_down=locked_down(session, station))
        persons = {grant.person for grant in grants if grant.station == station}
        guests = [person for person in there.people if person.record.code in persons]
        open_to = [
            Share(page, tuple(guest.record.code for guest in guests if _may_read(page, guest, about)))
            for page in there.pages
        ]
        found.append((there, open_to))
    return found


def merged(home: list[Share], visited: list[Share]) -> tuple[FloorPage, ...]:
    """The manifest's pages: each once, for all the stations that need it here."""
    pages: dict[str, FloorPage] = {}
    for share in (*home, *visited):
        if not share.here:
            continue
        page, known = share.page, pages.get(share.page.blob)
        if known is not None:
            stations = known.record.stations | page.record.stations
            page = replace(known, record=replace(known.record, stations=stations))
        pages[page.blob] = page
    return tuple(pages.values())


def _may_read(page: FloorPage, person: FloorPerson, asked: Asked) -> bool:
    facts, floor, record = asked.facts(page, person), asked.floor, person.as_signed
    return any(
        isinstance(decide(record, floor.station, page.record, facts, moment), Granted)
        for moment in _moments(floor, page, person, asked.now)
    )


def _moments(floor: Floor, page: FloorPage, person: FloorPerson, now: datetime) -> Iterator[datetime]:
    """When reading can begin: now, or when the revision comes into force or an assignment begins."""
    yield now
    if page.record.effective is not None and page.record.effective.start > now:
        yield page.record.effective.start
    for assignment in person.record.assignments:
        if assignment.station == floor.station.code and assignment.span.start > now:
            yield assignment.span.start


def readable_until(
    clients: Mapping[str, FloorClient], client: str, level: Classification, now: datetime
) -> datetime:
    """Until when pages of a client and class may be read with a lease that is issued ``now``."""
    return now + timedelta(hours=clients[client].hours(level))
