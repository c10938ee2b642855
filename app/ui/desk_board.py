"""The board: one painted widget with all lanes and cards; people are moved by mouse, finger or keyboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from app.desk.floor import POOL
from app.ui import desk_words, drawing
from app.ui.desk_canvas import BoardCanvas, Hand
from app.ui.desk_ground import Ground, nearest

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent

    from app.desk.floor import Card, FloorPicture
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


class BoardView(QWidget):
    """See the module. ``picked_up`` asks for outlooks; ``dropped`` is a wish, not a fact; ``declined`` is a
    drop that is none, by what the hub said of it; ``refused`` says why nothing is done. ``by_taps``: a card
    that is touched is in hand (``taken``), and goes where is touched next; dragging it does as well.
    """

    picked_up = Signal(object)
    taken = Signal(object)
    dropped = Signal(object)
    declined = Signal(object)
    refused = Signal(str)

    def __init__(self, theme: Theme, now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.by_taps = False
        self._theme = theme
        self._canvas = BoardCanvas(theme, now)
        self._ground = Ground(theme)
        self._hand: Hand | None = None
        self._pressed: tuple[Card, QRectF, QPointF] | None = None
        self._panned: tuple[str, QPointF] | None = None
        self._aimed: QPointF | None = None
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
        self._canvas.restyle(theme)
        self._place(self.floor)

    def tell(self, floor: FloorPicture, now: datetime) -> None:
        """Show this floor. A card in hand stays in hand unless it is gone."""
        self._canvas.at(now)
        if floor == self.floor:
            return
        self._place(floor)
        hand = self._hand
        if hand is not None and not any(card.key == hand.card.key for card, _ in self._ground.cards()):
            self.put_back()

    def tell_outlooks(self, person: str, outlooks: dict[str, Outlook]) -> None:
        """What the hub says of the person in hand; for another person it comes too late."""
        if self._hand is not None and self._hand.card.person == person:
            self._hand.outlooks = outlooks
            self.update()

    @property
    def floor(self) -> FloorPicture:
        """What is shown."""
        return self._ground.floor

    @property
    def carrying(self) -> Card | None:
        """The card in hand."""
        return self._hand.card if self._hand is not None else None

    def outlook(self, lane: str) -> Outlook | None:
        """What a drop on a lane would come to, as far as it is known."""
        return self._hand.outlooks.get(lane) if self._hand is not None else None

    def card_box(self, person: str, lane: str) -> QRectF:
        """Where a person's card is on the widget; empty where there is none."""
        found = (box for card, box in self._ground.cards() if (card.person, card.lane) == (person, lane))
        return next(found, QRectF())

    def lane_box(self, lane: str) -> QRectF:
        """Where a lane is on the widget."""
        return self._ground.lane_box(lane)

    def put_back(self) -> None:
        """Let go of a card without moving anybody."""
        self._hand = self._pressed = self._aimed = None
        self._edge.stop()
        self.unsetCursor()
        self.update()

    # -- mouse and finger ---------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Take hold of a card, or of the board."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        at = event.position()
        if self._hand is not None and self.by_taps:
            self._panned, self._aimed = (self._ground.part_at(at), at), at
            return
        if self._hand is not None:
            self._finish(self._ground.lane_under(at))
            return
        found = next(((card, box) for card, box in self._ground.cards() if box.contains(at)), None)
        self._panned = None
        if found is None:
            self._panned = (self._ground.part_at(at), at)
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
                    self.refused.emit(desk_words.why_not(card))
        elif self._panned is not None:
            part, before = self._panned
            self._panned = (part, at)
            self._scroll_by(part, before.y() - at.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Let go."""
        pressed, aimed, at = self._pressed, self._aimed, event.position()
        self._pressed = self._panned = self._aimed = None
        if self._hand is not None and not self._hand.keyboard:
            self._finish(self._ground.lane_under(at))
        elif self._hand is not None and aimed is not None:
            if (at - aimed).manhattanLength() < QApplication.startDragDistance():  # else it was scrolled
                self._finish(self._ground.lane_under(at))
        elif pressed is not None and self.by_taps:
            self._take(*pressed[:2])

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        """Scroll what is under the pointer."""
        self._scroll_by(self._ground.part_at(event.position()), -event.angleDelta().y() * 0.8)

    # -- keyboard -----------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Arrows choose a card, Enter takes it; arrows choose a lane, Enter drops it, Escape does not."""
        key = event.key()
        if key == Qt.Key.Key_Escape and self._hand is not None:
            self.put_back()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.take_or_drop()
        elif key in _STEPS:
            if self._hand is not None:
                self._choose_lane(self._hand, *_STEPS[key])
            else:
                self._choose_card(*_STEPS[key])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Show which card is chosen."""
        super().focusInEvent(event)
        self.update()

    def take_or_drop(self) -> None:
        """Take the chosen card; with one in hand, let it go on the chosen lane."""
        if self._hand is not None:
            self._finish(self._hand.lane)
            return
        chosen = next(((card, box) for card, box in self._ground.cards() if card.key == self._focus), None)
        if chosen is not None:
            self._take(*chosen)

    def _take(self, card: Card, box: QRectF) -> None:
        """Have the card in hand until a lane is chosen."""
        if not card.movable:
            self.refused.emit(desk_words.why_not(card))
            return
        hand = self._lift(card, box, box.center())
        hand.keyboard, hand.lane = True, card.lane
        self.taken.emit(card)
        self.update()

    def _choose_lane(self, hand: Hand, across: int, down: int) -> None:
        boxes = self._ground.lane_boxes()
        found = nearest(boxes, boxes[hand.lane if hand.lane is not None else POOL], across, down)
        if found is None:
            return
        hand.lane = found
        if found != POOL:
            self._ground.show_box(boxes[found])
        box = self.lane_box(found)
        low = box.bottom() - hand.box.height() - self._theme.length(120)
        hand.at = QPointF(box.left() + self._ground.layout.measures.pad, low) + hand.grip
        self.update()

    def _choose_card(self, across: int, down: int) -> None:
        boxes = {card.key: box for card, box in self._ground.cards()}
        if not boxes:
            return
        if self._focus not in boxes:
            self._focus = next(iter(boxes))
        else:
            found = nearest(boxes, boxes[self._focus], across, down)
            self._focus = self._focus if found is None else found
        box = boxes[self._focus]
        if self._ground.part_at(box.center()) == "field":
            self._ground.show_box(box)
        self.update()

    # -- a card in hand -----------------------------------------------------------------------------------

    def _lift(self, card: Card, box: QRectF, at: QPointF) -> Hand:
        self._hand = Hand(card, QRectF(box), at - box.topLeft(), at)
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.picked_up.emit(card)
        self.update()
        return self._hand

    def _carry(self, at: QPointF) -> None:
        """Follow the pointer: only what the card leaves and covers is painted anew."""
        hand = self._hand
        assert hand is not None
        before = self._hand_rect(hand)
        lane = self._ground.lane_under(at)
        if lane != hand.lane:
            for each in (lane, hand.lane):
                if each is not None:
                    self.update(self.lane_box(each).toAlignedRect())
        hand.at, hand.lane = at, lane
        self.update(before.united(self._hand_rect(hand)).toAlignedRect().adjusted(-2, -2, 2, 2))
        near = at.y() < EDGE or at.y() > self.height() - EDGE
        if near and not self._edge.isActive():
            self._edge.start()
        elif not near:
            self._edge.stop()

    def _finish(self, lane: str | None) -> None:
        hand = self._hand
        outlook = self.outlook(lane) if lane else None
        self.put_back()
        if hand is None or lane is None or lane == hand.card.lane:
            return
        if desk_words.stops(outlook):
            assert outlook is not None
            self.declined.emit(Drop(hand.card, lane))
            self.refused.emit(f"{hand.card.name}, {lane}: {desk_words.verdict(outlook)[1]}")
            return
        self.dropped.emit((Drop(hand.card, lane), outlook))

    def _hand_rect(self, hand: Hand) -> QRectF:
        """What the card in hand and its bubble cover, with the shadow."""
        box, bubble = self._canvas.hand_boxes(hand, QRectF(self.rect()))
        return box.united(bubble).adjusted(-14, -14, 14, 14)

    # -- scrolling, layout, painting ----------------------------------------------------------------------

    def _scroll_by(self, part: str, pixels: float) -> None:
        self._ground.scroll_by(part, pixels)
        self.update()

    def _scroll_at_edge(self) -> None:
        if self._hand is None:
            self._edge.stop()
            return
        y = self._hand.at.y()
        step = -(EDGE - y) if y < EDGE else y - (self.height() - EDGE)
        self._scroll_by("field", step * 0.4)
        self._carry(self._hand.at)

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Lay out."""
        self._place(self.floor)

    def _place(self, floor: FloorPicture) -> None:
        self._ground.place(floor, self.width(), self.height(), self._theme)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint what is asked for."""
        focus = None
        if self._focus is not None and self.hasFocus():
            focus = next((box for card, box in self._ground.cards() if card.key == self._focus), None)
        with drawing.painting(self) as painter:
            self._canvas.paint(painter, QRectF(event.rect()), self._ground, self._hand, focus)


_STEPS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
