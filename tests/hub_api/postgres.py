"""A PostgreSQL server of our own in a temporary folder, where the machine has the program."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.hub_api.processes import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator


def programs() -> Path | None:
    """Where ``initdb`` and ``pg_ctl`` are, the newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: -int(p.parts[4]))
    on_path = shutil.which("initdb")
    return found[0].parent if found else Path(on_path).parent if on_path else None


def can_run() -> bool:
    """Whether a server can be started here: it refuses root, who must have somebody else to be."""
    if programs() is None:
        return False
    with contextlib.suppress(KeyError):
        return os.geteuid() != 0 or bool(pwd.getpwnam("postgres"))
    return False


@contextlib.contextmanager
def running() -> Iterator[str]:
    """A fresh server on loopback; gives the address of its empty database."""
    bin_folder = programs()
    assert bin_folder is not None
    with tempfile.TemporaryDirectory(prefix="stationleaf-pg-") as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        data, port = f"{folder}/data", free_port()
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        _run([f"{bin_folder}/initdb", "-D", data, "-A", "trust", "-U", "plant"])
        _run([f"{bin_folder}/pg_ctl", "-D", data, "-o", options, "-l", f"{folder}/log", "-w", "start"])
        try:
            yield f"postgresql://plant@127.0.0.1:{port}/postgres"
        finally:
            _run([f"{bin_folder}/pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"])


def _run(words: list[str]) -> None:
    user = "postgres" if os.geteuid() == 0 else None
    subprocess.run(words, user=user, cwd="/", check=True, capture_output=True, timeout=60)
