"""A message as a card: what happened, large; what to do, below; its tone by icon, colour and word."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QWidget

from app.ui import drawing, icons, words
from app.ui.tongue import said

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QPaintEvent

    from app.kiosk.view import Notice
    from app.ui.theme import Theme

_TONES = {"info": words.INFO, "warning": words.WARNING, "error": words.ERROR}


class NoticeCard(QWidget):
    """Shows one notice. Its owner gives it the width; the height follows from the words."""

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, large: bool = False) -> None:
        super().__init__(parent)
        self._theme, self._large = theme, large
        self._notice: Notice | None = None
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

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        notice = self._notice
        if notice is None:
            return
        theme, pad, side = self._theme, self._pad(), self._side()
        colours, mark = theme.style.colours, f"{notice.tone}_mark"
        with drawing.painting(self) as painter:
            drawing.card(painter, self, theme, mark)
            icons.draw(
                painter, notice.tone, QRectF(pad, pad, side, side), colours[mark], ground=colours["surface"]
            )
            left = side + 2 * pad
            room = QRectF(left, pad, self.width() - left - pad, self.height())
            used = drawing.paragraph(
                painter, room, notice.says, self._says_font(), theme.colour("ink"), drawing.TOP_LEFT
            )
            room.setTop(pad + used + pad * 0.4)
            drawing.paragraph(
                painter, room, notice.do, self._do_font(), theme.colour("ink_soft"), drawing.TOP_LEFT
            )

    def _pad(self) -> int:
        return self._theme.length(34 if self._large else 22)

    def _side(self) -> int:
        return self._theme.length(104 if self._large else 64)

    def _says_font(self) -> QFont:
        return self._theme.font("title" if self._large else "body", bold=True)

    def _do_font(self) -> QFont:
        return self._theme.font("body" if self._large else "label")
