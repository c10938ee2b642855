"""Whether this machine's clock may be believed: hub time within a boot, a high-water mark across boots.

Pure: readings and marks in, marks and a verdict out. ``state`` keeps the mark.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.wire.clock import Moment

TOLERANCE = timedelta(minutes=5)
"""How far wall time may be from what is known; that of request signatures."""

PREPAID = timedelta(minutes=1)
"""What a boot without the hub's word is charged in advance: marks are kept a minute apart, and whoever cuts
the power in between would otherwise win that minute again and again."""


@dataclass(frozen=True)
class TimeMark:
    """What was known at one reading: it was ``at`` (UTC) at ``boot_ms`` of the boot ``boot``.

    ``by_hub``: the hub said so within that boot. Otherwise it is the latest wall time seen.
    ``least``: the hub's last word plus the time that this machine has run since, charged in advance by
    ``PREPAID`` for each boot; None if the hub never said a word.
    """

    at: datetime
    boot: str
    boot_ms: int
    by_hub: bool
    least: datetime | None = None

    def reaches(self, moment: Moment) -> datetime:
        """The time at ``moment`` as far as this mark knows: exact within a boot, a lower bound after it."""
        return self.at + self._since(moment)

    def budget(self, moment: Moment) -> datetime:
        """The earliest that it can be at ``moment`` by counted use: the usage budget."""
        least = self.least or (self.at if self.by_hub else None)
        if least is None:
            return moment.wall
        return least + (self._since(moment) if self.runs_at(moment) else PREPAID)

    def runs_at(self, moment: Moment) -> bool:
        """Whether ``moment`` is a later one of the same boot."""
        return moment.boot == self.boot and moment.boot_ms >= self.boot_ms

    def _since(self, moment: Moment) -> timedelta:
        return timedelta(milliseconds=moment.boot_ms - self.boot_ms if self.runs_at(moment) else 0)


def from_hub(said: datetime, moment: Moment) -> TimeMark:
    """The hub said its time; it is believed over every earlier mark."""
    return TimeMark(said, moment.boot, moment.boot_ms, by_hub=True, least=said)


def advanced(mark: TimeMark | None, moment: Moment) -> TimeMark:
    """The mark to keep at ``moment``. It never goes back, and it goes on while the machine runs: whoever sets
    the clock back wins at most the tolerance for each restart.
    """
    if mark is None:
        return TimeMark(moment.wall, moment.boot, moment.boot_ms, by_hub=False)
    if mark.by_hub and mark.boot == moment.boot:
        return from_hub(mark.reaches(moment), moment)
    at = max(mark.reaches(moment), moment.wall)
    least = mark.budget(moment) if mark.least is not None or mark.by_hub else None
    return TimeMark(at, moment.boot, moment.boot_ms, by_hub=False, least=least)


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
    """The hub's time where it is known within this boot, otherwise the wall's, but never before ``budget``.

    So a lease runs out by use, too, under a clock that stands still or is set back a little at each start.
    """
    if mark is None:
        return moment.wall
    if mark.by_hub and mark.boot == moment.boot:
        return mark.reaches(moment)
    return max(moment.wall, mark.budget(moment))


def words(off: timedelta) -> str:
    """How far a clock is off, for people: ``3 hours behind``."""
    minutes = round(abs(off).total_seconds() / 60)
    amount, unit = (minutes, "minute") if minutes < 120 else (round(minutes / 60), "hour")
    if unit == "hour" and amount >= 48:
        amount, unit = round(amount / 24), "day"
    side = "ahead of" if off > timedelta(0) else "behind"
    return f"{amount} {unit}{'' if amount == 1 else 's'} {side}"


def incident(off: timedelta) -> dict[str, Any]:
    """The body of the event that records it; ``seconds`` is negative for a clock that is behind."""
    return {"what": "clock", "seconds": round(off.total_seconds())}


def pack(mark: TimeMark) -> str:
    """As one line of text."""
    said = f"{int(mark.by_hub)}+{mark.least.astimezone(UTC).isoformat() if mark.least else ''}"
    return f"{mark.at.astimezone(UTC).isoformat()} {mark.boot_ms} {said} {mark.boot}"


def unpack(text: str) -> TimeMark:
    """Read ``pack``, also that of programs that counted no use."""
    at, boot_ms, said, boot = text.split(" ", 3)
    by_hub, _, counted = said.partition("+")
    least = datetime.fromisoformat(counted) if counted else None
    return TimeMark(datetime.fromisoformat(at), boot, int(boot_ms), by_hub=by_hub == "1", least=least)
