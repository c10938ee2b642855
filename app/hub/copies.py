"""Two devices with one identity that even share a journal: their events come from two boots in turns.

A machine that was started again is never in the boot before. So a boot that comes back after another one is
a second device (a home folder on a server, a virtual machine's copy), or a machine put back in mid-run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sqlalchemy import bindparam, select

from app.hub.schema import AlarmRow, EventRow
from app.wire.messages import Event, EventKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

COPIED = "copied"
"""The alarm of a boot that came back."""

STARTS = 200
"""So many of the newest starts are looked at."""

_EVENTS = cast("Table", EventRow.__table__)
_BEFORE = (  # built once: every batch of events needs it
    select(_EVENTS.c.data)
    .where(
        _EVENTS.c.kiosk == bindparam("at"),
        _EVENTS.c.epoch == bindparam("in_epoch"),
        _EVENTS.c.seq < bindparam("before"),
    )
    .order_by(_EVENTS.c.seq.desc())
    .limit(1)
)


def note_copied(session: Session, events: Sequence[Event], now: datetime) -> None:
    """Tell quality, once for each epoch, if a boot comes back in new events of one journal, not kept yet."""
    back = _back(session, events)
    if back is None:
        return
    same = select(AlarmRow.detail).where(AlarmRow.kiosk == back.kiosk, AlarmRow.kind == COPIED)
    if all(told["epoch"] != back.epoch for told in session.scalars(same)):
        says = "A boot came back after another one: a second device has this kiosk's keys and journal."
        detail = {"epoch": back.epoch, "number": back.seq, "boot": back.boot, "says": says}
        session.add(AlarmRow(at=now, kiosk=back.kiosk, kind=COPIED, detail=detail))


def _back(session: Session, events: Sequence[Event]) -> Event | None:
    """The first event of a boot that was over."""
    first = events[0]
    current = _boot_before(session, first) or first.boot
    over: set[str] = set()
    for event in events:
        if event.boot != current:
            over |= {current} if over else {current, *_boots(session, first)}
            if event.boot in over:
                return event
            current = event.boot
    return None


def _boot_before(session: Session, event: Event) -> str:
    """The boot of the newest event that is kept; "" where there is none."""
    place = {"at": event.kiosk, "in_epoch": event.epoch, "before": event.seq}
    data: bytes | None = session.connection().scalar(_BEFORE, place)
    return "" if data is None else Event.read(data).boot


def _boots(session: Session, event: Event) -> set[str]:
    """The boots of the newest starts that are kept."""
    starts = (
        select(EventRow.data)
        .where(
            EventRow.kiosk == event.kiosk,
            EventRow.epoch == event.epoch,
            EventRow.kind == EventKind.KIOSK_STARTED.value,
        )
        .order_by(EventRow.seq.desc())
        .limit(STARTS)
    )
    return {Event.read(data).boot for data in session.scalars(starts)}
