"""The work that is recorded for ``power-cuts``: a kiosk's journal and lease store, kept busy.

``python -m soak.power_work FOLDER SEED STEPS SYNC``; what was acknowledged is written to
``FOLDER/acknowledged`` in the same order as everything else, and what the hub took to ``FOLDER/hub.pickle``
at the end. SYNC ``off`` takes ``synchronous`` away from both files: then the promises must break.
"""

from __future__ import annotations

import pickle
import random
import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.kiosk import state as state_module
from app.kiosk.journal_file import JournalFile
from app.kiosk.state import State
from tests.kiosk.journals import Ear, look, moment, opened

if TYPE_CHECKING:
    from app.kiosk.outbox import Outbox

# ruff: noqa: SLF001 (what is taken away here is the files' own business)

KEY = bytes(range(32))


def without_sync() -> None:
    """Both files trust the system's memory."""
    prepare = JournalFile._prepare

    def prepared(self: JournalFile) -> None:
        prepare(self)
        self._db.execute("PRAGMA synchronous = OFF")

    changed: Any = JournalFile
    changed._prepare = prepared
    changed._hurried = lambda _self: nullcontext()
    form: Any = replace
    state_module.FORM = form(state_module.FORM, synchronous="OFF")


def work(folder: Path, chance: random.Random, steps: int) -> None:
    """Record, hand over and count, for so many steps."""
    ear = Ear()
    outbox = opened(folder / "outbox.db")
    state = State(folder / "state.db", KEY)
    with (folder / "acknowledged").open("wb", buffering=0) as said:
        for step in range(steps):
            drafts = [look([step, part]) for part in range(chance.randint(1, 4))]
            for record in outbox.append(drafts, moment(step)):
                said.write(f"event {record.seq} {record.hash}\n".encode())
            if chance.random() < 0.2:
                hand_over(outbox, ear, chance, said)
            if chance.random() < 0.1:
                state.reach_counter(state.next_counter() + 150)
                said.write(f"counter {state.next_counter()}\n".encode())
            if chance.random() < 0.1:
                said.write(f"pin {state.count_pin('slot', moment(step)).wrong}\n".encode())
            if chance.random() < 0.05:
                head = outbox.head
                state.set_journal_head(1, head)
                said.write(f"head {head}\n".encode())
    held = (ear.held.get(1, []), ear.hashes.get(1, []))
    (folder / "hub.pickle").write_bytes(pickle.dumps(held))
    outbox.close()
    state.close()


def hand_over(outbox: Outbox, ear: Ear, chance: random.Random, said: Any) -> None:
    """A batch reaches the hub; sometimes its receipt does not come back."""
    batch = outbox.pending(chance.randint(1, 60))
    if batch is None:
        return
    receipt = ear.take(batch)
    said.write(f"hub {receipt[1]}\n".encode())
    if chance.random() < 0.8:
        outbox.confirm(*receipt)


def main(folder: str, seed: str, steps: str, sync: str) -> None:
    """Run the work."""
    if sync == "off":
        without_sync()
    work(Path(folder), random.Random(int(seed)), int(steps))  # noqa: S311


if __name__ == "__main__":
    main(*sys.argv[1:])
