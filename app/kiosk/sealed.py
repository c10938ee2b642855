"""Encrypted databases on the kiosk: opening, migrating and using a SQLCipher file; what its failures mean.

Failure policy, fault by fault (result codes of SQLite, https://sqlite.org/rescode.html):
- a page does not authenticate, the file is cut or no database (CORRUPT, NOTADB): ``Damaged``,
  ``file_damaged``. One such page poisons the connection (SQLCipher keeps the error): close it, open another;
- the file was made with another key: ``Damaged``, ``foreign_file``;
- disk full (FULL): ``Unavailable``, ``disk_full``; nothing of the transaction is kept;
- input/output error, no permission (IOERR, READONLY, CANTOPEN, PERM): ``Unavailable``, ``disk_error``;
- another connection writes longer than we wait (BUSY, LOCKED): ``Unavailable``, ``file_busy``;
- a schema newer than this program: ``Refused``, ``newer_schema``; nothing is touched;
- anything else is our bug and passes through.

What the page cache and the kiosk's state keep in such a file is their business.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlcipher3 import dbapi2  # type: ignore[import-untyped]

from app.model.errors import Bug, Damaged, Expected, Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

KEY_BYTES = 32
SALT_BYTES = 16
PAGE_BYTES = 16384
"""With HMAC-SHA-256 the fastest for blobs of megabytes: 2 MB in 2.3 ms; the library's defaults need 10 ms."""

