"""Pictures of the pages beside the one in front, held so that a turn to one of them finds its work done.

Nothing here is shown: a page gets onto the screen only when the engine hands it over, after its look is on
record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.held import HeldPicture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.kiosk.view import Painting

KEPT = 3


class Beside:
    """The last few pictures that were put here; each lets go of its pixels when another needs its place."""

    def __init__(self) -> None:
        self._held: list[HeldPicture] = []

    def put(self, held: HeldPicture) -> None:
        """Hold one more."""
        self._held.append(held)
        while len(self._held) > KEPT:
            self._held.pop(0).drop()

    def add(self, painting: Painting) -> None:
        """Hold the pixels of a page ahead of its turn; if they are here, what their mark is going to be."""
        held = self._found(painting)
        if held is None:
            self.put(HeldPicture(painting))
        else:
            held.mark = painting.mark
            painting.pixels.release()

    def take(self, painting: Painting) -> HeldPicture:
        """The picture of what was handed over: the one that is here, with its new mark, or a new one."""
        held = self._found(painting)
        if held is None:
            return HeldPicture(painting)
        self._held.remove(held)
        held.mark = painting.mark
        painting.pixels.release()  # one holder fewer: ``held`` is another
        return held

    def pick(self, index: int, tile: bytes) -> HeldPicture | None:
        """Take out the picture of this leaf whose mark is going to have this tile."""
        found = next((held for held in self._held if held.index == index and held.mark.tile == tile), None)
        if found is not None:
            self._held.remove(found)
        return found

    def drop(self) -> None:
        """Let go of everything."""
        while self._held:
            self._held.pop().drop()

    def __iter__(self) -> Iterator[HeldPicture]:
        """The newest first."""
        return reversed(self._held)

    def _found(self, painting: Painting) -> HeldPicture | None:
        return next((held for held in self._held if held.is_of(painting)), None)
