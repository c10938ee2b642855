"""Sealing: HPKE to one receiver, AES-GCM for pages and secrets, AES key wrap for keys.

Every box is bound to its context: opening it elsewhere fails. Nothing here invents a primitive.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from app.model.errors import Damaged, Untrusted
from app.seal.encoding import sha256
from app.seal.keys import SealKey, seal_public

KEY_BYTES = 32
NONCE_BYTES = 12
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def hpke_seal(plain: bytes, public: bytes, info: bytes) -> bytes:
    """Seal ``plain`` to the holder of ``public`` (HPKE base mode, RFC 9180); 48 bytes longer than it."""
    return _SUITE.encrypt(plain, seal_public(public), info)


def hpke_open(box: bytes, key: SealKey, info: bytes) -> bytes:
    """Open an HPKE box.

    Raises:
        Untrusted: the box is not for this key and context, or was changed.
    """
    try:
        return _SUITE.decrypt(box, key.private(), info)
    except (InvalidTag, ValueError):
        raise Untrusted("A sealed message does not open with this key.", code="box_closed") from None


def gcm_seal(plain: bytes, key: bytes, context: bytes) -> bytes:
    """Seal with AES-256-GCM (NIST SP 800-38D) under a random nonce: nonce ‖ ciphertext ‖ tag."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


def gcm_open(box: bytes, key: bytes, context: bytes) -> bytes:
    """Open what ``gcm_seal`` made.

    Raises:
        Damaged: the box was changed, cut, or is for another key or context.
    """
    try:
        return AESGCM(key).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], context)
    except (InvalidTag, ValueError):
        raise Damaged("Sealed bytes do not open: they were changed or the key is another.") from None


def wrap_key(key: bytes, wrapping: bytes) -> bytes:
    """Wrap a 32-byte key under another (AES key wrap, RFC 3394): 40 bytes."""
    return aes_key_wrap(wrapping, key)


def unwrap_key(wrapped: bytes, wrapping: bytes) -> bytes:
    """Unwrap what ``wrap_key`` made.

    Raises:
        Damaged: the wrapped key was changed or is for another wrapping key.
    """
    try:
        return aes_key_unwrap(wrapping, wrapped)
    except (InvalidUnwrap, ValueError):
        raise Damaged("A wrapped key does not open: it was changed or the key is another.") from None


def joint_key(key: bytes, share: bytes) -> bytes:
    """Return the key that takes both halves: HKDF-SHA256 (RFC 5869) of ``key``, salted with ``share``."""
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=share, info=b"stationleaf joint key v1").derive(key)


def seal_page(plain: bytes, revision: str) -> tuple[bytes, bytes]:
    """Seal one page under a fresh key that is used once. Returns ``(page key, ciphertext)``.

    The ciphertext is bound to the page's own hash and its revision (``DOCUMENT/LABEL``).
    """
    key = os.urandom(KEY_BYTES)
    return key, gcm_seal(plain, key, _page_context(sha256(plain), revision))


def open_page(box: bytes, key: bytes, page: str, revision: str) -> bytes:
    """Open a page object and prove that it is the page named.

    Raises:
        Damaged: the bytes are not the page ``page`` of ``revision``.
    """
    plain = gcm_open(box, key, _page_context(page, revision))
    if sha256(plain) != page:
        raise Damaged("A page's bytes are not the page that was released.")
    return plain


def _page_context(page: str, revision: str) -> bytes:
    return b"stationleaf page v1\0" + page.encode() + b"\0" + revision.encode()
