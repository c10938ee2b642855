"""The render worker: one-page PDFs in, pixels into shared memory. Runs as a process of its own, sandboxed.

``python -m app.pages.worker_render MEMORY LIMIT_BYTES``. It ends when its input pipe closes, or by
SIGALRM when one order overruns while the parent is gone.
"""

from __future__ import annotations

import sys
import time
from collections import OrderedDict
from typing import Any

import numpy as np

from app.pages import sandbox
from app.pages.binding import mupdf, pymupdf, silence
from app.pages.drawing import Leaf, draw
from app.pages.frames import answer_orders, write_frame
from app.pages.shared import map_described

_LISTS = 48
_LISTED_BYTES = 16 << 20
"""How many display lists are kept, and of how many bytes of PDF together: a list of drawings takes some ten
times what its page takes compressed."""
_LISTS_LEAST = 6  # the page in view, its neighbours, and one step more: whatever their size


class Worker:
    """Answers the orders ``put``, ``drop``, ``read`` and ``render``; see ``Renderer`` for what they mean."""

    def __init__(self, memory: Any) -> None:
        self._memory = memory
        self._bytes = np.frombuffer(memory, dtype=np.uint8)
        self._pages: dict[str, Leaf] = {}
        self._lists: OrderedDict[tuple[str, int], Any] = OrderedDict()

    def answer(self, order: dict[str, Any], payload: bytes) -> dict[str, Any]:
        """Carry out one order; what a document may cause is an answer, not an exception."""
        try:
            match order["op"]:
                case "put":
                    return self._put(order["page"], payload)
                case "drop":
                    self._drop(order["pages"])
                    return {"ok": True}
                case "read":
                    self._listed(order["page"], order["scale"])
                    return {"ok": True}
                case "render":
                    return self._render(order)
                case _:
                    return {"ok": False}
        except (RuntimeError, ValueError, MemoryError, IndexError, mupdf.FzErrorBase):
            return {"ok": False}

    def _put(self, name: str, data: bytes) -> dict[str, Any]:
        page = Leaf.of(data)
        self._pages[name] = page
        return {"ok": True, "width": page.width, "height": page.height}

    def _drop(self, pages: list[str]) -> None:
        """What MuPDF keeps of a page goes with its document and its lists; the colour conversions, which all
        pages share and which take 4 ms to make, stay."""
        for page in pages:
            leaf = self._pages.pop(page, None)
            if leaf is not None:
                leaf.document.close()
                del leaf  # before the lists: who lets an image go last has MuPDF forget its pixels, too
            for key in [key for key in self._lists if key[0] == page]:
                del self._lists[key]

    def _render(self, order: dict[str, Any]) -> dict[str, Any]:
        started = time.perf_counter()
        listed = self._listed(order["page"], order["scale"])
        left, top, width, height = order["box"]
        pixmap = self._pixmap(order["at"], width, height)
        draw(listed, pixmap, order["scale"], left, top)
        self._swap(order["at"], width * height)
        return {"ok": True, "ms": (time.perf_counter() - started) * 1000}

    def _listed(self, name: str, scale: float) -> Any:
        page = self._pages[name]
        key = name, page.level(scale)
        if key not in self._lists:
            self._lists[key] = page.listed(level=key[1])
            self._thin_out()
        self._lists.move_to_end(key)
        return self._lists[key]

    def _thin_out(self) -> None:
        size = sum(self._pages[name].size for name, _ in self._lists)
        while len(self._lists) > _LISTS_LEAST and (len(self._lists) > _LISTS or size > _LISTED_BYTES):
            (name, _), _ = self._lists.popitem(last=False)
            size -= self._pages[name].size

    def _pixmap(self, at: int, width: int, height: int) -> Any:
        """RGBA over the slot: MuPDF draws device RGB at full speed, device BGR costs up to half more."""
        pointer = mupdf.python_mutable_buffer_data(memoryview(self._memory)[at : at + width * height * 4])
        return mupdf.fz_new_pixmap_with_data(
            mupdf.fz_device_rgb(), width, height, mupdf.FzSeparations(), 1, width * 4, pointer
        )

    def _swap(self, at: int, count: int, step: int = 8192) -> None:
        """RGBA to BGRX in place: big-endian words that begin one byte early, written as little-endian."""
        early = self._bytes[at - 1 : at - 1 + count * 4].view(">u4")
        words = self._bytes[at : at + count * 4].view("<u4")
        for begin in range(0, count, step):
            words[begin : begin + step] = early[begin : begin + step]


def _warm_up() -> None:
    """Draw a line of text nowhere, so that the first page finds fonts, colours and code in place."""
    document = pymupdf.open()
    page = document.new_page()
    for colour in ((0.2,), (0.2, 0.4, 0.6), (0.1, 0.2, 0.3, 0.4)):  # grey, RGB, CMYK
        page.insert_text((20, 40), "Aa 123", fontsize=24, color=colour)
    pixmap = mupdf.fz_new_pixmap(mupdf.fz_device_rgb(), 64, 64, mupdf.FzSeparations(), 1)
    draw(Leaf(document).listed(), pixmap, 0.5, 0, 0)


def main() -> None:
    """Map the memory, enter the sandbox, answer orders until the pipe closes."""
    description, limit = sys.argv[1], int(sys.argv[2])
    memory = map_described(description)
    protocol = sandbox.take_stdout()
    silence()
    worker = Worker(memory)
    _warm_up()
    sandbox.enter(memory_bytes=limit, cpu_seconds=None, die_with_parent=False)
    write_frame(protocol, {"ready": True})
    answer_orders(
        protocol, lambda order, data: (worker.answer(order, data), b""), max_payload=1 << 30, timed=True
    )


if __name__ == "__main__":
    main()
