"""Enrolment at the hub: the code serves once, for ten minutes, and a second administrator decides."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from app.hub import kiosks
from app.hub.acting import Acting, actor
from app.hub.enrolment import ALL_TRIES, FAILED_TRY, TRIES, sign_key_of
from app.hub.schema import AlarmRow, EnrolCodeRow, KioskRow
from app.model.terms import Role
from app.seal.enrolling import check_number
from app.seal.keys import SealKey
from app.wire.base import Problem
from app.wire.client import check_trust
from app.wire.messages import ENVELOPE_MEDIA, ROUTES, EnrolReply, EnrolRequest
from tests.hub_api.plant import Device, Plant

if TYPE_CHECKING:
    import httpx

CODE = "ABCDEFGHIJKLMN27"
OTHER = "ZZZZZZZZZZZZZZZZ"
SMALL_ORDER = bytes(32)  # the X25519 point with which every shared secret is zero


@pytest.fixture
def plant(plant: Plant) -> Plant:
    plant.person("ADMIN-2", roles=[Role.ADMIN])
    plant.add(KioskRow(code="K-1", station="ST-1", status="pending"))
    plant.code("K-1", CODE)
    return plant


def _enrol(plant: Plant, device: Device, code: str = CODE, **changes: bytes) -> httpx.Response:
    keys = {"sign_key": device.sign.public, "seal_key": device.seal.public, **changes}
    request = EnrolRequest(code=code, device="Terminal 7", **keys)
    with plant.client() as client:
        return client.post(ROUTES["enrol"], content=request.exact())


def _refused(response: httpx.Response, status: int, code: str) -> None:
    assert response.status_code == status, response.text
    assert Problem.read(response.content).code == code


def _failed(plant: Plant) -> int:
    with plant.store.read() as session:
        return session.query(AlarmRow).filter_by(kind=FAILED_TRY).count()


def _approve(plant: Plant, person: str = "ADMIN-2") -> None:
    with plant.store.write() as session:
        row = session.get_one(KioskRow, "K-1")
        kiosks.approve(Acting(session, actor(session, person), plant.clock.now()), "K-1", row.check_number)


def test_a_device_is_pending_until_a_second_administrator_approves(plant: Plant) -> None:
    device = Device(plant, "K-1")
    reply = EnrolReply.read(_enrol(plant, device).content)
    assert (reply.kiosk, reply.station, reply.site, reply.epoch) == ("K-1", "ST-1", "S1", 1)
    with plant.store.read() as session:
        row = session.get_one(KioskRow, "K-1")
        expected = check_number(plant.home.root_fingerprint, CODE, device.sign.public, device.seal.public)
        assert (row.check_number, row.requested_by, row.device) == (expected, "SUP-1", "Terminal 7")
    assert device.ask("GET", ROUTES["state"]).json()["status"] == "pending"
    _refused(device.ask("GET", ROUTES["lease"]), 403, "kiosk_pending")
    _approve(plant)
    assert device.ask("GET", ROUTES["state"]).json()["status"] == "active"
    assert device.lease()[0].number == 1


def test_what_the_hub_says_of_itself_is_what_the_sheets_fingerprint_proves(plant: Plant) -> None:
    with plant.client() as client:
        response = client.get(ROUTES["trust"])
    assert response.headers["content-type"] == ENVELOPE_MEDIA
    trust = check_trust(response.content, plant.home.root_fingerprint)
    assert trust.lease_keys == (plant.home.keys.lease.public,)


def test_a_code_is_not_stored(plant: Plant) -> None:
    _enrol(plant, Device(plant, "K-1"))
    with plant.store.read() as session:
        assert session.query(EnrolCodeRow).one().hash != CODE
    stored = b"".join(path.read_bytes() for path in plant.home.path.glob("hub.db*"))
    assert CODE.encode() not in stored


def test_a_code_serves_one_device(plant: Plant) -> None:
    first = Device(plant, "K-1")
    assert _enrol(plant, first).status_code == 200
    _refused(_enrol(plant, Device(plant, "K-1")), 409, "code_used")
    assert first.ask("GET", ROUTES["state"]).status_code == 200


def test_a_lost_answer_is_given_again_to_the_same_device(plant: Plant) -> None:
    device = Device(plant, "K-1")
    first = _enrol(plant, device)
    plant.clock.forward(minutes=30)
    assert _enrol(plant, device).content == first.content
    _refused(_enrol(plant, device, seal_key=SealKey.generate().public), 409, "code_used")


def test_two_devices_at_once_with_one_code_leave_one(plant: Plant) -> None:
    devices = [Device(plant, "K-1") for _ in range(4)]
    answers: list[int] = []
    start = threading.Barrier(len(devices))

    def ask(device: Device) -> None:
        start.wait()
        answers.append(_enrol(plant, device).status_code)

    with plant.client():
        threads = [threading.Thread(target=ask, args=(device,)) for device in devices]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(answers) == [200, 409, 409, 409]


def test_a_code_ends(plant: Plant) -> None:
    plant.clock.forward(minutes=9, seconds=59)
    plant.code("K-1", OTHER)
    plant.clock.forward(seconds=1)
    _refused(_enrol(plant, Device(plant, "K-1")), 410, "code_expired")
    assert _enrol(plant, Device(plant, "K-1"), OTHER).status_code == 200


def test_a_code_ends_when_its_kiosk_was_retired(plant: Plant) -> None:
    plant.set_kiosk("K-1", status="retired")
    _refused(_enrol(plant, Device(plant, "K-1")), 410, "code_expired")


def test_a_wrong_code_is_refused_and_kept(plant: Plant) -> None:
    _refused(_enrol(plant, Device(plant, "K-1"), OTHER), 403, "code_wrong")
    with plant.store.read() as session:
        (alarm,) = session.query(AlarmRow)
        assert alarm.detail == {"address": "10.0.0.7", "code": "code_wrong", "device": "Terminal 7"}


@pytest.mark.parametrize("code", ["", "ABC", CODE.lower(), CODE + "A", "ABCDEFGHIJKLMN01"])
def test_what_cannot_be_a_code_is_no_message(plant: Plant, code: str) -> None:
    body = EnrolRequest.model_construct(code=code, sign_key=b"", seal_key=b"", device="").exact()
    with plant.client() as client:
        _refused(client.post(ROUTES["enrol"], content=body), 422, "bad_message")


def test_tries_are_limited_for_each_address_and_time(plant: Plant) -> None:
    device = Device(plant, "K-1")
    for _ in range(TRIES):
        _refused(_enrol(plant, device, OTHER), 403, "code_wrong")
    _refused(_enrol(plant, device), 429, "too_many_tries")  # the right code too
    for _ in range(3):
        _refused(_enrol(plant, device, OTHER), 429, "too_many_tries")
    assert _failed(plant) == TRIES  # noise does not fill the database
    plant.clock.forward(minutes=11)
    plant.code("K-1", "Y" * 16)
    assert _enrol(plant, device, "Y" * 16).status_code == 200


def test_another_address_is_not_locked_out_but_all_together_are_bounded(plant: Plant) -> None:
    now = plant.clock.now()
    noise = {"address": "10.9.9.9", "code": "code_wrong", "device": ""}
    with plant.store.write() as session:
        session.add_all(
            AlarmRow(at=now, kiosk="", kind=FAILED_TRY, detail=noise) for _ in range(ALL_TRIES - 1)
        )
    _refused(_enrol(plant, Device(plant, "K-1"), OTHER), 403, "code_wrong")
    _refused(_enrol(plant, Device(plant, "K-1"), OTHER), 429, "too_many_tries")


@pytest.mark.parametrize(
    "changes", [{"sign_key": b"short"}, {"seal_key": b""}, {"seal_key": SMALL_ORDER}, {"sign_key": bytes(33)}]
)
def test_keys_that_are_none_are_refused_and_leave_the_code(plant: Plant, changes: dict[str, bytes]) -> None:
    device = Device(plant, "K-1")
    _refused(_enrol(plant, device, **changes), 422, "bad_keys")
    assert _enrol(plant, device).status_code == 200


def test_a_new_device_takes_the_place_of_the_old_which_gets_nothing_more(plant: Plant) -> None:
    old, new = Device(plant, "K-1"), Device(plant, "K-1", epoch=2)
    _enrol(plant, old)
    _approve(plant)
    old.lease()
    old.deliver(old.write(3))
    unsent = old.write(2)
    plant.set_kiosk("K-1", status="lost")
    plant.code("K-1", OTHER)
    reply = EnrolReply.read(_enrol(plant, new, OTHER).content)
    assert reply.epoch == 2
    _refused(old.ask("GET", ROUTES["state"]), 401, "signature")
    _refused(old.deliver(unsent), 401, "signature")
    _approve(plant)
    assert new.lease()[0].number == 2  # the chain of leases goes on
    assert new.deliver(new.write(2)).json()["held"] == 2
    assert new.deliver(unsent).json() == {"epoch": 1, "hash": old.head, "held": 5}
    with plant.store.read() as session:
        row = session.get_one(KioskRow, "K-1")
        assert sign_key_of(session, row, 1) == old.sign.public
        assert sign_key_of(session, row, 2) == new.sign.public
        assert sign_key_of(session, row, 3) is None
