"""The only way by which a page reaches a screen: pixels and both watermarks in one painting.

What the watermark says and how strong it is are rules of ``app.mark.visible``; here they become Qt images.
Textures are made once per (text, size, device pixel ratio), the choice among them once per page image, so
that a repaint is a page blit and one premultiplied blend. Used on the GUI thread only.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QImage, QPainter, QTransform

from app.mark import visible
from app.mark.tile import BAND_PX, BUSY_STEP, STEP, TILE_PX, with_step
from app.model.errors import Bug
from app.ui.busy import busy_cells, some
from app.ui.drawing import drawable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from app.kiosk.view import MarkText

KEPT_TEXTURES = 8
CELLS_MOST = 40
"""Cells in which the ground is judged, across and down: on large screens they are larger."""
KEPT_GROUNDS = 24
THREADED_PX = 4_000_000
"""From this area on Qt's filling with a brush, on several threads, is faster than laying pieces."""
KEPT_READY = 3
"""Pages that carry their marks already: the one in front and its neighbours."""

_PREMULTIPLIED = QImage.Format.Format_ARGB32_Premultiplied

_Kind = TypeVar("_Kind")
_Parts: TypeAlias = tuple[list[tuple[visible.Ground, QRect]], list[tuple[bool, QRect]]]
"""A page image cut up by its grounds, and by whether it is busy there."""
_Pieces: TypeAlias = tuple[tuple[QRect, QRect], ...]
"""Where on the device something is laid, and which part of its band lies there."""
_Marking: TypeAlias = tuple[int, tuple[str, ...], int, int, float]
"""Which image gets which visible mark: its cache key, the wording, width, height, device pixel ratio."""


@dataclass(frozen=True)
class _Ready:
    """A page with both its marks on it; ``corner`` is the place of the device at which the tile fits."""

    image: QImage
    tile: bytes
    corner: tuple[int, int]


@dataclass(frozen=True)
class _Text:
    """The wording as set: its font, and the block's size in device pixels."""

    lines: tuple[str, ...]
    font: QFont
    width: float
    height: float


class _Pattern:
    """One wording in one size: its texture for each ground, made when first needed."""

    def __init__(self, lines: tuple[str, ...], width: int, height: int, ratio: float) -> None:
        self._text = _set_text(lines, width, height, ratio)
        box = visible.slanted(self._text.width, self._text.height)
        self._space = visible.spacing(width, height, box)
        self._textures: dict[visible.Ground, QImage] = {}

    def lay(self, painter: QPainter, corner: QPoint, ground: visible.Ground, part: QRect) -> None:
        """Blend the texture for ``ground`` over ``part``; the pattern and ``part`` begin at ``corner``.

        Piece by piece: Qt fills with a brush on several threads, and gathering them for each of the many
        small parts of a page with photographs costs far more than the blending.
        """
        texture = self._textures.get(ground)
        if texture is None:
            texture = self._textures[ground] = _texture(self._text, self._space, ground.value)
        for piece, source in _pieces(part, texture.width(), texture.height()):
            painter.drawImage(piece.translated(corner), texture, source)


