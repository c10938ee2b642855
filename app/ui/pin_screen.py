"""The keypad: digits for gloves, dots for what is entered, tries left, the countdown of a wait.

What is entered is held here alone, until it is handed in, cancelled, or the screen goes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.kiosk.view import PinAsk
from app.ui import drawing, words
from app.ui.notice_card import NoticeCard
from app.ui.status_line import StatusLine
from app.ui.tongue import said
from app.ui.touch_button import TouchButton

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QFont, QPainter, QPaintEvent, QResizeEvent

    from app.kiosk.view import Screen
    from app.ui.theme import Theme

PAD_SHARE, PAD_SHARE_LARGE = 0.46, 0.36
"""Share of a wide screen that the keys have; large letters need more beside them."""
CARD_LEAST = 125
"""Height at unit 1 that a message gets at least beside large letters."""
SMALLER = (1.0, 0.9, 0.8, 0.7, 0.6)
KEY_MOST = 140.0
"""A key's side at unit 1 (37 mm on a usual screen): beyond it fingers travel too far. 76 would be 20 mm."""
DIGIT = 0.72
"""Height of a digit's letters at most, as a share of its key's: larger ones look cut."""
COLUMNS, ROWS = 3, 4


class PinKey(QAbstractButton):
    """One key: a digit, or a word. ``strong``: the one that confirms."""

    def __init__(self, theme: Theme, text: str, parent: QWidget, *, strong: bool = False) -> None:
        super().__init__(parent)
        self._theme, self._strong = theme, strong
        self._source = text
        self._name()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        self.update()

    def become(self, text: str) -> None:
        """Another digit."""
        if text != self._source:
            self._source = text
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
        theme, box, text = self._theme, QRectF(self.rect()), self.text()
        ground, ink = ("accent", "on_accent") if self._strong else ("bar_button", "bar_ink")
        if self.isDown():
            ground, ink = "bar_pressed", "on_pressed"
        with drawing.painting(self) as painter:
            painter.setOpacity(1.0 if self.isEnabled() else 0.35)
            drawing.panel(painter, box, theme.colour(ground), theme.px("radius"))
            font = theme.font("headline" if len(text) == 1 else "body", bold=True)
            if len(text) == 1:
                font.setPixelSize(min(font.pixelSize(), round(box.height() * DIGIT)))
            elif theme.large:
                self._paint_lines(painter, box.adjusted(6, 0, -6, 0), text, font, ink)
                return
            font = drawing.fitted(font, text, box.width() - theme.length(12))
            drawing.line(painter, box, text, font, theme.colour(ink), drawing.CENTRE)

    def height_wanted(self, width: int) -> int:
        """Large letters: how high it is at this width."""
        font = self._theme.font("body", bold=True)
        high = drawing.height_of(self.text(), font, width - 12) + self._theme.length(10)
        return max(self._theme.px("target"), round(high))

    def _paint_lines(self, painter: QPainter, box: QRectF, text: str, font: QFont, ink: str) -> None:
        """Large letters: in as many lines as they need."""
        font = drawing.shrunk(font, text, box.width(), box.height())
        high = drawing.height_of(text, font, box.width())
        place = QRectF(box.left(), box.top() + (box.height() - high) / 2, box.width(), high)
        drawing.paragraph(painter, place, text, font, self._theme.colour(ink), drawing.TOP_CENTRE)


