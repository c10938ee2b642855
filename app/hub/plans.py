"""Plans: who may hold and read what at one kiosk now, decided page by page and person by person.

Everything that a lease says, apart from its number, its times and the sealed keys: those are ``leases``'.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.hub.audiences import Asked, merged, shares, visits
from app.hub.calls import of_kiosk
from app.hub.floor import read_floor
from app.hub.remarks import answers_for
from app.hub.revocations import locked_down
from app.hub.schema import StationPart, StationRow
from app.hub.settings import read_settings, scan_rules
from app.model.decide import Denied, Reason, admitted, decide
from app.model.terms import Classification, KioskStatus
from app.seal.encoding import canonical, sha256
from app.wire.grants import grant_most
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
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.hub.agreement_pages import FloorText
    from app.hub.audiences import Share
    from app.hub.floor_records import Floor, FloorClient, FloorPage, FloorPerson
    from app.hub.home import Home
    from app.hub.schema import KioskRow
    from app.wire.calls import CallInfo
    from app.wire.remarks import RemarkAnswer

Audience = tuple[Classification, tuple[str, ...], tuple[str, ...]]
"""A class, who may read, and whom a supervisor could admit while the hub is away."""

IDENTIFIABLE = 40
"""People whom a kiosk can identify. Whoever is admitted at the station itself is never left out."""


@dataclass(frozen=True, repr=False)
class Plan:
    """What a lease would say now, apart from its number, times and sealed keys; ``epoch`` is the device's.

    ``audiences`` maps each to the pages that are exactly for it; ``pages`` are all of them in reading
    order. ``withheld`` counts the station's other pages by what keeps them from who is admitted here.
    ``signers`` are, by client, those who may sign its agreement here.
    ``answers`` are those to people's remarks that they have not seen, ``calls`` those for help that stand.
    ``visits`` are the stations whose pages break-glass opens here, ``others`` those it could be asked for.

    Who may sign has the keys of the pages that open by it, sealed like any other: so that it counts at once,
    with or without the hub. Until then the kiosk's ``decide`` keeps the pages shut.
    """

    epoch: int
    floor: Floor
    people: tuple[FloorPerson, ...]
    audiences: dict[Audience, tuple[FloorPage, ...]]
    pages: tuple[FloorPage, ...]
    policy: Policy
    withheld: dict[str, Counter[Reason]]
    signers: dict[str, tuple[str, ...]]
    visits: tuple[Floor, ...] = ()
    others: tuple[StationInfo, ...] = ()
    answers: dict[str, tuple[RemarkAnswer, ...]] = field(default_factory=dict)
    calls: tuple[CallInfo, ...] = ()

    @cached_property
    def texts(self) -> dict[str, FloorText]:
        """The agreements that can be signed here, by client."""
        known = {code: text for floor in (*self.visits, self.floor) for code, text in floor.texts.items()}
        return {client: known[client] for client in self.signers}

    @cached_property
    def _listed(self) -> Manifest:
        held = {page.record.page for page in self.pages}
        changes = dict.fromkeys(change for floor in (self.floor, *self.visits) for change in floor.changes)
        return Manifest(
            pages=tuple(_page(page) for page in self.pages),
            changes=tuple(change for change in changes if {change.old, change.new} & held),
            agreements=tuple(text.said for text in self.texts.values()),
        )

    @cached_property
    def manifest(self) -> bytes:
        """The manifest's exact bytes."""
        return self._listed.exact()

    @property
    def blobs(self) -> frozenset[str]:
        """The ciphertexts that the manifest lists."""
        return frozenset(self._listed.sizes)

    @cached_property
    def clients(self) -> dict[str, FloorClient]:
        """The clients whose pages are here."""
        return {
            code: client for floor in (*self.visits, self.floor) for code, client in floor.clients.items()
        }

    @cached_property
    def admissible(self) -> tuple[str, ...]:
        """Whom a supervisor could admit to some of the pages."""
        return tuple(sorted({person for _, _, persons in self.audiences for person in persons}))

    @cached_property
    def operators(self) -> tuple[OperatorInfo, ...]:
        """Everybody who may be identified, as the lease names them."""
        return tuple(
            _operator(self._everywhere(person), self.withheld.get(person.record.code, Counter()))
            for person in self.people
        )

    def _everywhere(self, person: FloorPerson) -> FloorPerson:
        """The person with what other stations say whose pages are here: of other clients, for break-glass."""
        for floor in self.visits:
            if (there := floor.person(person.record.code)) is not None:
                person = person.also(there)
        return person

    def content(self) -> str:
        """The hash of it all: equal if and only if two plans say the same."""
        groups = [
            [level.word, list(persons), list(admissible), [page.blob for page in pages]]
            for (level, persons, admissible), pages in self.audiences.items()
        ]
        said = {
            "epoch": self.epoch,
            "station": station_info(self.floor).model_dump(mode="json"),
            "operators": [operator.model_dump(mode="json") for operator in self.operators],
            "hours": {
                code: [client.offline_hours, client.restricted_hours] for code, client in self.clients.items()
            },
            "groups": groups,
            "signers": {client: list(persons) for client, persons in self.signers.items()},
            "manifest": sha256(self.manifest),
            "policy": self.policy.model_dump(mode="json"),
            "grants": [grant.model_dump(mode="json") for grant in self.floor.grants],
            "others": [station.model_dump(mode="json") for station in self.others],
            "calls": [call.model_dump(mode="json") for call in self.calls],
            "answers": {
                person: [said.model_dump(mode="json") for said in answers]
                for person, answers in self.answers.items()
            },
        }
        return sha256(canonical(said))