class MarkedCanvas:
    """Paints pages, always marked. One per window; keeps the textures of the last few texts and sizes."""

    def __init__(self) -> None:
        self._patterns: OrderedDict[tuple[tuple[str, ...], int, int, float], _Pattern] = OrderedDict()
        self._grounds: OrderedDict[tuple[int, int, int], _Parts] = OrderedDict()
        self._ready: OrderedDict[_Marking, _Ready] = OrderedDict()
        self._band: tuple[bytes, QImage] | None = None
        self._other_step: tuple[bytes, int, bytes, QImage] | None = None
        self._cut: tuple[tuple[int, tuple[int, int, int, int]], tuple[_Pieces, _Pieces]] | None = None

    def prepare(
        self, image: QImage, mark: MarkText, corner: tuple[int, int], *, device_pixel_ratio: float = 1.0
    ) -> bool:
        """Draw ``image`` with both marks out of sight, so that ``paint`` has only to copy it.

        ``paint`` uses it for this very image in its own size at ``corner`` (device pixels), while the mark
        says the same with this very tile. Returns whether there was anything to do.
        """
        width, height = image.width(), image.height()
        key = _marking(image, width, height, mark, device_pixel_ratio)
        if image.isNull() or self._fitting(key, mark.tile, corner) is not None:
            return False
        before = self._ready.pop(key, None)
        ready = before.image if before is not None else QImage(width, height, QImage.Format.Format_RGB32)
        painter = QPainter(ready)
        _draw_page(painter, image, ready.rect())
        self._draw_visible(painter, image, ready.rect(), key)
        painter.translate(-corner[0], -corner[1])
        self.draw_forensic_on(painter, image, ready.rect().translated(*corner), mark.tile)
        painter.end()
        self._ready[key] = _Ready(ready, mark.tile, corner)
        while len(self._ready) > KEPT_READY:
            self._ready.popitem(last=False)[1].image.fill(0)
        return True

    def wipe(self) -> None:
        """Overwrite every copy of a page."""
        while self._ready:
            self._ready.popitem()[1].image.fill(0)

    def paint(
        self,
        painter: QPainter,
        image: QImage,
        target: QRect,
        mark: MarkText,
        *,
        device_pixel_ratio: float = 1.0,
    ) -> None:
        """Draw ``image`` into ``target`` (the painter's coordinates) with both marks; touch nothing else.

        ``image``: a new QImage for new pixels, never one whose memory was rewritten (the choice of tones is
        remembered by its cache key). The forensic tile lies over the visible mark, and repeats from the
        device's own corner: all that one window shows of one look carries one pattern.

        Raises:
            Bug: the mark names nobody, or has no tile. Nothing is drawn then.
        """
        _check(mark)
        self._forensic(mark.tile)
        if image.isNull() or target.isEmpty():
            return
        painter.save()
        try:
            area = _to_device(painter, target)
            painter.setOpacity(1.0)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
            key = _marking(image, area.width(), area.height(), mark, device_pixel_ratio)
            ready = self._fitting(key, mark.tile, (area.left(), area.top()))
            if ready is not None:
                painter.drawImage(area.topLeft(), ready)
            else:
                _draw_page(painter, image, area)
                self._draw_visible(painter, image, area, key)
                self.draw_forensic_on(painter, image, area, mark.tile)
        finally:
            painter.restore()

    def cover(
        self,
        painter: QPainter,
        target: QRect,
        mark: MarkText,
        ground: visible.Ground,
        *,
        device_pixel_ratio: float = 1.0,
    ) -> None:
        """Lay both marks over what is painted in ``target`` already, all of which is like ``ground``.

        Raises:
            Bug: as ``paint``.
        """
        _check(mark)
        self._forensic(mark.tile)
        if target.isEmpty():
            return
        painter.save()
        try:
            area = _to_device(painter, target)
            size = area.width(), area.height()
            pattern = self._pattern(_wording(mark, size[0], device_pixel_ratio), *size, device_pixel_ratio)
            pattern.lay(painter, area.topLeft(), ground, QRect(0, 0, *size))
            self.draw_forensic(painter, area, mark.tile)
        finally:
            painter.restore()

    def _fitting(self, marking: _Marking, tile: bytes, corner: tuple[int, int]) -> QImage | None:
        ready = self._ready.get(marking)
        if ready is None or ready.tile != tile or ready.corner != corner:
            return None
        self._ready.move_to_end(marking)
        return ready.image

    def draw_forensic(self, painter: QPainter, area: QRect, tile: bytes) -> None:
        """Lay the tile over ``area``, in device pixels."""
        band = self._forensic(tile)
        if _is_large(area):
            origin = painter.brushOrigin()
            painter.setBrushOrigin(0, 0)
            painter.fillRect(area, QBrush(band))
            painter.setBrushOrigin(origin)
            return
        _lay(painter, _pieces(area, BAND_PX, TILE_PX), band)

    def draw_forensic_on(self, painter: QPainter, image: QImage, area: QRect, tile: bytes) -> None:
        """Lay the tile over a page, with a larger step where the page is busy: it hides there."""
        plain, busy = self._cut_up(image, area)
        if not busy or _is_large(area):
            self.draw_forensic(painter, area, tile)
            _lay(painter, busy, self._stepped(tile, BUSY_STEP - STEP))
        else:
            _lay(painter, plain, self._forensic(tile))
            _lay(painter, busy, self._stepped(tile, BUSY_STEP))

    def _cut_up(self, image: QImage, area: QRect) -> tuple[_Pieces, _Pieces]:
        """What of ``area`` is not busy, and what is; of a large one some of that, to be laid besides."""
        key = image.cacheKey(), (area.left(), area.top(), area.width(), area.height())
        if self._cut is None or self._cut[0] != key:
            judged = self._parts(image, area.width(), area.height())[1]
            plain, busy = ([part for is_busy, part in judged if is_busy is kind] for kind in (False, True))
            if _is_large(area):
                plain, busy = [], some(busy)
            corner = area.topLeft()
            self._cut = key, (_all_pieces(plain, corner), _all_pieces(busy, corner))
        return self._cut[1]

    def _draw_visible(self, painter: QPainter, image: QImage, area: QRect, marking: _Marking) -> None:
        _, lines, width, height, ratio = marking
        pattern = self._pattern(lines, width, height, ratio)
        for ground, part in self._parts(image, area.width(), area.height())[0]:
            pattern.lay(painter, area.topLeft(), ground, part)

    def _pattern(self, lines: tuple[str, ...], width: int, height: int, ratio: float) -> _Pattern:
        key = (lines, width, height, ratio)
        found = self._patterns.get(key)
        if found is None:
            found = self._patterns[key] = _Pattern(*key)
            if len(self._patterns) > KEPT_TEXTURES:
                self._patterns.popitem(last=False)
        self._patterns.move_to_end(key)
        return found

    def _parts(self, image: QImage, width: int, height: int) -> _Parts:
        key = (image.cacheKey(), width, height)
        found = self._grounds.get(key)
        if found is None:
            found = self._grounds[key] = _judge(image, width, height)
            if len(self._grounds) > KEPT_GROUNDS:
                self._grounds.popitem(last=False)
        self._grounds.move_to_end(key)
        return found

    def _forensic(self, tile: bytes) -> QImage:
        if self._band is None or self._band[0] is not tile:
            if len(tile) != 4 * BAND_PX * TILE_PX:
                raise Bug("a page was to be painted without its forensic tile")
            self._band = tile, _band(tile)
        return self._band[1]

    def _stepped(self, tile: bytes, step: int) -> QImage:
        if self._other_step is None or self._other_step[:2] != (tile, step):
            laid = with_step(tile, step)
            self._other_step = tile, step, laid, _band(laid)
        return self._other_step[3]


