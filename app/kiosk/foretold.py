"""A look that is about to be recorded, told to the screen while the disk writes.

The screen paints the page, which it holds ahead of its turn, where nobody sees it yet; and lets it be seen
when the look is on record, or takes it away again. Both together take as long as the longer one of them.
"""

from __future__ import annotations

import threading
from contextlib import nullcontext
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from app.kiosk.recorder import View
    from app.kiosk.view import MarkText


class Foretold:
    """Leaf ``index`` is going to be in front, with ``mark``.

    A context manager around the writing: when it ends, it is settled, whatever happened.
    """

    def __init__(self, index: int, mark: MarkText) -> None:
        self.index, self.mark = index, mark
        self._tile = b""
        self._settled = threading.Event()

    def recorded(self, tile: bytes) -> None:
        """The look is on the disk with this tile: that of ``mark``, or the page may not be seen yet."""
        self._tile = tile

    def __enter__(self) -> Self:
        """The writing begins."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """It is over."""
        self._settled.set()

    def stands(self, seconds: float) -> bool:
        """Whether it came as foretold; waits for that, at most so long. For the screen's thread."""
        return self._settled.wait(seconds) and self._tile == self.mark.tile


def written(foretold: Foretold | None, look: Callable[[], View]) -> None:
    """Write down a look, and let what was ``foretold`` of it stand or fall by that."""
    with foretold or nullcontext():
        view = look()
        if foretold is not None:
            foretold.recorded(view.tile)
