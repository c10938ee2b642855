"""Paints lanes and cards of the board. Lanes are kept as pictures: while a card is dragged they only move."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from app.ui import desk_words, drawing, icons
from app.ui.desk_layout import head_of
from app.ui.tongue import said

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.desk.floor import Card, Lane, Post, Section
    from app.ui.desk_layout import Layout, PlacedLane
    from app.ui.theme import Theme
    from app.wire.calls import BoardCall
    from app.wire.desk import Outlook

KEPT = 160
"""Lanes that are kept as pictures: some screens' worth."""

LEAST = 0.75
"""How small, as a share, a name becomes before it is cut."""
_ROUND = 14
"""Room around a card in hand for its shadow, in pixels."""


class LanePainter:
    """Draws with one theme at one moment (``now``: aware local time)."""

    def __init__(self, theme: Theme, now: datetime) -> None:
        self.theme, self.now = theme, now
        self._pictures: OrderedDict[str, tuple[Lane, tuple[object, ...], QPixmap]] = OrderedDict()
        self._hand: tuple[object, QPixmap, QPixmap] | None = None
        self._heights: dict[tuple[float, str], float] = {}

    def lane(
        self,
        painter: QPainter,
        layout: Layout,
        placed: PlacedLane,
        outlook: Outlook | None,
        *,
        carrying: bool,
        here: bool,
    ) -> None:
        """Draw a lane at its place. ``carrying``: a card is in hand; ``here``: it came from this lane."""
        ratio = painter.device().devicePixelRatio()
        size = placed.box.size().toSize()
        name = placed.lane.station
        told = (outlook, carrying and not here, size.width(), size.height(), ratio, self.now.date())
        kept = self._pictures.get(name)
        # A lane is the same object until the board changes: comparing its cards at each frame is slow.
        if kept is not None and kept[1] == told and (kept[0] is placed.lane or kept[0] == placed.lane):
            found = kept[2]
            self._pictures.move_to_end(name)
        else:
            found = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
            found.setDevicePixelRatio(ratio)
            found.fill(Qt.GlobalColor.transparent)
            with drawing.painting(found) as brush:
                self._paint_lane(brush, layout, placed, outlook, carrying=carrying and not here)
            while len(self._pictures) > KEPT:
                self._pictures.popitem(last=False)
        self._pictures[name] = (placed.lane, told, found)
        painter.drawPixmap(QPointF(round(placed.box.left()), round(placed.box.top())), found)

    def section(self, painter: QPainter, section: Section, box: QRectF) -> None:
        """A line's name over its lanes."""
        theme = self.theme
        font, soft = theme.font("body", bold=True), theme.font("small")
        code_wide = drawing.width_of(section.line, font) + 2
        left = QRectF(box.left(), box.top(), code_wide, box.height())
        drawing.line(painter, left, section.line, font, theme.colour("ink"), drawing.LEFT)
        rest = box.adjusted(code_wide + theme.length(16), 0, 0, 0)
        drawing.line(painter, rest, section.name, theme.font("body"), theme.colour("ink"), drawing.LEFT)
        if not section.mine:
            drawing.line(
                painter, rest, said(desk_words.OTHER_LINE), soft, theme.colour("ink_soft"), drawing.RIGHT
            )

    def _paint_lane(
        self,
        painter: QPainter,
        layout: Layout,
        placed: PlacedLane,
        outlook: Outlook | None,
        *,
        carrying: bool,
    ) -> None:
        theme, lane, m = self.theme, placed.lane, layout.measures
        box = QRectF(0, 0, placed.box.width(), placed.box.height())
        refused = carrying and desk_words.stops(outlook)
        drawing.panel(painter, box, theme.colour("lane"), theme.px("radius"))
        if refused:
            painter.setOpacity(0.45)
        self._head(painter, lane, QRectF(m.pad, m.pad, box.width() - 2 * m.pad, m.head - m.pad))
        top = m.head
        for post in lane.posts:
            self._post(painter, post, QRectF(m.pad, top, box.width() - 2 * m.pad, m.post))
            top += m.post
        if not lane.posts:
            place = QRectF(m.pad, top, box.width() - 2 * m.pad, m.post)
            drawing.line(
                painter,
                place,
                said(desk_words.NO_KIOSK),
                theme.font("small"),
                theme.colour("ink_soft"),
                drawing.LEFT,
            )
        for card, place in layout.cards(placed):
            self.card(painter, card, place)
        if not lane.cards:
            self._nobody(painter, lane, QRectF(m.pad, head_of(lane, m), box.width() - 2 * m.pad, m.card))
        painter.setOpacity(1.0)
        if carrying:
            foot = QRectF(m.pad, box.bottom() - m.foot - m.pad, box.width() - 2 * m.pad, m.foot)
            self._foot(painter, outlook, foot)
            self._edge(painter, box, "error_mark" if refused else desk_words.verdict(outlook)[2])

    def _head(self, painter: QPainter, lane: Lane, box: QRectF) -> None:
        theme = self.theme
        font = theme.font("small", bold=True)
        row = box.height() / 2
        plate = QRectF(
            box.left(), box.top(), drawing.width_of(lane.station, font) + theme.length(24), row * 0.9
        )
        fill = "accent" if lane.mine else "line"
        ink = "on_accent" if lane.mine else "ground"
        drawing.panel(painter, plate, theme.colour(fill), theme.px("radius") / 2)
        drawing.line(painter, plate, lane.station, font, theme.colour(ink), drawing.CENTRE)
        right = QRectF(plate.right(), box.top(), box.right() - plate.right(), plate.height())
        colour = theme.colour("error_mark" if lane.locked_down else "ink_soft")
        if lane.calls:
            self._call(painter, lane.calls[0], right)
        else:
            drawing.line(painter, right, desk_words.pages(lane), theme.font("small"), colour, drawing.RIGHT)
        below = QRectF(box.left(), box.top() + row, box.width(), row)
        font = drawing.fitted(theme.font("label", bold=True), lane.name, below.width(), least=LEAST)
        drawing.line(painter, below, lane.name, font, theme.colour("ink"), drawing.LEFT)

    def _call(self, painter: QPainter, call: BoardCall, box: QRectF) -> None:
        """Somebody calls for help: a sign, words and the time, in place of the count of pages."""
        theme = self.theme
        text, font = desk_words.call_short(call), theme.font("small", bold=True)
        ground, ink = ("bar", "bar_ink") if call.by else ("alarm", "on_alarm")
        side, pad = box.height() * 0.8, theme.length(8)
        wide = min(box.width() - pad, drawing.width_of(text, font) + side + 3 * pad)
        plate = QRectF(box.right() - wide, box.top(), wide, box.height())
        drawing.panel(painter, plate, theme.colour(ground), theme.px("radius") / 2)
        spot = QRectF(plate.left() + pad, box.top() + (box.height() - side) / 2, side, side)
        icons.draw(painter, "person" if call.by else "alarm", spot, theme.style.colours[ink])
        room = QRectF(spot.right() + pad, box.top(), plate.right() - spot.right() - 2 * pad + 2, box.height())
        drawing.line(painter, room, text, font, theme.colour(ink), drawing.LEFT)

    def _post(self, painter: QPainter, post: Post, box: QRectF) -> None:
        theme = self.theme
        text, colour = desk_words.post_line(post, self.now)
        row = box.height() / 2
        side = row * 0.74
        icon = "online" if post.online and not post.blocked else "lock" if post.blocked else "offline"
        spot = QRectF(box.left(), box.top() + (row - side) / 2, side, side)
        icons.draw(painter, icon, spot, theme.style.colours[colour])
        small = theme.font("small")
        first = QRectF(spot.right() + theme.length(10), box.top(), 0, row)
        first.setRight(box.right())
        drawing.line(painter, first, text, small, theme.colour(colour), drawing.LEFT)
        if post.person:
            right = first.adjusted(drawing.width_of(text, small) + theme.length(16), 0, 0, 0)
            drawing.line(painter, right, post.person, small, theme.colour("ink"), drawing.RIGHT)
        holds, colour = desk_words.post_holds(post, self.now)
        below = first.translated(0, row * 0.94)
        font = drawing.fitted(small, holds, below.width(), least=LEAST)
        drawing.line(painter, below, holds, font, theme.colour(colour), drawing.LEFT)

    def _nobody(self, painter: QPainter, lane: Lane, box: QRectF) -> None:
        theme = self.theme
        pen = QPen(theme.colour("warning_mark" if lane.pages and lane.mine else "line"), theme.length(2))
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inside = box.adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(inside, theme.px("radius"), theme.px("radius"))
        colour = theme.colour("warning_mark" if lane.pages and lane.mine else "ink_soft")
        drawing.line(painter, box, said(desk_words.NOBODY), theme.font("small"), colour, drawing.CENTRE)

    def _foot(self, painter: QPainter, outlook: Outlook | None, box: QRectF) -> None:
        theme = self.theme
        icon, text, colour = desk_words.verdict(outlook)
        side = theme.length(36)
        icons.draw(
            painter, icon, QRectF(box.left(), box.top() + theme.length(4), side, side),
            theme.style.colours[colour], ground=theme.style.colours["lane"],
        )  # fmt: skip
        font = theme.font("small")
        place = box.adjusted(side + theme.length(10), 0, 0, 0)
        if drawing.height_of(text, font, place.width()) > place.height():
            font = theme.font("small", factor=0.86)
        drawing.paragraph(painter, place, text, font, theme.colour(colour), drawing.TOP_LEFT)

    def _edge(self, painter: QPainter, box: QRectF, colour: str) -> None:
        theme = self.theme
        wide = theme.length(3)
        painter.setPen(QPen(theme.colour(colour), wide))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = wide / 2
        painter.drawRoundedRect(
            box.adjusted(inset, inset, -inset, -inset), theme.px("radius"), theme.px("radius")
        )

    def card(self, painter: QPainter, card: Card, box: QRectF, *, lifted: bool = False) -> None:
        """A person's card."""
        theme = self.theme
        radius = theme.px("radius")
        if lifted:
            for spread, alpha in ((10, 18), (6, 30), (3, 44)):
                shade = QColor(0, 0, 0, alpha)
                grown = box.adjusted(-spread / 2, 0, spread / 2, spread)
                drawing.panel(painter, grown, shade, radius + spread / 2)
        planned = card.start is not None or card.relief
        painter.setPen(
            QPen(theme.colour("accent" if lifted else "card_edge"), theme.length(3 if lifted else 2))
        )
        painter.setBrush(theme.colour("lane" if planned else "surface"))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius)
        side = box.height() * 0.5
        spot = QRectF(box.left() + theme.length(14), box.top() + (box.height() - side) / 2, side, side)
        second, colour = desk_words.person_line(card, self.now)
        icons.draw(
            painter, "person", spot, theme.style.colours["good_mark" if card.at else "line"],
            ground=theme.style.colours["surface"],
        )  # fmt: skip
        text = box.adjusted(side + theme.length(28), theme.length(8), -theme.length(12), -theme.length(8))
        half = text.height() / 2
        name = QRectF(text.left(), text.top(), text.width(), half)
        font = drawing.fitted(theme.font("label", bold=not planned), card.name, name.width(), least=LEAST)
        drawing.line(painter, name, card.name, font, theme.colour("ink"), drawing.LEFT)
        below = QRectF(text.left(), text.top() + half, text.width(), half)
        font = drawing.fitted(theme.font("small"), second, below.width(), least=LEAST)
        drawing.line(painter, below, second, font, theme.colour(colour), drawing.LEFT)

    def in_hand(
        self, painter: QPainter, card: Card, box: QRectF, bubble: QRectF, outlook: Outlook | None, text: str
    ) -> None:
        """A lifted card and what a drop here would come to: drawn once, then only moved."""
        ratio = painter.device().devicePixelRatio()
        key = (card, outlook, text, box.size().toTuple(), bubble.size().toTuple(), ratio)
        if self._hand is None or self._hand[0] != key:
            self._hand = (
                key,
                self._still(box, ratio, lambda brush, place: self.card(brush, card, place, lifted=True)),
                (self._still(bubble, ratio, lambda brush, place: self._bubble(brush, place, outlook, text))),
            )
        for corner, still in zip((box.topLeft(), bubble.topLeft()), self._hand[1:], strict=True):
            painter.drawPixmap(QPointF(round(corner.x()) - _ROUND, round(corner.y()) - _ROUND), still)

    def _still(self, box: QRectF, ratio: float, paint: Callable[[QPainter, QRectF], None]) -> QPixmap:
        wide, high = box.width() + 2 * _ROUND, box.height() + 2 * _ROUND
        still = QPixmap(round(wide * ratio), round(high * ratio))
        still.setDevicePixelRatio(ratio)
        still.fill(Qt.GlobalColor.transparent)
        with drawing.painting(still) as brush:
            paint(brush, QRectF(_ROUND, _ROUND, box.width(), box.height()))
        return still

    def _bubble(self, painter: QPainter, box: QRectF, outlook: Outlook | None, text: str) -> None:
        theme = self.theme
        icon, says, colour = desk_words.verdict(outlook)
        says = text or says
        icon, colour = ("info", "ink_soft") if text else (icon, colour)
        painter.setPen(QPen(theme.colour(colour), theme.length(3)))
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(box, theme.px("radius"), theme.px("radius"))
        side = theme.length(40)
        spot = QRectF(box.left() + theme.length(14), box.top() + theme.length(14), side, side)
        icons.draw(painter, icon, spot, theme.style.colours[colour], ground=theme.style.colours["surface"])
        place = box.adjusted(side + theme.length(28), theme.length(12), -theme.length(12), -theme.length(8))
        drawing.paragraph(
            painter, place, says, theme.font("small", bold=True), theme.colour(colour), drawing.TOP_LEFT
        )

    def bubble_height(self, width: float, outlook: Outlook | None, text: str = "") -> float:
        """How high the bubble must be."""
        theme = self.theme
        says = text or desk_words.verdict(outlook)[1]
        known = self._heights.get((width, says))
        if known is None:
            room = width - theme.length(40 + 28 + 12)
            text_high = drawing.height_of(says, theme.font("small", bold=True), room)
            known = self._heights[width, says] = max(theme.length(68), text_high + theme.length(28))
        return known
