"""The page cache: sealed pages by hash, whole or absent, and nothing to find for whoever has the disk."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.kiosk.cache import Cache
from app.kiosk.sealed import PAGE_BYTES
from app.model.errors import Expected, NotFound, Unavailable, Untrusted
from app.seal.boxes import open_page, seal_page
from tests.kiosk.raw import found_in

KEY = bytes(range(32))


def blob(size: int, mark: int = 0) -> tuple[str, bytes]:
    """A sealed page, as far as the cache can tell."""
    data = os.urandom(size - 1) + bytes([mark])
    return sha256(data).hexdigest(), data


def opened(path: Path, key: bytes = KEY) -> Cache:
    """The cache, which was not damaged."""
    cache, healed = Cache.open(path, key, reserve_bytes=0)
    assert healed is None
    return cache


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache.db"


def test_pages_are_kept_and_found_again(path: Path) -> None:
    pages = dict(blob(size) for size in (1, 100, 16_384, 70_000, 2_000_000))
    cache = opened(path)
    cache.put_many(pages.items())
    assert {name: cache.get(name) for name in pages} == pages
    cache.close()
    cache = opened(path)
    assert cache.have() == pages.keys()
    assert {name: cache.get(name) for name in pages} == pages
    cache.close()


def test_a_page_that_is_not_here_is_said_to_be_coming(path: Path) -> None:
    cache = opened(path)
    with pytest.raises(NotFound) as caught:
        cache.get("ab" * 32)
    assert caught.value.code == "page_absent"
    cache.close()


def test_bytes_that_are_not_the_page_named_are_refused_and_nothing_of_them_is_kept(path: Path) -> None:
    cache = opened(path)
    good, bad = blob(1000), (sha256(b"other").hexdigest(), b"these")
    with pytest.raises(Untrusted) as caught:
        cache.put_many([good, bad])
    assert caught.value.code == "wrong_blob"
    assert cache.have() == set()
    cache.put_many([])
    cache.close()


def test_a_page_put_again_is_still_one(path: Path) -> None:
    cache, page = opened(path), blob(50_000)
    cache.put_many([page, page])
    cache.put_many([page])
    assert cache.have() == {page[0]}
    assert cache.drop_except([]) == 1
    cache.close()


def test_what_is_dropped_is_gone_bytes_and_all(path: Path) -> None:
    """Deleted rows must not be readable from the file even by somebody who has its key."""
    cache = opened(path)
    kept, gone = blob(40_000), [blob(40_000) for _ in range(5)]
    cache.put_many([kept, *gone])
    assert cache.drop_except({kept[0]}) == 5
    assert cache.have() == {kept[0]}
    assert cache.drop_except({kept[0]}) == 0
    assert not path.with_name("cache.db-wal").exists() or path.with_name("cache.db-wal").stat().st_size == 0
    cache.close()
    plain = decrypted(path)
    assert kept[1][:3000] in plain  # the search works
    for name, data in gone:
        assert name.encode() not in plain
        for start in range(0, len(data) - 64, 64):
            assert data[start : start + 64] not in plain


def decrypted(path: Path, key: bytes = KEY) -> bytes:
    """Every disk page of the file in plain, free ones too.

    SQLCipher 4: AES-256-CBC; each page ends in 16 bytes IV and 32 bytes HMAC; the first begins with the salt.
    """
    data, out = path.read_bytes(), []
    for number in range(len(data) // PAGE_BYTES):
        page = data[number * PAGE_BYTES : (number + 1) * PAGE_BYTES]
        body, iv = page[16 if number == 0 else 0 : -48], page[-48:-32]
        decryptor = Cipher(algorithms.AES256(key), modes.CBC(iv)).decryptor()
        out.append(decryptor.update(body) + decryptor.finalize())
    return b"".join(out)


def test_what_is_dropped_while_somebody_reads_is_gone_all_the_same(path: Path) -> None:
    cache, kept = opened(path), blob(300_000)
    gone = [blob(40_000) for _ in range(5)]
    cache.put_many([kept, *gone])
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            assert cache.get(kept[0]) == kept[1]

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    assert cache.drop_except({kept[0]}) == 5
    log = path.with_name("cache.db-wal")
    assert not log.exists() or log.stat().st_size == 0
    done.set()
    for reader in readers:
        reader.join()
    cache.close()
    assert gone[0][1][:64] not in decrypted(path)


def test_the_disk_says_nothing_of_pages_names_or_badges(tmp_path: Path, path: Path) -> None:
    text = b"Torque the pack to 2.5 Nm, cross-wise. " * 300
    key, sealed = seal_page(text, "WI-100/A")
    name = sha256(sealed).hexdigest()
    cache = opened(path)
    cache.put_many([(name, sealed)])
    secrets: list[str | bytes] = [text, sealed, key, KEY, name, "WI-100/A", "0012345678", "Ada Byron"]
    assert found_in(tmp_path, secrets) == []
    cache.close()
    assert found_in(tmp_path, secrets) == []
    cache = opened(path)
    assert open_page(cache.get(name), key, sha256(text).hexdigest(), "WI-100/A") == text
    cache.close()


def test_erasing_leaves_no_file_and_the_cache_goes_on_under_a_new_key(path: Path) -> None:
    cache, page = opened(path), blob(30_000)
    cache.put_many([page])
    old = path.read_bytes()
    cache.erase(bytes(32))
    assert list(path.parent.iterdir()) == []
    with pytest.raises(NotFound):
        cache.get(page[0])
    other = blob(30_000)
    cache.put_many([other])
    assert cache.have() == {other[0]}
    cache.close()
    assert opened(path, bytes(32)).have() == {other[0]}
    assert old[:16] != path.read_bytes()[:16]


def test_a_reserve_is_left_for_the_journal(path: Path) -> None:
    cache, _ = Cache.open(path, KEY, reserve_bytes=1 << 60)
    with pytest.raises(Unavailable) as caught:
        cache.put_many([blob(10)])
    assert caught.value.code == "disk_full"
    assert cache.have() == set()
    cache.close()


def test_pages_are_read_while_others_are_written(path: Path) -> None:
    """A page turn does not wait for a pull: each thread has a connection of its own."""
    cache, first = opened(path), blob(200_000)
    cache.put_many([first])
    writing, waits, pages = threading.Event(), [], [1]

    def pull() -> None:
        for number in range(60):
            if number < 6 or len(waits) <= 5:  # also where somebody who reads is seldom let run
                cache.put_many([blob(1_000_000) for _ in range(3)])
                pages[0] += 3
        writing.set()

    puller = threading.Thread(target=pull)
    puller.start()
    while not writing.is_set():
        since = time.perf_counter()
        assert cache.get(first[0]) == first[1]
        waits.append(time.perf_counter() - since)
    puller.join()
    assert len(waits) > 5
    assert len(cache.have()) == pages[0]
    cache.close()


def test_threads_that_end_leave_no_connection_in_the_way(path: Path) -> None:
    cache, page = opened(path), blob(1000)
    cache.put_many([page])
    seen: list[bytes] = []
    for _ in range(20):
        thread = threading.Thread(target=lambda: seen.append(cache.get(page[0])))
        thread.start()
        thread.join()
    assert seen == [page[1]] * 20
    cache.erase()
    assert not path.exists()
    cache.close()


class CacheLife(RuleBasedStateMachine):
    """Putting, dropping, restarts, healing and erasing in any order, against a dictionary."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "cache.db"
        self.cache = opened(self.path)
        self.known = [blob(size, size % 251) for size in (1, 200, 9_000, 33_000, 120_000)]
        self.here: dict[str, bytes] = {}

    @rule(which=st.sets(st.integers(0, 4)))
    def put(self, which: set[int]) -> None:
        pages = [self.known[number] for number in which]
        self.cache.put_many(pages)
        self.here.update(pages)

    @rule(which=st.sets(st.integers(0, 4)))
    def drop(self, which: set[int]) -> None:
        keep = {self.known[number][0] for number in which}
        assert self.cache.drop_except(keep) == len(self.here.keys() - keep)
        self.here = {name: data for name, data in self.here.items() if name in keep}

    @rule()
    def restart(self) -> None:
        self.cache.close()
        self.cache = opened(self.path)

    @rule()
    def heal(self) -> None:
        healed = self.cache.heal()
        assert healed.kept == len(self.here)
        assert healed.lost in {0, None}

    @rule()
    def erase(self) -> None:
        self.cache.erase()
        self.here = {}

    @invariant()
    def everything_put_is_here_and_nothing_else(self) -> None:
        assert self.cache.have() == self.here.keys()
        for name, data in self.known:
            try:
                assert self.cache.get(name) == self.here[name] == data
            except Expected as error:
                assert error.code == "page_absent"  # noqa: PT017
                assert name not in self.here

    def teardown(self) -> None:
        self.cache.close()
        shutil.rmtree(self.folder)


CacheLife.TestCase.settings = settings(max_examples=12, stateful_step_count=15, deadline=None)
TestCacheLife = CacheLife.TestCase
