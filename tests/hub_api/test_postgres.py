"""The same hub on PostgreSQL: what the SQLite tests show in depth holds there too."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from app.hub.found import First, found
from app.hub.ingest import NotTaken, ingest
from app.hub.schema import AlarmRow, Client, EventRow, KioskRow
from app.hub.store import Store
from app.wire.messages import BlobRequest, EnrolRequest
from tests.hub_api import postgres
from tests.hub_api.plant import NOW, Device, Plant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(not postgres.can_run(), reason="PostgreSQL is not installed here")


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    path: Path = tmp_path_factory.mktemp("postgres") / "hub"
    with postgres.running() as address:
        home = found(
            path, site="S1", site_name="Plant One", hosts=["hub.plant.example"],
            first=First("SUP-1", "Ada Byron", "0012345678"), now=NOW, database=address,
        )  # fmt: skip
        plant = Plant(home, Store(home.database_url))
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


def test_leases_pages_and_events(plant: Plant) -> None:
    blobs = plant.publish("WI-1", "PUMP", [(b"page %d" % n, ["ST-1"]) for n in range(4)])
    plant.change(Client, "ACME", exposure_limit=90)
    kiosk = plant.kiosk("K-1", "ST-1")
    lease, manifest, _ = kiosk.lease()
    assert [page.blob for page in manifest.pages] == blobs
    stream = kiosk.ask("POST", "/v1/blobs", BlobRequest(hashes=tuple(blobs)).exact())
    assert stream.content.count(bytes.fromhex(blobs[3])) == 1
    batch = kiosk.write(50)
    assert kiosk.deliver(batch).content == kiosk.deliver(batch).content
    assert kiosk.ask("GET", f"/v1/lease?have=1&manifest={lease.manifest}").status_code == 204
    plant.clock.forward(hours=1)
    assert kiosk.lease(have=9)[0].number == 11
    kiosk.seq, kiosk.head = 3, batch.events[2].hash
    assert kiosk.deliver(kiosk.write(1)).json()["code"] == "fork"
    with plant.store.read() as session:
        assert session.get_one(KioskRow, "K-1").status == "forked"
        kinds = {row.kind for row in session.query(AlarmRow).filter_by(kiosk="K-1")}
    assert kinds == {"fork", "lease_ahead"}


def test_enrolment_and_its_limit(plant: Plant) -> None:
    plant.add(KioskRow(code="K-2", station="ST-1", status="pending"))
    plant.code("K-2", "A" * 16)
    device = Device(plant, "K-2")
    keys = {"sign_key": device.sign.public, "seal_key": device.seal.public}
    with plant.client() as client:
        codes = ["A" * 16, *["B" * 16] * 11]
        said = [
            client.post("/v1/enrol", content=EnrolRequest(code=code, device="", **keys).exact()).status_code
            for code in codes
        ]
    assert said == [200, *[403] * 10, 429]


def test_the_same_and_other_histories_from_many_threads(plant: Plant) -> None:
    kiosk = plant.kiosk("K-3", "ST-1")
    batches = [kiosk.write(40) for _ in range(3)]
    kiosk.seq, kiosk.head = 80, batches[1].events[-1].hash
    other = kiosk.write(40)
    outcomes: list[str] = []

    def send(last: object) -> None:
        for batch in (*batches[:2], last):
            try:
                reply = ingest(plant.store, plant.home.keys.seal, "K-3", batch, NOW)  # type: ignore[arg-type]
                outcomes.append(str(reply.held))
            except NotTaken as refusal:
                outcomes.append(refusal.code)

    threads = [threading.Thread(target=send, args=(last,)) for last in (batches[2], batches[2], other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with plant.store.read() as session:
        rows = session.query(EventRow.seq).filter_by(kiosk="K-3").order_by(EventRow.seq)
        assert [row.seq for row in rows] == list(range(1, 121))
    forks = outcomes.count("fork")
    assert forks in {1, 2}  # the history that came second, from one thread or from two
    assert len(outcomes) == 9
