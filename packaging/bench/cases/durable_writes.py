"""What a durable write costs on this disk: the floor under every journal row. Reference figures."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing

from bench import Result, bench, measure_in_turn, scratch

ROW = bytes(range(256)) * 3  # about the size of a sealed and signed event


@bench("raw-insert", against="append and fsync of the same bytes, median", unit="ms")
def raw_insert() -> Result:
    """One row in one transaction: SQLite in WAL mode with ``synchronous=FULL``."""
    with scratch() as folder, closing(sqlite3.connect(folder / "rows.db")) as database:
        database.isolation_level = None
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE row (seq INTEGER PRIMARY KEY, payload BLOB NOT NULL)")
        with (folder / "appended").open("ab", buffering=0) as plain:

            def append() -> None:
                plain.write(ROW)
                os.fsync(plain.fileno())

            def insert() -> None:
                database.execute("INSERT INTO row (payload) VALUES (?)", (ROW,))

            floor, taken = measure_in_turn([append, insert], repeat=200, warm_up=20)
    return Result(
        taken.median * 1e3,
        against=floor.median * 1e3,
        samples=taken,
        more={"p95 ms": taken.p95 * 1e3, "p99 ms": taken.p99 * 1e3, "rows/s": 1 / taken.median},
    )
