"""The desk's window: signing in, the board, what happens to a drop, and how it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from app.desk.bundling import Bundling
from app.desk.floor import POOL, FloorPicture, picture
from app.desk.looking import RemarkPicture
from app.desk.office import Lock, Move, ReadPlan, StepCall
from app.desk.questions import (
    AnswerRemark,
    BeginBundle,
    FetchBundle,
    Fetched,
    FollowBundle,
    Judge,
    ReadCase,
    ReadExposure,
    Reading,
    ReadPages,
    ReadRecords,
    ReadRemarkPage,
    ReadRemarks,
    ReadReview,
)
from app.desk.worker import Check, Decline, Recovery, SignIn, SignOut, Undo
from app.model.terms import Role
from app.ui import desk_words
from app.ui.desk_board import BoardView, Drop
from app.ui.desk_calls import CallBar
from app.ui.desk_exposure import ExposureSheet
from app.ui.desk_layout import desk_unit
from app.ui.desk_lockdown import LockdownSheet
from app.ui.desk_parts import DeskBar, SignInSheet, TellBar, WhySheet
from app.ui.desk_plan import PlanSheet
from app.ui.desk_records import RecordsSheet
from app.ui.desk_remarks import RemarksSheet
from app.ui.desk_review import ReviewSheet
from app.ui.theme import Theme
from app.wire.desk import BoardReply, CheckReply, MoveReply, PlanReply, RecoveryReply, SignedIn, Verdict
from app.wire.desk_evidence import BundleReply, RecordsReply
from app.wire.desk_exposure import ExposedPagesReply, ExposureReply
from app.wire.desk_remarks import RemarksReply
from app.wire.desk_review import CaseReply, ReviewReply

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtGui import QResizeEvent

    from app.desk.worker import Answer, Told
    from app.model.errors import Expected
    from app.ui.theme import Style
    from app.wire.clock import Clock
    from app.wire.desk import Board, Outlook

PAINTED_EVERY_MS = 20_000
"""How often times on the board are looked at again."""

IDLE_MS = 10 * 60_000
"""So long nobody touches anything until whoever sits here is signed out."""

_TOUCHES = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel})


class DeskWindow(QWidget):
    """See the module. ``asked`` carries questions for the worker; ``take`` is given what it tells.

    Nothing is changed here: a drop is shown as under way until the hub has confirmed it, and what the hub
    refuses is put back with its words.
    """

    asked = Signal(object)

    def __init__(self, style: Style, clock: Clock) -> None:
        super().__init__()
        self._style, self._clock = style, clock
        self._theme = Theme(style, desk_unit(1920, 1080))
        self._who: SignedIn | None = None
        self._board: Board | None = None
        self._pending: dict[str, Move] = {}
        self._names: dict[int, str] = {}
        self._undoing: str = ""
        self._asked_why: tuple[Move, str] | None = None
        self.bar = DeskBar(self._theme, self)
        self.calls = CallBar(self._theme, self)
        self.calls.wanted.connect(self.asked)
        self.board = BoardView(self._theme, self._now(), self)
        self.tell = TellBar(self._theme, self)
        self.why = WhySheet(self._theme, self)
        self.lockdown = LockdownSheet(self._theme, self)
        self.plan = PlanSheet(self._theme, self)
        self.exposure = ExposureSheet(self._theme, self)
        self.review = ReviewSheet(self._theme, self)
        self.remarks = RemarksSheet(self._theme, self)
        self.sign_in = SignInSheet(self._theme, self)
        self.bar.left.connect(self.sign_out)
        self._connect_board()
        self.tell.undone.connect(self._on_undo)
        self.why.answered.connect(self._on_reason)
        self.why.cancelled.connect(self._on_no_reason)
        self.bar.lockdown_asked.connect(self._open_lockdown)
        self.bar.plan_asked.connect(self._open_plan)
        self.plan.asked.connect(self.asked)
        self._connect_readings()
        self.lockdown.asked.connect(lambda: self.asked.emit(Recovery()))
        self.lockdown.wanted.connect(self.asked)
        self.sign_in.tried.connect(lambda badge, pin: self.asked.emit(SignIn(badge, pin)))
        for key, does in (
            (Qt.Key.Key_F2, self.bar.plan.click),
            (Qt.Key.Key_F3, self.bar.exposure.click),
            (Qt.Key.Key_F5, self.bar.review.click),
            (Qt.Key.Key_F4, self.bar.lockdown.click),
            (Qt.Key.Key_F6, self.bar.remarks.click),
            (Qt.Key.Key_F10, self.bar.out.click),
            (Qt.Modifier.CTRL | Qt.Key.Key_Z, self.tell.undo),
        ):
            QShortcut(QKeySequence(key), self, does)
        self._watch = QTimer(self)
        self._watch.setInterval(PAINTED_EVERY_MS)
        self._watch.timeout.connect(self._refresh)
        self._watch.start()
        self.idle = QTimer(self)
        self.idle.setSingleShot(True)
        self.idle.setInterval(IDLE_MS)
        self.idle.timeout.connect(self.sign_out)
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)
        self.setWindowTitle(desk_words.WINDOW_TITLE)
        self.setMinimumSize(960, 600)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def sign_out(self) -> None:
        """Leave the desk."""
        self.asked.emit(SignOut())
        self._out()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Somebody is here."""
        if event.type() in _TOUCHES and self._who is not None:
            self.idle.start()
        return super().eventFilter(watched, event)

    def take(self, told: Told) -> None:
        """Something was answered, or is in the way."""
        if told.trouble is not None:
            self._trouble(told.question, told.trouble)
            return
        match told.question, told.answer:
            case SignIn(), SignedIn() as who:
                self._sit(who)
            case None, BoardReply() as reply if self._who is not None:
                before, self._board = self._board, reply.board or self._board
                self._refresh()
                self._tell_news(before)
            case Check(person), CheckReply() as reply:
                self.board.tell_outlooks(person, {each.station: each for each in reply.outlooks})
            case Move() as move, MoveReply() as done:
                self._moved(move, done)
            case Recovery(), RecoveryReply() as reply:
                self.lockdown.tell(reply, self._now())
            case ReadPlan(), PlanReply() as reply:
                self.plan.tell(told.question, reply)
            case Reading() as asked, _:
                self._told_of(asked, told.answer)
            case Lock(), _:
                self.asked.emit(Recovery())
            case Undo(), _:
                self.tell.say(desk_words.undone(self._undoing))

    def _sit(self, who: SignedIn) -> None:
        self._who = who
        self.idle.start()
        self.sign_in.hide()
        self.board.setFocus()
        self._refresh("" if who.only_audits else desk_words.LOADING)
        if who.only_audits:
            self.exposure.open_up(alone=True, records=True)

    # -- moving -------------------------------------------------------------------------------------------

    def _on_dropped(self, dropped: tuple[Drop, Outlook | None]) -> None:
        drop, outlook = dropped
        card = drop.card
        move = _move_of(drop)
        policy = self._board.reason if self._board is not None else "withheld"
        part = outlook is not None and (outlook.verdict is Verdict.PART or bool(outlook.breaks))
        if drop.lane != POOL and (policy == "always" or (policy == "withheld" and part)):
            says = f"{outlook.says} {outlook.breaks} " if outlook is not None and part else ""
            self._why(move, f"{card.name} to {drop.lane}. {says}")
        else:
            self._start(move)

    def _why(self, move: Move, how: str) -> None:
        self._asked_why = move, how
        self.why.ask(how.strip())

    def _on_reason(self, reason: str) -> None:
        self.why.hide()
        if self._asked_why is not None:
            move, self._asked_why = self._asked_why[0], None
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

    def _open_lockdown(self) -> None:
        if self._who is not None:
            self.lockdown.open_up()

    def _open_plan(self) -> None:
        if self._board is not None:
            self.plan.open_up(self._board, self._now())

    def _tell_news(self, before: Board | None) -> None:
        """Say what another supervisor did since the last board; what can be undone stays in sight."""
        moved = self._board.moved if self._board is not None else None
        known = before.moved if before is not None else moved
        if moved is not None and moved != known and not self.tell.offers:
            self.tell.say(desk_words.moved_by(moved))

    def _open_review(self) -> None:
        if self._who is not None:
            self.review.open_up(self._who.person)

    def _connect_board(self) -> None:
        self.board.picked_up.connect(lambda card: self.asked.emit(Check(card.person)))
        self.board.dropped.connect(self._on_dropped)
        self.board.declined.connect(lambda drop: self.asked.emit(Decline(_move_of(drop))))
        self.board.refused.connect(lambda text: self.tell.say(text, bad=True))

    def _connect_readings(self) -> None:
        """The screens that read what the hub knows beside the board."""
        self.bar.review_asked.connect(self._open_review)
        self.review.asked.connect(self.asked)
        self.review.incident.connect(self._on_incident)
        self.bar.remarks_asked.connect(self._open_remarks)
        self.remarks.asked.connect(self.asked)
        self.bar.exposure_asked.connect(self._open_exposure)
        self.exposure.asked.connect(self.asked)
        self.exposure.left.connect(self.sign_out)
        self.records = RecordsSheet(self._theme, self)
        self.exposure.records_asked.connect(lambda: self.records.open_up(self._now()))
        self.records.asked.connect(self.asked)

    def _told_of(self, asked: Reading, answer: Answer) -> None:
        match asked, answer:
            case ReadExposure(), ExposureReply() as reply:
                self.exposure.tell(reply)
            case ReadPages(), ExposedPagesReply() as reply:
                self.exposure.tell_pages(asked, reply)
            case ReadRecords(), RecordsReply() as reply:
                self.records.tell(reply)
            case ((BeginBundle() | FollowBundle() | FetchBundle()), (BundleReply() | Fetched()) as told):
                self.records.maker.tell(told)
            case ReadReview(), ReviewReply() as reply if self.records.isVisible():
                self.records.tell_verdicts(reply)
            case ReadReview(), ReviewReply() as reply:
                self.review.tell(reply)
            case ReadCase(), CaseReply() as reply:
                self.review.tell_case(reply)
            case Judge(), _:
                self.asked.emit(ReadReview())
            case ReadRemarks(), RemarksReply() as reply:
                self.remarks.tell(reply)
            case ReadRemarkPage(), RemarkPicture() as picture:
                self.remarks.tell_page(picture)
            case AnswerRemark(), _:
                self.asked.emit(ReadRemarks(answered=self.remarks.all.isChecked()))

    def _open_remarks(self) -> None:
        if self._who is not None:
            self.remarks.open_up()

    def _on_incident(self, person: str, reason: str) -> None:
        self.review.close_up()
        self.lockdown.open_up(person, reason)

    def _open_exposure(self) -> None:
        if self._who is not None:
            self.exposure.open_up(records=bool({Role.QUALITY, Role.ADMIN} & set(self._who.roles)))

    def _on_undo(self, move: int) -> None:
        self._undoing = self._names.pop(move, "")
        self.asked.emit(Undo(move))

    # -- what is told -------------------------------------------------------------------------------------

    def _trouble(self, question: object | None, trouble: Expected) -> None:
        match question:
            case SignIn():
                if trouble.code == "pin_wanted":
                    self.sign_in.ask_pin()
                elif trouble.code in {"wrong_pin", "pin_wait"}:
                    self.sign_in.ask_pin(trouble.sentence, bad=True)
                else:
                    self.sign_in.ask_badge(trouble.sentence, bad=True)
                return
            case Move() as move:
                self._pending.pop(move.person, None)
                self._refresh()
                if trouble.code == "needs_reason":
                    self._why(move, f"{self._name(move.person)} to {move.target}.")
                else:
                    self.tell.say(trouble.sentence, bad=True)
            case Undo() | StepCall() | Decline():
                self.tell.say(trouble.sentence, bad=True)
            case Lock() | Recovery():
                self.lockdown.say(trouble.sentence)
            case ReadPlan() | Reading():
                self._not_read(question, trouble)
            case _:
                self.bar.tell("", self._name_here(), trouble.sentence)
        if trouble.code == "signed_out":
            self._out(trouble.sentence)

    def _not_read(self, question: ReadPlan | Reading, trouble: Expected) -> None:
        if isinstance(question, Bundling):
            self.records.failed(question, trouble)
        else:
            self._sheet_of(question).say(trouble.sentence)

    def _sheet_of(
        self, question: ReadPlan | Reading
    ) -> PlanSheet | ExposureSheet | ReviewSheet | RemarksSheet | RecordsSheet:
        if isinstance(question, ReadPlan):
            return self.plan
        if isinstance(question, ReadRemarks | ReadRemarkPage | AnswerRemark):
            return self.remarks
        if isinstance(question, ReadRecords) or self.records.isVisible():
            return self.records
        return self.exposure if isinstance(question, ReadExposure | ReadPages) else self.review

    def _out(self, how: str = desk_words.BADGE_HOW) -> None:
        self._who = self._board = None
        self.idle.stop()
        self._pending.clear()
        self.board.put_back()
        self.board.tell(FloorPicture(), self._now())
        self._tell_calls(FloorPicture(), self._now())
        self.tell.dismiss()
        self.why.hide()
        self.lockdown.close_up()
        self.plan.hide()
        self.exposure.close_up()
        self.review.close_up()
        self.remarks.close_up()
        self.records.maker.leave()
        self.records.close_up()
        self.sign_in.show()
        self.sign_in.raise_()
        self.sign_in.ask_badge(how)

    def _refresh(self, told: str = "") -> None:
        if self._who is None:
            return
        if self._board is None:
            self.bar.tell(told or desk_words.LOADING, self._name_here(), "")
            return
        now = self._now()
        versions = {person.code: person.version for person in self._board.people}
        for person, move in list(self._pending.items()):
            if versions.get(person) != move.version:  # the hub's board has it, or something newer
                del self._pending[person]
        floor = picture(self._board, now, self._pending.values())
        self.board.tell(floor, now)
        self._tell_calls(floor, now)
        self.bar.tell(desk_words.counts(floor), self._name_here(), "")

    def _tell_calls(self, floor: FloorPicture, now: datetime) -> None:
        """Calls for help stand between bar and board, and take their room from the board."""
        high = self.calls.tall
        self.calls.tell(floor.calls, {name: lane.name for name, lane in floor.lanes.items()}, now)
        if self.calls.tall != high:
            self._place_board()

    def _name(self, person: str) -> str:
        people = self._board.people if self._board is not None else ()
        return next((one.name for one in people if one.code == person), person)

    def _name_here(self) -> str:
        return self._who.name if self._who is not None else ""

    def _now(self) -> datetime:
        return self._clock.now().astimezone()

    # -- layout -------------------------------------------------------------------------------------------

    def _place_board(self) -> None:
        bar, calls = self._theme.length(88), self.calls.tall
        self.calls.setGeometry(0, bar, self.width(), calls)
        self.board.setGeometry(0, bar + calls, self.width(), self.height() - bar - calls)

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Another size may mean another scale."""
        unit = desk_unit(self.width(), self.height())
        if unit != self._theme.unit:
            self._theme = Theme(self._style, unit)
            for part in (
                self.bar, self.calls, self.board, self.tell, self.why, self.lockdown, self.plan,
                self.exposure,
                self.review,
                self.remarks, self.records,
                self.sign_in,
            ):  # fmt: skip
                part.restyle(self._theme)
        bar = self._theme.length(88)
        self.bar.setGeometry(0, 0, self.width(), bar)
        self._place_board()
        wide, high = min(self.width() - 40, self._theme.length(1500)), self._theme.length(100)
        self.tell.setGeometry(
            (self.width() - wide) // 2, self.height() - high - self._theme.length(28), wide, high
        )
        self.why.setGeometry(self.rect())
        self.lockdown.setGeometry(self.rect())
        self.plan.setGeometry(self.rect())
        self.exposure.setGeometry(self.rect())
        self.review.setGeometry(self.rect())
        self.remarks.setGeometry(self.rect())
        self.records.setGeometry(self.rect())
        self.sign_in.setGeometry(self.rect())


def _move_of(drop: Drop) -> Move:
    return Move(drop.card.person, drop.card.version, drop.card.lane, drop.lane)