def _band(pixels: bytes) -> QImage:
    """The image does not own these bytes: they have to be kept beside it."""
    return QImage(pixels, BAND_PX, TILE_PX, 4 * BAND_PX, _PREMULTIPLIED)


def _check(mark: MarkText) -> None:
    if not (mark.name.strip() and mark.badge_tail.strip()):
        raise Bug("a page was to be painted with a mark that names nobody")


def _pieces(part: QRect, across: int, down: int) -> Iterator[tuple[QRect, QRect]]:
    """``part`` cut where the pattern repeats: each piece, and which part of one period lies there."""
    left, right = part.left(), part.left() + part.width()
    top, bottom = part.top(), part.top() + part.height()
    for y in range(top - top % down, bottom, down):
        for x in range(left - left % across, right, across):
            piece = QRect(x, y, across, down) & part
            yield piece, piece.translated(-x, -y)


def _is_large(area: QRect) -> bool:
    return area.width() * area.height() >= THREADED_PX


def _lay(painter: QPainter, pieces: Iterable[tuple[QRect, QRect]], band: QImage) -> None:
    for piece, source in pieces:
        painter.drawImage(piece, band, source)


def _all_pieces(parts: Iterable[QRect], corner: QPoint) -> _Pieces:
    placed = (part.translated(corner) for part in parts)
    return tuple(piece for part in placed for piece in _pieces(part, BAND_PX, TILE_PX))


def _to_device(painter: QPainter, target: QRect) -> QRect:
    """Switch the painter to device pixels and give the target there, on whole pixels."""
    to_device = painter.deviceTransform()
    area = to_device.mapRect(QRectF(target))
    left, top = round(area.left()), round(area.top())
    whole = QRect(left, top, round(area.right()) - left, round(area.bottom()) - top)
    back, _ = to_device.inverted()
    painter.setTransform(back, combine=True)
    return whole


def _draw_page(painter: QPainter, image: QImage, area: QRect) -> None:
    if image.size() == area.size():
        painter.drawImage(QRectF(area), image, QRectF(image.rect()))
        return
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(area, image)


def _marking(image: QImage, width: int, height: int, mark: MarkText, ratio: float) -> _Marking:
    return image.cacheKey(), _wording(mark, width, ratio), width, height, ratio


def say_the_same(one: MarkText, other: MarkText) -> bool:
    """Whether a page looks the same with either mark, in any size."""
    return one.tile == other.tile and _said(one, short=False) == _said(other, short=False)


def _said(mark: MarkText, *, short: bool) -> tuple[str, ...]:
    return visible.lines(mark.name, mark.badge_tail, mark.station, mark.unit, mark.at, short=short)


