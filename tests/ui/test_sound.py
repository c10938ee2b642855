"""Sounds, where the plant wants them: who does not look at the screen can count them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.kiosk.view import CallSeen, Notice, Stage
from app.ui.sound import APART_MS, Sound
from tests.ui.conftest import ROSA
from tests.ui.player import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.conftest import Kiosk

PULLED = Notice("reader", "The badge reader is unplugged.", "Plug it in again.", "warning")


def test_a_badge_rings_once_trouble_twice_help_that_comes_three_times(
    open_kiosk: Callable[..., Kiosk],
) -> None:
    rung: list[Stage] = []
    kiosk = open_kiosk(bell=lambda: rung.append(kiosk.stage()))
    assert rung == []
    kiosk.sign_in(ROSA)
    assert rung == [Stage.STATION]
    rung.clear()
    kiosk.key(Qt.Key.Key_Right)
    kiosk.until(lambda: kiosk.shown() == 1)
    kiosk.player.say(Notice("note", "Saved."))
    kiosk.player.say(PULLED)
    kiosk.until(lambda: len(rung) == 2)
    kiosk.player.set_status(waiting=3)  # the same trouble is still there
    kiosk.player.set_status(call=CallSeen("called", NOW))
    kiosk.player.set_status(call=CallSeen("coming", NOW, "Milan Horvat"))
    kiosk.until(lambda: len(rung) == 5)
    kiosk.bot.wait(2 * APART_MS)
    assert len(rung) == 5


def test_without_being_asked_for_there_is_none(kiosk: Kiosk) -> None:
    kiosk.sign_in(ROSA)
    assert kiosk.window.findChild(Sound) is None
