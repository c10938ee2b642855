"""One kiosk from its lease to its record, through the front door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.hub.schema import EventRow
from app.seal.boxes import hpke_open, open_page, unwrap_key
from app.wire.lease import bundle_info
from app.wire.messages import BlobRequest, EventReply

if TYPE_CHECKING:
    from tests.hub_api.plant import Plant


def test_a_kiosk_gets_its_pages_and_delivers_its_record(plant: Plant) -> None:
    mine, other = plant.publish("WI-1", "PUMP", [(b"page one", ["ST-1"]), (b"page two", ["ST-2"])])
    kiosk = plant.kiosk("K-1", "ST-1")

    lease, manifest, _ = kiosk.lease()
    assert [page.blob for page in manifest.pages] == [mine]
    assert [operator.person for operator in lease.operators] == ["P-1", "P-2"]

    stream = kiosk.ask("POST", "/v1/blobs", BlobRequest(hashes=(mine, other)).exact()).content
    assert stream[:32].hex() == mine
    box = stream[36:]
    assert int.from_bytes(stream[32:36], "big") == len(box)
    assert kiosk.ask("GET", f"/v1/blob/{mine}").content == box

    (bundle,) = lease.bundles
    assert list(bundle.sealed) == ["P-1"]
    key = hpke_open(bundle.sealed["P-1"], plant.keys["P-1"].seal, bundle_info("K-1", lease.number, 0, "P-1"))
    (page,) = manifest.pages
    assert open_page(box, unwrap_key(bundle.keys[mine], key), page.page, page.revision_key) == b"page one"

    batch = kiosk.write(5)
    reply = EventReply.read(kiosk.deliver(batch).content)
    assert (reply.held, reply.hash) == (5, kiosk.head)
    with plant.store.read() as session:
        assert session.query(EventRow).count() == 5
