"""Whether a client's log lacks nothing of any kiosk: kiosks number their events for each client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Gap:
    """Numbers that a kiosk gave to events of this client in an epoch and that are not there."""

    kiosk: str
    epoch: int
    first: int
    last: int

    @property
    def says(self) -> str:
        """The gap as a sentence."""
        which = f"event {self.first}" if self.first == self.last else f"events {self.first} to {self.last}"
        return f"Kiosk {self.kiosk} (epoch {self.epoch}) numbered {which} of this client that the log lacks."


class Journals:
    """Follows kiosks through a client's log. ``whole``: from the log's beginning.

    ``broken`` counts events that do not follow the one before, ``unnumbered`` those without a number.
    """

    def __init__(self, *, whole: bool) -> None:
        self._whole = whole
        self._at: dict[tuple[str, int], tuple[int, int, str]] = {}
        self.gaps: list[Gap] = []
        self.broken = 0
        self.unnumbered = 0

    def add(self, event: Mapping[str, Any], digest: str) -> None:
        """Follow the next entry; with its hash ("": not known) also whether the next one names it."""
        place, number, seq = (event["kiosk"], event["epoch"]), event["client_seq"], event["seq"]
        before = self._at.get(place)
        held = before[0] if before is not None else (0 if self._whole else number - 1)
        if number == 0:
            self.unnumbered += 1
        elif number > held + 1:
            self.gaps.append(Gap(*place, held + 1, number - 1))
        elif number <= held:
            self.broken += 1
        if before is not None and before[2] and before[1] + 1 == seq and event["prev"] != before[2]:
            self.broken += 1
        self._at[place] = (number or held, seq, digest)
