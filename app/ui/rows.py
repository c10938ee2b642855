"""Buttons with large letters in rows: every word stays whole, and each row is as high as its words need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.ui.touch_button import TouchButton


@dataclass(frozen=True)
class Rows:
    """Buttons by rows, the height of each row, and the width of each column, in device-independent pixels."""

    rows: tuple[tuple[tuple[TouchButton, ...], int], ...]
    wide: int
    gap: int

    @property
    def high(self) -> int:
        """Height of all, with the gaps between."""
        return sum(high + self.gap for _, high in self.rows) - self.gap

    def within(self, most: int) -> Rows:
        """The same in no more than ``most``: the highest rows give way, and letters there become smaller."""
        highs = [high for _, high in self.rows]
        over, least = self.high - most, min(highs, default=0)
        while over > 0 and max(highs) > least:
            highs[highs.index(max(highs))] -= 1
            over -= 1
        rows = tuple((buttons, high) for (buttons, _), high in zip(self.rows, highs, strict=True))
        return Rows(rows, self.wide, self.gap)

    def place(self, left: int, top: int) -> None:
        """Put the buttons there, row by row."""
        for buttons, high in self.rows:
            for column, button in enumerate(buttons):
                button.setGeometry(left + column * (self.wide + self.gap), top, self.wide, high)
            top += high + self.gap


def in_rows(buttons: Sequence[TouchButton], width: int, gap: int, columns: Sequence[int]) -> Rows:
    """Divide ``width`` by the first of ``columns`` in which every word has room; if there is none, by the
    first in which what Chinese words are made of has; else by the last.
    """

    def wide(count: int) -> int:
        return (width - (count - 1) * gap) // count

    def whole(count: int) -> bool:
        return all(button.height_wanted(wide(count)) for button in buttons)

    roomy = [count for count in columns if whole(count)] or columns[-1:]
    count = next((c for c in roomy if not any(button.breaks(wide(c)) for button in buttons)), roomy[0])
    highs = [button.height_wanted(wide(count)) for button in buttons]
    target = max(highs, default=0)
    rows = tuple(
        (tuple(buttons[at : at + count]), max(highs[at : at + count]) or target)
        for at in range(0, len(buttons), count)
    )
    return Rows(rows, wide(count), gap)
