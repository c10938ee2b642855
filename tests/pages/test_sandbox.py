"""What a worker can no longer do once it is in the sandbox, tried for real in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_TRY = """
import json, os, socket, sys
from app.pages import sandbox
refused = sandbox.enter(memory_bytes=1 << 30, cpu_seconds=20, die_with_parent=True)
def outcome(action):
    try:
        action()
    except (OSError, MemoryError) as error:
        return type(error).__name__
    return "done"
def network():
    one = socket.socket()
    one.connect(("127.0.0.1", 9))
print(json.dumps({
    "refused": refused,
    "read": outcome(lambda: open("/etc/hostname").read()),
    "write": outcome(lambda: open("/tmp/stationleaf-escape", "w").write("x")),
    "network": outcome(network),
    "fork": outcome(os.fork),
    "execute": outcome(lambda: os.execv("/bin/true", ["true"])),
    "signal": outcome(lambda: os.kill(os.getppid(), 0)),
    "memory": outcome(lambda: bytearray(2 << 30)),
}))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")
def test_files_network_children_and_memory_are_out_of_reach() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _TRY], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    outcomes = json.loads(done.stdout)
    assert not {"seccomp", "limits", "no-new-privileges"} & set(outcomes.pop("refused"))
    assert outcomes == {
        "read": "PermissionError",
        "write": "PermissionError",
        "network": "PermissionError",
        "fork": "PermissionError",
        "execute": "PermissionError",
        "signal": "PermissionError",
        "memory": "MemoryError",
    }
