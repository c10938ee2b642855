"""The line at the top that always tells: online or offline, until when, what waits, what is being fetched."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from app.kiosk.view import Notice, Work
from app.ui import drawing, icons, tongue, words

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtGui import QFont, QMouseEvent, QPainter, QPaintEvent

    from app.kiosk.view import Exceptional, GrantOffer, Status, Tone
    from app.ui.theme import Theme


Urgency = Literal["bar_ink", "warn", "bad"]
TROUBLE_WISHED = 330
"""Room at unit 1 for which other facts are said in short; a tap on the line tells all in full."""
TROUBLE_LEAST = 150
"""Room that a trouble gets at least, at unit 1: its icon and one word."""


_CALLS = {
    "calling": ("help", "bar_ink"),
    "called": ("help", "bar_ink"),
    "coming": ("person", "good"),
    "not_gone": ("alarm", "warn"),
}
"""Icon and colour of a call for help; one that has not gone is no trouble of the kiosk's own, and not cut."""
_GROUNDS = {"": "bar", "admission": "warn", "glass": "alarm"}


@dataclass(frozen=True)
class Segment:
    """One fact: icon, colour name, and the wording in full and in short."""

    icon: str
    colour: str
    full: str
    short: str


@dataclass(frozen=True)
class Place:
    """Where the person is, as the line tells it in large letters: ``heading``, ``counter`` at the right.

    ``inset`` is left free on the left.
    """

    heading: Segment | None = None
    counter: str = ""
    inset: int = 0
    work: Work = field(default_factory=Work)


def segments(status: Status, now: datetime, exceptional: Exceptional | None = None) -> tuple[Segment, ...]:
    """What the line says, most important first. ``now`` and the times of ``status`` are aware.

    By a grant somebody reads until its end, and that is told in place of the end of the reading time.
    """
    zone = now.tzinfo
    until = status.readable_until.astimezone(zone) if status.readable_until is not None else None
    said: list[Segment] = []
    if status.online:
        said.append(Segment("online", "good", words.online(), words.online()))
    else:
        since = status.offline_since.astimezone(zone) if status.offline_since is not None else None
        said.append(Segment("offline", "warn", *words.offline(since, now)))
    level = urgency(status, now)
    if exceptional is not None:
        said.insert(0, Segment("person", "bar_ink", *words.exceptional(exceptional, now)))
    if status.call is not None:
        icon, colour = _CALLS[status.call.state]
        said.insert(0, Segment(icon, colour, *words.call(status.call, now)))
    near = until if until is not None and until > now and level != "bar_ink" else None
    told = words.readable_until(until, now) if near is None else words.ends(near, now)
    if exceptional is None and (status.call is None or level != "bar_ink"):  # nobody need act by it
        said.append(Segment("clock", level, *told))
    if status.waiting or status.call is None:
        icon, colour = ("waiting", "warn") if status.waiting else ("recorded", "bar_soft")
        said.append(Segment(icon, colour, *words.waiting(status.waiting)))
    if status.to_pull > status.pulled:
        said.append(Segment("fetching", "bar_ink", *words.pulling(status.pulled, status.to_pull)))
    if status.trouble:
        said.append(Segment("warning", "warn", tongue.said(status.trouble), tongue.said(words.TROUBLE_SHORT)))
    return tuple(said)


def urgency(status: Status, now: datetime) -> Urgency:
    """How urgent the end of the reading time is: a colour's name, ``bar_ink`` where nobody need act.

    Nobody need act while the hub is reached and nothing is amiss: a lease is renewed every hour then, however
    short it is.
    """
    until = status.readable_until
    if until is None:
        return "bar_ink"
    left = until - now
    if left <= timedelta(0):
        return "bad"
    if status.online and not status.trouble:
        return "bar_ink"
    if left <= timedelta(minutes=status.alarm_minutes):
        return "bad"
    return "warn" if left <= timedelta(minutes=status.warn_minutes) else "bar_ink"


def standing(status: Status, now: datetime, exceptional: Exceptional | None = None) -> tuple[str, ...]:
    """All that the line says in full, and what to do where the reading time is near its end."""
    said = tuple(segment.full for segment in segments(status, now, exceptional))
    return said if urgency(status, now) == "bar_ink" else (*said, words.extend(online=status.online))


def ending(status: Status, now: datetime) -> Notice | None:
    """The message that the reading time is near its end or over, with what to do; None where it is not."""
    level = urgency(status, now)
    if status.readable_until is None or level == "bar_ink":
        return None
    says = words.ending(status.readable_until.astimezone(now.tzinfo), now)
    tone: Tone = "warning" if level == "warn" else "error"
    code = "lease_ended" if status.readable_until <= now else "lease_ends"
    return Notice(code, says, words.extend(online=status.online), tone)


