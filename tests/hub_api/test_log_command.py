"""``admin log``: rewriting by hand is told in sentences, and so is what contradicts a signed checkpoint."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from app.cli.main import main
from app.hub import log_heads
from app.hub.backup import About, note_restored
from app.hub.log_check import check
from app.hub.log_round import REWRITTEN, Round
from app.hub.schema import AlarmRow
from app.hub.store import Store
from app.model.errors import Damaged
from app.seal.checkpoint import open_checkpoint
from app.seal.note import NoteKey
from app.wire.messages import EventKind
from tests.hub_api.plant import NOW, Plant
from tests.hub_api.test_logs import LAST, REWRITES, by_hand, head, logged, take

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["logged"]

SITE_LOG, ACME_LOG = "the log of the site", "the log of client ACME"
SAYS = {
    "change what was recorded": [
        f"Event 120 of kiosk K-1 (epoch 1), entry 119 of {SITE_LOG}, was changed: its bytes are not what its",
        f"Entry 119 of {ACME_LOG} is not the event that was logged there: ",
    ],
    "change one column": ["its column person says P-2, its bytes say P-1."],
    "delete one": [
        f"Entries 119 to 119 of {SITE_LOG} are gone: events were deleted.",
        f"Entries 119 to 119 of {ACME_LOG} are gone: events were deleted.",
        "The journal of kiosk K-1 (epoch 1) lacks its events 120 to 120",
    ],
    "delete the last": [
        f"Entries 349 to 349 of {SITE_LOG} are gone",
        "Kiosk K-2 was told that its journal is held up to event 70; the hub holds it up to 69",
    ],
    "truncate": [f"Entries 200 to 349 of {SITE_LOG} are gone"],
    "reorder two": [
        f"Entry 119 of {SITE_LOG} is not the event that was logged there: event 121 of kiosk",
        f"Entry 120 of {SITE_LOG} is not the event that was logged there: event 120 of kiosk",
    ],
    "insert one": ["The hub holds 1 events that are in no log, the first is event 70 of kiosk K-9 (epoch 1)"],
    "insert one at the end of the log": [
        "The log of the site has 350 entries, but event 70 of kiosk K-9 (epoch 1) stands behind them, at 350",
    ],
    "change a partial tile above": [f"The tree of {SITE_LOG} does not follow from its entries, from entry 0"],
    "shorten a tile": ["The log of client BOLT (20 entries) lost hashes, from entry 1 on."],
    "shorten the log": ["The log of the site (349 entries) holds hashes beyond its end: it was shortened"],
}


@pytest.fixture
def said(logged: Plant, capsys: pytest.CaptureFixture[str]):
    def run(*words: object) -> tuple[int, str]:
        capsys.readouterr()
        code = main(["admin", "--hub", str(logged.home.path), "log", *map(str, words)])
        told = capsys.readouterr()
        assert "fault in Stationleaf" not in told.err
        return code, told.out + told.err

    return run


@pytest.mark.parametrize("way", REWRITES)
def test_each_way_of_rewriting_is_told_in_sentences(logged: Plant, said, way: str) -> None:
    by_hand(logged, *REWRITES[way])
    with pytest.raises(Damaged) as first:
        check(logged.store)
    assert first.value.code == "log_damaged"
    code, told = said("check")
    assert code == 1
    assert str(first.value) in told
    lines = told.splitlines()
    assert len(lines) > 1
    assert all(line[0].isupper() and line.endswith(".") for line in lines)
    for words in SAYS.get(way, ()):
        assert words in told
    if way == "change a partial tile above":
        return  # the events are what was logged: the kiosks see another root
    its_own = looked(logged)
    with pytest.raises(Damaged):
        its_own.require_sound()
    with logged.store.read() as session:
        assert {row.kind for row in session.query(AlarmRow)} == {REWRITTEN}


def looked(plant: Plant) -> Round:
    """What the serving hub does by and by: each log's tiles once, and the first again."""
    its_own = Round()
    for _ in range(6):
        its_own.look(plant.store, NOW)
    return its_own


def test_a_sound_hub_is_told_as_such(logged: Plant, said) -> None:
    code, told = said("check")
    assert (code, told.splitlines()[0]) == (
        0, "670 entries of 3 logs: every event is as its device signed it and as it was logged.",
    )  # fmt: skip
    looked(logged).require_sound()
    assert "--seen" in told


def test_only_the_first_findings_of_many_are_told(logged: Plant, said) -> None:
    by_hand(logged, "UPDATE event SET person = 'P-9'")
    assert said("check")[1].count("its column person says") == 50
    assert said("check", "--all")[1].count("its column person says") == 350


def rebuild(plant: Plant, *statements: str) -> None:
    """Rewrite history as whoever owns the hub can: events, numbers, trees and receipts all fit together."""
    from app.hub.logs import catch_up

    by_hand(
        plant, *statements, "DELETE FROM log_tile", "DELETE FROM log",
        "UPDATE event SET site_index = NULL, client_index = NULL",
        "UPDATE kiosk SET held = (SELECT max(seq) FROM event WHERE kiosk = code)",
        "UPDATE kiosk SET held_hash = (SELECT hash FROM event WHERE kiosk = code AND seq = held)",
    )  # fmt: skip
    catch_up(plant.store)