SIDE_FILES = ("-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Form:
    """What a file is. ``name`` is the subject of sentences ("the page cache").

    ``migrations``: script *i* brings version *i* to *i + 1*. ``synchronous``: ``FULL`` survives a power cut
    with every commit, ``NORMAL`` may lose the newest ones and stays whole.
    """

    name: str
    application_id: int
    migrations: tuple[str, ...]
    synchronous: Literal["FULL", "NORMAL"] = "FULL"


class Database:
    """One connection. Safe to share between threads: one of them at a time uses it."""

    def __init__(self, connection: dbapi2.Connection, form: Form) -> None:
        self._connection, self._form = connection, form
        self._lock = threading.RLock()

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Any]:
        """Run a statement and return its rows (tuples)."""
        with self._lock, self._mapped():
            return list(self._connection.execute(sql, parameters).fetchall())

    def each(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[Any]:
        """Run a statement and yield its rows one by one, so that those before damage are seen."""
        with self._lock, self._mapped():
            yield from self._connection.execute(sql, parameters)

    def row(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        """Run a statement and return its first row, or None."""
        with self._lock, self._mapped():
            return self._connection.execute(sql, parameters).fetchone()

    def run(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """Run a statement and return how many rows it changed."""
        with self._lock, self._mapped():
            return int(self._connection.execute(sql, parameters).rowcount)

    @contextmanager
    def write(self) -> Iterator[Database]:
        """A transaction, alone with the file from its first moment; all of it stands, or nothing."""
        with self._lock:
            with self._mapped():
                self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self
                with self._mapped():
                    self._connection.execute("COMMIT")
            except BaseException:
                with suppress(dbapi2.Error):
                    self._connection.execute("ROLLBACK")
                raise

    def checkpoint(self) -> None:
        """Bring everything into the main file and empty the write-ahead log, which keeps deleted bytes.

        Raises:
            Unavailable: another connection reads for longer than we wait (``file_busy``).
        """
        if self.row("PRAGMA wal_checkpoint(TRUNCATE)")[0]:
            raise _busy(self._form.name)

    def migrate(self) -> None:
        """Bring the schema to this program's version, in one transaction.

        Raises:
            Refused: it is a newer program's (``newer_schema``).
        """
        version, goal = int(self.row("PRAGMA user_version")[0]), len(self._form.migrations)
        if version > goal:
            raise Refused(
                f"{self._form.name.capitalize()} was written by a newer Stationleaf than this one.",
                advice="Install the newer version again; nothing was changed.",
                code="newer_schema",
            )
        if version == goal:
            return
        with self.write():
            for script in self._form.migrations[version:]:
                for statement in filter(str.strip, script.split(";")):
                    self.run(statement)
            self.run(f"PRAGMA application_id = {self._form.application_id}")
            self.run(f"PRAGMA user_version = {goal}")

    def close(self) -> None:
        """Close. A damaged file may refuse its last checkpoint: the connection is gone all the same."""
        with self._lock, suppress(dbapi2.Error):
            self._connection.close()

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        try:
            yield
        except MemoryError as error:
            # SQLCipher's codec, once it has met a damaged page, refuses to write, which SQLite calls NOMEM
            raise file_damaged(self._form.name) from error
        except dbapi2.Error as error:
            expected = explain(error, self._form.name)
            if expected is None:
                raise
            raise expected from error


def open_database(
    path: Path, key: bytes, form: Form, *, busy_seconds: float = 5.0, as_wreck: bool = False
) -> Database:
    """Open the file, make it if it does not exist, and bring it to this program's schema.

    ``as_wreck`` only opens it, for reading what reads: also a file that is shorter than it says.

    ``key`` is 32 random bytes, used raw. The file's salt is derived from the key, so that the first 16 bytes
    say whether a file that does not open is damaged or was made with another key.

    Raises:
        Damaged: it does not open with this key (``file_damaged``, ``foreign_file``).
        Unavailable: it cannot be read or written now (``disk_full``, ``disk_error``, ``file_busy``).
        Refused: its schema is a newer program's (``newer_schema``).
    """
    if len(key) != KEY_BYTES:
        raise Bug("a database key has 32 bytes")
    salt = _salt(key)
    try:
        _make_private(path)
        connection = dbapi2.connect(
            str(path), isolation_level=None, check_same_thread=False, timeout=busy_seconds
        )
    except (OSError, dbapi2.Error) as error:
        raise disk_error(form.name) from error
    database = Database(connection, form)
    try:
        _prepare(connection, key, salt, form, as_wreck=as_wreck)
        if as_wreck:
            return database
        database.rows("SELECT name FROM sqlite_master LIMIT 1")  # the first read: is it ours?
        database.rows("PRAGMA journal_mode = WAL")
        database.migrate()
        _check_kind(database, form)
    except dbapi2.Error as error:
        database.close()
        expected = explain(error, form.name)
        if isinstance(expected, Damaged):
            expected = _name_damage(path, salt, form, expected)
        raise expected or error from error
    except Damaged as error:
        database.close()
        raise _name_damage(path, salt, form, error) from error
    except BaseException:
        database.close()
        raise
    return database


def remove_files(path: Path) -> None:
    """Delete a database and its side files, as far as they exist.

    Raises:
        Unavailable: they cannot be deleted (``disk_error``).
    """
    try:
        for name in (path, *(path.with_name(path.name + tail) for tail in SIDE_FILES)):
            name.unlink(missing_ok=True)
    except OSError as error:
        raise disk_error("the kiosk's folder") from error


def sync_folder(folder: Path) -> None:
    """Make renames and deletions in ``folder`` survive a power cut."""
    if os.name == "nt":  # a folder has no handle to flush there; NTFS journals its entries
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def explain(error: BaseException, name: str) -> Expected | None:
    """Say in words what a database error means, or None where it is our own fault."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None and str(error).startswith(
        "Could not decode to UTF-8"
    ):  # pages that do not belong together
        return file_damaged(name)
    match None if code is None else code & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return _busy(name)
        case sqlite3.SQLITE_FULL:
            return disk_full()
        case sqlite3.SQLITE_PERM | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_IOERR | sqlite3.SQLITE_CANTOPEN:
            return disk_error(name)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return file_damaged(name)
        case _:
            return None


def _prepare(connection: dbapi2.Connection, key: bytes, salt: bytes, form: Form, *, as_wreck: bool) -> None:
    def pragma(text: str) -> Any:
        return connection.execute(f"PRAGMA {text}").fetchone()

    pragma("cipher_log_level = NONE")  # otherwise every damaged page is a line on stderr
    pragma(f"key = \"x'{key.hex()}{salt.hex()}'\"")
    pragma(f"cipher_page_size = {PAGE_BYTES}")
    pragma("cipher_hmac_algorithm = HMAC_SHA256")
    if pragma("cipher_version") is None:
        raise Bug("the SQLite library was built without SQLCipher: it would write in plain")
    if as_wreck:
        pragma("writable_schema = ON")  # SQLite then goes by the file's real length
    pragma(f"synchronous = {form.synchronous}")
    pragma("temp_store = MEMORY")
    pragma("secure_delete = ON")
    pragma("foreign_keys = ON")


def _check_kind(database: Database, form: Form) -> None:
    if int(database.row("PRAGMA application_id")[0]) != form.application_id:
        raise _foreign(form.name)


def _name_damage(path: Path, salt: bytes, form: Form, error: Damaged) -> Damaged:
    """Tell a damaged file of ours from a whole file of another key, by its salt."""
    if error.code == "foreign_file":
        return error
    try:
        with path.open("rb") as file:
            found = file.read(SALT_BYTES)
    except OSError:
        return error
    ours = found == salt or len(found) < SALT_BYTES or found in {bytes(SALT_BYTES), b"SQLite format 3\0"}
    return error if ours else _foreign(form.name)


def _salt(key: bytes) -> bytes:
    return HKDF(SHA256(), SALT_BYTES, None, b"stationleaf database salt v1").derive(key)


def _make_private(path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0), 0o600))


def _busy(name: str) -> Unavailable:
    return Unavailable(
        f"{name.capitalize()} is in use by another program.",
        advice="Try again in a minute.",
        code="file_busy",
    )


def _foreign(name: str) -> Damaged:
    return Damaged(
        f"{name.capitalize()} in this folder belongs to another kiosk or an earlier enrolment.",
        advice="Tell IT if nobody moved this kiosk's files.",
        code="foreign_file",
    )


def file_damaged(name: str) -> Damaged:
    """The error of a file that does not hold together."""
    return Damaged(
        f"{name.capitalize()} of this kiosk is damaged.",
        advice="Tell IT if it happens again: the disk may be failing.",
        code="file_damaged",
    )


def disk_full() -> Unavailable:
    """The error of a disk without room."""
    return Unavailable("This kiosk's disk is full.", advice="IT: free some space on it.", code="disk_full")


def disk_error(name: str) -> Unavailable:
    """The error of a disk that does not take or give bytes."""
    return Unavailable(
        f"{name.capitalize()} cannot be read or written.",
        advice="IT: check the disk, and who owns the kiosk's folder.",
        code="disk_error",
    )
