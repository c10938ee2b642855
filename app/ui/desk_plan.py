"""The screen of shift plans: a line's day, copied, imported or put together; tried first, then put down."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QTime, QTimeZone, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDateEdit,
    QFileDialog,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTimeEdit,
    QWidget,
)

from app.desk.office import PutPlan, ReadPlan
from app.ui import desk_words
from app.ui.desk_sheets import SayingSheet
from app.wire.desk import MAX_PLAN_CHARS, PlanSpan

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from app.ui.theme import Theme
    from app.wire.desk import Board, PlanReply, PlanRow

SHIFT = QTime(6, 0), QTime(14, 0)
"""The hours that the form begins with."""


class PlanSheet(SayingSheet):
    """See the module. ``asked`` carries a ``ReadPlan`` or a ``PutPlan``: a dry run, then in earnest.

    What is shown in between is what the hub says would come of it; whatever is changed begins anew.
    """

    title = desk_words.PLAN
    asked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._tried: PutPlan | None = None
        self._say(desk_words.PLAN_HOW)
        self._needs_reason = False
        self._stand: tuple[PlanSpan, ...] = ()
        self.line, self.person, self.station = QComboBox(self), QComboBox(self), QComboBox(self)
        self.day = QDateEdit(QDate.currentDate(), self)
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.begins, self.ends = QTimeEdit(SHIFT[0], self), QTimeEdit(SHIFT[1], self)
        self.table = QTableWidget(0, len(desk_words.PLAN_COLUMNS), self)
        self.table.setHorizontalHeaderLabels(list(desk_words.PLAN_COLUMNS))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.add = QPushButton(desk_words.PLAN_ADD, self)
        self.copy = QPushButton(desk_words.PLAN_COPY, self)
        self.load = QPushButton(desk_words.PLAN_IMPORT, self)
        self.reason = QLineEdit(self)
        self.reason.setMaxLength(400)
        self.reason.setPlaceholderText(desk_words.LOCK_WHY)
        self.take = QPushButton(desk_words.PLAN_DROP, self)
        self.go = QPushButton(desk_words.PLAN_GO, self)
        self.leave = QPushButton(desk_words.LOCK_LEAVE, self)
        for part, name in (
            (self.line, desk_words.PLAN_LINE), (self.day, desk_words.PLAN_DAY),
            (self.person, desk_words.PLAN_PERSON), (self.station, desk_words.PLAN_STATION),
            (self.begins, desk_words.PLAN_FROM), (self.ends, desk_words.PLAN_UNTIL),
            (self.table, desk_words.PLAN), (self.reason, desk_words.LOCK_WHY),
        ):  # fmt: skip
            part.setAccessibleName(name)
            part.setToolTip(name)
        self.line.currentIndexChanged.connect(self._on_line)
        self.day.dateChanged.connect(self.read)
        self.add.clicked.connect(self._add)
        self.copy.clicked.connect(lambda: self._try(replace(self._blank(), copy_days=1)))
        self.load.clicked.connect(self._choose_file)
        self.reason.textChanged.connect(self._label)
        self.take.clicked.connect(self._drop)
        self.table.itemSelectionChanged.connect(self._label)
        self.go.clicked.connect(self._go)
        self.leave.clicked.connect(self._leave)
        self.cancelled.connect(self.hide)
        self._board: Board | None = None
        self._label()
        self.hide()

    def open_up(self, board: Board, now: datetime) -> None:
        """Show the plan of today, of the first own line."""
        self._board = board
        self.line.blockSignals(True)
        self.line.clear()
        for line in board.lines:
            if line.mine:
                self.line.addItem(f"{line.code}  {line.name}", line.code)
        self.line.blockSignals(False)
        self.person.clear()
        for person in board.people:
            self.person.addItem(f"{person.name}  ({person.code})", person.code)
        self.day.blockSignals(True)
        self.day.setDate(QDate(now.year, now.month, now.day))
        self.day.blockSignals(False)
        self._say(desk_words.PLAN_HOW)
        self.show()
        self.raise_()
        self.day.setFocus()
        self._on_line()

    def read(self) -> None:
        """Ask for the plan as it stands."""
        self._tried, self._needs_reason = None, False
        self._label()
        if self.line.currentData():
            asked = self._blank()
            self.asked.emit(ReadPlan(asked.line, asked.day, asked.zone))

    def tell(self, question: object, reply: PlanReply) -> None:
        """What stands, or what would come of what was tried."""
        if isinstance(question, PutPlan):
            bad = sum(row.bad for row in reply.rows)
            if reply.written:
                self._say(desk_words.plan_done(len(reply.rows)))
                self.reason.clear()
                self.read()
                return
            self._say(desk_words.plan_tried(len(reply.rows), bad), bad=bad > 0)
            self._needs_reason = reply.needs_reason
            self._tried = question if reply.rows and not bad else None
        standing = not isinstance(question, PutPlan)
        self._stand = tuple(row.span for row in reply.rows if row.span is not None) if standing else ()
        self._show(reply.rows)
        self._label()

    # -- what is tried and put down -----------------------------------------------------------------------

    def try_file(self, path: Path) -> None:
        """Try a CSV table of assignments."""
        try:
            text = path.read_bytes()[: MAX_PLAN_CHARS + 1].decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            self.say(desk_words.PLAN_UNREADABLE)
            return
        if not text.strip() or len(text) > MAX_PLAN_CHARS:
            self.say(desk_words.PLAN_UNREADABLE)
            return
        self._try(replace(self._blank(), csv=text))

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, desk_words.PLAN_IMPORT, "", "CSV (*.csv)")
        if name:
            self.try_file(Path(name))

    def _add(self) -> None:
        if not (self.person.currentData() and self.station.currentData()):
            return
        day, begins, ends = self.day.date(), self.begins.time(), self.ends.time()
        later = 0 if ends > begins else 1
        start = datetime(day.year(), day.month(), day.day(), begins.hour(), begins.minute()).astimezone()
        end = datetime.combine(start.date() + timedelta(days=later), time(ends.hour(), ends.minute()))
        span = PlanSpan(
            person=self.person.currentData(), station=self.station.currentData(),
            start=start.astimezone(UTC), end=end.astimezone().astimezone(UTC),
        )  # fmt: skip
        self._try(replace(self._blank(), spans=(span,)))

    def _drop(self) -> None:
        if chosen := self._chosen:
            self._try(replace(self._blank(), drop=chosen))

    @property
    def _chosen(self) -> tuple[PlanSpan, ...]:
        """The rows of the plan as it stands that are selected."""
        rows = {index.row() for index in self.table.selectionModel().selectedRows()}
        return tuple(span for number, span in enumerate(self._stand) if number in rows)

    def _blank(self) -> PutPlan:
        zone = bytes(QTimeZone.systemTimeZoneId().data()).decode() or "UTC"
        return PutPlan(self.line.currentData() or "", self.day.date().toString("yyyy-MM-dd"), zone)

    def _try(self, plan: PutPlan) -> None:
        self._tried, self._needs_reason = None, False
        self._label()
        self.asked.emit(plan)

    def _go(self) -> None:
        if self._tried is not None:
            plan = replace(self._tried, dry_run=False, reason=self.reason.text().strip())
            self._tried = None
            self._label()
            self.asked.emit(plan)

    def _leave(self) -> None:
        if self._tried is None:
            self.cancelled.emit()
        else:
            self._say(desk_words.PLAN_HOW)
            self.read()

    def _on_line(self) -> None:
        line = self.line.currentData()
        self.station.clear()
        for station in self._board.stations if self._board is not None else ():
            if station.line == line:
                self.station.addItem(f"{station.code}  {station.name}", station.code)
        self.read()

    # -- what is shown ------------------------------------------------------------------------------------

    def _show(self, rows: tuple[PlanRow, ...]) -> None:
        self.table.clearSelection()
        self.table.setRowCount(len(rows))
        for number, row in enumerate(rows):
            cells, colour = desk_words.plan_row(row)
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setForeground(self.theme.colour(colour))
                self.table.setItem(number, column, item)

    def _label(self) -> None:
        waits = self._tried is not None
        ready = waits and (not self._needs_reason or bool(self.reason.text().strip()))
        self.go.setEnabled(ready)
        self.reason.setEnabled(waits)
        self.take.setEnabled(not waits and bool(self._chosen))
        self.leave.setText(desk_words.CANCEL if waits else desk_words.LOCK_LEAVE)
        self.update()

    def place(self) -> None:
        """Lay out: the line and the day above, the plan, the form, and the buttons below."""
        theme, box = self.theme, self.panel
        edge, gap, high = theme.length(40), theme.length(16), theme.length(84)
        left, wide = round(box.left() + edge), round(box.width() - 2 * edge)
        top, bottom = round(box.top() + theme.length(170)), round(box.bottom() - edge)
        rows = (
            (top, ((self.line, 3), (self.day, 2), (self.copy, 2), (self.load, 2))),
            (
                bottom - 2 * high - gap,
                ((self.person, 4), (self.station, 4), (self.begins, 2), (self.ends, 2), (self.add, 3)),
            ),
            (bottom - high, ((self.reason, 5), (self.take, 3), (self.leave, 3), (self.go, 4))),
        )
        for y, parts in rows:
            room = wide - gap * (len(parts) - 1)
            share, x = sum(part for _, part in parts), left
            for widget, part in parts:
                widget.setGeometry(x, y, round(room * part / share), high)
                x += round(room * part / share) + gap
        first = top + high + gap
        self.table.setGeometry(left, first, wide, bottom - 2 * high - 2 * gap - first)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        self.paint_says()
