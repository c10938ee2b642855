"""Plots of an evidence report as SVG: bars and a week's heat map. Plain shapes, which every viewer draws."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTH = 480
_INK, _BAR, _ALERT = "#1c2733", "#2f6690", "#b3261e"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MOST_DAYS = 120


def by_day(views: Mapping[str, int], marked: Sequence[str]) -> str:
    """Views a day, from first to last; weeks where these are many; ``marked`` days get a red foot."""
    if not views:
        return _svg(40, [_text(0, 24, "No views in this period.")])
    first, last = date.fromisoformat(min(views)), date.fromisoformat(max(views))
    step = 1 if (last - first).days < _MOST_DAYS else 7
    count = (last - first).days // step + 1
    heights = [0] * count
    for day, number in views.items():
        heights[(date.fromisoformat(day) - first).days // step] += number
    top, width, height = max(heights), (WIDTH - 50) / count, 120
    shapes = [_text(0, 12, f"{top}"), _line(46, 10 + height, WIDTH, 10 + height)]
    for place, number in enumerate(heights):
        tall = height * number / top
        shapes.append(_box(48 + place * width, 10 + height - tall, max(0.5, width * 0.8), tall, _BAR))
    for day in marked:
        place = (date.fromisoformat(day) - first).days // step
        if 0 <= place < count:
            shapes.append(_box(48 + place * width, 11 + height, max(2, width * 0.8), 5, _ALERT))
    ends = (_text(48, 32 + height, first.isoformat()), _text(WIDTH - 66, 32 + height, last.isoformat()))
    unit = "views a day" if step == 1 else f"views a week, from {first:%A} on"
    return _svg(height + 58, [*shapes, *ends, _text(48, 50 + height, f"{unit} (UTC); red: an incident")])


def by_hour(hours: Mapping[str, int]) -> str:
    """Views by day of the week and hour, the darker the more."""
    top, cell = max(hours.values(), default=1), (WIDTH - 46) / 24
    shapes = []
    for day in range(7):
        shapes.append(_text(0, 28 + day * 16, _DAYS[day]))
        for hour in range(24):
            number = hours.get(str(day * 24 + hour), 0)
            shade = f'fill-opacity="{0.12 + 0.88 * number / top if number else 0.03:.2f}"'
            shapes.append(_box(40 + hour * cell, 16 + day * 16, cell - 1.5, 14, _BAR, shade))
    shapes += [_text(40 + hour * cell, 11, f"{hour:02d}") for hour in range(0, 24, 3)]
    return _svg(150, [*shapes, _text(40, 144, f"views by hour (UTC); darkest: {top}")])


MOST_RANKED = 15


def ranked(counts: Mapping[str, int], most: int = MOST_RANKED) -> str:
    """The largest counts as bars with their names; says how many more there are."""
    order = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown, top = order[:most], max(counts.values(), default=1)
    shapes = []
    for row, (name, number) in enumerate(shown):
        wide = (WIDTH - 240) * number / top
        shapes.append(_text(0, 14 + row * 18, name if len(name) < 25 else f"{name[:23]}…"))
        shapes.append(_box(170, 4 + row * 18, max(1, wide), 12, _BAR))
        shapes.append(_text(176 + wide, 14 + row * 18, str(number)))
    rest = len(order) - len(shown)
    if rest:
        shapes.append(_text(0, 14 + len(shown) * 18, f"and {rest} more"))
    return _svg(18 * (len(shown) + bool(rest)) + 8, shapes or [_text(0, 14, "None.")])


def shares(parts: Sequence[tuple[str, int, bool]]) -> str:
    """One bar of so many parts with their counts below; the last column says which are drawn in red."""
    whole = sum(number for _, number, _ in parts)
    if not whole:
        return _svg(40, [_text(0, 24, "No views in this period.")])
    shapes, left = [], 0.0
    for row, (name, number, alert) in enumerate(parts):
        color, pale = (_ALERT, "") if alert else (_BAR, "" if not row else 'fill-opacity="0.5"')
        wide = max(2.0, (WIDTH - 6) * number / whole) if number else 0.0  # none is too few to be seen
        shapes.append(_box(left, 4, wide, 22, color, pale))
        left += wide
        shapes.append(_box(0, 40 + row * 18, 10, 10, color, pale))
        percent = 100 * number / whole
        shapes.append(_text(18, 49 + row * 18, f"{number} ({percent:.1f} %): {name}"))
    return _svg(44 + 18 * len(parts), shapes)


def _svg(height: float, shapes: Sequence[str]) -> str:
    size = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(shapes)}</svg>'


def _text(left: float, base: float, words: str) -> str:
    return (
        f'<text x="{left:.1f}" y="{base:.1f}" font-family="sans-serif" font-size="10" fill="{_INK}">'
        f"{escape(words)}</text>"
    )


def _box(left: float, top: float, width: float, height: float, color: str, more: str = "") -> str:
    place = f'x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect {place} fill="{color}" {more}/>'


def _line(left: float, top: float, right: float, bottom: float) -> str:
    return f'<line x1="{left}" y1="{top}" x2="{right}" y2="{bottom}" stroke="{_INK}" stroke-width="0.7"/>'
