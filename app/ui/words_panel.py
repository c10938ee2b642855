"""A few own words, by keys on the screen that gloves can press, or by a keyboard that is plugged in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from app.model.remarks import MOST_WORDS
from app.ui import drawing, words
from app.ui.rows import in_rows
from app.ui.tongue import said
from app.ui.touch_button import TouchButton

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QFont, QPaintEvent

    from app.ui.theme import Theme

COLUMNS = 10
ROWS = len(words.KEYS) // COLUMNS
FIELD = 1.3
"""Height of the line that shows the words, in keys."""


class WordsPanel(QWidget):
    """``entered`` tells the words; ``left``: the person gave it up. What was typed is gone when it closes."""

    entered = Signal(object)
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = ""
        self._high = 0.0
        self._keys: list[TouchButton] = []
        for letter in said(words.KEYS):
            key = TouchButton(theme, "", letter, self, wordy=True)
            key.clicked.connect(lambda _=False, key=key: self._press(key.text()))
            self._keys.append(key)
        self._cancel = TouchButton(theme, "close", words.CANCEL, self, wordy=True)
        self._space = TouchButton(theme, "", words.SPACE, self, wordy=True)
        self._delete = TouchButton(theme, "smaller", words.DELETE, self, wordy=True)
        self._send = TouchButton(theme, "confirm", words.SEND, self, wordy=True)
        self._cancel.clicked.connect(self.leave)
        self._space.clicked.connect(lambda: self.type(" "))
        self._delete.clicked.connect(self.delete)
        self._send.clicked.connect(self.confirm)
        self.hide()

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        for button in (*self._keys, self._cancel, self._space, self._delete, self._send):
            button.restyle(theme)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Another language may be spoken from now on."""
        super().changeEvent(event)
        if event.type() is event.Type.LanguageChange:
            for key, letter in zip(self._keys, said(words.KEYS), strict=True):
                key.become("", letter)

    def open_up(self) -> None:
        """Ask for words."""
        self._set("")
        self.setAccessibleName(said(words.OWN_WORDS))
        self.show()
        self.raise_()

    def close_up(self) -> None:
        """Nothing typed stays."""
        self._set("")
        self.hide()

    def type(self, letters: str) -> None:
        """Add what was typed, as it was."""
        for letter in letters:
            if letter.isprintable() and len(self._text) < MOST_WORDS:
                self._set(self._text + letter)

    def _press(self, letter: str) -> None:
        """A key on the screen: the first letter is a capital, the others are not."""
        self.type(letter.lower() if self._text else letter)

    def delete(self) -> None:
        """Take the last one away."""
        self._set(self._text[:-1])

    def confirm(self) -> None:
        """It is said."""
        if text := self._text.strip():
            self.close_up()
            self.entered.emit(text)

    def leave(self) -> None:
        """The person gives it up."""
        self.close_up()
        self.left.emit()

    def _set(self, text: str) -> None:
        self._text = text
        self.setAccessibleDescription(text)
        self._send.setEnabled(bool(text.strip()))
        self.update()

    def place(self, room: QRectF) -> None:
        """Take the lower middle of ``room``."""
        theme, pad, gap = self._theme, self._pad(), self._theme.px("gap")
        key = theme.px("target")
        wide = max(
            key, min(round((room.width() - 4 * pad - (COLUMNS - 1) * gap) / COLUMNS), round(key * 1.25))
        )
        if theme.large:  # the buttons below are words, and what is typed stands in two lines
            wide = max(key, round(room.width() - 4 * pad - (COLUMNS - 1) * gap) // COLUMNS)
        below = self._cancel, self._space, self._delete, self._send
        width = COLUMNS * wide + (COLUMNS - 1) * gap + 2 * pad
        rows = in_rows(below, width - 2 * pad, gap, (4, 2)) if theme.large else None
        more = key if rows is None else rows.high
        below_field = 2 * pad + ROWS * (key + gap) + gap + more
        self._high = min(self._field(), room.height() - below_field)
        height = round(self._high + below_field)
        left, top = room.center().x() - width / 2, max(room.top(), room.bottom() - height - pad / 2)
        self.setGeometry(round(left), round(top), width, height)
        first = round(pad + self._high + gap)
        for index, button in enumerate(self._keys):
            row, column = divmod(index, COLUMNS)
            button.setGeometry(pad + column * (wide + gap), first + row * (key + gap), wide, key)
        quarter = (width - 2 * pad - 3 * gap) // 4
        if rows is not None:
            rows.place(pad, first + ROWS * (key + gap))
            return
        for place, button in enumerate(below):
            button.setGeometry(pad + place * (quarter + gap), first + ROWS * (key + gap), quarter, key)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        theme, pad = self._theme, self._pad()
        with drawing.painting(self) as painter:
            drawing.card(painter, self, theme, "warning_mark")
            field = QRectF(pad, pad, self.width() - 2 * pad, self._high)
            text, ink = (self._text + "▏", "ink") if self._text else (said(words.OWN_WORDS), "ink_soft")
            font = self._font()
            if theme.large:  # the end of it stays in sight
                while drawing.height_of(text, font, field.width()) > field.height() and len(text) > 1:
                    text = "…" + text[2:]
            while drawing.height_of(text, font, field.width()) > field.height() and font.pixelSize() > 12:
                font.setPixelSize(font.pixelSize() - 2)
            drawing.paragraph(painter, field, text, font, theme.colour(ink), drawing.TOP_LEFT)

    def _field(self) -> float:
        """Height of what shows the words, where there is room for it."""
        return FIELD * self._theme.px("target") * (1.8 if self._theme.large else 1.0)

    def _font(self) -> QFont:
        return self._theme.font("body", bold=True)

    def _pad(self) -> int:
        return self._theme.length(18)
