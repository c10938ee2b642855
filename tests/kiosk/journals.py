"""An outbox under test, and the hub's view of what comes out of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.kiosk.outbox import Draft, Outbox
from app.seal.chain import GENESIS, check_links, event_hash, open_event, verify_event
from app.seal.keys import SealKey, SigningKey
from app.wire.clock import Moment
from app.wire.messages import Event, EventBatch, EventKind

if TYPE_CHECKING:
    from pathlib import Path

HUB, DEVICE = SealKey(bytes(range(32))), SigningKey(bytes(range(1, 33)))


def moment(number: int = 0) -> Moment:
    """The ``number``-th second of a morning."""
    wall = datetime(2026, 3, 2, 6, 0, tzinfo=UTC) + timedelta(seconds=number)
    return Moment(wall, 1000 * number, "boot-1")


def look(mark: object = 0, client: str = "ACME") -> Draft:
    """A view of a page of ``client``, recognizable by ``mark``."""
    return Draft(
        EventKind.VIEW_BEGIN, lease=3, client=client, person="W-17", station="ST-040", body={"mark": mark}
    )


def at_page(number: int, client: str = "ACME", kind: EventKind = EventKind.VIEW_BEGIN) -> Draft:
    """A look at a page, recognizable by its number."""
    return replace(look(number, client), kind=kind)


def announced_page(number: int, client: str = "ACME") -> Draft:
    """That a look at a page may follow."""
    return at_page(number, client, EventKind.VIEW_ANNOUNCED)


def opened(path: Path, epoch: int = 1, *, kiosk: str = "K-1", at_least: int = 0) -> Outbox:
    """The outbox as the kiosk opens it."""
    return Outbox(path, kiosk, epoch, DEVICE, HUB.public, at_least=at_least)


def announced(path: Path) -> set[tuple[int, int]]:
    """Epochs and numbers of what is on the disk as something that may have happened."""
    query = "SELECT epoch, seq FROM announced JOIN journal ON id = journal WHERE seq > head"
    with closing(sqlite3.connect(path)) as db:
        return set(db.execute(query))


@dataclass
class Ear:
    """A hub that checks everything a batch claims, and keeps what it holds by epoch."""

    kiosk: str = "K-1"
    held: dict[int, list[Event]] = field(default_factory=dict)
    hashes: dict[int, list[str]] = field(default_factory=dict)

    def take(self, batch: EventBatch) -> tuple[int, int, str]:
        """Take a batch; what it has already counts once. Returns the receipt."""
        events, hashes = self.held.setdefault(batch.epoch, []), self.hashes.setdefault(batch.epoch, [])
        assert len(batch.events) == len(batch.signatures)
        fresh = []
        for sealed, signature in zip(batch.events, batch.signatures, strict=True):
            verify_event(self.kiosk, batch.epoch, sealed.seq, sealed.hash, signature, DEVICE.public)
            exact = open_event(sealed.box, HUB)
            assert event_hash(exact) == sealed.hash
            event = Event.read(exact)
            assert (event.kiosk, event.epoch, event.seq) == (self.kiosk, batch.epoch, sealed.seq)
            if sealed.seq <= len(events):
                assert hashes[sealed.seq - 1] == sealed.hash, "a fork"
            else:
                fresh.append((event, sealed.hash))
        if fresh:
            assert fresh[0][0].seq == len(events) + 1, "a hole"
            before = hashes[-1] if hashes else GENESIS
            check_links(before, [digest for _, digest in fresh], [event.prev for event, _ in fresh])
        events += [event for event, _ in fresh]
        hashes += [digest for _, digest in fresh]
        self._count_clients(batch.epoch)
        return batch.epoch, len(events), hashes[-1]

    def _count_clients(self, epoch: int) -> None:
        """Each client's own numbers go up by one."""
        seen: dict[str, int] = {}
        for event in self.held[epoch]:
            seen[event.client] = seen.get(event.client, 0) + 1 if event.client else 0
            assert event.client_seq == seen[event.client]

    def drain(self, outbox: Outbox, limit: int = 200) -> None:
        """Take everything."""
        while (batch := outbox.pending(limit)) is not None:
            outbox.confirm(*self.take(batch))

    def marks(self, epoch: int = 1) -> list[object]:
        """The marks of the events held, in their order."""
        return [event.body.get("mark") for event in self.held.get(epoch, [])]
