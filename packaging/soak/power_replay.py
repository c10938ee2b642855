"""A disk that is told what was written and synced, and what it holds when the power goes at some moment.

What was not synced is kept, dropped, or torn at a sector, each write for itself: a disk may reorder. A file's
creation, removal and renaming hold at once: the journal of the file system sees to it (ext4, data=ordered).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Mapping

SECTOR = 512


@dataclass(frozen=True)
class Op:
    """One record of the log (``power.c``)."""

    kind: str
    path: str
    at: int
    data: bytes


def read_log(path: Path) -> list[Op]:
    """Everything that was noted."""
    return list(_ops(path.read_bytes()))


def _ops(log: bytes) -> Iterator[Op]:
    at = 0
    while at < len(log):
        kind = chr(log[at])
        name, place, size = struct.unpack_from("=3Q", log, at + 1)
        at += 25
        path = Path(log[at : at + name].decode()).name
        yield Op(kind, path, place, log[at + name : at + name + size])
        at += name + size


@dataclass
class Kept:
    """A file: what is surely on the disk, and what was written since."""

    sure: bytearray = field(default_factory=bytearray)
    since: list[Op] = field(default_factory=list)


def apply(content: bytearray, op: Op, length: int | None = None) -> None:
    """Do to ``content`` what ``op`` did, or only its first ``length`` bytes."""
    if op.kind == "T":
        del content[op.at :]
        content.extend(bytes(op.at - len(content)))
        return
    data = op.data[:length]
    content.extend(bytes(max(0, op.at + len(data) - len(content))))
    content[op.at : op.at + len(data)] = data


class Disk:
    """See the module."""

    def __init__(self, files: Mapping[str, bytes] = MappingProxyType({})) -> None:
        """``files`` are on it already."""
        self._files = {name: Kept(bytearray(data)) for name, data in files.items()}

    def note(self, op: Op) -> None:
        """The next record."""
        if op.kind == "U":
            self._files.pop(op.path, None)
        elif op.kind == "R":
            if op.path in self._files:
                self._files[Path(op.data.decode()).name] = self._files.pop(op.path)
        elif op.kind == "S":
            if op.path in self._files:
                kept = self._files[op.path]
                for one in kept.since:
                    apply(kept.sure, one)
                kept.since.clear()
        else:
            self._files.setdefault(op.path, Kept()).since.append(op)

    def cut(self, folder: Path, chance: random.Random) -> tuple[int, int]:
        """Write what is left after a power cut; returns how many writes were dropped, and torn."""
        dropped = torn = 0
        how = chance.choice(("mixed", "mixed", "mixed", "nothing", "last torn"))
        for name, kept in self._files.items():
            if name.endswith("-shm"):  # shared memory: nobody believes it after a crash
                continue
            content = bytearray(kept.sure)
            for place, op in enumerate(kept.since):
                last = place == len(kept.since) - 1
                fate = _fate(how, chance, last=last)
                if fate == "kept":
                    apply(content, op)
                elif fate == "torn" and len(op.data) > SECTOR:
                    torn += 1
                    apply(content, op, SECTOR * chance.randrange(1, -(-len(op.data) // SECTOR)))
                else:
                    dropped += 1
            (folder / name).write_bytes(content)
        return dropped, torn


def _fate(how: str, chance: random.Random, *, last: bool) -> str:
    if how == "nothing":
        return "dropped"
    if how == "last torn":
        return "torn" if last else "kept"
    return chance.choice(("kept", "kept", "dropped", "torn"))
