"""The picture memory that parent and worker share: one anonymous mapping, cut into slots by the parent.

On Linux a memfd, so nothing with a name can outlive a crash; elsewhere ``multiprocessing.shared_memory``.
"""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import os
import threading
from typing import Any

_PAGE = 4096
_KEEP_SIZE, _PUNCH_HOLE = 1, 2
LEAD = 64  # bytes before the pixels of a slot, used by the worker when it swaps colour order


class NoRoom(Exception):
    """No slot of the wanted size is free: too many pictures are held, or too large a one is wanted."""


class SharedPixels:
    """A byte range of ``size`` that both processes map.

    ``describe()`` is what a worker needs to map it (with ``pass_fds``). ``zero`` gives the memory of a range
    back to the system, so that it reads as zeros and costs nothing.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._fd = -1
        self._named: object | None = None
        if hasattr(os, "memfd_create"):
            self._fd = os.memfd_create("stationleaf-pixels", os.MFD_CLOEXEC)
            os.ftruncate(self._fd, size)
            self._map: mmap.mmap | None = mmap.mmap(self._fd, size)
            self._view = memoryview(self._map)
        else:
            from multiprocessing.shared_memory import SharedMemory

            named = SharedMemory(create=True, size=size)
            self._named, self._map, self._view = named, None, memoryview(named.buf or b"")

    @property
    def pass_fds(self) -> tuple[int, ...]:
        """Descriptors that a worker must inherit."""
        return (self._fd,) if self._fd >= 0 else ()

    def describe(self) -> str:
        """How a worker finds the memory: ``fd:N:SIZE`` or ``name:NAME:SIZE``."""
        if self._fd >= 0:
            return f"fd:{self._fd}:{self.size}"
        return f"name:{getattr(self._named, 'name', '')}:{self.size}"

    def view(self, start: int, length: int) -> memoryview:
        """The bytes of one range, without a copy; the caller releases it."""
        return self._view[start : start + length]

    def zero(self, start: int, length: int) -> None:
        """Make a range read as zeros (``start`` and ``length`` are multiples of the memory page)."""
        if self._fd < 0 or not _punched(self._fd, start, length):
            self._view[start : start + length] = bytes(length)

    def close(self) -> None:
        """Zero everything and let go; memory that a picture still shows is freed when the picture goes."""
        self.zero(0, self.size)
        with contextlib.suppress(BufferError):
            self._view.release()
        if self._map is not None:
            with contextlib.suppress(BufferError):
                self._map.close()
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
        elif self._named is not None:
            with contextlib.suppress(BufferError, OSError):
                self._named.close()  # type: ignore[attr-defined] # SharedMemory, absent on Linux paths
            self._named.unlink()  # type: ignore[attr-defined] # as above


def _punched(fd: int, start: int, length: int) -> bool:
    """Have the system take a range of a file's memory back. Returns whether it did.

    Through ``ctypes``, which lets the interpreter go meanwhile (``mmap.madvise`` does not): at the end of a
    session this is up to 200 MB, 30 ms, in which the screen must not stand still.
    """
    fallocate = getattr(ctypes.CDLL(None), "fallocate", None)  # Linux; see fallocate(2)
    if fallocate is None:
        return False
    fallocate.argtypes = ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64
    return bool(fallocate(fd, _PUNCH_HOLE | _KEEP_SIZE, start, length) == 0)


def map_described(description: str) -> Any:
    """The worker's end: the memory that ``SharedPixels.describe`` names."""
    kind, where, size = description.rsplit(":", 2)
    if kind == "fd":
        return mmap.mmap(int(where), int(size))
    from multiprocessing.shared_memory import SharedMemory

    return SharedMemory(name=where).buf


class Slots:
    """Hands out ranges of the shared memory, first fit; thread-safe, at most ``count`` at a time."""

    def __init__(self, count: int, size: int) -> None:
        self.count = count
        self.size = size
        self._taken: dict[int, int] = {}
        self._lock = threading.Lock()

    def take(self, length: int) -> tuple[int, int]:
        """Reserve at least ``length`` bytes; returns (start, reserved length); raises NoRoom."""
        wanted = -(-length // _PAGE) * _PAGE
        with self._lock:
            if len(self._taken) >= self.count:
                raise NoRoom(f"all {self.count} slots are in use")
            start = 0
            for begin in sorted(self._taken):
                if begin - start >= wanted:
                    break
                start = begin + self._taken[begin]
            if start + wanted > self.size:
                raise NoRoom(f"no {wanted} bytes free in one piece of {self.size}")
            self._taken[start] = wanted
            return start, wanted

    def give_back(self, start: int) -> None:
        """Free one range; harmless when repeated."""
        with self._lock:
            self._taken.pop(start, None)

    @property
    def in_use(self) -> int:
        """How many ranges are out."""
        return len(self._taken)
