"""Diagrams: tightening order, polarity, a test curve, a bead of adhesive, and the wiring sheet."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from press.artwork import board_artwork
from press.sheet import GREY, INK, PALE, RULE, WHITE, Style
from press.solid import rounded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from press.sheet import Colour, Point, Sheet

RED: Colour = (0.78, 0.12, 0.14)
GREEN: Colour = (0.10, 0.52, 0.28)
STEEL: Colour = (0.62, 0.66, 0.70)
_SMALL = Style(7.5)


def _dimension(sheet: Sheet, a: Point, b: Point, words: str) -> None:
    sheet.arrow(a, b, INK, 0.6)
    sheet.arrow(b, a, INK, 0.6)
    middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    if abs(a[1] - b[1]) < 1:
        sheet.text(middle[0], middle[1] - 3, words, _SMALL, "centre")
    else:
        sheet.text(middle[0] + 4, middle[1] + 3, words, _SMALL)


def _outline(sheet: Sheet, rect: Sequence[float], wide: float, deep: float) -> tuple[Point, float]:
    centre = ((rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2)
    scale = min((rect[2] - rect[0] - 60) / wide, (rect[3] - rect[1] - 44) / deep)
    points = [(centre[0] + x * scale, centre[1] + y * scale) for x, y in rounded(wide, deep, deep * 0.24)]
    sheet.polygon(points, fill=PALE, line=INK, width=1.2)
    return centre, scale


def tightening(sheet: Sheet, rect: Sequence[float]) -> None:
    """Four screws, crosswise, in two passes."""
    (cx, cy), scale = _outline(sheet, rect, 52, 38)
    spots = [(-21, -14), (21, 14), (21, -14), (-21, 14)]
    places = [(cx + x * scale, cy + y * scale) for x, y in spots]
    for a, b in itertools.pairwise(places):
        dx, dy = b[0] - a[0], b[1] - a[1]
        length = math.hypot(dx, dy)
        gap = 13 / length
        sheet.arrow((a[0] + dx * gap, a[1] + dy * gap), (b[0] - dx * gap, b[1] - dy * gap), RED, 1.0)
    for number, place in enumerate(places, 1):
        sheet.circle(place, 10, fill=WHITE, line=INK, width=1.2)
        sheet.text(place[0], place[1] + 4, str(number), Style(11, "bold"), "centre")
    _dimension(sheet, (cx - 21 * scale, cy + 22.5 * scale), (cx + 21 * scale, cy + 22.5 * scale), "42.0 ±0.1")


def polarity(sheet: Sheet, rect: Sequence[float]) -> None:
    """Cell tabs against the board's pads, right and wrong."""
    half = (rect[2] - rect[0]) / 2
    for place, (words, colour, flipped) in enumerate(
        [("Correct", GREEN, False), ("Wrong: cell destroyed", RED, True)]
    ):
        left = rect[0] + place * half + 8
        area = (left, rect[1] + 4, left + half - 16, rect[3] - 22)
        sheet.box(area, line=colour, width=1.6, radius=6)
        middle = (area[1] + area[3]) / 2
        body = (left + 16, middle - 34, left + half * 0.50, middle + 34)
        sheet.box(body, fill=(0.86, 0.86, 0.92), line=INK, width=1, radius=6)
        sheet.text((body[0] + body[2]) / 2, middle + 3, "3.7 V  240 mAh", Style(8, "bold"), "centre")
        for row in (-1, 1):
            mark = ("+" if row < 0 else "–") if not flipped else ("–" if row < 0 else "+")
            y = middle + row * 18
            sheet.box((body[2], y - 5, body[2] + 20, y + 5), fill=STEEL, line=INK)
            sheet.text(body[2] - 10, y + 4, mark, Style(12, "bold", RED if mark == "+" else INK), "centre")
            pad = body[2] + 34
            sheet.box((pad, y - 9, pad + 26, y + 9), fill=(0.88, 0.73, 0.42), line=INK)
            sheet.text(pad + 13, y + 4, "B+" if row < 0 else "B–", Style(8, "bold"), "centre")
            sheet.line((body[2] + 20, y), (pad, y), colour, 1.2, "[3 2] 0")
        sheet.text((area[0] + area[2]) / 2, rect[3] - 8, words, Style(9, "bold", colour), "centre")


