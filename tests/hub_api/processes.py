"""Real hub processes on loopback, for the tests that need one."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def words(*more: str) -> list[str]:
    return [sys.executable, "-m", "app.cli.main", *more]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def run(more: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        words(*more), env=environment(), capture_output=True, text=True, check=False, timeout=60
    )


def told(more: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """The same command in this process: its start and its imports take longer than most commands."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(more)
    return subprocess.CompletedProcess(list(more), code, out.getvalue(), err.getvalue())


@dataclass
class Serving:
    """A hub that serves."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    @property
    def address(self) -> str:
        return f"https://localhost:{self.port}"

    def said(self) -> str:
        return self.log.read_text()

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)  # nothing, if it has ended
        return self.process.wait(timeout=20)


@contextlib.contextmanager
def serving(home: Path, port: int | None = None) -> Iterator[Serving]:
    """``stationleaf hub serve`` until the end of the block."""
    port = port or free_port()
    log = home.parent / f"hub-{port}-{time.monotonic_ns()}.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            words("hub", "serve", str(home), "--host", "127.0.0.1", "--port", str(port)),
            env=environment(), stdout=out, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
    hub = Serving(process, port, log)
    try:
        until = time.monotonic() + 60
        while "hub ready" not in hub.said():
            assert process.poll() is None, hub.said()
            assert time.monotonic() < until, "the hub does not get ready"
            time.sleep(0.05)
        yield hub
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
