"""Follows the tile across a picture: its shift in each cell, grown from the best one into a smooth map."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from app.mark.code import CHIPS
from app.mark.tile import CHIP_PX, TILE_PX

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.mark.code import Layout
    from app.mark.lattice import Pose
    from app.mark.residual import Residual

HALVES = 2 * CHIPS
"""Places of a shift, across and down: half chips."""
ANCHOR = 640
"""Side of the part that fixes the first shift, in pixels of the picture."""


@dataclass(frozen=True)
class Warp:
    """Polynomials of a place (x, y, scaled by ``span`` around ``centre``) that give places on the tile."""

    terms: NDArray[np.float64]
    centre: tuple[float, float]
    span: float
    peak: float

    def places(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        """Tile places, in screen pixels, of picture places."""
        return _basis((x - self.centre[0]) / self.span, (y - self.centre[1]) / self.span, 3) @ self.terms


@dataclass(frozen=True)
class Anchored:
    """A pose the right way up, and its map; the map's ``peak`` says how far the pilot stands out."""

    turn: NDArray[np.float64]
    warp: Warp


def follow(seen: Residual, anchored: Anchored, laid: Layout) -> Warp:
    """Grow a map over the picture from where it is anchored."""
    pilot = _pilot(laid)
    warp = anchored.warp
    peak, turn, centre = warp.peak, anchored.turn, warp.centre
    high, wide = seen.value.shape
    scale = 1 / np.sqrt(abs(np.linalg.det(turn)))
    side = int(np.clip(1.6 * TILE_PX * scale, 200, 700))
    rows, columns = max(1, round(high / side * 1.5)), max(1, round(wide / side * 1.5))
    centres = [
        ((column + 0.5) * wide / columns, (row + 0.5) * high / rows)
        for row in range(rows)
        for column in range(columns)
    ]
    centres.sort(key=lambda at: (at[0] - centre[0]) ** 2 + (at[1] - centre[1]) ** 2)
    points: list[tuple[float, float, float, float, float]] = []
    for _ in range(2):
        points = []
        for x, y in centres:
            shift, strength = _shift(_folded(seen, warp, x, y, side), pilot, within=2 if points else 3)
            if strength > 4.5:
                at = warp.places(np.array([x]), np.array([y]))[0] + shift
                points.append((x, y, at[0], at[1], strength))
                warp = _fit(warp, turn, points)
    return replace(warp, peak=peak)


def anchor(seen: Residual, pose: Pose, laid: Layout) -> Anchored:
    """Put the tile where the pilot fits best at the pose, in the best of the four quarter turns."""
    pilot = _pilot(laid)
    span = max(seen.value.shape) / 2
    folded = _folded(seen, _flat(pose.turn, pose.centre, span), *pose.centre, ANCHOR)
    best: Anchored | None = None
    turn = pose.turn
    for _ in range(4):
        shift, strength = _shift(folded, pilot)
        if best is None or strength > best.warp.peak:
            warp = _flat(turn, pose.centre, span)
            warp.terms[0] += shift
            best = Anchored(turn, replace(warp, peak=strength))
        # (x, y) becomes (−y, x): on the grid of half chips, cell i becomes cell −i − 1.
        folded, turn = folded[::-1].T, np.array([-turn[1], turn[0]])
    assert best is not None
    return best


