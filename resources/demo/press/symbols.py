"""Safety signs in the manner of ISO 7010 and IEC 60417, drawn as shapes. ``size`` is the side in points."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from press.sheet import WHITE, Style

if TYPE_CHECKING:
    from collections.abc import Callable

    from press.sheet import Colour, Point, Sheet

YELLOW: Colour = (0.976, 0.757, 0.0)
BLUE: Colour = (0.0, 0.318, 0.588)
RED: Colour = (0.76, 0.07, 0.12)
BLACK: Colour = (0.05, 0.05, 0.05)


def sign(sheet: Sheet, name: str, x: float, y: float, size: float) -> None:
    """Draw the sign ``name`` with its top left corner at (x, y)."""
    frame, draw = SIGNS[name]
    frame(sheet, x, y, size)

    def at(u: float, v: float) -> Point:
        return x + u * size, y + v * size

    draw(sheet, at, size)
    if frame is _prohibit:
        _bar(sheet, at, size)


def _warn(sheet: Sheet, x: float, y: float, size: float) -> None:
    top, left, right = (x + size / 2, y + size * 0.04), (x, y + size * 0.92), (x + size, y + size * 0.92)
    sheet.polygon([top, right, left], fill=YELLOW, line=BLACK, width=size * 0.07)


def _oblige(sheet: Sheet, x: float, y: float, size: float) -> None:
    sheet.circle((x + size / 2, y + size / 2), size * 0.49, fill=BLUE, line=None)


def _prohibit(sheet: Sheet, x: float, y: float, size: float) -> None:
    sheet.circle((x + size / 2, y + size / 2), size * 0.44, fill=WHITE, line=RED, width=size * 0.1)


def _bar(sheet: Sheet, at: Callable[[float, float], Point], size: float) -> None:
    sheet.line(at(0.2, 0.2), at(0.8, 0.8), RED, size * 0.09)


def _exclaim(sheet: Sheet, at: Callable[[float, float], Point], size: float) -> None:
    sheet.polygon(
        [at(0.455, 0.34), at(0.545, 0.34), at(0.525, 0.66), at(0.475, 0.66)], fill=BLACK, line=BLACK
    )
    sheet.circle(at(0.5, 0.76), size * 0.045, fill=BLACK, line=None)


def _volt(sheet: Sheet, at: Callable[[float, float], Point], _size: float) -> None:
    bolt = [
        (0.57, 0.28),
        (0.40, 0.58),
        (0.50, 0.56),
        (0.43, 0.74),
        (0.385, 0.71),
        (0.42, 0.86),
        (0.545, 0.76),
        (0.495, 0.755),
        (0.60, 0.48),
        (0.505, 0.50),
    ]
    sheet.polygon([at(u, v) for u, v in bolt], fill=BLACK, line=None)


def _hot(sheet: Sheet, at: Callable[[float, float], Point], size: float) -> None:
    for column in (0.38, 0.5, 0.62):
        wave = [at(column + 0.025 * math.sin(t * 6.5), 0.70 - 0.28 * t) for t in _steps(12)]
        sheet.polygon(wave, line=BLACK, width=size * 0.04, closed=False)
    sheet.line(at(0.28, 0.80), at(0.72, 0.80), BLACK, size * 0.05)


def _pinch(sheet: Sheet, at: Callable[[float, float], Point], size: float) -> None:
    sheet.line(at(0.32, 0.46), at(0.68, 0.46), BLACK, size * 0.06)
    sheet.line(at(0.26, 0.82), at(0.74, 0.82), BLACK, size * 0.06)
    sheet.polygon(
        [at(0.44, 0.70), at(0.56, 0.70), at(0.56, 0.60), at(0.5, 0.54), at(0.44, 0.60)], fill=BLACK, line=None
    )
    sheet.arrow(at(0.5, 0.28), at(0.5, 0.42), BLACK, size * 0.035)


def _battery(sheet: Sheet, at: Callable[[float, float], Point], size: float) -> None:
    sheet.box((*at(0.34, 0.52), *at(0.66, 0.78)), line=BLACK, width=size * 0.045)
    for u in (0.42, 0.58):
        sheet.box((*at(u - 0.035, 0.46), *at(u + 0.035, 0.52)), fill=BLACK, line=BLACK)
    sheet.line(at(0.39, 0.65), at(0.47, 0.65), BLACK, size * 0.03)
    sheet.line(at(0.54, 0.65), at(0.62, 0.65), BLACK, size * 0.03)
    sheet.line(at(0.58, 0.61), at(0.58, 0.69), BLACK, size * 0.03)


def _static(sheet: Sheet, at: Callable[[float, float], Point], size: float) -> None:
    hand = [
        (0.36, 0.74),
        (0.44, 0.60),
        (0.40, 0.47),
        (0.44, 0.45),
        (0.50, 0.56),
        (0.58, 0.52),
        (0.64, 0.60),
        (0.62, 0.68),
        (0.52, 0.74),
    ]
    sheet.polygon([at(u, v) for u, v in hand], fill=BLACK, line=BLACK, width=size * 0.01)
    sheet.line(at(0.36, 0.40), at(0.70, 0.78), YELLOW, size * 0.035)
    sheet.line(at(0.335, 0.425), at(0.665, 0.80), BLACK, size * 0.03)


def _gloves(sheet: Sheet, at: Callable[[float, float], Point], size: float) -> None:
    for shift in (-0.13, 0.13):
        palm = [
            (0.42, 0.76),
            (0.42, 0.50),
            (0.44, 0.30),
            (0.48, 0.30),
            (0.49, 0.46),
            (0.51, 0.26),
            (0.55, 0.26),
            (0.56, 0.46),
            (0.58, 0.32),
            (0.61, 0.33),
            (0.60, 0.76),
        ]
        sheet.polygon([at(u + shift - 0.01, v) for u, v in palm], fill=WHITE, line=BLUE, width=size * 0.02)


def _goggles(sheet: Sheet, at: Callable[[float, float], Point], size: float) -> None:
    sheet.circle(at(0.5, 0.52), size * 0.27, fill=WHITE, line=None)
    sheet.box((*at(0.22, 0.40), *at(0.78, 0.48)), fill=BLUE)
    for u in (0.38, 0.62):
        sheet.box(
            (*at(u - 0.1, 0.36), *at(u + 0.1, 0.54)),
            fill=BLUE,
            line=WHITE,
            width=size * 0.025,
            radius=size * 0.05,
        )


def _strap(sheet: Sheet, at: Callable[[float, float], Point], size: float) -> None:
    sheet.polygon([at(0.30, 0.26), at(0.46, 0.24), at(0.52, 0.58), at(0.34, 0.60)], fill=WHITE, line=None)
    sheet.box((*at(0.30, 0.46), *at(0.55, 0.54)), fill=BLUE, line=WHITE, width=size * 0.02)
    cord = [at(0.54 + 0.16 * t, 0.50 + 0.06 * math.sin(t * 12)) for t in _steps(20)]
    sheet.polygon(cord, line=WHITE, width=size * 0.03, closed=False)
    sheet.line(at(0.70, 0.48), at(0.70, 0.66), WHITE, size * 0.03)
    for row, half in ((0.66, 0.11), (0.71, 0.075), (0.76, 0.04)):
        sheet.line(at(0.70 - half, row), at(0.70 + half, row), WHITE, size * 0.03)


def _read(sheet: Sheet, at: Callable[[float, float], Point], size: float) -> None:
    sheet.polygon(
        [at(0.5, 0.36), at(0.74, 0.30), at(0.74, 0.70), at(0.5, 0.76)],
        fill=WHITE,
        line=BLUE,
        width=size * 0.02,
    )
    sheet.polygon(
        [at(0.5, 0.36), at(0.26, 0.30), at(0.26, 0.70), at(0.5, 0.76)],
        fill=WHITE,
        line=BLUE,
        width=size * 0.02,
    )
    sheet.text(*at(0.615, 0.60), "i", Style(size * 0.26, "bold", BLUE), "centre")


def _no_touch(sheet: Sheet, at: Callable[[float, float], Point], size: float) -> None:
    hand = [
        (0.36, 0.72),
        (0.36, 0.46),
        (0.40, 0.46),
        (0.41, 0.54),
        (0.43, 0.32),
        (0.47, 0.32),
        (0.48, 0.50),
        (0.50, 0.30),
        (0.54, 0.30),
        (0.545, 0.50),
        (0.57, 0.36),
        (0.61, 0.36),
        (0.61, 0.66),
        (0.56, 0.74),
    ]
    sheet.polygon([at(u, v) for u, v in hand], fill=BLACK, line=BLACK, width=size * 0.01)


def _no_phone(sheet: Sheet, at: Callable[[float, float], Point], size: float) -> None:
    sheet.box((*at(0.40, 0.26), *at(0.60, 0.74)), fill=BLACK, line=BLACK, radius=size * 0.04)
    sheet.box((*at(0.43, 0.33), *at(0.57, 0.62)), fill=WHITE)


def _steps(count: int) -> list[float]:
    return [step / (count - 1) for step in range(count)]


_Frame = "Callable[[Sheet, float, float, float], None]"
SIGNS: dict[str, tuple[Callable[..., None], Callable[..., None]]] = {
    "warning": (_warn, _exclaim),
    "voltage": (_warn, _volt),
    "hot": (_warn, _hot),
    "pinch": (_warn, _pinch),
    "battery": (_warn, _battery),
    "static": (_warn, _static),
    "gloves": (_oblige, _gloves),
    "goggles": (_oblige, _goggles),
    "strap": (_oblige, _strap),
    "read": (_oblige, _read),
    "no-touch": (_prohibit, _no_touch),
    "no-phone": (_prohibit, _no_phone),
}
"""Sign to its frame and its pictogram."""
