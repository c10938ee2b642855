"""Files that commands read and write for a person, with what their failures mean."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from app.model.errors import NotFound, Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_BYTES = 16 * 2**20


def read_file(path: Path, what: str, most: int = MOST_BYTES) -> bytes:
    """Return a file's bytes; ``what`` is what it should hold, in words.

    Raises:
        NotFound, Unavailable: it is not there, or not readable.
        Refused: it is larger than ``most`` bytes.
    """
    with opened(path, what) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise Refused(f"The file {path} is too large for a {what}.")
    return data


def write_new(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file that does not exist yet; ``private``: for its owner alone.

    Raises:
        Refused: it exists.
        Unavailable: it cannot be written.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
    except FileExistsError:
        raise Refused(f"The file {path} exists.", advice="Name another one.") from None
    except OSError as error:
        raise Unavailable(f"The file {path} cannot be written: {error.strerror}.") from None


@contextmanager
def opened(path: Path, what: str) -> Iterator[BinaryIO]:
    """Open a file for reading; ``what`` is what it should hold, in words.

    Raises:
        NotFound, Unavailable: it is not there, or not readable.
    """
    try:
        with path.open("rb") as file:
            yield file
    except FileNotFoundError:
        raise NotFound(f"There is no {what} {path}.") from None
    except OSError as error:
        raise Unavailable(f"The {what} {path} cannot be read: {error.strerror}.") from None
