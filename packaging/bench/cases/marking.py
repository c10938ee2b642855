"""What the forensic mark costs: at the begin of a view, in each frame, and when a photo is traced."""

from __future__ import annotations

import io
import os
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PIL import Image
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from app.mark.keys import Place, kiosk_keys
from app.mark.read import read
from app.mark.tile import BAND_PX, TILE_PX, make_band
from app.ui.busy import busy_cells
from app.ui.marked import MarkedCanvas
from bench import Result, Samples, bench, measure
from tests.mark.pages import photo_like

MARK_KEY = bytes(range(32))
KEYS = kiosk_keys(MARK_KEY, "K-1")
TOKEN = Place(KEYS.tag, 1, 88_213).token


@bench("mark-begin", to_reach=20.0)
def mark_begin() -> Result:
    """Making the tile of a view."""
    taken = measure(lambda: make_band(TOKEN, KEYS), repeat=200)
    return Result(taken.p99 * 1e3, samples=taken, more={"median ms": taken.median * 1e3})


def _frame(width: int, height: int, page: QImage | None = None) -> Result:
    """``page``: what is on the screen, where more of the mark may be laid; else white."""
    application = QGuiApplication.instance() or QGuiApplication([])
    screen = QImage(width, height, QImage.Format.Format_RGB32)
    screen.fill(0xFFFFFFFF)
    canvas, band, area = MarkedCanvas(), make_band(TOKEN, KEYS), QRect(0, 0, width, height)
    painter = QPainter(screen)
    if page is None:
        taken = measure(lambda: canvas.draw_forensic(painter, area, band), repeat=200)
    else:
        taken = measure(lambda: canvas.draw_forensic_on(painter, page, area, band), repeat=200)
    painter.end()
    del application
    return Result(taken.median * 1e3, samples=taken, more={"p95 ms": taken.p95 * 1e3})


@bench("mark-frame-1080p", to_reach=1.0)
def mark_frame() -> Result:
    """Laying it over a whole full-HD screen."""
    return _frame(1920, 1080)


@bench("mark-frame-4k", to_reach=4.0)
def mark_frame_4k() -> Result:
    """Laying it over a whole 4K screen."""
    return _frame(3840, 2160)


@bench("mark-frame-photo", to_reach=1.0)
def mark_frame_photo() -> Result:
    """Laying it over a full-HD screen that a photograph fills."""
    photo = photo_like(1920, 1080)
    return _frame(1920, 1080, QImage(photo.tobytes(), 1920, 1080, 1920, QImage.Format.Format_Grayscale8))


@bench("mark-judge", to_reach=5.0)
def mark_judge() -> Result:
    """Finding where a page is busy, once before it is shown: part of what the begin of a view costs."""
    photo = photo_like(1920, 1080)
    grey = QImage(photo.tobytes(), 1920, 1080, 1920, QImage.Format.Format_Grayscale8)
    page = grey.convertToFormat(QImage.Format.Format_RGB32)
    taken = measure(lambda: busy_cells(page, 40, 23), repeat=100)
    return Result(taken.median * 1e3, samples=taken, more={"p95 ms": taken.p95 * 1e3})


@bench("mark-trace", to_reach=10.0, unit="s")
def mark_trace() -> Result:
    """Reading it out of a photo of 12 megapixels (a full-HD screen, askew, JPEG 80)."""
    photo = _photo()
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        reading = read([photo], MARK_KEY)
        seconds.append(time.perf_counter() - began)
        if reading is None or reading.token != TOKEN:
            raise RuntimeError("the photo was not read: its figure would mean nothing")
    taken = Samples(tuple(seconds))
    return Result(taken.median, samples=taken, more={"longest s": max(taken.seconds)})


def _photo() -> np.ndarray:
    band = np.frombuffer(make_band(TOKEN, KEYS), np.uint8).reshape(TILE_PX, BAND_PX, 4)[..., 0]
    page = np.full((1080, 1920), 255.0)
    page[100:160, 100:900], page[300:900:24, 100:1800] = 20, 0
    over = np.tile(band, (5, 1))[:1080, :1920]
    screen = Image.fromarray(np.rint(page * 252 / 255 + over).astype(np.uint8))
    large = screen.resize((3600, 2025), Image.Resampling.BICUBIC).rotate(
        4, Image.Resampling.BICUBIC, fillcolor=60
    )
    photo = Image.new("L", (4000, 3000), 60)
    photo.paste(large, (200, 480))
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=80)
    return np.asarray(Image.open(file))
