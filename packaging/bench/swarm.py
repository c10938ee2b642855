"""A plant with many kiosks at one hub, and what a change there takes: ``packaging/dev swarm N``.

The hub is a process of its own and serves TLS; people are moved and a revision is locked down at a desk, over
TLS too. Some kiosks run the kiosk's own code (``bench.fleet``), those between which people are moved among
them; the others are ``bench.light``, which cost little but their wire: a thousand kiosks have a thousand
processors, and here are two, of which the hub needs one. The hub's files are on the disk. The kiosks' are in
memory where there is such a file system: they have a thousand disks, and here is one.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.plant import FIRST_BADGE, FIRST_PERSON, Plant, Publication
from kit.processes import KitError, wait_for
from sqlalchemy import func, select

from app.desk.office import Lock, Move, Office
from app.hub import agreements, kiosks, people, plant, work
from app.hub.acting import Acting, actor
from app.hub.home import Home
from app.hub.knock import knock
from app.hub.schema import Badge, EventRow
from app.hub.store import Store
from app.kiosk.enrol import Sheet
from app.kiosk.state import State
from app.kiosk.supplies import client_of, trust_of
from app.model.terms import CredentialKind, Role
from app.seal.slot import OperatorKey
from app.wire.clock import SystemClock
from app.wire.desk import LockKind
from bench.fleet import Fleet, SimulatedKiosk
from bench.stats import Samples
from bench.workspace import scratch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STATIONS = 10
"""Most stations of a line, each with a kiosk; the worker of the first moves to the last, which has nobody."""

MOVES = 100
"""Half of them back again, so that everybody is at home when all is locked down."""

OWN = 20
"""How many kiosks run the kiosk's own code, unless told otherwise; the others are light."""

FLEETS, FLEET = 4, 50
"""Processes of kiosks, each with its own interpreter lock; no more than there are so many kiosks for each."""

LIGHT_FLEETS, LIGHT_FLEET = 2, 100
"""The same of light kiosks."""

REST_SECONDS = 60.0
"""How long the hub's processor time is watched while nothing happens."""

SETTLE_SECONDS = 80.0
"""Until every connection has ended that is not a push stream: the hub ends idle ones after a minute, and a
kiosk reports up to ten seconds after its start."""

AFTER_SECONDS = 12.0
"""Until everybody has reported what it holds: a lockdown of a plant at rest is measured."""

SECOND, DESK = "SUP-2", "DESK"
MEMORY = Path("/dev/shm")  # noqa: S108 (a fresh folder of our own in it)
DOCUMENT, LABEL = "WI-1", "A"
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    """Seconds a move and of the lockdown; bytes a kiosk that listens; share of a core at rest; kiosks.

    ``load`` is the machine's, over the minute before the moves, this bench's own included. ``start`` is
    seconds until all have their pages, from the moment when all start at once. ``hub_cpu`` and ``kiosks_cpu``
    are seconds of processor during the lockdown.
    """

    kiosks: int
    moves: Samples
    lockdown: float
    bytes_each: float
    cpu_at_rest: float
    load: float
    start: float
    hub_cpu: float
    kiosks_cpu: float


