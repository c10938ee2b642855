"""Pictures that carry no mark of the site must name nobody: other people's documents and photographs,
pictures as cameras make them, kiosks' screens without the forensic mark, and those of another site.

Sizes are those in which pictures travel, ``LEAST_MP`` to ``MOST_MP`` million pixels; those of a camera's full
size are in ``mark-attacks``. With ``--keep FILE`` as there.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pymupdf

from app.mark.read import look
from soak import screens
from soak.mark_attacks import CONFIDENCE, Outcome, code_of, compared, keep_outcome, kept_outcomes
from soak.mark_rows import _others
from soak.promise import Figures, chosen, enough, progress
from soak.screens import _documents
from tests import attacks
from tests.mark.pages import photo_like

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from soak.screens import Picture

    Draw = np.random.Generator
    Attack = Callable[[Picture, int], Picture]

T = TypeVar("T")

LEAST_MP, MOST_MP = 0.1, 0.8
LEAST_SIDE_PX = 240
"""A picture in a document that is smaller is an icon."""


@dataclass(frozen=True)
class Kind:
    """Where pictures come from. ``make`` gives one and its name."""

    name: str
    make: Callable[[Draw, int], tuple[str, Picture]]


def run(count: int, seed: int) -> Figures:
    """``count`` pictures, the kinds by turns. The table goes to standard output."""
    figures = Figures()
    code = code_of(Path(__file__))
    done = {(one.seed, one.trial): one for one in kept_outcomes(code)}
    kinds = [kind for kind in KINDS if chosen(kind.name)]
    for trial in range(count):
        if enough():
            break
        kind = kinds[trial % len(kinds)]
        if (seed, trial) in done:
            continue
        outcome = _outcome(kind, seed, trial, code)
        done[seed, trial] = outcome
        keep_outcome(outcome)
        figures.count("pictures")
        figures.promise(not outcome.named, f"{outcome.page}, seed {seed}, number {trial}: names somebody")
        progress(trial + 1, count, figures)
    for line in table(kinds, done.values()):
        print(line)
    return figures


def table(kinds: list[Kind], outcomes: Iterable[Outcome]) -> list[str]:
    """The table as in the README, in Markdown."""
    every = list(outcomes)
    lines = [
        "| without a mark of the site | pictures | named somebody | at most (95 %) |",
        "|---|---|---|---|",
    ]
    for name, found in [
        *((kind.name, [one for one in every if one.row == kind.name]) for kind in kinds),
        ("all", every),
    ]:
        wrong = sum(one.named for one in found)
        most = f"{upper_bound(len(found)):.2%}" if found and not wrong else "–"
        lines.append(f"| {name} | {len(found):,} | {wrong} | {most} |")
    return lines


def upper_bound(tried: int) -> float:
    """The greatest share with which none of so many come out wrong in 5 % of all cases: exact, one-sided
    (Clopper and Pearson, 1934).
    """
    return float(1 - (1 - CONFIDENCE) ** (1 / tried))


def made(kind: Kind, seed: int, trial: int) -> tuple[str, Picture]:
    """The picture of a number, the same each time, and its name."""
    draw = np.random.default_rng([seed, trial])
    name, picture = kind.make(draw, trial)
    attack = _travelled(draw)
    return name, _fitted(attacks.grey(attack(picture, int(draw.integers(2**31)))), draw)


def _outcome(kind: Kind, seed: int, trial: int, code: str) -> Outcome:
    name, picture = made(kind, seed, trial)
    began = time.perf_counter()
    looked = look([picture], screens.MARK_KEY)
    seconds = round(time.perf_counter() - began, 2)
    on_record = _others(np.random.default_rng([seed, trial]), frozenset())
    named = looked.reading is not None or bool(compared(looked.soft, on_record))
    return Outcome(code, kind.name, seed, trial, name, named, not named, seconds)


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


def _page(draw: Draw, trial: int) -> tuple[str, Picture]:
    """Any page of any document at hand, the whole of it or a part, at any zoom."""

    def drawn(sheet: tuple[Path, int]) -> tuple[str, Picture]:
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


def _photograph(draw: Draw, trial: int) -> tuple[str, Picture]:
    """A picture out of a document: photographs, mostly, and drawings."""

    def taken(picture: tuple[Path, int]) -> tuple[str, Picture]:
        path, xref = picture
        kind: Any = pymupdf
        with kind.open(path) as document:
            pixels = kind.Pixmap(kind.csGRAY, kind.Pixmap(document, xref))
            return f"{path.stem}, picture {xref}", _array(pixels)

    return _first_that_draws(_pictures(), taken, draw, trial)


def _first_that_draws(
    given: Sequence[T], drawn: Callable[[T], tuple[str, Picture]], draw: Draw, trial: int
) -> tuple[str, Picture]:
    """Hostile documents are among them: some do not draw, or to nothing."""
    for _ in range(10 if given else 0):
        try:
            name, picture = drawn(given[int(draw.integers(len(given)))])
        except (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase):
            continue
        if min(picture.shape) >= LEAST_SIDE_PX:
            return name, picture
    return _camera(draw, trial)


def _camera(draw: Draw, trial: int) -> tuple[str, Picture]:
    """Smooth noise of many sizes with a camera's grain."""
    grain = float(draw.uniform(1, 5))
    picture = photo_like(1280, 960, int(draw.integers(2**31))) + draw.normal(0, grain, (960, 1280))
    return f"camera {trial}", np.clip(picture, 0, 255).astype(np.uint8)


def _screen(draw: Draw, trial: int) -> tuple[str, Picture]:
    """A kiosk's screen without its forensic mark, and one of another site."""
    return (screens.blank, screens.of_another_site)[trial // len(KINDS) % 2](draw, int(draw.integers(1000)))


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
    Kind("other people's pages", _page),
    Kind("photographs and drawings out of other people's documents", _photograph),
    Kind("pictures as cameras make them", _camera),
    Kind("kiosks' screens without the forensic mark, or of another site", _screen),
)
