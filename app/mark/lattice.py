"""Finds how the tile lies in a picture: it repeats, so the picture agrees with itself one tile further on.

The autocorrelation of the residual peaks at the lattice of the tiles, whatever they say: all chips count for
it, not only the pilot's. It is taken of the whitened spectrum (power over its surroundings, capped), so that
the lines and the regular text of a page do not drown it. Which way up the tile lies, the pilot tells
(``app.mark.warp``), and that it is a tile at all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.mark.residual import HALF, box, length
from app.mark.tile import TILE_PX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from app.mark.residual import Floats, Residual

    Vectors = NDArray[np.float64]

SCALES = (0.33, 3.2)
"""Picture pixels per screen pixel, least and most."""
WINDOWS = (512, 320, 224)
"""Sides of the parts that are looked at, in pixels of the half resolution: small ones, because perspective
bends the lattice."""
MOST_PARTS = 5
PEAKS = 16
PAIRS = 5
SINGLES = 2
LOWEST, HIGHEST = 0.008, 0.32
"""Cycles a pixel of the half resolution, between which the chips are looked for."""
CAP = 20.0
"""A line of the spectrum that stands out more than this is the page's, and is cut."""


@dataclass(frozen=True)
class Pose:
    """A place (pixels) times ``turn`` (2 × 2, at ``centre``) is a place on the tile, less a shift."""

    turn: NDArray[np.float64]
    centre: tuple[float, float]


def poses(seen: Residual) -> Iterator[Pose]:
    """Poses that are likely somewhere in the picture, a screenshot's first. Quarter turns look alike."""
    high, wide = seen.value.shape
    yield Pose(np.eye(2), (wide / 2, high / 2))
    value, tried = seen.coarse, set()
    for side in WINDOWS:
        for top, left in _corners(value.shape, side):
            part = value[top : top + side, left : left + side]
            if (top, left, *part.shape) in tried:
                continue
            tried.add((top, left, *part.shape))
            centre = HALF * (left + part.shape[1] / 2), HALF * (top + part.shape[0] / 2)
            for across, down in _lattices(_autocorrelation(part), part.shape):
                yield Pose(np.linalg.inv(np.stack([across, down], 1)) * (TILE_PX / HALF), centre)


def _corners(shape: tuple[int, ...], side: int) -> list[tuple[int, int]]:
    """Where the parts begin: the middle one first, then those around it."""
    starts = []
    for whole in shape:
        room = max(0, whole - side)
        count = 1 + math.ceil(room / side)
        starts.append([room * at // max(1, count - 1) for at in range(count)])
    middle = [max(0, length - side) // 2 for length in shape]
    every = [(top, left) for top in starts[0] for left in starts[1]]
    every.sort(key=lambda at: (at[0] - middle[0]) ** 2 + (at[1] - middle[1]) ** 2)
    return [(middle[0], middle[1]), *every][:MOST_PARTS]


def _autocorrelation(part: Floats) -> Floats:
    """Agreement of a part with itself, by shift, in deviations; no shift is in the middle."""
    rows, columns = (length(round(1.8 * side)) for side in part.shape)
    spectrum = np.fft.rfft2(part, s=(rows, columns))
    power = np.fft.fftshift((spectrum.real**2 + spectrum.imag**2).astype(np.float32), axes=0)
    power = np.minimum(power, 1e3 * float(np.median(power)) + 1e-12)
    power = np.minimum(power / (box(power, 8) + 1e-20), CAP)
    radius = np.fft.fftshift(np.fft.fftfreq(rows))[:, None] ** 2 + np.fft.rfftfreq(columns) ** 2
    power = np.where((radius > LOWEST**2) & (radius < HIGHEST**2), power - power.mean(), np.float32(0))
    agreement = np.fft.fftshift(np.fft.irfft2(np.fft.ifftshift(power, axes=0), s=(rows, columns)))
    return np.asarray(agreement / (agreement.std() or 1.0), np.float32)


def _lattices(agreement: Floats, shape: tuple[int, ...]) -> Iterator[tuple[Vectors, Vectors]]:
    """Pairs of vectors (x, y) that may span the lattice, best first: across and down, turned alike."""
    peaks = _peaks(agreement, shape)
    pairs = []
    for place, (first, high) in enumerate(peaks):
        for second, low in peaks[place + 1 :]:
            area = float(first[0] * second[1] - first[1] * second[0])
            lengths = math.hypot(*first), math.hypot(*second)
            if abs(area) < 0.75 * lengths[0] * lengths[1] or not 0.5 < lengths[0] / lengths[1] < 2:
                continue
            more = [_at(agreement, first + second), _at(agreement, first - second)]
            pairs.append((high + low + sum(more), first, second if area > 0 else -second))
    pairs.sort(key=lambda pair: -pair[0])
    yield from ((first, second) for _, first, second in pairs[:PAIRS])
    yield from ((peak, np.array([-peak[1], peak[0]])) for peak, _ in peaks[:SINGLES])


def _peaks(agreement: Floats, shape: tuple[int, ...]) -> list[tuple[Vectors, float]]:
    """The highest peaks at shifts (x, y) that a tile may have, on half of the plane, with their heights."""
    rows, columns = agreement.shape
    y, x = np.arange(rows)[:, None] - rows // 2, np.arange(columns) - columns // 2
    square = x * x + y * y
    least, most = (scale * TILE_PX / HALF for scale in SCALES)
    may = (square > least**2) & (square < most**2) & ((y > 0) | ((y == 0) & (x > 0)))
    may &= (np.abs(y) < 0.85 * shape[0]) & (np.abs(x) < 0.85 * shape[1])
    left = np.where(may, agreement, -np.inf)
    found = []
    for _ in range(PEAKS):
        row, column = np.unravel_index(int(left.argmax()), left.shape)
        high = float(left[row, column])
        if not math.isfinite(high):
            break
        found.append((_finer(agreement, int(row), int(column)), high))
        left[max(0, row - 5) : row + 6, max(0, column - 5) : column + 6] = -np.inf
    return found


def _finer(agreement: Floats, row: int, column: int) -> Vectors:
    """The middle of a peak, as a shift (x, y)."""
    around = agreement[row - 2 : row + 3, column - 2 : column + 3].astype(np.float64)
    if around.shape != (5, 5):
        around, places = np.ones((1, 1)), np.zeros(1)
    else:
        around, places = np.maximum(around - 0.4 * around.max(), 0.0), np.arange(-2.0, 3.0)
    total = float(around.sum()) or 1.0
    across, down = float((around * places).sum()) / total, float((around * places[:, None]).sum()) / total
    rows, columns = agreement.shape
    return np.array([column - columns // 2 + across, row - rows // 2 + down])


def _at(agreement: Floats, shift: Vectors) -> float:
    """The highest value near a shift; 0 outside."""
    row, column = (round(float(shift[axis])) + agreement.shape[1 - axis] // 2 for axis in (1, 0))
    near = agreement[max(0, row - 2) : max(0, row + 3), max(0, column - 2) : max(0, column + 3)]
    return float(near.max()) if near.size else 0.0