def _wording(mark: MarkText, width: int, ratio: float) -> tuple[str, ...]:
    said = _said(mark, short=visible.is_short(width, ratio))
    return tuple(drawable(line, _font(visible.SHORT_BELOW)) for line in said)


def _set_text(lines: tuple[str, ...], width: int, height: int, ratio: float) -> _Text:
    wished = visible.font_px(width, height, ratio)
    box = visible.slanted(*_measure(lines, _font(wished)))
    font = _font(visible.shrunk(wished, box[0], width, ratio))
    return _Text(lines, font, *_measure(lines, font))


def _font(pixels: float) -> QFont:
    font = QFont()
    font.setStyleHint(QFont.StyleHint.SansSerif)
    font.setPixelSize(max(6, math.floor(pixels)))
    font.setWeight(QFont.Weight.DemiBold)
    return font


def _measure(lines: tuple[str, ...], font: QFont) -> tuple[float, float]:
    metrics = QFontMetricsF(font)
    return max(metrics.horizontalAdvance(line) for line in lines), metrics.height() * len(lines)


def _texture(text: _Text, space: visible.Spacing, strength: visible.Strength) -> QImage:
    """One period of the pattern: a block in the middle and its shifted neighbours at the corners."""
    block = _block(text, strength)
    image = QImage(space.across, 2 * space.down, _PREMULTIPLIED)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    across, down = space.across, space.down
    centres = [(across / 2, down / 2)]
    centres += [(x, 1.5 * down) for x in (0, across)]
    centres += [(across / 2, 2.5 * down), (0, -0.5 * down), (across, -0.5 * down)]
    for x, y in centres:
        painter.drawImage(round(x - block.width() / 2), round(y - block.height() / 2), block)
    painter.end()
    return image


def _block(text: _Text, strength: visible.Strength) -> QImage:
    """The slanted text. Letters twice: first their edge one stroke aside, then their body over it."""
    aside = max(1.0, text.font.pixelSize() / 14)
    width, height = visible.slanted(text.width, text.height)
    image = QImage(math.ceil(width + 4 * aside), math.ceil(height + 4 * aside), _PREMULTIPLIED)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setFont(text.font)
    ink, glow = ("black", "white") if strength.dark_body else ("white", "black")
    for offset, name, opacity in ((aside, glow, strength.edge), (0.0, ink, strength.body)):
        colour = QColor(name)
        colour.setAlphaF(opacity)
        painter.setPen(colour)
        painter.setTransform(
            QTransform.fromTranslate(image.width() / 2 + offset, image.height() / 2 + offset)
        )
        painter.rotate(visible.ANGLE_DEGREES)
        for index, line in enumerate(text.lines):
            top = text.height * (index / len(text.lines) - 0.5)
            box = QRectF(-text.width / 2, top, text.width, text.height / len(text.lines))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, line)
    painter.end()
    return image


def _judge(image: QImage, width: int, height: int) -> _Parts:
    columns = min(CELLS_MOST, max(1, -(-width // visible.CELL_PX)))
    rows = min(CELLS_MOST, max(1, -(-height // visible.CELL_PX)))
    cells = visible.grounds(_samples(image, 2 * columns, 2 * rows), columns, rows)
    return _in_pixels(cells, width, height), _in_pixels(busy_cells(image, columns, rows), width, height)


def _in_pixels(cells: Sequence[Sequence[_Kind]], width: int, height: int) -> list[tuple[_Kind, QRect]]:
    """Cells of one kind, joined, where they lie on an image of this size."""
    columns, rows = len(cells[0]), len(cells)
    found = []
    for kind, column, row, wide, high in visible.runs(cells):
        left, right = column * width // columns, (column + wide) * width // columns
        top, bottom = row * height // rows, (row + high) * height // rows
        found.append((kind, QRect(left, top, right - left, bottom - top)))
    return found


def _samples(image: QImage, columns: int, rows: int) -> bytes:
    """Luminance of the image on a coarse grid: sampled finely, then averaged: fair to thin lines."""
    ignore, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    fine = image.scaled(6 * columns, 6 * rows, ignore, Qt.TransformationMode.FastTransformation)
    grey = fine.scaled(columns, rows, ignore, smooth).convertToFormat(QImage.Format.Format_Grayscale8)
    pixels, stride = bytes(grey.constBits()), grey.bytesPerLine()
    return b"".join(pixels[row * stride : row * stride + columns] for row in range(rows))
