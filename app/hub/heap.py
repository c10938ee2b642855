"""The C library's heap, kept small: what a crowd of kiosks made it grow to is given back when they rest.

Only where that library is glibc, which keeps an arena for each thread and gives nothing back from the middle
of one (mallopt(3), malloc_trim(3)); elsewhere nothing is done.
"""

from __future__ import annotations

import ctypes
import platform
from functools import cache

_M_ARENA_MAX = -8
ARENAS = 2


def few_arenas() -> None:
    """Have all threads share ``ARENAS`` arenas: one thread of Python's runs at a time anyway."""
    if (library := _glibc()) is not None:
        library.mallopt(_M_ARENA_MAX, ARENAS)


def trim() -> None:
    """Give freed memory back to the system; takes a few milliseconds."""
    if (library := _glibc()) is not None:
        library.malloc_trim(0)


@cache
def _glibc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None) if platform.libc_ver()[0] == "glibc" else None
