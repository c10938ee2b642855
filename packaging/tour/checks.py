"""What a program can check of a screen: sizes for gloves, contrast, text that is cut or was not translated,
names and their order, room.

Text is found where it is painted: while the window paints itself anew, every line and paragraph is noted
with its colour and box. Contrast is taken from the picture: the ink against the commonest colour there, as
all see it and as people do who lack a kind of cone.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.kiosk.view import Stage
from app.ui import drawing
from app.ui.desk_parts import Sheet, TellBar
from app.ui.notice_card import NoticeCard
from app.ui.question_panel import QuestionPanel
from app.ui.status_line import StatusLine
from app.ui.theme import contrast
from app.ui.tongue import said
from tour.vision import VISIONS, as_seen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QColor, QFont, QImage, QPainter

    from tour.guide import Guide

TARGET_MM = 20.0
"""Least width and height of what gloves press. The status line is no such target: it is 10 mm high, reaches
from edge to edge, and a tap there only repeats in full what it says."""
CONTRAST = 7.0
PAGE_SHARE = 0.85
LEAST_LETTERS = 0.7
"""How small letters may become in a narrow place, as a share of the smallest step of the type scale."""
READING_ROW = 0.5
"""Two widgets whose middles differ by less than this share of their height are in one row."""

_WORD = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+")
"""What a line cannot be broken in: a word, or one Chinese sign."""


@dataclass(frozen=True)
class _Text:
    text: str
    box: QRect
    ink: str
    opacity: float
    cut: bool
    high: int


def look_at(guide: Guide) -> list[str]:
    """Everything that is wrong with the screen that is up, a sentence each."""
    return look(guide)[0]


def look(guide: Guide) -> tuple[list[str], QImage]:
    """The same, and the picture of it."""
    buttons = [button for button in guide.window.findChildren(QAbstractButton) if button.isVisible()]
    texts, picture = _painted(guide)
    found = [
        *_targets(guide, buttons),
        *_faint(texts, picture),
        *(f"cut off: {text.text!r}" for text in texts if text.cut),
        *(f"left in English: {text.text!r}" for text in texts if said(text.text) != text.text),
        *_nameless(guide, buttons),
        *_out_of_order(guide, buttons),
        *_room(guide),
        *(_small(guide, texts) if guide.window.theme.large else []),
    ]
    return found, picture


def _targets(guide: Guide, buttons: Iterable[QAbstractButton]) -> list[str]:
    sizes = {b.accessibleName(): guide.glass.mm(min(b.width(), b.height())) for b in buttons}
    return [f"{name!r} is {size:.1f} mm" for name, size in sizes.items() if size < TARGET_MM]


def _faint(texts: Iterable[_Text], picture: QImage) -> list[str]:
    faint = []
    for text in texts:
        if text.opacity < 1:  # a button that is off: WCAG 2.2, 1.4.3 leaves it out, and it is told by more
            continue
        ground = _ground(picture, text.box & picture.rect())
        found = {"": contrast(text.ink, ground)}
        found.update({f" in {v}": contrast(as_seen(text.ink, v), as_seen(ground, v)) for v in VISIONS})
        told = [f"{of:.1f}{how}" for how, of in found.items() if of < CONTRAST]
        if told:
            faint.append(f"{text.text!r} has a contrast of {', '.join(told)}")
    return faint


def _ground(picture: QImage, box: QRect) -> str:
    """The commonest colour of a box, looked at in a coarse grid."""
    across, down = max(1, box.width() // 60), max(1, box.height() // 24)
    seen = Counter(
        picture.pixelColor(x, y).name()
        for x in range(box.left(), box.right() + 1, across)
        for y in range(box.top(), box.bottom() + 1, down)
    )
    return seen.most_common(1)[0][0] if seen else "#808080"


def _nameless(guide: Guide, buttons: Iterable[QAbstractButton]) -> list[str]:
    told: list[QWidget] = [*buttons, *_up(guide, NoticeCard), *_up(guide, StatusLine)]
    front = guide.window.front
    said = [f"a {type(widget).__name__} has no name" for widget in told if not widget.accessibleName()]
    if guide.stage() is Stage.STARTING or guide.stage() is Stage.SETUP:
        said = [fault for fault in said if "StatusLine" not in fault]  # nothing is known to tell yet
    return said + ([] if front.accessibleName() else [f"the {type(front).__name__} has no name"])


def _out_of_order(guide: Guide, buttons: list[QAbstractButton]) -> list[str]:
    """A screen reader goes from one to the next as they were made: that must be as people read."""

    def place(button: QAbstractButton) -> QPoint:
        return button.mapTo(guide.window, button.rect().center())

    faults = []
    for before, after in pairwise(buttons):
        one, other = place(before), place(after)
        row = abs(one.y() - other.y()) < READING_ROW * before.height()
        if before.parent() is after.parent() and (one.x() > other.x() if row else one.y() > other.y()):
            faults.append(f"{after.accessibleName()!r} is read after {before.accessibleName()!r}")
    return faults


def _room(guide: Guide) -> list[str]:
    if guide.stage() is not Stage.STATION or guide.station.pages_open:
        return []
    size = guide.station.page_room
    share = size.width() * size.height() / (guide.glass.width * guide.glass.height)
    return [f"the page has {share:.1%} of the screen"] if share < PAGE_SHARE else []


def _small(guide: Guide, texts: Iterable[_Text]) -> list[str]:
    """Letters that did not grow as they were asked to."""
    theme = guide.window.theme
    least = LEAST_LETTERS * theme.style.type_px["small"] * theme.unit * theme.text
    return [f"{text.text!r} is {text.high} pixels high" for text in texts if text.high < int(least)]


def _up(guide: Guide, kind: type[QWidget]) -> list[QWidget]:
    return [widget for widget in guide.window.findChildren(kind) if widget.isVisible()]


def _painted(guide: Guide) -> tuple[list[_Text], QImage]:
    """The texts of the window as it is painted now, and the picture."""
    texts: list[_Text] = []
    sheets, panels = _up(guide, Sheet), [*_up(guide, QuestionPanel), *_up(guide, TellBar)]
    line, paragraph = drawing.line, drawing.paragraph

    def note(painter: QPainter, box: QRectF, text: str, font: QFont, ink: QColor, *, cut: bool) -> None:
        widget = painter.device()
        if text and isinstance(widget, QWidget) and not any(_covers(sheet, widget) for sheet in sheets):
            corner = QPointF(widget.mapTo(guide.window, QPoint(0, 0)))
            place = box.translated(corner).toAlignedRect()
            seen = place & QRect(corner.toPoint(), widget.size())
            if seen.height() < place.height() / 2 and not cut:  # scrolled out of a list
                return
            if any(_covers(panel, widget) and _box(guide, panel).intersects(seen) for panel in panels):
                return
            texts.append(_Text(text, place, ink.name(), painter.opacity(), cut, font.pixelSize()))

    def noted_line(painter: QPainter, box: QRectF, text: str, font: QFont, ink: QColor, align: Any) -> None:
        cut = drawing.width_of(text, font) > box.width() + 1 or _high(font) > box.height() + 1
        note(painter, box, text, font, ink, cut=cut)
        line(painter, box, text, font, ink, align)

    def noted_paragraph(
        painter: QPainter, box: QRectF, text: str, font: QFont, ink: QColor, align: Any
    ) -> float:
        used = paragraph(painter, box, text, font, ink, align)
        device = painter.device()
        bottom = device.height() if isinstance(device, QWidget) else box.bottom()
        wide = max((drawing.width_of(word, font) for word in _WORD.findall(text)), default=0.0)
        place = QRectF(box.left(), box.top(), box.width(), used)
        note(painter, place, text, font, ink, cut=place.bottom() > bottom + 1 or wide > box.width() + 1)
        return used

    with patch.object(drawing, "line", noted_line), patch.object(drawing, "paragraph", noted_paragraph):
        picture = guide.picture()
    return texts, picture


def _box(guide: Guide, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(guide.window, QPoint(0, 0)), widget.size())


def _covers(sheet: QWidget, widget: QWidget) -> bool:
    """Whether a question stands over a widget, which is dimmed then and answers to nothing."""
    return sheet is not widget and not sheet.isAncestorOf(widget)


def _high(font: QFont) -> float:
    """What a line's letters need: capitals and descenders."""
    metrics = QFontMetricsF(font)
    return metrics.capHeight() + metrics.descent()
