"""``chaos-network``: a shift at a real kiosk with its real screen, and a bad network between it and its hub.

Each minute of the shift is played in 24 seconds, the last 8 of them on a good network: what that shows is the
machine's doing, not the network's. Promised: no event lost or doubled; no signed request is taken twice; the
screen is never frozen for over 100 ms by the program itself (``kit.meter.Meter``).
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from kit.cast import ANA, HANNA
from kit.processes import ROOT, KitError, environment

from app.hub import log_check
from app.model.errors import Damaged
from soak.promise import Figures, enough, progress, say
from soak.rig import Witness, rig
from soak.trouble import BadNetwork

if TYPE_CHECKING:
    from pathlib import Path

    from soak.rig import Rig

BAD_SECONDS, GOOD_SECONDS = 16.0, 8.0
FREEZE_SECONDS = 0.15
SETTLE_SECONDS = 120.0


def run(count: int, seed: int, bad: float = BAD_SECONDS, good: float = GOOD_SECONDS) -> Figures:
    """Play ``count`` minutes of a shift."""
    figures, witness = Figures(), Witness()
    with rig() as made:
        made.plant.admin("setting", "set", "idle_seconds", "3600", "--reason", "somebody is always there")
        made.kiosk.plug.close()
        network = BadNetwork(made.kiosk.plug.port, made.plant.port, random.Random(seed))  # noqa: S311
        shift = _Shift(made, seed, figures, witness)
        try:
            for minute in range(count):
                if enough():
                    break
                network.bad = True
                shift.work("bad", bad)
                if minute % 5 == 0:  # a new lease, while the network is bad
                    made.plant.admin("assign", HANNA, made.cast.home, "--reason", f"minute {minute}")
                network.bad = False
                shift.work("good", good)
                figures.count("minutes")
                figures.done["faults"] = sum(network.faults.values())
                progress(minute + 1, count, figures)
            figures.done.update(network.faults)
            shift.end()
        finally:
            shift.close()
            network.close()
        made.compare(witness, shift.public, figures)
        try:
            log_check.check(made.store)
        except Damaged as error:
            figures.promise(False, f"the logs do not fit the events: {error}")
    return figures


class _Shift:
    """The process at the kiosk."""

    def __init__(self, made: Rig, seed: int, figures: Figures, witness: Witness) -> None:
        self._figures, self._witness = figures, witness
        self._log: Path = made.folder / "shift.log"
        words = [sys.executable, "-m", "soak.shift", str(made.kiosk.home), made.cast.badges[ANA], str(seed)]
        more = {"PYTHONPATH": f"{ROOT}:{ROOT / 'packaging'}", "QT_QPA_PLATFORM": "offscreen"}
        with self._log.open("ab") as errors:
            self._process = subprocess.Popen(
                words,
                env={**environment(made.kiosk.env), **more},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self.public = bytes.fromhex(self._answer()["public"])

    def work(self, network: str, seconds: float) -> None:
        """Somebody works so long on a ``good`` or ``bad`` network."""
        told = self._ask("work", seconds)
        self._figures.count("sessions", told["sessions"])
        self._figures.count("turns", told["turns"])
        self._figures.count(f"over 100 ms on a {network} network", len(told["frozen"]))
        self._figures.count(f"of these its own doing, {network} network", len(told["own"]))
        for frozen, doing in zip(told["own"], told["doing"], strict=True):
            say(f"its own doing on a {network} network, {frozen} s:\n{doing}")
        self._figures.promise(
            not told["own"], f"the screen was frozen for {told['own']} seconds on a {network} network"
        )
        for what, number in told["repeated"].items():
            self._figures.count(f"requests {what}", number)
        self._figures.promise(not told["repeated"].get("taken twice"), "a signed request was taken twice")

    def end(self) -> None:
        """Everything is handed over; and a frozen screen is seen by the meter."""
        told = self._ask("settle", SETTLE_SECONDS)
        self._figures.promise(told["settled"], "the journal is not handed over")
        seen = self._ask("freeze", FREEZE_SECONDS)
        self._figures.promise(seen["own"], "the meter does not see a frozen screen: nothing is proven")

    def _ask(self, what: str, seconds: float) -> dict[str, Any]:
        if self._process.stdin is None:
            raise KitError("the shift has no pipes")
        self._process.stdin.write(json.dumps([what, seconds]) + "\n")
        self._process.stdin.flush()
        told = self._answer()
        self._witness.note(what, told)
        return told

    def _answer(self) -> dict[str, Any]:
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if not line:
            raise KitError(f"the shift has ended:\n{self._log.read_text(encoding='utf-8')[-3000:]}")
        told: dict[str, Any] = json.loads(line)
        return told

    def close(self) -> None:
        """End it."""
        with self._process:  # closes its pipes, and waits
            pass
