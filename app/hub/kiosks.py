"""Kiosks at the hub, as administrators manage them: adding, enrolment codes, approval, blocking, retiring."""

from __future__ import annotations

import base64
import hmac
import os
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from app.hub.acting import Acting, Task
from app.hub.enrolment import code_hash
from app.hub.lookup import Outcome, check_code, need
from app.hub.revocations import Kind, begin, lift
from app.hub.schema import EnrolCodeRow, KioskRow, StationRow
from app.hub.settings import setting
from app.model.errors import Refused
from app.model.terms import KioskStatus

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

CODE_LIFE = timedelta(minutes=10)
CODE_BYTES = 10  # 16 base32 characters
BLOCKED = frozenset({KioskStatus.LOST, KioskStatus.FORKED, KioskStatus.LOCKED_DOWN})


def add(acting: Acting, *, kiosk: str, station: str) -> Outcome:
    """Add a kiosk at a station; it waits for a device.

    Raises:
        Refused: the actor may not, or the kiosk exists at another station.
        NotFound: there is no such station.
    """
    acting.require(Task.KIOSKS)
    check_code("kiosk", kiosk)
    need(acting.session, StationRow, station, "station")
    known = acting.session.get(KioskRow, kiosk)
    if known is not None:
        if known.station == station and known.status != KioskStatus.RETIRED:
            return Outcome.SAME
        raise Refused(
            f"There is already a kiosk {kiosk}, at {known.station} ({known.status}).",
            advice=f"Move it: stationleaf admin kiosk move {kiosk} --station {station}"
            if known.status != KioskStatus.RETIRED
            else "Give the new kiosk another code: the old one's history stays.",
            code="kiosk_exists",
        )
    acting.session.add(KioskRow(code=kiosk, station=station, status=KioskStatus.PENDING.value))
    acting.session.flush()
    acting.record("kiosk.add", kiosk, None, {"station": station})
    return Outcome.ADDED


def new_code(acting: Acting, kiosk: str) -> tuple[str, datetime]:
    """Make a one-time code for the device that shall become ``kiosk``; earlier codes end.

    Returns the code and when it ends.

    A device that asked before and is not approved is forgotten.

    Raises:
        Refused: the actor may not, or the kiosk is in use or retired.
        NotFound: there is no such kiosk.
    """
    acting.require(Task.KIOSKS)
    session = acting.session
    row = need(session, KioskRow, kiosk, "kiosk")
    if row.status == KioskStatus.ACTIVE:
        raise Refused(
            f"{kiosk} is in use by an approved device.",
            advice=f"To give it another device, first: stationleaf admin kiosk block {kiosk} --lost",
            code="kiosk_active",
        )
    if row.status == KioskStatus.LOCKED_DOWN:
        raise Refused(
            f"{kiosk} is locked down; no device is enrolled for it.",
            advice=f"First: stationleaf admin kiosk unblock {kiosk}",
            code="kiosk_blocked",
        )
    _not_retired(row)
    session.execute(delete(EnrolCodeRow).where(EnrolCodeRow.kiosk == kiosk, EnrolCodeRow.used.is_(None)))
    code = base64.b32encode(os.urandom(CODE_BYTES)).decode("ascii")
    expires = acting.now + CODE_LIFE
    session.add(EnrolCodeRow(hash=code_hash(code), kiosk=kiosk, by=acting.by.person, expires=expires))
    if row.status == KioskStatus.PENDING:
        row.sign_key = row.seal_key = None
        row.device = row.check_number = ""
    session.flush()
    acting.record("kiosk.code", kiosk, None, {"expires": expires.isoformat()})
    return code, expires


def approve(acting: Acting, kiosk: str, number: str) -> Outcome:
    """Let the device that asked become the kiosk: its screen shows ``number``, and so does the hub.

    Raises:
        Refused: the actor may not, or made the code; no device has asked; or the numbers differ
            (``code`` ``wrong_number``).
        NotFound: there is no such kiosk.
    """
    acting.require(Task.KIOSKS)
    row = need(acting.session, KioskRow, kiosk, "kiosk")
    if row.status == KioskStatus.ACTIVE:
        return Outcome.SAME
    if row.status != KioskStatus.PENDING or row.sign_key is None or not row.check_number:
        raise Refused(
            f"No device waits to become {kiosk}.",
            advice=f"Make a code (stationleaf admin kiosk code {kiosk}) and enter it at the device.",
            code="nobody_waits",
        )
    if row.requested_by == acting.by.person and not setting(acting.session, "allow_single_admin"):
        raise Refused(
            f"{acting.by.person} made the enrolment code; a second administrator approves.",
            advice="Let another administrator compare the numbers: --as PERSON.",
            code="second_person",
        )
    plain = "".join(sign for sign in number if sign not in " -")
    if not hmac.compare_digest(plain.encode(), row.check_number.encode()):
        raise Refused(
            "That is not the number of the device that asked; another device may have used the code.",
            advice=f"Read it again. If it differs, make a new code: stationleaf admin kiosk code {kiosk}",
            code="wrong_number",
        )
    row.status, row.approved_by, row.check_number = KioskStatus.ACTIVE.value, acting.by.person, ""
    acting.session.flush()
    acting.record(
        "kiosk.approve", kiosk, KioskStatus.PENDING.value, {"status": row.status, "device": row.device}
    )
    return Outcome.CHANGED


