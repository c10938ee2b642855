"""The keyboard wedge as a reader: a badge reader that types, and whether its USB plug is in.

The keys reach the window and so the screen; it hands on what ``app.kiosk.wedge`` took for a badge. Linux
lists what is plugged in under ``/sys/bus/usb/devices``; where the configuration names the reader's USB
identity, its being pulled out is noticed within two seconds.
"""

from __future__ import annotations

import logging
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from app.kiosk.readers import Presence, Presented, ReaderState
from app.model.errors import Refused
from app.model.terms import CredentialKind

if TYPE_CHECKING:
    from app.kiosk.readers import Listener

LOOK_SECONDS = 2.0
_USB = re.compile(r"[0-9a-f]{4}:[0-9a-f]{4}")
_log = logging.getLogger(__name__)


class KeyboardReader:
    """A reader that types. ``usb`` is its ``vendor:product`` as ``lsusb`` says it; ``""``: not watched.

    Failure policy: what cannot be looked up counts as absent only where the list of devices can be read at
    all; otherwise the reader is said to be ready, for typing may well work.
    """

    def __init__(self, name: str, usb: str = "", devices: Path = Path("/sys/bus/usb/devices")) -> None:
        if usb and not _USB.fullmatch(usb.lower()):
            raise Refused(
                f"{usb!r} is not a USB identity such as 0c27:3bfa.",
                advice="lsusb lists them.",
                code="bad_usb",
            )
        self.name = name
        self._usb = usb.lower()
        self._devices = devices
        self._listener: Listener | None = None
        self._said: Presence | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"reader {name}", daemon=True)

    def start(self, listener: Listener) -> None:
        """Begin; called once."""
        self._listener = listener
        self._thread.start()

    def stop(self) -> None:
        """End; returns when the thread is gone."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def typed(self, badge: str) -> None:
        """The window's decoder recognised a badge. Called on the window's thread; passes it on at once."""
        if self._listener is not None and not self._stopping.is_set():
            self._listener.on_presented(Presented(CredentialKind.UID, badge, self.name))

    def _run(self) -> None:
        self._look()
        while self._usb and not self._stopping.wait(LOOK_SECONDS):
            self._look()

    def _look(self) -> None:
        presence = Presence.PRESENT if self._plugged_in() else Presence.ABSENT
        if presence is self._said or self._listener is None:
            return
        self._said = presence
        try:
            self._listener.on_reader(self._state(presence))
        except Exception:
            _log.exception("%s: the listener failed", self.name)

    def _state(self, presence: Presence) -> ReaderState:
        if presence is Presence.PRESENT:
            return ReaderState(self.name, presence, f"The {self.name} is ready.")
        return ReaderState(
            self.name,
            presence,
            f"The {self.name} is not plugged in.",
            "Plug its cable in again; it is found by itself. If not, tell IT.",
            "reader_absent",
        )

    def _plugged_in(self) -> bool:
        if not self._usb:
            return True
        try:
            ports = list(self._devices.iterdir())
        except OSError:
            return True
        return any(_identity(port) == self._usb for port in ports)


def _identity(port: Path) -> str:
    try:
        vendor = (port / "idVendor").read_text(encoding="ascii").strip()
        product = (port / "idProduct").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""  # an interface or a port, or unplugged while it was looked at
    return f"{vendor}:{product}"
