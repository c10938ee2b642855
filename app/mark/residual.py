"""What of a picture may be the mark: luminance without the page's own content, and how far to trust it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

LONGEST_SIDE = 2800
"""Pictures are halved until no side is longer: a chip of a full-HD screen keeps four pixels and more."""
BLOCK = 256
"""Side of the blocks in which a page is whitened, in pixels."""
SMOOTH = 2
"""Frequencies of a block, each way, over which its power is averaged."""
TONES = 4
TONE_REACH = 5
"""Grey levels around a tone: the mark and a camera's noise."""
HALF = 2
"""Pixels to one of the half resolution, each way."""


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
    picture, shrunk = not_too_large(grey)
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


def of_tones(grey: NDArray[np.uint8]) -> Residual:
    """Where white clips the mark is left in the ink: in letters of the page and of the visible mark.

    Pixels of about one tone, of the most frequent ones, are compared with their like around them.
    """
    picture, shrunk = not_too_large(grey)
    left = np.bincount(np.rint(picture).astype(np.uint8).ravel(), minlength=256).astype(np.float64)
    left[255 - TONE_REACH :] = 0
    value, weight = np.zeros_like(picture), np.zeros_like(picture)
    for _ in range(TONES):
        tone = int(np.convolve(left, np.ones(2 * TONE_REACH + 1), "same").argmax())
        near = (np.abs(picture - tone) <= TONE_REACH).astype(np.float32)
        near *= weight == 0
        change = _from_mean(picture, near, 2 * TONE_REACH)
        value += np.clip(change, -TONE_REACH, TONE_REACH)
        weight += near
        left[max(0, tone - 2 * TONE_REACH) : tone + 2 * TONE_REACH + 1] = 0
    return Residual(value, weight, shrunk)


def whitened(grey: NDArray[np.uint8], *, reach: int = 12) -> Residual:
    """Where a page has no plain places (photographs, dense drawings): all of it, less what is like the page.

    Each place counts by the inverse of its energy, each frequency by the inverse of its power: the matched
    filter for a faint pattern in coloured noise (Wiener; North, 1943). Block by block, because lines that
    are seen from the side have another frequency at each place; blocks overlap by half, and their windows
    (sine, before and after) add up to one.
    """
    picture, shrunk = not_too_large(grey)
    change = picture - box(picture, reach)
    change /= box(change * change, reach // 2) + 4.0
    high, wide = change.shape
    half = BLOCK // 2
    change = np.pad(change, [(half, half + -side % half) for side in change.shape])
    wave = np.sin(np.pi * (np.arange(BLOCK, dtype=np.float32) + 0.5) / BLOCK)
    window, value = wave[:, None] * wave, np.zeros_like(change)
    for top in range(0, change.shape[0] - half, half):
        for left in range(0, change.shape[1] - half, half):
            part = slice(top, top + BLOCK), slice(left, left + BLOCK)
            value[part] += _even(change[part] * window) * window
    value = value[half : half + high, half : half + wide]
    value /= float(value.std()) or 1.0
    return Residual(np.clip(value, -4, 4), np.ones_like(value), shrunk)


def _even(block: Floats) -> Floats:
    """A block with the same power at all frequencies; in all its pixels together, the same in all blocks."""
    spectrum = np.fft.rfft2(block)
    power = np.fft.fftshift(np.asarray(spectrum.real**2 + spectrum.imag**2, np.float32), axes=0)
    power = np.fft.ifftshift(box(power, SMOOTH), axes=0)
    spectrum /= power + 1e-6 * float(power.max()) + 1e-20
    even = np.fft.irfft2(spectrum, s=block.shape).astype(np.float32)
    return np.asarray(even / (float(even.std()) or 1.0), np.float32)


def length(least: int) -> int:
    """A length from ``least`` on that a Fourier transform likes."""
    while max(_factors(least)) > 5:
        least += 1
    return least


def _factors(number: int) -> list[int]:
    found, by = [1], 2
    while by <= 5:
        if number % by:
            by += 1
        else:
            found.append(by)
            number //= by
    return [*found, number]


def not_too_large(grey: NDArray[np.uint8]) -> tuple[Floats, int]:
    """The picture, halved until no side is longer than ``LONGEST_SIDE``; its pixels to one, each way."""
    shrunk = max(1, -(-max(grey.shape) // LONGEST_SIDE))
    if shrunk == 1:
        return grey.astype(np.float32), 1
    rows, columns = (side // shrunk for side in grey.shape)
    blocks = grey[: rows * shrunk, : columns * shrunk].reshape(rows, shrunk, columns, shrunk)
    return blocks.mean(axis=(1, 3), dtype=np.float32), shrunk


def box(picture: Floats, reach: int) -> Floats:
    """Mean over squares of side 2 · ``reach`` + 1, by sums along each axis."""
    for _ in range(2):  # each time along the columns, of the picture and of its transpose
        picture = np.ascontiguousarray(_means(picture, reach).T)
    return picture


def _means(picture: Floats, reach: int) -> Floats:
    """Means along columns. Row by row: numpy's own sums along them take three times as long."""
    # Sums of a line of grey levels stay below 2^20: single precision keeps a sixteenth of a level.
    sums = np.pad(picture, ((reach + 1, reach), (0, 0)), mode="edge")
    rows = list(sums)
    for before, row in pairwise(rows):
        np.add(before, row, out=row)
    side = 2 * reach + 1
    means = sums[side:] - sums[:-side]
    means /= side
    return means


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