def note_wrong_number(acting: Acting, kiosk: str) -> None:
    """Keep that a wrong number was entered: the refusal itself leaves no trace."""
    row = need(acting.session, KioskRow, kiosk, "kiosk")
    acting.record("kiosk.wrong_number", kiosk, row.status, {"device": row.device})


def move(acting: Acting, kiosk: str, station: str) -> Outcome:
    """Bind a kiosk to another station; its next lease says so.

    Raises:
        Refused: the actor may not, or the kiosk is retired.
        NotFound: there is no such kiosk or station.
    """
    acting.require(Task.KIOSKS)
    row = need(acting.session, KioskRow, kiosk, "kiosk")
    need(acting.session, StationRow, station, "station")
    _not_retired(row)
    if row.station == station:
        return Outcome.SAME
    before, row.station = row.station, station
    acting.session.flush()
    acting.record("kiosk.move", kiosk, before, station)
    return Outcome.CHANGED


def block(acting: Acting, kiosk: str, *, lost: bool = False) -> Outcome:
    """Take everything away from a kiosk: locked down, or lost. The act's reason must say why.

    Raises:
        Refused: the actor may not, supervises other lines, gives no reason, or the kiosk is retired.
        NotFound: there is no such kiosk.
    """
    acting.require(Task.BLOCK)
    row = need(acting.session, KioskRow, kiosk, "kiosk")
    acting.require_own(need(acting.session, StationRow, row.station, "station").line, kiosk)
    _not_retired(row)
    status = KioskStatus.LOST if lost else KioskStatus.LOCKED_DOWN
    if row.status == status:
        return Outcome.SAME
    _need_reason(acting, "Blocking a kiosk")
    return _set(acting, row, status, "kiosk.block")


def unblock(acting: Acting, kiosk: str) -> Outcome:
    """Let a blocked kiosk work again with the device that it has. The act's reason must say why.

    Raises:
        Refused: the actor may not, no reason is given, or the kiosk has no approved device.
        NotFound: there is no such kiosk.
    """
    acting.require(Task.KIOSKS)
    row = need(acting.session, KioskRow, kiosk, "kiosk")
    if row.status == KioskStatus.ACTIVE:
        return Outcome.SAME
    if row.status not in BLOCKED:
        raise Refused(f"{kiosk} is not blocked; it is {row.status}.")
    _need_reason(acting, "Releasing a kiosk")
    if row.sign_key is None or not row.approved_by:
        return _set(acting, row, KioskStatus.PENDING, "kiosk.unblock")
    return _set(acting, row, KioskStatus.ACTIVE, "kiosk.unblock")


def retire(acting: Acting, kiosk: str) -> Outcome:
    """Take a kiosk out of use for good; its events stay.

    Raises:
        Refused: the actor may not.
        NotFound: there is no such kiosk.
    """
    acting.require(Task.KIOSKS)
    row = need(acting.session, KioskRow, kiosk, "kiosk")
    if row.status == KioskStatus.RETIRED:
        return Outcome.SAME
    acting.session.execute(
        delete(EnrolCodeRow).where(EnrolCodeRow.kiosk == kiosk, EnrolCodeRow.used.is_(None))
    )
    return _set(acting, row, KioskStatus.RETIRED, "kiosk.retire")


def _set(acting: Acting, row: KioskRow, status: KioskStatus, act: str) -> Outcome:
    before, row.status = row.status, status.value
    acting.session.flush()
    if status in {*BLOCKED, KioskStatus.RETIRED}:
        begin(acting, Kind.KIOSK, row.code, row.enrolled)
    else:
        lift(acting, Kind.KIOSK, row.code, row.enrolled)
    acting.record(act, row.code, before, status.value)
    return Outcome.CHANGED


def _not_retired(row: KioskRow) -> None:
    if row.status == KioskStatus.RETIRED:
        raise Refused(f"{row.code} is retired.", advice="Add a kiosk under another code.", code="retired")


def _need_reason(acting: Acting, what: str) -> None:
    if not acting.reason:
        raise Refused(f"{what} needs a reason.", advice='Add: --reason "WHY"', code="needs_reason")


@dataclass(frozen=True)
class KioskListed:
    """A kiosk as it is listed. ``waits`` says whether a device waits for approval."""

    code: str
    station: str
    status: str
    waits: bool
    device: str
    enrolled: datetime | None
    seen: datetime | None
    events: int


def kiosks(session: Session) -> list[KioskListed]:
    """Return every kiosk, in the order of their codes."""
    return [
        KioskListed(
            row.code, row.station, row.status,
            row.status == KioskStatus.PENDING and row.sign_key is not None and bool(row.check_number),
            row.device, row.enrolled, row.seen, row.held,
        )
        for row in session.scalars(select(KioskRow).order_by(KioskRow.code))
    ]  # fmt: skip
