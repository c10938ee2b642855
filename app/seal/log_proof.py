"""The proof that a log holds an entry, as one file that is verified offline (C2SP tlog-proof v1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.model.errors import Untrusted
from app.seal.checkpoint import open_checkpoint, read_decimal
from app.seal.encoding import b64, unb64
from app.seal.merkle import HASH_BYTES, leaf_hash, verify_inclusion
from app.seal.note import MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.seal.checkpoint import Checkpoint

HEADER = "c2sp.org/tlog-proof@v1"
FILE_ENDING = ".tlog-proof"
MOST_HASHES = 63
"""No tree of fewer than 2**63 entries needs a longer proof."""


@dataclass(frozen=True)
class LogProof:
    """The entry's index, its inclusion proof, and the checkpoint it leads to, verbatim; unverified.

    ``extra`` is opaque and proven by nothing.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""

    def exact(self) -> bytes:
        """The file's bytes."""
        extra = [f"extra {b64(self.extra)}"] if self.extra else []
        lines = [HEADER, *extra, f"index {self.index}", *map(b64, self.hashes), ""]
        return "".join(f"{line}\n" for line in lines).encode() + self.checkpoint

    @classmethod
    def read(cls, data: bytes) -> LogProof:
        """Read ``exact``.

        Raises:
            Untrusted: the bytes are not such a proof (``bad_proof``).
        """
        head, blank, checkpoint = data.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n") if blank and len(data) <= MOST_BYTES else []
            proof = cls._read(lines, checkpoint)
        except (UnicodeDecodeError, Untrusted):
            raise _bad_proof() from None
        if proof.exact() != data:
            raise _bad_proof()
        return proof

    @classmethod
    def _read(cls, lines: list[str], checkpoint: bytes) -> LogProof:
        has_extra = len(lines) > 1 and lines[1].startswith("extra ")
        number = 2 if has_extra else 1
        if not number < len(lines) <= number + 1 + MOST_HASHES or not lines[number].startswith("index "):
            raise _bad_proof()
        hashes = tuple(map(unb64, lines[number + 1 :]))
        if lines[0] != HEADER or any(len(each) != HASH_BYTES for each in hashes):
            raise _bad_proof()
        extra = unb64(lines[1].removeprefix("extra ")) if has_extra else b""
        return cls(read_decimal(lines[number].removeprefix("index ")), hashes, checkpoint, extra)

    def verify(self, entry: bytes, origin: str, publics: Sequence[bytes]) -> Checkpoint:
        """Check that the log ``origin`` holds ``entry``; return the checkpoint by which it does.

        Raises:
            Untrusted: the checkpoint is not the log's, or does not hold the entry.
        """
        checkpoint = open_checkpoint(self.checkpoint, origin, publics)
        verify_inclusion(leaf_hash(entry), self.index, checkpoint.size, self.hashes, checkpoint.root)
        return checkpoint


def _bad_proof() -> Untrusted:
    return Untrusted("This is not the proof of a log entry.", code="bad_proof")