def leak_curve(sheet: Sheet, rect: Sequence[float]) -> None:
    """Pressure against time in the leak test, with its limits."""
    x0, y0, x1, y1 = rect[0] + 40, rect[1] + 14, rect[2] - 16, rect[3] - 30
    for step in range(7):
        x = x0 + (x1 - x0) * step / 6
        sheet.line((x, y0), (x, y1), RULE, 0.4)
        sheet.text(x, y1 + 11, str(step * 5), _SMALL, "centre")
    for step in range(6):
        y = y1 - (y1 - y0) * step / 5
        sheet.line((x0, y), (x1, y), RULE, 0.4)
        sheet.text(x0 - 5, y + 3, str(step * 10), _SMALL, "right")
    sheet.polygon([(x0, y0), (x0, y1), (x1, y1)], line=INK, width=0.9, closed=False)
    sheet.text((x0 + x1) / 2, y1 + 24, "time, s", _SMALL, "centre")
    sheet.text(x0 - 34, y0 - 5, "pressure, kPa", _SMALL)

    def at(seconds: float, kilopascal: float) -> Point:
        return x0 + (x1 - x0) * seconds / 30, y1 - (y1 - y0) * kilopascal / 50

    good = [
        at(t, 40 * (1 - math.exp(-t / 1.6)) if t < 8 else 39.8 - 0.012 * (t - 8)) for t in _span(0, 30, 120)
    ]
    bad = [
        at(t, 40 * (1 - math.exp(-t / 1.6)) if t < 8 else 39.8 - 0.42 * (t - 8)) for t in _span(0, 30, 120)
    ]
    sheet.polygon(bad, line=RED, width=1.4, closed=False)
    sheet.polygon(good, line=GREEN, width=1.6, closed=False)
    for limit in (38.0, 42.0):
        sheet.line(at(10, limit), at(30, limit), INK, 0.7, "[4 3] 0")
    sheet.text(at(20, 43.4)[0], at(0, 43.4)[1], "window 40 ±2 kPa, 10 s to 30 s", _SMALL, "centre")
    sheet.text(at(29, 29)[0], at(0, 28)[1], "leak: reject", Style(8, "bold", RED), "right")


def bead(sheet: Sheet, rect: Sequence[float]) -> None:
    """The bead of adhesive on the housing's edge."""
    (cx, cy), scale = _outline(sheet, rect, 52, 38)
    inner = [(cx + x * scale, cy + y * scale) for x, y in rounded(47, 33, 7)]
    sheet.polygon(inner, line=(0.95, 0.60, 0.15), width=5)
    start = inner[0]
    sheet.circle(start, 6, fill=WHITE, line=RED, width=1.2)
    sheet.text(start[0] - 12, start[1] + 20, "start = end, 3 mm overlap", Style(8, "bold", RED), "right")
    _dimension(sheet, (cx - 26 * scale, cy), (cx - 23.5 * scale, cy), "2.5")
    sheet.text(cx, cy + 3, "bead 1.2 ±0.2 mm", Style(9, "bold"), "centre")


