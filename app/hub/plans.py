"""Plans: who may hold and read what at one kiosk now, decided page by page and person by person.

Everything that a lease says, apart from its number, its times and the sealed keys: those are ``leases``'.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from app.hub.floor import read_floor
from app.hub.revocations import locked_down
from app.hub.settings import read_settings, scan_rules
from app.model.decide import Denied, Facts, Granted, Reason, admitted, decide
from app.model.terms import Classification, KioskStatus
from app.seal.encoding import canonical, sha256
from app.wire.lease import (
    AssignmentInfo,
    BadgeFormat,
    Manifest,
    OperatorInfo,
    PageInfo,
    PinRules,
    Policy,
    StationInfo,
    TrainingInfo,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.hub.floor import Floor, FloorPage, FloorPerson
    from app.hub.home import Home
    from app.hub.revocations import LockedDown
    from app.hub.schema import KioskRow
    from app.model.plant import Page

IDENTIFIABLE = 40
"""People whom a kiosk can identify. Whoever is admitted at the station itself is never left out."""


@dataclass(frozen=True, repr=False)
class Plan:
    """What a lease would say now, apart from its number, times and sealed keys; ``epoch`` is the device's.

    ``audiences`` maps (class, persons who may read) to the pages that exactly these may read; ``pages`` are
    all of them in reading order. ``withheld`` counts the station's other pages by what keeps them from a
    person who is admitted here.
    """

    epoch: int
    floor: Floor
    people: tuple[FloorPerson, ...]
    audiences: dict[tuple[Classification, tuple[str, ...]], tuple[FloorPage, ...]]
    pages: tuple[FloorPage, ...]
    policy: Policy
    withheld: dict[str, Counter[Reason]]

    @cached_property
    def manifest(self) -> bytes:
        """The manifest's exact bytes."""
        return Manifest(pages=tuple(_page(page) for page in self.pages)).exact()

    @property
    def blobs(self) -> frozenset[str]:
        """The ciphertexts that the manifest lists."""
        return frozenset(page.blob for page in self.pages)

    def operators(self) -> tuple[OperatorInfo, ...]:
        """Everybody who may be identified, as the lease names them."""
        return tuple(
            _operator(person, self.withheld.get(person.record.code, Counter())) for person in self.people
        )

    def content(self) -> str:
        """The hash of it all: equal if and only if two plans say the same."""
        groups = [
            [level.word, list(persons), [page.blob for page in pages]]
            for (level, persons), pages in self.audiences.items()
        ]
        said = {
            "epoch": self.epoch,
            "station": station_info(self.floor).model_dump(mode="json"),
            "operators": [operator.model_dump(mode="json") for operator in self.operators()],
            "hours": {
                code: [client.offline_hours, client.restricted_hours]
                for code, client in self.floor.clients.items()
            },
            "groups": groups,
            "manifest": sha256(self.manifest),
            "policy": self.policy.model_dump(mode="json"),
        }
        return sha256(canonical(said))


@dataclass(frozen=True)
class _Asked:
    """What ``decide`` is told when a lease is built at ``now``."""

    floor: Floor
    site: str
    status: KioskStatus
    ceiling: Classification
    locked_down: LockedDown
    now: datetime

    def facts(self, page: FloorPage, person: FloorPerson) -> Facts:
        clients = self.floor.clients
        return Facts(
            kiosk_status=self.status,
            kiosk_station=self.floor.station.code,
            kiosk_site=self.site,
            lease_until=readable_until(self.floor, page.record.client, page.record.classification, self.now),
            clock_trusted=True,
            badge_active=True,  # the floor lists nobody without an active badge
            slot_opened=True,  # the kiosk asks again when it is
            credential=person.slot.kind.ceiling,
            site_ceiling=self.ceiling,
            agreement_versions={code: client.agreement_version for code, client in clients.items()},
            exposure_crossed=person.exposure_crossed,
            station_locked_down=self.locked_down.station,
            clients_locked_down=self.locked_down.clients,
            boot_share=True,  # travels with the lease
            can_record=True,  # the kiosk asks again at each show
        )


def plan(session: Session, home: Home, kiosk: KioskRow, now: datetime) -> Plan:
    """Decide what a kiosk may hold at ``now``.

    Raises:
        NotFound: its station is gone.
    """
    floor = read_floor(session, kiosk.code, kiosk.station, now)
    settings = read_settings(session)
    ceiling = Classification.parse(settings["site_ceiling"])
    revoked = locked_down(session, kiosk.station)
    asked = _Asked(floor, home.site, KioskStatus(kiosk.status), ceiling, revoked, now)
    readers = _readers(floor, asked, now)
    audiences: dict[tuple[Classification, tuple[str, ...]], list[FloorPage]] = {}
    for page, persons in readers:
        if persons:
            audiences.setdefault((page.record.classification, persons), []).append(page)
    policy = Policy(
        idle_seconds=settings["idle_seconds"],
        warn_minutes=settings["lease_warning_minutes"],
        alarm_minutes=settings["lease_alarm_minutes"],
        badge=BadgeFormat.model_validate(settings["badge_format"]),
        agreements={code: client.agreement_version for code, client in floor.clients.items()},
        clients={code: client.name for code, client in floor.clients.items()},
        site_ceiling=ceiling,
        pin=PinRules(used=settings["pin_used"], shuffled=settings["pin_shuffled"]),
        scans=scan_rules(settings),
    )
    return Plan(
        epoch=kiosk.epoch,
        floor=floor,
        people=_identifiable(floor, now),
        audiences={key: tuple(audiences[key]) for key in sorted(audiences)},
        pages=tuple(page for page, persons in readers if persons),
        policy=policy,
        withheld=_withheld(floor, [page for page, persons in readers if not persons], asked, now),
    )


