"""Backup and restore through the command line, of a hub that serves; and the kiosks of a restored hub."""

from __future__ import annotations

import shutil
import stat
import subprocess
import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.hub.found import First, found
from app.hub.home import Home
from app.hub.schema import AlarmRow, ChangeRow, Client, EventRow
from app.hub.store import Store
from app.kiosk.outbox import Draft
from app.model.terms import KioskStatus
from app.wire.messages import EventKind
from tests.hub_api import postgres
from tests.hub_api.processes import run, told
from tests.kiosk.plant import CLOCK, Hub, Kiosk, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WORDS = "correct horse battery"
FULL = {"online": True, "offline_since": None, "trouble": ""}


@pytest.fixture(autouse=True)
def _passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATIONLEAF_PASSPHRASE", WORDS)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Hub]:
    """A hub of this test's own, not serving yet."""
    hub = Hub(tmp_path / "plant")
    yield hub
    hub.close()


def backup(hub: Hub, file: Path, *more: str) -> str:
    done = run(["hub", "backup", str(hub.home.path), str(file), *more])
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def refused(*words: object) -> str:
    done = told([str(word) for word in words])
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    return done.stderr


def tree(path: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(path)): file.read_bytes()
        for file in path.rglob("*")
        if file.is_file() and file.name not in {"hub.db-wal", "hub.db-shm", ".lock", "hub.db"}
    }


def look(kiosk: Kiosk, count: int) -> None:
    kiosk.outbox.append([Draft(EventKind.VIEW_BEGIN, client="C1", person="W-1")] * count, CLOCK.moment())
    if kiosk.sync is not None:
        kiosk.sync.poke()


def test_a_hub_comes_back_as_it_was_and_the_file_tells_nothing(own: Hub, tmp_path: Path) -> None:
    own.publish("WI-100", pages=3)
    file = tmp_path / "plant.backup"
    said = backup(own, file)
    assert "read back and is whole" in said
    assert "The root key was in the hub's folder" in said
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    raw = file.read_bytes()
    secrets = [path.read_bytes() for path in (own.home.path / "keys").iterdir()]
    for secret in (b"SQLite format", b"Grace Hopper", b"PRIVATE KEY", b"keys/", *secrets):
        assert secret not in raw
    done = run(["hub", "restore", str(file), str(tmp_path / "again")])
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 people, 1 revisions, 0 kiosks" in done.stdout
    assert own.home.root_fingerprint in done.stdout
    assert tree(tmp_path / "again") == tree(own.home.path)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "again").rglob("*")}
    assert modes == {0o600, 0o700}
    again = Home.open(tmp_path / "again")
    assert again.keys == own.home.keys
    with Store(again.database_url).read() as session:
        acts = set(session.scalars(select(ChangeRow.act)))
    assert "hub.restore" in acts
    assert not [path for path in own.home.path.iterdir() if path.name.startswith(".backup-")]
    with own.store.read() as session:
        assert "hub.backup" in set(session.scalars(select(ChangeRow.act)))


def test_what_is_written_meanwhile_is_in_it_whole_or_not_at_all(own: Hub, tmp_path: Path) -> None:
    own.serve()
    done, written = threading.Event(), 0

    def write() -> None:
        nonlocal written
        while not done.is_set():
            with own.store.write() as session:
                for half in "ab":
                    session.add(Client(code=f"{written}{half}", name="x" * 2000, agreement_version="1"))
            written += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        wait_for("some writing", lambda: written > 20)
        before = written
        backup(own, tmp_path / "plant.backup")
    finally:
        done.set()
        thread.join()
    assert written > before + 5  # nobody waited for the backup
    run(["hub", "restore", str(tmp_path / "plant.backup"), str(tmp_path / "again")])
    with Store(Home.open(tmp_path / "again").database_url).read() as session:
        codes = set(session.scalars(select(Client.code))) - {"C1"}
    assert len(codes) >= 2 * before
    assert {code[:-1] + "a" for code in codes} | {code[:-1] + "b" for code in codes} == codes


def test_what_is_refused_leaves_everything_as_it_was(own: Hub, tmp_path: Path) -> None:
    file, again = tmp_path / "plant.backup", tmp_path / "again"
    backup(own, file)
    whole = file.read_bytes()
    assert "exists already" in refused("hub", "backup", own.home.path, file)
    assert file.read_bytes() == whole
    (tmp_path / "words").write_text("another passphrase\n")
    other = ("--passphrase-file", tmp_path / "words")
    assert "passphrase is not the right one" in refused("hub", "restore", file, again, *other)
    file.write_bytes(whole[:-5000])
    assert "damaged" in refused("hub", "restore", file, again)
    file.write_bytes(whole[:50])
    assert "cut off" in refused("hub", "restore", file, again)
    file.write_bytes(whole[:9000] + bytes([whole[9000] ^ 1]) + whole[9001:])
    assert "damaged" in refused("hub", "restore", file, again)
    file.write_bytes(b"PK\3\4" + whole)
    assert "not one that Stationleaf sealed" in refused("hub", "restore", file, again)
    assert not again.exists()
    file.write_bytes(whole)
    again.mkdir()
    (again / "letter.txt").write_text("mine")
    assert "is not empty" in refused("hub", "restore", file, again)
    assert [path.name for path in again.iterdir()] == ["letter.txt"]
    assert "cannot be read" in refused("hub", "restore", tmp_path / "none", again)