class StatusLine(QWidget):
    """Paints the line; while a lock is near, its right half is the countdown. ``asked``: it was pressed.

    The whole line is red while glass is broken, amber while somebody reads by an admission.
    """

    asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._said: tuple[Segment, ...] = ()
        self._rights: tuple[str, ...] = ()
        self._lock_in: int | None = None
        self._grant: GrantOffer = ""
        self._place = Place()

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        self.update()

    def tell_nothing(self) -> None:
        """Nothing is known yet."""
        self._said, self._rights, self._lock_in, self._grant = (), (), None, ""
        self.update()

    def tell_place(self, place: Place) -> None:
        """Where letters are large, the line also says where the person is."""
        if place != self._place:
            self._place = place
            self.update()

    def tell(
        self,
        status: Status,
        now: datetime,
        person: str = "",
        lock_in: int | None = None,
        *,
        clock: bool = True,
        unit: str = "",
        exceptional: Exceptional | None = None,
    ) -> None:
        """Show this. ``person`` is who is signed in, ``unit`` the work; ``lock_in`` seconds to the lock."""
        said, time = segments(status, now, exceptional), words.clock(now) if clock else ""
        # Who is signed in gives way to facts, and then the unit; the time of day does not.
        rights = tuple(
            "   ".join(filter(None, parts)) for parts in ((unit, person, time), (unit, time), (time,))
        )
        grant: GrantOffer = "" if exceptional is None else exceptional.kind
        if (said, rights, lock_in, grant) == (self._said, self._rights, self._lock_in, self._grant):
            return
        self._said, self._rights, self._lock_in, self._grant = said, rights, lock_in, grant
        spoken = [segment.full for segment in said] + [unit] * bool(unit)
        if lock_in is not None:
            spoken.append(words.locks_in(lock_in)[0])
        self.setAccessibleName(". ".join(spoken))
        self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Somebody wants to know more."""
        self.asked.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        with drawing.painting(self) as painter:
            painter.fillRect(self.rect(), self._theme.colour(_GROUNDS[self._grant]))
            if self._theme.large:
                self._paint_large(painter)
                return
            left = self._paint_person(painter) if self._lock_in is None else self._paint_countdown(painter)
            gap = self._theme.length(14)
            self._paint_segments(painter, QRectF(gap, 0, left - 2 * gap, self.height()))

    def _paint_large(self, painter: QPainter) -> None:
        from app.ui.large_line import LargeLine  # not at the kiosk's start: most never need it

        line = LargeLine(painter, QRectF(self.rect()), self._theme, self._ink)
        if self._lock_in is not None:
            line.paint_countdown(self._lock_in, self._place.inset)
        else:
            time = self._rights[-1] if self._rights else ""
            line.paint(self._said, self._place, self._place.counter if self._place.heading else time)

    def _paint_countdown(self, painter: QPainter) -> float:
        """On the right, as wide as it may be; returns where it begins."""
        theme, box = self._theme, QRectF(self.rect())
        font = theme.font("label", bold=True)
        side = box.height() * 0.72
        texts = words.locks_in(self._lock_in or 0)
        wide = [drawing.width_of(text, font) + 3 * side for text in texts]
        text, width = (texts[0], wide[0]) if wide[0] < box.width() * 0.5 else (texts[1], wide[1])
        box.setLeft(box.right() - width)
        painter.fillRect(box, theme.colour("warn"))
        spot = QRectF(box.left() + 0.6 * side, (box.height() - side) / 2, side, side)
        icons.draw(painter, "lock", spot, theme.style.colours["on_warn"])
        place = QRectF(spot.right() + 0.4 * side, 0, box.right() - spot.right(), box.height())
        drawing.line(painter, place, text, font, theme.colour("on_warn"), drawing.LEFT)
        return box.left()

    def _paint_person(self, painter: QPainter) -> float:
        """Who is signed in, and the time of day; returns where that begins."""
        theme, box = self._theme, QRectF(self.rect())
        gap = theme.length(14)
        font = theme.font("label", bold=True)
        least = self._width([segment.short for segment in self._said if segment.icon != "warning"])
        least += theme.length(TROUBLE_LEAST) if any(s.icon == "warning" for s in self._said) else 0
        room = box.width() - 4 * gap - least
        right = next((text for text in self._rights if drawing.width_of(text, font) <= room), "")
        right = right or (self._rights[-1] if self._rights else "")
        wide = drawing.width_of(right, font) + 2
        place = QRectF(box.right() - wide - gap, 0, wide, box.height())
        drawing.line(painter, place, right, font, theme.colour(self._ink("bar_ink")), drawing.RIGHT)
        return place.left()

    def _ink(self, colour: str) -> str:
        """On red or amber there is one ink."""
        return {"glass": "on_alarm", "admission": "on_warn"}.get(self._grant, colour)

    def _width(self, texts: list[str]) -> float:
        """What these texts need, each with its icon."""
        side, gap, between = self._steps()
        wide = sum(drawing.width_of(text, self._font(index)) + 2 for index, text in enumerate(texts))
        return wide + len(texts) * (side + gap) + max(0, len(texts) - 1) * between

    def _font(self, index: int) -> QFont:
        return self._theme.font("label", bold=index == 0)

    def _steps(self) -> tuple[float, float, float]:
        """Side of an icon, from there to its text, and from one fact to the next."""
        return self.height() * 0.66, self._theme.length(8), self._theme.length(28)

    def _paint_segments(self, painter: QPainter, room: QRectF) -> None:
        theme, (side, gap, between) = self._theme, self._steps()
        texts = [segment.full for segment in self._said]
        known = [s.full for s in self._said if s.icon != "warning"]
        for index in (2, 3, 1, 0):  # the least needed words go first; a trouble is named at least
            taken = self._width(known) + (theme.length(TROUBLE_WISHED) if len(known) < len(texts) else 0)
            if index < len(known) and taken > room.width():
                known[index] = texts[index] = self._said[index].short
        left = room.left()
        for index, segment in enumerate(self._said):
            text = texts[index]
            if left + side > room.right():
                break
            spot = QRectF(left, (room.height() - side) / 2, side, side)
            ink = self._ink(segment.colour)
            icons.draw(painter, segment.icon, spot, theme.style.colours[ink])
            left += side + gap
            if segment.icon == "warning" and drawing.width_of(text, self._font(index)) > room.right() - left:
                text = segment.short  # half a sentence tells nothing; a tap on the line tells all of it
            width = max(0.0, min(drawing.width_of(text, self._font(index)) + 2, room.right() - left))
            place = QRectF(left, 0, width, room.height())
            drawing.line(painter, place, text, self._font(index), theme.colour(ink), drawing.LEFT)
            left += width + between
