"""A cryptographic card is believed after it proved a key that the site's CA certified, and never else."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kiosk.readers import piv
from app.kiosk.readers.authorities import Authorities
from app.model.errors import Damaged, Expected, Refused, Untrusted
from tests.fakes.card import WEB_CLIENT, CardCa, SoftwareCard

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
CA = CardCa()
SITE = Authorities.from_pem(CA.pem)


def proven(card: SoftwareCard, site: Authorities = SITE, now: datetime = NOW) -> piv.Proven:
    assert piv.speaks_piv(card.answer)
    return piv.prove(card.answer, site, now)


def refused_with(card: SoftwareCard, site: Authorities = SITE, now: datetime = NOW) -> str:
    with pytest.raises(Expected) as refused:
        proven(card, site, now)
    assert str(refused.value)
    assert refused.value.advice
    return refused.value.code


def test_a_card_of_the_site_is_believed() -> None:
    card = CA.issue(holder="Dana Reyes")
    found = proven(card)
    assert card.key is not None
    spki = card.key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    assert (found.name, found.fingerprint) == ("Dana Reyes", hashlib.sha256(spki).hexdigest())


def test_the_commands_are_those_of_sp_800_73() -> None:
    card = CA.issue()
    proven(card)
    heads = [apdu[:4].hex() for apdu in card.seen]
    assert heads[0] == "00a40400"
    assert heads[1] == "00cb3fff"
    assert card.seen[1] == bytes.fromhex("00cb3fff055c035fc10100")
    assert heads[2] == "00c00000"
    assert heads[-1] == "0087119e"


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1()])
def test_both_curves_and_compressed_certificates_work(curve: ec.EllipticCurve, *, zipped: bool) -> None:
    card = CA.issue(curve=curve)
    card.zipped = zipped
    assert proven(card).curve == curve.name


def test_each_challenge_is_new() -> None:
    card = CA.issue()
    proven(card)
    first = card.seen[-1]
    proven(card)
    assert card.seen[-1] != first


def test_a_card_without_piv_says_so() -> None:
    assert not piv.speaks_piv(SoftwareCard().answer)


def test_copied_certificate_with_another_key() -> None:
    card = CA.issue()
    card.sign_with = ec.generate_private_key(ec.SECP256R1())
    assert refused_with(card) == "card_signature"


def test_replayed_signature() -> None:
    card = CA.issue()
    card.replay = True
    proven(card)
    assert refused_with(card) == "card_signature"


def test_card_of_another_ca() -> None:
    assert refused_with(CardCa(name="Other plant CA").issue()) == "card_other_ca"


def test_card_of_another_ca_that_bears_the_same_name() -> None:
    assert refused_with(CardCa(name=CA.name).issue()) == "card_other_ca"


def test_certificate_that_vouches_for_itself() -> None:
    card = CA.issue()
    own = CardCa(name="self")
    card.key, card.certificate = own.key, own.certificate.public_bytes(serialization.Encoding.DER)
    assert refused_with(card) == "card_usage"


def test_certificate_issued_by_a_card_of_the_site() -> None:
    """A card's key is no CA's, whatever it signs."""
    holder = CA.issue()
    forged = CardCa(name="x")
    assert holder.key is not None
    forged.key = holder.key
    forged.certificate = x509.load_der_x509_certificate(holder.certificate)
    assert refused_with(forged.issue()) == "card_other_ca"


def test_expired_card() -> None:
    assert refused_with(CA.issue(end=NOW - timedelta(seconds=1))) == "card_expired"


def test_card_that_is_not_valid_yet() -> None:
    assert refused_with(CA.issue(start=NOW + timedelta(days=1))) == "card_not_yet"


def test_expired_ca() -> None:
    old = CardCa(name="Old CA", end=NOW - timedelta(days=1))
    assert refused_with(old.issue(), Authorities.from_pem(old.pem)) == "ca_expired"


def test_renewed_ca_of_the_same_name_beside_the_expired_one() -> None:
    old = CardCa(name="Card CA", end=NOW - timedelta(days=1))
    new = CardCa(name="Card CA", key=old.key)
    both = Authorities.from_pem(old.pem + new.pem)
    assert proven(new.issue(), both).name == "Dana Reyes"


@pytest.mark.parametrize("purposes", [(), (WEB_CLIENT,)])
def test_certificate_for_another_purpose(purposes: tuple[x509.ObjectIdentifier, ...]) -> None:
    assert refused_with(CA.issue(purposes=purposes)) == "card_usage"


def test_certificate_whose_key_may_not_sign() -> None:
    assert refused_with(CA.issue(signs=False)) == "card_usage"


def test_certificate_without_a_name() -> None:
    assert refused_with(CA.issue(holder="")) == "card_name"


@pytest.mark.parametrize("organization", ["Other Devices", "acme devices", ""])
def test_card_of_another_organization_of_the_same_ca(organization: str) -> None:
    ours = Authorities.from_pem(CA.pem, "Acme Devices")
    assert proven(CA.issue(organization="Acme Devices"), ours).name
    assert refused_with(CA.issue(organization=organization), ours) == "card_name"


def test_card_with_an_unused_kind_of_key() -> None:
    assert refused_with(CA.issue(curve=ec.SECP521R1())) == "card_key"


def test_card_without_certificate() -> None:
    card = CA.issue()
    card.certificate = b""
    assert refused_with(card) == "card_empty"


def test_card_whose_certificate_is_rubbish() -> None:
    card = CA.issue()
    card.certificate = b"0\x82\x01\x00" + bytes(200)
    assert refused_with(card) == "card_garbled"


def test_card_whose_certificate_unpacks_without_end() -> None:
    card = CA.issue()
    card.certificate, card.zipped = bytes(2_000_000), True
    assert refused_with(card) == "card_garbled"


def test_card_whose_compressed_certificate_is_cut_off() -> None:
    card = CA.issue()
    card.zipped, card.zip_cut = True, 4
    assert refused_with(card) == "card_garbled"


def test_an_intermediate_ca_is_no_card() -> None:
    assert refused_with(CA.issue(ca=True)) == "card_usage"


def test_the_time_that_counts_is_the_kiosks_not_this_machines() -> None:
    past = datetime(2002, 6, 1, tzinfo=UTC)
    old = CardCa(start=datetime(2001, 1, 1, tzinfo=UTC), end=datetime(2003, 1, 1, tzinfo=UTC))
    card = old.issue(end=datetime(2003, 1, 1, tzinfo=UTC))
    site = Authorities.from_pem(old.pem)
    assert proven(card, site, past).name == "Dana Reyes"
    assert refused_with(card, site, NOW) == "card_expired"


def test_a_damaged_bit_of_the_certificate_is_never_believed() -> None:
    card = CA.issue()
    whole, believed = card.certificate, []
    for at, mask in itertools.product(range(len(whole)), (0x01, 0x10)):
        card.certificate = whole[:at] + bytes([whole[at] ^ mask]) + whole[at + 1 :]
        with contextlib.suppress(Untrusted, Damaged, Refused):
            proven(card)
            # The library overlooks the count of unused bits around the signature; nothing depends on it.
            believed.append((at, x509.load_der_x509_certificate(card.certificate).tbs_certificate_bytes))
    signed = x509.load_der_x509_certificate(whole).tbs_certificate_bytes
    assert len(believed) <= 1
    assert all(tbs == signed for _at, tbs in believed)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.integers(1, 5), st.binary(max_size=300), min_size=1))
def test_any_garbage_is_refused_and_never_believed(garbage: dict[int, bytes]) -> None:
    card = CA.issue()
    card.garbage = garbage
    found = None
    with contextlib.suppress(Expected):
        found = piv.prove(card.answer, SITE, NOW) if piv.speaks_piv(card.answer) else None
    answered = set(garbage) & set(range(2, len(card.seen) + 1))  # what select says is not relied on
    assert found is None or not answered


def test_only_the_card_can_make_the_secret_of_a_slot() -> None:
    card = CA.issue()
    found = proven(card)
    mine = ec.generate_private_key(ec.SECP256R1())
    point = mine.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    assert card.key is not None
    assert piv.agree(card.answer, found, point) == mine.exchange(ec.ECDH(), card.key.public_key())


def test_card_that_only_signs() -> None:
    card = CA.issue()
    card.agrees = False
    found = proven(card)
    with pytest.raises(Refused) as refused:
        piv.agree(card.answer, found, b"\x04" + bytes(64))
    assert refused.value.code == "card_no_agreement"


def test_ca_file_must_hold_a_ca() -> None:
    with pytest.raises(Refused) as empty:
        Authorities.from_pem(b"nothing")
    assert empty.value.code == "bad_ca"
    der = CA.issue().certificate
    leaf = x509.load_der_x509_certificate(der).public_bytes(serialization.Encoding.PEM)
    with pytest.raises(Refused) as no_ca:
        Authorities.from_pem(leaf)
    assert no_ca.value.code == "bad_ca"
