"""A real Secret Service (gnome-keyring) on a private D-Bus session, that can be locked, stopped and ended."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import secretstorage
from kit.desktop import BUS_CONFIG

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PASSWORD = "throw-away"
NEEDED = ("dbus-daemon", "gnome-keyring-daemon")


def missing_tools() -> list[str]:
    """Programs that this needs and the machine has not."""
    return [tool for tool in NEEDED if shutil.which(tool) is None]


class SecretService:
    """Starts the bus; ``start`` the keyring on it. ``env`` is what a program needs to use it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        for name in ("run", "share", "config"):
            (folder / name).mkdir(mode=0o700, exist_ok=True)
        bus = folder / "bus"
        self.env = {
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "XDG_DATA_HOME": str(folder / "share"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={bus}",
        }
        config = folder / "bus.conf"
        config.write_text(BUS_CONFIG.format(bus=bus), encoding="utf-8")
        self._bus = subprocess.Popen(
            ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile"],
            env={**os.environ, **self.env},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(bus.exists)
        self._keyring: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the keyring, unlocked; returns when its login collection can be used."""
        self._keyring = subprocess.Popen(
            ["gnome-keyring-daemon", "--unlock", "--components=secrets", "--foreground"],
            env={**os.environ, **self.env},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert self._keyring.stdin is not None
        self._keyring.stdin.write(PASSWORD.encode())
        self._keyring.stdin.close()
        wait_until(lambda: self._locked() is False)

    def lock(self) -> None:
        """Lock the login collection, as a screen lock or an administrator would."""
        with closing(self._connect()) as bus:
            secretstorage.get_default_collection(bus).lock()
        wait_until(lambda: self._locked() is True)

    def freeze(self) -> None:
        """The keyring does not answer any more."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It answers again."""
        self._signal(signal.SIGCONT)

    def end(self) -> None:
        """The keyring is gone; the bus stays."""
        if self._keyring is not None:
            self._keyring.kill()
            self._keyring.wait()
            self._keyring = None

    def close(self) -> None:
        """End both."""
        self.end()
        self._bus.kill()
        self._bus.wait()

    def _signal(self, number: int) -> None:
        assert self._keyring is not None
        self._keyring.send_signal(number)

    def _connect(self) -> object:
        from jeepney.io.blocking import open_dbus_connection

        return open_dbus_connection(self.env["DBUS_SESSION_BUS_ADDRESS"])

    def _locked(self) -> bool | None:
        """Whether the login collection is locked; None while there is none."""
        with suppress(Exception), closing(self._connect()) as bus:
            return bool(
                secretstorage.Collection(bus, "/org/freedesktop/secrets/collection/login").is_locked()
            )
        return None


def wait_until(ready: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise AssertionError("waited in vain")
        time.sleep(0.01)
