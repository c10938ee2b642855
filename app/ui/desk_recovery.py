"""What is locked down, as the lockdown screen lists it: each device's receipt, and the way back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QWidget

from app.ui import desk_words, drawing, icons

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtCore import SignalInstance
    from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent

    from app.ui.theme import Theme
    from app.wire.desk import Holder, Locked


class RecoveryView(QScrollArea):
    """See the module. ``returned`` carries what somebody would give back: the screen asks why, and twice."""

    returned = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._list = _List(theme, self)
        self.setWidget(self._list)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(desk_words.LOCK_STANDS)

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._list.theme = theme
        self._place()

    def tell(self, locked: tuple[Locked, ...], now: datetime) -> None:
        """Show how these stand."""
        before, self._list.locked, self._list.now = self._list.locked, locked, now
        if [(one.kind, one.code, one.mine) for one in before] != [
            (one.kind, one.code, one.mine) for one in locked
        ]:
            self._list.make_buttons(self.returned)
        self._place()

    @property
    def buttons(self) -> dict[tuple[str, str], QPushButton]:
        """What gives something back, by kind and code."""
        return self._list.buttons

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """As wide as there is room."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        wide = self.viewport().width()
        self._list.resize(QSize(wide, max(self._list.tall(), self.viewport().height())))
        self._list.place()
        self._list.update()


class _List(QWidget):
    """The painted list, with its buttons."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.locked: tuple[Locked, ...] = ()
        self.now: datetime | None = None
        self.buttons: dict[tuple[str, str], QPushButton] = {}

    def make_buttons(self, returned: SignalInstance) -> None:
        """One for each thing that whoever sits here may give back."""
        for button in self.buttons.values():
            button.deleteLater()
        self.buttons = {}
        for one in self.locked:
            if one.mine:
                button = QPushButton(desk_words.GIVE_BACK, self)
                button.setAccessibleName(desk_words.give_back(one))
                button.clicked.connect(partial(returned.emit, one))
                button.show()
                self.buttons[one.kind.value, one.code] = button

    def tall(self) -> int:
        """How high all of it is."""
        return round(sum(self._height(one) for one in self.locked))

    def _height(self, locked: Locked) -> float:
        return self.theme.length(124 + max(1, len(locked.holders)) * 56 + 20 + 20)

    def place(self) -> None:
        """Put each button at its thing's right."""
        top, wide, high = 0.0, self.theme.length(260), self.theme.length(84)
        for one in self.locked:
            if (button := self.buttons.get((one.kind.value, one.code))) is not None:
                edge = self.theme.length(20)
                button.setGeometry(round(self.width() - wide - edge), round(top + edge), wide, high)
            top += self._height(one)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint what is asked for."""
        theme = self.theme
        with drawing.painting(self) as painter:
            painter.fillRect(event.rect(), theme.colour("ground"))
            if not self.locked or self.now is None:
                font, soft = theme.font("label"), theme.colour("ink_soft")
                drawing.line(painter, QRectF(self.rect()), desk_words.LOCK_NONE, font, soft, drawing.CENTRE)
                return
            top = 0.0
            for one in self.locked:
                box = QRectF(0, top, self.width(), self._height(one) - theme.length(20))
                if box.intersects(QRectF(event.rect())):
                    self._one(painter, one, box, self.now)
                top += self._height(one)

    def _one(self, painter: QPainter, locked: Locked, box: QRectF, now: datetime) -> None:
        theme = self.theme
        row, pad = theme.length(56), theme.length(20)
        painter.setPen(QPen(theme.colour("card_edge"), 1))
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme.px("radius"), theme.px("radius"))
        inside = box.adjusted(pad, pad * 0.6, -pad, 0)
        taken = theme.length(280) if locked.mine else 0
        head = QRectF(inside.left(), inside.top(), inside.width() - taken, theme.length(52))
        title, says, colour = desk_words.recovery(locked, now)
        bold = theme.font("label", bold=True)
        drawing.line(painter, head, title, bold, theme.colour("ink"), drawing.LEFT)
        done = sum(1 for holder in locked.holders if holder.settled)
        told = f"{done} / {len(locked.holders)}" if locked.holders else ""
        drawing.line(painter, head, told, bold, theme.colour(colour), drawing.RIGHT)
        below = head.translated(0, head.height() * 0.92)
        drawing.line(painter, below, says, theme.font("small"), theme.colour(colour), drawing.LEFT)
        top = below.bottom() + theme.length(8)
        for holder in locked.holders:
            self._holder(painter, holder, QRectF(inside.left(), top, inside.width(), row), now)
            top += row

    def _holder(self, painter: QPainter, holder: Holder, box: QRectF, now: datetime) -> None:
        theme = self.theme
        icon, says, until, colour = desk_words.holder(holder, now)
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
