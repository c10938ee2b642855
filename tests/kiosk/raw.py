"""What somebody finds who has the disk: every file under a folder, searched as bytes."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

WINDOW = 24
"""A secret longer than this is searched for by each of its stretches of this length."""


SHORTEST = 6
"""Shorter patterns turn up in random bytes by accident."""


def found_in(folder: Path, secrets: Iterable[str | bytes]) -> list[tuple[Path, bytes]]:
    """Every file that holds a secret or a stretch of it, in plain or in a form that a program might write."""
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert files, "nothing was written: nothing was tested"
    forms = {form for secret in secrets for form in _forms(secret) if len(form) >= SHORTEST}
    assert forms, "nothing was searched for"
    return [(path, form) for path, data in files.items() for form in forms if form in data]


def _forms(secret: str | bytes) -> Iterable[bytes]:
    if isinstance(secret, str):
        yield secret.encode("utf-16-le")
        secret = secret.encode()
    for start in range(0, max(1, len(secret) - WINDOW), WINDOW):
        part = secret[start : start + WINDOW]
        yield part
        yield part.hex().encode()
        yield part.hex().upper().encode()
        for shift in range(3):  # base64 reads differently at each offset; the ends depend on what is beside
            yield base64.b64encode(bytes(shift) + part)[4 if shift else 0 : -4]
