"""Leases: what a plan says, with the keys sealed to those who may read, signed, numbered and chained.

A lease is planned anew each time a kiosk asks. If the plan says what the newest lease says, and that is
younger than an hour, it stands; otherwise it gets a successor. So a change reaches a kiosk at its next
question, and two hubs on one database agree.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from sqlalchemy import bindparam, insert, select, update

from app.hub.audiences import readable_until
from app.hub.plans import plan, station_info
from app.hub.remembered import marks
from app.hub.revocations import newest_at, newest_known
from app.hub.schema import LeaseRow, ManifestBlob, ManifestRow
from app.mark.keys import kiosk_keys
from app.model.terms import Classification
from app.seal.admission import both, class_key, half, new_half
from app.seal.boxes import hpke_seal, joint_key, unwrap_key, wrap_key
from app.seal.dsse import sign_envelope
from app.seal.encoding import sha256
from app.wire.grants import Admission, supervisor_info, worker_info
from app.wire.lease import Allowance, Bundle, Lease, boot_info, bundle_info, mark_info
from app.wire.messages import LEASE_TYPE
from app.wire.remarks import RemarkAnswers, answers_info

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from app.hub.home import Home
    from app.hub.plans import Plan
    from app.hub.schema import KioskRow

REISSUE = timedelta(hours=1)
"""A lease older than this gets a successor, even if nothing changed."""

FARTHEST = 2**30
"""The highest lease number to which a kiosk's word lifts its leases: far above any that is ever reached."""

KEEP_ENVELOPES = timedelta(days=30)
"""How long a superseded lease's exact bytes are kept; its hash, manifest and times stay."""

# Built once: building them costs more than what they do, and every kiosk's question needs them.
_LEASES, _MANIFESTS = (cast("Table", table.__table__) for table in (LeaseRow, ManifestRow))
_NEWEST = select(LeaseRow).where(LeaseRow.kiosk == bindparam("at")).order_by(LeaseRow.number.desc()).limit(1)
_MANIFEST = select(_MANIFESTS.c.text).where(_MANIFESTS.c.hash == bindparam("at"))
_FORGET = (
    update(_LEASES)
    .where(
        _LEASES.c.kiosk == bindparam("at"),
        _LEASES.c.issued < bindparam("before"),
        _LEASES.c.envelope != b"",
    )
    .values(envelope=b"")
)


@dataclass(frozen=True, repr=False)
class Issued:
    """A lease as it is handed out, with its manifest's exact text."""

    number: int
    envelope: bytes
    manifest_hash: str
    manifest: str


def newest(session: Session, kiosk: str) -> LeaseRow | None:
    """The lease of a kiosk with the highest number."""
    return session.scalars(_NEWEST, {"at": kiosk}).first()


def content_of(session: Session, home: Home, kiosk: KioskRow, wanted: Plan) -> str:
    """What a lease says, and under which keys: with a new trust statement each kiosk gets a new lease.

    So it is signed by the keys in force, and the kiosk hears of the statement at its next question. A device
    that was enrolled anew has another key, to which the mark's keys must be sealed. One that may have cut its
    lease by a purge order needs another, even where all was given back since and it would say the same.
    """
    revoked = newest_at(session, kiosk.code)
    signers = " ".join(key.key_id for key in home.keys.signers)
    return sha256(
        f"{wanted.content()} {home.said.version} {signers} {_device(kiosk).hex()} {revoked}".encode()
    )


def stands(row: LeaseRow | None, content: str, now: datetime) -> bool:
    """Whether the newest lease still says what is to be said, and is young."""
    return row is not None and row.content == content and timedelta(0) <= now - row.issued < REISSUE


def issued(session: Session, row: LeaseRow) -> Issued:
    """Give out a lease again as it was issued."""
    text: str = session.connection().execute(_MANIFEST, {"at": row.manifest}).scalar_one()
    return Issued(row.number, row.envelope, row.manifest, text)


