"""The transparency logs: every accepted event in that of the site, and in that of its client.

An entry is an event's exact bytes, as its device signed their hash: it names the hash of the event before,
with a nonce in each, and so tells nothing of another client. The tree's hashes are kept as tiles, in the
transaction that keeps the event; appending touches a tile or two, however long the log is.

Failure policy: an event that cannot be logged is not taken. Tiles that are not as the log's size says stop
the taking (``log_damaged``): kiosks keep their journals meanwhile. Tiles that say something else than the
events is what ``check`` finds, and who holds an earlier checkpoint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sqlalchemy import bindparam, insert, select, update

from app.hub.schema import EventRow, LogRow, LogTile
from app.model.errors import Damaged
from app.seal.merkle import leaf_hash
from app.seal.tiles import grow, width_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from app.hub.store import Store
    from app.seal.tiles import ReadTile

SITE = ""
"""The code of the site's log; any other is a client's."""

_EVENTS, _TILES = cast("Table", EventRow.__table__), cast("Table", LogTile.__table__)
_AT_ONCE = 5000


@dataclass(frozen=True)
class Places:
    """Where an event stands in the site's log and in its client's; None where no client is concerned."""

    site: int
    client: int | None


def append(session: Session, entries: Sequence[tuple[str, bytes]]) -> list[Places]:
    """Append events, each with its client ("" for none), in their order. Returns where they stand.

    Raises:
        Damaged: a log's tiles are not as its size says (``log_damaged``).
    """
    hashes = [leaf_hash(data) for _, data in entries]
    places: dict[str, Iterator[int]] = {SITE: _append(session, SITE, hashes)}
    for code in sorted({client for client, _ in entries if client}):
        own = [hashed for (client, _), hashed in zip(entries, hashes, strict=True) if client == code]
        places[code] = _append(session, code, own)
    return [Places(next(places[SITE]), next(places[client]) if client else None) for client, _ in entries]


def _append(session: Session, code: str, hashes: list[bytes]) -> Iterator[int]:
    """Append to one log; give the index of each."""
    known = session.scalar(select(LogRow.size).where(LogRow.code == code))
    size = known or 0
    if known is None:
        session.execute(insert(LogRow).values(code=code, size=0))
    tiles = grow(reader(session, code), size, hashes)
    for (level, index), data in tiles.items():
        place = {"log": code, "level": level, "index": index, "hashes": data}
        if not width_at(size, level, index):
            session.execute(insert(_TILES).values(place))
            continue
        same = (_TILES.c.log == code) & (_TILES.c.level == level) & (_TILES.c.index == index)
        session.execute(update(_TILES).where(same).values(hashes=data))
    session.execute(update(LogRow).where(LogRow.code == code).values(size=size + len(hashes)))
    return iter(range(size, size + len(hashes)))


def reader(session: Session, code: str) -> ReadTile:
    """Return what reads a log's tiles."""

    def read(level: int, index: int) -> bytes:
        same = (_TILES.c.log == code) & (_TILES.c.level == level) & (_TILES.c.index == index)
        return session.scalar(select(_TILES.c.hashes).where(same)) or b""

    return read


def catch_up(store: Store) -> int:
    """Append the events that were taken before there were logs, oldest first. Returns how many."""
    done = 0
    while True:
        with store.write() as session:
            rows = session.execute(
                select(EventRow.id, EventRow.client, EventRow.data)
                .where(EventRow.site_index.is_(None))
                .order_by(EventRow.id)
                .limit(_AT_ONCE)
            ).all()
            if not rows:
                return done
            places = append(session, [(row.client, row.data) for row in rows])
            session.execute(
                update(_EVENTS)
                .where(_EVENTS.c.id == bindparam("row"))
                .values(site_index=bindparam("site"), client_index=bindparam("own")),
                [
                    {"row": row.id, "site": place.site, "own": place.client}
                    for row, place in zip(rows, places, strict=True)
                ],
            )
        done += len(rows)


def damaged(index: int, code: str = SITE) -> Damaged:
    """Return what is raised where events and log do not fit together, from this entry on."""
    log = f"of client {code}" if code else "of the site"
    return Damaged(
        f"The hub's events are not those that the log {log} holds: it shows at entry {index}.",
        advice="Keep a copy of the hub's database and tell quality: somebody or something changed it.",
        code="log_damaged",
    )
