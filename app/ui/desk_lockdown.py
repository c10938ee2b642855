"""The lockdown screen: choose what goes or comes back, say why, confirm twice; how it is recovered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QPushButton, QWidget

from app.desk.office import Lock
from app.ui import desk_words
from app.ui.desk_recovery import RecoveryView
from app.ui.desk_sheets import LargeSheet
from app.wire.desk import LockKind, LockTarget

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtGui import QPaintEvent

    from app.ui.theme import Theme
    from app.wire.desk import Locked, RecoveryReply

POLL_MS = 2000


class LockdownSheet(LargeSheet):
    """See the module. ``wanted`` carries a ``Lock`` after the second confirmation; ``asked`` wants news."""

    wanted = Signal(object)
    asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._reply: RecoveryReply | None = None
        self._returned: LockTarget | None = None
        self._wanted = ""
        self._confirmed = 0
        self._trouble = ""
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText(desk_words.LOCK_FIND)
        self.filter.textChanged.connect(self._list)
        self.targets = QListWidget(self)
        self.targets.setAccessibleName(desk_words.LOCK_WHAT)
        self.targets.currentItemChanged.connect(self._choose)
        self.reason = QLineEdit(self)
        self.reason.setMaxLength(400)
        self.reason.setPlaceholderText(desk_words.LOCK_WHY)
        self.reason.textChanged.connect(self._begin_anew)
        self.go = QPushButton(self)
        self.go.clicked.connect(self._go)
        self.leave = QPushButton(desk_words.LOCK_LEAVE, self)
        self.leave.clicked.connect(self._leave)
        self.recovery = RecoveryView(theme, self)
        self.recovery.returned.connect(self._give_back)
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self.asked)
        self.cancelled.connect(self.close_up)
        self._begin_anew()
        self.hide()

    def open_up(self, person: str = "", reason: str = "") -> None:
        """Show, and keep asking how the recovery goes; with this person chosen, and this reason."""
        self._trouble, self._returned, self._wanted = "", None, person
        self.targets.setCurrentRow(-1)
        self.filter.clear()
        self.reason.setText(reason)
        self.show()
        self.raise_()
        self.filter.setFocus()
        if person:
            self._list()
        self.asked.emit()
        self._poll.start()

    def close_up(self) -> None:
        """Back to the board."""
        self._poll.stop()
        self.hide()

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self.recovery.restyle(theme)
        super().restyle(theme)

    def tell(self, reply: RecoveryReply, now: datetime) -> None:
        """How it stands."""
        before, self._reply = self._reply, reply
        if before is None or before.targets != reply.targets:
            self._list()
        self.recovery.tell(reply.locked, now)

    def say(self, trouble: str) -> None:
        """Why nothing was locked down."""
        self._trouble = trouble
        self._begin_anew()

    @property
    def shown(self) -> tuple[Locked, ...]:
        """What the recovery lists."""
        return self._reply.locked if self._reply is not None else ()

    # -- choosing and confirming --------------------------------------------------------------------------

    def _target(self) -> LockTarget | None:
        if self._returned is not None:
            return self._returned
        if self.targets.currentRow() < 0:
            return None
        target: LockTarget = self.targets.currentItem().data(Qt.ItemDataRole.UserRole)
        return target

    def _list(self) -> None:
        wanted = self.filter.text().casefold().split()
        chosen, returned = self._target(), self._returned
        self.targets.clear()
        for target in self._reply.targets if self._reply is not None else ():
            text = desk_words.lock_target(target)
            if all(word in text.casefold() for word in wanted):
                item = QListWidgetItem(text)
                item.setData(Qt.ItemDataRole.UserRole, target)
                self.targets.addItem(item)
                wished = (target.kind, target.code) == (LockKind.PERSON, self._wanted)
                if wished or (target == chosen and returned is None):
                    self.targets.setCurrentItem(item)
                    self._wanted = ""
        self._returned = returned
        self._begin_anew()

    def _choose(self) -> None:
        self._returned = None
        self._begin_anew()

    def _give_back(self, locked: Locked) -> None:
        self.targets.setCurrentRow(-1)
        self._returned = LockTarget(kind=locked.kind, code=locked.code, name="")
        self._trouble = ""
        self.reason.setFocus()
        self._begin_anew()

    def _begin_anew(self) -> None:
        """Whatever changes before the second confirmation begins with the first again."""
        self._confirmed = 0
        self._label()

    def _go(self) -> None:
        target = self._target()
        if target is None:
            return
        self._confirmed += 1
        if self._confirmed > 2:
            release = self._returned is not None
            lock = Lock(target.kind, target.code, self.reason.text().strip(), release=release)
            self._trouble, self._returned = "", None
            self.reason.clear()
            self.wanted.emit(lock)
        self._label()

    def _leave(self) -> None:
        if self._confirmed or self._returned is not None:
            self._choose()
        else:
            self.close_up()

    def _label(self) -> None:
        target = self._target()
        ready = target is not None and bool(self.reason.text().strip())
        self.go.setEnabled(ready)
        returns = self._returned is not None
        self.go.setText(desk_words.lock_step(target, self._confirmed, returns=returns))
        self.go.setProperty("danger", self._confirmed > 0)
        self.go.style().polish(self.go)  # a property changes no style by itself
        self.leave.setText(desk_words.CANCEL if self._confirmed or returns else desk_words.LOCK_LEAVE)
        self.update()

    # -- layout and painting ------------------------------------------------------------------------------

    def place(self) -> None:
        """Lay out: choosing on the left, how the recovery goes on the right."""
        theme, box = self.theme, self.panel
        edge, gap, high = theme.length(40), theme.length(16), theme.length(84)
        left, wide = round(box.left() + edge), round(box.width() * 0.36 - edge)
        top = round(box.top() + theme.length(210))
        bottom = round(box.bottom() - edge)
        self.filter.setGeometry(left, top, wide, high)
        self.leave.setGeometry(left, bottom - high, wide, high)
        self.go.setGeometry(left, bottom - 2 * high - gap, wide, high)
        self.reason.setGeometry(left, bottom - 3 * high - 2 * gap, wide, high)
        first = top + high + gap
        self.targets.setGeometry(left, first, wide, bottom - 3 * high - 3 * gap - first)
        right = round(box.left() + box.width() * 0.36 + edge)
        self.recovery.setGeometry(right, top, round(box.right() - edge - right), bottom - top)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        returns = self._returned is not None
        confirm = desk_words.lock_confirm(self._target(), self._confirmed, returns=returns)
        how = self._trouble or confirm or (desk_words.GIVE_HOW if returns else desk_words.LOCK_HOW)
        colour = "error_mark" if self._trouble or confirm else "ink_soft"
        self.paint_panel(desk_words.LOCK, how, colour=colour)
