"""What a page costs to draw at 4K, and whether two pages look the same. Worker side only."""

from __future__ import annotations

import math
import statistics
import time
from typing import Any

import numpy as np

from app.pages.binding import mupdf
from app.pages.drawing import Leaf, draw, errors_of

BOX = (3840, 2160)
"""The screen that costs are measured for, in pixels."""

PROMISED_MS = 150.0
"""A page that costs more is given a faster form, or the report says why not."""

_QUICK_MS = 75.0  # half of what publishing allows: measured once, without repeating
_RUNS = 3


class Canvas:
    """One picture's worth of memory, used again for every page."""

    def __init__(self) -> None:
        self._memory = np.empty(BOX[0] * BOX[1] * 4, dtype=np.uint8)

    def scale(self, leaf: Leaf, box: tuple[int, int] = BOX) -> float:
        """Pixels per point that fit the page into the box."""
        return min(box[0] / leaf.width, box[1] / leaf.height)

    def picture(
        self, leaf: Leaf, box: tuple[int, int] = BOX, *, level: int | None = None, whole: bool = False
    ) -> tuple[Any, int]:
        """The page as an array of rows × columns × RGBA, valid until the next picture; and its errors.

        ``level`` asks for one of a layered page's forms; without it the one for this scale is drawn.
        ``whole`` takes in the pixels that the page's right and lower edges only begin.
        """
        cookie = mupdf.FzCookie()
        chosen = leaf.level(self.scale(leaf, box)) if level is None else level
        array = self._draw(leaf, leaf.listed(cookie, chosen), box, cookie, whole=whole)
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
            self._draw(leaf, leaf.listed(level=leaf.level(self.scale(leaf))), BOX)
            times.append((time.thread_time() - begun) * 1000)
            if times[0] < _QUICK_MS:
                break
        return statistics.median(times)

    def _draw(
        self, leaf: Leaf, listed: Any, box: tuple[int, int], cookie: Any = None, *, whole: bool = False
    ) -> Any:
        scale = self.scale(leaf, box)
        sides = (leaf.width * scale, leaf.height * scale)
        wanted = [math.ceil(side - 1e-3) if whole else round(side) for side in sides]
        width, height = (min(most, max(1, side)) for most, side in zip(box, wanted, strict=True))
        size = width * height * 4
        pointer = mupdf.python_mutable_buffer_data(memoryview(self._memory.data)[:size])
        pixmap = mupdf.fz_new_pixmap_with_data(
            mupdf.fz_device_rgb(), width, height, mupdf.FzSeparations(), 1, width * 4, pointer
        )
        draw(listed, pixmap, scale, 0, 0, cookie)
        return self._memory[:size].reshape(height, width, 4)
