"""Slots from several threads at once: a badge may be tapped while another one is still being worked out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = """
from concurrent.futures import ThreadPoolExecutor
from app.seal.slot import identify
with ThreadPoolExecutor(3) as pool:
    tags = [found.tag for found in pool.map(lambda number: identify(number, b"s" * 16), "121")]
assert tags[0] == tags[2] != tags[1]
"""


def test_badges_tapped_at_once_do_not_wait_for_each_other_for_ever() -> None:
    # In a process of its own: the fault that this looks for is a deadlock that no exception ends.
    done = subprocess.run(
        [sys.executable, "-c", CODE], cwd=ROOT, timeout=120, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
