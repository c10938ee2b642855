"""Break-glass at the hub: who is refused and with what, what is on record, and what the lease then says."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.hub.acting import Acting, Actor
from app.hub.schema import ChangeRow
from app.hub.schema_grants import GrantRow
from app.hub.settings import set_setting
from app.model.terms import Classification, CredentialKind, GrantKind, KioskStatus, Role
from app.wire.base import Problem
from app.wire.grants import GrantReply, GrantStatement, SignedGrant
from tests.hub_api.plant import NOW, Plant

if TYPE_CHECKING:
    import httpx

    from tests.hub_api.plant import Device

MINUTES = 15


def allow(plant: Plant, **settings: str) -> None:
    with plant.writing() as session:
        acting = Acting(session, Actor("SUP-1", frozenset({Role.ADMIN})), NOW, "")
        for name, value in settings.items():
            set_setting(acting, name, value)


@pytest.fixture
def site(plant: Plant) -> Plant:
    """SUP-9 supervises the line. P-1 works at ST-1 and has signed with BOLT, whose pages ST-2 has."""
    plant.person("SUP-9", roles=[Role.SUPERVISOR], supervises=["L1"])
    plant.sign("P-1", "BOLT")
    plant.publish("WI-1", "PUMP", [(b"one", ["ST-1"])])
    plant.publish("WI-2", "VALVE", [(b"two", ["ST-2"]), (b"three", ["ST-2"])])
    allow(plant, glass_minutes=str(MINUTES))
    return plant


def asked(plant: Plant, by: str = "SUP-9", person: str = "P-1", **changes: Any) -> SignedGrant:
    """A request that both people signed."""
    words: dict[str, Any] = {
        "grant": os.urandom(16).hex(), "kind": GrantKind.BREAK_GLASS, "kiosk": "K-1", "lease": 1,
        "station": "ST-2", "person": person, "by": by, "reason": "Rework",
        "start": plant.clock.now(),
        "end": plant.clock.now() + timedelta(minutes=10),
    }  # fmt: skip
    statement = GrantStatement(**{**words, **changes})
    said = statement.signed()
    signatures = [plant.keys[each].sign.sign(said) for each in (by, person)]
    return SignedGrant(statement=statement, by_signature=signatures[0], person_signature=signatures[1])


def ask(device: Device, request: SignedGrant) -> httpx.Response:
    return device.ask("POST", "/v1/grant", request.exact())


def refusal(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, Problem.read(response.content).code


def changes(plant: Plant) -> list[ChangeRow]:
    with plant.store.read() as session:
        rows = list(session.scalars(select(ChangeRow).where(ChangeRow.act.startswith("grant."))))
        session.expunge_all()
        return rows


def test_the_lease_opens_the_other_stations_pages_to_that_person_and_with_his_signatures(site: Plant) -> None:
    device = site.kiosk("K-1", "ST-1")
    lease, manifest, _ = device.lease()
    assert [other.code for other in lease.others] == ["ST-2"]
    assert {page.document for page in manifest.pages} == {"WI-1"}
    request = asked(site)
    reply = GrantReply.read(ask(device, request).content)
    assert reply.end == NOW + timedelta(minutes=10)
    lease, manifest, _ = device.lease(have=lease.number)
    assert {page.document for page in manifest.pages} == {"WI-1", "WI-2"}
    sealed = {frozenset(bundle.sealed) for bundle in lease.bundles}
    assert sealed == {frozenset({"P-1"})}, "nobody else's badge opens them"
    (person,) = [one for one in lease.operators if one.person == "P-1"]
    assert person.agreements == {"ACME": "1", "BOLT": "1"}
    assert lease.policy.agreements == {"ACME": "1", "BOLT": "1"}
    (grant,) = lease.grants
    assert (grant.station, grant.by, grant.ceiling) == ("ST-2", "SUP-9", Classification.RESTRICTED)
    assert GrantReply.read(ask(device, request).content) == reply, "the same again is harmless"
    assert [change.act for change in changes(site)] == ["grant.break_glass"]
    site.clock.forward(minutes=10)
    lease, manifest, _ = device.lease(have=lease.number)
    assert ({page.document for page in manifest.pages}, lease.grants) == ({"WI-1"}, ())
    assert ask(device, request).status_code == 200
    with site.store.read() as session:
        assert len(session.scalars(select(GrantRow)).all()) == 1, "an old request opens nothing again"


Change = Callable[[Plant], SignedGrant]

NOT_ASKED_SO: dict[str, Change] = {
    "of another kiosk": lambda plant: asked(plant, kiosk="K-2"),
    "an admission": lambda plant: asked(plant, kind=GrantKind.OFFLINE_ADMISSION),
    "kept for later": lambda plant: asked(plant, start=NOW - timedelta(minutes=6)),
    "of the kiosk's own station": lambda plant: asked(plant, station="ST-1"),
    "of no station": lambda plant: asked(plant, station="ST-9"),
    "of another line": lambda plant: asked(plant, station="ST-7"),
    "that ends before it begins": lambda plant: asked(plant, end=NOW),
}


@pytest.mark.parametrize("request_of", NOT_ASKED_SO.values(), ids=NOT_ASKED_SO)
def test_a_request_that_no_kiosk_would_make_is_none(site: Plant, request_of: Change) -> None:
    device = site.kiosk("K-1", "ST-1")
    site.line("L7")
    site.station("ST-7", "L7", ["VALVE"])
    assert refusal(ask(device, request_of(site))) == (422, "bad_glass")
    assert changes(site) == []


def forged(plant: Plant) -> SignedGrant:
    return asked(plant).model_copy(update={"by_signature": plant.keys["P-1"].sign.sign(b"not this")})


def with_badge(plant: Plant, kind: CredentialKind, **settings: str) -> SignedGrant:
    """The supervisor has a badge of this kind."""
    allow(plant, **settings)
    plant.person("SUP-8", roles=[Role.SUPERVISOR], supervises=["L1"], kind=kind)
    return asked(plant, by="SUP-8")


REFUSED: dict[str, tuple[Change, str, str]] = {
    "not signed by both": (forged, "NOT_SIGNED", "hub"),
    "by a worker": (lambda plant: asked(plant, by="P-2"), "NOT_SUPERVISOR", "P-2"),
    "for himself": (lambda plant: asked(plant, person="SUP-9"), "SELF_ADMISSION", "SUP-9"),
    "for longer than policy says": (
        *(lambda plant: asked(plant, end=NOW + timedelta(minutes=MINUTES + 1)), "GRANT_NOT_ALLOWED", "SUP-9"),
    ),
    "without an agreement": (lambda plant: asked(plant, person="P-2"), "NO_AGREEMENT", "SUP-9"),
    "by a badge without a PIN": (
        *(lambda plant: with_badge(plant, CredentialKind.UID, pin_used="yes"), "NEEDS_PIN", "SUP-8"),
    ),
    "by a badge that is worth less than the pages": (
        *(lambda plant: with_badge(plant, CredentialKind.UID), "CLASS_CEILING", "SUP-8"),
    ),
}


@pytest.mark.parametrize(("request_of", "why", "by"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_opens_nothing_and_is_on_record(
    site: Plant, request_of: Change, why: str, by: str
) -> None:
    device = site.kiosk("K-1", "ST-1")
    assert refusal(ask(device, request_of(site))) == (403, "glass_refused")
    (change,) = changes(site)
    assert (change.act, change.subject, change.by, change.after["why"][0]) == ("grant.refuse", "K-1", by, why)
    _, manifest, _ = device.lease()
    assert {page.document for page in manifest.pages} == {"WI-1"}


@pytest.mark.parametrize("status", [KioskStatus.PENDING, KioskStatus.LOST, KioskStatus.LOCKED_DOWN])
def test_only_an_active_kiosk_may_ask(site: Plant, status: KioskStatus) -> None:
    device = site.kiosk("K-1", "ST-1", status.value)
    code = "kiosk_pending" if status is KioskStatus.PENDING else "kiosk_blocked"
    assert refusal(ask(device, asked(site))) == (403, code)
