"""Revocation at the hub's interface: nothing more is handed out, and who could hold what is known."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.hub.acting import Acting, Actor
from app.hub.enrolment import ENROLLED
from app.hub.lockdown import restore, revoke
from app.hub.receipts import Outcome, Wanted, receipts
from app.hub.revocations import Kind
from app.hub.schema import ChangeRow, RevocationHolder, RevocationRow
from app.model.decide import Reason
from app.model.errors import Refused
from app.model.terms import Role
from app.seal.encoding import b64
from app.seal.keys import SigningKey
from app.wire.messages import EventKind
from tests.hub_api.plant import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.hub.receipts import At
    from app.wire.messages import EventBatch
    from tests.hub_api.plant import Device, Plant

TEXTS = [b"page %d" % number for number in range(3)]


@pytest.fixture
def blobs(plant: Plant) -> list[str]:
    return plant.publish("WI-1", "PUMP", [(text, ["ST-1"]) for text in TEXTS])


@pytest.fixture
def kiosk(plant: Plant, blobs: list[str]) -> Device:
    return plant.kiosk("K-1", "ST-1")


def act(plant: Plant, kind: Kind, code: str, what: Callable[[Acting, Kind, str], object] = revoke) -> None:
    with plant.writing() as session:
        actor = Actor("SUP-1", frozenset(Role))
        what(Acting(session, actor, plant.clock.now(), "a test"), kind, code)


def accept(kiosk: Device) -> int:
    """Fetch a lease and tell in the journal that it was accepted."""
    number = kiosk.lease()[0].number
    assert kiosk.deliver(accepted(kiosk, number)).status_code == 200
    return number


def accepted(kiosk: Device, number: int) -> EventBatch:
    return kiosk.write(
        kind=EventKind.LEASE_ACCEPTED, body={"number": number}, page="", revision="", client=""
    )


def holders(plant: Plant) -> list[tuple[str, int, int, int, int]]:
    with plant.store.read() as session:
        rows = session.scalars(
            select(RevocationHolder).order_by(RevocationHolder.kiosk, RevocationHolder.epoch)
        )
        return [(row.kiosk, row.epoch, row.first, row.last, row.pages) for row in rows]


def at(plant: Plant) -> tuple[At, ...]:
    with plant.store.read() as session:
        return receipts(session, Wanted(), plant.clock.now())[-1].holders


@pytest.mark.parametrize(("kind", "code"), [(Kind.STATION, "ST-1"), (Kind.LINE, "L1"), (Kind.CLIENT, "ACME")])
def test_no_page_is_handed_out_from_the_moment_on_even_by_the_lease_before(
    plant: Plant, kiosk: Device, blobs: list[str], kind: Kind, code: str
) -> None:
    assert len(kiosk.lease()[1].pages) == 3
    assert kiosk.ask("GET", f"/v1/blob/{blobs[0]}").status_code == 200
    act(plant, kind, code)
    assert kiosk.ask("GET", f"/v1/blob/{blobs[0]}").status_code == 404
    lease, manifest, _ = kiosk.lease()
    assert manifest.pages == lease.bundles == ()
    assert dict(lease.operators[0].withheld) == {Reason.LOCKED_DOWN: 3}
    act(plant, kind, code, restore)
    assert len(kiosk.lease()[1].pages) == 3
    assert kiosk.ask("GET", f"/v1/blob/{blobs[0]}").status_code == 200


def test_other_stations_and_clients_go_on(plant: Plant, kiosk: Device) -> None:
    for kind, code in ((Kind.STATION, "ST-2"), (Kind.LINE, "L2"), (Kind.CLIENT, "OTHER")):
        if kind is Kind.CLIENT:
            plant.customer(code)
        if kind is Kind.LINE:
            with plant.writing():
                plant.line(code)
        act(plant, kind, code)
    assert len(kiosk.lease()[1].pages) == 3


def test_a_lines_lockdown_knows_its_kiosks_and_is_no_other_supervisors(plant: Plant, kiosk: Device) -> None:
    with plant.writing():
        plant.line("L2")
        plant.station("ST-9", "L2", ["PUMP"])
        plant.publish("WI-9", "PUMP", [(b"nine", ["ST-9"])])
        plant.person("P-9")
        plant.sign("P-9", "ACME")
        plant.assign("P-9", "ST-9")
        other = plant.kiosk("K-9", "ST-9")
    kiosk.lease()
    other.lease()
    leads = Actor("SUP-7", frozenset({Role.SUPERVISOR}), frozenset({"L1"}))
    with plant.store.rehearse() as session, pytest.raises(Refused, match=r"does not supervise line L2\."):
        revoke(Acting(session, leads, plant.clock.now(), "a test"), Kind.LINE, "L2")
    with plant.writing() as session:
        revoke(Acting(session, leads, plant.clock.now(), "a test"), Kind.LINE, "L1")
    assert holders(plant) == [("K-1", 1, 1, 1, 3)]
    assert len(other.lease()[1].pages) == 1
    with plant.store.rehearse() as session, pytest.raises(Refused, match="may not lock a client's pages"):
        restore(Acting(session, leads, plant.clock.now(), "a test"), Kind.LINE, "L1")


def test_the_hub_knows_each_lease_that_may_be_held_and_its_end(plant: Plant, kiosk: Device) -> None:
    for _ in range(3):
        kiosk.lease()
        plant.clock.forward(hours=2)
    accept(kiosk)  # the fourth; three answers may have been lost before
    plant.clock.forward(hours=2)
    kiosk.lease()  # the fifth: nothing is known of it
    end = plant.clock.now() + timedelta(hours=72)
    act(plant, Kind.CLIENT, "ACME")
    assert holders(plant) == [("K-1", 1, 4, 5, 3)]
    (only,) = at(plant)
    assert (only.until, only.standing.outcome) == (end, Outcome.OPEN)
    plant.clock.forward(hours=73)
    assert at(plant)[0].standing.outcome is Outcome.ENDED


def test_who_never_had_it_needs_no_receipt(plant: Plant, kiosk: Device) -> None:
    kiosk.lease()  # its answer is lost
    act(plant, Kind.CLIENT, "ACME")
    assert at(plant)[0].standing.outcome is Outcome.OPEN
    accept(kiosk)
    assert at(plant)[0].standing.outcome is Outcome.NOT_HELD


def test_who_gave_everything_up_holds_nothing(plant: Plant, kiosk: Device) -> None:
    number = accept(kiosk)
    gone = kiosk.write(
        kind=EventKind.PURGED, body={"all": True, "before": number}, page="", revision="", client=""
    )
    assert kiosk.deliver(gone).status_code == 200
    act(plant, Kind.CLIENT, "ACME")
    assert holders(plant) == []


def test_a_device_that_was_replaced_holds_its_leases_to_their_end(plant: Plant, kiosk: Device) -> None:
    accept(kiosk)
    plant.clock.forward(minutes=5)
    fresh = SigningKey.generate()
    for epoch, moment, key in ((1, NOW - timedelta(days=1), kiosk.sign), (2, plant.clock.now(), fresh)):
        after = {"epoch": epoch, "sign_key": b64(key.public)}
        plant.add(ChangeRow(at=moment, by="SUP-1", act=ENROLLED, subject="K-1", before=None, after=after))
    kiosk.sign, kiosk.epoch, kiosk.seq, kiosk.head, kiosk.counter = fresh, 2, 0, "0" * 64, 100
    plant.set_kiosk("K-1", sign_key=fresh.public, epoch=2, held=0, held_hash="0" * 64)
    accept(kiosk)
    act(plant, Kind.CLIENT, "ACME")
    assert [(held[0], held[1]) for held in holders(plant)] == [("K-1", 1), ("K-1", 2)]
    accept(kiosk)  # the new device's word is not the old one's
    assert [one.standing.outcome for one in at(plant)] == [Outcome.OPEN, Outcome.KEYS_GONE]


def test_a_kiosk_that_forks_is_revoked_by_the_hub(plant: Plant, kiosk: Device) -> None:
    accept(kiosk)
    head, seq = kiosk.head, kiosk.seq
    assert kiosk.deliver(kiosk.write(2)).status_code == 200
    kiosk.head, kiosk.seq = head, seq
    assert kiosk.deliver(kiosk.write(2)).status_code == 409
    with plant.store.read() as session:
        (row,) = session.scalars(select(RevocationRow))
        assert (row.kind, row.code, row.by) == ("kiosk", "K-1", "hub")
        assert "two histories" in row.reason
    assert holders(plant) == [("K-1", 1, 1, 1, 3)]
