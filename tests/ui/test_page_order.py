"""Pixels and words about them come on two ways: whichever is first, the page stays up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from PySide6.QtTest import QTest

from app.kiosk.view import Framing, Leaf, MarkText, Painting
from app.ui import theme
from app.ui.page_view import PATIENCE_MS, PageView
from app.ui.theme import theme_for

pytestmark = pytest.mark.usefixtures("qapp")
MARK = MarkText("Ana", "3905", "ST-040", "", datetime(2026, 3, 3, 14, 7, tzinfo=UTC), "00", b"")
LEAVES = tuple(Leaf(str(n), "WI-100", "Battery", "A", n + 1, 3, "", 300, 400) for n in range(3))


@dataclass
class Pixels:
    width: int = 300
    height: int = 400
    stride: int = 1200
    buffer: memoryview = field(default_factory=lambda: memoryview(bytes(1200 * 400)))
    page_width_px: int = 300
    page_height_px: int = 400

    def release(self) -> None:
        pass


def painting(index: int) -> Painting:
    return Painting(index, Framing(300, 400), Pixels(), MARK)


def test_pixels_that_come_before_their_word_stay() -> None:
    view = PageView(theme_for(theme.load_style("light"), 300, 400, None), lambda _framing: None)
    view.tell(LEAVES, 0, withheld=False)
    view.take(painting(0))
    view.tell(LEAVES, 1, withheld=False)  # asked for, not here yet: patience begins
    view.take(painting(2))  # turned on meanwhile: the next page's pixels are first
    view.tell(LEAVES, 2, withheld=False)
    QTest.qWait(2 * PATIENCE_MS)
    assert view.shown == 2


def test_a_page_that_does_not_come_leaves_its_place() -> None:
    view = PageView(theme_for(theme.load_style("light"), 300, 400, None), lambda _framing: None)
    view.tell(LEAVES, 0, withheld=False)
    view.take(painting(0))
    view.tell(LEAVES, 1, withheld=False)
    QTest.qWait(2 * PATIENCE_MS)
    assert view.shown is None
