"""What is locked down and how far it has been recovered, as a desk shows it; and what could be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.hub.acting import Task
from app.hub.receipts import SETTLED, Wanted, receipts
from app.hub.revocations import Kind
from app.hub.schema import Client, KioskRow, Line, PersonRow, RevisionRow, StationRow
from app.model.terms import KioskStatus, RevisionStatus
from app.wire.desk import Holder, Locked, LockKind, LockTarget, RecoveryReply

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.hub.acting import Actor
    from app.hub.receipts import Revoked


def recovery(session: Session, by: Actor, now: datetime) -> RecoveryReply:
    """Everything in force, newest first, with every device that could hold it."""
    revoked = receipts(session, Wanted(), now)
    return RecoveryReply(
        time=now, locked=tuple(_locked(one, by) for one in revoked[::-1]), targets=_targets(session, by)
    )


GIVES_BACK = {
    Kind.PERSON: Task.PEOPLE, Kind.BADGE: Task.BADGES, Kind.KIOSK: Task.KIOSKS,
    Kind.STATION: Task.LOCK_CLIENT, Kind.LINE: Task.LOCK_CLIENT, Kind.REVISION: Task.DOCUMENTS,
    Kind.CLIENT: Task.LOCK_CLIENT,
}  # fmt: skip
"""What whoever gives something back must be allowed to do; the rules of each noun come on top."""


def _locked(one: Revoked, by: Actor) -> Locked:
    holders = tuple(
        Holder(
            kiosk=at.kiosk,
            outcome=at.standing.outcome.value,
            settled=at.standing.outcome in SETTLED,
            until=at.until,
            seen=at.seen,
            pages=at.pages,
            bytes_gone=at.standing.bytes_gone,
        )
        for at in one.holders
    )
    return Locked(
        kind=LockKind(one.kind.value), code=one.code, at=one.at, by=one.by, reason=one.reason,
        latest=one.latest, holders=tuple(sorted(holders, key=lambda each: (each.settled, each.kiosk))),
        mine=by.may(GIVES_BACK[one.kind]),
    )  # fmt: skip


def _targets(session: Session, by: Actor) -> tuple[LockTarget, ...]:
    """What the actor's roles allow, by kind and code."""
    found: list[LockTarget] = []
    stations = [
        row
        for row in session.scalars(select(StationRow).order_by(StationRow.code))
        if by.may(Task.LOCK_CLIENT) or row.line in by.lines
    ]
    if by.may(Task.BLOCK):
        active = KioskRow.status == KioskStatus.ACTIVE.value
        kiosks = select(KioskRow).where(active, KioskRow.station.in_([row.code for row in stations]))
        found += [
            LockTarget(kind=LockKind.KIOSK, code=row.code, name=f"at {row.station}")
            for row in session.scalars(kiosks.order_by(KioskRow.code))
        ]
    if by.may(Task.LOCK_STATION):
        found += [LockTarget(kind=LockKind.STATION, code=row.code, name=row.name) for row in stations]
        lines = session.scalars(select(Line).order_by(Line.code))
        found += [
            LockTarget(kind=LockKind.LINE, code=row.code, name=row.name)
            for row in lines
            if by.may(Task.LOCK_CLIENT) or row.code in by.lines
        ]
    if by.may(Task.PEOPLE):
        people = select(PersonRow).where(PersonRow.active).order_by(PersonRow.code)
        found += [
            LockTarget(kind=LockKind.PERSON, code=row.code, name=row.name) for row in session.scalars(people)
        ]
    if by.may(Task.DOCUMENTS):
        effective = RevisionRow.status == RevisionStatus.EFFECTIVE.value
        revisions = session.scalars(select(RevisionRow).where(effective).order_by(RevisionRow.document))
        found += [
            LockTarget(kind=LockKind.REVISION, code=f"{row.document}/{row.label}", name="in force")
            for row in revisions
        ]
    if by.may(Task.LOCK_CLIENT):
        clients = session.scalars(select(Client).order_by(Client.code))
        found += [LockTarget(kind=LockKind.CLIENT, code=row.code, name=row.name) for row in clients]
    return tuple(found)
