"""SIGTERM and SIGINT end Qt's event loop."""

from __future__ import annotations

import signal
import socket
from typing import TYPE_CHECKING

from PySide6.QtCore import QSocketNotifier

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


class Stopper:
    """Turns SIGTERM and SIGINT into the end of the event loop, which Python's handlers alone cannot wake."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self._ears, self._mouth = socket.socketpair()
        self._mouth.setblocking(False)
        self._before = {
            number: signal.signal(number, lambda *_: None) for number in (signal.SIGTERM, signal.SIGINT)
        }
        self._fd_before = signal.set_wakeup_fd(self._mouth.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._ears.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._stop)

    def _stop(self) -> None:
        """Ends the loop itself: ``quit`` would first ask windows that may refuse."""
        self._notifier.setEnabled(False)
        self._app.exit(0)

    def close(self) -> None:
        """Put back what was there."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._fd_before)
        for number, before in self._before.items():
            signal.signal(number, before)
        self._ears.close()
        self._mouth.close()
