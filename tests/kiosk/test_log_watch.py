"""A kiosk that holds its hub to what it has shown: the real hub's routes, a database rewritten by hand."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from app.hub import logs
from app.hub.backup import About, note_restored
from app.hub.ingest import ingest
from app.hub.schema import AlarmRow, EventRow
from app.hub.schema_log import KioskCosignature
from app.kiosk.log_watch import Watch, watch
from app.kiosk.outbox import Draft
from app.kiosk.state import State
from app.model.errors import Expected, Untrusted
from app.seal.checkpoint import Checkpoint, open_checkpoint
from app.seal.keys import SigningKey
from app.seal.log_proof import LogProof
from app.seal.merkle import EMPTY_ROOT
from app.seal.note import Note
from app.wire.client import HubFault
from app.wire.messages import LOG_RESTORED, LOG_REWRITTEN, EventKind, LogReply
from tests.hub_api.conftest import bare, plant, template
from tests.hub_api.plant import NOW, Device, Plant
from tests.kiosk.plant import CLOCK, FAST, Hub, Kiosk, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["bare", "plant", "template"]


class Watcher:
    """A kiosk's side: its state file, and the hub's routes without a socket between."""

    def __init__(self, plant: Plant, device: Device, path: Path) -> None:
        self.plant, self.device = plant, device
        self.path, self.key = path, os.urandom(32)
        self.state = State(path, self.key)
        self.noted: list[dict[str, Any]] = []
        self.keys = [plant.home.keys.log.public]

    def log(self, have: int) -> LogReply:
        answer = self.device.ask("GET", f"/v1/log?have={have}")
        if answer.status_code >= 500:
            raise HubFault(answer.json()["message"])
        assert answer.status_code == 200, answer.text
        return LogReply.read(answer.content)

    def note(self, kind: EventKind, **body: Any) -> bool:
        assert kind is EventKind.INCIDENT
        self.noted.append(body)
        return True

    def look(self) -> Expected | None:
        return watch(self, Watch(self.state, self.plant.home.site, self.keys, self.note, NOW))

    def again(self) -> None:
        """Switched off and on."""
        self.state.close()
        self.state = State(self.path, self.key)

    @property
    def kept(self) -> Checkpoint:
        return Checkpoint.read(Note.read(self.state.checkpoint_of().encode()).text)


def take(plant: Plant, device: Device, count: int) -> None:
    ingest(plant.store, plant.home.keys.seal, device.code, device.write(count), plant.clock.now())


@pytest.fixture
def device(plant: Plant) -> Device:
    return plant.kiosk("K-1", "ST-1")


@pytest.fixture
def kiosk(plant: Plant, device: Device, tmp_path: Path) -> Iterator[Watcher]:
    watcher = Watcher(plant, device, tmp_path / "state.db")
    yield watcher
    watcher.state.close()


def code_of(said: Expected | None) -> str:
    assert said is not None
    assert said.advice
    return said.code


def rewrite(plant: Plant, *statements: str) -> None:
    """As one who has the database and this program: events, and then logs that fit them."""
    with plant.store.write() as session:
        for statement in statements:
            assert session.execute(text(statement)).rowcount, statement  # type: ignore[attr-defined]
        session.execute(text("DELETE FROM log_tile"))
        session.execute(text("DELETE FROM log"))
        session.execute(text("UPDATE event SET site_index = NULL, client_index = NULL"))
    logs.catch_up(plant.store)


def test_an_honest_log_is_followed_as_it_grows(plant: Plant, device: Device, kiosk: Watcher) -> None:
    assert kiosk.look() is None
    assert (kiosk.kept.size, kiosk.kept.root) == (0, EMPTY_ROOT)
    for count in (1, 200, 55, 1, 130):
        take(plant, device, count)
        assert kiosk.look() is None
        kiosk.again()
        assert kiosk.look() is None
    assert kiosk.kept.size == 387
    assert (kiosk.noted, kiosk.state.log_evidence) == ([], [])


COPY = (
    "INSERT INTO event (id, kiosk, epoch, seq, hash, kind, person, station, client, page, revision,"
    " wall, received, data, signature, site_index, client_index)"
    " SELECT 10, 'K-9', epoch, seq, hash, kind, person, station, client, page, revision,"
    " wall, received, data, signature, NULL, NULL"
)
REWRITES = {
    "change": ["UPDATE event SET data = CAST(replace(data, 'P-1', 'P-2') AS BLOB) WHERE id = 3"],
    "delete": ["DELETE FROM event WHERE id = 3"],
    "delete the last": ["DELETE FROM event WHERE id = 40"],
    "truncate": ["DELETE FROM event WHERE id > 20"],
    "delete all": ["DELETE FROM event"],
    "reorder": [
        "UPDATE event SET id = -1 WHERE id = 7",
        "UPDATE event SET id = 7 WHERE id = 30",
        "UPDATE event SET id = 30 WHERE id = -1",
    ],
    "insert": [
        "UPDATE event SET id = id + 1000 WHERE id > 9",
        f"{COPY} FROM event WHERE id = 9",
    ],
}


@pytest.mark.parametrize("more", [0, 60])
@pytest.mark.parametrize("way", REWRITES)
def test_a_rewritten_history_is_noticed_told_and_kept(
    plant: Plant, device: Device, kiosk: Watcher, way: str, more: int
) -> None:
    take(plant, device, 40)
    assert kiosk.look() is None
    before = kiosk.state.checkpoint_of()
    rewrite(plant, *REWRITES[way])
    if more:
        other = plant.kiosk("K-2", "ST-2")
        take(plant, other, more)
    for _ in range(3):
        assert code_of(kiosk.look()) == "log_rewritten"
        kiosk.again()
    assert kiosk.state.checkpoint_of() == before
    (evidence,) = kiosk.state.log_evidence
    (incident,) = kiosk.noted
    assert incident["what"] == evidence["what"] == LOG_REWRITTEN
    for word in ("kept", "shown"):
        assert incident[word] == evidence[word]
        signed = open_checkpoint(evidence[word].encode(), kiosk.kept.origin, kiosk.keys)
        assert signed.origin == kiosk.kept.origin
    assert evidence["kept"] == before != evidence["shown"]


def test_events_rewritten_behind_a_log_that_was_left_alone_are_found_by_the_hub_and_told_by_the_kiosk(
    plant: Plant, device: Device, kiosk: Watcher
) -> None:
    take(plant, device, 40)
    assert kiosk.look() is None
    with plant.store.write() as session:
        row = session.get_one(EventRow, 3)
        original, row.data = row.data, row.data.replace(b"P-1", b"P-2")
    assert kiosk.look() is None  # the log contradicts nothing
    for _ in range(2):
        plant.app.state.hub.round.look(plant.store, NOW)
        assert code_of(kiosk.look()) == "log_not_shown"
    with plant.store.write() as session:
        assert [row.kind for row in session.query(AlarmRow)] == ["log_damaged"]
        session.get_one(EventRow, 3).data = original
    for _ in range(2):
        plant.app.state.hub.round.look(plant.store, NOW)
    assert kiosk.look() is None


def test_an_older_copy_of_the_database_put_back_is_noticed_also_when_it_has_grown_again(
    plant: Plant, device: Device, kiosk: Watcher
) -> None:
    database = plant.home.path / "hub.db"
    take(plant, device, 10)
    plant.store.snapshot(database.with_name("older.db"))
    take(plant, device, 10)
    assert kiosk.look() is None
    plant.store.close()
    for tail in ("-wal", "-shm"):
        database.with_name(f"hub.db{tail}").unlink(missing_ok=True)
    shutil.copy(database.with_name("older.db"), database)
    assert code_of(kiosk.look()) == "log_rewritten"
    take(plant, plant.kiosk("K-2", "ST-2"), 50)
    assert code_of(kiosk.look()) == "log_rewritten"
    assert len(kiosk.noted) == 1
    (evidence,) = kiosk.state.log_evidence
    assert evidence["kept"] == kiosk.state.checkpoint_of() != evidence["shown"]


def test_a_second_history_for_one_kiosk_is_noticed_when_the_two_meet(
    plant: Plant, device: Device, kiosk: Watcher, tmp_path: Path
) -> None:
    take(plant, device, 10)
    assert kiosk.look() is None
    twin_home = tmp_path / "twin"
    plant.store.snapshot(plant.home.path / "copy.db")
    shutil.copytree(plant.home.path, twin_home)
    for tail in ("-wal", "-shm"):
        twin_home.joinpath(f"hub.db{tail}").unlink(missing_ok=True)
    twin_home.joinpath("copy.db").replace(twin_home / "hub.db")
    with plant.store.write() as session:
        logs.append(session, [("ACME", b"what the others see")])
    first = kiosk.log(10)
    plant.store.close()
    shutil.copy(twin_home / "hub.db", plant.home.path / "hub.db")
    for tail in ("-wal", "-shm"):
        plant.home.path.joinpath(f"hub.db{tail}").unlink(missing_ok=True)
    with plant.store.write() as session:
        logs.append(session, [("ACME", b"what this kiosk sees")])
    assert kiosk.look() is None  # alone it cannot know
    assert kiosk.kept.size == Checkpoint.read(Note.read(first.checkpoint.encode()).text).size == 11
    kiosk.log = lambda _have: first  # type: ignore[method-assign]
    assert code_of(kiosk.look()) == "log_rewritten"
    (evidence,) = kiosk.state.log_evidence
    kept, shown = (
        open_checkpoint(evidence[word].encode(), kiosk.kept.origin, kiosk.keys) for word in ("kept", "shown")
    )
    assert (kept.size, kept.root != shown.root) == (shown.size, True)


def test_a_history_that_was_put_right_is_followed_again_and_the_proof_stays(
    plant: Plant, device: Device, kiosk: Watcher
) -> None:
    take(plant, device, 40)
    assert kiosk.look() is None
    with plant.store.read() as session:
        row = session.get_one(EventRow, 3)
        original = row.data
    rewrite(plant, *REWRITES["change"])
    assert code_of(kiosk.look()) == "log_rewritten"
    with plant.store.write() as session:
        session.get_one(EventRow, 3).data = original
    rewrite(plant, "UPDATE event SET site_index = NULL")
    assert kiosk.look() is None
    assert len(kiosk.state.log_evidence) == 1


def test_a_restored_hub_says_so_and_the_kiosk_goes_on_with_the_loss_on_record(
    plant: Plant, device: Device, kiosk: Watcher
) -> None:
    take(plant, device, 40)
    assert kiosk.look() is None
    rewrite(plant, *REWRITES["truncate"])
    about = About(NOW, "0.1.0", "S1", "", root_key=False, schema="", sizes={})
    note_restored(plant.store, plant.home, about, NOW)
    assert code_of(kiosk.look()) == "log_restored"
    assert [one["what"] for one in kiosk.noted] == [LOG_RESTORED]
    take(plant, plant.kiosk("K-2", "ST-2"), 5)
    assert kiosk.look() is None
    assert kiosk.kept.size == 25
    assert len(kiosk.state.log_evidence) == 1


def test_a_restore_that_lost_nothing_is_no_incident(plant: Plant, device: Device, kiosk: Watcher) -> None:
    take(plant, device, 40)
    assert kiosk.look() is None
    about = About(NOW, "0.1.0", "S1", "", root_key=False, schema="", sizes={})
    note_restored(plant.store, plant.home, about, NOW)
    assert kiosk.look() is None
    assert (kiosk.kept.size, kiosk.noted) == (40, [])


def test_a_checkpoint_by_another_key_or_of_another_site_is_not_believed(
    plant: Plant, device: Device, kiosk: Watcher
) -> None:
    take(plant, device, 5)
    good = kiosk.log(0)
    kiosk.keys = [SigningKey.generate().public]
    assert code_of(kiosk.look()) == "log_not_shown"
    kiosk.keys = [plant.home.keys.log.public]
    checkpoint = Checkpoint.read(Note.read(good.checkpoint.encode()).text)
    for origin in ("stationleaf/S2/x/site", "elsewhere.example"):
        forged = Checkpoint(origin, 5, checkpoint.root).sign([plant.home.keys.log]).decode()
        kiosk.log = lambda _have, forged=forged: LogReply(checkpoint=forged)  # type: ignore[misc,method-assign]
        assert code_of(kiosk.look()) == "log_not_shown"
    kiosk.log = lambda _have: LogReply(checkpoint="rubbish")  # type: ignore[method-assign]
    assert code_of(kiosk.look()) == "log_not_shown"
    assert kiosk.state.checkpoint_of() == ""


def test_a_hub_that_hides_its_log_after_it_has_shown_it_is_told(
    plant: Plant, device: Device, kiosk: Watcher
) -> None:
    take(plant, device, 5)
    with plant.store.write() as session:
        session.execute(text("UPDATE log SET size = 99"))
    assert kiosk.look() is None  # it may be a hub without a log
    with plant.store.write() as session:
        session.execute(text("UPDATE log SET size = 5"))
    assert kiosk.look() is None
    with plant.store.write() as session:
        session.execute(text("UPDATE log SET size = 99"))
    assert code_of(kiosk.look()) == "log_not_shown"


def test_a_kiosk_can_have_its_own_events_proven_and_nobody_elses(
    plant: Plant, device: Device, kiosk: Watcher
) -> None:
    event = device.event(1, device.head)
    batch = device.write(30)
    device.deliver(batch)
    other = plant.kiosk("K-2", "ST-2")
    take(plant, other, 40)
    with plant.store.read() as session:
        data = session.query(EventRow).filter_by(kiosk="K-1", seq=17).one().data
    answer = device.ask("GET", "/v1/log/entry?epoch=1&seq=17")
    assert answer.headers["content-type"].startswith("text/plain")
    assert kiosk.look() is None
    proof = LogProof.read(answer.content)
    assert proof.verify(data, kiosk.kept.origin, kiosk.keys) == kiosk.kept
    with pytest.raises(Untrusted):
        proof.verify(event.exact(), kiosk.kept.origin, kiosk.keys)
    for wrong in ("epoch=1&seq=31", "epoch=2&seq=1", "epoch=1&seq=40"):
        assert device.ask("GET", f"/v1/log/entry?{wrong}").status_code == 404
    assert device.ask("GET", "/v1/log/entry?epoch=0&seq=x").status_code == 422
    assert device.ask("GET", "/v1/log?have=-1").status_code == 422


def test_a_kiosk_that_nobody_approved_is_shown_nothing(plant: Plant) -> None:
    pending = plant.kiosk("K-5", "ST-1", status="pending")
    for path in ("/v1/log", "/v1/log/entry?epoch=1&seq=1"):
        assert pending.ask("GET", path).json()["code"] == "kiosk_pending"
    lost = plant.kiosk("K-6", "ST-1", status="lost")
    assert lost.ask("GET", "/v1/log").status_code == 200


def cosigned(hub: Hub) -> list[tuple[str, str, int, int]]:
    with hub.store.read() as session:
        return [(row.log, row.kiosk, row.epoch, row.size) for row in session.query(KioskCosignature)]


def test_the_first_kiosk_that_speaks_to_a_rewritten_hub_says_so_on_its_screen_and_works_on(
    tmp_path: Path,
) -> None:
    hub = Hub(tmp_path / "plant")
    kiosk = Kiosk(hub, tmp_path)
    try:
        hub.serve()
        hub.publish("WI-1", pages=2)
        kiosk.enrol()
        kiosk.start()
        wait_for("pages and journal", kiosk.settled)
        kiosk.outbox.append([Draft(EventKind.VIEW_BEGIN, client="C1", person="W-1")], CLOCK.moment())
        wait_for("the journal", kiosk.settled)
        kiosk.stop()
        kiosk.begin(kiosk.open(), replace(FAST, witness=0.1))  # it sees the logs with all of that
        wait_for("the log", lambda: kiosk.settled() and "\n0\n" not in kiosk.state.checkpoint_of())
        wait_for("its cosignature", lambda: cosigned(hub) == [("C1", "K-1", 1, 1)])
        assert kiosk.doors.status["trouble"] == ""
        kiosk.stop()
        rewrite(hub, "DELETE FROM event WHERE id = 1")  # type: ignore[arg-type]
        kiosk.start()
        wait_for("the word", lambda: "were rewritten" in str(kiosk.doors.status.get("trouble")))
        kiosk.outbox.append([Draft(EventKind.VIEW_BEGIN, client="C1", person="W-1")], CLOCK.moment())
        assert kiosk.sync is not None
        kiosk.sync.poke()
        wait_for("the journal", lambda: kiosk.settled() and "view.begin" in hub.kinds())
        assert hub.kinds().count("incident") == 1
        assert len(kiosk.state.log_evidence) == 1
    finally:
        kiosk.close()
        hub.close()
