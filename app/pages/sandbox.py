"""What a worker gives up before it reads a document: memory, files, network, children, core dumps.

Best effort per step and system: each step that the system refuses is left out, never fatal, and named in the
result of ``enter``. Standard library only.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import signal
import struct
import sys
from typing import Any

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_ALLOW, _DENY, _KILL = 0x7FFF0000, 0x00050001, 0x80000000  # SECCOMP_RET_ALLOW, ERRNO|EPERM, KILL_PROCESS

# Opening files, sockets, new processes, other processes' memory, kernel interfaces that have had holes.
_SYSCALLS: dict[str, tuple[int, tuple[int, ...]]] = {
    "x86_64": (
        0xC000003E,
        (2, 29, 41, 42, 43, 44, 46, 49, 50, 53, 56, 57, 58, 59, 62, 82, 83, 84, 85, 86, 87, 88, 90, 92, 101,
         165, 200, 248, 249, 250, 257, 258, 259, 260, 263, 264, 265, 266, 268, 272, 298, 304, 308, 310, 311,
         316, 319, 321, 322, 323, 425, 426, 427, 434, 435, 437, 438),
    ),
    "aarch64": (
        0xC00000B7,
        (33, 34, 35, 36, 37, 38, 40, 53, 54, 56, 97, 117, 129, 130, 194, 198, 199, 200, 201, 202, 203, 206,
         211, 217, 218, 219, 220, 221, 241, 265, 268, 270, 271, 276, 279, 280, 281, 282, 425, 426, 427, 434,
         435, 437, 438),
    ),
}  # fmt: skip


def enter(*, memory_bytes: int, cpu_seconds: int | None, die_with_parent: bool) -> list[str]:
    """Limit this process for good; returns the names of the steps that the system refused.

    ``memory_bytes`` bounds the address space, ``cpu_seconds`` the processor time of the whole process.
    ``die_with_parent`` ties the process to the *thread* that started it (PR_SET_PDEATHSIG), so it is only
    for workers whose starter waits for them.
    """
    refused: list[str] = []
    if sys.platform != "linux":
        return ["linux"]
    libc = ctypes.CDLL(None, use_errno=True)
    _step(refused, "dumpable", lambda: _prctl(libc, _PR_SET_DUMPABLE, 0))
    if die_with_parent:
        _step(refused, "pdeathsig", lambda: _prctl(libc, _PR_SET_PDEATHSIG, signal.SIGKILL))
    _step(refused, "network", lambda: _leave_network(libc))
    _step(refused, "limits", lambda: _set_limits(memory_bytes, cpu_seconds))
    _step(refused, "no-new-privileges", lambda: _prctl(libc, _PR_SET_NO_NEW_PRIVS, 1))
    _step(refused, "seccomp", lambda: _filter_calls(libc))
    return refused


def take_stdout() -> Any:
    """Move the protocol off descriptor 1 and let everything that prints write into nothing."""
    protocol = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    os.close(nothing)
    return protocol


def _step(refused: list[str], name: str, action: Any) -> None:
    try:
        action()
    except (OSError, ValueError, AttributeError):
        refused.append(name)


def _prctl(libc: ctypes.CDLL, option: int, value: int) -> None:
    if libc.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0)):
        raise OSError(ctypes.get_errno(), f"prctl {option}")


def _leave_network(libc: ctypes.CDLL) -> None:
    if libc.unshare(_CLONE_NEWNET) and libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "unshare")


def _set_limits(memory_bytes: int, cpu_seconds: int | None) -> None:
    import resource

    wanted = [(resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NOFILE, 16)]
    wanted.append((resource.RLIMIT_AS, memory_bytes))
    if cpu_seconds is not None:
        wanted.append((resource.RLIMIT_CPU, max(1, cpu_seconds)))
    for name, value in wanted:
        _, hard = resource.getrlimit(name)
        limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
        with contextlib.suppress(ValueError):
            resource.setrlimit(name, (limit, limit))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _filter_calls(libc: ctypes.CDLL) -> None:
    """Install a seccomp filter (classic BPF) that answers the calls above with EPERM."""
    arch, denied = _SYSCALLS.get(platform.machine(), (0, ()))
    if not arch:
        raise OSError(0, "no list of calls for this processor")
    code = _instruction(0x20, 0, 0, 4) + _instruction(0x15, 1, 0, arch) + _instruction(0x06, 0, 0, _KILL)
    code += _instruction(0x20, 0, 0, 0)
    code += _instruction(0x35, 0, 1, 0x40000000) + _instruction(0x06, 0, 0, _DENY)  # the x32 calls
    for number in denied:
        code += _instruction(0x15, 0, 1, number) + _instruction(0x06, 0, 0, _DENY)
    code += _instruction(0x06, 0, 0, _ALLOW)
    memory = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(memory, ctypes.c_void_p).value)
    if libc.prctl(
        _PR_SET_SECCOMP, ctypes.c_ulong(2), ctypes.byref(program), ctypes.c_ulong(0), ctypes.c_ulong(0)
    ):
        raise OSError(ctypes.get_errno(), "seccomp")


def _instruction(code: int, if_true: int, if_false: int, value: int) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
