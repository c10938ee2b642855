"""Whether the database fits together: every event against the logs' hashes, and the kiosks' journals.

Whoever rewrites all of it consistently is found by those who hold an earlier checkpoint: ``log_seen``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import String, func, or_, select, type_coerce

from app.hub.enrolment import sign_key_of
from app.hub.ingest import RESTORE_GAP
from app.hub.log_heads import size_of
from app.hub.logs import SITE, codes, reader
from app.hub.schema import AlarmRow, EventRow, KioskRow
from app.hub.schema_log import LogTile
from app.model.errors import Damaged, Untrusted
from app.seal.chain import GENESIS, event_hash, verify_event
from app.seal.merkle import HASH_BYTES, leaf_hash
from app.seal.tiles import TILE_BYTES, TILE_HEIGHT, TILE_WIDTH, fold, width_at
from app.wire.messages import Event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.hub.store import Store

_AT_ONCE = 16 * TILE_WIDTH
_COLUMNS = ("kiosk", "epoch", "seq", "person", "station", "client", "page", "revision", "unit", "order")


@dataclass(frozen=True)
class Finding:
    """What does not fit, as one sentence; ``log`` is a log's code, ``entry`` where in it it shows."""

    says: str
    log: str = SITE
    entry: int | None = None


def check(store: Store) -> int:
    """Compare every log with the events themselves. Returns how many entries the logs have.

    Raises:
        Damaged: the first of ``findings`` (``log_damaged``).
    """
    with store.read() as session:
        for finding in findings(session):
            raise Damaged(
                finding.says,
                advice="Keep a copy of the hub's database and tell quality: somebody changed it.",
                code="log_damaged",
            )
        return sum(size_of(session, code) for code in codes(session))


def findings(session: Session) -> Iterator[Finding]:
    """Yield everything in the database that does not fit together.

    Steps: 1 no event is in no log; 2 each event's columns say what its bytes say, and its device signed
    these; 3 a log's entries have the numbers 0 to its size, each once; 4 each is the one that was logged;
    5 the tree over them is kept, and nothing beyond it; 6 each kiosk's journal is held without a gap, as far
    as the kiosk was told.
    """
    yield from unlogged(session)  # 1
    keys = Keys(session)
    for code in _mentioned(session):
        try:
            yield from entries_in(session, code, keys)
        except (ValueError, TypeError):  # what a hand wrote is not what the column is for
            yield Finding(f"Events of {log_name(code)} hold values that only a hand can have put there.")
        yield from _tree_of(session, code)
    yield from _journals(session)


def _mentioned(session: Session) -> list[str]:
    """Every log that has a size, a tile or an event."""
    tiles, clients = select(LogTile.log).distinct(), select(EventRow.client).distinct()
    return sorted({*codes(session), *session.scalars(tiles), *session.scalars(clients)})


def log_name(code: str) -> str:
    """How sentences name a log."""
    return f"the log of client {code}" if code else "the log of the site"


def _name(row: EventRow) -> str:
    return f"event {row.seq} of kiosk {row.kiosk} (epoch {row.epoch})"


def unlogged(session: Session) -> Iterator[Finding]:
    """Yield what says that events are in no log (1)."""
    lost = or_(EventRow.site_index.is_(None), (EventRow.client != "") & EventRow.client_index.is_(None))
    count = session.scalar(select(func.count()).where(lost)) or 0
    if count:
        row = session.scalars(select(EventRow).where(lost).order_by(EventRow.id)).first()
        which = "" if row is None else f", the first is {_name(row)}"
        yield Finding(
            f"The hub holds {count} events that are in no log{which}: somebody put them in or took their "
            "numbers away, or they are an older version's and the hub was not started since."
        )


