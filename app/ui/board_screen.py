"""The board on a kiosk's screen, while a supervisor is signed in: a desk's own board, sized for gloves.

It is made when somebody comes and destroyed when they leave; nothing is kept between two of them. The
keyboard belongs to the kiosk (``keys``), which hands on here what is the board's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.desk.office import Office
from app.desk.worker import SitDown
from app.mark.visible import Ground
from app.ui import desk_words, drawing, icons, words
from app.ui.desk_bridge import DeskBridge
from app.ui.desk_floor import Floor
from app.ui.marked import MarkedCanvas
from app.ui.status_line import StatusLine
from app.ui.theme import Theme, contrast
from app.ui.tongue import said
from app.ui.touch_button import TouchButton
from app.wire.desk import SignedIn

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent

    from app.desk.worker import Answer
    from app.kiosk.view import BoardSeat, MarkText, Screen
    from app.model.errors import Expected
    from app.wire.clock import Clock
    from app.wire.desk import DeskPass

SMALLER = 0.8
"""The board's scale beside the kiosk's own: whoever moves people stands at arm's length; a card at unit 1 is
77 device-independent pixels high then, as what gloves press must be."""

LARGEST_BARS = 1.25
"""How much bars grow at most where somebody needs larger letters."""

AGAIN_MS = 3000
"""How soon somebody sits down anew whom the hub did not answer."""

DARK_FROM = 4.5
"""A ground with this contrast to white is a dark one."""


class BoardScreen(Floor):
    """``closed``: the person wants to leave. ``leave`` before it is destroyed."""

    closed = Signal()

    def __init__(self, theme: Theme, seat: BoardSeat, clock: Clock, parent: QWidget | None = None) -> None:
        bars = _bars(theme)
        super().__init__(bars, _ground(theme), clock, parent, typing=False)
        self._theme, self._seat = theme, seat
        self.board.by_taps = True
        self.board.taken.connect(lambda card: self.tell.say(words.now_the_station(card.name)))
        self._status = StatusLine(theme, self)
        self.bar = BoardBar(bars, self)
        self.bar.close_button.clicked.connect(self.closed)
        self._veil = Veil(theme, seat.mark, self)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(lambda: self.asked.emit(SitDown()))
        connect, papers = seat.connect, seat.papers
        self._bridge = DeskBridge(lambda: Office.with_papers(connect, papers, clock), self.take)
        self.asked.connect(self._bridge.ask)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(words.at_board(seat.name))
        self.say_head(said(desk_words.LOADING), "")
        self.asked.emit(SitDown())

    @property
    def papers(self) -> DeskPass:
        """By which pass the hub knows who is here."""
        return self._seat.papers

    def leave(self, *, wait: bool = False) -> None:
        """Nothing of the board stays, here or in what asks the hub; ``wait`` until that has ended."""
        self._again.stop()
        self.clear()
        self._bridge.close(wait=wait)

    def show_screen(self, screen: Screen, now: datetime) -> None:
        """Show this of the kiosk; ``now`` is aware local time."""
        seat = screen.board
        if seat is not None:
            self._status.tell(screen.status, now, seat.name, seat.lock_in)
            self.bar.tell_lock(seat.lock_in)

    def take_or_drop(self) -> None:
        """Take the chosen card, or let it go on the chosen lane."""
        if not self.why.isVisible():
            self.board.take_or_drop()

    def press(self, event: QKeyEvent) -> None:
        """An arrow, which chooses a card or a lane, or Escape, which lets go."""
        if event.key() == Qt.Key.Key_Escape and self.why.isVisible():
            self.why.cancelled.emit()
        elif not self.why.isVisible():
            self.board.keyPressEvent(event)

    def choose(self, index: int) -> None:
        """Reason ``index`` was typed."""
        if self.why.isVisible() and 0 <= index < len(self.why.quick):
            self.why.quick[index].click()

    # -- what is told -------------------------------------------------------------------------------------

    def _answered(self, question: object | None, answer: Answer) -> None:
        match question, answer:
            case SitDown(), SignedIn() as who:
                self._who = who
                self._again.stop()
                self.board.setFocus()
                self._refresh()
            case _:
                super()._answered(question, answer)

    def _trouble(self, question: object | None, trouble: Expected) -> None:
        super()._trouble(question, trouble)
        if isinstance(question, SitDown) and trouble.code != "signed_out":
            self._again.start()

    def say_head(self, told: str, trouble: str) -> None:
        """Say in the bar how the floor stands."""
        self.bar.tell(told, said(trouble))

    def signed_out(self, why: str) -> None:
        """The hub takes this pass no more."""
        self.clear()
        self.say_head("", why)

    # -- layout -------------------------------------------------------------------------------------------

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        for part in (self._status, self._veil):
            part.restyle(theme)
        for bar in (self.calls, self.tell, self.why, self.bar):
            bar.restyle(_bars(theme))
        self.board.restyle(_ground(theme))
        self._place()

    def place_board(self) -> None:
        """Status line, calls, board, one below the other; the bar is at the foot."""
        top, calls = self._theme.status, self.calls.tall
        foot = self.height() - _bars(self._theme).px("toolbar")
        self.calls.setGeometry(0, top, self.width(), calls)
        self.board.setGeometry(0, top + calls, self.width(), foot - top - calls)

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Lay out."""
        self._place()

    def _place(self) -> None:
        theme, width, height = _bars(self._theme), self.width(), self.height()
        self._status.setGeometry(0, 0, width, self._theme.status)
        bar = theme.px("toolbar")
        self.bar.setGeometry(0, height - bar, width, bar)
        self.place_board()
        wide, high = min(width - theme.length(40), theme.length(1240)), theme.length(100)
        self.tell.setGeometry((width - wide) // 2, height - bar - high - theme.length(12), wide, high)
        self.why.setGeometry(self.rect())
        self._veil.setGeometry(self.rect())
        self._veil.raise_()


class BoardBar(QWidget):
    """The dark bar at the foot: how the floor stands, or what is in the way; the countdown; the way out."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._told, self._trouble = "", ""
        self._lock_in: int | None = None
        self.close_button = TouchButton(theme, "lock", words.CLOSE_BOARD, self, wordy=True)

    @property
    def says(self) -> str:
        """What it says beside the countdown."""
        return self._trouble or self._told

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        self.close_button.restyle(theme)
        self._place()

    def tell(self, told: str, trouble: str) -> None:
        """``trouble`` takes the place of how the floor stands."""
        self._told, self._trouble = told, trouble
        self.setAccessibleName(self.says)
        self.update()

    def tell_lock(self, lock_in: int | None) -> None:
        """Seconds to the lock, while it is near."""
        if lock_in != self._lock_in:
            self._lock_in = lock_in
            self.update()

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Lay out."""
        self._place()

    def _place(self) -> None:
        wide, edge = self._theme.length(340), self._theme.px("edge")
        self.close_button.setGeometry(self.width() - wide - edge, edge, wide, self.height() - 2 * edge)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        theme, high = self._theme, float(self.height())
        gap = theme.length(20)
        room = QRectF(gap, 0, self.close_button.x() - 2 * gap, high)
        with drawing.painting(self) as painter:
            painter.fillRect(self.rect(), theme.colour("bar"))
            if self._lock_in is not None:
                drawing.panel(painter, room.adjusted(0, 2, 0, -2), theme.colour("warn"), theme.px("radius"))
                text, font = words.locks_in(self._lock_in)[0], theme.font("body", bold=True)
                font = drawing.fitted(font, text, room.width() - gap)
                drawing.line(painter, room, text, font, theme.colour("on_warn"), drawing.CENTRE)
                return
            if self._trouble:
                side = high * 0.5
                spot = QRectF(room.left(), (high - side) / 2, side, side)
                icons.draw(painter, "warning", spot, theme.style.colours["warn"])
                room.setLeft(spot.right() + gap)
            font = theme.font("small")
            tall = min(high, drawing.height_of(self.says, font, room.width()))
            room.setTop((high - tall) / 2)
            colour = theme.colour("warn" if self._trouble else "bar_ink")
            drawing.paragraph(painter, room, self.says, font, colour, drawing.TOP_LEFT)


class Veil(QWidget):
    """Both watermarks over the whole screen: a picture of people's names and places tells who took it."""

    def __init__(self, theme: Theme, mark: MarkText, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._mark, self._canvas = theme, mark, MarkedCanvas()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        ratio = self.devicePixelRatioF()
        light = contrast(self._theme.style.colours["ground"], "#ffffff") < DARK_FROM
        ground = Ground.LIGHT if light else Ground.DARK
        with drawing.painting(self) as painter:
            self._canvas.cover(painter, self.rect(), self._mark, ground, device_pixel_ratio=ratio)


def _ground(theme: Theme) -> Theme:
    """For the board: it scrolls, so that all of it grows where somebody needs larger letters."""
    return Theme(theme.style, theme.unit * SMALLER * theme.text)


def _bars(theme: Theme) -> Theme:
    """For bars and questions, which do not scroll."""
    return Theme(theme.style, theme.unit * min(theme.text, LARGEST_BARS))
