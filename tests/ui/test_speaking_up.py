"""Saying that something is wrong: with a finger, with keys, in own words; and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.kiosk.view import CallSeen, RemarkHeld, Said, StepSeen, Work
from tests.ui.player import NOW

if TYPE_CHECKING:
    from app.ui.speaking_up import SpeakingUp
    from app.ui.touch_button import TouchButton
    from tests.ui.conftest import Kiosk

DONE = Work(steps=(StepSeen("s1", "1", 0, done=True),), last="s1")


@pytest.fixture
def speaking(kiosk: Kiosk) -> SpeakingUp:
    kiosk.sign_in()
    return kiosk.station.speaking


def press(button: TouchButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def said(kiosk: Kiosk) -> list[Said]:
    return [asked[1] for asked in kiosk.player.asked if asked[0] == "remark"]  # type: ignore[misc]


def draw(speaking: SpeakingUp, begin: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw from one place of the page to another, in shares of the page."""
    page = speaking.marker._page

    def at(place: tuple[float, float]) -> QPoint:
        return QPoint(
            round(page.left() + place[0] * page.width()), round(page.top() + place[1] * page.height())
        )

    QTest.mousePress(speaking.marker, Qt.MouseButton.LeftButton, pos=at(begin))
    QTest.mouseMove(speaking.marker, at(end))
    QTest.mouseRelease(speaking.marker, Qt.MouseButton.LeftButton, pos=at(end))


def test_a_finger_marks_the_place_and_says_what_is_wrong(kiosk: Kiosk, speaking: SpeakingUp) -> None:
    kiosk.command("help")
    assert speaking.help.isVisible()
    press(speaking.help._buttons[1])
    draw(speaking, (0.8, 0.5), (0.2, 0.25))
    press(speaking.marker._here)
    assert speaking.whats.isVisible()
    press(speaking.whats._buttons[2])
    kiosk.until(lambda: bool(said(kiosk)))
    (remark,) = said(kiosk)
    assert remark.page == kiosk.player.sheets[0].page
    assert remark.region == pytest.approx((0.2, 0.25, 0.8, 0.5), abs=0.01)
    assert (remark.what, remark.words) == ("value", "")
    assert not speaking.open


def test_on_a_zoomed_page_the_place_is_the_pages_own(kiosk: Kiosk, speaking: SpeakingUp) -> None:
    for _ in range(4):
        kiosk.command("larger")
    kiosk.command("help")
    press(speaking.help._buttons[1])
    page, marker = speaking.marker._page, speaking.marker
    assert page.height() > marker.height()
    middle = marker.rect().center()
    QTest.mouseClick(marker, Qt.MouseButton.LeftButton, pos=middle)  # a tap marks around its place
    left, top, right, bottom = marker.region
    assert (left + right) / 2 == pytest.approx((middle.x() - page.left()) / page.width(), abs=0.01)
    assert (top + bottom) / 2 == pytest.approx((middle.y() - page.top()) / page.height(), abs=0.01)


def test_all_of_it_goes_with_keys_alone_and_in_own_words(kiosk: Kiosk, speaking: SpeakingUp) -> None:
    def keys(text: str) -> None:
        for letter in text:
            QTest.keyClicks(kiosk.window, letter)
            QTest.qWait(32)  # slower than any reader
        QTest.qWait(120)

    keys("h2")
    kiosk.until(lambda: speaking.marker.marking)
    before = speaking.marker.region
    kiosk.key(Qt.Key.Key_Right)
    kiosk.key(Qt.Key.Key_Down)
    assert speaking.marker.region[0] > before[0]
    assert speaking.marker.region[1] > before[1]
    assert kiosk.shown() == 0  # no page was turned
    kiosk.key(Qt.Key.Key_Return)
    kiosk.until(speaking.whats.isVisible)
    keys("6")
    kiosk.until(speaking.own.isVisible)
    keys("No M3")
    kiosk.key(Qt.Key.Key_Return)
    kiosk.until(lambda: bool(said(kiosk)))
    assert (said(kiosk)[0].what, said(kiosk)[0].words) == ("other", "No M3")
    assert speaking.own.accessibleDescription() == ""  # nothing typed stays


