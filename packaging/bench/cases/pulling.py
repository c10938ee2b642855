"""Pulling the pages of a station over loopback TLS."""

from __future__ import annotations

import json
import shutil
import sys

from kit.processes import run

from bench import Result, Samples, Skipped, bench
from bench.rig import LONG_PAGES, PATH, environment_of, rig

ROUNDS = 31  # at most 60 with the warm-up: the hub takes counters that are 63 behind
FRAME_HEAD = 36


@bench("pull-50-pages", against="curl of the same bytes over TLS, median", to_reach=2.0)
def pull_50_pages() -> Result:
    """Lease in hand: connect, ask, receive, check each hash, and commit all to a fresh encrypted cache.

    curl sends the same request, signed beforehand, to the same hub and throws the answer away; its time
    includes the start of its process. Both begin with a new TLS 1.3 connection, and take turns.
    """
    if shutil.which("curl") is None:
        raise Skipped("curl is missing")
    place = rig().place("long")
    hub = f"https://localhost:{rig().plant.port}"  # without the network plug, whose bytes go through Python
    command = [sys.executable, "-m", "bench.pulling", str(place.kiosk.home), hub, str(ROUNDS)]
    found = json.loads(run(command, env=environment_of(place) | {"PYTHONPATH": PATH}).stdout)
    if found["pages"] != LONG_PAGES:
        raise RuntimeError(f"{found['pages']} pages were pulled, not {LONG_PAGES}")
    if found["curl bytes"] != found["bytes"] + LONG_PAGES * FRAME_HEAD:
        raise RuntimeError(f"curl got {found['curl bytes']} bytes of {found['bytes']}")
    taken, curl = Samples(tuple(found["seconds"])), Samples(tuple(found["curl"]))
    megabytes = found["bytes"] / 1e6
    return Result(
        taken.median * 1e3,
        against=curl.median * 1e3,
        samples=taken,
        more={
            "MB": megabytes,
            "MB/s": megabytes / taken.median,
            "CPU ms": Samples(tuple(found["cpu"])).median * 1e3,
            "CPU ms of curl": Samples(tuple(found["curl cpu"])).median * 1e3,
        },
    )
