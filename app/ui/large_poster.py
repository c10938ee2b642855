"""A poster where letters are large: station, words and buttons take the room they need, the picture the rest.

Words that have no room even without the picture go onto the card, which divides them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from app.kiosk.view import Notice
from app.ui import drawing
from app.ui.rows import in_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QFont, QPainter

    from app.ui.notice_card import NoticeCard
    from app.ui.poster import Poster
    from app.ui.theme import Theme
    from app.ui.touch_button import TouchButton

PICTURE_LEAST = 130
"""Height at unit 1 below which no picture is drawn."""
GAP = 12
COLUMNS = 3
SMALLER = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6)
"""How small, as shares of its size, the headline becomes where it and what to do have no room together."""
GIVES_WAY = 6
"""So many of these are tried before a trouble goes without its picture."""


class LargePoster:
    """The layout of one poster in a window of this size; ``time`` is the clock and the day."""

    def __init__(self, theme: Theme, poster: Poster, time: tuple[str, str], size: tuple[int, int]) -> None:
        self._theme, self._poster, self._time = theme, poster, time
        self._width, self._height = size
        self._edge, self._gap = theme.length(24), theme.length(GAP)
        self._bottom = float(self._height)
        self._day = True
        self._top = theme.status + self._gap + self._row() + self._day_row() + self._gap

    def place(self, buttons: Sequence[TouchButton], card: NoticeCard) -> None:
        """Put buttons along the lower edge and the card, if anything is on it, above them."""
        if buttons:
            columns = range(COLUMNS if len(buttons) > 2 else 2, 0, -1)
            rows = in_rows(buttons, self._width - 2 * self._edge, self._theme.px("gap"), columns)
            rows.place(self._edge, self._height - self._edge - rows.high)
            self._bottom = self._height - self._edge - rows.high - self._gap
        poster = self._poster
        notice = poster.card
        if notice is None and self._words_high() > self._bottom - self._top - self._gap:
            notice = Notice(
                "poster", poster.headline, poster.how, "error" if poster.tone == "error_mark" else "info"
            )
        card.set_large(False)
        card.tell(notice)
        width, room = self._width - 2 * self._edge, round(self._bottom - self._top - self._gap)
        high = card.fit(width, room)
        if notice is not None and card.divided:  # a message in fewer parts is worth more than the day
            self._day, self._top = False, self._top - self._day_row()
            high = card.fit(width, room + self._day_row())
        card.setGeometry(self._edge, round(self._bottom - self._gap) - high, width, high)

    def paint(self, painter: QPainter, card: NoticeCard, picture: Callable[[QPainter, QRectF], None]) -> None:
        """Paint all that is no widget."""
        self._paint_station(painter)
        theme, poster = self._theme, self._poster
        left, width = float(self._edge), float(self._width - 2 * self._edge)
        if card.isVisible():
            room = QRectF(left, self._top, width, card.y() - self._top - self._gap)
            font = theme.font("title", bold=True)
            if poster.card is not None and room.height() >= theme.letters(50):
                font = drawing.fitted(font, poster.headline, width)
                drawing.line(painter, room, poster.headline, font, theme.colour("ink"), drawing.CENTRE)
            return
        words = self._words_high()
        spare = self._bottom - self._top - words - 2 * self._gap
        top = self._top + max(0.0, spare) * 0.4
        if spare >= theme.length(PICTURE_LEAST):
            high = min(spare, self._height * 0.4)
            top = self._top + (spare - high) / 2
            picture(painter, QRectF(left, top, width, high))
            top += high + self._gap
        font, centre = self._head(), drawing.TOP_CENTRE
        below = QRectF(left, top, width, self._bottom - top)
        used = drawing.paragraph(painter, below, poster.headline, font, theme.colour("ink"), centre)
        below.setTop(top + used + self._gap)
        drawing.paragraph(painter, below, poster.how, theme.font("body"), theme.colour("ink_soft"), centre)

    def _head(self) -> QFont:
        """The headline's font: its full size in as many lines as it needs, smaller only without the room.

        Of a trouble the picture tells how grave it is: for its sake the headline gives way a little.
        """
        grave = self._poster.picture in {"trouble", "setup"}
        width, room = self._width - 2 * self._edge, self._bottom - self._top - self._gap
        picture = self._theme.length(PICTURE_LEAST) + self._gap
        tried = [(room - picture, factor) for factor in SMALLER[:GIVES_WAY] if grave]
        tried += [(room, factor) for factor in SMALLER]
        font = self._theme.font("headline" if grave else "poster", bold=True)
        for high, factor in tried:
            font = self._theme.font("headline" if grave else "poster", bold=True, factor=factor)
            fits = drawing.longest_word(self._poster.headline, font) <= width
            if fits and self._high_with(font) <= high:
                break
        return font

    def _words_high(self) -> float:
        return self._high_with(self._head())

    def _high_with(self, font: QFont) -> float:
        width = self._width - 2 * self._edge
        head = drawing.height_of(self._poster.headline, font, width)
        return head + self._gap + drawing.height_of(self._poster.how, self._theme.font("body"), width)

    def _row(self) -> int:
        """Height of the station's row."""
        return self._theme.letters(52)

    def _day_row(self) -> int:
        return self._theme.letters(38)

    def _paint_station(self, painter: QPainter) -> None:
        """The station, its name and the time of day in one row, the day in the next."""
        theme, poster, (clock, day) = self._theme, self._poster, self._time
        ink, soft = theme.colour("ink"), theme.colour("ink_soft")
        title, label = theme.font("title", bold=True), theme.font("label")
        left, width = self._edge, self._width - 2 * self._edge
        row = QRectF(left, theme.status + self._gap, width, self._row())
        drawing.line(painter, row, clock, title, ink, drawing.RIGHT)
        if self._day:
            second = QRectF(left, row.bottom(), width, self._day_row())
            drawing.line(painter, second, day, label, soft, drawing.RIGHT)
        if poster.station:
            wide = drawing.width_of(poster.station, title) + theme.length(30)
            plate = QRectF(left, row.top(), wide, row.height())
            drawing.panel(painter, plate, theme.colour("accent"), theme.px("radius"))
            drawing.line(painter, plate, poster.station, title, theme.colour("on_accent"), drawing.CENTRE)
            row.setLeft(plate.right() + theme.length(24))
        row.setRight(row.right() - drawing.width_of(clock, title) - theme.length(24))
        font = drawing.fitted(theme.font("body"), poster.station_name, row.width())
        drawing.line(painter, row, poster.station_name, font, ink, drawing.LEFT)
