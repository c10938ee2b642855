"""Leases: what one kiosk may hold, for whom, until when; decided here, signed, numbered and chained.

A lease is built from the database each time a kiosk asks. If it says what the newest one says, and that is
younger than an hour, the newest one stands; otherwise it gets the next number. So a change reaches a kiosk at
its next question, and two hubs on one database agree.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from app.hub.floor import read_floor
from app.hub.schema import LeaseRow, ManifestBlob, ManifestRow
from app.hub.settings import badge_format, setting
from app.model.decide import Denied, Facts, Granted, Reason, admitted, decide
from app.model.terms import Classification, KioskStatus
from app.seal.boxes import hpke_seal, unwrap_key, wrap_key
from app.seal.dsse import sign_envelope
from app.seal.encoding import canonical, sha256
from app.wire.lease import (
    Allowance,
    AssignmentInfo,
    Bundle,
    Lease,
    Manifest,
    OperatorInfo,
    PageInfo,
    Policy,
    StationInfo,
    TrainingInfo,
    boot_info,
    bundle_info,
)
from app.wire.messages import LEASE_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.hub.floor import Floor, FloorPage, FloorPerson
    from app.hub.home import Home
    from app.hub.schema import KioskRow
    from app.model.plant import Page

REISSUE = timedelta(hours=1)
"""A lease older than this gets a successor, even if nothing changed."""

IDENTIFIABLE = 40
"""People whom a kiosk can identify. Whoever is admitted at the station itself is never left out."""

KEEP_ENVELOPES = timedelta(days=30)
"""How long a superseded lease's exact bytes are kept; its hash, manifest and times stay."""


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
            "station": _station(self.floor).model_dump(mode="json"),
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


@dataclass(frozen=True, repr=False)
class Issued:
    """A lease as it is handed out, with its manifest's exact text."""

    number: int
    envelope: bytes
    manifest_hash: str
    manifest: str


@dataclass(frozen=True)
class _Asked:
    """What ``decide`` is told when a lease is built at ``now``."""

    floor: Floor
    site: str
    status: KioskStatus
    ceiling: Classification
    now: datetime

    def facts(self, page: FloorPage, person: FloorPerson) -> Facts:
        clients = self.floor.clients
        return Facts(
            kiosk_status=self.status,
            kiosk_station=self.floor.station.code,
            kiosk_site=self.site,
            lease_until=_until(self.floor, page.record.client, page.record.classification, self.now),
            clock_trusted=True,
            badge_active=True,  # the floor lists nobody without an active badge
            slot_opened=True,  # the kiosk asks again when it is
            credential=person.slot.kind.ceiling,
            site_ceiling=self.ceiling,
            agreement_versions={code: client.agreement_version for code, client in clients.items()},
            exposure_crossed=person.exposure_crossed,
            boot_share=True,  # travels with the lease
            can_record=True,  # the kiosk asks again at each show
        )


