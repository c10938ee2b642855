"""The heap: looked through for cycles seldom, and what a crowd of kiosks made it grow to is given back.

The latter only where the C library is glibc, which keeps an arena for each thread and gives nothing back from
the middle of one (mallopt(3), malloc_trim(3)).
"""

from __future__ import annotations

import ctypes
import gc
import platform
from functools import cache

YOUNG, OLD = 20_000, 50
"""New objects between two looks for cycles among them, and such looks between two among all."""

_M_ARENA_MAX = -8
ARENAS = 2


def few_arenas() -> None:
    """Have all threads share ``ARENAS`` arenas: one thread of Python's runs at a time anyway."""
    if (library := _glibc()) is not None:
        library.mallopt(_M_ARENA_MAX, ARENAS)


def look_seldom() -> None:
    """Look less often for cycles, and never among what the program loaded: it stays until the end.

    Python's own numbers are for a small heap; with what a thousand kiosks need in it, looking through all of
    it again and again takes a good part of the processor.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, OLD)


def trim() -> None:
    """Give freed memory back to the system; takes a few milliseconds."""
    if (library := _glibc()) is not None:
        library.malloc_trim(0)


@cache
def _glibc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None) if platform.libc_ver()[0] == "glibc" else None
