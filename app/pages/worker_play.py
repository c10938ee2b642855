"""The playing worker: a published clip in, its pictures into shared memory. Runs as a process of its own,
sandboxed.

``python -m app.pages.worker_play MEMORY LIMIT_BYTES``. It plays what publishing makes (``film.MADE``) and
nothing else. It ends when its input pipe closes, or by SIGALRM when one order overruns while the parent is
gone.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from app.pages import film, sandbox
from app.pages.frames import answer_orders, write_frame
from app.pages.shared import map_described

if TYPE_CHECKING:
    from collections.abc import Iterator


class Worker:
    """Answers the orders ``open`` and ``next``; see ``ClipPlayer`` for what they mean."""

    def __init__(self, memory: Any) -> None:
        self._bytes = np.frombuffer(memory, dtype=np.uint8)
        self._source: Any = None
        self._pictures: Iterator[Any] = iter(())

    def answer(self, order: dict[str, Any], payload: bytes) -> dict[str, Any]:
        """Carry out one order; what a clip may cause is an answer, not an exception."""
        try:
            match order["op"]:
                case "open":
                    return self._open(payload)
                case "next":
                    return self._next(order)
                case _:
                    return {"ok": False}
        except (MemoryError, *film.FAULTS):
            return {"ok": False}

    def _open(self, data: bytes) -> dict[str, Any]:
        container, codec = film.MADE
        self._source = film.read(data, container)
        stream = film.video(self._source)
        if stream is None or stream.codec_context.name != codec:
            return {"ok": False}
        self._pictures = self._source.decode(stream)
        return {"ok": True}

    def _next(self, order: dict[str, Any]) -> dict[str, Any]:
        for picture in self._pictures:
            at = round(1000 * (picture.time or 0.0))
            if at >= order["after"]:
                self._draw(picture, order["width"], order["height"], order["at"])
                return {"ok": True, "ms": at}
        return {"ok": True, "end": True}

    def _draw(self, picture: Any, width: int, height: int, at: int) -> None:
        """BGRX rows without a gap, as Qt paints them fastest."""
        plane = film.shaped(picture, "bgra", width, height).planes[0]
        rows = np.frombuffer(plane, np.uint8).reshape(height, plane.line_size)
        self._bytes[at : at + width * height * 4].reshape(height, width * 4)[:] = rows[:, : width * 4]


def main() -> None:
    """Map the memory, enter the sandbox, answer orders until the pipe closes."""
    description, limit = sys.argv[1], int(sys.argv[2])
    memory = map_described(description)
    protocol = sandbox.take_stdout()
    film.silence()
    worker = Worker(memory)
    sandbox.enter(memory_bytes=limit, cpu_seconds=None, die_with_parent=False)
    write_frame(protocol, {"ready": True})
    answer_orders(
        protocol, lambda order, data: (worker.answer(order, data), b""), max_payload=1 << 30, timed=True
    )


if __name__ == "__main__":
    main()
