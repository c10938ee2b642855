"""The large screens without a page: tap your badge, one moment, not set up, trouble. Readable from afar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.kiosk.view import Stage
from app.ui import drawing, icons, words
from app.ui.notice_card import NoticeCard
from app.ui.status_line import StatusLine

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent

    from app.kiosk.view import Notice, Screen
    from app.ui.theme import Theme


@dataclass(frozen=True)
class Poster:
    """What such a screen says. ``card`` is a message that stands over the rest."""

    picture: str
    headline: str
    how: str
    station: str = ""
    station_name: str = ""
    card: Notice | None = None
    busy: bool = False


def poster_of(screen: Screen) -> Poster:
    """The words and picture for a screen that shows no page."""
    status, notice = screen.status, screen.notice
    place = status.station, status.station_name
    match screen.stage:
        case Stage.TROUBLE:
            says = notice.says if notice is not None else words.TROUBLE
            do = notice.do if notice is not None else words.TROUBLE_HOW
            return Poster("trouble", says, f"{do}\n{words.RETRYING}".strip(), *place)
        case Stage.SETUP:
            says = notice.says if notice is not None else words.SETUP
            do = notice.do if notice is not None and notice.do else words.SETUP_HOW
            return Poster("setup", says, do, *place)
        case Stage.IDENTIFYING:
            return Poster("checking", words.IDENTIFYING, words.IDENTIFYING_HOW, *place, busy=True)
        case Stage.STARTING:
            return Poster("tap-badge", words.STARTING, words.STARTING_HOW, *place, notice, busy=True)
        case _:
            return Poster("tap-badge", words.TAP, words.TAP_HOW, *place, notice)


class PosterScreen(QWidget):
    """Paints a poster under the status line. ``first_painted``: once, after it has come to the screen."""

    first_painted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._poster = Poster("tap-badge", words.STARTING, words.STARTING_HOW, busy=True)
        self._day = ""
        self._afterwards: QTimer | None = QTimer(self)
        self._afterwards.setSingleShot(True)
        self._afterwards.timeout.connect(self.first_painted)
        self._status = StatusLine(theme, self)
        self._card = NoticeCard(theme, self, large=True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        self._status.restyle(theme)
        self._card.restyle(theme)
        self._place()
        self.update()

    def tell(self, screen: Screen, now: datetime) -> None:
        """Show this screen; ``now`` is aware local time."""
        self._status.tell(screen.status, now)
        poster, day = poster_of(screen), words.day(now)
        if (poster, day) == (self._poster, self._day):
            return
        self._poster, self._day = poster, day
        self.setAccessibleName(poster.headline)
        self.setAccessibleDescription(poster.how)
        self._card.tell(poster.card)
        self._place()
        self.update()

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Lay out."""
        self._place()

    def _place(self) -> None:
        theme = self._theme
        self._status.setGeometry(0, 0, self.width(), theme.px("status"))
        width = min(self.width() - 2 * theme.length(40), theme.length(1120))
        height = self._card.height_for(width)
        self._card.setGeometry((self.width() - width) // 2, round(self._card_top()), width, height)

    def _card_top(self) -> float:
        return self._top() + self._body() * 0.45 if self._poster.card is not None else 0.0

    def _top(self) -> float:
        """Below status line and station."""
        return self._theme.px("status") + self._theme.length(150)

    def _body(self) -> float:
        return self.height() - self._top()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        painter = drawing.painter_on(self)
        painter.fillRect(self.rect(), self._theme.colour("ground"))
        self._paint_station(painter)
        if self._poster.picture in {"trouble", "setup"}:
            self._paint_words(painter, 0.40, "headline", "title")
        elif self._poster.card is not None:
            self._paint_small(painter)
        else:
            self._paint_words(painter, 0.56, "poster", "title")
        painter.end()
        if self._afterwards is not None:
            self._afterwards.start(0)
            self._afterwards = None

    def _paint_station(self, painter: QPainter) -> None:
        theme, poster = self._theme, self._poster
        edge, top = theme.length(48), theme.px("status") + theme.length(28)
        room = QRectF(edge, top, self.width() - 2 * edge, theme.length(100))
        day_font = theme.font("title")
        day_width = drawing.width_of(self._day, day_font) + 2
        drawing.line(
            painter,
            QRectF(room.right() - day_width, top, day_width, theme.length(60)),
            self._day,
            day_font,
            theme.colour("ink_soft"),
            drawing.RIGHT,
        )
        room.setRight(room.right() - day_width - edge)
        name, code_font = poster.station_name or words.NO_STATION, theme.font("headline", bold=True)
        if poster.station:
            width = drawing.width_of(poster.station, code_font) + theme.length(44)
            plate = QRectF(room.left(), top, width, theme.length(80))
            drawing.panel(painter, plate, theme.colour("accent"), theme.px("radius"))
            drawing.line(painter, plate, poster.station, code_font, theme.colour("on_accent"), drawing.CENTRE)
            room.setLeft(plate.right() + theme.length(24))
        room.setHeight(theme.length(80))
        drawing.line(painter, room, name, theme.font("headline"), theme.colour("ink"), drawing.LEFT)

    def _paint_words(self, painter: QPainter, picture_share: float, head: str, how: str) -> None:
        theme, poster, body = self._theme, self._poster, self._body()
        width = self.width() - 2 * theme.length(64)
        picture = QRectF(theme.length(64), self._top(), width, body * picture_share)
        self._picture(painter, picture)
        below = QRectF(picture.left(), picture.bottom() + theme.length(24), width, body)
        used = drawing.paragraph(
            painter,
            below,
            poster.headline,
            theme.font(head, bold=True),
            theme.colour("ink"),
            drawing.TOP_CENTRE,
        )
        below.setTop(below.top() + used + theme.length(14))
        drawing.paragraph(
            painter, below, poster.how, theme.font(how), theme.colour("ink_soft"), drawing.TOP_CENTRE
        )

    def _paint_small(self, painter: QPainter) -> None:
        """The card has the room; the invitation to tap stays above it."""
        theme = self._theme
        box = QRectF(theme.length(64), self._top(), self.width() - 2 * theme.length(64), self._body() * 0.40)
        side = QRectF(box.left(), box.top(), box.width() * 0.36, box.height())
        self._picture(painter, side)
        text = QRectF(side.right() + theme.length(24), box.top(), box.right() - side.right(), box.height())
        left = drawing.LEFT
        drawing.line(
            painter, text, self._poster.headline, theme.font("poster", bold=True), theme.colour("ink"), left
        )

    def _picture(self, painter: QPainter, box: QRectF) -> None:
        colours = self._theme.style.colours
        icons.draw(
            painter,
            self._poster.picture,
            box,
            colours["ink"],
            accent=colours["accent"],
            ground=colours["surface"],
        )