def plan(session: Session, home: Home, kiosk: KioskRow, now: datetime) -> Plan:
    """Decide what a kiosk may hold at ``now``.

    Raises:
        NotFound: its station is gone.
    """
    floor = read_floor(session, kiosk.code, kiosk.station, now)
    ceiling = Classification.parse(setting(session, "site_ceiling"))
    asked = _Asked(floor, home.site, KioskStatus(kiosk.status), ceiling, now)
    readers = _readers(floor, asked, now)
    audiences: dict[tuple[Classification, tuple[str, ...]], list[FloorPage]] = {}
    for page, persons in readers:
        if persons:
            audiences.setdefault((page.record.classification, persons), []).append(page)
    policy = Policy(
        idle_seconds=setting(session, "idle_seconds"),
        badge=badge_format(session),
        agreements={code: client.agreement_version for code, client in floor.clients.items()},
        clients={code: client.name for code, client in floor.clients.items()},
        site_ceiling=ceiling,
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
    """Per page those who may read it now, or from the moment when their assignment within the lease begins.

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
        for moment in _moments(floor, person, now)
    )


def _moments(floor: Floor, person: FloorPerson, now: datetime) -> Iterator[datetime]:
    yield now
    for assignment in person.record.assignments:
        if assignment.station == floor.station.code and assignment.span.start > now:
            yield assignment.span.start


def _until(floor: Floor, client: str, level: Classification, now: datetime) -> datetime:
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


def newest(session: Session, kiosk: str) -> LeaseRow | None:
    """The lease of a kiosk with the highest number."""
    return session.scalars(
        select(LeaseRow).where(LeaseRow.kiosk == kiosk).order_by(LeaseRow.number.desc()).limit(1)
    ).first()


def stands(row: LeaseRow | None, content: str, now: datetime) -> bool:
    """Whether the newest lease still says what is to be said, and is young."""
    return row is not None and row.content == content and timedelta(0) <= now - row.issued < REISSUE


def issued(session: Session, row: LeaseRow) -> Issued:
    """Give out a lease again as it was issued."""
    text = session.scalars(select(ManifestRow.text).where(ManifestRow.hash == row.manifest)).one()
    return Issued(row.number, row.envelope, row.manifest, text)


def issue(session: Session, home: Home, kiosk: KioskRow, now: datetime) -> Issued:
    """Return the lease in force for an active kiosk, a new one where the newest does not stand. Writes."""
    wanted = plan(session, home, kiosk, now)
    content = wanted.content()
    row = newest(session, kiosk.code)
    if row is not None and stands(row, content, now):
        return issued(session, row)
    lease = _lease(home, kiosk, wanted, row, now)
    payload = lease.exact()
    envelope = sign_envelope(LEASE_TYPE, payload, [home.keys.lease])
    _keep_manifest(session, lease.manifest, wanted)
    session.add(
        LeaseRow(
            kiosk=kiosk.code,
            number=lease.number,
            payload_hash=sha256(payload),
            content=content,
            envelope=envelope,
            manifest=lease.manifest,
            issued=now,
            expires=lease.expires,
        )
    )
    session.execute(
        update(LeaseRow)
        .where(LeaseRow.kiosk == kiosk.code, LeaseRow.issued < now - KEEP_ENVELOPES, LeaseRow.envelope != b"")
        .values(envelope=b"")
    )
    session.flush()
    return Issued(lease.number, envelope, lease.manifest, wanted.manifest.decode())


def _keep_manifest(session: Session, digest: str, wanted: Plan) -> None:
    if session.get(ManifestRow, digest) is not None:
        return
    session.add(ManifestRow(hash=digest, text=wanted.manifest.decode()))
    session.flush()
    if wanted.blobs:
        rows = [{"manifest": digest, "blob": blob} for blob in sorted(wanted.blobs)]
        session.execute(insert(ManifestBlob), rows)


def _lease(home: Home, kiosk: KioskRow, wanted: Plan, before: LeaseRow | None, now: datetime) -> Lease:
    number = 1 if before is None else before.number + 1
    floor = wanted.floor
    kinds = sorted(
        {(page.record.client, level) for (level, _), pages in wanted.audiences.items() for page in pages}
    )
    return Lease(
        kiosk=kiosk.code,
        site=home.site,
        station=_station(floor),
        number=number,
        previous="" if before is None else before.payload_hash,
        issued=now,
        expires=floor.until,
        allowances=tuple(
            Allowance(client=client, classification=level, until=_until(floor, client, level, now))
            for client, level in kinds
        ),
        manifest=sha256(wanted.manifest),
        site_salt=home.site_salt,
        operators=wanted.operators(),
        bundles=_bundles(home, kiosk.code, number, wanted),
        policy=wanted.policy,
    )


def _bundles(home: Home, kiosk: str, number: int, wanted: Plan) -> tuple[Bundle, ...]:
    publics = {person.record.code: person.slot.seal_public for person in wanted.people}
    bundles = []
    for index, ((level, persons), pages) in enumerate(wanted.audiences.items()):
        key = os.urandom(32)
        bundles.append(
            Bundle(
                classification=level,
                keys={page.blob: wrap_key(unwrap_key(page.key, home.keys.wrap), key) for page in pages},
                sealed={
                    person: hpke_seal(key, publics[person], bundle_info(kiosk, number, index, person))
                    for person in persons
                },
            )
        )
    return tuple(bundles)


def boot_share(home: Home, kiosk: str, number: int, device: bytes) -> bytes:
    """Return the share of one lease, sealed to the device's key; the same share each time it is asked for.

    HMAC-SHA256 of the wrap key as PRF (SP 800-108): nothing is stored, and every hub of the site agrees.
    """
    info = boot_info(kiosk, number)
    share = hmac.new(home.keys.wrap, b"boot share\0" + info, hashlib.sha256).digest()
    return hpke_seal(share, device, info)


def _station(floor: Floor) -> StationInfo:
    station = floor.station
    return StationInfo(
        code=station.code,
        name=station.name,
        line=station.line,
        line_name=floor.line_name,
        site=station.site,
        ceiling=station.ceiling,
        parts=tuple(sorted(station.parts)),
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
    )
