"""From a tap of a card to its operator: through the reader, the card's own computation, and the lease."""

from __future__ import annotations

from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from app.kiosk.card_access import find_card, point_for
from app.kiosk.readers import Card, Presented
from app.kiosk.readers.authorities import Authorities
from app.kiosk.readers.pcsc import CardUse, PcscReader, PcscSettings
from app.model.terms import Classification, CredentialKind, Role
from app.seal.card_slot import make_card_slot
from app.seal.slot import OperatorKey, Slot, make_slot
from app.wire.lease import Lease, OperatorInfo, SlotInfo
from tests.fakes.card import CardCa, SoftwareCard
from tests.fakes.pcsc import MemoryPcsc
from tests.kiosk.leases import Desk
from tests.kiosk.readers.listening import Heard

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
CA = CardCa()
SALT = bytes(16)


def key_of(card: SoftwareCard) -> ec.EllipticCurvePublicKey:
    key = x509.load_der_x509_certificate(card.certificate).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return key


def operator(code: str, *slots: Slot) -> OperatorInfo:
    infos = tuple(
        SlotInfo(
            kind=slot.kind,
            tag=slot.tag,
            salt=slot.salt,
            box=slot.box,
            seal_public=slot.seal_public,
            sign_public=slot.sign_public,
            badge_tail="",
        )
        for slot in slots
    )
    return OperatorInfo(
        person=code,
        name=code,
        active=True,
        roles=(Role.OPERATOR,),
        ceiling=Classification.RESTRICTED,
        language="en",
        agreements={},
        training=(),
        assignments=(),
        slots=infos,
    )


def lease_for(*operators: OperatorInfo) -> Lease:
    return Desk().lease(operators=operators, site_salt=SALT).lease


def tap(card: SoftwareCard, lease: Lease) -> Presented:
    service, heard = MemoryPcsc("ACME 00 00"), Heard()
    settings = PcscSettings(cards=CardUse.REQUIRED, authorities=Authorities.from_pem(CA.pem))
    reader = PcscReader(
        "card reader", settings, lambda: NOW, service=lambda: service, points=lambda f: point_for(lease, f)
    )
    reader.start(heard)
    heard.next()
    service.settle()
    service.lay("ACME 00 00", card)
    told = heard.next()
    reader.stop()
    assert isinstance(told, Presented), told
    return told


def test_a_tapped_card_opens_its_operators_keys() -> None:
    mine, theirs = CA.issue(holder="Dana"), CA.issue(holder="Eli")
    keys = OperatorKey.generate()
    lease = lease_for(
        operator("OP-1", make_card_slot(key_of(theirs), SALT, OperatorKey.generate())),
        operator("OP-2", make_card_slot(key_of(mine), SALT, keys)),
    )
    opened, tag = find_card(lease, tap(mine, lease))
    assert opened is not None
    assert opened.operator.person == "OP-2"
    assert opened.keys.seal.raw == keys.seal.raw
    assert tag == opened.slot.tag
    assert opened.slot.kind.ceiling is Classification.RESTRICTED


def test_a_card_that_nobody_here_has_opens_nothing() -> None:
    lease = lease_for(operator("OP-1", make_card_slot(key_of(CA.issue()), SALT, OperatorKey.generate())))
    stranger = tap(CA.issue(), lease)
    assert stranger.card is not None
    assert stranger.card.secret == b""
    assert find_card(lease, stranger)[0] is None


def test_a_cards_fingerprint_typed_at_a_keyboard_opens_nothing() -> None:
    """Who knows a card's fingerprint, or prints it as a barcode, has no card."""
    card = CA.issue()
    lease = lease_for(operator("OP-1", make_card_slot(key_of(card), SALT, OperatorKey.generate())))
    known = tap(card, lease).text
    assert find_card(lease, Presented(CredentialKind.UID, known, "badge reader"))[0] is None
    bare = Presented(CredentialKind.CARD, known, "x", Card("Dana", NOW))
    assert find_card(lease, bare)[0] is None


def test_a_slot_of_a_number_is_never_a_cards() -> None:
    card = CA.issue()
    keys = OperatorKey.generate()
    lease = lease_for(operator("OP-1", make_slot("4711001", "", SALT, keys)))
    assert find_card(lease, tap(card, lease))[0] is None
