"""What was just done and can still be taken back: a sentence, and one button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from app.ui import drawing, words
from app.ui.touch_button import TouchButton

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QPaintEvent

    from app.ui.theme import Theme


class SlipBar(QWidget):
    """``taken_back``: the button was pressed. Its owner gives it the width; the height follows."""

    taken_back = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._says = ""
        self._undo = TouchButton(theme, "undo", words.UNDO, self, wordy=True)
        self._undo.clicked.connect(self.taken_back.emit)
        self.hide()

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        self._undo.restyle(theme)

    def tell(self, says: str) -> None:
        """Say this, or ("") nothing."""
        if says != self._says:
            self._says = says
            self.setAccessibleName(says)
            self.setVisible(bool(says))
            self.update()

    def place(self, room: QRectF) -> None:
        """Take the upper middle of ``room``."""
        theme, pad = self._theme, self._pad()
        width = round(min(room.width() - 2 * pad, theme.letters(960)))
        high = max(theme.px("target"), round(drawing.height_of(self._says, self._font(), self._room(width))))
        self.setGeometry(round(room.center().x() - width / 2), round(room.top() + pad), width, high + 2 * pad)
        top = (self.height() - theme.px("target")) // 2
        self._undo.setGeometry(width - self._wide() - pad, top, self._wide(), theme.px("target"))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        theme, pad = self._theme, self._pad()
        with drawing.painting(self) as painter:
            drawing.card(painter, self, theme, "info_mark")
            used = drawing.height_of(self._says, self._font(), self._room(self.width()))
            room = QRectF(2 * pad, (self.height() - used) / 2, self._room(self.width()), used)
            drawing.paragraph(painter, room, self._says, self._font(), theme.colour("ink"), drawing.TOP_LEFT)

    def _room(self, width: int) -> float:
        return width - self._wide() - 4 * self._pad()

    def _wide(self) -> int:
        wanted = self._undo.width_wanted() if self._theme.large else 0
        return max(self._theme.length(270), wanted)

    def _font(self) -> QFont:
        return self._theme.font("body", bold=True)

    def _pad(self) -> int:
        return self._theme.length(14)
