"""The journal: everything recorded reaches the hub once, in order, whole, and nobody else."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.kiosk.journal_file import LOG_BYTES
from app.kiosk.outbox import Draft, Outbox
from app.model.errors import Damaged, Refused, Untrusted
from app.wire.messages import EventKind
from tests.kiosk.journals import DEVICE, HUB, Ear, announced_page, at_page, look, moment, opened
from tests.kiosk.raw import found_in


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


def test_what_is_recorded_arrives_as_it_happened(path: Path) -> None:
    outbox = opened(path)
    done = outbox.append([look("a"), Draft(EventKind.BADGE_UNKNOWN, body={"tag": "00"})], moment(5))
    outbox.append([look("b", client="BETA")], moment(6))
    assert [record.seq for record in done] == [1, 2]
    assert outbox.waiting() == outbox.head == 3
    ear = Ear()
    ear.drain(outbox)
    first, unknown, other = ear.held[1]
    assert (first.kind, first.person, first.station, first.lease) == ("view.begin", "W-17", "ST-040", 3)
    assert (first.wall, first.boot_ms, first.boot) == (moment(5).wall, 5000, "boot-1")
    assert [(event.client, event.client_seq) for event in (first, unknown, other)] == [
        ("ACME", 1),
        ("", 0),
        ("BETA", 1),
    ]
    assert outbox.waiting() == 0
    assert outbox.pending() is None
    outbox.close()


def test_two_events_of_one_client_in_one_commit_count_on(path: Path) -> None:
    outbox = opened(path)
    outbox.append([look(1), look(2), look(3, client="BETA")], moment())
    outbox.close()
    outbox = opened(path)
    outbox.append([look(4)], moment())
    ear = Ear()
    ear.drain(outbox)
    assert [event.client_seq for event in ear.held[1]] == [1, 2, 1, 3]
    outbox.close()


def test_no_two_events_have_the_same_hash_though_they_say_the_same(path: Path) -> None:
    outbox = opened(path)
    same = [look("x"), look("x")]
    hashes = {record.hash for _ in range(3) for record in outbox.append(same, moment())}
    assert len(hashes) == 6
    outbox.close()


def test_a_batch_has_a_limit_and_one_epoch(path: Path) -> None:
    outbox = opened(path)
    outbox.append([look(n) for n in range(450)], moment())
    batch = outbox.pending(10_000)
    assert batch is not None
    assert len(batch.events) == 200
    outbox.close()
    outbox = opened(path, epoch=2)
    outbox.append([look("new")], moment())
    assert outbox.waiting() == 451
    ear = Ear()
    ear.drain(outbox, limit=70)
    assert ear.marks(1) == list(range(450))
    assert ear.marks(2) == ["new"]
    assert ear.held[2][0].client_seq == 1
    outbox.close()


def test_a_lost_or_repeated_receipt_changes_nothing(path: Path) -> None:
    outbox, ear = opened(path), Ear()
    outbox.append([look(n) for n in range(3)], moment())
    batch = outbox.pending()
    assert batch is not None
    receipt = ear.take(batch)  # lost on the way: sent again
    again = outbox.pending()
    assert again == batch
    assert ear.take(again) == receipt
    outbox.confirm(*receipt)
    outbox.confirm(*receipt)
    outbox.append([look(3)], moment())
    outbox.confirm(1, 2, ear.hashes[1][1])  # an older one, late
    assert outbox.waiting() == 1
    ear.drain(outbox)
    assert ear.marks() == [0, 1, 2, 3]
    outbox.close()


@pytest.mark.parametrize(
    "receipt", [(1, 3, "00" * 32), (1, 4, "00" * 32), (2, 1, "00" * 32), (1, 10**12, "00" * 32)]
)
def test_a_receipt_for_what_was_not_sent_deletes_nothing(path: Path, receipt: tuple[int, int, str]) -> None:
    outbox, ear = opened(path), Ear()
    outbox.append([look(n) for n in range(3)], moment())
    with pytest.raises(Untrusted) as caught:
        outbox.confirm(*receipt)
    assert caught.value.code == "wrong_receipt"
    ear.drain(outbox)
    assert ear.marks() == [0, 1, 2]
    with pytest.raises(Untrusted):
        outbox.confirm(1, 3, "11" * 32)
    outbox.close()


def test_a_receipt_for_a_part_leaves_the_rest(path: Path) -> None:
    outbox, ear = opened(path), Ear()
    records = outbox.append([look(n) for n in range(5)], moment())
    batch = outbox.pending()
    assert batch is not None
    ear.take(batch.model_copy(update={"events": batch.events[:2], "signatures": batch.signatures[:2]}))
    outbox.confirm(1, 2, records[1].hash)
    assert outbox.waiting() == 3
    ear.drain(outbox)
    assert ear.marks() == list(range(5))
    outbox.close()


def test_older_epochs_are_delivered_though_their_key_and_the_cache_are_gone(path: Path) -> None:
    """The rows are sealed to the hub and signed already: a new enrolment needs nothing of the old one."""
    outbox = opened(path)
    outbox.append([look("before")], moment())
    outbox.close()
    from app.seal.keys import SigningKey

    other = Outbox(path, "K-1", 2, SigningKey.generate(), HUB.public)
    batch = other.pending()
    assert batch is not None
    ear = Ear()
    other.confirm(*ear.take(batch))
    assert ear.marks(1) == ["before"]
    other.close()


def test_another_kiosk_s_events_are_kept_and_not_sent_as_ours(path: Path) -> None:
    outbox = opened(path)
    outbox.append([look(1), look(2)], moment())
    outbox.close()
    stranger = opened(path, kiosk="K-2")
    assert stranger.strangers() == 2
    assert stranger.waiting() == 0
    assert stranger.pending() is None
    stranger.append([look("mine")], moment())
    ear = Ear("K-2")
    ear.drain(stranger)
    assert ear.marks() == ["mine"]
    stranger.close()
    outbox = opened(path)
    assert outbox.waiting() == 2
    outbox.close()


def test_the_file_says_nothing_to_whoever_has_the_disk(tmp_path: Path, path: Path) -> None:
    outbox = opened(path)
    secret = "Torque the pack to 2.5 Nm, cross-wise"
    outbox.append(
        [
            Draft(
                EventKind.VIEW_BEGIN,
                client="Northwind Cardio",
                person="Ada-Byron-17",
                station="ST-040",
                page="ab" * 32,
                revision="WI-100/A",
                body={"title": secret, "badge": "0012345678"},
            )
        ],
        moment(),
    )
    names = ["Northwind Cardio", "Ada-Byron-17", "0012345678", "WI-100/A", "ab" * 32, secret]
    assert found_in(tmp_path, names) == []
    outbox.close()
    assert found_in(tmp_path, [*names, DEVICE.raw]) == []
    ear = Ear()
    outbox = opened(path)
    ear.drain(outbox)
    assert ear.held[1][0].body["title"] == secret
    outbox.close()


def test_what_was_delivered_is_gone_from_the_file(tmp_path: Path, path: Path) -> None:
    outbox, ear = opened(path), Ear()
    outbox.append([look(n) for n in range(20)], moment())
    batch = outbox.pending()
    assert batch is not None
    ear.drain(outbox)
    outbox.close()
    assert found_in(tmp_path, [sealed.box for sealed in batch.events]) == []


def test_recording_does_not_lengthen_a_file_once_the_disk_is_prepared(path: Path) -> None:
    outbox, log = opened(path), path.with_name("outbox.db-wal")
    outbox.append([look(1)], moment())
    outbox.prepare_disk()
    long = log.stat().st_size
    assert long >= LOG_BYTES
    for number in range(2, 100):
        outbox.append([look(number)], moment())
    assert log.stat().st_size == long
    ear = Ear()
    ear.drain(outbox)
    assert [event.page for event in ear.held[1]] == [look(number).page for number in range(1, 100)]
    outbox.close()


def test_several_threads_record_while_another_delivers(path: Path) -> None:
    outbox, ear = opened(path), Ear()
    going = threading.Event()

    def record(name: str) -> None:
        for number in range(25):
            outbox.append([look(f"{name}{number}"), look(f"{name}{number}'")], moment())

    def deliver() -> None:
        while not going.is_set():
            ear.drain(outbox, limit=7)

    recorders = [threading.Thread(target=record, args=(name,)) for name in "abc"]
    courier = threading.Thread(target=deliver)
    for thread in (courier, *recorders):
        thread.start()
    for thread in recorders:
        thread.join()
    going.set()
    courier.join()
    ear.drain(outbox)
    marks = ear.marks()
    assert len(marks) == len(set(marks)) == 150
    for name in "abc":
        own = [mark for mark in marks if str(mark)[0] == name]
        assert own == [f"{name}{n}{tail}" for n in range(25) for tail in ("", "'")]
    outbox.close()


def test_an_older_copy_put_back_is_noticed(tmp_path: Path, path: Path) -> None:
    outbox = opened(path)
    outbox.append([look(1)], moment())
    outbox.close()
    shutil.copy(path, tmp_path / "copy")
    outbox = opened(path)
    outbox.append([look(2)], moment())
    head = outbox.head
    outbox.close()
    shutil.copy(tmp_path / "copy", path)
    with pytest.raises(Damaged) as caught:
        opened(path, at_least=head)
    assert caught.value.code == "journal_behind"
    assert "Enrol" in caught.value.advice
    fresh = opened(path, epoch=2)
    assert fresh.waiting() == 1  # what the copy still holds goes to the hub all the same
    fresh.close()


def test_a_newer_program_s_journal_is_refused_and_not_touched(path: Path) -> None:
    opened(path).close()
    with sqlite3.connect(path) as plain:
        plain.execute("PRAGMA user_version = 99")
    plain.close()
    before = path.read_bytes()
    with pytest.raises(Refused) as caught:
        opened(path)
    assert caught.value.code == "newer_schema"
    assert path.read_bytes() == before


def test_a_float_in_an_event_is_our_mistake_and_leaves_no_trace(path: Path) -> None:
    outbox = opened(path)
    with pytest.raises(TypeError):
        outbox.append([look(1), look(0.5)], moment())
    outbox.append([look(2)], moment())
    ear = Ear()
    ear.drain(outbox)
    assert ear.marks() == [2]
    outbox.close()


class OutboxLife(RuleBasedStateMachine):
    """Recording, announcing, delivering, lost receipts, restarts and new enrolments in any order, against a
    list.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "outbox.db"
        self.epoch, self.number = 1, 0
        self.recorded: dict[int, list[int]] = {1: []}
        self.ear = Ear()
        self.receipts: list[tuple[int, int, str]] = []
        self.announced: int | None = None
        self.outbox = opened(self.path)

    @rule(clients=st.lists(st.sampled_from(["", "ACME", "BETA"]), min_size=1, max_size=5))
    def record(self, clients: list[str]) -> None:
        drafts = []
        for client in clients:
            drafts.append(look(self.number, client=client))
            self.recorded[self.epoch].append(self.number)
            self.number += 1
        self.outbox.append(drafts, moment(self.number))
        self.announced = None

    @rule()
    def announce(self) -> None:
        self.outbox.append([], moment(self.number), announced_page(self.number))
        self.announced = self.number
        self.number += 1

    @rule()
    def turn(self) -> None:
        if self.announced is not None:
            assert self.outbox.take(at_page(self.announced), moment(self.number)) is not None
            self.may_have_happened()

    def may_have_happened(self) -> None:
        if self.announced is not None:
            self.recorded[self.epoch].append(self.announced)
            self.announced = None

    @rule(limit=st.integers(1, 8))
    def send(self, limit: int) -> None:
        batch = self.outbox.pending(limit)
        if batch is not None:
            self.receipts.append(self.ear.take(batch))

    @rule(newest=st.booleans())
    def receive(self, newest: bool) -> None:
        if self.receipts:
            self.outbox.confirm(*self.receipts[-1 if newest else 0])

    @rule()
    def restart(self) -> None:
        committed = self.outbox.head
        self.outbox.close()
        self.may_have_happened()
        self.outbox = opened(self.path, self.epoch, at_least=committed)

    @rule()
    def enrol_again(self) -> None:
        self.outbox.close()
        self.may_have_happened()
        self.epoch += 1
        self.recorded[self.epoch] = []
        self.outbox = opened(self.path, self.epoch)

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        for epoch, marks in self.recorded.items():
            held = self.ear.marks(epoch)
            assert held == marks[: len(held)]
        assert self.outbox.waiting() + self.outbox.owes >= sum(
            len(marks) - len(self.ear.marks(epoch)) for epoch, marks in self.recorded.items()
        )

    def teardown(self) -> None:
        self.restart()
        self.ear.drain(self.outbox)
        assert {epoch: self.ear.marks(epoch) for epoch in self.recorded} == self.recorded
        assert self.outbox.waiting() == 0
        self.outbox.close()
        shutil.rmtree(self.folder)


OutboxLife.TestCase.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
TestOutboxLife = OutboxLife.TestCase
