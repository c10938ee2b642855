"""Whether a client's log lacks nothing of any kiosk: kiosks number their events for each client."""

from __future__ import annotations

from dataclasses import dataclass


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


@dataclass(slots=True)
class _Run:
    """A stretch of a kiosk's events: how it begins and ends. A number of 0: none of them has one."""

    begins: tuple[int, str]
    first: int
    seq: int = -1
    digest: str = ""
    number: int = 0


class Journals:
    """Follows kiosks through a client's log. ``whole``: from the log's beginning.

    ``broken`` counts events that do not follow the one before, ``unnumbered`` those without a number.
    """

    def __init__(self, *, whole: bool) -> None:
        self._whole = whole
        self._runs: dict[tuple[str, int], _Run] = {}
        self.gaps: list[Gap] = []
        self.broken = 0
        self.unnumbered = 0

    def add(self, place: tuple[str, int], seq: int, prev: str, number: int, digest: str) -> None:
        """Follow the next entry of a kiosk in an epoch; with its hash ("": not known) also whether the next
        one names it. ``number`` is the kiosk's own for this client.
        """
        run = self._runs.get(place)
        if run is None:
            run = self._runs[place] = _Run((seq, prev), 0)
        self._follow(place, run, (seq, prev), number)
        if number == 0:
            self.unnumbered += 1
        else:
            run.number = number
            run.first = run.first or number
        run.seq, run.digest = seq, digest

    def join(self, later: Journals) -> None:
        """Follow what another has followed from here on, not knowing what was before."""
        for place, then in later._runs.items():
            run = self._runs.get(place)
            if run is None:
                run = self._runs[place] = _Run(then.begins, 0)
            self._follow(place, run, then.begins, then.first)
            run.seq, run.digest = then.seq, then.digest
            run.first, run.number = run.first or then.first, then.number or run.number
        self.gaps += later.gaps
        self.broken += later.broken
        self.unnumbered += later.unnumbered

    def _follow(self, place: tuple[str, int], run: _Run, begins: tuple[int, str], number: int) -> None:
        known = self._whole or run.number != 0
        if number and known:
            if number > run.number + 1:
                self.gaps.append(Gap(*place, run.number + 1, number - 1))
            elif number <= run.number:
                self.broken += 1
        seq, prev = begins
        if run.digest and run.seq + 1 == seq and prev != run.digest:
            self.broken += 1
