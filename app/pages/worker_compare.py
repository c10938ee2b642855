"""The compare worker: single pages of two revisions in, what changed out. A process of its own, sandboxed.

``python -m app.pages.worker_compare MEMORY_BYTES CPU_SECONDS``. It answers with numbers only. It ends with
the thread that started it, or when its input pipe closes.
"""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Any

from app.pages import sandbox
from app.pages.binding import mupdf, pymupdf, silence
from app.pages.compare import DPI, Changed, Region, Word, aligned, changed_page
from app.pages.drawing import Leaf
from app.pages.frames import answer_orders, write_frame
from app.pages.measure import Canvas

if TYPE_CHECKING:
    from numpy.typing import NDArray

PIXELS_MOST = 2_000_000
"""Of a picture that is compared; a page larger than A1 is drawn more coarsely."""
WORDS_MOST = 20_000


class Worker:
    """Answers the orders ``words``, ``align``, ``left`` and ``compare``.

    ``words`` reads a page of the ``old`` or the ``new`` revision, in their order; ``align`` then tells which
    became which. ``left`` takes the page before, ``compare`` the page after, and tells what changed.
    """

    def __init__(self) -> None:
        self._said: dict[str, list[list[str]]] = {"old": [], "new": []}
        self._left = b""
        self._canvas = Canvas()

    def answer(self, order: dict[str, Any], payload: bytes) -> dict[str, Any]:
        """Carry out one order; what a page may cause is an answer, not an exception."""
        try:
            return self._carry_out(order, payload)
        except (RuntimeError, ValueError, MemoryError, IndexError, KeyError, TypeError, mupdf.FzErrorBase):
            return {"ok": False}

    def _carry_out(self, order: dict[str, Any], payload: bytes) -> dict[str, Any]:
        match order["op"]:
            case "words":
                said = self._said[order["of"]]
                said.append([])  # one that cannot be read has no words, and keeps its place
                said[-1] = [word.text for word in _words(Leaf.of(payload))]
                return {"ok": True}
            case "align":
                return {"ok": True, "pairs": aligned(self._said["old"], self._said["new"])}
            case "left":
                self._left = payload
                return {"ok": True}
            case "compare":
                return {"ok": True, **_told(self._compare(self._left, payload))}
        raise ValueError("no such order")

    def _compare(self, left: bytes, right: bytes) -> Changed:
        old, new = Leaf.of(left), Leaf.of(right)
        return changed_page(self._picture(old), self._picture(new), _words(old), _words(new))

    def _picture(self, leaf: Leaf) -> NDArray[Any]:
        scale = min(DPI / 72, math.sqrt(PIXELS_MOST / (leaf.width * leaf.height)))
        box = max(1, round(leaf.width * scale)), max(1, round(leaf.height * scale))
        picture, errors = self._canvas.picture(leaf, box)
        if errors:
            raise ValueError("a page cannot be drawn whole")
        colours: NDArray[Any] = picture[:, :, :3].copy()
        return colours


def _words(leaf: Leaf) -> list[Word]:
    wide, high = leaf.width, leaf.height
    turned = leaf.page.rotation_matrix  # words come in the page's own directions, pictures as it is shown
    found = []
    for x0, y0, x1, y1, text, *_ in leaf.page.get_text("words")[:WORDS_MOST]:
        box = pymupdf.Rect(x0, y0, x1, y1) * turned
        place = _share(box.x0, wide), _share(box.y0, high), _share(box.x1, wide), _share(box.y1, high)
        found.append(Word(str(text), Region(*place)))
    return found


def _share(side: float, most: float) -> float:
    return min(1.0, max(0.0, side / most))


def _told(changed: Changed) -> dict[str, Any]:
    return {"gone": [_sides(region) for region in changed.gone], "come": [_sides(r) for r in changed.come]}


def _sides(region: Region) -> list[float]:
    return [region.left, region.top, region.right, region.bottom]


def main() -> None:
    """Enter the sandbox, answer orders until the pipe closes."""
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    protocol = sandbox.take_stdout()
    silence()
    worker = Worker()
    sandbox.enter(memory_bytes=memory, cpu_seconds=seconds, die_with_parent=True)
    write_frame(protocol, {"ready": True})
    answer_orders(protocol, lambda order, data: (worker.answer(order, data), b""))


if __name__ == "__main__":
    main()
