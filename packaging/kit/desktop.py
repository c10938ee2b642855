"""A private desktop for each kiosk: an X server without a screen, a key ring, and hands and eyes on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING, Self

from PIL import Image, ImageGrab

from kit.processes import KitError, Process, run, wait_for

if TYPE_CHECKING:
    from pathlib import Path

_COLLECTIONS = "/org/freedesktop/secrets/collection"
READER_MS = 4
"""Pause between the characters of the badge reader, in milliseconds."""
HAND_MS = 150
"""Pause between keys that a person presses."""


BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={bus}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow eavesdrop="false"/><allow own="*"/></policy>
</busconfig>
"""
# Without service folders: a first question must not start a second, locked keyring beside the one to come.


class KeyRing:
    """A private D-Bus session with an unlocked Secret Service (gnome-keyring) in a folder of its own."""

    def __init__(self, folder: Path, password: str = "demo") -> None:  # noqa: S107 (a throw-away key ring)
        for tool in ("dbus-daemon", "gnome-keyring-daemon"):
            if shutil.which(tool) is None:
                raise KitError(f"{tool} is missing; packaging/dev setup installs it")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        runtime = folder / "run"
        runtime.mkdir(mode=0o700, exist_ok=True)
        self._password = password
        bus = folder / "bus"
        self._env = {
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(runtime),
            "XDG_DATA_HOME": str(folder / "share"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={bus}",
        }
        (folder / "share").mkdir(mode=0o700, exist_ok=True)
        config = folder / "bus.conf"
        config.write_text(BUS_CONFIG.format(bus=bus), encoding="utf-8")
        words = ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile"]
        self._folder, self._closed = folder, False
        self._bus = Process(words, folder / "bus.log")
        wait_for("the D-Bus session", bus.exists)
        self._service = self._serve()
        wait_for("the key ring's login collection", self._unlocked)
        threading.Thread(target=self._keep, name="key ring", daemon=True).start()

    @property
    def env(self) -> dict[str, str]:
        """What a program needs in its environment to use this key ring."""
        return dict(self._env)

    def _serve(self) -> Process:
        words = ["gnome-keyring-daemon", "--unlock", "--components=secrets", "--foreground"]
        return Process(words, self._folder / "keyring.log", self._env, told=self._password)

    def _keep(self) -> None:
        """Start it again when it has ended, as a desktop's session does."""
        while not self._closed:
            code = self._service.wait()
            if not self._closed:
                print(f"the key ring in {self._folder} ended with {code}; it is started again", flush=True)
                self._service = self._serve()
                time.sleep(1)

    def _unlocked(self) -> bool:
        import secretstorage
        from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

        try:
            with closing(open_dbus_connection(self._env["DBUS_SESSION_BUS_ADDRESS"])) as bus:
                return not secretstorage.Collection(bus, f"{_COLLECTIONS}/login").is_locked()
        except (OSError, secretstorage.exceptions.SecretStorageException):
            return False

    def close(self) -> None:
        """End the session and everything on it."""
        self._closed = True
        self._service.stop()
        self._bus.stop()


DISPLAY_SERVER = "STATIONLEAF_DISPLAY_SERVER"
"""In the environment of what is shown there: the process number of the screen's server, for ``kit.meter``."""


class Display:
    """An Xvfb screen, with xdotool as badge reader, keyboard and mouse, and a camera."""

    def __init__(self, folder: Path, width: int = 1920, height: int = 1080) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.size = width, height
        read, write = os.pipe()
        os.set_inheritable(write, True)
        words = [
            "Xvfb",
            "-displayfd",
            str(write),
            "-screen",
            "0",
            f"{width}x{height}x24",
            "-nolisten",
            "tcp",
            "-dpi",
            "96",
        ]
        try:
            self._server = subprocess.Popen(
                words, pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        except FileNotFoundError:
            raise KitError("Xvfb is missing; packaging/dev setup installs it") from None
        finally:
            os.close(write)
        with os.fdopen(read) as numbers:
            number = numbers.readline().strip()
        if not number:
            raise KitError("Xvfb did not start")
        self.env = {
            "DISPLAY": f":{number}",
            "QT_QPA_PLATFORM": "xcb",
            DISPLAY_SERVER: str(self._server.pid),
        }

    def close(self) -> None:
        """End the screen."""
        self._server.terminate()
        self._server.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def badge(self, number: str) -> None:
        """A badge is held to the reader: its number at reader speed, then Enter."""
        run(["xdotool", "type", "--delay", str(READER_MS), f"{number}\n"], env=self.env)

    def key(self, *names: str) -> None:
        """Press keys, e.g. ``"Right"``."""
        run(["xdotool", "key", "--delay", str(HAND_MS), *names], env=self.env)

    def click(self, x: int, y: int) -> None:
        """Click the left button at a point."""
        run(["xdotool", "mousemove", str(x), str(y), "click", "1"], env=self.env)

    def move(self, x: int, y: int) -> None:
        """Move the mouse to a point."""
        run(["xdotool", "mousemove", str(x), str(y)], env=self.env)

    def picture(self, path: Path) -> Path:
        """Save what the screen shows now as PNG."""
        self.grab().save(path)
        return path

    def grab(self) -> Image.Image:
        """What the screen shows now."""
        return ImageGrab.grab(xdisplay=self.env["DISPLAY"]).convert("RGB")


def settle(seconds: float) -> None:
    """Let a person's pause pass."""
    time.sleep(seconds)
