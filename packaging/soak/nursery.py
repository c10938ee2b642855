"""Starts a whole kiosk without its window, over and over, kills it, and looks at what it left on the disk.

``python -m soak.nursery HOME BADGE`` in a kiosk's own session; a line of JSON ``[MODE, SECONDS]`` on stdin,
one with what was found on stdout. Each kiosk is a fork of this process, put together by ``compose.build`` as
the program does it; only what it acknowledges is listened to. Modes: ``pull`` (its cache is taken away
first), ``view`` (somebody signs in and turns pages), ``journal`` (records without a pause), ``sync`` (a long
journal to hand over), ``purge`` (what the hub says meanwhile), ``settle`` (is not killed: ends when nothing
is left to do).
"""

from __future__ import annotations

import json
import logging
import os
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.kiosk.cache import Cache
from app.kiosk.compose import build
from app.kiosk.engine import Engine
from app.kiosk.hardening import harden
from app.kiosk.outbox import Draft, Outbox
from app.kiosk.places import Places
from app.kiosk.state import State
from app.kiosk.vault import DeviceKeys, KeyringVault
from app.kiosk.view import Framing, Stage
from app.model.errors import Expected
from app.seal.encoding import sha256
from app.wire.clock import SystemClock
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.kiosk.engine import Parts
    from app.kiosk.outbox import Recorded
    from app.kiosk.view import Painting, Screen
    from app.wire.clock import Moment

BACKLOG = 600
_log = logging.getLogger(__name__)
SETTLE_SECONDS = 60.0
QUIET = 6
"""So many looks in a row, 50 ms apart, must find nothing left to do."""
_SIDES = ("", "-wal", "-shm", "-journal")


class Told:
    """What a kiosk says about itself, line by line, while it lives."""

    def __init__(self, out: int) -> None:
        self._out = out
        self._lock = threading.Lock()

    def __call__(self, *words: object) -> None:
        """One line, in one write: it is there or not."""
        with self._lock:
            os.write(self._out, (" ".join(map(str, words)) + "\n").encode())


def listen_to(tell: Told) -> None:
    """From now on every event that ``append`` has acknowledged is told."""
    append = Outbox.append

    def told(self: Outbox, drafts: Sequence[Draft], moment: Moment) -> tuple[Recorded, ...]:
        records = append(self, drafts, moment)
        for record in records:
            tell("event", self._epoch, record.seq, record.hash)
        return records

    Outbox.append = told  # type: ignore[method-assign]


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
        if painting.thumbnail:
            return
        self._tell("look", painting.mark.token)
        with self._changed:
            front, self._front = self._front, painting
            self._changed.notify_all()
        if front is not None:
            front.pixels.release()


class Nursery:
    """See the module."""

    def __init__(self, home: Path, badge: str) -> None:
        self._places, self._badge = Places(home), badge
        # In a process of its own: a bus connection must not be shared with the kiosks to come.
        words = [sys.executable, "-m", "soak.nursery", str(home)]
        told = subprocess.run(words, capture_output=True, text=True, check=True)
        self._keys = DeviceKeys.read(told.stdout)

    def ask(self, mode: str, seconds: float) -> dict[str, Any]:
        """One life and its end."""
        told: dict[str, Any] = {"events": [], "looks": [], "wrong": [], "settled": False, "pages": 0}
        if mode == "public":
            return {**told, "public": self._keys.sign.public.hex()}
        if mode == "pull":
            for side in _SIDES:
                Path(f"{self._places.cache}{side}").unlink(missing_ok=True)
        if mode == "sync":
            self._backlog(told)
        self._life(mode, seconds, told)
        self._look(told)
        return told

    def _backlog(self, told: dict[str, Any]) -> None:
        outbox, clock = self._outbox(), SystemClock()
        for _ in range(BACKLOG // 50):
            look = Draft(EventKind.PAGE_DAMAGED, body={"code": "backlog"})
            records = outbox.append([look] * 50, clock.moment())
            told["events"] += [[self._keys.epoch, record.seq, record.hash] for record in records]
        outbox.close()

    def _outbox(self) -> Outbox:
        keys = self._keys
        # What is recorded here is sealed to the hub's key as the lease store has it.
        with State(self._places.state, keys.cache_key) as state:
            trust = state.trust(keys.root)
            head = state.journal_head(keys.epoch)
        if trust is None:
            raise SystemExit("the hub's statement is gone")
        return Outbox(self._places.outbox, keys.kiosk, keys.epoch, keys.sign, trust.seal_key, at_least=head)

    def _life(self, mode: str, seconds: float, told: dict[str, Any]) -> None:
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.close(read)
                tell = Told(write)
                listen_to(tell)
                Life(self._places.home, mode, self._badge, tell).live()
                code = 0
            except Exception:
                _log.exception("a life went wrong")
            finally:
                os._exit(code)
        os.close(write)
        said = _drain(read, None if mode == "settle" else time.monotonic() + seconds)
        if mode != "settle":
            os.kill(child, signal.SIGKILL)
            said += _drain(read, None)
        os.waitpid(child, 0)
        os.close(read)
        for line in said.decode().splitlines(keepends=True):
            match line.split():
                case ["event", epoch, seq, digest]:
                    told["events"].append([int(epoch), int(seq), digest])
                case ["look", token]:
                    told["looks"].append(token)
                case ["settled"]:
                    told["settled"] = True

    def _look(self, told: dict[str, Any]) -> None:
        """Open all three files, and read every page."""
        wrong = told["wrong"]
        try:
            with State(self._places.state, self._keys.cache_key) as state:
                told["owed"] = len(state.owed)
            outbox = self._outbox()
            told["waiting"] = outbox.waiting()
            if outbox.salvaged is not None:
                wrong.append("the journal was damaged")
            outbox.close()
            cache, healed = Cache.open(self._places.cache, self._keys.cache_key)
            if healed is not None:
                wrong.append(f"the cache did not open: {healed.code}")
            for blob in cache.have():
                told["pages"] += 1
                if sha256(cache.get(blob)) != blob:
                    wrong.append(f"page {blob} is half there")
            cache.close()
        except Expected as error:
            wrong.append(f"{error.code}: {error}")


def _drain(handle: int, until: float | None) -> bytes:
    """Read until a moment, or to the end."""
    said = b""
    while True:
        left = None if until is None else max(0.0, until - time.monotonic())
        ready, _, _ = select.select([handle], [], [], left)
        data = os.read(handle, 65536) if ready else b""
        said += data
        if not data:
            return said


def main(home: str, badge: str = "") -> None:
    """Serve until stdin ends; without BADGE only print the kiosk's keys, for the process that does."""
    if not badge:
        keys = KeyringVault(Places(home).folder_id).load()
        print("" if keys is None else keys.text())
        return
    logging.basicConfig(level=logging.WARNING)
    nursery = Nursery(Path(home), badge)
    for line in sys.stdin:
        mode, seconds = json.loads(line)
        print(json.dumps(nursery.ask(mode, seconds)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
