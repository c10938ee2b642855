"""What changed, at the screen: side by side, marked, confirmed once everything was in front."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.kiosk.view import PageChange, Stage

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from app.ui.changes_screen import ChangesScreen
    from tests.ui.conftest import Kiosk

BOX = (0.4, 0.4, 0.6, 0.5)
CHANGED = PageChange("changed", 0, 1, (BOX,), (BOX,))
ADDED = PageChange("added", None, 3, (), ((0.0, 0.0, 1.0, 1.0),))


def screen(kiosk: Kiosk) -> ChangesScreen:
    assert kiosk.window.changes is not None
    return kiosk.window.changes


def read(kiosk: Kiosk, *changes: PageChange, left: int = 0, more: bool = True) -> None:
    kiosk.sign_in()
    kiosk.player.compare(*changes, left=left, more=more)
    kiosk.until(lambda: kiosk.stage() is Stage.CHANGES)
    kiosk.until(lambda: screen(kiosk).shown == (changes[0].old, changes[0].new))


def press(kiosk: Kiosk, name: str) -> None:
    QTest.mouseClick(screen(kiosk)._buttons[name], Qt.MouseButton.LeftButton)
    kiosk.player.settle()


def near(picture: QImage, left: int, top: int, right: int, bottom: int, colour: str) -> int:
    pixels = ((x, y) for x in range(left, right) for y in range(top, bottom))
    return sum(picture.pixelColor(x, y).name() == colour for x, y in pixels)


def test_both_pages_are_marked_and_what_changed_is_outlined_on_each(kiosk: Kiosk) -> None:
    read(kiosk, CHANGED, left=1)
    panes = screen(kiosk)._old, screen(kiosk)._new
    marks = [pane._held.mark for pane in panes if pane._held is not None]
    assert len({mark.token for mark in marks}) == len({mark.tile for mark in marks}) == 2
    picture = kiosk.picture()
    for pane, ink, other in ((panes[0], "#8c0f14", "#004a8f"), (panes[1], "#004a8f", "#8c0f14")):
        place = pane.geometry()
        box = place.left(), place.top(), place.right(), place.bottom()
        assert near(picture, *box, ink) > 200
        assert near(picture, *box, other) == 0


def test_it_is_confirmed_only_once_everything_was_in_front(kiosk: Kiosk) -> None:
    read(kiosk, CHANGED, ADDED, left=1, more=False)
    press(kiosk, "confirm")
    press(kiosk, "postpone")
    assert kiosk.player.count("confirm_changes") == kiosk.player.count("postpone_changes") == 0
    kiosk.key(Qt.Key.Key_Right)
    kiosk.until(lambda: screen(kiosk).shown == (None, 3))
    assert screen(kiosk)._old.isHidden()
    kiosk.player.compare(CHANGED, ADDED, left=0)
    kiosk.until(screen(kiosk)._buttons["confirm"].isEnabled)
    kiosk.key(Qt.Key.Key_Return)
    kiosk.badge("NEXT")
    kiosk.player.settle()
    assert kiosk.player.count("confirm_changes") == 0
    press(kiosk, "confirm")
    assert kiosk.player.count("confirm_changes") == 1


def test_a_touch_shows_one_page_alone_in_a_larger_picture_and_the_next_both(kiosk: Kiosk) -> None:
    read(kiosk, CHANGED)
    new = screen(kiosk)._new
    beside = new.framing()
    QTest.mouseClick(new, Qt.MouseButton.LeftButton)
    assert screen(kiosk)._old.isHidden()
    assert new.framing().width_px > 1.9 * beside.width_px
    kiosk.until(lambda: new._held is not None and new._held.framing == new.framing())
    QTest.mouseClick(new, Qt.MouseButton.LeftButton)
    assert not screen(kiosk)._old.isHidden()
    assert new.framing() == beside


@pytest.mark.parametrize("how", ["next", "withheld"])
def test_who_finishes_a_step_comes_to_what_changed_by_turning_or_by_the_button(
    kiosk: Kiosk, how: str
) -> None:
    kiosk.sign_in()
    kiosk.player.set_session(unread=True, finishing=True, withheld=("3 pages are withheld.",))
    kiosk.until(lambda: not kiosk.station._toolbar._buttons["withheld"].isHidden())
    kiosk.command(how)
    kiosk.player.settle()
    assert kiosk.player.count("read_changes") == 1
    assert kiosk.player.count("turn_to") == 0


def test_nothing_of_the_pages_stays_after_the_lock(kiosk: Kiosk) -> None:
    read(kiosk, CHANGED)
    press(kiosk, "lock")
    kiosk.until(lambda: kiosk.stage() is Stage.BADGE)
    kiosk.player.settle()
    assert all(held.holders == 0 for held in kiosk.player.given)