def connector(sheet: Sheet, rect: Sequence[float]) -> None:
    """A flat cable in its connector, from the side: open and locked."""
    half = (rect[2] - rect[0]) / 2
    for place, (words, turn) in enumerate(
        [("1  open, insert to the line", 70), ("2  close until it clicks", 8)]
    ):
        left, base = rect[0] + place * half + 24, rect[3] - 42
        sheet.box((left, base, left + half - 48, base + 8), fill=(0.20, 0.50, 0.36), line=INK)
        sheet.box((left + 40, base - 26, left + 96, base), fill=(0.92, 0.92, 0.88), line=INK)
        hinge = (left + 94, base - 24)
        angle = math.radians(180 + turn)
        tip = (hinge[0] + 44 * math.cos(angle), hinge[1] + 44 * math.sin(angle))
        sheet.line(hinge, tip, INK, 7)
        sheet.line(hinge, tip, STEEL, 5)
        sheet.polygon(
            [(left + 56, base - 10), (left + 120, base - 12), (left + half - 52, base - 46)],
            line=(0.80, 0.55, 0.15),
            width=3,
            closed=False,
        )
        sheet.text(left + (half - 48) / 2, rect[3] - 12, words, Style(9, "bold"), "centre")
        if place:
            sheet.arrow((tip[0] + 6, tip[1] - 34), (tip[0] + 10, tip[1] - 6), RED, 1.4)


def wiring(sheet: Sheet, rect: Sequence[float]) -> None:
    """The wiring of the pump module: connectors, wires with colours and pins."""
    x0, y0, x1, y1 = rect
    wires = [
        ("M+", "red", (0.80, 0.10, 0.10)),
        ("M–", "black", INK),
        ("ENC A", "white", (0.70, 0.70, 0.70)),
        ("ENC B", "grey", (0.50, 0.50, 0.50)),
        ("VREF", "yellow", (0.90, 0.72, 0.05)),
        ("GND", "green", GREEN),
        ("OCC", "blue", (0.12, 0.35, 0.75)),
        ("SHLD", "bare", (0.72, 0.45, 0.20)),
    ]
    blocks = [(x0 + 20, "J3  main board"), (x1 - 150, "M1  pump module")]
    for left, words in blocks:
        sheet.box((left, y0 + 18, left + 130, y1 - 30), fill=PALE, line=INK, width=1.2, radius=6)
        sheet.text(left + 65, y0 + 36, words, Style(10, "bold"), "centre")
    pitch = (y1 - y0 - 110) / (len(wires) - 1)
    for row, (name, colour_name, colour) in enumerate(wires):
        y = y0 + 62 + row * pitch
        target = y0 + 62 + ((row * 3 + 2) % len(wires)) * pitch
        a, b = (x0 + 150, y), (x1 - 150, target)
        path = [a, (a[0] + 74, y), (b[0] - 40, target), b]
        sheet.polygon(path, line=INK, width=3.4, closed=False)
        sheet.polygon(path, line=colour, width=2.2, closed=False)
        for x, yy, side in ((a[0], y, -1), (b[0], target, 1)):
            sheet.box(
                (x - 4 + side * 10, yy - 5, x + 4 + side * 10, yy + 5), fill=(0.88, 0.73, 0.42), line=INK
            )
        sheet.text(a[0] - 22, y + 3, f"{row + 1}   {name}", Style(9), "right")
        sheet.text(b[0] + 22, target + 3, f"{name}   {((row * 3 + 2) % len(wires)) + 1}", Style(9))
        sheet.text(a[0] + 12, y - 5, f"{colour_name} AWG 32", Style(7, "italic", GREY))
    sheet.text(
        (x0 + x1) / 2,
        y1 - 8,
        "All lengths 62 ±2 mm. Twist 1 with 2 and 3 with 4, 20 turns/m. Shield on the board side only.",
        Style(9),
        "centre",
    )


def _span(start: float, stop: float, count: int) -> list[float]:
    return [start + (stop - start) * step / (count - 1) for step in range(count)]


DIAGRAMS: dict[str, Callable[[Sheet, Sequence[float]], None]] = {
    "tightening": tightening,
    "polarity": polarity,
    "leak-curve": leak_curve,
    "bead": bead,
    "connector": connector,
    "wiring": wiring,
    "artwork": board_artwork,
}
"""Diagram to its drawing."""
