"""What a process does to itself before it holds a key: nothing of its memory may reach the disk."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress
from dataclasses import dataclass

_PR_GET_DUMPABLE, _PR_SET_DUMPABLE = 3, 4


@dataclass(frozen=True)
class Hardened:
    """What took hold on this system.

    ``no_core``: a crash writes no core file. ``closed``: other processes of this user cannot read this one's
    memory, and no crash handler is given it. ``private_files``: new files are the user's alone.
    """

    no_core: bool
    closed: bool
    private_files: bool


def harden(*, files: bool = True) -> Hardened:
    """Switch core dumps off (prctl(2), setrlimit(2)), close the memory to others, and make new files private.

    To be called first. Children inherit the limit and the file mask; each child that holds a key closes its
    own memory. ``files`` False leaves the mask: the command writes what is meant for others, too.
    """
    if files:
        os.umask(0o077)
    return Hardened(_no_core(), _closed(), private_files=files and os.name != "nt")


def _no_core() -> bool:
    if os.name == "nt":  # Windows writes a dump only where an administrator has asked for it
        return False
    import resource

    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return resource.getrlimit(resource.RLIMIT_CORE)[0] == 0


def _closed() -> bool:
    if not sys.platform.startswith("linux"):
        return False
    # RLIMIT_CORE alone does not stop a core pattern that pipes to a program (core(5)); this does.
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    return int(libc.prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0)) == 0
