"""The station screen's bars where letters are large (WCAG 2.2, 1.4.4): one line below the page, and a menu.

With letters of 200 per cent both bars would take a third of a small screen, of which the page is to have 85.
So one line stays, which says what matters most, with one button; that opens the toolbar over the page, in as
many rows as its words need, until one of them is used or it is left. The page does not move by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, Signal

from app.ui import words
from app.ui.status_line import Place, Segment
from app.ui.touch_button import TouchButton

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.kiosk.view import Session
    from app.ui.status_line import StatusLine
    from app.ui.theme import Theme
    from app.ui.toolbar import Toolbar


class FoldedBars(QObject):
    """Leads line and toolbar of ``parent`` while letters are large. ``asked``: the button was pressed."""

    asked = Signal()

    def __init__(self, theme: Theme, status: StatusLine, toolbar: Toolbar, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._status, self._toolbar = theme, status, toolbar
        self._room = QRect()
        self._open = False
        self.button = TouchButton(theme, "menu", words.MENU, parent, wordy=True)
        self.button.clicked.connect(self.asked)
        self.button.hide()
        toolbar.rows_changed.connect(self._place_menu)
        self.set_open(is_open=False)

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        self.button.restyle(theme)
        self.set_open(is_open=False)

    @property
    def is_open(self) -> bool:
        """Whether the menu is over the page."""
        return self._open

    def set_open(self, *, is_open: bool) -> None:
        """Open the menu or close it. With usual letters the toolbar stands there always."""
        self._open = is_open and self._theme.large
        self.button.become(*(("close", words.CLOSE) if self._open else ("menu", words.MENU)))
        self.button.setVisible(self._theme.large)
        self._toolbar.setVisible(self._open or not self._theme.large)
        if self._open:
            self._place_menu()
            self._toolbar.raise_()

    def tell(self, session: Session) -> None:
        """Say in the line where the person is."""
        if not self._theme.large:
            self._status.tell_place(Place())
            return
        icon, colour, said = "", "bar_ink", ("", "")
        if session.current < len(session.leaves):
            said = (session.leaves[session.current].title,) * 2
        only = self._toolbar.only_said
        counter = words.page_counter(session.current, len(session.leaves)) if session.leaves else ""
        if session.paper is not None:
            said = (words.sign_stands(session.paper),) * 2
            counter = counter if session.paper.read < session.paper.of else ""  # how to sign needs the room
        elif only[0]:
            icon, colour, said = "warning", "warn", only
        elif session.work.steps:
            said = (words.steps_stand(session.work),) * 2
        self._status.tell_place(Place(Segment(icon, colour, *said), counter, self._inset(), session.work))

    def place(self, width: int, height: int) -> int:
        """Lay the line along the lower edge of a screen of this size; returns where it begins."""
        theme, edge = self._theme, self._theme.px("edge")
        bar = max(theme.px("toolbar"), theme.status)
        self._status.setGeometry(0, height - bar, width, bar)
        self.button.setGeometry(edge, height - bar + edge, self._inset() - 2 * edge, bar - 2 * edge)
        self.button.raise_()
        self._room = QRect(0, 0, width, height - bar)
        if self._open:
            self._place_menu()
        return height - bar

    def _inset(self) -> int:
        """Room for the button, whatever stands on it."""
        wide = max(self.button.width_wanted(text) for text in (words.MENU, words.CLOSE))
        return wide + 2 * self._theme.px("edge")

    def _place_menu(self) -> None:
        if self._open and self._theme.large:
            self._toolbar.place_menu(self._room)
