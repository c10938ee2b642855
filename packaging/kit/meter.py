"""How long the Qt thread was not free to answer, told apart from what the rest of the machine took of it."""

from __future__ import annotations

import faulthandler
import os
import resource
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Qt, QTimer

TICK_MS = 10
_SERVER = "display"


class Meter:
    """How long the Qt thread took to come round, by a timer on it.

    Of each time over ``most`` (seconds) that part is taken off in which this process was ready to run and the
    machine ran something else (the second figure of Linux's ``schedstat``): the Qt thread's own wait; of the
    time in which it was blocked as much as whom it may have waited for was kept waiting, which are the
    longest wait of another thread, for that may have held the interpreter, and that of the display
    (``server``, its process); and that in which a virtual machine's host ran something else (``steal`` of
    ``/proc/stat``, to 10 ms, of the processor from which it took most). What is left
    is the program's own doing; ``doing`` has which threads ran meanwhile and how long, how much of the Qt
    thread's time the kernel took and its page faults, and what all threads did shortly before it was too
    long, or as soon as the interpreter was free to look. ``rounds`` counts how often it came round.
    """

    def __init__(self, most: float, server: int | None = None) -> None:
        self.frozen: list[float] = []
        self.own: list[float] = []
        self.doing: list[str] = []
        self.rounds = 0
        self._most, self._server = most, server
        self._seen, self._stopped = "", threading.Event()
        self.measuring = False
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)
        self._begin(_tasks(server), _stolen())
        threading.Thread(target=self._look, name="meter", daemon=True).start()

    def measure(self) -> None:
        """From now on: how long nobody asked anything, and Qt's loop did not run, was no freeze."""
        self._begin(_tasks(self._server), _stolen())
        self.measuring = True

    def _begin(self, tasks: dict[str, Task], stolen: list[float]) -> None:
        self._tasks, self._stolen = tasks, stolen
        self._usage = resource.getrusage(resource.RUSAGE_THREAD)
        self._last = time.monotonic()

    def stop(self) -> None:
        """No more."""
        self.measuring = False
        self._timer.stop()
        self._stopped.set()

    def _look(self) -> None:
        """Beside the Qt thread: note once what everybody does when it is away for long.

        Under the interpreter's lock: Python's own watchdog looks without it, and crashes what it watches.
        """
        noted = 0.0
        while True:
            last = self._last
            due = last + TICK_MS / 1000 + 0.8 * self._most - time.monotonic()
            if due <= 0 and noted != last:
                noted, self._seen = last, _doing()
            if self._stopped.wait(due if due > 0 else TICK_MS / 1000):
                return

    def _tick(self) -> None:
        now = time.monotonic()
        gap = now - self._last - TICK_MS / 1000
        tasks, stolen = _tasks(self._server), _stolen()
        self.rounds += 1
        if self.measuring and gap > self._most:
            spent = {name: task.since(self._tasks.get(name, task)) for name, task in tasks.items()}
            others = _machine(spent, now - self._last)
            others += max(
                (now - before for now, before in zip(stolen, self._stolen, strict=False)), default=0.0
            )
            self.frozen.append(round(gap, 3))
            if gap - others > self._most:
                self.own.append(round(gap - others, 3))
                self.doing.append(f"{_told(spent, self._usage)}\n{self._seen}")
        self._seen = ""
        self._begin(tasks, stolen)


def _doing() -> str:
    """What each thread does: written in one go, so that none goes on meanwhile, and without holding frames,
    whose last holder would take Qt's objects down on this thread.
    """
    with tempfile.TemporaryFile() as file:
        faulthandler.dump_traceback(file)
        file.seek(0)
        return file.read().decode()


def _stolen() -> list[float]:
    """Of each processor: seconds in which the host ran something else."""
    try:
        lines = [line.split() for line in Path("/proc/stat").read_text().splitlines()]
        tick = os.sysconf("SC_CLK_TCK")
        return [int(line[8]) / tick for line in lines if line[0].startswith("cpu") and line[0] != "cpu"]
    except (OSError, IndexError):
        return []


class Task(NamedTuple):
    """Seconds that a thread has run, and that it was ready and was not run."""

    ran: float
    waited: float

    def since(self, before: Task) -> Task:
        """What it did since ``before``."""
        return Task(self.ran - before.ran, self.waited - before.waited)


def _tasks(server: int | None) -> dict[str, Task]:
    """This process's threads, by number, and the first one of the display's server."""
    found = {}
    places = [*Path("/proc/self/task").iterdir(), *([Path(f"/proc/{server}")] if server else [])]
    for place in places:
        try:
            ran, waited, _ = (place / "schedstat").read_text().split()
        except OSError:  # it has ended
            continue
        name = _SERVER if place.name == str(server) else place.name
        found[name] = Task(int(ran) / 1e9, int(waited) / 1e9)
    return found


def _machine(spent: dict[str, Task], seconds: float) -> float:
    """How much of these ``seconds`` the machine ran something else than what this thread waited for."""
    waits = {name: task.waited for name, task in spent.items()}
    own, server = spent.get(str(os.getpid()), Task(0.0, 0.0)), waits.pop(_SERVER, 0.0)
    waits.pop(str(os.getpid()), None)
    blocked = max(0.0, seconds - own.ran - own.waited)
    return own.waited + min(blocked, max(waits.values(), default=0.0) + server)


def _told(spent: dict[str, Task], before: resource.struct_rusage) -> str:
    """What ran meanwhile, and what the kernel did for this thread since ``before``."""
    now = resource.getrusage(resource.RUSAGE_THREAD)
    kernel, minor = now.ru_stime - before.ru_stime, now.ru_minflt - before.ru_minflt
    blocked, major = now.ru_nvcsw - before.ru_nvcsw, now.ru_majflt - before.ru_majflt
    busy = [
        f"{name} ran {task.ran * 1e3:.1f} and waited {task.waited * 1e3:.1f} ms"
        for name, task in spent.items()
        if sum(task) > 1e-3
    ]
    own = f"{kernel * 1e3:.1f} ms in the kernel, {minor} + {major} page faults, gave way {blocked} times"
    return f"Qt's thread {os.getpid()}: {own}; threads: {', '.join(busy)}"
