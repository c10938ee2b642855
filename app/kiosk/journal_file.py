"""The file under the outbox: plain SQLite, whose rows are sealed already. Knows rows, not what they say.

Plain on purpose: it outlives the keyring, a purge and the next enrolment. Failure policy, fault by fault:
- disk full, input/output error, no permission, another program holds it: ``Unavailable``, ``cannot_record``;
  nothing of the transaction is kept;
- the file is no database or a page of it does not read: ``Damaged``,
  ``journal_file_damaged``; ``salvage`` then copies what reads into a new file and sets the old one aside;
- a schema newer than this program: ``Refused``, ``newer_schema``.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from app.kiosk.journal_rows import Announced, Chain, Row, row_of, tally
from app.kiosk.sealed import SIDE_FILES, sync_folder
from app.model.errors import Damaged, Expected, Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

APPLICATION_ID = 0x534C4F42
VERSION = 2
BUSY_SECONDS = 5.0
RESERVE_BYTES = 1024 * 1024
LOG_BYTES = 4_200_000
"""What SQLite's write-ahead log grows to before it begins anew (1,000 pages of 4 KB, its own default)."""
ROOMY = 10
"""So many times that must be free on the disk, or the log grows by itself as it is written."""
COMMITS = 40
"""After so many it is brought into the file at the next occasion, not in the middle of a page turn."""
FILE_DAMAGED = "journal_file_damaged"
_SCHEMA = (
    """CREATE TABLE journal (
        id INTEGER PRIMARY KEY, kiosk TEXT NOT NULL, epoch INTEGER NOT NULL,
        head INTEGER NOT NULL, head_hash TEXT NOT NULL, held INTEGER NOT NULL, held_hash TEXT NOT NULL,
        broken INTEGER NOT NULL, tally TEXT NOT NULL, digest BLOB NOT NULL, UNIQUE (kiosk, epoch))""",
    """CREATE TABLE event (
        journal INTEGER NOT NULL REFERENCES journal, seq INTEGER NOT NULL, hash TEXT NOT NULL,
        signature BLOB NOT NULL, box BLOB NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (journal, seq)
        ) WITHOUT ROWID""",
    """CREATE TABLE counter (
        journal INTEGER NOT NULL REFERENCES journal, tag BLOB NOT NULL, seq INTEGER NOT NULL,
        PRIMARY KEY (journal, tag)) WITHOUT ROWID""",
    """CREATE TABLE announced (
        journal INTEGER PRIMARY KEY REFERENCES journal, seq INTEGER NOT NULL, hash TEXT NOT NULL,
        signature BLOB NOT NULL, box BLOB NOT NULL, prev TEXT NOT NULL, tag BLOB NOT NULL,
        number INTEGER NOT NULL, digest BLOB NOT NULL)""",
)
_TABLES = {0: 0, 1: 3, VERSION: len(_SCHEMA)}
"""How many of the tables a version has."""
COUNTERS = "SELECT tag, seq FROM counter WHERE journal = ?"
ANNOUNCED = "SELECT seq, hash, signature, box, prev, tag, number, digest FROM announced WHERE journal = ?"


