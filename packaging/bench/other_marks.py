"""Existing watermark libraries, run by an interpreter that has them: ``other_marks.py embed|read FOLDER``.

No part of the program, and none of its dependencies: ``bench.cases.beside`` starts it. ``embed`` reads
``pages.npz`` (colour pictures) and writes ``LIBRARY.npz`` with each token in its page; ``read`` reads
``attacked-LIBRARY.npz`` and prints, as JSON, what each picture says. Libraries: blind-watermark; dwtDct and
dwtDctSvd of invisible-watermark (its third method, rivaGAN, has 32 bits only and needs PyTorch).
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

BITS = 64


class Library(Protocol):
    """Puts a token into a page, and reads it."""

    def embed(self, page: Any, word: int) -> Any:
        """The page with the word in it."""

    def read(self, picture: Any) -> int:
        """What the picture says."""


def bits(token: int) -> list[int]:
    """A token as bits, the highest first."""
    return [int(token) >> place & 1 for place in range(BITS - 1, -1, -1)]


def token(found: Iterable[object]) -> int:
    """Bits as a token."""
    return int("".join("1" if bit else "0" for bit in found), 2)


class Blind:
    """blind-watermark with its defaults; both passwords 1."""

    def embed(self, page: Any, word: int) -> Any:
        """The page with the word in it."""
        mark = self._made()
        mark.read_img(img=page)
        mark.read_wm(np.array(bits(word), np.bool_), mode="bit")
        return np.clip(np.rint(mark.embed()), 0, 255).astype(np.uint8)

    def read(self, picture: Any) -> int:
        """What the picture says; the length is told, as the library wants it."""
        return token(self._made().extract(embed_img=picture, wm_shape=(BITS,), mode="bit"))

    def _made(self) -> Any:
        with contextlib.redirect_stdout(io.StringIO()):  # it greets
            library: Any = importlib.import_module("blind_watermark")
            return library.WaterMark(password_wm=1, password_img=1)


class Invisible:
    """A method of invisible-watermark with its defaults, by its module: the package itself loads PyTorch."""

    def __init__(self, module: str, kind: str) -> None:
        found: Any = importlib.util.find_spec("imwatermark")
        path = Path(found.submodule_search_locations[0]) / f"{module}.py"
        spec: Any = importlib.util.spec_from_file_location(module, path)
        loaded = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(loaded)
        self._kind = getattr(loaded, kind)

    def embed(self, page: Any, word: int) -> Any:
        """The page with the word in it."""
        return np.clip(np.rint(self._kind(bits(word), wmLen=BITS).encode(page)), 0, 255).astype(np.uint8)

    def read(self, picture: Any) -> int:
        """What the picture says."""
        return token(np.asarray(self._kind([], wmLen=BITS).decode(picture)).ravel()[:BITS] > 0)


def libraries() -> dict[str, Library]:
    """Those that are there, by name."""
    made: dict[str, Library] = {}
    makers: dict[str, Callable[[], Library]] = {
        "blind-watermark": Blind,
        "dwtDct": lambda: Invisible("maxDct", "EmbedMaxDct"),
        "dwtDctSvd": lambda: Invisible("dwtDctSvd", "EmbedDwtDctSvd"),
    }
    for name, make in makers.items():
        with contextlib.suppress(ImportError, TypeError, OSError):
            one = make()
            if name != "blind-watermark" or importlib.util.find_spec("blind_watermark"):
                made[name] = one
    return made


def embed(folder: Path) -> None:
    """Put each token into its page."""
    given = np.load(folder / "pages.npz")
    for name, library in libraries().items():
        pages: dict[str, Any] = {}
        for key in given.files:
            if key != "tokens":
                blue_first = np.ascontiguousarray(given[key][..., ::-1])
                pages[key] = library.embed(blue_first, given["tokens"][int(key)])[..., ::-1]
        np.savez(folder / f"{name}.npz", **pages)
    print(json.dumps(list(libraries())))


def read(folder: Path) -> None:
    """Say what each attacked picture holds; null where the library gives up."""
    said: dict[str, dict[str, int | None]] = {}
    for name, library in libraries().items():
        given = np.load(folder / f"attacked-{name}.npz")
        said[name] = {}
        for key in given.files:
            try:
                said[name][key] = library.read(np.ascontiguousarray(given[key][..., ::-1]))
            except Exception:
                said[name][key] = None
    print(json.dumps(said))


if __name__ == "__main__":
    {"embed": embed, "read": read}[sys.argv[1]](Path(sys.argv[2]))
