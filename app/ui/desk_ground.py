"""Where everything of a board lies on its widget: laid out, scrolled, and what is under a point."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QPointF, QRectF

from app.desk.floor import POOL, FloorPicture
from app.ui.desk_layout import lay_out

if TYPE_CHECKING:
    from app.desk.floor import Card
    from app.ui.theme import Theme

K = TypeVar("K")


class Ground:
    """A floor laid out on a widget of a size. The field of lanes and the pool scroll each on its own."""

    def __init__(self, theme: Theme) -> None:
        self.floor = FloorPicture()
        self.scroll = {"field": 0.0, "pool": 0.0}
        self._width = self._height = 1.0
        self.layout = lay_out(self.floor, 1, 1, theme)

    def place(self, floor: FloorPicture, width: float, height: float, theme: Theme) -> None:
        """Lay a floor out; it stays scrolled as far as that is possible."""
        self.floor, self._width, self._height = floor, width, height
        self.layout = lay_out(floor, width, height, theme)
        for part in self.scroll:
            self.scroll_by(part, 0)

    def scroll_by(self, part: str, pixels: float) -> None:
        """Scroll the ``field`` or the ``pool``, as far as there is something to see."""
        high = self.layout.pool_height if part == "pool" else self.layout.height
        most = max(0.0, high - self._height + self.layout.measures.gap)
        self.scroll[part] = min(most, max(0.0, self.scroll[part] + pixels))

    def part_at(self, at: QPointF) -> str:
        """What scrolls under a point."""
        return "pool" if self.layout.pool.contains(at) else "field"

    def show_box(self, box: QRectF) -> None:
        """Scroll the field until a box on the widget is seen."""
        if box.top() < 0:
            self.scroll_by("field", box.top() - self.layout.measures.section)
        elif box.bottom() > self._height:
            self.scroll_by("field", min(box.bottom() - self._height + 8, box.top()))

    def to_widget(self, box: QRectF) -> QRectF:
        """A box of the field's content, on the widget."""
        return box.translated(self.layout.field.left(), -self.scroll["field"])

    def lane_boxes(self) -> dict[str, QRectF]:
        """Every lane on the widget, seen or scrolled away; the pool first."""
        lanes = {placed.lane.station: self.to_widget(placed.box) for placed in self.layout.lanes}
        return {POOL: self.layout.pool, **lanes}

    def lane_box(self, lane: str) -> QRectF:
        """Where a lane is on the widget; empty where there is none."""
        return self.lane_boxes().get(lane, QRectF())

    def lane_under(self, at: QPointF) -> str | None:
        """The lane under a point of the widget."""
        if self.layout.pool.contains(at):
            return POOL
        content = QPointF(at.x() - self.layout.field.left(), at.y() + self.scroll["field"])
        placed = self.layout.lane_at(content)
        return None if placed is None else placed.lane.station

    def cards(self) -> list[tuple[Card, QRectF]]:
        """Every card with its place on the widget, seen or scrolled away; the pool's first."""
        found = [(card, box.translated(0, -self.scroll["pool"])) for card, box in self.layout.pool_cards]
        for placed in self.layout.lanes:
            corner = self.to_widget(placed.box).topLeft()
            found += [(card, box.translated(corner)) for card, box in self.layout.cards(placed)]
        return found


def nearest(boxes: dict[K, QRectF], here: QRectF, across: int, down: int) -> K | None:
    """The box that is next in a direction; what is not straight ahead counts as further away."""
    best, least = None, float("inf")
    for key, box in boxes.items():
        way = box.center() - here.center()
        ahead = way.x() * across + way.y() * down
        aside = abs(way.y() * across) + abs(way.x() * down)
        if ahead > 1 and ahead + 2 * aside < least:
            best, least = key, ahead + 2 * aside
    return best