def _withheld(
    floor: Floor, pages: list[FloorPage], asked: _Asked, now: datetime
) -> dict[str, Counter[Reason]]:
    """Per person admitted here, the first reason of each page that nobody may read."""
    found: dict[str, Counter[Reason]] = {}
    for person in floor.people:
        if admitted(person.record, floor.station.code, (), now):
            for page in pages:
                answer = decide(person.record, floor.station, page.record, asked.facts(page, person), now)
                if isinstance(answer, Denied):
                    found.setdefault(person.record.code, Counter())[answer.reasons[0]] += 1
    return found


def _readers(floor: Floor, asked: _Asked, now: datetime) -> list[tuple[FloorPage, tuple[str, ...]]]:
    """Per page those who may read it now, or from a moment within the lease that is known already.

    So an outage when a shift or a revision begins costs nothing; until then ``decide`` denies at the kiosk.
    Pages that differ only in hash and number are decided once.
    """
    known: dict[Page, tuple[str, ...]] = {}
    found = []
    for page in floor.pages:
        kind = replace(page.record, page="", number=0)
        if kind not in known:
            known[kind] = tuple(
                person.record.code for person in floor.people if _may_read(floor, page, person, asked, now)
            )
        found.append((page, known[kind]))
    return found


def _may_read(floor: Floor, page: FloorPage, person: FloorPerson, asked: _Asked, now: datetime) -> bool:
    facts = asked.facts(page, person)
    return any(
        isinstance(decide(person.record, floor.station, page.record, facts, moment), Granted)
        for moment in _moments(floor, page, person, now)
    )


def _moments(floor: Floor, page: FloorPage, person: FloorPerson, now: datetime) -> Iterator[datetime]:
    """When reading can begin: now, or when the revision comes into force or an assignment begins."""
    yield now
    if page.record.effective is not None and page.record.effective.start > now:
        yield page.record.effective.start
    for assignment in person.record.assignments:
        if assignment.station == floor.station.code and assignment.span.start > now:
            yield assignment.span.start


def readable_until(floor: Floor, client: str, level: Classification, now: datetime) -> datetime:
    """Until when pages of a client and class may be read with a lease that is issued ``now``."""
    return now + timedelta(hours=floor.clients[client].hours(level))


def _identifiable(floor: Floor, now: datetime) -> tuple[FloorPerson, ...]:
    """The line's people: first those admitted here, then those to come, supervisors, and the rest."""
    here = floor.station.code

    def rank(person: FloorPerson) -> tuple[bool, bool, bool, str]:
        mine = any(assignment.station == here for assignment in person.record.assignments)
        return (
            not admitted(person.record, here, (), now),
            not mine,
            not person.supervises,
            person.record.code,
        )

    ranked = sorted(floor.people, key=rank)
    needed = sum(1 for person in ranked if not all(rank(person)[:2]))
    chosen = ranked[: max(IDENTIFIABLE, needed)]
    return tuple(sorted(chosen, key=lambda person: person.record.code))


def station_info(floor: Floor) -> StationInfo:
    """The station as a lease names it."""
    station = floor.station
    return StationInfo(
        code=station.code,
        name=station.name,
        line=station.line,
        line_name=floor.line_name,
        site=station.site,
        ceiling=station.ceiling,
        parts=tuple(sorted(station.parts)),
        takt_seconds=floor.takt_seconds,
    )


def _operator(person: FloorPerson, withheld: Counter[Reason]) -> OperatorInfo:
    record = person.record
    training = sorted(record.training, key=lambda t: (t.document, t.revision))
    return OperatorInfo(
        person=record.code,
        name=record.name,
        active=record.active,
        roles=tuple(sorted(record.roles)),
        ceiling=record.ceiling,
        language=person.language,
        agreements=dict(record.agreements),
        training=tuple(
            TrainingInfo(document=t.document, revision=t.revision, until=t.until) for t in training
        ),
        assignments=tuple(
            AssignmentInfo(station=a.station, start=a.span.start, end=a.span.end, kind=a.kind)
            for a in record.assignments
        ),
        slots=(person.slot,),
        exposure_crossed=tuple(sorted(person.exposure_crossed)),
        withheld=dict(withheld),
    )


def _page(page: FloorPage) -> PageInfo:
    record = page.record
    assert record.effective is not None  # ``decide`` granted it
    return PageInfo(
        page=record.page,
        blob=page.blob,
        size=page.size,
        document=record.document,
        title=page.title,
        revision=record.revision,
        number=record.number,
        of=page.of,
        label=page.label,
        client=record.client,
        part=record.part,
        classification=record.classification,
        stations=tuple(sorted(record.stations)),
        effective_from=record.effective.start,
        effective_until=record.effective.end,
        training_required=record.training_required,
        width_mpt=page.width_mpt,
        height_mpt=page.height_mpt,
        steps=page.steps,
    )
