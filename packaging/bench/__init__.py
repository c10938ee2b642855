"""Measurements of Stationleaf beside their yardsticks. Nothing here is imported by the program itself.

A bench is a function in a module of ``bench.cases``, found by its decorator::

    @bench("page-turn", against="one 60 Hz frame", to_reach=1.0, unit="ms")
    def page_turn() -> Result:
        samples = measure(turn, repeat=200)
        return Result(samples.p99 * 1e3, against=1000 / 60, samples=samples)
"""

from __future__ import annotations

from bench.registry import Bench, Result, Skipped, bench
from bench.stats import Samples, measure, measure_in_turn
from bench.workspace import scratch

__all__ = ["Bench", "Result", "Samples", "Skipped", "bench", "measure", "measure_in_turn", "scratch"]