@dataclass
class Swarm:
    """The plant, its fleets and its desk."""

    folder: Path
    count: int
    plant: Plant
    store: Store
    own: int
    fleets: list[Fleet] = field(default_factory=list)
    lights: list[Fleet] = field(default_factory=list)
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    started: int = 0
    versions: dict[str, str] = field(default_factory=dict)
    address: str = ""
    root: str = ""

    @contextmanager
    def acting(self, person: str = FIRST_PERSON) -> Iterator[Acting]:
        """A change by somebody, in this process."""
        with self.store.write() as session:
            yield Acting(session, actor(session, person), SystemClock().now(), "bench")

    def codes(self) -> list[str]:
        """Every kiosk."""
        return [f"K-{number}" for number in range(self.count)]

    def hear(self, said: dict[str, Any]) -> None:
        """Keep what a fleet says."""
        if "kiosk" in said:
            self.told[said["kiosk"]] = said
        self.numbers |= said.get("numbers", {})
        self.started += said.get("started", 0)

    def furnish(self) -> None:
        """Lines, stations, people, and a desk."""
        with self.acting() as act:
            people.put_person(act, person=SECOND, name="Second Admin", roles=[Role.ADMIN])
            plant.put_client(act, client="C1", name="Client One")
            plant.put_part(act, part="P1", client="C1", name="Part One")
            agreements.set_agreement(act, client="C1", version="1", title="Agreement")
            for number in range(self.count):
                line, station = f"L-{number // self.stations}", f"ST-{number}"
                if number % self.stations == 0:
                    plant.put_line(act, line=line, site="S1", name=line)
                plant.put_station(act, station=station, name=station, line=line, parts=["P1"])
                kiosks.add(act, kiosk=f"K-{number}", station=station)
                self.hire(act, f"W-{number}")
                if not self.is_spare(number):
                    work.assign(act, person=f"W-{number}", station=station)
            kiosks.add(act, kiosk=DESK, station="ST-0")

    @property
    def stations(self) -> int:
        """Stations of a line."""
        return min(STATIONS, self.count)

    def is_spare(self, number: int) -> bool:
        """Whether nobody works at this station at first: the last of a line."""
        return number % self.stations == self.stations - 1

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
            for at, fleet in enumerate(self.fleets):
                fleet.order(do="enrol", codes=self.share(codes, at, self.fleets, own=True))
            for at, fleet in enumerate(self.lights):
                fleet.order(do="enrol", codes=self.share(codes, at, self.lights, own=False))
            wanted = set(lot)
            self.until("the enrolments", partial(self.asked, wanted), 600)
            with self.acting(SECOND) as act:
                for kiosk in lot:
                    kiosks.approve(act, kiosk, self.numbers[kiosk])

    def share(self, codes: dict[str, str], at: int, fleets: list[Fleet], *, own: bool) -> dict[str, str]:
        """Which kiosks the fleet in this place takes, with their codes."""
        kind = [kiosk for kiosk in codes if (int(kiosk.removeprefix("K-")) < self.own) is own]
        return {kiosk: codes[kiosk] for kiosk in kind[at :: len(fleets)]}

    def asked(self, kiosks: set[str]) -> bool:
        """Whether all of these have asked to be enrolled."""
        return kiosks <= set(self.numbers)

    def open_desk(self) -> Office:
        """Enrol a desk for real, and sign in there."""
        device = SimulatedKiosk(self.folder, DESK)
        with self.acting() as act:
            code, _ = kiosks.new_code(act, DESK)
        number = device.enrol(Sheet.read(self.address, self.root, code))
        with self.acting(SECOND) as act:
            kiosks.approve(act, DESK, number)
        keys, clock = device.keys.kept, SystemClock()
        assert keys is not None
        state = State(device.places.state, keys.cache_key)
        trust = trust_of(state, keys, clock.now())
        office = Office(partial(client_of, keys, trust, state, clock, 60.0), state, clock, DESK)
        office.sign_in(FIRST_BADGE)
        board = office.board().board
        assert board is not None
        self.versions = {person.code: person.version for person in board.people}
        return office

    def until(self, what: str, ready: Callable[[], bool], seconds: float) -> None:
        """Wait, unless a fleet has ended."""
        wait_for(what, lambda: ready() or not self.sailing, seconds, 0.01)
        if not self.sailing:
            raise KitError("a fleet has ended")

    @property
    def sailing(self) -> bool:
        """Whether every fleet is there."""
        return all(fleet.running for fleet in (*self.fleets, *self.lights))

    def ready(self, kiosk: str) -> bool:
        """Whether it has all pages that its lease lists, and lists some."""
        said = self.told.get(kiosk, {})
        pages: int = said.get("pages", 0)
        return pages > 0 and (said.get("done"), said.get("total")) == (pages, pages)

    def move(self, desk: Office, line: int, *, forth: bool) -> float:
        """Move the first worker of a line to its last station, or back; return seconds until both know.

        From the drop at the desk until the old kiosk's pages are gone and the new one has its own.
        """
        one, other = line * self.stations, (line + 1) * self.stations - 1
        leaves, comes = (one, other) if forth else (other, one)
        person = f"W-{one}"
        begun = time.monotonic()
        moved = desk.move(Move(person, self.versions[person], f"ST-{leaves}", f"ST-{comes}", "bench"))
        self.versions[person] = moved.version
        old, new = f"K-{leaves}", f"K-{comes}"
        self.until(
            "the move",
            lambda: not self.told[old]["pages"] and person in self.told[new]["here"] and self.ready(new),
            60,
        )
        return max(float(self.told[old]["at"]), float(self.told[new]["at"])) - begun

    def start(self) -> None:
        """Start every kiosk; returns when each has a lease, and its pages."""
        for fleet in (*self.fleets, *self.lights):
            fleet.order(do="start")
        busy = [f"K-{number}" for number in range(self.count) if not self.is_spare(number)]
        self.until("the start", lambda: self.started == self.count == len(self.told), 1800)
        self.until("all pages", lambda: all(map(self.ready, busy)), 1800)

    def fill(self) -> None:
        """Give everybody the pages."""
        with self.acting() as act:
            for number in range(self.count):
                if self.is_spare(number):
                    work.assign(act, person=f"W-{number}", station=f"ST-{number}")
        self.until("everybody to hold it", lambda: all(map(self.ready, self.codes())), 900)

    def lock_down(self, desk: Office) -> float:
        """Lock the revision down at the desk; return seconds until the hub holds the last receipt."""
        before, begun = self.purged(), time.monotonic()
        desk.lock(Lock(LockKind.REVISION, f"{DOCUMENT}/{LABEL}", "bench"))
        wait_for("the receipts", lambda: self.purged() - before == self.count, 900, 0.05)
        return time.monotonic() - begun

    def purged(self) -> int:
        """How many receipts of purged pages the hub holds."""
        query = select(func.count()).where(
            EventRow.kind == "purged", EventRow.revision == f"{DOCUMENT}/{LABEL}"
        )
        with self.store.read() as session:
            return session.scalar(query) or 0

    def memory(self) -> int:
        """Bytes of memory that the hub has to itself."""
        text = Path(f"/proc/{self.hub}/status").read_text(encoding="ascii")  # its maps are closed
        return 1024 * sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("RssAnon:"))

    def cpu(self) -> float:
        """Seconds of processor that the hub has used."""
        return _cpu(self.hub)

    def kiosks_cpu(self) -> float:
        """The same of all fleets."""
        return sum(_cpu(fleet.pid) for fleet in (*self.fleets, *self.lights))

    @property
    def hub(self) -> int:
        """The hub's process."""
        assert self.plant.hub is not None
        return self.plant.hub.pid


