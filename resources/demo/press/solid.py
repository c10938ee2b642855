"""Axonometric drawing of parts that stack along one axis, as in an exploded view: shaded prisms."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from press.sheet import GREY, INK, WHITE, Style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from press.sheet import Colour, Point, Sheet


def rounded(width: float, depth: float, radius: float, at: Point = (0, 0), parts: int = 7) -> list[Point]:
    """The outline of a rounded rectangle around ``at``, counter-clockwise."""
    corners = [(1, -1, -90), (1, 1, 0), (-1, 1, 90), (-1, -1, 180)]
    points = []
    for sx, sy, start in corners:
        cx, cy = at[0] + sx * (width / 2 - radius), at[1] + sy * (depth / 2 - radius)
        for step in range(parts):
            turn = math.radians(start + 90 * step / (parts - 1))
            points.append((cx + radius * math.cos(turn), cy + radius * math.sin(turn)))
    return points


def disc(radius: float, at: Point = (0, 0), parts: int = 40) -> list[Point]:
    """The outline of a disc."""
    turns = [2 * math.pi * step / parts for step in range(parts)]
    return [(at[0] + radius * math.cos(t), at[1] + radius * math.sin(t)) for t in turns]


def hexagon(radius: float, at: Point = (0, 0)) -> list[Point]:
    """The outline of a hexagon."""
    return disc(radius, at, 6)


@dataclass(frozen=True)
class Prism:
    """An outline from ``low`` to ``high``; ``pits`` are outlines drawn as hollows in the top face."""

    outline: Sequence[Point]
    low: float
    high: float
    colour: Colour
    pits: Sequence[Sequence[Point]] = ()


@dataclass
class Part:
    """Prisms that belong together, lifted by ``lift`` in an exploded view; ``item`` is its balloon."""

    prisms: list[Prism]
    lift: float = 0.0
    item: str = ""
    axes: list[Point] = field(default_factory=lambda: [(0.0, 0.0)])

    @property
    def low(self) -> float:
        """Its underside."""
        return self.lift + min(prism.low for prism in self.prisms)

    @property
    def high(self) -> float:
        """Its top."""
        return self.lift + max(prism.high for prism in self.prisms)


class View:
    """A dimetric view: ``turn`` about the vertical and ``tilt`` from above, both in degrees."""

    def __init__(self, sheet: Sheet, centre: Point, scale: float, turn: float = 38, tilt: float = 30) -> None:
        self._sheet, self._centre, self._scale = sheet, centre, scale
        self._turn, self._tilt = math.radians(turn), math.radians(tilt)

    def at(self, x: float, y: float, z: float) -> Point:
        """Where a point lies on the sheet."""
        across = x * math.cos(self._turn) - y * math.sin(self._turn)
        deep = x * math.sin(self._turn) + y * math.cos(self._turn)
        up = z * math.cos(self._tilt) + deep * math.sin(self._tilt)
        return self._centre[0] + across * self._scale, self._centre[1] - up * self._scale

    def draw(self, parts: Sequence[Part], *, axes: bool = True) -> None:
        """Draw parts from the lowest to the highest, with their axis lines and balloons."""
        ordered = sorted(parts, key=lambda part: part.low)
        for place, part in enumerate(ordered):
            if axes and place:
                for x, y in part.axes:
                    below = ordered[place - 1]
                    self._sheet.line(
                        self.at(x, y, below.high), self.at(x, y, part.low), GREY, 0.5, "[7 2 1.5 2] 0"
                    )
            for prism in part.prisms:
                self._prism(prism, part.lift)

    def balloons(self, parts: Sequence[Part], x: float, side: str = "right") -> None:
        """Number the parts on a column at ``x``, each with a leader to its edge."""
        marks = []
        for part in parts:
            if part.item:
                prism = part.prisms[0]
                middle = part.lift + (prism.low + prism.high) / 2
                ends = [self.at(px, py, middle) for px, py in prism.outline]
                marks.append(((max if side == "right" else min)(ends), part.item))
        marks.sort(key=lambda mark: mark[0][1])
        above = float("-inf")
        for edge, item in marks:
            y = max(edge[1], above + 20)
            above = y
            reach = x - 9 if side == "right" else x + 9
            knee = reach - 12 if side == "right" else reach + 12
            self._sheet.polygon([edge, (knee, y), (reach, y)], line=INK, width=0.5, closed=False)
            self._sheet.circle(edge, 1.3, fill=INK, line=None)
            self._sheet.circle((x, y), 9, fill=WHITE, line=INK, width=0.8)
            self._sheet.text(x, y + 3, item, Style(8.5, "bold"), "centre")

    # -- one prism ----------------------------------------------------------------------------------------

    def _prism(self, prism: Prism, lift: float) -> None:
        low, high = prism.low + lift, prism.high + lift
        points = list(prism.outline)
        count = len(points)
        visible = []
        for place in range(count):
            a, b = points[place], points[(place + 1) % count]
            normal = (b[1] - a[1], a[0] - b[0])
            length = math.hypot(*normal) or 1.0
            facing = -(normal[0] * math.sin(self._turn) + normal[1] * math.cos(self._turn)) / length
            visible.append(facing > 1e-6)
            if facing <= 1e-6:
                continue
            light = (normal[0] * math.cos(self._turn + 0.6) - normal[1] * math.sin(self._turn + 0.6)) / length
            shade = _shaded(prism.colour, 0.66 - 0.22 * light)
            corners = [self.at(*a, low), self.at(*b, low), self.at(*b, high), self.at(*a, high)]
            self._sheet.polygon(corners, fill=shade, line=shade, width=0.3)
        self._outline(points, visible, low, high)
        top = [self.at(x, y, high) for x, y in points]
        self._sheet.polygon(top, fill=_shaded(prism.colour, 1.0), line=INK, width=0.7)
        for pit in prism.pits:
            self._pit(pit, high, min(1.2, high - low), prism.colour)

    def _outline(self, points: Sequence[Point], visible: Sequence[bool], low: float, high: float) -> None:
        count = len(points)
        for place in range(count):
            a, b = points[place], points[(place + 1) % count]
            if visible[place]:
                self._sheet.line(self.at(*a, low), self.at(*b, low), INK, 0.7)
            sharp = count <= 12 and (visible[place] or visible[place - 1])
            if visible[place] != visible[place - 1] or sharp:
                self._sheet.line(self.at(*a, low), self.at(*a, high), INK, 0.7)

    def _pit(self, outline: Sequence[Point], top: float, depth: float, colour: Colour) -> None:
        rim = [self.at(x, y, top) for x, y in outline]
        self._sheet.polygon(rim, fill=_shaded(colour, 0.48), line=INK, width=0.5)
        middle = (sum(p[0] for p in outline) / len(outline), sum(p[1] for p in outline) / len(outline))
        floor = [
            self.at(
                middle[0] + (x - middle[0]) * 0.93, middle[1] + (y - middle[1]) * 0.93, top - depth * 0.25
            )
            for x, y in outline
        ]
        self._sheet.polygon(floor, fill=_shaded(colour, 0.72), line=None)


def _shaded(colour: Colour, by: float) -> Colour:
    return (min(1, colour[0] * by), min(1, colour[1] * by), min(1, colour[2] * by))


def spring(view: View, at: Point, low: float, high: float, radius: float, turns: int = 6) -> list[Point]:
    """A helical spring as a polyline on the sheet."""
    points = []
    for step in range(turns * 16 + 1):
        turn = step / 16 * 2 * math.pi
        z = low + (high - low) * step / (turns * 16)
        points.append(view.at(at[0] + radius * math.cos(turn), at[1] + radius * math.sin(turn), z))
    return points


def screw(at: Point, lift: float, *, length: float = 9, head: float = 2.6, item: str = "") -> Part:
    """A cap screw, head up."""
    steel = (0.74, 0.76, 0.79)
    shank = Prism(disc(head * 0.5, at, 20), -length, 0, steel)
    cap = Prism(disc(head, at, 24), 0, head * 1.3, steel, [hexagon(head * 0.5, at)])
    return Part([shank, cap], lift, item, [at])
