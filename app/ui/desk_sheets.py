"""What the desk's large sheets have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from app.ui.desk_parts import Sheet

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.theme import Theme


class LargeSheet(Sheet):
    """A sheet over nearly the whole window."""

    @property
    def panel(self) -> QRectF:
        """The panel's box."""
        edge = self.theme.length(48)
        return QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)


class SayingSheet(LargeSheet):
    """One with a line below its title: how it is used, what came of it, or what is in the way."""

    title = ""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._says, self._bad = "", False

    def say(self, trouble: str) -> None:
        """Why nothing was done."""
        self._say(trouble, bad=True)

    @property
    def says(self) -> str:
        """The line below the title."""
        return self._says

    def _say(self, says: str, *, bad: bool = False) -> None:
        self._says, self._bad = says, bad
        self.update()

    def paint_says(self) -> None:
        """Paint the panel, its title and the line."""
        self.paint_panel(self.title, self._says, colour="error_mark" if self._bad else "ink_soft")
