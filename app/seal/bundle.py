"""Sealed bundles: an archive whose list of members is signed, so that every byte of the file is.

The last two members lie there undeflated: ``members.txt``, a line for each member before (SHA-256 of its
stored bytes, size, name), and ``seal``, a signed note (C2SP signed-note) whose text is

```
stationleaf evidence v1
ORIGIN              the log that the bundle is about; also the key's name
ID                  the bundle's own number, 32 hex digits
SHA-256             of members.txt, hex
```
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from app.model.errors import Untrusted
from app.seal.archive import STORED, Archive, ArchiveWriter, Packed, bad_archive
from app.seal.encoding import sha256
from app.seal.note import Note, NoteKey, sign_note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.seal.keys import SigningKey

MEMBERS, SEAL = "members.txt", "seal"
_TITLE = "stationleaf evidence v1"
_TEXT = re.compile(
    rf"{_TITLE}\n(?P<origin>[^\n]+)\n(?P<id>[0-9a-f]{{32}})\n(?P<hash>[0-9a-f]{{64}})\n", re.ASCII
)


class BundleWriter:
    """Writes a sealed bundle, member by member. Without ``finish`` it is none."""

    def __init__(self, file: BinaryIO) -> None:
        self._archive = ArchiveWriter(file)
        self._lines: list[str] = []

    def add(self, name: str, data: bytes, *, pack: bool = True) -> None:
        """Add a member, deflated where ``pack`` says so.

        Raises:
            Refused: it would be too large (``archive_full``).
        """
        self.put(Packed.of(name, data, pack=pack))

    def put(self, packed: Packed) -> None:
        """Add a member that is packed already."""
        self._archive.put(packed)
        self._lines.append(f"{packed.digest} {packed.size} {packed.name}\n")

    def finish(self, origin: str, bundle: str, key: SigningKey) -> None:
        """Seal the bundle; ``bundle`` is its number, 32 hex digits."""
        members = "".join(self._lines).encode()
        self._archive.put(Packed.of(MEMBERS, members, pack=False))
        text = f"{_TITLE}\n{origin}\n{bundle}\n{sha256(members)}\n"
        self._archive.put(Packed.of(SEAL, Note(text, (sign_note(text, origin, key),)).exact(), pack=False))
        self._archive.finish()


@dataclass(frozen=True)
class Sealed:
    """What a seal says: the origin, the bundle's number, the hash of its list, and who signed it."""

    origin: str
    bundle: str
    members: str
    public: bytes


class Bundle:
    """A bundle, opened: nothing is believed that its seal does not cover.

    Steps: 1 the file has the one form of such archives; 2 its last two members are list and seal; 3 the seal
    is a note of this form, signed by ``public`` under the origin's name; 4 it names the list's hash; 5 the
    list names every other member, in their order. 6, at each reading: the member's stored bytes have the hash
    that the list names.

    Raises:
        Untrusted: a step fails; the message says what was touched.
    """

    def __init__(self, file: BinaryIO, public: bytes) -> None:
        self._archive = Archive(file)  # 1
        names = [member.name for member in self._archive.members]
        undeflated = all(member.method == STORED for member in self._archive.members[-2:])
        if names[-2:] != [MEMBERS, SEAL] or not undeflated:  # 2
            raise bad_archive("its seal is missing")
        seal = self._archive.unpack(SEAL, self._archive.stored(SEAL))
        self.sealed = _read_seal(seal, public)  # 3
        members = self._archive.unpack(MEMBERS, self._archive.stored(MEMBERS))
        if sha256(members) != self.sealed.members:  # 4
            raise _touched("the list of its parts")
        self._hashes = dict(self._listed(members, names[:-2]))  # 5

    @property
    def names(self) -> tuple[str, ...]:
        """The members that the seal covers, in their order."""
        return tuple(self._hashes)

    def __contains__(self, name: str) -> bool:
        return name in self._hashes

    def read(self, name: str) -> bytes:
        """Return a member.

        Raises:
            Untrusted: it is missing or was touched (``touched``, ``bad_archive``).
        """
        if name not in self._hashes:
            raise bad_archive(f"the part {name} is missing")
        stored = self._archive.stored(name)
        if sha256(stored) != self._hashes[name]:  # 6
            raise _touched(f"the part {name}")
        return self._archive.unpack(name, stored)

    def _listed(self, members: bytes, names: list[str]) -> Iterator[tuple[str, str]]:
        lines = members.decode("ascii", "replace").split("\n")
        if lines.pop() or len(lines) != len(names):
            raise _touched("the list of its parts")
        for line, member in zip(lines, self._archive.members, strict=False):
            digest, _, rest = line.partition(" ")
            if rest != f"{member.size} {member.name}":
                raise _touched(f"the part {member.name}: it is not the one that was sealed in its place")
            yield member.name, digest


def _read_seal(seal: bytes, public: bytes) -> Sealed:
    note = Note.read(seal)
    found = _TEXT.fullmatch(note.text)
    if found is None or len(note.lines) != 1:
        raise _touched("its seal")
    try:
        note.signers([NoteKey(found["origin"], public)])
    except Untrusted as error:
        why = "is by another key" if error.code == "not_signed" else "does not hold: it was changed"
        raise Untrusted(
            f"The seal of this bundle {why}.", advice="Compare the key with the plant.", code=error.code
        ) from None
    return Sealed(found["origin"], found["id"], found["hash"], public)


def _touched(what: str) -> Untrusted:
    return Untrusted(f"This bundle was changed after it was sealed: {what}.", code="touched")
