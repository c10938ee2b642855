"""PINs, whole: the code at the hub, the slot made at a kiosk and handed in, the lease that follows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.hub.acting import Acting, Actor
from app.hub.badges import BadgeOffice, issue
from app.hub.pins import CODE_LIFE, TRIES, new_code
from app.hub.schema import AlarmRow, Badge, ChangeRow, PinCodeRow
from app.hub.settings import set_setting
from app.kiosk import access
from app.kiosk.access import Holding, Local
from app.kiosk.pin_setting import NewPin, order_slot
from app.model.decide import Reason
from app.model.errors import Damaged, Refused
from app.model.terms import Classification, CredentialKind, Role
from app.seal.boxes import hpke_open
from app.seal.slot import OperatorKey, Slot, make_slot
from app.wire.base import Problem
from app.wire.lease import boot_info
from app.wire.messages import SlotReply, SlotRequest
from tests.hub_api.plant import NOW, Plant

if TYPE_CHECKING:
    import httpx

    from tests.hub_api.plant import Device

BADGE, PIN = "0004711001", "408215"
MADE: dict[str, Slot] = {}


def acting(session: object, *roles: Role) -> Acting:
    return Acting(session, Actor("SUP-1", frozenset(roles or {Role.ADMIN})), NOW, "")  # type: ignore[arg-type]


def badged(plant: Plant, person: str, number: str) -> None:
    """Issue a badge with a real slot; made once per number and run."""

    def seal(text: str) -> Slot:
        if text not in MADE:
            MADE[text] = make_slot(text, "", plant.home.site_salt, OperatorKey.generate())
        return MADE[text]

    with plant.writing() as session:
        office = BadgeOffice(plant.home.keys.badge, seal)
        issue(acting(session), office, person=person, badge=number)


@pytest.fixture
def site(plant: Plant) -> Plant:
    """Badges at P-1 and P-2, an internal and a standard page, PINs in use."""
    badged(plant, "P-1", BADGE)
    badged(plant, "P-2", "0004711002")
    plant.publish("WI-8", "PUMP", [(b"a", ["ST-1"])], classification=Classification.INTERNAL)
    plant.publish("WI-9", "PUMP", [(b"b", ["ST-1"])], classification=Classification.STANDARD)
    with plant.writing() as session:
        set_setting(acting(session), "pin_used", "yes")
    return plant


def code_for(plant: Plant, person: str = "P-1") -> str:
    with plant.writing() as session:
        return new_code(acting(session), plant.home.keys.badge, person)[0]


def other(code: str) -> str:
    return code[:-1] + str((int(code[-1]) + 1) % 10)


def hand_in(device: Device, code: str, badge: str = BADGE, pin: str = PIN) -> httpx.Response:
    request = order_slot(NewPin(badge, pin, code), device.plant.home.site_salt)
    return device.ask("POST", "/v1/slot", request.exact())


def blank(device: Device, code: str, tag: bytes) -> httpx.Response:
    """A slot that is not worth a derivation: the code is looked at before it."""
    request = SlotRequest(
        code=code, tag=tag, salt=b"s" * 16, box=b"b" * 92, seal_public=b"\x09" * 32, sign_public=b"k" * 32
    )
    return device.ask("POST", "/v1/slot", request.exact())


def refusal(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, Problem.read(response.content).code


def tag_of(plant: Plant, person: str) -> bytes:
    with plant.writing() as session:
        return session.scalars(select(Badge.slot_tag).where(Badge.person == person, Badge.active)).one()


def test_a_pin_opens_standard_pages_and_the_former_slot_is_gone(site: Plant) -> None:
    device = site.kiosk("K-1", "ST-1")
    lease, manifest, _ = device.lease()
    before = Holding(lease, manifest)
    opened = access.find(lease, BADGE).opened
    assert opened is not None
    alone = access.readable(before, opened, Local(), NOW)
    assert [p.document for p in alone.pages] == ["WI-8"]
    assert alone.pin_helps
    assert "PIN" in " ".join(alone.sentences)
    assert SlotReply.read(hand_in(device, code_for(site)).content).person == "P-1"
    lease, manifest, _ = device.lease(have=lease.number)
    after = Holding(lease, manifest)
    found = access.find(lease, BADGE)
    assert (found.opened, found.asks_pin) == (None, True)
    assert access.try_pin(lease, found.tag, BADGE, "408216") is None
    opened = access.try_pin(lease, found.tag, BADGE, PIN)
    assert opened is not None
    assert opened.slot.kind is CredentialKind.UID_PIN
    found_pages = access.readable(after, opened, Local(), NOW)
    assert [p.document for p in found_pages.pages] == ["WI-8", "WI-9"]
    assert len(access.keyed(after, opened, found_pages.pages)) == 2
    slots = [s for o in lease.operators for s in o.slots if o.person == "P-1"]
    assert len(slots) == 1


def test_a_pin_opens_restricted_pages_while_the_kiosk_has_the_hubs_share_and_not_without(site: Plant) -> None:
    site.publish("WI-10", "PUMP", [(b"c", ["ST-1"])], classification=Classification.RESTRICTED)
    device = site.kiosk("K-1", "ST-1")
    assert hand_in(device, code_for(site)).status_code == 200
    lease, manifest, reply = device.lease()
    opened = access.try_pin(lease, access.find(lease, BADGE).tag, BADGE, PIN)
    assert opened is not None
    share = hpke_open(reply.boot_share, device.seal, boot_info("K-1", lease.number))
    running = Holding(lease, manifest, share)
    pages = access.readable(running, opened, Local(), NOW).pages
    assert sorted(p.document for p in pages) == ["WI-10", "WI-8", "WI-9"]
    assert len(access.keyed(running, opened, pages)) == 3
    away = replace(running, share=b"")
    assert access.readable(away, opened, Local(), NOW).withheld == {Reason.NEEDS_HUB: 1}
    with pytest.raises(Damaged):  # nor would a changed program find the key
        access.keyed(away, opened, pages)


def test_a_code_serves_once_and_a_lost_answer_is_given_again(site: Plant) -> None:
    device, code = site.kiosk("K-1", "ST-1"), code_for(site)
    request = order_slot(NewPin(BADGE, PIN, code), site.home.site_salt).exact()
    assert device.ask("POST", "/v1/slot", request).status_code == 200
    assert device.ask("POST", "/v1/slot", request).status_code == 200
    assert refusal(hand_in(device, code, pin="951847")) == (410, "pin_code_over")
    with site.writing() as session:
        made = session.scalars(select(ChangeRow).where(ChangeRow.act == "badge.pin")).all()
        assert [(row.by, row.after["kiosk"], row.after["code_by"]) for row in made] == [
            ("P-1", "K-1", "SUP-1")
        ]
        assert made[0].before["slot"] != made[0].after["slot"]


def test_a_wrong_code_is_refused_and_after_five_the_right_one_too(site: Plant) -> None:
    device, code, tag = site.kiosk("K-1", "ST-1"), code_for(site), tag_of(site, "P-1")
    for _ in range(TRIES - 1):
        assert refusal(blank(device, other(code), tag)) == (403, "pin_code_wrong")
    assert refusal(blank(device, other(code), tag)) == (410, "pin_code_over")
    assert refusal(hand_in(device, code)) == (410, "pin_code_over")
    with site.writing() as session:
        alarms = session.scalars(select(AlarmRow).where(AlarmRow.kind == "pin_code_failed")).all()
        assert len(alarms) == TRIES + 1
    assert hand_in(device, code_for(site)).status_code == 200


def test_a_code_expires(site: Plant) -> None:
    device, code = site.kiosk("K-1", "ST-1"), code_for(site)
    site.clock.time = NOW + CODE_LIFE
    assert refusal(hand_in(device, code)) == (410, "pin_code_over")


def test_another_persons_code_or_badge_and_nobodys_badge_are_all_just_wrong(site: Plant) -> None:
    device, code = site.kiosk("K-1", "ST-1"), code_for(site, "P-2")
    assert refusal(hand_in(device, code)) == (403, "pin_code_wrong")
    assert refusal(blank(device, code, b"n" * 16)) == (403, "pin_code_wrong")
    with site.writing() as session:
        assert {row.kind for row in session.scalars(select(Badge).where(Badge.slot_box != b""))} <= {
            "uid",
            "card",
        }


def test_a_revoked_badge_gets_no_pin(site: Plant) -> None:
    device, code, tag = site.kiosk("K-1", "ST-1"), code_for(site), tag_of(site, "P-1")
    badged(site, "P-1", "0004711009")
    assert refusal(blank(device, code, tag)) == (403, "pin_code_wrong")


@pytest.mark.parametrize(("status", "code"), [("lost", "kiosk_blocked"), ("pending", "kiosk_pending")])
def test_a_kiosk_that_is_not_active_may_not(site: Plant, status: str, code: str) -> None:
    device = site.kiosk("K-1", "ST-1")
    right = code_for(site)
    site.set_kiosk("K-1", status=status)
    assert refusal(blank(device, right, tag_of(site, "P-1"))) == (403, code)


def test_keys_that_are_none_are_refused_and_use_nothing_up(site: Plant) -> None:
    device, code = site.kiosk("K-1", "ST-1"), code_for(site)
    request = SlotRequest(
        code=code, tag=tag_of(site, "P-1"), salt=b"s" * 16, box=b"b" * 92,
        seal_public=bytes(32), sign_public=b"k" * 32,
    )  # fmt: skip
    assert refusal(device.ask("POST", "/v1/slot", request.exact())) == (422, "bad_keys")
    assert hand_in(device, code).status_code == 200


def test_the_code_is_nowhere_in_the_database(site: Plant) -> None:
    code = code_for(site)
    with site.writing() as session:
        row = session.scalars(select(PinCodeRow)).one()
        assert code not in row.hash
        assert not any(code in str(change.after) for change in session.scalars(select(ChangeRow)))


def test_who_may_make_a_code_and_for_whom(site: Plant) -> None:
    site.person("P-3")  # has a card
    site.person("P-4", kind=CredentialKind.UID, active=False)
    with site.writing() as session:
        badge_key = site.home.keys.badge
        new_code(acting(session, Role.SUPERVISOR), badge_key, "P-1")
        for person, roles, code in (
            ("P-1", {Role.QUALITY}, "not_allowed"),
            ("P-3", {Role.ADMIN}, "no_badge"),
            ("P-4", {Role.ADMIN}, "refused"),
        ):
            with pytest.raises(Refused) as caught:
                new_code(acting(session, *roles), badge_key, person)
            assert caught.value.code == code
        set_setting(acting(session), "pin_used", "no")
        with pytest.raises(Refused) as caught:
            new_code(acting(session), badge_key, "P-1")
        assert caught.value.code == "pin_not_used"


def test_the_policy_says_how_pins_are_used(site: Plant) -> None:
    device = site.kiosk("K-1", "ST-1")
    assert (device.lease()[0].policy.pin.used, device.lease()[0].policy.pin.shuffled) == (True, False)
    with site.writing() as session:
        set_setting(acting(session), "pin_shuffled", "yes")
    assert device.lease()[0].policy.pin.shuffled
