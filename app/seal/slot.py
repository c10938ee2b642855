"""Slots: an operator's private keys, wrapped by that operator's badge and PIN.

A kiosk must find the slot of a tapped badge without a table that gives badge numbers away. So the badge is
*identified* by Argon2id under the site's own salt: one derivation gives a tag (which slot?) and, for a badge
without PIN, the wrapping key. Unknown and known badges cost the same, and the disk alone lets nobody test
numbers faster than Argon2id allows. With a PIN, a second derivation under the slot's own salt opens it.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from app.model.errors import Damaged, Refused
from app.model.terms import CredentialKind
from app.seal.boxes import gcm_open, gcm_seal
from app.seal.encoding import sha256
from app.seal.keys import SealKey, SigningKey

SALT_BYTES = 16
TAG_BYTES = 16
BOX_BYTES = 92
"""Nonce, two private halves, authentication tag."""

_ITERATIONS, _LANES, _MEMORY_KIB = 3, 4, 64 * 1024
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, repr=False)
class OperatorKey:
    """An operator's private halves: ``seal`` opens bundle keys, ``sign`` makes e-signatures."""

    seal: SealKey
    sign: SigningKey

    @classmethod
    def generate(cls) -> OperatorKey:
        """Make a new pair."""
        return cls(SealKey.generate(), SigningKey.generate())


@dataclass(frozen=True)
class Slot:
    """What is stored and distributed: opens with the right badge (and PIN) only.

    ``tag`` (16 bytes) names the slot among the site's; ``salt`` is empty for a badge without PIN;
    ``box`` holds the private halves; the public halves are ``seal_public`` and ``sign_public``.
    """

    kind: CredentialKind
    tag: bytes
    salt: bytes
    box: bytes
    seal_public: bytes
    sign_public: bytes

    @property
    def slot(self) -> str:
        """The slot's name: changes whenever badge, PIN or keys do."""
        return sha256(self.tag + self.salt + self.box)[:32]


@dataclass(frozen=True, repr=False)
class Identified:
    """The outcome of tapping a badge: which slot it names, and the key it gives if no PIN is needed."""

    tag: bytes
    key: bytes


def _derive(secret: bytes, salt: bytes, length: int) -> bytes:
    # RFC 9106 Argon2id, t = 3, p = 4, 64 MiB: the design's cost, about a quarter of a second.
    # One at a time: two derivations at once in one process wait for each other's lanes in OpenSSL's thread
    # pool, for ever (cryptography 50, OpenSSL 4; seen with two threads and four lanes).
    kdf = Argon2id(salt=salt, length=length, iterations=_ITERATIONS, lanes=_LANES, memory_cost=_MEMORY_KIB)
    with _ONE_AT_A_TIME:
        return kdf.derive(secret)


def identify(badge: str, site_salt: bytes) -> Identified:
    """Derive tag and key of a badge number; about 0.25 s, the same for every badge."""
    out = _derive(badge.encode() + b"\0", site_salt, TAG_BYTES + 32)
    return Identified(out[:TAG_BYTES], out[TAG_BYTES:])


def make_slot(badge: str, pin: str, site_salt: bytes, keys: OperatorKey) -> Slot:
    """Wrap ``keys`` under badge and PIN (``""`` for none).

    Raises:
        Refused: the PIN is neither empty nor 6 to 12 digits.
    """
    if pin and not (pin.isascii() and pin.isdigit() and 6 <= len(pin) <= 12):
        raise Refused("A PIN has 6 to 12 digits.", advice="Choose another one.", code="bad_pin")
    found = identify(badge, site_salt)
    salt = os.urandom(SALT_BYTES) if pin else b""
    key = _pin_key(badge, pin, salt) if pin else found.key
    seal_pub, sign_pub = keys.seal.public, keys.sign.public
    box = gcm_seal(keys.seal.raw + keys.sign.raw, key, _context(found.tag, seal_pub, sign_pub))
    kind = CredentialKind.UID_PIN if pin else CredentialKind.UID
    return Slot(kind, found.tag, salt, box, seal_pub, sign_pub)


def open_slot(slot: Slot, found: Identified, badge: str = "", pin: str = "") -> OperatorKey:
    """Unwrap the operator's keys. A slot with a PIN needs ``badge`` and ``pin``; another about 0.25 s.

    Raises:
        Refused: wrong PIN, or the slot is another badge's.
        Damaged: the keys inside are not the ones whose public halves the slot names.
    """
    key = _pin_key(badge, pin, slot.salt) if slot.kind is CredentialKind.UID_PIN else found.key
    try:
        raw = gcm_open(slot.box, key, _context(slot.tag, slot.seal_public, slot.sign_public))
    except Damaged:
        raise Refused(
            "Badge and PIN do not match.", advice="Tap the badge and try again.", code="wrong_pin"
        ) from None
    keys = OperatorKey(SealKey(raw[:32]), SigningKey(raw[32:]))
    if keys.seal.public != slot.seal_public or keys.sign.public != slot.sign_public:
        raise Damaged("An operator's keys are not the ones that the hub knows.")
    return keys


def spend(badge: str, pin: str) -> None:
    """Do the work of opening a slot with a PIN, for a badge that has none: it must take as long."""
    _pin_key(badge, pin, os.urandom(SALT_BYTES))


def _pin_key(badge: str, pin: str, salt: bytes) -> bytes:
    return _derive(badge.encode() + b"\0" + pin.encode(), salt, 32)


def _context(tag: bytes, seal_public: bytes, sign_public: bytes) -> bytes:
    return b"stationleaf slot v1\0" + tag + seal_public + sign_public
