"""A plant with many kiosks at one hub, and what a change there takes: ``packaging/dev swarm N``.

The hub is a process of its own and serves TLS; the kiosks are ``bench.fleet``. A change is committed as the
commands do it, in another process than the hub's, which hears of it by a knock.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.plant import FIRST_PERSON, Plant, Publication
from kit.processes import ROOT, KitError, environment, wait_for
from sqlalchemy import func, select

from app.hub import agreements, kiosks, lockdown, people, plant, work
from app.hub.acting import Acting, actor
from app.hub.home import Home
from app.hub.knock import knock
from app.hub.revocations import Kind
from app.hub.schema import Badge, EventRow
from app.hub.store import Store
from app.model.terms import CredentialKind, Role
from app.seal.slot import OperatorKey
from app.wire.clock import SystemClock
from bench.stats import Samples
from bench.workspace import scratch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STATIONS = 10
"""Stations of a line, each with a kiosk; the worker of the first moves to the last, which has nobody."""

MOVES = 40
"""Half of them back again, so that everybody is at home when all is locked down."""

REST_SECONDS = 20.0
SECOND = "SUP-2"
DOCUMENT, LABEL = "WI-1", "A"
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    """Seconds a move and of the lockdown; bytes a kiosk that listens; share of a core at rest; kiosks."""

    kiosks: int
    moves: Samples
    lockdown: float
    bytes_each: float
    cpu_at_rest: float


@dataclass
class Swarm:
    """The plant and its fleet."""

    folder: Path
    count: int
    plant: Plant
    store: Store
    fleet: subprocess.Popen[str]
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    started: int = 0

    @contextmanager
    def acting(self, person: str = FIRST_PERSON) -> Iterator[Acting]:
        """A change by somebody, in this process."""
        with self.store.write() as session:
            yield Acting(session, actor(session, person), SystemClock().now(), "bench")

    def codes(self) -> list[str]:
        """Every kiosk."""
        return [f"K-{number}" for number in range(self.count)]

    def order(self, **what: Any) -> None:
        """Tell the fleet."""
        assert self.fleet.stdin is not None
        self.fleet.stdin.write(json.dumps(what) + "\n")
        self.fleet.stdin.flush()

    def hear(self) -> None:
        """Read what the fleet says, until it ends."""
        assert self.fleet.stdout is not None
        for line in self.fleet.stdout:
            said = json.loads(line)
            if "kiosk" in said:
                self.told[said["kiosk"]] = said
            self.numbers |= said.get("numbers", {})
            self.started = said.get("started", self.started)

    def furnish(self) -> None:
        """Lines, stations, people and a document whose pages are for all stations."""
        with self.acting() as act:
            people.put_person(act, person=SECOND, name="Second Admin", roles=[Role.ADMIN])
            plant.put_client(act, client="C1", name="Client One")
            plant.put_part(act, part="P1", client="C1", name="Part One")
            agreements.set_agreement(act, client="C1", version="1", title="Agreement")
            for number in range(self.count):
                line, station = f"L-{number // STATIONS}", f"ST-{number}"
                if number % STATIONS == 0:
                    plant.put_line(act, line=line, site="S1", name=line)
                plant.put_station(act, station=station, name=station, line=line, parts=["P1"])
                kiosks.add(act, kiosk=f"K-{number}", station=station)
                self.hire(act, f"W-{number}")
                if not self.is_spare(number):
                    work.assign(act, person=f"W-{number}", station=station)

    def is_spare(self, number: int) -> bool:
        """Whether nobody works at this station at first: the last of a line."""
        return number % STATIONS == STATIONS - 1

    def hire(self, act: Acting, person: str) -> None:
        """Somebody who has signed, with a slot that nobody opens here: deriving 1,000 is another bench."""
        people.put_person(act, person=person, name=f"Worker {person}")
        agreements.sign_agreement(act, person=person, client="C1")
        keys = OperatorKey.generate()
        act.session.add(
            Badge(
                person=person, hmac=os.urandom(32).hex(), tail="0000", active=True, issued=act.now,
                kind=CredentialKind.CARD.value, slot_tag=os.urandom(16), slot_salt=b"",
                slot_box=os.urandom(92), seal_public=keys.seal.public, sign_public=keys.sign.public,
            )
        )  # fmt: skip

    def enrol(self) -> None:
        """Every kiosk for real, with a code, a request over TLS and a second administrator."""
        for first in range(0, self.count, 100):
            lot = self.codes()[first : first + 100]
            with self.acting() as act:
                codes = {kiosk: kiosks.new_code(act, kiosk)[0] for kiosk in lot}
            self.order(do="enrol", codes=codes)
            wanted = set(lot)
            self.until("the enrolments", partial(self.asked, wanted), 600)
            with self.acting(SECOND) as act:
                for kiosk in lot:
                    kiosks.approve(act, kiosk, self.numbers[kiosk])

    def asked(self, kiosks: set[str]) -> bool:
        """Whether all of these have asked to be enrolled."""
        return kiosks <= set(self.numbers)

    def until(self, what: str, ready: Callable[[], bool], seconds: float) -> None:
        """Wait, unless the fleet has ended."""
        wait_for(what, lambda: ready() or self.fleet.poll() is not None, seconds, 0.01)
        if self.fleet.poll() is not None:
            raise KitError("the fleet has ended")

    def ready(self, kiosk: str) -> bool:
        """Whether it has all pages that its lease lists, and lists some."""
        said = self.told.get(kiosk, {})
        pages: int = said.get("pages", 0)
        return pages > 0 and (said.get("done"), said.get("total")) == (pages, pages)

    def move(self, line: int, *, forth: bool) -> float:
        """Move the first worker of a line to its last station, or back; return seconds until both know."""
        one, other = line * STATIONS, line * STATIONS + STATIONS - 1
        leaves, comes = (one, other) if forth else (other, one)
        person = f"W-{one}"
        begun = time.monotonic()
        with self.acting() as act:
            work.unassign(act, person=person, station=f"ST-{leaves}")
            work.assign(act, person=person, station=f"ST-{comes}")
        old, new = f"K-{leaves}", f"K-{comes}"
        self.until(
            "the move",
            lambda: not self.told[old]["pages"] and person in self.told[new]["here"] and self.ready(new),
            60,
        )
        return max(float(self.told[old]["at"]), float(self.told[new]["at"])) - begun

    def lock_down(self) -> float:
        """Revoke the revision everywhere; return seconds until the hub holds the last receipt."""
        with self.acting() as act:
            for number in range(self.count):
                if self.is_spare(number):
                    work.assign(act, person=f"W-{number}", station=f"ST-{number}")
        self.until("everybody to hold it", lambda: all(map(self.ready, self.codes())), 300)
        purged = select(func.count(EventRow.kiosk.distinct())).where(
            EventRow.kind == "purged", EventRow.received >= SystemClock().now()
        )
        begun = time.monotonic()
        with self.acting() as act:
            lockdown.revoke(act, Kind.REVISION, f"{DOCUMENT}/{LABEL}")

        def confirmed() -> bool:
            with self.store.read() as session:
                return session.scalar(purged) == self.count

        self.until("the receipts", confirmed, 300)
        return time.monotonic() - begun

    def memory(self) -> int:
        """Bytes of memory that the hub has to itself."""
        text = Path(f"/proc/{self.hub}/smaps_rollup").read_text(encoding="ascii")
        return 1024 * sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Private_"))

    def cpu(self) -> float:
        """Seconds of processor that the hub has used."""
        used = Path(f"/proc/{self.hub}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(used[11]) + int(used[12])) / _TICK

    @property
    def hub(self) -> int:
        """The hub's process."""
        assert self.plant.hub is not None
        return self.plant.hub.pid


