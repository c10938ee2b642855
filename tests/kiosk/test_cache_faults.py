"""The page cache under power cuts, full disks and damage: set aside, healed, and nothing false handed out."""

from __future__ import annotations

import os
import random
import shutil
import threading
import time
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from app.kiosk.cache import Cache
from app.kiosk.sealed import PAGE_BYTES
from app.model.errors import Damaged, Expected, Refused, Unavailable
from tests.kiosk.processes import Child
from tests.kiosk.test_cache import decrypted

if TYPE_CHECKING:
    from pathlib import Path

KEY = bytes(range(32))
KILLS = int(os.environ.get("STATIONLEAF_KILLS", "5"))


def page(number: int, size: int = 60_000) -> tuple[str, bytes]:
    """A page that can be made again: what it should be is known without the cache."""
    data = random.Random(number).randbytes(size)
    return sha256(data).hexdigest(), data


PAGES = dict(page(number) for number in range(12))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache.db"


def filled(path: Path) -> bytes:
    cache, _ = Cache.open(path, KEY, reserve_bytes=0)
    cache.put_many(PAGES.items())
    cache.close()
    return path.read_bytes()


def read_all(cache: Cache) -> dict[str, str]:
    """What became of each page: ``whole`` or the code of the error. Bytes that are wrong fail the test."""
    became = {}
    for name, data in PAGES.items():
        try:
            assert cache.get(name) == data
            became[name] = "whole"
        except Expected as error:
            became[name] = error.code
    return became


def refetch(cache: Cache, became: dict[str, str]) -> None:
    """What the sync does: fetch again what is damaged and what is missing."""
    cache.put_many([(name, PAGES[name]) for name, code in became.items() if code != "whole"])


PULL = """
    import pathlib, sys
    from app.kiosk.cache import Cache
    from tests.kiosk.test_cache_faults import KEY, page
    cache, healed = Cache.open(pathlib.Path(sys.argv[1]), KEY, reserve_bytes=0)
    assert healed is None
    print("open", flush=True)
    number = int(sys.argv[2])
    while True:
        cache.put_many([page(number), page(number + 1, 300_000)])
        print(number, flush=True)
        number += 2
"""


def test_killed_while_pulling_each_page_is_whole_or_absent(path: Path) -> None:
    chance = random.Random(20260302)
    start = 0
    for _ in range(KILLS):
        child = Child(PULL, path, start)
        assert child.line() == "open"
        time.sleep(chance.uniform(0.0, 0.15))
        acknowledged = [int(line) for line in child.kill()]
        cache, healed = Cache.open(path, KEY, reserve_bytes=0)
        assert healed is None
        here = cache.have()
        for number in acknowledged:
            assert {page(number)[0], page(number + 1, 300_000)[0]} <= here
        start = acknowledged[-1] + 2 if acknowledged else start
        under_way = {page(start)[0], page(start + 1, 300_000)[0]}
        assert len(here & under_way) in {0, 2}
        start += 2 if here & under_way else 0
        assert len(here) == start
        for name in here:
            assert sha256(cache.get(name)).hexdigest() == name
        cache.close()
    assert start > KILLS, "nothing was pulled between the kills"


