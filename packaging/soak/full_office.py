"""The hub's own programs with ``full.c`` preloaded, as forks of a process that has imported them.

``python -m soak.full_office LOG``; a line of JSON on stdin, one with what came of it on stdout:
``["run", WORD, ...]`` runs ``stationleaf WORD ...`` to its end, ``["serve", WORD, ...]`` begins it (a hub;
what it says goes to LOG), ``["code"]`` tells how that one ended (null: it runs), ``["stop"]`` ends it.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

import app.cli.admin
import app.hub.backup
import app.hub.publish
import app.hub.serve  # noqa: F401 (what commands import late)
from app.cli.main import main
from soak.nursery import serve


class Office:
    """See the module."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._hub, self._code = 0, None

    _code: int | None

    def ask(self, act: str, *words: str) -> dict[str, Any]:
        """Do one of these."""
        match act:
            case "run":
                with tempfile.TemporaryFile() as out:
                    code = _ended(_fork(words, out))
                    out.seek(0)
                    return {"code": code, "said": out.read().decode()}
            case "serve":
                with self._log.open("ab") as out:
                    self._hub, self._code = _fork(words, out), None
            case "stop":
                if self._look() is None:
                    os.killpg(self._hub, signal.SIGTERM)
                    self._code = _ended(self._hub)
        return {"code": self._look()}

    def _look(self) -> int | None:
        if self._code is None:
            done, status = os.waitpid(self._hub, os.WNOHANG)
            self._code = os.waitstatus_to_exitcode(status) if done else None
        return self._code


def _fork(words: tuple[str, ...], out: IO[bytes]) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setsid()
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
            code = main(words)
            sys.stdout.flush()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        finally:
            os._exit(code)
    return child


def _ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    serve(Office(Path(sys.argv[1])).ask)