def entries_in(
    session: Session, code: str, keys: Keys, first: int = 0, end: int | None = None
) -> Iterator[Finding]:
    """Yield what does not fit of a log's entries from ``first`` on and before ``end`` (2, 3, 4)."""
    size, at = size_of(session, code), first
    leaves = _Leaves(session, code)
    for index, row, wall in _numbered(session, code, first, end):
        if index > at:  # 3
            yield Finding(
                f"{_missing(at, index)} of {log_name(code)} are gone: events were deleted.", code, at
            )
        at = index + 1
        if index >= size:  # 3
            yield Finding(
                f"{_capital(log_name(code))} has {size} entries, but {_name(row)} stands behind them, at "
                f"{index}: it was put in, or the log was shortened.",
                code, index,
            )  # fmt: skip
            continue
        wrong = keys.wrong_in(row, wall) if code == SITE else ""  # 2
        if wrong:
            yield Finding(
                f"{_capital(_name(row))}, entry {index} of {log_name(code)}, was changed: {wrong}.",
                code,
                index,
            )
        elif leaf_hash(_bytes(row.data)) != leaves.at(index):  # 4
            yield Finding(
                f"Entry {index} of {log_name(code)} is not the event that was logged there: {_name(row)} was "
                "moved or put in its place, or the log's hashes were changed.",
                code, index,
            )  # fmt: skip
    size = size if end is None else min(size, end)
    if at < size:
        yield Finding(f"{_missing(at, size)} of {log_name(code)} are gone: events were deleted.", code, at)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _missing(first: int, end: int) -> str:
    return f"Entries {first} to {end - 1}"


def _numbered(
    session: Session, code: str, first: int, end: int | None
) -> Iterator[tuple[int, EventRow, object]]:
    """A log's events by number, each with its time as the database has it."""
    number = EventRow.site_index if code == SITE else EventRow.client_index
    wall = type_coerce(EventRow.wall, String).label("stored")
    wanted = select(number, EventRow, wall).where(number.is_not(None)).order_by(number)
    if first:  # from the first on with whatever a hand wrote before it
        wanted = wanted.where(number >= first)
    if end is not None:
        wanted = wanted.where(number < end)
    if code != SITE:
        wanted = wanted.where(EventRow.client == code)
    for part in session.execute(wanted.execution_options(yield_per=_AT_ONCE)).partitions():
        for index, row, stored in part:
            yield index or 0, row, stored
            session.expunge(row)


class _Leaves:
    """A log's leaf hashes, asked for in order; ``b""`` where there is none."""

    def __init__(self, session: Session, code: str) -> None:
        self._read = reader(session, code)
        self._index, self._tile = -1, b""

    def at(self, number: int) -> bytes:
        index, place = divmod(number, TILE_WIDTH)
        if index != self._index:
            self._index, self._tile = index, self._read(0, index)
        return self._tile[place * HASH_BYTES : (place + 1) * HASH_BYTES]


