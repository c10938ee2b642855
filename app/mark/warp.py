"""Follows the tile across a picture: its shift in each cell, grown from the best one into a smooth map."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from app.mark.code import CHIPS, SENT_BITS
from app.mark.tile import CHIP_PX, TILE_PX

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from numpy.typing import NDArray

    from app.mark.code import Layout
    from app.mark.lattice import Pose
    from app.mark.residual import Residual

    Place: TypeAlias = tuple[float, float]
    Folded: TypeAlias = NDArray[np.float64]

HALVES = 2 * CHIPS
"""Places of a shift, across and down: half chips."""
CELLS = (1.6, 0.85)
"""Sides of the cells that are followed, in tiles, in turn: large ones are surer, small ones bend more."""
_STIFF = (1e-3, 0.02, 0.02, *(0.15,) * 3, *(0.25,) * 4)
"""How much each term of a map resists, by degree."""
_STIFF_BEND = 5.0
LOST = 9
"""Where so many cells in the middle show nothing of the pilot there is none."""
_GRID = 8
COARSE_PX = 5
"""Chips of so many pixels are seen at half the resolution."""
ANCHOR = 640
"""Side of the part that fixes the first shift, in pixels of the picture."""
_HALF_STEPS = ((0, 0), (0, 1), (1, 0), (1, 1))
"""Down and across, in half chips."""


@dataclass(frozen=True)
class Warp:
    """From a place (x, y, scaled by ``span`` around ``centre``) to a place on the tile.

    ``terms``: a polynomial, of which the linear part is divided by 1 + ``bend`` · place: a plane seen from
    the side (a homography), and what a lens adds to it.
    """

    terms: NDArray[np.float64]
    bend: NDArray[np.float64]
    centre: tuple[float, float]
    span: float
    peak: float

    def places(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        """Tile places, in screen pixels, of picture places."""
        x, y = (x - self.centre[0]) / self.span, (y - self.centre[1]) / self.span
        basis = _basis(x, y, 3)
        basis[:, 1:3] /= np.maximum(1 + x * self.bend[0] + y * self.bend[1], 0.1)[:, None]
        return basis @ self.terms


@dataclass(frozen=True)
class Anchored:
    """A pose the right way up, and its map; the map's ``peak`` says how far the pilot stands out."""

    turn: NDArray[np.float64]
    warp: Warp


def follow(seen: Residual, anchored: Anchored, laid: Layout) -> tuple[Warp, float]:
    """Grow a map over the picture from where it is anchored; and the share of cells that have the pilot."""
    pilot = _pilot(laid)
    warp = anchored.warp
    turn, centre = anchored.turn, warp.centre
    scale = 1 / np.sqrt(abs(np.linalg.det(turn)))
    enough, found = 0, 0.0
    for share in CELLS:
        side = int(np.clip(share * TILE_PX * scale, 160, 700))
        points: list[tuple[float, float, float, float, float]] = []
        finer = warp
        cells = _cells(seen.value.shape, side, centre)
        for looked, (x, y) in enumerate(cells):
            if looked == LOST and not points:
                return warp, found
            folded = _folded(seen, finer, turn, (x, y), side)
            shift, strength = _shift(folded, pilot, within=2 if points else 3)
            if strength > 4.5:
                at = finer.places(np.array([x]), np.array([y]))[0] + shift
                points.append((x, y, at[0], at[1], strength))
                finer = _fit(finer, turn, points)
        if len(points) >= enough:
            warp, enough, found = finer, len(points), len(points) / len(cells)
    return warp, found


def _cells(shape: tuple[int, ...], side: int, centre: Place) -> list[Place]:
    """Middles of overlapping cells all over a picture, those next to ``centre`` first."""
    high, wide = shape
    rows, columns = max(1, round(high / side * 1.5)), max(1, round(wide / side * 1.5))
    every = [
        ((column + 0.5) * wide / columns, (row + 0.5) * high / rows)
        for row in range(rows)
        for column in range(columns)
    ]
    return sorted(every, key=lambda at: (at[0] - centre[0]) ** 2 + (at[1] - centre[1]) ** 2)


