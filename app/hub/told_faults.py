"""What a kiosk tells of its journal that its events cannot: they are behind the fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from sqlalchemy import select

from app.hub.schema import AlarmRow, KioskRow
from app.wire.messages import JournalFault

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

FAULTS = frozenset(get_args(JournalFault)) - {""}
"""The kinds of these alarms."""


def note_fault(session: Session, code: str, fault: JournalFault, now: datetime) -> None:
    """Tell quality, once for each fault and epoch of the kiosk ``code``."""
    epoch = session.get_one(KioskRow, code).epoch
    same = select(AlarmRow.detail).where(AlarmRow.kiosk == code, AlarmRow.kind == fault)
    if all(told["epoch"] != epoch for told in session.scalars(same)):
        session.add(AlarmRow(at=now, kiosk=code, kind=fault, detail={"epoch": epoch}))