class Keys:
    """The devices' keys, each looked up once, and what is wrong with an event by them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._found: dict[tuple[str, int], bytes] = {}

    def wrong_in(self, row: EventRow, wall: object) -> str:
        """What in an event's row is not as its device signed it, in words; "" where all is well.

        ``wall`` is its time as stored: text in SQLite, where another text may be read as the same time.
        """
        try:
            event = Event.read(row.data)
            digest, key = event_hash(row.data), self._of(row.kiosk, row.epoch)
            verify_event(row.kiosk, row.epoch, row.seq, digest, row.signature, key)
        except (Untrusted, TypeError):  # ``_bytes``
            return "its bytes are not what its device signed"
        if isinstance(wall, str) and wall != f"{event.wall.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}":
            return "its column wall does not say when its bytes say"
        said = {name: getattr(event, name) for name in _COLUMNS}
        said |= {"kind": event.kind.value, "wall": event.wall, "hash": digest}
        return ", and ".join(
            f"its column {name} says {_short(getattr(row, name))}, its bytes say {_short(value)}"
            for name, value in said.items()
            if getattr(row, name) != value
        )

    def _of(self, kiosk: str, epoch: int) -> bytes:
        if (kiosk, epoch) not in self._found:
            device = self._session.get(KioskRow, kiosk)
            key = None if device is None else sign_key_of(self._session, device, epoch)
            self._found[kiosk, epoch] = key or b""
        return self._found[kiosk, epoch]


def _bytes(stored: bytes | str) -> bytes:
    """What is stored: SQLite gives text where a hand wrote text."""
    return stored.encode() if isinstance(stored, str) else stored


def _short(value: object) -> str:
    return str(value)[:40] or "nothing"


def _tree_of(session: Session, code: str) -> Iterator[Finding]:  # 5
    size, read = size_of(session, code), reader(session, code)
    stored = select(LogTile.level, LogTile.index, func.length(LogTile.hashes)).where(LogTile.log == code)
    held = {(level, index): length for level, index, length in session.execute(stored)}
    wanted = {
        (level, index): width_at(size, level, index) * HASH_BYTES
        for level in range(_levels(size))
        for index in range(-(-(size >> TILE_HEIGHT * level) // TILE_WIDTH))
    }
    for level, index in sorted(held.keys() | wanted.keys()):
        length, want = held.get((level, index), 0), wanted.get((level, index), 0)
        if length != want:
            fault = "lost hashes" if length < want else "holds hashes beyond its end: it was shortened"
            entry = (index * TILE_WIDTH + min(length, want) // HASH_BYTES) << TILE_HEIGHT * level
            yield Finding(
                f"{_capital(log_name(code))} ({size} entries) {fault}, from entry {entry} on.", code, entry
            )
    for level, index in sorted(wanted):
        if level == 0 or held.get((level, index)) != wanted[level, index]:
            continue
        hashes = read(level, index)
        for place in range(len(hashes) // HASH_BYTES):
            child = read(level - 1, index * TILE_WIDTH + place)
            kept = hashes[place * HASH_BYTES : (place + 1) * HASH_BYTES]
            if len(child) == TILE_BYTES and fold(child) != kept:
                entry = (index * TILE_WIDTH + place) << TILE_HEIGHT * level
                yield Finding(
                    f"The tree of {log_name(code)} does not follow from its entries, from entry {entry} on: "
                    "its hashes were changed.",
                    code, entry,
                )  # fmt: skip


def _levels(size: int) -> int:
    return -(-size.bit_length() // TILE_HEIGHT)


def _journals(session: Session) -> Iterator[Finding]:  # 6
    told = {
        (row.kiosk, row.detail.get("epoch"), row.detail.get("number"), row.detail.get("until"))
        for row in session.scalars(select(AlarmRow).where(AlarmRow.kind == RESTORE_GAP))
    }
    found: dict[tuple[str, int], tuple[int, str]] = {}
    place = (EventRow.kiosk, EventRow.epoch, EventRow.seq)
    rows = session.execute(
        select(*place, EventRow.hash).order_by(*place).execution_options(yield_per=_AT_ONCE)
    )
    for (kiosk, epoch), group in groupby(rows, key=lambda row: (row[0], row[1])):
        held = 0
        for _, _, seq, digest in group:
            if seq != held + 1 and (kiosk, epoch, held + 1, seq - 1) not in told:
                yield Finding(
                    f"The journal of kiosk {kiosk} (epoch {epoch}) lacks its events {held + 1} to {seq - 1}: "
                    "they were deleted after the kiosk had its receipt."
                )
            held, found[kiosk, epoch] = seq, (seq, digest)
    for kiosk in session.scalars(select(KioskRow).order_by(KioskRow.code)):
        last, digest = found.get((kiosk.code, kiosk.epoch), (0, GENESIS))
        if kiosk.held != last or (last and kiosk.held_hash != digest):
            yield Finding(
                f"Kiosk {kiosk.code} was told that its journal is held up to event {kiosk.held}; the hub "
                f"holds it up to {last}, with {'another' if kiosk.held == last else 'its own'} hash."
            )
