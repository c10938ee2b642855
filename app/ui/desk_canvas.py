"""Paints the whole board: the field of lanes, the pool, the chosen card and the card in hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPen

from app.desk.floor import POOL
from app.ui import desk_words, drawing
from app.ui.desk_painter import LanePainter
from app.ui.tongue import said

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtGui import QPainter

    from app.desk.floor import Card
    from app.ui.desk_ground import Ground
    from app.ui.theme import Theme
    from app.wire.desk import Outlook


@dataclass
class Hand:
    """A card in hand: ``grip`` is where it is held, ``at`` the pointer; by keyboard ``lane`` is chosen."""

    card: Card
    box: QRectF
    grip: QPointF
    at: QPointF
    lane: str | None = None
    keyboard: bool = False
    outlooks: dict[str, Outlook] = field(default_factory=dict)

    @property
    def outlook(self) -> Outlook | None:
        """What a drop where the card is now would come to, as far as it is known."""
        return self.outlooks.get(self.lane) if self.lane else None


class BoardCanvas:
    """Paints with one theme; ``now`` is aware local time."""

    def __init__(self, theme: Theme, now: datetime) -> None:
        self._theme = theme
        self._lanes = LanePainter(theme, now)

    def at(self, now: datetime) -> None:
        """Another moment."""
        if now.date() != self._lanes.now.date():
            self._lanes = LanePainter(self._theme, now)
        self._lanes.now = now

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme, self._lanes = theme, LanePainter(theme, self._lanes.now)

    def paint(
        self, painter: QPainter, asked: QRectF, ground: Ground, hand: Hand | None, focus: QRectF | None
    ) -> None:
        """Paint what of the board is within ``asked``; ``focus`` is the chosen card's box."""
        painter.fillRect(asked, self._theme.colour("ground"))
        self._field(painter, asked, ground, hand)
        self._pool(painter, asked, ground, hand)
        if hand is not None:
            room = ground.layout.pool.united(ground.layout.field)
            box, bubble = self.hand_boxes(hand, room)
            self._lanes.in_hand(painter, hand.card, box, bubble, *_bubble(hand))
        elif focus is not None:
            painter.setPen(QPen(self._theme.colour("accent"), self._theme.length(5)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(focus, self._theme.px("radius"), self._theme.px("radius"))

    def hand_boxes(self, hand: Hand, room: QRectF) -> tuple[QRectF, QRectF]:
        """Where the card in hand is, and the bubble that says what a drop would come to."""
        theme = self._theme
        box = QRectF(hand.box)
        box.moveTopLeft(hand.at - hand.grip)
        width = max(box.width(), theme.length(430))
        high = self._lanes.bubble_height(width, *_bubble(hand))
        bubble = QRectF(box.left(), box.bottom() + theme.length(8), width, high)
        if bubble.bottom() > room.bottom():
            bubble.moveBottom(box.top() - theme.length(8))
        if bubble.right() > room.right():
            bubble.moveRight(room.right() - 2)
        return box, bubble

    def _field(self, painter: QPainter, asked: QRectF, ground: Ground, hand: Hand | None) -> None:
        layout = ground.layout
        painter.save()
        painter.setClipRect(asked.intersected(layout.field))
        offset = QPointF(layout.field.left(), -round(ground.scroll["field"]))
        painter.translate(offset)
        wanted = asked.translated(-offset)
        for section, box in layout.heads:
            if box.intersects(wanted):
                self._lanes.section(painter, section, box)
        for placed in layout.lanes:
            if placed.box.intersects(wanted):
                name = placed.lane.station
                here = hand is not None and hand.card.lane == name
                outlook = hand.outlooks.get(name) if hand is not None else None
                carrying = hand is not None
                self._lanes.lane(painter, layout, placed, outlook, carrying=carrying, here=here)
                if hand is not None and hand.lane == name and not here:
                    self._target(painter, placed.box, outlook)
        painter.restore()
        self._bar(painter, ground)

    def _target(self, painter: QPainter, box: QRectF, outlook: Outlook | None) -> None:
        theme = self._theme
        colour = desk_words.verdict(outlook)[2]
        painter.setPen(QPen(theme.colour("accent" if colour == "good_mark" else colour), theme.length(8)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = theme.length(4)
        painter.drawRoundedRect(
            box.adjusted(inset, inset, -inset, -inset), theme.px("radius"), theme.px("radius")
        )

    def _pool(self, painter: QPainter, asked: QRectF, ground: Ground, hand: Hand | None) -> None:
        theme, layout = self._theme, ground.layout
        if not asked.intersects(layout.pool):
            return
        m = layout.measures
        painter.save()
        painter.setClipRect(asked.intersected(layout.pool))
        painter.fillRect(layout.pool, theme.colour("lane"))
        for card, box in layout.pool_cards:
            place = box.translated(0, -ground.scroll["pool"])
            if place.intersects(asked):
                self._lanes.card(painter, card, place)
        head = QRectF(0, 0, layout.pool.width(), m.section)
        painter.fillRect(head, theme.colour("lane"))
        head.setLeft(m.pad)
        count = f"{said(desk_words.POOL)}  {len(layout.pool_cards) or ''}".rstrip()
        font = drawing.fitted(theme.font("body", bold=True), count, head.width() - m.pad)
        drawing.line(painter, head, count, font, theme.colour("ink"), drawing.LEFT)
        if not layout.pool_cards and layout.heads:  # without these nothing is known yet
            place = QRectF(m.pad, m.section, layout.pool.width() - 2 * m.pad, m.card)
            font = theme.font("small")
            drawing.paragraph(
                painter, place, said(desk_words.POOL_EMPTY), font, theme.colour("ink_soft"), drawing.TOP_LEFT
            )
        if hand is not None and hand.lane == POOL and hand.card.lane != POOL:
            painter.setPen(QPen(theme.colour("accent"), theme.length(8)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(layout.pool.adjusted(2, 2, -2, -2))
        painter.restore()

    def _bar(self, painter: QPainter, ground: Ground) -> None:
        """Where the field is scrolled to, slim at the right edge."""
        layout, room = ground.layout, ground.layout.field
        if layout.height <= room.height():
            return
        wide = self._theme.length(8)
        share = room.height() / (layout.height + layout.measures.gap)
        top = ground.scroll["field"] * share
        box = QRectF(room.right() - wide - 2, top, wide, room.height() * share)
        drawing.panel(painter, box, self._theme.colour("card_edge"), wide / 2)


def _bubble(hand: Hand) -> tuple[Outlook | None, str]:
    if hand.lane is None or hand.lane == hand.card.lane:
        return None, said(desk_words.ALREADY)
    if hand.lane == POOL:
        return None, said(desk_words.TO_POOL)
    return hand.outlook, ""
