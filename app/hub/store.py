"""The hub's database: transactions, schema version, and what each of its failures means to a person.

Failure policy, fault by fault (codes of SQLite; PostgreSQL's are all "does not answer" or ours):
- another process writes (BUSY, LOCKED): wait ten seconds, then ``Unavailable``;
- disk full (FULL), input/output error (IOERR), folder not writable (READONLY, CANTOPEN): ``Unavailable``,
  nothing of the transaction is kept;
- file damaged (CORRUPT, NOTADB): ``Damaged``, with the way to a backup;
- a schema newer than this program: ``Refused``, nothing is touched;
- anything else is our bug and passes through.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session, UOWTransaction

from app.hub.remembered import Memory, install
from app.hub.schema import ChangeRow, RevocationRow
from app.hub.together import Together
from app.model.errors import Damaged, Expected, Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alembic.config import Config

VERSIONS = tuple(f"{number:04}" for number in range(1, 26))
"""The schema's versions, oldest first: a command need not load Alembic only to see that all is well."""

T = TypeVar("T")

BACKENDS = frozenset({"sqlite", "postgresql"})
BUSY_SECONDS = 10
CACHE_KIB = 256
"""SQLite's own cache of each connection; the system's holds the file, once for all of them."""

_KEPT, _OVERFLOW = 12, 28  # connections: for each thread that serves requests, and more where there are more
_WRITE = "stationleaf_write"
_PG_WRITER = 0x5374_6C66  # the advisory lock that makes PostgreSQL, like SQLite, have one writer at a time
_MIGRATIONS = Path(__file__).parent / "migrations"


Acts = frozenset[tuple[str, str]]
"""What a transaction changed: acts and their subjects, as the record of changes has them."""


class _Session(Session):
    """Remembers the acts that go into the record of changes: the one place by which every change goes."""


def note_act(session: Session, act: str, subject: str) -> None:
    """Tell ``on_change`` of an act that is in no record of changes, once it is committed."""
    session.info.setdefault("acts", set()).add((act, subject))


@event.listens_for(_Session, "before_flush")
def _note_acts(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    for row in session.new:
        if isinstance(row, ChangeRow):
            note_act(session, row.act, row.subject)
        elif isinstance(row, RevocationRow):
            note_act(session, f"{row.kind}.revoke", row.code)


class Store:
    """Transactions on the hub's database. See the module for what its failures become.

    ``on_change`` is told, on the thread that wrote, of the acts of every transaction that has any, once it is
    committed.
    """

    def __init__(self, url: str) -> None:
        self.on_change: Callable[[Acts], None] = lambda _acts: None
        try:
            backend = make_url(url).get_backend_name()
            self._engine = create_engine(
                url if backend in BACKENDS else "",
                pool_pre_ping=backend != "sqlite",
                pool_size=_KEPT,
                max_overflow=_OVERFLOW,
            )
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError):
            raise Refused(
                "The database's address is not one that Stationleaf can use.",
                advice="Use postgresql://user@host/name, or leave it out for a file in the hub's folder.",
            ) from None
        self._sqlite = self._engine.dialect.name == "sqlite"
        # SQLite's writers wait by sleeping and trying again, each as long as luck has it; the threads of one
        # process queue here instead.
        self._turn = threading.RLock() if self._sqlite else nullcontext()
        if self._sqlite:
            event.listen(self._engine, "connect", _prepare)
            event.listen(self._engine, "begin", _begin)
        self._writer = self._engine.execution_options(**{_WRITE: True})
        self._memory = Memory()
        self._together = Together(self.write)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that may write. It has the database to itself from its first moment.

        Commits at the end, rolls back on any error: what a rule reads here still holds at the commit.
        """
        with (
            self._turn,
            _mapped(),
            _Session(self._writer, expire_on_commit=False, info={"memory": self._memory}) as session,
            session.begin(),
        ):
            session.connection()  # begins now, not at the first statement
            if not self._sqlite:
                session.execute(text(f"SELECT pg_advisory_xact_lock({_PG_WRITER})"))
            yield session
        if acts := session.info.get("acts"):
            self.on_change(frozenset(acts))

    def together(self, work: Callable[[Session], T], *, looks_first: bool = False) -> T:
        """Do ``work`` in a transaction that it may share with what other threads want done just now.

        What it raises undoes it alone. For small changes that come from many kiosks at once. ``looks_first``
        is for work that refuses before it writes anything, or not at all.
        """
        return self._together.do(work, looks_first=looks_first)

    @contextmanager
    def rehearse(self) -> Iterator[Session]:
        """A transaction that may write and is always rolled back: what would happen?"""
        with _mapped(), Session(self._writer, expire_on_commit=False) as session:
            try:
                yield session
            finally:
                session.rollback()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent view of one moment; nothing is kept of what is changed in it."""
        info = {"memory": self._memory, "one_moment": True}
        with _mapped(), Session(self._reader(), info=info) as session:
            try:
                yield session
            finally:
                session.rollback()

    def _reader(self) -> Any:
        return (
            self._engine
            if self._sqlite
            else self._engine.execution_options(isolation_level="REPEATABLE READ")
        )

    def upgrade(self) -> None:
        """Bring the schema to this program's version, in one transaction.

        Raises:
            Refused: the schema is of a newer program.
        """
        with _mapped(), self._writer.begin() as connection:
            if _version(connection) != VERSIONS[-1]:
                from alembic import command

                command.upgrade(_config(connection), "head")
            install(connection)

    def check(self) -> None:
        """Raise unless the schema is this program's.

        Raises:
            Refused: it is older or newer; the advice says what to do.
        """
        with _mapped(), self._engine.connect() as connection:
            if _version(connection) != VERSIONS[-1]:
                raise Refused(
                    "The hub's database is of an older version of Stationleaf.",
                    advice="Start the hub once with this version: stationleaf hub serve DIR",
                    code="old_schema",
                )

    def downgrade(self, revision: str) -> None:
        """Take the schema back to ``revision`` (``"base"``: nothing). For tests and repairs: data is lost."""
        from alembic import command

        with _mapped(), self._writer.begin() as connection:
            command.downgrade(_config(connection), revision)

    @property
    def is_file(self) -> bool:
        """Whether the database is a file of SQLite's, and not a server."""
        return self._sqlite

    def snapshot(self, target: Path) -> None:
        """Copy the database as it is at one moment into a new file, while others read and write it.

        All pages in one step of SQLite's online backup: in WAL mode writers do not wait for it.

        Raises:
            Damaged: the copy does not pass SQLite's own check, so the database is damaged.
            Unavailable: the disk is full or failing.
        """
        with _mapped(), self._engine.connect() as connection:
            source: Any = connection.connection.driver_connection
            try:
                with closing(sqlite3.connect(target)) as copy:
                    source.backup(copy, pages=-1)
                    copy.execute("PRAGMA journal_mode = DELETE")
                    sound = copy.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
            except sqlite3.Error as error:
                raise DatabaseError("backup", None, error) from error
        if not sound:
            damaged: Expected = _DAMAGED()
            raise damaged

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()


