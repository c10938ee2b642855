"""A bad network between kiosk and hub: a TCP proxy that delays, cuts short, resets, and swallows."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

_PIECE = 16 * 1024
REFUSED, LOST = 0.15, 0.05
"""How many connections are reset at once, and how many are taken and never answered."""
DELAYED, SHORT, RESET, SWALLOWED = 0.3, 0.02, 0.02, 0.005
"""How many pieces come late, come in part (then nothing more), end in a reset, or never come."""
LATEST_S = 0.8
"""The longest delay of a piece."""


class BadNetwork:
    """Forwards ``port`` to ``target`` on loopback; makes ``faults`` while ``bad``."""

    def __init__(self, port: int, target: int, chance: random.Random) -> None:
        self.bad, self.faults = False, Counter[str]()
        self._target, self._chance = target, chance
        self._closed = threading.Event()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Cut everything."""
        self._closed.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes ``accept``, which would keep it open
        self._listener.close()
        with self._lock:
            for end in self._open:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def _made(self, rates: dict[str, float]) -> str:
        """The fault that is made now, if any."""
        with self._lock:
            if not self.bad:
                return ""
            for fault, rate in rates.items():
                if self._chance.random() < rate:
                    self.faults[fault] += 1
                    return fault
            return ""

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with contextlib.suppress(OSError), near:
            match self._made({"connections reset": REFUSED, "connections swallowed": LOST}):
                case "connections reset":
                    _reset(near)
                    return
                case "connections swallowed":
                    _swallow(near)
                    return
            with socket.create_connection(("127.0.0.1", self._target)) as far:
                with self._lock:
                    self._open |= {near, far}
                back = threading.Thread(target=self._copy, args=(far, near), daemon=True)
                back.start()
                self._copy(near, far)
                back.join()
                with self._lock:
                    self._open -= {near, far}

    def _copy(self, source: socket.socket, sink: socket.socket) -> None:
        rates = {
            "pieces cut short": SHORT,
            "resets in between": RESET,
            "pieces swallowed": SWALLOWED,
            "pieces late": DELAYED,
        }
        with contextlib.suppress(OSError):
            while data := source.recv(_PIECE):
                match self._made(rates):
                    case "pieces late":
                        self._closed.wait(self._chance.uniform(0.01, LATEST_S))
                    case "pieces cut short":
                        sink.sendall(data[: self._chance.randrange(len(data))])
                        break
                    case "resets in between":
                        _reset(sink)
                        break
                    case "pieces swallowed":
                        _swallow(source)
                        break
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def _reset(end: socket.socket) -> None:
    """Close so that the other side meets a reset (RST) and not an end (FIN)."""
    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    end.close()


def _swallow(end: socket.socket) -> None:
    """Take what comes until the other side gives up."""
    while end.recv(_PIECE):
        pass
