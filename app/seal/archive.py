"""ZIP archives of one exact form: there is one way to write each, so that no byte can be another unnoticed.

Any program that reads ZIP (APPNOTE 6.3, sections 4.3 and 4.4) reads them. The form: members follow one
another without gaps, stored or deflated; all times are 1980-01-01, and there are no comments or data
descriptors. ZIP64 is there where a number needs it and nowhere else: extra fields for where members begin,
and its own end with a locator. Whoever changes a byte changes a header, which is made again and compared, or
a member's stored bytes, whose hash the caller keeps (``bundle``): a CRC is no protection.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from app.model.errors import Bug, Refused, Untrusted
from app.seal.encoding import sha256

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_MEMBER_BYTES = 64 * 2**20
"""A member is held in memory; a longer one is neither written nor read."""

STORED, DEFLATED = 0, 8
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END_64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR = struct.Struct("<4sIQI")
_EXTRA = struct.Struct("<2HQ")
_VERSION, _VERSION_64, _DATE = 20, 45, 0x0021
_UNIX = 3 << 8
_LARGE, _MANY = 0xFFFF_FFFF, 0xFFFF  # what stands where a number is in ZIP64's fields
_MODE = 0o100644 << 16
_NAME = re.compile(r"[A-Za-z0-9._/-]{1,200}", re.ASCII)


@dataclass(frozen=True)
class Member:
    """A member: how long it is as it is (``size``) and as it lies there (``stored``), and where it begins."""

    name: str
    method: int
    crc: int
    stored: int
    size: int
    at: int

    @property
    def begins(self) -> int:
        """Where its stored bytes begin."""
        return self.at + _LOCAL.size + len(self.name)

    @property
    def local(self) -> bytes:
        """Its local file header (4.3.7)."""
        sizes = (self.crc, self.stored, self.size, len(self.name), 0)
        return _LOCAL.pack(b"PK\3\4", _VERSION, 0, self.method, 0, _DATE, *sizes) + self.name.encode("ascii")

    @property
    def central(self) -> bytes:
        """Its entry in the central directory (4.3.12); beyond 4 GB with an extra field (4.5.3)."""
        far = self.at >= _LARGE
        extra = _EXTRA.pack(1, 8, self.at) if far else b""
        version, at = (_VERSION_64, _LARGE) if far else (_VERSION, self.at)
        sizes = (self.crc, self.stored, self.size, len(self.name), len(extra), 0, 0, 0, _MODE, at)
        head = _CENTRAL.pack(b"PK\1\2", _UNIX | version, version, 0, self.method, 0, _DATE, *sizes)
        return head + self.name.encode("ascii") + extra


@dataclass(frozen=True)
class Packed:
    """A member ready to be put into an archive. ``digest`` is the SHA-256 of its stored bytes, hex."""

    name: str
    method: int
    crc: int
    size: int
    stored: bytes
    digest: str

    @classmethod
    def of(cls, name: str, data: bytes, *, pack: bool = True) -> Packed:
        """Make one, deflated where ``pack`` says so.

        Raises:
            Refused: it would be too large (``archive_full``).
        """
        if len(data) > MOST_MEMBER_BYTES:
            raise _full()
        stored = _deflate(data) if pack else data
        method = DEFLATED if pack else STORED
        return cls(name, method, zlib.crc32(data), len(data), stored, sha256(stored))


class ArchiveWriter:
    """Writes an archive, member by member. Without ``finish`` it is none."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._members: list[Member] = []
        self._names: set[str] = set()
        self._at = 0

    def put(self, packed: Packed) -> None:
        """Add a member.

        Raises:
            Bug: the name is not usable, or taken.
        """
        name = packed.name
        if _NAME.fullmatch(name) is None or name in self._names:
            raise Bug(f"no name for a member: {name}")
        member = Member(name, packed.method, packed.crc, len(packed.stored), packed.size, self._at)
        self._put(member.local)
        self._put(packed.stored)
        self._names.add(name)
        self._members.append(member)

    def finish(self) -> None:
        """Write the central directory."""
        begins = self._at
        for member in self._members:
            self._put(member.central)
        self._put(_end(len(self._members), self._at - begins, begins))

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        self._at += len(data)


