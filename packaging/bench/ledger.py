"""A hub whose log is long: events as kiosks write them, signed and chained, put in as the hub takes them.

Run as a program (``bench.ledger make|verify HUB BUNDLE``) it makes or checks an evidence bundle in a process
of its own and prints what that took, as JSON: seconds, seconds of a processor, and the most memory in MB,
both with its helpers.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.hub.found import First, found
from app.hub.home import Home
from app.hub.schema import Client, KioskRow, Line, PersonRow, StationRow
from app.hub.store import Store
from app.seal.chain import GENESIS, event_hash, sign_event
from app.seal.encoding import canonical
from app.seal.keys import SigningKey
from app.wire.base import time_text
from app.wire.hands import MOST
from app.wire.messages import Event, EventKind

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENT = "HELIO"
KIOSKS, PEOPLE, PAGES = 40, 120, 400
BEGIN = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
_ROUND = (EventKind.SESSION_BEGIN, *(EventKind.VIEW_BEGIN, EventKind.VIEW_END) * 6, EventKind.STEP_CONFIRMED)


@dataclass
class Writer:
    """A kiosk that writes its journal: people come, read six pages each and confirm a step."""

    code: str
    key: SigningKey = field(default_factory=SigningKey.generate)
    seq: int = 0
    head: str = GENESIS
    chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311

    def batch(self, count: int, begin: datetime) -> list[dict[str, Any]]:
        """The next events, as rows that the hub would put in."""
        return [self._row(begin + timedelta(seconds=4 * at)) for at in range(count)]

    def _row(self, wall: datetime) -> dict[str, Any]:
        kind = _ROUND[self.seq % len(_ROUND)]
        self.seq += 1
        reading = self.seq // len(_ROUND)
        page = 1 + (reading * 7 + self.seq // 2) % PAGES
        body: dict[str, Any] = {"number": page}
        if kind is EventKind.VIEW_END:
            body = {"ms": 7000 + self.seq % 1000, "why": "page"}
        elif kind is EventKind.STEP_CONFIRMED:
            body = {"step": str(page), "by": "button"}
        said = {
            "v": 1, "kiosk": self.code, "epoch": 1, "seq": self.seq, "prev": self.head,
            "nonce": f"{self.chance.getrandbits(128):032x}", "kind": kind.value,
            "wall": time_text(wall),
            "boot_ms": self.seq * 4000,
            "boot": "6f1b3c52-8d1e-4c5a-9a57-3f2f6a0c9d11", "lease": 1 + self.seq // 900, "client": CLIENT,
            "client_seq": self.seq, "person": f"OP-{1 + (reading + int(self.code[2:]) * 3) % PEOPLE}",
            "station": f"ST-{int(self.code[2:]):03d}", "page": f"{page:064x}", "revision": f"WI-{page % 9}/A",
            "unit": f"SN-{reading:06d}", "order": f"WO-{reading // 50:05d}", "body": body,
        }  # fmt: skip
        data = canonical(said)
        self.head = event_hash(data)
        columns = ("kiosk", "epoch", "seq", "kind", "person", "station", "client", "page", "revision", "unit")
        return {
            **{name: said[name] for name in columns}, "work_order": said["order"], "hash": self.head,
            "wall": wall, "received": wall + timedelta(seconds=30), "data": data,
            "signature": sign_event(self.code, 1, self.seq, self.head, self.key),
        }  # fmt: skip


def make_hub(folder: Path) -> tuple[Home, Store, list[Writer]]:
    """A hub with a client, people and kiosks whose journals are empty."""
    first = First("SUP-1", "Ada Byron", "0012345678")
    home = found(folder, site="S1", site_name="Plant One", hosts=["localhost"], first=first, now=BEGIN)
    store, writers = Store(home.database_url), [Writer(f"K-{number}") for number in range(1, KIOSKS + 1)]
    with store.write() as session:
        session.add(Client(code=CLIENT, name="Helio Medical", agreement_version="1"))
        session.add_all(PersonRow(code=f"OP-{at}", name=f"Person {at}") for at in range(1, PEOPLE + 1))
        session.add(Line(code="L1", site="S1", name="Line 1"))
        session.flush()
        session.add(StationRow(code="ST-001", line="L1", name="Station 1"))
        session.flush()
        session.add_all(
            KioskRow(
                code=one.code, station="ST-001", status="active", sign_key=one.key.public, epoch=1,
                held=0, held_hash=GENESIS,
            )
            for one in writers
        )  # fmt: skip
    row = Writer("K-1").batch(1, BEGIN)[0]
    if Event.read(row["data"]).exact() != row["data"]:
        raise RuntimeError("these are not events as kiosks write them: the figures would mean nothing")
    return home, store, writers


def batches(writers: list[Writer], count: int, each: int) -> Iterator[list[dict[str, Any]]]:
    """Batches of ``each`` events, from one kiosk after another, ``count`` events in all."""
    begin, left, turn = BEGIN, count, 0
    while left > 0:
        yield writers[turn % len(writers)].batch(min(each, left), begin)
        left, turn = left - each, turn + 1
        begin += timedelta(seconds=4 * each / len(writers))


@contextmanager
def _taken() -> Iterator[dict[str, float]]:
    taken: dict[str, float] = {}
    began, cpu = time.perf_counter(), time.process_time()
    yield taken
    taken["seconds"] = time.perf_counter() - began
    helpers = resource.getrusage(resource.RUSAGE_CHILDREN)
    taken["cpu"] = time.process_time() - cpu + helpers.ru_utime + helpers.ru_stime
    held = Path("/proc/self/status").read_text(encoding="ascii")  # getrusage's begins with the parent's
    # As if each helper had as much as the one with most.
    taken["mb"] = (int(held.partition("VmHWM:")[2].split()[0]) + MOST * helpers.ru_maxrss) / 1024


def main(what: str, hub: str, bundle: str) -> None:
    """Make or verify a bundle by the program's own commands' parts, and print what it took."""
    path = Path(bundle)
    with _taken() as taken:
        home = Home.open(Path(hub))
        if what == "make":
            from app.hub.evidence import Asked, make

            now = datetime.now(UTC)
            made = make(
                Store(home.database_url), home, Asked(CLIENT, helped=True), path, now, lambda *_: None
            )
            done = made.last - made.first
        else:
            from app.wire.evidence_check import With, check

            with path.open("rb") as file:
                proven = check(file, With(home.keys.log.public, path=path))
            done = proven.about.last - proven.about.first
    taken["entries"] = done
    print(json.dumps({**taken, "size": path.stat().st_size}))


if __name__ == "__main__":
    main(*sys.argv[1:])