def _cpu(process: int) -> float:
    used = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(used[11]) + int(used[12])) / _TICK


@contextmanager
def swarm(count: int, say: Callable[[str], None], own: int = OWN) -> Iterator[Swarm]:
    """A plant with ``count`` kiosks, enrolled and not yet started; the first ``own`` run the kiosk's code."""
    own = min(own, count)
    with scratch() as folder, tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else folder) as shelf:
        made = Plant(folder, say)
        made.init()
        made.serve()
        home = Home.open(made.hub_home)
        store = Store(home.database_url)
        store.on_change = partial(knock, home.path)
        found = Swarm(folder, count, made, store, own)
        found.address, found.root = f"https://localhost:{made.port}", home.root_fingerprint
        try:
            where = Path(shelf), found.address, found.root, found.hear
            found.fleets += [Fleet(*where) for _ in range(_processes(own, FLEET, FLEETS))]
            lights = _processes(count - own, LIGHT_FLEET, LIGHT_FLEETS)
            found.lights += [Fleet(*where, "bench.light") for _ in range(lights)]
            found.furnish()
            made.publish([_publication(folder)])
            say(f"enrolling {count} kiosks")
            found.enrol()
            yield found
        finally:
            for fleet in (*found.fleets, *found.lights):
                fleet.close()
            store.close()
            made.close()


