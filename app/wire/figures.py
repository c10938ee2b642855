"""The figures of an evidence bundle: counted by whoever makes it, and again by whoever checks it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from app.wire.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Mapping


class Figures:
    """Counts entries, one after the other; holds a line a person, page, station and day, not an entry.

    Days and hours are UTC, by the kiosks' clocks. An hour is ``weekday * 24 + hour``, Monday is 0.
    """

    def __init__(self) -> None:
        self._entries = 0
        self._walls: tuple[str, str] = ("", "")
        self._kinds: Counter[str] = Counter()
        self._ms: Counter[str] = Counter()
        self._views: dict[str, Counter[str]] = {
            name: Counter() for name in ("people", "stations", "kiosks", "pages", "days", "hours")
        }
        self._weekdays: dict[str, int] = {}

    def add(self, event: Mapping[str, Any]) -> None:
        """Count an entry, as the bundle shows it."""
        self._entries += 1
        kind, wall = str(event["kind"]), str(event["wall"])
        self._kinds[kind] += 1
        first, last = self._walls
        self._walls = (min(first or wall, wall), max(last, wall))
        if kind == EventKind.VIEW_BEGIN:
            self._count(event, wall)
        elif kind == EventKind.VIEW_END:
            ms = event["body"].get("ms")
            self._ms[str(event["person"])] += ms if isinstance(ms, int) else 0

    def _count(self, event: Mapping[str, Any], wall: str) -> None:
        day, views = wall[:10], self._views
        if day not in self._weekdays:
            self._weekdays[day] = date.fromisoformat(day).weekday()
        views["people"][str(event["person"])] += 1
        views["stations"][str(event["station"])] += 1
        views["kiosks"][str(event["kiosk"])] += 1
        views["pages"][f"{event['revision']} {event['page']}"] += 1
        views["days"][day] += 1
        views["hours"][str(self._weekdays[day] * 24 + int(wall[11:13]))] += 1

    def told(self) -> dict[str, Any]:
        """Return the figures: integers and text, in a form that is the same for the same entries."""
        counted = {name: dict(sorted(counts.items())) for name, counts in self._views.items()}
        return {
            "entries": self._entries,
            "first": self._walls[0],
            "last": self._walls[1],
            "kinds": dict(sorted(self._kinds.items())),
            "views": counted,
            "view_ms": dict(sorted(self._ms.items())),
        }
