"""What of a picture may be the mark: luminance without the page's own content, and how far to trust it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

LONGEST_SIDE = 2800
"""Pictures are halved until no side is longer: a chip of a full-HD screen keeps four pixels and more."""


@dataclass(frozen=True)
class Residual:
    """``value``: weighted residual; ``weight``: 0 to 1; ``shrunk``: the picture's pixels to one, each way."""

    value: Floats
    weight: Floats
    shrunk: int

    @cached_property
    def coarse(self) -> Floats:
        """``value`` at half the resolution: enough to see where chips of five pixels lie."""
        rows, columns = (side // 2 * 2 for side in self.value.shape)
        even = self.value[:rows, :columns]
        total = even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]
        return np.asarray(total / 4, np.float32)


def residual(grey: NDArray[np.uint8], *, reach: int = 12) -> Residual:
    """Take the page's content away from a luminance picture. ``reach``: half the side of a local mean."""
    picture, shrunk = grey.astype(np.float32), 1
    while max(picture.shape) / shrunk > LONGEST_SIDE:
        shrunk += 1
    if shrunk > 1:
        rows, columns = (side // shrunk * shrunk for side in picture.shape)
        blocks = picture[:rows, :columns].reshape(rows // shrunk, shrunk, columns // shrunk, shrunk)
        picture = blocks.mean(axis=(1, 3))
    rough = _range(box(picture, 1))
    flat = (rough <= max(5.0, 2.5 * float(np.median(rough)))).astype(np.float32)
    flat = (box(flat, 1) > 0.99).astype(np.float32)
    change = _from_mean(picture, flat, reach)
    flat *= np.abs(change) < max(6.0, 3.0 * _deviation(change, flat))
    change = _from_mean(picture, flat, reach)
    energy = box(change * change * flat, 4) / np.maximum(box(flat, 4), 0.05)
    weight = flat / (1.0 + energy / 4.0)
    limit = max(4.0, 2.5 * _deviation(change, flat))
    value = (np.clip(change, -limit, limit) * weight).astype(np.float32)
    return Residual(value, weight.astype(np.float32), shrunk)


def box(picture: Floats, reach: int) -> Floats:
    """Mean over squares of side 2 · ``reach`` + 1, by sums along each axis."""
    return _along(_along(picture, reach).T, reach).T


def _along(picture: Floats, reach: int) -> Floats:
    padded = np.pad(picture, ((reach + 1, reach), (0, 0)), mode="edge")
    sums = np.cumsum(padded, axis=0, dtype=np.float64)
    side = 2 * reach + 1
    return ((sums[side:] - sums[:-side]) / side).astype(np.float32)


def _range(picture: Floats) -> Floats:
    """Largest less smallest of each 3 × 3 neighbourhood."""
    padded = np.pad(picture, 1, mode="edge")
    across = [padded[:, at : at + picture.shape[1]] for at in range(3)]
    high, low = np.maximum.reduce(across), np.minimum.reduce(across)
    down = range(3), picture.shape[0]
    high = np.maximum.reduce([high[at : at + down[1]] for at in down[0]])
    low = np.minimum.reduce([low[at : at + down[1]] for at in down[0]])
    return np.asarray(high - low, np.float32)


def _from_mean(picture: Floats, flat: Floats, reach: int) -> Floats:
    share = box(flat, reach)
    change = picture - box(picture * flat, reach) / np.maximum(share, 0.02)
    return np.where(share > 0.02, change, 0.0).astype(np.float32) * flat


def _deviation(change: Floats, flat: Floats) -> float:
    seen = np.abs(change[flat > 0])
    return 1.4826 * float(np.median(seen)) if seen.size else 0.0
