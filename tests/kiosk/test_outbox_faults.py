"""The journal under power cuts, full disks and damage: no event lost or doubled, the chain whole."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.kiosk.journal_file import JournalFile
from app.model.errors import Expected, Unavailable
from tests.kiosk.journals import Ear, look, moment, opened
from tests.kiosk.processes import Child

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RECORD = """
    import pathlib, sys
    from tests.kiosk.journals import look, moment, opened
    outbox = opened(pathlib.Path(sys.argv[1]))
    print("open", flush=True)
    number = int(sys.argv[2])
    while True:
        outbox.append([look([number, part]) for part in range(1 + number % 3)], moment(number))
        print(number, flush=True)
        number += 1
"""
KILLS = int(os.environ.get("STATIONLEAF_KILLS", "6"))
PAGE = 4096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


def trouble(act: Callable[[], object]) -> Expected | None:
    """What a person would be told, or None."""
    try:
        act()
    except Expected as error:
        return error
    return None


def parts(number: int) -> list[list[int]]:
    """The marks of one commit of ``RECORD``."""
    return [[number, part] for part in range(1 + number % 3)]


def test_killed_at_any_moment_nothing_is_lost_or_doubled(path: Path) -> None:
    """What was acknowledged is there; what was not is there whole or not at all."""
    chance = random.Random(20260302)
    ear, next_number = Ear(), 0
    expected: list[object] = []
    for turn in range(KILLS):
        child = Child(RECORD, path, next_number)
        assert child.line() == "open"
        time.sleep(chance.uniform(0.0, 0.08))
        acknowledged = [int(line) for line in child.kill()]
        assert acknowledged == list(range(next_number, next_number + len(acknowledged)))
        for number in acknowledged:
            expected += parts(number)
        outbox = opened(path)
        ear.drain(outbox, limit=chance.randint(1, 50))
        under_way = parts(next_number + len(acknowledged))
        assert ear.marks() in (expected, expected + under_way)
        next_number += len(acknowledged) + (len(ear.marks()) > len(expected))
        outbox.append([look(f"after {turn}")], moment(turn))  # the chain goes on, before the next kill
        expected = [*ear.marks(), f"after {turn}"]
        outbox.close()
    assert next_number > KILLS, "nothing was recorded between the kills"


DELIVER = """
    import pathlib, sys
    from tests.kiosk.journals import opened
    outbox = opened(pathlib.Path(sys.argv[1]))
    print("open", flush=True)
    for _ in range(int(sys.argv[2])):
        batch = outbox.pending(2)
        outbox.confirm(batch.epoch, batch.events[-1].seq, batch.events[-1].hash)
        print(batch.events[-1].seq, flush=True)
"""


def test_killed_while_delivering_every_event_is_confirmed_or_still_there(path: Path) -> None:
    outbox = opened(path)
    outbox.append([look(n) for n in range(400)], moment())
    outbox.close()
    for pause in (0.0, 0.01, 0.03):
        child = Child(DELIVER, path, 60)  # however late the kill comes, not everything has been delivered
        assert child.line() == "open"
        time.sleep(pause)
        confirmed = max([int(line) for line in child.kill()], default=0)
        outbox = opened(path)
        batch = outbox.pending(1)
        assert outbox.head == 400
        assert batch is not None
        assert batch.events[0].seq == 400 - outbox.waiting() + 1
        assert confirmed <= batch.events[0].seq - 1
        outbox.close()


@pytest.mark.parametrize("tear", ["cut", "zeros", "garbage", "flip"])
def test_a_torn_log_holds_a_beginning_of_what_was_recorded(tmp_path: Path, tear: str) -> None:
    """A power cut in the middle of a write: the log's tail is cut, or is something else."""
    (tmp_path / "live").mkdir()
    outbox = opened(tmp_path / "live" / "outbox.db")
    for number in range(30):
        outbox.append([look([number, part]) for part in range(1 + number % 3)], moment(number))
    main = (tmp_path / "live" / "outbox.db").read_bytes()
    log = (tmp_path / "live" / "outbox.db-wal").read_bytes()
    outbox.close()
    everything = [mark for number in range(30) for mark in parts(number)]
    chance = random.Random(tear)
    lengths = set()
    for turn in range(20):
        at = chance.randrange(len(log)) if turn else len(log)
        tail = log[at:]
        torn = {
            "cut": b"",
            "zeros": bytes(len(tail)),
            "garbage": chance.randbytes(len(tail)),
            "flip": bytes([tail[0] ^ 1]) + tail[1:] if tail else b"",
        }[tear]
        place = tmp_path / f"{turn}"
        place.mkdir()
        (place / "outbox.db").write_bytes(main)
        (place / "outbox.db-wal").write_bytes(log[:at] + torn)
        again, ear = opened(place / "outbox.db"), Ear()
        assert again.salvaged is None
        records = again.append([look("after")], moment())
        ear.drain(again)
        begun = ear.marks()[:-1]
        assert begun == everything[: len(begun)]
        assert begun == [mark for number in sorted({mark[0] for mark in begun}) for mark in parts(number)]
        assert records[0].seq == len(begun) + 1
        lengths.add(len(begun))
        again.close()
    assert max(lengths) == len(everything)
    assert len(lengths) > 5


