"""A slot for a card opens with what that card alone can compute, and with nothing else that anybody holds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from hypothesis import given, settings
from hypothesis import strategies as st

from app.model.errors import Damaged, Refused
from app.model.terms import Classification, CredentialKind
from app.seal.card_slot import card_fingerprint, card_key, card_tag, make_card_slot, open_card_slot
from app.seal.slot import OperatorKey, Slot

SITE_SALT = bytes(range(16))
CARD = ec.generate_private_key(ec.SECP256R1())
FINGERPRINT = card_fingerprint(CARD.public_key())


def compute(card: ec.EllipticCurvePrivateKey, slot: Slot) -> bytes:
    """What the card does inside."""
    point = ec.EllipticCurvePublicKey.from_encoded_point(card.curve, slot.salt)
    return card.exchange(ec.ECDH(), point)


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1()])
def test_the_card_opens_its_slot(curve: ec.EllipticCurve) -> None:
    card, keys = ec.generate_private_key(curve), OperatorKey.generate()
    slot = make_card_slot(card.public_key(), SITE_SALT, keys)
    opened = open_card_slot(slot, card_fingerprint(card.public_key()), compute(card, slot))
    assert (opened.seal.raw, opened.sign.raw) == (keys.seal.raw, keys.sign.raw)
    assert slot.kind is CredentialKind.CARD
    assert slot.kind.ceiling is Classification.RESTRICTED


def test_another_card_does_not() -> None:
    slot = make_card_slot(CARD.public_key(), SITE_SALT, OperatorKey.generate())
    other = ec.generate_private_key(ec.SECP256R1())
    for fingerprint in (FINGERPRINT, card_fingerprint(other.public_key())):
        with pytest.raises(Refused) as refused:
            open_card_slot(slot, fingerprint, compute(other, slot))
        assert refused.value.code == "wrong_card"


def test_what_is_stored_and_public_does_not_open_it() -> None:
    """The disk holds the slot; the certificate can be read by anybody who meets the card."""
    slot = make_card_slot(CARD.public_key(), SITE_SALT, OperatorKey.generate())
    numbers = CARD.public_key().public_numbers()
    known = [
        slot.salt[1:33],
        numbers.x.to_bytes(32, "big"),
        bytes.fromhex(FINGERPRINT),
        bytes(32),
        slot.tag * 2,
    ]
    for secret in known:
        with pytest.raises(Refused):
            open_card_slot(slot, FINGERPRINT, secret)


def test_a_secret_opens_one_slot_only() -> None:
    first = make_card_slot(CARD.public_key(), SITE_SALT, OperatorKey.generate())
    second = make_card_slot(CARD.public_key(), SITE_SALT, OperatorKey.generate())
    assert first.tag == second.tag
    assert first.salt != second.salt
    with pytest.raises(Refused):
        open_card_slot(second, FINGERPRINT, compute(CARD, first))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["tag", "salt", "box", "seal_public", "sign_public"]), st.data())
def test_a_changed_slot_opens_nothing(name: str, data: st.DataObject) -> None:
    slot = make_card_slot(CARD.public_key(), SITE_SALT, OperatorKey.generate())
    secret = compute(CARD, slot)
    value = getattr(slot, name)
    at = data.draw(st.integers(0, len(value) - 1))
    changed = value[:at] + bytes([value[at] ^ data.draw(st.integers(1, 255))]) + value[at + 1 :]
    with pytest.raises((Refused, Damaged)):
        open_card_slot(replace(slot, **{name: changed}), FINGERPRINT, secret)


def test_tags_differ_between_sites_and_cards() -> None:
    other = card_fingerprint(ec.generate_private_key(ec.SECP256R1()).public_key())
    tags = {card_tag(FINGERPRINT, SITE_SALT), card_tag(FINGERPRINT, bytes(16)), card_tag(other, SITE_SALT)}
    assert len(tags) == 3


@pytest.mark.parametrize(
    "key",
    [
        None,
        ed25519.Ed25519PrivateKey.generate().public_key(),
        ec.generate_private_key(ec.SECP521R1()).public_key(),
    ],
)
def test_other_kinds_of_keys_are_refused(key: object) -> None:
    with pytest.raises(Refused) as refused:
        card_key(key)  # type: ignore[arg-type]
    assert refused.value.code == "card_key"
