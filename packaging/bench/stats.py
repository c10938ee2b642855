"""How time is taken and summed up: warm-up, frozen garbage collector, order statistics."""

from __future__ import annotations

import gc
import math
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Samples:
    """Durations in seconds, in the order in which they were taken."""

    seconds: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.seconds:
            raise ValueError("a measurement needs at least one sample")

    def percentile(self, share: float) -> float:
        """Return the nearest-rank percentile: the smallest sample that ``share`` percent do not exceed."""
        if not 0 < share <= 100:
            raise ValueError(f"a percentile lies above 0 and up to 100, not at {share}")
        ordered = sorted(self.seconds)
        return ordered[math.ceil(share / 100 * len(ordered)) - 1]

    @property
    def median(self) -> float:
        """The middle sample, or the mean of the two in the middle."""
        ordered = sorted(self.seconds)
        middle = len(ordered) // 2
        if len(ordered) % 2:
            return ordered[middle]
        return (ordered[middle - 1] + ordered[middle]) / 2

    @property
    def p95(self) -> float:
        """What 95 of 100 samples do not exceed."""
        return self.percentile(95)

    @property
    def p99(self) -> float:
        """What 99 of 100 samples do not exceed."""
        return self.percentile(99)


@contextmanager
def quiet_collector() -> Iterator[None]:
    """Keep the garbage collector out of the measured code: collect, freeze, switch off; then undo."""
    was_on = gc.isenabled()
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_on:
            gc.enable()


def measure(work: Callable[[], object], *, repeat: int = 50, warm_up: int = 5) -> Samples:
    """Run ``work`` ``warm_up`` times unmeasured and then ``repeat`` times measured."""
    return measure_in_turn([work], repeat=repeat, warm_up=warm_up)[0]


def measure_in_turn(
    works: Sequence[Callable[[], object]], *, repeat: int = 50, warm_up: int = 5
) -> tuple[Samples, ...]:
    """Measure several things one after the other in each round, so that a slow moment meets all.

    This is how a ratio is taken: yardstick and subject share the weather. The order turns with each round.
    """
    for _ in range(warm_up):
        for work in works:
            work()
    taken: list[list[float]] = [[] for _ in works]
    with quiet_collector():
        for turn in range(repeat):
            for place in range(len(works)):
                which = (place + turn) % len(works)
                began = time.perf_counter()
                works[which]()
                taken[which].append(time.perf_counter() - began)
    return tuple(Samples(tuple(each)) for each in taken)
