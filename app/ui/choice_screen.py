"""One of a few options is to be chosen, with gloves on: large buttons, by touch or by number key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtWidgets import QWidget

from app.kiosk.view import Choice
from app.ui import drawing, icons, words
from app.ui.notice_card import NoticeCard
from app.ui.pin_screen import PinKey
from app.ui.status_line import StatusLine
from app.ui.tongue import said
from app.ui.touch_button import TouchButton

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtGui import QFont, QPaintEvent, QResizeEvent

    from app.kiosk.view import Screen
    from app.ui.theme import Theme

HIGHEST = 150.0
"""A button's height at unit 1: beyond it a hand travels too far."""


class ChoiceScreen(QWidget):
    """Paints the question above the options; what is serious has a red band."""

    chosen = Signal(object)
    """The index of the option (``int``)."""
    cancelled = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._choice = Choice("", "", ())
        self._options: list[PinKey] = []
        self._first, self._shown = 0, 0
        self._status = StatusLine(theme, self)
        self._card = NoticeCard(theme, self)
        self._cancel = TouchButton(theme, "close", words.CANCEL, self, wordy=True)
        self._cancel.clicked.connect(self.cancelled)
        self._more = TouchButton(theme, "next", words.MORE, self, wordy=True, icon_after=True)
        self._more.clicked.connect(self._go_on)
        self._more.hide()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        for button in self._options:
            button.restyle(theme)
        self._status.restyle(theme)
        self._card.restyle(theme)
        self._cancel.restyle(theme)
        self._more.restyle(theme)
        self._first = 0
        self._place()
        self.update()

    def tell(self, screen: Screen, now: datetime) -> None:
        """Show this screen; ``now`` is aware local time."""
        choice = screen.choice or Choice("", "", ())
        self._status.tell(screen.status, now)
        self._card.tell(screen.notice)
        if choice.options != self._choice.options:
            self._make(choice.options)
        self._choice = replace(choice, asks=said(choice.asks), how=said(choice.how))
        self.setAccessibleName(self._choice.asks)
        self.setAccessibleDescription(self._choice.how)
        self._place()
        self.update()

    def leave(self) -> None:
        """The screen goes."""
        self._make(())
        self._choice = Choice("", "", ())

    def choose(self, index: int) -> None:
        """Take option ``index``, if it is there."""
        if 0 <= index < len(self._options):
            self.chosen.emit(index)

    def cancel(self) -> None:
        """Leave it."""
        self.cancelled.emit()

    def _make(self, options: tuple[str, ...]) -> None:
        for button in self._options:
            button.hide()
            button.deleteLater()
        self._options = []
        self._first = 0
        for index, text in enumerate(options):
            button = PinKey(self._theme, text, self)
            button.clicked.connect(lambda _checked=False, index=index: self.choose(index))
            button.show()
            self._options.append(button)
        for after in (self._cancel, self._more):
            after.raise_()  # last among the children: a screen reader comes to it after the options

    # -- where things are ---------------------------------------------------------------------------------

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Lay out."""
        self._place()

    def _place(self) -> None:
        theme, edge, gap = self._theme, self._theme.length(40), self._theme.length(16)
        target = theme.px("target")
        self._status.setGeometry(0, 0, self.width(), theme.status)
        bottom = self.height() - target - theme.length(20)
        self._cancel.setGeometry(edge, bottom, theme.length(250), target)
        height = self._card.height_for(self.width() - 2 * edge) if self._card.isVisible() else 0
        self._card.setGeometry(edge, bottom - gap - height, self.width() - 2 * edge, height)
        count = len(self._options)
        self._more.hide()
        if not count:
            return
        if theme.large:
            self._place_large(bottom - gap - (height + gap if height else 0))
            return
        for button in self._options:
            button.show()
        columns = 2 if count <= 6 else 3 if count <= 12 else 4
        rows = -(-count // columns)
        top = round(self._words_end()) + gap
        wide = (self.width() - 2 * edge - (columns - 1) * gap) // columns
        room = bottom - gap - (height + gap if height else 0) - top
        high = min((room - (rows - 1) * gap) // rows, theme.length(HIGHEST))
        for index, button in enumerate(self._options):
            row, column = divmod(index, columns)
            button.setGeometry(edge + column * (wide + gap), top + row * (high + gap), wide, high)

    def _place_large(self, bottom: int) -> None:
        """Large letters: two columns, each row as high as its words, and as many as there is room for; a
        button goes on to the rest.
        """
        theme, edge, gap = self._theme, self._theme.length(40), self._theme.length(16)
        width, target = self.width() - 2 * edge, theme.px("target")
        wide = (width - gap) // 2
        cancel = max(theme.length(250), self._cancel.width_wanted())
        self._cancel.resize(cancel, target)
        top, self._shown = round(self._words_end()) + gap, 0
        for button in self._options:
            button.hide()
        while (row := self._options[self._first + self._shown :][:2]) and top < bottom:
            high = max(button.height_wanted(wide) for button in row)
            if self._shown and top + high > bottom:
                break
            for column, button in enumerate(row):
                button.setGeometry(edge + column * (wide + gap), top, wide, high)
                button.show()
            self._shown += len(row)
            top += high + gap
        wanted = self._more.width_wanted()
        self._more.setGeometry(self.width() - edge - wanted, self._cancel.y(), wanted, target)
        self._more.setVisible(self._shown < len(self._options))

    def _go_on(self) -> None:
        """To the options that had no room, and from the last to the first."""
        self._first += self._shown
        if self._first >= len(self._options):
            self._first = 0
        self._place()
        self.update()

    def _band(self) -> float:
        return max(self._theme.length(96), self._theme.letters(48)) if self._choice.serious else 0

    def _words(self) -> QRectF:
        theme, edge = self._theme, self._theme.length(40)
        top = theme.status + self._band() + theme.length(20)
        return QRectF(edge, top, self.width() - 2 * edge, self.height())

    def _words_end(self) -> float:
        theme, box = self._theme, self._words()
        asks = drawing.height_of(self._choice.asks, theme.font("title", bold=True), box.width())
        how = drawing.height_of(self._choice.how, self._how_font(), box.width())
        return box.top() + asks + theme.length(6) + how

    def _how_font(self) -> QFont:
        return self._theme.font("label" if self._theme.large else "body")

    # -- looks --------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        theme, choice, box = self._theme, self._choice, self._words()
        with drawing.painting(self) as painter:
            painter.fillRect(self.rect(), theme.colour("ground"))
            if choice.serious:
                band = QRectF(0, theme.status, self.width(), self._band())
                painter.fillRect(band, theme.colour("alarm"))
                side = band.height() * 0.6
                spot = QRectF(box.left(), band.top() + (band.height() - side) / 2, side, side)
                icons.draw(painter, "warning", spot, theme.style.colours["on_alarm"], ground="#9b1117")
                band.setLeft(spot.right() + theme.length(20))
                font = theme.font("title", bold=True)
                font = drawing.fitted(font, said(words.BREAK_GLASS), band.width())
                drawing.line(
                    painter, band, said(words.BREAK_GLASS), font, theme.colour("on_alarm"), drawing.LEFT
                )
            font, left = theme.font("title", bold=True), drawing.TOP_LEFT
            used = drawing.paragraph(painter, box, choice.asks, font, theme.colour("ink"), left)
            box.setTop(box.top() + used + theme.length(6))
            drawing.paragraph(painter, box, choice.how, self._how_font(), theme.colour("ink_soft"), left)
