"""What the hub remembers of its tables between requests, and how it knows that it still holds.

Each table has a mark in ``table_mark``: a random number that the database itself replaces, by triggers, in
the transaction that changes a row, whoever changes it and by whatever program. What was read of tables is
true as long as their marks are the same; and a mark that was rolled back never comes again.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import insert, inspect, select, text

from app.hub.schema import TableMark
from app.hub.schema_base import Base

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Connection, Table
    from sqlalchemy.orm import Session

T = TypeVar("T")
P = ParamSpec("P")

UNMARKED = frozenset(
    {
        "alarm", "blob", "change", "cosigned_checkpoint", "enrol_code", "event", "exposure", "kiosk", "lease",
        "log", "log_tile", "manifest", "manifest_blob", "pin_code", "revocation_holder", "table_mark",
    }
)  # fmt: skip
"""Tables that change with every request, or never. Nothing is remembered of them."""

MARKED = frozenset(Base.metadata.tables) - UNMARKED

READ_OF: dict[str, frozenset[str]] = {}
"""The tables of every function that is remembered."""

_MARKS = select(*cast("Table", TableMark.__table__).c)
_ACTS = ("insert", "update", "delete")


def install(connection: Connection) -> None:
    """Give each table its mark and the triggers that replace it, where they are missing.

    At each start and not by a migration: one that makes a table anew, as SQLite needs it for many changes,
    drops its triggers.
    """
    sqlite = connection.dialect.name == "sqlite"
    kept = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'" if sqlite else "SELECT tgname FROM pg_trigger"
    )
    there = set(connection.scalars(text(kept)))
    known = set(connection.scalars(select(TableMark.name)))
    for table in sorted(MARKED & set(inspect(connection).get_table_names())):
        if table not in known:
            connection.execute(insert(TableMark).values(name=table, mark=secrets.randbits(52)))
        for act in _ACTS:
            if f"mark_{table}_{act}" not in there:
                for statement in (_sqlite if sqlite else _postgresql)(table, act):
                    connection.exec_driver_sql(statement)


def _sqlite(table: str, act: str) -> tuple[str, ...]:
    update = f"UPDATE table_mark SET mark = random() WHERE name = '{table}'"  # noqa: S608 (a table of ours)
    return (f"CREATE TRIGGER mark_{table}_{act} AFTER {act} ON {table} BEGIN {update}; END",)


def _postgresql(table: str, act: str) -> tuple[str, ...]:
    name, fresh = f"mark_{table}_{act}", "(random() * 9007199254740992)::bigint"
    update = f"UPDATE table_mark SET mark = {fresh} WHERE name = '{table}'"  # noqa: S608 (a table of ours)
    body = f"AS $$ BEGIN {update}; RETURN NULL; END $$"
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql {body}",
        f"CREATE TRIGGER {name} AFTER {act} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    )


class Memory:
    """What one process remembers of one database: by function its last answers, and the marks they hold for.

    Failure policy: an answer is given only in a transaction that sees the marks with which it was read.
    """

    def __init__(self) -> None:
        self.answers: dict[str, OrderedDict[object, tuple[dict[str, int], object]]] = {}
        self.reading = threading.RLock()


def remembered(
    *tables: str, most: int = 500
) -> Callable[[Callable[Concatenate[Session, P], T]], Callable[Concatenate[Session, P], T]]:
    """Remember what a function of a session and of hashable arguments reads of ``tables``, and of no others.

    The last ``most`` answers are kept, and whoever gets one must not change it. A session that only rehearses
    has no memory and reads each time.
    """
    unmarked = set(tables) - MARKED
    if unmarked:
        raise ValueError(f"tables without a mark: {unmarked}")

    def decorate(read: Callable[Concatenate[Session, P], T]) -> Callable[Concatenate[Session, P], T]:
        name = f"{read.__module__}.{read.__qualname__}"
        READ_OF[name] = frozenset(tables)

        @wraps(read)
        def ask(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> T:
            memory: Memory | None = session.info.get("memory")
            if memory is None:
                return read(session, *args, **kwargs)
            seen = marks(session)
            held = {table: seen[table] for table in tables if table in seen}
            if len(held) < len(tables):
                return read(session, *args, **kwargs)
            key = (args, tuple(kwargs.items()))
            with memory.reading:  # one reads, and the others who want the same wait for it
                answers = memory.answers.setdefault(name, OrderedDict())
                known = answers.get(key)
                if known is None or known[0] != held:
                    known = held, read(session, *args, **kwargs)
                    answers[key] = known
                    if len(answers) > most:
                        answers.popitem(last=False)
                answers.move_to_end(key)
            return cast("T", known[1])  # what this very function gave

        return ask

    return decorate


def day_of(now: datetime) -> datetime:
    """The beginning of the day (UTC): with it as an argument, an answer is remembered for that day."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def marks(session: Session) -> dict[str, int]:
    """The marks of all tables as this transaction sees them."""
    session.flush()
    known: tuple[_Moment | None, dict[str, int]] | None = session.info.get("marks")
    connection = session.connection()
    moment = _moment(session, connection)
    if known is None or moment is None or known[0] != moment:
        known = moment, dict(connection.execute(_MARKS).all())
        session.info["marks"] = known
    return known[1]


_Moment = tuple[int, object]


def _moment(session: Session, connection: Connection) -> _Moment | None:
    """Marks that were read are the same as long as this is. None: not known.

    SQLite's one writer has the file to itself, so its marks change with rows that it changes itself; it
    counts those of triggers, too (sqlite3_total_changes), but takes nothing off when a savepoint is undone.
    """
    if session.info.get("one_moment"):  # it sees the same to its end
        return 0, None
    if connection.dialect.name != "sqlite":
        return None
    changes: int = cast("Any", connection.connection.driver_connection).total_changes
    return changes, session.get_nested_transaction()
