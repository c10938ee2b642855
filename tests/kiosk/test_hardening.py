"""No memory of the kiosk's process reaches the disk or another process."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.kiosk.processes import Child, command

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="prctl(2) and /proc are Linux's")

SHOW = """
    import os, sys
    from app.kiosk.hardening import harden
    os.environ["SECRET"] = "x"
    if sys.argv[1] == "hardened":
        done = harden()
        assert done.no_core and done.closed and done.private_files, done
    if len(sys.argv) > 2:
        os.setgid(65534); os.setuid(65534)
        if sys.argv[1] == "hardened":
            harden()
        else:
            import ctypes; ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
    print("ready")
    sys.stdin.read()
"""


def test_a_crash_writes_no_core(tmp_path: Path) -> None:
    die = "import os, sys; from app.kiosk.hardening import harden; harden(); print('up'); os.abort()"

    def allow() -> None:
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))

    child = Child(die, cwd=tmp_path, stderr=subprocess.DEVNULL, preexec_fn=allow)
    assert child.line() == "up"
    assert child.finish() == -signal.SIGABRT
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("way", "readable"), [("hardened", False), ("open", True)])
def test_another_process_of_the_same_user_reads_its_memory_only_unhardened(way: str, readable: bool) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs a second user that is nobody to anyone")
    child = Child(SHOW, way, "as nobody", stdin=subprocess.PIPE)
    assert child.line() == "ready"
    look = "import os, sys; os.setgid(65534); os.setuid(65534); open(sys.argv[1], 'rb').read()"
    memory = f"/proc/{child.process.pid}/environ"
    looked = subprocess.run(command(look, memory), capture_output=True, check=False)
    assert (looked.returncode == 0) is readable, looked.stderr
    child.kill()
    assert child.process.stdin is not None
    child.process.stdin.close()


def test_new_files_are_the_user_s_alone(tmp_path: Path) -> None:
    write = "import sys; from app.kiosk.hardening import harden; harden(); open(sys.argv[1], 'w').close()"
    assert Child(write, tmp_path / "new").finish() == 0
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o600


def test_children_inherit_the_core_limit() -> None:
    code = """
        import subprocess, sys
        from app.kiosk.hardening import harden
        harden()
        say = "import resource; print(resource.getrlimit(resource.RLIMIT_CORE))"
        print(subprocess.run([sys.executable, "-c", say], capture_output=True, text=True).stdout, end="")
    """
    child = Child(code)
    assert child.line() == "(0, 0)"
    child.finish()
