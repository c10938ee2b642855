"""The look: colours, type and sizes from ``resources/styles/kiosk.json``, scaled to the screen in front.

One number scales everything: ``unit``. At 1.0 a touch target is 76 and the status line's text 30 device-
independent pixels high, which on a usual desktop screen (96 dpi) is 20 mm and capitals of 5.8 mm: 20 minutes
of arc from one metre, 10 from two.

Beside it stands ``text``: how large a person wants the letters (WCAG 2.2, 1.4.4). Where the screen has the
room, everything grows by it; where not, the letters alone, and what they stand in has another layout
(``large``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtGui import QColor, QFont, QFontDatabase

from app.resources import resource

if TYPE_CHECKING:
    from PySide6.QtGui import QScreen

Mode = Literal["light", "dark"]
BARS_AT_MOST = 0.15
"""Share of the screen's height for status line and toolbar together: the page keeps the rest."""
WIDTH_WANTED = 1240.0
"""Device-independent pixels that the toolbar needs at unit 1."""
BARS = 120.0
"""Height of status line and toolbar at unit 1. On a screen less than 212 mm high, targets of 20 mm and a page
with 85 % of the screen do not go together: the page wins."""
USUAL_DPI = 96.0
_LIKELY_DPI = (60.0, 340.0)


@dataclass(frozen=True)
class Style:
    """The file, read."""

    family: str
    fallback: list[str]
    type_px: dict[str, int]
    sizes: dict[str, int]
    colours: dict[str, str]


@dataclass(frozen=True)
class Theme:
    """A style at a scale. ``unit`` multiplies every length of the style, ``text`` its letters again."""

    style: Style
    unit: float = 1.0
    text: float = 1.0

    @property
    def large(self) -> bool:
        """Whether the letters are larger than the layout for usual ones can hold."""
        return self.text > 1.0

    def px(self, name: str) -> int:
        """A named length in device-independent pixels."""
        return round(self.style.sizes[name] * self.unit)

    def length(self, pixels: float) -> int:
        """A length given at unit 1."""
        return round(pixels * self.unit)

    def letters(self, pixels: float) -> int:
        """A length given at unit 1, of what holds letters."""
        return round(pixels * self.unit * self.text)

    @property
    def status(self) -> int:
        """Height of the status line."""
        return self.letters(self.style.sizes["status"])

    def font(self, name: str, *, bold: bool = False, factor: float = 1.0) -> QFont:
        """The font of a step of the type scale."""
        font = QFont([self.style.family, *self.style.fallback])
        font.setStyleHint(QFont.StyleHint.SansSerif)
        font.setPixelSize(max(8, round(self.style.type_px[name] * self.unit * self.text * factor)))
        font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
        return font

    def colour(self, name: str) -> QColor:
        """A named colour."""
        return QColor(self.style.colours[name])


def load_style(mode: Mode = "light") -> Style:
    """Read the style and make its fonts known. Needs a running QGuiApplication."""
    told = json.loads(resource("styles", "kiosk.json").read_text(encoding="utf-8"))
    for name in told["fonts"]:
        QFontDatabase.addApplicationFont(str(resource("fonts", name)))
    return Style(told["family"], told["fallback"], told["type"], told["size"], told[mode])


def unit_for(width: float, height: float, dpi: float) -> float:
    """The scale for a window of this size (device-independent pixels) on a screen of this density.

    Physical size where the screen tells it believably; never smaller than a full-HD window's share of a
    larger one (a wall screen is looked at from further away); never so large that the bars take more than
    their share of the height, or the toolbar does not fit.
    """
    physical = dpi / USUAL_DPI if _LIKELY_DPI[0] <= dpi <= _LIKELY_DPI[1] else 1.0
    wished = max(1.0, physical, height / 1080.0)
    return max(0.9, min(wished, _largest_unit(width, height)))


def _largest_unit(width: float, height: float) -> float:
    return min(BARS_AT_MOST * height / BARS, width / WIDTH_WANTED)


def theme_for(
    style: Style,
    width: float,
    height: float,
    screen: QScreen | None,
    dpi: float | None = None,
    text_size: int = 100,
) -> Theme:
    """The theme for a window on ``screen``, whose density is ``dpi`` where it is known better.

    ``text_size``: how large the letters are to be, per cent.
    """
    if dpi is None:
        dpi = screen.physicalDotsPerInch() if screen is not None else USUAL_DPI
    unit, text = unit_for(width, height, dpi), text_size / 100
    if text > 1.0 and unit * text <= _largest_unit(width, height):
        return Theme(style, unit * text)
    return Theme(style, unit, text)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two ``#rrggbb`` colours, 1 to 21 (WCAG 2.2, 1.4.3)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
