"""How results are shown: a table for people, JSON for machines, one line about the machine itself."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.registry import Bench, Result

PACKAGES = ("pymupdf", "pyside6-essentials", "sqlcipher3", "cryptography", "sqlalchemy", "uvicorn")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one bench: a result, or the reason why it was skipped."""

    bench: Bench
    result: Result | None
    skipped: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the limit holds; None where it was skipped or nothing is demanded."""
        return None if self.result is None else self.bench.met(self.result)


def machine() -> dict[str, str]:
    """Describe what the figures were taken on: processor, cores, system, versions."""
    described = {
        "cpu": processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }
    for package in PACKAGES:
        try:
            described[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            described[package] = "absent"
    return described


def processor() -> str:
    """Return the processor's name as the kernel gives it, or what the platform module knows."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def figure(value: float | None, unit: str = "") -> str:
    """Write a number with three significant digits, and its unit."""
    if value is None:
        return "–"
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return f"{text} {unit}".strip()


def limit(bench: Bench) -> str:
    """Write what is to be reached, e.g. ``≤ 1.25`` or ``≤ 400 ms``."""
    if bench.to_reach is None:
        return "–"
    sign = "≤" if bench.better == "lower" else "≥"
    return f"{sign} {figure(bench.to_reach, '' if bench.against else bench.unit)}"


def row(outcome: Outcome) -> tuple[str, ...]:
    """Return the table's cells for one outcome."""
    bench, result = outcome.bench, outcome.result
    if result is None:
        return (bench.name, "skipped", outcome.skipped, "–", limit(bench), "–")
    beside = bench.against or "–"
    if result.against is not None:
        beside = f"{bench.against}: {figure(result.against, bench.unit)}"
    met = {True: "yes", False: "NO", None: "–"}[outcome.met]
    ratio = figure(bench.compared(result))
    return (bench.name, figure(result.value, bench.unit), beside, ratio, limit(bench), met)


def table(outcomes: list[Outcome]) -> str:
    """Lay the outcomes out as a table of plain text, with further figures under their row."""
    head = ("bench", "value", "against", "ratio", "to reach", "met")
    rows = [row(outcome) for outcome in outcomes]
    widths = [max(len(cells[column]) for cells in [head, *rows]) for column in range(len(head))]

    def line(cells: tuple[str, ...]) -> str:
        return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()

    lines = [line(head), line(tuple("-" * width for width in widths))]
    for outcome, cells in zip(outcomes, rows, strict=True):
        lines.append(line(cells))
        if outcome.result is not None and outcome.result.more:
            more = ", ".join(f"{name} {figure(value)}" for name, value in outcome.result.more.items())
            lines.append(f"    {more}")
    return "\n".join(lines)


def machine_line() -> str:
    """Return the machine's description on one line."""
    return " · ".join(
        value if key in {"cpu", "system"} else f"{key} {value}" for key, value in machine().items()
    )


def as_json(outcomes: list[Outcome]) -> dict[str, Any]:
    """Return everything that was measured, with all samples in seconds, ready for ``json.dump``."""
    return {"machine": machine(), "benches": [_one(outcome) for outcome in outcomes]}


def _one(outcome: Outcome) -> dict[str, Any]:
    bench, result = outcome.bench, outcome.result
    written: dict[str, Any] = {
        "name": bench.name,
        "unit": bench.unit,
        "against": bench.against,
        "to_reach": bench.to_reach,
        "better": bench.better,
        "skipped": outcome.skipped,
        "met": outcome.met,
    }
    if result is not None:
        written |= {
            "value": result.value,
            "yardstick": result.against,
            "ratio": bench.compared(result),
            "more": result.more,
            "samples": list(result.samples.seconds) if result.samples else [],
        }
    return written
