"""The desk's window: signing in, the board, what happens to a drop, and how it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from app.desk.bundling import Bundling
from app.desk.looking import RemarkPicture
from app.desk.office import Lock, ReadPlan
from app.desk.questions import (
    AnswerRemark,
    BeginBundle,
    FetchBundle,
    Fetched,
    FollowBundle,
    Judge,
    ReadBadges,
    ReadCase,
    ReadExposure,
    Reading,
    ReadPages,
    ReadRecords,
    ReadRemarkPage,
    ReadRemarks,
    ReadReview,
    ReadVerdicts,
    WithdrawBadge,
)
from app.desk.tracing import TraceDone, TracePictures, TraceProgress, TraceSaved, Tracing
from app.desk.worker import Recovery, SignIn, SignOut
from app.model.terms import Role
from app.ui import desk_trace_words, desk_words
from app.ui.desk_badges import BadgesSheet
from app.ui.desk_exposure import ExposureSheet
from app.ui.desk_floor import Floor
from app.ui.desk_layout import desk_unit
from app.ui.desk_lockdown import LockdownSheet
from app.ui.desk_parts import DeskBar, SignInSheet, WhySheet
from app.ui.desk_plan import PlanSheet
from app.ui.desk_records import RecordsSheet
from app.ui.desk_remarks import RemarksSheet
from app.ui.desk_review import ReviewSheet
from app.ui.desk_trace import TraceSheet
from app.ui.theme import Theme
from app.wire.desk import PlanReply, RecoveryReply, SignedIn
from app.wire.desk_badges import HoldersReply
from app.wire.desk_evidence import BundleReply, RecordsReply
from app.wire.desk_exposure import ExposedPagesReply, ExposureReply
from app.wire.desk_remarks import RemarksReply
from app.wire.desk_review import CaseReply, ReviewReply

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from app.desk.worker import Answer
    from app.model.errors import Expected
    from app.ui.theme import Style
    from app.wire.clock import Clock

IDLE_MS = 10 * 60_000
"""So long nobody touches anything until whoever sits here is signed out."""

_TOUCHES = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel})


class DeskWindow(Floor):
    """See the module: the floor with a bar above, and the sheets that open over it."""

    def __init__(self, style: Style, clock: Clock) -> None:
        theme = Theme(style, desk_unit(1920, 1080))
        super().__init__(theme, theme, clock)
        self._style, self._theme = style, theme
        self.bar = DeskBar(self._theme, self)
        self.lockdown = LockdownSheet(self._theme, self)
        self.plan = PlanSheet(self._theme, self)
        self.exposure = ExposureSheet(self._theme, self)
        self.review = ReviewSheet(self._theme, self)
        self.remarks = RemarksSheet(self._theme, self)
        self.badges = BadgesSheet(self._theme, self)
        self.sign_in = SignInSheet(self._theme, self)
        self.bar.left.connect(self.sign_out)
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
            (Qt.Key.Key_F7, self._open_trace),
            (Qt.Key.Key_F8, self.bar.badges.click),
            (Qt.Key.Key_F10, self.bar.out.click),
            (Qt.Modifier.CTRL | Qt.Key.Key_Z, self.tell.undo),
        ):
            QShortcut(QKeySequence(key), self, does)
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

    def _answered(self, question: object | None, answer: Answer) -> None:
        match question, answer:
            case SignIn(), SignedIn() as who:
                self._sit(who)
            case Recovery(), RecoveryReply() as reply:
                self.lockdown.tell(reply, self._now())
            case ReadPlan(), PlanReply() as reply:
                self.plan.tell(question, reply)
            case Tracing() as asked, _:
                self._told_of_trace(asked, answer)
            case Reading() as asked, _:
                self._told_of(asked, answer)
            case Lock(), _:
                self.asked.emit(Recovery())
            case _:
                super()._answered(question, answer)

    def _sit(self, who: SignedIn) -> None:
        self._who = who
        self.idle.start()
        self.sign_in.hide()
        self.board.setFocus()
        self._refresh("" if who.only_audits else desk_words.LOADING)
        if who.only_audits:
            self.exposure.open_up(alone=True, records=True)

    # -- the sheets ---------------------------------------------------------------------------------------

    def _open_lockdown(self) -> None:
        if self._who is not None:
            self.lockdown.open_up()

    def _open_plan(self) -> None:
        if self._board is not None:
            self.plan.open_up(self._board, self._now())

    def _open_review(self) -> None:
        if self._who is not None:
            self.review.open_up(self._who.person)

    def _connect_readings(self) -> None:
        """The screens that read what the hub knows beside the board."""
        self.bar.review_asked.connect(self._open_review)
        self.review.asked.connect(self.asked)
        self.review.incident.connect(self._on_incident)
        self.bar.remarks_asked.connect(self._open_remarks)
        self.remarks.asked.connect(self.asked)
        self.bar.badges_asked.connect(self._open_badges)
        self.badges.asked.connect(self.asked)
        self.bar.exposure_asked.connect(self._open_exposure)
        self.exposure.asked.connect(self.asked)
        self.exposure.left.connect(self.sign_out)
        self.records = RecordsSheet(self._theme, self)
        self.exposure.records_asked.connect(lambda: self.records.open_up(self._now()))
        self.records.asked.connect(self.asked)
        self.trace = TraceSheet(self._theme, self, self._now)
        self.exposure.trace_asked.connect(self._open_trace)
        self.trace.asked.connect(self.asked)

    def _told_of_trace(self, asked: Tracing, answer: Answer) -> None:
        match asked, answer:
            case TracePictures(), TraceProgress() as progress:
                self.trace.tell_progress(asked, progress)
            case TracePictures(), TraceDone() as done:
                if self.trace.tell_done(asked, done) and not self.trace.isVisible():
                    self.tell.say(desk_trace_words.READY)
            case _, TraceSaved() as saved:
                self.trace.tell_saved(saved)

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
            case ReadVerdicts(client), ReviewReply() as reply:
                self.records.tell_verdicts(client, reply)
            case ReadReview(), ReviewReply() as reply:
                self.review.tell(reply)
            case ReadCase(), CaseReply() as reply:
                self.review.tell_case(reply)
            case Judge(), _:
                self.asked.emit(ReadReview())
            case _:
                self._told_of_people(asked, answer)

    def _told_of_people(self, asked: Reading, answer: Answer) -> None:
        match asked, answer:
            case ReadRemarks(), RemarksReply() as reply:
                self.remarks.tell(reply)
            case ReadRemarkPage(), RemarkPicture() as picture:
                self.remarks.tell_page(picture)
            case ReadBadges(), HoldersReply() as reply:
                self.badges.tell(reply)
            case WithdrawBadge() as withdrawn, _:
                self.badges.tell_withdrawn(withdrawn)
            case AnswerRemark(), _:
                self.asked.emit(ReadRemarks(answered=self.remarks.all.isChecked()))

    def _open_remarks(self) -> None:
        if self._who is not None:
            self.remarks.open_up()

    def _open_badges(self) -> None:
        if self._who is not None:
            self.badges.open_up()

    def _on_incident(self, person: str, reason: str) -> None:
        self.review.close_up()
        self.lockdown.open_up(person, reason)

    def _open_exposure(self) -> None:
        if self._who is not None:
            self.exposure.open_up(records=self._who.only_audits or self._judges)

    def _open_trace(self) -> None:
        if self._who is not None and (self._who.only_audits or self._judges):
            self.trace.open_up(audits=self._who.only_audits)

    @property
    def _judges(self) -> bool:
        """Whether quality or an administrator sits here."""
        return self._who is not None and bool({Role.QUALITY, Role.ADMIN} & set(self._who.roles))

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
            case Lock() | Recovery():
                self.lockdown.say(trouble.sentence)
            case ReadPlan() | Reading():
                self._not_read(question, trouble)
            case _:
                super()._trouble(question, trouble)

    def make_why(self, theme: Theme) -> WhySheet:
        """One of a few reasons, or own words."""
        return WhySheet(theme, self)

    def say_head(self, told: str, trouble: str) -> None:
        """Say in the bar how the floor stands."""
        self.bar.tell(told, self._name_here(), trouble)

    def signed_out(self, why: str) -> None:
        """The hub takes this pass no more."""
        if self._who is not None:
            self._out(why)

    def _not_read(self, question: ReadPlan | Reading, trouble: Expected) -> None:
        if isinstance(question, Bundling):
            self.records.failed(question, trouble)
        else:
            self._sheet_of(question).say(trouble.sentence)

    def _sheet_of(
        self, question: ReadPlan | Reading
    ) -> PlanSheet | ExposureSheet | ReviewSheet | RemarksSheet | RecordsSheet | BadgesSheet | TraceSheet:
        if isinstance(question, ReadPlan):
            return self.plan
        if isinstance(question, Tracing):
            return self.trace
        if isinstance(question, ReadRemarks | ReadRemarkPage | AnswerRemark):
            return self.remarks
        if isinstance(question, ReadBadges | WithdrawBadge):
            return self.badges
        if isinstance(question, ReadRecords | ReadVerdicts):
            return self.records
        return self.exposure if isinstance(question, ReadExposure | ReadPages) else self.review

    def _out(self, how: str = desk_words.BADGE_HOW) -> None:
        self.clear()
        self.idle.stop()
        self.lockdown.close_up()
        self.plan.hide()
        self.exposure.close_up()
        self.review.close_up()
        self.remarks.close_up()
        self.badges.close_up()
        self.records.maker.leave()
        self.records.close_up()
        self.trace.close_up()
        self.sign_in.show()
        self.sign_in.raise_()
        self.sign_in.ask_badge(how)

    def _name_here(self) -> str:
        return self._who.name if self._who is not None else ""

    # -- layout -------------------------------------------------------------------------------------------

    def place_board(self) -> None:
        """Bar, calls, board, one below the other."""
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
                self.remarks, self.records, self.badges, self.trace,
                self.sign_in,
            ):  # fmt: skip
                part.restyle(self._theme)
        bar = self._theme.length(88)
        self.bar.setGeometry(0, 0, self.width(), bar)
        self.place_board()
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
        self.badges.setGeometry(self.rect())
        self.records.setGeometry(self.rect())
        self.trace.setGeometry(self.rect())
        self.sign_in.setGeometry(self.rect())
