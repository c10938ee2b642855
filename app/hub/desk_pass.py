"""Who sits at a desk: the slots that a desk may ask for, and whether a pass makes its person the actor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.hub.acting import STAFF_ROLES, actor
from app.hub.schema import AlarmRow, Badge, ChangeRow, PersonRow
from app.hub.settings import setting
from app.model.errors import Expected, Refused, Untrusted
from app.model.terms import CredentialKind, Role
from app.seal.keys import verify
from app.wire.desk import PASS_LIFE, DeskSlot, SignedIn

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.hub.acting import Actor
    from app.wire.desk import DeskPass

DESK_ROLES = STAFF_ROLES | {Role.AUDITOR}
"""Who may sit at a desk; what each may do there is ``acting.MAY``."""

UNKNOWN = "desk_badge_unknown"
"""The alarm of a badge at a desk that is nobody's who may sit there."""


def slot_for(session: Session, tag: bytes) -> DeskSlot | None:
    """The slot of the badge with this tag, if its person may sit at a desk."""
    badge = session.scalars(
        select(Badge).where(Badge.slot_tag == tag, Badge.active, Badge.kind != CredentialKind.CARD.value)
    ).first()
    if badge is None or not _may_sit(session, badge.person):
        return None
    return DeskSlot(
        person=badge.person,
        name=session.get_one(PersonRow, badge.person).name,
        kind=CredentialKind(badge.kind),
        tag=badge.slot_tag,
        salt=badge.slot_salt,
        box=badge.slot_box,
        seal_public=badge.seal_public,
        sign_public=badge.sign_public,
    )


def note_unknown(session: Session, kiosk: str, now: datetime) -> Refused:
    """Tell quality; returns what the desk is answered."""
    session.add(AlarmRow(at=now, kiosk=kiosk, kind=UNKNOWN, detail={}))
    return Refused(
        "This badge is not one that may open a desk.",
        advice="Supervisors, quality, administrators and auditors may.",
        code="badge_unknown",
    )


def seated(session: Session, desk: DeskPass, kiosk: str, now: datetime) -> Actor:
    """Return who acts by this pass.

    Steps: 1 it was made for the device that signed the request; 2 it holds now, and no longer than a shift;
    3 an active badge of that person signed it; 4 where the site uses PINs, a badge with one; 5 the person is
    active and may sit at a desk.

    Raises:
        Refused: a step fails (``signed_out``).
    """
    if desk.kiosk != kiosk or not desk.begins <= now < desk.ends or desk.ends - desk.begins > PASS_LIFE:
        raise _signed_out()  # 1, 2
    with_pin = setting(session, "pin_used")
    badges = session.scalars(
        select(Badge).where(Badge.person == desk.person, Badge.active, Badge.revoked.is_(None))
    )
    allowed = [badge for badge in badges if not with_pin or badge.kind != CredentialKind.UID.value]  # 4
    if not any(_signed_by(badge, desk) for badge in allowed):  # 3
        raise _signed_out()
    if not _may_sit(session, desk.person):  # 5
        raise _signed_out()
    return actor(session, desk.person)


def sign_in(session: Session, desk: DeskPass, kiosk: str, now: datetime) -> SignedIn:
    """Put on record that somebody sits down, and say who that is.

    Raises:
        Refused: as ``seated``.
    """
    who = seated(session, desk, kiosk, now)
    after = {"kiosk": kiosk, "until": desk.ends.isoformat()}
    session.add(
        ChangeRow(at=now, by=who.person, act="desk.sign_in", subject=who.person, before=None, after=after)
    )
    return SignedIn(
        person=who.person,
        name=session.get_one(PersonRow, who.person).name,
        roles=tuple(sorted(who.roles)),
        lines=tuple(sorted(who.lines)),
    )


def _may_sit(session: Session, person: str) -> bool:
    try:
        return bool(actor(session, person).roles & DESK_ROLES)
    except Expected:
        return False


def _signed_by(badge: Badge, desk: DeskPass) -> bool:
    try:
        verify(badge.sign_public, desk.signature, desk.signed())
    except Untrusted:
        return False
    return True


def _signed_out() -> Refused:
    return Refused(
        "You are signed out of this desk.", advice="Sign in again with badge and PIN.", code="signed_out"
    )
