"""A message as a card: what happened, large; what to do, below; its tone by icon, colour and word."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QWidget

from app.ui import drawing, icons, words
from app.ui.tongue import said

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QMouseEvent, QPainter, QPaintEvent

    from app.kiosk.view import Notice
    from app.ui.theme import Theme

_TONES = {"info": words.INFO, "warning": words.WARNING, "error": words.ERROR}


_ENDS = re.compile(r"\n|(?<=[.!?:]) |(?<=[。！？：])")
"""After what a text is divided best."""


def _whole(text: str, end: int) -> int:
    """Where a text is divided of which ``end`` letters have room: after a sentence, if much is before it."""
    if end >= len(text):
        return end
    ends = [found.end() for found in _ENDS.finditer(text, 0, end)]
    return ends[-1] if ends and ends[-1] * 2 >= end else end


class NoticeCard(QWidget):
    """Shows one notice. Its owner gives it the width; the height follows from the words.

    What does not fit in the height that there is follows in further parts: a touch, or ``turn``, goes on.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, large: bool = False) -> None:
        super().__init__(parent)
        self._theme, self._large = theme, large
        self._notice: Notice | None = None
        self._parts: tuple[tuple[str, str], ...] = ()
        self._part = 0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        self.update()

    def set_large(self, large: bool) -> None:
        """In large letters, to be read from afar."""
        self._large = large

    def tell(self, notice: Notice | None) -> None:
        """Show this notice, or nothing."""
        if notice is not None:
            notice = replace(notice, says=said(notice.says), do=said(notice.do))
            self.setAccessibleName(f"{said(_TONES[notice.tone])}: {notice.says}")
            self.setAccessibleDescription(notice.do)
        if notice != self._notice:
            self._part = 0
        self._notice = notice
        self.setVisible(notice is not None)
        self.update()

    def height_for(self, width: int) -> int:
        """How high the card is at this width."""
        if self._notice is None:
            return 0
        inner = width - 3 * self._pad() - self._side()
        says = drawing.height_of(self._notice.says, self._says_font(), inner)
        do = drawing.height_of(self._notice.do, self._do_font(), inner)
        text = says + (self._pad() * 0.4 + do if do else 0)
        return round(max(text, self._side()) + 2 * self._pad())

    def fit(self, width: int, most: int) -> int:
        """Divide the words so that the card at this width is no higher than ``most``; returns its height."""
        notice, high = self._notice, self.height_for(width)
        if not self._theme.large:
            most = high
        self._parts = () if notice is None or high <= most else self._divided(notice, width, most)
        self._part = min(self._part, max(0, len(self._parts) - 1))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, on=not self._parts)
        return min(high, most)

    @property
    def divided(self) -> bool:
        """Whether the words stand in several parts."""
        return bool(self._parts)

    def turn(self, step: int) -> bool:
        """Go on to another part; returns whether there is one."""
        part = self._part + step
        if not self.isVisible() or not 0 <= part < len(self._parts):
            return False
        self._part = part
        self.update()
        return True

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """A touch: the next part, and the first again after the last."""
        if self._parts:
            self._part = (self._part + 1) % len(self._parts)
            self.update()

    def _divided(self, notice: Notice, width: int, most: int) -> tuple[tuple[str, str], ...]:
        inner = width - 3 * self._pad() - self._side()
        room = most - 2 * self._pad() - self._foot()
        says, do = notice.says, notice.do
        parts: list[tuple[str, str]] = []
        while says or do:
            end = drawing.leading(says, self._says_font(), inner, room)
            head, rest = says[:end].strip(), says[end:].strip()
            left = room - drawing.height_of(head, self._says_font(), inner) - self._pad() * 0.4
            end = 0 if rest else _whole(do, drawing.leading(do, self._do_font(), inner, left))
            parts.append((head, do[:end].strip()))
            if parts[-1] == ("", ""):  # there is no room for a single line
                return ()
            says, do = rest, do[end:].strip()
        return tuple(parts)

    def _foot(self) -> int:
        """Height of the line that says which part it is."""
        return self._theme.letters(36)

    def _paint_foot(self, painter: QPainter) -> None:
        theme, high, font = self._theme, self._foot(), self._theme.font("label", bold=True)
        counter = words.page_counter(self._part, len(self._parts))
        top, right = self.height() - self._pad() / 2 - high, self.width() - self._pad()
        icons.draw(painter, "next", QRectF(right - high, top, high, high), theme.style.colours["ink"])
        box = QRectF(self._pad(), top, right - high - self._pad() * 1.5, high)
        drawing.line(painter, box, counter, font, theme.colour("ink"), drawing.RIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        notice = self._notice
        if notice is None:
            return
        theme, pad, side = self._theme, self._pad(), self._side()
        says, do = self._parts[self._part] if self._parts else (notice.says, notice.do)
        colours, mark = theme.style.colours, f"{notice.tone}_mark"
        with drawing.painting(self) as painter:
            drawing.card(painter, self, theme, mark)
            icons.draw(
                painter, notice.tone, QRectF(pad, pad, side, side), colours[mark], ground=colours["surface"]
            )
            left = side + 2 * pad
            room = QRectF(left, pad, self.width() - left - pad, self.height())
            used = drawing.paragraph(
                painter, room, says, self._says_font(), theme.colour("ink"), drawing.TOP_LEFT
            )
            room.setTop(pad + used + pad * 0.4)
            drawing.paragraph(painter, room, do, self._do_font(), theme.colour("ink_soft"), drawing.TOP_LEFT)
            if self._parts:
                self._paint_foot(painter)

    def _pad(self) -> int:
        return self._theme.length(34 if self._large else 22)

    def _side(self) -> int:
        return self._theme.length(104 if self._large else 64)

    def _says_font(self) -> QFont:
        return self._theme.font("title" if self._large else "body", bold=True)

    def _do_font(self) -> QFont:
        return self._theme.font("body" if self._large else "label")
