"""One side of a comparison: a page, marked like every page, with what changed outlined on it.

What is gone has a dashed outline and a minus, what has come a solid one and a plus: not colour alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QLineF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.kiosk.view import Framing
from app.ui import drawing, words
from app.ui.framing import Look, lay_out
from app.ui.held import HeldPicture
from app.ui.marked import MarkedCanvas

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from app.kiosk.view import Leaf, Painting, Region
    from app.ui.theme import Theme

Side = Literal["old", "new"]
_INKS = {"old": QColor("#8c0f14"), "new": QColor("#004a8f")}
"""On paper, in light and in dark: pages are white in both."""
HEAD = 46
"""Height of the line above the page, at unit 1."""


class ComparePane(QWidget):
    """Shows one leaf and its regions; ``pressed`` when it is touched."""

    pressed = Signal()

    def __init__(self, theme: Theme, side: Side, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._side = theme, side
        self._canvas = MarkedCanvas()
        self._leaf: Leaf | None = None
        self._index: int | None = None
        self._regions: tuple[Region, ...] = ()
        self._head = ""
        self._held: HeldPicture | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        self.update()

    def tell(self, head: str, leaf: Leaf | None, index: int | None, regions: tuple[Region, ...]) -> None:
        """Show this leaf, of this index, under these words."""
        if self._held is not None and self._held.index != index:
            self._let_go()
        self._head, self._leaf, self._index, self._regions = head, leaf, index, regions
        self.setAccessibleName(head)
        self.update()

    def take(self, painting: Painting) -> bool:
        """Pixels; returns whether they are of this side's leaf. Others stay the caller's."""
        if painting.index != self._index:
            return False
        self._let_go()
        self._held = HeldPicture(painting)
        self.update()
        return True

    @property
    def shown(self) -> int | None:
        """The leaf whose pixels are here."""
        return self._held.index if self._held is not None else None

    def leave(self) -> None:
        """Nothing of a page stays."""
        self._let_go()
        self._head, self._leaf, self._index, self._regions = "", None, None, ()
        self._canvas = MarkedCanvas()

    def framing(self) -> Framing:
        """In which size the page is wanted."""
        room, ratio = self._room(), self.devicePixelRatioF()
        return Framing(max(1, round(room.width() * ratio)), max(1, round(room.height() * ratio)))

    def _let_go(self) -> None:
        if self._held is not None:
            self._held.drop()
            self._held = None

    def _room(self) -> QRect:
        return self.rect().adjusted(0, self._head_high(), 0, 0)

    def _head_high(self) -> int:
        """Of the words above the page: a line, or as many as large letters need."""
        theme, least = self._theme, self._theme.letters(HEAD)
        if not theme.large:
            return least
        width = self.width() - 2 * theme.length(14)
        return max(least, round(drawing.height_of(self._head, theme.font("label", bold=True), width)))

    # -- Qt -----------------------------------------------------------------------------------------------

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """A touch."""
        self.pressed.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        theme = self._theme
        with drawing.painting(self) as painter:
            painter.fillRect(self.rect(), theme.colour("desk"))
            head = QRectF(0, 0, self.width(), self._head_high())
            painter.fillRect(head, theme.colour("surface"))
            text = head.adjusted(theme.length(14), 0, -theme.length(14), 0)
            font = drawing.fitted(theme.font("label", bold=True), self._head, text.width(), least=0.7)
            if theme.large:
                font = theme.font("label", bold=True)
                drawing.paragraph(painter, text, self._head, font, theme.colour("ink"), drawing.TOP_LEFT)
            else:
                drawing.line(painter, text, self._head, font, theme.colour("ink"), drawing.LEFT)
            if self._leaf is None:
                return
            if self._held is None:
                wait, room = words.preparing(self._leaf.number - 1), QRectF(self._room())
                drawing.paragraph(
                    painter, room, wait, theme.font("body"), theme.colour("ink"), drawing.TOP_CENTRE
                )
                return
            page = self._paint_page(painter, self._leaf, self._held)
            for region in self._regions:
                self._outline(painter, drawing.placed(region, page))

    def _paint_page(self, painter: QPainter, leaf: Leaf, held: HeldPicture) -> QRectF:
        """Paint the page into its room; returns where it is, in device-independent pixels."""
        framing, ratio, room = self.framing(), self.devicePixelRatioF(), self._room()
        left, top, right, bottom = lay_out(Look(), leaf, (framing.width_px, framing.height_px)).page_box
        above = round(room.top() * ratio)
        target = QRect(left, top + above, right - left, bottom - top)
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        self._canvas.paint(painter, held.image(), target, held.mark, device_pixel_ratio=ratio)
        painter.restore()
        return QRectF(
            target.left() / ratio, target.top() / ratio, target.width() / ratio, target.height() / ratio
        )

    def _outline(self, painter: QPainter, box: QRectF) -> None:
        """The outline lies around the region, so that it hides nothing of it."""
        theme, ink = self._theme, _INKS[self._side]
        wide = max(2.0, float(theme.length(4)))
        around = box.adjusted(-wide, -wide, wide, wide) & QRectF(self._room())
        line = Qt.PenStyle.DashLine if self._side == "old" else Qt.PenStyle.SolidLine
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, more, style in ((QColor("#ffffff"), wide, Qt.PenStyle.SolidLine), (ink, 0.0, line)):
            painter.setPen(QPen(colour, wide + more, style))
            painter.drawRect(around)
        side = float(theme.length(26))
        left = min(max(around.left() - side / 2, 0.0), self.width() - side)
        sign = QRectF(left, max(around.top() - side / 2, float(self._room().top())), side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(sign)
        painter.setPen(QPen(QColor("#ffffff"), wide * 0.8))
        middle, reach = sign.center(), side * 0.27
        painter.drawLine(QLineF(middle.x() - reach, middle.y(), middle.x() + reach, middle.y()))
        if self._side == "new":
            painter.drawLine(QLineF(middle.x(), middle.y() - reach, middle.x(), middle.y() + reach))
