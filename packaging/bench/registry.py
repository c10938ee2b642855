"""What a bench is, what it returns, and where all of them are found. How to measure is in ``stats``."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.stats import Samples


class Skipped(Exception):
    """Raised by a bench whose subject is absent on this machine; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Result:
    """One measurement: ``value`` and, if there is one, the yardstick's figure, both in the bench's unit.

    ``samples`` are kept for the machine-readable report; ``more`` holds figures worth printing beside the
    ratio, by name.
    """

    value: float
    against: float | None = None
    samples: Samples | None = None
    more: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bench:
    """A named measurement and what it must reach.

    ``to_reach`` is a limit on the ratio ``value / against``, or on the bare value (in ``unit``) where
    ``against`` is empty. None: a reference figure that nothing is demanded of. ``better`` says on which side
    of the limit the good values lie.
    """

    name: str
    run: Callable[[], Result]
    against: str
    to_reach: float | None
    unit: str
    better: Literal["lower", "higher"]

    def compared(self, result: Result) -> float | None:
        """Return the ratio to the yardstick, or None where there is no yardstick."""
        if result.against is None:
            return None
        return result.value / result.against

    def met(self, result: Result) -> bool | None:
        """Tell whether the limit holds; None where nothing is demanded."""
        if self.to_reach is None:
            return None
        ratio = self.compared(result)
        figure = result.value if ratio is None else ratio
        return figure <= self.to_reach if self.better == "lower" else figure >= self.to_reach


_BENCHES: dict[str, Bench] = {}


def bench(
    name: str,
    *,
    against: str = "",
    to_reach: float | None = None,
    unit: str = "ms",
    better: Literal["lower", "higher"] = "lower",
) -> Callable[[Callable[[], Result]], Callable[[], Result]]:
    """Register a function without arguments as the bench ``name``. Raises ValueError if the name is taken."""

    def register(run: Callable[[], Result]) -> Callable[[], Result]:
        if name in _BENCHES:
            raise ValueError(f"two benches are named {name!r}")
        _BENCHES[name] = Bench(name, run, against, to_reach, unit, better)
        return run

    return register


def benches() -> dict[str, Bench]:
    """Import every module of ``bench.cases`` and return all benches by name, in the order of their files."""
    cases = importlib.import_module("bench.cases")
    for module in sorted(found.name for found in pkgutil.iter_modules(cases.__path__)):
        importlib.import_module(f"bench.cases.{module}")
    return dict(_BENCHES)
