"""Fixtures of the hub's tests: a founded hub in a temporary folder, and its store."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.hub.found import First, found
from app.hub.store import Store

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def plain_environment(monkeypatch):
    monkeypatch.delenv("STATIONLEAF_DATABASE_URL", raising=False)


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
