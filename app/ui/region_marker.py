"""Marking a place on the page in front: a rectangle drawn with a finger, or moved with keys.

It lies over the page view and paints the rectangle and nothing of a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QWidget

from app.ui import drawing, words
from app.ui.tongue import said
from app.ui.touch_button import TouchButton

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent

    from app.kiosk.view import Region
    from app.ui.theme import Theme

FIRST: Region = (0.35, 0.4, 0.65, 0.6)
"""What is marked before anybody draws: for keys to move."""
STEP = 0.03
"""How far a key moves or grows the mark, as a share of the page."""
LEAST = 0.015
"""A mark is not smaller than this share of the page: a finger that only taps marks around its place."""
TAP = 0.06
"""Half the side of a mark that a tap makes, as a share of the page's width."""


class RegionMarker(QWidget):
    """``marked`` tells the region when the person says that it is this one; ``left``: they gave it up."""

    marked = Signal(object)
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._page = QRectF()
        self._region: Region = FIRST
        self._from: QPointF | None = None
        self._fixed = False
        self._leave = TouchButton(theme, "close", words.CANCEL, self, wordy=True)
        self._leave.clicked.connect(self.left.emit)
        self._here = TouchButton(theme, "confirm", words.HERE, self, wordy=True)
        self._here.clicked.connect(self.confirm)
        self._buttons = self._leave, self._here
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        for button in self._buttons:
            button.restyle(theme)
        self._place()

    def begin(self, page: QRectF) -> None:
        """The page lies at ``page`` in this widget: let a place on it be marked."""
        self._page, self._region, self._from, self._fixed = page, FIRST, None, False
        self.setAccessibleName(said(words.MARK_HOW))
        for button in self._buttons:
            button.show()
        self._place()
        self.show()
        self.raise_()

    def hold(self) -> None:
        """The mark stays to be seen while the person says what is wrong there."""
        self._fixed = True
        for button in self._buttons:
            button.hide()
        self.update()

    @property
    def region(self) -> Region:
        """What is marked."""
        return self._region

    @property
    def low(self) -> bool:
        """Whether the mark is in the lower half of the view."""
        middle = (self._region[1] + self._region[3]) / 2
        return self._page.top() + middle * self._page.height() > self.height() / 2

    @property
    def marking(self) -> bool:
        """Whether the mark can be moved now."""
        return self.isVisible() and not self._fixed

    def confirm(self) -> None:
        """It is this place."""
        if self.marking:
            self.marked.emit(self._region)

    def do(self, command: str) -> None:
        """A key: the mark moves, grows or shrinks."""
        left, top, right, bottom = self._region
        across, down, grow = _KEYS.get(command, (0, 0, 0))
        wide = min(1.0, max(LEAST, right - left + 2 * grow * STEP))
        high = min(1.0, max(LEAST, bottom - top + 2 * grow * STEP))
        left = min(max(0.0, (left + right - wide) / 2 + across * STEP), 1 - wide)
        top = min(max(0.0, (top + bottom - high) / 2 + down * STEP), 1 - high)
        self._region = left, top, left + wide, top + high
        self.update()

    # -- the finger ---------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """A mark begins."""
        if self.marking:
            self._from = event.position()
            self._draw_to(self._from)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """It is drawn."""
        if self._from is not None:
            self._draw_to(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """It is done."""
        begun, self._from = self._from, None
        if begun is None:
            return
        left, top, right, bottom = self._region
        if right - left < LEAST or bottom - top < LEAST:
            x, y = self._share(event.position())
            half = TAP * self._page.width() / max(1.0, self._page.height())
            self._region = max(0.0, x - TAP), max(0.0, y - half), min(1.0, x + TAP), min(1.0, y + half)
        self.update()

    def _draw_to(self, at: QPointF) -> None:
        assert self._from is not None
        (x0, y0), (x1, y1) = self._share(self._from), self._share(at)
        self._region = min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
        self.update()

    def _share(self, at: QPointF) -> tuple[float, float]:
        page = self._page
        x, y = (at.x() - page.left()) / page.width(), (at.y() - page.top()) / page.height()
        return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)

    # -- painting -----------------------------------------------------------------------------------------

    def _place(self) -> None:
        theme = self._theme
        high, gap, edge = theme.px("target"), theme.px("gap"), theme.length(16)
        wide = max(theme.length(330), *(one.width_wanted() if theme.large else 0 for one in self._buttons))
        wide = min(wide, (self.width() - 2 * edge - gap) // 2)
        top = self.height() - high - edge
        self._leave.setGeometry(self.width() // 2 - wide - gap // 2, top, wide, high)
        self._here.setGeometry(self.width() // 2 + gap // 2, top, wide, high)

    def resizeEvent(self, _event: object) -> None:  # noqa: N802 (Qt's name)
        """Lay out."""
        self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        theme = self._theme
        box = drawing.placed(self._region, self._page)
        with drawing.painting(self) as painter:
            if not self._fixed:
                self._paint_how(painter)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            # Two tones: it stands out on any page, and is told by more than its colour.
            for colour, width in (("on_alarm", 9), ("alarm", 5)):
                painter.setPen(QPen(theme.colour(colour), theme.length(width)))
                painter.drawRect(box)

    def _paint_how(self, painter: QPainter) -> None:
        theme = self._theme
        font, pad = theme.font("label", bold=True), theme.length(16)
        wide = min(self.width() - 2 * pad, theme.letters(1040))
        text = said(words.MARK_HOW)
        high = drawing.height_of(text, font, wide - 2 * pad) + 2 * pad
        band = QRectF((self.width() - wide) / 2, pad, wide, high)
        drawing.panel(painter, band, theme.colour("bar"), theme.px("radius"))
        inside = band.adjusted(pad, pad, -pad, -pad)
        drawing.paragraph(painter, inside, text, font, theme.colour("bar_ink"), drawing.TOP_LEFT)


_KEYS = {
    "previous": (-1, 0, 0), "next": (1, 0, 0), "up": (0, -1, 0), "down": (0, 1, 0),
    "larger": (0, 0, 1), "smaller": (0, 0, -1),
}  # fmt: skip
