"""Starting, watching and stopping processes so that none is left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]


class KitError(RuntimeError):
    """A part did not start or did not do what was waited for; the text says which, and its last words."""


def stationleaf(*words: str) -> list[str]:
    """Return the command line that runs ``stationleaf`` from this checkout."""
    return [sys.executable, "-m", "app.cli.main", *words]


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment with the checkout importable and ``extra`` on top."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **(extra or {})}


def run(
    words: Sequence[str], *, env: Mapping[str, str] | None = None, check: bool = True, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and return what it said.

    Raises:
        KitError: it failed and ``check`` is set.
    """
    done = subprocess.run(
        list(words), env=environment(env), input=stdin, capture_output=True, text=True, check=False
    )
    if check and done.returncode != 0:
        raise KitError(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


def free_port() -> int:
    """Return a TCP port on loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(
    what: str,
    ready: Callable[[], bool],
    seconds: float = 30.0,
    pause: float = 0.02,
    told: Callable[[], object] | None = None,
) -> float:
    """Wait until ``ready`` and return how long it took, in seconds.

    Raises:
        KitError: it did not come true in time; what there was instead is ``told``.
    """
    begun = time.monotonic()
    while not ready():
        if time.monotonic() - begun > seconds:
            instead = "" if told is None else f"; instead: {told()}"
            raise KitError(f"waited {seconds:.0f} s in vain for: {what}{instead}")
        time.sleep(pause)
    return time.monotonic() - begun


class Process:
    """A process in its own group, its output kept in a file, ended with everything it started.

    ``told`` is what it reads from its input.
    """

    def __init__(
        self, words: Sequence[str], log: Path, env: Mapping[str, str] | None = None, *, told: str = ""
    ) -> None:
        self.log = log
        self._over = False
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                list(words),
                env=environment(env),
                stdin=subprocess.PIPE if told else subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if self._process.stdin is not None:
            with self._process.stdin as way:
                way.write(told.encode())

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def said(self) -> str:
        """Everything it has printed."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_for_words(self, words: str, seconds: float = 30.0) -> None:
        """Wait until it has printed ``words``.

        Raises:
            KitError: it ended or stayed silent.
        """
        wait_for(f"{words!r} in {self.log.name}", lambda: words in self.said() or not self.running, seconds)
        if words not in self.said():
            raise KitError(f"a process ended before it said {words!r}:\n{self.said()[-2000:]}")

    def wait(self) -> int:
        """Return its exit code when it has ended."""
        return self._process.wait()

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self._signal(signal.SIGKILL)
        self._process.wait()
        self._over = True

    def stop(self, seconds: float = 10.0) -> int:
        """Ask it to end, kill it if it does not; returns its exit code."""
        self._signal(signal.SIGTERM)
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return self._process.returncode
        self._over = True
        return code

    def _signal(self, number: int) -> None:
        if not self._over:  # its number may be somebody else's by now
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class Plug:
    """A network plug between kiosk and hub: forwards TCP while it is in, cuts everything when it is out."""

    def __init__(self, target_port: int) -> None:
        self._target = target_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._in = True
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def pull(self) -> None:
        """Unplug: open connections are cut and new ones are refused with a reset."""
        with self._lock:
            self._in = False
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def push(self) -> None:
        """Plug in."""
        with self._lock:
            self._in = True

    def close(self) -> None:
        """Unplug for good; the port is free afterwards."""
        self.pull()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes ``accept``, which would keep it open
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with self._lock:
            plugged = self._in
        if not plugged:
            near.close()
            return
        with contextlib.suppress(OSError), near, socket.create_connection(("127.0.0.1", self._target)) as far:
            with self._lock:
                self._open |= {near, far}
            back = threading.Thread(target=_copy, args=(far, near), daemon=True)
            back.start()
            _copy(near, far)
            back.join()
        with self._lock:
            self._open = {connection for connection in self._open if connection.fileno() >= 0}


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
