"""Badges at the hub: issuing and revoking. A number is never kept, only its HMAC and its last characters."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.hub.acting import Acting, Task
from app.hub.lookup import Outcome, need
from app.hub.revocations import Kind, begin, lift, open_row
from app.hub.schema import Badge, PersonRow
from app.hub.settings import badge_format
from app.model.errors import Refused
from app.model.terms import CredentialKind
from app.seal.slot import OperatorKey, Slot, make_slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.hub.home import HubKeys
    from app.wire.lease import BadgeFormat

BLANK = Slot(CredentialKind.UID, b"", b"", b"", b"", b"")
"""What a rehearsal stores in place of a slot: it opens nothing and is always rolled back."""


@dataclass(frozen=True, repr=False)
class BadgeOffice:
    """What issuing needs beside the transaction. ``seal`` makes the slot of a number."""

    badge_key: bytes
    seal: Callable[[str], Slot]

    def fingerprint(self, number: str) -> str:
        """The HMAC-SHA256 by which a number is found again, hex."""
        return hmac.new(self.badge_key, number.encode(), hashlib.sha256).hexdigest()


def office(keys: HubKeys, site_salt: bytes) -> BadgeOffice:
    """The office that makes real slots: one Argon2id derivation a badge, about a quarter of a second."""
    return BadgeOffice(keys.badge, lambda number: make_slot(number, "", site_salt, OperatorKey.generate()))


def issue(acting: Acting, badges: BadgeOffice, *, person: str, badge: str) -> Outcome:
    """Give a person a badge; the person's former badge is revoked by it.

    Raises:
        Refused: the actor may not, the number does not fit the site's format, or it is somebody else's.
        NotFound: there is no such person.
    """
    acting.require(Task.BADGES)
    active_person(acting, person)
    check_format(badge, badge_format(acting.session))
    return hand_over(acting, badges, person=person, text=badge)


def active_person(acting: Acting, person: str) -> None:
    """Raise unless the person is there and active.

    Raises:
        Refused: not active.
        NotFound: there is no such person.
    """
    if not need(acting.session, PersonRow, person, "person").active:
        raise Refused(f"{person} is not active.", advice=f"First: stationleaf admin person activate {person}")


def hand_over(acting: Acting, badges: BadgeOffice, *, person: str, text: str) -> Outcome:
    """Make ``text`` (a number, or a card's fingerprint) the person's badge, in place of the one before.

    Raises:
        Refused: it is or was somebody else's (``badge_in_use``).
    """
    session = acting.session
    digest = badges.fingerprint(text)
    known = session.scalars(select(Badge).where(Badge.hmac == digest)).first()
    if known is not None:
        if known.active and known.person == person:
            return Outcome.SAME
        raise Refused(*_taken(known), code="badge_in_use")
    former = session.scalars(select(Badge).where(Badge.person == person, Badge.active)).all()
    for row in former:
        row.active, row.revoked = False, acting.now
    slot = badges.seal(text)
    session.add(
        Badge(
            person=person,
            hmac=digest,
            tail=tail(text),
            issued=acting.now,
            kind=slot.kind.value,
            slot_tag=slot.tag,
            slot_salt=slot.salt,
            slot_box=slot.box,
            seal_public=slot.seal_public,
            sign_public=slot.sign_public,
        )
    )
    session.flush()
    acting.record("badge.issue", person, [row.tail for row in former] or None, tail(text))
    return Outcome.CHANGED if former else Outcome.ADDED


def _taken(known: Badge) -> tuple[str]:
    if known.active:
        return (f"This badge is in use by {known.person}.",)
    return (f"This badge was {known.person}'s and is revoked; a revoked badge is not issued again.",)


def revoke(acting: Acting, person: str) -> Outcome:
    """Revoke a person's badge.

    Raises:
        Refused: the actor may not.
        NotFound: there is no such person.
    """
    acting.require(Task.BADGES)
    need(acting.session, PersonRow, person, "person")
    rows = acting.session.scalars(select(Badge).where(Badge.person == person, Badge.active)).all()
    for row in rows:
        row.active, row.revoked = False, acting.now
        acting.record("badge.revoke", person, row.tail, None)
    if not rows:
        return Outcome.SAME
    acting.session.flush()
    begin(acting, Kind.BADGE, person, max(row.issued for row in rows))
    return Outcome.CHANGED


def restore(acting: Acting, person: str) -> Outcome:
    """Undo the revocation of a person's badge: a lost one was found, or it was the wrong person's.

    Raises:
        Refused: the actor may not, the person is not active or has another badge by now.
        NotFound: there is no such person.
    """
    acting.require(Task.BADGES)
    active_person(acting, person)
    session = acting.session
    row = open_row(session, Kind.BADGE, person)
    if row is None:
        return Outcome.SAME
    if session.scalars(select(Badge).where(Badge.person == person, Badge.active)).first() is not None:
        raise Refused(
            f"{person} has been given another badge since; a person has one.",
            advice="The revoked badge stays revoked.",
            code="badge_in_use",
        )
    badges = session.scalars(select(Badge).where(Badge.person == person, Badge.revoked == row.at)).all()
    for badge in badges:
        badge.active, badge.revoked = True, None
        acting.record("badge.restore", person, None, badge.tail)
    session.flush()
    lift(acting, Kind.BADGE, person)
    return Outcome.CHANGED


def tail(number: str) -> str:
    """What is shown of a number: its last four characters, of a short one less than half."""
    return number[-min(4, max(1, (len(number) - 1) // 2)) :]


def check_format(number: str, form: BadgeFormat) -> None:
    """Raise unless the site's readers would take this number.

    Raises:
        Refused: it would be refused at every kiosk.
    """
    lead = form.prefix + form.facility
    body = number.removeprefix(form.prefix)
    if not form.min_length <= len(number) <= form.max_length:
        raise Refused(
            f"A badge number has {form.min_length} to {form.max_length} characters; this has {len(number)}.",
            code="badge_format",
        )
    if not number.startswith(lead):
        raise Refused(f"This site's badge numbers begin with {lead}.", code="badge_format")
    if not number.isascii() or not number.isprintable() or " " in number:
        raise Refused("A badge number has plain characters without spaces.", code="badge_format")
    if form.digits_only and not body.isdigit():
        raise Refused("This site's badge numbers have digits only.", code="badge_format")
