"""Quiet bars: the takt time, and progress as a row of fields, one a step: filled when confirmed, framed where
the person is, else a line.

Shapes tell it, not colours alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPen

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from app.kiosk.view import Work
    from app.ui.theme import Theme

GAP_MOST = 4.0
STEPS = 9.0
"""Height of the row of steps at unit 1."""
TAKT = 5.0
"""Height of the bar of the takt time at unit 1."""


def draw_steps(painter: QPainter, box: QRectF, work: Work, theme: Theme) -> None:
    """Draw the steps of ``work`` side by side into ``box``."""
    wide = box.width() / max(1, len(work.steps))
    gap = min(theme.length(GAP_MOST), wide / 4)
    ink, here = theme.colour("bar_ink"), theme.colour("warn")
    for place, step in enumerate(work.steps):
        field = QRectF(box.left() + place * wide, box.top(), wide - gap, box.height())
        if step.done:
            painter.fillRect(field, ink)
        else:
            painter.fillRect(field.adjusted(0, box.height() * 0.7, 0, 0), theme.colour("bar_soft"))
        if step.key == work.now:
            painter.setPen(QPen(here, max(1, theme.length(2))))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(field.adjusted(1, 1, -1, -1))


def draw_takt(painter: QPainter, box: QRectF, work: Work, theme: Theme) -> None:
    """Draw how much of the takt time has passed: a bar that grows to the right.

    Once the time is over the whole width is the time spent, and a gap shows where the takt ended.
    """
    painter.fillRect(box, theme.colour("bar_button"))
    over = work.spent > work.takt
    share = min(1.0, work.spent / work.takt)
    colour = theme.colour("warn" if over else "bar_soft")
    painter.fillRect(QRectF(box.left(), box.top(), box.width() * share, box.height()), colour)
    if over:
        end = box.left() + box.width() * work.takt / work.spent
        painter.fillRect(QRectF(end, box.top(), theme.length(4), box.height()), theme.colour("bar"))
