"""What a supervisor feels: a card that follows the pointer over a large board."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from kit.processes import ROOT

from bench import Result, Samples, bench

STATIONS, PEOPLE, MOVES = 200, 500, 600


@bench("board-drag", to_reach=1000 / 60)
def board_drag() -> Result:
    """The slowest frame of 600 moves with 200 stations and 500 people, at full HD."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.desk_driver", str(STATIONS), str(PEOPLE), str(MOVES)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": f"{ROOT}:{ROOT / 'packaging'}"},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    taken, own = Samples(tuple(found["seconds"])), Samples(tuple(found["own"]))
    more = {
        "median ms": taken.median * 1e3,
        "p99 ms": taken.p99 * 1e3,
        "slowest, own ms": max(own.seconds) * 1e3,
    }
    return Result(max(taken.seconds) * 1e3, samples=taken, more=more)
