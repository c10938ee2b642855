"""The evidence screen: a client's log with its checkpoint, verdicts on its views, a bundle to take along."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QFileDialog,
    QLabel,
    QListWidget,
    QProgressBar,
    QPushButton,
)

from app.desk.questions import ReadRecords, ReadVerdicts
from app.ui import desk_records_words as words
from app.ui.desk_bundle import WHOLE, BundleMaker, Said
from app.ui.desk_sheets import SayingSheet

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

    from app.desk.questions import Reading
    from app.model.errors import Expected
    from app.ui.theme import Theme
    from app.wire.desk_evidence import ClientRecords, RecordsReply
    from app.wire.desk_review import ReviewReply


class RecordsSheet(SayingSheet):
    """See the module. ``asked`` carries questions."""

    title = words.TITLE
    asked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._say(words.HOW)
        self.maker = BundleMaker(self)
        self.maker.asked.connect(self.asked)
        self.maker.said.connect(self._on_said)
        self._known: dict[str, ClientRecords] = {}
        self.client = QComboBox(self)
        self.client.setAccessibleName(words.CLIENT)
        self.log = QLabel(self)
        self.log.setWordWrap(True)
        self.log.setTextFormat(Qt.TextFormat.PlainText)
        self.log.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.log.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.keep = QPushButton(words.KEEP, self)
        self.verdicts = QListWidget(self)
        self.verdicts.setAccessibleName(words.VERDICTS)
        self.verdicts.setWordWrap(True)
        self.verdicts_title, self.period = QLabel(words.VERDICTS, self), QLabel(words.PERIOD, self)
        self.begin, self.end = QDateEdit(self), QDateEdit(self)
        for field, name in ((self.begin, words.FROM), (self.end, words.TO)):
            field.setDisplayFormat("yyyy-MM-dd")
            field.setCalendarPopup(True)
            field.setAccessibleName(name)
            field.setToolTip(name)
            field.dateChanged.connect(self._label)
        self.make = QPushButton(words.MAKE, self)
        self.progress = QProgressBar(self)
        self.progress.setRange(0, WHOLE)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(words.PROGRESS)
        self.leave = QPushButton(words.LEAVE, self)
        self.client.currentIndexChanged.connect(self._pick)
        self.keep.clicked.connect(self._keep)
        self.make.clicked.connect(self._make)
        self.leave.clicked.connect(self.cancelled)
        self.cancelled.connect(self.close_up)
        self.hide()

    def open_up(self, today: datetime) -> None:
        """Show the logs; the period is the month until ``today``."""
        if not self.maker.busy:
            self._say(words.HOW)
        self.end.setDate(QDate(today.year, today.month, today.day))
        self.begin.setDate(self.end.date().addMonths(-1))
        self.show()
        self.raise_()
        self.client.setFocus()
        self.asked.emit(ReadRecords())
        self._label()

    def close_up(self) -> None:
        """Hide it, and what it shows."""
        self._known = {}
        self.client.clear()
        self.verdicts.clear()
        self.log.clear()
        self.hide()

    def tell(self, reply: RecordsReply) -> None:
        """The logs."""
        before = self.client.currentData()
        self._known = {one.client: one for one in reply.clients}
        self.client.blockSignals(True)
        self.client.clear()
        for one in reply.clients:
            self.client.addItem(words.client_line(one), one.client)
        self.client.setCurrentIndex(max(0, self.client.findData(before)))
        self.client.blockSignals(False)
        if not reply.clients:
            self._say(words.NOBODY)
        self._pick()

    def tell_verdicts(self, client: str, reply: ReviewReply) -> None:
        """The verdicts on views of a client's pages; those of one that is chosen no more are dropped."""
        if client == self.client.currentData():
            self.verdicts.clear()
            self.verdicts.addItems(list(map(words.verdict_line, reply.cases)) or [words.NO_VERDICTS])

    def _on_said(self, said: Said) -> None:
        self._say(said.says)
        self.progress.setValue(said.done)
        self._label()

    def failed(self, question: Reading, trouble: Expected) -> None:
        """A question of the bundle's came to nothing: it may be asked again, or is by itself."""
        self.maker.fail(question, trouble)
        self.say(trouble.sentence)
        self._label()

    def choose(self, name: str) -> Path | None:
        """Ask where to save a file."""
        chosen, _ = QFileDialog.getSaveFileName(self, words.WHERE, str(Path.home() / name))
        return Path(chosen) if chosen else None

    def _pick(self) -> None:
        one = self._known.get(self.client.currentData() or "")
        self.log.setText("" if one is None else words.log_lines(one))
        self.verdicts.clear()
        if one is not None:
            self.asked.emit(ReadVerdicts(one.client))
        self._label()

    def _keep(self) -> None:
        one = self._known.get(self.client.currentData() or "")
        path = None if one is None else self.choose(f"{one.client}-{one.size}.checkpoint")
        if one is None or path is None:
            return
        try:
            path.write_text(one.checkpoint, encoding="utf-8", newline="")
            self._say(words.kept(path))
        except OSError as error:
            self._say(words.not_kept(path, error.strerror or ""), bad=True)
        self.update()

    def _make(self) -> None:
        if self.maker.busy:
            self.maker.stop()
            return
        client = str(self.client.currentData() or "")
        begin, end = (self._day(field) for field in (self.begin, self.end))
        path = self.choose(words.file_name(client, begin, end))
        if not client or path is None:
            return
        self.progress.setValue(0)
        self.maker.begin(client, begin, end + timedelta(days=1), path)
        self._label()

    @staticmethod
    def _day(field: QDateEdit) -> datetime:
        date = field.date()
        return datetime.combine(datetime(date.year(), date.month(), date.day(), tzinfo=UTC), time(), UTC)

    def _label(self) -> None:
        one = self._known.get(self.client.currentData() or "")
        order = self.begin.date() <= self.end.date()
        busy = self.maker.busy
        self.progress.setVisible(busy)
        self.make.setText(words.STOP if busy else words.MAKE)
        self.make.setEnabled(busy or (one is not None and one.size > 0 and order))
        self.keep.setEnabled(one is not None)
        self.update()

    # -- layout and painting ------------------------------------------------------------------------------

    def place(self) -> None:
        """Lay out: left the log and its checkpoint, then the bundle; right the verdicts."""
        theme, box = self.theme, self.panel
        edge, gap, high = theme.length(40), theme.length(16), theme.length(84)
        left, wide = round(box.left() + edge), round(box.width() - 2 * edge)
        top, bottom = round(box.top() + theme.length(170)), round(box.bottom() - edge)
        half = (wide - 2 * gap) // 2
        right = left + half + 2 * gap
        for label, size in ((self.log, "label"), (self.verdicts_title, "body"), (self.period, "body")):
            label.setFont(theme.font(size))
            palette = label.palette()
            palette.setColor(label.foregroundRole(), theme.colour("ink"))
            label.setPalette(palette)
        line = theme.length(56)
        self.client.setGeometry(left, top, half, high)
        thick = theme.length(24)
        below = bottom - 2 * high - line - thick - 3 * gap
        self.log.setGeometry(left, top + high + gap, half, below - high - 2 * gap - (top + high + gap))
        self.keep.setGeometry(left, below - high - gap, half, high)
        self.period.setGeometry(left, below, half, line)
        third = (half - gap) // 2
        self.begin.setGeometry(left, below + line + gap, third, high)
        self.end.setGeometry(left + third + gap, below + line + gap, half - third - gap, high)
        self.make.setGeometry(left, bottom - high, half, high)
        self.progress.setGeometry(left, bottom - high - gap - thick, half, thick)
        line_colour, ground, done = (theme.colour(name).name() for name in ("line", "surface", "accent"))
        self.progress.setStyleSheet(
            f"QProgressBar {{ border: {theme.length(2)}px solid {line_colour}; background: {ground}; }}"
            f"QProgressBar::chunk {{ background: {done}; }}"
        )
        self.verdicts_title.setGeometry(right, top, half, high)
        self.verdicts.setGeometry(right, top + high + gap, half, bottom - high - gap - (top + high + gap))
        self.leave.setGeometry(right, bottom - high, half, high)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        self.paint_says()
