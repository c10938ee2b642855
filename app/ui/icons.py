"""Pictures from ``resources/icons``: SVG, drawn in the theme's colours at the screen's own resolution.

In the files, black stands for the ink of whoever asks; ``#0000ff`` for the accent, ``#ff0000`` for the
ground, so that one file serves light and dark.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtSvg import QSvgRenderer

from app.resources import resource

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

KEPT = 64
_kept: OrderedDict[tuple[str, str, str, str], QSvgRenderer] = OrderedDict()


def draw(
    painter: QPainter, name: str, box: QRectF, ink: str, *, accent: str = "", ground: str = "#ffffff"
) -> None:
    """Draw an icon into ``box``, its shape kept, centred."""
    renderer = _renderer(name, ink, accent or ink, ground)
    size = renderer.viewBoxF().size()
    scale = min(box.width() / size.width(), box.height() / size.height())
    width, height = size.width() * scale, size.height() * scale
    left, top = box.center().x() - width / 2, box.center().y() - height / 2
    renderer.render(painter, QRectF(left, top, width, height))


def _renderer(name: str, ink: str, accent: str, ground: str) -> QSvgRenderer:
    key = (name, ink, accent, ground)
    found = _kept.get(key)
    if found is None:
        text = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
        for stands, colour in (("#000000", ink), ("#0000ff", accent), ("#ff0000", ground)):
            text = text.replace(stands, colour)
        found = _kept[key] = QSvgRenderer(QByteArray(text.encode()))
        if len(_kept) > KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    return found