class JournalFile:
    """An open journal. One thread at a time uses it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._commits = 0
        with mapped():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0), 0o600))
            self._db = sqlite3.connect(
                path, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS
            )
            self._db.text_factory = legible
        try:
            with mapped():
                self._prepare()
        except BaseException:
            self.close()
            raise

    def _prepare(self) -> None:
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "secure_delete = ON",
            "temp_store = MEMORY",
        ):
            self._db.execute(f"PRAGMA {pragma}")
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise Refused(
                "This kiosk's journal was written by a newer Stationleaf than this one.",
                advice="Install the newer version again; nothing was changed.",
                code="newer_schema",
            )
        schema = [row[0] for row in self._db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
        if schema != list(_SCHEMA[: _TABLES.get(version)]):
            raise file_damaged()  # a flipped bit in a table's description would surface as our own mistake
        if version < VERSION:
            with self._write():
                for statement in _SCHEMA[_TABLES[version] :]:
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                self._db.execute(f"PRAGMA user_version = {VERSION}")
            sync_folder(self.path.parent)

    def chains(self) -> list[Chain]:
        """Every epoch that was ever begun here, oldest first."""
        with mapped():
            rows = self._db.execute("SELECT * FROM journal ORDER BY id").fetchall()
        chains = [chain for row in rows if (chain := Chain.read(row)) is not None]
        if len(chains) < len(rows):
            raise file_damaged()
        return chains

    def begin(self, kiosk: str, epoch: int) -> Chain:
        """Begin an epoch."""
        with mapped(), self._write():
            (newest,) = self._db.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()
            chain = Chain(newest + 1, kiosk, epoch)
            self._put_chain(chain)
        return chain

    def append(
        self,
        chain: Chain,
        rows: Sequence[Row],
        counters: Mapping[bytes, int],
        announced: Announced | None = None,
    ) -> None:
        """Commit ``rows`` and the chain's new head, all or none; on the disk when this returns.

        ``counters``: the newest number given to a client of the epoch, by tag; others stay as they are.
        ``announced``: what may follow them; what was announced before no longer stands.
        """
        with mapped(), self._write():
            self._db.executemany(
                "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)",
                [(chain.id, row.seq, row.hash, row.signature, row.box, row.digest) for row in rows],
            )
            self._put_chain(chain)
            self._db.executemany(
                "INSERT OR REPLACE INTO counter VALUES (?, ?, ?)",
                [(chain.id, tag, seq) for tag, seq in counters.items()],
            )
            if announced is None:
                self._db.execute("DELETE FROM announced WHERE journal = ?", (chain.id,))
            else:
                self._db.execute(
                    "INSERT OR REPLACE INTO announced VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (chain.id, *announced.columns),
                )

    def redeem(self) -> int:
        """Make events of what was announced and not followed by another word. Returns how many there are.

        Raises:
            Damaged: one of them does not read (``journal_file_damaged``).
        """
        redeemed = 0
        for chain in self.chains():
            announced = self._announced(chain)
            if announced is not None and announced.follows(chain):
                row, counters = announced.row, self.counters(chain) | announced.counters
                after = replace(chain, head=row.seq, head_hash=row.hash, tally=tally(counters))
                self.append(after, [row], announced.counters)
                redeemed += 1
        return redeemed

    def _announced(self, chain: Chain) -> Announced | None:
        with mapped():
            columns = self._db.execute(ANNOUNCED, (chain.id,)).fetchone()
        if columns is None:
            return None
        announced = Announced.read(columns)
        if announced is None:
            raise file_damaged()
        return announced

    def counters(self, chain: Chain) -> dict[bytes, int]:
        """The newest number given to each client of the epoch, by tag.

        Raises:
            Damaged: they are not those that the chain's tally is of.
        """
        with mapped():
            counters = dict(self._db.execute(COUNTERS, (chain.id,)).fetchall())
        if tally(counters) != chain.tally:
            raise file_damaged()
        return counters

    def check(self) -> None:
        """Read what going on depends on.

        Raises:
            Damaged: it does not read (``journal_file_damaged``).
        """
        for chain in self.chains():
            self.counters(chain)

    def rows(self, chain: Chain, after: int, limit: int) -> list[Row]:
        """Up to ``limit`` events after ``after``, up to the first that is missing or damaged."""
        with mapped():
            found = self._db.execute(
                "SELECT seq, hash, signature, box, digest FROM event WHERE journal = ? AND seq > ?"
                " ORDER BY seq LIMIT ?",
                (chain.id, after, limit),
            ).fetchall()
        whole: list[Row] = []
        for seq, *parts, digest in found:
            row = row_of(seq, *parts)
            if row is None or row.digest != digest or seq != after + len(whole) + 1:
                break
            whole.append(row)
        return whole

    def release(self, chain: Chain) -> None:
        """The hub holds everything up to ``chain.held``: these rows go.

        Deleting needs room, too: on a full disk the reserve is given up for it, so that a journal that has
        filled its disk can be emptied.
        """
        try:
            self._release(chain)
        except Unavailable:
            if not self._reserve.exists():
                raise
            with mapped():
                self._reserve.unlink()
            self._release(chain)
            with suppress(sqlite3.Error):
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self.hold_reserve()

    def _release(self, chain: Chain) -> None:
        with mapped(), self._hurried(), self._write():
            self._db.execute("DELETE FROM event WHERE journal = ? AND seq <= ?", (chain.id, chain.held))
            self._put_chain(chain)
        self._tidy_log()

    @contextmanager
    def _hurried(self) -> Iterator[None]:
        """Without waiting for the disk: rows that come back after a power cut are sent again and taken once.

        Whoever records meanwhile does not wait either, and what is recorded next brings this to the disk.
        """
        self._db.execute("PRAGMA synchronous = NORMAL")
        try:
            yield
        finally:
            self._db.execute("PRAGMA synchronous = FULL")

    def lay_out_log(self) -> None:
        """Make the write-ahead log as long as it gets: a commit that lengthens a file takes longer.

        A change larger than SQLite's cache goes to the log; rolled back, it leaves nothing but the log's
        length. A disk that is nearly full is left as it is: others need its last room more.
        """
        if shutil.disk_usage(self.path.parent).free < ROOMY * LOG_BYTES:
            return
        with suppress(OSError, sqlite3.Error):
            (usual,) = self._db.execute("PRAGMA cache_size").fetchone()
            self._db.execute("PRAGMA cache_size = 8")
            try:
                self._db.execute("BEGIN IMMEDIATE")
                self._db.execute("CREATE TABLE room (bytes BLOB)")
                self._db.execute("INSERT INTO room VALUES (zeroblob(?))", (LOG_BYTES,))
            finally:
                self._db.execute(f"PRAGMA cache_size = {usual}")
                self._db.execute("ROLLBACK")
            with self.path.with_name(self.path.name + "-wal").open("rb+") as log:
                os.fsync(log.fileno())

    def _tidy_log(self) -> None:
        """Bring the log into the file, so that it begins anew. What is in it stands, even if that fails."""
        if self._commits >= COMMITS:
            self._commits = 0
            with suppress(sqlite3.Error):
                self._db.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def hold_reserve(self) -> None:
        """Set room aside for ``release``, if there is any."""
        with suppress(OSError), self._reserve.open("a+b") as file:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, RESERVE_BYTES)
            else:
                file.truncate(RESERVE_BYTES)

    @property
    def _reserve(self) -> Path:
        return self.path.with_name(self.path.name + ".reserve")

    def hash_at(self, chain: Chain, seq: int) -> str | None:
        """The hash of one event, or None if it is not here."""
        with mapped():
            row = self._db.execute(
                "SELECT hash FROM event WHERE journal = ? AND seq = ?", (chain.id, seq)
            ).fetchone()
        return None if row is None else str(row[0])

    def examine(self) -> None:
        """Look at the whole file; slow.

        Raises:
            Damaged: its structure does not hold (``journal_file_damaged``).
        """
        with mapped():
            if self._db.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
                raise file_damaged()

    def close(self) -> None:
        """Close. A damaged file may refuse its last checkpoint: the connection is gone all the same."""
        with suppress(sqlite3.Error, AttributeError):
            self._db.close()

    def _put_chain(self, chain: Chain) -> None:
        self._db.execute(
            "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " head = excluded.head, head_hash = excluded.head_hash, held = excluded.held,"
            " held_hash = excluded.held_hash, broken = excluded.broken, tally = excluded.tally,"
            " digest = excluded.digest",
            chain.columns,
        )

    @contextmanager
    def _write(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
            self._commits += 1
        except BaseException:
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise


def legible(text: bytes) -> str:
    """A text as it is kept. A flipped bit may leave no UTF-8: that is for the row's digest to notice."""
    return text.decode("utf-8", "replace")


