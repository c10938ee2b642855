"""Who holds which badge or card, and taking a lost one away: chosen, a reason, two presses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QPushButton

from app.desk.questions import ReadBadges, WithdrawBadge
from app.ui import desk_badge_words, desk_words
from app.ui.desk_sheets import SayingSheet

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

    from app.ui.theme import Theme
    from app.wire.desk_badges import BadgeHolder, HeldBadge, HoldersReply

_ROLE = Qt.ItemDataRole.UserRole


class BadgesSheet(SayingSheet):
    """See the module. ``asked`` carries questions. Whatever changes before the second press begins anew."""

    title = desk_badge_words.BADGES
    asked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._holders: tuple[BadgeHolder, ...] = ()
        self._confirmed = False
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText(desk_badge_words.FIND)
        self.filter.setAccessibleName(desk_badge_words.FIND)
        self.people = QListWidget(self)
        self.people.setAccessibleName(desk_badge_words.BADGES)
        self.badges = QListWidget(self)
        self.badges.setAccessibleName(desk_badge_words.HELD)
        self.badges.setWordWrap(True)
        self.reason = QLineEdit(self)
        self.reason.setMaxLength(400)
        self.reason.setPlaceholderText(desk_badge_words.WHY)
        self.reason.setAccessibleName(desk_badge_words.WHY)
        self.go = QPushButton(self)
        self.leave = QPushButton(desk_words.LOCK_LEAVE, self)
        self.filter.textChanged.connect(self._list)
        self.people.currentItemChanged.connect(self._show)
        self.badges.currentItemChanged.connect(self._begin_anew)
        self.reason.textChanged.connect(self._begin_anew)
        self.go.clicked.connect(self._go)
        self.leave.clicked.connect(self.cancelled)
        self.cancelled.connect(self.close_up)
        self.hide()

    def open_up(self) -> None:
        """Show everybody."""
        self._say(desk_badge_words.HOW)
        self.show()
        self.raise_()
        self.filter.setFocus()
        self.asked.emit(ReadBadges())

    def close_up(self) -> None:
        """Hide it, and let go of what it shows."""
        self._holders = ()
        for field in (self.filter, self.reason):
            field.clear()
        self._list()
        self.hide()

    def tell(self, reply: HoldersReply) -> None:
        """The list, as the hub has it."""
        self._holders = reply.holders
        self._list()

    def tell_withdrawn(self, asked: WithdrawBadge) -> None:
        """It was done; the list is read again."""
        self.reason.clear()
        self._say(desk_badge_words.withdrawn(asked.name, asked.tail))
        self.asked.emit(ReadBadges())

    @property
    def holder(self) -> BadgeHolder | None:
        """Who is chosen."""
        if self.people.currentRow() < 0:
            return None
        found: BadgeHolder = self.people.currentItem().data(_ROLE)
        return found

    @property
    def badge(self) -> HeldBadge | None:
        """Which badge of theirs."""
        if self.badges.currentRow() < 0:
            return None
        found: HeldBadge = self.badges.currentItem().data(_ROLE)
        return found

    def _list(self) -> None:
        wanted, before = self.filter.text().casefold().split(), self.holder
        self.people.blockSignals(True)
        self.people.clear()
        for holder in self._holders:
            text = desk_badge_words.holder_line(holder)
            if all(word in text.casefold() for word in wanted):
                item = QListWidgetItem(text)
                item.setData(_ROLE, holder)
                self.people.addItem(item)
                if before is not None and before.code == holder.code:
                    self.people.setCurrentItem(item)
        self.people.blockSignals(False)
        self._show()

    def _show(self) -> None:
        """The badges of whoever is chosen; the one in use is chosen first."""
        holder = self.holder
        self.badges.blockSignals(True)
        self.badges.clear()
        for badge in holder.badges if holder is not None else ():
            item = QListWidgetItem(desk_badge_words.badge_line(badge))
            item.setData(_ROLE, badge)
            self.badges.addItem(item)
            if badge.until is None:
                self.badges.setCurrentItem(item)
        self.badges.blockSignals(False)
        self._begin_anew()

    def _begin_anew(self) -> None:
        if self._confirmed:
            self._confirmed = False
            self._say(desk_badge_words.HOW)
        self._label()

    def _go(self) -> None:
        holder, badge = self.holder, self.badge
        if holder is None or badge is None:
            return
        if self._confirmed:
            asked = WithdrawBadge(
                holder.code, holder.name, badge.number, badge.tail, self.reason.text().strip()
            )
            self._begin_anew()
            self.asked.emit(asked)
        else:
            self._confirmed = True
            self.say(desk_badge_words.confirms(holder, badge))
            self._label()

    def _label(self) -> None:
        badge = self.badge
        ready = badge is not None and badge.until is None and bool(self.reason.text().strip())
        self.reason.setEnabled(badge is not None and badge.until is None)
        self.go.setEnabled(ready)
        self.go.setText(desk_badge_words.step(badge, confirmed=self._confirmed))
        self.go.setProperty("danger", self._confirmed)
        self.go.style().polish(self.go)  # a property changes no style by itself
        self.update()

    # -- layout and painting ------------------------------------------------------------------------------

    def place(self) -> None:
        """Lay out: people left, their badges right, what is done below them."""
        theme, box = self.theme, self.panel
        edge, gap, high = theme.length(40), theme.length(16), theme.length(84)
        left, wide = round(box.left() + edge), round(box.width() - 2 * edge)
        top, bottom = round(box.top() + theme.length(190)), round(box.bottom() - edge)
        narrow = round(wide * 0.42)
        self.filter.setGeometry(left, top, narrow, high)
        self.people.setGeometry(left, top + high + gap, narrow, bottom - top - high - gap)
        right, room = left + narrow + gap, wide - narrow - gap
        below = bottom - 2 * high - gap
        self.badges.setGeometry(right, top, room, below - gap - top)
        self.reason.setGeometry(right, below, room, high)
        half = (room - gap) // 2
        self.go.setGeometry(right, below + high + gap, half, high)
        self.leave.setGeometry(right + half + gap, below + high + gap, half, high)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        self.paint_says()
