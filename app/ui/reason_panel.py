"""A question over the page with a few large answers: why a confirmation is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QWidget

from app.model.steps import REASONS
from app.ui import drawing, words
from app.ui.touch_button import TouchButton

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QPaintEvent

    from app.ui.theme import Theme


class ReasonPanel(QWidget):
    """``chosen`` tells a word of ``model.steps.REASONS``; any answer, and ``close_up``, ends the question."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._asks = ""
        self._buttons: list[TouchButton] = []
        for reason, text in REASONS.items():
            button = TouchButton(theme, "undo", text, self, wordy=True)
            button.clicked.connect(lambda _=False, said=reason: self._choose(said))
            self._buttons.append(button)
        cancel = TouchButton(theme, "close", words.CANCEL, self, wordy=True)
        cancel.clicked.connect(self.close_up)
        self._buttons.append(cancel)
        self.hide()

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        for button in self._buttons:
            button.restyle(theme)

    def ask(self, question: str) -> None:
        """Put the question up."""
        self._asks = question
        self.setAccessibleName(question)
        self.show()
        self.raise_()

    def close_up(self) -> None:
        """Nobody answers it any more."""
        self.hide()

    def _choose(self, reason: str) -> None:
        self.hide()
        self.chosen.emit(reason)

    def height_for(self, width: int) -> int:
        """How high it is at this width."""
        head = drawing.height_of(self._asks, self._font(), width - 2 * self._pad())
        return round(head + 2 * self._pad() + len(self._buttons) * (self._theme.px("target") + self._gap()))

    def place(self, room: QRectF) -> None:
        """Take the lower middle of ``room``."""
        width = round(min(room.width() - 2 * self._pad(), self._theme.length(760)))
        height = self.height_for(width)
        left, top = room.center().x() - width / 2, room.bottom() - height - self._pad()
        self.setGeometry(round(left), round(top), width, height)
        high, step = self._theme.px("target"), self._theme.px("target") + self._gap()
        first = height - self._pad() - len(self._buttons) * step + self._gap()
        for index, button in enumerate(self._buttons):
            button.setGeometry(self._pad(), first + index * step, width - 2 * self._pad(), high)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        theme, edge = self._theme, self._theme.length(5)
        with drawing.painting(self) as painter:
            box = QRectF(self.rect()).adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2)
            painter.setPen(QPen(theme.colour("warning_mark"), edge))
            painter.setBrush(theme.colour("surface"))
            painter.drawRoundedRect(box, theme.px("radius"), theme.px("radius"))
            room = QRectF(self._pad(), self._pad(), self.width() - 2 * self._pad(), self.height())
            drawing.paragraph(painter, room, self._asks, self._font(), theme.colour("ink"), drawing.TOP_LEFT)

    def _font(self) -> QFont:
        return self._theme.font("body", bold=True)

    def _pad(self) -> int:
        return self._theme.length(22)

    def _gap(self) -> int:
        return self._theme.px("gap")
