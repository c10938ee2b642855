"""Looks through everything that a kiosk wrote for what must never be written: pages, badge numbers, names."""

from __future__ import annotations

import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.pages.splitting import split_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

PIECE = 24
"""Length of the byte sequences of a page that are looked for."""

_STEP = 512
_HEAD = 8
_ENOUGH = 300
_SKIP = b"endstream endobj stream xref trailer startxref"


@dataclass(frozen=True)
class Secret:
    """Something that must not be found, and what it is."""

    what: str
    pieces: frozenset[bytes]


def page_secrets(pdf: Path) -> list[Secret]:
    """Pieces of every single page of a PDF as it is published: of the file, and of its inflated streams."""
    secrets: list[Secret] = []
    split_document(
        pdf, take=lambda page: secrets.append(Secret(f"page {page.number}", frozenset(_pieces(page.data))))
    )
    common = _in_several(secrets)
    return [Secret(secret.what, _some(secret.pieces - common)) for secret in secrets]


def _some(pieces: frozenset[bytes]) -> frozenset[bytes]:
    """At most a few hundred of them, from everywhere: a leak of the page has nearly all."""
    return frozenset(sorted(pieces)[:: 1 + len(pieces) // _ENOUGH])


def word_secret(word: str) -> Secret:
    """A word in the encodings that programs write."""
    return Secret(word, frozenset({word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be")}))


def found_in(paths: Iterable[Path], secrets: Iterable[Secret]) -> list[str]:
    """Return ``file: what`` for every secret that stands in a file; one that has gone meanwhile is passed."""
    whose: dict[bytes, list[tuple[bytes, str]]] = {}
    for secret in secrets:
        for piece in secret.pieces:
            whose.setdefault(piece[:_HEAD], []).append((piece, secret.what))
    heads = np.sort(np.frombuffer(b"".join(whose), dtype=np.uint64))
    found = []
    for path in paths:
        try:
            data = path.read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        hits = {
            what
            for at in _places(data, heads)
            for piece, what in whose[data[at : at + _HEAD]]
            if data.startswith(piece, at)
        }
        found += [f"{path}: {what}" for what in sorted(hits)]
    return found


def _places(data: bytes, heads: NDArray[np.uint64]) -> Iterator[int]:
    """Where eight bytes of ``data`` are the head of something that is looked for."""
    for shift in range(min(_HEAD, max(0, len(data) - _HEAD + 1))):
        words = np.frombuffer(data, dtype=np.uint64, count=(len(data) - shift) // _HEAD, offset=shift)
        near = np.searchsorted(heads, words).clip(max=len(heads) - 1)
        for index in np.flatnonzero(heads[near] == words):
            yield int(index) * _HEAD + shift


def files_below(*folders: Path) -> Iterator[Path]:
    """Every regular file below the folders."""
    for folder in folders:
        for place, _, names in os.walk(folder):  # passes over what goes meanwhile
            for name in names:
                path = Path(place, name)
                if path.is_file() and not path.is_symlink():
                    yield path


def open_files(group: int) -> list[Path]:
    """What the processes of a group hold open on a disk, deleted files among it (as paths below /proc)."""
    return list({target: handle for handle, target, _ in _open(group)}.values())


def written_files(group: int) -> list[Path]:
    """Files that the processes of a group hold open for writing, each once."""
    return sorted({target for _, target, writable in _open(group) if writable})


def _open(group: int) -> Iterator[tuple[Path, Path, bool]]:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(process.name)) != group:
                continue
            handles = list((process / "fd").iterdir())
        except (OSError, ValueError):
            continue
        for handle in handles:
            try:
                target = handle.readlink()
                flags = int((process / "fdinfo" / handle.name).read_text().split("flags:")[1].split()[0], 8)
            except OSError:
                continue
            elsewhere = not target.is_absolute() or target.parts[1].startswith(("dev", "proc", "memfd:"))
            if not elsewhere and handle.is_file():
                yield handle, target, bool(flags & (os.O_WRONLY | os.O_RDWR))


def _pieces(data: bytes) -> Iterator[bytes]:
    for stream in [data, *_inflated(data)]:
        for start in range(0, len(stream) - PIECE, _STEP):
            piece = stream[start : start + PIECE]
            if len(set(piece)) > 8 and len(set(piece[:_HEAD])) > 4 and piece not in _SKIP:
                yield piece


def _inflated(data: bytes) -> Iterator[bytes]:
    at = 0
    while (at := data.find(b"stream\n", at)) >= 0:
        at += 7
        try:
            yield zlib.decompressobj().decompress(data[at:])
        except zlib.error:
            continue


def _in_several(secrets: list[Secret]) -> set[bytes]:
    """Pieces that stand in most pages say nothing about one: PDF's own words, a font's tables."""
    seen: dict[bytes, int] = {}
    for secret in secrets:
        for piece in secret.pieces:
            seen[piece] = seen.get(piece, 0) + 1
    return {piece for piece, count in seen.items() if count > 3}
