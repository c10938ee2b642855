"""Steps at the hub: what kiosks are told, signatures as they come in, and the history of a unit."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.cli.main import main
from app.hub.schema import AlarmRow, Client, EventRow, RevisionRow
from app.hub.schema_steps import FormerKey, StepRow
from app.seal.keys import SigningKey
from app.wire.acts import Act, sign_act
from app.wire.lease import StepInfo
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from app.wire.messages import Event
    from tests.hub_api.plant import Device, Plant

CONFIRMED = EventKind.STEP_CONFIRMED
MEANING = "I did this step as the instruction says."


@pytest.fixture
def stepped(plant: Plant) -> Plant:
    """WI-9 of ACME has two pages; step 1 is plain, step 2 is signed."""
    plant.publish("WI-9", "PUMP", [(b"one", ["ST-1"]), (b"two", ["ST-1"])])
    with plant.writing() as session:
        revision = session.scalars(select(RevisionRow.id).where(RevisionRow.document == "WI-9")).one()
        for place, sign in ((1, False), (2, True)):
            step = StepRow(
                revision=revision, code=str(place), place=place, page=place, title="Seat it", sign=sign
            )
            session.add(step)
    return plant


def told(plant: Plant, device: Device, **changes: Any) -> Event:
    """A confirmation as the kiosk would write it next."""
    words = {"kind": CONFIRMED, "revision": "WI-9/A", "unit": "SN-1", "body": {"step": "2"}, **changes}
    return device.event(device.seq + 1, device.head, **words)


def by(event: Event, key: SigningKey, **lies: Any) -> dict[str, Any]:
    """The body of the event with its signature; ``lies`` are what was signed instead."""
    body = {**event.body, "meaning": MEANING}
    act = Act.of(event.model_copy(update={"body": body})).model_copy(update=lies)
    return {**event.body, **sign_act(act, key)}


def deliver(plant: Plant, device: Device, **changes: Any) -> None:
    words = {"kind": CONFIRMED, "revision": "WI-9/A", "unit": "SN-1", **changes}
    response = device.deliver(device.write(1, **words))
    assert response.status_code == 200, response.text


def alarms(plant: Plant) -> list[tuple[str, str]]:
    with plant.store.read() as session:
        rows = session.scalars(select(AlarmRow).order_by(AlarmRow.id))
        return [(row.kind, row.detail.get("says", "")) for row in rows]


def kept(plant: Plant) -> int:
    with plant.store.read() as session:
        return len(session.scalars(select(EventRow.id).where(EventRow.kind == CONFIRMED.value)).all())


def history(plant: Plant, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    assert main(["admin", "--hub", str(plant.home.path), "events", *more]) == 0
    return capsys.readouterr().out


def test_kiosks_are_told_each_pages_steps_and_which_are_signed(stepped: Plant) -> None:
    device = stepped.kiosk("K-1", "ST-1")

    def steps() -> list[tuple[StepInfo, ...]]:
        return [page.steps for page in device.lease()[1].pages if page.document == "WI-9"]

    assert steps() == [(StepInfo(step="1"),), (StepInfo(step="2", sign=True),)]
    stepped.change(Client, "ACME", sign_steps=True)
    assert steps() == [(StepInfo(step="1", sign=True),), (StepInfo(step="2", sign=True),)]


def test_a_signature_that_holds_is_shown_with_name_time_and_meaning(
    stepped: Plant, capsys: pytest.CaptureFixture[str]
) -> None:
    device = stepped.kiosk("K-1", "ST-1")
    event = told(stepped, device)
    deliver(stepped, device, body=by(event, stepped.keys["P-1"].sign))
    assert (alarms(stepped), kept(stepped)) == ([], 1)
    shown = history(stepped, capsys, "--unit", "SN-1")
    assert "2026-03-02 06:00:00" in shown
    assert f"step 2 (Seat it), signed by Name of P-1: “{MEANING}”; the signature holds" in shown
    assert history(stepped, capsys, "--unit", "SN-2") == "No events.\n"
    (row,) = csv.DictReader(io.StringIO(history(stepped, capsys, "--unit", "SN-1", "--csv")))
    wanted = {
        "unit": "SN-1", "step": "2", "step_title": "Seat it", "signed_by": "Name of P-1",
        "meaning": MEANING, "signature": "holds", "person": "P-1",
    }  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("lies", "signer", "says"),
    [
        ({"step": "1"}, "P-1", "the signature does not hold"),
        ({"unit": "SN-2"}, "P-1", "the signature does not hold"),
        ({}, "SUP", "the key is not the person's"),
    ],
)
def test_a_wrong_signature_is_kept_told_to_quality_and_shown_as_wrong(
    stepped: Plant, capsys: pytest.CaptureFixture[str], lies: dict[str, str], signer: str, says: str
) -> None:
    device = stepped.kiosk("K-1", "ST-1")
    key = stepped.keys["P-1"].sign if signer == "P-1" else SigningKey.generate()
    deliver(stepped, device, body=by(told(stepped, device), key, **lies))
    assert (kept(stepped), alarms(stepped)) == (1, [("bad_signature", says)])
    assert f"; but {says}" in history(stepped, capsys, "--unit", "SN-1")


def test_what_is_no_signature_at_all_is_kept_too(stepped: Plant) -> None:
    device = stepped.kiosk("K-1", "ST-1")
    for body in ({"step": "2", "signature": 7}, {"step": "2", "signature": "x", "key": "=", "meaning": "m"},
                 {"signature": ["?"]}, {"step": 2, "meaning": None, "signature": ""}):  # fmt: skip
        deliver(stepped, device, body=body)
    assert kept(stepped) == 4
    assert [kind for kind, _ in alarms(stepped)] == ["bad_signature"] * 4


def test_a_signature_counts_once(stepped: Plant, capsys: pytest.CaptureFixture[str]) -> None:
    device = stepped.kiosk("K-1", "ST-1")
    body = by(told(stepped, device), stepped.keys["P-1"].sign)
    deliver(stepped, device, body=body)
    deliver(stepped, device, body=body)
    assert alarms(stepped) == [("bad_signature", "the same signature is on another event")]
    assert history(stepped, capsys, "--unit", "SN-1").count("; the signature holds") == 1


def test_a_step_that_is_signed_does_not_come_in_unsigned_unseen(stepped: Plant) -> None:
    device = stepped.kiosk("K-1", "ST-1")
    deliver(stepped, device, body={"step": "1"})
    assert alarms(stepped) == []
    deliver(stepped, device, body={"step": "2"})
    assert (kept(stepped), [kind for kind, _ in alarms(stepped)]) == (2, ["unsigned_step"])


def test_what_was_signed_before_a_new_pin_still_counts(stepped: Plant) -> None:
    device = stepped.kiosk("K-1", "ST-1")
    before = SigningKey.generate()
    stepped.add(FormerKey(person="P-1", sign_public=before.public, until=stepped.clock.now()))
    deliver(stepped, device, body=by(told(stepped, device), before))
    assert alarms(stepped) == []
