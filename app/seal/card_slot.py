"""Slots for cryptographic cards: an operator's private keys, sealed to the card's own key.

The hub makes such a slot from the card's certificate alone; only the card can open it, by computing one ECDH
secret (PIV key 9E). Nothing of low entropy is involved, so no password hashing is either. The construction is
that of HPKE's DHKEM (RFC 9180, section 4.1) with the receiver's half of the ECDH done by the card, which the
library's HPKE cannot do: an ephemeral key, ECDH, HKDF-SHA256 over both public keys, AES-256-GCM.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.model.errors import Damaged, Refused
from app.model.terms import CredentialKind
from app.seal.boxes import KEY_BYTES, gcm_open, gcm_seal
from app.seal.keys import SealKey, SigningKey
from app.seal.slot import TAG_BYTES, OperatorKey, Slot

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

UNREADABLE = (
    ValueError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""What the library raises, sooner or later, for bytes that are no proper certificate."""
CURVES = frozenset({"secp256r1", "secp384r1"})
"""The curves of PIV cards (NIST SP 800-78-4)."""


def card_key(key: PublicKeyTypes | None) -> ec.EllipticCurvePublicKey:
    """The key of a card's certificate, if it is of a kind that is used here.

    Raises:
        Refused: it is not on P-256 or P-384 (``card_key``).
    """
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name not in CURVES:
        raise Refused(
            "This card has a kind of key that is not used here.",
            advice="Go to the badge office: the card must be issued again, with a key on P-256 or P-384.",
            code="card_key",
        )
    return key


def card_fingerprint(key: ec.EllipticCurvePublicKey) -> str:
    """SHA-256 of the SubjectPublicKeyInfo, hex: a card's badge text; it outlives a renewed certificate."""
    spki = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(spki).hexdigest()


def card_tag(fingerprint: str, site_salt: bytes) -> bytes:
    """Which slot a card names; cheap, for a fingerprint cannot be guessed as a number can."""
    whole = hashlib.sha256(b"stationleaf card tag v1\0" + site_salt + bytes.fromhex(fingerprint)).digest()
    return whole[:TAG_BYTES]


def make_card_slot(key: ec.EllipticCurvePublicKey, site_salt: bytes, keys: OperatorKey) -> Slot:
    """Seal ``keys`` to a card; the slot's ``salt`` is the ephemeral point that the card is given.

    Raises:
        Refused: the card's key is of another kind (``card_key``).
    """
    key = card_key(key)
    ephemeral = ec.generate_private_key(key.curve)
    point = _point(ephemeral.public_key())
    fingerprint = card_fingerprint(key)
    wrapping = _wrapping(ephemeral.exchange(ec.ECDH(), key), point, fingerprint)
    tag = card_tag(fingerprint, site_salt)
    seal_pub, sign_pub = keys.seal.public, keys.sign.public
    box = gcm_seal(keys.seal.raw + keys.sign.raw, wrapping, _context(tag, seal_pub, sign_pub))
    return Slot(CredentialKind.CARD, tag, point, box, seal_pub, sign_pub)


def open_card_slot(slot: Slot, fingerprint: str, secret: bytes) -> OperatorKey:
    """Unwrap the operator's keys with the secret that the card computed from ``slot.salt``.

    Raises:
        Refused: the secret is not the right card's (``wrong_card``).
        Damaged: the keys inside are not the ones whose public halves the slot names.
    """
    wrapping = _wrapping(secret, slot.salt, fingerprint)
    try:
        raw = gcm_open(slot.box, wrapping, _context(slot.tag, slot.seal_public, slot.sign_public))
    except Damaged:
        raise Refused(
            "This card does not open what the hub sealed to it.",
            advice="Go to the badge office: the card must be issued again.",
            code="wrong_card",
        ) from None
    keys = OperatorKey(SealKey(raw[:KEY_BYTES]), SigningKey(raw[KEY_BYTES:]))
    if keys.seal.public != slot.seal_public or keys.sign.public != slot.sign_public:
        raise Damaged("An operator's keys are not the ones that the hub knows.")
    return keys


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _wrapping(secret: bytes, point: bytes, fingerprint: str) -> bytes:
    info = b"stationleaf card slot v1\0" + point + bytes.fromhex(fingerprint)
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=info).derive(secret)


def _context(tag: bytes, seal_pub: bytes, sign_pub: bytes) -> bytes:
    return b"stationleaf card slot v1\0" + tag + seal_pub + sign_pub
