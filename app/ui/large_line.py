"""The status line where letters are large: one line that holds what matters most. A tap tells all of it.

First what somebody must act by, then where the person is, then facts that only stand there, as far as each
fits in whole; a sentence is made smaller only where it would have no place at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from app.ui import drawing, icons, progress, words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QFont, QPainter

    from app.kiosk.view import Work
    from app.ui.status_line import Place, Segment
    from app.ui.theme import Theme

CALM = frozenset({"online", "offline", "clock", "waiting", "recorded", "fetching"})
"""Icons of facts that only stand there; of a time that runs out, the colour says that it does not."""
STEPS = 7.0
"""Height of the row of steps at unit 1: Chinese letters reach up to just below it."""
LEAST = 0.7
"""How small, as a share, the sentence becomes for which the line is there."""


class LargeLine:
    """Paints into ``box``; ``ink`` answers with the name of the colour that stands out there."""

    def __init__(self, painter: QPainter, box: QRectF, theme: Theme, ink: Callable[[str], str]) -> None:
        self._painter, self._box, self._theme, self._ink = painter, box, theme, ink
        self._side, self._between = theme.letters(26), theme.length(28)

    def paint(self, said: Sequence[Segment], place: Place, right: str) -> None:
        """These facts, and ``right`` at the right edge where nothing urgent needs its room."""
        theme, font, gap = self._theme, self._font(), self._theme.length(14)
        room = self._box.adjusted(place.inset + gap, 0, -gap, 0)
        self._paint_work(place.work, room)
        urgent = [segment for segment in said if not _is_calm(segment)]
        wide = drawing.width_of(right, font) + 2
        if not urgent or self._width(urgent[0].short, urgent[0]) + 2 * gap + wide <= room.width():
            drawing.line(self._painter, room, right, font, theme.colour(self._ink("bar_ink")), drawing.RIGHT)
            room.setRight(room.right() - wide - 2 * gap)
        for segment, text in self._chosen(said, place.heading, room.width()):
            left = self._paint_one(room, segment.icon, self._ink(segment.colour), text)
            room.setLeft(left + self._between)

    def paint_countdown(self, seconds: int, inset: int) -> None:
        """The seconds to the lock, in place of all."""
        theme, texts, box = self._theme, words.locks_in(seconds), self._box.adjusted(inset, 0, 0, 0)
        self._painter.fillRect(box, theme.colour("warn"))
        room = box.adjusted(theme.length(14), 0, -theme.length(14), 0)
        long = self._side + theme.length(8) + drawing.width_of(texts[0], self._font()) + 2 > room.width()
        self._paint_one(room, "lock", "on_warn", texts[long])

    def _chosen(
        self, said: Sequence[Segment], heading: Segment | None, room: float
    ) -> list[tuple[Segment, str]]:
        """What stands in the line, and in which words."""
        calm = [segment for segment in said if _is_calm(segment)]
        off = [segment for segment in calm if segment.icon == "offline"]
        lead = [heading] if heading is not None and heading.full else []
        chosen: list[tuple[Segment, str]] = []
        urgent = [segment for segment in said if segment not in calm]
        for segment in (*urgent, *off, *lead, *(one for one in calm if one not in off)):
            texts = [segment.short] if segment in calm else [segment.full, segment.short]
            texts += [""] * (segment in urgent)
            fits = [text for text in texts if self._width(text, segment) <= room]
            if not any(fits) and segment not in calm:
                smaller = self._width(segment.short, segment) * LEAST <= room
                fits = [segment.short] if smaller or not chosen else fits
            if fits:
                chosen.append((segment, fits[0]))
                room -= min(room, self._width(fits[0], segment)) + self._between
        return chosen

    def _width(self, text: str, segment: Segment) -> float:
        icon = self._side + self._theme.length(8) if segment.icon else 0
        return icon + drawing.width_of(text, self._font()) + 2

    def _font(self) -> QFont:
        return self._theme.font("label", bold=True)

    def _paint_one(self, room: QRectF, icon: str, ink: str, text: str) -> float:
        """A fact at the left of ``room``; returns where it ends."""
        theme, left = self._theme, room.left()
        if icon:
            spot = QRectF(left, (room.height() - self._side) / 2, self._side, self._side)
            icons.draw(self._painter, icon, spot, theme.style.colours[ink])
            left += self._side + theme.length(8)
        font = drawing.fitted(self._font(), text, room.right() - left, least=LEAST)
        wide = min(room.right() - left, drawing.width_of(text, font) + 2)
        box = QRectF(left, 0, wide, room.height())
        drawing.line(self._painter, box, text, font, theme.colour(ink), drawing.LEFT)
        return left + wide

    def _paint_work(self, work: Work, room: QRectF) -> None:
        """How far the steps are along the upper edge, the takt time along the lower one."""
        theme = self._theme
        if work.steps:
            upper = QRectF(room.left(), theme.length(2), room.width(), theme.length(STEPS))
            progress.draw_steps(self._painter, upper, work, theme)
        if work.takt:
            high = theme.length(progress.TAKT)
            lower = QRectF(room.left(), self._box.bottom() - high, room.width(), high)
            progress.draw_takt(self._painter, lower, work, theme)


def _is_calm(segment: Segment) -> bool:
    return segment.icon in CALM and (segment.icon != "clock" or segment.colour == "bar_ink")
