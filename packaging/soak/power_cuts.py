"""``power-cuts``: recorded writes of a kiosk's three files and its hub's database, replayed; un-synced ones
are dropped or torn. Both machines lose their power at the same moment.

Promised afterwards: no event lost that was acknowledged, by the kiosk to a person or by the hub to the kiosk,
0 doubled at the hub, its logs whole; every file opens or is rebuilt, no request counter is given twice and no
wrong PIN forgotten; each page of the cache is whole or absent, and one that was taken away stays away. The
same rig with ``synchronous=OFF`` must break that, at the kiosk and at the hub.
Rows that the hub confirmed may come back (``JournalFile.release`` does not wait for the disk): they are taken
once.
"""

from __future__ import annotations

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
from sqlalchemy.exc import DatabaseError

from app.model.errors import Expected
from soak.power_looks import LOOKS, Acknowledged
from soak.power_replay import Disk, read_log
from soak.power_work import found_hub
from soak.promise import Figures, enough, progress, say
from soak.rig import scratch

if TYPE_CHECKING:
    from soak.power_replay import Op

STEPS = 700
CUTS_A_RECORDING = 250
CARELESS_CUTS = 12
"""So many cuts without ``synchronous`` there are at least."""

MUST_BREAK = ("hub", "journal")
"""What cannot hold without ``synchronous``."""


def run(count: int, seed: int, *, steps: int = STEPS) -> Figures:
    """Cut ``count`` times; then a tenth as often, at least, without ``synchronous``, which must fail."""
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
        cuts = max(CARELESS_CUTS, count // 10)
        replay(record(folder, seed, steps, sync="off"), cuts, seed, careless, quiet=True)
    figures.count("cuts with synchronous=OFF", cuts)
    figures.count("promises that these broke", len(careless.broken))
    for name in LOOKS:
        broken = [each for each in careless.broken if each.startswith(name)]
        figures.count(f"of the {name}", len(broken))
        say(f"broken without it, for one: {broken[:1]}")
        if name in MUST_BREAK:
            figures.promise(broken, f"with synchronous=OFF the {name} held: this rig proves nothing")
    return figures


@dataclass(frozen=True)
class Recording:
    """What was written, in order, and the hub's database before that."""

    ops: list[Op]
    hub: bytes


def record(folder: Path, seed: int, steps: int, *, sync: str = "on") -> Recording:
    """Let the work run and note every write."""
    place = Path(tempfile.mkdtemp(dir=folder))
    work, log = place / "work", place / "log"
    work.mkdir()
    shutil.copy(hub(folder), work / "hub.db")
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
    found = Recording(read_log(log), hub(folder).read_bytes())
    shutil.rmtree(place)
    return found


def hub(folder: Path) -> Path:
    """A hub's database as it is founded, made once."""
    place = folder / "founded"
    if not place.exists():
        place.mkdir()
        found_hub(place)
    return place / "hub.db"


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


def replay(recorded: Recording, cuts: int, seed: int, figures: Figures, *, quiet: bool = False) -> None:
    """Cut the power at ``cuts`` random moments of a recording."""
    chance = random.Random(seed)  # noqa: S311
    heard = figures if not quiet else _Silent(figures)
    moments = sorted(chance.randrange(1, len(recorded.ops) + 1) for _ in range(cuts))
    disk, said, done = Disk({"hub.db": recorded.hub}), Acknowledged(), 0
    for at in moments:
        for op in recorded.ops[done:at]:
            if op.path == "acknowledged":
                said.hear(op.data.decode())
            else:
                disk.note(op)
        done = at
        with tempfile.TemporaryDirectory() as place:
            dropped, torn = disk.cut(Path(place), chance)
            figures.count("cuts")
            figures.count("writes dropped", dropped)
            figures.count("writes torn", torn)
            for name, look in LOOKS.items():
                before = len(heard.broken)
                try:
                    look(Path(place), said, heard)
                except Exception as error:
                    if not (quiet or isinstance(error, Expected | AssertionError | DatabaseError)):
                        raise
                    heard.promise(holds=False, otherwise=f"cut at {at}: {error!r}")
                heard.broken[before:] = [f"{name}: {each}" for each in heard.broken[before:]]


class _Silent(Figures):
    """Keeps what breaks to itself: it is expected."""

    def __init__(self, figures: Figures) -> None:
        super().__init__(figures.done, figures.broken)

    def promise(self, holds: object, otherwise: str) -> None:
        """As ``Figures``."""
        if not holds:
            self.broken.append(otherwise)
