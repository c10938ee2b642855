"""A kiosk with its real screen, without a display, at which somebody works through a shift.

``python -m soak.shift HOME BADGE SEED`` in a kiosk's own session; a line of JSON ``[WHAT, SECONDS]`` on
stdin, one with what was found on stdout. ``work``: sign in, turn pages, sign out, as long as that;
``settle``: until the journal is handed over; ``freeze``: the Qt thread sleeps, so that it is known that the
meter sees it.

Signed requests are sent a second time now and then, to the byte, also after the connection broke.
"""

from __future__ import annotations

import faulthandler
import json
import logging
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.driver import Driven
from PySide6.QtCore import QEventLoop, Qt, QTimer

from app.kiosk.outbox import Outbox
from app.kiosk.places import Places
from app.kiosk.vault import KeyringVault
from app.kiosk.view import Stage
from app.ui.kiosk_window import KioskWindow
from soak.repeater import Repeater

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.kiosk.outbox import Draft, Recorded
    from app.kiosk.view import Painting
    from app.wire.clock import Moment

TICK_MS, FROZEN_S = 10, 0.1
PATIENCE_S = 20.0


class Meter:
    """How long the Qt thread took to come round, by a timer on it.

    Of each time over ``FROZEN_S`` that part is taken off in which this process was ready to run and the
    machine ran something else (the second figure of Linux's ``schedstat``): the Qt thread's own wait, and the
    longest of another thread's, because the Qt thread also waits for whoever holds the interpreter. What is
    left is the program's own doing; ``doing`` has what all threads did shortly before it was too long.
    """

    def __init__(self) -> None:
        self.frozen: list[float] = []
        self.own: list[float] = []
        self.doing: list[str] = []
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

    def _tick(self) -> None:
        now = time.monotonic()
        gap = now - self._last - TICK_MS / 1000
        waited = _waited()
        if self.measuring and gap > FROZEN_S:
            waits = {task: waited[task] - self._waited.get(task, waited[task]) for task in waited}
            others = waits.pop(str(os.getpid()), 0.0) + max(waits.values(), default=0.0)
            self.frozen.append(round(gap, 3))
            if gap - others > FROZEN_S:
                self.own.append(round(gap - others, 3))
                self._stacks.seek(0)
                self.doing.append(self._stacks.read().decode())
        self._stacks.truncate(0)
        self._stacks.seek(0)
        faulthandler.dump_traceback_later(0.8 * FROZEN_S, file=self._stacks)  # asks no interpreter lock
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


class Worker:
    """Somebody at the kiosk."""

    def __init__(self, home: Path, badge: str, seed: int) -> None:
        self._chance, self._badge = random.Random(seed), badge  # noqa: S311
        self.events: list[tuple[int, int, str]] = []
        self.looks: list[str] = []
        self._listen()
        take = KioskWindow.take_painting

        def told(window: KioskWindow, painting: Painting) -> None:
            if not painting.thumbnail:
                self.looks.append(painting.mark.token)
            take(window, painting)

        KioskWindow.take_painting = told  # type: ignore[method-assign, assignment]
        self._repeater = Repeater(self._chance)
        self._kiosk = Driven(home)
        self._meter = Meter()

    def _listen(self) -> None:
        """From now on every event that the journal has acknowledged is noted."""
        append, events = Outbox.append, self.events

        def noted(outbox: Outbox, drafts: Sequence[Draft], moment: Moment) -> tuple[Recorded, ...]:
            records = append(outbox, drafts, moment)
            events.extend((record.epoch, record.seq, record.hash) for record in records)
            return records

        Outbox.append = noted  # type: ignore[method-assign, assignment]

    def do(self, what: str, seconds: float) -> dict[str, Any]:
        """What the module says."""
        self._meter.frozen, self._meter.own, self._meter.doing = [], [], []
        self._repeater.told.clear()
        done: dict[str, Any] = {}
        match what:
            case "work":
                done = self._work(seconds)
            case "settle":
                done = {"settled": self._until(lambda: self._waiting() == 0, seconds)}
            case "freeze":
                self._meter.measure()
                self._pass(0.05)
                time.sleep(seconds)
                self._pass(0.05)
        self._meter.measuring = self._repeater.on = False
        events, looks = self.events.copy(), self.looks.copy()
        del self.events[: len(events)], self.looks[: len(looks)]
        meter, repeated = self._meter, dict(self._repeater.told)
        told = {"repeated": repeated, "frozen": meter.frozen, "own": meter.own, "doing": meter.doing}
        return {**done, **told, "events": events, "looks": looks}

    def _work(self, seconds: float) -> dict[str, Any]:
        self._repeater.on = True
        end, turns, sessions = time.monotonic() + seconds, 0, 0
        self._until(lambda: self._kiosk.stage() is not Stage.STARTING, PATIENCE_S)
        self._meter.measure()
        while time.monotonic() < end:
            session = self._kiosk.session
            if session is None:
                self._kiosk.badge(self._badge)
                sessions += self._until(lambda: self._kiosk.session is not None, PATIENCE_S)
                self._pass(0.3)
                continue
            leaf = self._chance.randrange(len(session.leaves))
            self._kiosk.paints.leaf = None
            self._kiosk.bridge.turn_to(leaf)
            turns += 1
            self._pass(self._chance.uniform(0.05, 0.5))
            if self._chance.random() < 0.02:
                self._kiosk.bridge.lock()
                self._until(lambda: self._kiosk.session is None, 3.0)
                self._pass(1.1)  # the same badge within a second is one tap
        return {"turns": turns, "sessions": sessions}

    def _waiting(self) -> int:
        parts: Any = self._kiosk.parts
        return -1 if parts is None else int(parts.journal.waiting())

    def _pass(self, seconds: float) -> None:
        """Let Qt's own loop run."""
        loop = QEventLoop()
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec()

    def _until(self, ready: Callable[[], bool], seconds: float) -> bool:
        end = time.monotonic() + seconds
        while not ready() and time.monotonic() < end:
            self._pass(0.03)
        return ready()

    def close(self) -> None:
        """End."""
        self._kiosk.window.let_close()
        self._kiosk.bridge.close()
        self._kiosk.window.close()


def main(home: str, badge: str, seed: str) -> None:
    """Serve until stdin ends."""
    logging.basicConfig(level=logging.WARNING)
    keys = KeyringVault(Places(Path(home)).folder_id).load()
    print(json.dumps({"public": keys.sign.public.hex() if keys is not None else ""}), flush=True)
    worker = Worker(Path(home), badge, int(seed))
    try:
        for line in sys.stdin:
            what, seconds = json.loads(line)
            print(json.dumps(worker.do(what, seconds)), flush=True)
    finally:
        worker.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