@contextmanager
def mapped() -> Iterator[None]:
    """Turn what SQLite and the disk say into what a person understands (see the module)."""
    try:
        yield
    except OSError as error:
        raise cannot_record("its disk does not take them") from error
    except sqlite3.Error as error:
        expected = _explain(error)
        if expected is None:
            raise
        raise expected from error


def _explain(error: sqlite3.Error) -> Expected | None:
    code = getattr(error, "sqlite_errorcode", None)
    match None if code is None else code & 0xFF:
        case sqlite3.SQLITE_FULL:
            return cannot_record("its disk is full")
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return cannot_record("its disk does not take them")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return cannot_record("another program holds its journal")
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return file_damaged()
        case _:
            return None


def file_damaged() -> Damaged:
    """The error of a journal that does not read."""
    return Damaged(
        "This kiosk's journal is damaged.",
        advice="Tell quality and IT: its newest records may be incomplete.",
        code=FILE_DAMAGED,
    )


def cannot_record(why: str) -> Unavailable:
    """The error of a journal that does not take records now."""
    return Unavailable(
        f"This kiosk cannot record who reads what ({why}), so it shows no pages.",
        advice="Tell IT. It goes on by itself when records can be written again.",
        code="cannot_record",
    )


def set_aside(path: Path) -> Path:
    """Rename a damaged journal with its side files to the first free ``NAME.damaged-N``; returns that."""
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    with mapped():
        for tail in SIDE_FILES:
            side = path.with_name(path.name + tail)
            if side.exists():
                side.rename(aside.with_name(aside.name + tail))
        if path.exists():
            path.rename(aside)
        sync_folder(path.parent)
    return aside
