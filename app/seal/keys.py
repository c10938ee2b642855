"""Key pairs as raw bytes, and their names. Where keys are kept is the business of hub and kiosk."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from app.model.errors import Untrusted
from app.seal.encoding import sha256


@dataclass(frozen=True, repr=False)
class SigningKey:
    """An Ed25519 private key (RFC 8032); ``raw`` is its 32-byte seed."""

    raw: bytes

    @classmethod
    def generate(cls) -> SigningKey:
        """Make a new key from the system's random source."""
        return cls(Ed25519PrivateKey.generate().private_bytes_raw())

    @property
    def public(self) -> bytes:
        """The 32-byte public key."""
        return self._private.public_key().public_bytes_raw()

    @property
    def key_id(self) -> str:
        """The name of the public half."""
        return key_id(self.public)

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature of ``message``."""
        return self._private.sign(message)

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.raw)


@dataclass(frozen=True, repr=False)
class SealKey:
    """An X25519 private key (RFC 7748), the receiving end of HPKE; ``raw`` has 32 bytes."""

    raw: bytes

    @classmethod
    def generate(cls) -> SealKey:
        """Make a new key from the system's random source."""
        return cls(X25519PrivateKey.generate().private_bytes_raw())

    @property
    def public(self) -> bytes:
        """The 32-byte public key."""
        return self.private().public_key().public_bytes_raw()

    def private(self) -> X25519PrivateKey:
        """The key in the form that the library's primitives take."""
        return self._private

    @cached_property
    def _private(self) -> X25519PrivateKey:
        # Reading it costs as much as a key exchange (the library derives the public half each time).
        return X25519PrivateKey.from_private_bytes(self.raw)


def key_id(public: bytes) -> str:
    """Return the name of a public key: the SHA-256 of its raw bytes, hex."""
    return sha256(public)


def verify(public: bytes, signature: bytes, message: bytes) -> None:
    """Check an Ed25519 signature.

    Raises:
        Untrusted: the signature does not hold, or the key is not one.
    """
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise Untrusted("A signature does not hold.", code="bad_signature") from None


def seal_public(raw: bytes) -> X25519PublicKey:
    """Read a 32-byte X25519 public key.

    Raises:
        Untrusted: the bytes are not one.
    """
    try:
        return X25519PublicKey.from_public_bytes(raw)
    except ValueError:
        raise Untrusted("A sealing key is not a valid key.", code="bad_key") from None
