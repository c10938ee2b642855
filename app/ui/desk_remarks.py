"""What people at kiosks said of pages: the list, the page with the place marked, and the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QListWidget, QListWidgetItem, QPushButton

from app.desk.questions import AnswerRemark, ReadRemarkPage, ReadRemarks
from app.model.remarks import MOST_ANSWER, Verdict
from app.ui import desk_quality_words, desk_words
from app.ui.compare_pane import ComparePane
from app.ui.desk_sheets import SayingSheet
from app.wire.lease import REGION_SCALE

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

    from app.desk.looking import RemarkPicture
    from app.ui.theme import Theme
    from app.wire.desk_remarks import DeskRemark, RemarksReply


class RemarksSheet(SayingSheet):
    """See the module. ``asked`` carries questions. A page is asked for by a press, for each is a look."""

    title = desk_quality_words.REMARKS
    asked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._say(desk_quality_words.REMARKS_HOW)
        self._shown, self._looks = "", False
        self.queue = QListWidget(self)
        self.queue.setAccessibleName(desk_quality_words.REMARKS)
        self.queue.setWordWrap(True)
        self.all = QCheckBox(desk_quality_words.REMARKS_ALL, self)
        self.page = ComparePane(theme, "new", self)
        self.look = QPushButton(desk_quality_words.REMARKS_LOOK, self)
        self.what = QLabel(self)
        self.what.setWordWrap(True)
        self.what.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.what.setTextFormat(Qt.TextFormat.PlainText)
        self.answer = QLineEdit(self)
        self.answer.setMaxLength(MOST_ANSWER)
        self.answer.setPlaceholderText(desk_quality_words.REMARKS_ANSWER)
        self.answer.setAccessibleName(desk_quality_words.REMARKS_ANSWER)
        self.changes = QPushButton(desk_quality_words.REMARKS_CHANGES, self)
        self.stays = QPushButton(desk_quality_words.REMARKS_STAYS, self)
        self.leave = QPushButton(desk_words.LOCK_LEAVE, self)
        self.queue.currentItemChanged.connect(self._pick)
        self.all.toggled.connect(self._read)
        self.answer.textChanged.connect(self._label)
        self.look.clicked.connect(self._look)
        self.changes.clicked.connect(lambda: self._answer(Verdict.CHANGES))
        self.stays.clicked.connect(lambda: self._answer(Verdict.STAYS))
        self.leave.clicked.connect(self.cancelled)
        self.cancelled.connect(self.close_up)
        self._label()
        self.hide()

    def open_up(self) -> None:
        """Show the open remarks."""
        self._say(desk_quality_words.REMARKS_HOW)
        self.show()
        self.raise_()
        self.queue.setFocus()
        self._read()

    def close_up(self) -> None:
        """Hide it, and let go of what it shows."""
        self._let_go()
        self.queue.clear()
        self.answer.clear()
        self.hide()

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self.page.restyle(theme)
        super().restyle(theme)

    def tell(self, reply: RemarksReply) -> None:
        """The list."""
        self._looks = reply.looks
        before = self.remark.code if self.remark is not None else ""
        self.queue.blockSignals(True)
        self.queue.clear()
        for remark in reply.remarks:
            item = QListWidgetItem(desk_quality_words.remark_line(remark))
            item.setData(Qt.ItemDataRole.UserRole, remark)
            self.queue.addItem(item)
        self.queue.blockSignals(False)
        codes = [remark.code for remark in reply.remarks]
        self.queue.setCurrentRow(codes.index(before) if before in codes else 0 if codes else -1)
        self._say(desk_quality_words.REMARKS_HOW if codes else desk_quality_words.REMARKS_NONE)
        self._pick()

    def tell_page(self, picture: RemarkPicture) -> None:
        """The page of the remark that is chosen; another's is let go at once."""
        remark = self.remark
        if remark is None or remark.code != picture.code or not self.isVisible():
            picture.painting.pixels.release()
            return
        self._shown = picture.code
        left, top, right, bottom = (side / REGION_SCALE for side in remark.region)
        self.page.tell(desk_quality_words.remark_page(remark), picture.leaf, 0, ((left, top, right, bottom),))
        self.page.take(picture.painting)
        self._label()

    @property
    def remark(self) -> DeskRemark | None:
        """The one that is chosen."""
        if self.queue.currentRow() < 0:
            return None
        found: DeskRemark = self.queue.currentItem().data(Qt.ItemDataRole.UserRole)
        return found

    def _read(self) -> None:
        self.asked.emit(ReadRemarks(answered=self.all.isChecked()))

    def _pick(self) -> None:
        remark = self.remark
        if remark is None or remark.code != self._shown:
            self._let_go()
        self.what.setText("" if remark is None else desk_quality_words.remark_what(remark))
        self._label()

    def _let_go(self) -> None:
        self._shown = ""
        self.page.leave()
        self.page.tell("", None, None, ())

    def _look(self) -> None:
        if (remark := self.remark) is not None:
            self._say(desk_quality_words.REMARKS_HOW)
            self.asked.emit(ReadRemarkPage(remark, self.page.framing()))

    def _answer(self, verdict: Verdict) -> None:
        if (remark := self.remark) is not None:
            self.asked.emit(AnswerRemark(remark.code, verdict, self.answer.text().strip()))
            self.answer.clear()

    def _label(self) -> None:
        remark = self.remark
        open_ = remark is not None and not remark.verdict
        says = open_ and bool(self.answer.text().strip())
        self.answer.setEnabled(open_)
        self.changes.setEnabled(says)
        self.stays.setEnabled(says)
        words = desk_quality_words
        self.look.setText(words.REMARKS_LOOK if self._looks else words.REMARKS_NO_LOOK)
        self.look.setEnabled(self._looks and remark is not None and remark.number is not None)
        self.look.setVisible(remark is not None and remark.code != self._shown)
        self.update()

    # -- layout and painting ------------------------------------------------------------------------------

    def place(self) -> None:
        """Lay out: the list left, the page in the middle, what was said and the answer below."""
        theme, box = self.theme, self.panel
        edge, gap, high = theme.length(40), theme.length(16), theme.length(84)
        left, wide = round(box.left() + edge), round(box.width() - 2 * edge)
        top, bottom = round(box.top() + theme.length(170)), round(box.bottom() - edge)
        narrow = round(wide * 0.34)
        self.queue.setGeometry(left, top, narrow, bottom - top - high - gap)
        self.all.setGeometry(left, bottom - high, narrow, high)
        self.all.setFont(theme.font("label"))
        self.what.setFont(theme.font("small"))
        for widget in (self.all, self.what):
            palette = widget.palette()
            palette.setColor(widget.foregroundRole(), theme.colour("ink"))
            widget.setPalette(palette)
        right, room = left + narrow + gap, wide - narrow - gap
        words, below = theme.length(120), bottom - 2 * high - gap
        self.page.setGeometry(right, top, room, below - words - 2 * gap - top)
        middle = self.page.geometry().center()
        self.look.setGeometry(middle.x() - theme.length(220), middle.y() - high // 2, theme.length(440), high)
        self.look.raise_()
        self.what.setGeometry(right, below - words - gap, room, words)
        self.answer.setGeometry(right, below, room, high)
        third = (room - 2 * gap) // 3
        for place, button in enumerate((self.changes, self.stays, self.leave)):
            button.setGeometry(right + place * (third + gap), below + high + gap, third, high)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        self.paint_says()
