"""The database: schema versions, transactions, and what a person reads when the disk or file fails."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, func, inspect, select, text
from sqlalchemy.exc import IntegrityError

from app.hub import store as store_module
from app.hub.api.problems import ALWAYS, DATABASE, PROBLEMS
from app.hub.schema import Line, Setting, Site
from app.hub.schema_base import Base
from app.hub.store import Store
from app.model.errors import Damaged, Refused, Unavailable


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/x.db"


@pytest.fixture
def fresh(url):
    store = Store(url)
    store.upgrade()
    yield store
    store.close()


def structure(url):
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT type, name, sql FROM sqlite_master ORDER BY name")).all()
    engine.dispose()
    return [tuple(row) for row in found]


def test_the_migrated_schema_is_the_models(fresh, url):
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_up_then_down_leaves_nothing(fresh, url):
    made = structure(url)
    fresh.downgrade("base")
    assert [row[1] for row in structure(url) if row[0] == "table"] == ["alembic_version"]
    fresh.upgrade()
    assert structure(url) == made


def test_the_versions_that_are_named_are_those_that_there_are():
    scripts = ScriptDirectory(str(store_module._MIGRATIONS))
    assert [script.revision for script in scripts.walk_revisions()] == list(reversed(store_module.VERSIONS))


def test_upgrading_twice_changes_nothing(fresh, url):
    before = structure(url)
    fresh.upgrade()
    fresh.check()
    assert structure(url) == before


def test_a_schema_of_a_newer_program_is_refused_in_words(fresh):
    with fresh.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for act in (fresh.upgrade, fresh.check):
        with pytest.raises(Refused, match="newer Stationleaf") as error:
            act()
        assert error.value.code == "newer_schema"


def test_an_empty_database_is_not_mistaken_for_a_hub(url):
    store = Store(url)
    with pytest.raises(Refused, match="older version"):
        store.check()
    store.close()


def test_a_failed_upgrade_leaves_the_old_schema(url, monkeypatch, tmp_path):
    broken = tmp_path / "migrations"
    (broken / "versions").mkdir(parents=True)
    (broken / "env.py").write_text((store_module._MIGRATIONS / "env.py").read_text())
    (broken / "versions" / "r1.py").write_text(
        "from alembic import op\nimport sqlalchemy as sa\nrevision = '1'\ndown_revision = None\n"
        "def upgrade():\n    op.create_table('half', sa.Column('id', sa.Integer))\n"
        "    raise OSError('power')\n"
    )
    monkeypatch.setattr(store_module, "_MIGRATIONS", broken)
    store = Store(url)
    with pytest.raises(OSError, match="power"):
        store.upgrade()
    store.close()
    assert structure(url) == []


def test_every_connection_is_durable_and_checks_references(fresh):
    with fresh.read() as session:
        values = {
            name: session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    with pytest.raises(IntegrityError), fresh.write() as session:
        session.add(Line(code="L1", site="nowhere", name="x"))


def test_an_error_in_a_transaction_keeps_nothing(fresh):
    def fail_midway():
        with fresh.write() as session:
            session.add(Site(code="S1", name="x"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_midway()
    with fresh.read() as session:
        assert session.get(Site, "S1") is None


def test_a_rehearsal_keeps_nothing(fresh):
    with fresh.rehearse() as session:
        session.add(Site(code="S1", name="x"))
        session.flush()
        assert session.get(Site, "S1") is not None
    with fresh.read() as session:
        assert session.get(Site, "S1") is None


def test_what_is_changed_while_only_reading_is_not_kept(fresh):
    with fresh.read() as session:
        session.add(Site(code="S1", name="x"))
        session.flush()
    with fresh.read() as session:
        assert session.get(Site, "S1") is None


def test_twenty_threads_that_read_then_write_lose_no_update(fresh):
    with fresh.write() as session:
        session.add(Setting(name="n", value=0))

    def add_one():
        with fresh.write() as session:
            row = session.get(Setting, "n")
            row.value = row.value + 1

    threads = [threading.Thread(target=add_one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with fresh.read() as session:
        assert session.get(Setting, "n").value == 20


def test_a_reader_sees_one_moment_while_another_writes(fresh):
    with fresh.read() as reader:
        assert reader.scalar(select(func.count()).select_from(Site)) == 0
        with fresh.write() as writer:
            writer.add(Site(code="S1", name="x"))
        assert reader.scalar(select(func.count()).select_from(Site)) == 0
    with fresh.read() as reader:
        assert reader.scalar(select(func.count()).select_from(Site)) == 1


def test_a_full_disk_is_said_and_nothing_is_kept(fresh):
    with fresh.write() as session:
        pages = session.execute(text("PRAGMA page_count")).scalar()

    def fill():
        with fresh.write() as session:
            session.execute(text(f"PRAGMA max_page_count = {pages}"))
            session.add(Setting(name="big", value="x" * 1_000_000))

    with pytest.raises(Unavailable, match="disk is full") as error:
        fill()
    assert error.value.code == "disk_full"
    with fresh.write() as session:
        session.execute(text("PRAGMA max_page_count = 1000000"))
        assert session.get(Setting, "big") is None
        session.add(Site(code="S1", name="space returned"))


def test_a_copy_that_cannot_be_begun_is_said(fresh, tmp_path):
    with pytest.raises(Unavailable, match="cannot be opened"):
        fresh.snapshot(tmp_path / "gone" / "copy.db")


def test_the_api_describes_what_the_database_may_say():
    said = {words().code for words in store_module._SQLITE_WORDS.values()}
    assert said - {"database_damaged"} <= set(DATABASE)
    assert said | {"database_away"} <= PROBLEMS.keys() & set(ALWAYS)


def test_a_writer_that_does_not_let_go_is_said(fresh, tmp_path, monkeypatch):
    monkeypatch.setattr(store_module, "BUSY_SECONDS", 0)
    impatient = Store(f"sqlite:///{tmp_path}/x.db")
    other = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="Another program is writing"), impatient.write():
        pass
    other.close()
    impatient.close()


def test_a_file_that_is_no_database_is_said(tmp_path):
    (tmp_path / "x.db").write_bytes(b"not a database at all, " * 500)
    store = Store(f"sqlite:///{tmp_path}/x.db")
    with pytest.raises(Damaged, match="damaged"):
        store.upgrade()
    store.close()


def test_a_folder_that_is_gone_is_said(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/gone/x.db")
    with pytest.raises(Unavailable, match="cannot be opened"):
        store.check()
    store.close()


def test_a_database_server_that_is_away_is_said():
    store = Store("postgresql+psycopg://nobody@127.0.0.1:9/none")
    with pytest.raises(Unavailable, match="does not answer"):
        store.check()
    store.close()


def test_an_address_that_is_none_is_said():
    for address in ("my database", "oracle9://x"):
        with pytest.raises(Refused, match="not one that Stationleaf can use"):
            Store(address)


def test_a_time_without_zone_is_our_bug(fresh):
    from app.hub.schema import AlarmRow

    naive = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(Exception, match="without zone"), fresh.write() as session:
        session.add(AlarmRow(at=naive, kiosk="K-1", kind="x", detail={}))


def test_tables_have_the_names_that_the_models_give(fresh, url):
    engine = create_engine(url)
    assert set(inspect(engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    engine.dispose()
