"""Kiosks without screens, many in one process: ``python -m bench.fleet FOLDER HUB ROOT``.

Each is the kiosk's own code: enrolment, keys, the three files, sync and push, over TLS. Only their engine is
left out, whose place is taken by a few lines that tell when something changed. Orders come in as lines of
JSON, what happens goes out as lines of JSON, with times of the machine's one monotonic clock.

``Fleet`` is such a process as its owner sees it.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.processes import ROOT, environment

from app.kiosk.cache import Cache
from app.kiosk.enrol import Enrolment, Sheet
from app.kiosk.outbox import Outbox
from app.kiosk.places import Places
from app.kiosk.state import State
from app.kiosk.supplies import Supplies, trust_of
from app.kiosk.sync import Sync
from app.wire.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.kiosk.access import Holding
    from app.kiosk.vault import DeviceKeys

HANDS = 6
STACK = 512 * 1024
CLOCK = SystemClock()
_printing = threading.Lock()


def say(**what: Any) -> None:
    """One line to whoever started this."""
    with _printing:
        print(json.dumps(what), flush=True)


def told_of(holding: Holding | None, now: datetime) -> dict[str, Any]:
    """What is told of a lease: who is assigned here now, and how many pages it lists."""
    if holding is None:
        return {"here": [], "pages": 0}
    station = holding.lease.station.code
    here = [
        person.person
        for person in holding.lease.operators
        for span in person.assignments
        if span.station == station and span.start <= now and (span.end is None or now < span.end)
    ]
    return {"here": here, "pages": len(holding.manifest.pages)}


class Keys:
    """Where this process keeps a device's keys: its own memory. A bench has no keyring for a thousand."""

    def __init__(self) -> None:
        self.kept: DeviceKeys | None = None

    def load(self) -> DeviceKeys | None:
        """Return the keys, or None before there are any."""
        return self.kept

    def store(self, keys: DeviceKeys) -> None:
        """Keep the keys."""
        self.kept = keys

    def erase(self) -> None:
        """Forget them."""
        self.kept = None


class SimulatedKiosk:
    """One kiosk; also its own engine (``contact.Doors``)."""

    def __init__(self, folder: Path, code: str) -> None:
        self.code, self.keys = code, Keys()
        self.places = Places(folder / code)
        self.places.home.mkdir(parents=True)
        self._said: dict[str, Any] = {}
        self._open: list[Cache | State | Outbox] = []

    def enrol(self, sheet: Sheet) -> str:
        """Ask the hub to take this device; returns the number to compare."""
        return Enrolment(self.places, self.keys, Keys(), CLOCK).ask(sheet).number

    def start(self) -> None:
        """Open the files and begin to sync."""
        keys = self.keys.kept
        if keys is None:
            raise RuntimeError(f"{self.code} is not enrolled")
        state = State(self.places.state, keys.cache_key)
        trust = trust_of(state, keys, CLOCK.now())
        cache, _ = Cache.open(self.places.cache, keys.cache_key)
        outbox = Outbox(self.places.outbox, keys.kiosk, keys.epoch, keys.sign, trust.seal_key)
        self._open = [state, cache, outbox]
        self.sync = Sync(self, Supplies(keys, trust, state, cache, outbox, CLOCK))
        self.sync.start()

    def stop(self) -> None:
        """End, and close the files."""
        self.sync.stop()
        for part in self._open:
            part.close()

    def _tell(self, **what: Any) -> None:
        self._said |= what
        say(kiosk=self.code, at=time.monotonic(), **self._said)

    def on_holding(self, holding: Holding | None) -> None:
        """A lease is in force: who is assigned here, and how many pages it lists."""
        self._tell(**told_of(holding, CLOCK.now()))

    def on_pulled(self, done: int, total: int) -> None:
        """So many of the pages are here."""
        self._tell(done=done, total=total)

    def on_status(self, **changes: Any) -> None:
        """For the screen, which is not there."""
        if changes.get("trouble"):
            self._tell(trouble=changes["trouble"])

    def on_local(self, **facts: Any) -> None:
        """For the screen, which is not there."""

    def on_confirmed(self) -> None:
        """The hub has more of the journal: it gives a line to those who wait for it itself."""


class Fleet:
    """A process of kiosks, those of ``module``; ``on_said`` is told each line, on a thread of its own."""

    def __init__(
        self,
        folder: Path,
        hub: str,
        root: str,
        on_said: Callable[[dict[str, Any]], None],
        module: str = "bench.fleet",
    ) -> None:
        words = [sys.executable, "-m", module, str(folder), hub, root]
        env = environment({"PYTHONPATH": f"{ROOT}:{ROOT / 'packaging'}"})
        self._on_said = on_said
        self._process = subprocess.Popen(
            words, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._hearing = threading.Thread(target=self._hear, daemon=True)
        self._hearing.start()

    def order(self, **what: Any) -> None:
        """Tell it to do something."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def close(self) -> None:
        """End every kiosk, and the process."""
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._hearing.join(300)

    def _hear(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._on_said(json.loads(line))


def main(folder: str, hub: str, root: str) -> None:
    """Do as told until the orders end."""
    threading.stack_size(STACK)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a kiosk has eleven files and connections open
    fleet: dict[str, SimulatedKiosk] = {}
    with ThreadPoolExecutor(HANDS) as hands:
        for line in sys.stdin:
            order = json.loads(line)
            if order["do"] == "enrol":
                fresh = {code: SimulatedKiosk(Path(folder), code) for code in order["codes"]}
                asked = {
                    code: hands.submit(kiosk.enrol, Sheet.read(hub, root, order["codes"][code]))
                    for code, kiosk in fresh.items()
                }
                say(numbers={code: number.result() for code, number in asked.items()})
                fleet |= fresh
            elif order["do"] == "start":
                list(hands.map(SimulatedKiosk.start, fleet.values()))
                say(started=len(fleet))
        list(hands.map(SimulatedKiosk.stop, fleet.values()))


if __name__ == "__main__":
    main(*sys.argv[1:])
