"""A button for gloves: large, flat, an icon and where there is room a word. It never takes the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.ui import drawing, icons
from app.ui.tongue import said

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QPaintEvent

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
                drawing.panel(
                    painter, box, theme.colour("bar_pressed" if lit else "bar_button"), theme.px("radius")
                )
            else:
                painter.setOpacity(0.35)
            side = min(box.height() * 0.56, box.width()) if self._icon else 0.0
            font = theme.font("label", bold=True)
            text = self.text() if self._wordy else ""
            font = drawing.fitted(font, text, box.width() - side - theme.length(18))
            wide = drawing.width_of(text, font) + 1 if text else 0.0
            gap = theme.length(10) if text and self._icon else 0
            left = (box.width() - side - gap - wide) / 2
            icon_left = left + wide + gap if self._icon_after else left
            text_left = left if self._icon_after else left + side + gap
            spot = QRectF(icon_left, (box.height() - side) / 2, side, side)
            if self._icon:
                icons.draw(painter, self._icon, spot, theme.style.colours[ink])
            if text:
                place = QRectF(text_left, 0, wide, box.height())
                drawing.line(painter, place, text, font, theme.colour(ink), drawing.LEFT)
