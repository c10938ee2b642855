"""The one clock: everything else takes the time as an argument, or this as a port."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Moment:
    """One reading: wall time (UTC), and CLOCK_BOOTTIME in milliseconds within the boot ``boot``."""

    wall: datetime
    boot_ms: int
    boot: str


class Clock(Protocol):
    """A source of moments."""

    def now(self) -> datetime:
        """Wall time, aware UTC."""

    def moment(self) -> Moment:
        """Wall time with boot time, read together."""


class SystemClock:
    """The machine's clock."""

    def __init__(self) -> None:
        self._boot = _boot_id()

    def now(self) -> datetime:
        """Wall time, aware UTC."""
        return datetime.now(UTC)  # noqa: TID251 (the one clock)

    def moment(self) -> Moment:
        """Wall time with boot time, read together."""
        return Moment(self.now(), _boot_ms(), self._boot)


def _boot_ms() -> int:
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return (
        time.clock_gettime_ns(clock) // 1_000_000 if clock is not None else time.monotonic_ns() // 1_000_000
    )


def _boot_id() -> str:
    path = Path("/proc/sys/kernel/random/boot_id")
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return "unknown"
