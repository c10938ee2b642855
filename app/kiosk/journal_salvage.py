"""What can be read of a damaged journal, in a new file; the damaged one is set aside.

Safe against a crash at any point: the new file is built under one name, renamed to another when it is
complete, and only then takes the journal's place; whoever opens the journal next finishes what was begun.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from app.kiosk.journal_file import (
    ANNOUNCED,
    BUSY_SECONDS,
    COUNTERS,
    JournalFile,
    legible,
    mapped,
    set_aside,
)
from app.kiosk.journal_rows import Announced, Chain, Row, tally
from app.kiosk.sealed import remove_files, sync_folder
from app.model.errors import Damaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_EVENTS = "SELECT seq, hash, signature, box, digest FROM event WHERE journal = ?"


@dataclass(frozen=True)
class Salvaged:
    """What became of a damaged journal: events kept and lost, and where the damaged file is.

    ``lost`` is None where nobody can tell; an announcement that does not read may have come to be one.
    """

    kept: int
    lost: int | None
    aside: Path


@dataclass(frozen=True)
class _Found:
    """What reads of an epoch. ``unread``: announcements that do not, or cannot follow any more."""

    chain: Chain
    rows: list[Row]
    counters: dict[bytes, int]
    announced: Announced | None
    unread: int


def open_journal(path: Path, kiosk: str, epoch: int) -> tuple[JournalFile, Salvaged | None]:
    """Open a journal, salvaging it first if it is damaged.

    A journal of which not even the list of epochs reads is taken to have been one of ``epoch``, which cannot
    go on.

    Raises:
        Unavailable: it cannot be read or written (``cannot_record``).
        Refused: a newer program wrote it (``newer_schema``).
    """
    _finish(path)
    try:
        file = JournalFile(path)
        try:
            file.check()
        except BaseException:
            file.close()
            raise
    except Damaged:
        return salvage(path, Chain(1, kiosk, epoch, broken=True))
    return file, None


def salvage(path: Path, known: Chain) -> tuple[JournalFile, Salvaged]:
    """Copy what reads into a new journal and put it in the place of the damaged one.

    ``known``: the present epoch as last seen; a ``broken`` one is a guess, used if nothing better reads.
    """
    found = list(_read(path, known))
    building = path.with_name(path.name + ".building")
    remove_files(building)
    new = JournalFile(building)
    try:
        for one in found:
            new.append(one.chain, one.rows, one.counters, one.announced)
    finally:
        new.close()
    with mapped():
        building.rename(_complete(path))
        sync_folder(path.parent)
    aside = _finish(path)
    kept = sum(len(one.rows) for one in found)
    guessed = known.broken and any(one.chain.broken for one in found)
    lost = sum(one.chain.head - one.chain.held - len(one.rows) + one.unread for one in found)
    return JournalFile(path), Salvaged(kept, None if guessed else lost, aside or path)


def _complete(path: Path) -> Path:
    return path.with_name(path.name + ".salvaged")


def _finish(path: Path) -> Path | None:
    """Put a complete salvaged file in the journal's place, if there is one."""
    if not _complete(path).exists():
        return None
    aside = set_aside(path)
    with mapped():
        _complete(path).rename(path)
        sync_folder(path.parent)
    return aside


def _read(path: Path, known: Chain) -> Iterator[_Found]:
    with mapped(), closing(sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)) as db:
        db.text_factory = legible
        db.execute("PRAGMA writable_schema = ON")  # SQLite then goes by the file's real length
        for chain in _chains(db, known):
            rows = list(_events(db, chain))
            counters = _counters(db, chain)
            whole = _with_ends(chain, rows)
            if counters is None:  # the epoch would give a number a second time
                whole = replace(whole, broken=True, tally="")
            announced, unread = _announced(db, whole)
            yield _Found(whole, rows, counters or {}, announced, unread)


def _chains(db: sqlite3.Connection, known: Chain) -> list[Chain]:
    read = [chain for row in _all(db, "SELECT * FROM journal ORDER BY id") if (chain := Chain.read(row))]
    others = [chain for chain in read if (chain.kiosk, chain.epoch) != (known.kiosk, known.epoch)]
    if not known.broken:
        return [*others, known]
    if len(others) < len(read):
        return read
    ids = {row[0] for row in _all(db, "SELECT DISTINCT journal FROM event")} - {chain.id for chain in others}
    unused = max((chain.id for chain in others), default=0) + 1
    return [*others, replace(known, id=max((each for each in ids if isinstance(each, int)), default=unused))]


def _with_ends(chain: Chain, rows: list[Row]) -> Chain:
    """A guessed epoch begins and ends with what was found of it."""
    if not (chain.broken and rows and chain.head == 0):
        return chain
    return replace(chain, held=rows[0].seq - 1, head=rows[-1].seq, head_hash=rows[-1].hash)


def _events(db: sqlite3.Connection, chain: Chain) -> Iterator[Row]:
    found = {row[0]: row for row in _all(db, f"{_EVENTS} ORDER BY seq", chain.id)}
    found |= {row[0]: row for row in _all(db, f"{_EVENTS} ORDER BY seq DESC", chain.id)}
    for seq in range(chain.held + 1, chain.head + 1):
        if seq not in found:
            found |= {row[0]: row for row in _all(db, f"{_EVENTS} AND seq = ?", chain.id, seq)}
    for seq in sorted(seq for seq in found if isinstance(seq, int) and seq > chain.held):
        _, name, signature, box, digest = found[seq]
        with suppress(TypeError, AttributeError):
            row = Row(seq, name, bytes(signature), bytes(box))
            if row.digest == digest:
                yield row


def _counters(db: sqlite3.Connection, chain: Chain) -> dict[bytes, int] | None:
    """The epoch's counters, or None if they are not those that it had."""
    with suppress(sqlite3.DatabaseError, TypeError):
        counters = dict(db.execute(COUNTERS, (chain.id,)).fetchall())
        return counters if tally(counters) == chain.tally else None
    return None


def _announced(db: sqlite3.Connection, chain: Chain) -> tuple[Announced | None, int]:
    """What was announced and not followed by another word; and how many that may have been do not read."""
    try:
        columns = db.execute(ANNOUNCED, (chain.id,)).fetchone()
    except sqlite3.DatabaseError as error:  # none were made before there was a table for them
        return None, int(getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR)
    announced = None if columns is None else Announced.read(columns)
    if announced is None or not announced.follows(chain):
        return None, int(columns is not None and (announced is None or chain.broken))
    return announced, 0


def _all(db: sqlite3.Connection, sql: str, *parameters: object) -> Iterator[Any]:
    """The rows up to where the file is damaged."""
    with suppress(sqlite3.DatabaseError):
        yield from db.execute(sql, parameters)
