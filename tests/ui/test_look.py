"""The look in numbers: contrast, sizes for gloves and eyes, room for the page, nothing cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QFontMetrics

from app.kiosk.view import Notice
from app.ui import drawing
from app.ui.theme import Theme, contrast, load_style, unit_for
from app.ui.touch_button import TouchButton
from tests.ui.pixels import as_array

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.conftest import Kiosk

pytestmark = pytest.mark.usefixtures("qapp")
SCREENS = [(1280, 800), (1366, 768), (1920, 1080), (1080, 1920), (2560, 1440), (3840, 2160)]
ON = {
    "ground": ["ink", "ink_soft", "accent", "error_mark"],
    "surface": ["ink", "ink_soft", "info_mark", "warning_mark", "error_mark"],
    "bar": ["bar_ink", "bar_soft", "good", "warn", "bad"],
    "bar_button": ["bar_ink"],
    "bar_pressed": ["on_pressed"],
    "accent": ["on_accent"],
    "warn": ["on_warn"],
    "desk": ["ink"],
}


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_all_text_stands_out_at_least_seven_to_one(mode: str) -> None:
    colours = load_style(mode).colours  # type: ignore[arg-type]
    weak = {
        (ground, ink): round(contrast(colours[ground], colours[ink]), 1)
        for ground, inks in ON.items()
        for ink in inks
        if contrast(colours[ground], colours[ink]) < 7
    }
    assert weak == {}


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("size", SCREENS)
def test_buttons_are_for_gloves_and_the_page_keeps_its_room(
    size: tuple[int, int], open_kiosk: Callable[..., Kiosk]
) -> None:
    kiosk = open_kiosk(*size, pages=3)
    kiosk.sign_in()
    seen = [b for b in kiosk.station.findChildren(TouchButton) if b.isVisible()]
    assert len(seen) >= 6
    assert min(min(button.width(), button.height()) for button in seen) >= 56
    view = kiosk.station._view
    assert view.width() * view.height() >= 0.85 * size[0] * size[1]
    boxes = [button.geometry() for button in seen]
    assert not any(a.intersects(b) for n, a in enumerate(boxes) for b in boxes[:n])
    assert all(kiosk.station._toolbar.rect().contains(box) for box in boxes)


@pytest.mark.parametrize("size", SCREENS)
def test_words_on_buttons_fit(size: tuple[int, int], open_kiosk: Callable[..., Kiosk]) -> None:
    kiosk = open_kiosk(*size, pages=3)
    kiosk.sign_in()
    theme = kiosk.station._theme
    for button in kiosk.station.findChildren(TouchButton):
        if button._wordy and button.isVisible():
            word = drawing.width_of(button.text(), theme.font("label", bold=True))
            assert word + 0.56 * button.height() + theme.length(10) <= button.width()


def test_text_for_the_distance_is_high_enough_where_the_screen_tells_its_size() -> None:
    """20 minutes of arc at one metre are 5.8 mm of capital height (10 at two metres)."""
    style = load_style()
    for width, height, dpi in ((1920, 1080, 92), (1920, 1080, 96), (2560, 1440, 109), (3840, 2160, 163)):
        theme = Theme(style, unit_for(width, height, dpi))
        for step in ("label", "title", "headline", "poster"):
            capital = QFontMetrics(theme.font(step)).capHeight() / dpi * 25.4
            assert capital >= 5.4, (width, dpi, step)


def test_a_screen_that_lies_about_its_size_is_not_believed() -> None:
    assert unit_for(1920, 1080, 0) == unit_for(1920, 1080, 4000) == unit_for(1920, 1080, 96)
    assert unit_for(1280, 800, 96) >= 0.9


def test_the_shipped_font_is_used_and_has_every_letter_that_we_say() -> None:
    style = load_style()
    assert style.family in QFontDatabase.families()
    assert QFontInfo(Theme(style).font("body")).family() == style.family
    from pathlib import Path

    from app.ui import words

    said = set(Path(words.__file__).read_text(encoding="utf-8")) - set("\n")
    metrics = QFontMetrics(QFont(style.family))
    assert {letter for letter in said if not metrics.inFontUcs4(ord(letter))} == set()


@pytest.mark.parametrize("size", SCREENS)
def test_the_invitation_stays_whole_beside_a_message(
    size: tuple[int, int], open_kiosk: Callable[..., Kiosk]
) -> None:
    kiosk = open_kiosk(*size, pages=1)
    kiosk.player.say(Notice("x", "This badge is not known at this line.", "Ask your supervisor.", "warning"))
    poster = kiosk.window._poster
    kiosk.until(poster._card.isVisible)
    picture = as_array(poster.grab().toImage())
    top, bottom = poster._theme.px("status"), poster._card.y()
    ground = [int(poster._theme.style.colours["ground"][at : at + 2], 16) for at in (5, 3, 1)]
    for edge in (picture[top:bottom, :4], picture[top:bottom, -4:]):
        assert (edge == ground).all()


@pytest.mark.parametrize("tone", ["info", "warning", "error"])
def test_a_long_message_is_whole_at_the_smallest_screen(tone: str, open_kiosk: Callable[..., Kiosk]) -> None:
    kiosk = open_kiosk(1280, 800, pages=1)
    long = "Rosa Ferreira: these pages are more confidential than your badge may open at this station today."
    kiosk.player.say(Notice("x", long, long + " " + long, tone))  # type: ignore[arg-type]
    card = kiosk.window._poster._card
    kiosk.until(card.isVisible)
    assert card.geometry().bottom() <= kiosk.window.height()
    inner = card.width() - 3 * card._pad() - card._side()
    needed = drawing.height_of(long, card._says_font(), inner) + drawing.height_of(
        long + " " + long, card._do_font(), inner
    )
    assert card.height() >= needed + 2 * card._pad()
