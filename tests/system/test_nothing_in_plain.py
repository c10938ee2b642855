"""Whoever has the kiosk's disk has no page, no badge number and no name: nothing of it was ever written."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from kit.cast import ANA, FATIMA, NAMES
from kit.processes import wait_for
from kit.stand import compare

from app.wire.messages import Event
from tests.system.traces import (
    Secret,
    files_below,
    found_in,
    open_files,
    page_secrets,
    word_secret,
    written_files,
)

if TYPE_CHECKING:
    from tests.system.conftest import Floor


@pytest.fixture(scope="module")
def secrets(floor: Floor) -> list[Secret]:
    """Pieces of all pages of the shown document, and everybody's badge number and name."""
    pages = page_secrets(floor.cast.shown.pdf)
    assert len(pages) > 20
    assert all(page.pieces for page in pages)
    people = [word_secret(word) for word in (*NAMES.values(), *floor.cast.badges.values())]
    return pages + people


def _look(floor: Floor, secrets: list[Secret]) -> list[str]:
    """Scan all that the kiosk wrote: its folder, its home, its temporary folder, what it holds open."""
    folders = [floor.stand.kiosk.home, floor.temporary, Path(floor.stand.ring.env["HOME"])]
    paths = list(files_below(*folders))
    assert floor.stand.kiosk.home / "cache.db" in paths
    assert floor.stand.kiosk.home / "outbox.db" in paths
    process = floor.stand.kiosk.process
    if process is not None and process.running:
        paths += open_files(process.pid)
    return found_in(paths, secrets)


def test_the_look_finds_what_is_there(floor: Floor, secrets: list[Secret]) -> None:
    leak = floor.temporary / "leak"
    for secret in secrets:
        leak.write_bytes(b"..." + min(secret.pieces) + b"...")
        assert found_in([leak], [secret]) == [f"{leak}: {secret.what}"]
    pages = {Path(line.split(":")[0]).name for line in found_in([floor.cast.shown.pdf], secrets)}
    assert pages <= {floor.cast.shown.pdf.name}
    leak.unlink()


def test_no_trace_while_pages_are_read_nor_after_the_lock_nor_after_a_kill(
    floor: Floor, secrets: list[Secret]
) -> None:
    stand, pages = floor.stand, floor.cast.pages_at(floor.cast.home)
    wait_for("the pull", lambda: stand.kept() == floor.cast.kept_at(floor.cast.home), 60, pause=0.5)
    assert stand.admit(ANA, floor.cast.badges[ANA], pages[0]).recognised
    for page in pages[1:4]:
        assert stand.turn("Right", page).recognised
    stand.display.key("t")  # thumbnails of all pages
    stand.settled()
    assert _look(floor, secrets) == []
    assert stand.admit(FATIMA, floor.cast.badges[FATIMA], pages[0]).recognised
    stand.tap(floor.cast.badges[FATIMA])
    wait_for("the lock", lambda: not stand.look().recognised)
    assert _look(floor, secrets) == []
    assert stand.kiosk.process is not None
    stand.kiosk.process.kill()
    assert _look(floor, secrets) == []
    floor.restart()
    good, seen = compare(floor.plant, stand)
    assert good, seen


def test_the_hub_holds_each_event_once_and_without_a_hole(floor: Floor) -> None:
    database = sqlite3.connect(f"file:{floor.plant.hub_home / 'hub.db'}?mode=ro", uri=True)
    rows = database.execute("SELECT kiosk, epoch, seq, hash FROM event ORDER BY kiosk, epoch, seq").fetchall()
    database.close()
    assert [row[2] for row in rows] == list(range(1, len(rows) + 1))
    assert len({row[3] for row in rows}) == len(rows)


def test_the_kiosk_closed_its_memory_first_and_put_that_on_record(floor: Floor) -> None:
    database = sqlite3.connect(f"file:{floor.plant.hub_home / 'hub.db'}?mode=ro", uri=True)
    rows = database.execute("SELECT data FROM event WHERE kind = 'kiosk.started'").fetchall()
    database.close()
    bodies = [Event.read(data).body for (data,) in rows]
    assert bodies
    assert all((body["no_core"], body["closed"]) == (True, True) for body in bodies)


def test_it_writes_nowhere_else(floor: Floor) -> None:
    """Files opened for writing by any process of the kiosk lie in the folders that were looked through."""
    process = floor.stand.kiosk.process
    assert process is not None
    allowed = (floor.stand.kiosk.home, floor.temporary, Path(floor.stand.ring.env["HOME"]))
    written = written_files(process.pid)
    elsewhere = [path for path in written if not any(place in path.parents for place in allowed)]
    assert elsewhere == [floor.plant.folder / "kiosk.log"]
    assert floor.stand.kiosk.home / "outbox.db" in written


def test_nobody_but_the_kiosks_user_may_read_its_files(floor: Floor) -> None:
    for path in files_below(floor.stand.kiosk.home):
        assert path.stat().st_mode & 0o077 == 0, path
    assert floor.stand.kiosk.home.stat().st_mode & 0o077 == 0