def test_a_flipped_bit_anywhere_costs_at_most_what_it_hit_and_everything_comes_back(path: Path) -> None:
    whole = filled(path)
    chance = random.Random(5)
    hit = 0
    for _ in range(12):
        data = bytearray(whole)
        data[chance.randrange(16, len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        cache, healed = Cache.open(path, KEY, reserve_bytes=0)
        became = read_all(cache)
        lost = [code for code in became.values() if code != "whole"]
        hit += bool(lost)
        assert healed is not None or set(lost) <= {"page_damaged"}
        refetch(cache, became)
        assert set(read_all(cache).values()) == {"whole"}
        assert cache.have() == PAGES.keys()
        cache.close()
        for file in path.parent.iterdir():
            file.unlink()
    assert hit > 6


def test_each_disk_page_zeroed_in_turn(path: Path) -> None:
    whole = filled(path)
    for number in range(0, len(whole) // PAGE_BYTES, 3):
        data = bytearray(whole)
        data[number * PAGE_BYTES : (number + 1) * PAGE_BYTES] = bytes(PAGE_BYTES)
        path.write_bytes(data)
        cache, healed = Cache.open(path, KEY, reserve_bytes=0)
        became = read_all(cache)
        assert healed is not None or len([code for code in became.values() if code != "whole"]) <= 1
        refetch(cache, became)
        assert set(read_all(cache).values()) == {"whole"}
        cache.close()
        for file in path.parent.iterdir():
            file.unlink()


@pytest.mark.parametrize("keep", [0.05, 0.3, 0.6, 0.95])
def test_a_cut_file_is_set_aside_and_what_reads_is_kept(path: Path, keep: float) -> None:
    whole = filled(path)
    cut = whole[: int(len(whole) * keep)]
    path.write_bytes(cut)
    cache, healed = Cache.open(path, KEY, reserve_bytes=0)
    assert healed is not None
    assert healed.code == "file_damaged"
    assert "damaged" in healed.says
    assert healed.do
    assert healed.kept == len(cache.have()) == list(read_all(cache).values()).count("whole")
    assert healed.kept >= int(12 * keep) - 2 or keep < 0.1
    assert path.with_name("cache.db.damaged").read_bytes() == cut
    refetch(cache, read_all(cache))
    assert set(read_all(cache).values()) == {"whole"}
    cache.close()
    assert Cache.open(path, KEY, reserve_bytes=0)[1] is None


def test_the_file_that_was_set_aside_goes_with_the_next_lease(path: Path) -> None:
    """It may hold pages that are withdrawn: it must not outlive them."""
    whole = filled(path)
    path.write_bytes(whole[: len(whole) // 2])
    cache, _ = Cache.open(path, KEY, reserve_bytes=0)
    assert path.with_name("cache.db.damaged").exists()
    cache.drop_except(PAGES)
    assert not path.with_name("cache.db.damaged").exists()
    cache.close()


@pytest.mark.parametrize("key", [bytes(32), os.urandom(32)], ids=["zeros", "random"])
def test_another_kiosk_s_file_is_set_aside_and_named(path: Path, key: bytes) -> None:
    before = filled(path)
    cache, healed = Cache.open(path, key, reserve_bytes=0)
    assert healed is not None
    assert (healed.code, healed.kept) == ("foreign_file", 0)
    assert "another kiosk" in healed.says
    assert path.with_name("cache.db.damaged").read_bytes() == before
    assert set(read_all(cache).values()) == {"page_absent"}
    refetch(cache, read_all(cache))
    assert set(read_all(cache).values()) == {"whole"}
    cache.close()


def test_something_else_in_its_place(path: Path) -> None:
    path.write_bytes(os.urandom(200_000))
    cache, healed = Cache.open(path, KEY, reserve_bytes=0)
    assert healed is not None
    assert cache.have() == set()
    cache.close()


def test_a_page_lost_in_healing_is_damaged_not_absent_so_that_it_is_fetched_again(path: Path) -> None:
    """The sync believes that it is here; only ``page_damaged`` makes the kiosk ask for it by name."""
    whole = bytearray(filled(path))
    cache, _ = Cache.open(path, KEY, reserve_bytes=0)
    assert cache.have() == PAGES.keys()
    middle = len(whole) // 2 // PAGE_BYTES * PAGE_BYTES
    whole[middle : middle + PAGE_BYTES] = bytes(PAGE_BYTES)
    cache.close()
    path.write_bytes(whole)
    healed = cache.heal()
    assert (healed.kept, healed.lost) == (11, 1)
    became = read_all(cache)
    assert sorted(became.values()) == ["page_damaged"] + ["whole"] * 11
    refetch(cache, became)
    assert set(read_all(cache).values()) == {"whole"}
    cache.close()


def test_dropping_pages_of_a_damaged_file_still_drops_them(path: Path) -> None:
    whole = filled(path)
    keep = set(list(PAGES)[:3])
    for number in range(3, len(whole) // PAGE_BYTES, 7):
        data = bytearray(whole)
        data[number * PAGE_BYTES + 99] ^= 1
        path.write_bytes(data)
        cache, _ = Cache.open(path, KEY, reserve_bytes=0)
        cache.drop_except(keep)
        assert cache.have() <= keep
        became = read_all(cache)
        assert all(code != "whole" for name, code in became.items() if name not in keep)
        cache.close()
        for file in path.parent.iterdir():
            file.unlink()


def test_a_second_thread_reads_on_while_the_file_is_healed_under_it(path: Path) -> None:
    whole = bytearray(filled(path))
    at = len(whole) // 2 // PAGE_BYTES * PAGE_BYTES
    whole[at : at + PAGE_BYTES] = bytes(PAGE_BYTES)
    path.write_bytes(whole)
    cache, _ = Cache.open(path, KEY, reserve_bytes=0)
    victim = next(name for name, code in read_all(cache).items() if code != "whole")
    done, codes = threading.Event(), set()

    def read() -> None:
        while not done.is_set():
            codes.update(read_all(cache).values())

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for _ in range(3):
        cache.put_many([(victim, PAGES[victim])])
        cache.heal()
    done.set()
    for reader in readers:
        reader.join()
    assert codes <= {"whole", "page_damaged"}
    assert set(read_all(cache).values()) == {"whole"}
    cache.close()


def test_a_crash_while_healing_leaves_a_cache_that_opens(path: Path) -> None:
    filled(path)
    path.with_name("cache.db.building").write_bytes(b"half")
    cache, healed = Cache.open(path, KEY, reserve_bytes=0)
    assert healed is None
    assert not path.with_name("cache.db.building").exists()
    assert set(read_all(cache).values()) == {"whole"}
    cache.close()
    path.rename(path.with_name("cache.db.damaged"))  # killed between the two renames
    cache, healed = Cache.open(path, KEY, reserve_bytes=0)
    assert healed is None
    refetch(cache, read_all(cache))
    assert set(read_all(cache).values()) == {"whole"}
    cache.close()


# -- a disk that takes nothing ----------------------------------------------------------------------------


def fill(ballast: Path, leave: int = 0) -> None:
    """Take the disk's room, but for ``leave`` bytes."""
    free = shutil.disk_usage(ballast.parent).free
    ballast.write_bytes(bytes(free - leave))


def test_a_full_disk_keeps_what_was_there_and_takes_more_when_there_is_room(small_disk: Path) -> None:
    cache, _ = Cache.open(small_disk / "cache.db", KEY, reserve_bytes=0)
    cache.put_many(PAGES.items())
    many = [page(100 + number, 500_000) for number in range(8)]
    with pytest.raises(Unavailable) as caught:
        cache.put_many(many)
    assert caught.value.code == "disk_full"
    assert caught.value.advice
    ballast = small_disk / "ballast"
    fill(ballast)
    with pytest.raises(Unavailable):
        cache.put_many([page(200)])
    assert set(read_all(cache).values()) == {"whole"}
    assert cache.have() == PAGES.keys()
    ballast.unlink()
    cache.put_many([page(200)])
    assert len(cache.have()) == 13
    cache.close()


def test_pages_are_withdrawn_from_a_disk_that_is_full_to_the_last_byte(small_disk: Path) -> None:
    path = small_disk / "cache.db"
    cache, _ = Cache.open(path, KEY, reserve_bytes=0)
    cache.put_many(PAGES.items())
    cache.close()
    cache, _ = Cache.open(path, KEY, reserve_bytes=0)
    fill(small_disk / "ballast")
    keep = set(list(PAGES)[:4])
    assert cache.drop_except(keep) == 8
    log = path.with_name("cache.db-wal")
    assert not log.exists() or log.stat().st_size == 0
    plain = decrypted(path)
    for name, data in PAGES.items():
        assert (data[:3000] in plain) is (name in keep)
        assert name in keep or not any(data[at : at + 64] in plain for at in range(0, len(data), 6400))
    (small_disk / "ballast").unlink()
    assert cache.have() == keep
    assert list(read_all(cache).values()).count("whole") == 4
    cache.put_many(PAGES.items())
    assert set(read_all(cache).values()) == {"whole"}
    cache.close()


def test_pages_that_are_only_in_the_log_are_withdrawn_with_the_whole_file(small_disk: Path) -> None:
    """Nothing can be moved on a full disk; what must not stay does not, the rest is fetched again."""
    path = small_disk / "cache.db"
    cache, _ = Cache.open(path, KEY, reserve_bytes=0)
    cache.put_many(PAGES.items())
    fill(small_disk / "ballast")
    keep = set(list(PAGES)[:4])
    assert cache.drop_except(keep) == 8
    assert [file.name for file in small_disk.iterdir() if file.stat().st_size] == ["ballast"]
    (small_disk / "ballast").unlink()
    became = read_all(cache)
    assert {
        name for name, code in became.items() if code == "page_damaged"
    } == keep  # so the sync asks for them
    assert cache.have() == set()
    refetch(cache, became)
    assert set(read_all(cache).values()) == {"whole"}
    cache.close()


def test_a_disk_that_fills_in_the_middle_of_a_commit(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The room was there when it was looked at, and is not when the pages are written."""
    cache, _ = Cache.open(small_disk / "cache.db", KEY, reserve_bytes=0)
    cache.put_many(PAGES.items())
    monkeypatch.setattr(cache, "_need", lambda _size: None)
    with pytest.raises(Unavailable) as caught:
        cache.put_many([page(100 + number, 500_000) for number in range(12)])
    assert caught.value.code == "disk_full"
    assert cache.have() == PAGES.keys()
    assert set(read_all(cache).values()) == {"whole"}
    cache.close()
    cache, healed = Cache.open(small_disk / "cache.db", KEY, reserve_bytes=0)
    assert healed is None
    assert set(read_all(cache).values()) == {"whole"}
    cache.close()


def test_healing_without_room_for_a_copy_starts_afresh(small_disk: Path) -> None:
    path = small_disk / "cache.db"
    pages = [page(100 + number, 400_000) for number in range(3)]
    cache, _ = Cache.open(path, KEY, reserve_bytes=0)
    cache.put_many(pages)
    cache.close()
    data = path.read_bytes()
    path.write_bytes(data[: len(data) - PAGE_BYTES])
    fill(small_disk / "ballast", leave=600_000)
    cache, healed = Cache.open(path, KEY, reserve_bytes=0)
    assert healed is not None
    assert (healed.kept, sorted(file.name for file in small_disk.iterdir())[:1]) == (0, ["ballast"])
    assert not path.with_name("cache.db.damaged").exists()
    cache.put_many([pages[0]])
    assert cache.get(pages[0][0]) == pages[0][1]
    cache.close()


def test_a_newer_program_s_cache_is_refused_and_kept(path: Path) -> None:
    from app.kiosk.cache import FORM
    from app.kiosk.sealed import open_database

    filled(path)
    database = open_database(path, KEY, FORM)
    database.run("PRAGMA user_version = 9")
    database.close()
    with pytest.raises(Refused) as caught:
        Cache.open(path, KEY)
    assert caught.value.code == "newer_schema"
    assert path.exists()


def test_damage_is_told_once_as_damage(path: Path) -> None:
    whole = bytearray(filled(path))
    at = len(whole) // 2 // PAGE_BYTES * PAGE_BYTES
    whole[at] ^= 1
    path.write_bytes(whole)
    cache, _ = Cache.open(path, KEY, reserve_bytes=0)
    victim = next(name for name, code in read_all(cache).items() if code != "whole")
    for _ in range(3):
        with pytest.raises(Damaged) as caught:
            cache.get(victim)
        assert caught.value.code == "page_damaged"
        assert "fetched again" in caught.value.advice
    others = [name for name in PAGES if name != victim]
    assert all(cache.get(name) == PAGES[name] for name in others)  # the connection is not poisoned
    cache.close()
