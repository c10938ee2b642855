"""The rules of the visible watermark: what it says, how large, how dense, and how strong on which ground.

Plain numbers in, plain numbers out; ``app.ui.marked`` paints by them. No Qt and no numpy here: a kiosk
needs these rules before it has time to import either.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

_Kind = TypeVar("_Kind")

ANGLE_DEGREES = -18.0
"""Slant of the text: unlike anything that a drawing's own text is set in."""

CELL_PX = 48
"""Side of the squares in which the ground is judged, in device pixels."""

SHORT_BELOW = 420.0
"""Targets narrower than this, in device-independent pixels, get the short wording."""

NAME_LONGEST = 26
NAME_LONGEST_SHORT = 14


@dataclass(frozen=True)
class Strength:
    """How a glyph is laid over the page: ``body`` is the letter, ``edge`` its shadow one stroke aside.

    ``dark_body``: the letter darkens and its edge lightens; else the reverse. Shares are opacities, 0 to 1.
    Darkening is multiplication: black lines stay black. Lightening is its mirror image: white stays white.
    """

    dark_body: bool
    body: float
    edge: float

    @property
    def most_change(self) -> float:
        """The largest change of any pixel, in grey levels of 255."""
        return 255.0 * max(self.body, self.edge)


class Ground(Enum):
    """What the page is like under a cell."""

    LIGHT = Strength(dark_body=True, body=0.13, edge=0.07)
    DARK = Strength(dark_body=False, body=0.15, edge=0.30)
    MIXED = Strength(dark_body=True, body=0.24, edge=0.20)


@dataclass(frozen=True)
class Spacing:
    """Distance from one text block to the next, in device pixels; rows shift by half of ``across``."""

    across: int
    down: int


def lines(  # one argument per thing said
    name: str, badge_tail: str, station: str, unit: str, at: datetime, *, short: bool
) -> tuple[str, ...]:
    """The wording, line by line: name · badge tail · station · unit · time (UTC, ``Z``).

    ``short`` is for thumbnails and very narrow windows: no unit, no date, names cut to 14 characters.
    """
    who = _cut(name, NAME_LONGEST_SHORT if short else NAME_LONGEST)
    if short:
        return (who, _joined(badge_tail, station), f"{at:%H:%M}Z")
    return (_joined(who, badge_tail), _joined(station, unit), f"{at:%Y-%m-%d %H:%M}Z")


def is_short(width_px: int, ratio: float) -> bool:
    """Whether a target of this width (device pixels, at this device pixel ratio) gets the short wording."""
    return width_px / ratio < SHORT_BELOW


def font_px(width_px: int, height_px: int, ratio: float) -> float:
    """The wished text height in device pixels for a target in device pixels: 15 on a full-HD screen."""
    return max(7.0 * ratio, min(width_px / 90, height_px / 72))


def shrunk(wished: float, block_width: float, width_px: int, ratio: float) -> float:
    """A font size at which a slanted block of ``block_width`` (measured at ``wished``) fits twice in half.

    So any window of half the target's width shows one text whole. Never below 7 device-independent pixels.
    """
    room = width_px / 4
    return max(7.0 * ratio, min(wished, wished * room / max(block_width, 1.0)))


def slanted(width: float, height: float) -> tuple[float, float]:
    """Bounding box of a ``width`` × ``height`` block turned by the watermark's angle."""
    turn = math.radians(abs(ANGLE_DEGREES))
    return (
        width * math.cos(turn) + height * math.sin(turn),
        width * math.sin(turn) + height * math.cos(turn),
    )


def spacing(width_px: int, height_px: int, box: tuple[float, float]) -> Spacing:
    """The widest spacing at which every window of half width and half height still shows a whole text.

    ``box`` is the slanted block. A window holds a whole block when it spans one period and one block; where
    the target is too small for that (thumbnails), the blocks stand as close as they can.
    """
    gap = max(2.0, box[1] / 8)
    across = max(box[0] + gap, width_px / 2 - box[0] - 1)
    down = max(box[1] + gap, height_px / 2 - box[1] - 1)
    return Spacing(math.floor(min(across, 2 * box[0])), math.floor(min(down, 2.4 * box[1])))


def ground(mean: float, spread: float) -> Ground:
    """What a cell is like, from the mean and the spread (max − min) of its smoothed luminance, 0 to 255."""
    if mean >= 200 or (mean >= 160 and spread <= 40):
        return Ground.LIGHT
    return Ground.DARK if mean <= 64 else Ground.MIXED


def grounds(samples: Sequence[int], columns: int, rows: int) -> tuple[tuple[Ground, ...], ...]:
    """Ground of every cell from 2 × 2 luminance samples per cell, row by row (``4·columns·rows`` of them)."""
    if len(samples) != 4 * columns * rows:
        raise ValueError("grounds needs four samples per cell")
    wide = 2 * columns
    rows_of = (tuple(samples[at : at + wide]) for at in range(0, len(samples), wide))
    known: dict[tuple[tuple[int, ...], tuple[int, ...]], tuple[Ground, ...]] = {}  # most rows are bare paper
    found = []
    for pair in zip(rows_of, rows_of, strict=True):
        if pair not in known:
            upper, lower = pair
            known[pair] = tuple(map(_of_four, upper[::2], upper[1::2], lower[::2], lower[1::2]))
        found.append(known[pair])
    return tuple(found)


def runs(cells: Sequence[Sequence[_Kind]]) -> list[tuple[_Kind, int, int, int, int]]:
    """Rectangles ``(kind, column, row, columns, rows)`` that cover all cells, each once.

    Equal runs in rows that follow one another are joined, so that a plain page is a single rectangle.
    """
    done: list[tuple[_Kind, int, int, int, int]] = []
    since: dict[tuple[_Kind, int, int], int] = {}
    before: Sequence[_Kind] | None = None
    for row, line in enumerate((*cells, ())):
        if line == before:
            continue
        before, here = line, dict.fromkeys(_spans(line), row)
        done += [(*span, first, row) for span, first in since.items() if span not in here]
        since = {span: since.get(span, row) for span in here}
    return [(kind, column, first, wide, row - first) for kind, column, wide, first, row in done]


def _spans(line: Sequence[_Kind]) -> Iterator[tuple[_Kind, int, int]]:
    column = 0
    for kind, cells in groupby(line):
        wide = len(list(cells))
        yield kind, column, wide
        column += wide


@lru_cache(maxsize=4096)  # paper is the same nearly everywhere, and this runs before each page is shown
def _of_four(one: int, two: int, three: int, four: int) -> Ground:
    luminances = (one, two, three, four)
    return ground(sum(luminances) / 4, max(luminances) - min(luminances))


def _joined(*words: str) -> str:
    return " · ".join(word for word in words if word)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
