"""The bar at the bottom: turn, where I am, what this is, size, all pages, lock. Turning is in the corners.

Where letters are large, the same buttons are a menu over the page: rows of words, closed while nobody asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from app.kiosk.view import Work
from app.ui import drawing, progress, words
from app.ui.rows import in_rows
from app.ui.touch_button import TouchButton

if TYPE_CHECKING:
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent

    from app.kiosk.view import Leaf, Paper
    from app.ui.rows import Rows
    from app.ui.theme import Theme


ROOM_LEAST = 520
"""Room for counter and title, at unit 1, below which the buttons for first and last go, and where steps are
confirmed those for larger and smaller."""
ROOM_PLAIN = 400
"""The same for larger and smaller where no steps are confirmed: fingers and keys do what they do."""
ROOM_TIGHT = 390
"""Room below which, where steps are confirmed, the button for the fit goes as well."""
TIGHT = 1.5
"""How many times its width the button for confirming must want before it gets what is spare."""
WIDE = frozenset({"previous", "next", "confirm", "postpone"})
"""Buttons with a word."""
LEAST = 0.8
"""How small letters become before words are said in short."""
MENU_COLUMNS = (4, 3, 2)
SPARED = (("first", "last"), ("smaller", "larger"), ("fit",))
"""What leaves a menu first that has no room for all: keys, hands and the strip do what these do, too."""


class Toolbar(QWidget):
    """Buttons emit ``asked`` with what they stand for: a word of ``app.ui.keys.COMMANDS``."""

    asked = Signal(object)
    rows_changed = Signal()
    """As a menu it needs another place."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._leaf: Leaf | None = None
        self._index, self._count = 0, 0
        self._told: tuple[Leaf | None, int, int, bool, str] = (None, 0, 0, False, "")
        self._only = "", ""
        self._paper: Paper | None = None
        self._work = Work()
        self._lock_in: int | None = None
        self._room = QRectF()
        self._buttons: dict[str, TouchButton] = {}
        for command, icon, text in (
            ("previous", "previous", words.PREVIOUS),
            ("first", "first", words.FIRST),
            ("pages", "pages", words.PAGES),
            ("undo", "undo", words.TAKE_BACK),
            ("withheld", "withheld", words.WITHHELD),
            ("help", "help", words.HELP),
            ("board", "board", words.BOARD),
            ("postpone", "close", words.NOT_NOW),
            ("confirm", "confirm", words.CONFIRM),
            ("smaller", "smaller", words.SMALLER),
            ("larger", "larger", words.LARGER),
            ("fit", "fit-width", words.FIT_WIDTH),
            ("lock", "lock", words.LOCK),
            ("last", "last", words.LAST),
            ("next", "next", words.NEXT),
        ):
            wordy = theme.large or command in WIDE
            button = TouchButton(theme, icon, text, self, wordy=wordy, icon_after=command == "next")
            button.clicked.connect(lambda _=False, said=command: self.asked.emit(said))
            self._buttons[command] = button
        for name in ("pages", "withheld"):
            self._buttons[name].setCheckable(True)
        for name in ("withheld", "undo", "confirm", "postpone", "board"):
            self._buttons[name].hide()

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        for name, button in self._buttons.items():
            button.set_wordy(wordy=theme.large or name in WIDE)
            button.restyle(theme)
        self._place()
        self.update()

    def tell(
        self, leaf: Leaf | None, index: int, count: int, *, beyond: bool = False, language: str = ""
    ) -> None:
        """This leaf is in front of somebody of ``language``; ``beyond``: something comes after the last."""
        if (leaf, index, count, beyond, language) == self._told:
            return
        self._told = (leaf, index, count, beyond, language)
        self._only = words.only_in(leaf, language) if leaf is not None and language else ("", "")
        self._leaf, self._index, self._count = leaf, index, count
        for name, on in (
            ("previous", index > 0),
            ("first", index > 0),
            ("next", beyond or index < count - 1),
            ("last", index < count - 1),
        ):
            self._buttons[name].setEnabled(on)
        if leaf is not None:
            said = [leaf.title, words.document_line(leaf), words.page_counter(index, count), self._only[0]]
            self.setAccessibleName(", ".join(filter(None, said)))
        self.update(self._room.toAlignedRect())

    def tell_work(self, work: Work) -> None:
        """How the steps stand."""
        if work == self._work:
            return
        steps = bool(work.steps)
        before, appears = self._buttons["confirm"].text(), steps is not bool(self._work.steps)
        self._work = work
        now = work.step(work.now)
        sign = now is not None and now.sign
        self._buttons["confirm"].become("sign" if sign else "confirm", words.SIGN if sign else words.CONFIRM)
        self._buttons["confirm"].setEnabled(bool(work.now))
        self._buttons["undo"].setEnabled(bool(work.last))
        if appears:
            for name in ("confirm", "undo"):
                self._buttons[name].setVisible(steps)
        if appears or self._buttons["confirm"].text() != before:
            self._place()
        takt = words.takt(work.spent, work.takt) if work.takt else ""
        stand = words.steps_stand(work) if steps else ""
        self.setAccessibleDescription(". ".join(said for said in (stand, takt) if said))
        self.update()

    def tell_session(
        self,
        lock_in: int | None,
        *,
        withheld: bool,
        explained: bool,
        unread: bool = False,
        leads: bool = False,
    ) -> None:
        """Seconds to the lock; whether pages are withheld, and whether their reasons are being read; whether
        something changed that is to be read first; whether the board is there for this person.
        """
        button = self._buttons["withheld"]
        button.become("changes" if unread else "withheld", words.CHANGES if unread else words.WITHHELD)
        button.setChecked(explained)
        if withheld is button.isHidden() or leads is self._buttons["board"].isHidden():
            button.setVisible(withheld)
            self._buttons["board"].setVisible(leads)
            self._place()
            self.update()
        if lock_in != self._lock_in:
            self._lock_in = lock_in
            self.update()

    def tell_agreement(self, paper: Paper | None) -> None:
        """An agreement is read: whose, how far, and how to sign it; no strip of pages, and nothing to say of
        them. None: none is.
        """
        if paper == self._paper:
            return
        appears, self._paper = (paper is None) is not (self._paper is None), paper
        if appears:
            for name in ("pages", "help"):
                self._buttons[name].setVisible(paper is None)
            self._buttons["postpone"].setVisible(paper is not None)
            self._place()
        self.setAccessibleDescription("" if paper is None else words.how_to_sign(paper))
        self.update()

    @property
    def only_said(self) -> tuple[str, str]:
        """That the page is not in the person's language, long and short; "" where it is."""
        return self._only

    def place_said(self) -> tuple[str, ...]:
        """Where the person is and what this is, a sentence each, for where the bar is folded."""
        leaf, work = self._leaf, self._work
        if leaf is None:
            return ()
        stand = words.steps_stand(work) if work.steps else ""
        takt = words.takt(work.spent, work.takt) if work.takt else ""
        paper = "" if self._paper is None else words.how_to_sign(self._paper)
        told = leaf.title, words.document_line(leaf), self._only[0], paper, stand, takt, work.unit, work.order
        return tuple(filter(None, told))

    def tell_look(self, fit: str, *, fitted: bool, at_most: bool, pages: bool) -> None:
        """How the page is looked at, and whether the strip is open."""
        other = "fit-page" if fit == "width" or not fitted else "fit-width"
        self._buttons["fit"].become(other, words.FIT_PAGE if other == "fit-page" else words.FIT_WIDTH)
        self._buttons["smaller"].setEnabled(not fitted)
        self._buttons["larger"].setEnabled(not at_most)
        self._buttons["pages"].setChecked(pages)

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Lay out."""
        if not self._theme.large:
            self._place()

    def place_menu(self, room: QRect) -> None:
        """As a menu, with large letters: take the lower part of ``room``, as many rows as the words need."""
        gap = self._theme.px("gap")
        for name in (name for names in SPARED for name in names):
            self._buttons[name].show()
        spared, rows = list(SPARED), self._rows(room)
        while spared and rows.high + 2 * gap > room.height():
            for name in spared.pop(0):
                self._buttons[name].hide()
            rows = self._rows(room)
        high = rows.high + 2 * gap
        self.setGeometry(room.left(), room.bottom() + 1 - high, room.width(), high)
        rows.place(gap, gap)

    def _rows(self, room: QRect) -> Rows:
        there = [button for button in self._buttons.values() if not button.isHidden()]
        gap = self._theme.px("gap")
        return in_rows(there, room.width() - 2 * gap, gap, MENU_COLUMNS)

    def _place(self) -> None:
        if self._theme.large:
            self.rows_changed.emit()
            return
        # Keys, hands and the strip do what these do, too; what the page is must be readable.
        spared: list[tuple[tuple[str, ...], int]] = [(("first", "last"), ROOM_LEAST)]
        if not (self._work.steps or self._paper):
            spared.append((("smaller", "larger"), ROOM_PLAIN))
        else:
            spared += [(("smaller", "larger"), ROOM_LEAST), (("fit",), ROOM_TIGHT)]
        for name in ("first", "last", "smaller", "larger", "fit"):
            self._buttons[name].show()
        self._put_buttons()
        for names, least in spared:
            if self._room.width() < self._theme.length(least):
                for name in names:
                    self._buttons[name].hide()
                self._put_buttons()

    def _put_buttons(self) -> None:
        theme = self._theme
        gap, edge = theme.px("gap"), theme.px("edge")
        high, wide, small = self.height() - 2 * edge, theme.px("wide_target"), theme.px("target")
        left, right = edge, self.width() - edge
        for name in ("previous", "first", "pages", "undo", "withheld", "help", "board", "postpone"):
            if not self._buttons[name].isHidden():
                width = wide if name in WIDE else small
                self._buttons[name].setGeometry(left, edge, width, high)
                left += width + gap
        for name in ("next", "last", "lock", "fit", "larger", "smaller", "confirm"):
            if not self._buttons[name].isHidden():
                width = wide if name in WIDE else small
                right -= width
                self._buttons[name].setGeometry(right, edge, width, high)
                right -= gap
        self._room = QRectF(left + gap, 0, right - left - 2 * gap, self.height())
        confirm = self._buttons["confirm"]
        if not confirm.isHidden():
            wanted, spare = confirm.width_wanted(), int(self._room.width() - theme.length(ROOM_TIGHT))
            more = max(0, min(wanted - wide, spare)) if wanted > wide * TIGHT else 0
            confirm.setGeometry(confirm.x() - more, edge, wide + more, high)
            self._room.setWidth(self._room.width() - more)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        with drawing.painting(self) as painter:
            painter.fillRect(self.rect(), self._theme.colour("bar"))
            if self._theme.large:  # the line below says the rest
                return
            if self._lock_in is not None:
                self._paint_countdown(painter, self._lock_in)
            elif self._leaf is not None and self._paper is not None:
                self._paint_agreement(painter, self._paper)
            elif self._leaf is not None:
                self._paint_place(painter, self._leaf)

    def _paint_countdown(self, painter: QPainter, seconds: int) -> None:
        """The place of the counter, while a lock is near: seen from where the hands are."""
        theme, edge = self._theme, self._theme.px("edge")
        box = self._room.adjusted(0, edge, 0, -edge)
        drawing.panel(painter, box, theme.colour("warn"), theme.px("radius"))
        font = theme.font("title", bold=True)
        drawing.line(painter, box, words.locks_in(seconds)[1], font, theme.colour("on_warn"), drawing.CENTRE)

    def _paint_agreement(self, painter: QPainter, paper: Paper) -> None:
        """Which agreement it is, and below what is to be done to sign it."""
        theme, room, high = self._theme, QRectF(self._room), self.height()
        room.setLeft(room.left() + self._paint_counter(painter) + theme.length(18))
        rows = (
            (paper.title, theme.font("small", bold=True), "bar_ink"),
            (words.of_client(paper), theme.font("small"), "bar_soft"),
            (words.sign_stands(paper), theme.font("small", bold=True), "bar_ink"),
        )
        row = (high - theme.length(6)) / len(rows)
        for number, (text, font, ink) in enumerate(rows):
            box = QRectF(room.left(), theme.length(3) + number * row, room.width(), row)
            font.setPixelSize(min(font.pixelSize(), int(row * 0.86)))
            fitted = drawing.fitted(font, text, box.width(), least=0.75)
            drawing.line(painter, box, text, fitted, theme.colour(ink), drawing.LEFT)

    def _paint_counter(self, painter: QPainter) -> float:
        """Where the person is, large; returns how wide that is."""
        theme, font = self._theme, self._theme.font("title", bold=True)
        counter = words.page_counter(self._index, self._count)
        width = drawing.width_of(counter, font) + theme.length(4)
        place = QRectF(self._room.left(), 0, width, self.height())
        drawing.line(painter, place, counter, font, theme.colour("bar_ink"), drawing.LEFT)
        return width

    def _paint_place(self, painter: QPainter, leaf: Leaf) -> None:
        theme, room, high = self._theme, QRectF(self._room), self.height()
        ink, soft = theme.colour("bar_ink"), theme.colour("bar_soft")
        room.setLeft(room.left() + self._paint_counter(painter) + theme.length(18))
        upper = QRectF(room.left(), theme.length(5), room.width(), high / 2 - theme.length(5))
        lower = QRectF(room.left(), high / 2, room.width(), high / 2 - theme.length(6))
        heading = leaf.title
        if self._work.steps:
            heading, row = words.steps_stand(self._work), QRectF(self._room)
            row.setTop(theme.length(2))
            row.setHeight(theme.length(progress.STEPS))
            progress.draw_steps(painter, row, self._work, theme)
            upper.setTop(row.bottom())
        if self._work.takt:
            takt = QRectF(self._room)
            takt.setTop(high - theme.length(progress.TAKT))
            progress.draw_takt(painter, takt, self._work, theme)
        font = drawing.fitted(theme.font("small", bold=True), heading, upper.width(), least=0.8)
        drawing.line(painter, upper, heading, font, ink, drawing.LEFT)
        if self._only[0]:  # in place of what the page says itself, and not by colour alone
            drawing.panel(painter, lower, theme.colour("warn"), theme.px("radius") / 2)
            lower.adjust(theme.length(6), 0, -theme.length(6), 0)
            font = theme.font("small", bold=True)
            said = self._only[drawing.width_of(self._only[0], font) * LEAST > lower.width()]
            font = drawing.fitted(font, said, lower.width(), least=LEAST)
            drawing.line(painter, lower, said, font, theme.colour("on_warn"), drawing.LEFT)
            return
        what = words.document_line(leaf)
        font = drawing.fitted(theme.font("small"), what, lower.width(), least=0.8)
        drawing.line(painter, lower, what, font, soft, drawing.LEFT)
