"""Steps at the screen: the button, the barcode, taking back, and that a pedal or key confirms nothing."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.kiosk.view import StepSeen, Work
from app.model.errors import Refused
from app.model.steps import REASONS
from app.ui.keys import COMMANDS
from app.ui.pedal import read_pedal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.conftest import Kiosk

ONE, TWO = StepSeen("WI/A#1", "1", 0), StepSeen("WI/A#2", "2", 1, sign=True)
DONE = StepSeen("WI/A#1", "1", 0, done=True)


@pytest.fixture
def working(kiosk: Kiosk) -> Kiosk:
    kiosk.sign_in()
    tell(kiosk, Work((ONE, TWO), now=ONE.key))
    return kiosk


def tell(kiosk: Kiosk, work: Work) -> None:
    kiosk.player.set_session(work=work)
    kiosk.until(lambda: kiosk.station._toolbar._work == work)


def asked(kiosk: Kiosk) -> list[tuple[object, ...]]:
    kiosk.player.settle()
    return [what for what in kiosk.player.asked if what[0] in {"confirm_step", "withdraw_step"}]


def test_the_button_and_a_scanned_done_confirm_the_step_that_is_named(working: Kiosk) -> None:
    working.command("confirm")
    working.badge("DONE")
    working.until(lambda: asked(working) == [("confirm_step", ONE.key)] * 2)
    tell(working, Work((DONE, TWO), last=ONE.key))
    working.command("confirm")
    working.badge("DONE")
    working.bot.wait(50)
    assert len(asked(working)) == 2, "nothing is offered on this page"


def test_no_key_confirms_or_signs_so_no_pedal_does(working: Kiosk) -> None:
    for number in [*range(Qt.Key.Key_F1, Qt.Key.Key_F25), Qt.Key.Key_MediaPlay, *COMMANDS]:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):  # QTest knows no media keys
            QApplication.sendEvent(working.window, QKeyEvent(kind, number, Qt.KeyboardModifier.NoModifier))
    for letter in set(string.printable.lower()) - {"l"} - set(string.whitespace):  # l locks
        QTest.keyClicks(working.window, letter)
        QTest.qWait(32)  # slower than any reader
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
        QTest.qWait(120)
        working.key(key)
    QTest.qWait(120)
    assert working.person() == "Rosa Ferreira", "somebody was there to confirm"
    assert asked(working) == []


def test_a_confirmation_is_taken_back_with_a_reason(working: Kiosk) -> None:
    tell(working, Work((DONE, TWO), last=ONE.key))
    panel = working.station._reasons
    working.command("undo")
    assert panel.isVisible()
    assert panel.accessibleName() == "Why does the confirmation of step 1 not hold?"
    working.key(Qt.Key.Key_Escape)
    assert not panel.isVisible()
    working.badge("UNDO")
    working.until(panel.isVisible)
    QTest.mouseClick(panel._buttons[1], Qt.MouseButton.LeftButton)
    working.until(lambda: asked(working) == [("withdraw_step", ONE.key, list(REASONS)[1])])
    assert not panel.isVisible()


def test_the_question_goes_with_what_it_is_about(working: Kiosk) -> None:
    tell(working, Work((DONE, TWO), last=ONE.key))
    working.command("undo")
    tell(working, Work((ONE, TWO), now=ONE.key))
    assert not working.station._reasons.isVisible()


def test_without_steps_there_is_no_button_and_nothing_jumps_between_steps(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    buttons = kiosk.station._toolbar._buttons
    assert buttons["confirm"].isHidden()
    assert buttons["undo"].isHidden()
    tell(kiosk, Work((ONE, TWO), now=ONE.key))
    before = {name: button.geometry() for name, button in buttons.items() if button.isVisible()}
    tell(kiosk, Work((DONE, TWO), last=ONE.key))
    tell(kiosk, Work((DONE, TWO), now=TWO.key, last=ONE.key))
    assert {name: button.geometry() for name, button in buttons.items() if button.isVisible()} == before
    assert buttons["confirm"].text() == "Sign"


def test_the_strip_ticks_pages_whose_steps_are_done(working: Kiosk) -> None:
    from app.ui import words

    half = Work((DONE, StepSeen("WI/A#1b", "1b", 0), TWO))
    assert [words.steps_on(half, leaf) for leaf in (0, 1, 2)] == ["  1/2", "  0/1", ""]
    assert words.steps_on(Work((DONE, TWO)), 0) == "  ✓"
    assert words.steps_stand(Work((DONE, TWO), now=TWO.key)) == "Step 2  ·  1 of 2 done"


def test_a_pedal_pages_with_the_keys_that_are_set(open_kiosk: Callable[..., Kiosk]) -> None:
    kiosk = open_kiosk(pedal=("F13=next", "medianext=last", "F14=previous"))
    kiosk.sign_in()
    for key, shown in ((Qt.Key.Key_F13, 1), (Qt.Key.Key_MediaNext, 7), (Qt.Key.Key_F14, 6)):
        kiosk.key(key)
        kiosk.until(lambda shown=shown: kiosk.shown() == shown)


@pytest.mark.parametrize(
    "word", ["F13=confirm", "F13=lock", "F13=undo", "F13", "b=next", "Return=next", "F99=next"]
)
def test_a_pedal_is_not_set_to_confirm_or_to_a_key_of_readers(word: str) -> None:
    with pytest.raises(Refused, match="sets no pedal") as refused:
        read_pedal([word])
    assert "never confirms or signs" in refused.value.advice
