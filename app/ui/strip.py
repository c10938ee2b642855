"""The strip of thumbnails at the left: all pages that the person may see, each marked as pages are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.kiosk.view import Work
from app.ui import drawing, words
from app.ui.marked import MarkedCanvas

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent, QWheelEvent

    from app.kiosk.view import Leaf, MarkText, Painting
    from app.ui.theme import Theme

LABEL_WIDE = 130
"""Room for a page's number and its steps, at unit 1."""


class Strip(QWidget):
    """Scrolls by drag and wheel; a tap chooses. Small pictures are copies, wiped in ``leave``."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._canvas = MarkedCanvas()
        self._leaves: tuple[Leaf, ...] = ()
        self._current = 0
        self._thumbs: dict[int, QImage] = {}
        self._mark: MarkText | None = None
        self._work = Work()
        self._offset = 0.0
        self._pressed: tuple[float, float] | None = None
        self._dragged = False
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        self.update()

    def wide(self) -> int:
        """How wide it wants to be."""
        return max(self._theme.px("strip"), self._theme.letters(LABEL_WIDE))

    def thumb_size(self) -> tuple[int, int]:
        """Size of a thumbnail's box in device pixels."""
        ratio = self.devicePixelRatioF()
        return round(self._theme.px("thumb") * ratio), round(self._theme.px("thumb_height") * ratio)

    def tell(self, leaves: tuple[Leaf, ...], current: int, mark: MarkText, work: Work) -> None:
        """These leaves, this one in front; ``mark`` is that of the look at it: the whole strip bears it.

        ``work``: which of the steps on them are confirmed.
        """
        self._mark, self._work = mark, work
        if leaves != self._leaves:
            self._wipe()
            self._leaves = leaves
        if current != self._current or leaves != self._leaves:
            self._current = current
            self._bring_into_view()
        self.update()

    def take(self, painting: Painting) -> None:
        """The pixels of a thumbnail; copied, because the strip keeps more than the engine has room for."""
        pixels = painting.pixels
        image = QImage(
            pixels.buffer, pixels.width, pixels.height, pixels.stride, QImage.Format.Format_RGB32
        ).copy()
        pixels.release()
        if painting.index < len(self._leaves):
            self._thumbs[painting.index] = image
            self.update()

    def leave(self) -> None:
        """Nothing of a page stays."""
        self._wipe()
        self._leaves, self._current, self._offset, self._mark = (), 0, 0.0, None
        self._canvas, self._work = MarkedCanvas(), Work()

    def _wipe(self) -> None:
        for image in self._thumbs.values():
            image.fill(0)
        self._thumbs.clear()

    # -- places -------------------------------------------------------------------------------------------

    def _step(self) -> int:
        theme = self._theme
        return theme.px("thumb_height") + theme.length(58) + theme.letters(40) - theme.length(40)

    def _top(self, index: int) -> float:
        return index * self._step() - self._offset

    def _bring_into_view(self) -> None:
        top = self._current * self._step()
        if not self._offset <= top <= self._offset + self.height() - self._step():
            self._scroll_to(top - (self.height() - self._step()) / 2)

    def _scroll_to(self, offset: float) -> None:
        most = max(0.0, len(self._leaves) * self._step() - self.height())
        self._offset = min(max(0.0, offset), most)
        self.update()

    # -- Qt -----------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint what is in view."""
        with drawing.painting(self) as painter:
            painter.fillRect(self.rect(), self._theme.colour("bar"))
            for index in range(len(self._leaves)):
                top = self._top(index)
                if -self._step() < top < self.height():
                    self._paint_item(painter, index, top)

    def _paint_item(self, painter: QPainter, index: int, top: float) -> None:
        theme, leaf = self._theme, self._leaves[index]
        here = index == self._current
        room = QRectF(
            theme.length(6),
            top + theme.length(6),
            self.width() - theme.length(12),
            self._step() - theme.length(8),
        )
        if here:
            drawing.panel(painter, room, theme.colour("bar_pressed"), theme.px("radius"))
        scale = min(theme.px("thumb") / leaf.width_pt, theme.px("thumb_height") / leaf.height_pt)
        width, height = round(leaf.width_pt * scale), round(leaf.height_pt * scale)
        left = (self.width() - width) // 2
        box = QRect(
            left, round(top) + theme.length(12) + (theme.px("thumb_height") - height) // 2, width, height
        )
        self._paint_thumb(painter, index, box)
        label = QRectF(room.left(), room.bottom() - theme.letters(40), room.width(), theme.letters(38))
        colour = theme.colour("on_pressed" if here else "bar_ink")
        text = f"{index + 1}{words.steps_on(self._work, index)}"
        drawing.line(painter, label, text, theme.font("label", bold=here), colour, drawing.CENTRE)

    def _paint_thumb(self, painter: QPainter, index: int, box: QRect) -> None:
        image, mark = self._thumbs.get(index), self._mark
        if image is None or mark is None:
            painter.fillRect(box, self._theme.colour("bar_button"))
        else:
            self._canvas.paint(painter, image, box, mark, device_pixel_ratio=self.devicePixelRatioF())
        if index == self._current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.colour("on_pressed"), self._theme.length(3)))
            painter.drawRect(box)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        """Scroll."""
        self._scroll_to(self._offset - event.angleDelta().y())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """A tap or a drag begins."""
        self._pressed, self._dragged = (event.position().y(), self._offset), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Drag."""
        if self._pressed is None:
            return
        way = event.position().y() - self._pressed[0]
        self._dragged = self._dragged or abs(way) > self._theme.length(16)
        if self._dragged:
            self._scroll_to(self._pressed[1] - way)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """A tap chooses."""
        pressed, self._pressed = self._pressed, None
        if pressed is None or self._dragged:
            return
        index = int((event.position().y() + self._offset) // self._step())
        if 0 <= index < len(self._leaves):
            self.chosen.emit(index)
