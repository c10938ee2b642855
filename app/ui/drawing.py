"""Small helpers that every painted widget uses: text in a box, rounded panels, text that is cut with dots."""

from __future__ import annotations

import re
from bisect import bisect_right
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QFontMetricsF, QPainter, QPen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QColor, QPaintDevice
    from PySide6.QtWidgets import QWidget

    from app.kiosk.view import Region
    from app.ui.theme import Theme

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
TOP_CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
TOP_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop

EDGE_PX = 2.0
"""Width of the edge of what is pressed."""
LEAST_PX = 16
"""Smaller than this no letters become, whatever the room."""
_BREAKS = re.compile(r"\s+|[\u2e80-\u9fff\uff00-\uffef]")
"""After what a line can be broken: a space, or any Chinese sign."""
_WORD = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+")


@contextmanager
def painting(device: QPaintDevice) -> Iterator[QPainter]:
    """A painter with smooth edges. It always ends: one left behind by an error would take Qt down."""
    painter = QPainter(device)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    try:
        yield painter
    finally:
        painter.end()


def width_of(text: str, font: QFont) -> float:
    """How wide one line is."""
    return QFontMetricsF(font).horizontalAdvance(text)


def height_of(text: str, font: QFont, width: float) -> float:
    """How high wrapped text is in a column of ``width``; 0 for no text."""
    if not text:
        return 0.0
    room = QRectF(0, 0, max(1.0, width), 100_000)
    flags = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft)
    return QFontMetricsF(font).boundingRect(room, flags, text).height()


def longest_word(text: str, font: QFont) -> float:
    """How wide the longest word is, which no line can be narrower than."""
    return max((width_of(word, font) for word in _WORD.findall(text)), default=0.0)


def leading(text: str, font: QFont, width: float, height: float) -> int:
    """How many letters of ``text``, wrapped in a column of ``width``, stand in ``height``: whole words."""
    if height_of(text, font, width) <= height:
        return len(text)
    ends = [match.end() for match in _BREAKS.finditer(text)]
    fits = bisect_right(ends, height, key=lambda end: height_of(text[:end].rstrip(), font, width))
    return ends[fits - 1] if fits else 0


def drawable(text: str, font: QFont) -> str:
    """The text with a question mark for each letter that no font of this machine has: never an empty box."""
    return text if text.isascii() else _drawable(text, tuple(font.families()))


@lru_cache(maxsize=256)
def _drawable(text: str, families: tuple[str, ...]) -> str:
    metrics = QFontMetrics(QFont(list(families)))
    return "".join(letter if letter == "\n" or metrics.inFontUcs4(ord(letter)) else "?" for letter in text)


def line(
    painter: QPainter, box: QRectF, text: str, font: QFont, colour: QColor, align: Qt.AlignmentFlag
) -> None:
    """One line, cut with dots where it is too long."""
    painter.setFont(font)
    painter.setPen(colour)
    shown = QFontMetricsF(font).elidedText(drawable(text, font), Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, int(align) | int(Qt.TextFlag.TextSingleLine), shown)


def paragraph(
    painter: QPainter, box: QRectF, text: str, font: QFont, colour: QColor, align: Qt.AlignmentFlag
) -> float:
    """Wrapped text from the top of ``box``; returns its height."""
    if not text:
        return 0.0
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(box, int(align) | int(Qt.TextFlag.TextWordWrap), drawable(text, font))
    return height_of(text, font, box.width())


def fitted(font: QFont, text: str, width: float, *, least: float = 0.0) -> QFont:
    """The font, smaller where one line of ``text`` would not fit; never below ``least`` of its size."""
    wide = width_of(text, font)
    if wide > width > 0:
        font = QFont(font)
        font.setPixelSize(max(8, int(font.pixelSize() * max(least, width / wide))))
    return font


def shrunk(font: QFont, text: str, width: float, height: float) -> QFont:
    """The font, smaller where wrapped ``text`` would not fit in this room."""
    font = QFont(font)
    while font.pixelSize() > LEAST_PX and (
        height_of(text, font, width) > height or longest_word(text, font) > width
    ):
        font.setPixelSize(font.pixelSize() - 2)
    return font


def panel(painter: QPainter, box: QRectF, fill: QColor, radius: float, edge: QColor | None = None) -> None:
    """A filled rounded rectangle, with a thin ``edge`` within it if one is given."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(box, radius, radius)
    if edge is not None:
        painter.setPen(QPen(edge, EDGE_PX))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        half = EDGE_PX / 2
        painter.drawRoundedRect(box.adjusted(half, half, -half, -half), radius, radius)


def card(painter: QPainter, widget: QWidget, theme: Theme, mark: str) -> None:
    """The ground of a widget that lies over a page: a surface framed in the colour named ``mark``."""
    edge, radius = theme.length(5), theme.px("radius")
    painter.setPen(QPen(theme.colour(mark), edge))
    painter.setBrush(theme.colour("surface"))
    inside = QRectF(widget.rect()).adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2)
    painter.drawRoundedRect(inside, radius, radius)


def placed(region: Region, page: QRectF) -> QRectF:
    """Where a region of a page lies when the page lies at ``page``."""
    left, top, right, bottom = region
    wide, high = page.width(), page.height()
    return QRectF(
        page.left() + left * wide, page.top() + top * high, (right - left) * wide, (bottom - top) * high
    )
