"""What lies in the journal's file: epochs, events, and an event that was announced, each with a digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.seal.chain import GENESIS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Chain:
    """One epoch of one kiosk: its newest event (``head``) and what the hub holds (``held``), with hashes.

    ``broken``: its newest events were lost, so that it cannot go on. ``tally`` is of its counters, which lie
    apart: the newest number given to each client.
    """

    id: int
    kiosk: str
    epoch: int
    head: int = 0
    head_hash: str = GENESIS
    held: int = 0
    held_hash: str = GENESIS
    broken: bool = False
    tally: str = ""

    @property
    def columns(self) -> tuple[object, ...]:
        """As it is kept, with a digest that notices a flipped bit."""
        values = (
            self.id,
            self.kiosk,
            self.epoch,
            self.head,
            self.head_hash,
            self.held,
            self.held_hash,
            int(self.broken),
            self.tally,
        )
        return (*values, hashlib.sha256(repr(values).encode()).digest())

    @classmethod
    def read(cls, columns: Sequence[Any]) -> Chain | None:
        """Read ``columns``; None if they are damaged."""
        ident, kiosk, epoch, head, head_hash, held, held_hash, broken, tally, _digest = columns
        chain = cls(ident, kiosk, epoch, head, head_hash, held, held_hash, bool(broken), tally)
        return chain if chain.columns == tuple(columns) else None


@dataclass(frozen=True)
class Row:
    """An event as it is kept: ``box`` is sealed to the hub; ``hash`` and ``signature`` are of what is in it.

    ``digest``: SQLite does not notice a flipped bit in a row; this does.
    """

    seq: int
    hash: str
    signature: bytes
    box: bytes

    @property
    def digest(self) -> bytes:
        """SHA-256 over the row."""
        whole = self.hash.encode() + self.signature + self.box
        return hashlib.sha256(self.seq.to_bytes(8, "big") + whole).digest()


@dataclass(frozen=True)
class Announced:
    """An event that follows the one whose hash is ``prev``, if nothing else does: ``row``, whole and signed.

    It becomes an event where the program ends without another word: what it announces may have happened.
    ``number`` is the one of its client, whom ``tag`` names.
    """

    row: Row
    prev: str
    tag: bytes
    number: int

    @property
    def columns(self) -> tuple[object, ...]:
        """As it is kept, with a digest that notices a flipped bit."""
        row = self.row
        own = hashlib.sha256(row.digest + repr((self.prev, self.tag, self.number)).encode()).digest()
        return (row.seq, row.hash, row.signature, row.box, self.prev, self.tag, self.number, own)

    @classmethod
    def read(cls, columns: Sequence[Any]) -> Announced | None:
        """Read ``columns``; None if they are damaged."""
        seq, digest, signature, box, prev, tag, number, _digest = columns
        row = row_of(seq, digest, signature, box)
        announced = None if row is None else cls(row, prev, tag, number)
        return announced if announced is not None and announced.columns == tuple(columns) else None

    @property
    def counters(self) -> dict[bytes, int]:
        """The client's newest number, if it comes to this."""
        return {self.tag: self.number} if self.tag else {}

    def follows(self, chain: Chain) -> bool:
        """Whether nothing else has been recorded since."""
        place = (chain.head + 1, chain.head_hash)
        return not chain.broken and (self.row.seq, self.prev) == place


def row_of(seq: Any, digest: Any, signature: Any, box: Any) -> Row | None:
    """A row as read, or None if damage changed even the types."""
    sound = isinstance(digest, str) and isinstance(signature, bytes) and isinstance(box, bytes)
    return Row(seq, digest, signature, box) if sound and isinstance(seq, int) else None


def tally(counters: Mapping[bytes, int]) -> str:
    """A digest of all counters of an epoch."""
    return hashlib.sha256(repr(sorted(counters.items())).encode()).hexdigest() if counters else ""
