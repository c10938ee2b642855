"""What a kiosk tells of its journal that its events cannot: they are behind the fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, get_args

from sqlalchemy import select

from app.hub.concerned import JOURNAL
from app.hub.schema import AlarmRow, KioskRow
from app.hub.store import note_act
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
        note_act(session, JOURNAL, code)


def faults(session: Session) -> dict[tuple[str, int], JournalFault]:
    """What was told of each kiosk's epoch."""
    alarms = session.scalars(select(AlarmRow).where(AlarmRow.kind.in_(FAULTS)).order_by(AlarmRow.id))
    return {(alarm.kiosk, alarm.detail["epoch"]): cast("JournalFault", alarm.kind) for alarm in alarms}
