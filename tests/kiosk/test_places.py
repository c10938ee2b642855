"""A kiosk's folder: whose it is, what lies where, and one process at a time."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from app.kiosk.places import Places
from app.model.errors import Refused, Unavailable
from tests.kiosk.processes import Child

if TYPE_CHECKING:
    from pathlib import Path

HOLD = """
    import sys
    from app.kiosk.places import Places
    claim = Places(sys.argv[1]).claim()
    print("claimed")
    sys.stdin.read()
"""


def test_a_second_process_is_refused_until_the_first_is_gone_however_it_ended(tmp_path: Path) -> None:
    home = tmp_path / "kiosk"
    first = Child(HOLD, home, stdin=subprocess.PIPE)
    assert first.line() == "claimed"
    with pytest.raises(Refused) as caught:
        Places(home).claim()
    assert caught.value.code == "already_running"
    assert caught.value.advice
    first.kill()
    assert first.process.stdin is not None
    first.process.stdin.close()
    Places(home).claim().release()


def test_one_process_takes_a_folder_once(tmp_path: Path) -> None:
    with Places(tmp_path).claim(), pytest.raises(Refused):
        Places(tmp_path).claim()
    with Places(tmp_path).claim():
        assert (tmp_path / "kiosk.lock").stat().st_mode & 0o777 == 0o600


def test_nothing_is_made_before_the_claim(tmp_path: Path) -> None:
    home = tmp_path / "a" / "kiosk"
    places = Places(home)
    assert {places.cache, places.state, places.outbox} == {
        home / "cache.db",
        home / "state.db",
        home / "outbox.db",
    }
    assert not home.exists()
    with places.claim():
        assert home.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with Places(tmp_path).claim():
        assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_another_user_s_folder_is_refused(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only an administrator can give a folder away")
    os.chown(tmp_path, 65534, 65534)
    with pytest.raises(Refused) as caught:
        Places(tmp_path).claim()
    assert caught.value.code == "not_our_folder"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(Unavailable) as caught:
        Places(tmp_path / "file" / "kiosk").claim()
    assert caught.value.code == "folder_not_writable"
    assert str(tmp_path) in str(caught.value)


def test_a_lock_file_that_points_elsewhere_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    home = tmp_path / "kiosk"
    home.mkdir()
    (home / "kiosk.lock").symlink_to(victim)
    with pytest.raises(Unavailable):
        Places(home).claim()
    assert not victim.exists()


def test_a_copy_of_the_folder_has_another_name_in_the_keyring(tmp_path: Path) -> None:
    (tmp_path / "kiosk").mkdir()
    (tmp_path / "way").symlink_to(tmp_path / "kiosk")
    shutil.copytree(tmp_path / "kiosk", tmp_path / "copy")
    assert Places(tmp_path / "kiosk").folder_id == Places(tmp_path / "way").folder_id
    assert Places(tmp_path / "kiosk").folder_id != Places(tmp_path / "copy").folder_id
    assert len(Places(tmp_path).folder_id) == 32


def test_free_bytes_are_those_of_the_folder_s_disk(small_disk: Path) -> None:
    before = Places(small_disk).free_bytes()
    (small_disk / "ballast").write_bytes(bytes(1024 * 1024))
    assert before <= 4 * 1024 * 1024
    assert before - Places(small_disk).free_bytes() >= 1024 * 1024
    with pytest.raises(Unavailable):
        Places(small_disk / "nowhere").free_bytes()