@dataclass(frozen=True, repr=False)
class Planned:
    """A plan with the hash of what it says, and what it was made of: the tables' marks, and the kiosk."""

    plan: Plan
    content: str
    made_of: tuple[object, ...]

    @classmethod
    def make(cls, session: Session, home: Home, kiosk: KioskRow, now: datetime) -> Planned:
        """Plan. Raises NotFound."""
        wanted = plan(session, home, kiosk, now)
        return cls(wanted, content_of(session, home, kiosk, wanted), _made_of(session, home, kiosk))

    def holds(self, session: Session, home: Home, kiosk: KioskRow) -> bool:
        """Whether this transaction would plan the same at the same time, as far as anybody decides it.

        Journals alone are no mark: what comes in meanwhile counts from the kiosk's next question on, as if
        that one had been a moment sooner.
        """
        return self.made_of == _made_of(session, home, kiosk)


def _made_of(session: Session, home: Home, kiosk: KioskRow) -> tuple[object, ...]:
    return marks(session), home, kiosk.status, kiosk.station, kiosk.epoch, kiosk.seal_key


def issue(
    session: Session, home: Home, kiosk: KioskRow, now: datetime, seen: int = 0, before: Planned | None = None
) -> Issued:
    """Return the lease in force for an active kiosk, a new one where the newest does not stand. Writes.

    ``before`` was planned at ``now`` in an earlier transaction; it counts where nothing was changed since.

    ``seen`` is the highest number that the kiosk ever accepted. A hub that was restored from a backup knows
    only lower ones, which the kiosk must refuse: it goes on above (fast-forward recovery). It leaves one
    number out, because it cannot name the hash of a lease that it does not know.
    """
    if before is None or not before.holds(session, home, kiosk):
        before = Planned.make(session, home, kiosk, now)
    wanted, content = before.plan, before.content
    row = newest(session, kiosk.code)
    known = 0 if row is None else row.number
    ahead = known < min(seen, FARTHEST)
    if row is not None and stands(row, content, now) and not ahead:
        return issued(session, row)
    floor = min(seen, FARTHEST) + 2 if ahead else 1
    lease = _lease(home, kiosk, wanted, row, now, floor).model_copy(update={"order": newest_known(session)})
    payload = lease.exact()
    envelope = sign_envelope(LEASE_TYPE, payload, home.keys.signers)
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
    session.flush()
    session.connection().execute(_FORGET, {"at": kiosk.code, "before": now - KEEP_ENVELOPES})
    return Issued(lease.number, envelope, lease.manifest, wanted.manifest.decode())


def _keep_manifest(session: Session, digest: str, wanted: Plan) -> None:
    if session.connection().execute(_MANIFEST, {"at": digest}).first() is not None:
        return
    session.add(ManifestRow(hash=digest, text=wanted.manifest.decode()))
    session.flush()
    if wanted.blobs:
        rows = [{"manifest": digest, "blob": blob} for blob in sorted(wanted.blobs)]
        session.execute(insert(ManifestBlob), rows)


def _lease(
    home: Home, kiosk: KioskRow, wanted: Plan, before: LeaseRow | None, now: datetime, at_least: int
) -> Lease:
    number = max(at_least, 1 if before is None else before.number + 1)
    floor = wanted.floor
    kinds = sorted(
        {(page.record.client, level) for (level, *_), pages in wanted.audiences.items() for page in pages}
    )
    bundles, admission = _sealed(home, kiosk.code, number, wanted)
    return Lease(
        kiosk=kiosk.code,
        site=home.site,
        station=station_info(floor),
        number=number,
        previous="" if before is None else before.payload_hash,
        issued=now,
        expires=floor.until,
        allowances=tuple(
            Allowance(
                client=client, classification=level, until=readable_until(wanted.clients, client, level, now)
            )
            for client, level in kinds
        ),
        manifest=sha256(wanted.manifest),
        site_salt=home.site_salt,
        operators=wanted.operators,
        bundles=bundles,
        policy=wanted.policy,
        mark=hpke_seal(
            kiosk_keys(home.mark_key, kiosk.code).packed(), _device(kiosk), mark_info(kiosk.code, number)
        ),
        grants=floor.grants,
        admission=admission,
        others=wanted.others,
        answers=_answers(kiosk.code, number, wanted),
        calls=wanted.calls,
    )


