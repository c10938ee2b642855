"""``kiosk-kills``: kill -9 of a kiosk at random points of pull, view, journal, sync and purge.

Promised afterwards: 0 events lost, 0 doubled, 0 pages half there, 0 caches that do not open; and the next
kiosk comes to work.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from kit.processes import KitError

from soak.promise import Figures, enough, progress
from soak.rig import Witness, rig

if TYPE_CHECKING:
    from soak.rig import Nursery, Rig

LONGEST = {"pull": 0.3, "view": 0.8, "journal": 0.4, "sync": 0.6, "purge": 0.2}
"""A kiosk is killed at any moment up to this, in seconds after it is at work (see ``soak.life``)."""
STARTING, START_SECONDS = 0.15, 0.6
"""This share of kiosks is killed while it starts: at any moment up to so many seconds."""
ROUND = ("pull", "view", "journal", "sync", "view", "pull", "sync", "journal", "purge")


def run(count: int, seed: int) -> Figures:
    """Kill ``count`` times."""
    with rig() as made:
        return prove(made, count, seed)


def prove(made: Rig, count: int, seed: int) -> Figures:
    """The same at a plant that is there."""
    chance, figures, witness = random.Random(seed), Figures(), Witness()  # noqa: S311
    with made.nursery() as nursery:
        settle(nursery, witness, figures)
        for number in range(count):
            if enough():
                break
            kill(made, nursery, number, chance, witness, figures)
            progress(number + 1, count, figures)
        settle(nursery, witness, figures)
        made.compare(witness, bytes.fromhex(nursery.live("public")["public"]), figures)
    return figures


def kill(
    made: Rig, nursery: Nursery, number: int, chance: random.Random, witness: Witness, figures: Figures
) -> None:
    """One life and its end; after a purge also that nothing is owed, and the pages come back."""
    mode, working = ROUND[number % len(ROUND)], chance.random() >= STARTING
    if mode == "purge":
        made.client_gone(gone=True)
    told = nursery.live(
        mode, chance.uniform(0.0, LONGEST[mode] if working else START_SECONDS), working=working
    )
    name = f"kill {number + 1} in {mode}"
    witness.note(name, told)
    figures.count("kills")
    figures.count(f"in {mode}" if working else "at the start")
    figures.count("receipts owed at a kill", told.get("owed", 0))
    figures.promise(told["worked"] or not working, f"{name}: the kiosk did not come to work")
    for wrong in told["wrong"]:
        figures.promise(holds=False, otherwise=f"{name}: {wrong}")
    if mode == "purge":
        after = settle(nursery, witness, figures)
        figures.promise(after["pages"] == 0, f"{name}: {after['pages']} revoked pages are still here")
        figures.promise(after["owed"] == 0, f"{name}: a receipt is still owed")
        made.client_gone(gone=False)
        back = settle(nursery, witness, figures)
        figures.promise(back["pages"] > 0, f"{name}: the pages did not come back")
        lost = made.missing(witness)
        figures.promise(not lost, f"{name}: the hub lacks {lost[:5]}")


def settle(nursery: Nursery, witness: Witness, figures: Figures) -> dict[str, int]:
    """Let a kiosk live until nothing is left to do."""
    told = nursery.live("settle")
    witness.note("a quiet life", told)
    if not told["settled"]:
        raise KitError(f"the kiosk did not settle: {told['wrong']}\n{nursery.log()}")
    for wrong in told["wrong"]:
        figures.promise(holds=False, otherwise=f"after a quiet life: {wrong}")
    return told
