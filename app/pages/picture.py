"""What is asked of the renderer, what comes back, and what may go wrong instead."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from app.model.errors import Expected

if TYPE_CHECKING:
    from app.pages.geometry import Fit
    from app.pages.shared import Slots


class RenderFailed(Expected):
    """A page could not be drawn. ``code`` says what to do:

    ``page_not_loaded`` and ``worker_died``: put the page again and retry. ``page_unreadable``,
    ``page_refused`` (it ended the worker twice), ``page_too_large``: this page will not draw.
    ``no_slot``: release pictures first. ``renderer_closed``: start it.
    """

    code = "render_failed"


@dataclass(frozen=True)
class RenderRequest:
    """What is wanted: ``page`` (SHA-256 in hex) in a box of ``width_px`` × ``height_px`` device pixels.

    ``zoom`` 1.0 shows the page as ``fit`` says; ``clip`` is the wanted (left, top, right, bottom) in pixels
    of the zoomed page, None for all of it.
    """

    page: str
    width_px: int
    height_px: int
    zoom: float = 1.0
    fit: Fit = "page"
    clip: tuple[int, int, int, int] | None = None


@dataclass
class Pixels:
    """A drawn page: BGRX, 32 bit little endian (QImage Format_RGB32), rows of ``stride`` bytes, no copy.

    ``buffer`` is the shared memory itself; it is overwritten some time after ``release``. After
    ``Renderer.forget`` it reads as zeros (black). ``page_width_px`` × ``page_height_px``: the whole zoomed
    page.
    """

    width: int
    height: int
    stride: int
    buffer: memoryview
    page_width_px: int
    page_height_px: int
    render_ms: float
    _slots: Slots = field(repr=False)
    _start: int = field(repr=False)

    def release(self) -> None:
        """Give the slot back to the pool; harmless when repeated."""
        start, self._start = self._start, -1
        if start >= 0:
            self._slots.give_back(start)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def __del__(self) -> None:
        self.release()
