"""The heavy sheet: board artwork with hatched copper, as it comes out of a board layout program.

About forty thousand path segments in one content stream: what a renderer on a kiosk must survive.
"""

from __future__ import annotations

import math
import random
from itertools import pairwise
from typing import TYPE_CHECKING

from press.sheet import INK, Style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from press.sheet import Point, Sheet

_COPPER = (0.72, 0.36, 0.12)
_MASK = (0.05, 0.36, 0.24)
_SILK = (0.25, 0.28, 0.32)


def board_artwork(sheet: Sheet, rect: Sequence[float]) -> None:
    """Copper, pads and silkscreen of the Aria 2 main board at 5:1."""
    x0, y0, x1, y1 = rect
    rng = random.Random(2201)  # noqa: S311 (a drawing, not a secret)
    sheet.box(rect, line=INK, width=1.4, radius=14)
    keep = [_Zone(x0 + (x1 - x0) * u, y0 + (y1 - y0) * v, r) for u, v, r in _ZONES]
    _hatch(sheet, rect, keep)
    _traces(sheet, keep)
    _vias(sheet, rect, keep, rng)
    for zone in keep:
        _package(sheet, zone)
    for zone, name in zip(keep, _NAMES, strict=True):
        sheet.text(zone.x, zone.y - zone.r - 4, name, Style(7, "bold", _SILK), "centre")


class _Zone:
    """A component's place."""

    def __init__(self, x: float, y: float, r: float) -> None:
        self.x, self.y, self.r = x, y, r

    def holds(self, x: float, y: float) -> bool:
        return abs(x - self.x) < self.r + 3 and abs(y - self.y) < self.r + 3


_ZONES = [
    (0.28, 0.22, 46),
    (0.70, 0.20, 34),
    (0.50, 0.50, 54),
    (0.20, 0.62, 30),
    (0.80, 0.58, 38),
    (0.34, 0.84, 34),
    (0.74, 0.86, 30),
]
_BUSES = [(0, 2), (1, 2), (2, 3), (2, 4), (3, 5), (4, 6), (0, 1), (5, 6)]
_NAMES = ("U1", "U3", "U2", "J2", "U4", "BT1", "J1")


def _hatch(sheet: Sheet, rect: Sequence[float], keep: list[_Zone]) -> None:
    """Cross-hatched ground copper, cut into short strokes as layout programs write it."""
    x0, y0, x1, y1 = rect
    pitch, stroke = 4.2, 5.6
    shape = sheet.shape
    for direction in (1, -1):
        start = x0 - (y1 - y0) if direction == 1 else x0
        stop = x1 if direction == 1 else x1 + (y1 - y0)
        offset = start
        while offset < stop:
            _hatch_line(shape, rect, keep, offset, direction, stroke)
            offset += pitch
    shape.finish(color=_MASK, width=0.35)


def _hatch_line(
    shape: object, rect: Sequence[float], keep: list[_Zone], offset: float, direction: int, stroke: float
) -> None:
    x0, y0, x1, y1 = (rect[0] + 5, rect[1] + 5, rect[2] - 5, rect[3] - 5)
    reach = 0.0
    step = stroke / math.sqrt(2)
    while reach < y1 - y0:
        a = (offset + direction * reach, y0 + reach)
        b = (offset + direction * (reach + step), y0 + reach + step)
        inside = x0 < a[0] < x1 and x0 < b[0] < x1 and b[1] < y1
        if inside and not any(zone.holds(*a) or zone.holds(*b) for zone in keep):
            shape.draw_line(a, b)  # type: ignore[attr-defined]
        reach += step


def _package(sheet: Sheet, zone: _Zone) -> None:
    """A package with pads on four sides and a marked first pin."""
    r = zone.r * 0.62
    sheet.box(
        (zone.x - r, zone.y - r, zone.x + r, zone.y + r), fill=(0.95, 0.95, 0.94), line=_SILK, width=0.8
    )
    count = int(zone.r / 2.6)
    shape = sheet.shape
    for side in range(4):
        for pin in range(count):
            along = (pin + 0.5) / count * 2 * r - r
            for u, v in [_turned(along, r + zone.r * 0.18, side)]:
                long, wide = zone.r * 0.14, r / count * 0.6
                dx, dy = (wide, long) if side % 2 == 0 else (long, wide)
                shape.draw_rect((zone.x + u - dx, zone.y + v - dy, zone.x + u + dx, zone.y + v + dy))
    shape.finish(color=_COPPER, fill=(0.88, 0.70, 0.42), width=0.3)
    sheet.circle((zone.x - r * 0.75, zone.y - r * 0.75), 2, fill=_SILK, line=None)


def _turned(along: float, away: float, side: int) -> Point:
    return [(along, -away), (away, along), (-along, away), (-away, -along)][side]


def _traces(sheet: Sheet, keep: list[_Zone]) -> None:
    """Bundles of parallel traces between packages, with one bend of 45 degrees each way."""
    shape = sheet.shape
    for first, second in _BUSES:
        a, b = keep[first], keep[second]
        upright = abs(b.y - a.y) > abs(b.x - a.x)
        for lane in range(-7, 8):
            path = (
                _lane((a.y, a.x), (b.y, b.x), lane * 1.9)
                if upright
                else _lane((a.x, a.y), (b.x, b.y), lane * 1.9)
            )
            shape.draw_polyline([(y, x) for x, y in path] if upright else path)
    shape.finish(color=_COPPER, width=0.7, lineJoin=1, closePath=False)


def _lane(a: Point, b: Point, shift: float) -> list[Point]:
    """One trace that runs mainly along the first coordinate, in pieces of about two points."""
    along = math.copysign(1.0, b[0] - a[0])
    slant = math.copysign(min(abs(b[1] - a[1]), abs(b[0] - a[0]) * 0.8), b[1] - a[1])
    middle = (a[0] + b[0]) / 2 - shift * math.copysign(math.tan(math.pi / 8), slant) * along
    corners = [
        (a[0] + along * 20, a[1] + shift),
        (middle - along * abs(slant) / 2, a[1] + shift),
        (middle + along * abs(slant) / 2, a[1] + slant + shift),
        (b[0] - along * 20, a[1] + slant + shift),
    ]
    points = []
    for start, stop in pairwise(corners):
        pieces = max(1, round(math.dist(start, stop) / 2))
        points += [
            (start[0] + (stop[0] - start[0]) * n / pieces, start[1] + (stop[1] - start[1]) * n / pieces)
            for n in range(pieces)
        ]
    return [*points, corners[-1]]


def _vias(sheet: Sheet, rect: Sequence[float], keep: list[_Zone], rng: random.Random) -> None:
    """Stitching vias: two circles each."""
    x0, y0, x1, y1 = rect
    shape = sheet.shape
    for _ in range(900):
        centre = (rng.uniform(x0 + 10, x1 - 10), rng.uniform(y0 + 10, y1 - 10))
        if any(zone.holds(*centre) for zone in keep):
            continue
        shape.draw_circle(centre, 1.5)
        shape.draw_circle(centre, 0.7)
    shape.finish(color=_COPPER, fill=(1, 1, 1), width=0.4, even_odd=True)
