"""Fetching and handing over against hubs in memory that lose, leave out and lie."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.kiosk.cache import Cache
from app.kiosk.deliver import deliver
from app.kiosk.outbox import Draft, Outbox
from app.kiosk.pull import AHEAD_BYTES, ASK, LEFT_OUT_SECONDS, Pull
from app.kiosk.state import State
from app.model.errors import Expected, Unavailable, Untrusted
from app.seal.encoding import sha256
from app.seal.keys import SealKey, SigningKey
from app.wire.base import Problem
from app.wire.client import HubRefused, HubUnreachable, Rubbish
from app.wire.clock import Moment
from app.wire.lease import Manifest
from app.wire.messages import EventBatch, EventKind, EventReply
from tests.kiosk.leases import NOW, page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

KEY = os.urandom(32)
TEXTS = [f"page {number}" for number in range(ASK + 30)]
BLOBS = {sha256(text.encode()): text.encode() for text in TEXTS}
MANIFEST = Manifest(pages=tuple(page(text) for text in TEXTS))


@dataclass
class Shelf:
    """A hub's pages. ``breaks_after``: the connection is gone after so many. ``lacks``: left out."""

    breaks_after: int | None = None
    lacks: frozenset[str] = frozenset()
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def blobs(self, hashes: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        self.asked.append(tuple(hashes))
        for place, blob in enumerate(hashes):
            if place == self.breaks_after:
                raise HubUnreachable
            if blob not in self.lacks:
                yield blob, BLOBS[blob]


@dataclass
class Watch:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    cache, _ = Cache.open(tmp_path / "cache.db", KEY, reserve_bytes=0)
    yield cache
    cache.close()


@pytest.fixture
def pull(cache: Cache) -> Iterator[Pull]:
    pull = Pull(cache, lambda _done, _total: None, Watch())
    pull.want(MANIFEST)
    yield pull
    pull.close()


# -- pages --------------------------------------------------------------------------------------------------


def test_a_broken_pull_asks_only_for_what_is_missing(pull: Pull, cache: Cache) -> None:
    hub = Shelf(breaks_after=40)
    with pytest.raises(HubUnreachable):
        pull.some(hub)
    assert len(cache.have()) == 40
    hub.breaks_after = None
    while pull.more:
        pull.some(hub)
    assert cache.have() == BLOBS.keys()
    assert not set(hub.asked[1]) & set(hub.asked[0][:40])
    assert [len(asked) for asked in hub.asked] == [ASK, ASK - 10]


def test_pages_come_in_reading_order(pull: Pull) -> None:
    hub = Shelf()
    pull.some(hub)
    assert list(hub.asked[0]) == [entry.blob for entry in MANIFEST.pages[:ASK]]


def test_a_page_that_the_hub_leaves_out_is_not_asked_for_all_the_time(cache: Cache) -> None:
    watch = Watch()
    pull = Pull(cache, lambda _done, _total: None, watch)
    pull.want(MANIFEST)
    lacking = MANIFEST.pages[3].blob
    hub = Shelf(lacks=frozenset({lacking}))
    while pull.more:
        pull.some(hub)
    assert sum(lacking in asked for asked in hub.asked) == 1
    watch.now += LEFT_OUT_SECONDS
    hub.lacks = frozenset()
    assert pull.more
    pull.some(hub)
    assert cache.have() == BLOBS.keys()
    pull.close()


def test_wrong_hash_of_a_page_is_refused_and_not_kept(pull: Pull, cache: Cache) -> None:
    class Forger(Shelf):
        def blobs(self, hashes: Sequence[str]) -> Iterator[tuple[str, bytes]]:
            for blob, data in super().blobs(hashes):
                yield blob, bytes(len(data))

    pull.want(MANIFEST)
    with pytest.raises(Untrusted) as caught:
        pull.some(Forger())
    assert caught.value.code == "wrong_blob"
    assert cache.have() == frozenset()


def test_a_page_of_another_length_than_the_lease_says_is_rubbish(pull: Pull) -> None:
    pull.want(Manifest(pages=(page(TEXTS[0], size=3), page(TEXTS[1]))))
    with pytest.raises(Rubbish) as caught:
        pull.some(Shelf())
    assert caught.value.code == "wrong_size"


def test_what_came_before_a_full_disk_stays(tmp_path: Path) -> None:
    room = 50

    class FullAfter(Cache):
        def put_many(self, pages: object) -> None:
            items = list(pages)  # type: ignore[call-overload]
            if len(self.have()) + len(items) > room:
                raise Unavailable("This kiosk's disk is full.", code="disk_full")
            super().put_many(items)

    cache = FullAfter(tmp_path / "cache.db", KEY, 0)
    watch = Watch()
    pull = Pull(cache, lambda _done, _total: None, watch)
    pull.want(MANIFEST)

    class Slow(Shelf):
        def blobs(self, hashes: Sequence[str]) -> Iterator[tuple[str, bytes]]:
            for pair in super().blobs(hashes):
                watch.now += 0.1
                yield pair

    with pytest.raises(Unavailable):
        pull.some(Slow())
    held = len(cache.have())
    assert 40 <= held <= room
    room = 1000
    while pull.more:
        pull.some(Slow())
    assert cache.have() == BLOBS.keys()
    pull.close()
    cache.close()


def test_a_slow_disk_holds_the_network_back(tmp_path: Path) -> None:
    """What has come in and is not written stays bounded, and all of it is written in the end."""
    big = [f"{number} ".ljust(2 * 1024 * 1024, "x") for number in range(20)]
    blobs = {sha256(text.encode()): text.encode() for text in big}
    came = written = most = 0

    class SlowDisk(Cache):
        def put_many(self, pages: object) -> None:
            nonlocal written
            items = list(pages)  # type: ignore[call-overload]
            time.sleep(0.02)
            super().put_many(items)
            written += sum(len(data) for _, data in items)

    class Fast(Shelf):
        def blobs(self, hashes: Sequence[str]) -> Iterator[tuple[str, bytes]]:
            nonlocal came, most
            for blob in hashes:
                came += len(blobs[blob])
                most = max(most, came - written)
                yield blob, blobs[blob]

    told: list[tuple[int, int]] = []
    cache = SlowDisk(tmp_path / "cache.db", KEY, 0)
    pull = Pull(cache, lambda done, total: told.append((done, total)))
    pull.want(Manifest(pages=tuple(page(text) for text in big)))
    pull.some(Fast())
    assert cache.have() == blobs.keys()
    assert told[-1] == (len(big), len(big))
    assert most <= AHEAD_BYTES + 2 * len(big[0])
    assert most > AHEAD_BYTES / 2  # it does run ahead
    pull.close()
    cache.close()


# -- journal ------------------------------------------------------------------------------------------------


@dataclass
class LossyHub:
    """Takes events as the real one does; ``fates``: what happens to each batch on its way."""

    fates: list[str]
    held: list[tuple[int, str]] = field(default_factory=list)

    def send(self, batch: EventBatch) -> EventReply:
        fate = self.fates.pop(0) if self.fates else "fine"
        if fate == "lost":
            raise HubUnreachable
        for event in batch.events:
            if event.seq > len(self.held):
                assert event.seq == len(self.held) + 1
                self.held.append((event.seq, event.hash))
            else:
                assert self.held[event.seq - 1] == (event.seq, event.hash)
        if fate == "answer lost":
            raise HubUnreachable
        if fate == "half":  # the answer to an earlier sending of the same batch
            place = batch.events[len(batch.events) // 2]
            return EventReply(epoch=batch.epoch, held=place.seq, hash=place.hash)
        return EventReply(epoch=batch.epoch, held=batch.events[-1].seq, hash=batch.events[-1].hash)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from(["fine", "lost", "answer lost", "half", "restart"]), max_size=12),
    st.lists(st.integers(1, 230), min_size=1, max_size=3),
)
def test_every_event_arrives_once_whatever_is_lost(fates: list[str], lots: list[int]) -> None:
    from pathlib import Path

    with TemporaryDirectory() as folder, State(Path(folder, "state.db"), KEY) as state:
        sign, hub = SigningKey.generate(), LossyHub([])
        seal = SealKey.generate().public
        outbox = Outbox(Path(folder, "outbox.db"), "K-1", 1, sign, seal)
        for lot in lots:
            outbox.append([Draft(EventKind.VIEW_BEGIN)] * lot, Moment(NOW, 1, "boot"))
        for fate in [*fates, "fine", "fine"]:
            if fate == "restart":
                outbox.close()
                outbox = Outbox(Path(folder, "outbox.db"), "K-1", 1, sign, seal)
                continue
            hub.fates = [fate]
            try:
                deliver(hub, outbox, state, lambda: None, lambda *_, **__: None)
            except HubUnreachable:
                assert fate in {"lost", "answer lost"}
        assert outbox.waiting() == 0
        assert [seq for seq, _ in hub.held] == list(range(1, sum(lots) + 1))
        outbox.close()


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    outbox = Outbox(tmp_path / "outbox.db", "K-1", 1, SigningKey.generate(), SealKey.generate().public)
    outbox.append([Draft(EventKind.VIEW_BEGIN)] * 3, Moment(NOW, 1, "boot"))
    yield outbox
    outbox.close()


