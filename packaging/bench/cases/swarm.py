"""Many kiosks connected to one hub: a move, a lockdown, and what they cost at rest.

``STATIONLEAF_SWARM`` is how many kiosks: 1000 is what the limits are for. It takes more than ten minutes and
some gigabytes of memory, so without it there are fewer.
"""

from __future__ import annotations

import os
import sys
from functools import cache

from bench.registry import Result, bench
from bench.swarm import Measured, measure

KIOSKS = 50


@cache
def _measured() -> Measured:
    count = int(os.environ.get("STATIONLEAF_SWARM", KIOSKS))
    return measure(count, lambda text: print(f"  {text}", file=sys.stderr, flush=True))


def _more() -> dict[str, float]:
    return {"kiosks": _measured().kiosks, "load of the machine": _measured().load}


@bench("swarm-move", to_reach=1.0, unit="s")
def swarm_move() -> Result:
    """From the drop at a desk until the old kiosk's page is gone and the new kiosk is ready, p99."""
    moves = _measured().moves
    return Result(moves.p99, samples=moves, more={"median": moves.median, **_more()})


@bench("swarm-lockdown", to_reach=5.0, unit="s")
def swarm_lockdown() -> Result:
    """From the lockdown of a revision that every kiosk holds until the hub has the last receipt."""
    return Result(_measured().lockdown, more=_more())


@bench("swarm-memory", to_reach=100.0, unit="kB")
def swarm_memory() -> Result:
    """What the hub's own memory has grown by, for each kiosk that listens, at rest."""
    return Result(_measured().bytes_each / 1000, more=_more())


@bench("swarm-cpu", to_reach=5.0, unit="%")
def swarm_cpu() -> Result:
    """The hub's share of one core while nothing happens."""
    return Result(100 * _measured().cpu_at_rest, more=_more())
