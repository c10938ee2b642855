"""Encrypted databases: keys, damage, schema versions, and what nobody may find in the file."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.kiosk.sealed import PAGE_BYTES, Database, Form, open_database
from app.model.errors import Bug, Damaged, Refused, Unavailable
from tests.kiosk.processes import Child

if TYPE_CHECKING:
    from pathlib import Path

KEY = bytes(range(32))
FORM = Form("the test store", 0x534C5454, ("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)",))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


def filled(path: Path, key: bytes = KEY, notes: int = 50) -> None:
    with closing(open_database(path, key, FORM)) as database, database.write():
        for number in range(notes):
            database.run("INSERT INTO note (text) VALUES (?)", (f"torque 2.5 Nm, step {number}" * 30,))


def fill(database: Database) -> None:
    with database.write():
        for _ in range(100):
            database.run("INSERT INTO note (text) VALUES (?)", ("x" * 100_000,))


class closing:  # noqa: N801 (as contextlib's)
    def __init__(self, database: Database) -> None:
        self._database = database

    def __enter__(self) -> Database:
        return self._database

    def __exit__(self, *_: object) -> None:
        self._database.close()


def code_of(path: Path, key: bytes = KEY) -> str:
    with pytest.raises(Damaged) as caught, closing(open_database(path, key, FORM)) as database:
        database.rows("SELECT * FROM note")
    assert str(caught.value).startswith("The test store")
    return caught.value.code


def test_what_was_written_is_read_again(path: Path) -> None:
    filled(path)
    with closing(open_database(path, KEY, FORM)) as database:
        assert database.row("SELECT count(*) FROM note") == (50,)
        assert database.row("SELECT text FROM note WHERE id = 51") is None


def test_the_file_is_private_and_says_nothing(path: Path) -> None:
    database = open_database(path, KEY, FORM)
    with database.write():
        database.run("INSERT INTO note (text) VALUES (?)", ("torque 2.5 Nm" * 5000,))
    for file in path.parent.iterdir():  # with the write-ahead log still there
        data = file.read_bytes()
        assert b"torque" not in data
        assert b"CREATE TABLE" not in data
        assert file.stat().st_mode & 0o077 == 0
    database.close()
    with pytest.raises(sqlite3.DatabaseError), sqlite3.connect(path) as plain:
        plain.execute("SELECT * FROM note")
    plain.close()


def test_the_key_is_32_bytes(path: Path) -> None:
    with pytest.raises(Bug):
        open_database(path, b"short", FORM)


def test_another_kiosk_s_file_is_told_from_a_damaged_one(path: Path) -> None:
    filled(path)
    assert code_of(path, bytes(32)) == "foreign_file"
    assert code_of(path, os.urandom(32)) == "foreign_file"


@pytest.mark.parametrize("at", [16, 100, 5000, PAGE_BYTES - 1])
def test_a_flipped_bit_in_the_first_page_is_damage(path: Path, at: int) -> None:
    filled(path)
    data = bytearray(path.read_bytes())
    data[at] ^= 0x10
    path.write_bytes(data)
    assert code_of(path) == "file_damaged"


@pytest.mark.parametrize("page", [0, 1, 2])
def test_a_zeroed_page_is_damage(path: Path, page: int) -> None:
    filled(path)
    data = bytearray(path.read_bytes())
    data[page * PAGE_BYTES : (page + 1) * PAGE_BYTES] = bytes(PAGE_BYTES)
    path.write_bytes(data)
    assert code_of(path) == "file_damaged"


@pytest.mark.parametrize("length", [15, 100, PAGE_BYTES + 5, 2 * PAGE_BYTES])
def test_a_cut_file_is_damage(path: Path, length: int) -> None:
    filled(path)
    path.write_bytes(path.read_bytes()[:length])
    assert code_of(path) == "file_damaged"


def test_an_empty_file_is_a_new_one(path: Path) -> None:
    filled(path)
    path.write_bytes(b"")
    with closing(open_database(path, KEY, FORM)) as database:
        assert database.row("SELECT count(*) FROM note") == (0,)


@pytest.mark.parametrize("content", [b"SQLite format 3\0" + bytes(8192), b"\0" * 32768])
def test_something_else_in_its_place_is_damage(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert code_of(path) == "file_damaged"


def test_a_whole_file_of_another_kind_is_foreign(path: Path) -> None:
    filled(path)
    with pytest.raises(Damaged) as caught:
        open_database(path, KEY, replace(FORM, application_id=1))
    assert caught.value.code == "foreign_file"


def test_a_newer_schema_is_refused_and_not_touched(path: Path) -> None:
    newer = replace(FORM, migrations=(*FORM.migrations, "ALTER TABLE note ADD COLUMN who TEXT"))
    filled(path)
    open_database(path, KEY, newer).close()
    before = path.read_bytes()
    with pytest.raises(Refused) as caught:
        open_database(path, KEY, FORM)
    assert caught.value.code == "newer_schema"
    assert path.read_bytes() == before
    with closing(open_database(path, KEY, newer)) as database:
        assert database.row("SELECT count(*), count(who) FROM note") == (50, 0)


def test_a_migration_that_fails_changes_nothing(path: Path) -> None:
    filled(path)
    broken = replace(FORM, migrations=(*FORM.migrations, "CREATE TABLE more (x); CREATE TABLE note (x)"))
    with pytest.raises(Exception, match="already exists"):
        open_database(path, KEY, broken)
    with closing(open_database(path, KEY, FORM)) as database:
        assert database.rows("SELECT name FROM sqlite_master WHERE type = 'table'") == [("note",)]


def delete_and_fail(database: Database) -> None:
    with database.write():
        database.run("DELETE FROM note")
        raise ZeroDivisionError


def test_a_transaction_that_fails_leaves_nothing(path: Path) -> None:
    filled(path)
    with closing(open_database(path, KEY, FORM)) as database:
        with pytest.raises(ZeroDivisionError):
            delete_and_fail(database)
        assert database.row("SELECT count(*) FROM note") == (50,)


def test_another_writer_is_waited_for_and_then_named(path: Path) -> None:
    filled(path)
    with closing(open_database(path, KEY, FORM)) as first, first.write():
        with closing(open_database(path, KEY, FORM, busy_seconds=0.05)) as second:
            assert second.row("SELECT count(*) FROM note") == (50,)
            with pytest.raises(Unavailable) as caught, second.write():
                raise AssertionError("got in")
        assert caught.value.code == "file_busy"


def test_a_log_that_cannot_be_emptied_is_said_to_be_there(path: Path) -> None:
    filled(path)
    with closing(open_database(path, KEY, FORM)) as reader:
        rows = reader.each("SELECT * FROM note")
        next(rows)
        with closing(open_database(path, KEY, FORM, busy_seconds=0.05)) as writer:
            writer.run("DELETE FROM note")
            with pytest.raises(Unavailable) as caught:
                writer.checkpoint()
            assert caught.value.code == "file_busy"
            rows.close()
            writer.checkpoint()
    assert not path.with_name("test.db-wal").exists()


def test_our_own_mistakes_pass_through(path: Path) -> None:
    with closing(open_database(path, KEY, FORM)) as database, pytest.raises(Exception, match="syntax error"):
        database.rows("SELEKT 1")


def test_a_folder_that_is_not_there_or_not_ours_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        open_database(tmp_path / "nowhere" / "x.db", KEY, FORM)
    assert caught.value.code == "disk_error"
    (tmp_path / "link.db").symlink_to(tmp_path / "elsewhere.db")
    with pytest.raises(Unavailable):
        open_database(tmp_path / "link.db", KEY, FORM)
    assert not (tmp_path / "elsewhere.db").exists()


def test_a_full_disk_keeps_nothing_of_the_transaction(small_disk: Path) -> None:
    path = small_disk / "test.db"
    filled(path)
    with closing(open_database(path, KEY, FORM)) as database:
        with pytest.raises(Unavailable) as caught:
            fill(database)
        assert caught.value.code == "disk_full"
        assert database.row("SELECT count(*) FROM note") == (50,)
        with database.write():
            database.run("INSERT INTO note (text) VALUES ('small')")
    with closing(open_database(path, KEY, FORM)) as database:
        assert database.row("SELECT count(*) FROM note") == (51,)


def test_a_damaged_file_writes_nothing_to_the_console(path: Path) -> None:
    filled(path)
    code = """
        import sys, pathlib
        from app.kiosk.sealed import open_database
        from app.model.errors import Damaged
        from tests.kiosk.test_sealed import FORM
        try:
            open_database(pathlib.Path(sys.argv[1]), bytes(32), FORM)
        except Damaged:
            sys.exit(3)
    """
    child = Child(code, path, stderr=subprocess.PIPE)
    assert child.process.stderr is not None
    said = child.process.stderr.read()
    child.process.stderr.close()
    assert (child.finish(), said) == (3, "")
