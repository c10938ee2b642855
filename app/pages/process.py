"""The parent's end of one worker process: a clean start, framed exchange, a deadline for each answer.

The worker inherits no descriptor but its pipes (and those named in ``pass_fds``), a reduced environment and
its own session. It limits itself before it reads a byte of a document (see ``sandbox``).
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.pages.frames import FrameError, read_frame, write_frame

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ROOT = Path(__file__).resolve().parents[2]
_KEPT = ("PATH", "SYSTEMROOT", "VIRTUAL_ENV")


class WorkerLost(Exception):
    """The worker ended, was killed at its deadline (``timed_out``), or stopped talking sense."""

    def __init__(self, reason: str, *, timed_out: bool = False, exit_code: int | None = None) -> None:
        super().__init__(reason)
        self.timed_out = timed_out
        self.exit_code = exit_code


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return kept | {
        "PYTHONPATH": path,
        "PYTHONSAFEPATH": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "LC_ALL": "C.UTF-8",
    }


class WorkerProcess:
    """One worker. Used by one thread at a time.

    Faults: no answer within its seconds: killed, ``WorkerLost(timed_out=True)``. Ended, or a frame out of
    bounds: killed and reaped, ``WorkerLost``. After that every call raises ``WorkerLost``; the owner starts a
    new worker. The parent's own end (also by kill -9) closes the pipe, which ends the worker.
    """

    def __init__(self, module: str, arguments: Sequence[str] = (), *, pass_fds: Sequence[int] = ()) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            close_fds=True,
            pass_fds=tuple(pass_fds),
            start_new_session=True,
            env=_environment(),
            cwd=os.path.abspath(os.sep),  # noqa: PTH100 - the root of whatever system this is
        )
        self._guard = threading.Condition()
        self._until: float | None = None
        self._watching: threading.Thread | None = None
        self._timed_out = False

    @property
    def pid(self) -> int:
        """Process id of the worker."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the worker still runs."""
        return self._process.poll() is None

    def send(self, header: dict[str, Any], payload: bytes = b"", *, seconds: float) -> None:
        """Hand one frame over within ``seconds``; raises WorkerLost."""
        stream = self._process.stdin
        if stream is None or stream.closed:
            raise WorkerLost("the worker has ended")
        sent = False
        with self._deadline(seconds), contextlib.suppress(OSError, ValueError):
            write_frame(stream, header, payload)
            sent = True
        if not sent:
            raise self._lost("the worker ended while it was given its input")

    def receive(self, *, max_payload: int, seconds: float) -> tuple[dict[str, Any], bytes]:
        """Wait up to ``seconds`` for one frame of at most ``max_payload`` bytes; raises WorkerLost."""
        stream = self._process.stdout
        if stream is None or stream.closed:
            raise WorkerLost("the worker has ended")
        reason = ""
        with self._deadline(seconds):
            try:
                return read_frame(stream, max_payload=max_payload)
            except (FrameError, OSError, ValueError) as error:
                reason = str(error)
        raise self._lost(reason)

    def kill(self) -> None:
        """End the worker at once and close its pipes; harmless when repeated."""
        with contextlib.suppress(OSError):
            self._process.kill()
        self._process.wait()
        with self._guard:
            self._guard.notify()  # its deadline's thread ends
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _lost(self, reason: str) -> WorkerLost:
        self.kill()
        return WorkerLost(reason, timed_out=self._timed_out, exit_code=self._process.returncode)

    @contextlib.contextmanager
    def _deadline(self, seconds: float) -> Iterator[None]:
        with self._guard:
            self._until = time.monotonic() + seconds
            if self._watching is None:
                self._watching = threading.Thread(target=self._watch, name="worker-deadline", daemon=True)
                self._watching.start()
            else:
                self._guard.notify()
        try:
            yield
        finally:
            with self._guard:
                self._until = None

    def _watch(self) -> None:
        """Kills the worker when it overruns. One thread for all its answers: to start one costs 0.3 ms."""
        with self._guard:
            while self._process.returncode is None:
                left = None if self._until is None else self._until - time.monotonic()
                if left is not None and left <= 0:
                    self._timed_out = True
                    self._process.kill()
                    return
                self._guard.wait(left)
