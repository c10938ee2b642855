"""Admission without the hub: keys that two people open together, a supervisor of the line and the worker.

With each lease the hub draws one key per class. They are a chain: whoever has the key of a class derives
those of the classes below. A supervisor's badge opens the key of the highest class that its credential is
worth, from which the kiosk derives the *supervisor's half* for one worker. The *worker's half* is sealed to
the worker's own slot. The bundle key is wrapped under both halves (``both``): neither badge alone opens a
page, and what the supervisor lends to one worker serves nobody else, no higher class, and no other lease.
"""

from __future__ import annotations

import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.model.errors import Untrusted
from app.model.terms import Classification
from app.seal.boxes import KEY_BYTES, joint_key

_CLASSES = sorted(Classification)


def new_half() -> bytes:
    """A fresh worker's half, or the key of the highest class: 32 random bytes."""
    return os.urandom(KEY_BYTES)


def class_key(
    top: bytes, level: Classification, *, start: Classification = Classification.RESTRICTED
) -> bytes:
    """Derive the key of ``level`` from that of ``start``, which is not below it.

    Raises:
        ValueError: it is below.
    """
    if level > start:
        raise ValueError("a class's key does not give that of a higher one")
    key = top
    for below in range(start - 1, level - 1, -1):
        key = _derive(key, b"class", Classification(below).word)
    return key


def half(key: bytes, worker: str) -> bytes:
    """The supervisor's half for one worker and the class that ``key`` is of."""
    return _derive(key, b"worker", worker)


def lend(key: bytes, start: Classification, worker: str) -> bytes:
    """The supervisor's halves for one worker, of every class up to ``start``, lowest first: 32 bytes each."""
    levels = [level for level in _CLASSES if level <= start]
    return b"".join(half(class_key(key, level, start=start), worker) for level in levels)


def lent(halves: bytes, level: Classification) -> bytes | None:
    """The half of a class among ``lend``'s; None where so much was not lent.

    Raises:
        Untrusted: these are no such halves.
    """
    if not halves or len(halves) % KEY_BYTES or len(halves) > KEY_BYTES * len(_CLASSES):
        raise Untrusted("What a supervisor lent does not have its form.", code="box_closed")
    place = _CLASSES.index(level) * KEY_BYTES
    return halves[place : place + KEY_BYTES] or None


def both(workers: bytes, supervisors: bytes) -> bytes:
    """The wrapping key that takes the worker's half and the supervisor's."""
    return joint_key(workers, supervisors)


def _derive(key: bytes, what: bytes, name: str) -> bytes:
    info = b"stationleaf admission v1\0" + what + b"\0" + name.encode()
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=info).derive(key)  # RFC 5869
