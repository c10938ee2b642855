"""What changed from one page to its next revision: pictures and words in, changed regions out. Pure.

Two looks, because neither suffices. The words tell every changed letter and digit exactly, and nothing of
drawings. The pictures tell those, and are looked at coarsely: one program's text shifts by a fraction of a
pixel from one export to the next, and a photo's compression differs, and neither is a change. What only the
pictures tell is therefore a change of some extent; one digit inside a scan may be missed.

Who compares pages reads and draws them in the sandbox first; nothing here reads a PDF.
"""

from __future__ import annotations

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
        return (Region(0.0, 0.0, 1.0, 1.0),)
    changed = _outside(old, new) | _outside(new, old)
    rows, columns = changed.shape
    boxes = _groups((int(x), int(y)) for y, x in np.argwhere(_cells(changed)))
    return tuple(_region(box, rows, columns) for box in boxes if _pixels(changed, box) >= PIXELS_LEAST)


def _outside(picture: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Pixels of ``picture`` that nothing within ``REACH`` of their place in ``other`` comes near to."""
    padded = np.pad(other, ((REACH, REACH), (REACH, REACH), (0, 0)), mode="edge").astype(np.int16)
    (rows, columns), side = other.shape[:2], range(2 * REACH + 1)
    around = [padded[y : y + rows, x : x + columns] for y in side for x in side]
    low, high, here = np.minimum.reduce(around), np.maximum.reduce(around), picture.astype(np.int16)
    outside: NDArray[np.bool_] = ((here > high + DIFFERS) | (here < low - DIFFERS)).any(axis=2)
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


def _groups(cells: Iterable[tuple[int, int]]) -> list[Box]:
    """Boxes in cells around changed cells that are near each other, from the top."""
    groups: list[Box] = []
    for x, y in cells:
        joined = (x, y, x + 1, y + 1)
        while near := [other for other in groups if _near(joined, other)]:
            groups = [other for other in groups if other not in near]
            for other in near:  # a box that grew may have come near to others
                joined = _around(joined, other)
        groups.append(joined)
    return sorted(groups, key=lambda box: (box[1], box[0]))


def _near(one: Box, other: Box) -> bool:
    across = one[0] <= other[2] + JOIN and other[0] <= one[2] + JOIN
    return across and one[1] <= other[3] + JOIN and other[1] <= one[3] + JOIN


def _around(one: Box, other: Box) -> Box:
    left, top = min(one[0], other[0]), min(one[1], other[1])
    return left, top, max(one[2], other[2]), max(one[3], other[3])


def _region(box: Box, rows: int, columns: int) -> Region:
    left, top, right, bottom = (side * CELL for side in box)
    return Region(left / columns, top / rows, min(1.0, right / columns), min(1.0, bottom / rows))
