"""Where lanes and cards lie on the board, in device-independent pixels of its content. No painting here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.desk.floor import Card, FloorPicture, Lane, Section
    from app.ui.theme import Theme

POOL_MOST = 0.38
"""Share of the width that the unassigned have at most."""
DESK_UNIT = 0.58
"""A desk is read from half a metre, a kiosk from one or two: so everything is smaller (at full HD)."""


def desk_unit(width: float, height: float) -> float:
    """The scale of a desk's window: as large as a full-HD one's share of it, never below what is readable."""
    return DESK_UNIT * max(0.9, min(width / 1920.0, height / 1080.0))


@dataclass(frozen=True)
class Measures:
    """Lengths of the board at a scale."""

    pool: float
    lane: float
    gap: float
    head: float
    post: float
    card: float
    foot: float
    section: float
    pad: float

    @classmethod
    def at(cls, theme: Theme) -> Measures:
        """The lengths for a theme."""
        unit = theme.unit
        return cls(
            pool=430 * unit, lane=470 * unit, gap=20 * unit, head=104 * unit, post=70 * unit,
            card=96 * unit, foot=84 * unit, section=76 * unit, pad=14 * unit,
        )  # fmt: skip


@dataclass(frozen=True)
class PlacedLane:
    """A lane and where it is."""

    lane: Lane
    box: QRectF


@dataclass(frozen=True)
class Layout:
    """The whole board: ``field`` and ``pool`` are on the window, the boxes within them scroll."""

    measures: Measures
    field: QRectF
    pool: QRectF
    lanes: tuple[PlacedLane, ...]
    heads: tuple[tuple[Section, QRectF], ...]
    pool_cards: tuple[tuple[Card, QRectF], ...]
    height: float
    pool_height: float

    def cards(self, placed: PlacedLane) -> Iterator[tuple[Card, QRectF]]:
        """The cards of a lane with their boxes, in the lane's own coordinates."""
        m = self.measures
        top = head_of(placed.lane, m)
        for card in placed.lane.cards:
            yield card, QRectF(m.pad, top, placed.box.width() - 2 * m.pad, m.card)
            top += m.card + m.pad * 0.6

    def lane_at(self, point: QPointF) -> PlacedLane | None:
        """The lane under a point of the content."""
        return next((placed for placed in self.lanes if placed.box.contains(point)), None)


def head_of(lane: Lane, m: Measures) -> float:
    """How high the head of a lane is, with its kiosks."""
    return m.head + max(1, len(lane.posts)) * m.post + m.pad


def lay_out(floor: FloorPicture, width: float, height: float, theme: Theme) -> Layout:
    """Place everything for a board of this size: lanes side by side in rows, one section after another."""
    m = Measures.at(theme)
    m = replace(m, pool=min(m.pool, width * POOL_MOST))
    pool = QRectF(0, 0, m.pool, height)
    field = QRectF(m.pool, 0, width - m.pool, height)
    room = field.width() - 2 * m.gap
    columns = max(1, int((room + m.gap) // (m.lane + m.gap)))
    wide = (room - (columns - 1) * m.gap) / columns
    lanes: list[PlacedLane] = []
    heads: list[tuple[Section, QRectF]] = []
    top = 0.0
    for section in floor.sections:
        heads.append((section, QRectF(m.gap, top, room, m.section)))
        top += m.section
        for first in range(0, len(section.lanes), columns):
            row = section.lanes[first : first + columns]
            high = max(_height(lane, m) for lane in row)
            for index, lane in enumerate(row):
                lanes.append(PlacedLane(lane, QRectF(m.gap + index * (wide + m.gap), top, wide, high)))
            top += high + m.gap
        top += m.gap * 0.5
    top += m.foot * 1.6  # the last row can be scrolled above the bar that tells
    cards = []
    at = m.section
    for card in floor.pool:
        cards.append((card, QRectF(m.pad, at, m.pool - 2 * m.pad, m.card)))
        at += m.card + m.pad * 0.6
    return Layout(m, field, pool, tuple(lanes), tuple(heads), tuple(cards), top, at)


def _height(lane: Lane, m: Measures) -> float:
    cards = max(1, len(lane.cards))
    return head_of(lane, m) + cards * (m.card + m.pad * 0.6) + m.foot + m.pad
