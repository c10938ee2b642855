"""The line at the top that always tells: online or offline, until when, what waits, what is being fetched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from app.ui import drawing, icons, words

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtGui import QPainter, QPaintEvent

    from app.kiosk.view import Status
    from app.ui.theme import Theme


@dataclass(frozen=True)
class Segment:
    """One fact: icon, colour name, and the wording in full and in short."""

    icon: str
    colour: str
    full: str
    short: str


def segments(status: Status, now: datetime) -> tuple[Segment, ...]:
    """What the line says, most important first. ``now`` and the times of ``status`` are aware."""
    zone = now.tzinfo
    until = status.readable_until.astimezone(zone) if status.readable_until is not None else None
    said: list[Segment] = []
    if status.online:
        said.append(Segment("online", "good", words.online(), words.online()))
    else:
        since = status.offline_since.astimezone(zone) if status.offline_since is not None else None
        said.append(Segment("offline", "warn", *words.offline(since, now)))
    ended = until is not None and until <= now
    said.append(Segment("clock", "bad" if ended else "bar_ink", *words.readable_until(until, now)))
    icon, colour = ("waiting", "warn") if status.waiting else ("recorded", "bar_soft")
    said.append(Segment(icon, colour, *words.waiting(status.waiting)))
    if status.to_pull > status.pulled:
        said.append(Segment("fetching", "bar_ink", *words.pulling(status.pulled, status.to_pull)))
    if status.trouble:
        said.append(Segment("warning", "warn", status.trouble, status.trouble))
    return tuple(said)


class StatusLine(QWidget):
    """Paints the line; while a lock is near, the whole line is the countdown."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._said: tuple[Segment, ...] = ()
        self._right = ""
        self._lock_in: int | None = None

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        self.update()

    def tell_nothing(self, now: datetime) -> None:
        """Nothing is known yet: only the time of day."""
        self._said, self._right, self._lock_in = (), words.clock(now), None
        self.update()

    def tell(self, status: Status, now: datetime, person: str = "", lock_in: int | None = None) -> None:
        """Show this. ``person`` is who is signed in; ``lock_in`` seconds until the idle lock."""
        said, clock = segments(status, now), words.clock(now)
        right = f"{person}   {clock}" if person else clock
        if (said, right, lock_in) == (self._said, self._right, self._lock_in):
            return
        self._said, self._right, self._lock_in = said, right, lock_in
        spoken = [segment.full for segment in said]
        if lock_in is not None:
            spoken.insert(0, words.locks_in(lock_in)[0])
        self.setAccessibleName(". ".join(spoken))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        with drawing.painting(self) as painter:
            if self._lock_in is not None:
                self._paint_countdown(painter, self._lock_in)
            else:
                self._paint_facts(painter)

    def _paint_countdown(self, painter: QPainter, seconds: int) -> None:
        theme, box = self._theme, QRectF(self.rect())
        painter.fillRect(box, theme.colour("warn"))
        font = theme.font("label", bold=True)
        full, short = words.locks_in(seconds)
        side = box.height() * 0.72
        text = full if drawing.width_of(full, font) + 2 * side < box.width() * 0.9 else short
        width = drawing.width_of(text, font)
        left = (box.width() - width - 1.4 * side) / 2
        icons.draw(
            painter,
            "lock",
            QRectF(left, (box.height() - side) / 2, side, side),
            theme.style.colours["on_warn"],
        )
        place = QRectF(left + 1.4 * side, 0, width + 2, box.height())
        drawing.line(painter, place, text, font, theme.colour("on_warn"), drawing.LEFT)

    def _paint_facts(self, painter: QPainter) -> None:
        theme, box = self._theme, QRectF(self.rect())
        painter.fillRect(box, theme.colour("bar"))
        gap = theme.length(14)
        right_font = theme.font("label", bold=True)
        right_width = min(drawing.width_of(self._right, right_font) + 2, box.width() * 0.4)
        right = QRectF(box.right() - right_width - gap, 0, right_width, box.height())
        drawing.line(painter, right, self._right, right_font, theme.colour("bar_ink"), drawing.RIGHT)
        self._paint_segments(painter, QRectF(gap, 0, right.left() - 2 * gap, box.height()))

    def _paint_segments(self, painter: QPainter, room: QRectF) -> None:
        theme = self._theme
        font, first_font = theme.font("label"), theme.font("label", bold=True)
        side, gap, between = room.height() * 0.66, theme.length(8), theme.length(28)
        fonts = [first_font, *[font] * len(self._said)][: len(self._said)]

        def total(texts: list[str]) -> float:
            wide = sum(drawing.width_of(text, f) for text, f in zip(texts, fonts, strict=True))
            return wide + len(texts) * (side + gap) + (len(texts) - 1) * between

        texts = [segment.full for segment in self._said]
        for index in (2, 3, 1, 0):  # the least needed words go first
            if total(texts) > room.width() and index < len(texts):
                texts[index] = self._said[index].short
        left = room.left()
        for segment, text, used in zip(self._said, texts, fonts, strict=True):
            colour = theme.style.colours[segment.colour]
            icons.draw(painter, segment.icon, QRectF(left, (room.height() - side) / 2, side, side), colour)
            left += side + gap
            width = min(drawing.width_of(text, used) + 2, room.right() - left)
            if width <= 0:
                break
            drawing.line(
                painter,
                QRectF(left, 0, width, room.height()),
                text,
                used,
                theme.colour(segment.colour),
                drawing.LEFT,
            )
            left += width + between
