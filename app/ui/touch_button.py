"""A button for gloves: large, flat, an icon and where there is room a word. It never takes the keyboard."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.ui import drawing, icons
from app.ui.tongue import said

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QFont, QPainter, QPaintEvent

    from app.ui.theme import Theme


class TouchButton(QAbstractButton):
    """``icon`` names a picture ("": none); ``text``, in English, is read to who cannot see it, and shown if
    ``wordy``.
    """

    def __init__(
        self,
        theme: Theme,
        icon: str,
        text: str,
        parent: QWidget | None = None,
        *,
        wordy: bool = False,
        icon_after: bool = False,
    ) -> None:
        super().__init__(parent)
        self._theme, self._icon, self._wordy, self._icon_after = theme, icon, wordy, icon_after
        self._source = text
        self._name()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        self.update()

    def set_wordy(self, *, wordy: bool) -> None:
        """Show the word, or the picture alone."""
        if wordy is not self._wordy:
            self._wordy = wordy
            self.update()

    def width_wanted(self, text: str = "") -> int:
        """What the picture and the word (or ``text``, in English) need in one line."""
        font = self._theme.font("label", bold=True)
        word = drawing.width_of(said(text) if text else self.text(), font)
        return math.ceil(word + self._side() + self._theme.length(10 + 20))

    def height_wanted(self, width: int) -> int:
        """How high it is at this width, its words in as many lines as they need; 0: one is too long."""
        font, room = self._theme.font("label", bold=True), self._word_room(width)
        if drawing.longest_word(self.text(), font) > room:
            return 0
        high = drawing.height_of(self.text(), font, room) + self._theme.length(10)
        return max(self._theme.px("target"), math.ceil(high))

    def breaks(self, width: int) -> bool:
        """Whether Chinese words would be taken apart at this width, which is read less well than two rows."""
        font, room = self._theme.font("label", bold=True), self._word_room(width)
        return any(drawing.width_of(word, font) > room for word in self.text().split())

    def _side(self) -> float:
        """Of the picture, where letters are large."""
        return self._theme.px("target") * 0.56 if self._icon else 0.0

    def _word_room(self, width: float) -> float:
        return width - self._side() - self._theme.length((10 if self._icon else 0) + 18)

    def become(self, icon: str, text: str) -> None:
        """Another meaning."""
        if (icon, text) != (self._icon, self._source):
            self._icon, self._source = icon, text
            self._name()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Another language may be spoken from now on."""
        super().changeEvent(event)
        if event.type() is event.Type.LanguageChange:
            self._name()

    def _name(self) -> None:
        text = said(self._source)
        self.setText(text)
        self.setAccessibleName(text)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        theme, box = self._theme, QRectF(self.rect())
        lit = self.isDown() or self.isChecked()
        ink = "on_pressed" if lit else "bar_ink"
        with drawing.painting(self) as painter:
            if self.isEnabled():
                ground = theme.colour("bar_pressed" if lit else "bar_button")
                drawing.panel(painter, box, ground, theme.px("radius"), theme.colour("button_edge"))
            else:
                painter.setOpacity(0.35)
            font = theme.font("label", bold=True)
            if theme.large and self._wordy:
                self._paint_lines(painter, box, font, ink)
                return
            text = self.text() if self._wordy else ""
            gap = theme.length(10) if text and self._icon else 0
            room = box.width() - gap - theme.length(18)
            side = min(box.height() * 0.56, box.width()) if self._icon else 0.0
            if gap:  # rather a smaller picture than smaller letters
                side = max(box.height() * 0.4, min(side, room - drawing.width_of(text, font)))
            font = drawing.fitted(font, text, room - side)
            wide = drawing.width_of(text, font) + 1 if text else 0.0
            left = (box.width() - side - gap - wide) / 2
            icon_left = left + wide + gap if self._icon_after else left
            text_left = left if self._icon_after else left + side + gap
            spot = QRectF(icon_left, (box.height() - side) / 2, side, side)
            if self._icon:
                icons.draw(painter, self._icon, spot, theme.style.colours[ink])
            if text:
                place = QRectF(text_left, 0, wide, box.height())
                drawing.line(painter, place, text, font, theme.colour(ink), drawing.LEFT)

    def _paint_lines(self, painter: QPainter, box: QRectF, font: QFont, ink: str) -> None:
        """Large letters: the word in as many lines as it needs, smaller only where it has no room at all."""
        theme, side, text = self._theme, self._side(), self.text()
        room = self._word_room(box.width())
        font = drawing.shrunk(font, text, room, box.height())
        wide = min(room, drawing.width_of(text, font) + 2)
        if drawing.height_of(text, font, wide) > drawing.height_of(text, font, room):
            wide = room  # a hair too narrow for what its letters overhang
        gap = theme.length(10) if self._icon else 0
        left = (box.width() - side - gap - wide) / 2
        high = drawing.height_of(text, font, wide)
        spot = QRectF(left + wide + gap if self._icon_after else left, (box.height() - side) / 2, side, side)
        if self._icon:
            icons.draw(painter, self._icon, spot, theme.style.colours[ink])
        text_left = left if self._icon_after else left + side + gap
        place = QRectF(text_left, (box.height() - high) / 2, wide, high)
        drawing.paragraph(painter, place, text, font, theme.colour(ink), drawing.TOP_LEFT)
