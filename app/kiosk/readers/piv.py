"""The strong kind of badge: a card that proves a key certified by the site's CA (PIV, NIST SP 800-73-4).

Used is the card-authentication key (9E), which answers without a PIN and without contact. The cryptography
is the library's; here is what is asked, and in which order. A card that speaks PIV and fails a check is
refused; it is never taken for its mere number instead.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from app.kiosk.readers.apdu import command, exchange, field, garbled, parse_tlv, tlv
from app.kiosk.readers.authorities import Authorities, name_of
from app.model.errors import Refused, Untrusted
from app.seal.card_slot import UNREADABLE, card_fingerprint, card_key

if TYPE_CHECKING:
    from datetime import datetime

    from app.kiosk.readers.apdu import Transmit

PIV_AID = bytes.fromhex("a000000308000010000100")
CARD_AUTHENTICATION_KEY = 0x9E
_SELECT = command("00a40400", PIV_AID)
_GET_CERTIFICATE = command("00cb3fff", bytes.fromhex("5c035fc101"))
_NOT_HERE = frozenset({0x6A82, 0x6A81, 0x6D00, 0x6E00, 0x6A86, 0x6999, 0x6985})
_CHALLENGE_CONTEXT = b"stationleaf card authentication v1\0"
_MAX_CERTIFICATE = 8 * 1024
_GZIPPED = 0x01
_REISSUE = "Go to the badge office: the card must be issued again."


@dataclass(frozen=True)
class _Curve:
    algorithm: int  # SP 800-78-4, table 6-2
    hash: hashes.HashAlgorithm


_CURVES = {
    "secp256r1": _Curve(0x11, hashes.SHA256()),
    "secp384r1": _Curve(0x14, hashes.SHA384()),
}


@dataclass(frozen=True)
class Proven:
    """A card that passed every check: its key's fingerprint (SHA-256 of the public key, hex) and its name."""

    fingerprint: str
    name: str
    expires: datetime
    curve: str


def speaks_piv(transmit: Transmit) -> bool:
    """Select the PIV application; False when the card has none.

    Raises:
        Damaged: the answer is neither yes nor no (``card_garbled``).
    """
    answer = exchange(transmit, _SELECT)
    if answer.status in _NOT_HERE:
        return False
    if not answer.ok:
        raise garbled(f"status {answer.status:04X} to select")
    return True


def prove(transmit: Transmit, authorities: Authorities, now: datetime) -> Proven:
    """Check a selected PIV card, in the order of SP 800-73-4 part 1, B.1.2 (PKI-CAK).

    1. Read the card-authentication certificate (5FC101).
    2. Check it against the site's CA: validity, usage, name, chain (``Authorities.check``).
    3. Send a fresh random challenge to key 9E.
    4. Verify the signature with the certificate's key. Only now is anything of the card believed.

    Raises:
        Refused: no certificate on it (``card_empty``) or a key that is not on P-256 or P-384 (``card_key``).
        Untrusted: see ``Authorities.check``; or the signature does not hold (``card_signature``).
        Damaged: an answer makes no sense (``card_garbled``).
    """
    certificate = read_certificate(transmit)  # 1
    key = _key_of(certificate)
    try:
        authorities.check(certificate, now)  # 2
        name = name_of(certificate)
    except UNREADABLE:  # the library reads names and dates only when they are asked for
        raise garbled("a certificate that cannot be read") from None
    challenge = _CHALLENGE_CONTEXT + os.urandom(32)
    curve = _CURVES[key.curve.name]
    digest = hashlib.new(curve.hash.name, challenge).digest()
    signature = _sign(transmit, curve.algorithm, digest)  # 3
    try:
        key.verify(signature, challenge, ec.ECDSA(curve.hash))  # 4
    except InvalidSignature:
        raise Untrusted(
            "This card could not prove that it is the one it claims to be: it may be a copy.",
            advice="Keep the card and tell your supervisor.",
            code="card_signature",
        ) from None
    return Proven(card_fingerprint(key), name, certificate.not_valid_after_utc, key.curve.name)


def _key_of(certificate: x509.Certificate) -> ec.EllipticCurvePublicKey:
    try:
        key = certificate.public_key()
    except UNREADABLE:
        key = None
    return card_key(key)


def agree(transmit: Transmit, proven: Proven, point: bytes) -> bytes:
    """Let the card compute the ECDH secret (x-coordinate) of its key and ``point`` (uncompressed).

    Nobody without the card can: this is what a slot's key can rest on. Cards are free not to offer it.

    Raises:
        Refused: the card does not offer it (``card_no_agreement``).
        Damaged: an answer makes no sense (``card_garbled``).
    """
    algorithm = _CURVES[proven.curve].algorithm
    answer = exchange(transmit, _authenticate(algorithm, tlv(0x82, b"") + tlv(0x85, point)))
    if not answer.ok:
        raise Refused(
            "This card cannot open pages: its key only signs.", advice=_REISSUE, code="card_no_agreement"
        )
    secret = field(field(answer.data, 0x7C), 0x82)
    if len(secret) != (len(point) - 1) // 2:
        raise garbled("a secret of another length")
    return secret


def read_certificate(transmit: Transmit) -> x509.Certificate:
    """Read the card-authentication certificate.

    Raises:
        Refused: there is none (``card_empty``).
        Damaged: what is there is no certificate (``card_garbled``).
    """
    answer = exchange(transmit, _GET_CERTIFICATE)
    if answer.status == 0x6A82 or (answer.ok and not answer.data):
        raise Refused("This card has no certificate on it.", advice=_REISSUE, code="card_empty")
    if not answer.ok:
        raise garbled(f"status {answer.status:04X} to get data")
    parts = dict(parse_tlv(field(answer.data, 0x53)))
    der, info = parts.get(0x70, b""), parts.get(0x71, b"\0")
    if not der:
        raise Refused("This card has no certificate on it.", advice=_REISSUE, code="card_empty")
    if info[:1] and info[0] & _GZIPPED:
        der = _unzip(der)
    try:
        return x509.load_der_x509_certificate(der)
    except UNREADABLE:
        raise garbled("no certificate") from None


def _unzip(data: bytes) -> bytes:
    stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        out = stream.decompress(data, _MAX_CERTIFICATE)
    except zlib.error:
        raise garbled("a certificate that does not unpack") from None
    if not stream.eof:
        raise garbled("a certificate that is too long")
    return out


def _authenticate(algorithm: int, fields: bytes) -> bytes:
    return command(f"0087{algorithm:02x}{CARD_AUTHENTICATION_KEY:02x}", tlv(0x7C, fields))


def _sign(transmit: Transmit, algorithm: int, digest: bytes) -> bytes:
    answer = exchange(transmit, _authenticate(algorithm, tlv(0x82, b"") + tlv(0x81, digest)))
    if not answer.ok:
        raise Refused(
            "This card did not sign when it was asked to.", advice=_REISSUE, code="card_no_signature"
        )
    return field(field(answer.data, 0x7C), 0x82)
