"""Calls for help above the board: from where, by whom, since when, and two buttons for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from app.desk.office import StepCall
from app.ui import desk_words, drawing, icons
from app.ui.touch_button import TouchButton
from app.wire.calls import CallStep

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent

    from app.ui.theme import Theme
    from app.wire.calls import BoardCall

ROWS = 4
"""So many calls have a row; the oldest first, those behind are counted."""
ROW = 84
"""Height of a row at unit 1."""
LINES = 76
"""Where letters are large, height of the words of the one row at unit 1 and usual letters: two lines; its
buttons stand below them."""


class CallBar(QWidget):
    """``wanted`` carries a ``StepCall``. Not there while nobody calls."""

    wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._calls: tuple[BoardCall, ...] = ()
        self._names: dict[str, str] = {}
        self._now: datetime | None = None
        self.take: list[TouchButton] = []
        self.end: list[TouchButton] = []
        for row in range(ROWS):
            for buttons, icon, text, step in (
                (self.take, "person", desk_words.CALL_TAKE, CallStep.TAKE),
                (self.end, "confirm", desk_words.CALL_END, CallStep.END),
            ):
                button = TouchButton(theme, icon, text, self, wordy=True)
                button.clicked.connect(lambda _=False, row=row, step=step: self._want(row, step))
                button.hide()
                buttons.append(button)
        self.hide()

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        for button in (*self.take, *self.end):
            button.restyle(theme)
        if self._now is not None:
            self.tell(self._calls, self._names, self._now)

    def tell(self, calls: tuple[BoardCall, ...], names: dict[str, str], now: datetime) -> None:
        """These calls stand; ``names`` are those of the stations."""
        self._calls, self._names, self._now = calls, names, now
        for row, (take, end) in enumerate(zip(self.take, self.end, strict=True)):
            there = row < self._rows
            take.setVisible(there and not calls[row].by)
            end.setVisible(there)
        self.setAccessibleName(". ".join(self.lines))
        self.setVisible(bool(calls))
        self._place()
        self.update()

    @property
    def lines(self) -> tuple[str, ...]:
        """What the rows say."""
        if self._now is None:
            return ()
        shown = self._calls[: self._rows]
        told = [desk_words.call_line(call, self._names.get(call.station, ""), self._now) for call in shown]
        more = len(self._calls) - len(shown)
        if more:
            told[-1] += f"   + {more}"
        return tuple(told)

    @property
    def tall(self) -> int:
        """How high it is."""
        return self._high * self._rows

    @property
    def _rows(self) -> int:
        return min(len(self._calls), 1 if self._theme.large else ROWS)

    @property
    def _high(self) -> int:
        """Of a row."""
        theme = self._theme
        return (
            theme.letters(LINES) + theme.px("target") + theme.length(8) if theme.large else theme.length(ROW)
        )

    def _want(self, row: int, step: CallStep) -> None:
        if row < len(self._calls):
            self.wanted.emit(StepCall(self._calls[row].code, step))

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Lay out."""
        self._place()

    def _place(self) -> None:
        theme, high = self._theme, self._high
        wide, edge = theme.length(250), theme.length(4)
        if theme.large:
            wide, below = (self.width() - 3 * edge) // 2, theme.letters(LINES)
            for buttons, left in ((self.take, edge), (self.end, 2 * edge + wide)):
                buttons[0].setGeometry(left, below + edge, wide, theme.px("target"))
            return
        for row, (take, end) in enumerate(zip(self.take, self.end, strict=True)):
            top = row * high + edge
            end.setGeometry(self.width() - wide - edge, top, wide, high - 2 * edge)
            take.setGeometry(self.width() - 2 * (wide + edge), top, wide, high - 2 * edge)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        theme, high = self._theme, self._high
        with drawing.painting(self) as painter:
            painter.fillRect(self.rect(), theme.colour("bar"))
            for row, (call, text) in enumerate(zip(self._calls, self.lines, strict=False)):
                ground, ink = ("bar", "bar_ink") if call.by else ("alarm", "on_alarm")
                box = QRectF(0, row * high, self.width(), high)
                painter.fillRect(box, theme.colour(ground))
                if theme.large:
                    self._paint_large(painter, text, "person" if call.by else "alarm", ink)
                    continue
                side, edge = high * 0.56, theme.length(24)
                spot = QRectF(edge, box.top() + (high - side) / 2, side, side)
                icons.draw(painter, "person" if call.by else "alarm", spot, theme.style.colours[ink])
                room = QRectF(spot.right() + edge, box.top(), 0, high)
                room.setRight((self.end[row] if call.by else self.take[row]).x() - edge)
                font = drawing.fitted(theme.font("body", bold=True), text, room.width(), least=0.7)
                if drawing.width_of(text, font) <= room.width():
                    drawing.line(painter, room, text, font, theme.colour(ink), drawing.LEFT)
                else:
                    font = theme.font("small", bold=True)
                    lines = drawing.height_of(text, font, room.width())
                    room.setTop(room.top() + max(0.0, (high - lines) / 2))
                    drawing.paragraph(painter, room, text, font, theme.colour(ink), drawing.TOP_LEFT)

    def _paint_large(self, painter: QPainter, text: str, icon: str, ink: str) -> None:
        """The words of the one row, in two lines above its buttons."""
        theme, high, edge = self._theme, self._theme.letters(LINES), self._theme.length(16)
        side = theme.letters(34)
        icons.draw(painter, icon, QRectF(edge, (high - side) / 2, side, side), theme.style.colours[ink])
        room = QRectF(side + 2 * edge, 0, self.width() - side - 3 * edge, high)
        font = drawing.shrunk(theme.font("label", bold=True), text, room.width(), high)
        room.setTop((high - drawing.height_of(text, font, room.width())) / 2)
        drawing.paragraph(painter, room, text, font, theme.colour(ink), drawing.TOP_LEFT)
