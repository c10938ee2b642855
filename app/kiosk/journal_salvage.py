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
    BUSY_SECONDS,
    COUNTERS,
    JournalFile,
    legible,
    mapped,
    set_aside,
)
from app.kiosk.journal_rows import Chain, Row, tally
from app.kiosk.sealed import remove_files, sync_folder
from app.model.errors import Damaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_EVENTS = "SELECT seq, hash, signature, box, digest FROM event WHERE journal = ?"


@dataclass(frozen=True)
class Salvaged:
    """What became of a damaged journal: events kept and lost, and where the damaged file is.

    ``lost`` is None where nobody can tell.
    """

    kept: int
    lost: int | None
    aside: Path


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
        for chain, rows, counters in found:
            new.append(chain, rows, counters)
    finally:
        new.close()
    with mapped():
        building.rename(_complete(path))
        sync_folder(path.parent)
    aside = _finish(path)
    kept = sum(len(rows) for _, rows, _ in found)
    guessed = known.broken and any(chain.broken for chain, _, _ in found)
    lost = None if guessed else sum(chain.head - chain.held for chain, _, _ in found) - kept
    return JournalFile(path), Salvaged(kept, lost, aside or path)


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


def _read(path: Path, known: Chain) -> Iterator[tuple[Chain, list[Row], dict[bytes, int]]]:
    with mapped(), closing(sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)) as db:
        db.text_factory = legible
        db.execute("PRAGMA writable_schema = ON")  # SQLite then goes by the file's real length
        for chain in _chains(db, known):
            rows = list(_events(db, chain))
            counters = _counters(db, chain)
            whole = _with_ends(chain, rows)
            if counters is None:  # the epoch would give a number a second time
                yield replace(whole, broken=True, tally=""), rows, {}
            else:
                yield whole, rows, counters


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


def _all(db: sqlite3.Connection, sql: str, *parameters: object) -> Iterator[Any]:
    """The rows up to where the file is damaged."""
    with suppress(sqlite3.DatabaseError):
        yield from db.execute(sql, parameters)
