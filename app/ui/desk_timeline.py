"""A case of the review queue as a timeline: what could explain views above, the views below."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QWidget

from app.ui import desk_quality_words, drawing
from app.wire.desk_review import SpanKind

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtGui import QPainter, QPaintEvent

    from app.ui.theme import Theme
    from app.wire.desk_review import CaseReply, CaseSpan, CaseView

_ROWS = (
    (SpanKind.SHIFT,), (SpanKind.ASSIGNED, SpanKind.RELIEF), (SpanKind.GRANT,), (SpanKind.UNIT,),
)  # fmt: skip
_FILLS = {
    SpanKind.SHIFT: "lane", SpanKind.ASSIGNED: "good_mark", SpanKind.RELIEF: "good_mark",
    SpanKind.GRANT: "warning_mark", SpanKind.UNIT: "info_mark",
}  # fmt: skip
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 180, 240)
"""Minutes between two marks of the scale."""


class Timeline(QWidget):
    """See the module."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.case: CaseReply | None = None

    def tell(self, case: CaseReply | None) -> None:
        """Show this case."""
        self.case = case
        self.setAccessibleName("" if case is None else desk_quality_words.timeline_said(case))
        self.update()

    @property
    def bare(self) -> tuple[CaseView, ...]:
        """The views that nothing explains."""
        return () if self.case is None else tuple(view for view in self.case.views if not view.explained)

    def x_of(self, moment: datetime) -> float:
        """Where a moment is."""
        assert self.case is not None
        left, right = self._left(), self.width() - self.theme.length(24)
        whole = (self.case.end - self.case.begin) / timedelta(seconds=1) or 1.0
        return left + (right - left) * ((moment - self.case.begin) / timedelta(seconds=1)) / whole

    def _left(self) -> float:
        return float(self.theme.length(210))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        theme, box = self.theme, QRectF(self.rect())
        with drawing.painting(self) as painter:
            painter.fillRect(box, theme.colour("surface"))
            if self.case is None:
                font, soft = theme.font("label"), theme.colour("ink_soft")
                drawing.line(painter, box, desk_quality_words.TIMELINE_NONE, font, soft, drawing.CENTRE)
                return
            rows = len(_ROWS) + 2
            high = (box.height() - theme.length(64)) / rows
            bottom = rows * high
            self._scale(painter, QRectF(0, bottom, box.width(), box.height() - bottom))
            for number, kinds in enumerate(_ROWS):
                row = QRectF(0, number * high, box.width(), high)
                self._row(painter, row, desk_quality_words.TIMELINE_ROWS[number])
                for span in self.case.spans:
                    if span.kind in kinds:
                        self._span(painter, row, span)
            views = QRectF(0, len(_ROWS) * high, box.width(), 2 * high)
            self._views(painter, views)

    def _row(self, painter: QPainter, row: QRectF, name: str) -> None:
        theme = self.theme
        label = QRectF(theme.length(20), row.top(), self._left() - theme.length(32), row.height())
        drawing.line(painter, label, name, theme.font("small"), theme.colour("ink_soft"), drawing.LEFT)
        painter.setPen(QPen(theme.colour("card_edge"), 1))
        painter.drawLine(0, round(row.bottom()), round(row.right()), round(row.bottom()))

    def _span(self, painter: QPainter, row: QRectF, span: CaseSpan) -> None:
        theme = self.theme
        begin, end = self.x_of(span.begin), self.x_of(span.end)
        bar = QRectF(begin, row.top() + row.height() * 0.18, max(3.0, end - begin), row.height() * 0.64)
        drawing.panel(painter, bar, theme.colour(_FILLS[span.kind]), theme.px("radius") / 2)
        ink = "ink" if span.kind is SpanKind.SHIFT else "ground"
        inside = bar.adjusted(theme.length(10), 0, -theme.length(6), 0)
        font = theme.font("small")
        if inside.width() > theme.length(60):
            drawing.line(painter, inside, span.says, font, theme.colour(ink), drawing.LEFT)

    def _views(self, painter: QPainter, row: QRectF) -> None:
        """Explained views are thin and soft; one that nothing explains is red, tall, and has a flag above."""
        assert self.case is not None
        theme = self.theme
        self._row(painter, row, desk_quality_words.TIMELINE_ROWS[len(_ROWS)])
        top, bottom = row.top() + row.height() * 0.56, row.bottom() - row.height() * 0.08
        for view in sorted(self.case.views, key=lambda view: not view.explained):
            wide = max(theme.length(4 if view.explained else 8), self.x_of(view.until) - self.x_of(view.at))
            bar = QRectF(self.x_of(view.at), top, wide, bottom - top)
            if not view.explained:
                bar.setTop(row.top() + row.height() * 0.36)
            painter.fillRect(bar, theme.colour("accent" if view.explained else "error_mark"))
        if self.bare:
            first = self.bare[0]
            text = desk_quality_words.bare(len(self.bare), first)
            font = theme.font("small", bold=True)
            room = drawing.width_of(text, font) + 4
            left = min(self.x_of(first.at), row.right() - theme.length(14) - room)
            flag = QRectF(max(self._left(), left), row.top() + row.height() * 0.04, room, row.height() * 0.3)
            painter.fillRect(flag, theme.colour("surface"))
            drawing.line(painter, flag, text, font, theme.colour("error_mark"), drawing.LEFT)

    def _scale(self, painter: QPainter, box: QRectF) -> None:
        """Times of the wall's clock below."""
        assert self.case is not None
        theme = self.theme
        font = theme.font("small")
        room = drawing.width_of("00:00", font) * 1.6
        minutes = (self.case.end - self.case.begin) / timedelta(minutes=1)
        shown = max(1.0, (box.width() - self._left()) / room)
        step = next((step for step in _STEPS if minutes / step <= shown), _STEPS[-1])
        local = self.case.begin.astimezone()
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        number = -(-((local - midnight) / timedelta(minutes=1)) // step)
        zone = QRectF(theme.length(20), box.top(), self._left() - theme.length(32), box.height())
        drawing.line(painter, zone, f"{local:%Z}", font, theme.colour("ink_soft"), drawing.LEFT)
        moment = midnight + timedelta(minutes=number * step)
        while moment <= self.case.end:
            x = self.x_of(moment)
            painter.setPen(QPen(theme.colour("card_edge"), 1, Qt.PenStyle.DotLine))
            painter.drawLine(round(x), 0, round(x), round(box.top()))
            place = QRectF(x - room / 2, box.top(), room, box.height())
            if place.right() <= box.right():
                text = f"{moment:%H:%M}"
                drawing.line(painter, place, text, font, theme.colour("ink_soft"), drawing.CENTRE)
            moment += timedelta(minutes=step)
