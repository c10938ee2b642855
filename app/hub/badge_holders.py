"""Who holds which badge, and taking a lost one away: what a desk is told and may do of badges."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.hub import badges
from app.hub.acting import Task
from app.hub.lockdown import need_reason
from app.hub.lookup import Outcome, need
from app.hub.revocations import Kind
from app.hub.schema import Badge, PersonRow, RevocationRow
from app.model.errors import NotFound
from app.model.terms import CredentialKind
from app.wire.desk_badges import BadgeHolder, HeldBadge

if TYPE_CHECKING:
    from datetime import datetime

    from app.hub.acting import Acting


def holders(acting: Acting) -> tuple[BadgeHolder, ...]:
    """Everybody by name, with the badges that they hold or held, the newest first.

    Raises:
        Refused: the actor may not.
    """
    acting.require(Task.BADGES)
    session = acting.session
    withdrawn: dict[tuple[str, datetime], RevocationRow] = {
        (row.code, row.at): row
        for row in session.scalars(select(RevocationRow).where(RevocationRow.kind == Kind.BADGE.value))
    }
    people = session.scalars(select(PersonRow).order_by(PersonRow.name, PersonRow.code)).all()
    names = {row.code: row.name for row in people}
    held: defaultdict[str, list[HeldBadge]] = defaultdict(list)
    for row in session.scalars(select(Badge).order_by(Badge.issued.desc(), Badge.id.desc())):
        why = withdrawn.get((row.person, row.revoked)) if row.revoked is not None else None
        held[row.person].append(
            HeldBadge(
                number=row.id, kind=CredentialKind(row.kind), tail=row.tail, since=row.issued,
                until=row.revoked, by=names.get(why.by, why.by) if why else "",
                reason=why.reason if why else "",
            )
        )  # fmt: skip
    return tuple(
        BadgeHolder(code=row.code, name=row.name, active=row.active, badges=tuple(held[row.code]))
        for row in people
    )


def withdraw(acting: Acting, person: str, number: int) -> Outcome:
    """Take this badge from the person, and from every kiosk; the person gets another where it is issued.

    Raises:
        Refused: the actor may not, or gives no reason (``needs_reason``).
        NotFound: there is no such person, or that is none of their badges.
    """
    acting.require(Task.BADGES)
    need_reason(acting, "Withdrawing a badge")
    need(acting.session, PersonRow, person, "person")
    row = acting.session.get(Badge, number)
    if row is None or row.person != person:
        raise NotFound(f"{person} has no such badge.", advice="Read the list again.")
    return badges.revoke(acting, person) if row.active else Outcome.SAME
