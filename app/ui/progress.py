"""Progress as a row of fields, one a step: filled when confirmed, framed where the person is, else a line.

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
