"""The strong kind, whole: issued at the hub, leased over HTTP, tapped with real APDUs, opening a page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from app.hub.acting import Acting, Actor
from app.hub.cards import issue_card, read_card
from app.hub.schema import Blob
from app.kiosk.access import Holding, Local, keyed, readable
from app.kiosk.card_access import find_card, point_for
from app.kiosk.readers import Presented
from app.kiosk.readers.authorities import Authorities
from app.kiosk.readers.pcsc import CardUse, PcscReader, PcscSettings
from app.model.decide import Reason
from app.model.errors import Damaged
from app.model.terms import Classification, Role
from app.seal.boxes import hpke_open, open_page
from app.wire.lease import boot_info
from tests.fakes.card import CardCa, SoftwareCard
from tests.fakes.pcsc import MemoryPcsc
from tests.hub_api.plant import NOW, Plant
from tests.kiosk.readers.listening import Heard

CA = CardCa(start=NOW - timedelta(days=30), end=NOW + timedelta(days=3000))
READER = "ACME 00 00"


@pytest.fixture
def carded(plant: Plant) -> SoftwareCard:
    """P-1 has a card, and a restricted page."""
    card = CA.issue(holder="Name of P-1")
    pem = x509.load_der_x509_certificate(card.certificate).public_bytes(serialization.Encoding.PEM)
    with plant.writing() as session:
        acting = Acting(session, Actor("SUP-1", frozenset({Role.ADMIN})), NOW, "")
        issue_card(acting, plant.home.keys, plant.home.site_salt, person="P-1", card=read_card(pem))
    plant.publish("WI-9", "PUMP", [(b"the secret page", ["ST-1"])], classification=Classification.RESTRICTED)
    return card


def tap(card: SoftwareCard, holding: Holding) -> Presented:
    service, heard = MemoryPcsc(READER), Heard()
    settings = PcscSettings(cards=CardUse.REQUIRED, authorities=Authorities.from_pem(CA.pem))
    reader = PcscReader(
        "card reader",
        settings,
        lambda: NOW,
        service=lambda: service,
        points=lambda fingerprint: point_for(holding.lease, fingerprint),
    )
    reader.start(heard)
    heard.next()
    service.settle()
    service.lay(READER, card)
    told = heard.next()
    reader.stop()
    assert isinstance(told, Presented), told
    return told


def held(plant: Plant) -> Holding:
    device = plant.kiosk("K-1", "ST-1")
    lease, manifest, reply = device.lease()
    return Holding(lease, manifest, hpke_open(reply.boot_share, device.seal, boot_info("K-1", lease.number)))


def test_a_card_opens_a_restricted_page(plant: Plant, carded: SoftwareCard) -> None:
    holding = held(plant)
    opened, _tag = find_card(holding.lease, tap(carded, holding))
    assert opened is not None
    assert opened.operator.person == "P-1"
    found = readable(holding, opened, Local(), NOW)
    assert [page.classification for page in found.pages] == [Classification.RESTRICTED]
    (leaf,) = keyed(holding, opened, found.pages)
    with plant.writing() as session:
        box = session.get_one(Blob, leaf.blob).data
    assert open_page(box, leaf.key, leaf.page, leaf.revision) == b"the secret page"


def test_without_the_hubs_share_it_does_not(plant: Plant, carded: SoftwareCard) -> None:
    holding = held(plant)
    opened, _tag = find_card(holding.lease, tap(carded, holding))
    assert opened is not None
    away = replace(holding, share=b"")
    asked = readable(away, opened, Local(), NOW)
    assert (asked.pages, set(asked.withheld)) == ((), {Reason.NEEDS_HUB})
    for wrong in (b"", bytes(32)):  # nor would a changed program find the key
        with pytest.raises(Damaged):
            keyed(replace(holding, share=wrong), opened, readable(holding, opened, Local(), NOW).pages)


def test_a_copy_of_the_certificate_gets_nowhere(plant: Plant, carded: SoftwareCard) -> None:
    holding = held(plant)
    copy = CA.issue()
    copy.certificate = carded.certificate
    with pytest.raises(AssertionError, match="could not prove"):
        tap(copy, holding)
