"""The number that two people compare when a device is enrolled, and how the root's fingerprint is written."""

from __future__ import annotations

import hashlib
import hmac

from app.model.errors import Refused
from app.seal.keys import key_id

_DOMAIN = b"stationleaf enrolment check v1"
_HEX = frozenset("0123456789abcdef")


def root_fingerprint(public: bytes) -> str:
    """Return the fingerprint of a root key: its SHA-256, 64 hex digits."""
    return key_id(public)


def read_fingerprint(text: str) -> str:
    """Read a fingerprint as a person types or scans it: case, spaces, colons and dashes do not matter.

    Raises:
        Refused: what remains is not 64 hex digits (``code`` ``bad_fingerprint``).
    """
    digits = "".join(sign for sign in text.lower() if sign not in " \t\n:-")
    if len(digits) != 64 or not _HEX.issuperset(digits):
        raise Refused(
            "The hub's fingerprint is not complete.",
            advice="Copy all 64 digits from the enrolment sheet.",
            code="bad_fingerprint",
        )
    return digits


def same_fingerprint(public: bytes, fingerprint: str) -> bool:
    """Whether the key has this fingerprint (read with ``read_fingerprint``)."""
    return hmac.compare_digest(key_id(public), fingerprint)


def check_number(root_fingerprint: str, code: str, sign_key: bytes, seal_key: bytes) -> str:
    """Return the six digits that kiosk and hub both show before a device is confirmed.

    SHA-256 over a domain-separated transcript with length-prefixed parts, modulo 10**6. It shows which device
    used the code; it is not a key exchange (the pinned TLS and the fingerprint do that).
    """
    digest = hashlib.sha256(_DOMAIN)
    for part in (root_fingerprint.encode(), code.encode(), sign_key, seal_key):
        digest.update(len(part).to_bytes(4, "big") + part)
    return f"{int.from_bytes(digest.digest(), 'big') % 10**6:06d}"
