"""The program in processes of its own that cost no start of Python: forks of one that has imported it."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
from typing import TYPE_CHECKING

from app.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["app.cli.admin", "app.hub.publish", "app.hub.serve", "soak.forked"])
STOP_SECONDS = 10.0


class Forked:
    """``stationleaf WORDS`` in a process group of its own; what it prints is added to ``log``."""

    def __init__(self, words: Sequence[str], log: Path) -> None:
        log.touch()
        self._process = _context.Process(target=_live, args=(list(words), log), daemon=True)
        self._process.start()

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return self._process.is_alive()

    def wait(self) -> int:
        """Return its exit code when it has ended."""
        self._process.join()
        return self._process.exitcode or 0

    def kill(self) -> None:
        """Kill it with everything that it started, and wait until it is gone."""
        if self._process.pid is not None:
            with contextlib.suppress(ProcessLookupError):  # killed before it had a group
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.join()

    def stop(self) -> None:
        """Ask it to end; kill it if it does not."""
        self._process.terminate()
        self._process.join(STOP_SECONDS)
        self.kill()


def _live(words: list[str], log: Path) -> None:
    os.setsid()
    with log.open("ab") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    sys.exit(main(words))
