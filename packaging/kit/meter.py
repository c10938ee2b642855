"""How long the Qt thread was not free to answer, told apart from what the rest of the machine took of it."""

from __future__ import annotations

import faulthandler
import os
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import Qt, QTimer

TICK_MS = 10


class Meter:
    """How long the Qt thread took to come round, by a timer on it.

    Of each time over ``most`` (seconds) that part is taken off in which this process was ready to run and the
    machine ran something else (the second figure of Linux's ``schedstat``): the Qt thread's own wait, and the
    longest of another thread's, because the Qt thread also waits for whoever holds the interpreter. What is
    left is the program's own doing; ``doing`` has what all threads did shortly before it was too long.
    ``rounds`` counts how often it came round.
    """

    def __init__(self, most: float) -> None:
        self.frozen: list[float] = []
        self.own: list[float] = []
        self.doing: list[str] = []
        self.rounds = 0
        self._most = most
        self._stacks = tempfile.TemporaryFile()  # noqa: SIM115
        self.measuring = False
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)
        self._last, self._waited = time.monotonic(), _waited()

    def measure(self) -> None:
        """From now on: how long nobody asked anything, and Qt's loop did not run, was no freeze."""
        self._last, self._waited, self.measuring = time.monotonic(), _waited(), True

    def stop(self) -> None:
        """No more."""
        self.measuring = False
        self._timer.stop()
        faulthandler.cancel_dump_traceback_later()
        self._stacks.close()

    def _tick(self) -> None:
        now = time.monotonic()
        gap = now - self._last - TICK_MS / 1000
        waited = _waited()
        self.rounds += 1
        if self.measuring and gap > self._most:
            waits = {task: waited[task] - self._waited.get(task, waited[task]) for task in waited}
            others = waits.pop(str(os.getpid()), 0.0) + max(waits.values(), default=0.0)
            self.frozen.append(round(gap, 3))
            if gap - others > self._most:
                self.own.append(round(gap - others, 3))
                self._stacks.seek(0)
                self.doing.append(self._stacks.read().decode())
        self._stacks.truncate(0)
        self._stacks.seek(0)
        faulthandler.dump_traceback_later(0.8 * self._most, file=self._stacks)  # asks no interpreter lock
        self._last, self._waited = time.monotonic(), waited


def _waited() -> dict[str, float]:
    """Task to seconds that it has been ready and was not run."""
    found = {}
    for task in Path("/proc/self/task").iterdir():
        try:
            found[task.name] = int((task / "schedstat").read_text().split()[1]) / 1e9
        except OSError:  # it has ended
            continue
    return found
