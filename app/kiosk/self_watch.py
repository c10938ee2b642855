"""What goes wrong on this machine while its kiosk runs, with the hub and without: each goes on record once.

What is found at a start is the start's to record (``compose``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.kiosk.timekeeper import incident
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from app.kiosk.journal_salvage import Salvaged
    from app.kiosk.supplies import Supplies


class SelfWatch:
    """See the module. ``note`` writes an event down and returns whether it did: if not, it is tried again."""

    def __init__(self, supplies: Supplies, note: Callable[..., bool]) -> None:
        self._with, self._note = supplies, note
        self._clock_off = bool(self._off())
        self._salvaged = supplies.outbox.salvaged

    def look(self) -> timedelta:
        """Record what is new. Returns by how much the clock is off (``timekeeper.off_by``)."""
        off = self._off()
        self._clock_off = bool(off) and (self._clock_off or self._note(EventKind.INCIDENT, **incident(off)))
        salvaged = self._with.outbox.salvaged
        if (
            salvaged is not None
            and salvaged is not self._salvaged
            and self._note(EventKind.INCIDENT, what="journal damaged", **_counts(salvaged))
        ):
            self._salvaged = salvaged
        return off

    def _off(self) -> timedelta:
        return self._with.state.clock_off(self._with.clock.moment())


def _counts(salvaged: Salvaged) -> dict[str, Any]:
    known = {} if salvaged.lost is None else {"lost": salvaged.lost}
    return {"kept": salvaged.kept, **known}
