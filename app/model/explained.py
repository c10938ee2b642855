"""Whether a view is explained: by an assignment or grant that held when it began, by the grace after one, or
by the unit that was in work at its end.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

_NEVER = datetime.max.replace(tzinfo=UTC)


class Held(Protocol):
    """An assignment or grant: from ``start``, until ``end``, or for good."""

    @property
    def start(self) -> datetime:
        """Its first moment."""

    @property
    def end(self) -> datetime | None:
        """The first moment after it."""


class When(Enum):
    """How a moment lies to the spans: in one, in the grace after one, or outside."""

    HELD = "held"
    GRACE = "grace"
    OUTSIDE = "outside"


class Spans:
    """The times in which one person was to be at one station; those that meet are one."""

    def __init__(self, held: Iterable[Held], grace: timedelta) -> None:
        self._starts: list[datetime] = []
        self._ends: list[datetime] = []
        for start, end in sorted((one.start, one.end or _NEVER) for one in held):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)
        self._late = [end + min(grace, _NEVER - end) for end in self._ends]

    def find(self, wall: datetime) -> tuple[int, When]:
        """Return the number of the last span that has begun (-1: none has), and how ``wall`` lies to it."""
        at = bisect_right(self._starts, wall) - 1
        if at < 0 or wall >= self._late[at]:
            return at, When.OUTSIDE
        return at, When.HELD if wall < self._ends[at] else When.GRACE


def explained(looks: Iterable[tuple[datetime, str]], spans: Spans) -> list[bool]:
    """Tell of each look (when it began, and which page), in their order, whether it is explained.

    Within the grace after a span only the page that was in hand then is: it may be shown again.
    """
    told, in_hand = [], ""
    for wall, page in looks:
        _, when = spans.find(wall)
        if when is When.HELD:
            in_hand = page
        told.append(when is When.HELD or (when is When.GRACE and page == in_hand))
    return told


def worked_on(looks: Iterable[tuple[datetime, str]], spans: Spans) -> list[bool]:
    """Tell of each look (when it began, and on which unit), in their order, whether it went on with the unit
    that was in work when a span ended, and that was not put down since.
    """
    told, in_work = [], ""
    for wall, unit in looks:
        held = spans.find(wall)[1] is When.HELD
        told.append(not held and bool(unit) and unit == in_work)
        in_work = unit if held or unit == in_work else ""
    return told
