"""The keypad: for gloves, by touch and by keys, never a badge in it and no PIN left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.kiosk.view import Notice, PinAsk, Screen, Stage
from app.kiosk.wedge import WedgeDecoder
from app.ui import words
from app.ui.keys import Keys
from app.ui.pin_screen import PinKey
from app.ui.touch_button import TouchButton
from tests.ui.conftest import MILAN, ROSA
from tests.ui.test_look import SCREENS

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.ui.pin_screen import PinScreen
    from tests.ui.conftest import Kiosk

PIN = "408215"
WAITING = PinAsk("Enter your PIN", "6 to 12 digits, then OK", left=4, then="blocked", wait=75)


def keypad(kiosk: Kiosk, badge: str = ROSA) -> PinScreen:
    kiosk.player.pins[ROSA] = PIN
    kiosk.badge(badge)
    kiosk.until(lambda: kiosk.stage() is Stage.PIN)
    assert kiosk.window.pin is not None
    return kiosk.window.pin


def press(pad: PinScreen, *texts: str) -> None:
    """Touch keys by what stands on them."""
    for text in texts:
        key = next(key for key in pad.findChildren(PinKey) if key.text() == text)
        QTest.mouseClick(key, Qt.MouseButton.LeftButton)


def entered(kiosk: Kiosk) -> list[object]:
    return [asked[1] for asked in kiosk.player.asked if asked[0] == "enter_pin"]


def taps(kiosk: Kiosk) -> list[object]:
    return [asked[1] for asked in kiosk.player.asked if asked[0] == "tap"]


def test_a_pin_is_entered_by_touch_and_opens(kiosk: Kiosk) -> None:
    pad = keypad(kiosk)
    press(pad, *PIN, "OK")
    kiosk.until(lambda: kiosk.shown() == 0)
    assert entered(kiosk) == [PIN]
    assert pad._digits == ""
    assert not pad.isVisible()


def test_ok_waits_for_six_digits_delete_takes_one_back_and_twelve_are_enough(kiosk: Kiosk) -> None:
    pad = keypad(kiosk)
    assert not pad._delete.isEnabled()
    press(pad, *PIN[:5])
    assert not pad._ok.isEnabled()
    press(pad, "9", "Delete", *PIN[5:])
    assert pad._ok.isEnabled()
    press(pad, *"1234567890")
    assert pad._digits == PIN + "123456"


def test_a_wrong_pin_is_told_with_the_tries_left_and_nothing_stays_entered(kiosk: Kiosk) -> None:
    pad = keypad(kiosk)
    press(pad, *"111222", "OK")
    kiosk.until(pad._card.isVisible)
    assert words.pin_stands(pad._ask) == "4 tries left"
    assert pad._digits == ""
    assert pad.isVisible()


def test_a_person_may_type_it_too(kiosk: Kiosk) -> None:
    pad = keypad(kiosk)
    for letter in "4082159":
        QTest.keyClicks(kiosk.window, letter)
        QTest.qWait(120)
    kiosk.until(lambda: pad._digits == "4082159")
    kiosk.key(Qt.Key.Key_Backspace)
    kiosk.until(lambda: pad._digits == PIN)
    QTest.qWait(120)
    kiosk.key(Qt.Key.Key_Return)
    kiosk.until(lambda: kiosk.shown() == 0)
    assert entered(kiosk) == [PIN]
    assert taps(kiosk) == [ROSA]


def test_a_badge_at_the_keypad_is_no_pin_but_switches(kiosk: Kiosk) -> None:
    pad = keypad(kiosk)
    press(pad, "4", "0")
    kiosk.badge(MILAN)
    kiosk.until(lambda: kiosk.shown() == 0)
    assert kiosk.person() == "Milan Horvat"
    assert entered(kiosk) == []
    assert pad._digits == ""


def test_where_badges_may_be_typed_by_hand_a_typed_pin_is_none(kiosk: Kiosk) -> None:
    """``--windowed``: Enter after a typed line is a badge elsewhere; and no PIN becomes part of one later."""
    keys = kiosk.window.findChild(Keys)
    assert keys is not None
    keys._decoder = WedgeDecoder(take_typed=True)
    pad = keypad(kiosk)
    for letter in "408":
        QTest.keyClicks(kiosk.window, letter)
        QTest.qWait(120)
    kiosk.until(lambda: pad._digits == "408")
    pad.cancel()
    kiosk.until(lambda: kiosk.stage() is Stage.BADGE)
    for letter in MILAN:
        QTest.keyClicks(kiosk.window, letter)
        QTest.qWait(60)
    kiosk.key(Qt.Key.Key_Return)
    kiosk.until(lambda: kiosk.shown() == 0)
    assert taps(kiosk) == [ROSA, MILAN]
    kiosk.badge(ROSA)
    kiosk.until(lambda: kiosk.stage() is Stage.PIN)
    for letter in PIN:
        QTest.keyClicks(kiosk.window, letter)
        QTest.qWait(60)
    kiosk.key(Qt.Key.Key_Return)
    kiosk.until(lambda: entered(kiosk) == [PIN])
    assert taps(kiosk) == [ROSA, MILAN, ROSA]


@pytest.mark.parametrize("way", ["button", "escape"])
def test_cancel_leaves_it(kiosk: Kiosk, way: str) -> None:
    pad = keypad(kiosk)
    press(pad, *PIN)
    if way == "button":
        QTest.mouseClick(pad._cancel, Qt.MouseButton.LeftButton)
    else:
        kiosk.key(Qt.Key.Key_Escape)
    kiosk.until(lambda: kiosk.stage() is Stage.BADGE)
    assert (pad._digits, entered(kiosk)) == ("", [])


def test_shuffled_digits_stand_on_their_keys(kiosk: Kiosk) -> None:
    kiosk.player.keys = "7093628415"
    pad = keypad(kiosk)
    boxes = {key.text(): key.geometry() for key in pad._keys}
    assert boxes["7"].top() == boxes["0"].top() == boxes["9"].top() < boxes["5"].top()
    press(pad, *PIN, "OK")
    kiosk.until(lambda: kiosk.shown() == 0)
    assert entered(kiosk) == [PIN]


def test_while_one_must_wait_the_keys_are_off_and_the_time_runs_down(kiosk: Kiosk) -> None:
    pad = keypad(kiosk)
    press(pad, *PIN)
    screen = Screen(Stage.PIN, kiosk.player.status, None, None, WAITING)
    kiosk.player.do(lambda: kiosk.player._on_screen(screen))
    kiosk.until(lambda: pad._ask.wait == 75)
    assert words.pin_stands(pad._ask) == "Next try in 1:15"
    assert not any(key.isEnabled() for key in (*pad._keys, pad._ok))
    assert pad._cancel.isEnabled()
    QTest.keyClicks(kiosk.window, "1")
    QTest.qWait(150)
    kiosk.key(Qt.Key.Key_Return)
    QTest.qWait(150)
    assert entered(kiosk) == []


@pytest.mark.parametrize("size", SCREENS)
def test_keys_are_two_centimetres_and_nothing_is_cut_off(
    size: tuple[int, int], open_kiosk: Callable[..., Kiosk]
) -> None:
    kiosk = open_kiosk(*size, pages=1)
    pad = keypad(kiosk)
    notice = Notice("easy_pin", "This PIN is too easy to guess.", "Choose one without rows, repeats or your badge's digits.", "warning")  # fmt: skip  # noqa: E501
    ask = PinAsk("Enter the code from your supervisor", "6 to 12 digits, no rows or repeats, then OK", left=3)
    screen = Screen(Stage.PIN, kiosk.player.status, None, notice, ask)
    kiosk.player.do(lambda: kiosk.player._on_screen(screen))
    kiosk.until(lambda: pad._ask == ask)
    keys = [*pad._keys, pad._delete, pad._ok]
    unit = pad._theme.unit
    for key in keys:
        assert min(key.width(), key.height()) >= 76 * unit
    boxes = [part.geometry() for part in (*keys, pad._cancel, pad._card, pad._status)]
    assert not any(a.intersects(b) for n, a in enumerate(boxes) for b in boxes[:n])
    assert all(pad.rect().contains(box) for box in boxes)
    assert pad._card.height() >= pad._card.height_for(pad._card.width())
    assert pad.words_end() <= pad._card.y()


def test_the_badge_screen_offers_to_set_a_pin_and_to_cancel(kiosk: Kiosk) -> None:
    button = kiosk.window._poster._offer
    assert not button.isVisible()
    for offer, asked, text in (("set_pin", "set_pin", words.SET_PIN), ("cancel", "cancel", words.CANCEL)):
        screen = Screen(Stage.BADGE, kiosk.player.status, offers=offer)  # type: ignore[arg-type]
        kiosk.player.do(lambda screen=screen: kiosk.player._on_screen(screen))
        kiosk.until(lambda text=text: button.isVisible() and button.text() == text)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        kiosk.until(lambda asked=asked: kiosk.player.count(asked) == 1)
    kiosk.until(lambda: not button.isVisible())


def test_the_offer_hides_no_message(open_kiosk: Callable[..., Kiosk]) -> None:
    kiosk = open_kiosk(1280, 800, pages=1)
    long = "To set a PIN, tap your badge now, and have the code of your supervisor at hand. " * 2
    screen = Screen(Stage.BADGE, kiosk.player.status, None, Notice("x", long, long), None, "cancel")
    kiosk.player.do(lambda: kiosk.player._on_screen(screen))
    poster = kiosk.window._poster
    kiosk.until(lambda: poster._card.isVisible() and poster._offer.isVisible())
    assert not poster._card.geometry().intersects(poster._offer.geometry())
    assert isinstance(poster._offer, TouchButton)
