"""Commands that hold the hub's keys keep their memory from the disk, before they read anything."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.hub_api.processes import environment, words

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")

OURS = "0077"
"""The mask of a process whose new files are its user's alone."""

COMMANDS = {
    "backup": (OURS, ["hub", "backup", "HUB", "new.backup", "--passphrase-file", "PIPE"]),
    "restore": (OURS, ["hub", "restore", "any.backup", "again", "--passphrase-file", "PIPE"]),
    "rotate": (OURS, ["hub", "rotate", "lease-key", "HUB", "--root-key", "PIPE"]),
    "admin": ("0022", ["admin", "--hub", "HUB", "log", "check", "--seen", "PIPE"]),
    "verify": (None, ["verify", "any.zip", "--key", "PIPE"]),
}
"""Each waits for the file that it reads first, a pipe. What has no keys of a hub (None) is left as it is."""


@pytest.fixture
def _cores() -> Iterator[None]:
    """A process started now would write a core."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    if hard == 0:
        pytest.skip("no process here can write a core")
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))


def _look(process: subprocess.Popen[bytes]) -> tuple[str, bool]:
    """Its file mask, and whether it writes no core."""
    proc = Path(f"/proc/{process.pid}")
    mask = (proc / "status").read_text().split("Umask:\t")[1].split("\n")[0]
    return mask, (proc / "limits").read_text().split("Max core file size")[1].split()[0] == "0"


def _opened_by(pipe: Path, process: subprocess.Popen[bytes]) -> int:
    """Open the pipe as soon as the process reads from it."""
    until = time.monotonic() + 60
    while True:
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.usefixtures("_cores")
def test_every_command_that_holds_keys_is_hardened_first(template: Path, tmp_path: Path) -> None:
    running = {}
    for name, (_, command) in COMMANDS.items():
        pipe = tmp_path / name
        os.mkfifo(pipe)
        there = {"HUB": str(template), "PIPE": str(pipe)}
        running[name] = subprocess.Popen(
            words(*(there.get(word, word) for word in command)), cwd=tmp_path, env=environment(),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, umask=0o022,
        )  # fmt: skip
    found = {}
    for name, process in running.items():
        with process:
            os.close(_opened_by(tmp_path / name, process))
            found[name] = _look(process)
            process.kill()
    keyless = ("0022", False)
    assert found == {name: (mask, True) if mask else keyless for name, (mask, _) in COMMANDS.items()}
