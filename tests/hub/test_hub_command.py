"""``stationleaf hub init`` and ``serve`` at the command line; and what a killed or doubled command leaves."""

from __future__ import annotations

import io
import re
import signal
import subprocess
import sys
import threading

import pytest

from app.cli.main import main
from tests.hub.plants import write_tables
from tests.hub.test_admin_publish import command, environment

pytestmark = pytest.mark.usefixtures("plain_environment")

NAMES = ("--site", "S1", "--site-name", "Plant One", "--supervisor-name", "Ada Byron")


def init(folder, *more, badge="0012345678"):
    words = ["hub", "init", str(folder), *NAMES, "--host", "localhost", *more]
    return main([*words, *(("--supervisor-badge", badge) if badge else ())])


def test_init_makes_a_hub_and_says_what_comes_next(tmp_path, capsys):
    assert init(tmp_path / "hub", "--port", "9443") == 0
    said = capsys.readouterr().out
    assert re.search(r"Root fingerprint +[0-9a-f]{64}\n", said)
    assert "Address for kiosks localhost:9443" in said
    assert "root.key to a safe" in said
    assert "0012345678" not in said
    assert main(["admin", "--hub", str(tmp_path / "hub"), "person", "list"]) == 0
    assert re.search(r"SUP-1 +Ada Byron +yes +admin supervisor +restricted", capsys.readouterr().out)


def test_the_badge_is_read_from_standard_input(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("0012345678\n"))
    assert init(tmp_path / "hub", badge="") == 0


@pytest.mark.parametrize(
    ("more", "badge", "words"),
    [
        (("--host", "not a host"), "0012345678", "neither a host name nor an IP address"),
        ((), "12", "A badge number has 4 to 20 characters"),
        (("--supervisor", "SUP 1"), "0012345678", "has a sign that a code cannot have"),
        (("--database", "mysql://x/y"), "0012345678", "not one that Stationleaf can use"),
    ],
)
def test_a_hub_that_cannot_be_made_leaves_nothing(tmp_path, capsys, more, badge, words):
    assert init(tmp_path / "hub", *more, badge=badge) == 1
    said = capsys.readouterr()
    assert words in said.err
    assert said.err.count("\n") == 1
    assert not (tmp_path / "hub").exists()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert init(tmp_path) == 1
    assert "is not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_serving_a_folder_that_is_no_hub_is_refused(tmp_path, capsys):
    assert main(["hub", "serve", str(tmp_path)]) == 1
    assert "is not a hub" in capsys.readouterr().err


def test_a_hub_serves_while_it_is_administered_and_stops_when_told(desk):
    words = ["hub", "serve", str(desk.folder), "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(
        [sys.executable, "-m", "app.cli.main", *words], stdout=subprocess.PIPE, text=True, env=environment()
    ) as hub:
        assert hub.stdout is not None
        try:
            assert hub.stdout.readline().startswith("hub ready: https://localhost:")
            desk.done("kiosk", "add", "K-1", "--station", "ST-010")
            hub.send_signal(signal.SIGTERM)
            assert hub.wait(30) == 0
        finally:
            hub.kill()


def test_an_import_that_is_killed_leaves_nothing(bare, tmp_path):
    before, files = bare.content(), bare.files()
    words = ["admin", "--hub", str(bare.folder), "import", str(write_tables(tmp_path / "t"))]
    with subprocess.Popen(
        [sys.executable, "-m", "app.cli.main", *words], stderr=subprocess.PIPE, text=True, env=environment()
    ) as run:
        assert run.stderr is not None
        first = run.stderr.readline()
        run.kill()
        assert "making badge slots" in first
    assert bare.content() == before
    assert bare.files() == files


def test_the_same_document_published_twice_at_once_is_one_revision(desk, pdf, page_map):
    words, pipe = command(desk, pdf, page_map), subprocess.PIPE
    done = [subprocess.Popen(words, stdout=pipe, stderr=pipe, text=True, env=environment()) for _ in range(2)]
    said = [run.communicate(timeout=120) for run in done]
    assert [run.returncode for run in done] == [0, 0], said
    assert desk.rows("SELECT count(*) FROM revision") == [(1,)]
    assert desk.rows("SELECT count(*) FROM page") == desk.rows("SELECT count(*) FROM blob") == [(4,)]
    assert sum("WI-100/A published: 4 pages" in out for out, _ in said) == 1
    assert sum("was published before" in out for out, _ in said) == 1


def test_a_database_that_is_being_written_is_waited_for_and_then_told(desk, pdf, page_map, monkeypatch):
    monkeypatch.setattr("app.hub.store.BUSY_SECONDS", 0)
    import sqlite3

    other = sqlite3.connect(desk.folder / "hub.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    said = desk.refused("assign", "OP-2", "ST-010")
    assert "Another program is writing to the hub's database. Try again in a minute." in said.err
    other.execute("ROLLBACK")
    other.close()
    desk.done("assign", "OP-2", "ST-010")


def test_output_that_nobody_reads_is_no_fault(desk):
    words = [sys.executable, "-m", "app.cli.main", "admin", "--hub", str(desk.folder), "changes", "--csv"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        assert b"fault" not in run.stderr.read()
        assert b"Traceback" not in run.stderr.read()


def test_two_people_change_at_once_and_both_are_kept(desk):
    store = desk.store()
    from app.hub.acting import Acting, actor
    from app.hub.people import put_person
    from app.wire.clock import SystemClock

    def add(number):
        with store.write() as session:
            acting = Acting(session, actor(session, "SUP-1"), SystemClock().now())
            put_person(acting, person=f"X-{number}", name="X")

    threads = [threading.Thread(target=add, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    assert desk.rows("SELECT count(*) FROM person WHERE code LIKE 'X-%'") == [(6,)]