def anchor(seen: Residual, pose: Pose, laid: Layout) -> Anchored:
    """Put the tile where the pilot fits best at the pose, in the best of the four quarter turns."""
    pilot = _pilot(laid)
    span = max(seen.value.shape) / 2
    folded = _folded(seen, _flat(pose.turn, pose.centre, span), pose.turn, pose.centre, ANCHOR)
    best: Anchored | None = None
    turn = pose.turn
    # (x, y) becomes (−y, x): on the grid of half chips, cell i becomes cell −i − 1.
    turned = [folded, folded[::-1].T, folded[::-1, ::-1], folded.T[::-1]]
    for shift, strength in _shifts(np.stack(turned), pilot):
        if best is None or strength > best.warp.peak:
            warp = _flat(turn, pose.centre, span)
            warp.terms[0] += shift
            best = Anchored(turn, replace(warp, peak=strength))
        turn = np.array([-turn[1], turn[0]])
    assert best is not None
    return best


def anchor_without_pilot(seen: Residual, pose: Pose, laid: Layout) -> Anchored:
    """As ``anchor``, by the data alone: both chips of a bit agree where the tile lies as it should.

    For pictures from which the pilot was taken away; surer than the pilot nowhere else. The map's ``peak`` is
    in the same measure.
    """
    span = max(seen.value.shape) / 2
    folded = _folded(seen, _flat(pose.turn, pose.centre, span), pose.turn, pose.centre, 2 * ANCHOR)
    best: tuple[float, NDArray[np.float64], NDArray[np.float64]] | None = None
    turn = pose.turn
    for _ in range(4):
        for (down, across), energy in zip(_HALF_STEPS, _agreement(folded, laid), strict=True):
            shift = int(energy.argmax())
            stands_out = float((energy.flat[shift] - energy.mean()) / (energy.std() or 1.0))
            if best is None or stands_out > best[0]:
                row, column = divmod(shift, CHIPS)
                halves_off = np.array([2 * column + across, 2 * row + down], np.float64)
                best = stands_out, turn, -halves_off * CHIP_PX / 2
        folded, turn = folded[::-1].T, np.array([-turn[1], turn[0]])
    assert best is not None
    warp = _flat(best[1], pose.centre, span)
    warp.terms[0] += best[2]
    return Anchored(best[1], replace(warp, peak=best[0]))


def _agreement(folded: Folded, laid: Layout) -> NDArray[np.float32]:
    """How well both chips of each bit agree, at each shift of the tile by whole chips (rows, columns), on the
    grid as it lies and half a chip on, as in ``_HALF_STEPS``.
    """
    halves = np.stack([np.roll(folded, (-down, -across), (0, 1)) for down, across in _HALF_STEPS])
    whole = halves.reshape(-1, CHIPS, 2, CHIPS, 2).sum(axis=(2, 4)).astype(np.float32)
    endless = np.ascontiguousarray(np.moveaxis(np.tile(whole, (1, 2, 2)), 0, -1))  # rows of 128 go faster
    energy: NDArray[np.float32] = np.zeros((CHIPS, CHIPS, len(_HALF_STEPS)), np.float32)
    apart = np.empty_like(energy)
    for (row, column), (other_row, other_column) in _pairs(laid):
        there = endless[row : row + CHIPS, column : column + CHIPS]
        other = endless[other_row : other_row + CHIPS, other_column : other_column + CHIPS]
        np.subtract(there, other, out=apart)
        energy += np.square(apart, out=apart)  # they are sent with opposite signs
    return np.ascontiguousarray(np.moveaxis(energy, -1, 0))


@lru_cache(maxsize=2)
def _pairs(laid: Layout) -> tuple[tuple[tuple[int, int], tuple[int, int]], ...]:
    """Where both chips of each bit are: row and column."""
    of_bit: list[list[tuple[int, int]]] = [[] for _ in range(SENT_BITS)]
    for chip, bit in enumerate(laid.bit_of):
        if bit >= 0:
            of_bit[bit].append(divmod(chip, CHIPS))
    return tuple((one, other) for one, other in of_bit)


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


