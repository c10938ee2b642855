"""Finds the outline of a screen in a photo, and sees the screen from straight ahead.

What is not like the rim of the picture, or what is bright, and has four sides: perspective can then be undone
before anything of the tile is found. Where it is not a screen, nothing is read there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.mark.residual import Residual, not_too_large

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from app.mark.residual import Floats

    Bools = NDArray[np.bool_]
    Places = NDArray[np.float64]

SIDE = 320
"""The picture is looked at so small."""
LEAST_SHARE = 0.08
"""Of the picture's area, what a screen covers at least."""
LEAST_FOUR_SIDED = 0.94
"""Share of the four-sided outline that is covered by what it was put around."""
STRAIGHT = 0.03
"""Corners so little off a rectangle, as a share of the shorter side, need no turning."""
MOST_SIDE = 2800
_GRID = 8


def outlines(grey: NDArray[np.uint8]) -> Iterator[Places]:
    """Corners (x, y; clockwise) of what may be a screen, most likely first; none that is nearly upright."""
    shrunk = max(1, -(-max(grey.shape) // SIDE))
    rows, columns = (side // shrunk for side in grey.shape)
    blocks = grey[: rows * shrunk, : columns * shrunk].reshape(rows, shrunk, columns, shrunk)
    small = blocks.mean(axis=(1, 3), dtype=np.float32)
    found: list[Places] = []
    for mask in (~_like_the_rim(small), small > _between(small)):
        corners = _four_sided(_middle_one(mask))
        if corners is None:
            continue
        corners = (corners + 0.5) * shrunk
        if not _upright(corners) and not any(np.abs(corners - one).max() < 3 * shrunk for one in found):
            found.append(corners)
            yield corners


def straight_ahead(
    seen: Residual, grey: NDArray[np.uint8], corners: Places
) -> tuple[Residual, NDArray[np.uint8]]:
    """What is inside the corners (pixels of ``grey``), seen from straight ahead, and the picture of it."""
    across, down = _sampled(seen.value.shape, corners / seen.shrunk)
    rows, columns = down.astype(np.intp), across.astype(np.intp)
    picture = grey[rows * seen.shrunk, columns * seen.shrunk]
    return Residual(seen.value[rows, columns], seen.weight[rows, columns], 1), picture


def turned(grey: NDArray[np.uint8], corners: Places) -> NDArray[np.uint8]:
    """What is inside the corners, as it would be on a picture from straight ahead: bilinear."""
    picture, shrunk = not_too_large(grey)
    across, down = _sampled(picture.shape, corners / shrunk)
    rows, columns = down.astype(np.intp), across.astype(np.intp)
    down -= rows
    across -= columns
    below, right = (
        np.minimum(at + 1, side - 1) for at, side in zip((rows, columns), picture.shape, strict=True)
    )
    upper = picture[rows, columns] * (1 - across) + picture[rows, right] * across
    lower = picture[below, columns] * (1 - across) + picture[below, right] * across
    return np.asarray(np.rint(upper * (1 - down) + lower * down), np.uint8)


def _sampled(shape: tuple[int, ...], corners: Places) -> tuple[Floats, Floats]:
    """Where the pixels of what is inside the corners lie on a picture of ``shape``: x and y."""
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    wide, high = (int(min(MOST_SIDE, max(sides[at], sides[at + 2]))) for at in (0, 1))
    back = homography(np.array([[0, 0], [wide, 0], [wide, high], [0, high]], float), corners)
    x, y = (_GRID * np.arange(-(-side // _GRID) + 1, dtype=np.float64) for side in (wide, high))
    grid = np.stack([*np.meshgrid(x, y), np.ones((len(y), len(x)))])
    there = np.tensordot(back, grid, 1)
    ramp = np.arange(_GRID, dtype=np.float32) / _GRID
    found = []
    for axis in (0, 1):
        known = (there[axis] / there[2]).astype(np.float32)
        down = known[:-1, None] + (known[1:] - known[:-1])[:, None] * ramp[:, None]
        down = down.reshape(-1, known.shape[1])
        fine = down[:, :-1, None] + (down[:, 1:] - down[:, :-1])[..., None] * ramp
        fine = fine.reshape(len(down), -1)[:high, :wide]
        found.append(np.clip(fine, 0, shape[1 - axis] - 1))
    return found[0], found[1]


def homography(source: Places, target: Places) -> Places:
    """The 3 × 3 matrix that takes four places to four others (Hartley and Zisserman, 4.1)."""
    rows, right = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return np.append(np.linalg.solve(np.array(rows), np.array(right)), 1.0).reshape(3, 3)


def _like_the_rim(small: Floats) -> Bools:
    """What is as bright as the rim of the picture, as far as it hangs together with it."""
    rim = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    middle = float(np.median(rim))
    spread = 1.4826 * float(np.median(np.abs(rim - middle)))
    like = np.abs(small - middle) <= max(10.0, 4 * spread)
    start = np.zeros_like(like)
    start[0], start[-1], start[:, 0], start[:, -1] = True, True, True, True
    return _grown(start & like, like)


def _between(small: Floats) -> float:
    """The level that parts dark from bright best (Otsu, 1979)."""
    counts, edges = np.histogram(small, 64)
    middles = (edges[:-1] + edges[1:]) / 2
    below, sums = np.cumsum(counts), np.cumsum(counts * middles)
    above = below[-1] - below
    means = sums / np.maximum(below, 1), (sums[-1] - sums) / np.maximum(above, 1)
    return float(edges[1 + int((below * above * (means[0] - means[1]) ** 2)[:-1].argmax())])


def _middle_one(mask: Bools) -> Bools:
    """The part of the mask that hangs together with its place nearest to the middle."""
    places = np.argwhere(mask)
    start = np.zeros_like(mask)
    if len(places):
        away = np.abs(places - np.array(mask.shape) / 2).sum(axis=1)
        start[tuple(places[int(away.argmin())])] = True
    return _grown(start, mask)


def _grown(part: Bools, within: Bools) -> Bools:
    """``part``, grown over all of ``within`` that touches it."""
    count = -1
    while (here := int(part.sum())) != count:
        count = here
        for _ in range(8):
            wider = part.copy()
            wider[1:] |= part[:-1]
            wider[:-1] |= part[1:]
            wider[:, 1:] |= part[:, :-1]
            wider[:, :-1] |= part[:, 1:]
            part = wider & within
    return part


def _four_sided(mask: Bools) -> Places | None:
    """The four corners of a mask, clockwise from the upper left one; None where it has another form."""
    hull = _hull(mask)
    covered = _area(hull)
    if len(hull) < 4 or covered < LEAST_SHARE * mask.size:
        return None
    while len(hull) > 4:
        cheapest = _without_a_side(hull)
        if cheapest is None:
            return None
        hull = cheapest
    turns = _cross(np.roll(hull, -1, axis=0) - hull, np.roll(hull, -2, axis=0) - np.roll(hull, -1, axis=0))
    if covered < LEAST_FOUR_SIDED * _area(hull) or (turns <= 0).any():
        return None
    return np.roll(hull, -int(hull.sum(axis=1).argmin()), axis=0)


def _hull(mask: Bools) -> Places:
    """The convex hull of a mask (Andrew, 1979), x and y, turning right on the picture."""
    rows = np.flatnonzero(mask.any(axis=1))
    if len(rows) < 3:
        return np.zeros((0, 2))
    first = mask[rows].argmax(axis=1)
    last = mask.shape[1] - 1 - mask[rows, ::-1].argmax(axis=1)
    places = sorted({(int(x), int(y)) for y, *ends in zip(rows, first, last, strict=True) for x in ends})
    lines = []
    for way in (places, places[::-1]):
        line: list[tuple[int, int]] = []
        for place in way:
            while len(line) > 1 and _left_of(line[-2], line[-1], place):
                line.pop()
            line.append(place)
        lines += line[:-1]
    return np.array(lines, float)


def _left_of(start: tuple[int, int], end: tuple[int, int], place: tuple[int, int]) -> bool:
    return (end[0] - start[0]) * (place[1] - start[1]) <= (end[1] - start[1]) * (place[0] - start[0])


def _without_a_side(hull: Places) -> Places | None:
    """The outline with one side less: its neighbours meet where that adds the least area."""
    best, least = None, np.inf
    for at in range(len(hull)):
        before, start, end, after = (hull[(at + step) % len(hull)] for step in (-1, 0, 1, 2))
        one, other = start - before, after - end
        turn = float(_cross(one, other))
        if turn <= 1e-9:
            continue
        meets = start + one * float(_cross(end - start, other)) / turn
        added = abs(float(_cross(end - start, meets - start))) / 2
        if added < least:
            least, best = added, (at, meets)
    if best is None:
        return None
    at, meets = best
    kept = [hull[place] for place in range(len(hull)) if place != (at + 1) % len(hull)]
    kept[at if at + 1 < len(hull) else at - 1] = meets
    return np.array(kept)


def _cross(one: Places, other: Places) -> NDArray[np.float64]:
    return np.asarray(one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0])


def _area(ring: Places) -> float:
    return abs(float(_cross(ring, np.roll(ring, -1, axis=0)).sum())) / 2 if len(ring) else 0.0


def _upright(corners: Places) -> bool:
    """Whether the corners are nearly those of an upright rectangle."""
    least, most = corners.min(axis=0), corners.max(axis=0)
    box = np.array([least, [most[0], least[1]], most, [least[0], most[1]]])
    return bool(np.abs(corners - box).max() < STRAIGHT * float((most - least).min()))