# -- a disk that takes nothing ----------------------------------------------------------------------------


def fill(disk: Path) -> Path:
    """Leave not one block free."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    return ballast


def test_a_full_disk_stops_recording_and_nothing_else(small_disk: Path) -> None:
    path = small_disk / "outbox.db"
    outbox, ear = opened(path), Ear()
    outbox.append([look("before")], moment())
    ballast = fill(small_disk)
    kept = ["before"]
    refused = 0
    for number in range(60):
        marks = [f"full {number}", f"full {number}'"]
        error = trouble(lambda: outbox.append([look(mark) for mark in marks], moment()))  # noqa: B023
        if error is None:
            kept += marks  # a log that was grown already has some room
            continue
        assert error.code == "cannot_record"
        assert "disk is full" in str(error)
        refused += 1
    assert refused > 10
    assert outbox.waiting() == len(kept)
    ballast.unlink()
    outbox.append([look("after")], moment())
    ear.drain(outbox)
    assert ear.marks() == [*kept, "after"]
    outbox.close()


def test_a_full_disk_at_the_start_is_named_and_passes(small_disk: Path) -> None:
    path = small_disk / "outbox.db"
    outbox = opened(path)
    outbox.append([look("before")], moment())
    outbox.close()
    ballast = fill(small_disk)
    with pytest.raises(Unavailable) as caught:
        opened(path, epoch=2)
    assert caught.value.code == "cannot_record"
    ballast.unlink()
    outbox, ear = opened(path), Ear()
    ear.drain(outbox)
    assert ear.marks() == ["before"]
    outbox.close()


def test_a_journal_that_filled_its_disk_itself_can_be_emptied(small_disk: Path) -> None:
    path = small_disk / "outbox.db"
    outbox = opened(path)
    outbox.append([look("before")], moment())
    outbox.close()
    child = Child(RECORD, path, 0, stderr=subprocess.DEVNULL)
    acknowledged = []
    while (line := child.line()) and len(acknowledged) < 100_000:  # it ends when the disk is full
        acknowledged += [int(line)] if line != "open" else []
    child.kill()
    assert len(acknowledged) > 100
    fill(small_disk)
    outbox, ear = opened(path), Ear()
    ear.drain(outbox)
    numbers = [mark[0] for mark in ear.marks()[1:] if mark[1] == 0]
    assert numbers == acknowledged
    outbox.append([look("room again")], moment())
    outbox.close()


@pytest.mark.parametrize("held", [1, 50, 80])
def test_a_receipt_that_comes_while_the_disk_is_full_costs_no_record(small_disk: Path, held: int) -> None:
    outbox, ear = opened(small_disk / "outbox.db"), Ear()
    for number in range(80):
        draft = look(number)
        outbox.append([replace(draft, body={**draft.body, "why": "x" * 5000})], moment())
    batch = outbox.pending(held)
    assert batch is not None
    receipt = ear.take(batch)
    ballast = fill(small_disk)
    error = trouble(lambda: outbox.confirm(*receipt))
    assert error is None or error.code == "cannot_record"
    ballast.unlink()
    outbox.append([look(80)], moment())
    ear.drain(outbox)
    assert ear.marks() == list(range(81))
    outbox.close()


def test_a_disk_that_is_nearly_full_keeps_its_last_room(small_disk: Path) -> None:
    outbox = opened(small_disk / "outbox.db")
    free = shutil.disk_usage(small_disk).free
    outbox.prepare_disk()
    assert shutil.disk_usage(small_disk).free == free
    outbox.close()


def test_a_folder_that_became_read_only_is_named(path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        opened(path.parent / "gone" / "outbox.db")
    assert caught.value.code == "cannot_record"


def test_another_program_that_holds_the_journal_is_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.kiosk.journal_file.BUSY_SECONDS", 0.05)
    outbox = opened(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable) as caught:
        outbox.append([look("held")], moment())
    assert "another program" in str(caught.value)
    other.execute("ROLLBACK")
    other.close()
    outbox.append([look("free")], moment())
    ear = Ear()
    ear.drain(outbox)
    assert ear.marks() == ["free"]
    outbox.close()


# -- damage -----------------------------------------------------------------------------------------------


def filled(path: Path, events: int = 60) -> bytes:
    outbox = opened(path)
    for number in range(events):
        outbox.append([look(number)], moment(number))
    outbox.close()
    return path.read_bytes()


def damage(path: Path, at: int, size: int = 0) -> None:
    data = bytearray(path.read_bytes())
    if size:
        data[at : at + size] = bytes(min(size, len(data) - at))
    else:
        data[at] ^= 0x04
    path.write_bytes(data)


def asides(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.glob("*.damaged-*"))


def survive(path: Path, events: int) -> tuple[Ear, bool]:
    """Open, deliver what can be, record on. Returns what arrived, and whether recording goes on."""
    outbox, ear = opened(path), Ear()
    lost = trouble(lambda: outbox.append([look("after")], moment()))
    assert lost is None or lost.code == "journal_lost"
    stuck = trouble(lambda: ear.drain(outbox))
    assert stuck is None or stuck.code == "journal_damaged"
    goes_on = lost is None
    whole = list(range(events)) + (["after"] if goes_on else [])
    assert ear.marks() == whole[: len(ear.marks())]
    outbox.close()
    return ear, goes_on


def test_wherever_a_page_is_lost_what_arrives_is_true_and_recording_goes_on_or_says_why(path: Path) -> None:
    """A zeroed page anywhere: what reaches the hub is a beginning of what happened, chained and signed."""
    whole = filled(path)
    complete = 0
    pages = range(len(whole) // PAGE)
    for page in pages:
        path.write_bytes(whole)
        damage(path, page * PAGE, PAGE)
        ear, goes_on = survive(path, 60)
        complete += len(ear.marks()) == 61
        if not goes_on:
            fresh = opened(path, epoch=2)
            fresh.append([look("new epoch")], moment())
            trouble(lambda: ear.drain(fresh))  # noqa: B023
            assert ear.marks(2) == ["new epoch"]
            fresh.close()
        for file in path.parent.iterdir():
            file.unlink()
    assert complete >= 1


def test_flipped_bits_never_reach_the_hub_as_something_else(path: Path) -> None:
    whole = filled(path)
    chance = random.Random(7)
    for _ in range(25):
        path.write_bytes(whole)
        for _ in range(chance.randint(1, 4)):
            damage(path, chance.randrange(len(whole)))
        survive(path, 60)
        for file in path.parent.iterdir():
            file.unlink()


@pytest.mark.parametrize(
    "word", [b"held_hash TEXT", b"digest BLOB", b"CREATE TABLE event", b"PRIMARY KEY (journal"]
)
def test_damage_in_a_table_s_description_is_damage(path: Path, word: bytes) -> None:
    whole = filled(path)
    assert word in whole
    path.write_bytes(whole.replace(word, word[:-1] + b"~"))
    survive(path, 60)
    assert asides(path) == ["outbox.db.damaged-1"]  # with every event, for somebody with a hex editor


def test_a_schema_version_that_was_zeroed_is_damage(path: Path) -> None:
    filled(path)
    damage(path, 60, 4)
    ear, goes_on = survive(path, 60)
    assert (len(ear.marks()), goes_on) == (61, True)


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9])
def test_a_cut_journal_is_set_aside_and_what_reads_is_delivered(path: Path, keep: float) -> None:
    whole = filled(path)
    cut = whole[: int(len(whole) * keep)]
    path.write_bytes(cut)
    outbox = opened(path)
    assert outbox.salvaged is not None
    assert outbox.salvaged.kept >= (20 if keep > 0.8 else 0)  # a lost inner node costs what hangs on it
    assert outbox.salvaged.lost in {60 - outbox.salvaged.kept, None}
    assert outbox.salvaged.aside.read_bytes() == cut
    outbox.close()
    survive(path, 60)
    assert asides(path) == ["outbox.db.damaged-1"]


def test_something_else_in_its_place_is_set_aside_and_recording_waits_for_a_new_epoch(path: Path) -> None:
    filled(path)
    path.write_bytes(b"not a database at all" * 1000)
    outbox = opened(path)
    assert outbox.salvaged is not None
    assert (outbox.salvaged.kept, outbox.salvaged.lost) == (0, None)
    assert outbox.salvaged.aside.read_bytes().startswith(b"not a database")
    for _ in range(2):  # also after a restart
        with pytest.raises(Unavailable) as caught:
            outbox.append([look("x")], moment())
        assert caught.value.code == "journal_lost"
        assert "enrolled again" in caught.value.advice
        outbox.close()
        outbox = opened(path)
        assert outbox.salvaged is None
    outbox.close()
    outbox = opened(path, epoch=2)
    outbox.append([look("new")], moment())
    ear = Ear()
    ear.drain(outbox)
    assert ear.marks(2) == ["new"]
    outbox.close()


def test_damage_under_a_running_kiosk_is_repaired_and_recording_goes_on(path: Path) -> None:
    """A journal larger than what SQLite keeps in memory, of which a page in the middle is lost."""
    outbox, ear = opened(path), Ear()
    for number in range(6):
        outbox.append([look([number, part]) for part in range(700)], moment(number))
    outbox.close()
    outbox = opened(path)
    outbox.append([look("running")], moment())
    damage(path, path.stat().st_size // 2 // PAGE * PAGE, PAGE)
    stuck = trouble(lambda: ear.drain(outbox))
    assert stuck is not None
    assert stuck.code == "journal_damaged"
    assert outbox.salvaged is not None
    assert outbox.salvaged.lost is not None
    assert 0 < outbox.salvaged.lost < 20
    assert outbox.append([look("goes on")], moment())[0].seq == 6 * 700 + 2
    assert 1000 < len(ear.marks()) < 4000
    assert outbox.waiting() == 4202 - len(ear.marks())
    outbox.close()
    outbox = opened(path)
    assert trouble(lambda: ear.drain(outbox)) is not None
    assert outbox.append([look("and on")], moment())[0].seq == 6 * 700 + 3
    outbox.close()


def test_a_crash_while_salvaging_is_finished_at_the_next_start(path: Path) -> None:
    """Killed after the copy was complete and before it took the journal's place."""
    filled(path, 5)
    copy = path.read_bytes()
    path.write_bytes(b"wreck" * 5000)
    path.with_name("outbox.db.salvaged").write_bytes(copy)
    outbox, ear = opened(path), Ear()
    ear.drain(outbox)
    assert ear.marks() == list(range(5))
    assert asides(path) == ["outbox.db.damaged-1"]
    outbox.close()
    path.with_name("outbox.db.building").write_bytes(b"half a copy")
    path.write_bytes(b"wreck" * 5000)
    outbox = opened(path)
    assert outbox.salvaged is not None
    assert not path.with_name("outbox.db.building").exists()
    assert asides(path) == ["outbox.db.damaged-1", "outbox.db.damaged-2"]
    outbox.close()


