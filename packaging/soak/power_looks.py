"""What ``power-cuts`` looks at after a cut: that what had been said before still holds in each file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.hub.log_check import check
from app.hub.schema import EventRow, KioskRow
from app.kiosk.cache import Cache
from app.kiosk.state import recover
from app.model.errors import Damaged
from app.wire.messages import Event
from soak.power_work import KEY, KIOSK, hub_at, take
from tests.kiosk.journals import look, moment, opened

if TYPE_CHECKING:
    from pathlib import Path

    from app.hub.store import Store
    from soak.promise import Figures


@dataclass
class Acknowledged:
    """What had been said when the power went."""

    events: dict[int, str] = field(default_factory=dict)
    looks: dict[int, int] = field(default_factory=dict)
    """The step in which a look began that had been announced, by its number."""
    held: int = 0
    counter: int = 0
    pin: int = 0
    head: int = 0
    dropped: set[str] = field(default_factory=set)

    def hear(self, line: str) -> None:
        """One line of ``acknowledged``."""
        match line.split():
            case ["event", seq, digest]:
                self.events[int(seq)] = digest
            case ["look", seq, step]:
                self.looks[int(seq)] = int(step)
            case ["hub", held]:
                self.held = int(held)
            case ["counter", value]:
                self.counter = int(value)
            case ["pin", wrong]:
                self.pin = int(wrong)
            case ["head", head]:
                self.head = int(head)
            case ["dropped", *names]:
                self.dropped.update(names)


def at_hub(folder: Path, said: Acknowledged, figures: Figures) -> None:
    """Open the hub's database: what it gave a receipt for is there, and everything in it fits together."""
    hub = hub_at(folder)
    try:
        with hub.read() as session:
            held = session.get_one(KioskRow, KIOSK).held
        figures.promise(held >= said.held, f"the hub holds {held} events and gave a receipt for {said.held}")
        check(hub)
    finally:
        hub.close()


def at_journal(folder: Path, said: Acknowledged, figures: Figures) -> None:
    """Open the outbox, go on recording, and hand everything over to the hub as the cut has left it."""
    hub, outbox = hub_at(folder), opened(folder / "outbox.db", at_least=said.head)
    try:
        figures.promise(outbox.salvaged is None, "the journal had to be salvaged")
        outbox.append([look("after the cut")], moment(9999))
        while (batch := outbox.pending(100)) is not None:
            reply = take(hub, batch)
            outbox.confirm(reply.epoch, reply.held, reply.hash)
        hashes, marks = _events(hub, figures)
    finally:
        outbox.close()
        hub.close()
    unseen = [seq for seq, step in said.looks.items() if marks.get(seq) != [step, "next"]]
    figures.count("announced looks looked for", len(said.looks))
    figures.count("looks not on record", len(unseen))
    figures.promise(not unseen, f"{len(unseen)} looks are not on record, the first {unseen[:1]}")
    lost = [seq for seq, digest in said.events.items() if hashes.get(seq) != digest]
    figures.count("acknowledged events looked for", len(said.events))
    figures.count("lost", len(lost))
    figures.promise(not lost, f"{len(lost)} acknowledged events are lost, the first {lost[:1]}")


def _events(hub: Store, figures: Figures) -> tuple[dict[int, str], dict[int, Any]]:
    """Hashes and marks by number. No number is missing or there twice, neither among all nor among the
    client's.
    """
    with hub.read() as session:
        rows = list(
            session.execute(select(EventRow.seq, EventRow.hash, EventRow.data).order_by(EventRow.seq))
        )
    whole = list(range(1, len(rows) + 1))
    figures.promise([row.seq for row in rows] == whole, "a number is missing or there twice")
    events = [Event.read(row.data) for row in rows]
    counted = [event.client_seq for event in events]
    figures.promise(counted == whole, "a client's number is missing or there twice")
    return {row.seq: row.hash for row in rows}, {event.seq: event.body.get("mark") for event in events}


def at_state(folder: Path, said: Acknowledged, figures: Figures) -> None:
    """Open the lease store: what was promised to be remembered is."""
    state, damage = recover(folder / "state.db", KEY)
    with state:
        figures.count("lease stores rebuilt", damage is not None)
        if damage is None:
            figures.promise(state.next_counter() > said.counter, "a request counter is given twice")
            figures.promise(state.pin_tried("slot").wrong >= said.pin, "a wrong PIN is forgotten")
            figures.promise(state.journal_head(1) >= said.head, "the journal's mark is forgotten")


def at_cache(folder: Path, said: Acknowledged, figures: Figures) -> None:
    """Open the cache: each page is whole or absent, and what was taken away is away."""
    cache, healed = Cache.open(folder / "cache.db", KEY, reserve_bytes=0)
    try:
        figures.count("caches rebuilt", healed is not None)
        here = cache.have()
        figures.promise(not here & said.dropped, "a page that was taken away is there again")
        for name in here:
            try:
                cache.get(name)  # which checks the hash
            except Damaged:
                figures.promise(holds=False, otherwise="a page of the cache is there in part")
        figures.count("pages read", len(here))
    finally:
        cache.close()


LOOKS = {"hub": at_hub, "journal": at_journal, "lease store": at_state, "cache": at_cache}
"""In this order: the journal is handed over to the hub."""
