"""What changed from one page to its next revision: pictures and words in, changed regions out. Pure.

Two looks, because neither suffices. The words tell every changed letter and digit exactly, and nothing of
drawings. The pictures tell those, and are looked at coarsely: one program's text shifts by a fraction of a
pixel from one export to the next, and a photo's compression differs, and neither is a change. What only the
pictures tell is therefore a change of some extent; one digit inside a scan may be missed.

Who compares pages reads and draws them in the sandbox first; nothing here reads a PDF.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

DPI = 40
"""In which density both pages are drawn: a pixel is 0.64 mm."""
REACH = 2
"""Pixels around a place in the other picture in which its colour is looked for: 1.3 mm either way."""
DIFFERS = 24
"""Levels of 255 by which a pixel must leave the range that is found there."""
CELL = 4
"""Side in pixels of the squares that changed pixels are gathered in."""
JOIN = 4
"""Changed squares with at most this many squares between them are one region."""
JOIN_WORDS = 1
"""The same for changed words: neighbours in a line, and lines of a paragraph, are one region."""
REGIONS_MOST = 60
"""Regions of a page; one with more has changed as a whole."""
ALIKE = 0.3
"""Share of words that two pages must have in common to be two states of one page."""
PIXELS_LEAST = 8
"""Changed pixels of a region; fewer are noise. Two exports of a manual have up to 4 on an unchanged page."""

Box = tuple[int, int, int, int]
"""left, top, right, bottom"""


@dataclass(frozen=True)
class Region:
    """A changed part, as shares (0 to 1) of the page's width and height."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Word:
    """A word of a page, and where it stands."""

    text: str
    place: Region


