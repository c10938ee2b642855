"""Enrolment at the hub: a device hands in a one-time code and waits for a second administrator.

A code has 80 random bits, is stored as its SHA-256, and serves once, until it expires. Wrong codes are kept
as alarms and counted per address: that is no defence against guessing (80 bits are), but against noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from app.hub.schema import AlarmRow, ChangeRow, EnrolCodeRow, KioskRow
from app.model.errors import Refused, Untrusted
from app.model.terms import KioskStatus
from app.seal.boxes import hpke_seal
from app.seal.chain import GENESIS
from app.seal.encoding import b64, sha256, unb64
from app.seal.enrolling import check_number
from app.wire.messages import EnrolReply, EnrolRequest

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.hub.home import Home
    from app.hub.ingest import Stands
    from app.hub.store import Store

TRIES = 10
"""Failed tries from one address within ``TRIES_WITHIN``."""

ALL_TRIES = 1000
"""Failed tries from everywhere within ``TRIES_WITHIN``."""

TRIES_WITHIN = timedelta(minutes=10)

FAILED_TRY = "enrol_failed"
"""The alarm of a failed try; its detail has the address and the refusal's code."""

RESTORED = "hub.restore"
"""The change that a restore leaves; ``after["heads"]`` has ``KIOSK/EPOCH`` and the last number held then."""

_COUNTED_FROM = datetime(2020, 1, 1, tzinfo=UTC)  # a restored hub counts in minutes from here

ENROLLED = "kiosk.enrolled"
"""The change that an enrolment leaves; ``after`` keeps the device's public keys of that epoch."""


@dataclass(frozen=True, repr=False)
class Applicant:
    """A request with the network address that it came from."""

    request: EnrolRequest
    address: str


def code_hash(code: str) -> str:
    """Return how a one-time code is stored: the SHA-256 of its 16 characters."""
    return sha256(code.encode("ascii"))


def enrol(store: Store, home: Home, applicant: Applicant, now: datetime) -> EnrolReply:
    """Bind a device to the kiosk of its code, pending. Asked again with the same keys it answers the same.

    Raises:
        Refused: ``too_many_tries``, ``code_wrong``, ``code_used``, ``code_expired`` or ``bad_keys``. The try
            is on record then.
    """
    with store.write() as session:
        refusal = _too_many(session, applicant.address, now)
        if refusal is None:
            answer = _try(session, home, applicant, now)
            if isinstance(answer, EnrolReply):
                return answer
            refusal = answer
            detail = {"address": applicant.address, "code": refusal.code, "device": applicant.request.device}
            session.add(AlarmRow(at=now, kiosk="", kind=FAILED_TRY, detail=detail))
    raise refusal


def _too_many(session: Session, address: str, now: datetime) -> Refused | None:
    recent = (
        select(func.count())
        .select_from(AlarmRow)
        .where(AlarmRow.kiosk == "", AlarmRow.kind == FAILED_TRY, AlarmRow.at > now - TRIES_WITHIN)
    )
    here = recent.where(AlarmRow.detail["address"].as_string() == address)
    if session.scalar(here) < TRIES and session.scalar(recent) < ALL_TRIES:  # type: ignore[operator]
        return None
    return Refused(
        "Too many enrolment codes were tried from here.",
        advice="Wait ten minutes, then type the code from the newest sheet.",
        code="too_many_tries",
    )


def _try(session: Session, home: Home, applicant: Applicant, now: datetime) -> EnrolReply | Refused:
    request = applicant.request
    row = session.get(EnrolCodeRow, code_hash(request.code))
    kiosk = None if row is None else session.get(KioskRow, row.kiosk)
    if row is None or kiosk is None:
        return _refused("code_wrong", "This enrolment code is not known here.")
    if row.used is not None:
        same = (kiosk.sign_key, kiosk.seal_key) == (request.sign_key, request.seal_key)
        if same:  # the answer was lost on its way
            return _reply(kiosk, home)
        return _refused("code_used", "This enrolment code has been used.")
    if row.expires <= now or kiosk.status == KioskStatus.RETIRED.value:
        return _refused("code_expired", "This enrolment code has expired.")
    if not _usable(request):
        return _refused("bad_keys", "The keys that this device offers are not keys.")
    _bind(session, home, kiosk, applicant, row.by, now)
    session.execute(
        update(EnrolCodeRow)
        .where(EnrolCodeRow.kiosk == kiosk.code, EnrolCodeRow.used.is_(None))
        .values(used=now)
    )
    return _reply(kiosk, home)


def _bind(
    session: Session, home: Home, kiosk: KioskRow, applicant: Applicant, by: str, now: datetime
) -> None:
    request = applicant.request
    before = {"status": kiosk.status, "epoch": kiosk.epoch}
    kiosk.status = KioskStatus.PENDING.value
    kiosk.sign_key, kiosk.seal_key = request.sign_key, request.seal_key
    kiosk.device = request.device
    kiosk.check_number = check_number(home.root_fingerprint, request.code, request.sign_key, request.seal_key)
    kiosk.approved_by = ""
    kiosk.requested_by = by
    kiosk.epoch = _next_epoch(session, kiosk, now)
    kiosk.held, kiosk.held_hash = 0, GENESIS
    kiosk.counter, kiosk.counters_seen = 0, 0
    kiosk.enrolled = now
    after = {
        "status": kiosk.status,
        "epoch": kiosk.epoch,
        "device": request.device,
        "address": applicant.address,
        "sign_key": b64(request.sign_key),
        "seal_key": b64(request.seal_key),
    }
    session.add(ChangeRow(at=now, by=by, act=ENROLLED, subject=kiosk.code, before=before, after=after))


def _next_epoch(session: Session, kiosk: KioskRow, now: datetime) -> int:
    """An epoch that the kiosk never had: a hub that was restored from a backup may lack its newest ones."""
    return max(kiosk.epoch + 1, least_after_restore(session, now))


def least_after_restore(session: Session, now: datetime) -> int:
    """A number above all that a hub gave before it was restored from a backup; 0 where it never was."""
    restored = session.scalars(select(ChangeRow.id).where(ChangeRow.act == RESTORED).limit(1)).first()
    return 0 if restored is None else int((now - _COUNTED_FROM).total_seconds() // 60)


def sign_key_of(session: Session, kiosk: KioskRow | Stands, epoch: int) -> bytes | None:
    """The device key that signed a kiosk's events in an epoch, also of a device that was replaced."""
    if epoch == kiosk.epoch:
        return kiosk.sign_key
    rows = session.scalars(
        select(ChangeRow).where(ChangeRow.act == ENROLLED, ChangeRow.subject == kiosk.code)
    )
    for row in rows:
        if row.after["epoch"] == epoch:
            return unb64(row.after["sign_key"])
    return None


def _usable(request: EnrolRequest) -> bool:
    if len(request.sign_key) != 32 or len(request.seal_key) != 32:
        return False
    try:
        hpke_seal(b"", request.seal_key, b"")  # refuses points of small order
    except (Untrusted, ValueError):
        return False
    return True


def _reply(kiosk: KioskRow, home: Home) -> EnrolReply:
    return EnrolReply(kiosk=kiosk.code, station=kiosk.station, site=home.site, epoch=kiosk.epoch)


def _refused(code: str, message: str) -> Refused:
    return Refused(
        message,
        advice="Ask for a new sheet: stationleaf admin kiosk code KIOSK",
        code=code,
    )
