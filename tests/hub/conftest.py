"""Fixtures of the hub's tests: a founded hub in a temporary folder, its store, and the command line on it."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.cli.main import main
from app.hub.found import First, found
from app.hub.store import Store
from tests.hub.plants import MAP, Desk, write_pdf, write_tables

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def plain_environment(monkeypatch):
    for name in ("STATIONLEAF_DATABASE_URL", "STATIONLEAF_HUB", "STATIONLEAF_AS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def home(tmp_path, now, plain_environment):
    return found(
        tmp_path / "plant",
        site="S1",
        site_name="Plant One",
        hosts=["hub.plant.example"],
        first=First("SUP-1", "Ada Byron", "0012345678"),
        now=now,
    )


@pytest.fixture
def store(home):
    store = Store(home.database_url)
    yield store
    store.close()


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> Path:
    """A hub that was founded, and one that was furnished too; copied by ``bare`` and ``desk``."""
    folder = tmp_path_factory.mktemp("hubs")
    first = First("SUP-1", "Ada Byron", "0012345678")
    for name in ("bare", "full"):
        found(folder / name, site="S1", site_name="Plant One", hosts=["localhost"], first=first, now=NOW)
    tables = write_tables(folder / "tables")
    assert main(["admin", "--hub", str(folder / "full"), "import", str(tables)]) == 0
    return folder


@pytest.fixture
def bare(made, tmp_path, plain_environment, capsys) -> Desk:
    """A hub with nothing but its first supervisor."""
    return Desk(Path(shutil.copytree(made / "bare", tmp_path / "hub")), capsys)


@pytest.fixture
def desk(made, tmp_path, plain_environment, capsys) -> Desk:
    """A hub with a small plant."""
    return Desk(Path(shutil.copytree(made / "full", tmp_path / "hub")), capsys)


@pytest.fixture
def pdf(tmp_path) -> Path:
    return write_pdf(tmp_path / "WI-100.pdf")


@pytest.fixture
def page_map(tmp_path) -> Path:
    path = tmp_path / "map.csv"
    path.write_text(MAP, encoding="utf-8")
    return path