def test_counters_that_vanished_are_noticed(path: Path) -> None:
    """A client's number must never be given twice."""
    filled(path)
    with sqlite3.connect(path) as plain:
        plain.execute("DELETE FROM counter")
    plain.close()
    ear, goes_on = survive(path, 60)
    assert not goes_on
    assert len(ear.marks()) == 60


def test_a_damaged_row_is_never_handed_out(path: Path) -> None:
    filled(path, 3)
    with sqlite3.connect(path) as plain:
        plain.execute("UPDATE event SET box = zeroblob(length(box)) WHERE seq = 2")
    plain.close()
    file = JournalFile(path)
    (chain,) = file.chains()
    assert [row.seq for row in file.rows(chain, 0, 200)] == [1]
    assert file.rows(chain, 1, 200) == []
    file.close()


@pytest.mark.parametrize("column", ["hash", "held_hash"])
def test_a_flipped_bit_that_leaves_no_text_is_damage(path: Path, column: str) -> None:
    """``b'\\x80'`` is no UTF-8: the row's digest must get to see it all the same."""
    filled(path)
    table = "event" if column == "hash" else "journal"
    with sqlite3.connect(path) as plain:
        (text,) = plain.execute(f"SELECT {column} FROM {table} LIMIT 1").fetchone()
        broken = bytes([text.encode()[0] | 0x80]) + text.encode()[1:]
        plain.execute(f"UPDATE {table} SET {column} = CAST(? AS TEXT) WHERE {column} = ?", (broken, text))
    plain.close()
    ear, _ = survive(path, 60)
    assert len(ear.marks()) == (0 if column == "hash" else 60)
