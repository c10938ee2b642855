"""Where a log's hashes lie: tiles of 256 (C2SP tlog-tiles). Their paths, what is in them, how they grow.

The tile ``index`` at ``level`` holds MTH(D[(index * 256 + i) * 256**level : … + 256**level]) for *i* from 0
to 255; the last one of a level may be partial. Storing them is the caller's business: bytes in, bytes out.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from app.model.errors import Bug, Damaged, Untrusted
from app.seal.merkle import HASH_BYTES, pair_hash

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
TILE_BYTES = TILE_WIDTH * HASH_BYTES
MOST_LEVEL = 63
_ENTRY_LENGTH = struct.Struct(">H")
MOST_ENTRY = 0xFFFF
"""Bytes of an entry that an entry bundle can hold: its length has two bytes."""

ReadTile = Callable[[int, int], bytes]
"""Gives a tile by level and index; ``b""`` where there is none."""


@dataclass(frozen=True)
class Place:
    """Which tile, and how many hashes (or entries) wide: 1 to 256. ``level`` is None for an entry bundle."""

    level: int | None
    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """The path below the log's prefix, such as ``tile/0/x001/x234/067.p/8``."""
        digits = f"{self.index:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        number = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
        partial = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{'entries' if self.level is None else self.level}/{number}{partial}"

    @classmethod
    def read(cls, path: str) -> Place:
        """Read ``path``.

        Raises:
            Untrusted: it is not exactly what ``path`` would have written (``bad_tile``).
        """
        found = _PATH.fullmatch(path)
        if found is None:
            raise _bad("This is not the path of a tile.")
        level = None if found["level"] == "entries" else int(found["level"])
        index = int(found["number"].replace("x", "").replace("/", ""))
        place = cls(level, index, int(found["width"] or TILE_WIDTH))
        if place.path != path or place.width == 0 or (level is not None and level > MOST_LEVEL):
            raise _bad("This is not the path of a tile.")
        return place


_PATH = re.compile(
    r"tile/(?P<level>entries|[0-9]{1,2})/(?P<number>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[0-9]{1,3}))?",
    re.ASCII,
)


def width_at(size: int, level: int, index: int) -> int:
    """How many hashes the tile has in a tree of ``size``: 0 (there is none) to 256."""
    return max(0, min(TILE_WIDTH, (size >> TILE_HEIGHT * level) - index * TILE_WIDTH))


class Tiled:
    """A tree whose hashes come from tiles (``merkle.Nodes``): each tile is read, each node made, once.

    A root and a proof of one tree share most of their nodes: ask one of these for both.
    """

    def __init__(self, read: ReadTile) -> None:
        self._read = read
        self._tiles: dict[tuple[int, int], bytes] = {}
        self._made: dict[tuple[int, int], bytes] = {}

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of a full subtree.

        Raises:
            Damaged: the tile does not reach that far.
        """
        found = self._made.get((level, index))
        if found is None:
            found = self._made[level, index] = _folded(self._under(level, index))
        return found

    def _under(self, level: int, index: int) -> bytes:
        layer, height = divmod(level, TILE_HEIGHT)
        first = index << height
        place = (layer, first // TILE_WIDTH)
        if place not in self._tiles:
            self._tiles[place] = self._read(*place)
        at = first % TILE_WIDTH * HASH_BYTES
        hashes = self._tiles[place][at : at + (HASH_BYTES << height)]
        if len(hashes) != HASH_BYTES << height:
            raise _short()
        return hashes


def fold(hashes: bytes) -> bytes:
    """Return the root of a full subtree over so many hashes, a power of two of them, one after another."""
    while len(hashes) > HASH_BYTES:
        hashes = b"".join([pair_hash(hashes[at : at + _PAIR]) for at in range(0, len(hashes), _PAIR)])
    return hashes


_PAIR = 2 * HASH_BYTES
_folded = lru_cache(maxsize=2048)(fold)
"""For proofs: the tree's upper tiles and its right edge are in each of them. At most 16 MB."""


def grow(read: ReadTile, size: int, leaves: Sequence[bytes]) -> dict[tuple[int, int], bytes]:
    """Append leaf hashes to a tree of ``size``; return the tiles that are new or longer, by level and index.

    Raises:
        Damaged: a tile that is to grow is not as long as the size says.
    """
    changed: dict[tuple[int, int], bytes] = {}
    level, coming = 0, leaves
    while coming:
        index, held = divmod(size >> TILE_HEIGHT * level, TILE_WIDTH)
        before = read(level, index) if held else b""
        if len(before) != held * HASH_BYTES:
            raise _short()
        row, full = before + b"".join(coming), []
        for at in range(0, len(row), TILE_BYTES):
            tile = row[at : at + TILE_BYTES]
            changed[level, index + at // TILE_BYTES] = tile
            if len(tile) == TILE_BYTES:
                full.append(fold(tile))
        level, coming = level + 1, full
    return changed


def pack_entries(entries: Sequence[bytes]) -> bytes:
    """Return an entry bundle: each entry behind its length, two bytes, big-endian.

    Raises:
        Bug: more than 256 entries, or one longer than ``MOST_ENTRY``.
    """
    lengths = list(map(len, entries))
    if len(entries) > TILE_WIDTH or max(lengths, default=0) > MOST_ENTRY:
        raise Bug("entries that do not go into a bundle")
    heads = map(_ENTRY_LENGTH.pack, lengths)
    return b"".join(chain.from_iterable(zip(heads, entries, strict=True)))


def unpack_entries(bundle: bytes, width: int) -> list[bytes]:
    """Read an entry bundle of exactly ``width`` entries.

    Raises:
        Untrusted: it is not one (``bad_tile``).
    """
    entries, end = [], 0
    try:
        for _ in range(width):
            begin = end + 2
            end = begin + (bundle[end] << 8 | bundle[end + 1])
            entries.append(bundle[begin:end])
    except IndexError:
        end = len(bundle) + 1
    if end > len(bundle):
        raise _bad("A bundle of log entries is cut off.")
    if end != len(bundle):
        raise _bad("A bundle of log entries is longer than it says.")
    return entries


def _bad(message: str) -> Untrusted:
    return Untrusted(message, code="bad_tile")


def _short() -> Damaged:
    return Damaged(
        "The log's stored hashes are not as many as its size says.",
        advice="Keep a copy of the hub's database: somebody or something changed it.",
        code="log_damaged",
    )