@dataclass
class LyingHub:
    """Confirms what it was not sent, or refuses."""

    reply: EventReply | HubRefused

    def send(self, batch: EventBatch) -> EventReply:
        if isinstance(self.reply, HubRefused):
            raise self.reply
        return self.reply


@pytest.mark.parametrize(
    "reply",
    [
        EventReply(epoch=2, held=3, hash="0" * 64),
        EventReply(epoch=1, held=0, hash="0" * 64),
        EventReply(epoch=1, held=9, hash="0" * 64),
        EventReply(epoch=1, held=3, hash="0" * 64),
    ],
    ids=["another epoch", "nothing", "more than there is", "another hash"],
)
def test_a_receipt_for_something_else_deletes_nothing(
    outbox: Outbox, tmp_path: Path, reply: EventReply
) -> None:
    with State(tmp_path / "state.db", KEY) as state, pytest.raises(Expected) as caught:
        deliver(LyingHub(reply), outbox, state, lambda: None, lambda *_, **__: None)
    assert caught.value.code == "wrong_receipt"
    assert outbox.waiting() == 3


@pytest.mark.parametrize("code", ["fork", "hole", "bad_event"])
def test_a_dispute_stops_delivery_once_and_keeps_everything(
    outbox: Outbox, tmp_path: Path, code: str
) -> None:
    refusal = HubRefused(Problem(code=code, message="No.", number=2), 409)
    noted: list[dict[str, object]] = []
    with State(tmp_path / "state.db", KEY) as state:
        for _ in range(2):
            with pytest.raises(Expected) as caught:
                deliver(
                    LyingHub(refusal), outbox, state, lambda: None, lambda kind, **body: noted.append(body)
                )
            assert caught.value.code == code
            assert "Nothing is lost" in caught.value.sentence
        assert state.delivery_stopped == code
    assert noted == [{"what": f"journal {code}", "number": 2}]
    assert outbox.waiting() == 3


@dataclass
class NarrowHub:
    """Takes two events at once and no more."""

    sizes: list[int] = field(default_factory=list)

    def send(self, batch: EventBatch) -> EventReply:
        self.sizes.append(len(batch.events))
        if len(batch.events) > 2:
            raise HubRefused(Problem(code="too_large", message="Too long."), 413)
        last = batch.events[-1]
        return EventReply(epoch=1, held=last.seq, hash=last.hash)


def test_a_batch_that_is_too_long_is_halved_until_it_is_taken(outbox: Outbox, tmp_path: Path) -> None:
    hub = NarrowHub()
    outbox.append([Draft(EventKind.VIEW_BEGIN)] * 6, Moment(NOW, 2, "boot"))
    with State(tmp_path / "state.db", KEY) as state:
        deliver(hub, outbox, state, lambda: None, lambda *_, **__: None)
    assert outbox.waiting() == 0
    assert hub.sizes == [9, 4, 2, 2, 2, 2, 1]
