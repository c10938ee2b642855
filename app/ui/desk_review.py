"""The review screen: the queue, a case's timeline, a verdict by two people, and the way to the lockdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QListWidgetItem, QPushButton

from app.desk.questions import Judge, ReadCase, ReadReview
from app.ui import desk_quality_words, desk_words
from app.ui.desk_sheets import SayingSheet
from app.ui.desk_timeline import Timeline
from app.wire.desk_review import JudgeVerdict

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

    from app.ui.theme import Theme
    from app.wire.desk_review import CaseReply, ReviewCase, ReviewReply


class ReviewSheet(SayingSheet):
    """See the module. ``asked`` carries questions; ``incident`` a person to lock down, and why."""

    title = desk_quality_words.REVIEW
    asked = Signal(object)
    incident = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._say(desk_quality_words.REVIEW_HOW)
        self._me, self._judges = "", False
        self.queue = QListWidget(self)
        self.queue.setAccessibleName(desk_quality_words.REVIEW)
        self.queue.setWordWrap(True)
        self.timeline = Timeline(theme, self)
        self.why = QLabel(self)
        self.why.setWordWrap(True)
        self.why.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.why.setTextFormat(Qt.TextFormat.PlainText)
        self.reason = QLineEdit(self)
        self.reason.setMaxLength(400)
        self.reason.setPlaceholderText(desk_quality_words.REVIEW_REASON)
        self.reason.setAccessibleName(desk_quality_words.REVIEW_REASON)
        self.justified = QPushButton(desk_quality_words.REVIEW_JUSTIFIED, self)
        self.wrong = QPushButton(desk_quality_words.REVIEW_INCIDENT, self)
        self.wrong.setProperty("danger", True)
        self.confirm = QPushButton(desk_quality_words.REVIEW_CONFIRM, self)
        self.lock = QPushButton(desk_quality_words.REVIEW_LOCK, self)
        self.leave = QPushButton(desk_words.LOCK_LEAVE, self)
        self.queue.currentItemChanged.connect(self._pick)
        self.reason.textChanged.connect(self._label)
        self.justified.clicked.connect(lambda: self._judge(JudgeVerdict.JUSTIFIED))
        self.wrong.clicked.connect(lambda: self._judge(JudgeVerdict.INCIDENT))
        self.confirm.clicked.connect(lambda: self._judge(None))
        self.lock.clicked.connect(self._lock)
        self.leave.clicked.connect(self.cancelled)
        self.cancelled.connect(self.close_up)
        self._label()
        self.hide()

    def open_up(self, me: str) -> None:
        """Show the open cases; ``me`` is who sits here."""
        self._me = me
        self._say(desk_quality_words.REVIEW_HOW)
        self.show()
        self.raise_()
        self.queue.setFocus()
        self.asked.emit(ReadReview())

    def close_up(self) -> None:
        """Hide it, and what it shows."""
        self.queue.clear()
        self.timeline.tell(None)
        self.reason.clear()
        self.hide()

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self.timeline.theme = theme
        super().restyle(theme)

    def tell(self, reply: ReviewReply) -> None:
        """The queue."""
        before = self.case.code if self.case is not None else ""
        self._judges = reply.judges
        self.queue.blockSignals(True)
        self.queue.clear()
        for case in reply.cases:
            item = QListWidgetItem(desk_quality_words.case_line(case))
            item.setData(Qt.ItemDataRole.UserRole, case)
            self.queue.addItem(item)
        self.queue.blockSignals(False)
        codes = [case.code for case in reply.cases]
        self.queue.setCurrentRow(codes.index(before) if before in codes else 0 if codes else -1)
        if not codes:
            self.timeline.tell(None)
            self._say(desk_quality_words.REVIEW_NONE)
        self._pick()

    def tell_case(self, reply: CaseReply) -> None:
        """What happened around the case that is chosen."""
        if self.case is not None and reply.code == self.case.code:
            self.timeline.tell(reply)

    @property
    def case(self) -> ReviewCase | None:
        """The case that is chosen."""
        if self.queue.currentRow() < 0:
            return None
        found: ReviewCase = self.queue.currentItem().data(Qt.ItemDataRole.UserRole)
        return found

    def _pick(self) -> None:
        case = self.case
        self.why.setText("" if case is None else desk_quality_words.case_why(case))
        if case is not None and (self.timeline.case is None or self.timeline.case.code != case.code):
            self.timeline.tell(None)
            self.asked.emit(ReadCase(case.code))
        self._label()

    def _judge(self, verdict: JudgeVerdict | None) -> None:
        case = self.case
        if case is not None:
            self._say(desk_quality_words.REVIEW_HOW)
            self.asked.emit(Judge(case.code, verdict, self.reason.text().strip()))
            self.reason.clear()

    def _lock(self) -> None:
        case = self.case
        if case is not None:
            self.incident.emit(case.person, desk_quality_words.incident_reason(case))

    def _label(self) -> None:
        case = self.case
        mine = case is not None and case.by == self._me
        judged = case is not None and bool(case.verdict) and not case.late
        open_ = case is not None and self._judges and not case.settled
        reason = bool(self.reason.text().strip())
        self.reason.setEnabled(open_)
        self.justified.setEnabled(open_ and reason)
        self.wrong.setEnabled(open_ and reason)
        self.confirm.setEnabled(open_ and judged and not mine)
        self.lock.setEnabled(case is not None and case.verdict == JudgeVerdict.INCIDENT.value)
        self.update()

    # -- layout and painting ------------------------------------------------------------------------------

    def place(self) -> None:
        """Lay out: the queue left; right the timeline, why, and the verdict below."""
        theme, box = self.theme, self.panel
        edge, gap, high = theme.length(40), theme.length(16), theme.length(84)
        left, wide = round(box.left() + edge), round(box.width() - 2 * edge)
        top, bottom = round(box.top() + theme.length(170)), round(box.bottom() - edge)
        narrow = round(wide * 0.3)
        self.queue.setGeometry(left, top, narrow, bottom - top)
        right, room = left + narrow + gap, wide - narrow - gap
        self.why.setFont(theme.font("small"))
        palette = self.why.palette()
        palette.setColor(self.why.foregroundRole(), theme.colour("ink"))
        self.why.setPalette(palette)
        words = theme.length(250)
        below = bottom - 2 * high - gap
        self.timeline.setGeometry(right, top, room, below - words - 2 * gap - top)
        self.why.setGeometry(right, below - words - gap, room, words)
        rows = (
            (below, ((self.reason, 6), (self.justified, 2), (self.wrong, 2))),
            (below + high + gap, ((self.confirm, 3), (self.lock, 3), (self.leave, 3))),
        )
        for y, parts in rows:
            share, x = sum(part for _, part in parts), right
            for widget, part in parts:
                part_wide = round((room - gap * (len(parts) - 1)) * part / share)
                widget.setGeometry(x, y, part_wide, high)
                x += part_wide + gap

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        self.paint_says()
