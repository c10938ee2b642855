"""The figures of an evidence bundle: counted by whoever makes it, and again by whoever checks it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from app.wire.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FORM = {
    "kiosk": str, "epoch": int, "seq": int, "prev": str, "kind": str, "wall": str, "client": str,
    "client_seq": int, "person": str, "station": str, "page": str, "revision": str, "body": dict,
}  # fmt: skip
"""What every entry of a log says, and its types."""

Row = tuple[Any, ...]
"""An entry's values in the order of ``FORM``: a tuple, of which there are millions."""

row_of = itemgetter(*FORM)
_AT = {name: at for at, name in enumerate(FORM)}
_KIND, _PERSON, _BODY = _AT["kind"], _AT["person"], _AT["body"]
_HOUR_DIGITS = 13


class Figures:
    """Counts entries, some at a time; holds a line a person, page, station and hour, not an entry.

    Days and hours are UTC, by the kiosks' clocks. An hour is ``weekday * 24 + hour``, Monday is 0.
    """

    def __init__(self) -> None:
        self._entries = 0
        self._walls: tuple[str, ...] = ()
        self._kinds: Counter[str] = Counter()
        self._ms: Counter[str] = Counter()
        self._views: dict[str, Counter[Any]] = {
            name: Counter() for name in ("people", "stations", "kiosks", "pages", "hours")
        }

    def add(self, rows: Sequence[Row]) -> None:
        """Count entries, as the bundle shows them.

        Raises:
            ValueError: one's wall time is none.
        """
        if not rows:
            return
        kinds, walls = (tuple(row[at] for row in rows) for at in (_KIND, _AT["wall"]))
        self._entries += len(rows)
        self._kinds.update(kinds)
        self._walls = (min(self._walls[:1] + walls), max(self._walls[1:] + walls))
        begun = [row for row in rows if row[_KIND] == EventKind.VIEW_BEGIN]
        if begun:
            self._count(dict(zip(FORM, zip(*begun, strict=True), strict=True)))
        for row in rows:
            if row[_KIND] == EventKind.VIEW_END:
                ms = row[_BODY].get("ms")
                self._ms[row[_PERSON]] += ms if isinstance(ms, int) else 0

    def _count(self, begun: Mapping[str, tuple[Any, ...]]) -> None:
        views = self._views
        for name, column in (("people", "person"), ("stations", "station"), ("kiosks", "kiosk")):
            views[name].update(begun[column])
        views["pages"].update(zip(begun["revision"], begun["page"], strict=True))
        hours = Counter(wall[:_HOUR_DIGITS] for wall in begun["wall"])
        for hour in hours.keys() - views["hours"].keys():
            _hour_of_week(hour)
        views["hours"].update(hours)

    def join(self, other: Figures) -> None:
        """Count what another has counted, too."""
        self._entries += other._entries
        walls = self._walls + other._walls
        self._walls = (min(walls), max(walls)) if walls else ()
        self._kinds.update(other._kinds)
        self._ms.update(other._ms)
        for name, counts in self._views.items():
            counts.update(other._views[name])

    @property
    def kiosks(self) -> set[str]:
        """The kiosks at which pages were shown."""
        return set(self._views["kiosks"])

    def told(self) -> dict[str, Any]:
        """Return the figures: integers and text, in a form that is the same for the same entries."""
        views: dict[str, Counter[str]] = {**self._views, "days": Counter(), "hours": Counter()}
        views["pages"] = Counter(
            {f"{revision} {page}": count for (revision, page), count in self._views["pages"].items()}
        )
        for hour, count in self._views["hours"].items():
            views["days"][hour[:10]] += count
            views["hours"][str(_hour_of_week(hour))] += count
        return {
            "entries": self._entries,
            "first": self._walls[0] if self._walls else "",
            "last": self._walls[1] if self._walls else "",
            "kinds": dict(sorted(self._kinds.items())),
            "views": {name: dict(sorted(counts.items())) for name, counts in views.items()},
            "view_ms": dict(sorted(self._ms.items())),
        }


def _hour_of_week(hour: str) -> int:
    """The hour's number from a time as far as its hour, such as ``2026-03-02T06``."""
    return date.fromisoformat(hour[:10]).weekday() * 24 + int(hour[11:])
