"""The band over the page that says by which grant it is there: red: break-glass, amber: an admission."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from app.ui import drawing, icons

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from app.ui.theme import Theme

HIGH = 52.0
"""Its height at unit 1."""


class GrantBand(QWidget):
    """Shows one sentence. Its owner gives it the width and shows it only while there is a grant."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._text, self.serious = theme, "", False
        self.hide()

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        self.update()

    def tell(self, text: str, *, serious: bool) -> None:
        """Show this sentence, or nothing for ""."""
        if (text, serious) != (self._text, self.serious):
            self._text, self.serious = text, serious
            self.setAccessibleName(text)
            self.setVisible(bool(text))
            self.update()

    @property
    def high(self) -> int:
        """How high it is: nothing while there is nothing to tell."""
        return self._theme.length(HIGH) if self._text else 0

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        theme, box = self._theme, QRectF(self.rect())
        ground, ink = ("alarm", "on_alarm") if self.serious else ("warn", "on_warn")
        colours = theme.style.colours
        with drawing.painting(self) as painter:
            painter.fillRect(box, theme.colour(ground))
            side = box.height() * 0.66
            spot = QRectF(theme.length(14), (box.height() - side) / 2, side, side)
            icon = "warning" if self.serious else "person"
            icons.draw(painter, icon, spot, colours[ink], ground=colours[ground])
            box.setLeft(spot.right() + theme.length(14))
            font = drawing.fitted(theme.font("label", bold=True), self._text, box.width() - theme.length(14))
            drawing.line(painter, box, self._text, font, theme.colour(ink), drawing.LEFT)
