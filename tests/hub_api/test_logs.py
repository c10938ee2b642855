"""The hub's transparency logs: what is taken is logged with it, and whatever was changed by hand is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.hub import log_heads, logs
from app.hub.backup import About, note_restored
from app.hub.ingest import ingest
from app.hub.log_check import check
from app.hub.schema import EventRow
from app.hub.store import VERSIONS, Store
from app.model.errors import Damaged, NotFound
from app.seal.checkpoint import open_checkpoint
from app.seal.merkle import EMPTY_ROOT, verify_consistency
from tests.hub_api.plant import NOW, Device, Plant
from tests.seal.test_merkle import mth

if TYPE_CHECKING:
    from pathlib import Path


def take(plant: Plant, kiosk: Device, count: int, **changes: object) -> None:
    while count:
        batch = kiosk.write(min(count, 200), **changes)
        ingest(plant.store, plant.home.keys.seal, kiosk.code, batch, plant.clock.now())
        count -= len(batch.events)


def head(plant: Plant, code: str = logs.SITE) -> log_heads.Head:
    with plant.store.read() as session:
        return log_heads.head(session, plant.home, code)


def entries(plant: Plant, code: str = logs.SITE) -> list[bytes]:
    with plant.store.read() as session:
        rows = session.query(EventRow).order_by(EventRow.id)
        return [row.data for row in rows if code in {logs.SITE, row.client}]


def by_hand(plant: Plant, *statements: str) -> None:
    with plant.store.write() as session:
        for statement in statements:
            assert session.execute(text(statement)).rowcount, statement  # type: ignore[attr-defined]


@pytest.fixture
def logged(plant: Plant) -> Plant:
    """300 events of client ACME, 20 of BOLT, 30 of none, of two kiosks."""
    one, two = plant.kiosk("K-1", "ST-1"), plant.kiosk("K-2", "ST-2")
    take(plant, one, 250)
    take(plant, two, 20, client="BOLT")
    take(plant, one, 30, client="", person="", page="", revision="")
    take(plant, two, 50)
    return plant


# -- appending -----------------------------------------------------------------------------------------------


def test_every_event_is_in_the_sites_log_and_in_its_clients_and_in_no_other(logged: Plant) -> None:
    for code, size in ((logs.SITE, 350), ("ACME", 300), ("BOLT", 20)):
        found = head(logged, code).checkpoint
        assert (found.size, found.root) == (size, mth(entries(logged, code)))
    assert check(logged.store) == 350 + 300 + 20


def test_each_entry_can_be_proven_to_whoever_has_the_log_key(logged: Plant) -> None:
    public = logged.home.keys.log.public
    with logged.store.read() as session:
        for row in session.query(EventRow).filter(EventRow.id.in_([1, 250, 251, 271, 300, 350])):
            for code in {logs.SITE, row.client}:
                proof = log_heads.entry_proof(session, logged.home, row, code)
                origin = log_heads.origin(session, logged.home, code)
                proof.verify(row.data, origin, [public])
            with pytest.raises(NotFound):
                log_heads.entry_proof(session, logged.home, row, "BOLT" if row.client != "BOLT" else "ACME")


@settings(max_examples=12)
@given(sizes=st.lists(st.integers(1, 12), min_size=1, max_size=6), clients=st.data())
def test_however_events_arrive_each_checkpoint_is_the_beginning_of_the_next(
    template: Path, tmp_path_factory: pytest.TempPathFactory, sizes: list[int], clients: st.DataObject
) -> None:
    plant = Plant.copy(template, tmp_path_factory.mktemp("hub") / "hub")
    before = logs_before = None
    try:
        with plant.store.write() as session:
            for size in sizes:
                chosen = [clients.draw(st.sampled_from(["", "ACME", "BØLT/2 +"])) for _ in range(size)]
                places = logs.append(session, [(client, b"%d" % at) for at, client in enumerate(chosen)])
                assert [place.client is None for place in places] == [client == "" for client in chosen]
                now = log_heads.head(session, plant.home)
                open_checkpoint(now.note, now.checkpoint.origin, [plant.home.keys.log.public])
                if before is not None:
                    old, new = before.checkpoint, now.checkpoint
                    proof = log_heads.consistency(session, logs.SITE, old.size, new.size)
                    verify_consistency(old.size, new.size, old.root, new.root, proof)
                before = now
            logs_before = [log_heads.size_of(session, code) for code in ("", "ACME", "BØLT/2 +")]
    finally:
        plant.store.close()
    assert logs_before is not None
    assert logs_before[0] == sum(sizes)


def test_what_is_not_taken_is_not_logged(plant: Plant) -> None:
    kiosk = plant.kiosk("K-1", "ST-1")
    take(plant, kiosk, 3)
    before = head(plant)
    batch = kiosk.write(2)
    kiosk.deliver(batch.model_copy(update={"signatures": batch.signatures[::-1]}))
    assert head(plant) == before
    assert kiosk.deliver(batch).status_code == kiosk.deliver(batch).status_code == 200
    assert head(plant).checkpoint.size == 5


def test_a_hub_without_events_has_the_empty_log(plant: Plant) -> None:
    found = head(plant).checkpoint
    assert (found.size, found.root) == (0, EMPTY_ROOT)
    assert check(plant.store) == 0


def test_events_from_before_there_were_logs_are_taken_in_once(logged: Plant) -> None:
    whole = [head(logged, code).checkpoint for code in ("", "ACME", "BOLT")]
    logged.store.downgrade("0004")
    logged.store.upgrade()
    assert head(logged).checkpoint.size == 0
    with pytest.raises(Damaged, match="in no log"):
        check(logged.store)
    assert (logs.catch_up(logged.store), logs.catch_up(logged.store)) == (350, 0)
    assert [head(logged, code).checkpoint for code in ("", "ACME", "BOLT")] == whole
    assert check(logged.store) == 670
    assert VERSIONS[-1] >= "0005"


def test_after_a_restore_the_log_goes_on_under_another_name(logged: Plant) -> None:
    before = head(logged).checkpoint
    about = About(NOW, "0.1.0", "S1", "", root_key=False, schema="", sizes={})
    note_restored(logged.store, logged.home, about, NOW)
    after = head(logged).checkpoint
    assert (after.size, after.root, after.origin) == (before.size, before.root, f"{before.origin}/2")


# -- the database rewritten by hand --------------------------------------------------------------------------

LAST = "(SELECT max(id) FROM event)"
COPY = (
    "INSERT INTO event (id, kiosk, epoch, seq, hash, kind, person, station, client, page, revision,"
    " wall, received, data, signature, site_index, client_index)"
    " SELECT 9999, 'K-9', epoch, seq, hash, kind, person, station, client, page, revision,"
    " wall, received, data, signature,"
)
REWRITES = {
    "change what was recorded": ["UPDATE event SET data = replace(data, 'P-1', 'P-2') WHERE id = 120"],
    "change one column": ["UPDATE event SET person = 'P-2' WHERE id = 120"],
    "change the hash": [
        "UPDATE event SET hash = iif(hash GLOB 'a*', 'b', 'a') || substr(hash, 2) WHERE id = 7"
    ],
    "change how the time is written": ["UPDATE event SET wall = replace(wall, ' ', 'T') WHERE id = 7"],
    "change the time": ["UPDATE event SET wall = '2020-01-01 00:00:00.000000' WHERE id = 7"],
    "give it to another client": ["UPDATE event SET client = 'BOLT', client_index = 20 WHERE id = 120"],
    "take it from its client": ["UPDATE event SET client = '', client_index = NULL WHERE id = 120"],
    "take it out of the log": ["UPDATE event SET site_index = NULL WHERE id = 120"],
    "delete one": ["DELETE FROM event WHERE id = 120"],
    "delete one and close the gap": [
        "DELETE FROM event WHERE id = 120",
        "UPDATE event SET site_index = -site_index WHERE site_index > 119",
        "UPDATE event SET site_index = -site_index - 1 WHERE site_index < 0",
    ],
    "delete the last": [f"DELETE FROM event WHERE id = {LAST}"],
    "truncate": ["DELETE FROM event WHERE id > 200"],
    "delete all": ["DELETE FROM event"],
    "reorder two": [
        "UPDATE event SET site_index = -1 WHERE id = 120",
        "UPDATE event SET site_index = 119 WHERE id = 121",
        "UPDATE event SET site_index = 120 WHERE id = 120",
    ],
    "insert one": [
        f"{COPY} NULL, NULL FROM event WHERE id = {LAST}",
    ],
    "insert one at the end of the log": [
        f"{COPY} 350, 300 FROM event WHERE id = {LAST}",
    ],
    "change a tile": ["UPDATE log_tile SET hashes = zeroblob(length(hashes)) WHERE log = '' AND level = 0"],
    "change a partial tile above": [
        "UPDATE log_tile SET hashes = zeroblob(length(hashes)) WHERE log = '' AND level = 1"
    ],
    "shorten a tile": ["UPDATE log_tile SET hashes = substr(hashes, 1, 32) WHERE log = 'BOLT'"],
    "shorten the log": ["UPDATE log SET size = 349 WHERE code = ''"],
    "lengthen the log": ["UPDATE log SET size = 351 WHERE code = ''"],
    "shorten a client's log": ["UPDATE log SET size = 19 WHERE code = 'BOLT'"],
    "drop a tile": ["DELETE FROM log_tile WHERE log = 'ACME' AND level = 0 AND \"index\" = 0"],
}


def test_it_says_from_which_entry_on(logged: Plant) -> None:
    by_hand(logged, "UPDATE event SET data = replace(data, 'P-1', 'P-2') WHERE id = 120")
    with pytest.raises(
        Damaged, match=r"^Event 120 of kiosk K-1 \(epoch 1\), entry 119 of the log of the site,"
    ):
        check(logged.store)


@settings(max_examples=25)
@given(st.data())
def test_any_byte_of_any_event_or_tile(many: Plant, data: st.DataObject) -> None:
    table, column = data.draw(
        st.sampled_from([("event", "data"), ("event", "signature"), ("log_tile", "hashes")])
    )
    with many.store.rehearse() as session:
        rows = session.execute(text(f"SELECT rowid, {column} FROM {table} ORDER BY 1")).all()
        row, stored = data.draw(st.sampled_from(rows))
        at = data.draw(st.integers(0, len(stored) - 1))
        changed = bytearray(stored)
        changed[at] ^= data.draw(st.integers(1, 255))
        session.execute(
            text(f"UPDATE {table} SET {column} = :new WHERE rowid = :row"),
            {"new": bytes(changed), "row": row},
        )
        with pytest.raises(Damaged):
            check(Rehearsed(session))  # type: ignore[arg-type]


class Rehearsed:
    """A store whose reads see a transaction that will not be kept."""

    def __init__(self, session: object) -> None:
        self._session = session

    def read(self) -> Rehearsed:
        return self

    def __enter__(self) -> object:
        return self._session

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def many(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Plant:
    plant = Plant.copy(template, tmp_path_factory.mktemp("many") / "hub")
    plant.customer("ACME")
    plant.part("PUMP", "ACME")
    plant.line("L1")
    plant.station("ST-1", "L1", ["PUMP"])
    take(plant, plant.kiosk("K-1", "ST-1"), 60)
    return plant


def test_a_log_that_lost_a_tile_takes_nothing_more_and_loses_nothing(logged: Plant) -> None:
    by_hand(logged, "DELETE FROM log_tile WHERE log = '' AND level = 0 AND \"index\" = 1")
    kiosk = logged.kiosk("K-3", "ST-1")
    batch = kiosk.write(1)
    answer = kiosk.deliver(batch)
    assert (answer.status_code, answer.json()["code"]) == (500, "log_damaged")
    with logged.store.read() as session:
        assert session.query(EventRow).filter_by(kiosk="K-3").count() == 0


def test_appending_writes_a_tile_or_two_however_long_the_log_is(bare: Plant) -> None:
    written: list[str] = []

    def listen(store: Store) -> None:
        from sqlalchemy import event

        @event.listens_for(store._engine, "before_cursor_execute")
        def _note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
            if statement.startswith(("INSERT INTO log_tile", "UPDATE log_tile")):
                written.append(statement)

    listen(bare.store)
    with bare.store.write() as session:
        logs.append(session, [("", b"%d" % number) for number in range(70_000)])
        written.clear()
        logs.append(session, [("", b"one more")])
    assert len(written) == 1
