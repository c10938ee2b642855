"""Seals hold against everybody but the holder, and against every change."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.model.errors import Damaged, Refused, Untrusted
from app.model.terms import CredentialKind
from app.seal.boxes import hpke_open, hpke_seal, open_page, seal_page, unwrap_key, wrap_key
from app.seal.chain import GENESIS, check_links, event_hash, open_event, seal_event, sign_event, verify_event
from app.seal.dsse import MAX_ENVELOPE_BYTES, open_envelope, pae, sign_envelope
from app.seal.encoding import b64, canonical, sha256, unb64
from app.seal.keys import SealKey, SigningKey
from app.seal.slot import OperatorKey, identify, make_slot, open_slot

SALT = b"plant-salt-16byt"
KIND = "application/vnd.test+json"


# -- DSSE --------------------------------------------------------------------------------------------


def test_the_pae_is_that_of_the_dsse_specification() -> None:
    assert pae("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def test_an_envelope_gives_back_the_exact_payload() -> None:
    key = SigningKey.generate()
    assert open_envelope(sign_envelope(KIND, b"{ exact }", [key]), KIND, [key.public]) == b"{ exact }"


def _tampered(envelope: bytes, **changes: object) -> bytes:
    return json.dumps(json.loads(envelope) | changes).encode()


KEY, OTHER = SigningKey.generate(), SigningKey.generate()
GOOD = sign_envelope(KIND, b"payload", [KEY])
ENTRY = json.loads(GOOD)["signatures"][0]
ATTACKS = {
    "payload swapped": (_tampered(GOOD, payload=b64(b"other")), "bad_signature"),
    "type swapped": (_tampered(GOOD, payloadType="application/x"), "wrong_type"),
    "signed by a stranger": (sign_envelope(KIND, b"payload", [OTHER]), "not_signed"),
    "no signatures": (_tampered(GOOD, signatures=[]), "not_signed"),
    "one key twice": (_tampered(GOOD, signatures=[ENTRY, ENTRY]), "duplicate_key"),
    "stranger's signature under our key id": (
        _tampered(GOOD, signatures=[ENTRY | {"sig": b64(OTHER.sign(pae(KIND, b"payload")))}]),
        "bad_signature",
    ),
    "second form of base64": (_tampered(GOOD, payload=b64(b"payload").rstrip("=")), "encoding"),
    "stray line break": (_tampered(GOOD, payload=b64(b"payload") + "\n"), "encoding"),
    "unknown field": (_tampered(GOOD, extra=1), "bad_form"),
    "not JSON": (b"\x00\xff", "bad_form"),
    "a list": (b"[]", "bad_form"),
    "deep nesting": (b"[" * 100_000, "bad_form"),
    "signature is a number": (_tampered(GOOD, signatures=[ENTRY | {"sig": 5}]), "bad_form"),
    "over-long": (b" " * (MAX_ENVELOPE_BYTES + 1), "too_long"),
}


@pytest.mark.parametrize(("envelope", "code"), ATTACKS.values(), ids=list(ATTACKS))
def test_an_attack_on_an_envelope_is_refused_by_its_name(envelope: bytes, code: str) -> None:
    with pytest.raises(Untrusted) as caught:
        open_envelope(envelope, KIND, [KEY.public])
    assert caught.value.code == code


def test_a_threshold_of_two_wants_two_different_keys() -> None:
    both = sign_envelope(KIND, b"x", [KEY, OTHER])
    assert open_envelope(both, KIND, [KEY.public, OTHER.public], threshold=2) == b"x"
    with pytest.raises(Untrusted):
        open_envelope(GOOD, KIND, [KEY.public, OTHER.public], threshold=2)


# -- boxes ---------------------------------------------------------------------------------------------


def test_a_page_opens_with_its_key_as_itself_only() -> None:
    key, box = seal_page(b"%PDF page 26", "WI-100/B")
    page = sha256(b"%PDF page 26")
    assert open_page(box, key, page, "WI-100/B") == b"%PDF page 26"
    for wrong in ((page, "WI-100/A"), (sha256(b"another"), "WI-100/B")):
        with pytest.raises(Damaged):
            open_page(box, key, *wrong)


def test_two_seals_of_one_page_share_neither_key_nor_bytes() -> None:
    first, second = seal_page(b"same", "W/A"), seal_page(b"same", "W/A")
    assert first[0] != second[0]
    assert first[1] != second[1]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.data())
def test_one_flipped_bit_closes_a_page(plain: bytes, data: st.DataObject) -> None:
    key, box = seal_page(plain, "W/A")
    at = data.draw(st.integers(0, len(box) * 8 - 1))
    broken = bytearray(box)
    broken[at // 8] ^= 1 << (at % 8)
    with pytest.raises(Damaged):
        open_page(bytes(broken), key, sha256(plain), "W/A")


def test_a_wrapped_key_opens_under_its_own_key_only() -> None:
    wrapped = wrap_key(b"k" * 32, b"w" * 32)
    assert unwrap_key(wrapped, b"w" * 32) == b"k" * 32
    for attempt in ((wrapped, b"v" * 32), (wrapped[:-1] + b"\0", b"w" * 32), (b"", b"w" * 32)):
        with pytest.raises(Damaged):
            unwrap_key(*attempt)


def test_a_sealed_bundle_opens_in_its_own_context_only() -> None:
    mine, theirs = SealKey.generate(), SealKey.generate()
    box = hpke_seal(b"bundle", mine.public, b"lease 7")
    assert hpke_open(box, mine, b"lease 7") == b"bundle"
    for key, info in ((theirs, b"lease 7"), (mine, b"lease 8")):
        with pytest.raises(Untrusted):
            hpke_open(box, key, info)


# -- slots -----------------------------------------------------------------------------------------------


def test_a_badge_opens_its_slot_and_no_other_does() -> None:
    keys = OperatorKey.generate()
    slot = make_slot("0012345678", "", SALT, keys)
    assert slot.kind is CredentialKind.UID
    mine = identify("0012345678", SALT)
    assert mine.tag == slot.tag
    assert open_slot(slot, mine).seal.raw == keys.seal.raw
    other = identify("0012345679", SALT)
    assert other.tag != slot.tag
    with pytest.raises(Refused):
        open_slot(slot, other)


def test_a_slot_with_a_pin_needs_badge_and_pin() -> None:
    keys = OperatorKey.generate()
    slot = make_slot("0012345678", "271828", SALT, keys)
    found = identify("0012345678", SALT)
    assert (slot.kind, slot.tag) == (CredentialKind.UID_PIN, found.tag)
    assert open_slot(slot, found, "0012345678", "271828").sign.raw == keys.sign.raw
    for badge, pin in (("0012345678", "271829"), ("0012345678", ""), ("0012345670", "271828")):
        with pytest.raises(Refused):
            open_slot(slot, found, badge, pin)


@pytest.mark.parametrize("pin", ["12345", "1234567890123", "12345a", "١٢٣٤٥٦"])
def test_a_weak_or_odd_pin_is_refused(pin: str) -> None:
    with pytest.raises(Refused):
        make_slot("0012345678", pin, SALT, OperatorKey.generate())


def test_a_slot_with_swapped_public_keys_does_not_open() -> None:
    from dataclasses import replace

    slot = make_slot("0012345678", "", SALT, OperatorKey.generate())
    forged = replace(slot, seal_public=SealKey.generate().public)
    with pytest.raises(Refused):
        open_slot(forged, identify("0012345678", SALT))


# -- the chain ---------------------------------------------------------------------------------------------


def test_a_signature_holds_at_its_own_place_only() -> None:
    key = SigningKey.generate()
    digest = event_hash(b"event")
    signature = sign_event("K-12", 1, 9, digest, key)
    verify_event("K-12", 1, 9, digest, signature, key.public)
    for place in (
        ("K-13", 1, 9, digest),
        ("K-12", 2, 9, digest),
        ("K-12", 1, 8, digest),
        ("K-12", 1, 9, GENESIS),
    ):
        with pytest.raises(Untrusted):
            verify_event(*place, signature, key.public)


def test_only_the_hub_reads_a_sealed_event() -> None:
    hub = SealKey.generate()
    box = seal_event(b"who saw what", hub.public)
    assert open_event(box, hub) == b"who saw what"
    with pytest.raises(Untrusted):
        open_event(box, SealKey.generate())


def test_a_link_left_out_swapped_or_repeated_is_found() -> None:
    hashes = [event_hash(bytes([n])) for n in range(4)]
    check_links(GENESIS, hashes, [GENESIS, *hashes[:-1]])
    for broken in ([hashes[0], *hashes[1:]], [GENESIS, hashes[1], hashes[0], hashes[2]], [GENESIS] * 4):
        with pytest.raises(Untrusted):
            check_links(GENESIS, hashes, broken)


# -- encodings ---------------------------------------------------------------------------------------------

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abé", max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(json_values)
def test_canonical_json_is_one_form_of_one_value(value: object) -> None:
    text = canonical(value)
    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text


def test_a_float_has_no_canonical_form() -> None:
    with pytest.raises(TypeError):
        canonical({"zoom": 1.5})


@given(st.binary(max_size=64))
def test_base64_goes_there_and_back(data: bytes) -> None:
    assert unb64(b64(data)) == data


@pytest.mark.parametrize("text", ["QQ", "QQ=", "QR==", "Q Q==", "QQ==\n", "QQ==é", "-_=="])
def test_base64_in_any_other_form_is_refused(text: str) -> None:
    with pytest.raises(Untrusted):
        unb64(text)
