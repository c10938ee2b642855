"""Looks for cyclic garbage while nobody turns pages, on the GUI thread.

Python looks whenever so many objects were made, for up to 6 ms, and mostly in the middle of a page turn: that
is where they are made. Here it waits for a pause.
"""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from app.ui.kiosk_window import KioskWindow

LOOK_MS = 1000
PAUSE_S = 2.0
"""Nothing was painted for so long: whoever reads, reads."""
WHOLE_S = 300.0
"""Between two looks at everything."""
LOADED_S = 20.0
"""By then everything is loaded that a kiosk at work needs."""
CROWD = 50_000
"""So many objects more than at the last look, and it is looked in any case."""


class Leisure(QObject):
    """See the module. What the program has loaded until here, and until it is at work, is never looked
    through again: that alone would take longer than a frame.
    """

    def __init__(self, window: KioskWindow) -> None:
        super().__init__(window)
        gc.freeze()
        gc.disable()
        self._window, self._whole_at = window, time.monotonic()
        self._loaded_at = self._whole_at + LOADED_S
        timer = QTimer(self)
        timer.setInterval(LOOK_MS)
        timer.timeout.connect(self._look)
        timer.start()

    def _look(self) -> None:
        now = time.monotonic()
        if now - self._window.painted_at < PAUSE_S:
            if gc.get_count()[0] > CROWD:
                gc.collect(0)
        elif self._loaded_at and now >= self._loaded_at:
            self._loaded_at = 0.0
            gc.collect(1)
            gc.freeze()
        elif now - self._whole_at >= WHOLE_S:
            self._whole_at = now
            gc.collect()
        elif gc.get_count()[0]:
            gc.collect(1)
