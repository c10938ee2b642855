"""Whether this machine's clock may be believed: hub time within a boot, a high-water mark across boots.

Pure: readings and marks in, marks and a verdict out. ``state`` keeps the mark.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.wire.clock import Moment

TOLERANCE = timedelta(minutes=5)
"""How far wall time may be from what is known; that of request signatures."""


@dataclass(frozen=True)
class TimeMark:
    """What was known at one reading: it was ``at`` (UTC) at ``boot_ms`` of the boot ``boot``.

    ``by_hub``: the hub said so within that boot. Otherwise it is the latest wall time seen.
    """

    at: datetime
    boot: str
    boot_ms: int
    by_hub: bool

    def reaches(self, moment: Moment) -> datetime:
        """The time at ``moment`` as far as this mark knows: exact within a boot, a lower bound after it."""
        if moment.boot != self.boot or moment.boot_ms < self.boot_ms:
            return self.at
        return self.at + timedelta(milliseconds=moment.boot_ms - self.boot_ms)


def from_hub(said: datetime, moment: Moment) -> TimeMark:
    """The hub said its time; it is believed over every earlier mark."""
    return TimeMark(said, moment.boot, moment.boot_ms, by_hub=True)


def advanced(mark: TimeMark | None, moment: Moment) -> TimeMark:
    """The mark to keep at ``moment``. It never goes back, and it goes on while the machine runs: whoever sets
    the clock back wins at most the tolerance for each restart.
    """
    if mark is None:
        return TimeMark(moment.wall, moment.boot, moment.boot_ms, by_hub=False)
    if mark.by_hub and mark.boot == moment.boot:
        return TimeMark(mark.reaches(moment), moment.boot, moment.boot_ms, by_hub=True)
    return TimeMark(max(mark.reaches(moment), moment.wall), moment.boot, moment.boot_ms, by_hub=False)


def off_by(mark: TimeMark | None, moment: Moment) -> timedelta:
    """How far the clock is off, beyond doubt: positive is ahead of the hub, negative is behind; zero is fine.

    Without the hub's word in this boot a clock can only be found to be behind.
    """
    if mark is None:
        return timedelta(0)
    difference = moment.wall - mark.reaches(moment)
    sure = mark.by_hub and mark.boot == moment.boot
    if difference < -TOLERANCE or (sure and difference > TOLERANCE):
        return difference
    return timedelta(0)


def trusted(mark: TimeMark | None, moment: Moment) -> bool:
    """Whether ``best_time`` may be believed: the hub said it in this boot, or the clock is not behind."""
    return (mark is not None and mark.by_hub and mark.boot == moment.boot) or not off_by(mark, moment)


def best_time(mark: TimeMark | None, moment: Moment) -> datetime:
    """The hub's time where it is known within this boot, otherwise the wall's."""
    if mark is not None and mark.by_hub and mark.boot == moment.boot:
        return mark.reaches(moment)
    return moment.wall


def words(off: timedelta) -> str:
    """How far a clock is off, for people: ``3 hours behind``."""
    minutes = round(abs(off).total_seconds() / 60)
    amount, unit = (minutes, "minute") if minutes < 120 else (round(minutes / 60), "hour")
    if unit == "hour" and amount >= 48:
        amount, unit = round(amount / 24), "day"
    side = "ahead of" if off > timedelta(0) else "behind"
    return f"{amount} {unit}{'' if amount == 1 else 's'} {side}"


def pack(mark: TimeMark) -> str:
    """As one line of text."""
    return f"{mark.at.astimezone(UTC).isoformat()} {mark.boot_ms} {int(mark.by_hub)} {mark.boot}"


def unpack(text: str) -> TimeMark:
    """Read ``pack``."""
    at, boot_ms, by_hub, boot = text.split(" ", 3)
    return TimeMark(datetime.fromisoformat(at), boot, int(boot_ms), by_hub=by_hub == "1")
