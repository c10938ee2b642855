"""Every screen of the tour, checked by program: gloves, contrast, text that is cut, names, order, room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QWidget
from tour.checks import look_at
from tour.guide import GLASSES, Guide
from tour.scenes import SCENES

from app.ui import drawing
from app.ui.touch_button import TouchButton

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.pages.renderer import Renderer
    from app.ui.theme import Mode, Theme

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize(
    ("glass", "mode"),
    [(GLASSES[0], "light"), (GLASSES[1], "dark"), (GLASSES[2], "light")],
    ids=("full-hd", "small", "4k"),
)
def test_nothing_is_wrong_with_any_screen(glass: object, mode: Mode, renderer: Renderer) -> None:
    found: dict[str, list[str]] = {}
    with Guide(glass, mode, renderer, pages=5) as guide:  # type: ignore[arg-type]
        for name, way in SCENES.items():
            guide.start_over()
            way(guide)
            if faults := look_at(guide):
                found[name] = faults
    assert found == {}
    assert len(SCENES) > 25


class Bad(QWidget):
    """Text that is faint, text that is cut, two buttons in the wrong order, one too small, one nameless."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        for left, side, name in ((200, 100, ""), (20, 30, "Tiny")):
            button = TouchButton(theme, "next", name, self)
            button.setGeometry(left, 300, side, side)
        self.setGeometry(parent.rect())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        with drawing.painting(self) as painter:
            painter.fillRect(self.rect(), QColor("#ffffff"))
            font = self._theme.font("body")
            line = QRectF(20, 20, 400, 80)
            drawing.line(painter, line, "Faint", font, QColor("#999999"), Qt.AlignmentFlag.AlignLeft)
            line.translate(0, 100)
            drawing.line(painter, line, "Cut " * 40, font, QColor("#000000"), Qt.AlignmentFlag.AlignLeft)
            below = QRectF(20, self.height() - 60, 300, 50)
            drawing.paragraph(painter, below, "Low " * 200, font, QColor("#000000"), drawing.TOP_LEFT)


@pytest.fixture
def guide(renderer: Renderer) -> Iterator[Guide]:
    with Guide(GLASSES[1], "light", renderer, pages=1) as guide:
        yield guide


def test_a_text_with_typographic_signs_keeps_its_lines(guide: Guide) -> None:
    font = guide.window.front._theme.font("body")  # type: ignore[attr-defined]
    assert drawing.drawable("•  one\n•  two", font) == "•  one\n•  two"


def test_the_checks_find_what_is_wrong(guide: Guide) -> None:
    """So that their silence above means something."""
    bad = Bad(guide.window.front._theme, guide.window)  # type: ignore[attr-defined]
    bad.show()
    found = "\n".join(look_at(guide))
    for fault in ("'Faint' has a contrast of 2", "cut off: 'Cut", "cut off: 'Low", "'Tiny' is 7.9 mm",
                  "a TouchButton has no name", "'Tiny' is read after ''"):  # fmt: skip
        assert fault in found, found
