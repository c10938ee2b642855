"""Runs ``stationleaf`` with a watchdog on its Qt thread: ``python -m kit.watched FILE kiosk …``.

What it found is in FILE, as JSON, written anew every second once the kiosk hears badges: ``rounds`` of the
thread, times (seconds) of over 50 ms that it was away by the clock (``frozen``), those that were its own
doing (``own``), and what the threads did then (``doing``).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer

from app.cli.main import main as stationleaf
from app.ui import kiosk_app
from kit.meter import Meter

if TYPE_CHECKING:
    from app.ui.bridge import Bridge

MOST_S = 0.05
TELL_MS = 1000
_kept: list[object] = []


def main() -> None:
    """See the module."""
    told = Path(sys.argv.pop(1))
    bring_up = kiosk_app.bring_up

    def watched(*words: Any, **options: Any) -> Bridge:
        bridge = bring_up(*words, **options)
        _watch(told)
        return bridge

    kiosk_app.bring_up = watched
    stationleaf()


def _watch(told: Path) -> None:
    meter, telling = Meter(MOST_S), QTimer()
    meter.measure()
    fresh = told.with_suffix(".new")

    def tell() -> None:
        found = {"rounds": meter.rounds, "frozen": meter.frozen, "own": meter.own, "doing": meter.doing}
        fresh.write_text(json.dumps(found), encoding="utf-8")
        fresh.replace(told)

    telling.timeout.connect(tell)
    telling.start(TELL_MS)
    _kept.extend((meter, telling))


if __name__ == "__main__":
    main()
