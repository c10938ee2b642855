"""One plant for a proof: a hub over TLS, the demo plant's documents, an enrolled kiosk and its keyring."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from kit.cast import ANA, CLIENT, demo_cast, furnish
from kit.desktop import KeyRing
from kit.plant import FIRST_PERSON, Plant
from kit.processes import ROOT, KitError, environment
from sqlalchemy import select

from app.hub.acting import Acting, actor
from app.hub.home import Home
from app.hub.lockdown import restore, revoke
from app.hub.revocations import Kind
from app.hub.schema import EventRow
from app.hub.store import Store
from app.mark.keys import Place, tag_of
from app.seal.chain import GENESIS, event_hash, verify_event
from app.wire.clock import SystemClock
from app.wire.messages import Event, EventKind
from soak.promise import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kit.cast import Cast
    from kit.plant import Kiosk

    from soak.promise import Figures

KIOSK = "K-1"


@contextmanager
def scratch() -> Iterator[Path]:
    """An empty folder on the checkout's own disk, gone afterwards."""
    home = ROOT / "build" / "soak"
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home) as folder:
        yield Path(folder)


@dataclass
class Witness:
    """What kiosks had acknowledged before they were killed: events by place, and looks that reached the eye;
    ``lives`` says of each event in which life it was, and ``fresh`` has those that were not looked for yet.
    """

    events: dict[tuple[int, int], str] = field(default_factory=dict)
    lives: dict[tuple[int, int], str] = field(default_factory=dict)
    looks: set[str] = field(default_factory=set)
    fresh: dict[tuple[int, int], str] = field(default_factory=dict)

    def note(self, life: str, told: dict[str, Any]) -> None:
        """Add what a nursery reports of a life."""
        events = {(epoch, seq): digest for epoch, seq, digest in told["events"]}
        self.events |= events
        self.fresh |= events
        self.lives |= dict.fromkeys(events, life)
        self.looks |= set(told["looks"])


