"""The large screens without a page: tap your badge, one moment, not set up, trouble. Readable from afar."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.kiosk.view import Notice, Stage
from app.ui import drawing, icons, words
from app.ui.notice_card import NoticeCard
from app.ui.status_line import StatusLine, ending
from app.ui.tongue import said
from app.ui.touch_button import TouchButton

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent

    from app.kiosk.view import Screen
    from app.ui.large_poster import LargePoster
    from app.ui.theme import Theme


CARD_FROM = 0.45
"""Where a message begins, as a share of the room below the station's name."""
BARS_TAPPING = frozenset({"KIOSK_BLOCKED", "kiosk_blocked", "set_back", "lease_ended", "reader_absent"})
"""Notices with which a tap leads nowhere: nobody is invited to one."""
BESIDE_LEAST = 0.2
"""Share of that room that the invitation to tap keeps above the longest message."""


@dataclass(frozen=True)
class Poster:
    """What such a screen says. ``card`` is a message that stands over the rest."""

    picture: str
    headline: str
    how: str
    station: str = ""
    station_name: str = ""
    card: Notice | None = None
    tone: Literal["accent", "error_mark"] = "accent"
    facts: bool = True
    offers: str = ""
    grants: str = ""
    calls: bool = False


def poster_of(screen: Screen, now: datetime) -> Poster:
    """The words and picture for a screen that shows no page; ``now`` is aware local time."""
    status, notice = screen.status, screen.notice
    place = status.station, status.station_name
    if notice is None and status.trouble:
        notice = Notice("trouble", status.trouble, "", "warning")
    if screen.notice is None and screen.stage is Stage.BADGE:
        notice = ending(status, now) or notice
    match screen.stage:
        case Stage.TROUBLE:
            says = notice.says if notice is not None else words.TROUBLE
            do = notice.do if notice is not None else words.TROUBLE_HOW
            how = f"{said(do)}\n\n{said(words.RETRYING)}".strip()
            return Poster("trouble", says, how, *place, tone="error_mark", facts=bool(status.kiosk))
        case Stage.SETUP:
            says = notice.says if notice is not None else words.SETUP
            do = notice.do if notice is not None and notice.do else words.SETUP_HOW
            return Poster("setup", says, do, *place, facts=bool(status.kiosk))
        case Stage.IDENTIFYING:
            if screen.notice is not None:
                return Poster("checking", screen.notice.says, screen.notice.do, *place)
            return Poster("checking", words.IDENTIFYING, words.IDENTIFYING_HOW, *place)
        case Stage.STARTING:
            return Poster("tap-badge", words.STARTING, words.STARTING_HOW, *place, notice, facts=False)
        case _:
            poster = _badge_screen(notice, *place)
            free = screen.stage is Stage.BADGE and screen.offers != "cancel" and status.call is None
            return replace(poster, offers=screen.offers, grants=screen.grants, calls=free)


def _badge_screen(notice: Notice | None, station: str, name: str) -> Poster:
    if notice is not None and notice.code in BARS_TAPPING:
        return Poster("trouble", notice.says, notice.do, station, name, tone="error_mark")
    return Poster("tap-badge", words.TAP, words.TAP_HOW, station, name, notice)


