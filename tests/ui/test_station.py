"""A person at the kiosk: taps, reads, turns, zooms, leaves. Real widgets, real pixels."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.kiosk.view import Notice, Painting, Stage
from app.mark.tile import BAND_PX, TILE_PX
from app.ui import words
from app.ui.marked import MarkedCanvas
from tests.ui.conftest import MILAN, ROSA
from tests.ui.pixels import as_array
from tests.ui.player import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tests.ui.conftest import Kiosk


HOUR = timedelta(hours=1)


def page_pixels(kiosk: Kiosk) -> NDArray[np.uint8]:
    """What the middle of the screen shows."""
    view = kiosk.station._view
    return as_array(view.grab().toImage())


def test_a_tap_opens_the_first_page_and_another_locks(kiosk: Kiosk) -> None:
    assert kiosk.stage() is Stage.BADGE
    kiosk.sign_in()
    assert kiosk.stage() is Stage.STATION
    kiosk.badge(ROSA)
    kiosk.until(lambda: kiosk.stage() is Stage.BADGE)


def test_another_badge_switches_in_one_tap(kiosk: Kiosk) -> None:
    kiosk.sign_in(ROSA)
    kiosk.badge(MILAN)
    kiosk.until(lambda: kiosk.person() == "Milan Horvat" and kiosk.shown() == 0)
    assert kiosk.station._view._base is not None
    assert kiosk.station._view._base.mark.name == "Milan Horvat"


def test_an_unknown_badge_reads_what_to_do(kiosk: Kiosk) -> None:
    kiosk.badge("0009999999")
    card = kiosk.window._poster._card
    kiosk.until(card.isVisible)
    assert card.accessibleName() == "Please note: This badge is not known at this line."
    assert "supervisor" in card.accessibleDescription()
    kiosk.player.say(None)
    kiosk.until(lambda: not card.isVisible())


@pytest.mark.parametrize(
    ("key", "page"),
    [
        (Qt.Key.Key_Right, 3), (Qt.Key.Key_Left, 1), (Qt.Key.Key_PageDown, 3), (Qt.Key.Key_PageUp, 1),
        (Qt.Key.Key_Home, 0), (Qt.Key.Key_End, 7),
    ],
)  # fmt: skip
def test_keys_turn_pages(kiosk: Kiosk, key: Qt.Key, page: int) -> None:
    kiosk.sign_in()
    kiosk.station.go(2)
    kiosk.until(lambda: kiosk.shown() == 2)
    kiosk.key(key)
    kiosk.until(lambda: kiosk.shown() == page)


def test_the_ends_hold(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    kiosk.key(Qt.Key.Key_Left)
    kiosk.key(Qt.Key.Key_End)
    kiosk.key(Qt.Key.Key_Right)
    kiosk.until(lambda: kiosk.shown() == 7 and not kiosk.station._toolbar._buttons["next"].isEnabled())


def test_presses_in_a_rush_all_count(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    kiosk.player.delay = 0.05
    for _ in range(5):
        kiosk.key(Qt.Key.Key_Right)
    kiosk.until(lambda: kiosk.shown() == 5)


def test_buttons_turn_pages(open_kiosk: Callable[..., Kiosk]) -> None:
    kiosk = open_kiosk(1920, 1080)
    kiosk.sign_in()
    for name, page in (("next", 1), ("last", 7), ("previous", 6), ("first", 0)):
        kiosk.command(name)
        kiosk.until(lambda page=page: kiosk.shown() == page)


def test_taps_at_the_sides_and_swipes_turn_pages(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    view = kiosk.station._view
    middle, right = view.rect().center(), QPoint(view.width() - 40, view.height() // 2)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=right)
    kiosk.until(lambda: kiosk.shown() == 1)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle)
    drag(view, middle, QPoint(250, 5))
    kiosk.until(lambda: kiosk.shown() == 0)
    assert kiosk.player.count("turn_to") == 2


def drag(widget: object, start: QPoint, way: QPoint) -> None:
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=start)
    for part in range(1, 6):
        QTest.mouseMove(widget, start + way * (part / 5))
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=start + way)


def test_zoom_gets_sharp_pixels_of_what_is_seen_and_a_turn_fits_again(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    for _ in range(3):
        kiosk.command("larger")
    kiosk.until(lambda: kiosk.station._view._sharp is not None)
    sharp = kiosk.station._view._sharp
    assert sharp is not None
    assert sharp.framing.zoom == pytest.approx(1.25**3)
    assert sharp.framing.clip is not None
    view = kiosk.station._view
    drag(view, view.rect().center(), QPoint(0, -120))
    layout = view._layout()
    assert layout is not None
    assert layout.top < 0
    kiosk.key(Qt.Key.Key_Right)
    kiosk.until(lambda: kiosk.shown() == 1)
    assert view.look.zoom == 1.0


def test_the_wheel_zooms_with_control_and_turns_without(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    view = kiosk.station._view

    def roll(turns: int, held: Qt.KeyboardModifier) -> None:
        at = QPointF(view.rect().center())
        event = QWheelEvent(
            at, view.mapToGlobal(at), QPoint(), QPoint(0, 120 * turns), Qt.MouseButton.NoButton, held,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view, event)

    roll(2, Qt.KeyboardModifier.ControlModifier)
    assert view.look.zoom == pytest.approx(1.25**2)
    roll(-9, Qt.KeyboardModifier.ControlModifier)
    assert view.look.zoom == 1.0
    roll(-1, Qt.KeyboardModifier.NoModifier)
    kiosk.until(lambda: kiosk.shown() == 1)


def test_fit_width_fills_the_width_and_stays_when_turning(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    kiosk.command("fit")
    view = kiosk.station._view
    kiosk.until(lambda: view._base is not None and view._base.framing.fit == "width")
    assert view._base is not None
    assert view._base.page[0] == view.width()
    kiosk.key(Qt.Key.Key_Right)
    kiosk.until(lambda: kiosk.shown() == 1)
    assert view.look.fit == "width"
    kiosk.command("fit")
    kiosk.until(lambda: view._base is not None and view._base.framing.fit == "page")


def test_everything_of_a_page_is_painted_with_its_mark(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Page, thumbnails, zoomed, stretched: take either watermark away, and each of them changes."""
    kiosk.sign_in()
    view, strip = kiosk.station._view, kiosk.station._strip
    kiosk.station.toggle_strip()
    kiosk.until(lambda: len(strip._thumbs) == 8)
    kiosk.until(lambda: view._base is not None and view._base.framing.width_px == view.width())

    def both() -> list[NDArray[np.uint8]]:
        return [page_pixels(kiosk), as_array(strip.grab().toImage())]

    fitted = both()
    kiosk.command("larger")
    stretched = both()[0]
    kiosk.until(lambda: view._sharp is not None)
    sharp = both()[0]
    monkeypatch.setattr(MarkedCanvas, "_draw_visible", lambda *_: None)
    sharp_bare = both()[0]
    kiosk.station.do("fit page")
    bare = both()
    kiosk.command("larger")
    view._sharp = None
    stretched_bare = both()[0]
    nothing = QImage(BAND_PX, TILE_PX, QImage.Format.Format_ARGB32_Premultiplied)
    nothing.fill(Qt.GlobalColor.transparent)
    monkeypatch.setattr(MarkedCanvas, "_forensic", lambda *_: nothing)
    assert (stretched_bare != both()[0]).any(axis=2).mean() > 0.1
    kiosk.station.do("fit page")
    for marked, plain in zip(bare, both(), strict=True):
        assert (marked != plain).any(axis=2).mean() > 0.1
    for marked, plain in (*zip(fitted, bare, strict=True), (stretched, stretched_bare), (sharp, sharp_bare)):
        assert (marked != plain).any(axis=2).mean() > 0.004