@contextmanager
def swarm(count: int, say: Callable[[str], None]) -> Iterator[Swarm]:
    """A plant with ``count`` kiosks, enrolled and not yet started."""
    with scratch() as folder:
        made = Plant(folder, say)
        made.init()
        made.serve()
        home = Home.open(made.hub_home)
        store = Store(home.database_url)
        store.on_change = partial(knock, home.path)
        words = [sys.executable, "-m", "bench.fleet", str(folder), f"https://localhost:{made.port}"]
        env = environment({"PYTHONPATH": f"{ROOT}:{ROOT / 'packaging'}"})
        fleet = subprocess.Popen(
            [*words, home.root_fingerprint], env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        found = Swarm(folder, count, made, store, fleet)
        hearing = threading.Thread(target=found.hear, daemon=True)
        hearing.start()
        try:
            found.furnish()
            made.publish([_publication(folder)])
            say(f"enrolling {count} kiosks")
            found.enrol()
            yield found
        finally:
            assert fleet.stdin is not None
            fleet.stdin.close()
            fleet.wait(120)
            hearing.join(10)
            store.close()
            made.close()


def _publication(folder: Path) -> Publication:
    from kit.plant import demo_documents

    (folder / "documents").mkdir()
    pdf = demo_documents(folder / "documents")[0].pdf
    page_map = folder / "documents" / "all.csv"
    page_map.write_text("first_page,last_page,station_code,station_name\n1,2,ALL,\n", encoding="utf-8")
    return Publication(pdf, page_map, "C1", "P1", DOCUMENT, LABEL)


def measure(count: int, say: Callable[[str], None]) -> Measured:
    """Make the swarm and measure everything at it."""
    count -= count % STATIONS
    with swarm(count, say) as found:
        before = found.memory()
        found.order(do="start")
        busy = [f"K-{number}" for number in range(count) if not found.is_spare(number)]
        found.until("the start", lambda: found.started == count, 600)
        found.until("all pages", lambda: all(map(found.ready, busy)), 600)
        say("waiting until it is quiet")
        time.sleep(REST_SECONDS * 2.5)  # connections other than the push streams end by themselves
        bytes_each = (found.memory() - before) / count
        used = found.cpu()
        time.sleep(REST_SECONDS)
        at_rest = (found.cpu() - used) / REST_SECONDS
        say("moving people")
        lines = count // STATIONS
        moves = [found.move(turn // 2 % lines, forth=turn % 2 == 0) for turn in range(MOVES)]
        say("locking down")
        return Measured(count, Samples(tuple(moves)), found.lock_down(), bytes_each, at_rest)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="packaging/dev swarm", description="Many kiosks at one hub.")
    parser.add_argument("count", type=int, metavar="N", help=f"how many kiosks, in lines of {STATIONS}")
    count = parser.parse_args().count
    if count < STATIONS:
        parser.error(f"at least {STATIONS} kiosks")
    found = measure(count, lambda text: print(f"  {text}", file=sys.stderr, flush=True))
    print(f"kiosks connected         {found.kiosks}")
    print(f"a move, median           {found.moves.median:.3f} s of {len(found.moves.seconds)}")
    print(f"a move, p99              {found.moves.percentile(99):.3f} s")
    print(f"lockdown, last receipt   {found.lockdown:.2f} s")
    print(f"hub memory per kiosk     {found.bytes_each / 1000:.0f} kB")
    print(f"hub CPU at rest          {100 * found.cpu_at_rest:.1f} % of one core")


if __name__ == "__main__":
    main()
