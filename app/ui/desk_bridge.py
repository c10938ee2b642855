"""Where the desk's thread meets Qt: what the worker tells becomes one queued signal on the GUI thread."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from app.desk.worker import REFRESH_SECONDS, Told, Worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.desk.office import Office


class DeskBridge(QObject):
    """Questions into the worker, answers out of it. Nothing is told after ``close``."""

    _told = Signal(object)

    def __init__(
        self,
        open_office: Callable[[], Office],
        on_told: Callable[[Told], None],
        refresh: float = REFRESH_SECONDS,
    ) -> None:
        super().__init__()
        self._closing = threading.Event()
        self._on_told = on_told
        self._worker = Worker(open_office, self._tell, refresh)
        self._told.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._worker.start()

    def ask(self, question: object) -> None:
        """Ask; the answer is told later."""
        self._worker.ask(question)

    @property
    def told_of_changes(self) -> bool:
        """Whether the hub tells when the board changes; if not, it is asked every few seconds."""
        return self._worker.told_of_changes

    def close(self, *, wait: bool = True) -> None:
        """End the worker; returns when its files are closed, or without ``wait`` at once."""
        self._closing.set()
        self._worker.stop(wait=wait)

    def _tell(self, told: Told) -> None:
        if not self._closing.is_set():
            self._told.emit(told)

    def _take(self, told: Told) -> None:
        if not self._closing.is_set():
            self._on_told(told)
