"""The tour command. Exit code 0: every picture made and nothing found; 1: the checks found something.

``--review`` keeps the pictures that the tests compare screens with (``tour.reviewed``): look at them first.
"""

from __future__ import annotations

import argparse
import sys
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import tour.large  # noqa: F401 (fills LARGE)
from app.model.terms import TEXT_SIZES
from app.pages.renderer import Renderer
from app.ui.theme import Mode
from app.ui.tongue import LANGUAGES
from tour import reviewed
from tour.checks import look
from tour.guide import GLASSES, Guide
from tour.registry import LARGE
from tour.scenes import SCENES
from tour.sheet import write_sheet

if TYPE_CHECKING:
    from collections.abc import Iterable


def main() -> int:
    """Take every picture and write the contact sheet."""
    parser = argparse.ArgumentParser(
        prog="packaging/dev tour", description="Picture every screen of the kiosk, and check each."
    )
    parser.add_argument(
        "--out", type=Path, default=Path("tour-out"), metavar="DIR", help="where to (tour-out)"
    )
    parser.add_argument(
        "--only", nargs="+", choices=sorted(SCENES | LARGE), metavar="SCENE", help="these scenes only"
    )
    parser.add_argument("--glass", choices=[glass.name for glass in GLASSES], help="this screen size only")
    parser.add_argument("--language", choices=LANGUAGES, help="what the screens speak (each in turn)")
    parser.add_argument(
        "--text-size", type=int, choices=TEXT_SIZES, default=100, help="how large letters are, per cent (100)"
    )
    parser.add_argument("--review", action="store_true", help="keep them as those that tests compare with")
    given = parser.parse_args()
    if given.review:
        return review(given.only or SCENES)
    scenes = SCENES | LARGE if given.text_size > 100 else SCENES
    given.out.mkdir(parents=True, exist_ok=True)
    pictures: list[tuple[str, str, str]] = []
    found: dict[str, list[str]] = {}
    languages = [given.language] if given.language else LANGUAGES
    glasses = [glass for glass in GLASSES if given.glass in {None, glass.name}]
    with Renderer(slots=16) as renderer:
        for language, glass, mode in product(languages, glasses, get_args(Mode)):
            with Guide(glass, mode, renderer, language=language, text_size=given.text_size) as guide:
                for scene in given.only or scenes:
                    guide.start_over()
                    scenes[scene](guide)
                    name = f"{scene}-{glass.name}-{mode}-{language}-{given.text_size}.png"
                    guide.settle()
                    before = guide.picture()
                    before.save(str(given.out / name))
                    pictures.append((scene, f"{language}, {glass.name}, {mode}", name))
                    found[name], after = look(guide)
                    if reviewed.moved(before, after):
                        found[name].append("something moves by itself")
    sheet = write_sheet(given.out, pictures, found)
    for name, faults in found.items():
        for fault in faults:
            print(f"{name}: {fault}")
    print(f"{len(pictures)} pictures in {sheet}; the checks found {sum(map(len, found.values()))} faults")
    return 1 if any(found.values()) else 0


def review(scenes: Iterable[str]) -> int:
    """Keep how these look now, in English and usual letters."""
    count = 0
    with Renderer(slots=16) as renderer:
        for glass, mode in reviewed.LOOKS:
            with Guide(glass, mode, renderer, pages=reviewed.PAGES) as guide:
                for scene in scenes:
                    guide.start_over()
                    SCENES[scene](guide)
                    reviewed.keep(scene, glass, guide.picture())
                    count += 1
    print(f"{count} pictures in {reviewed.FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
