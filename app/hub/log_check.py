"""Whether the events in the database are those that were logged: every row against every tile.

It finds what was changed in the events alone. Whoever rewrites the tiles too is found by those who hold an
earlier checkpoint: kiosks, and the clients' witnesses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from app.hub.enrolment import sign_key_of
from app.hub.log_heads import size_of
from app.hub.logs import SITE, damaged, reader
from app.hub.schema import EventRow, KioskRow, LogRow
from app.model.errors import Damaged, Untrusted
from app.seal.chain import event_hash, verify_event
from app.seal.merkle import HASH_BYTES, leaf_hash
from app.seal.tiles import TILE_BYTES, TILE_HEIGHT, grow
from app.wire.messages import Event

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from app.hub.store import Store
    from app.seal.tiles import ReadTile

_AT_ONCE = 16 * 256
_COLUMNS = ("kiosk", "epoch", "seq", "person", "station", "client", "page", "revision")


def check(store: Store) -> int:
    """Compare every log with the events themselves. Returns how many entries were compared.

    Steps: 1 each event's columns say what its bytes say, and its device signed these; 2 no event is in no
    log; 3 a log's entries have the numbers 0 to its size, each once; 4 the tree over them is the one kept.

    Raises:
        Damaged: an event was changed, removed, put in or moved (``log_damaged``); it says which log, and from
            which entry on.
    """
    with store.read() as session:
        lost = or_(
            EventRow.site_index.is_(None), (EventRow.client != "") & EventRow.client_index.is_(None)
        )  # 2
        if session.scalar(select(func.count()).where(lost)):
            raise Damaged(
                "The hub holds events that are in no log.",
                advice="Start the hub again, to take in an older version's; if this stays, tell quality.",
                code="log_damaged",
            )
        codes = session.scalars(select(LogRow.code).order_by(LogRow.code)).all()
        return sum(_check(session, code) for code in codes)


def _check(session: Session, code: str) -> int:
    stored, done, keys = reader(session, code), 0, _Keys(session)
    partial: dict[tuple[int, int], bytes] = {}

    def made(level: int, index: int) -> bytes:
        return partial.get((level, index), b"")

    for rows in _entries(session, code):
        for at, (index, row) in enumerate(rows, done):
            if index != at or (code == SITE and not keys.hold(row)):  # 3, 1
                raise damaged(at, code)
        hashes = [leaf_hash(row.data) for _, row in rows]
        for place, tile in grow(made, done, hashes).items():
            if len(tile) == TILE_BYTES:
                partial.pop(place, None)
                _compare(stored, place, tile, code)
            else:
                partial[place] = tile
        done += len(rows)
    if done != size_of(session, code):
        raise damaged(done, code)
    for place, tile in sorted(partial.items()):
        _compare(stored, place, tile, code)
    return done


def _entries(session: Session, code: str) -> Iterator[Sequence[tuple[int, EventRow]]]:
    number = EventRow.site_index if code == SITE else EventRow.client_index
    wanted = select(number, EventRow).where(number.is_not(None)).order_by(number)
    if code != SITE:
        wanted = wanted.where(EventRow.client == code)
    for part in session.execute(wanted.execution_options(yield_per=_AT_ONCE)).partitions():
        yield [(index or 0, row) for index, row in part]
        for _, row in part:
            session.expunge(row)


class _Keys:
    """The devices' keys, each looked up once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._found: dict[tuple[str, int], bytes] = {}

    def hold(self, row: EventRow) -> bool:  # 1
        """Whether an event's row says what its bytes say, and its device signed them."""
        try:
            event = Event.read(row.data)
            key = self._of(row.kiosk, row.epoch)
            verify_event(row.kiosk, row.epoch, row.seq, event_hash(row.data), row.signature, key)
        except (Untrusted, TypeError):  # SQLite gives text where a hand wrote text
            return False
        same = all(getattr(event, name) == getattr(row, name) for name in _COLUMNS)
        return same and (event.kind.value, event.wall, event_hash(row.data)) == (row.kind, row.wall, row.hash)

    def _of(self, kiosk: str, epoch: int) -> bytes:
        if (kiosk, epoch) not in self._found:
            device = self._session.get(KioskRow, kiosk)
            key = None if device is None else sign_key_of(self._session, device, epoch)
            self._found[kiosk, epoch] = key or b""
        return self._found[kiosk, epoch]


def _compare(stored: ReadTile, place: tuple[int, int], tile: bytes, code: str) -> None:  # 4
    kept = stored(*place)
    if kept != tile:
        level, index = place
        ends = range(HASH_BYTES, len(tile) + 1, HASH_BYTES)
        same = next((at for at, end in enumerate(ends) if kept[:end] != tile[:end]), len(ends))
        raise damaged((index * 256 + same) << TILE_HEIGHT * level, code)
