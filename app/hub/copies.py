"""Two devices with one identity that even share a journal: their events come from two boots in turns.

A machine that was started again is never in the boot before. So a boot that comes back after another one is
a second device (a home folder on a server, a virtual machine's copy), or a machine put back in mid-run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sqlalchemy import bindparam, select, tuple_

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
_BEFORE = (  # these are built once: every batch of events needs them
    select(_EVENTS.c.data)
    .where(
        _EVENTS.c.kiosk == bindparam("at"),
        _EVENTS.c.epoch == bindparam("in_epoch"),
        _EVENTS.c.seq < bindparam("before"),
    )
    .order_by(_EVENTS.c.seq.desc())
    .limit(1)
)
_JUST_BEFORE = select(_EVENTS.c.kiosk, _EVENTS.c.data).where(
    tuple_(_EVENTS.c.kiosk, _EVENTS.c.epoch, _EVENTS.c.seq).in_(bindparam("places", expanding=True))
)


def note_copied(session: Session, journals: Sequence[Sequence[Event]], now: datetime) -> None:
    """Tell quality, once for each epoch, if a boot comes back in new events, not kept yet.

    ``journals`` are those of different kiosks, each with at least one event.
    """
    boots = _boots_before(session, [events[0] for events in journals])
    for events in journals:
        back = _back(session, events, boots.get(events[0].kiosk, ""))
        if back is not None:
            _tell(session, back, now)


def _tell(session: Session, back: Event, now: datetime) -> None:
    same = select(AlarmRow.detail).where(AlarmRow.kiosk == back.kiosk, AlarmRow.kind == COPIED)
    if all(told["epoch"] != back.epoch for told in session.scalars(same)):
        says = "A boot came back after another one: a second device has this kiosk's keys and journal."
        detail = {"epoch": back.epoch, "number": back.seq, "boot": back.boot, "says": says}
        session.add(AlarmRow(at=now, kiosk=back.kiosk, kind=COPIED, detail=detail))


def _back(session: Session, events: Sequence[Event], before: str) -> Event | None:
    """The first event of a boot that was over; ``before`` is the boot before them, "" for none."""
    first = events[0]
    current = before or first.boot
    over: set[str] = set()
    for event in events:
        if event.boot != current:
            over |= {current} if over else {current, *_boots(session, first)}
            if event.boot in over:
                return event
            current = event.boot
    return None


def _boots_before(session: Session, events: Sequence[Event]) -> dict[str, str]:
    """By kiosk, the boot of the newest event that is kept before each of these; none where there is none."""
    connection = session.connection()
    places = [(event.kiosk, event.epoch, event.seq - 1) for event in events]
    kept = {row.kiosk: row.data for row in connection.execute(_JUST_BEFORE, {"places": places})}
    for event in events:
        if event.kiosk not in kept and event.seq > 1:  # some are lost by a restore
            place = {"at": event.kiosk, "in_epoch": event.epoch, "before": event.seq}
            kept[event.kiosk] = connection.scalar(_BEFORE, place)
    return {kiosk: Event.read(data).boot for kiosk, data in kept.items() if data is not None}


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
