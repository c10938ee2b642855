"""Sounds, for who is not looking: one when a badge opens, two at a warning, three when help comes.

Only where the plant wants them, by the system's own bell; whatever a sound tells stands on the screen, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.kiosk.view import Screen

APART_MS = 250
"""From one sound of a row to the next: they are counted, not told by pitch."""
OPENED, WARNED, COMING = 1, 2, 3


class Sound(QObject):
    """Rings ``bell`` as the screens come; a row that is not over yet gives way to the next."""

    def __init__(self, bell: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bell, self._left = bell, 0
        self._before: Screen | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(APART_MS)
        self._timer.timeout.connect(self._ring)

    def take_screen(self, screen: Screen) -> None:
        """This screen is put up."""
        before, self._before = self._before, screen
        times = heard(before, screen) if before is not None else 0
        if times:
            self._left = times
            self._timer.start()
            self._ring()

    def _ring(self) -> None:
        self._bell()
        self._left -= 1
        if self._left <= 0:
            self._timer.stop()


def heard(before: Screen, screen: Screen) -> int:
    """How many sounds tell of what is new on ``screen``; 0: nothing to hear."""
    call, notice = screen.status.call, screen.notice
    if call is not None and call.state == "coming" and call != before.status.call:
        return COMING
    if notice is not None and notice.tone != "info" and notice != before.notice:
        return WARNED
    return OPENED if _signed_in(screen) and not _signed_in(before) else 0


def _signed_in(screen: Screen) -> bool:
    return screen.session is not None or screen.board is not None