def test_the_keys_on_the_screen_write_too(kiosk: Kiosk, speaking: SpeakingUp) -> None:
    kiosk.command("help")
    for choose in ("2", "\r", "6"):
        kiosk.station.type(choose)
    by_name = {key.text(): key for key in speaking.own._keys}
    for letter in "HOT":
        press(by_name[letter])
    press(speaking.own._delete)
    assert speaking.own.accessibleDescription() == "Ho"
    press(speaking.own._send)
    kiosk.until(lambda: [one.words for one in said(kiosk)] == ["Ho"])


@pytest.mark.parametrize("ends", ["turn", "escape", "lock", "fit", "undo"])
def test_what_is_not_finished_is_not_said(kiosk: Kiosk, speaking: SpeakingUp, ends: str) -> None:
    kiosk.command("help")
    kiosk.station.type("2")
    assert speaking.marker.isVisible()
    if ends == "turn":
        kiosk.command("help")
        assert not speaking.open
        kiosk.command("help")
        kiosk.player.set_session(current=1)
    elif ends == "escape":
        kiosk.key(Qt.Key.Key_Escape)
    elif ends == "fit":  # the page lies elsewhere under the mark now
        kiosk.command("fit")
    elif ends == "undo":  # another question: its digits call nobody
        kiosk.player.set_session(work=DONE)
        kiosk.until(lambda: kiosk.station._session.work == DONE)  # type: ignore[union-attr]
        kiosk.command("undo")
    else:
        kiosk.command("lock")
    kiosk.until(lambda: not speaking.open)
    assert said(kiosk) == []
    assert kiosk.player.count("call_for_help") == 0


def test_a_slip_is_taken_back_while_it_is_held(kiosk: Kiosk, speaking: SpeakingUp) -> None:
    kiosk.player.set_session(remark=RemarkHeld(9))
    kiosk.until(speaking.slip.isVisible)
    assert speaking.slip.accessibleName() == "Your remark goes to quality in 9 s"
    press(speaking.slip._undo)
    kiosk.until(lambda: kiosk.player.count("take_remark_back") == 1)
    kiosk.player.set_session(remark=None)
    kiosk.until(lambda: not speaking.slip.isVisible())


def test_help_is_two_touches_away_and_is_taken_back_with_one(kiosk: Kiosk, speaking: SpeakingUp) -> None:
    kiosk.command("help")
    press(speaking.help._buttons[0])
    kiosk.until(lambda: kiosk.player.count("call_for_help") == 1)
    kiosk.player.set_status(call=CallSeen("called", NOW, fresh=True))
    kiosk.until(speaking.slip.isVisible)
    assert speaking.slip.accessibleName() == "Help called at 14:07"
    press(speaking.slip._undo)
    kiosk.until(lambda: kiosk.player.count("take_call_back") == 1)
    kiosk.player.set_status(call=CallSeen("coming", NOW, "Ana Mendoza"))
    kiosk.until(lambda: not speaking.slip.isVisible())
    assert "Called at 14:07: Ana Mendoza is coming" in kiosk.station._status.accessibleName()
    kiosk.command("help")
    assert speaking.help._buttons[0].text() == "Take the call for help back"
    press(speaking.help._buttons[0])
    kiosk.until(lambda: kiosk.player.count("take_call_back") == 2)


def test_a_scanned_help_calls_whoever_is_signed_in_or_nobody(kiosk: Kiosk) -> None:
    kiosk.badge("HELP")
    kiosk.until(lambda: kiosk.player.count("call_for_help") == 1)
    press(kiosk.window._poster._help)
    kiosk.until(lambda: kiosk.player.count("call_for_help") == 2)
    kiosk.sign_in()
    kiosk.badge("HELP")
    kiosk.until(lambda: kiosk.player.count("call_for_help") == 3)
    assert kiosk.player.count("tap") == 1  # the badge, and no HELP
