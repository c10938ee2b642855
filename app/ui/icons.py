"""Pictures from ``resources/icons``: SVG, drawn in the theme's colours at the screen's own resolution.

In the files, black stands for the ink of whoever asks; ``#0000ff`` for the accent, ``#ff0000`` for the
ground, so that one file serves light and dark.
"""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.resources import resource

KEPT = 128
LARGEST_KEPT = 256
"""Pictures up to this many device pixels are kept drawn, larger ones are drawn each time."""

_renderers: OrderedDict[tuple[str, str, str, str], QSvgRenderer] = OrderedDict()
_drawn: OrderedDict[tuple[str, str, str, str, int, int], QPixmap] = OrderedDict()


def draw(
    painter: QPainter, name: str, box: QRectF, ink: str, *, accent: str = "", ground: str = "#ffffff"
) -> None:
    """Draw an icon into ``box``, its shape kept, centred."""
    look = (name, ink, accent or ink, ground)
    ratio = painter.device().devicePixelRatio()
    width, height = round(box.width() * ratio), round(box.height() * ratio)
    if max(width, height) > LARGEST_KEPT:
        _render(painter, _renderer(*look), box)
        return
    key = (*look, width, height)
    picture = _drawn.get(key)
    if picture is None:
        picture = QPixmap(max(1, width), max(1, height))
        picture.fill(Qt.GlobalColor.transparent)
        brush = QPainter(picture)
        brush.setRenderHint(QPainter.RenderHint.Antialiasing)
        _render(brush, _renderer(*look), QRectF(picture.rect()))
        brush.end()
        picture.setDevicePixelRatio(ratio)
        _drawn[key] = picture
        if len(_drawn) > KEPT:
            _drawn.popitem(last=False)
    painter.drawPixmap(QPointF(round(box.left()), round(box.top())), picture)


def _render(painter: QPainter, renderer: QSvgRenderer, box: QRectF) -> None:
    size = renderer.viewBoxF().size()
    scale = min(box.width() / size.width(), box.height() / size.height())
    width, height = size.width() * scale, size.height() * scale
    left, top = box.center().x() - width / 2, box.center().y() - height / 2
    renderer.render(painter, QRectF(left, top, width, height))


def _renderer(name: str, ink: str, accent: str, ground: str) -> QSvgRenderer:
    key = (name, ink, accent, ground)
    found = _renderers.get(key)
    if found is None:
        text = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
        for stands, colour in (("#000000", ink), ("#0000ff", accent), ("#ff0000", ground)):
            text = text.replace(stands, colour)
        found = _renderers[key] = QSvgRenderer(QByteArray(text.encode()))
        if len(_renderers) > KEPT:
            _renderers.popitem(last=False)
    return found
