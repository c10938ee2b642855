"""One program at a time changes or copies a hub's keys."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.model.errors import Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the system lets go of it when the program ends, however it ends.

    Raises:
        Refused: another program holds it (``keys_busy``).
        Unavailable: the folder cannot be written.
    """
    if os.name != "posix":
        yield
        return
    import fcntl

    try:
        handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Unavailable(
            f"The hub's folder {folder} cannot be written: {error.strerror}.",
            advice="Check the disk and the folder's owner, and run this as the hub's user.",
        ) from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused(
                "Another program is changing or copying this hub's keys.",
                advice="Wait until it is done, then try again.",
                code="keys_busy",
            ) from None
        yield
    finally:
        os.close(handle)
