"""Pixels of a page as a QImage over the engine's shared memory: nothing is copied, all is let go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from app.kiosk.view import Framing, MarkText, Painting
    from app.ui.framing import Box

_FORMAT = QImage.Format.Format_RGB32


class HeldPicture:
    """One painting's pixels until ``drop``. Images made from it must not outlive it."""

    def __init__(self, painting: Painting) -> None:
        self.index: int = painting.index
        self.framing: Framing = painting.framing
        self.mark: MarkText = painting.mark
        self._pixels = painting.pixels
        self._memory: memoryview | None = painting.pixels.buffer
        self._parts: dict[Box, QImage] = {}

    def is_of(self, painting: Painting) -> bool:
        """Whether these are the very pixels of ``painting``."""
        own = self.index == painting.index and self.framing == painting.framing
        return own and self._pixels is painting.pixels and self._memory is not None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the pixels that are here."""
        return self._pixels.width, self._pixels.height

    @property
    def page(self) -> tuple[int, int]:
        """Width and height of the whole zoomed page."""
        return self._pixels.page_width_px, self._pixels.page_height_px

    @property
    def box(self) -> Box:
        """Which part of the zoomed page is here."""
        left, top = self.framing.clip[:2] if self.framing.clip is not None else (0, 0)
        left, top = max(0, left), max(0, top)
        return left, top, left + self._pixels.width, top + self._pixels.height

    def image(self, part: Box | None = None) -> QImage:
        """The pixels, or a part of them (in pixels of the zoomed page). The same object for the same part."""
        own = self.box
        part = part or own
        found = self._parts.get(part)
        if found is None:
            if self._memory is None:
                return QImage()
            if len(self._parts) > 3:
                self._parts.clear()
            start = (part[1] - own[1]) * self._pixels.stride + 4 * (part[0] - own[0])
            found = self._parts[part] = QImage(
                self._memory[start:], part[2] - part[0], part[3] - part[1], self._pixels.stride, _FORMAT
            )
        return found

    def drop(self) -> None:
        """Let go of the pixels; harmless when repeated."""
        if self._memory is not None:
            self._parts.clear()
            self._memory = None
            self._pixels.release()
