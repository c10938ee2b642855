"""A log's checkpoint: origin, size and root, as a signed note (C2SP tlog-checkpoint v1.0.0)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.model.errors import Bug, Untrusted
from app.seal.encoding import b64, unb64
from app.seal.merkle import HASH_BYTES
from app.seal.note import Note, NoteKey, bad_note, sign_note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.seal.keys import SigningKey

MOST_SIZE = 2**63 - 1
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


@dataclass(frozen=True)
class Checkpoint:
    """A log's state: the tree of its first ``size`` entries has this ``root`` (32 bytes).

    ``origin`` names the log. ``extensions`` are lines that say something nobody can audit; ours have none.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text that is signed."""
        return "".join(f"{line}\n" for line in (self.origin, self.size, b64(self.root), *self.extensions))

    @classmethod
    def read(cls, text: str) -> Checkpoint:
        """Read ``text``.

        Raises:
            Untrusted: it is not a checkpoint's (``bad_note``).
        """
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() or not all(lines):
            raise bad_note("a checkpoint has three lines that are not empty")
        root = unb64(lines[2])
        if len(root) != HASH_BYTES:
            raise bad_note("its root is not a hash")
        return cls(lines[0], read_decimal(lines[1]), root, tuple(lines[3:]))

    def sign(self, keys: Sequence[SigningKey]) -> bytes:
        """Return the signed note. The keys' name is the origin.

        Raises:
            Bug: no key, or a checkpoint that could not be read again.
        """
        if not keys or Checkpoint.read(self.text) != self:
            raise Bug("a checkpoint that cannot be signed")
        return Note(self.text, tuple(sign_note(self.text, self.origin, key) for key in keys)).exact()


def open_checkpoint(data: bytes, origin: str, publics: Sequence[bytes]) -> Checkpoint:
    """Read a checkpoint of the log ``origin``, signed by one of its keys at least.

    Steps: 1 it is a signed note; 2 one of the log's keys signed it, and each of them that is named did;
    3 its text is a checkpoint's; 4 of this log.

    Raises:
        Untrusted: a step fails (``bad_note``, ``not_signed``, ``bad_signature``, ``other_log``).
    """
    note = Note.read(data)  # 1
    note.signers([NoteKey(origin, public) for public in publics])  # 2
    checkpoint = Checkpoint.read(note.text)  # 3
    if checkpoint.origin != origin:  # 4
        raise Untrusted("This is the checkpoint of another log.", code="other_log")
    return checkpoint


def read_decimal(text: str) -> int:
    """Read a number as these formats write it: ASCII digits, no leading zero, below 2**63.

    Raises:
        Untrusted: it has another form (``bad_note``).
    """
    if _DECIMAL.fullmatch(text) is None or int(text) > MOST_SIZE:
        raise bad_note("a number has another form")
    return int(text)
