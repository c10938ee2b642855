"""A kiosk whose disk fills up: lets one live, takes its space away at a write, and gives it back.

``python -m soak.starved HOME BADGE`` in a kiosk's own session with ``full.c`` preloaded; a line of JSON
``[MODE, FIRST, STAYS]`` on stdin, one with what was found on stdout. The disk is full from the write numbered
FIRST on, until space is given back (STAYS), or only for that write. Modes: ``work`` (pages are pulled, a
journal is handed over, and somebody keeps tapping the badge and turning pages), ``purge`` (the same, while
the hub has taken everything away), ``public`` and ``settle`` as there.
"""

from __future__ import annotations

import mmap
import os
import signal
import struct
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.kiosk.view import Framing, Stage
from soak.life import Life
from soak.nursery import Nursery, drain, serve

if TYPE_CHECKING:
    from app.kiosk.engine import Parts
    from app.kiosk.view import Painting, Screen

BACKLOG = 50
CONTROL = "STATIONLEAF_FULL_CONTROL"
"""The environment's variable that names the file with the numbers."""
FAR = 2**62
LOOKS = 4
"""So many pages must be seen until all is well."""
TAP_SECONDS, TURN_SECONDS = 1.2, 0.5
"""A badge that is read again within a second counts as held there (``session.DEBOUNCE_MS``)."""
HIT_SECONDS, SAY_SECONDS, WELL_SECONDS = 60.0, 30.0, 90.0
"""How long the disk may take to fill up, a message to come, and all to be well again."""
WELL = "well"


class Space:
    """The numbers that ``full.c`` goes by."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._numbers = mmap.mmap(file.fileno(), 32)

    def _read(self, place: int) -> int:
        return int(struct.unpack_from("=Q", self._numbers, 8 * place)[0])

    @property
    def writes(self) -> int:
        """How many writes there were."""
        return self._read(0)

    @property
    def failed(self) -> int:
        """How many of them failed."""
        return self._read(3)

    def fail(self, first: int, last: int) -> None:
        """Count anew, and fail these."""
        struct.pack_into("=QQQQ", self._numbers, 0, 0, first, last, 0)

    def free(self) -> None:
        """There is space again."""
        struct.pack_into("=QQ", self._numbers, 8, FAR, FAR)


class Worker(Life):
    """Keeps tapping a badge and turning pages, whatever the screen says, and tells when all is well."""

    _looks = 0
    _freed = False
    _last = ""

    def live(self) -> None:
        """Until all is well after there was space again."""
        signal.signal(signal.SIGUSR1, self._on_space)
        self._engine.listen(self._on_screen, self._on_painting)
        self._engine.frame(Framing(800, 600))
        leaf, tapped, turned, quiet = 0, 0.0, 0.0, 0
        while not (self._freed and quiet > 1):
            time.sleep(0.05)
            now, screen = time.monotonic(), self._screen
            if screen is None:
                continue
            if screen.session is not None:
                if now - turned > TURN_SECONDS or (self._front is not None and self._front.index == leaf):
                    turned, leaf = now, (leaf + 1) % len(screen.session.leaves)
                    self._engine.turn_to(leaf)
            elif screen.stage in {Stage.BADGE, Stage.TROUBLE} and now - tapped > TAP_SECONDS:
                tapped = now
                self._engine.tap(self._badge)
            quiet = quiet + 1 if self._well(screen) else 0
            if quiet == 1 and not self._freed:
                self._tell(WELL)
        self._tell(WELL)
        self._engine.close()

    def _well(self, screen: Screen) -> bool:
        """Nothing is left to pull or to hand over but what is new, and pages are seen."""
        status, parts = screen.status, self._parts
        if parts is None or not status.online or status.to_pull or status.trouble:
            return False
        if self._mode == "purge":
            return (
                screen.session is None
                and parts.journal.waiting() < BACKLOG
                and parts.current.holding is not None
                and not self._owes(parts)
            )
        return self._looks >= LOOKS and parts.journal.waiting() < BACKLOG

    @staticmethod
    def _owes(parts: Parts) -> bool:
        """Whether a receipt is still to be written: what failed is tried again at the next contact."""
        state: Any = parts.tries
        return bool(state.owed)

    def _on_space(self, *_: object) -> None:
        self._looks, self._freed = 0, True

    def _on_screen(self, screen: Screen) -> None:
        super()._on_screen(screen)
        notice = screen.notice
        said = [screen.status.trouble] if screen.status.trouble else []
        said += [] if notice is None else [f"{notice.code}: {notice.says} {notice.do}"]
        for sentence in said:
            if sentence != self._last:
                self._last = sentence
                self._tell("says", sentence)

    def _on_painting(self, painting: Painting) -> None:
        super()._on_painting(painting)
        self._looks += not painting.thumbnail


class Starved:
    """See the module."""

    def __init__(self, home: Path, badge: str) -> None:
        self._nursery = Nursery(home, badge)
        self._space = Space(Path(os.environ[CONTROL]))

    def ask(self, mode: str, first: int, stays: bool) -> dict[str, Any]:
        """One life."""
        if mode in {"public", "settle"}:
            return self._nursery.ask(mode, 0.0, working=False)
        told: dict[str, Any] = {"events": [], "looks": [], "wrong": [], "pages": 0, "said": []}
        self._space.free()
        if mode == "work":
            self._nursery.forget_pages()
            self._nursery.backlog(told, BACKLOG)
        self._space.fail(first, FAR if stays else first)
        child, read = self._nursery.fork(mode, Worker)
        said = self._until_full(read)
        told["failed"], told["writes"] = self._space.failed > 0, self._space.writes
        if told["failed"] and stays:
            said += self._until_said(read)
        told["failures"] = self._space.failed
        told["looked"] = said.count(b"look ")
        self._space.free()
        os.kill(child, signal.SIGUSR1)
        rest = drain(read, time.monotonic() + WELL_SECONDS, f"{WELL}\n".encode())
        told["well"] = f"{WELL}\n".encode() in rest
        if not told["well"]:
            os.kill(child, signal.SIGKILL)
        self._nursery.bury(child, read, said + rest, told)
        self._nursery.look(told)
        told["said"] = sorted(
            {line[5:] for line in (said + rest).decode().splitlines() if line.startswith("says ")}
        )
        return told

    def _until_full(self, read: int) -> bytes:
        """Until the disk is full, or all is well without that."""
        said, end = b"", time.monotonic() + HIT_SECONDS
        while not self._space.failed and WELL.encode() not in said and time.monotonic() < end:
            said += drain(read, time.monotonic() + 0.05)
        return said

    def _until_said(self, read: int) -> bytes:
        """Until the screen says that the disk is full, and a little longer."""
        said, end = b"", time.monotonic() + SAY_SECONDS
        while b"disk" not in said and time.monotonic() < end:
            said += drain(read, time.monotonic() + 0.1)
        return said + drain(read, time.monotonic() + TAP_SECONDS)


if __name__ == "__main__":
    serve(Starved(Path(sys.argv[1]), sys.argv[2]).ask)
