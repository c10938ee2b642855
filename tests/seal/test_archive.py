"""Archives beyond the limits of plain ZIP: written, read back, and read by another program."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.model.errors import Untrusted
from app.seal.archive import MOST_MEMBER_BYTES, Archive, ArchiveWriter, Packed

if TYPE_CHECKING:
    from pathlib import Path

MANY = 0xFFFF


class Hollow(io.FileIO):
    """A file that leaves holes where others write zeros: gigabytes take no room and no time."""

    def write(self, data: bytes) -> int:
        if len(data) == MOST_MEMBER_BYTES:
            self.seek(len(data), io.SEEK_CUR)
            return len(data)
        return super().write(data)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of more than 4 GB, with its last members beyond."""
    path = tmp_path_factory.mktemp("large") / "large.zip"
    zeros = Packed.of("zeros", bytes(MOST_MEMBER_BYTES), pack=False)
    with Hollow(str(path), "w") as file:
        writer = ArchiveWriter(file)  # type: ignore[arg-type]
        for number in range(65):
            writer.put(replace(zeros, name=f"zeros/{number}"))
        for number in range(3):
            writer.put(Packed.of(f"far/{number}", f"far away {number}".encode()))
        writer.finish()
    return path


@pytest.mark.parametrize("data", [b"", b"P", b"PK\5\6", b"PK\5\6" + bytes(17), b"PK\5\6" + bytes(19)])
def test_what_is_too_short_for_an_archive_is_refused(data: bytes) -> None:
    with pytest.raises(Untrusted, match="end"):
        Archive(io.BytesIO(data))


def read(archive: Archive, name: str) -> bytes:
    return archive.unpack(name, archive.stored(name))


def test_members_beyond_four_gigabytes_are_read_here_and_elsewhere(large) -> None:
    assert large.stat().st_size > 1 << 32
    with large.open("rb") as file, zipfile.ZipFile(large) as other:
        archive = Archive(file)
        assert len(archive.members) == len(other.infolist()) == 68
        for number in range(3):
            name = f"far/{number}"
            assert read(archive, name) == other.read(name) == f"far away {number}".encode()


def test_an_end_of_more_than_four_gigabytes_that_was_changed_is_refused(large) -> None:
    end = large.stat().st_size
    with large.open("r+b") as file:
        for back in range(1, 99):  # both ends and the locator between them
            file.seek(end - back)
            before = file.read(1)
            file.seek(end - back)
            file.write(bytes([before[0] ^ 0x40]))
            with pytest.raises(Untrusted):
                Archive(file)
            file.seek(end - back)
            file.write(before)
        assert len(Archive(file).members) == 68


@pytest.mark.parametrize("count", [MANY - 1, MANY])
def test_as_many_members_as_there_are(count) -> None:
    target, one = io.BytesIO(), Packed.of("one", b"x", pack=False)
    writer = ArchiveWriter(target)
    for number in range(count):
        writer.put(replace(one, name=f"{number}"))
    writer.finish()
    archive = Archive(target)
    with zipfile.ZipFile(target) as other:
        assert len(archive.members) == len(other.infolist()) == count
        assert other.read(f"{count - 1}") == read(archive, f"{count - 1}") == b"x"
    assert (b"PK\6\6" in target.getvalue()) == (count >= MANY)