class Nursery:
    """A process that starts kiosks and kills them, in the kiosk's own session: ``soak.nursery``, or another
    ``module`` that is asked in the same way, given ``words`` and ``env``.
    """

    def __init__(self, module: str, words: Sequence[str], log: Path, env: Mapping[str, str]) -> None:
        path = f"{ROOT}:{ROOT / 'packaging'}"
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", f"soak.{module}", *words],
                env={**environment(env), "PYTHONPATH": path},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self._log = log

    def live(self, mode: str, seconds: float = 0.0, *, working: bool = True) -> dict[str, Any]:
        """Let a kiosk live in ``mode``, and kill it so many ``seconds`` after it began its work, or started;
        returns what was found.
        """
        return self.ask(mode, seconds, working)

    def ask(self, *question: object) -> dict[str, Any]:
        """Ask, and wait for the answer."""
        if self._process.stdin is None or self._process.stdout is None:
            raise KitError("the nursery has no pipes")
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise KitError(f"the nursery has ended:\n{self.log()}")
        told: dict[str, Any] = json.loads(line)
        return told

    def log(self) -> str:
        """The last words of its kiosks."""
        return self._log.read_text(encoding="utf-8")[-3000:]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End it."""
        with self._process:  # closes its pipes, and waits
            pass


@dataclass
class Rig:
    """See the module."""

    folder: Path
    plant: Plant
    cast: Cast
    ring: KeyRing
    kiosk: Kiosk
    store: Store

    def nursery(self, module: str = "nursery", env: Mapping[str, str] | None = None) -> Nursery:
        """A process that starts this kiosk and kills it."""
        words = [str(self.kiosk.home), self.cast.badges[ANA]]
        return Nursery(module, words, self.folder / "nursery.log", {**self.kiosk.env, **(env or {})})

    def client_gone(self, *, gone: bool) -> None:
        """Revoke the client whose pages are here, or give it back."""
        with self.store.write() as session:
            acting = Acting(session, actor(session, FIRST_PERSON), SystemClock().now(), "soak")
            (revoke if gone else restore)(acting, Kind.CLIENT, CLIENT)

    def held(self) -> list[EventRow]:
        """Every event of the kiosk that the hub holds, in order."""
        with self.store.read() as session:
            query = select(EventRow).where(EventRow.kiosk == KIOSK).order_by(EventRow.epoch, EventRow.seq)
            rows = list(session.scalars(query))
            for row in rows:
                session.expunge(row)
            return rows

    def missing(self, witness: Witness) -> list[str]:
        """All was handed over: which events not looked for yet are not at the hub, and of which life."""
        fresh, witness.fresh = witness.fresh, {}
        with self.store.read() as session:
            least = min((seq for _, seq in fresh), default=0)
            query = select(EventRow.epoch, EventRow.seq, EventRow.hash).where(
                EventRow.kiosk == KIOSK, EventRow.seq >= least
            )
            there = {(row.epoch, row.seq): row.hash for row in session.execute(query)}
        lost = [place for place, digest in fresh.items() if there.get(place) != digest]
        return [f"{place} of {witness.lives[place]}" for place in lost]

    def compare(self, witness: Witness, public: bytes, figures: Figures) -> None:
        """The hub must hold everything that was acknowledged, each once, in a whole and signed chain."""
        rows = self.held()
        there = {(row.epoch, row.seq): row.hash for row in rows}
        lost = [place for place, digest in witness.events.items() if there.get(place) != digest]
        tag = tag_of(Home.open(self.plant.hub_home).mark_key, KIOSK)
        before, holes, nonces, tokens = {0: GENESIS}, 0, set[str](), set[str]()
        expected: dict[int, int] = {}
        for row in rows:
            event = Event.read(row.data)
            verify_event(KIOSK, row.epoch, row.seq, row.hash, row.signature, public)
            whole = event_hash(row.data) == row.hash and event.prev == before.get(row.epoch, GENESIS)
            holes += not whole or row.seq != expected.get(row.epoch, 0) + 1
            before[row.epoch], expected[row.epoch] = row.hash, row.seq
            nonces.add(event.nonce)
            if row.kind in {EventKind.VIEW_BEGIN.value, EventKind.VIEW_ANNOUNCED.value}:
                tokens.add(f"{Place(tag, row.epoch, row.seq).token:016x}")
        doubled = len(rows) - len(nonces)
        unrecorded = witness.looks - tokens
        figures.count("events acknowledged", len(witness.events))
        figures.count("looks painted", len(witness.looks))
        figures.count("events at the hub", len(rows))
        figures.count("lost", len(lost) + len(unrecorded))
        figures.count("doubled", doubled)
        where = [(*place, witness.lives[place]) for place in lost[:5]]
        figures.promise(not lost, f"acknowledged events are not at the hub: {where}")
        figures.promise(not unrecorded, f"{len(unrecorded)} looks were painted and are not on record")
        figures.promise(doubled == 0, f"{doubled} events are there twice")
        figures.promise(holes == 0, f"{holes} events do not follow the one before")

    def close(self) -> None:
        """Stop everything."""
        self.plant.close()
        self.ring.close()
        self.store.close()


@contextmanager
def rig() -> Iterator[Rig]:
    """A plant at work."""
    with scratch() as folder:
        (folder / "documents").mkdir()
        plant = Plant(folder, say)
        ring = KeyRing(folder / "ring")
        try:
            cast = demo_cast(folder / "documents")
            plant.init()
            plant.serve()
            furnish(plant, replace(cast, publications=(cast.shown,)))
            kiosk = plant.enrol(KIOSK, cast.home, ring.env)
            made = Rig(folder, plant, cast, ring, kiosk, Store(Home.open(plant.hub_home).database_url))
            try:
                yield made
            finally:
                made.close()
        finally:
            plant.close()
            ring.close()