def test_a_history_cut_consistently_is_found_by_whoever_holds_a_checkpoint(
    logged: Plant, said, tmp_path: Path
) -> None:
    kept = tmp_path / "client.checkpoint"
    assert said("checkpoint", "--client", "ACME", "--out", kept)[0] == 0
    assert said("check", "--seen", kept)[0] == 0
    rebuild(logged, f"DELETE FROM event WHERE id = {LAST}")
    assert said("check")[0] == 0
    code, told = said("check", "--seen", kept)
    assert code == 1
    assert "The hub signed that the log of client ACME has 300 entries" in told
    assert "now it has 299: entries were cut off, or an older backup was restored." in told


def test_a_history_rewritten_consistently_is_found_by_whoever_holds_a_checkpoint(
    logged: Plant, said, tmp_path: Path
) -> None:
    kept = tmp_path / "client.checkpoint"
    said("checkpoint", "--client", "ACME", "--out", kept)
    rebuild(logged, "UPDATE event SET id = -id WHERE id = 250", "UPDATE event SET id = 2500 WHERE id = -250")
    take(logged, logged.kiosk("K-3", "ST-1"), 5)
    assert said("check")[0] == 0
    code, told = said("check", "--seen", kept)
    assert code == 1
    assert (
        "The first 300 entries of the log of client ACME are not those of the checkpoint that the file"
        in told
    )


def test_an_older_copy_of_the_database_put_back_is_found(logged: Plant, said, tmp_path: Path) -> None:
    older, base = tmp_path / "older.db", logged.home.path / "hub.db"
    logged.store.snapshot(older)
    take(logged, logged.kiosk("K-3", "ST-1"), 5)
    kept = tmp_path / "site.checkpoint"
    said("checkpoint", "--out", kept)
    logged.store.close()
    for path in base.parent.glob("hub.db-*"):
        path.unlink()
    shutil.copy(older, base)
    logged.store = Store(logged.home.database_url)
    assert said("check")[0] == 0
    code, told = said("check", "--seen", kept)
    assert (code, "has 355 entries" in told, "now it has 350" in told) == (1, True, True)


def test_a_fork_shown_to_one_kiosk_is_found_by_its_incident(logged: Plant, said, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(logged.home.path, other)
    fork = Plant.copy(other, tmp_path / "fork")
    take(fork, fork.kiosk("K-7", "ST-1"), 3)
    kept = head(fork).note.decode()
    fork.store.close()
    take(logged, logged.kiosk("K-3", "ST-1"), 5)
    shown = head(logged).note.decode()
    body = {"what": "log rewritten", "kept": kept, "shown": shown}
    take(
        logged,
        logged.kiosk("K-4", "ST-1"),
        1,
        kind=EventKind.INCIDENT,
        client="",
        page="",
        revision="",
        body=body,
    )
    code, told = said("check")
    assert code == 1
    assert "Kiosk K-4 reported at 2026-03-02" in told
    assert (
        "The first 353 entries of the log of the site are not those of the checkpoint that kiosk K-4" in told
    )


def test_what_is_no_checkpoint_of_this_hub_is_refused(logged: Plant, said, tmp_path: Path) -> None:
    (tmp_path / "bad").write_text("no note")
    assert said("check", "--seen", tmp_path / "bad") == (
        1, "stationleaf: This is not a signed note of the log: it has no signature lines.\n",
    )  # fmt: skip
    assert said("check", "--seen", tmp_path / "none")[1].startswith("stationleaf: There is no checkpoint ")
    kept = tmp_path / "kept"
    said("checkpoint", "--out", kept)
    code, told = said("checkpoint", "--out", kept)
    assert (code, told) == (1, f"stationleaf: The file {kept} exists. Name another one.\n")
    kept.write_text(kept.read_text().replace("350", "351"))
    assert said("check", "--seen", kept) == (1, "stationleaf: A signature does not hold.\n")


def test_keys_and_checkpoints_are_handed_out_and_fit_together(logged: Plant, said, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    said("checkpoint", "--client", "BOLT", "--out", kept)
    (line,) = (line for line in said("list")[1].splitlines() if line.startswith("BOLT"))
    key = NoteKey.read(line.split()[-1])
    assert open_checkpoint(kept.read_bytes(), key.name, [key.public]).size == 20


def test_after_a_restore_earlier_checkpoints_still_count(logged: Plant, said, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    said("checkpoint", "--out", kept)
    note_restored(
        logged.store, logged.home, About(NOW, "0.1.0", "S1", "", root_key=False, schema="", sizes={}), NOW
    )
    with logged.store.read() as session:
        assert log_heads.origin(session, logged.home).endswith("/2")
    assert said("check", "--seen", kept)[0] == 0
    by_hand(logged, *REWRITES["truncate"])
    assert said("check", "--seen", kept)[0] == 1
