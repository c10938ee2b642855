"""What a desk's window and a kiosk's board have in common: the board, calls for help, drops, their undoing.

Who sits there, and how that is told, is for whoever builds on it.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.desk.floor import POOL, FloorPicture, picture
from app.desk.office import Move, StepCall
from app.desk.worker import Check, Decline, Undo
from app.ui import desk_words
from app.ui.desk_board import BoardView, Drop
from app.ui.desk_calls import CallBar
from app.ui.desk_parts import TellBar
from app.ui.tongue import joined, said
from app.wire.desk import BoardReply, CheckReply, MoveReply, SignedIn, Verdict

if TYPE_CHECKING:
    from datetime import datetime

    from app.desk.worker import Answer, Told
    from app.model.errors import Expected
    from app.ui.board_parts import WhyPanel
    from app.ui.desk_parts import WhySheet
    from app.ui.theme import Theme
    from app.wire.clock import Clock
    from app.wire.desk import Board, Outlook

PAINTED_EVERY_MS = 20_000
"""How often times on the board are looked at again."""


class Floor(QWidget):
    """``asked`` carries questions for the worker; ``take`` is given what it tells.

    Nothing is changed here: a drop is shown as under way until the hub has confirmed it, and what the hub
    refuses is put back with its words. ``theme`` is the one of bars and questions, ``ground`` the board's.
    """

    asked = Signal(object)

    def __init__(self, theme: Theme, ground: Theme, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._who: SignedIn | None = None
        self._board: Board | None = None
        self._pending: dict[str, Move] = {}
        self._names: dict[int, str] = {}
        self._undoing: str = ""
        self._asked_why: Move | None = None
        self.calls = CallBar(theme, self)
        self.calls.wanted.connect(self.asked)
        self.board = BoardView(ground, self._now(), self)
        self.tell = TellBar(theme, self)
        self.why = self.make_why(theme)
        self.board.picked_up.connect(lambda card: self.asked.emit(Check(card.person)))
        self.board.dropped.connect(self._on_dropped)
        self.board.declined.connect(lambda drop: self.asked.emit(Decline(_move_of(drop))))
        self.board.refused.connect(lambda text: self.tell.say(text, bad=True))
        self.tell.undone.connect(self._on_undo)
        self.why.answered.connect(self._on_reason)
        self.why.cancelled.connect(self._on_no_reason)
        self._watch = QTimer(self)
        self._watch.setInterval(PAINTED_EVERY_MS)
        self._watch.timeout.connect(self._refresh)
        self._watch.start()

    @abstractmethod
    def make_why(self, theme: Theme) -> WhySheet | WhyPanel:
        """What asks why somebody is moved."""

    @abstractmethod
    def say_head(self, told: str, trouble: str) -> None:
        """Say above or below the board how it stands; ``trouble`` takes its place."""

    @abstractmethod
    def place_board(self) -> None:
        """Lay out board and calls."""

    @abstractmethod
    def signed_out(self, why: str) -> None:
        """The hub knows whoever sits here no more."""

    # -- what is told -------------------------------------------------------------------------------------

    def take(self, told: Told) -> None:
        """Something was answered, or is in the way."""
        if told.trouble is None:
            self._answered(told.question, told.answer)
            return
        self._trouble(told.question, told.trouble)
        if told.trouble.code == "signed_out":
            self.signed_out(told.trouble.sentence)

    def _answered(self, question: object | None, answer: Answer) -> None:
        match question, answer:
            case None, BoardReply() as reply if self._who is not None:
                before, self._board = self._board, reply.board or self._board
                self._refresh()
                self._tell_news(before)
            case Check(person), CheckReply() as reply:
                self.board.tell_outlooks(person, {each.station: each for each in reply.outlooks})
            case Move() as move, MoveReply() as done:
                self._moved(move, done)
            case Undo(), _:
                self.tell.say(desk_words.undone(self._undoing))

    def _trouble(self, question: object | None, trouble: Expected) -> None:
        match question:
            case Move() as move:
                self._pending.pop(move.person, None)
                self._refresh()
                if trouble.code == "needs_reason":
                    self._why(move, desk_words.wished(self._name(move.person), move.target))
                else:
                    self.tell.say(said(trouble.sentence), bad=True)
            case Undo() | StepCall() | Decline():
                self.tell.say(said(trouble.sentence), bad=True)
            case _:
                self.say_head("", trouble.sentence)

    def clear(self) -> None:
        """Nobody sits here: nothing of the floor stays."""
        self._who = self._board = None
        self._pending.clear()
        self._names.clear()
        self._asked_why = None
        self.board.put_back()
        self.board.tell(FloorPicture(), self._now())
        self._tell_calls(FloorPicture(), self._now())
        self.tell.dismiss()
        self.why.hide()

    # -- moving -------------------------------------------------------------------------------------------

    def _on_dropped(self, dropped: tuple[Drop, Outlook | None]) -> None:
        drop, outlook = dropped
        card = drop.card
        move = _move_of(drop)
        policy = self._board.reason if self._board is not None else "withheld"
        part = outlook is not None and (outlook.verdict is Verdict.PART or bool(outlook.breaks))
        if drop.lane != POOL and (policy == "always" or (policy == "withheld" and part)):
            says = joined(said(outlook.says), outlook.breaks) if outlook is not None and part else ""
            self._why(move, joined(desk_words.wished(card.name, drop.lane), says))
        else:
            self._start(move)

    def _why(self, move: Move, how: str) -> None:
        self._asked_why = move
        self.why.ask_why(how)

    def _on_reason(self, reason: str) -> None:
        self.why.hide()
        if self._asked_why is not None:
            move, self._asked_why = self._asked_why, None
            self._start(Move(move.person, move.version, move.source, move.target, reason))
        self.board.setFocus()

    def _on_no_reason(self) -> None:
        self.why.hide()
        self._asked_why = None
        self.board.setFocus()

    def _start(self, move: Move) -> None:
        self._pending[move.person] = move
        self.tell.dismiss()
        self._refresh()
        self.asked.emit(move)

    def _moved(self, move: Move, done: MoveReply) -> None:
        # The lane keeps the card under way until the next board, which follows at once.
        name = self._name(move.person)
        self._names[done.move] = name
        lane = self.board.floor.lanes.get(move.target)
        self.tell.offer(desk_words.moved(name, move.target, lane), done.move)
        QTimer.singleShot(0, self._refresh)

    def _on_undo(self, move: int) -> None:
        self._undoing = self._names.pop(move, "")
        self.asked.emit(Undo(move))

    # -- the board ----------------------------------------------------------------------------------------

    def _tell_news(self, before: Board | None) -> None:
        """Say what another supervisor did since the last board; what can be undone stays in sight."""
        moved = self._board.moved if self._board is not None else None
        known = before.moved if before is not None else moved
        if moved is not None and moved != known and not self.tell.offers:
            self.tell.say(desk_words.moved_by(moved))

    def _refresh(self, told: str = "") -> None:
        if self._who is None:
            return
        if self._board is None:
            self.say_head(told or said(desk_words.LOADING), "")
            return
        now = self._now()
        versions = {person.code: person.version for person in self._board.people}
        for person, move in list(self._pending.items()):
            if versions.get(person) != move.version:  # the hub's board has it, or something newer
                del self._pending[person]
        floor = picture(self._board, now, self._pending.values())
        self.board.tell(floor, now)
        self._tell_calls(floor, now)
        self.say_head(desk_words.counts(floor), "")

    def _tell_calls(self, floor: FloorPicture, now: datetime) -> None:
        """Calls for help stand above the board, and take their room from it."""
        high = self.calls.tall
        self.calls.tell(floor.calls, {name: lane.name for name, lane in floor.lanes.items()}, now)
        if self.calls.tall != high:
            self.place_board()

    def _name(self, person: str) -> str:
        people = self._board.people if self._board is not None else ()
        return next((one.name for one in people if one.code == person), person)

    def _now(self) -> datetime:
        return self._clock.now().astimezone()


def _move_of(drop: Drop) -> Move:
    return Move(drop.card.person, drop.card.version, drop.card.lane, drop.lane)