def test_a_short_passphrase_or_none_is_refused(
    own: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "words").write_text("short\n")
    words = ("--passphrase-file", tmp_path / "words")
    assert "too short" in refused("hub", "backup", own.home.path, tmp_path / "b", *words)
    monkeypatch.delenv("STATIONLEAF_PASSPHRASE")
    assert "nobody here to ask" in refused("hub", "backup", own.home.path, tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_a_place_that_is_not_there_is_told(own: Hub, tmp_path: Path) -> None:
    missing = tmp_path / "no folder" / "plant.backup"
    assert "cannot be written" in refused("hub", "backup", own.home.path, missing)
    assert not [path for path in tmp_path.iterdir() if "backup" in path.name]


def test_kiosks_go_on_with_a_restored_hub(own: Hub, tmp_path: Path) -> None:
    """What kiosks know more than the hub: a higher lease, events that are gone for good, later epochs."""
    own.publish("WI-100", pages=3)
    own.serve()
    kiosk = Kiosk(own, tmp_path, "K-1")
    try:
        kiosk.enrol()
        kiosk.start()
        wait_for("pages and journal", kiosk.settled)
        look(kiosk, 3)
        wait_for("delivery", lambda: kiosk.outbox.waiting() == 0)
        held = own.row("K-1").held
        backup(own, tmp_path / "plant.backup")
        own.publish("WI-200", pages=2)
        wait_for("the next lease", lambda: kiosk.doors.pulled == (5, 5) and kiosk.settled())
        look(kiosk, 5)
        wait_for("delivery", lambda: kiosk.outbox.waiting() == 0)
        gone = own.row("K-1").held
        mark = kiosk.state.mark.number
        own.kill()
        look(kiosk, 2)
        path, port = own.home.path, own.port
        own.store.close()
        shutil.move(path, tmp_path / "burnt")
        done = run(["hub", "restore", str(tmp_path / "plant.backup"), str(path)])
        assert done.returncode == 0, done.stderr
        assert port == own.port
        own.store = Store(own.home.database_url)
        own.serve()
        wait_for("a lease above", lambda: kiosk.state.mark.number > mark + 1)
        wait_for("pages and journal", lambda: kiosk.doors.pulled == (3, 3) and kiosk.settled())
        wait_for("no trouble", lambda: kiosk.doors.status == FULL)
        assert "lease.refused" not in [kind for _, _, kind in own.events("K-1")]
        numbers = [seq for _, seq, _ in own.events("K-1")]
        assert numbers == [*range(1, held + 1), *range(gone + 1, kiosk.outbox.head + 1)]
        with own.store.read() as session:
            alarms = {row.kind: row.detail for row in session.query(AlarmRow).filter_by(kiosk="K-1")}
        assert alarms["restore_gap"] == {"epoch": 1, "number": held + 1, "until": gone}
        assert alarms["lease_ahead"]["has"] == mark
        look(kiosk, 4)
        wait_for("delivery", lambda: kiosk.outbox.waiting() == 0)
    finally:
        kiosk.close()


def test_a_kiosk_that_was_enrolled_again_since_gets_an_epoch_that_it_never_had(
    own: Hub, tmp_path: Path
) -> None:
    own.publish("WI-100", pages=1)
    own.serve()
    kiosk = Kiosk(own, tmp_path, "K-1")
    try:
        kiosk.enrol()
        backup(own, tmp_path / "plant.backup")
        kiosk.enrol()  # epoch 2, of which the backup knows nothing
        kiosk.start()
        wait_for("pages and journal", kiosk.settled)
        look(kiosk, 3)
        wait_for("delivery", lambda: kiosk.outbox.waiting() == 0)
        look(kiosk, 0)
        kiosk.stop()
        own.kill()
        own.store.close()
        shutil.rmtree(own.home.path)
        done = run(["hub", "restore", str(tmp_path / "plant.backup"), str(own.home.path)])
        assert done.returncode == 0, done.stderr
        own.store = Store(own.home.database_url)
        own.serve()
        own.set_status(KioskStatus.LOCKED_DOWN, "K-1")
        kiosk.enrol()
        kiosk.start()
        wait_for("pages and journal", kiosk.settled)
        with own.store.read() as session:
            epochs = set(session.scalars(select(EventRow.epoch).where(EventRow.kiosk == "K-1")))
        (epoch,) = epochs
        assert epoch > 2
        wait_for("no trouble", lambda: kiosk.doors.status == FULL)
    finally:
        kiosk.close()


@pytest.mark.skipif(not postgres.can_run() or not shutil.which("pg_restore"), reason="no PostgreSQL here")
def test_with_postgresql_the_keys_are_kept_here_and_the_database_by_its_own_tools(tmp_path: Path) -> None:
    with postgres.running() as url:
        hub, file, again = tmp_path / "hub", tmp_path / "keys.backup", tmp_path / "again"
        first = First("SUP-1", "Ada Byron", "0012345678")
        made = found(
            hub, site="S1", site_name="One", hosts=["localhost"], first=first, now=CLOCK.now(), database=url
        )
        assert "pg_dump" in refused("hub", "backup", hub, file)
        done = run(["hub", "backup", str(hub), str(file), "--keys-only"])
        assert "The database is not in it" in done.stdout, done.stderr
        dump = tmp_path / "hub.dump"
        subprocess.run(["pg_dump", "--format=custom", f"--file={dump}", url], check=True)
        wipe = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
        subprocess.run(["psql", "-q", "-c", wipe, url], check=True, capture_output=True)
        assert "pg_restore" in refused("hub", "restore", file, again)
        assert not again.exists()
        subprocess.run(
            ["pg_restore", "--no-owner", f"--dbname={url}", dump], check=False, capture_output=True
        )
        done = run(["hub", "restore", str(file), str(again)])
        assert "1 people" in done.stdout, done.stderr
        assert Home.open(again).keys == made.keys
