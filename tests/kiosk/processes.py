"""A piece of program in a process of its own, to be killed at any moment as a power cut would."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[2]


class Child:
    """Runs ``code`` with ``words`` as ``sys.argv[1:]``; what it prints can be read line by line."""

    def __init__(self, code: str, *words: object, **options: Any) -> None:
        self.process = subprocess.Popen(
            command(code, *words),
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            text=True,
            **options,
        )

    def line(self) -> str:
        """The next line it prints; empty when it has ended."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def kill(self) -> list[str]:
        """End it at once; returns the lines that were not read yet."""
        assert self.process.stdout is not None
        self.process.kill()
        rest = self.process.stdout.read()
        self.process.wait()
        self.process.stdout.close()
        whole = rest if rest.endswith("\n") or not rest else rest[: rest.rfind("\n") + 1]
        return whole.split()

    def finish(self) -> int:
        """Wait for its end; returns its exit code."""
        assert self.process.stdout is not None
        self.process.stdout.read()
        self.process.stdout.close()
        return self.process.wait()


def command(code: str, *words: object) -> Sequence[str]:
    """The command line that runs ``code``."""
    return [sys.executable, "-c", dedent(code), *map(str, words)]
