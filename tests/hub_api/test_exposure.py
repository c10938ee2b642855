"""Exposure limits: who has seen too much of a client gets no more of it, and is told why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.hub.schema import Client
from app.model.decide import Reason
from app.model.terms import Classification
from app.seal.encoding import sha256

if TYPE_CHECKING:
    from tests.hub_api.plant import Device, Plant

TEXTS = [b"page %d" % number for number in range(4)]


@pytest.fixture
def kiosk(plant: Plant) -> Device:
    plant.publish("WI-1", "PUMP", [(text, ["ST-1"]) for text in TEXTS])
    plant.change(Client, "ACME", exposure_limit=50)
    plant.assign("P-2", "ST-1")
    return plant.kiosk("K-1", "ST-1")


def _look(kiosk: Device, person: str, *texts: bytes) -> None:
    for text in texts:
        reply = kiosk.deliver(kiosk.write(person=person, page=sha256(text), revision="WI-1/A"))
        assert reply.status_code == 200


def _readers(kiosk: Device) -> set[str]:
    lease, _, _ = kiosk.lease()
    return {person for bundle in lease.bundles for person in bundle.sealed}


def test_up_to_the_limit_nothing_changes_and_beyond_it_the_client_is_closed(
    plant: Plant, kiosk: Device
) -> None:
    other = plant.kiosk("K-2", "ST-1")
    _look(kiosk, "P-1", TEXTS[0], TEXTS[0], TEXTS[1])  # half of them, one twice
    assert _readers(kiosk) == {"P-1", "P-2"}
    _look(other, "P-1", TEXTS[2])
    assert _readers(kiosk) == _readers(other) == {"P-2"}
    lease, _, _ = kiosk.lease()
    crossed = {operator.person: operator.exposure_crossed for operator in lease.operators}
    assert crossed == {"P-1": ("ACME",), "P-2": ()}


def test_a_kiosk_that_has_shown_too_much_is_closed_for_everybody(plant: Plant, kiosk: Device) -> None:
    _look(kiosk, "P-1", TEXTS[0], TEXTS[1])
    _look(kiosk, "P-2", TEXTS[2])
    lease, manifest, _ = kiosk.lease()
    assert manifest.pages == ()
    assert [dict(operator.withheld) for operator in lease.operators] == [{Reason.EXPOSURE_LIMIT: 4}] * 2
    assert _readers(plant.kiosk("K-2", "ST-1")) == {"P-1", "P-2"}


def test_pages_that_are_not_confidential_do_not_count(plant: Plant, kiosk: Device) -> None:
    plant.publish("WI-2", "PUMP", [(b"hall plan", ["ST-1"])], classification=Classification.INTERNAL)
    _look(kiosk, "P-1", TEXTS[0], TEXTS[1], b"hall plan")
    assert "P-1" in _readers(kiosk)


def test_a_client_without_limit_is_not_counted(plant: Plant, kiosk: Device) -> None:
    plant.change(Client, "ACME", exposure_limit=None)
    _look(kiosk, "P-1", *TEXTS)
    assert _readers(kiosk) == {"P-1", "P-2"}
