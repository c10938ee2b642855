"""The work that is recorded for ``power-cuts``: a kiosk's three files and its hub's database, kept busy.

``python -m soak.power_work FOLDER SEED STEPS SYNC``; what was acknowledged is written to
``FOLDER/acknowledged`` in the same order as everything else. ``FOLDER/hub.db`` is there already
(``found_hub``). SYNC ``off`` takes ``synchronous`` away from all four files: then the promises must break.
"""

from __future__ import annotations

import random
import sys
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.hub import store as store_module
from app.hub.ingest import ingest
from app.hub.schema import Client, KioskRow, Line, Site, StationRow
from app.hub.store import Store
from app.kiosk import cache as cache_module
from app.kiosk import state as state_module
from app.kiosk.cache import Cache
from app.kiosk.journal_file import JournalFile
from app.kiosk.state import State
from app.model.terms import KioskStatus
from app.wire.messages import EventKind
from tests.kiosk.journals import DEVICE, HUB, look, moment, opened

if TYPE_CHECKING:
    from app.kiosk.outbox import Outbox
    from app.wire.messages import EventBatch, EventReply

# ruff: noqa: SLF001 (what is taken away here is the files' own business)

KEY = bytes(range(32))
KIOSK, CLIENT = "K-1", "ACME"


def hub_at(folder: Path) -> Store:
    """The hub's database in ``folder``."""
    return Store(f"sqlite:///{folder / 'hub.db'}")


def found_hub(folder: Path) -> None:
    """Make the hub's database with one active kiosk, and leave it closed."""
    store = hub_at(folder)
    store.upgrade()
    with store.write() as session:
        session.add_all(
            [Site(code="S1", name="Plant One"), Client(code=CLIENT, name="Acme", agreement_version="1")]
        )
        session.flush()
        session.add(Line(code="L1", site="S1", name="Line 1"))
        session.flush()
        session.add(StationRow(code="ST-040", line="L1", name="Battery attach"))
        session.flush()
        status, key = KioskStatus.ACTIVE.value, DEVICE.public
        session.add(KioskRow(code=KIOSK, station="ST-040", status=status, sign_key=key, epoch=1))
    store.close()


def take(hub: Store, batch: EventBatch) -> EventReply:
    """As the hub takes a batch whose request was verified."""
    return ingest(hub, HUB, KIOSK, batch, moment(batch.events[0].seq).wall)


def without_sync() -> None:
    """All files trust the system's memory."""
    prepare, prepare_hub = JournalFile._prepare, store_module._prepare

    def prepared(self: JournalFile) -> None:
        prepare(self)
        self._db.execute("PRAGMA synchronous = OFF")

    def hub_prepared(connection: Any, record: Any) -> None:
        prepare_hub(connection, record)
        connection.execute("PRAGMA synchronous = OFF")

    changed: Any = JournalFile
    changed._prepare = prepared
    changed._hurried = lambda _self: nullcontext()
    modules: Any = store_module, state_module, cache_module
    modules[0]._prepare = hub_prepared
    for module in modules[1:]:
        module.FORM = replace(module.FORM, synchronous="OFF")


def work(folder: Path, chance: random.Random, steps: int) -> None:
    """Record, hand over, count, pull and purge, for so many steps."""
    with ExitStack() as stack:
        said = stack.enter_context((folder / "acknowledged").open("wb", buffering=0))
        hub, outbox = hub_at(folder), opened(folder / "outbox.db")
        state = State(folder / "state.db", KEY)
        cache, _ = Cache.open(folder / "cache.db", KEY, reserve_bytes=0)
        for part in (hub, outbox, state, cache):
            stack.callback(part.close)
        here: list[str] = []
        for step in range(steps):
            drafts = [look([step, part]) for part in range(chance.randint(1, 4))]
            following = look([step, "next"])
            announce = replace(following, kind=EventKind.VIEW_ANNOUNCED) if chance.random() < 0.7 else None
            for record in outbox.append(drafts, moment(step), announce):
                said.write(f"event {record.seq} {record.hash}\n".encode())
            if announce is not None and chance.random() < 0.7:
                taken = outbox.take(following, moment(step))
                assert taken is not None
                said.write(f"look {taken.seq} {step}\n".encode())
            if chance.random() < 0.2:
                hand_over(outbox, hub, chance, said)
            if chance.random() < 0.1:
                state.reach_counter(state.next_counter() + 150)
                said.write(f"counter {state.next_counter()}\n".encode())
            if chance.random() < 0.1:
                said.write(f"pin {state.count_pin('slot', moment(step)).wrong}\n".encode())
            if chance.random() < 0.05:
                head = outbox.head
                state.set_journal_head(1, head)
                said.write(f"head {head}\n".encode())
            if chance.random() < 0.08:
                here = pages(cache, here, chance, said)


def hand_over(outbox: Outbox, hub: Store, chance: random.Random, said: Any) -> None:
    """A batch reaches the hub; sometimes its receipt does not come back."""
    batch = outbox.pending(chance.randint(1, 60))
    if batch is None:
        return
    reply = take(hub, batch)
    said.write(f"hub {reply.held}\n".encode())
    if chance.random() < 0.8:
        outbox.confirm(reply.epoch, reply.held, reply.hash)


def pages(cache: Cache, here: list[str], chance: random.Random, said: Any) -> list[str]:
    """Pages are pulled; now and then some are taken away, for good."""
    if len(here) > 6:
        gone, kept = here[:3], here[3:]
        cache.drop_except(kept)
        said.write(f"dropped {' '.join(gone)}\n".encode())
        return kept
    fresh = [chance.randbytes(chance.randint(500, 60_000)) for _ in range(chance.randint(1, 3))]
    named = [(sha256(data).hexdigest(), data) for data in fresh]
    cache.put_many(named)
    return [*here, *(name for name, _ in named)]


def main(folder: str, seed: str, steps: str, sync: str) -> None:
    """Run the work."""
    if sync == "off":
        without_sync()
    work(Path(folder), random.Random(int(seed)), int(steps))  # noqa: S311


if __name__ == "__main__":
    main(*sys.argv[1:])
