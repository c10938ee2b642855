"""The kiosk's end of rendering: pages go to a sandboxed worker, pixels come back through shared memory.

Imports neither PyMuPDF nor numpy. What the worker does stands in ``worker_render``.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import math
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from app.pages.geometry import Placement, place
from app.pages.picture import Pixels, RenderFailed, RenderRequest
from app.pages.process import WorkerLost, WorkerProcess
from app.pages.shared import LEAD, NoRoom, SharedPixels, Slots

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

_MODULE = "app.pages.worker_render"
_MAX_SIDE = 32_000  # pixels; what Qt and MuPDF both take
_START_SECONDS = 30.0
_STRIKES = 2  # a page that ended the worker this often is not tried again
_SPARE_AFTER = 1.5  # seconds from the first picture until a spare worker is started, out of anyone's way


class Renderer:
    """One render worker and the memory it draws into. Every method may be called from any thread; one render
    runs at a time. A spare worker stands ready (it has been given nothing), so that the first page after a
    lock waits for no start.

    Failure policy. Worker died or overran ``seconds`` while at a page: it is killed and replaced, the plain
    bytes of all pages are gone with it, the call raises RenderFailed ``worker_died``; the second time for the
    same page it is ``page_refused`` until the renderer is closed, other pages go on. Worker died while idle:
    replaced at the next call, pages must be put again. Answer out of bounds: as died. Shared memory full:
    ``no_slot``, nothing else happens. ``forget()`` of everything ends the worker and zeroes the whole shared
    memory, also under pictures that are still shown: nothing of a page is left in either process.

    Memory: ``slots`` pictures in ``max_bytes``; the worker holds at most ``loaded_pages`` pages of together
    ``loaded_bytes``, whatever the document, and ends rather than take more than ``memory_mb`` beside the
    pictures.
    """

    def __init__(
        self,
        *,
        slots: int = 128,
        max_bytes: int = 384 << 20,
        seconds: float = 10.0,
        memory_mb: int = 768,
        loaded_bytes: int = 64 << 20,
        loaded_pages: int = 48,
    ) -> None:
        self._slots = Slots(slots, max_bytes)
        self._max_bytes = max_bytes
        self._seconds = seconds
        self._memory_mb = memory_mb
        self._loaded_bytes = loaded_bytes
        self._loaded_pages = loaded_pages
        self._lock = threading.RLock()
        self._shared: SharedPixels | None = None
        self._worker: WorkerProcess | None = None
        self._ready = False
        self._loaded: OrderedDict[str, _Loaded] = OrderedDict()
        self._strikes: dict[str, int] = {}
        self._shown: dict[int, tuple[str, int]] = {}
        self._spare: WorkerProcess | None = None
        self._spare_timer: threading.Timer | None = None

    def start(self) -> None:
        """Make the shared memory and start the worker; returns before the worker is ready."""
        with self._lock:
            if self._shared is None:
                self._shared = SharedPixels(self._max_bytes)
            self._spawn()

    def close(self) -> None:
        """End the worker, zero and free the shared memory; harmless when repeated."""
        with self._lock:
            self._drop_worker()
            self._drop_spare()
            shared, self._shared = self._shared, None
            self._strikes.clear()
            if shared is not None:
                shared.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def worker_pid(self) -> int | None:
        """Process id of the worker that runs now."""
        return self._worker.pid if self._worker is not None else None

    def holds(self, page: str) -> bool:
        """Whether ``page`` is loaded, so that ``render`` needs no ``put`` first."""
        with self._lock:
            return page in self._loaded and self._worker is not None and self._worker.alive

    def put(self, page: str, data: bytes) -> None:
        """Hand the plain bytes of ``page`` to the worker; the oldest unused pages make room.

        Raises RenderFailed when the bytes are not those that ``page`` names, are no readable one-page PDF, or
        have ended the worker before.
        """
        if not hmac.compare_digest(hashlib.sha256(data).hexdigest(), page):
            raise RenderFailed(
                "The stored page is not the page that was published, so it is not shown.",
                advice="It will be fetched again; if this repeats, tell the document controller.",
                code="page_damaged",
            )
        with self._lock:
            if self.holds(page):
                self._loaded.move_to_end(page)
                return
            self._refuse_struck(page)
            self._make_room(len(data))
            answer = self._ask(page, {"op": "put", "page": page}, data)
            self._loaded[page] = _Loaded(len(data), _size(answer.get("width")), _size(answer.get("height")))

    def read(self, request: RenderRequest) -> None:
        """Have what stands on a loaded page read, so that ``render`` only draws it. Raises RenderFailed."""
        with self._lock:
            loaded = self._at_hand(request.page)
            self._ask(
                request.page, {"op": "read", "page": request.page, "scale": _placed(request, loaded).scale}
            )

    def forget(self, pages: Iterable[str] | None = None) -> None:
        """Drop plain bytes and pixels of ``pages``, or of all with the worker itself (at lock)."""
        with self._lock:
            if pages is None:
                self._drop_worker()
                if self._shared is not None:
                    self._shared.zero(0, self._max_bytes)
                    self._spawn()
                return
            gone = set(pages)
            for start, (page, length) in list(self._shown.items()):
                if page in gone and self._shared is not None:
                    self._shared.zero(start, length)
                    del self._shown[start]
            self._tell_dropped([page for page in self._loaded if page in gone])

    def render(self, request: RenderRequest) -> Pixels:
        """Draw and wait; raises RenderFailed. The result's memory is held until it is released."""
        with self._lock:
            shared, loaded = self._open(), self._at_hand(request.page)
            placed = _placed(request, loaded)
            start, length = self._slot(placed)
            try:
                milliseconds = self._draw(request.page, placed, start)
            except BaseException:
                self._slots.give_back(start)
                raise
            self._want_spare()
            self._shown = {
                begin: shown
                for begin, shown in self._shown.items()
                if begin < start or begin >= start + length
            }
            self._shown[start] = (request.page, length)
            stride = placed.width * 4
            return Pixels(
                width=placed.width,
                height=placed.height,
                stride=stride,
                buffer=shared.view(start + LEAD, stride * placed.height),
                page_width_px=placed.page_width,
                page_height_px=placed.page_height,
                render_ms=milliseconds,
                _slots=self._slots,
                _start=start,
            )

    def _open(self) -> SharedPixels:
        if self._shared is None:
            raise RenderFailed("The page display is not running.", code="renderer_closed")
        return self._shared

    def _at_hand(self, page: str) -> _Loaded:
        self._refuse_struck(page)
        if not self.holds(page):
            raise RenderFailed("The page must be loaded again.", code="page_not_loaded")
        self._loaded.move_to_end(page)
        return self._loaded[page]

    def _slot(self, placed: Placement) -> tuple[int, int]:
        needed = placed.width * placed.height * 4 + LEAD
        if needed > self._max_bytes or max(placed.width, placed.height) > _MAX_SIDE:
            raise RenderFailed(
                "The page cannot be shown at this size.", advice="Zoom out.", code="page_too_large"
            )
        try:
            return self._slots.take(needed)
        except NoRoom as error:
            raise RenderFailed("Too many pages are held at once.", code="no_slot") from error

    def _draw(self, page: str, placed: Placement, start: int) -> float:
        header = {
            "op": "render",
            "page": page,
            "scale": placed.scale,
            "box": [placed.left, placed.top, placed.width, placed.height],
            "at": start + LEAD,
        }
        milliseconds = self._ask(page, header).get("ms")
        return float(milliseconds) if isinstance(milliseconds, int | float) else math.nan

    def _ask(self, page: str, header: dict[str, Any], payload: bytes = b"") -> dict[str, Any]:
        """One exchange about ``page``; a lost worker counts against the page."""
        worker = self._running()
        seconds = self._seconds
        try:
            worker.send({**header, "seconds": math.ceil(seconds) + 1}, payload, seconds=seconds)
            answer, _ = worker.receive(max_payload=0, seconds=seconds)
        except WorkerLost as error:
            self._strikes[page] = self._strikes.get(page, 0) + 1
            self._drop_worker()
            self._spawn()
            self._refuse_struck(page, error)
            raise RenderFailed(
                "The page took too long to draw."
                if error.timed_out
                else "The page display stopped and was restarted.",
                advice="It is tried once more.",
                code="worker_died",
            ) from error
        if answer.get("ok") is not True:
            raise _unreadable()
        return answer

    def _refuse_struck(self, page: str, cause: Exception | None = None) -> None:
        if self._strikes.get(page, 0) >= _STRIKES:
            raise RenderFailed(
                "This page cannot be drawn safely, so it is not shown.",
                advice="Tell the document controller which page it is; the other pages work.",
                code="page_refused",
            ) from cause

    def _running(self) -> WorkerProcess:
        self._open()
        for _ in range(2):
            worker = self._spawn()
            if self._ready:
                return worker
            with contextlib.suppress(WorkerLost):
                answer, _ = worker.receive(max_payload=0, seconds=_START_SECONDS)
                self._ready = answer.get("ready") is True
                if self._ready:
                    return worker
            self._drop_worker()
        raise RenderFailed(
            "The page display does not start.",
            advice="Restart the kiosk; if this stays, call IT.",
            code="worker_died",
        )

    def _spawn(self) -> WorkerProcess:
        if self._worker is not None and self._worker.alive:
            return self._worker
        self._drop_worker()
        spare, self._spare = self._spare, None
        if spare is not None and not spare.alive:
            spare.kill()
            spare = None
        self._worker = spare or self._new_worker()
        if spare is not None:
            self._want_spare()
        return self._worker

    def _new_worker(self) -> WorkerProcess:
        shared = self._open()
        limit = (self._memory_mb << 20) + self._max_bytes
        return WorkerProcess(_MODULE, [shared.describe(), str(limit)], pass_fds=shared.pass_fds)

    def _want_spare(self) -> None:
        """Have a spare soon: not now, when somebody waits for a picture."""
        if self._spare is None and self._spare_timer is None:
            self._spare_timer = threading.Timer(_SPARE_AFTER, self._start_spare)
            self._spare_timer.daemon = True
            self._spare_timer.start()

    def _start_spare(self) -> None:
        with self._lock:
            self._spare_timer = None
            if self._shared is not None and self._spare is None:
                with contextlib.suppress(OSError):  # without a spare the next lock is slower, nothing more
                    self._spare = self._new_worker()

    def _drop_spare(self) -> None:
        timer, self._spare_timer = self._spare_timer, None
        if timer is not None:
            timer.cancel()
        spare, self._spare = self._spare, None
        if spare is not None:
            spare.kill()

    def _drop_worker(self) -> None:
        worker, self._worker = self._worker, None
        self._ready = False
        self._loaded.clear()
        if worker is not None:
            worker.kill()

    def _make_room(self, size: int) -> None:
        used = sum(loaded.size for loaded in self._loaded.values())
        gone: list[str] = []
        for page, loaded in self._loaded.items():
            many = len(self._loaded) - len(gone) >= self._loaded_pages
            if used + size <= self._loaded_bytes and not many:
                break
            used -= loaded.size
            gone.append(page)
        self._tell_dropped(gone)

    def _tell_dropped(self, pages: list[str]) -> None:
        for page in pages:
            del self._loaded[page]
        if pages and self._worker is not None:
            try:
                self._worker.send({"op": "drop", "pages": pages}, seconds=self._seconds)
                self._worker.receive(max_payload=0, seconds=self._seconds)
            except WorkerLost:
                self._drop_worker()
                self._spawn()


@dataclass(frozen=True)
class _Loaded:
    size: int
    width_pt: float
    height_pt: float


def _size(value: object) -> float:
    """A page's side in points, as the worker says it; raises RenderFailed for anything else."""
    if not isinstance(value, int | float) or not math.isfinite(value) or not 0 < value <= 100_000:
        raise _unreadable()
    return float(value)


def _placed(request: RenderRequest, loaded: _Loaded) -> Placement:
    try:
        return place(
            (loaded.width_pt, loaded.height_pt),
            (request.width_px, request.height_px),
            zoom=request.zoom,
            fit=request.fit,
            clip=request.clip,
        )
    except (ValueError, OverflowError) as error:
        raise RenderFailed("There is nothing to show at this place.", code="outside_page") from error


def _unreadable() -> RenderFailed:
    return RenderFailed(
        "The page cannot be read.",
        advice="Tell the document controller which page it is; the other pages work.",
        code="page_unreadable",
    )
