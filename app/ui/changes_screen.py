"""What changed in a revision: the page before and the page now side by side, and "I have read it"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from app.ui import drawing, words
from app.ui.compare_pane import ComparePane
from app.ui.notice_card import NoticeCard
from app.ui.status_line import Place, Segment, StatusLine
from app.ui.touch_button import TouchButton

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from app.kiosk.view import PageChange, Painting, Region, Screen, Session
    from app.ui.bridge import Bridge
    from app.ui.theme import Theme


class ChangesScreen(QWidget):
    """The engine's answers come by ``tell`` and ``take_painting``. A touch on a page shows it alone."""

    def __init__(self, theme: Theme, engine: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._engine = theme, engine
        self._session: Session | None = None
        self._alone: ComparePane | None = None
        self._room = QRectF()
        self._status = StatusLine(theme, self)
        self._old, self._new = ComparePane(theme, "old", self), ComparePane(theme, "new", self)
        for pane in (self._old, self._new):
            pane.pressed.connect(lambda pane=pane: self._enlarge(pane))
        self._buttons: dict[str, TouchButton] = {}
        for command, icon, text in (
            ("previous", "previous", words.PREVIOUS),
            ("postpone", "pages", words.NOT_NOW),
            ("lock", "lock", words.LOCK),
            ("confirm", "recorded", words.HAVE_READ),
            ("next", "next", words.NEXT),
        ):
            wordy = command != "lock"
            button = TouchButton(theme, icon, text, self, wordy=wordy, icon_after=command == "next")
            button.clicked.connect(lambda _=False, said=command: self.do(said))
            self._buttons[command] = button
        self._size_words()
        self._card = NoticeCard(theme, self)
        self._commands = {
            "previous": lambda: self.turn(-1),
            "next": lambda: self.turn(1),
            "first": lambda: self.go(0),
            "last": lambda: self.go(10**9),
            "lock": engine.lock,
            "confirm": engine.confirm_changes,
            "postpone": engine.postpone_changes,
        }

    # -- what the engine says -----------------------------------------------------------------------------

    def tell(self, screen: Screen, now: datetime) -> None:
        """Show this; ``now`` is aware local time."""
        session = screen.session
        if session is None or session.changes is None:
            return
        before, self._session = self._session, session
        changes, change = session.changes, self._change
        self._status.tell(screen.status, now, session.name, session.lock_in)
        left = words.changes_left(changes.left)
        told = words.changes_in_full(changes)
        self._status.tell_place(Place(Segment("", "bar_ink", told, left), words.clock(now)))
        self.setAccessibleName(words.changes_of(changes))
        if change is None:
            return
        self._tell_pane(self._old, words.page_before(changes, change), change.old, change.gone)
        self._tell_pane(self._new, words.page_now(changes, change), change.new, change.come)
        last = len(changes.changes) - 1
        self._buttons["previous"].setEnabled(session.current > 0)
        self._buttons["next"].setEnabled(session.current < last)
        self._buttons["confirm"].setEnabled(changes.left == 0)
        self._buttons["postpone"].setEnabled(changes.more)
        self._card.tell(screen.notice)
        if before is None or before.changes != changes or before.current != session.current:
            self._alone = None
            self._place()
            self.ask_frame()
        self.update()

    def _tell_pane(
        self, pane: ComparePane, head: str, index: int | None, regions: tuple[Region, ...]
    ) -> None:
        leaves = self._session.changes.leaves if self._session and self._session.changes else ()
        leaf = leaves[index] if index is not None and index < len(leaves) else None
        pane.tell(head, leaf, index, regions)

    def take_painting(self, painting: Painting) -> None:
        """Pixels of a page."""
        aside = painting.thumbnail or painting.ahead
        if aside or not (self._new.take(painting) or self._old.take(painting)):
            painting.pixels.release()

    def ask_frame(self) -> None:
        """Tell the engine in which size pages are wanted."""
        if self._session is not None:
            self._place()
            pane = self._old if self._new.isHidden() else self._new
            self._engine.frame(pane.framing())

    def leave(self) -> None:
        """The session is over: nothing of it stays in these widgets."""
        self._session, self._alone = None, None
        self._old.leave()
        self._new.leave()
        self._card.tell(None)

    # -- how it stands ------------------------------------------------------------------------------------

    @property
    def shown(self) -> tuple[int | None, int | None]:
        """The leaves whose pixels are on the screen: before and now."""
        return self._old.shown, self._new.shown

    @property
    def _change(self) -> PageChange | None:
        session = self._session
        if session is None or session.changes is None or session.current >= len(session.changes.changes):
            return None
        return session.changes.changes[session.current]

    # -- what the person does -----------------------------------------------------------------------------

    def do(self, command: str) -> None:
        """Carry out a command of a button or key."""
        act = self._commands.get(command)
        if act is not None:
            act()
        self._engine.touch()

    def turn(self, step: int) -> None:
        """So many changes on or back."""
        if self._session is not None:
            self.go(self._session.current + step)

    def go(self, index: int) -> None:
        """To change ``index``, clamped."""
        if self._session is not None and self._session.changes is not None:
            self._engine.turn_to(min(max(0, index), len(self._session.changes.changes) - 1))

    def _enlarge(self, pane: ComparePane) -> None:
        """One page alone, or both again."""
        self._alone = pane if self._alone is None else None
        self.ask_frame()
        self._engine.touch()

    # -- lay-out ------------------------------------------------------------------------------------------

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        for part in (self._status, self._old, self._new, self._card):
            part.restyle(theme)
        for button in self._buttons.values():
            button.restyle(theme)
        self._size_words()
        self.ask_frame()

    def _size_words(self) -> None:
        """Where letters are large, one button has its words and the others their pictures."""
        for name, button in self._buttons.items():
            button.set_wordy(wordy=name == "confirm" if self._theme.large else name != "lock")

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Lay out."""
        self.ask_frame()
        self._place()

    def _place(self) -> None:
        theme, width = self._theme, self.width()
        top, bar, gap = theme.status, theme.px("toolbar"), theme.px("gap")
        self._status.setGeometry(0, 0, width, top)
        self._place_panes(top, self.height() - bar, gap)
        edge, small, wide = theme.px("edge"), theme.px("target"), theme.px("wide_target")
        widths = {"previous": wide, "postpone": wide + theme.length(60), "lock": small, "next": wide}
        confirm = self._buttons["confirm"].width_wanted()
        if theme.large:
            widths, wide = dict.fromkeys(widths, small), small
        place, high = self.height() - bar + edge, bar - 2 * edge
        left, right = edge, width - edge
        for name in ("previous", "postpone", "lock"):
            self._buttons[name].setGeometry(left, place, widths[name], high)
            left += widths[name] + gap
        for name, wanted in (("next", wide), ("confirm", confirm)):
            right -= wanted
            self._buttons[name].setGeometry(right, place, wanted, high)
            right -= gap
        self._room = QRectF(left + gap, self.height() - bar, right - left - 2 * gap, bar)
        card = min(width - 2 * theme.length(24), theme.letters(960))
        high = self._card.fit(card, place - top - 2 * theme.length(20))
        self._card.setGeometry((width - card) // 2, place - theme.length(20) - high, card, high)
        self._card.raise_()

    def _place_panes(self, top: int, bottom: int, gap: int) -> None:
        change, width = self._change, self.width()
        there = [self._old, self._new]
        if change is not None and change.old is None:
            there = [self._new]
        elif change is not None and change.new is None:
            there = [self._old]
        if self._alone in there:
            there = [self._alone]
        each = (width - gap * (len(there) - 1)) // len(there)
        for pane in (self._old, self._new):
            pane.setVisible(pane in there)
        for number, pane in enumerate(there):
            pane.setGeometry(number * (each + gap), top, each, bottom - top)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint what is between and below the pages."""
        theme = self._theme
        with drawing.painting(self) as painter:
            painter.fillRect(self.rect(), theme.colour("bar"))
            session = self._session
            if session is None or session.changes is None:
                return
            changes, room = session.changes, QRectF(self._room)
            counter = words.page_counter(session.current, len(changes.changes))
            font = theme.font("label" if theme.large else "title", bold=True)
            drawing.line(painter, room, counter, font, theme.colour("bar_ink"), drawing.LEFT)
            if theme.large:  # the line above says the rest
                return
            room.setLeft(room.left() + drawing.width_of(counter, font) + theme.length(18))
            rows = []
            for said, font, ink in (
                (words.changes_of(changes), theme.font("small", bold=True), "bar_ink"),
                (words.changes_left(changes.left), theme.font("small"), "bar_soft"),
            ):
                small = drawing.fitted(font, said, room.width(), least=0.7)
                if drawing.width_of(said, small) <= room.width():  # heads and buttons say it, too
                    rows.append((said, small, ink))
            for number, (said, font, ink) in enumerate(rows):
                high = room.height() / len(rows)
                box = QRectF(room.left(), room.top() + number * high, room.width(), high)
                drawing.line(painter, box, said, font, theme.colour(ink), drawing.LEFT)
