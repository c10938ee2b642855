"""A kiosk with its real screen, without a display, at which somebody works through a shift.

``python -m soak.shift HOME BADGE SEED`` in a kiosk's own session; a line of JSON ``[WHAT, SECONDS]`` on
stdin, one with what was found on stdout. ``work``: sign in, turn pages, sign out, as long as that;
``settle``: until the journal is handed over; ``freeze``: the Qt thread sleeps, so that it is known that the
meter sees it.

Signed requests are sent a second time now and then, to the byte, also after the connection broke.
"""

from __future__ import annotations

import json
import logging
import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.driver import Driven
from kit.meter import Meter
from PySide6.QtCore import QEventLoop, QTimer

from app.kiosk.outbox import Outbox
from app.kiosk.places import Places
from app.kiosk.vault import KeyringVault
from app.kiosk.view import Stage
from app.ui.kiosk_window import KioskWindow
from soak.repeater import Repeater

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.kiosk.outbox import Recorded
    from app.kiosk.view import Painting

FROZEN_S = 0.1
PATIENCE_S = 20.0


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
        self._meter = Meter(FROZEN_S)

    def _listen(self) -> None:
        """From now on every event that the journal has acknowledged is noted."""
        append, events = Outbox.append, self.events

        def noted(outbox: Outbox, *what: Any) -> tuple[Recorded, ...]:
            records = append(outbox, *what)
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
