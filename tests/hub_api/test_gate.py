"""Attacks on the gate: whoever is not the kiosk gets nothing, and no request serves twice."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from app.hub.api import gate
from app.hub.api.gate import WINDOW, slide
from app.hub.schema import AlarmRow, EventRow, KioskRow
from app.hub.store import Store
from app.model.errors import Refused
from app.seal.encoding import canonical
from app.seal.keys import SigningKey
from app.wire.base import Problem
from app.wire.client import HubClient
from app.wire.messages import ROUTES, BlobRequest, EventBatch
from tests.hub_api.plant import ADDRESS, AsgiDoor

if TYPE_CHECKING:
    import httpx

    from tests.hub_api.plant import Device, Plant

SIGNED_ROUTES = [
    ("GET", ROUTES["state"]),
    ("GET", ROUTES["lease"] + "?have=0&manifest="),
    ("POST", ROUTES["blobs"]),
    ("GET", ROUTES["blob"].format(hash="0" * 64)),
    ("POST", ROUTES["events"]),
]


@pytest.fixture
def kiosk(plant: Plant) -> Device:
    plant.publish("WI-1", "PUMP", [(b"page one", ["ST-1"])])
    return plant.kiosk("K-1", "ST-1")


def _refused(response: httpx.Response, status: int, code: str) -> Problem:
    assert response.status_code == status, response.text
    problem = Problem.read(response.content)
    assert problem.code == code
    assert problem.message.endswith(".")
    return problem


@pytest.mark.parametrize(("method", "path"), SIGNED_ROUTES)
def test_an_unsigned_request_gets_nothing(plant: Plant, kiosk: Device, method: str, path: str) -> None:
    with plant.client() as client:
        _refused(client.request(method, path), 401, "signature")
        digest = {"content-digest": "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"}
        _refused(client.request(method, path, headers=digest), 401, "signature")


@pytest.mark.parametrize(("method", "path"), SIGNED_ROUTES)
def test_another_key_gets_nothing(plant: Plant, kiosk: Device, method: str, path: str) -> None:
    other = plant.kiosk("K-2", "ST-2")
    _refused(kiosk.ask(method, path, key=SigningKey.generate()), 401, "signature")
    _refused(kiosk.ask(method, path, key=other.sign), 401, "signature")
    _refused(kiosk.ask(method, path, kiosk="K-2"), 401, "signature")
    _refused(kiosk.ask(method, path, kiosk="K-nobody"), 401, "signature")


def test_a_kiosk_that_was_never_enrolled_has_no_key(plant: Plant, kiosk: Device) -> None:
    plant.add(KioskRow(code="K-9", station="ST-1", status="pending"))
    _refused(kiosk.ask("GET", ROUTES["state"], kiosk="K-9"), 401, "signature")


@pytest.mark.parametrize(("method", "path"), SIGNED_ROUTES)
def test_a_replayed_request_gets_nothing(plant: Plant, kiosk: Device, method: str, path: str) -> None:
    headers = kiosk.signed(method, path)
    with plant.client() as client:
        client.request(method, path, headers=headers)
        problem = _refused(client.request(method, path, headers=headers), 409, "counter_behind")
    assert problem.number == kiosk.counter + 1


def test_a_replay_is_refused_by_another_hub_and_after_a_restart(plant: Plant, kiosk: Device) -> None:
    headers = kiosk.signed("GET", ROUTES["state"])
    with plant.client() as client:
        assert client.get(ROUTES["state"], headers=headers).status_code == 200
    plant.store.close()
    plant.store = Store(plant.home.database_url)
    with plant.client() as client:
        _refused(client.get(ROUTES["state"], headers=headers), 409, "counter_behind")


def test_quality_is_told_of_a_counter_that_was_used_twice_once(plant: Plant, kiosk: Device) -> None:
    def alarms() -> list[tuple[str, str, int]]:
        with plant.store.read() as session:
            return [(row.kiosk, row.kind, row.detail["epoch"]) for row in session.query(AlarmRow)]

    assert kiosk.ask("GET", ROUTES["state"], counter=100).status_code == 200
    _refused(kiosk.ask("GET", ROUTES["state"], key=SigningKey.generate(), counter=1), 401, "signature")
    assert alarms() == []  # whoever has not the key raises nothing
    for _ in range(3):
        _refused(kiosk.ask("GET", ROUTES["state"], counter=1), 409, "counter_behind")
    assert alarms() == [("K-1", "counter_behind", 1)]
    plant.set_kiosk("K-1", epoch=2)
    _refused(kiosk.ask("GET", ROUTES["state"], counter=1), 409, "counter_behind")
    assert alarms() == [("K-1", "counter_behind", 1), ("K-1", "counter_behind", 2)]


def test_requests_may_overtake_each_other_once(plant: Plant, kiosk: Device) -> None:
    early, late = kiosk.signed("GET", ROUTES["state"]), kiosk.signed("GET", ROUTES["state"])
    with plant.client() as client:
        assert client.get(ROUTES["state"], headers=late).status_code == 200
        assert client.get(ROUTES["state"], headers=early).status_code == 200
        _refused(client.get(ROUTES["state"], headers=early), 409, "counter_behind")
        _refused(client.get(ROUTES["state"], headers=late), 409, "counter_behind")


def test_a_forged_request_uses_up_no_counter(plant: Plant, kiosk: Device) -> None:
    _refused(kiosk.ask("GET", ROUTES["state"], key=SigningKey.generate(), counter=2**40), 401, "signature")
    assert kiosk.ask("GET", ROUTES["state"], counter=1).status_code == 200


def test_an_altered_request_gets_nothing(plant: Plant, kiosk: Device) -> None:
    lease, blobs = ROUTES["lease"], ROUTES["blobs"]
    asked, other = BlobRequest(hashes=("0" * 64,)).exact(), BlobRequest(hashes=("1" * 64,)).exact()
    with plant.client() as client:
        query = kiosk.signed("GET", f"{lease}?have=1&manifest=")
        _refused(client.get(f"{lease}?have=0&manifest=", headers=query), 401, "signature")
        body = kiosk.signed("POST", blobs, asked)
        _refused(client.post(blobs, content=other, headers=body), 401, "signature")
        method = kiosk.signed("POST", ROUTES["state"])
        _refused(client.get(ROUTES["state"], headers=method), 401, "signature")
        path = kiosk.signed("GET", ROUTES["state"])
        _refused(client.get(lease, headers=path), 401, "signature")
        host = kiosk.signed("GET", ROUTES["state"])
        _refused(client.get(ROUTES["state"], headers={**host, "host": "elsewhere"}), 401, "signature")
        counter = kiosk.signed("GET", ROUTES["state"])
        counter["stationleaf-counter"] = "999"
        _refused(client.get(ROUTES["state"], headers=counter), 401, "signature")


def test_the_path_is_verified_as_it_was_sent(plant: Plant, kiosk: Device) -> None:
    encoded = "/v1/%6Biosk"  # what a framework decodes to /v1/kiosk
    assert kiosk.ask("GET", encoded).status_code == 200
    headers = kiosk.signed("GET", ROUTES["state"])
    with plant.client() as client:
        _refused(client.get(encoded, headers=headers), 401, "signature")


def test_a_clock_that_is_off_is_told_the_hubs_time(plant: Plant, kiosk: Device) -> None:
    now = plant.clock.now()
    for away in (timedelta(minutes=6), -timedelta(minutes=6)):
        problem = _refused(kiosk.ask("GET", ROUTES["state"], created=now + away), 401, "clock_off")
        assert problem.number == int(now.timestamp())
    assert kiosk.ask("GET", ROUTES["state"], created=now + timedelta(minutes=4)).status_code == 200


def test_the_real_client_recovers_from_a_lost_counter_and_a_wrong_clock(
    plant: Plant, kiosk: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant.set_kiosk("K-1", counter=500, counters_seen=1)
    counters = [0]
    client = HubClient(
        ADDRESS, ca_pem=plant.home.ca_pem, kiosk="K-1", key=kiosk.sign,
        counter=lambda: counters.__setitem__(0, counters[0] + 1) or counters[0],
        on_counter=lambda needed: counters.__setitem__(0, needed - 1),
    )  # fmt: skip
    with client, plant.client() as inside, monkeypatch.context() as patch:
        patch.setattr(client, "_client", inside)
        assert client.state().time == plant.clock.now()  # the machine's own clock is months ahead of it
    assert counters[0] > 500


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"hashes": 7}', b"\xff\xfe", b'{"hashes": ["x"]}', os.urandom(300)]
)
@pytest.mark.parametrize("route", ["blobs", "events", "enrol"])
def test_a_rubbish_body_is_refused_in_words(plant: Plant, kiosk: Device, route: str, body: bytes) -> None:
    _refused(kiosk.ask("POST", ROUTES[route], body), 422, "bad_message")


@settings(max_examples=50)
@given(
    body=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["epoch", "events", "signatures", "seq", "box"]), inner)
        ),
        max_leaves=8,
    )
)
def test_no_json_is_taken_for_a_batch_by_accident(body: Any) -> None:
    with pytest.raises(Exception, match="EventBatch message is not what was agreed") as told:
        EventBatch.read(canonical(body))
    assert getattr(told.value, "code", "") == "bad_message"


@pytest.mark.parametrize("query", ["have=x", "have=-1", "have=1&manifest=zz", f"have={10**40}"])
def test_rubbish_parameters_are_refused_in_words(kiosk: Device, query: str) -> None:
    _refused(kiosk.ask("GET", f"{ROUTES['lease']}?{query}"), 422, "bad_message")


def test_an_oversize_body_is_refused(plant: Plant, kiosk: Device) -> None:
    _refused(kiosk.ask("POST", ROUTES["blobs"], b"x" * 65_537), 413, "too_large")
    _refused(kiosk.ask("POST", ROUTES["enrol"], b"x" * 65_537), 413, "too_large")
    _refused(kiosk.ask("POST", ROUTES["events"], b"x" * (16 * 2**20 + 1)), 413, "too_large")
    _refused(kiosk.ask("GET", ROUTES["state"], b"x" * 65_537), 413, "too_large")


def test_an_oversize_body_without_a_length_is_refused(plant: Plant, kiosk: Device) -> None:
    def chunks() -> Any:
        for _ in range(70):
            yield b"x" * 1000

    with plant.client() as client:
        response = client.post(ROUTES["blobs"], content=chunks(), headers=kiosk.signed("POST", "/v1/blobs"))
    _refused(response, 413, "too_large")


def test_a_body_that_does_not_arrive_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "BODY_SECONDS", 0.05)
    sent = [{"type": "http.request", "body": b"half", "more_body": True}]

    async def receive() -> dict[str, Any]:
        if not sent:
            await asyncio.sleep(60)
        return sent.pop()

    request = Request({"type": "http", "method": "POST", "headers": []}, receive)
    with pytest.raises(Refused) as told:
        asyncio.run(gate.read_body(request, 100))
    assert told.value.code == "too_slow"


@pytest.mark.parametrize(
    ("method", "path", "otherwise"),
    [
        ("GET", ROUTES["state"] + "?waiting=3&pulled=1", ROUTES["state"] + "?pulled=1&waiting=3"),
        ("GET", ROUTES["log"] + "?have=0", ROUTES["log"] + "?have=00"),
        ("GET", ROUTES["lease"] + "?have=1&manifest=&seen=1", ROUTES["lease"] + "?seen=1&have=1&manifest="),
        ("POST", ROUTES["events"], ROUTES["events"] + "?x=1"),
    ],
)
def test_past_the_framework_and_through_it_the_answers_are_the_same(
    plant: Plant, kiosk: Device, method: str, path: str, otherwise: str
) -> None:
    kiosk.lease()
    body = kiosk.write().exact() if method == "POST" else b""
    assert kiosk.ask(method, path, body).status_code == 200
    with plant.client() as client:
        for one in (path, otherwise):
            _refused(client.request(method, one, content=body or None), 401, "signature")
    plant.set_kiosk(kiosk.code, status="pending")
    one, other = (kiosk.ask(method, where, body) for where in (path, otherwise))
    assert (one.status_code, one.json().keys()) == (other.status_code, other.json().keys())
    if one.status_code != 200:
        assert one.content == other.content
        _refused(one, 403, "kiosk_pending")
    plant.set_kiosk(kiosk.code, status="active")
    one, other = (kiosk.ask(method, where, body) for where in (path, otherwise))
    assert one.headers == other.headers
    if method == "POST":
        assert one.content == other.content


def test_a_device_that_was_replaced_gets_nothing_more_and_the_new_one_at_once(
    plant: Plant, kiosk: Device
) -> None:
    former, path = kiosk.sign, ROUTES["state"]
    with plant.client() as client:  # one process, which remembers the device's key
        assert client.get(path, headers=kiosk.signed("GET", path)).status_code == 200
        kiosk.sign = SigningKey.generate()
        plant.set_kiosk(kiosk.code, sign_key=kiosk.sign.public, counter=0, counters_seen=0)
        kiosk.counter = 0
        _refused(client.get(path, headers=kiosk.signed("GET", path, key=former)), 401, "signature")
        assert client.get(path, headers=kiosk.signed("GET", path)).status_code == 200
        _refused(client.get(path, headers=kiosk.signed("GET", path, key=former)), 401, "signature")


def test_whoever_waited_too_long_is_told_when_to_come_back_and_nothing_else_is_done(
    plant: Plant, kiosk: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "FIRST_PATIENCE", -1.0)
    _refused(kiosk.ask("GET", ROUTES["state"]), 503, "busy")
    kiosk.lease()  # whoever is in is answered
    monkeypatch.setattr(gate, "PATIENCE", -1.0)
    response = kiosk.ask("GET", ROUTES["lease"] + "?have=0&manifest=")
    _refused(response, 503, "busy")
    assert int(response.headers["retry-after"]) > 0
    monkeypatch.undo()
    kiosk.counter -= 1  # its counter was not used up
    assert kiosk.ask("GET", ROUTES["state"]).status_code == 200


def test_an_unknown_address_and_method_are_told_in_the_same_form(plant: Plant) -> None:
    with plant.client() as client:
        _refused(client.get("/v1/nothing"), 404, "no_route")
        _refused(client.delete(ROUTES["state"]), 405, "no_method")


def test_a_fault_of_ours_is_told_without_its_insides(
    plant: Plant, kiosk: Device, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret insides")

    monkeypatch.setattr("app.hub.leases.plan", broken)
    headers = kiosk.signed("GET", ROUTES["lease"])
    with plant.client(faults_escape=False) as client:
        response = client.get(ROUTES["lease"], headers=headers)
    _refused(response, 500, "fault")
    assert "secret" not in response.text
    assert "secret insides" in caplog.text


def test_a_database_that_does_not_answer_is_told_as_such(plant: Plant, kiosk: Device) -> None:
    plant.store.close()
    path = plant.home.path / "hub.db"
    path.write_bytes(b"this is no database any more" * 400)
    (plant.home.path / "hub.db-wal").unlink(missing_ok=True)
    with plant.client() as client:
        _refused(client.get(ROUTES["health"]), 500, "database_damaged")


def test_what_a_kiosk_may_not_have_looks_like_what_is_not_there(plant: Plant, kiosk: Device) -> None:
    (theirs,) = plant.publish("WI-2", "VALVE", [(b"theirs", ["ST-2"])])
    other = plant.kiosk("K-2", "ST-2")
    plant.sign("P-2", "BOLT")
    kiosk.lease()
    _, manifest, _ = other.lease()
    assert theirs in [page.blob for page in manifest.pages]
    here = kiosk.ask("GET", f"/v1/blob/{theirs}")
    nowhere = kiosk.ask("GET", f"/v1/blob/{'e' * 64}")
    _refused(here, 404, "not_found")
    assert here.content == nowhere.content
    assert kiosk.ask("POST", "/v1/blobs", BlobRequest(hashes=(theirs,)).exact()).content == b""
    assert other.ask("GET", f"/v1/blob/{theirs}").status_code == 200


def test_no_page_leaves_before_a_lease_was_given(plant: Plant, kiosk: Device) -> None:
    (blob,) = plant.publish("WI-2", "PUMP", [(b"mine", ["ST-1"])])
    _refused(kiosk.ask("GET", f"/v1/blob/{blob}"), 404, "not_found")
    kiosk.lease()
    assert kiosk.ask("GET", f"/v1/blob/{blob}").status_code == 200


def test_a_page_leaves_no_more_once_its_readers_are_gone(plant: Plant, kiosk: Device) -> None:
    _, manifest, _ = kiosk.lease()
    blob = manifest.pages[0].blob
    assert kiosk.ask("GET", f"/v1/blob/{blob}").status_code == 200
    plant.set_person("P-1", active=False)
    _refused(kiosk.ask("GET", f"/v1/blob/{blob}"), 404, "not_found")  # without a new lease in between
    assert kiosk.ask("POST", "/v1/blobs", BlobRequest(hashes=(blob,)).exact()).content == b""


@pytest.mark.parametrize("status", ["lost", "forked", "locked_down", "retired", "pending"])
def test_a_blocked_kiosk_gets_nothing_but_may_deliver_its_record(
    plant: Plant, kiosk: Device, status: str
) -> None:
    lease, manifest, _ = kiosk.lease()
    blob = manifest.pages[0].blob
    plant.set_kiosk("K-1", status=status)
    code = "kiosk_pending" if status == "pending" else "kiosk_blocked"
    for path in (f"/v1/lease?have={lease.number}&manifest={lease.manifest}", "/v1/lease", f"/v1/blob/{blob}"):
        _refused(kiosk.ask("GET", path), 403, code)
    _refused(kiosk.ask("POST", "/v1/blobs", BlobRequest(hashes=(blob,)).exact()), 403, code)
    assert kiosk.ask("GET", ROUTES["state"]).json()["status"] == status
    delivered = kiosk.deliver(kiosk.write(3))
    if status == "pending":  # nobody has said that this device is ours
        _refused(delivered, 403, "kiosk_pending")
    else:
        assert delivered.status_code == 200
    with plant.store.read() as session:
        assert session.query(EventRow).count() == (0 if status == "pending" else 3)


@given(st.lists(st.integers(1, 200), max_size=60))
def test_a_counter_serves_once_and_the_newest_always_do(counters: list[int]) -> None:
    mark = seen = 0
    used: set[int] = set()
    for counter in counters:
        moved = slide(mark, seen, counter)
        fits = counter not in used and counter > mark - WINDOW
        assert (moved is not None) is fits
        if moved is not None:
            used.add(counter)
            mark, seen = moved
        assert mark == max(used, default=0)
        assert seen < 2**63  # a signed column holds it


def test_the_door_is_the_real_application(plant: Plant) -> None:
    with plant.client() as client:
        assert isinstance(client._transport, AsgiDoor)
        assert client.get(ROUTES["health"]).json()["status"] == "ok"
