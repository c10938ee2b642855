"""The hub as a process: TLS 1.3, real clients, stops, kills and what it says when it cannot serve."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import stat
import threading
import time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from app.hub.schema import EventRow
from app.model.errors import Unavailable
from app.wire.client import HubClient, HubRefused, HubUnreachable, WrongCertificate, fetch_trust
from app.wire.clock import SystemClock
from app.wire.messages import EventBatch
from tests.hub_api.plant import Device, Plant
from tests.hub_api.processes import Serving, free_port, run, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def live(template: Path, tmp_path: Path) -> Iterator[Plant]:
    """A furnished plant on the machine's own clock."""
    plant = Plant.copy(template, tmp_path / "hub")
    plant.clock.time = SystemClock().now()
    with plant.writing():
        plant.customer("ACME")
        plant.part("PUMP", "ACME")
        plant.line("L1")
        plant.station("ST-1", "L1", ["PUMP"])
        plant.person("P-1")
        plant.assign("P-1", "ST-1")
        plant.sign("P-1", "ACME")
    yield plant
    plant.store.close()


def _client(hub: Serving, plant: Plant, device: Device, timeout: float = 10) -> HubClient:
    def counter() -> int:
        device.counter += 1
        return device.counter

    return HubClient(
        hub.address, ca_pem=plant.home.ca_pem, kiosk=device.code, key=device.sign, counter=counter,
        timeout=timeout,
    )  # fmt: skip


def test_two_kiosks_fetch_and_deliver_at_once_over_tls(live: Plant) -> None:
    pages = [(os.urandom(200_000), ["ST-1"]) for _ in range(30)]  # several portions of the stream
    live.publish("WI-1", "PUMP", pages)
    devices = [live.kiosk(f"K-{number}", "ST-1") for number in (1, 2)]
    got: dict[str, set[str]] = {}
    held: dict[str, int] = {}

    def work(hub: Serving, device: Device) -> None:
        with _client(hub, live, device) as client:
            reply = client.lease(0, "")
            assert reply is not None
            blobs = [page["blob"] for page in json.loads(reply.manifest)["pages"]]
            got[device.code] = {name for name, _ in client.blobs(blobs)}
            for _ in range(5):
                held[device.code] = client.send(device.write(50)).held

    with serving(live.home.path) as hub:
        trust, _ = fetch_trust(hub.address, live.home.root_fingerprint, live.clock.now())
        assert trust.site == "S1"
        threads = [threading.Thread(target=work, args=(hub, device)) for device in devices]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert hub.stop() == 0
        assert hub.said().count("\n") == 1, hub.said()  # nothing but that it was ready
    assert {code: len(names) for code, names in got.items()} == {"K-1": 30, "K-2": 30}
    assert held == {"K-1": 250, "K-2": 250}


def test_a_kiosk_listens_at_one_stream_and_the_hubs_stop_ends_it(live: Plant) -> None:
    device = live.kiosk("K-1", "ST-1")
    with serving(live.home.path) as hub, _client(hub, live, device) as one, _client(hub, live, device) as two:
        first, second = one.listen(), two.listen()
        assert next(first) is False  # a sign of life
        assert next(second) is False
        assert list(first) == []  # ended, and not broken off
        assert two.state().kiosk == "K-1"
        hub.stop()
        assert list(second) == []


def test_killed_in_the_middle_no_event_that_was_confirmed_is_lost(live: Plant) -> None:
    device = live.kiosk("K-1", "ST-1")
    journal = [device.write(100) for _ in range(40)]
    confirmed = [0]

    def send(hub: Serving) -> None:
        with _client(hub, live, device, timeout=2) as client:
            for batch in journal:
                if batch.events[-1].seq <= confirmed[0]:
                    continue
                try:
                    confirmed[0] = client.send(batch).held
                except Unavailable:
                    return

    for round_ in range(3):
        with serving(live.home.path) as hub:
            sender = threading.Thread(target=send, args=(hub,))
            sender.start()
            until = time.monotonic() + 20
            target = confirmed[0] + 300
            while confirmed[0] < target and time.monotonic() < until:
                time.sleep(0.001)
            time.sleep(0.003 * round_)  # at another point of the next batch each time
            hub.stop(signal.SIGKILL)
            sender.join()
        with live.store.read() as session:
            rows = session.query(EventRow.seq).order_by(EventRow.seq).all()
        assert len(rows) >= confirmed[0] >= target
        assert len(rows) % 100 == 0  # a batch is there or not
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    with serving(live.home.path) as hub:
        send(hub)
    assert confirmed[0] == 4000
    with live.store.read() as session:
        assert session.query(EventRow).count() == 4000