def _answers(kiosk: str, number: int, wanted: Plan) -> dict[str, bytes]:
    """Each person's answers, sealed to that person: where the lease lies no badge guards it."""
    publics = {person.record.code: person.slot.seal_public for person in wanted.people}
    return {
        person: hpke_seal(
            RemarkAnswers(answers=answers).exact(), publics[person], answers_info(kiosk, number, person)
        )
        for person, answers in wanted.answers.items()
    }


def _device(kiosk: KioskRow) -> bytes:
    return kiosk.seal_key or b""


def _sealed(home: Home, kiosk: str, number: int, wanted: Plan) -> tuple[tuple[Bundle, ...], Admission]:
    """The bundles, each key sealed to who may read; and the keys of admissions without the hub."""
    top, halves = new_half(), {person: new_half() for person in wanted.admissible}
    return _bundles(home, kiosk, number, wanted, top, halves), _admission(kiosk, number, wanted, top, halves)


def _bundles(
    home: Home, kiosk: str, number: int, wanted: Plan, top: bytes, halves: dict[str, bytes]
) -> tuple[Bundle, ...]:
    publics = {person.record.code: person.slot.seal_public for person in wanted.people}
    share = _share(home, kiosk, number)
    lots = [
        (level, persons, admissible, {blob: key for page in pages for blob, key in page.keys.items()})
        for (level, persons, admissible), pages in wanted.audiences.items()
    ]
    lots += [
        (Classification.INTERNAL, persons, (), dict(wanted.texts[client].keys))
        for client, persons in wanted.signers.items()
    ]
    bundles = []
    for index, (level, persons, admissible, keys) in enumerate(lots):
        key = os.urandom(32)
        wrapping = joint_key(key, share) if level is Classification.RESTRICTED else key
        lending = class_key(top, level)
        bundles.append(
            Bundle(
                classification=level,
                keys={
                    blob: wrap_key(unwrap_key(wrapped, home.keys.wrap), wrapping)
                    for blob, wrapped in keys.items()
                },
                sealed={
                    person: hpke_seal(key, publics[person], bundle_info(kiosk, number, index, person))
                    for person in persons
                },
                admissible={
                    person: wrap_key(key, both(halves[person], half(lending, person)))
                    for person in admissible
                    if person in publics
                },
            )
        )
    return tuple(bundles)


def _admission(kiosk: str, number: int, wanted: Plan, top: bytes, halves: dict[str, bytes]) -> Admission:
    """A half for each worker; for each supervisor the key of the highest class that the badge is worth."""
    if not halves:
        return Admission()
    publics = {person.record.code: person.slot for person in wanted.people}
    return Admission(
        workers={
            person: hpke_seal(own, publics[person].seal_public, worker_info(kiosk, number, person))
            for person, own in halves.items()
            if person in publics
        },
        supervisors={
            person: hpke_seal(
                class_key(top, publics[person].kind.ceiling),
                publics[person].seal_public,
                supervisor_info(kiosk, number, person),
            )
            for person in sorted(wanted.floor.granters & publics.keys())
        },
    )


def boot_share(home: Home, kiosk: str, number: int, device: bytes) -> bytes:
    """Return the share of one lease, sealed to the device's key; the same share each time it is asked for."""
    return hpke_seal(_share(home, kiosk, number), device, boot_info(kiosk, number))


def _share(home: Home, kiosk: str, number: int) -> bytes:
    # HMAC-SHA256 of the wrap key as PRF (SP 800-108): nothing is stored, and every hub of the site agrees.
    return hmac.new(home.keys.wrap, b"boot share\0" + boot_info(kiosk, number), hashlib.sha256).digest()
