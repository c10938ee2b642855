"""Sealed objects on their way into the database: they wait in an unnamed file of the hub's folder."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.hub.schema import Blob
from app.model.errors import Refused, Unavailable
from app.seal.boxes import open_page, seal_page, unwrap_key, wrap_key
from app.seal.encoding import sha256
from app.wire.messages import MAX_BLOB_BYTES

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from sqlalchemy.orm import Session


@dataclass(frozen=True, repr=False)
class Sealed:
    """A page or clip whose ciphertext waits. ``plain`` and ``blob`` are the SHA-256 of its bytes and of its
    ciphertext; ``key`` is its key, wrapped.
    """

    plain: str
    blob: str
    size: int
    offset: int
    key: bytes


class Waiting:
    """What is sealed of the revision ``key`` (``DOCUMENT/LABEL``); nothing of it stays after the end.

    Raises:
        Unavailable: the disk is full (from ``seal`` also).
    """

    def __init__(self, folder: Path, key: str, wrap: bytes) -> None:
        self._key, self._wrap = key, wrap
        try:
            self._file: Any = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (closed at exit)
        except OSError as error:
            raise _disk(error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # what could not be written is not needed any more
            self._file.close()

    def seal(self, plain: bytes, name: str) -> Sealed:
        """Seal it under a key of its own; ``name`` is for the sentence where it is too large (Refused)."""
        key, box = seal_page(plain, self._key)
        if len(box) > MAX_BLOB_BYTES:
            raise Refused(
                f"{name} has {len(box) >> 20} MB; a page has at most {MAX_BLOB_BYTES >> 20} MB.",
                advice="Export the PDF with smaller pictures.",
                code="page_too_large",
            )
        offset = self._file.tell()
        try:
            self._file.write(box)
            self._file.flush()  # or what is still in memory would fail where it is read
        except OSError as error:
            raise _disk(error) from None
        return Sealed(sha256(plain), sha256(box), len(box), offset, wrap_key(key, self._wrap))

    def opened(self, item: Sealed) -> bytes:
        """What was sealed."""
        return open_page(self._read(item), unwrap_key(item.key, self._wrap), item.plain, self._key)

    def store(self, session: Session, item: Sealed) -> None:
        """Put the ciphertext into the database."""
        blob = Blob(hash=item.blob, size=item.size, data=self._read(item))
        session.add(blob)
        session.flush()
        session.expunge(blob)  # or the whole document would be in memory until the commit

    def _read(self, item: Sealed) -> bytes:
        self._file.seek(item.offset)
        data: bytes = self._file.read(item.size)
        return data


def _disk(error: OSError) -> Unavailable:
    return Unavailable(
        f"The hub's folder cannot be written: {error.strerror}; nothing was published.",
        advice="Free some space and publish again.",
        code="disk_full",
    )
