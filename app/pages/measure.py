"""What a page costs to draw at 4K, and whether two pages look the same. Worker side only."""

from __future__ import annotations

import statistics
import time
from typing import Any

import numpy as np

from app.pages.binding import mupdf
from app.pages.drawing import Leaf, draw, errors_of

BOX = (3840, 2160)
"""The screen that costs are measured for, in pixels."""

_QUICK_MS = 75.0  # half of what publishing allows: measured once, without repeating
_RUNS = 3


class Canvas:
    """One picture's worth of memory, used again for every page."""

    def __init__(self, box: tuple[int, int] = BOX) -> None:
        self.box = box
        self._memory = np.empty(box[0] * box[1] * 4, dtype=np.uint8)

    def scale(self, leaf: Leaf) -> float:
        """Pixels per point that fit the page into the box."""
        return min(self.box[0] / leaf.width, self.box[1] / leaf.height)

    def picture(self, leaf: Leaf) -> tuple[Any, int]:
        """The page as an array of rows × columns × RGBA, valid until the next picture; and its errors."""
        cookie = mupdf.FzCookie()
        array = self._draw(leaf, leaf.listed(cookie), cookie)
        return array, errors_of(cookie)

    def cost_ms(self, data: bytes) -> float:
        """Processor time to open a one-page file and draw it, fitted: the median of several runs, once if
        quick.

        MuPDF's store is emptied first, so that pictures and glyphs are decoded as on first sight.
        """
        times: list[float] = []
        while len(times) < _RUNS:
            mupdf.fz_empty_store()
            begun = time.thread_time()
            leaf = Leaf.of(data)
            self._draw(leaf, leaf.listed())
            times.append((time.thread_time() - begun) * 1000)
            if times[0] < _QUICK_MS:
                break
        return statistics.median(times)

    def _draw(self, leaf: Leaf, listed: Any, cookie: Any = None) -> Any:
        scale = self.scale(leaf)
        width = min(self.box[0], max(1, round(leaf.width * scale)))
        height = min(self.box[1], max(1, round(leaf.height * scale)))
        size = width * height * 4
        pointer = mupdf.python_mutable_buffer_data(memoryview(self._memory.data)[:size])
        pixmap = mupdf.fz_new_pixmap_with_data(
            mupdf.fz_device_rgb(), width, height, mupdf.FzSeparations(), 1, width * 4, pointer
        )
        draw(listed, pixmap, scale, 0, 0, cookie)
        return self._memory[:size].reshape(height, width, 4)
