"""The exposure screen: a heat map of shares by person, kiosk, line and so on, and the pages behind one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QTableView,
)

from app.desk.questions import ReadExposure, ReadPages
from app.model.exposure import Share
from app.ui import desk_records_words, desk_trace_words, desk_words
from app.ui.desk_sheets import SayingSheet
from app.ui.theme import contrast
from app.wire.desk_exposure import By

if TYPE_CHECKING:
    from PySide6.QtCore import QPersistentModelIndex
    from PySide6.QtGui import QPainter, QPaintEvent
    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

    from app.ui.theme import Theme
    from app.wire.desk_exposure import ExposedPage, ExposedPagesReply, ExposureReply

    Index = QModelIndex | QPersistentModelIndex

Role = Qt.ItemDataRole
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
_NAMES = 1
"""Columns before the shares: who or what it is."""


def _rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


class HeatModel(QAbstractTableModel):
    """The shares as a table; 5,000 rows cost no more than those on the screen."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.reply: ExposureReply | None = None

    def tell(self, reply: ExposureReply | None) -> None:
        """Show this table."""
        self.beginResetModel()
        self.reply = reply
        self.endResetModel()

    def share(self, row: int, column: int) -> Share:
        """What is in a cell."""
        assert self.reply is not None
        return Share(self.reply.rows[row].given[column], self.reply.columns[column].pages)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 (Qt's name and default)
        """Whoever was given anything."""
        return 0 if self.reply is None or parent.isValid() else len(self.reply.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 (Qt's name and default)
        """The name, and the clients with their parts."""
        return 0 if self.reply is None or parent.isValid() else _NAMES + len(self.reply.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:  # noqa: N802
        """What a column is of."""
        if self.reply is None or orientation is Qt.Orientation.Vertical or role != Role.DisplayRole:
            return None
        if section < _NAMES:
            return desk_words.EXPOSED_BY[self.reply.by]
        return desk_words.exposure_column(self.reply.columns[section - _NAMES])

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """A name, or a share with its shade."""
        if self.reply is None or not index.isValid():
            return None
        row = self.reply.rows[index.row()]
        if index.column() < _NAMES:
            named = row.code if row.name == row.code else f"{row.name}  ({row.code})"
            return named if role in {Role.DisplayRole, Role.AccessibleTextRole} else None
        return self._cell(index.row(), index.column() - _NAMES, role)

    def _cell(self, row: int, column: int, role: int) -> Any:
        assert self.reply is not None
        share, limit = self.share(row, column), self.reply.columns[column].limit
        over = share.beyond(limit)
        shade = self.shade(share, over=over)
        said = desk_words.share_said(self.reply.rows[row].name, share, limit)
        told = {
            Role.TextAlignmentRole: _CENTRE,
            Role.DisplayRole: desk_words.share_cell(share, over=over),
            Role.ToolTipRole: said,
            Role.AccessibleTextRole: said,
            Role.BackgroundRole: shade,
            Role.ForegroundRole: self.ink(shade.name()),
        }
        return told.get(Role(role))

    def shade(self, share: Share, *, over: bool) -> QColor:
        """From the surface, for nothing, to the accent, for all; over its limit in the colour of errors."""
        colours = self.theme.style.colours
        if over:
            return QColor(colours["error_mark"])
        ground, full = QColor(colours["surface"]), QColor(colours["accent"])
        part = share.percent / 100
        mixed = [round(a + (b - a) * part) for a, b in zip(_rgb(ground), _rgb(full), strict=True)]
        return QColor(*mixed)

    def ink(self, ground: str) -> QColor:
        """What can be read best on a shade."""
        return QColor(max(("#000000", "#ffffff"), key=lambda ink: contrast(ink, ground)))


class _Framed(QStyledItemDelegate):
    """A chosen cell keeps its shade, and gets a frame."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint."""
        chosen = option.state & QStyle.StateFlag.State_Selected
        option.state &= ~(QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus)
        super().paint(painter, option, index)
        if chosen:
            wide = max(2, self.theme.length(6))
            half = wide // 2
            painter.setPen(QPen(self.theme.colour("ink"), wide))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(option.rect.adjusted(half, half, -half, -half))


class PagesModel(QAbstractTableModel):
    """The pages behind a share."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.pages: tuple[ExposedPage, ...] = ()

    def tell(self, pages: tuple[ExposedPage, ...]) -> None:
        """Show these."""
        self.beginResetModel()
        self.pages = pages
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 (Qt's name and default)
        """All that count."""
        return 0 if parent.isValid() else len(self.pages)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 (Qt's name and default)
        """As ``desk_words.EXPOSED_PAGE``."""
        return 0 if parent.isValid() else len(desk_words.EXPOSED_PAGE)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:  # noqa: N802
        """The columns."""
        if orientation is Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return desk_words.EXPOSED_PAGE[section]
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """A page; what was given is bold in the accent."""
        page = self.pages[index.row()]
        if role == Role.DisplayRole:
            return desk_words.exposed_page(page)[index.column()]
        if role == Role.ForegroundRole:
            return self.theme.colour("accent" if page.given else "ink_soft")
        return None


class ExposureSheet(SayingSheet):
    """See the module. ``asked`` carries what is to be read; ``left``: whoever has no other screen goes."""

    title = desk_words.EXPOSURE
    asked = Signal(object)
    records_asked = Signal()
    trace_asked = Signal()
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._say(desk_words.EXPOSURE_HOW)
        self._picked: ReadPages | None = None
        self.by = QComboBox(self)
        for by in By:
            self.by.addItem(desk_words.EXPOSED_BY[by], by)
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText(desk_words.EXPOSURE_FIND)
        self.heat = HeatModel(theme, self)
        self.sifted = QSortFilterProxyModel(self)
        self.sifted.setSourceModel(self.heat)
        self.sifted.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.sifted.setFilterKeyColumn(0)
        self.map = self._table(self.sifted, desk_words.EXPOSURE)
        self.frame = _Framed(theme, self)
        self.map.setItemDelegate(self.frame)
        self.map.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.pages = PagesModel(theme, self)
        self.list = self._table(self.pages, desk_words.EXPOSURE_PAGES)
        self.list.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.leave = QPushButton(desk_words.LOCK_LEAVE, self)
        self.records = QPushButton(desk_records_words.OPEN, self)
        self.records.clicked.connect(self.records_asked)
        self.trace = QPushButton(desk_trace_words.OPEN, self)
        self.trace.clicked.connect(self.trace_asked)
        for part, name in ((self.by, desk_words.EXPOSURE_BY), (self.filter, desk_words.EXPOSURE_FIND)):
            part.setAccessibleName(name)
            part.setToolTip(name)
        self.by.currentIndexChanged.connect(self._read)
        self.filter.textChanged.connect(self.sifted.setFilterFixedString)
        self.map.selectionModel().currentChanged.connect(self._pick)
        self._alone = False
        self.leave.clicked.connect(self.cancelled)
        self.cancelled.connect(self._leave)
        self.hide()

    def _table(self, model: QAbstractTableModel | QSortFilterProxyModel, name: str) -> QTableView:
        table = QTableView(self)
        table.setModel(model)
        table.setAccessibleName(name)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.horizontalHeader().setStretchLastSection(True)
        return table

    def open_up(self, *, alone: bool = False, records: bool = False) -> None:
        """Show the shares of all people; ``alone``: there is no board behind. ``records``: log and evidence,
        and whose view a leaked picture shows, may be asked for.
        """
        self._alone = alone
        self.records.setVisible(records)
        self.trace.setVisible(records)
        self.leave.setText(desk_words.SIGN_OUT if alone else desk_words.LOCK_LEAVE)
        self._say(desk_words.EXPOSURE_HOW)
        self.show()
        self.raise_()
        self.map.setFocus()
        self._read()

    def close_up(self) -> None:
        """Hide it, and what it shows."""
        self.heat.tell(None)
        self.pages.tell(())
        self._picked = None
        self.hide()

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self.heat.theme = self.pages.theme = self.frame.theme = theme
        super().restyle(theme)

    def tell(self, reply: ExposureReply) -> None:
        """The table."""
        if reply.by == self.by.currentData():
            self.heat.tell(reply)
            self._say(desk_words.exposure_says(reply))
            self._spread()
            self.update()

    def _spread(self) -> None:
        """Shares that all fit are equally wide; of more, each is as wide as what it says."""
        header, columns = self.map.horizontalHeader(), range(self.sifted.columnCount())
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        wide = [max(self.map.sizeHintForColumn(at), header.sectionSizeHint(at)) for at in columns]
        if sum(wide) <= self.map.viewport().width():
            for at in columns[_NAMES:]:
                header.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)

    def tell_pages(self, question: ReadPages, reply: ExposedPagesReply) -> None:
        """The pages of the cell that was picked last."""
        if question == self._picked:
            self.pages.tell(reply.pages)
            self.list.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            self._say(desk_words.exposed_pages_says(question.code, reply.pages))

    def _leave(self) -> None:
        self.hide()
        if self._alone:
            self.left.emit()

    def _read(self) -> None:
        self.heat.tell(None)
        self.pages.tell(())
        self._picked = None
        self.asked.emit(ReadExposure(By(self.by.currentData())))

    def _pick(self, current: QModelIndex, _before: QModelIndex) -> None:
        place = self.sifted.mapToSource(current)
        reply = self.heat.reply
        if reply is None or not place.isValid() or place.column() < _NAMES:
            return
        column = reply.columns[place.column() - _NAMES]
        code = reply.rows[place.row()].code
        self._picked = ReadPages(reply.by, code, column.client, column.part)
        self.asked.emit(self._picked)

    # -- layout and painting ------------------------------------------------------------------------------

    def place(self) -> None:
        """Lay out: whose shares above, the heat map left, the pages of a cell right."""
        theme, box = self.theme, self.panel
        edge, gap, high = theme.length(40), theme.length(16), theme.length(84)
        left, wide = round(box.left() + edge), round(box.width() - 2 * edge)
        top, bottom = round(box.top() + theme.length(170)), round(box.bottom() - edge)
        share = round(wide * 0.55)
        self.by.setGeometry(left, top, round(share * 0.4), high)
        self.filter.setGeometry(left + round(share * 0.4) + gap, top, share - round(share * 0.4) - gap, high)
        button = min(theme.length(360), (wide - share - 3 * gap) // 3)
        for place, part in enumerate((self.leave, self.records, self.trace), 1):
            part.setGeometry(left + wide - place * button - (place - 1) * gap, top, button, high)
        first = top + high + gap
        self.map.setGeometry(left, first, share, bottom - first)
        self.list.setGeometry(left + share + gap, first, wide - share - gap, bottom - first)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        self.paint_says()
