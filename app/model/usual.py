"""What is usual: a number of a person at a station on a day beside the medians of the others.

Medians, because whoever reads the reason can count them again; a number is never compared with itself.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Group = tuple[str, str, date]
"""A person, a station and a day."""

OWN_DAYS = 3
"""On so many other days somebody must have been at a station for what is usual of them there."""


class Usual:
    """One number of each group."""

    def __init__(self, values: Mapping[Group, int]) -> None:
        self._values = values
        self._there: dict[str, list[int]] = defaultdict(list)
        self._own: dict[tuple[str, str], list[int]] = defaultdict(list)
        for (person, station, _), value in sorted(values.items(), key=lambda item: item[1]):
            self._there[station].append(value)
            self._own[person, station].append(value)

    def of(self, group: Group) -> int:
        """A group's number, 0 for none."""
        return self._values.get(group, 0)

    def there(self, group: Group) -> float | None:
        """The median of all others at the group's station, whoever and on whatever day; None without any."""
        return _without(self._there[group[1]], self._values[group])

    def own(self, group: Group) -> float | None:
        """The median of the same person there on other days; None with fewer than ``OWN_DAYS``."""
        mine = self._own[group[:2]]
        return _without(mine, self._values[group]) if len(mine) > OWN_DAYS else None


def _without(ordered: Sequence[int], value: int) -> float | None:
    """The median of what is left without one ``value``; None where nothing is."""
    at, rest = bisect_left(ordered, value), len(ordered) - 1
    if not rest:
        return None
    low, high = (ordered[place if place < at else place + 1] for place in ((rest - 1) // 2, rest // 2))
    return (low + high) / 2
