"""What a witness is asked and what it may sign: C2SP tlog-witness, with files instead of requests.

The file is the body of ``add-checkpoint``: how many entries the witness has seen, the proof that the
checkpoint continues them, a blank line, the checkpoint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.model.errors import Refused, Untrusted
from app.seal.checkpoint import Checkpoint, open_checkpoint, read_decimal
from app.seal.cosignature import cosign
from app.seal.encoding import b64, unb64
from app.seal.merkle import HASH_BYTES, verify_consistency
from app.seal.note import MOST_BYTES, Note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.seal.keys import SigningKey

MOST_HASHES = 63
"""More the specification forbids, and no log needs."""


@dataclass(frozen=True)
class AddCheckpoint:
    """A request: ``proof`` shows that ``checkpoint`` (a signed note) continues the first ``old`` entries."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: bytes

    def exact(self) -> bytes:
        """The file's bytes."""
        lines = [f"old {self.old}", *map(b64, self.proof), ""]
        return "".join(f"{line}\n" for line in lines).encode() + self.checkpoint

    @classmethod
    def read(cls, data: bytes) -> AddCheckpoint:
        """Read ``exact``.

        Raises:
            Untrusted: the bytes are not such a request (``bad_request``).
        """
        head, blank, checkpoint = data.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n") if blank and len(data) <= MOST_BYTES else [""]
            request = cls(
                read_decimal(lines[0].removeprefix("old ")), tuple(map(unb64, lines[1:])), checkpoint
            )
        except (UnicodeDecodeError, Untrusted):
            raise _bad_request() from None
        long = len(request.proof) > MOST_HASHES or any(len(each) != HASH_BYTES for each in request.proof)
        if long or request.exact() != data:
            raise _bad_request()
        return request


@dataclass(frozen=True, repr=False)
class Signer:
    """A witness: its name and key."""

    name: str
    key: SigningKey


def witness(
    request: AddCheckpoint, kept: bytes, origin: str, publics: Sequence[bytes], signer: Signer, seconds: int
) -> Note:
    """Cosign a checkpoint at ``seconds`` since 1970. ``kept`` is the note signed last (``b""``: none).

    The caller keeps what this returns before anybody sees it, and calls it once at a time.

    Steps (tlog-witness, ``add-checkpoint``): 1 the checkpoint is the log's, signed by one of its keys; 2 the
    log has not become shorter; 3 the request begins where the witness stands; 4 what was signed is its
    beginning.

    Raises:
        Untrusted: 1, 2 or 4 fails: the log was rewritten (``bad_note``, ``not_signed``, ``not_consistent``).
        Refused: 3 fails; the advice says from where the proof is needed (``other_size``).
    """
    new = open_checkpoint(request.checkpoint, origin, publics)  # 1
    old = Checkpoint.read(Note.read(kept).text) if kept else None
    seen = 0 if old is None else old.size
    if new.size < seen:  # 2
        raise Untrusted(
            f"The log has become shorter: {new.size} entries, and {seen} when it was cosigned last.",
            advice="Keep both files: together they prove it.",
            code="not_consistent",
        )
    if request.old != seen:  # 3
        raise Refused(
            f"This witness has cosigned {seen} entries; the proof in the file begins at {request.old}.",
            advice=f"Ask the plant for a checkpoint with --old {seen}.",
            code="other_size",
        )
    if old is not None and old.size:  # 4
        try:
            verify_consistency(old.size, new.size, old.root, new.root, request.proof)
        except Untrusted as error:
            raise Untrusted(
                f"{error} It was rewritten, or another log is shown to this witness.",
                advice="Keep both files: together they prove it.",
                code="not_consistent",
            ) from None
    elif request.proof:
        raise _bad_request()
    note = Note.read(request.checkpoint)
    return Note(note.text, (*note.lines, cosign(note.text, signer.name, signer.key, seconds)))


def _bad_request() -> Untrusted:
    return Untrusted("This is not a checkpoint with a proof for a witness.", code="bad_request")
