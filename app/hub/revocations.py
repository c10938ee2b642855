"""What was taken back at the hub: a row each, with every device that could hold it, and until when.

The change itself (a person deactivated, a revision recalled) is at home with its noun; here is only that it
was a revocation. What stations and clients are locked down is decided by these rows alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, insert, select

from app.hub.holders import holders
from app.hub.remembered import remembered
from app.hub.schema import RevocationHolder, RevocationRow, StationRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.hub.acting import Acting


# Built once: every kiosk's question needs it.
_NEWEST_AT = select(func.max(RevocationHolder.revocation)).where(RevocationHolder.kiosk == bindparam("at"))


class Kind(StrEnum):
    """What can be revoked."""

    PERSON = "person"
    BADGE = "badge"
    KIOSK = "kiosk"
    STATION = "station"
    LINE = "line"
    REVISION = "revision"
    CLIENT = "client"


@dataclass(frozen=True)
class LockedDown:
    """What of a station's work is revoked: the station itself or its line, and clients."""

    station: bool
    clients: frozenset[str]


def begin(acting: Acting, kind: Kind, code: str, since: datetime | None = None) -> bool:
    """Keep that something is revoked now, and who could hold it. Returns False if it was already.

    A code can be given to another thing (a kiosk's to another device): ``since`` says when that was, and
    what was revoked before it is another revocation, which stays.
    """
    by = acting.by.person
    return begin_by(acting.session, kind, code, since, by=by, now=acting.now, reason=acting.reason)


def begin_by(
    session: Session,
    kind: Kind,
    code: str,
    since: datetime | None = None,
    *,
    by: str,
    now: datetime,
    reason: str,
) -> bool:
    """The same where nobody acts: the hub itself blocks a kiosk that forked."""
    if open_row(session, kind, code, since) is not None:
        return False
    row = RevocationRow(kind=kind.value, code=code, at=now, by=by, reason=reason)
    session.add(row)
    session.flush()
    held_by = [
        {
            "revocation": row.id, "kiosk": held.kiosk, "epoch": held.epoch, "first": held.first,
            "last": held.last, "pages": len(held.pages), "until": held.until,
        }
        for held in holders(session, kind.value, code, now)
    ]  # fmt: skip
    if held_by:
        session.execute(insert(RevocationHolder), held_by)
    return True


def lift(acting: Acting, kind: Kind, code: str, since: datetime | None = None) -> bool:
    """Keep that it is revoked no longer. Returns False if it was not."""
    row = open_row(acting.session, kind, code, since)
    if row is None:
        return False
    row.lifted, row.lifted_by = acting.now, acting.by.person
    acting.session.flush()
    return True


def open_row(session: Session, kind: Kind, code: str, since: datetime | None = None) -> RevocationRow | None:
    """The newest revocation in force of this thing, if there is one."""
    query = select(RevocationRow).where(
        RevocationRow.kind == kind.value, RevocationRow.code == code, RevocationRow.lifted.is_(None)
    )
    if since is not None:
        query = query.where(RevocationRow.at >= since)
    return session.scalars(query.order_by(RevocationRow.id.desc())).first()


@remembered("revocation")
def newest_known(session: Session) -> int:
    """The number of the newest revocation, 0 for none."""
    return session.scalar(select(func.max(RevocationRow.id))) or 0


def newest_at(session: Session, kiosk: str) -> int:
    """The number of the newest revocation of something that this kiosk could hold, 0 for none."""
    return session.connection().scalar(_NEWEST_AT, {"at": kiosk}) or 0


def locked_down(session: Session, station: str) -> LockedDown:
    """What is revoked, as far as pages at a station are concerned."""
    return LockedDown(station in locked_stations(session), locked_clients(session))


def locked_clients(session: Session) -> frozenset[str]:
    """The clients whose pages are locked down."""
    return _in_force(session, Kind.CLIENT)


def locked_stations(session: Session) -> frozenset[str]:
    """The stations that are locked down, each by itself or with its line."""
    stations, lines = _in_force(session, Kind.STATION), _in_force(session, Kind.LINE)
    if lines:
        stations |= set(session.scalars(select(StationRow.code).where(StationRow.line.in_(lines))))
    return stations


@remembered("revocation")
def _in_force(session: Session, kind: Kind) -> frozenset[str]:
    query = select(RevocationRow.code).where(RevocationRow.kind == kind.value, RevocationRow.lifted.is_(None))
    return frozenset(session.scalars(query))