def _processes(kiosks: int, each: int, most: int) -> int:
    return min(most, max(1, kiosks // each)) if kiosks else 0


def _publication(folder: Path) -> Publication:
    from kit.plant import demo_documents

    (folder / "documents").mkdir()
    pdf = demo_documents(folder / "documents")[0].pdf
    page_map = folder / "documents" / "all.csv"
    page_map.write_text("first_page,last_page,station_code,station_name\n1,2,ALL,\n", encoding="utf-8")
    return Publication(pdf, page_map, "C1", "P1", DOCUMENT, LABEL)


@dataclass(frozen=True)
class Pace:
    """How much is measured: moves; seconds until it is quiet, seconds of quiet, and until all is reported."""

    after: float = AFTER_SECONDS
    moves: int = MOVES
    settle: float = SETTLE_SECONDS
    rest: float = REST_SECONDS


def measure(count: int, say: Callable[[str], None], pace: Pace = Pace(), own: int = OWN) -> Measured:
    """Make the swarm and measure everything at it."""
    count -= count % min(STATIONS, count)
    with swarm(count, say, own) as found:
        before, begun = found.memory(), time.monotonic()
        found.start()
        started = time.monotonic() - begun
        say("waiting until it is quiet")
        time.sleep(pace.settle)
        bytes_each = (found.memory() - before) / count
        used = found.cpu()
        time.sleep(pace.rest)
        at_rest = (found.cpu() - used) / pace.rest
        say("moving people")
        desk = found.open_desk()
        lines = max(1, found.own // found.stations)
        load = os.getloadavg()[0]
        moves = [found.move(desk, turn // 2 % lines, forth=turn % 2 == 0) for turn in range(pace.moves)]
        found.fill()
        time.sleep(pace.after)
        say("locking down")
        hub, kiosks = found.cpu(), found.kiosks_cpu()
        locked = found.lock_down(desk)
        hub, kiosks = found.cpu() - hub, found.kiosks_cpu() - kiosks
        desk.close()
        samples = Samples(tuple(moves))
        return Measured(count, samples, locked, bytes_each, at_rest, load, started, hub, kiosks)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="packaging/dev swarm", description="Many kiosks at one hub.")
    parser.add_argument("count", type=int, metavar="N", help=f"how many kiosks, in lines of {STATIONS}")
    parser.add_argument("--moves", type=int, default=MOVES, metavar="M", help=f"how many moves ({MOVES})")
    parser.add_argument(
        "--own", type=int, default=OWN, metavar="K", help=f"how many run the kiosk's own code ({OWN})"
    )
    given = parser.parse_args()
    if given.count < 2 or given.moves < 1:
        parser.error("at least 2 kiosks and a move")
    pace = Pace(moves=given.moves + given.moves % 2)
    own = min(given.own, given.count)
    found = measure(given.count, lambda text: print(f"  {text}", file=sys.stderr, flush=True), pace, own)
    print(f"kiosks connected         {found.kiosks}, of which {own} with the kiosk's own code")
    print(f"all started at once      {found.start:.1f} s until each has its pages")
    print(f"a move, median           {found.moves.median:.3f} s of {len(found.moves.seconds)}")
    print(f"a move, p99              {found.moves.percentile(99):.3f} s")
    print(f"lockdown, last receipt   {found.lockdown:.2f} s")
    print(f"  processor meanwhile    hub {found.hub_cpu:.2f} s, kiosks {found.kiosks_cpu:.2f} s")
    print(f"hub memory per kiosk     {found.bytes_each / 1000:.0f} kB")
    print(f"hub CPU at rest          {100 * found.cpu_at_rest:.1f} % of one core")
    print(f"load of the machine      {found.load:.1f} before the moves")


if __name__ == "__main__":
    main()
