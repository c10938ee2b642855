"""What the hub remembers of its tables: forgotten with every change, and read of the tables that it names."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from app.hub import (
    agreement_pages,
    agreements,
    calls,
    exposure,
    floor,
    grants,
    remarks,
    revocations,
    settings,
    what_changed,
)
from app.hub.floor import read_floor
from app.hub.remembered import MARKED, READ_OF
from app.hub.revocations import Kind
from app.hub.schema import PersonRow
from tests.hub_api.plant import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from tests.hub_api.plant import Plant


@contextmanager
def statements(plant: Plant) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    engine = plant.store._engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


def tables(said: list[str]) -> set[str]:
    return {name for statement in said for name in re.findall(r"(?:FROM|JOIN) (\w+)", statement)}


def names_at(plant: Plant, station: str) -> list[str]:
    with plant.store.read() as session:
        return [person.record.name for person in read_floor(session, "K-1", station, NOW).people]


def marks(path: str) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as other:
        return dict(other.execute("SELECT name, mark FROM table_mark"))


def test_each_function_reads_the_tables_that_it_names(plant: Plant) -> None:
    plant.publish("WI-1", "PUMP", [(b"page", ["ST-1"])])
    people, parts = ("P-1",), frozenset({"PUMP"})
    asked = {
        floor._place: ("ST-1",), floor._places: ("ST-1", None), floor._pages_at: (((1, ("ST-1",)),),),
        floor._clients: (parts,),
        floor._supervisors: ("L1",), floor._roles: (people,), floor._training: (people, frozenset({"WI-1"})),
        floor._active: (people,), floor._assigned: ("L1", NOW), floor._slots: (frozenset(people),),
        agreements._given: (people,), agreement_pages._text: ("C1", "1"), grants._grants: ("K-1",),
        settings.read_settings: (), revocations._in_force: (Kind.CLIENT,), revocations.newest_known: (),
            exposure.count_pages: ("ACME",),
        remarks._untold: (NOW,), calls._standing: (NOW,),
        what_changed.read_changes: ("ST-1", frozenset({"WI-1"})),
    }  # fmt: skip
    assert {f"{each.__module__}.{each.__qualname__}" for each in asked} == READ_OF.keys()
    for each, args in asked.items():
        with plant.store.read() as session, statements(plant) as said:
            each.__wrapped__(session, *args)
        assert tables(said) - {"blob"} == READ_OF[f"{each.__module__}.{each.__qualname__}"], each


def test_every_marked_table_has_its_triggers(plant: Plant) -> None:
    path = str(plant.home.path / "hub.db")
    with closing(sqlite3.connect(path)) as other:
        there = {row[0] for row in other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    assert there == {f"mark_{table}_{act}" for table in MARKED for act in ("insert", "update", "delete")}
    assert marks(path).keys() == MARKED


def test_the_kiosks_of_a_line_read_its_people_once(plant: Plant) -> None:
    first = names_at(plant, "ST-1")
    with statements(plant) as said:
        assert names_at(plant, "ST-2") == first
    assert not tables(said) & {"person", "badge", "assignment"}
    with statements(plant) as said:
        names_at(plant, "ST-1")
    assert tables(said) == {"table_mark"}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE person SET name = 'Other' WHERE code = 'P-1'",
        "UPDATE person SET active = 0 WHERE code = 'P-1'",
        "DELETE FROM badge WHERE person = 'P-1'",
        "DELETE FROM assignment WHERE person = 'P-1'",
        "UPDATE station SET line = 'L2' WHERE code = 'ST-1'",
    ],
)
def test_what_another_program_changes_is_seen_at_once(plant: Plant, change: str) -> None:
    plant.line("L2")
    before = names_at(plant, "ST-2")
    path = str(plant.home.path / "hub.db")
    marked = marks(path)
    with closing(sqlite3.connect(path)) as other, other:
        other.execute(change)
    assert names_at(plant, "ST-2") != before
    changed = {name for name, mark in marks(path).items() if mark != marked[name]}
    assert changed == set(re.findall(r"(?:UPDATE|FROM) (\w+)", change))


def test_what_is_rolled_back_is_not_remembered(plant: Plant) -> None:
    before = names_at(plant, "ST-1")
    with suppress(RuntimeError), plant.store.write() as session:
        session.get_one(PersonRow, "P-1").name = "Never"
        assert "Never" in [each.record.name for each in read_floor(session, "K-1", "ST-1", NOW).people]
        raise RuntimeError
    assert names_at(plant, "ST-1") == before
    with plant.store.write() as session:
        session.get_one(PersonRow, "P-1").name = "Once"
    assert "Once" in names_at(plant, "ST-1")


def test_what_a_savepoint_undid_is_not_remembered(plant: Plant) -> None:
    def names(session: Session) -> list[str]:
        return [each.record.name for each in read_floor(session, "K-1", "ST-1", NOW).people]

    before = names_at(plant, "ST-1")
    with plant.store.write() as session:
        with suppress(RuntimeError), session.begin_nested():
            session.get_one(PersonRow, "P-1").name = "Never"
            assert "Never" in names(session)
            raise RuntimeError
        assert names(session) == before
        with session.begin_nested():
            assert names(session) == before
            session.get_one(PersonRow, "P-1").name = "Once"
        assert "Once" in names(session)
    assert "Once" in names_at(plant, "ST-1")


def test_a_writer_reads_the_marks_once_for_all_that_it_does_not_change(plant: Plant) -> None:
    names_at(plant, "ST-1")
    with plant.store.write() as session, statements(plant) as said:
        read_floor(session, "K-1", "ST-1", NOW)
        read_floor(session, "K-1", "ST-1", NOW)
    assert sum("table_mark" in each for each in said) == 1


def test_a_rehearsal_remembers_nothing(plant: Plant) -> None:
    before = names_at(plant, "ST-1")
    with plant.store.rehearse() as session:
        session.get_one(PersonRow, "P-1").name = "Never"
        assert "Never" in [each.record.name for each in read_floor(session, "K-1", "ST-1", NOW).people]
    assert names_at(plant, "ST-1") == before
