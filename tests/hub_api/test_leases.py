"""Leases as a kiosk gets them: numbers, chain, reissue, what is said of people, and the boot share."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.hub.leases import FARTHEST
from app.hub.plans import IDENTIFIABLE
from app.hub.schema import AlarmRow, Client, LeaseRow, Setting
from app.kiosk.access import Holding, Local, Opened, readable
from app.kiosk.lease_check import Identity, Mark, check_lease
from app.model.decide import Reason
from app.model.terms import Classification, CredentialKind, Role
from app.seal.boxes import hpke_open
from app.seal.dsse import unverified_payload
from app.seal.encoding import sha256
from app.wire.lease import boot_info
from app.wire.messages import LEASE_TYPE
from tests.hub_api.plant import NOW, Plant

if TYPE_CHECKING:
    from datetime import datetime

    from app.wire.lease import Lease, LeaseReply
    from tests.hub_api.plant import Device


@pytest.fixture
def kiosk(plant: Plant) -> Device:
    plant.publish("WI-1", "PUMP", [(b"page one", ["ST-1"]), (b"page two", ["ST-1", "ST-2"])])
    return plant.kiosk("K-1", "ST-1")


def _payload(reply: LeaseReply) -> str:
    return sha256(unverified_payload(reply.envelope.encode(), LEASE_TYPE))


def _current(kiosk: Device, lease: Lease) -> bool:
    path = f"/v1/lease?have={lease.number}&manifest={lease.manifest}"
    return kiosk.ask("GET", path).status_code == 204


def test_the_kiosks_own_check_accepts_what_the_hub_issues(plant: Plant, kiosk: Device) -> None:
    who = Identity("K-1", "S1", (plant.home.keys.lease.public,), kiosk.seal)
    mark = Mark()
    for step in range(3):
        _, _, reply = kiosk.lease(mark.number)
        checked = check_lease(
            reply.envelope.encode(), reply.manifest, identity=who, mark=mark, now=plant.clock.now()
        )
        assert checked.mark.number == mark.number + 1
        mark = checked.mark
        plant.set_person("P-1", name=f"Name {step}")


def test_a_lease_stands_until_something_changes_or_an_hour_has_passed(plant: Plant, kiosk: Device) -> None:
    first, _, reply = kiosk.lease()
    assert first.number == 1
    assert first.previous == ""
    plant.clock.forward(minutes=59)
    assert _current(kiosk, first)
    plant.clock.forward(minutes=1)
    second, _, again = kiosk.lease()
    assert (second.number, second.previous) == (2, _payload(reply))
    assert second.issued == plant.clock.now()
    assert second.manifest == first.manifest
    plant.publish("WI-2", "PUMP", [(b"new", ["ST-1"])])
    assert not _current(kiosk, second)
    third, manifest, _ = kiosk.lease()
    assert (third.number, third.previous) == (3, _payload(again))
    assert len(manifest.pages) == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda plant: plant.set_person("P-1", name="Another Name"),
        lambda plant: plant.set_person("P-1", active=False),
        lambda plant: plant.set_person("P-1", ceiling="internal"),
        lambda plant: plant.set_person("P-1", language="es"),
        lambda plant: plant.set_person("P-1", text_size=200),
        lambda plant: plant.badge("P-1"),
        lambda plant: plant.assign("P-2", "ST-1"),
        lambda plant: plant.assign("P-2", "ST-1", NOW + timedelta(hours=3)),
        lambda plant: plant.train("P-1", "WI-1", "A"),
        lambda plant: plant.add(Setting(name="idle_seconds", value=90)),
        lambda plant: plant.add(Setting(name="site_ceiling", value="internal")),
        lambda plant: plant.change(Client, "ACME", agreement_version="2"),
        lambda plant: plant.change(Client, "ACME", offline_hours=10),
        lambda plant: plant.set_kiosk("K-1", station="ST-2"),
        lambda plant: plant.publish("WI-9", "PUMP", [(b"nine", ["ALL"])]),
    ],
)
def test_each_change_that_matters_here_makes_a_new_lease(plant: Plant, kiosk: Device, change: object) -> None:
    lease, _, _ = kiosk.lease()
    assert _current(kiosk, lease)
    change(plant)  # type: ignore[operator]
    assert not _current(kiosk, lease)
    assert kiosk.lease()[0].number == lease.number + 1


def test_what_happens_elsewhere_makes_none(plant: Plant, kiosk: Device) -> None:
    lease, _, _ = kiosk.lease()
    plant.line("L2")
    plant.station("ST-9", "L2", ["PUMP"])
    plant.person("P-9")
    plant.assign("P-9", "ST-9")
    plant.publish("WI-9", "PUMP", [(b"nine", ["ST-9"])])
    plant.kiosk("K-9", "ST-9")
    assert _current(kiosk, lease)


def test_a_kiosk_that_has_just_started_gets_the_lease_in_force_again(plant: Plant, kiosk: Device) -> None:
    lease, _, first = kiosk.lease()
    again, _, second = kiosk.lease()
    assert (again, first.envelope) == (lease, second.envelope)
    with plant.store.read() as session:
        assert session.query(LeaseRow).count() == 1


def test_the_manifest_is_left_out_where_it_is_known(kiosk: Device) -> None:
    lease, _, _ = kiosk.lease()
    response = kiosk.ask("GET", f"/v1/lease?have=0&manifest={lease.manifest}")
    assert response.json()["manifest"] == ""
    assert response.json()["envelope"]


def test_the_boot_share_opens_with_the_device_alone_and_stays_the_same(plant: Plant, kiosk: Device) -> None:
    lease, _, first = kiosk.lease()
    _, _, second = kiosk.lease()
    info = boot_info("K-1", lease.number)
    share = hpke_open(first.boot_share, kiosk.seal, info)
    assert len(share) == 32
    assert hpke_open(second.boot_share, kiosk.seal, info) == share
    other = plant.kiosk("K-2", "ST-1")
    there, _, reply = other.lease()
    assert hpke_open(reply.boot_share, other.seal, boot_info("K-2", there.number)) != share


def test_a_lease_names_no_other_stations_clients_or_documents(plant: Plant, kiosk: Device) -> None:
    plant.station("ST-3", "L1", ["VALVE"])
    plant.publish("WI-7", "VALVE", [(b"seven", ["ST-3"])])
    plant.publish("WI-8", "PUMP", [(b"eight", ["ST-1", "ST-3"])])
    plant.sign("P-1", "BOLT")
    plant.train("P-1", "WI-7", "A")
    lease, manifest, _ = kiosk.lease()
    text = lease.exact() + manifest.exact()
    for secret in (b"ST-3", b"BOLT", b"VALVE", b"WI-7"):
        assert secret not in text


def test_people_of_the_line_can_be_identified_and_nobody_else(plant: Plant, kiosk: Device) -> None:
    plant.line("L2")
    plant.station("ST-9", "L2", ["PUMP"])
    plant.person("S-1", roles=[Role.SUPERVISOR], supervises=["L1"])
    plant.person("S-9", roles=[Role.SUPERVISOR], supervises=["L2"])
    for person in ("P-9", "P-old", "P-gone", "P-lost", "P-later"):
        plant.person(person, active=person != "P-gone", badge_active=person != "P-lost")
    plant.assign("P-9", "ST-9")
    plant.assign("P-old", "ST-1", NOW - timedelta(days=9), NOW)
    plant.assign("P-gone", "ST-1")
    plant.assign("P-lost", "ST-1")
    plant.assign("P-later", "ST-2", NOW + timedelta(hours=71))
    lease, _, _ = kiosk.lease()
    assert [operator.person for operator in lease.operators] == ["P-1", "P-2", "P-later", "S-1"]
    (supervisor,) = [operator for operator in lease.operators if operator.person == "S-1"]
    assert supervisor.roles == (Role.SUPERVISOR,)
    assert all(set(bundle.sealed) == {"P-1"} for bundle in lease.bundles)


def test_forty_can_be_identified_and_those_who_work_here_always(plant: Plant, kiosk: Device) -> None:
    with plant.writing():
        for number in range(50):
            plant.person(f"A-{number:02}")
            plant.assign(f"A-{number:02}", "ST-2")
        for number in range(20):
            plant.person(f"Z-{number:02}")
            plant.assign(f"Z-{number:02}", "ST-1")
    lease, _, _ = kiosk.lease()
    people = {operator.person for operator in lease.operators}
    assert len(people) == IDENTIFIABLE
    assert {f"Z-{number:02}" for number in range(20)} | {"P-1"} <= people
    with plant.writing():
        for number in range(45):
            plant.person(f"Y-{number:02}")
            plant.assign(f"Y-{number:02}", "ST-1")
    assert len(kiosk.lease()[0].operators) == 20 + 1 + 45


def test_the_newest_badge_is_the_one_that_opens(plant: Plant, kiosk: Device) -> None:
    old = plant.keys["P-1"]
    plant.clock.forward(seconds=1)
    plant.badge("P-1", CredentialKind.UID_PIN)
    lease, _, _ = kiosk.lease()
    (operator,) = [operator for operator in lease.operators if operator.person == "P-1"]
    (slot,) = operator.slots
    assert slot.seal_public == plant.keys["P-1"].seal.public != old.seal.public


def test_allowances_follow_client_and_class(plant: Plant, kiosk: Device) -> None:
    plant.publish("WI-R", "PUMP", [(b"secret", ["ST-1"])], classification=Classification.RESTRICTED)
    lease, _, _ = kiosk.lease()
    until = {(a.client, a.classification): a.until for a in lease.allowances}
    assert until == {
        ("ACME", Classification.STANDARD): NOW + timedelta(hours=72),
        ("ACME", Classification.RESTRICTED): NOW + timedelta(hours=12),
    }
    assert lease.expires == NOW + timedelta(hours=72)
    assert all(allowance.until <= lease.expires for allowance in lease.allowances)


def test_a_station_without_pages_has_a_lease_without_keys(plant: Plant) -> None:
    plant.station("ST-5", "L1", [])
    lease, manifest, _ = plant.kiosk("K-5", "ST-5").lease()
    assert manifest.pages == ()
    assert lease.bundles == lease.allowances == ()
    assert {operator.person for operator in lease.operators} == {"P-1", "P-2"}


def test_who_may_read_nothing_learns_why_although_the_pages_stay_away(plant: Plant, kiosk: Device) -> None:
    plant.change(Client, "ACME", agreement_version="2")
    lease, manifest, _ = kiosk.lease()
    assert manifest.pages == ()
    withheld = {operator.person: operator.withheld for operator in lease.operators}
    assert withheld == {"P-1": {Reason.NO_AGREEMENT: 2}, "P-2": {}}  # P-2 works elsewhere
    plant.sign("P-1", "ACME", "2")
    lease, manifest, _ = kiosk.lease()
    assert len(manifest.pages) == 2
    assert all(not operator.withheld for operator in lease.operators)


def test_fast_forward_recovery_of_a_kiosk_ahead_of_its_hub_is_told_once(plant: Plant, kiosk: Device) -> None:
    kiosk.lease()
    for _ in range(2):
        lease, _, _ = kiosk.lease(have=7)
        assert lease.number == 9  # above every number that it has seen, and not as if it followed 7
    with plant.store.read() as session:
        (alarm,) = session.query(AlarmRow)
        assert (alarm.kind, alarm.detail) == ("lease_ahead", {"has": 7, "newest": 1, "given": 9})


def test_a_kiosk_that_let_its_lease_go_is_lifted_by_the_number_it_remembers(
    plant: Plant, kiosk: Device
) -> None:
    kiosk.lease()
    kiosk.ask("GET", "/v1/lease?have=0&manifest=&seen=40")
    assert kiosk.lease()[0].number == 42


def test_a_kiosk_that_names_an_absurd_number_harms_nobody_and_gets_leases(
    plant: Plant, kiosk: Device
) -> None:
    for _ in range(3):
        assert kiosk.lease(have=2**53)[0].number == FARTHEST + 2
    plant.clock.forward(hours=1)
    assert kiosk.lease(have=2**53)[0].number == FARTHEST + 3


def test_a_revision_for_later_is_in_the_lease_before_and_readable_from_its_time_on_without_the_hub(
    plant: Plant, kiosk: Device
) -> None:
    begins = NOW + timedelta(hours=3)
    plant.publish("WI-7", "PUMP", [(b"of tomorrow", ["ST-1"])], effective_from=begins)
    plant.publish("WI-8", "PUMP", [(b"of next week", ["ST-1"])], effective_from=NOW + timedelta(days=7))
    lease, manifest, reply = kiosk.lease()
    held = {page.document for page in manifest.pages}
    assert "WI-7" in held
    assert "WI-8" not in held  # this lease has ended by then
    (operator,) = (each for each in lease.operators if each.person == "P-1")
    opened = Opened(operator, operator.slots[0], plant.keys["P-1"])
    share = hpke_open(reply.boot_share, kiosk.seal, boot_info("K-1", lease.number))

    def documents(now: datetime) -> set[str]:
        found = readable(Holding(lease, manifest, share), opened, Local(), now)
        return {page.document for page in found.pages}

    assert documents(begins - timedelta(seconds=1)) == held - {"WI-7"}
    assert documents(begins) == held
    plant.clock.forward(minutes=59)
    assert kiosk.lease()[0].number == lease.number  # nothing to tell: it says so already


def test_old_envelopes_are_let_go_but_their_hashes_stay(plant: Plant, kiosk: Device) -> None:
    kiosk.lease()
    plant.clock.forward(days=31)
    kiosk.lease()
    with plant.store.read() as session:
        old, new = session.query(LeaseRow).order_by(LeaseRow.number)
        assert (old.envelope, len(old.payload_hash)) == (b"", 64)
        assert new.envelope


def test_many_questions_at_once_make_one_chain(plant: Plant, kiosk: Device) -> None:
    other = plant.kiosk("K-2", "ST-2")
    plant.sign("P-2", "BOLT")
    got: list[tuple[str, int, str, str]] = []
    start = threading.Barrier(4)

    def fetch(device: Device) -> None:
        start.wait()
        for _ in range(3):
            lease, manifest, reply = device.lease()
            for page in manifest.pages:
                assert sha256(device.ask("GET", f"/v1/blob/{page.blob}").content) == page.blob
            got.append((lease.kiosk, lease.number, lease.previous, _payload(reply)))

    threads = [threading.Thread(target=fetch, args=(device,)) for device in (kiosk, other)]
    changes = threading.Thread(target=_change, args=(plant, start))
    hourly = threading.Thread(target=_change, args=(plant, start))
    for thread in (*threads, changes, hourly):
        thread.start()
    for thread in (*threads, changes, hourly):
        thread.join()
    assert len(got) == 6
    for code in ("K-1", "K-2"):
        leases = {number: (previous, own) for who, number, previous, own in got if who == code}
        assert len({own for _, own in leases.values()}) == len(leases)
        for number, (previous, _) in leases.items():
            if number - 1 in leases:
                assert previous == leases[number - 1][1]


def _change(plant: Plant, start: threading.Barrier) -> None:
    start.wait()
    for number in range(3):
        code = f"X-{threading.get_ident()}-{number}"[:60]
        with plant.store.write() as session:
            session.merge(Setting(name="idle_seconds", value=60 + number))
            session.merge(Setting(name=code, value=1))