def flattened(picture: NDArray[np.uint8], warp: Warp, shrunk: int, most: int = 1920) -> NDArray[np.uint8]:
    """The picture as the screen is seen from straight ahead (its bend, without the lens), for people.

    ``shrunk``: the picture's pixels to one of the map. ``most``: pixels of the longer side.
    """
    (bx, by), (x0, y0) = warp.bend, warp.terms[0]
    (xx, yx), (xy, yy) = warp.terms[1], warp.terms[2]
    there = np.array([[xx + x0 * bx, xy + x0 * by, x0], [yx + y0 * bx, yy + y0 * by, y0], [bx, by, 1.0]])
    high, wide = picture.shape
    corners = np.array([[0, 0], [wide, 0], [0, high], [wide, high]]) / shrunk
    places = warp.places(corners[:, 0], corners[:, 1])
    first, last = places.min(0), places.max(0)
    scale = max(1.0, float((last - first).max()) / most)
    across, down = (np.arange(first[axis], last[axis], scale) for axis in (0, 1))
    on_tile = np.stack([axis.ravel() for axis in np.meshgrid(across, down)])
    seen = np.linalg.inv(there) @ np.vstack([on_tile, np.ones(on_tile.shape[1])])
    x = (seen[0] / seen[2] * warp.span + warp.centre[0]) * shrunk
    y = (seen[1] / seen[2] * warp.span + warp.centre[1]) * shrunk
    inside = (x >= 0) & (x < wide) & (y >= 0) & (y < high)
    flat = np.full(len(x), 127, np.uint8)
    flat[inside] = picture[y[inside].astype(np.int64), x[inside].astype(np.int64)]
    return flat.reshape(len(down), len(across))


