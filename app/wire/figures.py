"""The figures of an evidence bundle: counted by whoever makes it, and again by whoever checks it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from app.wire.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Figures:
    """Counts entries, some at a time; holds a line a person, page, station and day, not an entry.

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

    def add(self, events: Sequence[Mapping[str, Any]]) -> None:
        """Count entries, as the bundle shows them.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: one is not an event's.
        """
        walls = [event["wall"] for event in events]
        self._entries += len(walls)
        self._kinds.update(event["kind"] for event in events)
        first, last = self._walls
        self._walls = (min(walls + [first] * bool(first)), max([*walls, last]))
        self._count([event for event in events if event["kind"] == EventKind.VIEW_BEGIN])
        for event in events:
            if event["kind"] == EventKind.VIEW_END:
                ms = event["body"].get("ms")
                self._ms[event["person"]] += ms if isinstance(ms, int) else 0

    def _count(self, begun: list[Mapping[str, Any]]) -> None:
        views = self._views
        for name, column in (("people", "person"), ("stations", "station"), ("kiosks", "kiosk")):
            views[name].update(event[column] for event in begun)
        views["pages"].update(f"{event['revision']} {event['page']}" for event in begun)
        views["days"].update(event["wall"][:10] for event in begun)
        views["hours"].update(self._hour(event["wall"]) for event in begun)

    def _hour(self, wall: str) -> str:
        day = wall[:10]
        if day not in self._weekdays:
            self._weekdays[day] = date.fromisoformat(day).weekday()
        return str(self._weekdays[day] * 24 + int(wall[11:13]))

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
