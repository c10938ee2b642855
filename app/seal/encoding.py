"""Exact bytes: canonical JSON, base64, digests. The forms over which everything is signed and hashed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any

from app.model.errors import Untrusted


def canonical(value: Any) -> bytes:
    """Return JSON with sorted keys, no spaces, UTF-8. ``value`` holds str, int, bool, None, list, dict only.

    Floats are refused: their text differs between writers.
    """
    _refuse_floats(value)
    return _write(value).encode()


_write = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def _refuse_floats(value: Any) -> None:
    """Raise TypeError if there is a float anywhere in ``value``."""
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
    elif isinstance(value, float):
        raise TypeError("a float has no canonical form; use an integer of a smaller unit")


def sha256(data: bytes) -> str:
    """Return the SHA-256 of ``data`` as 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def b64(data: bytes) -> str:
    """Return standard base64 with padding."""
    return base64.b64encode(data).decode("ascii")


def unb64(text: str) -> bytes:
    """Read strict standard base64: no stray characters, full padding, no non-zero trailing bits.

    Raises:
        Untrusted: the text is not exactly what ``b64`` would have written.
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise Untrusted("A signed message holds text that is not base64.", code="encoding") from None
    if b64(data) != text:
        raise Untrusted("A signed message holds base64 in a second form.", code="encoding")
    return data
