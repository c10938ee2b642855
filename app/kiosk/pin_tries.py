"""Wrong PINs, counted on the disk before each try: how many there were, and how long to wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.model.pins import FREE, WRONG_AT_MOST, wait_after

if TYPE_CHECKING:
    from app.wire.clock import Moment


@dataclass(frozen=True)
class Tried:
    """``wrong`` tries in a row, the last at ``boot_ms`` of the boot ``boot``."""

    wrong: int = 0
    boot: str = ""
    boot_ms: int = 0

    @property
    def blocked(self) -> bool:
        """Whether only a new PIN helps."""
        return self.wrong >= WRONG_AT_MOST

    @property
    def left(self) -> int:
        """Tries until the first wait, after that until the block."""
        return (FREE if self.wrong < FREE else WRONG_AT_MOST) - self.wrong

    def wait(self, moment: Moment) -> int:
        """Whole seconds until the next try.

        Wall clocks are not asked: they can be set. After a restart of the machine it is certain only that it
        has run since then, so the wait begins anew with it.
        """
        since = moment.boot_ms - (self.boot_ms if moment.boot == self.boot else 0)
        return max(0, -(-(wait_after(self.wrong) * 1000 - max(0, since)) // 1000))


class PinTries(Protocol):
    """Where tries are counted, by the slot's name. What a method did is on the disk when it returns.

    Raises (every method): Unavailable or Damaged: the file cannot be written or read; then nothing is tried.
    """

    def pin_tried(self, slot: str) -> Tried:
        """How it stands."""

    def count_pin(self, slot: str, moment: Moment) -> Tried:
        """Count a try as wrong: called before it is made."""

    def pin_opened(self, slot: str) -> None:
        """The try was right: the count is over."""
