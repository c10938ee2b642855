"""A second render worker that draws the lower part of a page somebody waits for. Best effort throughout.

Where it is not there, not ready, or fails, the first worker draws everything: nothing depends on this one, so
nothing here raises, and whatever goes wrong ends it. It holds the same pages as the first worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.pages.process import WorkerLost

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.pages.process import WorkerProcess


class SecondHand:
    """One worker that is ready. Each ``begin_…`` that returns True is followed by ``end``, also by one thread
    at a time: the first worker is spoken to in between.
    """

    def __init__(self, worker: WorkerProcess, seconds: float) -> None:
        self._worker = worker
        self._seconds = seconds
        self._pages: set[str] = set()

    @property
    def pid(self) -> int:
        """Process id of the worker."""
        return self._worker.pid

    @property
    def alive(self) -> bool:
        """Whether it can be used."""
        return self._worker.alive

    def holds(self, page: str) -> bool:
        """Whether it can draw ``page``."""
        return page in self._pages and self.alive

    def begin_put(self, page: str, data: bytes) -> bool:
        """Hand it the plain bytes of ``page``."""
        self._pages.add(page)
        return self._begin({"op": "put", "page": page}, data)

    def begin_draw(self, header: dict[str, Any]) -> bool:
        """Have it draw; ``header`` is an order as the first worker gets it."""
        return self._begin(header)

    def end(self) -> bool:
        """Wait for the answer; returns whether it was done."""
        try:
            answer, _ = self._worker.receive(max_payload=0, seconds=self._seconds)
        except WorkerLost:
            return False
        if answer.get("ok") is not True:
            self._worker.kill()
            return False
        return True

    def drop(self, pages: Sequence[str]) -> None:
        """Forget ``pages``."""
        known = [page for page in pages if page in self._pages]
        self._pages.difference_update(known)
        if known and self._begin({"op": "drop", "pages": known}):
            self.end()

    def kill(self) -> None:
        """End it; nothing of a page is left in it."""
        self._pages.clear()
        self._worker.kill()

    def _begin(self, header: dict[str, Any], payload: bytes = b"") -> bool:
        try:
            self._worker.send({**header, "seconds": int(self._seconds) + 1}, payload, seconds=self._seconds)
        except WorkerLost:
            return False
        return True
