"""Fixtures: a plant in a fresh copy of one founded hub, small or furnished."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.hub_api.plant import Plant, make_home

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "hub"
    make_home(path)
    return path


@pytest.fixture
def bare(template: Path, tmp_path: Path) -> Iterator[Plant]:
    plant = Plant.copy(template, tmp_path / "hub")
    yield plant
    plant.store.close()


@pytest.fixture
def plant(bare: Plant) -> Plant:
    """Two clients, one line with two stations, two operators and the line's supervisor."""
    with bare.writing():
        for client, part in (("ACME", "PUMP"), ("BOLT", "VALVE")):
            bare.customer(client)
            bare.part(part, client)
        bare.line("L1")
        bare.station("ST-1", "L1", ["PUMP"])
        bare.station("ST-2", "L1", ["PUMP", "VALVE"])
        for person, station in (("P-1", "ST-1"), ("P-2", "ST-2")):
            bare.person(person)
            bare.assign(person, station)
            bare.sign(person, "ACME")
    return bare