def fold(seen: Residual, warp: Warp) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum the whole picture modulo the tile: value and weight of each chip, row by row."""
    high, wide = seen.value.shape
    values, weights = np.zeros(CHIPS * CHIPS), np.zeros(CHIPS * CHIPS)
    x = np.arange(wide, dtype=np.float64)
    for top in range(0, high, 128):
        bottom = min(high, top + 128)
        index = _chips(warp, x, np.arange(top, bottom, dtype=np.float64), CHIPS)
        values += np.bincount(index, seen.value[top:bottom].ravel(), CHIPS * CHIPS)
        weights += np.bincount(index, seen.weight[top:bottom].ravel(), CHIPS * CHIPS)
    return values, weights


def _chips(warp: Warp, x: NDArray[np.float64], y: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Index of the chip (of ``count`` × ``count``) under each pixel of a block.

    The map is smooth: it is computed on every fourth pixel and kept linear between.
    """
    coarse = np.append(x[::4], x[-1])
    grid_x, grid_y = np.meshgrid(coarse, y)
    at = warp.places(grid_x.ravel(), grid_y.ravel()).reshape(len(y), len(coarse), 2)
    step = count / TILE_PX
    fine = np.empty((2, len(y), len(x)))
    part = np.minimum(np.arange(len(x)) // 4, len(coarse) - 2)
    width = np.maximum(coarse[part + 1] - coarse[part], 1)
    share = (x - coarse[part]) / width
    for axis in range(2):
        lines = at[..., axis]
        fine[axis] = lines[:, part] * (1 - share) + lines[:, part + 1] * share
    place = np.floor(fine * step).astype(np.int64) % count
    index: NDArray[np.int64] = (place[1] * count + place[0]).ravel()
    return index


def _folded(seen: Residual, warp: Warp, x: float, y: float, side: int) -> NDArray[np.float64]:
    high, wide = seen.value.shape
    left, top = max(0, int(x - side / 2)), max(0, int(y - side / 2))
    right, bottom = min(wide, int(x + side / 2)), min(high, int(y + side / 2))
    index = _chips(warp, np.arange(left, right, dtype=float), np.arange(top, bottom, dtype=float), HALVES)
    values = np.bincount(index, seen.value[top:bottom, left:right].ravel(), HALVES * HALVES)
    return values.astype(np.float64).reshape(HALVES, HALVES)


def _shift(
    folded: NDArray[np.float64], pilot: NDArray[np.complex128], within: int = 0
) -> tuple[NDArray[np.float64], float]:
    """The shift (screen pixels) at which the pilot fits best, and how far that stands out.

    ``within``: half chips around no shift that are looked at; 0 looks at all.
    """
    match = np.fft.ifft2(np.fft.fft2(folded) * pilot).real
    spread = float(match.std()) or 1.0
    looked = match
    if within:
        near = np.minimum(np.arange(HALVES), HALVES - np.arange(HALVES)) <= within
        looked = np.where(near[:, None] & near, match, -np.inf)
    row, column = np.unravel_index(int(looked.argmax()), match.shape)
    shift = []
    for axis, at in ((1, int(column)), (0, int(row))):
        line = match[row] if axis else match[:, column]
        before, here, after = line[at - 1], line[at], line[(at + 1) % HALVES]
        bend = before - 2 * here + after
        finer = 0.5 * (before - after) / bend if bend < 0 else 0.0
        offset = at if at <= HALVES // 2 else at - HALVES
        shift.append(-(offset + float(np.clip(finer, -0.5, 0.5))) * CHIP_PX / 2)
    return np.array(shift), float(match[row, column]) / spread


def _pilot(laid: Layout) -> NDArray[np.complex128]:
    """Conjugate spectrum of the pilot chips, on half chips."""
    bits, signs = np.array(laid.bit_of), np.array(laid.sign_of, np.float64)
    chips = np.where(bits < 0, signs, 0.0).reshape(CHIPS, CHIPS)
    halves = np.repeat(np.repeat(chips, 2, 0), 2, 1)
    return np.conj(np.fft.fft2(halves - halves.mean()))


def _flat(turn: NDArray[np.float64], centre: tuple[float, float], span: float) -> Warp:
    """The map that a turn by itself is."""
    terms = np.zeros((10, 2))
    terms[1], terms[2] = turn[:, 0] * span, turn[:, 1] * span
    return Warp(terms, centre, span, 0.0)


def _fit(
    warp: Warp, turn: NDArray[np.float64], points: list[tuple[float, float, float, float, float]]
) -> Warp:
    """Fit the map to the points; what they do not determine stays as the pose has it."""
    data = np.array(points)
    basis = _basis((data[:, 0] - warp.centre[0]) / warp.span, (data[:, 1] - warp.centre[1]) / warp.span, 3)
    prior = np.zeros((10, 2))
    prior[0] = warp.terms[0]
    prior[1], prior[2] = turn[:, 0] * warp.span, turn[:, 1] * warp.span
    stiff = np.diag([1e-3, 0.02, 0.02, *(0.05,) * 3, *(0.15,) * 4])
    weight = np.sqrt(np.minimum(data[:, 4], 20.0) / 10)[:, None]
    left = np.vstack([basis * weight, stiff])
    right = np.vstack([(data[:, 2:4] - basis @ prior) * weight, np.zeros((10, 2))])
    change, *_ = np.linalg.lstsq(left, right, rcond=None)
    return Warp(prior + change, warp.centre, warp.span, warp.peak)


def _basis(x: NDArray[np.float64], y: NDArray[np.float64], degree: int) -> NDArray[np.float64]:
    powers = [(i - j, j) for i in range(degree + 1) for j in range(i + 1)]
    return np.stack([x**a * y**b for a, b in powers], axis=-1)
