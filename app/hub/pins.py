"""PINs at the hub: the one-time code with which a person sets one, and the slot that comes from the kiosk.

The PIN itself never comes here. A code has eight digits (it is entered at a keypad with gloves on), so it is
short-lived, bound to a person, serves once, and ends after five wrong ones.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.hub.acting import Acting, Task
from app.hub.badges import active_person
from app.hub.schema import AlarmRow, Badge, ChangeRow, PersonRow, PinCodeRow
from app.hub.schema_steps import FormerKey
from app.hub.settings import setting
from app.model.errors import Refused, Untrusted
from app.model.pins import CODE_DIGITS
from app.model.terms import CredentialKind
from app.seal.boxes import hpke_seal
from app.seal.slot import BOX_BYTES, SALT_BYTES, TAG_BYTES, Slot
from app.wire.messages import SlotReply

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.wire.messages import SlotRequest

CODE_LIFE = timedelta(minutes=15)
TRIES = 5
"""Wrong codes until the right one serves no more."""

FAILED_TRY = "pin_code_failed"
"""The alarm of a code that was not taken."""

PIN_KINDS = frozenset({CredentialKind.UID.value, CredentialKind.UID_PIN.value})
"""Kinds of badges that a PIN goes with."""


@dataclass(frozen=True, repr=False)
class Handed:
    """A slot as a kiosk hands it in."""

    kiosk: str
    request: SlotRequest


def new_code(acting: Acting, badge_key: bytes, person: str) -> tuple[str, datetime]:
    """Make the one-time code with which a person sets a PIN; an earlier one ends. Returns it, and its end.

    Raises:
        Refused: the actor may not; PINs are not used here (``pin_not_used``); or the person is not active or
            has no badge that a PIN goes with (``no_badge``).
        NotFound: there is no such person.
    """
    acting.require(Task.BADGES)
    session = acting.session
    active_person(acting, person)
    if not setting(session, "pin_used"):
        raise Refused(
            "PINs are not used at this site.",
            advice="First: stationleaf admin setting set pin_used yes",
            code="pin_not_used",
        )
    if _badge_of(session, person) is None:
        raise Refused(
            f"{person} has no badge that a PIN goes with.",
            advice=f"First: stationleaf admin badge issue {person}",
            code="no_badge",
        )
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    expires = acting.now + CODE_LIFE
    session.merge(
        PinCodeRow(
            person=person,
            hash=_hash(badge_key, person, code),
            by=acting.by.person,
            expires=expires,
            tries=0,
            used=None,
        )
    )
    session.flush()
    acting.record("badge.pin_code", person, None, {"expires": expires.isoformat()})
    return code, expires


def take_slot(session: Session, badge_key: bytes, handed: Handed, now: datetime) -> SlotReply | Refused:
    """Put a slot in force whose badge is the person's and whose code is right; asked again, answer the same.

    A refusal is returned, not raised, so that the try stays on record: ``pin_code_wrong``, ``pin_code_over``
    or ``bad_keys``.
    """
    badge = session.scalars(
        select(Badge).where(Badge.slot_tag == handed.request.tag, Badge.active, Badge.kind.in_(PIN_KINDS))
    ).first()
    if badge is None or not session.get_one(PersonRow, badge.person).active:
        return _failed(session, handed, "", _WRONG, now)
    row = session.get(PinCodeRow, badge.person, with_for_update=True)
    right = row is not None and hmac.compare_digest(
        row.hash, _hash(badge_key, badge.person, handed.request.code)
    )
    lost = row is not None and row.used is not None and right and badge.slot_box == handed.request.box
    if not lost:  # the answer, on its way
        wrong = _judge(row, handed.request, now, right=right)
        if row is None or wrong is not None:
            return _failed(session, handed, badge.person, wrong or _WRONG, now)
        row.used = now
        _put(session, badge, handed, row.by, now)
    return SlotReply(person=badge.person)


def _judge(
    row: PinCodeRow | None, request: SlotRequest, now: datetime, *, right: bool
) -> tuple[str, str, str] | None:
    """Why the code is not taken; None: it is. Counts a wrong one."""
    if row is None:
        return _WRONG
    if row.used is not None or row.expires <= now or row.tries >= TRIES:
        return _OVER
    if not right:
        row.tries += 1
        return _WRONG if row.tries < TRIES else _OVER
    return None if _usable(request) else _BAD


def _put(session: Session, badge: Badge, handed: Handed, code_by: str, now: datetime) -> None:
    """The badge has this slot now; the former one is gone, and no lease has it again."""
    request, before = handed.request, _named(badge)
    session.add(FormerKey(person=badge.person, sign_public=badge.sign_public, until=now))
    badge.kind = CredentialKind.UID_PIN.value
    badge.slot_salt, badge.slot_box = request.salt, request.box
    badge.seal_public, badge.sign_public = request.seal_public, request.sign_public
    session.flush()
    after = {**_named(badge), "kiosk": handed.kiosk, "code_by": code_by}
    session.add(
        ChangeRow(at=now, by=badge.person, act="badge.pin", subject=badge.person, before=before, after=after)
    )


def _named(badge: Badge) -> dict[str, str]:
    slot = Slot(
        CredentialKind(badge.kind),
        badge.slot_tag,
        badge.slot_salt,
        badge.slot_box,
        badge.seal_public,
        badge.sign_public,
    )
    return {"kind": badge.kind, "slot": slot.slot, "badge": badge.tail}


def _badge_of(session: Session, person: str) -> Badge | None:
    wanted = select(Badge).where(Badge.person == person, Badge.active, Badge.kind.in_(PIN_KINDS))
    return session.scalars(wanted).first()


def _hash(badge_key: bytes, person: str, code: str) -> str:
    """A code has few digits: stored under a key, so that a copy of the database does not give it away."""
    return hmac.new(badge_key, f"pin code\0{person}\0{code}".encode(), hashlib.sha256).hexdigest()


def _usable(request: SlotRequest) -> bool:
    lengths = len(request.tag), len(request.salt), len(request.box), len(request.sign_public)
    if lengths != (TAG_BYTES, SALT_BYTES, BOX_BYTES, 32) or len(request.seal_public) != 32:
        return False
    try:
        hpke_seal(b"", request.seal_public, b"")  # refuses points of small order
    except (Untrusted, ValueError):
        return False
    return True


def _failed(
    session: Session, handed: Handed, person: str, words: tuple[str, str, str], now: datetime
) -> Refused:
    code, says, do = words
    detail = {"person": person, "code": code}
    session.add(AlarmRow(at=now, kiosk=handed.kiosk, kind=FAILED_TRY, detail=detail))
    return Refused(says, advice=do, code=code)


_WRONG = (
    "pin_code_wrong",
    "This code is not right for this badge.",
    "Enter it again; it has eight digits and is only for you.",
)
_OVER = ("pin_code_over", "This code serves no more.", "Ask your supervisor for a new code.")
_BAD = ("bad_keys", "The hub cannot use what this kiosk made.", "Try again; if it stays, tell IT.")
