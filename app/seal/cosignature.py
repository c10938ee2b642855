"""A witness's signature on a log's checkpoint: at that time it was the newest that the witness had seen, and
consistent with all before (C2SP tlog-cosignature, Ed25519, ``cosignature/v1``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.model.errors import Bug, Untrusted
from app.seal.checkpoint import MOST_SIZE, Checkpoint
from app.seal.keys import verify
from app.seal.note import Note, SignatureLine, key_id_of, read_vkey, write_vkey

if TYPE_CHECKING:
    from app.seal.keys import SigningKey

COSIGNATURE = 0x04
"""The signature type of timestamped Ed25519 cosignatures."""

_TIME_BYTES, _SIGNATURE_BYTES = 8, 64


@dataclass(frozen=True)
class Witness:
    """The public half of a witness's key, under its name (``note.Verifier``)."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name, newline, 4, public key)."""
        return key_id_of(self.name, COSIGNATURE, self.public)

    @property
    def vkey(self) -> str:
        """The key as text."""
        return write_vkey(self.name, COSIGNATURE, self.public)

    @classmethod
    def read(cls, vkey: str) -> Witness:
        """Read ``vkey``.

        Raises:
            Untrusted: it is not one, or of another signature type (``bad_key``).
        """
        return cls(*read_vkey(vkey, COSIGNATURE))

    def check(self, text: str, signature: bytes) -> None:
        """Check a timestamped signature over a checkpoint's text.

        Raises:
            Untrusted: it does not hold, or the text is not a checkpoint's.
        """
        seconds = read_time(signature)
        Checkpoint.read(text)
        verify(self.public, signature[_TIME_BYTES:], _message(text, seconds))


def cosign(text: str, name: str, key: SigningKey, seconds: int) -> SignatureLine:
    """Cosign a checkpoint's text, whose consistency the caller has verified, at ``seconds`` since 1970.

    Raises:
        Untrusted: the text is not a checkpoint's.
        Bug: the time is out of range.
    """
    Checkpoint.read(text)
    if not 0 <= seconds <= MOST_SIZE:
        raise Bug("a time that cannot be signed")
    signed = seconds.to_bytes(_TIME_BYTES, "big") + key.sign(_message(text, seconds))
    return SignatureLine(name, Witness(name, key.public).key_id, signed)


def cosigned_at(note: Note, witness: Witness) -> int:
    """Return when a witness cosigned, in seconds since 1970; the latest of several.

    Raises:
        Untrusted: it did not, or a signature of it does not hold.
    """
    note.signers([witness])
    mine = (line for line in note.lines if (line.name, line.key_id) == (witness.name, witness.key_id))
    return max(read_time(line.signature) for line in mine)


def read_time(signature: bytes) -> int:
    """Return the time in a ``timestamped_signature``, in seconds since 1970.

    Raises:
        Untrusted: it is not one (``bad_signature``).
    """
    seconds = int.from_bytes(signature[:_TIME_BYTES], "big")
    if len(signature) != _TIME_BYTES + _SIGNATURE_BYTES or seconds > MOST_SIZE:
        raise Untrusted("A cosignature has another form.", code="bad_signature")
    return seconds


def _message(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
