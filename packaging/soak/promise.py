"""What a proof is, and how it tells what it found. What each one does stands in the module of its name."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass
class Figures:
    """The figures of a run. ``broken`` are the promises that did not hold, in words; none: all held."""

    done: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def count(self, what: str, number: int = 1) -> None:
        """Add to a figure."""
        self.done[what] = self.done.get(what, 0) + number

    def promise(self, holds: object, otherwise: str) -> None:
        """Note what broke, if it did."""
        if not holds:
            self.broken.append(otherwise)
            say(f"BROKEN: {otherwise}")

    def line(self, name: str) -> str:
        """Everything on one line."""
        said = ", ".join(f"{number} {what}" for what, number in self.done.items())
        return f"{name}: {said}; {len(self.broken)} promises broken"


@dataclass(frozen=True)
class Proof:
    """A named proof; ``full`` is how many faults the full form makes, of the kind ``faults``; its figures say
    ``counted`` for them.
    """

    name: str
    full: int
    faults: str
    counted: str
    run: Callable[[int, int], Figures]


_until: list[float] = []


def stop_after(minutes: float) -> None:
    """From now on so long: then no further fault is made, and what was found is told."""
    _until[:] = [time.monotonic() + 60 * minutes]


def enough() -> bool:
    """Whether the time that was given is over."""
    return bool(_until) and time.monotonic() > _until[0]


_keep: list[Path] = []
_only: list[str] = []


def keep_in(path: Path) -> None:
    """Outcomes are appended to this file, and those that it holds are not made again."""
    _keep[:] = [path]


def keeping() -> Path | None:
    """Where outcomes are kept, if anywhere."""
    return _keep[0] if _keep else None


def only(parts: list[str]) -> None:
    """Of several kinds of faults only those whose names have one of these parts."""
    _only[:] = parts


def chosen(name: str) -> bool:
    """Whether faults of this kind are to be made."""
    return not _only or any(part in name for part in _only)


def say(text: str) -> None:
    """Tell what goes on."""
    print(f"  {text}", file=sys.stderr, flush=True)


def progress(done: int, of: int, figures: Figures) -> None:
    """Tell how far it is, about twenty times."""
    if done % max(1, of // 20) == 0 or done == of:
        said = ", ".join(f"{number} {what}" for what, number in figures.done.items())
        say(f"{done} of {of}: {said}")
