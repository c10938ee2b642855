"""A stream sealed with a passphrase, for backups: Argon2id for the key, AES-256-GCM over numbered chunks.

The chunks follow STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015), as the file format ``age`` uses it: the
nonce is the chunk's number and whether it is the last, under a key that serves one file. So a chunk that was
changed, moved, left out or cut off is noticed, and memory holds one chunk at a time.

```
magic ‖ version u16 ‖ iterations u32 ‖ lanes u32 ‖ memory KiB u32 ‖ salt 16   the header
checksum 8 (of the header, against damage) ‖ tag 32 (HMAC-SHA256 of the header: is the passphrase right?)
chunk 0 ‖ chunk 1 ‖ …   each CHUNK_BYTES of plain text and a 16-byte tag; the last is shorter, or as long
```
"""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from app.model.errors import Damaged, Refused

if TYPE_CHECKING:
    from typing import BinaryIO

MAGIC = b"stationleaf sealed stream\n"
VERSION = 1
CHUNK_BYTES = 256 * 1024
SHORTEST = 12
"""Characters of a passphrase: whoever has the file can guess as long as they like."""

_TAG_BYTES, _SALT_BYTES, _CHECK_BYTES, _MAC_BYTES = 16, 16, 8, 32
_NUMBERS = struct.Struct(">HIII")
_HEADER_BYTES = len(MAGIC) + _NUMBERS.size + _SALT_BYTES
_MOST_ITERATIONS, _MOST_LANES, _MOST_MEMORY_KIB = 16, 64, 1024 * 1024


@dataclass(frozen=True)
class Cost:
    """What one guess at a passphrase costs (Argon2id, RFC 9106); kept in the header."""

    iterations: int = 3
    lanes: int = 4
    memory_kib: int = 256 * 1024


@dataclass(frozen=True, repr=False)
class _Keys:
    stream: bytes
    mac: bytes


def check_passphrase(passphrase: str) -> None:
    """Raise unless a passphrase is long enough to seal something with.

    Raises:
        Refused: it is shorter than ``SHORTEST`` (``short_passphrase``).
    """
    if len(passphrase.strip()) < SHORTEST:
        raise Refused(
            f"The passphrase is too short: it needs {SHORTEST} characters or more.",
            advice="Take five random words, and keep them where the backup is not.",
            code="short_passphrase",
        )


class Sealer:
    """Seals what is written to it. Without ``finish`` the file counts as cut off."""

    def __init__(self, file: BinaryIO, passphrase: str, cost: Cost = Cost()) -> None:
        check_passphrase(passphrase)
        numbers = _NUMBERS.pack(VERSION, cost.iterations, cost.lanes, cost.memory_kib)
        header = MAGIC + numbers + os.urandom(_SALT_BYTES)
        keys = _derive(passphrase, header, cost)
        self._keys = keys
        self._file, self._aead = file, AESGCM(keys.stream)
        self._context = hashlib.sha256(header).digest()
        self._buffer, self._number = bytearray(), 0
        file.write(header + _checksum(header) + _mac(keys, header))

    def write(self, data: bytes) -> int:
        """Take some plain bytes."""
        self._buffer += data
        while len(self._buffer) > CHUNK_BYTES:  # one is kept back: only the end tells which is the last
            self._put(bytes(self._buffer[:CHUNK_BYTES]), last=False)
            del self._buffer[:CHUNK_BYTES]
        return len(data)

    def finish(self) -> None:
        """Write the last chunk."""
        self._put(bytes(self._buffer), last=True)
        self._buffer.clear()

    def read_back(self, file: BinaryIO) -> Opener:
        """Open what was sealed, without deriving the key again."""
        return Opener(file, "", self._keys)

    def _put(self, plain: bytes, *, last: bool) -> None:
        self._file.write(self._aead.encrypt(_nonce(self._number, last=last), plain, self._context))
        self._number += 1


