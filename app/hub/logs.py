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

from app.hub.schema import EventRow
from app.hub.schema_log import LogRow, LogTile
from app.model.errors import Damaged
from app.seal.merkle import leaf_hash
from app.seal.tiles import grow, width_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from app.hub.store import Store
    from app.seal.tiles import ReadTile

SITE = ""
"""The code of the site's log; any other is a client's."""

_EVENTS, _LOGS, _TILES = (cast("Table", table.__table__) for table in (EventRow, LogRow, LogTile))
_Stored = dict[str, object]

# Built once: building them costs more than what they do.
_AT_TILE = (
    (_TILES.c.log == bindparam("at_log"))
    & (_TILES.c.level == bindparam("at_level"))
    & (_TILES.c.index == bindparam("at_index"))
)
_READ_TILE = select(_TILES.c.hashes).where(_AT_TILE)
_GROW_TILE = update(_TILES).where(_AT_TILE).values(hashes=bindparam("data"))
_BEGIN_TILE = insert(_TILES).values(
    log=bindparam("at_log"),
    level=bindparam("at_level"),
    index=bindparam("at_index"),
    hashes=bindparam("data"),
)
_SIZES = select(_LOGS.c.code, _LOGS.c.size).where(_LOGS.c.code.in_(bindparam("codes", expanding=True)))
_GROW_LOG = update(_LOGS).where(_LOGS.c.code == bindparam("at_code")).values(size=bindparam("grown"))

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
    groups = {SITE: hashes}
    for (client, _), hashed in zip(entries, hashes, strict=True):
        if client:
            groups.setdefault(client, []).append(hashed)
    connection = session.connection()
    rows = connection.execute(_SIZES, {"codes": list(groups)})
    known: dict[str, int] = {row.code: row.size for row in rows}
    begun, grown = list[_Stored](), list[_Stored]()
    for code, leaves in groups.items():
        size = known.get(code, 0)
        for (level, index), data in grow(reader(session, code), size, leaves).items():
            stored = {"at_log": code, "at_level": level, "at_index": index, "data": data}
            (grown if width_at(size, level, index) else begun).append(stored)
    fresh = [{"code": code, "size": 0} for code in groups if code not in known]
    if fresh:
        connection.execute(insert(_LOGS), fresh)
    sizes = [{"at_code": code, "grown": known.get(code, 0) + len(each)} for code, each in groups.items()]
    for statement, changes in ((_BEGIN_TILE, begun), (_GROW_TILE, grown), (_GROW_LOG, sizes)):
        if changes:
            connection.execute(statement, changes)
    places = {
        code: iter(range(known.get(code, 0), known.get(code, 0) + len(each))) for code, each in groups.items()
    }
    return [Places(next(places[SITE]), next(places[client]) if client else None) for client, _ in entries]


def codes(session: Session) -> Sequence[str]:
    """The logs that have an entry."""
    return session.scalars(select(LogRow.code).order_by(LogRow.code)).all()


def reader(session: Session, code: str) -> ReadTile:
    """Return what reads a log's tiles."""
    connection = session.connection()

    def read(level: int, index: int) -> bytes:
        place = {"at_log": code, "at_level": level, "at_index": index}
        return connection.scalar(_READ_TILE, place) or b""

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