class PinScreen(QWidget):
    """Paints what is asked beside the keys (below each other on a tall screen)."""

    entered = Signal(object)
    """The digits (``str``), once: they are forgotten here when this is emitted."""
    cancelled = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._ask = PinAsk("", "")
        self._digits = ""
        self._smaller = 1.0
        self._status = StatusLine(theme, self)
        self._card = NoticeCard(theme, self)
        self._keys = [PinKey(theme, str(digit), self) for digit in (1, 2, 3, 4, 5, 6, 7, 8, 9, 0)]
        for key in self._keys:
            key.clicked.connect(lambda _checked=False, key=key: self.type(key.text()))
        self._delete = PinKey(theme, words.DELETE, self)
        self._delete.clicked.connect(self.delete)
        self._ok = PinKey(theme, words.OK, self, strong=True)
        self._ok.clicked.connect(self.confirm)
        self._cancel = TouchButton(theme, "close", words.CANCEL, self, wordy=True)
        self._cancel.clicked.connect(self.cancel)
        self.restyle(theme)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        for key in (*self._keys, self._delete, self._ok):
            key.restyle(theme)
        self._status.restyle(theme)
        self._card.restyle(theme)
        self._cancel.restyle(theme)
        self._place()
        self._order()
        self.update()

    def tell(self, screen: Screen, now: datetime) -> None:
        """Show this screen; ``now`` is aware local time."""
        ask = screen.pin or PinAsk("", "")
        ask = replace(ask, asks=said(ask.asks), how=said(ask.how))
        self._status.tell(screen.status, now)
        if ask.asks != self._ask.asks or ask.keys != self._ask.keys:
            self._digits = ""
        self._ask = ask
        for key, digit in zip(self._keys, ask.keys, strict=True):
            key.become(digit)
        self.setAccessibleName(ask.asks)
        self.setAccessibleDescription(ask.how)
        self._card.tell(screen.notice)
        self._enable()
        self._place()
        self.update()

    def leave(self) -> None:
        """The screen goes: nothing of what was entered stays."""
        self._digits, self._ask = "", PinAsk("", "")
        self.update()

    # -- hands --------------------------------------------------------------------------------------------

    def type(self, digit: str) -> None:
        """A digit, by touch or key."""
        if self._ask.wait == 0 and len(self._digits) < self._ask.most:
            self._digits += digit
            self._changed()

    def delete(self) -> None:
        """Take the last digit back."""
        self._digits = self._digits[:-1]
        self._changed()

    def confirm(self) -> None:
        """Hand in what is entered, if it is enough."""
        if self._enough():
            digits, self._digits = self._digits, ""
            self._changed()
            self.entered.emit(digits)

    def cancel(self) -> None:
        """Leave."""
        self._digits = ""
        self._changed()
        self.cancelled.emit()

    def _enough(self) -> bool:
        return self._ask.wait == 0 and self._ask.least <= len(self._digits) <= self._ask.most

    def _changed(self) -> None:
        self._enable()
        self.update()

    def _enable(self) -> None:
        for key in self._keys:
            key.setEnabled(self._ask.wait == 0)
        self._delete.setEnabled(bool(self._digits))
        self._ok.setEnabled(self._enough())

    # -- where things are ---------------------------------------------------------------------------------

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Lay out."""
        self._place()
        self._order()

    def _order(self) -> None:
        """Keys are read aloud in the order in which they stand."""
        delete, cancel = self._delete.geometry(), self._cancel.geometry()
        if not self._theme.large:
            self._delete.stackUnder(self._keys[-1])
        elif cancel.center().y() - delete.center().y() > delete.height() / 2:
            self._delete.stackUnder(self._cancel)
        else:
            self._delete.raise_()

    def _place(self) -> None:
        theme = self._theme
        self._status.setGeometry(0, 0, self.width(), theme.status)
        pad, gap = self._pad(), theme.length(12)
        rows = self._rows
        wide, high = (pad.width() - 2 * gap) // COLUMNS, (pad.height() - (rows - 1) * gap) // rows
        spots = [(place // 3, place % 3) for place in range(9)] + [(3, 1), (3, 0), (3, 2)]
        for key, (row, column) in zip((*self._keys, self._delete, self._ok), spots, strict=True):
            key.setGeometry(pad.left() + column * (wide + gap), pad.top() + row * (high + gap), wide, high)
        if theme.large:  # the word needs a row of its own
            self._delete.setGeometry(pad.left(), pad.top() + 4 * (high + gap), pad.width(), high)
        text = self._text()
        cancel = max(theme.length(220), self._cancel.width_wanted() if theme.large else 0)
        self._cancel.setGeometry(text.left(), text.bottom() - theme.px("target"), cancel, theme.px("target"))
        room = text.height()
        if theme.large:
            room = self._cancel.y() - theme.length(32) - self.words_end()
        height = min(self._card.fit(text.width(), room), text.height())
        top = self._cancel.y() - theme.length(20) - height
        self._card.setGeometry(text.left(), top, text.width(), height)

    @property
    def _rows(self) -> int:
        return ROWS + 1 if self._theme.large else ROWS

    def _beside(self) -> bool:
        return self.width() > self.height()

    def _pad(self) -> QRect:
        theme, top, edge = self._theme, self._theme.status, self._theme.length(28)
        gap = theme.length(12)
        room_high = self.height() - top - 2 * edge
        room_wide = self.width() - 2 * edge
        if self._beside():
            room_wide = round(room_wide * (PAD_SHARE_LARGE if theme.large else PAD_SHARE))
        else:
            room_high = round(room_high * 0.55)
        side_wide = min((room_wide - 2 * gap) / COLUMNS, theme.length(KEY_MOST) * 1.2)
        rows = self._rows
        side_high = min((room_high - (rows - 1) * gap) / rows, theme.length(KEY_MOST))
        wide, high = round(3 * side_wide + 2 * gap), round(rows * side_high + (rows - 1) * gap)
        if self._beside():
            left = self.width() - edge - wide - max(0, (room_wide - wide) // 2)
            return QRect(left, top + (self.height() - top - high) // 2, wide, high)
        return QRect((self.width() - wide) // 2, self.height() - edge - high, wide, high)

    def _text(self) -> QRect:
        theme, pad, edge = self._theme, self._pad(), self._theme.length(28)
        top = theme.status + edge
        if self._beside() and theme.large:
            return QRect(edge, top, pad.left() - 2 * edge, self.height() - top - edge)
        if self._beside():
            return QRect(2 * edge, top, pad.left() - 4 * edge, self.height() - top - edge)
        return QRect(2 * edge, top, self.width() - 4 * edge, pad.top() - top - edge)

    # -- looks --------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        theme, ask = self._theme, self._ask
        with drawing.painting(self) as painter:
            painter.fillRect(self.rect(), theme.colour("ground"))
            asks, how, dots, stands = self._lines()
            left, ink, soft = drawing.TOP_LEFT, theme.colour("ink"), theme.colour("ink_soft")
            drawing.paragraph(painter, asks, ask.asks, self._asks_font(), ink, left)
            if how.height():
                drawing.paragraph(painter, how, ask.how, self._font("body"), soft, left)
            self._paint_dots(painter, dots)
            says, font = words.pin_stands(ask), self._font("body", bold=True)
            drawing.paragraph(painter, stands, says, font, theme.colour("error_mark"), left)

    def words_end(self) -> int:
        """Where the words end, from above: what is below them must not cover them."""
        return round(self._lines()[-1].bottom())

    def _asks_font(self) -> QFont:
        return self._font("title", bold=True)

    def _font(self, name: str, *, bold: bool = False) -> QFont:
        return self._theme.font(name, bold=bold, factor=self._smaller)

    def _lines(self) -> tuple[QRectF, QRectF, QRectF, QRectF]:
        """The boxes of what is asked, how, the dots, and how the tries stand: one below the other.

        Large letters are made smaller only as far as these would not fit; a message stands in for how.
        """
        room = self._text().height() - self._theme.px("target") - self._theme.length(40)
        room -= self._theme.letters(CARD_LEAST) if not self._card.isHidden() else 0
        for smaller in SMALLER if self._theme.large else (1.0,):
            self._smaller = smaller
            lines = self._boxes()
            if lines[-1].bottom() - lines[0].top() <= room:
                break
        return self._boxes()

    def _boxes(self) -> tuple[QRectF, QRectF, QRectF, QRectF]:
        theme, ask = self._theme, self._ask
        how = "" if theme.large and not self._card.isHidden() else ask.how
        box = QRectF(self._text())
        top, found = box.top(), []
        stands = words.pin_stands(ask) or " "
        for high, gap in (
            (drawing.height_of(ask.asks, self._asks_font(), box.width()), 8),
            (drawing.height_of(how, self._font("body"), box.width()), 22 if how or not theme.large else 6),
            (theme.length(40), 16),
            (drawing.height_of(stands, self._font("body", bold=True), box.width()), 0),
        ):
            found.append(QRectF(box.left(), top, box.width(), high))
            top += high + theme.length(gap)
        return found[0], found[1], found[2], found[3]

    def _paint_dots(self, painter: QPainter, room: QRectF) -> None:
        """A filled dot for each digit, a ring for each that is needed still."""
        theme, count = self._theme, max(len(self._digits), self._ask.least)
        step = min(theme.length(52), room.width() / max(1, count))
        side = min(step * 0.62, room.height())
        for place in range(count):
            box = QRectF(room.left() + place * step, room.top(), side, side)
            painter.setPen(QPen(theme.colour("ink"), theme.length(3)))
            filled = place < len(self._digits)
            painter.setBrush(theme.colour("ink") if filled else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(box)
