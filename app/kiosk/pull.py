"""Which sealed pages are missing, and fetching them into the cache as they arrive.

No decisions and no thread: what is wanted comes from the lease, and when from ``sync``.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from app.model.errors import Damaged
from app.wire.client import Rubbish

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from concurrent.futures import Executor, Future

    from app.kiosk.cache import Cache
    from app.wire.lease import Manifest

ASK = 100
"""Pages asked for at a time; the journal is delivered and the lease looked at in between."""

COMMIT_BYTES, COMMIT_SECONDS = 1024 * 1024, 0.5
"""Pages are committed to the cache when so much has come in, or so much time has passed."""

AHEAD_BYTES = 16 * 1024 * 1024
"""How much may have come in and not be written yet."""

LEFT_OUT_SECONDS = 60.0
"""A page that the hub left out is asked for again after this time."""

_log = logging.getLogger("app.kiosk.sync")


class Pages(Protocol):
    """The hub, as far as pages go."""

    def blobs(self, hashes: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Fetch sealed pages as they arrive, each checked against its hash."""


class Pull:
    """See the module.

    Failure policy: whatever was committed stays, so a pull that breaks off goes on where it was; a cache
    that refuses a write (disk full) raises and loses only what was not committed; a page that the hub leaves
    out is passed over for a minute.
    """

    def __init__(
        self,
        cache: Cache,
        on_pulled: Callable[[int, int], None],
        passed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._cache, self._on_pulled, self._passed = cache, on_pulled, passed
        self._sizes: dict[str, int] = {}
        self._have: set[str] | None = None
        self._again: set[str] = set()
        self._left_out: dict[str, float] = {}
        self._writer = ThreadPoolExecutor(1, "pull")

    def close(self) -> None:
        """End the thread that writes."""
        self._writer.shutdown()

    def want(self, manifest: Manifest) -> frozenset[str]:
        """These pages and no others: drop what is not listed. Returns the hashes of what was dropped."""
        self._sizes = manifest.sizes
        self._left_out.clear()
        self._again.intersection_update(self._sizes)
        self._have = None
        dropped = self._drop(frozenset(self._sizes))
        self._tell()
        return dropped

    def give_up(self) -> frozenset[str]:
        """Nothing is wanted any more: drop everything. Returns the hashes of what was dropped."""
        self._sizes, self._have = {}, None
        self._again.clear()
        return self._drop(frozenset())

    def _drop(self, keep: frozenset[str]) -> frozenset[str]:
        try:
            here = frozenset(self._cache.have())
        except Damaged:  # it heals in what follows; what is in a list that does not read, nobody can say
            here = frozenset()
        self._cache.drop_except(keep)
        return here - keep

    def again(self, blob: str) -> None:
        """The stored bytes of ``blob`` do not hold."""
        if blob in self._sizes:
            self._again.add(blob)
            self._left_out.pop(blob, None)

    @property
    def more(self) -> bool:
        """Whether something is missing that may be asked for now."""
        return next(self._missing(), None) is not None

    def some(self, hub: Pages) -> None:
        """Ask for up to ``ASK`` missing pages, in reading order, those in front of a person first."""
        asked = list(islice(self._missing(), ASK))
        came: set[str] = set()
        shelf = _Shelf(self._writer, self._cache.put_many, self._kept, self._passed)
        try:
            for blob, data in hub.blobs(asked) if asked else ():
                if len(data) != self._sizes[blob]:
                    raise Rubbish("a page is not as long as its lease says", code="wrong_size")
                came.add(blob)
                shelf.put(blob, data)
        finally:
            try:
                shelf.finish()
            finally:
                self._have = None  # the cache may have lost others while it healed itself
        again = self._passed() + LEFT_OUT_SECONDS
        self._left_out.update(dict.fromkeys((blob for blob in asked if blob not in came), again))

    @property
    def left_out(self) -> int:
        """How many pages the hub did not hand out."""
        return len(self._left_out)

    def _missing(self) -> Iterator[str]:
        now, have = self._passed(), self._held()
        again = [blob for blob in self._sizes if blob in self._again]
        rest = (blob for blob in self._sizes if blob not in have and blob not in self._again)
        for blob in (*again, *rest):
            if self._left_out.get(blob, now) <= now:
                yield blob

    def _held(self) -> set[str]:
        if self._have is None:
            self._have = set(self._cache.have()) & self._sizes.keys()
        return self._have

    def _kept(self, blobs: Collection[str]) -> None:
        for blob in blobs:
            self._held().add(blob)
            self._again.discard(blob)
            self._left_out.pop(blob, None)
        self._tell()

    def _tell(self) -> None:
        done, total = len(self._held() - self._again), len(self._sizes)
        self._on_pulled(done, total)
        _log.info("pulled %d/%d", done, total)


class _Shelf:
    """Collects pages and has them written beside the thread that reads the network, which waits only when
    ``AHEAD_BYTES`` are still to be written. A write that fails raises at one of the next calls.
    """

    def __init__(
        self,
        writer: Executor,
        write: Callable[[list[tuple[str, bytes]]], None],
        kept: Callable[[Collection[str]], None],
        passed: Callable[[], float],
    ) -> None:
        self._writer, self._write, self._kept, self._passed = writer, write, kept, passed
        self._portion: list[tuple[str, bytes]] = []
        self._size, self._since = 0, passed()
        self._writing: deque[tuple[Future[None], int, list[str]]] = deque()

    def put(self, blob: str, data: bytes) -> None:
        """One page more."""
        self._portion.append((blob, data))
        self._size += len(data)
        if self._size >= COMMIT_BYTES or self._passed() - self._since >= COMMIT_SECONDS:
            self._send()
        self._settle(AHEAD_BYTES)

    def finish(self) -> None:
        """Write what is left, and return when it is written."""
        try:
            self._send()
            self._settle(0)
        finally:
            wait([writing for writing, _, _ in self._writing])

    def _send(self) -> None:
        if self._portion:
            writing = self._writer.submit(self._write, self._portion)
            self._writing.append((writing, self._size, [blob for blob, _ in self._portion]))
            self._portion, self._size, self._since = [], 0, self._passed()

    def _settle(self, most: int) -> None:
        """Note what was written, and wait until at most so many bytes are not."""
        while self._writing and (
            self._writing[0][0].done() or sum(size for _, size, _ in self._writing) > most
        ):
            writing, _, blobs = self._writing.popleft()
            writing.result()
            self._kept(blobs)