def plan(session: Session, home: Home, kiosk: KioskRow, now: datetime) -> Plan:
    """Decide what a kiosk may hold at ``now``.

    Raises:
        NotFound: its station is gone.
    """
    settings = read_settings(session)
    grace = timedelta(seconds=settings["grace_seconds"])
    floor = read_floor(session, kiosk.code, kiosk.station, now, grace=grace)
    ceiling = Classification.parse(settings["site_ceiling"])
    revoked = locked_down(session, kiosk.station)
    most = grant_most(settings["admission_minutes"], settings["glass_minutes"])
    status = KioskStatus(kiosk.status)
    asked = Asked(floor, home.site, kiosk.station, status, ceiling, revoked, most, now)
    own = shares(asked)
    visited = visits(session, kiosk, asked)
    audiences: dict[Audience, list[FloorPage]] = {}
    for share in (*own, *(share for _, there in visited for share in there)):
        if share.here:
            key = (share.page.record.classification, share.readers, share.admissible)
            audiences.setdefault(key, []).append(share.page)
    found = Plan(
        epoch=kiosk.epoch,
        floor=floor,
        people=_identifiable(floor, now),
        audiences={key: tuple(audiences[key]) for key in sorted(audiences)},
        pages=merged(own, [share for _, there in visited for share in there]),
        policy=_policy(settings, ceiling),
        withheld=_withheld(floor, [share.page for share in own if not share.here], asked, now),
        signers=_signers([(floor, own), *visited]),
        visits=tuple(there for there, _ in visited),
        others=_others(session, home.site, floor) if settings["glass_minutes"] else (),
    )
    answers = answers_for(session, [person.record.code for person in found.people], now)
    calls = of_kiosk(session, kiosk.code, now)
    clients = found.clients
    policy = found.policy.model_copy(
        update={
            "agreements": {code: client.agreement_version for code, client in clients.items()},
            "clients": {code: client.name for code, client in clients.items()},
        }
    )
    return replace(found, policy=policy, answers=answers, calls=calls)


def _policy(settings: dict[str, Any], ceiling: Classification) -> Policy:
    return Policy(
        idle_seconds=settings["idle_seconds"],
        warn_minutes=settings["lease_warning_minutes"],
        alarm_minutes=settings["lease_alarm_minutes"],
        badge=BadgeFormat.model_validate(settings["badge_format"]),
        site_ceiling=ceiling,
        pin=PinRules(used=settings["pin_used"], shuffled=settings["pin_shuffled"]),
        grace_seconds=settings["grace_seconds"],
        admission_minutes=settings["admission_minutes"],
        glass_minutes=settings["glass_minutes"],
        scans=scan_rules(settings),
    )


def _signers(floors: Iterable[tuple[Floor, list[Share]]]) -> dict[str, tuple[str, ...]]:
    """Per client who may sign its agreement here, because pages of it open to them by that."""
    found: dict[str, set[str]] = {}
    for floor, pages in floors:
        shown: dict[str, set[str]] = {}
        for share in pages:
            shown.setdefault(share.page.record.client, set()).update(share.readers)
        for person in floor.people:
            for client in person.signable:
                if person.record.code in shown.get(client, ()):
                    found.setdefault(client, set()).add(person.record.code)
    return {client: tuple(sorted(found[client])) for client in sorted(found)}


def _withheld(
    floor: Floor, pages: list[FloorPage], asked: Asked, now: datetime
) -> dict[str, Counter[Reason]]:
    """Per person admitted here, the first reason of each page that nobody may read."""
    found: dict[str, Counter[Reason]] = {}
    for person in floor.people:
        if admitted(person.record, floor.station.code, (), now):
            for page in (page for page in pages if not page.record.before):  # those: never to work by
                answer = decide(person.record, floor.station, page.record, asked.facts(page, person), now)
                if isinstance(answer, Denied):
                    found.setdefault(person.record.code, Counter())[answer.reasons[0]] += 1
    return found


def _others(session: Session, site: str, floor: Floor) -> tuple[StationInfo, ...]:
    """The line's other stations."""
    here = floor.station
    rows = session.scalars(
        select(StationRow)
        .where(StationRow.line == here.line, StationRow.code != here.code)
        .order_by(StationRow.code)
    ).all()
    parts: dict[str, list[str]] = {row.code: [] for row in rows}
    for part in session.scalars(select(StationPart).where(StationPart.station.in_(parts))):
        parts[part.station].append(part.part)
    return tuple(
        StationInfo(
            code=row.code, name=row.name, line=row.line, line_name=floor.line_name, site=site,
            ceiling=Classification.parse(row.ceiling), parts=tuple(sorted(parts[row.code])),
        )
        for row in rows
    )  # fmt: skip


def _identifiable(floor: Floor, now: datetime) -> tuple[FloorPerson, ...]:
    """The line's people: first those admitted here, then those to come, supervisors, and the rest."""
    here = floor.station.code
    guests = {grant.person for grant in floor.grants if not grant.wanted}

    def rank(person: FloorPerson) -> tuple[bool, bool, bool, str]:
        mine = any(assignment.station == here for assignment in person.record.assignments)
        return (
            not admitted(person.record, here, (), now) and person.record.code not in guests,
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
        text_size=person.text_size,
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
        supervises=person.may_grant,
        agreements_until=dict(record.agreements_until),
        agreements_ended=dict(person.ended),
        has_read=tuple(sorted(person.has_read)),
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
        changed=record.changed,
        before=record.before,
        language=page.language,
        translates=page.translates,
        clip=page.clip,
    )