class PosterScreen(QWidget):
    """Paints a poster under the status line. ``first_painted``: once, after it has come to the screen."""

    first_painted = Signal()
    set_pin_asked = Signal()
    grant_asked = Signal()
    cancelled = Signal()
    help_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._poster = Poster("tap-badge", words.STARTING, words.STARTING_HOW, facts=False)
        self._time = "", ""
        self._large: LargePoster | None = None
        self._afterwards: QTimer | None = QTimer(self)
        self._afterwards.setSingleShot(True)
        self._afterwards.timeout.connect(self.first_painted)
        self._status = StatusLine(theme, self)
        self._card = NoticeCard(theme, self, large=True)
        self._help = TouchButton(theme, "help", words.CALL, self, wordy=True)
        self._help.clicked.connect(self.help_asked)
        self._help.hide()
        self._grant = TouchButton(theme, "warning", words.ADMIT, self, wordy=True)
        self._grant.clicked.connect(self.grant_asked)
        self._grant.hide()
        self._offer = TouchButton(theme, "keypad", words.SET_PIN, self, wordy=True)
        self._offer.clicked.connect(self._taken)
        self._offer.hide()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        self._status.restyle(theme)
        self._card.restyle(theme)
        self._offer.restyle(theme)
        self._grant.restyle(theme)
        self._help.restyle(theme)
        self._place()
        self.update()

    def tell(self, screen: Screen, now: datetime) -> None:
        """Show this screen; ``now`` is aware local time."""
        poster, time = poster_of(screen, now), (words.clock(now), words.day(now))
        poster = replace(poster, headline=said(poster.headline), how=said(poster.how))
        if poster.facts:
            self._status.tell(screen.status, now, clock=False)
        else:
            self._status.tell_nothing()
        if (poster, time) == (self._poster, self._time):
            return
        self._poster, self._time = poster, time
        self.setAccessibleName(poster.headline)
        self.setAccessibleDescription(poster.how)
        self._card.tell(poster.card)
        if poster.offers == "cancel":
            self._offer.become("close", words.CANCEL)
        else:
            self._offer.become("keypad", words.SET_PIN)
        self._offer.setVisible(bool(poster.offers))
        if poster.grants == "glass":
            self._grant.become("warning", words.BREAK_GLASS)
        else:
            self._grant.become("person", words.ADMIT)
        self._grant.setVisible(bool(poster.grants))
        self._help.setVisible(poster.calls)
        self._place()
        self.update()

    def _taken(self) -> None:
        """The offer was touched."""
        (self.cancelled if self._poster.offers == "cancel" else self.set_pin_asked).emit()

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Lay out."""
        self._place()

    def _place(self) -> None:
        theme = self._theme
        self._status.setGeometry(0, 0, self.width(), theme.status)
        self._large = None
        if theme.large:
            from app.ui.large_poster import LargePoster

            self._large = LargePoster(theme, self._poster, self._time, (self.width(), self.height()))
            there = (self._help, self._grant, self._offer)
            self._large.place([button for button in there if not button.isHidden()], self._card)
            return
        width = min(self.width() - 2 * theme.length(40), theme.length(1120))
        room = round(self._body() * (1 - BESIDE_LEAST)) - theme.length(16)
        high = theme.px("target")
        wide, edge = theme.length(250), theme.length(20)
        right, top = self.width() - wide - edge, self.height() - high - edge
        if self._poster.offers == "cancel":  # where keypad and options have it, too
            right = edge
        self._offer.setGeometry(right, top, wide, high)
        longer = theme.length(340)
        left = right - longer - edge if self._poster.offers else self.width() - longer - edge
        self._grant.setGeometry(left, top, longer, high)
        self._help.setGeometry(edge, top, longer, high)
        self._card.set_large(True)
        if self._card.height_for(width) > room:
            self._card.set_large(False)
        height = min(self._card.height_for(width), room)
        self._card.setGeometry((self.width() - width) // 2, round(self._card_top(height)), width, height)

    def _card_top(self, height: int) -> float:
        """A message stands where it likes to, or higher where it needs more room."""
        lowest = self._top() + self._body() - height - self._theme.length(16)
        wished = self._top() + self._body() * CARD_FROM
        return min(lowest, wished + max(0.0, min((lowest - wished) / 2, self._theme.length(60))))

    def _top(self) -> float:
        """Below status line and station."""
        return self._theme.status + self._theme.length(132)

    def _body(self) -> float:
        foot = (
            self._theme.px("target") + self._theme.length(28)
            if self._poster.offers or self._poster.grants or self._poster.calls
            else 0
        )
        return self.height() - self._top() - foot

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        with drawing.painting(self) as painter:
            painter.fillRect(self.rect(), self._theme.colour("ground"))
            if self._large is not None:
                self._large.paint(painter, self._card, self._picture)
            else:
                self._paint_usual(painter)
        if self._afterwards is not None:
            self._afterwards.start(0)
            self._afterwards = None

    def _paint_usual(self, painter: QPainter) -> None:
        self._paint_station(painter)
        if self._poster.picture in {"trouble", "setup"}:
            self._paint_words(painter, 0.36, "headline", "title")
        elif self._poster.card is not None:
            self._paint_beside(painter)
        else:
            self._paint_words(painter, 0.60, "poster", "title")

    def _paint_station(self, painter: QPainter) -> None:
        theme, poster = self._theme, self._poster
        edge, top, high = theme.length(48), theme.status + theme.length(28), theme.length(80)
        (clock, day), clock_font, day_font = self._time, theme.font("headline", bold=True), theme.font("body")
        wide = max(drawing.width_of(clock, clock_font), drawing.width_of(day, day_font)) + 2
        right = QRectF(self.width() - edge - wide, top - theme.length(10), wide, theme.length(64))
        drawing.line(painter, right, clock, clock_font, theme.colour("ink"), drawing.RIGHT)
        right = right.translated(0, theme.length(58)).adjusted(0, 0, 0, -theme.length(18))
        drawing.line(painter, right, day, day_font, theme.colour("ink_soft"), drawing.RIGHT)
        room = QRectF(edge, top, right.left() - 2 * edge, high)
        if poster.station:
            font = theme.font("headline", bold=True)
            plate = QRectF(edge, top, drawing.width_of(poster.station, font) + theme.length(44), high)
            drawing.panel(painter, plate, theme.colour("accent"), theme.px("radius"))
            drawing.line(painter, plate, poster.station, font, theme.colour("on_accent"), drawing.CENTRE)
            room.setLeft(plate.right() + theme.length(24))
        font = drawing.fitted(theme.font("headline"), poster.station_name, room.width())
        drawing.line(painter, room, poster.station_name, font, theme.colour("ink"), drawing.LEFT)

    def _paint_words(self, painter: QPainter, picture_share: float, head: str, how: str) -> None:
        """Picture, headline and what to do, one below the other, as a group in the middle."""
        theme, poster, body = self._theme, self._poster, self._body()
        edge = theme.length(64)
        width = self.width() - 2 * edge
        head_font, how_font = theme.font(head, bold=True), theme.font(how)
        gaps = theme.length(28), theme.length(14)
        words_high = drawing.height_of(poster.headline, head_font, width)
        words_high += drawing.height_of(poster.how, how_font, width) + sum(gaps)
        picture_high = min(body * picture_share, body - words_high - theme.length(24))
        top = self._top() + max(0.0, (body - picture_high - words_high) * 0.42)
        self._picture(painter, QRectF(edge, top, width, picture_high))
        below = QRectF(edge, top + picture_high + gaps[0], width, body)
        centre = drawing.TOP_CENTRE
        used = drawing.paragraph(painter, below, poster.headline, head_font, theme.colour("ink"), centre)
        below.setTop(below.top() + used + gaps[1])
        drawing.paragraph(painter, below, poster.how, how_font, theme.colour("ink_soft"), centre)

    def _paint_beside(self, painter: QPainter) -> None:
        """A card has the lower room; the invitation stays above it, picture and headline side by side."""
        theme, poster = self._theme, self._poster
        high = min(self._body() * CARD_FROM, self._card.y() - self._top()) - theme.length(16)
        picture_width, gap = min(high * 1.5, self.width() * 0.36), theme.length(40)
        most = self.width() - picture_width - 3 * gap
        font = drawing.fitted(theme.font("poster", bold=True), poster.headline, most)
        wide = min(drawing.width_of(poster.headline, font) + 2, most + 2)
        left = (self.width() - picture_width - gap - wide) / 2
        self._picture(painter, QRectF(left, self._top(), picture_width, high))
        text = QRectF(left + picture_width + gap, self._top(), wide, high)
        drawing.line(painter, text, poster.headline, font, theme.colour("ink"), drawing.LEFT)

    def _picture(self, painter: QPainter, box: QRectF) -> None:
        colours = self._theme.style.colours
        icons.draw(
            painter,
            self._poster.picture,
            box,
            colours["ink"],
            accent=colours[self._poster.tone],
            ground=colours["surface"],
        )
