"""Fingers on glass, with gloves: tap, double tap, swipe, drag, pinch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QInputDevice
from PySide6.QtTest import QTest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtGui import QPointingDevice
    from PySide6.QtWidgets import QWidget

    from tests.ui.conftest import Kiosk


@pytest.fixture(scope="module")
def glass() -> QPointingDevice:
    return QTest.createTouchDevice(QInputDevice.DeviceType.TouchScreen)


class Fingers:
    """Fingers by number on one widget."""

    def __init__(self, widget: QWidget, glass: QPointingDevice) -> None:
        self.widget, self.glass = widget, glass
        self.down: dict[int, QPoint] = {}

    def _send(
        self, *, pressed: int | None = None, moved: dict[int, QPoint] | None = None, lifted: int | None = None
    ) -> None:
        sequence = QTest.touchEvent(self.widget, self.glass)
        for number, at in self.down.items():
            if number == pressed:
                sequence.press(number, at, self.widget)
            elif number == lifted:
                sequence.release(number, at, self.widget)
            elif moved and number in moved:
                sequence.move(number, at, self.widget)
            else:
                sequence.stationary(number)
        sequence.commit()

    def press(self, number: int, at: QPoint) -> None:
        self.down[number] = at
        self._send(pressed=number)

    def move(self, **to: QPoint) -> None:
        moved = {int(name[1:]): at for name, at in to.items()}
        self.down.update(moved)
        self._send(moved=moved)

    def lift(self, number: int) -> None:
        self._send(lifted=number)
        del self.down[number]

    def tap(self, at: QPoint) -> None:
        self.press(0, at)
        self.lift(0)


LARGE = "configfile" in os.environ.get("QT_QPA_PLATFORM", "")
"""Whether the platform's screen is larger than usual: fingers can be on it alone."""


@pytest.fixture(params=[(1920, 1080), (3840, 2160)] if LARGE else [(800, 760)])
def kiosk(request: pytest.FixtureRequest, open_kiosk: Callable[..., Kiosk]) -> Kiosk:
    return open_kiosk(*request.param)


@pytest.fixture
def fingers(kiosk: Kiosk, glass: QPointingDevice) -> Fingers:
    kiosk.sign_in()
    return Fingers(kiosk.station._view, glass)


def test_a_tap_at_the_side_turns_once(kiosk: Kiosk, fingers: Fingers) -> None:
    view = fingers.widget
    fingers.tap(QPoint(view.width() - 30, 300))
    kiosk.until(lambda: kiosk.shown() == 1)
    assert kiosk.player.count("turn_to") == 1
    fingers.tap(QPoint(30, 300))
    kiosk.until(lambda: kiosk.shown() == 0)


def test_two_quick_taps_at_the_side_turn_twice(kiosk: Kiosk, fingers: Fingers) -> None:
    at = QPoint(fingers.widget.width() - 30, 300)
    fingers.tap(at)
    fingers.tap(at)
    kiosk.until(lambda: kiosk.shown() == 2)


def test_a_tap_in_the_middle_does_nothing_two_look_closer_and_back(kiosk: Kiosk, fingers: Fingers) -> None:
    middle = fingers.widget.rect().center()
    fingers.tap(middle)
    assert kiosk.station.is_fitted()
    fingers.tap(middle + QPoint(9, -7))  # gloves are not precise
    assert kiosk.station._view.look.zoom == pytest.approx(2.2)
    QTest.qWait(450)
    fingers.tap(middle)
    fingers.tap(middle)
    assert kiosk.station.is_fitted()
    assert kiosk.player.count("turn_to") == 0


def test_a_swipe_turns_and_a_tremble_does_not(kiosk: Kiosk, fingers: Fingers) -> None:
    middle = fingers.widget.rect().center()
    fingers.press(0, middle)
    for step in range(1, 6):
        fingers.move(f0=middle - QPoint(40 * step, 3 * step))
    fingers.lift(0)
    kiosk.until(lambda: kiosk.shown() == 1)
    fingers.press(0, middle)
    fingers.move(f0=middle + QPoint(11, 2))
    fingers.lift(0)
    assert kiosk.player.count("turn_to") == 1


def test_a_pinch_zooms_around_the_fingers_and_never_turns(kiosk: Kiosk, fingers: Fingers) -> None:
    middle = fingers.widget.rect().center()
    fingers.press(0, middle - QPoint(60, 0))
    fingers.press(1, middle + QPoint(60, 0))
    for step in range(1, 7):
        fingers.move(f0=middle - QPoint(60 + 20 * step, 0), f1=middle + QPoint(60 + 20 * step, 0))
    assert kiosk.station._view.look.zoom == pytest.approx(3.0, rel=0.05)
    fingers.lift(1)
    fingers.move(f0=middle - QPoint(300, 0))  # the finger that stays does not drag the page away
    fingers.lift(0)
    assert kiosk.player.count("turn_to") == 0
    kiosk.until(lambda: kiosk.station._view._sharp is not None)


def test_a_drag_moves_a_page_that_is_larger_than_the_view(kiosk: Kiosk, fingers: Fingers) -> None:
    view, middle = kiosk.station._view, fingers.widget.rect().center()
    kiosk.command("larger")
    before = view._layout()
    assert before is not None
    fingers.press(0, middle)
    for step in range(1, 5):
        fingers.move(f0=middle - QPoint(0, 20 * step))
    fingers.lift(0)
    after = view._layout()
    assert after is not None
    assert before.top - after.top == pytest.approx(80, abs=20)
    assert kiosk.player.count("turn_to") == 0


@pytest.mark.skipif(LARGE, reason="this is the inner run")
def test_all_of_it_on_larger_screens(tmp_path: Path) -> None:
    """Full HD and 4K, in a process of its own, on a platform whose screen has room for them."""
    glass = {"name": "glass", "x": 0, "y": 0, "width": 3840, "height": 2160, "dpr": 1}
    dots = {"logicalDpi": 96, "logicalBaseDpi": 96}
    config = tmp_path / "screens.json"
    config.write_text(json.dumps({"screens": [{**glass, **dots}]}), encoding="utf-8")
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "0", __file__],
        env={**plain, "QT_QPA_PLATFORM": f"offscreen:configfile={config}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert "12 passed" in done.stdout
