"""Length-prefixed frames on the pipes between a parent and its worker: a small JSON header and a payload.

Both ends use this module. The parent treats the worker as hostile, so every size is checked before it is
believed; the worker trusts the parent.
"""

from __future__ import annotations

import json
import signal
import struct
import sys
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_PREFIX = struct.Struct("!IQ")
MAX_HEADER = 1 << 20


class FrameError(Exception):
    """The other end sent something that is not a frame, or is larger than was agreed."""


class FrameEnd(FrameError):
    """The other end closed its pipe: it ended, or was killed."""


def write_frame(stream: IO[bytes], header: dict[str, Any], payload: bytes | memoryview = b"") -> None:
    """Write one frame and flush it; raises ``OSError`` (broken pipe) where the other end is gone."""
    text = json.dumps(header, separators=(",", ":")).encode()
    stream.write(_PREFIX.pack(len(text), len(payload)))
    stream.write(text)
    if payload:
        stream.write(payload)
    stream.flush()


def read_frame(stream: IO[bytes], *, max_payload: int) -> tuple[dict[str, Any], bytes]:
    """Read one frame; raises FrameEnd at the end of the stream and FrameError for anything out of bounds."""
    header_size, payload_size = _PREFIX.unpack(_read_exactly(stream, _PREFIX.size))
    if header_size > MAX_HEADER or payload_size > max_payload:
        raise FrameError(f"frame of {header_size} + {payload_size} bytes is larger than agreed")
    text = _read_exactly(stream, header_size)
    try:
        header = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FrameError("frame header is not JSON") from error
    if not isinstance(header, dict):
        raise FrameError("frame header is not an object")
    return header, _read_exactly(stream, payload_size)


def answer_orders(
    protocol: IO[bytes],
    answer: Callable[[dict[str, Any], bytes], tuple[dict[str, Any], bytes]],
    *,
    max_payload: int = 1 << 32,
    timed: bool = False,
) -> None:
    """A worker's life: answer the orders on its standard input until that closes.

    ``timed``: SIGALRM ends the process when one order takes longer than it says (``seconds``, or 60).
    """
    timed = timed and hasattr(signal, "alarm")
    while True:
        try:
            order, payload = read_frame(sys.stdin.buffer, max_payload=max_payload)
        except FrameError:
            return
        if timed:
            signal.alarm(int(order.get("seconds", 60)))
        header, data = answer(order, payload)
        if timed:
            signal.alarm(0)
        write_frame(protocol, header, data)


def _read_exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size) if size else b""
    if len(data) != size:
        raise FrameEnd("the stream ended inside a frame")
    return data
