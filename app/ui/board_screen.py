"""The board on a kiosk's screen, while a supervisor is signed in: a desk's own board, sized for gloves.

It is made when somebody comes and destroyed when they leave; nothing is kept between two of them. The
keyboard belongs to the kiosk (``keys``), which hands on here what is the board's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal

from app.desk.office import Office
from app.desk.worker import SitDown
from app.ui import desk_words, question_panel, words
from app.ui.board_parts import BoardBar, Veil, WhyPanel
from app.ui.desk_bridge import DeskBridge
from app.ui.desk_floor import Floor
from app.ui.status_line import StatusLine
from app.ui.theme import Theme
from app.ui.tongue import said
from app.wire.desk import SignedIn

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QKeyEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from app.desk.worker import Answer
    from app.kiosk.view import BoardSeat, Screen
    from app.model.errors import Expected
    from app.wire.clock import Clock
    from app.wire.desk import DeskPass

SMALLER = 0.8
"""The board's scale beside the kiosk's own: whoever moves people stands at arm's length; a card at unit 1 is
77 device-independent pixels high then, as what gloves press must be."""

HOLD_MS = 3000
"""How long a finger rests on the status line before the way out is offered: nobody comes to it by chance."""

AGAIN_MS = 3000
"""How soon somebody sits down anew whom the hub did not answer."""


class BoardScreen(Floor):
    """``closed``: the person wants to leave. ``leave`` before it is destroyed.

    The way out of the kiosk is here, behind badge and PIN of a supervisor, and nothing shows it: a finger
    that rests on the status line brings up the question, and only its answer is ``ended``.
    """

    closed = Signal()
    ended = Signal()
    why: WhyPanel

    def __init__(self, theme: Theme, seat: BoardSeat, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(theme, _ground(theme), clock, parent)
        self._theme, self._seat = theme, seat
        self.board.by_taps = True
        self.board.taken.connect(lambda card: self.tell.say(words.now_the_station(card.name)))
        self._status = StatusLine(theme, self)
        self._status.installEventFilter(self)
        self.bar = BoardBar(theme, self)
        self.bar.close_button.clicked.connect(self.closed)
        answers = (question_panel.Answer("end", "lock", words.END_PROGRAM),)
        self.way_out = question_panel.QuestionPanel(theme, answers, self)
        self.way_out.chosen.connect(lambda _: self.ended.emit())
        self._held = QTimer(self)
        self._held.setSingleShot(True)
        self._held.setInterval(HOLD_MS)
        self._held.timeout.connect(self.offer_way_out)
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

    def make_why(self, theme: Theme) -> WhyPanel:
        """There is no keyboard for a reason in own words."""
        panel = WhyPanel(theme, self)
        panel.asked.connect(self._place_questions)
        return panel

    @property
    def papers(self) -> DeskPass:
        """By which pass the hub knows who is here."""
        return self._seat.papers

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Somebody holds the status line, or lets it go."""
        if event.type() is QEvent.Type.MouseButtonPress:
            self._held.start()
        elif event.type() is QEvent.Type.MouseButtonRelease:
            self._held.stop()
        return super().eventFilter(watched, event)

    def offer_way_out(self) -> None:
        """Ask whether the kiosk's program is to end."""
        self.way_out.ask(said(words.END_ASKS))
        self._place_questions()

    def leave(self, *, wait: bool = False) -> None:
        """Nothing of the board stays, here or in what asks the hub; ``wait`` until that has ended."""
        self._again.stop()
        self._held.stop()
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
        if not (self.why.isVisible() or self.way_out.isVisible()):
            self.board.take_or_drop()

    def press(self, event: QKeyEvent) -> None:
        """An arrow, which chooses a card or a lane, or Escape, which lets go."""
        if self.way_out.isVisible():
            if event.key() == Qt.Key.Key_Escape:
                self.way_out.leave()
        elif event.key() == Qt.Key.Key_Escape and self.why.isVisible():
            self.why.leave()
        elif not self.why.isVisible():
            self.board.keyPressEvent(event)

    def choose(self, index: int) -> None:
        """Reason ``index`` was typed, or the answer to the question that is up."""
        if self.way_out.isVisible():
            self.way_out.choose(index)
        else:
            self.why.choose(index)

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
        for part in (self._status, self._veil, self.way_out, self.calls, self.tell, self.why, self.bar):
            part.restyle(theme)
        self.board.restyle(_ground(theme))
        self._place()

    def place_board(self) -> None:
        """Status line, calls, board, one below the other; the bar is at the foot."""
        top, calls = self._theme.status, self.calls.tall
        foot = self.height() - self.bar.tall
        self.calls.setGeometry(0, top, self.width(), calls)
        self.board.setGeometry(0, top + calls, self.width(), foot - top - calls)

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Lay out."""
        self._place()

    def _place(self) -> None:
        theme, width, height = self._theme, self.width(), self.height()
        self._status.setGeometry(0, 0, width, theme.status)
        bar = self.bar.tall
        self.bar.setGeometry(0, height - bar, width, bar)
        self.place_board()
        wide, high = min(width - theme.length(40), theme.letters(1240)), theme.letters(100)
        self.tell.setGeometry((width - wide) // 2, height - bar - high - theme.length(12), wide, high)
        self._place_questions()
        self._veil.setGeometry(self.rect())

    def _place_questions(self) -> None:
        """Those that are up, above the bar at the foot; large letters need its room as well."""
        top, foot = self._theme.status, 0 if self._theme.large else self.bar.tall
        room = QRectF(0, top, self.width(), self.height() - top - foot)
        for panel in (self.way_out, self.why):
            if panel.isVisible():
                panel.place(room)
        self._veil.raise_()


def _ground(theme: Theme) -> Theme:
    """For the board: it scrolls, so that all of it grows where somebody needs larger letters."""
    return Theme(theme.style, theme.unit * SMALLER * theme.text)
