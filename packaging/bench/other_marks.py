"""Existing watermark libraries, run by an interpreter that has them: ``other_marks.py embed|read FOLDER``.

No part of the program, and none of its dependencies: ``bench.cases.beside`` starts it. ``embed`` reads
``pages.npz`` (colour pictures) and writes ``LIBRARY.npz`` with each token in its page; ``read`` reads
``attacked-LIBRARY.npz`` and prints, as JSON, what each picture says. Libraries: blind-watermark; dwtDct and
dwtDctSvd of invisible-watermark (its third method, rivaGAN, has 32 bits only and needs PyTorch).
"""

import contextlib
import importlib.util
import io
import json
import sys
from pathlib import Path

import numpy as np

BITS = 64


def bits(token):
    """A token as bits, the highest first."""
    return [int(token) >> place & 1 for place in range(BITS - 1, -1, -1)]


def token(found):
    """Bits as a token."""
    return int("".join("1" if bit else "0" for bit in found), 2)


class Blind:
    """blind-watermark with its defaults; both passwords 1."""

    def embed(self, page, word):
        """The page with the word in it."""
        mark = self._made()
        mark.read_img(img=page)
        mark.read_wm(np.array(bits(word), bool), mode="bit")
        return np.clip(np.rint(mark.embed()), 0, 255).astype(np.uint8)

    def read(self, picture):
        """What the picture says; the length is told, as the library wants it."""
        return token(self._made().extract(embed_img=picture, wm_shape=(BITS,), mode="bit"))

    def _made(self):
        from blind_watermark import WaterMark

        with contextlib.redirect_stdout(io.StringIO()):  # it greets
            return WaterMark(password_wm=1, password_img=1)


class Invisible:
    """A method of invisible-watermark with its defaults, by its module: the package itself loads PyTorch."""

    def __init__(self, module, kind):
        found = importlib.util.find_spec("imwatermark")
        path = Path(found.submodule_search_locations[0]) / f"{module}.py"
        spec = importlib.util.spec_from_file_location(module, path)
        loaded = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(loaded)
        self._kind = getattr(loaded, kind)

    def embed(self, page, word):
        """The page with the word in it."""
        return np.clip(np.rint(self._kind(bits(word), wmLen=BITS).encode(page)), 0, 255).astype(np.uint8)

    def read(self, picture):
        """What the picture says."""
        return token(np.asarray(self._kind([], wmLen=BITS).decode(picture)).ravel()[:BITS] > 0)


def libraries():
    """Those that are there, by name."""
    made = {}
    for name, make in (
        ("blind-watermark", Blind),
        ("dwtDct", lambda: Invisible("maxDct", "EmbedMaxDct")),
        ("dwtDctSvd", lambda: Invisible("dwtDctSvd", "EmbedDwtDctSvd")),
    ):
        with contextlib.suppress(ImportError, TypeError, OSError):
            one = make()
            if name != "blind-watermark" or importlib.util.find_spec("blind_watermark"):
                made[name] = one
    return made


def embed(folder):
    """Put each token into its page."""
    given = np.load(folder / "pages.npz")
    for name, library in libraries().items():
        pages = {}
        for key in given.files:
            if key != "tokens":
                blue_first = np.ascontiguousarray(given[key][..., ::-1])
                pages[key] = library.embed(blue_first, given["tokens"][int(key)])[..., ::-1]
        np.savez(folder / f"{name}.npz", **pages)
    print(json.dumps(list(libraries())))


def read(folder):
    """Say what each attacked picture holds; null where the library gives up."""
    said = {}
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
