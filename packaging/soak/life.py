"""A whole kiosk without its window at work in this process, as the program puts it together.

Modes: ``pull`` (pages are missing), ``view`` (somebody signs in and turns pages), ``journal`` (records
without a pause), ``sync`` (a long journal to hand over), ``purge`` (a lease takes pages away), ``settle``
(ends when nothing is left to do). Only what the kiosk acknowledges is listened to, nothing is altered.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from typing import TYPE_CHECKING, Any

from app.kiosk.compose import build
from app.kiosk.contact import Contact
from app.kiosk.engine import Engine
from app.kiosk.hardening import harden
from app.kiosk.outbox import Draft, Outbox
from app.kiosk.places import Places
from app.kiosk.state import State
from app.kiosk.view import Framing, Stage
from app.wire.clock import SystemClock
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from pathlib import Path

    from app.kiosk.engine import Parts
    from app.kiosk.outbox import Recorded
    from app.kiosk.view import Painting, Screen

AT_WORK = "at work"
"""Told once, when what the mode is about begins: the first page that is missing is asked for, the first look
was painted, the first of many records is next, the journal is handed over, a lease that takes pages away is
about to be kept.
"""
SETTLE_SECONDS = 240.0
QUIET = 6
"""So many looks in a row, 50 ms apart, must find nothing left to do."""
_BEGINS: dict[str, tuple[Any, str]] = {
    "pull": (Contact, "pull"),
    "sync": (Contact, "deliver"),
    "purge": (State, "hold"),
}
"""The step with which the work of a mode begins."""
_log = logging.getLogger(__name__)


class Told:
    """What a kiosk says about itself, line by line, while it lives."""

    def __init__(self, out: int) -> None:
        self._out = out
        self._lock = threading.Lock()

    def __call__(self, *words: object) -> None:
        """One line, in one write: it is there or not."""
        with self._lock:
            os.write(self._out, (" ".join(map(str, words)) + "\n").encode())


def listen_to(mode: str, tell: Told) -> None:
    """From now on every event that ``append`` has acknowledged is told, and when the work begins."""
    append = Outbox.append

    def told(self: Outbox, *what: Any) -> tuple[Recorded, ...]:
        records = append(self, *what)
        for record in records:
            tell("event", self._epoch, record.seq, record.hash)
        return records

    Outbox.append = told  # type: ignore[method-assign, assignment]
    if mode in _BEGINS:
        owner, name = _BEGINS[mode]
        step = getattr(owner, name)

        def begun(*given: Any) -> Any:
            tell(AT_WORK)
            return step(*given)

        setattr(owner, name, begun)


class Life:
    """A kiosk at work in this process."""

    def __init__(self, home: Path, mode: str, badge: str, tell: Told) -> None:
        self._mode, self._badge, self._tell = mode, badge, tell
        self._parts: Parts | None = None
        self._screen: Screen | None = None
        self._front: Painting | None = None
        self._changed = threading.Condition()

        def parts() -> Parts:
            self._parts = build(Places(home), harden())
            return self._parts

        self._build = parts
        self._engine = Engine(parts)

    def live(self) -> None:
        """Do what the mode is about, for ever or until nothing is left to do."""
        if self._mode == "journal":
            self._record()
        self._engine.listen(self._on_screen, self._on_painting)
        self._engine.frame(Framing(800, 600))
        if self._mode == "view":
            self._read()
        elif self._mode == "settle":
            self._settle()
        else:
            signal.pause()

    def _record(self) -> None:
        parts, clock, number = self._build(), SystemClock(), 0
        self._tell(AT_WORK)
        while True:
            number += 1
            look = Draft(EventKind.PAGE_DAMAGED, body={"code": f"soak {number}"})
            parts.journal.append([look] * (1 + number % 3), clock.moment())

    def _read(self) -> None:
        self._until(lambda s: s.stage is Stage.BADGE)
        self._engine.tap(self._badge)
        screen = self._until(lambda s: s.session is not None)
        count = len(screen.session.leaves) if screen.session is not None else 1
        leaf = 0
        while True:
            leaf = (leaf + 1) % count
            self._engine.turn_to(leaf)
            with self._changed:
                wanted = leaf
                self._changed.wait_for(
                    lambda: self._front is not None and self._front.index == wanted,  # noqa: B023
                    timeout=1.0,
                )

    def _settle(self) -> None:
        quiet = 0
        end = time.monotonic() + SETTLE_SECONDS
        while quiet < QUIET and time.monotonic() < end:
            time.sleep(0.05)
            screen, parts = self._screen, self._parts
            status = None if screen is None or parts is None else screen.status
            still = status is not None and status.online and status.to_pull == 0
            quiet = quiet + 1 if still and parts is not None and parts.journal.waiting() == 0 else 0
        if quiet == QUIET:
            self._tell("settled")
        else:
            _log.warning("not settled: %s", self._screen)
        self._engine.close()

    def _until(self, seen: Any) -> Screen:
        with self._changed:
            self._changed.wait_for(lambda: self._screen is not None and seen(self._screen))
            screen = self._screen
        if screen is None:
            raise AssertionError("nothing was awaited")
        return screen

    def _on_screen(self, screen: Screen) -> None:
        with self._changed:
            self._screen = screen
            self._changed.notify_all()

    def _on_painting(self, painting: Painting) -> None:
        if painting.thumbnail or painting.ahead:
            painting.pixels.release()
            return
        self._tell("look", painting.mark.token)
        with self._changed:
            if self._front is None:
                self._tell(AT_WORK)
            front, self._front = self._front, painting
            self._changed.notify_all()
        if front is not None:
            front.pixels.release()