@dataclass(frozen=True)
class Changed:
    """What is ``gone`` from the page before, and what has ``come`` on the new one."""

    gone: tuple[Region, ...] = ()
    come: tuple[Region, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(self.gone or self.come)


WHOLE = Region(0.0, 0.0, 1.0, 1.0)


def changed_page(
    old: NDArray[np.uint8], new: NDArray[np.uint8], was: Sequence[Word], says: Sequence[Word]
) -> Changed:
    """Both looks together: changed words, and what only the pictures tell; few regions, from the top."""
    gone, come = changed_words(was, says)
    drawn = [
        region for region in changed_regions(old, new) if not any(_meet(region, w) for w in (*gone, *come))
    ]
    return Changed(gathered([*gone, *drawn], old.shape), gathered([*come, *drawn], new.shape))


def gathered(regions: Iterable[Region], shape: tuple[int, ...]) -> tuple[Region, ...]:
    """Regions that are near each other as one; ``shape`` is that of the page's picture."""
    rows, columns = shape[:2]
    boxes = _groups((_box(region, rows, columns) for region in regions), JOIN_WORDS)
    found = tuple(_region(box, rows, columns) for box in boxes)
    return found if len(found) <= REGIONS_MOST else (WHOLE,)


def aligned(
    old: Sequence[Sequence[str]], new: Sequence[Sequence[str]]
) -> list[tuple[int | None, int | None]]:
    """Which page became which, by their words: pairs of indices in reading order; None has no counterpart.

    Pages with the same words belong together; between those, the pairs that have most in common, in order
    (a longest common subsequence with weights); as many pages as before are taken one by one.
    """
    left, right = [tuple(page) for page in old], [tuple(page) for page in new]
    found: list[tuple[int | None, int | None]] = []
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind == "equal" or b - a == d - c:
            found += zip(range(a, b), range(c, d), strict=True)
        else:
            pairs = _best(left[a:b], right[c:d])
            found += [(None if i is None else a + i, None if j is None else c + j) for i, j in pairs]
    return found


def _best(old: Sequence[Sequence[str]], new: Sequence[Sequence[str]]) -> list[tuple[int | None, int | None]]:
    had, have = [frozenset(page) for page in old], [frozenset(page) for page in new]
    like = [[_alike(one, other) for other in have] for one in had]
    most = np.zeros((len(old) + 1, len(new) + 1))
    for i in range(len(old)):
        for j in range(len(new)):
            most[i + 1, j + 1] = max(most[i, j] + like[i][j], most[i, j + 1], most[i + 1, j])
    found: list[tuple[int | None, int | None]] = []
    i, j = len(old), len(new)
    while i or j:
        if i and j and like[i - 1][j - 1] > 0 and most[i, j] == most[i - 1, j - 1] + like[i - 1][j - 1]:
            i, j = i - 1, j - 1
            found.append((i, j))
        elif j and (not i or most[i, j] == most[i, j - 1]):
            j -= 1
            found.append((None, j))
        else:
            i -= 1
            found.append((i, None))
    return found[::-1]


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    share = len(one & other) / len(one | other) if one or other else 1.0
    return share if share >= ALIKE else 0.0


def changed_words(old: Sequence[Word], new: Sequence[Word]) -> tuple[tuple[Region, ...], tuple[Region, ...]]:
    """Where words of ``old`` are gone or replaced, and where words of ``new`` have come; in reading order."""
    match = SequenceMatcher(None, [word.text for word in old], [word.text for word in new], autojunk=False)
    gone: list[Region] = []
    come: list[Region] = []
    for kind, left, right, first, last in match.get_opcodes():
        if kind != "equal":
            gone += [word.place for word in old[left:right]]
            come += [word.place for word in new[first:last]]
    return tuple(gone), tuple(come)


def changed_regions(old: NDArray[np.uint8], new: NDArray[np.uint8]) -> tuple[Region, ...]:
    """The regions in which two pictures of a page differ, from the top; ``(rows, columns, 3)`` each.

    A pixel has changed where its colour is found nowhere near its place in the other picture. Pictures of
    different sizes have changed as a whole.
    """
    if old.shape != new.shape:
        return (WHOLE,)
    changed = _outside(old, new) | _outside(new, old)
    rows, columns = changed.shape
    boxes = _groups(((int(x), int(y), int(x) + 1, int(y) + 1) for y, x in np.argwhere(_cells(changed))), JOIN)
    return tuple(_region(box, rows, columns) for box in boxes if _pixels(changed, box) >= PIXELS_LEAST)


def _outside(picture: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Pixels of ``picture`` that nothing within ``REACH`` of their place in ``other`` comes near to."""
    padded = np.pad(other, ((REACH, REACH), (REACH, REACH), (0, 0)), mode="edge").astype(np.int16)
    (rows, columns), side = other.shape[:2], range(2 * REACH + 1)
    low: NDArray[np.int16] = padded[:rows, :columns].copy()
    high, here = low.copy(), picture.astype(np.int16)
    for around in (padded[y : y + rows, x : x + columns] for y in side for x in side):
        np.minimum(low, around, out=low)
        np.maximum(high, around, out=high)
    outside: NDArray[np.bool_] = np.any((here > high + DIFFERS) | (here < low - DIFFERS), axis=2)
    return outside


def _cells(changed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    rows, columns = (-(-side // CELL) for side in changed.shape)
    padded = np.zeros((rows * CELL, columns * CELL), dtype=np.bool_)
    padded[: changed.shape[0], : changed.shape[1]] = changed
    found: NDArray[np.bool_] = np.logical_or.reduce(padded.reshape(rows, CELL, columns, CELL), axis=(1, 3))
    return found


def _pixels(changed: NDArray[np.bool_], box: Box) -> int:
    left, top, right, bottom = (side * CELL for side in box)
    return int(np.count_nonzero(changed[top:bottom, left:right]))


def _groups(boxes: Iterable[Box], reach: int) -> list[Box]:
    """Boxes in cells around those that are at most ``reach`` cells from each other, from the top."""
    groups: list[Box] = []
    for box in boxes:
        joined = box
        while near := [other for other in groups if _near(joined, other, reach)]:
            groups = [other for other in groups if other not in near]
            for other in near:  # a box that grew may have come near to others
                joined = _around(joined, other)
        groups.append(joined)
    return sorted(groups, key=lambda box: (box[1], box[0]))


def _near(one: Box, other: Box, reach: int) -> bool:
    across = one[0] <= other[2] + reach and other[0] <= one[2] + reach
    return across and one[1] <= other[3] + reach and other[1] <= one[3] + reach


def _meet(one: Region, other: Region) -> bool:
    across = one.left < other.right and other.left < one.right
    return across and one.top < other.bottom and other.top < one.bottom


def _around(one: Box, other: Box) -> Box:
    left, top = min(one[0], other[0]), min(one[1], other[1])
    return left, top, max(one[2], other[2]), max(one[3], other[3])


def _box(region: Region, rows: int, columns: int) -> Box:
    """The cells that a region touches; at least one."""
    left, top = math.floor(region.left * columns / CELL), math.floor(region.top * rows / CELL)
    right, bottom = math.ceil(region.right * columns / CELL), math.ceil(region.bottom * rows / CELL)
    return max(0, left), max(0, top), max(left + 1, right), max(top + 1, bottom)


def _region(box: Box, rows: int, columns: int) -> Region:
    left, top, right, bottom = (side * CELL for side in box)
    return Region(
        min(1.0, left / columns), min(1.0, top / rows), min(1.0, right / columns), min(1.0, bottom / rows)
    )
