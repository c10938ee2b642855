"""Agreements signed at a kiosk, as their events come in: what counts, and what quality is told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.hub.schema import AlarmRow, EventRow
from app.hub.schema_agreements import Agreement, AgreementVersion
from app.seal.encoding import sha256
from app.seal.keys import SigningKey
from app.wire.agreement import MEANING, AgreementSignature
from app.wire.messages import EventKind
from tests.hub_api.plant import NOW

if TYPE_CHECKING:
    from tests.hub_api.plant import Device, Plant

TEXT = sha256(b"You keep it to yourself.")


@pytest.fixture
def device(plant: Plant) -> Device:
    """K-1, where P-1 can sign version 7 of ACME's agreement."""
    plant.add(
        AgreementVersion(client="ACME", version="7", title="NDA", sha256=TEXT, made=NOW, by="SUP-1"),
    )
    return plant.kiosk("K-1", "ST-1")


def delivered(plant: Plant, device: Device, key: SigningKey | None = None, **lies: Any) -> None:
    words: dict[str, Any] = {
        "kiosk": "K-1", "person": "P-1", "name": "Name of P-1", "client": "ACME", "version": "7",
        "sha256": TEXT, "meaning": MEANING, "signed": plant.clock.now(),
    }  # fmt: skip
    signature = AgreementSignature(**{**words, **lies})
    envelope = signature.sealed(key or plant.keys["P-1"].sign).decode()
    body = {"version": signature.version, "text": signature.sha256, "envelope": envelope}
    written = device.write(1, kind=EventKind.AGREEMENT_SIGNED, client="ACME", revision="", page="", body=body)
    answer = device.deliver(written)
    assert answer.status_code == 200, answer.text


def signed(plant: Plant) -> Agreement | None:
    with plant.writing() as session:
        return session.get(Agreement, ("P-1", "ACME", "7"))


def told(plant: Plant) -> tuple[int, list[str]]:
    """How many signatures are kept as events, and which alarms there are."""
    with plant.writing() as session:
        kept = session.scalars(
            select(EventRow.kind).where(EventRow.kind == EventKind.AGREEMENT_SIGNED.value)
        ).all()
        return len(kept), list(session.scalars(select(AlarmRow.kind)))


def test_a_signature_by_the_persons_own_key_counts(plant: Plant, device: Device) -> None:
    delivered(plant, device)
    row = signed(plant)
    assert row is not None
    assert (row.kiosk, row.meaning, row.sha256) == ("K-1", MEANING, TEXT)
    assert told(plant) == (1, [])


@pytest.mark.parametrize(
    "lies",
    [{"person": "P-2"}, {"client": "BOLT"}, {"kiosk": "K-2"}, {"sha256": sha256(b"?")}, {"version": "8"}],
)
def test_a_signature_of_something_else_is_kept_and_does_not_count(
    plant: Plant, device: Device, lies: dict[str, str]
) -> None:
    delivered(plant, device, **lies)
    assert signed(plant) is None
    assert told(plant) == (1, ["bad_signature"])


def test_a_signature_by_a_key_that_is_not_the_persons_does_not_count(plant: Plant, device: Device) -> None:
    delivered(plant, device, SigningKey.generate())
    assert signed(plant) is None
    assert told(plant) == (1, ["bad_signature"])


def test_what_was_withdrawn_is_not_given_again_at_a_kiosk(plant: Plant, device: Device) -> None:
    withdrawn = plant.clock.now()
    plant.add(Agreement(person="P-1", client="ACME", version="7", signed=NOW, withdrawn=withdrawn))
    delivered(plant, device, signed=withdrawn + timedelta(minutes=1))
    row = signed(plant)
    assert row is not None
    assert row.withdrawn == withdrawn
    assert row.kiosk == ""