def test_too_long_a_request_is_answered_and_not_cut_off(live: Plant) -> None:
    device = live.kiosk("K-1", "ST-1")
    batch = device.write(110, body={"pages": ["a" * 64] * 2000})
    assert len(batch.exact()) > 16 * 2**20
    with serving(live.home.path) as hub, _client(hub, live, device) as client:
        with pytest.raises(HubRefused) as told:
            client.send(batch)
        assert told.value.code == "too_large"
        half = EventBatch(epoch=1, events=batch.events[:50], signatures=batch.signatures[:50])
        assert client.send(half).held == 50


def test_a_term_signal_lets_a_running_request_finish(live: Plant) -> None:
    live.publish("WI-1", "PUMP", [(os.urandom(3_000_000), ["ST-1"]) for _ in range(4)])
    device = live.kiosk("K-1", "ST-1")
    with serving(live.home.path) as hub, _client(hub, live, device) as client:
        reply = client.lease(0, "")
        assert reply is not None
        blobs = [page["blob"] for page in json.loads(reply.manifest)["pages"]]
        stream = client.blobs(blobs)
        names = [next(stream)[0]]
        hub.process.send_signal(signal.SIGTERM)
        names += [name for name, _ in stream]
        assert names == blobs
        assert hub.process.wait(timeout=20) == 0


def test_only_tls_1_3_and_only_the_pinned_hub(live: Plant) -> None:
    device = live.kiosk("K-1", "ST-1")
    with serving(live.home.path) as hub:
        old = ssl.create_default_context(cadata=live.home.ca_pem)
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        with socket.create_connection(("127.0.0.1", hub.port)) as plain, pytest.raises(ssl.SSLError):
            old.wrap_socket(plain, server_hostname="localhost")
        new = ssl.create_default_context(cadata=live.home.ca_pem)
        with (
            socket.create_connection(("127.0.0.1", hub.port)) as plain,
            new.wrap_socket(plain, server_hostname="localhost") as secure,
        ):
            assert secure.version() == "TLSv1.3"
        with socket.create_connection(("127.0.0.1", hub.port), timeout=5) as plain:
            plain.sendall(b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert b"HTTP/1.1 200" not in plain.recv(100)
        with _client(hub, live, device) as client:
            assert client.state().kiosk == "K-1"
        wrong = "https://127.0.0.2:" + str(hub.port)
        with (
            HubClient(
                wrong, ca_pem=live.home.ca_pem, kiosk="K-1", key=device.sign, counter=lambda: 99
            ) as client,
            pytest.raises((WrongCertificate, HubUnreachable)),
        ):
            client.state()


def _fails(home: Path, *more: str) -> str:
    done = run(["hub", "serve", str(home), "--host", "127.0.0.1", *more])
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.strip().splitlines()
    return line


def test_a_port_in_use_is_told(live: Plant) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        line = _fails(live.home.path, "--port", str(port))
    assert line == (
        f"stationleaf: Port {port} is in use by another program. "
        "Stop that program (perhaps another hub), or give another port with --port."
    )


def test_an_address_of_another_machine_is_told(live: Plant) -> None:
    done = run(["hub", "serve", str(live.home.path), "--host", "192.0.2.1", "--port", str(free_port())])
    assert done.returncode == 1
    assert done.stderr.startswith("stationleaf: 192.0.2.1 is not an address of this machine.")
    done = run(["hub", "serve", str(live.home.path), "--host", "no.such.host.invalid", "--port", "1"])
    assert done.stderr.startswith("stationleaf: no.such.host.invalid is not an address of this machine.")


def test_a_folder_that_is_no_hub_is_told(tmp_path: Path) -> None:
    assert "is not a hub" in _fails(tmp_path / "nothing")


def test_keys_that_others_can_read_are_told(live: Plant) -> None:
    key = live.home.path / "keys" / "lease.key"
    key.chmod(0o644)
    line = _fails(live.home.path)
    assert f"Others on this machine can read {key}." in line
    assert "chmod" in line
    assert stat.S_IMODE(key.stat().st_mode) == 0o644  # told, not changed behind anybody's back


def test_a_database_of_a_newer_program_is_told_and_left_alone(live: Plant) -> None:
    with live.store.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'r9999'"))
    line = _fails(live.home.path, "--port", str(free_port()))
    assert "was written by a newer Stationleaf" in line
    with live.store.read() as session:
        assert session.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "r9999"


def test_a_certificate_that_is_none_is_told_where_no_other_can_be_made(live: Plant) -> None:
    live.home.server_cert.write_text("no certificate")
    (live.home.path / "tls" / "ca.key").unlink()
    assert "certificate" in _fails(live.home.path, "--port", str(free_port()))


def test_a_database_that_is_none_is_told(live: Plant) -> None:
    live.store.close()
    (live.home.path / "hub.db").write_bytes(b"no database" * 1000)
    for more in live.home.path.glob("hub.db-*"):
        more.unlink()
    assert "database file is damaged" in _fails(live.home.path, "--port", str(free_port()))