def _chips(warp: Warp, x: NDArray[np.float64], y: NDArray[np.float64], count: int) -> NDArray[np.int32]:
    """Index of the chip (of ``count`` × ``count``, a power of two) under each pixel of a block.

    The map is smooth: it is computed on every eighth pixel each way and kept linear between.
    """
    rows, columns = -(-len(y) // _GRID), -(-len(x) // _GRID)
    pace = float(x[1] - x[0]) if len(x) > 1 else 1.0
    corners = np.meshgrid(
        x[0] + pace * _GRID * np.arange(columns + 1), y[0] + pace * _GRID * np.arange(rows + 1)
    )
    at = warp.places(corners[0].ravel(), corners[1].ravel()) * (count / TILE_PX)
    at -= count * np.floor(at.min(axis=0) / count)
    ramp = np.arange(_GRID, dtype=np.float32) / _GRID
    places = []
    for axis in range(2):
        known = at[:, axis].astype(np.float32).reshape(rows + 1, columns + 1)
        steps = known[:, 1:] - known[:, :-1]
        line = (known[:, :-1, None] + steps[..., None] * ramp).reshape(rows + 1, -1)[:, : len(x)]
        steps = line[1:] - line[:-1]
        fine = steps[:, None] * ramp[:, None]
        fine += line[:-1, None]
        places.append(fine.reshape(-1, len(x))[: len(y)].astype(np.int32))
        places[-1] &= count - 1
    index: NDArray[np.int32] = places[1]
    index *= count
    index += places[0]
    return index.ravel()


def _folded(seen: Residual, warp: Warp, turn: NDArray[np.float64], middle: Place, side: int) -> Folded:
    """Sum a square part modulo the tile, on half chips; coarsely, where chips are large enough for it."""
    value, step = seen.value, 1
    if np.sqrt(abs(np.linalg.det(turn))) * COARSE_PX < CHIP_PX:
        value, step = seen.coarse, 2
    (left, right), (top, bottom) = (
        (max(0, int((at - side / 2) / step)), min(most, int((at + side / 2) / step)))
        for at, most in zip(middle, value.shape[::-1], strict=True)
    )
    x, y = (step * np.arange(first, last) + (step - 1) / 2 for first, last in ((left, right), (top, bottom)))
    index = _chips(warp, x, y, HALVES)
    values = np.bincount(index, value[top:bottom, left:right].ravel(), HALVES * HALVES)
    return values.astype(np.float64).reshape(HALVES, HALVES)


def _shift(folded: Folded, pilot: NDArray[np.complex128], within: int) -> tuple[NDArray[np.float64], float]:
    """The shift (screen pixels) at which the pilot fits best, and how far that stands out.

    ``within``: half chips around no shift that are looked at; 0 looks at all.
    """
    ((shift, strength),) = _shifts(folded[None], pilot, within)
    return shift, strength


def _shifts(
    folded: Folded, pilot: NDArray[np.complex128], within: int = 0
) -> Iterator[tuple[NDArray[np.float64], float]]:
    """Those of several, as ``_shift``."""
    for match in np.fft.irfft2(np.fft.rfft2(folded) * pilot, s=folded.shape[1:]):
        yield _best(match, within)


def _best(match: Folded, within: int) -> tuple[NDArray[np.float64], float]:
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


@lru_cache(maxsize=2)
def _pilot(laid: Layout) -> NDArray[np.complex128]:
    """Conjugate spectrum of the pilot chips, on half chips."""
    bits, signs = np.array(laid.bit_of), np.array(laid.sign_of, np.float64)
    chips = np.where(bits < 0, signs, 0.0).reshape(CHIPS, CHIPS)
    halves = np.repeat(np.repeat(chips, 2, 0), 2, 1)
    return np.conj(np.fft.rfft2(halves - halves.mean()))


def _flat(turn: NDArray[np.float64], centre: tuple[float, float], span: float) -> Warp:
    """The map that a turn by itself is."""
    terms = np.zeros((10, 2))
    terms[1], terms[2] = turn[:, 0] * span, turn[:, 1] * span
    return Warp(terms, np.zeros(2), centre, span, 0.0)


def _fit(
    warp: Warp, turn: NDArray[np.float64], points: list[tuple[float, float, float, float, float]]
) -> Warp:
    """Fit the map to the points; what they do not determine stays as the pose has it.

    With v the way on the tile from its place at the centre: v · (1 + bend · p) = linear · p, where all that
    is sought is linear (the direct linear transform; Hartley and Zisserman, 4.1).
    """
    data = np.array(points)
    x, y = (data[:, 0] - warp.centre[0]) / warp.span, (data[:, 1] - warp.centre[1]) / warp.span
    basis = _basis(x, y, 3)
    prior = np.zeros((10, 2))
    prior[0] = warp.terms[0]
    prior[1], prior[2] = turn[:, 0] * warp.span, turn[:, 1] * warp.span
    way = data[:, 2:4] - warp.terms[0]
    weight = np.sqrt(np.minimum(data[:, 4], 20.0) / 10)[:, None]
    none = np.zeros_like(basis)
    rows = [
        np.hstack([basis, none, -way[:, :1] * np.stack([x, y], 1)]) * weight,
        np.hstack([none, basis, -way[:, 1:] * np.stack([x, y], 1)]) * weight,
        np.diag([*_STIFF, *_STIFF, _STIFF_BEND, _STIFF_BEND]),
    ]
    off = (data[:, 2:4] - basis @ prior) * weight
    change, *_ = np.linalg.lstsq(
        np.vstack(rows), np.concatenate([off[:, 0], off[:, 1], np.zeros(22)]), rcond=None
    )
    terms = prior + change[:20].reshape(2, 10).T
    return Warp(terms, change[20:], warp.centre, warp.span, warp.peak)


def _basis(x: NDArray[np.float64], y: NDArray[np.float64], degree: int) -> NDArray[np.float64]:
    powers = [(np.ones_like(x), np.ones_like(y))]
    for _ in range(degree):
        powers.append((powers[-1][0] * x, powers[-1][1] * y))
    terms = [powers[i - j][0] * powers[j][1] for i in range(degree + 1) for j in range(i + 1)]
    return np.stack(terms, axis=-1)
