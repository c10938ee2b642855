"""A leaked picture of the real window, with all that is painted around the page, names the view it shows."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from app.mark.read import read
from tests import attacks
from tests.ui.pixels import as_array
from tests.ui.player import MARK_KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.conftest import Kiosk


def leaked(kiosk: Kiosk, form: str = "PNG", **options: int) -> np.ndarray:
    """The window's pixels as a file that somebody passed on: luminance."""
    pixels = as_array(kiosk.picture())
    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels[..., 2::-1])).save(file, form, **options)
    return np.asarray(Image.open(file).convert("L"))


def token(kiosk: Kiosk) -> int:
    """The look that is going on."""
    base = kiosk.station._view._base
    assert base is not None
    return int(base.mark.token, 16)


def assert_names(picture: np.ndarray, wanted: int) -> None:
    reading = read([picture], MARK_KEY)
    assert reading is not None
    assert reading.token == wanted


@pytest.mark.parametrize(
    ("form", "options"), [("PNG", {}), ("JPEG", {"quality": 50}), ("WEBP", {"quality": 60})]
)
def test_a_screenshot_names_its_view(kiosk: Kiosk, form: str, options: dict[str, int]) -> None:
    kiosk.sign_in()
    kiosk.key(Qt.Key.Key_Right)
    kiosk.until(lambda: kiosk.shown() == 1)
    assert_names(leaked(kiosk, form, **options), token(kiosk))


def test_a_crop_of_the_page_names_it(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    picture = leaked(kiosk, "JPEG", quality=60)
    high, wide = picture.shape
    assert_names(picture[high // 5 : -high // 5, wide // 4 : -wide // 4], token(kiosk))


def test_a_zoomed_page_names_it(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    kiosk.command("larger")
    kiosk.until(lambda: kiosk.station._view._sharp is not None)
    assert_names(attacks.scale(0.8)(leaked(kiosk)), token(kiosk))


def test_a_page_beside_its_thumbnails_names_the_page_in_front(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    kiosk.station.toggle_strip()
    kiosk.until(lambda: len(kiosk.station._strip._thumbs) == 8)
    kiosk.key(Qt.Key.Key_Right)
    kiosk.until(lambda: kiosk.shown() == 1)
    assert_names(leaked(kiosk), token(kiosk))


def test_the_locked_screen_names_nobody(open_kiosk: Callable[..., Kiosk]) -> None:
    assert read([leaked(open_kiosk(640, 480))], MARK_KEY) is None
