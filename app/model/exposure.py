"""Shares of know-how, and the sets of pages behind them: pure arithmetic.

A set of a client's pages is one integer: bit *n* stands for the page with the number *n*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True)
class Share:
    """``seen`` of ``of`` pages."""

    seen: int
    of: int

    @property
    def percent(self) -> int:
        """Rounded up, so that a limit that is crossed reads as crossed; 100 is all of them and no less."""
        if self.seen >= self.of:
            return 100 if self.of else 0
        return min(99, -(-100 * self.seen // self.of))

    def beyond(self, limit: int | None) -> bool:
        """Whether it is more than ``limit`` per cent; None: there is no limit."""
        return limit is not None and 100 * self.seen > limit * self.of


def share(given: int, counted: int) -> Share:
    """The share of the pages ``counted`` that are among those ``given``."""
    return Share((given & counted).bit_count(), counted.bit_count())


def bits(numbers: Iterable[int]) -> int:
    """The set of these pages."""
    found = 0
    for number in numbers:
        found |= 1 << number
    return found


def numbers(pages: int) -> Iterator[int]:
    """The pages of a set, in their order."""
    while pages:
        low = pages & -pages
        yield low.bit_length() - 1
        pages ^= low


def pack(pages: int) -> bytes:
    """A set as it is kept: little-endian, without empty bytes at its end."""
    return pages.to_bytes((pages.bit_length() + 7) // 8, "little")


def unpack(data: bytes) -> int:
    """The set that was kept."""
    return int.from_bytes(data, "little")
