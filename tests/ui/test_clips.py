"""A clip on the screen: its mark, touches, keys, pedal, scans; marked while it plays, and gone after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.kiosk.view import ClipSeen, Stage
from app.mark.read import read
from tests.ui.conftest import PEOPLE
from tests.ui.pixels import as_array
from tests.ui.player import MARK_KEY, Player
from tests.ui.sheets import sheets

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.pages.renderer import Renderer
    from app.ui.clip_panel import ClipPanel
    from tests.ui.conftest import Kiosk

CLIP = ClipSeen((0.1, 0.3, 0.9, 0.9), 640, 360, 12.0)


@pytest.fixture
def kiosk(open_kiosk: Callable[..., Kiosk], renderer: Renderer) -> Kiosk:
    player = Player(sheets(4), PEOPLE, renderer)
    player.clips = {0: CLIP}
    kiosk = open_kiosk(player=player, pedal=("F13=play",))
    kiosk.sign_in()
    kiosk.until(panel(kiosk).isVisible)
    return kiosk


def panel(kiosk: Kiosk) -> ClipPanel:
    return kiosk.station._clip


def playing(kiosk: Kiosk) -> bool:
    return panel(kiosk)._held is not None


def play(kiosk: Kiosk) -> None:
    QTest.mouseClick(panel(kiosk), Qt.MouseButton.LeftButton, pos=panel(kiosk).rect().center())
    kiosk.until(lambda: playing(kiosk))


def test_the_play_mark_is_a_target_in_the_middle_of_the_clips_place(kiosk: Kiosk) -> None:
    mark, view = panel(kiosk), kiosk.station._view
    assert mark.accessibleName() == "Play the clip"
    assert min(mark.width(), mark.height()) >= kiosk.station._theme.px("target")
    page = kiosk.station._page_box()
    assert page is not None
    middle = mark.geometry().center()
    assert middle.x() == pytest.approx(page.center().x(), abs=2)
    assert middle.y() == pytest.approx(page.top() + 0.6 * page.height(), abs=2)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(view.width() - 40, view.height() // 2))
    kiosk.until(lambda: kiosk.shown() == 1)
    assert mark.isHidden(), "another page has no clip"


def test_a_touch_plays_pauses_and_goes_on_in_place(kiosk: Kiosk) -> None:
    play(kiosk)
    panel_box, wide = panel(kiosk).geometry(), CLIP.width / CLIP.height
    assert panel_box.width() / panel_box.height() == pytest.approx(wide, rel=0.02)
    (asked,) = [said for said in kiosk.player.asked if said[0] == "play_clip"]
    assert asked[1:] == panel(kiosk).size_px
    assert panel(kiosk).accessibleName() == "Pause the clip"
    QTest.mouseClick(panel(kiosk), Qt.MouseButton.LeftButton)
    kiosk.until(lambda: panel(kiosk).accessibleName() == "Go on with the clip")
    assert playing(kiosk)
    QTest.mouseClick(panel(kiosk)._close, Qt.MouseButton.LeftButton)
    kiosk.until(lambda: not playing(kiosk))


@pytest.mark.parametrize("way", ["p", "media", "scan", "pedal"])
def test_keys_scans_and_pedals_play_it(kiosk: Kiosk, way: str) -> None:
    if way == "scan":
        kiosk.badge("PLAY")
    elif way == "p":
        QTest.keyClicks(kiosk.window, "p")
    else:
        kiosk.key(Qt.Key.Key_MediaPlay if way == "media" else Qt.Key.Key_F13)
    kiosk.until(lambda: playing(kiosk))
    kiosk.key(Qt.Key.Key_Escape)
    kiosk.until(lambda: not playing(kiosk))
    assert kiosk.player.count("stop_clip") == 1


def test_every_picture_carries_both_marks_of_the_look(kiosk: Kiosk) -> None:
    play(kiosk)
    kiosk.player.settle()
    session = kiosk.window.screen_up.session
    assert session is not None
    box = panel(kiosk).geometry()
    shown = as_array(kiosk.picture())[..., :3].mean(axis=2)
    own = shown[box.top() : box.bottom(), box.left() : box.right()]
    reading = read([own], MARK_KEY)
    assert reading is not None
    assert f"{reading.token:016x}" == session.mark.token
    assert (np.abs(own - 128) > 8).mean() > 0.02, "no visible mark"


@pytest.mark.parametrize("by", ["turn", "lock"])
def test_a_turn_and_a_lock_drop_its_pixels(kiosk: Kiosk, by: str) -> None:
    play(kiosk)
    picture = kiosk.player.given[-1]
    kiosk.command("next" if by == "turn" else "lock")
    kiosk.until(lambda: kiosk.shown() == 1 if by == "turn" else kiosk.stage() is Stage.BADGE)
    assert kiosk.window._station is not None
    assert kiosk.window._station._clip._held is None
    assert picture.holders == 0


def test_it_stays_in_its_place_when_the_page_is_looked_at_closer(kiosk: Kiosk) -> None:
    play(kiosk)
    before = panel(kiosk)._box
    kiosk.station.zoom(1.5)
    after = panel(kiosk)._box
    assert after.width() == pytest.approx(1.5 * before.width(), rel=0.02)
    kiosk.station.pan(0, -60)
    assert panel(kiosk)._box.top() == pytest.approx(after.top() - 60, abs=2)
    assert kiosk.station._view.geometry().contains(panel(kiosk).geometry())
