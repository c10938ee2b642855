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

from app.kiosk.view import Choice, Notice, Screen, Stage, StepSeen, Work
from app.ui.notice_card import NoticeCard
from app.ui.theme import Theme, load_style, theme_for
from tests.ui.conftest import MILAN, ROSA
from tests.ui.player import STATUS

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.pages.renderer import Renderer
    from tests.ui.conftest import Kiosk

pytestmark = pytest.mark.usefixtures("qapp")
ONE, TWO = StepSeen("WI/A#1", "1", 0), StepSeen("WI/A#2", "2", 1)

TIGHT = (
    "step-menu", "step-taken-back", "withheld", "station-offline", "call-not-gone", "remark-what",
    "remark-words", "remark-goes", "station-glass", "badge-call", "denied-long", "trouble", "pin-wrong",
    "step-sign-pin", "glass-station", "changes-old-gone",
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


def test_a_message_without_room_is_divided_and_no_word_of_it_is_lost() -> None:
    card = NoticeCard(Theme(load_style(), 1.0, 2.0))
    says, do = "One two three four five. " * 9, "•  six seven eight nine ten eleven\n" * 12
    card.tell(Notice("x", says, do, "warning"))
    assert card.fit(900, 420) == 420
    read = list(card._parts)
    assert len(read) > 3
    assert " ".join(text for part in read for text in part).split() == (says + do).split()
    shown = [card._part]
    while card.turn(1):
        shown.append(card._part)
    assert shown == list(range(len(read)))
    assert card.fit(900, 100_000) < 100_000
    assert not card.divided


def test_options_without_room_follow_and_each_can_be_chosen(open_kiosk: Callable[..., Kiosk]) -> None:
    kiosk = open_kiosk(pages=1, text_size=200)
    options = tuple(f"ST-{number:03} A station with a long name" for number in range(9))
    ask = Choice("Whose pages?", "Touch the station.", options, serious=True)
    kiosk.player.show(Screen(Stage.CHOICE, STATUS, offers="cancel", choice=ask))
    kiosk.until(lambda: kiosk.window.choice is not None and len(kiosk.window.choice._options) == 9)
    choice = kiosk.window.choice
    assert choice is not None
    seen: list[str] = []
    while len(seen) < 9:
        there = [button for button in choice._options if button.isVisible()]
        assert there, "an option can be touched at every turn"
        seen += [button.text() for button in there]
        last = there[-1]
        if len(seen) < 9:
            QTest.mouseClick(choice._more, Qt.MouseButton.LeftButton)
    assert tuple(seen) == options
    QTest.mouseClick(last, Qt.MouseButton.LeftButton)
    kiosk.until(lambda: ("choose", 8) in kiosk.player.asked)


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
