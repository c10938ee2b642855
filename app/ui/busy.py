"""Where a page is so busy that a stronger forensic mark hides in it: photographs and the like.

Not plain paper or tones, not lines or text on white: there every grey level more would be seen, and less is
enough to read it. Judged by Qt on samples, a few hundredths of a page's pixels, before the page is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

if TYPE_CHECKING:
    from PySide6.QtCore import QRect

SAMPLES = 8
"""Across a cell and down it."""
TONES = (16, 224)
"""Between these levels a place is neither paper nor ink."""
CHANGES = (6, 64)
"""By so many grey levels a sample differs from the one left and up of it; by more, at letters and lines."""
SHARE = 0.5
"""Of a cell's samples, which have such a tone and such a change."""

FEW_PX = 1_600_000
"""What ``some`` gives at most."""

_OF_TONE = bytes(255 * (TONES[0] <= level <= TONES[1]) for level in range(256))
_OF_CHANGE = bytes(255 * (CHANGES[0] <= level <= CHANGES[1]) for level in range(256))
_GREY = QImage.Format.Format_Grayscale8


def busy_cells(image: QImage, columns: int, rows: int) -> list[list[bool]]:
    """Which of so many cells of an image are busy, row by row."""
    ignore, fast = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.FastTransformation
    wide, high = SAMPLES * columns, SAMPLES * rows
    fine = image.scaled(wide, high, ignore, fast).convertToFormat(QImage.Format.Format_RGB32)
    change = fine.copy()
    painter = QPainter(change)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
    painter.drawImage(1, 1, fine)
    painter.end()
    both = _all_of(_levels(fine).translate(_OF_TONE), _levels(change).translate(_OF_CHANGE))
    shares = QImage(both, wide, high, wide, _GREY).scaled(
        columns, rows, ignore, Qt.TransformationMode.SmoothTransformation
    )
    levels = [level >= 255 * SHARE for level in _levels(shares)]
    return [levels[at : at + columns] for at in range(0, len(levels), columns)]


def some(parts: list[QRect]) -> list[QRect]:
    """Every part, or every second, third, …: on a large screen that is enough to read."""
    area = sum(part.width() * part.height() for part in parts)
    return parts[:: max(1, -(-area // FEW_PX))]


def _levels(image: QImage) -> bytes:
    """Luminance, row by row, without what fills the rows up."""
    grey = image.convertToFormat(_GREY)
    pixels, stride = bytes(grey.constBits()), grey.bytesPerLine()
    return b"".join(pixels[row * stride : row * stride + grey.width()] for row in range(grey.height()))


def _all_of(one: bytes, other: bytes) -> bytes:
    """Bitwise and, of as many bytes."""
    return (int.from_bytes(one) & int.from_bytes(other)).to_bytes(len(one))
