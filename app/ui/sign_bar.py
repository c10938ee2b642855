"""The bar above an agreement that is to be signed: whose it is, how far it is read, and how to sign it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from app.ui import drawing, words
from app.ui.touch_button import TouchButton

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QPaintEvent, QResizeEvent

    from app.kiosk.view import Paper
    from app.ui.theme import Theme


class SignBar(QWidget):
    """Shows one agreement, or nothing. ``put_off``: the person does not sign it now."""

    put_off = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._paper: Paper | None = None
        self._later = TouchButton(theme, "close", words.NOT_NOW, self, wordy=True)
        self._later.clicked.connect(self.put_off.emit)
        self.hide()

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        self._later.restyle(theme)
        self._place()
        self.update()

    def tell(self, paper: Paper | None) -> None:
        """This agreement is in front, or none."""
        self._paper = paper
        if paper is not None:
            self.setAccessibleName(words.agreement(paper))
            self.setAccessibleDescription(words.how_to_sign(paper))
        self.setVisible(paper is not None)
        self.update()

    def height_for(self, width: int) -> int:
        """How high the bar is at this width; 0 where there is nothing to sign."""
        if self._paper is None:
            return 0
        says = drawing.height_of(words.how_to_sign(self._paper), self._font(), self._room(width))
        return round(max(self._theme.px("target"), self._title(width) + says) + 2 * self._edge())

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Lay out."""
        self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        if self._paper is None:
            return
        theme, edge, room = self._theme, self._edge(), self._room(self.width())
        with drawing.painting(self) as painter:
            painter.fillRect(self.rect(), theme.colour("surface"))
            painter.fillRect(QRectF(0, 0, theme.length(10), self.height()), theme.colour("accent"))
            high, ink, text = self._title(self.width()), theme.colour("ink"), words.agreement(self._paper)
            title, font = QRectF(edge * 2, edge, room, high), theme.font("body", bold=True)
            drawing.paragraph(painter, title, text, font, ink, drawing.TOP_LEFT)
            says = QRectF(edge * 2, edge + high, room, self.height())
            text = words.how_to_sign(self._paper)
            drawing.paragraph(painter, says, text, self._font(), ink, drawing.TOP_LEFT)

    def _place(self) -> None:
        wide, high = self._theme.length(220), self._theme.px("target")
        self._later.setGeometry(self.width() - wide - self._edge(), (self.height() - high) // 2, wide, high)

    def _edge(self) -> int:
        return self._theme.length(14)

    def _room(self, width: int) -> float:
        return width - self._theme.length(220) - 4 * self._edge()

    def _title(self, width: int) -> float:
        text = "" if self._paper is None else words.agreement(self._paper)
        font = self._theme.font("body", bold=True)
        return drawing.height_of(text, font, self._room(width)) + self._theme.length(4)

    def _font(self) -> QFont:
        return self._theme.font("label")
