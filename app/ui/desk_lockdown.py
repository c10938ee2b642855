"""The lockdown screen: choose what, say why, confirm twice; then how the recovery goes, device by device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QPushButton, QWidget

from app.desk.office import Lock
from app.ui import desk_words, drawing, icons
from app.ui.desk_parts import Sheet

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtGui import QPainter, QPaintEvent

    from app.ui.theme import Theme
    from app.wire.desk import Holder, Locked, LockTarget, RecoveryReply

POLL_MS = 2000


class LockdownSheet(Sheet):
    """See the module. ``wanted`` carries a ``Lock`` after the second confirmation; ``asked`` wants news."""

    wanted = Signal(object)
    asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._reply: RecoveryReply | None = None
        self._now: datetime | None = None
        self._confirmed = 0
        self._trouble = ""
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText(desk_words.LOCK_FIND)
        self.filter.textChanged.connect(self._list)
        self.targets = QListWidget(self)
        self.targets.setAccessibleName(desk_words.LOCK_WHAT)
        self.targets.currentItemChanged.connect(self._begin_anew)
        self.reason = QLineEdit(self)
        self.reason.setMaxLength(400)
        self.reason.setPlaceholderText(desk_words.LOCK_WHY)
        self.reason.textChanged.connect(self._begin_anew)
        self.go = QPushButton(self)
        self.go.clicked.connect(self._go)
        self.leave = QPushButton(desk_words.LOCK_LEAVE, self)
        self.leave.clicked.connect(self._leave)
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self.asked)
        self.cancelled.connect(self.close_up)
        self._begin_anew()
        self.hide()

    def open_up(self) -> None:
        """Show, and keep asking how the recovery goes."""
        self._trouble = ""
        self.filter.clear()
        self.reason.clear()
        self.show()
        self.raise_()
        self.filter.setFocus()
        self.asked.emit()
        self._poll.start()

    def close_up(self) -> None:
        """Back to the board."""
        self._poll.stop()
        self.hide()

    def tell(self, reply: RecoveryReply, now: datetime) -> None:
        """How it stands."""
        before, self._reply, self._now = self._reply, reply, now
        if before is None or before.targets != reply.targets:
            self._list()
        self.update()

    def say(self, trouble: str) -> None:
        """Why nothing was locked down."""
        self._trouble = trouble
        self._begin_anew()

    @property
    def shown(self) -> tuple[Locked, ...]:
        """What the recovery lists."""
        return self._reply.locked if self._reply is not None else ()

    def tall(self) -> float:
        """The panel's height at unit 1."""
        return 1500

    @property
    def panel(self) -> QRectF:
        """Nearly the whole window."""
        edge = self.theme.length(48)
        return QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)

    # -- choosing and confirming --------------------------------------------------------------------------

    def _target(self) -> LockTarget | None:
        if self.targets.currentRow() < 0:
            return None
        target: LockTarget = self.targets.currentItem().data(Qt.ItemDataRole.UserRole)
        return target

    def _list(self) -> None:
        wanted = self.filter.text().casefold().split()
        chosen = self._target()
        self.targets.clear()
        for target in self._reply.targets if self._reply is not None else ():
            text = desk_words.lock_target(target)
            if all(word in text.casefold() for word in wanted):
                item = QListWidgetItem(text)
                item.setData(Qt.ItemDataRole.UserRole, target)
                self.targets.addItem(item)
                if target == chosen:
                    self.targets.setCurrentItem(item)
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
            lock = Lock(target.kind, target.code, self.reason.text().strip())
            self._trouble = ""
            self.reason.clear()
            self.wanted.emit(lock)
        self._label()

    def _leave(self) -> None:
        if self._confirmed:
            self._begin_anew()
        else:
            self.close_up()

    def _label(self) -> None:
        target = self._target()
        ready = target is not None and bool(self.reason.text().strip())
        self.go.setEnabled(ready)
        self.go.setText(desk_words.lock_step(target, self._confirmed))
        self.go.setProperty("danger", self._confirmed > 0)
        self.go.style().polish(self.go)  # a property changes no style by itself
        self.leave.setText(desk_words.CANCEL if self._confirmed else desk_words.LOCK_LEAVE)
        self.update()

    # -- layout and painting ------------------------------------------------------------------------------

    def place(self) -> None:
        """Lay out the left column."""
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

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        confirm = desk_words.lock_confirm(self._target(), self._confirmed)
        how = self._trouble or confirm or desk_words.LOCK_HOW
        colour = "error_mark" if self._trouble or confirm else "ink_soft"
        self.paint_panel(desk_words.LOCK, how, colour=colour)
        theme, box = self.theme, self.panel
        edge = theme.length(40)
        room = QRectF(box.left() + box.width() * 0.36 + edge, box.top() + theme.length(210), 0, 0)
        room.setBottomRight(box.bottomRight())
        room.adjust(0, 0, -edge, -edge)
        with drawing.painting(self) as painter:
            painter.setClipRect(room)
            if not self.shown:
                font = theme.font("label")
                drawing.line(
                    painter, room, desk_words.LOCK_NONE, font, theme.colour("ink_soft"), drawing.CENTRE
                )
            top = room.top()
            for locked in self.shown:
                top = self._locked(painter, locked, QRectF(room.left(), top, room.width(), 0))
                if top > room.bottom():
                    break

    def _locked(self, painter: QPainter, locked: Locked, box: QRectF) -> float:
        """One thing that is locked down, and its devices; returns where it ends."""
        theme = self.theme
        assert self._now is not None
        row, pad = theme.length(56), theme.length(20)
        box.setHeight(theme.length(124) + max(1, len(locked.holders)) * row + pad)
        painter.setPen(QPen(theme.colour("card_edge"), 1))
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(box, theme.px("radius"), theme.px("radius"))
        inside = box.adjusted(pad, pad * 0.6, -pad, 0)
        head = QRectF(inside.left(), inside.top(), inside.width(), theme.length(52))
        title, says, colour = desk_words.recovery(locked, self._now)
        drawing.line(painter, head, title, theme.font("label", bold=True), theme.colour("ink"), drawing.LEFT)
        done = sum(1 for holder in locked.holders if holder.settled)
        told = f"{done} of {len(locked.holders)}" if locked.holders else ""
        drawing.line(painter, head, told, theme.font("label", bold=True), theme.colour(colour), drawing.RIGHT)
        below = head.translated(0, head.height() * 0.92)
        drawing.line(painter, below, says, theme.font("small"), theme.colour(colour), drawing.LEFT)
        top = below.bottom() + theme.length(8)
        for holder in locked.holders:
            self._holder(painter, holder, QRectF(inside.left(), top, inside.width(), row))
            top += row
        return box.bottom() + theme.length(20)

    def _holder(self, painter: QPainter, holder: Holder, box: QRectF) -> None:
        theme = self.theme
        assert self._now is not None
        icon, says, until, colour = desk_words.holder(holder, self._now)
        side = box.height() * 0.6
        spot = QRectF(box.left(), box.top() + (box.height() - side) / 2, side, side)
        ground = theme.style.colours["surface"]
        icons.draw(painter, icon, spot, theme.style.colours[colour], ground=ground)
        name = QRectF(spot.right() + theme.length(14), box.top(), theme.length(150), box.height())
        font = theme.font("small", bold=True)
        drawing.line(painter, name, holder.kiosk, font, theme.colour("ink"), drawing.LEFT)
        soft = theme.font("small")
        wide = min(drawing.width_of(until, soft) + 2, box.width() * 0.4)
        right = QRectF(box.right() - wide, box.top(), wide, box.height())
        drawing.line(painter, right, until, soft, theme.colour("ink_soft"), drawing.RIGHT)
        middle = QRectF(name.right(), box.top(), right.left() - name.right() - theme.length(12), box.height())
        drawing.line(painter, middle, says, soft, theme.colour(colour), drawing.LEFT)
