"""Finds how the tile lies in a picture: scale, rotation and aspect from the pilot's tones in the spectrum."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from app.mark.residual import box
from app.mark.tile import TILE_PX

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.mark.residual import Floats

WINDOW = 640
SPECTRUM = 1536
SCALES = (0.4, 3.2)
"""Picture pixels per screen pixel, least and most."""
STEP = 0.016
ASPECTS = ((1.0, 0.0), *((by, math.pi * way / 4) for by in (0.88, 0.76) for way in range(4)))
"""Foreshortening, and the direction in the picture along which it is."""


@dataclass(frozen=True)
class Pose:
    """A place (pixels) times ``turn`` (2 × 2, at ``centre``) is a place on the tile, less a shift."""

    turn: NDArray[np.float64]
    centre: tuple[float, float]
    score: float


def poses(value: Floats, tones: tuple[tuple[int, int], ...], most: int = 4) -> list[Pose]:
    """The likeliest poses in a few windows, ``most`` of each, best first. Half turns are not told apart."""
    found = []
    for top, left in _windows(value.shape):
        part = value[top : top + WINDOW, left : left + WINDOW]
        power = _spectrum(part)
        centre = left + part.shape[1] / 2, top + part.shape[0] / 2
        found.append(Pose(np.eye(2), centre, 0.0))  # a screenshot
        for score, turn in _exhaust(power, tones, most):
            finer, _ = _refine(power, turn, tones)
            found.append(Pose(finer, centre, score))
    return sorted(found, key=lambda pose: -pose.score)


def _windows(shape: tuple[int, ...]) -> list[tuple[int, int]]:
    starts = []
    for side in shape:
        room = max(0, side - WINDOW)
        count = 1 + round(room / WINDOW)
        starts.append(
            [
                round(room * (at + 0.5) / count) if count == 1 else round(room * at / (count - 1))
                for at in range(count)
            ]
        )
    middle = [max(0, side - WINDOW) // 2 for side in shape]
    every = [(top, left) for top in starts[0] for left in starts[1]]
    every.sort(key=lambda at: abs(at[0] - middle[0]) + abs(at[1] - middle[1]))
    return list(dict.fromkeys([(middle[0], middle[1]), *every]))[:5]


def _spectrum(part: Floats) -> Floats:
    """Power of a window, zero-padded, relative to its surroundings; frequency 0 in the middle."""
    rows, columns = (np.hanning(side).astype(np.float32) ** 0.5 for side in part.shape)
    side = SPECTRUM
    half = np.abs(np.fft.rfft2(part * rows[:, None] * columns, s=(side, side))) ** 2
    half = np.fft.fftshift(half.astype(np.float32), axes=0)
    wide = side // 6  # nothing of the pilot lies above 1/6 cycle a pixel
    half = half[side // 2 - wide : side // 2 + wide + 1, : wide + 1]
    level = box(half, 12) + 1e-6 * float(half.mean()) + 1e-12
    flat = half / level
    return np.concatenate([flat[::-1, :0:-1], flat], axis=1)


def _bins(power: Floats, places: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    middle = power.shape[0] // 2
    at = np.rint(places * SPECTRUM).astype(np.int64) + middle
    at = np.clip(at, 0, power.shape[0] - 1)
    return at[..., 1], at[..., 0]


@lru_cache(maxsize=4)
def _hypotheses() -> NDArray[np.float64]:
    scales = np.exp(np.arange(math.log(SCALES[0]), math.log(SCALES[1]), STEP))
    angles = np.arange(0, math.pi, STEP)
    turns = []
    for squeeze, along in ASPECTS:
        c, s = math.cos(along), math.sin(along)
        axes = np.array([[c, s], [-s, c]])
        squeezed = axes.T @ np.diag([1 / squeeze, 1.0]) @ axes
        cos, sin = np.cos(angles), np.sin(angles)
        rotated = np.stack([np.stack([cos, sin], -1), np.stack([-sin, cos], -1)], -2)
        turns.append((rotated[None] / scales[:, None, None, None]).reshape(-1, 2, 2) @ squeezed)
    return np.concatenate(turns)


def _exhaust(
    power: Floats, tones: tuple[tuple[int, int], ...], most: int
) -> list[tuple[float, NDArray[np.float64]]]:
    """The likeliest turns that differ: a page's own lines may look more like the pilot than itself."""
    reach = 3
    pooled = power
    for axis in (0, 1):  # so that the steps may be wider than a peak
        pooled = np.maximum.reduce([np.roll(pooled, by, axis) for by in range(-reach, reach + 1)])
    capped = np.log1p(np.minimum(pooled, 400.0))
    turns = _hypotheses()
    score = np.zeros(len(turns))
    for tone in tones:
        score += capped[_bins(power, np.array(tone, float) / TILE_PX @ turns)]
    spread = float(score.std()) or 1.0
    found: list[tuple[float, NDArray[np.float64]]] = []
    for place in np.argsort(score)[:-200:-1]:
        turn = turns[place]
        if all(np.abs(turn - other).max() > 0.06 * np.abs(turn).max() for _, other in found):
            found.append(((float(score[place]) - float(score.mean())) / spread, turn))
            if len(found) == most:
                break
    return found


def _refine(
    power: Floats, turn: NDArray[np.float64], tones: tuple[tuple[int, int], ...]
) -> tuple[NDArray[np.float64], float]:
    """Fit the turn to the peaks near where it puts the tones."""
    own = np.array(tones, np.float64) / TILE_PX
    score = 0.0
    for reach in (6, 4, 3, 2):
        rows, columns = _bins(power, own @ turn)
        peaks, weights = [], []
        for row, column in zip(rows, columns, strict=True):
            top, left = max(0, row - reach), max(0, column - reach)
            near = power[top : row + reach + 1, left : column + reach + 1]
            place = int(near.argmax())
            y, x = divmod(place, near.shape[1])
            middle = power.shape[0] // 2
            around = near[max(0, y - 1) : y + 2, max(0, x - 1) : x + 2].astype(np.float64)
            ys, xs = np.mgrid[
                max(0, y - 1) : max(0, y - 1) + around.shape[0],
                max(0, x - 1) : max(0, x - 1) + around.shape[1],
            ]
            total = around.sum() + 1e-9
            peaks.append(
                [
                    (left + (xs * around).sum() / total - middle) / SPECTRUM,
                    (top + (ys * around).sum() / total - middle) / SPECTRUM,
                ]
            )
            weights.append(min(float(near.flat[place]), 100.0))
        scale = np.sqrt(np.array(weights))[:, None]
        fitted, *_ = np.linalg.lstsq(own * scale, np.array(peaks) * scale, rcond=None)
        if abs(np.linalg.det(fitted)) < 0.05:
            break
        turn, score = fitted, float(np.mean(np.log1p(weights)))
    return turn, score
