"""Letters of up to 200 per cent (WCAG 2.2, 1.4.4): a person's own size, what folds for it, and what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tour.checks import look_at
from tour.guide import GLASSES, Guide
from tour.large import LARGE
from tour.scenes import SCENES

from app.kiosk.view import Stage, StepSeen, Work
from app.ui.theme import load_style, theme_for
from tests.ui.conftest import MILAN, ROSA

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.pages.renderer import Renderer
    from tests.ui.conftest import Kiosk

pytestmark = pytest.mark.usefixtures("qapp")
ONE, TWO = StepSeen("WI/A#1", "1", 0), StepSeen("WI/A#2", "2", 1)

TIGHT = (
    "step-menu", "step-taken-back", "withheld", "station-offline", "call-not-gone", "remark-what",
    "remark-goes", "station-glass",
)  # fmt: skip


@pytest.fixture
def large(kiosk: Kiosk) -> Kiosk:
    """Rosa, with letters of 200 per cent, at her first page."""
    kiosk.player.text_sizes[ROSA] = 200
    kiosk.sign_in()
    return kiosk


def button(kiosk: Kiosk) -> None:
    """Touch the one button that stays."""
    QTest.mouseClick(kiosk.station._folded.button, Qt.MouseButton.LeftButton)


def test_with_letters_of_200_per_cent_a_person_reads_confirms_calls_and_locks(large: Kiosk) -> None:
    view, usual = large.station._view, large.window.theme.unit * 30
    assert large.window.theme.font("label").pixelSize() == 2 * usual
    assert view.width() * view.height() >= 0.85 * large.window.width() * large.window.height()
    large.key(Qt.Key.Key_Right)
    large.until(lambda: large.shown() == 1)
    work = Work((ONE, TWO), now=TWO.key)
    large.player.set_session(work=work)
    large.until(lambda: large.station._toolbar._work == work)
    before = view.geometry()
    for command, asked in (
        ("confirm", ("confirm_step", TWO.key)), ("help", ("call_for_help",)), ("lock", ("lock",)),
    ):  # fmt: skip
        assert not large.station._toolbar.isVisible()
        button(large)
        assert large.station._toolbar.isVisible()
        assert view.geometry() == before, "the page does not move"
        large.command(command)
        assert not large.station.menu_open
        if command == "help":
            QTest.mouseClick(large.station.speaking.help._buttons[0], Qt.MouseButton.LeftButton)
        large.until(lambda asked=asked: asked in large.player.asked)
    large.until(lambda: large.stage() is Stage.BADGE)
    assert not large.window.theme.large, "the next person has letters of their own size"
    large.sign_in(MILAN)
    assert large.station._toolbar.isVisible()
    assert large.station._status.y() == 0


def test_keys_scans_and_a_pedal_open_the_menu_and_need_it_for_nothing(
    open_kiosk: Callable[..., Kiosk],
) -> None:
    kiosk = open_kiosk(pages=3, pedal=("F13=menu", "F14=next"))
    kiosk.player.text_sizes[ROSA] = 200
    kiosk.sign_in()
    for opens in (
        lambda: QTest.keyClicks(kiosk.window, "m"),
        lambda: kiosk.badge("MENU"),
        lambda: kiosk.key(Qt.Key.Key_F13),
    ):
        opens()
        kiosk.until(lambda: kiosk.station.menu_open)
        kiosk.key(Qt.Key.Key_Escape)
        assert not kiosk.station.menu_open
    kiosk.key(Qt.Key.Key_F13)
    kiosk.key(Qt.Key.Key_F14)
    assert not kiosk.station.menu_open, "what is used has served"
    kiosk.until(lambda: kiosk.shown() == 1)
    kiosk.badge("LOCK")
    kiosk.until(lambda: kiosk.stage() is Stage.BADGE)


def test_where_the_screen_has_the_room_everything_grows_instead() -> None:
    style = load_style()
    wide = theme_for(style, 1920, 1080, None, 96, 125)
    assert (wide.unit, wide.large) == (1.25, False)
    small = theme_for(style, 1280, 800, None, 96, 125)
    assert (small.unit, small.text) == (1.0, 1.25)
    assert theme_for(style, 1280, 800, None, 96, 100) == theme_for(style, 1280, 800, None, 96)


def test_nothing_is_wrong_with_the_tightest_screens_at_200_per_cent(renderer: Renderer) -> None:
    """`packaging/dev tour --text-size 200` looks at all of them, in every language."""
    found: dict[str, list[str]] = {}
    with Guide(GLASSES[1], "light", renderer, pages=3, language="es", text_size=200) as guide:
        for name in TIGHT:
            guide.start_over()
            (SCENES | LARGE)[name](guide)
            if faults := look_at(guide):
                found[name] = faults
    assert found == {}
