"""The forensic mark beside existing watermark libraries: the same pages and attacks, in the same run.

The libraries are no dependency of the program. ``STATIONLEAF_OTHER_MARKS`` names the interpreter of an
environment that has them (``pip install blind-watermark``; ``pip install --no-deps invisible-watermark``).
``STATIONLEAF_MARK_PAGES`` is the number of pages. A library reads the picture as it comes: none
of them finds a screen in it.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from soak import screens

from app.mark.read import read
from bench import Result, Skipped, bench, scratch
from tests import attacks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Picture = np.ndarray

INTERPRETER = "STATIONLEAF_OTHER_MARKS"
PAGES = "STATIONLEAF_MARK_PAGES"
BEGINS = 500_000
"""Number of the first view."""
SCRIPT = Path(__file__).parents[1] / "other_marks.py"
OURS = "Stationleaf"
ATTACKS: dict[str, Callable[[Picture, int], Picture]] = {
    "png": attacks.png,
    "jpeg-90": attacks.jpeg(90),
    "jpeg-50": attacks.jpeg(50),
    "jpeg-30": attacks.jpeg(30),
    "scale-0.7": attacks.scale(0.7),
    "noise-3": attacks.noise(3),
    "blur-1": attacks.blur(1.0),
    "gamma-1.2": attacks.gamma(1.2),
    "crop-25": attacks.chain(attacks.crop(0.25), attacks.jpeg(50)),
    "rotate-10": attacks.rotate(10),
    "phone-15": attacks.phone(15),
}


@dataclass(frozen=True)
class Compared:
    """Shares (percent) of pictures that gave their exact token, by attack and library; the pages' PSNR."""

    exact: dict[str, dict[str, float]]
    psnr: dict[str, float]


@cache
def _compared() -> Compared:
    interpreter = os.environ.get(INTERPRETER, "")
    if not interpreter:
        raise Skipped(f"{INTERPRETER} names no interpreter with blind-watermark and invisible-watermark")
    count = int(os.environ.get(PAGES, "6"))
    draw = np.random.default_rng(9)
    plain: dict[str, Picture] = {}
    marked: dict[str, dict[str, Picture]] = {OURS: {}}
    tokens: list[int] = []
    for page in range(count):
        at = (2 * page + 1) * screens.PAGES // (2 * count)
        paper = screens.paper(at)[1]
        plain[str(page)] = screens.blank_of(paper, BEGINS + page)
        marked[OURS][str(page)], token = screens.shown(paper, BEGINS + page)
        tokens.append(token)
    with scratch() as folder:
        _save(folder / "pages.npz", {"tokens": np.array(tokens, np.uint64), **plain})
        for name in _told(interpreter, "embed", folder):
            marked[name] = dict(np.load(folder / f"{name}.npz"))
        done = {name: _attacked(pages, int(draw.integers(2**31))) for name, pages in marked.items()}
        for name, pictures in done.items():
            _save(folder / f"attacked-{name}.npz", pictures)
        said = _told(interpreter, "read", folder)
    said[OURS] = {key: _ours(picture) for key, picture in done[OURS].items()}
    exact = {
        attack: {
            name: 100 * sum(found[f"{attack}|{page}"] == tokens[page] for page in range(count)) / count
            for name, found in said.items()
        }
        for attack in ATTACKS
    }
    return Compared(exact, {name: _psnr(plain, pages) for name, pages in marked.items()})


def _save(file: Path, arrays: Mapping[str, Any]) -> None:
    np.savez(file, **arrays)


def _attacked(pages: dict[str, Picture], seed: int) -> dict[str, Picture]:
    return {
        f"{attack}|{page}": act(picture, seed + int(page))
        for attack, act in ATTACKS.items()
        for page, picture in pages.items()
    }


def _ours(picture: Picture) -> int | None:
    reading = read([attacks.grey(picture)], screens.MARK_KEY)
    return None if reading is None else reading.token


def _psnr(plain: dict[str, Picture], marked: dict[str, Picture]) -> float:
    """Of all pages together, in dB of 255 grey levels."""
    error = np.mean([np.mean((plain[page] - marked[page].astype(np.float32)) ** 2) for page in plain])
    return 10 * math.log10(255**2 / float(error))


def _told(interpreter: str, what: str, folder: Path) -> dict[str, dict[str, int | None]]:
    ran = subprocess.run(
        [interpreter, str(SCRIPT), what, str(folder)], capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise Skipped(f"{interpreter} cannot run the libraries: {ran.stderr.strip().splitlines()[-1]}")
    told: dict[str, dict[str, int | None]] = json.loads(ran.stdout.splitlines()[-1])
    return told


def _beside(attack: str) -> Callable[[], Result]:
    def compare() -> Result:
        found = _compared().exact[attack]
        return Result(found[OURS], more={name: share for name, share in found.items() if name != OURS})

    return compare


@bench("mark-psnr", to_reach=41.5, unit="dB", better="higher")
def psnr_on_white() -> Result:
    """How little the mark changes white paper."""
    white = screens.paper(0)[1]
    plain, marked = screens.blank_of(white, BEGINS), screens.shown(white, BEGINS)[0]
    return Result(_psnr({"white": plain}, {"white": marked}))


@bench("mark-beside-psnr", unit="dB", better="higher")
def psnr() -> Result:
    """How little the marks change all pages together, photographs among them, where ours is stronger."""
    found = _compared().psnr
    return Result(found[OURS], more={name: value for name, value in found.items() if name != OURS})


for _attack in ATTACKS:
    bench(f"mark-beside-{_attack}", unit="%", better="higher")(_beside(_attack))
