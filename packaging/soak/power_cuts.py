"""``power-cuts``: recorded writes of outbox and lease store, replayed; un-synced ones are dropped or torn.

Promised afterwards: 0 acknowledged events lost, 0 doubled at the hub, every file opens or is rebuilt, no
request counter is given twice and no wrong PIN forgotten. The same rig with ``synchronous=OFF`` must break
that.
Rows that the hub confirmed may come back (``JournalFile.release`` does not wait for the disk): they are taken
once.
"""

from __future__ import annotations

import pickle
import random
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kit.processes import ROOT, KitError, environment
from kit.processes import run as run_command

from app.kiosk.state import State, recover
from app.model.errors import Expected
from soak.power_replay import Disk, read_log
from soak.power_work import KEY
from soak.promise import Figures, enough, progress, say
from soak.rig import scratch
from tests.kiosk.journals import Ear, look, moment, opened

if TYPE_CHECKING:
    from soak.power_replay import Op

STEPS = 700
CUTS_A_RECORDING = 250


def run(count: int, seed: int, *, steps: int = STEPS) -> Figures:
    """Cut ``count`` times; then a tenth as often (20 at least) without ``synchronous``, which must fail."""
    figures = Figures()
    with scratch() as folder:
        done = 0
        while done < count and not enough():
            here = min(CUTS_A_RECORDING, count - done)
            replay(record(folder, seed + done, steps), here, seed + done, figures)
            done += here
            progress(done, count, figures)
        say("the same with synchronous=OFF, which must fail")
        careless = Figures()
        cuts = max(20, count // 10)
        replay(record(folder, seed, steps, sync="off"), cuts, seed, careless, quiet=True)
    figures.count("cuts with synchronous=OFF", cuts)
    figures.count("promises that these broke", len(careless.broken))
    say(f"broken without it, for one: {careless.broken[:1]}")
    figures.promise(careless.broken, "with synchronous=OFF nothing broke: this rig proves nothing")
    return figures


@dataclass(frozen=True)
class Recording:
    """What was written, in order, and what the hub had taken in the end."""

    ops: list[Op]
    hub: Ear


def record(folder: Path, seed: int, steps: int, *, sync: str = "on") -> Recording:
    """Let the work run and note every write."""
    place = Path(tempfile.mkdtemp(dir=folder))
    work, log = place / "work", place / "log"
    work.mkdir()
    env = {
        "LD_PRELOAD": str(library(folder)),
        "STATIONLEAF_POWER_FOLDER": str(work),
        "STATIONLEAF_POWER_LOG": str(log),
        "PYTHONPATH": f"{ROOT}:{ROOT / 'packaging'}",
    }
    words = [sys.executable, "-m", "soak.power_work", str(work), str(seed), str(steps), sync]
    done = subprocess.run(words, env=environment() | env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise KitError(f"the work that was to be recorded failed:\n{done.stderr[-2000:]}")
    ear = Ear()
    ear.held[1], ear.hashes[1] = pickle.loads((work / "hub.pickle").read_bytes())  # noqa: S301 (our own)
    found = Recording(read_log(log), ear)
    shutil.rmtree(place)
    return found


def library(folder: Path, name: str = "power") -> Path:
    """``name.c``, compiled."""
    made = folder / f"{name}.so"
    if not made.exists():
        compiler = shutil.which("cc") or shutil.which("gcc")
        if compiler is None:
            raise KitError("a C compiler is missing: apt-get install gcc libc6-dev")
        source = Path(__file__).with_name(f"{name}.c")
        run_command([compiler, "-shared", "-fPIC", "-O1", "-w", "-o", str(made), str(source), "-ldl"])
    return made


@dataclass
class Acknowledged:
    """What had been said when the power went."""

    events: dict[int, str]
    held: int = 0
    counter: int = 0
    pin: int = 0
    head: int = 0

    def hear(self, line: str) -> None:
        """One line of ``acknowledged``."""
        match line.split():
            case ["event", seq, digest]:
                self.events[int(seq)] = digest
            case ["hub", held]:
                self.held = int(held)
            case ["counter", value]:
                self.counter = int(value)
            case ["pin", wrong]:
                self.pin = int(wrong)
            case ["head", head]:
                self.head = int(head)


def replay(recorded: Recording, cuts: int, seed: int, figures: Figures, *, quiet: bool = False) -> None:
    """Cut the power at ``cuts`` random moments of a recording."""
    chance = random.Random(seed)  # noqa: S311
    heard = figures if not quiet else _Silent(figures)
    moments = sorted(chance.randrange(1, len(recorded.ops) + 1) for _ in range(cuts))
    disk, said, done = Disk(), Acknowledged({}), 0
    for at in moments:
        for op in recorded.ops[done:at]:
            if op.path == "acknowledged":
                said.hear(op.data.decode())
            else:
                disk.note(op)
        done = at
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            dropped, torn = disk.cut(folder, chance)
            figures.count("cuts")
            figures.count("writes dropped", dropped)
            figures.count("writes torn", torn)
            try:
                look_at_journal(folder, recorded, said, heard)
                look_at_state(folder, said, heard)
            except (Expected, AssertionError) as error:
                heard.promise(holds=False, otherwise=f"cut at {at}: {error!r}")


class _Silent(Figures):
    """Keeps what breaks to itself: it is expected."""

    def __init__(self, figures: Figures) -> None:
        super().__init__(figures.done, figures.broken)

    def promise(self, holds: object, otherwise: str) -> None:
        """As ``Figures``."""
        if not holds:
            self.broken.append(otherwise)


def look_at_journal(folder: Path, recorded: Recording, said: Acknowledged, figures: Figures) -> None:
    """Open the outbox, go on recording, hand everything over to a hub that is as it was at the cut."""
    outbox = opened(folder / "outbox.db", at_least=said.head)
    ear = Ear()
    ear.held[1] = recorded.hub.held[1][: said.held]
    ear.hashes[1] = recorded.hub.hashes[1][: said.held]
    figures.promise(outbox.salvaged is None, "the journal had to be salvaged")
    outbox.append([look("after the cut")], moment(9999))
    ear.drain(outbox, limit=100)
    outbox.close()
    hashes = ear.hashes[1]
    lost = [seq for seq, digest in said.events.items() if hashes[seq - 1 : seq] != [digest]]
    figures.count("acknowledged events looked for", len(said.events))
    figures.count("lost", len(lost))
    figures.promise(not lost, f"{len(lost)} acknowledged events are lost, the first {lost[:1]}")


def look_at_state(folder: Path, said: Acknowledged, figures: Figures) -> None:
    """Open the lease store: what was promised to be remembered is."""
    state: State
    state, damage = recover(folder / "state.db", KEY)
    with state:
        figures.count("lease stores rebuilt", damage is not None)
        if damage is None:
            figures.promise(state.next_counter() > said.counter, "a request counter is given twice")
            figures.promise(state.pin_tried("slot").wrong >= said.pin, "a wrong PIN is forgotten")
            figures.promise(state.journal_head(1) >= said.head, "the journal's mark is forgotten")
