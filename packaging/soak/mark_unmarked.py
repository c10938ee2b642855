"""Pictures that carry no mark of the site must name nobody: other people's documents and photographs,
pictures as cameras make them, kiosks' screens without the forensic mark, and those of another site.

Sizes are those in which pictures travel, ``LEAST_MP`` to ``MOST_MP`` million pixels; those of a camera's full
size are in ``mark-attacks``. With ``--keep FILE`` as there.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pymupdf

from soak import screens
from soak.mark_attacks import code_of, read_all
from soak.mark_rows import Row, Trial
from soak.screens import _documents
from tests import attacks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from soak.mark_rows import Attack, Draw
    from soak.promise import Figures
    from soak.screens import Named, Picture

T = TypeVar("T")

LEAST_MP, MOST_MP = 0.1, 0.8
LEAST_SIDE_PX = 240
"""A picture in a document that is smaller is an icon."""


def run(count: int, seed: int) -> Figures:
    """``count`` pictures, as many of each kind."""
    return read_all(KINDS, ceil(count / len(KINDS)), seed, code_of(Path(__file__)), "pictures")


def _kind(name: str, make: Callable[[Draw, int], Named]) -> Row:
    def trial_of(draw: Draw, trial: int) -> Trial:
        said, picture = make(draw, trial)
        attack = _travelled(draw)
        return Trial(
            _fitted(attacks.grey(attack(picture, int(draw.integers(2**31)))), draw), frozenset(), said
        )

    return Row(name, 1.0, trial_of)


def _travelled(draw: Draw) -> Attack:
    """What becomes of a picture on its way."""
    ways: tuple[Attack, ...] = (
        attacks.png,
        attacks.jpeg(int(draw.integers(40, 91))),
        attacks.chain(attacks.crop(float(draw.uniform(0.2, 0.8))), attacks.jpeg(int(draw.integers(50, 91)))),
        attacks.chain(attacks.scale(0.5), attacks.phone(float(draw.uniform(0, 30)))),
    )
    return ways[int(draw.integers(len(ways)))]


def _fitted(picture: Picture, draw: Draw) -> Picture:
    """In a size in which pictures travel."""
    pixels = 1e6 * LEAST_MP * (MOST_MP / LEAST_MP) ** float(draw.uniform())
    factor = (pixels / picture.size) ** 0.5
    return attacks.scale(factor)(picture, 0)


def _page(draw: Draw, trial: int) -> Named:
    """Any page of any document at hand, the whole of it or a part, at any zoom."""

    def drawn(sheet: tuple[Path, int]) -> Named:
        path, number = sheet
        with pymupdf.open(path) as document:  # type: ignore[no-untyped-call]
            page = document[number]
            wide, high = page.rect.width, page.rect.height
            part, zoom = draw.uniform(0.4, 1.0), draw.uniform(900, 1800) / max(wide, high)
            left, top = draw.uniform(0, 1 - part) * wide, draw.uniform(0, 1 - part) * high
            kind: Any = pymupdf
            clip = kind.Rect(left, top, left + part * wide, top + part * high)
            matrix = kind.Matrix(zoom / part, zoom / part)
            pixels = page.get_pixmap(matrix=matrix, clip=clip, colorspace=pymupdf.csGRAY)
            return f"{path.stem} {number + 1}", _array(pixels)

    return _first_that_draws(_sheets(), drawn, draw, trial)


def _photograph(draw: Draw, trial: int) -> Named:
    """A picture out of a document: photographs, mostly, and drawings."""

    def taken(picture: tuple[Path, int]) -> Named:
        path, xref = picture
        kind: Any = pymupdf
        with kind.open(path) as document:
            pixels = kind.Pixmap(kind.csGRAY, kind.Pixmap(document, xref))
            return f"{path.stem}, picture {xref}", _array(pixels)

    return _first_that_draws(_pictures(), taken, draw, trial)


def _first_that_draws(given: Sequence[T], drawn: Callable[[T], Named], draw: Draw, trial: int) -> Named:
    """Hostile documents are among them: some do not draw, or to nothing."""
    for _ in range(10 if given else 0):
        try:
            name, picture = drawn(given[int(draw.integers(len(given)))])
        except (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase):
            continue
        if min(picture.shape) >= LEAST_SIDE_PX:
            return name, picture
    return screens.camera(draw, trial)


def _screen(draw: Draw, trial: int) -> Named:
    """A kiosk's screen without its forensic mark, and one of another site."""
    return (screens.blank, screens.of_another_site)[trial % 2](draw, trial // 2)


@cache
def _files() -> tuple[Path, ...]:
    return tuple(path for folder in ("open", "hostile") for path in _documents(screens.SHARED / folder))


@cache
def _sheets() -> tuple[tuple[Path, int], ...]:
    """The pages of all documents."""
    found = []
    for path in _files():
        with pymupdf.open(path) as document:  # type: ignore[no-untyped-call]
            found += [(path, number) for number in range(len(document))]
    return tuple(found)


@cache
def _pictures() -> tuple[tuple[Path, int], ...]:
    """The pictures of all documents that are no icons, each once."""
    found: dict[bytes, tuple[Path, int]] = {}
    for path in _files():
        with pymupdf.open(path) as document:  # type: ignore[no-untyped-call]
            for page in range(len(document)):
                for xref, _mask, wide, high, *_rest in document.get_page_images(page):
                    if min(wide, high) >= LEAST_SIDE_PX:
                        stream = document.xref_stream_raw(xref) or b""
                        found.setdefault(sha256(stream).digest(), (path, xref))
    return tuple(found.values())


def _array(pixels: pymupdf.Pixmap) -> Picture:
    rows = np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.stride)
    return rows[:, : pixels.width * pixels.n : pixels.n].copy()


KINDS = (
    _kind("other people's pages", _page),
    _kind("photographs and drawings out of other people's documents", _photograph),
    _kind("pictures as cameras make them", screens.camera),
    _kind("kiosks' screens without the forensic mark, or of another site", _screen),
)
