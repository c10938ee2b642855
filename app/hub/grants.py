"""Grants as the database has them: which of a kiosk's have not ended, and how leases name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.hub.remembered import remembered
from app.hub.schema_grants import GrantRow
from app.model.terms import Classification, GrantKind
from app.wire.grants import GrantInfo

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

CONFIRMED, WANTED, GLASS, REFUSED = "grant.confirm", "grant.wanted", "grant.break_glass", "grant.refuse"
"""The acts in the record of changes; their subject is the kiosk, so that it is told."""


def grants_of(session: Session, kiosk: str, now: datetime) -> tuple[GrantInfo, ...]:
    """The grants of a kiosk that have not ended, those that were found wanted among them."""
    return tuple(grant for grant in _grants(session, kiosk) if grant.end > now)


@remembered("access_grant", most=2000)
def _grants(session: Session, kiosk: str) -> tuple[GrantInfo, ...]:
    rows = session.scalars(
        select(GrantRow).where(GrantRow.kiosk == kiosk).order_by(GrantRow.start, GrantRow.id)
    )
    return tuple(_info(row) for row in rows)


def _info(row: GrantRow) -> GrantInfo:
    return GrantInfo(
        grant=row.id,
        kind=GrantKind(row.kind),
        person=row.person,
        station=row.station,
        start=row.start,
        end=row.end,
        by=row.by,
        reason=row.reason,
        ceiling=Classification.parse(row.ceiling),
        wanted=tuple(row.wanted),
    )
