"""The journal at the hub: whole batches, once, in order; forks, holes and bad events are refused and told."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.hub.enrolment import ENROLLED, RESTORED
from app.hub.ingest import NotTaken, ingest
from app.hub.schema import AlarmRow, ChangeRow, EventRow, KioskRow
from app.hub.store import Store
from app.model.errors import Unavailable
from app.seal.chain import GENESIS, event_hash, seal_event, sign_event, verify_event
from app.seal.encoding import b64, sha256
from app.seal.keys import SealKey, SigningKey
from app.wire.base import Problem
from app.wire.messages import EventBatch, EventKind, EventReply, SealedEvent
from tests.hub_api.plant import NOW, Device, Plant

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path


@pytest.fixture
def kiosk(plant: Plant) -> Device:
    return plant.kiosk("K-1", "ST-1")


def _part(batch: EventBatch, start: int, end: int | None = None) -> EventBatch:
    return EventBatch(
        epoch=batch.epoch, events=batch.events[start:end], signatures=batch.signatures[start:end]
    )


def _join(*batches: EventBatch) -> EventBatch:
    return EventBatch(
        epoch=batches[0].epoch,
        events=tuple(event for batch in batches for event in batch.events),
        signatures=tuple(signature for batch in batches for signature in batch.signatures),
    )


def _take(plant: Plant, batch: EventBatch, kiosk: str = "K-1") -> EventReply:
    return ingest(plant.store, plant.home.keys.seal, kiosk, batch, plant.clock.now())


def _refused(plant: Plant, batch: EventBatch, code: str, number: int) -> None:
    before = _held(plant)
    with pytest.raises(NotTaken) as told:
        _take(plant, batch)
    assert (told.value.code, told.value.number) == (code, number)
    assert _held(plant) == before
    assert [(alarm["epoch"], alarm["number"]) for alarm in _alarms(plant, code)] == [(batch.epoch, number)]


def _held(plant: Plant) -> list[tuple[int, int, str]]:
    with plant.store.read() as session:
        rows = session.query(EventRow).order_by(EventRow.epoch, EventRow.seq)
        return [(row.epoch, row.seq, row.hash) for row in rows]


def _alarms(plant: Plant, kind: str) -> list[Any]:
    with plant.store.read() as session:
        return [row.detail for row in session.query(AlarmRow).filter_by(kind=kind)]


def _status(plant: Plant) -> str:
    with plant.store.read() as session:
        return session.get_one(KioskRow, "K-1").status


# -- what is taken -----------------------------------------------------------------------------------------


def test_a_batch_is_kept_with_exact_bytes_and_provable_signatures(plant: Plant, kiosk: Device) -> None:
    event = kiosk.event(1, GENESIS, person="P-1", body={"number": 3, "text": "Größe ≥ 3"})
    data = event.exact()
    batch = EventBatch(
        epoch=1,
        events=(kiosk.sealed(event),),
        signatures=(sign_event("K-1", 1, 1, event_hash(data), kiosk.sign),),
    )
    reply = EventReply.read(kiosk.deliver(batch).content)
    assert (reply.epoch, reply.held, reply.hash) == (1, 1, sha256(data))
    with plant.store.read() as session:
        (row,) = session.query(EventRow)
        assert row.data == data
        assert (row.person, row.station, row.client, row.page) == ("P-1", "ST-1", "ACME", "a" * 64)
        assert (row.kind, row.revision, row.wall) == ("view.begin", "WI-1/A", NOW)
        verify_event("K-1", row.epoch, row.seq, row.hash, row.signature, kiosk.sign.public)


def test_sending_again_gets_the_same_answer_and_changes_nothing(plant: Plant, kiosk: Device) -> None:
    batch = kiosk.write(7)
    first = kiosk.deliver(batch)
    second = kiosk.deliver(batch)
    assert first.status_code == second.status_code == 200
    assert first.content == second.content
    assert len(_held(plant)) == 7


def test_a_part_sent_again_is_told_how_far_everything_is_held(plant: Plant, kiosk: Device) -> None:
    batch = kiosk.write(7)
    _take(plant, batch)
    reply = _take(plant, _part(batch, 2, 4))
    assert (reply.held, reply.hash) == (7, kiosk.head)


def test_old_and_new_events_in_one_batch_are_both_right(plant: Plant, kiosk: Device) -> None:
    first, second = kiosk.write(4), kiosk.write(3)
    _take(plant, first)
    assert _take(plant, _join(_part(first, 2), second)).held == 7
    assert [seq for _, seq, _ in _held(plant)] == [1, 2, 3, 4, 5, 6, 7]


@settings(max_examples=15, deadline=None)
@given(cuts=st.lists(st.tuples(st.integers(0, 11), st.integers(1, 12)), max_size=8))
def test_any_order_of_sending_and_losing_answers_ends_with_each_event_once(
    template: Path, tmp_path_factory: pytest.TempPathFactory, cuts: list[tuple[int, int]]
) -> None:
    plant = Plant.copy(template, tmp_path_factory.mktemp("ingest") / "hub")
    plant.line("L1")
    plant.station("ST-1", "L1", [])
    kiosk = plant.kiosk("K-1", "ST-1")
    journal = kiosk.write(12)
    held = 0
    for start, count in [*cuts, (0, 12)]:
        batch = _part(journal, start, start + count)
        last = batch.events[-1].seq
        if start > held:
            with pytest.raises(NotTaken) as told:
                _take(plant, batch)
            assert (told.value.code, told.value.number) == ("hole", held + 1)
        else:
            held = max(held, last)
            assert _take(plant, batch).held == held
    assert [hash_ for _, _, hash_ in _held(plant)] == [event.hash for event in journal.events]
    plant.store.close()


# -- what is refused ---------------------------------------------------------------------------------------


def test_a_hole_is_refused_with_the_number_and_never_skipped(plant: Plant, kiosk: Device) -> None:
    batch = kiosk.write(9)
    _take(plant, _part(batch, 0, 3))
    _refused(plant, _part(batch, 5), "hole", 4)
    problem = Problem.read(kiosk.deliver(_part(batch, 5)).content)
    assert (problem.code, problem.number) == ("hole", 4)
    assert len(_alarms(plant, "hole")) == 1  # told once, however often it is sent
    assert _take(plant, _part(batch, 3)).held == 9
    assert _status(plant) == "active"


def test_after_a_restore_the_journal_goes_on_behind_what_is_lost_once(plant: Plant, kiosk: Device) -> None:
    batch = kiosk.write(12)
    _take(plant, _part(batch, 0, 3))
    with plant.writing() as session:
        after = {"heads": {"K-1/1": 3}}
        session.add(ChangeRow(at=NOW, by="x", act=RESTORED, subject="", before=None, after=after))
    assert _take(plant, _part(batch, 5, 7)).held == 7
    (alarm,) = _alarms(plant, "restore_gap")
    assert alarm == {"epoch": 1, "number": 4, "until": 5}
    _refused(plant, _part(batch, 9), "hole", 8)
    assert _take(plant, _part(batch, 5)).held == 12
    assert len(_held(plant)) == 10


def test_a_second_history_blocks_the_kiosk_and_keeps_the_first(plant: Plant, kiosk: Device) -> None:
    first = kiosk.write(5)
    _take(plant, first)
    held = _held(plant)
    kiosk.seq, kiosk.head = 3, first.events[2].hash  # an image of the disk from then is put back
    second = kiosk.write(4)
    response = kiosk.deliver(second)
    problem = Problem.read(response.content)
    assert (response.status_code, problem.code, problem.number) == (409, "fork", 4)
    assert "two histories" in problem.message
    assert _status(plant) == "forked"
    assert _held(plant) == held
    (alarm,) = _alarms(plant, "fork")
    assert alarm["offered"] == [{"hash": second.events[0].hash, "signature": b64(second.signatures[0])}]
    assert kiosk.deliver(first).status_code == 200  # what was true stays so
    assert kiosk.ask("GET", "/v1/lease").status_code == 403


def test_a_boot_that_comes_back_tells_of_a_second_device_once(plant: Plant, kiosk: Device) -> None:
    for boot in ("b1", "b2", "b3"):  # as often as it is started
        _take(plant, kiosk.write(1, boot=boot, kind=EventKind.KIOSK_STARTED))
        _take(plant, kiosk.write(2, boot=boot))
    assert _alarms(plant, "copied") == []
    assert kiosk.deliver(_join(kiosk.write(2, boot="b3"), kiosk.write(1, boot="b1"))).status_code == 200
    _take(plant, kiosk.write(1, boot="b3"))
    assert [(told["number"], told["boot"]) for told in _alarms(plant, "copied")] == [(12, "b1")]
    assert _status(plant) == "active"  # its record is whole: people decide


def test_two_boots_in_turns_within_one_batch_are_told(plant: Plant, kiosk: Device) -> None:
    turns = _join(*(kiosk.write(1, boot=boot) for boot in ("b1", "b2", "b1", "b2")))
    _take(plant, turns)
    assert [told["number"] for told in _alarms(plant, "copied")] == [3]


def test_an_event_that_follows_another_one_than_the_held_is_a_fork(plant: Plant, kiosk: Device) -> None:
    _take(plant, kiosk.write(3))
    kiosk.head = sha256(b"another third event")
    _refused(plant, kiosk.write(1), "fork", 3)
    assert _status(plant) == "forked"


@pytest.mark.parametrize("status", ["lost", "locked_down", "retired"])
def test_a_fork_does_not_soften_a_stronger_block(plant: Plant, kiosk: Device, status: str) -> None:
    _take(plant, kiosk.write(2))
    kiosk.seq, kiosk.head = 0, GENESIS
    plant.set_kiosk("K-1", status=status)
    _refused(plant, kiosk.write(1), "fork", 1)
    assert _status(plant) == status


def test_a_fork_that_the_device_did_not_sign_blocks_nobody(plant: Plant, kiosk: Device) -> None:
    batch = kiosk.write(4)
    _take(plant, batch)
    forged = list(batch.events)
    forged[1] = SealedEvent(seq=2, hash=sha256(b"forged"), box=forged[1].box)
    altered = EventBatch(epoch=1, events=tuple(forged), signatures=batch.signatures)
    _refused(plant, altered, "bad_event", 2)
    assert _status(plant) == "active"


@pytest.mark.parametrize("epoch", [2, 2**63 - 1, 2**63, 2**200])
def test_an_epoch_that_never_was_is_refused_whatever_its_number(
    plant: Plant, kiosk: Device, epoch: int
) -> None:
    batch = kiosk.write(2)
    altered = EventBatch(epoch=epoch, events=batch.events, signatures=batch.signatures)
    _refused(plant, altered, "bad_event", 1)


def test_events_signed_by_another_device_are_refused(plant: Plant, kiosk: Device) -> None:
    batch = kiosk.write(3)
    stranger = SigningKey.generate()
    forged = tuple(sign_event("K-1", 1, event.seq, event.hash, stranger) for event in batch.events)
    _refused(plant, EventBatch(epoch=1, events=batch.events, signatures=forged), "bad_event", 3)


def test_events_of_another_kiosk_are_refused(plant: Plant, kiosk: Device) -> None:
    other = plant.kiosk("K-2", "ST-2")
    batch = other.write(2)
    mine = tuple(sign_event("K-1", 1, event.seq, event.hash, kiosk.sign) for event in batch.events)
    _refused(plant, EventBatch(epoch=1, events=batch.events, signatures=mine), "bad_event", 1)


def test_a_broken_link_inside_a_batch_is_refused(plant: Plant, kiosk: Device) -> None:
    first = kiosk.write(2)
    kiosk.head = sha256(b"something else")
    _refused(plant, _join(first, kiosk.write(2)), "bad_event", 3)


def test_a_batch_with_gaps_repeats_or_too_few_signatures_is_refused(plant: Plant, kiosk: Device) -> None:
    batch = kiosk.write(3)
    a, b, c = batch.events
    x, y, z = batch.signatures
    for events, signatures in (
        ((a, c), (x, z)),
        ((a, a), (x, x)),
        ((b, a), (y, x)),
        ((a, b), (x,)),
        ((a,), (x + x,)),
    ):
        with pytest.raises(NotTaken) as told:
            _take(plant, EventBatch(epoch=1, events=events, signatures=signatures))
        assert told.value.code == "bad_event"
    assert _held(plant) == []


def _spoiled(kiosk: Device, how: str) -> EventBatch:
    event = kiosk.event(1, GENESIS)
    data, hub = event.exact(), kiosk.plant.home.keys.seal.public
    if how == "sealed to another hub":
        hub = SealKey.generate().public
    if how == "not JSON":
        data = b"\x00\x01"
    if how == "another number":
        data = kiosk.event(2, GENESIS).exact()
    if how == "another epoch":
        data = kiosk.event(1, GENESIS, epoch=2).exact()
    if how == "an unknown field":
        data = data[:-1] + b',"zz":1}'
    box, digest = seal_event(data, hub), event_hash(data)
    if how == "a flipped bit":
        box = box[:-1] + bytes([box[-1] ^ 1])
    if how == "another hash":
        digest = sha256(b"another")
    sealed = SealedEvent(seq=1, hash=digest, box=box)
    return EventBatch(epoch=1, events=(sealed,), signatures=(sign_event("K-1", 1, 1, digest, kiosk.sign),))


@pytest.mark.parametrize(
    "how",
    ["sealed to another hub", "not JSON", "another number", "another epoch", "an unknown field",
     "a flipped bit", "another hash"],
)  # fmt: skip
def test_an_event_that_is_not_what_it_should_be_is_refused(plant: Plant, kiosk: Device, how: str) -> None:
    _refused(plant, _spoiled(kiosk, how), "bad_event", 1)
    assert _take(plant, kiosk.write(1)).held == 1


def test_an_epoch_that_never_was_is_refused(plant: Plant, kiosk: Device) -> None:
    kiosk.epoch = 2
    _refused(plant, kiosk.write(1), "bad_event", 1)


# -- after a device was replaced ---------------------------------------------------------------------------


def test_the_record_of_the_device_before_is_taken_after_it_was_enrolled_again(
    plant: Plant, kiosk: Device
) -> None:
    plant.add(
        ChangeRow(at=NOW, by="SUP-1", act=ENROLLED, subject="K-1", before={},
                  after={"epoch": 1, "sign_key": b64(kiosk.sign.public)})
    )  # fmt: skip
    old = kiosk.write(6)
    _take(plant, _part(old, 0, 2))
    new = Device(plant, "K-1", epoch=2)
    plant.set_kiosk("K-1", sign_key=new.sign.public, epoch=2, held=0, held_hash=GENESIS)
    assert _take(plant, new.write(2)).held == 2
    reply = _take(plant, _part(old, 1))
    assert (reply.epoch, reply.held, reply.hash) == (1, 6, kiosk.head)
    assert _take(plant, new.write(1)).held == 3
    assert [(epoch, seq) for epoch, seq, _ in _held(plant)] == [(1, n) for n in range(1, 7)] + [
        (2, n) for n in range(1, 4)
    ]


# -- two at once -------------------------------------------------------------------------------------------


def test_the_same_batch_from_two_threads_is_taken_once(plant: Plant, kiosk: Device) -> None:
    batches = [kiosk.write(40) for _ in range(3)]
    answers: list[EventReply | Exception] = []
    start = threading.Barrier(2)

    def send() -> None:
        start.wait()
        for batch in batches:
            try:
                answers.append(_take(plant, batch))
            except Exception as error:
                answers.append(error)

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(isinstance(answer, EventReply) for answer in answers), answers
    assert [seq for _, seq, _ in _held(plant)] == list(range(1, 121))
    assert _alarms(plant, "hole") == _alarms(plant, "fork") == []


def test_two_histories_from_two_threads_leave_one_and_a_fork(plant: Plant, kiosk: Device) -> None:
    one = kiosk.write(30)
    kiosk.seq, kiosk.head = 0, GENESIS
    two = kiosk.write(30)
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def send(batch: EventBatch) -> None:
        start.wait()
        try:
            _take(plant, batch)
            outcomes.append("taken")
        except NotTaken as refusal:
            outcomes.append(refusal.code)

    threads = [threading.Thread(target=send, args=(batch,)) for batch in (one, two)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["fork", "taken"]
    hashes = [hash_ for _, _, hash_ in _held(plant)]
    assert hashes in ([event.hash for event in one.events], [event.hash for event in two.events])


# -- when the database fails -------------------------------------------------------------------------------


def test_a_full_disk_takes_nothing_and_says_so(plant: Plant, kiosk: Device) -> None:
    _take(plant, kiosk.write(2))
    batch = kiosk.write(50, body={"text": "x" * 4000})
    store = Store(plant.home.database_url)
    with store.read() as session:
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
    store.close()

    plant.store.close()
    small = Store(plant.home.database_url)
    _limit(small, pages + 2)
    with pytest.raises(Unavailable) as told:
        ingest(small, plant.home.keys.seal, "K-1", batch, NOW)
    assert told.value.code == "disk_full"
    small.close()
    assert len(_held(plant)) == 2
    assert _take(plant, batch).held == 52


def _limit(store: Store, pages: int) -> None:
    from sqlalchemy import event

    @event.listens_for(store._engine, "connect")
    def _small(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")


def test_twenty_kiosks_that_deliver_at_once_are_all_served(plant: Plant) -> None:
    kiosks = [plant.kiosk(f"K-{number}", "ST-1") for number in range(20)]
    batches = {kiosk.code: [kiosk.write(1) for _ in range(6)] for kiosk in kiosks}
    taken: dict[str, list[int]] = {kiosk.code: [] for kiosk in kiosks}
    start = threading.Barrier(len(kiosks))

    def send(code: str) -> None:
        start.wait()
        for batch in batches[code]:
            taken[code].append(_take(plant, batch, code).held)

    threads = [threading.Thread(target=send, args=(kiosk.code,)) for kiosk in kiosks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(held == [1, 2, 3, 4, 5, 6] for held in taken.values())
