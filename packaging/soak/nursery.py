"""Starts a whole kiosk without its window, over and over, kills it, and looks at what it left on the disk.

``python -m soak.nursery HOME BADGE`` in a kiosk's own session; a line of JSON ``[MODE, SECONDS, WORKING]`` on
stdin, one with what was found on stdout. Each kiosk is a fork of this process, which has imported everything
already, so that a kill costs no start of Python. Modes: see ``soak.life``; SECONDS count from when the kiosk
is at work, or from its start where WORKING is false. Before a ``pull`` the cache is taken away, before a
``sync`` a long journal is written; who is to ``settle`` is not killed.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.kiosk.cache import Cache
from app.kiosk.outbox import Draft, Outbox
from app.kiosk.places import Places
from app.kiosk.state import State
from app.kiosk.vault import DeviceKeys, KeyringVault
from app.model.errors import Expected
from app.seal.encoding import sha256
from app.wire.clock import SystemClock
from app.wire.messages import EventKind
from soak.life import AT_WORK, Life, Told, listen_to

_log = logging.getLogger(__name__)
if TYPE_CHECKING:
    from collections.abc import Callable

IMPORTED_LATE = (
    "keyring.backends.SecretService",
    "secretstorage",
    "jeepney.io.blocking",
    "httpcore",
    "h11",
    "certifi",
)
"""What kiosks import only when they work."""
BACKLOG = 450
"""Two full batches and a part of one."""
WORK_SECONDS = 120.0
"""So long a kiosk may take until it is at work."""
_log = logging.getLogger(__name__)
_SIDES = ("", "-wal", "-shm", "-journal")


class Nursery:
    """See the module."""

    def __init__(self, home: Path, badge: str) -> None:
        self._places, self._badge = Places(home), badge
        # In a process of its own: a bus connection must not be shared with the kiosks to come.
        words = [sys.executable, "-m", "soak.nursery", str(home)]
        told = subprocess.run(words, capture_output=True, text=True, check=True)
        self._keys = DeviceKeys.read(told.stdout)

    def ask(self, mode: str, seconds: float, working: bool) -> dict[str, Any]:
        """One life and its end."""
        told: dict[str, Any] = {"events": [], "looks": [], "wrong": [], "settled": False, "pages": 0}
        told["worked"] = False
        if mode == "public":
            return {**told, "public": self._keys.sign.public.hex()}
        if mode == "pull":
            self.forget_pages()
        if mode == "sync":
            self.backlog(told, BACKLOG)
        self._life(mode, seconds, working, told)
        self.look(told)
        return told

    def forget_pages(self) -> None:
        """Take the cache away."""
        for side in _SIDES:
            Path(f"{self._places.cache}{side}").unlink(missing_ok=True)

    def backlog(self, told: dict[str, Any], count: int) -> None:
        """Record so many events, fifty at a time."""
        outbox, clock = self._outbox(), SystemClock()
        for _ in range(count // 50):
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

    def _life(self, mode: str, seconds: float, working: bool, told: dict[str, Any]) -> None:
        child, read = self.fork(mode, Life)
        said = b""
        if mode != "settle":
            if working:
                said += drain(read, time.monotonic() + WORK_SECONDS, f"{AT_WORK}\n".encode())
            said += drain(read, time.monotonic() + seconds)
            os.kill(child, signal.SIGKILL)
        self.bury(child, read, said, told)

    def fork(self, mode: str, kind: type[Life]) -> tuple[int, int]:
        """Begin a life; returns its process, and the handle on which it tells."""
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.close(read)
                tell = Told(write)
                listen_to(mode, tell)
                kind(self._places.home, mode, self._badge, tell).live()
                code = 0
            except Exception:
                _log.exception("a life went wrong")
            finally:
                os._exit(code)
        os.close(write)
        return child, read

    def bury(self, child: int, read: int, said: bytes, told: dict[str, Any]) -> None:
        """A life ends: hear the rest of what it says, and sort all of it."""
        said += drain(read, None)
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
                case ["at", "work"]:
                    told["worked"] = True

    def look(self, told: dict[str, Any]) -> None:
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


def drain(handle: int, until: float | None, word: bytes | None = None) -> bytes:
    """Read until a moment, or to the end, or until ``word`` was said."""
    said = b""
    while True:
        left = None if until is None else max(0.0, until - time.monotonic())
        ready, _, _ = select.select([handle], [], [], left)
        data = os.read(handle, 65536) if ready else b""
        said += data
        if not data or (word is not None and word in said):
            return said


def main(home: str, badge: str = "") -> None:
    """Serve until stdin ends; without BADGE only print the kiosk's keys, for the process that does."""
    if not badge:
        keys = KeyringVault(Places(home).folder_id).load()
        print("" if keys is None else keys.text())
        return
    serve(Nursery(Path(home), badge).ask)


def serve(ask: Callable[..., dict[str, Any]]) -> None:
    """Answer each line on stdin."""
    logging.basicConfig(level=logging.WARNING)
    for name in IMPORTED_LATE:
        importlib.import_module(name)
    for line in sys.stdin:
        print(json.dumps(ask(*json.loads(line))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
