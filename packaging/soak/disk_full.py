"""``disk-full``: a kiosk's disk is full at every write of pull, view, journal, sync and purge, each in turn.

For n = 1, 2, 3, ... every write from the n-th on fails with ENOSPC until there is space again, and once more
only the n-th. Promised: whatever is painted is on record, no acknowledged event is lost, the screen says in
words that the disk is full, and when there is space again the same kiosk goes on by itself: pages are pulled
and seen, the journal is handed over, what was revoked is gone and its receipt written.
"""

from __future__ import annotations

import random
from collections import deque
from typing import TYPE_CHECKING, Any

from kit.processes import KitError

from soak.power_cuts import library
from soak.promise import Figures, enough, progress, say
from soak.rig import Witness, rig
from soak.starved import CONTROL, FAR, Space

if TYPE_CHECKING:
    from pathlib import Path

    from soak.rig import Nursery, Rig

PURGE_EVERY = 3
"""One life in so many is a purge."""


def run(count: int, seed: int) -> Figures:
    """Fill the disk ``count`` times, at writes spread evenly over all there are; no write twice."""
    with rig() as made:
        return prove(made, count, seed)


def prove(made: Rig, count: int, seed: int) -> Figures:
    """The same at a plant that is there."""
    chance, figures, witness = random.Random(seed), Figures(), Witness()  # noqa: S311
    with made.nursery("starved", preloaded(made.folder, made.kiosk.home)) as nursery:
        nursery.ask("settle", 0, False)
        proof = _Proof(made, nursery, witness, figures)
        lots = {mode: lots_of(proof.rehearse(mode), chance) for mode in ("work", "purge")}
        for number in range(count):
            if enough() or not any(lots.values()):
                break
            purge = not lots["work"] or (number % PURGE_EVERY == PURGE_EVERY - 1 and lots["purge"])
            mode = "purge" if purge else "work"
            first, stays = lots[mode].popleft()
            proof.fill(mode, first, stays=stays)
            progress(number + 1, count, figures)
        witness.note("at the end", nursery.ask("settle", 0, False))  # what the last life recorded goes, too
        made.compare(witness, bytes.fromhex(nursery.ask("public", 0, False)["public"]), figures)
    return figures


def preloaded(folder: Path, filled: Path) -> dict[str, str]:
    """What a program needs in its environment so that the disk under ``filled`` can be full for it; the
    numbers that say when (``starved.Space``) are in the file ``STATIONLEAF_FULL_CONTROL``.
    """
    control = folder / "full.control"
    control.write_bytes(bytes(32))
    Space(control).free()
    return {
        "LD_PRELOAD": str(library(folder, "full")),
        CONTROL: str(control),
        "STATIONLEAF_FULL_FOLDER": str(filled),
    }


def lots_of(writes: int, chance: random.Random) -> deque[tuple[int, bool]]:
    """Every write there is, with both ways to fail in turn, in an order that covers all of it soon."""
    whole, once = (chance.sample(range(1, writes + 1), writes) for _ in range(2))
    return deque(lot for pair in zip(whole, once, strict=True) for lot in ((pair[0], True), (pair[1], False)))


class _Proof:
    """Lets one kiosk starve after the other, and looks at each."""

    def __init__(self, made: Rig, nursery: Nursery, witness: Witness, figures: Figures) -> None:
        self._made, self._nursery, self._witness, self._figures = made, nursery, witness, figures
        self._log = made.folder / "nursery.log"
        self._read = 0

    def rehearse(self, mode: str) -> int:
        """A life without a full disk; returns how many writes it has."""
        told = self._live(mode, FAR, stays=False)
        if not told["well"]:
            said = f"{told['said']}\n{self._nursery.log()}"
            raise KitError(f"the kiosk is not well with space on its disk: {said}")
        say(f"{mode}: {told['writes']} writes")
        return int(told["writes"])

    def fill(self, mode: str, first: int, *, stays: bool) -> None:
        """A life whose disk is full at its write ``first``."""
        figures = self._figures
        told = self._live(mode, first, stays=stays)
        name = f"{mode}, write {first}{' and all after it' if stays else ''}"
        if not told["failed"]:
            figures.count("lives with fewer writes")
            return
        figures.count("times full")
        figures.count(f"in {mode}")
        figures.count("writes refused", told["failures"])
        told_so = any("disk" in sentence for sentence in told["said"])
        figures.count("times told", told_so)
        figures.promise(told_so or not stays, f"{name}: the screen does not say so: {told['said']}")
        figures.promise(told["well"], f"{name}: it did not recover: {told['said']}")
        for sentence in told["said"]:
            figures.promise(not sentence.startswith("fault:"), f"{name}: a fault of our own")
        for wrong in (*told["wrong"], *self._faults()):
            figures.promise(holds=False, otherwise=f"{name}: {wrong}")

    def _live(self, mode: str, first: int, *, stays: bool) -> dict[str, Any]:
        purge = mode == "purge"
        if purge:
            self._made.client_gone(gone=True)
        told = self._nursery.ask(mode, first, stays)
        self._witness.note(f"{mode}, full at write {first}", told)
        if purge:
            self._figures.promise(told["pages"] == 0, f"{mode}, write {first}: revoked pages are still here")
            self._figures.promise(told.get("owed") == 0, f"{mode}, write {first}: a receipt is still owed")
            self._made.client_gone(gone=False)
        return told

    def _faults(self) -> list[str]:
        """What the kiosk's log has of faults since the last time."""
        text = self._log.read_text(encoding="utf-8")
        new, self._read = text[self._read :], len(text)
        return [f"the log has a traceback:\n{new[-3000:]}"] if "Traceback" in new else []
