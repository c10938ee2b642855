"""The kiosk as its own process on an X server: a badge reader types, the screen is looked at from outside."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging"))
from kit.desktop import Display  # noqa: E402
from kit.processes import Process, wait_for  # noqa: E402

pytestmark = pytest.mark.skipif(
    shutil.which("Xvfb") is None or shutil.which("xdotool") is None, reason="needs Xvfb and xdotool"
)
SIZE = 1366, 768


class Seat:
    """A person in front of a kiosk."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.display = Display(folder, *SIZE)
        self.folder = folder
        words = [sys.executable, str(ROOT / "tests" / "ui" / "scripted_kiosk.py"), *options]
        self.process = Process(words, folder / "kiosk.log", self.display.env)
        self.process.wait_for_words("painted")

    def sees(self) -> NDArray[np.uint8]:
        path = self.display.picture(self.folder / "seen.png")
        with Image.open(path) as image:
            return np.asarray(image.convert("RGB"))

    def sees_a_page(self) -> bool:
        """Paper in the middle: mostly white."""
        middle = self.sees()[200:600, 560:800]
        return bool((middle > 225).all(axis=2).mean() > 0.6 and (middle == 255).all(axis=2).mean() > 0.05)

    def sees_the_badge_screen(self) -> bool:
        """Its ground, and the station's plate at the top left (not there while it starts)."""
        seen = self.sees()
        ground, plate = (seen == (0xEE, 0xF2, 0xF5)).all(axis=2), (seen == (0x00, 0x4A, 0x68)).all(axis=2)
        return bool(ground.mean() > 0.5 and plate[60:160, 40:260].mean() > 0.2)


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    seat = Seat(tmp_path)
    wait_for("the badge screen", seat.sees_the_badge_screen)
    yield seat
    seat.process.stop()
    seat.display.close()


def test_a_badge_opens_a_key_turns_the_badge_locks_and_sigterm_ends(seat: Seat) -> None:
    badge_screen = seat.sees()
    seat.display.badge("0004417712")
    wait_for("a page", seat.sees_a_page)
    first = seat.sees()
    seat.display.key("Right")
    wait_for("another page", lambda: bool((seat.sees() != first)[150:600].any(axis=2).mean() > 0.005))
    seat.display.badge("0004417712")
    wait_for("the badge screen", seat.sees_the_badge_screen)
    rows = slice(60, None)  # below the clock
    change = np.abs(seat.sees().astype(int) - badge_screen)[rows]
    assert change.mean() < 0.3
    assert seat.process.stop(20) == 0
    assert "Traceback" not in seat.process.said()


def test_it_fills_the_screen_and_cannot_be_closed_by_a_key(seat: Seat) -> None:
    assert tuple(seat.sees()[-1, -1]) == (0xEE, 0xF2, 0xF5)
    seat.display.key("alt+F4")
    seat.display.key("ctrl+q")
    time.sleep(0.3)
    assert seat.process.running
    assert seat.sees_the_badge_screen()


def test_the_badge_screen_stands_before_anything_heavy_is_loaded(seat: Seat) -> None:
    line = next(line for line in seat.process.said().splitlines() if line.startswith("painted"))
    assert line == "painted"