def test_the_mark_changes_with_the_view(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    base = kiosk.station._view._base
    assert base is not None
    first = base.mark
    kiosk.key(Qt.Key.Key_Right)
    kiosk.until(lambda: kiosk.shown() == 1)
    second = kiosk.station._view._base
    assert second is not None
    assert second.mark.at > first.at
    assert second.mark.tile != first.tile


def test_a_lock_drops_every_pixel_and_paints_over_them_at_once(kiosk: Kiosk) -> None:
    before = as_array(kiosk.picture())
    kiosk.sign_in()
    view, strip = kiosk.station._view, kiosk.station._strip
    kiosk.station.toggle_strip()
    for _ in range(2):
        kiosk.command("larger")
    kiosk.until(lambda: len(strip._thumbs) == 8 and view._sharp is not None)
    thumbs = list(strip._thumbs.values())
    kiosk.command("lock")
    kiosk.until(lambda: kiosk.stage() is Stage.BADGE)
    assert (view._base, view._sharp, view._composed, view._leaves) == (None, None, None, ())
    assert strip._thumbs == {}
    assert all(not as_array(image).any() for image in thumbs)
    assert not view.isVisible()
    change = np.abs(as_array(kiosk.picture()).astype(int) - before)
    assert change.mean() < 0.2  # large letters differ by a few edge pixels from painting to painting
    kiosk.player.settle()
    assert [held.holders for held in kiosk.player.given if held.holders] == []


def test_turning_leaves_no_pixels_behind(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    for turn in range(40):
        kiosk.station.go((turn * 3) % 8)
        kiosk.until(lambda turn=turn: kiosk.shown() == (turn * 3) % 8)
    kiosk.until(lambda: sum(1 for held in kiosk.player.given if held.holders) <= 5)


def test_pixels_that_come_after_the_lock_are_not_shown(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    base = kiosk.station._view._base
    assert base is not None
    held = kiosk.player.given[0].hold()
    late = Painting(base.index, base.framing, held, base.mark)
    kiosk.command("lock")
    kiosk.until(lambda: kiosk.stage() is Stage.BADGE)
    before = as_array(kiosk.picture())
    kiosk.window.take_painting(late)
    assert np.array_equal(as_array(kiosk.picture()), before)
    kiosk.player.put_up(Stage.BADGE)
    kiosk.player.settle()
    kiosk.until(lambda: held.holders == 0)


def test_a_page_that_cannot_be_shown_takes_the_one_before_away(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    kiosk.player.say(
        Notice("page_absent", "This page is still being fetched.", "It appears by itself.", "info")
    )
    kiosk.player.set_session(current=4)
    kiosk.until(lambda: kiosk.shown() is None)
    card = kiosk.station._card
    assert card.isVisible()
    assert abs(card.geometry().center().y() - kiosk.station._view.geometry().center().y()) < 3


def test_a_page_that_takes_long_is_not_taken_for_the_one_before(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    kiosk.player.delay = 0.8
    kiosk.key(Qt.Key.Key_End)
    kiosk.player.do(lambda: None)
    kiosk.player.set_session(current=7)
    kiosk.until(lambda: kiosk.shown() == 7)


def test_the_countdown_is_seen_at_both_ends_of_the_screen(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    status, toolbar = kiosk.station._status, kiosk.station._toolbar
    calm = as_array(status.grab().toImage()), as_array(toolbar.grab().toImage())
    kiosk.player.set_session(lock_in=12)
    kiosk.until(lambda: "Locks in 12 seconds" in status.accessibleName())
    assert status.accessibleName().startswith("Online")  # what it always says, it says now too
    amber = np.array([0x4A, 0xD2, 0xFF])
    for before, widget, share in ((calm[0], status, 0.15), (calm[1], toolbar, 0.15)):
        after = as_array(widget.grab().toImage())
        assert (before == amber).all(axis=2).mean() < 0.05
        assert (after == amber).all(axis=2).mean() > share
    kiosk.player.set_session(lock_in=None)
    kiosk.until(lambda: "Locks" not in status.accessibleName())


def test_withheld_pages_are_told_when_asked(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    button = kiosk.station._toolbar._buttons["withheld"]
    assert not button.isVisible()
    why = "3 pages are withheld. You are not trained on this revision yet. Ask your supervisor."
    kiosk.player.set_session(withheld=(why,))
    kiosk.until(button.isVisible)
    kiosk.command("withheld")
    card = kiosk.station._card
    assert card.isVisible()
    assert card.accessibleDescription() == why
    kiosk.command("withheld")
    assert not card.isVisible()


def test_the_status_line_tells_all_when_asked(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    kiosk.player.set_status(
        online=False, offline_since=NOW, waiting=3, trouble="The hub answers with rubbish."
    )
    kiosk.until(lambda: "rubbish" in kiosk.station._status.accessibleName())
    QTest.mouseClick(kiosk.station._status, Qt.MouseButton.LeftButton)
    assert kiosk.station._card.accessibleDescription().splitlines()[-1] == "•  The hub answers with rubbish."


def test_hours_before_a_lease_ends_both_screens_say_so_and_how_it_is_extended(kiosk: Kiosk) -> None:
    poster = kiosk.window._poster
    kiosk.player.set_status(online=False, trouble="The hub does not answer.", readable_until=NOW + 7 * HOUR)
    kiosk.until(lambda: "7 h left" in poster._card.accessibleName())
    assert "Please note" in poster._card.accessibleName()
    assert "reconnect" in poster._card.accessibleDescription()
    kiosk.sign_in()
    assert "7 h left" in kiosk.station._status.accessibleName()
    QTest.mouseClick(kiosk.station._status, Qt.MouseButton.LeftButton)
    assert "supervisor" in kiosk.station._card.accessibleDescription().splitlines()[-1]
    kiosk.player.lock()
    kiosk.player.set_status(readable_until=NOW + HOUR / 2)
    kiosk.until(lambda: "Problem" in poster._card.accessibleName())
    assert "30 min left" in poster._card.accessibleName()
    kiosk.player.set_status(online=True, trouble="", readable_until=NOW + 72 * HOUR)
    kiosk.until(lambda: not poster._card.isVisible())


def test_being_there_is_told_but_not_with_every_twitch(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    before = kiosk.player.count("touch")
    view = kiosk.station._view
    for step in range(30):
        QTest.mouseMove(view, QPoint(100 + 5 * step, 100))
    assert 1 <= kiosk.player.count("touch") - before <= 3


def test_a_tapped_thumbnail_opens_its_page(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    QTest.keyClick(kiosk.window, Qt.Key.Key_T)
    strip = kiosk.station._strip
    kiosk.until(lambda: strip.isVisible() and len(strip._thumbs) == 8)
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(60, round(strip._top(1)) + 50))
    kiosk.until(lambda: kiosk.shown() == 1)
    QTest.keyClick(kiosk.window, Qt.Key.Key_T)
    kiosk.until(lambda: not strip.isVisible())


def test_screens_for_trouble_and_set_up_say_what_to_do(kiosk: Kiosk) -> None:
    poster = kiosk.window._poster
    kiosk.player.put_up(
        Stage.TROUBLE, Notice("keyring_locked", "The key ring is locked.", "Have IT unlock it.", "error")
    )
    kiosk.until(lambda: poster.accessibleName() == "The key ring is locked.")
    assert poster.accessibleDescription().startswith("Have IT unlock it.")
    kiosk.player.put_up(Stage.SETUP)
    kiosk.until(lambda: poster.accessibleName() == words.SETUP)
    kiosk.player.put_up(Stage.IDENTIFYING)
    kiosk.until(lambda: poster.accessibleName() == words.IDENTIFYING)