def _version(connection: Connection) -> str | None:
    """Return the schema's version, None where there is no schema yet.

    Raises:
        Refused: it is a version that this program does not know.
    """
    if not inspect(connection).has_table("alembic_version"):
        return None
    current: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if current is not None and current not in VERSIONS:
        raise Refused(
            "The hub's database was written by a newer Stationleaf than this one.",
            advice="Install the newer version again; nothing was changed.",
            code="newer_schema",
        )
    return current


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    # Python's own transaction handling begins late and leaves DDL outside; it is switched off, and ``_begin``
    # says when one starts (SQLAlchemy docs: pysqlite, "Serializable isolation").
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        f"cache_size = -{CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _mapped() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        expected = explain(error)
        if expected is None:
            raise
        raise expected from error


def explain(error: DatabaseError) -> Expected | None:
    """Say in words what a database error means, or None where it is our own fault."""
    original = error.orig
    if isinstance(original, sqlite3.Error):
        code = getattr(original, "sqlite_errorcode", None)
        return None if code is None else _SQLITE_WORDS.get(code & 0xFF, lambda: None)()
    if isinstance(error, OperationalError):
        return Unavailable(
            "The hub's database does not answer.",
            advice="Check that the database server runs and that its address is right.",
            code="database_away",
        )
    return None


def _words(kind: type[Expected], message: str, advice: str, code: str) -> Any:
    return lambda: kind(message, advice=advice, code=code)


_BUSY = _words(
    Unavailable,
    "Another program is writing to the hub's database.",
    "Try again in a minute.",
    "database_busy",
)
_NOT_WRITABLE = _words(
    Unavailable,
    "The hub's database cannot be opened for writing.",
    "Check the folder's owner and free space, and run this as the hub's user.",
    "database_not_writable",
)
_DAMAGED = _words(
    Damaged,
    "The hub's database file is damaged.",
    "Stop the hub, keep a copy of the file, and restore the newest backup.",
    "database_damaged",
)
_SQLITE_WORDS: dict[int, Any] = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_READONLY: _NOT_WRITABLE,
    sqlite3.SQLITE_CANTOPEN: _NOT_WRITABLE,
    sqlite3.SQLITE_PERM: _NOT_WRITABLE,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_FULL: _words(
        Unavailable,
        "The hub's disk is full; nothing of this was saved.",
        "Free some space and try again.",
        "disk_full",
    ),
    sqlite3.SQLITE_IOERR: _words(
        Unavailable,
        "The hub's disk reports an error; nothing of this was saved.",
        "Check the disk, then try again.",
        "disk_error",
    ),
}
