"""A person at the kiosk: taps, reads, turns, zooms, leaves. Real widgets, real pixels."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.kiosk.view import Stage
from tests.ui.conftest import MILAN, ROSA, Kiosk


def test_a_tap_opens_the_first_page_and_another_locks(kiosk: Kiosk) -> None:
    assert kiosk.stage() is Stage.BADGE
    kiosk.sign_in()
    assert kiosk.stage() is Stage.STATION
    kiosk.badge(ROSA)
    kiosk.until(lambda: kiosk.stage() is Stage.BADGE)


def test_another_badge_switches_in_one_tap(kiosk: Kiosk) -> None:
    kiosk.sign_in(ROSA)
    kiosk.badge(MILAN)
    kiosk.until(
        lambda: (
            kiosk.shown() == 0
            and kiosk.station._session is not None
            and kiosk.station._session.name == "Milan Horvat"
        )
    )


def test_keys_turn_pages(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    for key, page in (
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_PageDown, 2),
        (Qt.Key.Key_Left, 1),
        (Qt.Key.Key_End, 7),
        (Qt.Key.Key_PageUp, 6),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Left, 0),
    ):
        kiosk.key(key)
        kiosk.until(lambda page=page: kiosk.shown() == page)


def test_presses_in_a_rush_all_count(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    kiosk.player.delay = 0.05
    for _ in range(5):
        kiosk.key(Qt.Key.Key_Right)
    kiosk.until(lambda: kiosk.shown() == 5)


def test_buttons_turn_pages(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    for name, page in (("next", 1), ("last", 7), ("previous", 6), ("first", 0)):
        kiosk.command(name)
        kiosk.until(lambda page=page: kiosk.shown() == page)


def test_taps_at_the_sides_and_swipes_turn_pages(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    view = kiosk.station._view
    middle = view.rect().center()
    right = middle + (view.rect().topRight() - view.rect().topLeft()) * 0.4
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=right)
    kiosk.until(lambda: kiosk.shown() == 1)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=middle)
    for step in (60, 120, 200):
        QTest.mouseMove(view, middle + (view.rect().topRight() - view.rect().topLeft()) * step / view.width())
    QTest.mouseRelease(
        view, Qt.MouseButton.LeftButton, pos=middle + (view.rect().topRight() - view.rect().topLeft()) * 0.25
    )
    kiosk.until(lambda: kiosk.shown() == 0)
