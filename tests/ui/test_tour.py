"""Every screen of the tour, checked by program: gloves, contrast, text that is cut, names, order, room; and
beside the picture of it that somebody has looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QWidget
from tour import reviewed
from tour.checks import look, look_at
from tour.guide import GLASSES, Guide
from tour.scenes import SCENES

from app.ui import drawing, tongue
from app.ui.touch_button import TouchButton

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tour.guide import Glass

    from app.pages.renderer import Renderer
    from app.ui.theme import Mode, Theme

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize(("glass", "mode"), reviewed.LOOKS, ids=("full-hd", "small", "4k"))
def test_nothing_is_wrong_with_any_screen_and_it_looks_as_reviewed(
    glass: Glass, mode: Mode, renderer: Renderer
) -> None:
    found: dict[str, list[str]] = {}
    with Guide(glass, mode, renderer, pages=reviewed.PAGES) as guide:
        for name, way in SCENES.items():
            guide.start_over()
            way(guide)
            faults, picture = look(guide)
            other = reviewed.strays(name, glass, picture)
            if faults := [*faults, *filter(None, [other])]:
                found[name] = faults
    assert found == {}
    assert len(SCENES) > 25


class Bad(QWidget):
    """Text that is faint, cut, or English anyway; two buttons in the wrong order, one small, one nameless."""

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
            line.translate(0, 100)
            drawing.line(painter, line, "Help", font, QColor("#000000"), Qt.AlignmentFlag.AlignLeft)
            below = QRectF(20, self.height() - 60, 300, 50)
            drawing.paragraph(painter, below, "Low " * 200, font, QColor("#000000"), drawing.TOP_LEFT)


@pytest.fixture
def guide(renderer: Renderer) -> Iterator[Guide]:
    with Guide(GLASSES[1], "light", renderer, pages=1) as guide:
        yield guide


def test_a_button_that_moved_by_two_millimetres_is_another_look(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """On each kind of screen, sideways and up; and letters that are smoothed in another way are none."""
    monkeypatch.setattr(reviewed, "FOLDER", tmp_path)
    for glass, mode in reviewed.LOOKS[:2]:
        step = round(2 / 25.4 * glass.dpi)
        with Guide(glass, mode, renderer, pages=1) as guide:
            guide.sign_in()
            for scene, button in (
                ("station", guide.station._toolbar._buttons["help"]), ("badge", guide.window._poster._offer),
            ):  # fmt: skip
                if scene == "badge":
                    guide.start_over()
                    SCENES["badge"](guide)
                reviewed.keep(scene, glass, guide.picture())
                assert reviewed.strays(scene, glass, guide.picture()) == ""
                for across, down in ((step, 0), (0, -step)):
                    button.move(button.x() + across, button.y() + down)
                    assert "other than" in reviewed.strays(scene, glass, guide.picture()), (scene, glass)
                    button.move(button.x() - across, button.y() - down)
                    assert reviewed.strays(scene, glass, guide.picture()) == ""


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
    tongue.speak("es")
    try:
        assert "left in English: 'Help'" in look_at(guide)
    finally:
        tongue.speak("en")
