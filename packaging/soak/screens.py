"""Screens as a kiosk paints them, for attacks on their mark: pages of all kinds, both watermarks, by Qt.

And pictures that carry no mark of the site, which must name nobody.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pymupdf
from PySide6.QtCore import QCoreApplication, QRect, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.kiosk.view import MarkText
from app.mark.keys import KioskKeys, Place, kiosk_keys
from app.mark.tile import BAND_PX, CHIP_PX, STEP, TILE_PX, make_band, signs
from app.ui.marked import MarkedCanvas
from tests.mark.pages import fine_lines, photo_like, plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]
    Named = tuple[str, Picture]

SHARED = Path(__file__).parents[3] / "shared" / "data"
SIZE = 1920, 1080
MARK_KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
PAGES = 24
_NO_TILE = bytes(4 * BAND_PX * TILE_PX)


def paper(trial: int) -> Named:
    """A page that fills a screen, and its name; all are there before one comes again."""
    every = _papers()
    return every[trial % len(every)]


def shown(
    page: Picture, seq: int, kiosk: str = "K-12", *, keys: KioskKeys | None = None, ratio: float = 1.0
) -> tuple[Picture, int]:
    """The page as the kiosk's screen shows it (colour), and the token that it carries.

    ``ratio``: the desktop's scaling. ``keys``: others than that kiosk's.
    """
    keys = keys or kiosk_keys(MARK_KEY, kiosk)
    token = Place(keys.tag, 1, seq).token
    return _painted(page, seq, make_band(token, keys), ratio), token


def stolen(kiosk: str, *, pretending: str) -> KioskKeys:
    """What a thief of one kiosk can make for the marks of another."""
    own = kiosk_keys(MARK_KEY, kiosk)
    return KioskKeys(kiosk_keys(MARK_KEY, pretending).tag, own.layout, own.check)


def common_pattern(views: int, draw: np.random.Generator) -> NDArray[np.float64]:
    """What tiles of so many views, each of another kiosk, have in common: grey levels around their mean."""
    total = np.zeros(TILE_PX // CHIP_PX * TILE_PX // CHIP_PX)
    for view in range(views):
        keys = kiosk_keys(MARK_KEY, f"K-{100 + view}")
        total += np.array(signs(Place(keys.tag, 1, int(draw.integers(1, 2**32))).token, keys))
    chips = total.reshape(TILE_PX // CHIP_PX, -1) * STEP / 2 / views
    return np.kron(chips, np.ones((CHIP_PX, CHIP_PX))).astype(np.float64)


def blank(draw: np.random.Generator, trial: int) -> Named:
    """One of the pages with its visible mark only."""
    name, page = paper(trial)
    return f"unmarked {name}", blank_of(page, int(draw.integers(1, 2**32)))


def blank_of(page: Picture, seq: int) -> Picture:
    """The page as the kiosk's screen would show it with its visible mark only (colour)."""
    return _painted(page, seq, _NO_TILE, 1.0)


def of_another_site(draw: np.random.Generator, trial: int) -> Named:
    """One of the pages, marked at another site."""
    name, page = paper(trial)
    return f"another site's {name}", shown(
        page, int(draw.integers(1, 2**32)), keys=kiosk_keys(OTHER_KEY, "K-12")
    )[0]


def foreign(draw: np.random.Generator, trial: int) -> Named:
    """Any page of any document at hand, as any viewer shows it."""
    files = _documents(SHARED / "open") + _documents(SHARED / "hostile")
    if not files:
        return camera(draw, trial)
    path = files[trial % len(files)]
    with pymupdf.open(path) as document:  # type: ignore[no-untyped-call]
        number = int(draw.integers(len(document)))
        try:
            return f"{path.stem} {number + 1}", _filling(document[number])
        except (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase):
            return camera(draw, trial)


def camera(draw: np.random.Generator, trial: int) -> Named:
    """Smooth noise of many sizes with a camera's grain."""
    picture = photo_like(1280, 960, int(draw.integers(2**31))) + draw.normal(0, 3, (960, 1280))
    return f"camera {trial}", np.clip(picture, 0, 255).astype(np.uint8)


@cache
def _papers() -> tuple[Named, ...]:
    """Six pages that are made here, the others spread over the documents."""
    made = [
        ("white", plain(*SIZE, 255)),
        ("dark", plain(*SIZE, 24)),
        ("photo", photo_like(*SIZE)),
        ("fine lines", fine_lines(*SIZE)),
        ("6-point text", _text(6)),
        ("14-point text", _text(14)),
    ]
    files = _documents(SHARED / "open")
    left = PAGES - len(made)
    for at, path in enumerate(files):
        count = left // len(files) + (at < left % len(files))
        with pymupdf.open(path) as document:  # type: ignore[no-untyped-call]
            for n in range(count):
                number = (2 * n + 1) * len(document) // (2 * count)
                made.append((f"{path.stem} {number + 1}", _filling(document[number])))
    return tuple(made)


@cache
def _documents(folder: Path) -> tuple[Path, ...]:
    """The PDFs of a folder that open and have pages."""
    return tuple(path for path in sorted(folder.glob("*.pdf")) if _opens(path))


def _opens(path: Path) -> bool:
    try:
        with pymupdf.open(path) as document:  # type: ignore[no-untyped-call]
            return bool(not document.needs_pass and len(document) and max(document[0].rect) < 2000)
    except (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase):
        return False


def _painted(page: Picture, seq: int, band: bytes, ratio: float) -> Picture:
    _application()
    mark = MarkText(
        "Rosa Ferreira",
        "…4711",
        "ST-040",
        f"SN-{seq:06}",
        datetime(2026, 3, 3, 14, 7, 31, tzinfo=UTC),
        f"{seq:016x}",
        band,
    )
    high, wide = page.shape
    grey = QImage(page.tobytes(), wide, high, wide, QImage.Format.Format_Grayscale8)
    screen = QImage(QSize(wide, high), QImage.Format.Format_RGB32)
    screen.setDevicePixelRatio(ratio)
    painter = QPainter(screen)
    image = grey.convertToFormat(QImage.Format.Format_RGB32)
    target = QRect(0, 0, round(wide / ratio), round(high / ratio))
    MarkedCanvas().paint(painter, image, target, mark, device_pixel_ratio=ratio)
    painter.end()
    pixels = np.frombuffer(bytes(screen.constBits()), np.uint8).reshape(high, wide, 4)
    return pixels[..., 2::-1].copy()


@cache
def _application() -> QCoreApplication:
    return QApplication.instance() or QApplication([])  # in a test run, windows share it


def _filling(page: pymupdf.Page) -> Picture:
    """The top of a page, fitted to the width of the screen."""
    wide, high = SIZE
    scale = wide / page.rect.width
    matrix: Any = pymupdf.Matrix
    pixels = page.get_pixmap(matrix=matrix(scale, scale), colorspace=pymupdf.csGRAY)
    grey = np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.stride)[:high, :wide]
    whole = np.full((high, wide), 255, np.uint8)
    whole[: grey.shape[0], : grey.shape[1]] = grey
    return whole


def _text(points: int) -> Picture:
    """Lines of text from edge to edge."""
    with pymupdf.open() as document:  # type: ignore[no-untyped-call]
        sheet = document.new_page(width=960, height=540)
        line = "Tighten the four screws M3 x 8 crosswise to 0.9 Nm, then check the gap of 0.25 mm. "
        for row in range(int(500 / (1.4 * points))):
            sheet.insert_text(
                (20, 24 + 1.4 * points * row), line * (3 if points < 10 else 1), fontsize=points
            )
        return _filling(sheet)