class Opener:
    """Gives back the plain bytes, each chunk only after it was verified.

    Raises, here and from ``read``:
        Refused: not such a stream (``not_sealed``), of a newer program (``newer_sealed``), or the passphrase
            is another (``wrong_passphrase``).
        Damaged: changed (``sealed_damaged``) or cut off (``sealed_cut``).
    """

    def __init__(self, file: BinaryIO, passphrase: str, keys: _Keys | None = None) -> None:
        header = file.read(_HEADER_BYTES)
        cost = _read_header(header)
        proof = file.read(_CHECK_BYTES + _MAC_BYTES)
        if len(proof) < _CHECK_BYTES + _MAC_BYTES:
            raise _cut()
        if proof[:_CHECK_BYTES] != _checksum(header):
            raise _changed()
        keys = keys or _derive(passphrase, header, cost)
        if not hmac.compare_digest(proof[_CHECK_BYTES:], _mac(keys, header)):
            raise Refused("The passphrase is not the right one.", code="wrong_passphrase")
        self._file, self._aead = file, AESGCM(keys.stream)
        self._context = hashlib.sha256(header).digest()
        self._start = file.tell()
        self.rewind()

    def rewind(self) -> None:
        """Begin again, without deriving the key again."""
        self._file.seek(self._start)
        self._plain, self._place, self._number = b"", 0, 0
        self._ahead = self._file.read(CHUNK_BYTES + _TAG_BYTES)
        self._ended = False

    def read(self, size: int) -> bytes:
        """At most ``size`` plain bytes; fewer only at the end."""
        parts = []
        while size > 0 and self._fill():
            part = self._plain[self._place : self._place + size]
            self._place += len(part)
            size -= len(part)
            parts.append(part)
        return b"".join(parts)

    def _fill(self) -> bool:
        while self._place >= len(self._plain):
            if self._ended:
                return False
            self._plain, self._place = self._next(), 0
        return True

    def _next(self) -> bytes:
        box, self._ahead = self._ahead, self._file.read(CHUNK_BYTES + _TAG_BYTES)
        self._ended = not self._ahead
        plain = self._opened(box, last=self._ended)
        if plain is None:
            whole = self._ended and self._opened(box, last=False) is not None
            raise _cut() if whole or (self._ended and len(box) < _TAG_BYTES) else _changed()
        self._number += 1
        return plain

    def _opened(self, box: bytes, *, last: bool) -> bytes | None:
        try:
            return self._aead.decrypt(_nonce(self._number, last=last), box, self._context)
        except (InvalidTag, ValueError):
            return None


def _read_header(header: bytes) -> Cost:
    if not header.startswith(MAGIC):
        raise Refused("This file is not one that Stationleaf sealed.", code="not_sealed")
    if len(header) < _HEADER_BYTES:
        raise _cut()
    version, iterations, lanes, memory = _NUMBERS.unpack_from(header, len(MAGIC))
    if version != VERSION:
        raise Refused(
            "This file was sealed by a newer Stationleaf than this one.",
            advice="Install that version.",
            code="newer_sealed",
        )
    within = 0 < iterations <= _MOST_ITERATIONS and 0 < lanes <= _MOST_LANES
    if not within or not 8 * lanes <= memory <= _MOST_MEMORY_KIB:
        raise _changed()
    return Cost(iterations, lanes, memory)


def _derive(passphrase: str, header: bytes, cost: Cost) -> _Keys:
    # NFC: the same passphrase typed on another system may come as other code points.
    secret = unicodedata.normalize("NFC", passphrase).encode()
    raw = Argon2id(
        salt=header[-_SALT_BYTES:],
        length=64,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    ).derive(secret)
    return _Keys(raw[:32], raw[32:])


def _checksum(header: bytes) -> bytes:
    return hashlib.sha256(header).digest()[:_CHECK_BYTES]


def _mac(keys: _Keys, header: bytes) -> bytes:
    return hmac.new(keys.mac, header, hashlib.sha256).digest()


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _cut() -> Damaged:
    return Damaged(
        "The file was cut off: its end is missing.",
        advice="Copy it again from where it came.",
        code="sealed_cut",
    )


def _changed() -> Damaged:
    return Damaged(
        "The file is damaged: it is not what was sealed.",
        advice="Copy it again from where it came, or take another backup.",
        code="sealed_damaged",
    )
