"""Where a kiosk keeps its files, and the rule that one process at a time uses them."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import IO, Self

from app.model.errors import Refused, Unavailable


class Claim:
    """The right to use a kiosk's folder, until ``release`` or the process's end, however it ends."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def release(self) -> None:
        """Give the folder back."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


class Places:
    """The files of the kiosk whose folder is ``home``. Nothing is made or touched before ``claim``."""

    def __init__(self, home: Path | str) -> None:
        self.home = Path(home).expanduser().resolve()

    @property
    def cache(self) -> Path:
        """Sealed pages; SQLCipher."""
        return self.home / "cache.db"

    @property
    def state(self) -> Path:
        """Lease, trust, counters; SQLCipher."""
        return self.home / "state.db"

    @property
    def outbox(self) -> Path:
        """Events that the hub has not confirmed, sealed to it; SQLite."""
        return self.home / "outbox.db"

    @property
    def folder_id(self) -> str:
        """Names this folder in the keyring: a copy of it elsewhere finds no keys (32 hex digits)."""
        return hashlib.sha256(os.fsencode(self.home)).hexdigest()[:32]

    def claim(self) -> Claim:
        """Take the folder, making it if needed, closed to everybody else on this machine.

        Raises:
            Refused: another process uses it (``already_running``), or it is another user's
                (``not_our_folder``).
            Unavailable: it cannot be made or written (``folder_not_writable``).
        """
        try:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._close_to_others()
            handle = os.open(self.home / "kiosk.lock", os.O_CREAT | os.O_RDWR | _NO_FOLLOW, 0o600)
        except OSError as error:
            raise Unavailable(
                f"The kiosk's folder {self.home} cannot be written.",
                advice="IT: check its owner, or choose another with --home.",
                code="folder_not_writable",
            ) from error
        file = os.fdopen(handle, "r+b")
        try:
            _lock(handle)
        except OSError:
            file.close()
            raise Refused(
                "Stationleaf is already running on this kiosk.",
                advice="Use the window that is open; if there is none, restart the machine.",
                code="already_running",
            ) from None
        return Claim(file)

    def free_bytes(self) -> int:
        """Bytes that may still be written to the folder's disk.

        Raises:
            Unavailable: the disk does not answer (``disk_error``).
        """
        try:
            return shutil.disk_usage(self.home).free
        except OSError as error:
            raise Unavailable(
                "The kiosk's disk does not answer.", advice="IT: check the disk.", code="disk_error"
            ) from error

    def _close_to_others(self) -> None:
        if os.name == "nt":  # the profile folder's access list already does
            return
        status = self.home.stat()
        if status.st_uid != os.geteuid():
            raise Refused(
                f"The kiosk's folder {self.home} belongs to another user.",
                advice="Run the kiosk as that user, or choose another folder with --home.",
                code="not_our_folder",
            )
        if status.st_mode & 0o077:
            self.home.chmod(0o700)


_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)


def _lock(handle: int) -> None:
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
