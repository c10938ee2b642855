"""Which kiosks hear of a change: whose lease it may alter, each by the record of the change itself."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.hub import knock
from app.hub.concerned import JOURNAL, MANY, due, first_concerned, kiosks_concerned
from app.hub.schema import Agreement, ChangeRow
from app.model.terms import ALL_STATIONS
from tests.hub_api.plant import NOW

if TYPE_CHECKING:
    from pathlib import Path

    from app.hub.store import Acts
    from tests.hub_api.plant import Plant

EVERYBODY = None


@pytest.fixture
def two_lines(bare: Plant) -> Plant:
    """Two lines of one kiosk each, a client and a part on each, and a document for each."""
    for number in ("1", "2"):
        bare.customer(f"C{number}")
        bare.part(f"P{number}", f"C{number}")
        bare.line(f"L{number}")
        bare.station(f"ST-{number}", line=f"L{number}", parts=[f"P{number}"])
        bare.kiosk(f"K-{number}", f"ST-{number}")
        bare.person(f"W-{number}")
        bare.assign(f"W-{number}", f"ST-{number}")
        bare.publish(f"WI-{number}", f"P{number}", [(b"page", [f"ST-{number}"])])
    return bare


def test_a_plan_of_many_assignments_concerns_the_kiosks_of_its_lines_only(two_lines: Plant) -> None:
    acts = frozenset(("assign.primary", f"W-{number} ST-1") for number in range(3 * MANY))
    with two_lines.store.read() as session:
        assert kiosks_concerned(session, acts) == first_concerned(session, acts) == {"K-1"}
        assert kiosks_concerned(session, acts | {("unassign", "W-2 ST-2")}) == {"K-1", "K-2"}
        assert kiosks_concerned(session, acts | {("setting.set", "idle_seconds")}) is EVERYBODY
        trained = frozenset(("training.add", f"W-{number}") for number in range(MANY + 1))
        assert kiosks_concerned(session, acts | trained) is EVERYBODY


@pytest.mark.parametrize(
    ("act", "subject", "concerned"),
    [
        ("assign.primary", "W-1 ST-2", {"K-2"}),
        ("unassign", "W-1 ST-1", {"K-1"}),
        ("training.add", "W-2", {"K-2"}),
        ("agreement.sign", "W-1", {"K-1"}),
        ("agreement.in_force", "C1", {"K-1"}),
        ("badge.issue", "W-1", {"K-1"}),
        ("person.deactivate", "W-2", {"K-2"}),
        ("revision.recall", "WI-2/A", {"K-2"}),
        ("client.revoke", "C1", {"K-1"}),
        ("part.change", "P2", {"K-2"}),
        ("station.revoke", "ST-1", {"K-1"}),
        ("line.change", "L2", {"K-2"}),
        ("kiosk.block", "K-1", {"K-1"}),
        ("mark.trace", "K-1", set()),
        ("review.confirm", "W-1", set()),
        ("move", "W-1", set()),
        ("person.change", "W-1", EVERYBODY),
        ("setting.set", "idle_seconds", EVERYBODY),
        ("a.new.act", "K-1", EVERYBODY),
    ],
)
def test_a_change_concerns(two_lines: Plant, act: str, subject: str, concerned: set[str] | None) -> None:
    with two_lines.store.read() as session:
        assert kiosks_concerned(session, frozenset({(act, subject)})) == concerned


def test_where_somebody_leaves_and_comes_is_told_before_the_rest_of_the_line(two_lines: Plant) -> None:
    for number in (3, 4):
        two_lines.station(f"ST-{number}", line="L1", parts=["P1"])
        two_lines.kiosk(f"K-{number}", f"ST-{number}")
    acts = frozenset({("unassign", "W-1 ST-1"), ("assign.assigned", "W-1 ST-3"), ("move", "W-1")})
    with two_lines.store.read() as session:
        assert kiosks_concerned(session, acts) == {"K-1", "K-3", "K-4"}
        assert first_concerned(session, acts) == {"K-1", "K-3"}
        assert first_concerned(session, frozenset({("revision.recall", "WI-1/A")})) == frozenset()


def test_pages_for_all_stations_concern_all_stations(two_lines: Plant) -> None:
    two_lines.publish("WI-9", "P1", [(b"safety", [ALL_STATIONS])])
    with two_lines.store.read() as session:
        assert kiosks_concerned(session, frozenset({("revision.recall", "WI-9/A")})) == {"K-1", "K-2"}


def test_several_changes_concern_together_and_very_many_concern_everybody(two_lines: Plant) -> None:
    both = frozenset({("training.add", "W-1"), ("training.add", "W-2")})
    many = frozenset(("training.add", f"W-{number}") for number in range(60))
    with two_lines.store.read() as session:
        assert kiosks_concerned(session, both) == {"K-1", "K-2"}
        assert kiosks_concerned(session, many) is EVERYBODY


def test_journals_that_arrive_together_make_nobody_ask(two_lines: Plant) -> None:
    journals = frozenset((JOURNAL, f"K-{number}") for number in range(60))
    with two_lines.store.read() as session:
        assert kiosks_concerned(session, journals) == set()
        assert kiosks_concerned(session, journals | {("training.add", "W-1")}) == {"K-1"}


def test_a_move_concerns_the_lines_that_it_leaves_and_reaches_and_no_other(two_lines: Plant) -> None:
    acts = frozenset({("move", "W-1"), ("unassign", "W-1 ST-1"), ("assign.assigned", "W-1 ST-1")})
    with two_lines.store.read() as session:
        assert kiosks_concerned(session, acts) == {"K-1"}


def test_a_revision_is_due_once_when_it_becomes_effective_and_once_when_it_ceases(two_lines: Plant) -> None:
    hour = timedelta(hours=1)
    two_lines.publish(
        "WI-1",
        "P1",
        [(b"later", ["ST-1"])],
        label="B",
        effective_from=NOW + hour,
        effective_until=NOW + 2 * hour,
    )
    acts = frozenset({("revision.due", "WI-1/B")})
    with two_lines.store.read() as session:
        for begin, end, found in (
            (0.0, 0.9, frozenset()),
            (0.9, 1.0, acts),
            (1.0, 1.9, frozenset()),
            (1.9, 2.1, acts),
        ):
            assert due(session, NOW + begin * hour, NOW + end * hour) == found
        assert kiosks_concerned(session, acts) == {"K-1"}


def test_a_signature_that_lapses_is_due_once(two_lines: Plant) -> None:
    hour = timedelta(hours=1)
    two_lines.add(Agreement(person="W-1", client="C1", version="1", signed=NOW, until=NOW + hour))
    with two_lines.store.read() as session:
        acts = due(session, NOW + 0.9 * hour, NOW + hour)
        assert due(session, NOW + hour, NOW + 2 * hour) == frozenset()
        assert kiosks_concerned(session, acts) == {"K-1"}


def test_only_what_is_committed_is_told(plant: Plant) -> None:
    told: list[Acts] = []
    plant.store.on_change = told.append

    def change(act: str) -> ChangeRow:
        return ChangeRow(at=NOW, by="SUP-1", act=act, subject="ST-1", before=None, after=None)

    def change_mind() -> None:
        with plant.store.write() as session:
            session.add(change("station.add"))
            session.flush()
            raise RuntimeError("changed its mind")

    with pytest.raises(RuntimeError, match="changed its mind"):
        change_mind()
    with plant.store.rehearse() as session:
        session.add(change("station.add"))
        session.flush()
    assert told == []
    with plant.store.write() as session:
        session.add(change("station.change"))
    assert told == [frozenset({("station.change", "ST-1")})]


def test_a_knock_is_heard_word_for_word_in_a_folder_with_a_long_name(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 30)
    folder.mkdir()
    acts = frozenset({("assign.primary", "W-1 ST-2"), ("unassign", "W-1 ST-1")})

    async def heard() -> list[Acts]:
        knocks: asyncio.Queue[Acts] = asyncio.Queue()
        killed = await knock.listen(folder, knocks.put_nowait)
        door = await knock.listen(folder, knocks.put_nowait)  # finds the socket of the one before
        await asyncio.to_thread(knock.knock, folder, acts)
        await asyncio.to_thread(knock.knock, folder, frozenset((f"act {n}", "x" * 100) for n in range(1000)))
        try:
            return [await knocks.get(), await knocks.get()]
        finally:
            killed.close()
            door.close()

    assert asyncio.run(heard()) == [acts, frozenset()]


def test_a_knock_where_no_hub_serves_is_nothing(tmp_path: Path) -> None:
    knock.knock(tmp_path, frozenset({("unassign", "W-1 ST-1")}))
    knock.knock(tmp_path / "nowhere", frozenset())
    assert list(tmp_path.iterdir()) == []
