"""Runs ``stationleaf`` with a watchdog on its Qt thread: ``python -m kit.watched FILE kiosk …``.

What it found is in FILE, as JSON, written anew every second once the kiosk hears badges: ``rounds`` of the
thread, times (seconds) of over 50 ms that it was away by the clock (``frozen``), those that were its own
doing (``own``), and what the threads did then (``doing``).
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.main import main as stationleaf
from app.ui import kiosk_app
from kit.desktop import DISPLAY_SERVER
from kit.meter import Meter

if TYPE_CHECKING:
    from app.ui.bridge import Bridge

MOST_S = 0.05
TELL_S = 1.0
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
    server = os.environ.get(DISPLAY_SERVER, "")
    meter = Meter(MOST_S, int(server) if server else None)
    meter.measure()
    fresh = told.with_suffix(".new")

    def tell() -> None:
        """Beside the thread that is watched: a disk that it waits for is not the kiosk's doing."""
        while True:
            time.sleep(TELL_S)
            found = {"rounds": meter.rounds, "frozen": meter.frozen, "own": meter.own, "doing": meter.doing}
            fresh.write_text(json.dumps(found), encoding="utf-8")
            fresh.replace(told)

    threading.Thread(target=tell, name="watchdog", daemon=True).start()
    _kept.append(meter)


if __name__ == "__main__":
    main()
