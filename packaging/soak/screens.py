"""Screens as a kiosk paints them, for attacks on their mark: pages of all kinds, both watermarks, by Qt."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pymupdf
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from app.kiosk.view import MarkText
from app.mark.keys import Place, kiosk_keys
from app.mark.tile import make_band
from app.ui.marked import MarkedCanvas
from tests.mark.pages import fine_lines, photo_like, plain

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

SIZE = 1920, 1080
MARK_KEY = bytes(range(32))
MADE = 6


def pages(documents: list[Path], most: int = 18) -> list[Picture]:
    """Grey pages that fill a screen: six that are made here, the others spread over the documents."""
    made = [
        plain(*SIZE, 255),
        plain(*SIZE, 24),
        photo_like(*SIZE),
        fine_lines(*SIZE),
        _text(6),
        _text(14),
    ]
    real = []
    for at, path in enumerate(documents):
        count = (most - MADE) // len(documents) + (at < (most - MADE) % len(documents))
        with pymupdf.open(path) as document:  # type: ignore[no-untyped-call]
            real += [_filling(document[(2 * n + 1) * len(document) // (2 * count)]) for n in range(count)]
    return made + real


def shown(page: Picture, seq: int, kiosk: str = "K-12") -> tuple[Picture, int]:
    """The page as the kiosk's screen shows it (colour), and the token that it carries."""
    _application()
    keys = kiosk_keys(MARK_KEY, kiosk)
    token = Place(keys.tag, 1, seq).token
    mark = MarkText(
        "Rosa Ferreira",
        "…4711",
        "ST-040",
        f"SN-{seq:06}",
        datetime(2026, 3, 3, 14, 7, 31, tzinfo=UTC),
        f"{token:016x}",
        make_band(token, keys),
    )
    high, wide = page.shape
    grey = QImage(page.tobytes(), wide, high, wide, QImage.Format.Format_Grayscale8)
    screen = QImage(QSize(wide, high), QImage.Format.Format_RGB32)
    painter = QPainter(screen)
    image = grey.convertToFormat(QImage.Format.Format_RGB32)
    MarkedCanvas().paint(painter, image, QRect(0, 0, wide, high), mark)
    painter.end()
    pixels = np.frombuffer(bytes(screen.constBits()), np.uint8).reshape(high, wide, 4)
    return pixels[..., 2::-1].copy(), token


@cache
def _application() -> QGuiApplication:
    return QGuiApplication([])


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