class Archive:
    """An archive of exactly this form, opened for reading. ``members`` are in their order.

    Raises:
        Untrusted: it is not (``bad_archive``); the message says where.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        length = file.seek(0, 2)
        most = _END_64.size + _LOCATOR.size + _END.size
        tail = self._bytes(max(0, length - most), most)
        if len(tail) < _END.size or tail[-_END.size :][:4] != b"PK\5\6":
            raise bad_archive("its end is missing or was changed")
        count, size, begins = _ends(tail)
        end = _end(count, size, begins)
        if begins + size + len(end) != length or not tail.endswith(end):
            raise bad_archive("its end was changed")
        self.members = tuple(_members(self._bytes(begins, size), count, begins))
        self._by_name = {member.name: member for member in self.members}
        if len(self._by_name) != count:
            raise bad_archive("two parts have the same name")

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def stored(self, name: str) -> bytes:
        """Return a member's bytes as they lie there.

        Raises:
            Untrusted: there is no such member, or its header was changed (``bad_archive``).
        """
        member = self._by_name.get(name)
        if member is None:
            raise bad_archive(f"the part {name} is missing")
        if self._bytes(member.at, len(member.local)) != member.local:
            raise bad_archive(f"the header of the part {name} was changed")
        return self._bytes(member.begins, member.stored)

    def unpack(self, name: str, stored: bytes) -> bytes:
        """Return a member's own bytes from those of ``stored``.

        Raises:
            Untrusted: they are not what the header says (``bad_archive``).
        """
        member = self._by_name[name]
        data = stored if member.method == STORED else _inflate(stored, member.size)
        if data is None or len(data) != member.size or zlib.crc32(data) != member.crc:
            raise bad_archive(f"the part {name} was changed")
        return data

    def _bytes(self, at: int, count: int) -> bytes:
        self._file.seek(at)
        return self._file.read(count)


def _members(directory: bytes, count: int, end: int) -> Iterator[Member]:
    """Read the central directory; each member must follow the one before and say all in the one form."""
    place = at = 0
    for _ in range(count):
        head = directory[place : place + _CENTRAL.size]
        if len(head) != _CENTRAL.size:
            raise bad_archive("its directory is cut off")
        values = _CENTRAL.unpack(head)
        method, crc, stored, size, length = values[4], *values[7:11]
        try:
            name = directory[place + _CENTRAL.size : place + _CENTRAL.size + length].decode("ascii")
        except UnicodeDecodeError:
            name = ""
        member = Member(name, method, crc, stored, size, at)
        form = method == DEFLATED or (method == STORED and stored == size)
        if _NAME.fullmatch(name) is None or not form or size > MOST_MEMBER_BYTES:
            raise bad_archive("its directory was changed")
        if directory[place : place + len(member.central)] != member.central:
            raise bad_archive(f"the directory's line on the part {name} was changed")
        yield member
        place += len(member.central)
        at = member.begins + stored
    if place != len(directory) or at != end:
        raise bad_archive("its directory was changed")


def _deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(level=1, wbits=-15)
    return packer.compress(data) + packer.flush()


def _inflate(stored: bytes, size: int) -> bytes | None:
    unpacker = zlib.decompressobj(wbits=-15)
    try:
        data = unpacker.decompress(stored, size + 1)
    except zlib.error:
        return None
    return data if unpacker.eof and not unpacker.unused_data else None


def _end(count: int, size: int, begins: int) -> bytes:
    """The end of an archive (4.3.16), behind that of ZIP64 (4.3.14, 4.3.15) where one of these needs it."""
    short = min(count, _MANY), min(count, _MANY), min(size, _LARGE), min(begins, _LARGE)
    end = _END.pack(b"PK\5\6", 0, 0, *short, 0)
    if count < _MANY and size < _LARGE and begins < _LARGE:
        return end
    rest = _END_64.size - 12  # counted from behind its own length
    numbers = (_UNIX | _VERSION_64, _VERSION_64, 0, 0, count, count, size, begins)
    long = _END_64.pack(b"PK\6\6", rest, *numbers)
    return long + _LOCATOR.pack(b"PK\6\7", 0, begins + size, 1) + end


def _ends(tail: bytes) -> tuple[int, int, int]:
    """How many members there are, how long the directory is and where it begins: not yet believed."""
    count, size, begins = _END.unpack(tail[-_END.size :])[4:7]
    long = tail[: _END_64.size]
    if (count == _MANY or _LARGE in (size, begins)) and long.startswith(b"PK\6\6"):
        count, size, begins = _END_64.unpack(long)[7:10]
    return count, size, begins


def _full() -> Refused:
    return Refused(
        "A part of the bundle would be larger than it can be.",
        advice="Ask for a shorter period, and for another bundle for the rest.",
        code="archive_full",
    )


def bad_archive(why: str) -> Untrusted:
    """Return what is raised of a file that is not an archive of this form."""
    return Untrusted(f"This is not the file that was made: {why}.", code="bad_archive")
