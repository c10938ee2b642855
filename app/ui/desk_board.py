"""The board: one painted widget with all lanes and cards; people are moved by mouse, finger or keyboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QApplication, QWidget

from app.desk.floor import POOL, FloorPicture
from app.ui import desk_words, drawing
from app.ui.desk_layout import lay_out
from app.ui.desk_painter import LanePainter

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtGui import (
        QFocusEvent,
        QKeyEvent,
        QMouseEvent,
        QPainter,
        QPaintEvent,
        QResizeEvent,
        QWheelEvent,
    )

    from app.desk.floor import Card
    from app.ui.theme import Theme
    from app.wire.desk import Outlook

SCROLL_EVERY_MS = 16
EDGE = 60.0
"""How near to the upper or lower edge a card in hand scrolls the board, in pixels."""


@dataclass(frozen=True)
class Drop:
    """A card was let go over a lane (``POOL``: over the unassigned)."""

    card: Card
    lane: str


@dataclass
class _Hand:
    """A card in hand: ``grip`` is where it is held, ``at`` the pointer; by keyboard ``lane`` is chosen."""

    card: Card
    box: QRectF
    grip: QPointF
    at: QPointF
    lane: str | None = None
    keyboard: bool = False


class BoardView(QWidget):
    """See the module. ``picked_up`` asks for outlooks; ``dropped`` is a wish, not a fact; ``refused`` says
    why nothing is done.
    """

    picked_up = Signal(object)
    dropped = Signal(object)
    refused = Signal(str)

    def __init__(self, theme: Theme, now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._painter = LanePainter(theme, now)
        self._floor = FloorPicture()
        self._layout = lay_out(self._floor, 1, 1, theme)
        self._scroll = {"field": 0.0, "pool": 0.0}
        self._outlooks: dict[str, Outlook] = {}
        self._checked = ""
        self._hand: _Hand | None = None
        self._pressed: tuple[Card, QRectF, QPointF] | None = None
        self._panned: tuple[str, QPointF] | None = None
        self._focus: tuple[str, str, bool] | None = None
        self._edge = QTimer(self)
        self._edge.setInterval(SCROLL_EVERY_MS)
        self._edge.timeout.connect(self._scroll_at_edge)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(desk_words.BOARD)

    # -- what is shown ------------------------------------------------------------------------------------

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        self._painter = LanePainter(theme, self._painter.now)
        self._place()

    def tell(self, floor: FloorPicture, now: datetime) -> None:
        """Show this floor. A card in hand stays in hand unless it is gone."""
        if now.date() != self._painter.now.date():
            self._painter = LanePainter(self._theme, now)
        self._painter.now = now
        if floor == self._floor:
            return
        self._floor = floor
        hand = self._hand
        if hand is not None and not any(card.key == hand.card.key for card in self._cards()):
            self.put_back()
        self._place()

    def tell_outlooks(self, person: str, outlooks: dict[str, Outlook]) -> None:
        """What the hub says of the person in hand; for another person it comes too late."""
        if self._hand is not None and self._hand.card.person == person:
            self._outlooks, self._checked = outlooks, person
            self.update()

    @property
    def floor(self) -> FloorPicture:
        """What is shown."""
        return self._floor

    @property
    def carrying(self) -> Card | None:
        """The card in hand."""
        return self._hand.card if self._hand is not None else None

    def outlook(self, lane: str) -> Outlook | None:
        """What a drop on a lane would come to, as far as it is known."""
        return self._outlooks.get(lane)

    def card_box(self, person: str, lane: str) -> QRectF:
        """Where a person's card is on the widget; empty where there is none."""
        for card, box in self._visible_cards():
            if (card.person, card.lane) == (person, lane):
                return box
        return QRectF()

    def lane_box(self, lane: str) -> QRectF:
        """Where a lane is on the widget."""
        if lane == POOL:
            return self._layout.pool
        placed = next((one for one in self._layout.lanes if one.lane.station == lane), None)
        return QRectF() if placed is None else self._to_widget(placed.box)

    def put_back(self) -> None:
        """Let go of a card without moving anybody."""
        self._hand = self._pressed = None
        self._outlooks, self._checked = {}, ""
        self._edge.stop()
        self.unsetCursor()
        self.update()

    # -- mouse and finger ---------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Take hold of a card, or of the board."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if self._hand is not None:
            self._finish(self._lane_under(event.position()))
            return
        at = event.position()
        found = next(((card, box) for card, box in self._visible_cards() if box.contains(at)), None)
        self._panned = None
        if found is None:
            self._panned = ("pool" if self._layout.pool.contains(at) else "field", at)
            return
        card, box = found
        self._focus = card.key
        self._pressed = (card, box, at)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Carry the card, or scroll the board."""
        at = event.position()
        if self._hand is not None and not self._hand.keyboard:
            self._carry(at)
        elif self._pressed is not None:
            card, box, began = self._pressed
            if (at - began).manhattanLength() >= QApplication.startDragDistance():
                self._pressed = None
                if card.movable:
                    self._lift(card, box, began)
                    self._carry(at)
                else:
                    self.refused.emit(self._why_not(card))
        elif self._panned is not None:
            part, before = self._panned
            self._panned = (part, at)
            self._scroll_by(part, before.y() - at.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Let go."""
        self._pressed = self._panned = None
        if self._hand is not None and not self._hand.keyboard:
            self._finish(self._lane_under(event.position()))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        """Scroll what is under the pointer."""
        part = "pool" if self._layout.pool.contains(event.position()) else "field"
        self._scroll_by(part, -event.angleDelta().y() * 0.8)

    # -- keyboard -----------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Arrows choose a card, Enter takes it; arrows choose a lane, Enter drops it, Escape does not."""
        key = event.key()
        if key == Qt.Key.Key_Escape and self._hand is not None:
            self.put_back()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self._enter()
        elif key in _STEPS:
            if self._hand is not None:
                self._choose_lane(*_STEPS[key])
            else:
                self._choose_card(*_STEPS[key])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Show which card is chosen."""
        super().focusInEvent(event)
        self.update()

    def _enter(self) -> None:
        if self._hand is not None:
            self._finish(self._hand.lane)
            return
        chosen = next(((c, box) for c, box in self._visible_cards() if c.key == self._focus), None)
        if chosen is None:
            return
        card, box = chosen
        if not card.movable:
            self.refused.emit(self._why_not(card))
            return
        self._lift(card, box, box.center())
        assert self._hand is not None
        self._hand.keyboard, self._hand.lane = True, card.lane
        self.update()

    def _choose_lane(self, across: int, down: int) -> None:
        assert self._hand is not None
        boxes = {POOL: self._layout.pool}
        boxes |= {placed.lane.station: self._to_widget(placed.box) for placed in self._layout.lanes}
        here = self._hand.lane if self._hand.lane is not None else POOL
        found = _nearest(boxes, boxes[here], across, down)
        if found is None:
            return
        self._hand.lane = found
        if found != POOL:
            self._show_box(self.lane_box(found))
        box = self.lane_box(found)
        height = self._hand.box.height()
        corner = QPointF(
            box.left() + self._layout.measures.pad, box.bottom() - height - self._theme.length(120)
        )
        self._hand.at = corner + self._hand.grip
        self.update()

    def _choose_card(self, across: int, down: int) -> None:
        boxes = {card.key: box for card, box in self._visible_cards()}
        if not boxes:
            return
        if self._focus not in boxes:
            self._focus = next(iter(boxes))
        else:
            found = _nearest(boxes, boxes[self._focus], across, down)
            self._focus = self._focus if found is None else found
        box = boxes[self._focus]
        if not self._layout.pool.contains(box.center()):
            self._show_box(box)
        self.update()

    def _show_box(self, box: QRectF) -> None:
        if box.top() < 0:
            self._scroll_by("field", box.top() - self._layout.measures.section)
        elif box.bottom() > self.height():
            self._scroll_by("field", min(box.bottom() - self.height() + 8, box.top()))

    # -- a card in hand -----------------------------------------------------------------------------------

    def _lift(self, card: Card, box: QRectF, at: QPointF) -> None:
        self._hand = _Hand(card, QRectF(box), at - box.topLeft(), at)
        self._outlooks, self._checked = {}, ""
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.picked_up.emit(card)
        self.update()

    def _carry(self, at: QPointF) -> None:
        """Follow the pointer: only what the card leaves and covers is painted anew."""
        hand = self._hand
        assert hand is not None
        before = self._hand_rect()
        lane = self._lane_under(at)
        if lane != hand.lane:
            for each in (lane, hand.lane):
                if each is not None:
                    self.update(self.lane_box(each).toAlignedRect())
        hand.at, hand.lane = at, lane
        self.update(before.united(self._hand_rect()).toAlignedRect().adjusted(-2, -2, 2, 2))
        near = at.y() < EDGE or at.y() > self.height() - EDGE
        if near and not self._edge.isActive():
            self._edge.start()
        elif not near:
            self._edge.stop()

    def _finish(self, lane: str | None) -> None:
        hand = self._hand
        outlook = self._outlooks.get(lane) if lane else None
        self.put_back()
        if hand is None or lane is None or lane == hand.card.lane:
            return
        if desk_words.stops(outlook):
            assert outlook is not None
            self.refused.emit(f"{hand.card.name}, {lane}: {desk_words.verdict(outlook)[1]}")
            return
        self.dropped.emit((Drop(hand.card, lane), outlook))

    def _hand_rect(self) -> QRectF:
        """What the card in hand and its bubble cover, with the shadow."""
        box, bubble = self._hand_boxes()
        return box.united(bubble).adjusted(-14, -14, 14, 14)

    def _hand_boxes(self) -> tuple[QRectF, QRectF]:
        hand = self._hand
        assert hand is not None
        box = QRectF(hand.box)
        box.moveTopLeft(hand.at - hand.grip)
        width = max(box.width(), self._theme.length(430))
        high = self._painter.bubble_height(width, *self._bubble())
        bubble = QRectF(box.left(), box.bottom() + self._theme.length(8), width, high)
        if bubble.bottom() > self.height():
            bubble.moveBottom(box.top() - self._theme.length(8))
        if bubble.right() > self.width():
            bubble.moveRight(self.width() - 2)
        return box, bubble

    def _bubble(self) -> tuple[Outlook | None, str]:
        hand = self._hand
        assert hand is not None
        if hand.lane is None or hand.lane == hand.card.lane:
            return None, desk_words.ALREADY
        if hand.lane == POOL:
            return None, desk_words.TO_POOL
        return self._outlooks.get(hand.lane), ""

    def _lane_under(self, at: QPointF) -> str | None:
        if self._layout.pool.contains(at):
            return POOL
        placed = self._layout.lane_at(self._to_content(at))
        return None if placed is None else placed.lane.station

    def _why_not(self, card: Card) -> str:
        if card.moving:
            return f"{card.name} is being moved already."
        if card.relief or card.start is not None:
            return f"{card.name} works here as relief or later; move the card of the station of now."
        return f"{card.name} works on {desk_words.OTHER_LINE}."

    # -- scrolling ----------------------------------------------------------------------------------------

    def _scroll_by(self, part: str, pixels: float) -> None:
        high = self._layout.pool_height if part == "pool" else self._layout.height
        most = max(0.0, high - self.height() + self._layout.measures.gap)
        self._scroll[part] = min(most, max(0.0, self._scroll[part] + pixels))
        self.update()

    def _scroll_at_edge(self) -> None:
        if self._hand is None:
            self._edge.stop()
            return
        y = self._hand.at.y()
        step = -(EDGE - y) if y < EDGE else y - (self.height() - EDGE)
        self._scroll_by("field", step * 0.4)
        self._carry(self._hand.at)

    def _to_widget(self, box: QRectF) -> QRectF:
        return box.translated(self._layout.field.left(), -self._scroll["field"])

    def _to_content(self, point: QPointF) -> QPointF:
        return QPointF(point.x() - self._layout.field.left(), point.y() + self._scroll["field"])

    def _cards(self) -> list[Card]:
        return [*self._floor.pool, *(card for lane in self._floor.lanes.values() for card in lane.cards)]

    def _visible_cards(self) -> list[tuple[Card, QRectF]]:
        """Every card with its place on the widget, seen or scrolled away; the pool's first."""
        found = [(card, box.translated(0, -self._scroll["pool"])) for card, box in self._layout.pool_cards]
        for placed in self._layout.lanes:
            corner = self._to_widget(placed.box).topLeft()
            found += [(card, box.translated(corner)) for card, box in self._layout.cards(placed)]
        return found

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Lay out."""
        self._place()

    def _place(self) -> None:
        self._layout = lay_out(self._floor, self.width(), self.height(), self._theme)
        for part in ("field", "pool"):
            self._scroll_by(part, 0)
        self.update()

    # -- painting -----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint what is asked for."""
        with drawing.painting(self) as painter:
            asked = QRectF(event.rect())
            painter.fillRect(asked, self._theme.colour("ground"))
            self._paint_field(painter, asked)
            self._paint_pool(painter, asked)
            self._paint_focus(painter)
            if self._hand is not None:
                box, bubble = self._hand_boxes()
                self._painter.in_hand(painter, self._hand.card, box, bubble, *self._bubble())

    def _paint_field(self, painter: QPainter, asked: QRectF) -> None:
        layout, hand = self._layout, self._hand
        painter.save()
        painter.setClipRect(asked.intersected(layout.field))
        offset = QPointF(layout.field.left(), -round(self._scroll["field"]))
        painter.translate(offset)
        wanted = asked.translated(-offset)
        for section, box in layout.heads:
            if box.intersects(wanted):
                self._painter.section(painter, section, box)
        for placed in layout.lanes:
            if placed.box.intersects(wanted):
                name = placed.lane.station
                here = hand is not None and hand.card.lane == name
                self._painter.lane(
                    painter, layout, placed, self._outlooks.get(name), carrying=hand is not None, here=here
                )
                if hand is not None and hand.lane == name and not here:
                    self._paint_target(painter, placed.box, name)
        painter.restore()
        self._paint_bar(painter, layout.field, layout.height, self._scroll["field"])

    def _paint_target(self, painter: QPainter, box: QRectF, lane: str) -> None:
        theme = self._theme
        colour = desk_words.verdict(self._outlooks.get(lane))[2]
        painter.setPen(QPen(theme.colour("accent" if colour == "good_mark" else colour), theme.length(8)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = theme.length(4)
        painter.drawRoundedRect(
            box.adjusted(inset, inset, -inset, -inset), theme.px("radius"), theme.px("radius")
        )

    def _paint_pool(self, painter: QPainter, asked: QRectF) -> None:
        theme, layout, hand = self._theme, self._layout, self._hand
        if not asked.intersects(layout.pool):
            return
        m = layout.measures
        painter.save()
        painter.setClipRect(asked.intersected(layout.pool))
        painter.fillRect(layout.pool, theme.colour("lane"))
        for card, box in layout.pool_cards:
            place = box.translated(0, -self._scroll["pool"])
            if place.intersects(asked):
                self._painter.card(painter, card, place)
        head = QRectF(0, 0, layout.pool.width(), m.section)
        painter.fillRect(head, theme.colour("lane"))
        head.setLeft(m.pad)
        count = f"{desk_words.POOL}  {len(layout.pool_cards) or ''}"
        drawing.line(painter, head, count, theme.font("body", bold=True), theme.colour("ink"), drawing.LEFT)
        if not layout.pool_cards:
            place = QRectF(m.pad, m.section, layout.pool.width() - 2 * m.pad, m.card)
            font = theme.font("small")
            drawing.paragraph(
                painter, place, desk_words.POOL_EMPTY, font, theme.colour("ink_soft"), drawing.TOP_LEFT
            )
        if hand is not None and hand.lane == POOL and hand.card.lane != POOL:
            painter.setPen(QPen(theme.colour("accent"), theme.length(8)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(layout.pool.adjusted(2, 2, -2, -2))
        painter.restore()

    def _paint_focus(self, painter: QPainter) -> None:
        if self._focus is None or not self.hasFocus() or self._hand is not None:
            return
        for card, box in self._visible_cards():
            if card.key == self._focus:
                painter.setPen(QPen(self._theme.colour("accent"), self._theme.length(5)))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(box, self._theme.px("radius"), self._theme.px("radius"))

    def _paint_bar(self, painter: QPainter, room: QRectF, high: float, scroll: float) -> None:
        """Where the board is scrolled to, slim at the right edge."""
        if high <= room.height():
            return
        wide = self._theme.length(8)
        share = room.height() / (high + self._layout.measures.gap)
        box = QRectF(room.right() - wide - 2, scroll * share, wide, room.height() * share)
        drawing.panel(painter, box, self._theme.colour("card_edge"), wide / 2)


K = TypeVar("K")

_STEPS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


def _nearest(boxes: dict[K, QRectF], here: QRectF, across: int, down: int) -> K | None:
    """The box that is next in a direction; what is not straight ahead counts as further away."""
    best, least = None, float("inf")
    for key, box in boxes.items():
        way = box.center() - here.center()
        ahead = way.x() * across + way.y() * down
        aside = abs(way.y() * across) + abs(way.x() * down)
        if ahead > 1 and ahead + 2 * aside < least:
            best, least = key, ahead + 2 * aside
    return best
