"""The kiosk's end of playing a clip: it goes to a sandboxed worker, pictures come back through shared memory.

Imports neither PyAV nor numpy. What the worker does stands in ``worker_play``.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import threading
from typing import TYPE_CHECKING, Any

from app.model.errors import Expected
from app.pages.picture import Pixels
from app.pages.process import WorkerLost, WorkerProcess
from app.pages.shared import NoRoom, SharedPixels, Slots

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

_MODULE = "app.pages.worker_play"
_START_SECONDS = 30.0
_SLOTS = 4
"""Pictures that are drawn and not let go of; a screen that falls behind gets none meanwhile."""
MOST_PIXELS = 1920 * 1080
"""No picture is larger; a larger place is filled by the screen."""


class ClipFailed(Expected):
    """A clip does not play. ``code``: ``clip_damaged`` (other bytes than were published), ``clip_absent``,
    ``clip_unreadable`` (it does not play), ``clip_stopped`` (the worker died or overran).
    """

    code = "clip_unreadable"


class ClipPlayer:
    """One worker that plays one clip once. ``close`` may be called from any thread, the rest from one.

    Failure policy: whatever goes wrong raises ClipFailed, and the player is then good for nothing but to be
    closed. ``close`` ends the worker and zeroes the shared memory, also under a picture that is still shown:
    nothing of the clip is left in either process.
    """

    def __init__(self, *, seconds: float = 10.0, memory_mb: int = 512) -> None:
        self._seconds, self._memory_mb = seconds, memory_mb
        self._lock = threading.Lock()
        self._closed = False
        self._shared: SharedPixels | None = None
        self._worker: WorkerProcess | None = None
        self._slots = Slots(_SLOTS, _SLOTS * _slot(MOST_PIXELS))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open(self, clip: str, data: bytes) -> None:
        """Hand the plain bytes of the clip with the SHA-256 ``clip`` to a new worker. Raises ClipFailed."""
        if not hmac.compare_digest(hashlib.sha256(data).hexdigest(), clip):
            raise ClipFailed(
                "The stored clip is not the clip that was published, so it is not played.",
                advice="It will be fetched again; if this repeats, tell the document controller.",
                code="clip_damaged",
            )
        worker = self._start()
        self._ask(worker, None)
        self._ask(worker, {"op": "open"}, data)

    def next(self, width: int, height: int, after_ms: int) -> tuple[int, Pixels] | None:
        """The next picture from ``after_ms`` on, in this size, and its time in ms; None: the clip is over.

        Raises ClipFailed, and NoRoom where too many pictures are held: let one go, or ask later.
        """
        shared, worker = self._shared, self._worker
        if shared is None or worker is None:
            raise _stopped()
        start, _ = self._slots.take(4 * width * height)
        at: int | None = None
        try:
            at = self._drawn(worker, {"width": width, "height": height, "after": after_ms, "at": start})
        finally:
            if at is None:
                self._slots.give_back(start)
        if at is None:
            return None
        return at, Pixels(
            width=width, height=height, stride=4 * width,
            buffer=shared.view(start, 4 * width * height),
            page_width_px=width, page_height_px=height, render_ms=math.nan,
            _slots=self._slots, _start=start,
        )  # fmt: skip

    def _drawn(self, worker: WorkerProcess, order: dict[str, Any]) -> int | None:
        answer = self._ask(worker, {"op": "next", **order})
        at = answer.get("ms")
        if answer.get("end") is True:
            return None
        if type(at) is not int or at < 0:
            raise _unreadable()
        return at

    def close(self) -> None:
        """End it; harmless when repeated."""
        with self._lock:
            self._closed = True
            worker, shared = self._worker, self._shared
            self._worker = self._shared = None
        if worker is not None:
            worker.kill()
        if shared is not None:
            shared.close()

    def _start(self) -> WorkerProcess:
        with self._lock:
            if self._closed:
                raise _stopped()
            limit = (self._memory_mb << 20) + self._slots.size
            try:
                shared = self._shared = SharedPixels(self._slots.size)
                self._worker = WorkerProcess(
                    _MODULE, [shared.describe(), str(limit)], pass_fds=shared.pass_fds
                )
            except OSError as error:  # no memory or process is to be had
                raise _stopped() from error
            return self._worker

    def _ask(self, worker: WorkerProcess, order: dict[str, Any] | None, data: bytes = b"") -> dict[str, Any]:
        """One exchange; without an order the worker is waited for."""
        seconds = self._seconds if order is not None else _START_SECONDS
        try:
            if order is not None:
                worker.send({**order, "seconds": math.ceil(seconds) + 1}, data, seconds=seconds)
            answer, _ = worker.receive(max_payload=0, seconds=seconds)
        except WorkerLost as error:
            raise _stopped() from error
        if answer.get("ok" if order is not None else "ready") is not True:
            raise _unreadable()
        return answer


def _slot(pixels: int) -> int:
    return -(-4 * pixels // 4096) * 4096


def _stopped() -> ClipFailed:
    return ClipFailed("The clip stopped playing.", advice="Touch it to play it again.", code="clip_stopped")


def _unreadable() -> ClipFailed:
    return ClipFailed(
        "This clip cannot be played.",
        advice="Tell the document controller which page it is; the page itself works.",
        code="clip_unreadable",
    )


__all__ = ["MOST_PIXELS", "ClipFailed", "ClipPlayer", "NoRoom"]
