"""A question over the page with a few large answers: why a confirmation is taken back, what is wrong here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from app.ui import drawing, words
from app.ui.rows import in_rows
from app.ui.touch_button import TouchButton

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QFont, QPaintEvent

    from app.ui.theme import Theme

ROWS = 4
"""More answers than this stand in two columns."""


@dataclass(frozen=True)
class Answer:
    """``value`` is told where the person takes ``text``."""

    value: str
    icon: str
    text: str


class QuestionPanel(QWidget):
    """``chosen`` tells the value of an answer; any answer, ``left`` and ``close_up`` end the question."""

    chosen = Signal(object)
    left = Signal()

    def __init__(self, theme: Theme, answers: Iterable[Answer], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._asks = self._how = ""
        self._buttons: list[TouchButton] = []
        self._values: list[str] = []
        for answer in answers:
            button = TouchButton(theme, answer.icon, answer.text, self, wordy=True)
            button.clicked.connect(lambda _=False, said=answer.value: self._choose(said))
            self._buttons.append(button)
            self._values.append(answer.value)
        cancel = TouchButton(theme, "close", words.CANCEL, self, wordy=True)
        cancel.clicked.connect(self.leave)
        self._buttons.append(cancel)
        self.hide()

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        for button in self._buttons:
            button.restyle(theme)

    def ask(self, question: str, how: str = "") -> None:
        """Put the question up; ``how`` stands below it, in quieter letters."""
        self._asks, self._how = question, how
        self.setAccessibleName(question)
        self.setAccessibleDescription(how)
        self.show()
        self.raise_()

    def rename(self, number: int, text: str) -> None:
        """Answer ``number`` (from 0) means something else now."""
        button = self._buttons[number]
        button.become("help", text)

    def choose(self, number: int) -> None:
        """Take answer ``number`` (from 0), as a person does by its digit."""
        if self.isVisible() and 0 <= number < len(self._values):
            self._choose(self._values[number])

    def leave(self) -> None:
        """The person does not want to answer."""
        self.hide()
        self.left.emit()

    def close_up(self) -> None:
        """Nobody answers it any more."""
        self.hide()

    def _choose(self, value: str) -> None:
        self.hide()
        self.chosen.emit(value)

    def height_for(self, width: int) -> int:
        """How high it is at this width."""
        head = self._head_high(width - 2 * self._pad())
        return round(head + 2 * self._pad() + self._rows * (self._theme.px("target") + self._gap()))

    def _head_high(self, width: float) -> float:
        high = drawing.height_of(self._asks, self._font(), width)
        return high + drawing.height_of(self._how, self._theme.font("label"), width)

    def place(self, room: QRectF, *, above: bool = False) -> None:
        """Take the lower middle of ``room``, or the upper one."""
        if self._theme.large:
            self._place_large(room, above=above)
            return
        columns = self._columns
        width = round(min(room.width() - 2 * self._pad(), self._theme.length(760 if columns == 1 else 1040)))
        height = self.height_for(width)
        left, top = room.center().x() - width / 2, room.bottom() - height - self._pad()
        if above:
            top = room.top() + self._pad()
        self.setGeometry(round(left), round(top), width, height)
        high, step = self._theme.px("target"), self._theme.px("target") + self._gap()
        wide = (width - 2 * self._pad() - (columns - 1) * self._gap()) // columns
        first = height - self._pad() - self._rows * step + self._gap()
        for index, button in enumerate(self._buttons):
            row, column = divmod(index, columns)
            button.setGeometry(self._pad() + column * (wide + self._gap()), first + row * step, wide, high)

    def _place_large(self, room: QRectF, *, above: bool) -> None:
        """The answers in as many rows as their words need."""
        pad, gap = self._pad(), self._gap()
        width = round(room.width()) - 2 * pad
        inner = width - 2 * pad
        rows = in_rows(self._buttons, inner, gap, (1, 2) if self._columns == 1 else (2,))
        head = math.ceil(self._head_high(inner))
        rows = rows.within(round(room.height()) - head - gap - 2 * pad)
        high = head + gap + rows.high + 2 * pad
        edge = round(max(0.0, min(pad, (room.height() - high) / 2)))
        top = room.top() + edge if above else room.bottom() - high - edge
        self.setGeometry(round(room.left()) + pad, round(max(room.top(), top)), width, high)
        rows.place(pad, pad + head + gap)

    @property
    def _columns(self) -> int:
        return 1 if len(self._buttons) <= ROWS else 2

    @property
    def _rows(self) -> int:
        return -(-len(self._buttons) // self._columns)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        theme = self._theme
        with drawing.painting(self) as painter:
            drawing.card(painter, self, theme, "warning_mark")
            room = QRectF(self._pad(), self._pad(), self.width() - 2 * self._pad(), self.height())
            ink, soft = theme.colour("ink"), theme.colour("ink_soft")
            used = drawing.paragraph(painter, room, self._asks, self._font(), ink, drawing.TOP_LEFT)
            room.setTop(room.top() + used)
            drawing.paragraph(painter, room, self._how, theme.font("label"), soft, drawing.TOP_LEFT)

    def _font(self) -> QFont:
        return self._theme.font("body", bold=True)

    def _pad(self) -> int:
        return self._theme.length(22)

    def _gap(self) -> int:
        return self._theme.px("gap")
