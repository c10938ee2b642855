"""Pages of all kinds, made here: what the marks are drawn on in tests and benches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def plain(width: int, height: int, grey: int) -> NDArray[np.uint8]:
    """One grey value everywhere."""
    return np.full((height, width), grey, np.uint8)


def fine_lines(width: int, height: int) -> NDArray[np.uint8]:
    """Rows of one-pixel strokes, three pixels apart: finer than a 6 pt dimension at 96 dpi."""
    page = plain(width, height, 255)
    page[20:-20:9, 30:-30:3] = 0
    page[24:-20:9, 30:-30] = 0
    return page


def photo_like(width: int, height: int, seed: int = 1) -> NDArray[np.uint8]:
    """Smooth noise of many sizes, the way photographs are: grey values everywhere between black and white."""
    rng = np.random.default_rng(seed)
    total = np.zeros((height, width))
    for size in (4, 16, 64, 256):
        small = rng.normal(size=(height // size + 2, width // size + 2))
        total += size**0.5 * np.kron(small, np.ones((size, size)))[:height, :width]
    total = (total - total.mean()) / total.std()
    return np.clip(128 + 60 * total, 0, 255).astype(np.uint8)
