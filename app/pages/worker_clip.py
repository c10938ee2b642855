"""The clip worker: any clip in, the same pictures as a new WebM out. Runs as a process of its own, sandboxed.

``python -m app.pages.worker_clip MEMORY_BYTES CPU_SECONDS``. It answers with codes and numbers only; the
words are in ``clips``. What it gives back is made of pixels alone: no byte of the clip that was given is
copied, so no sound, title, place, second track or hidden data of it can ride along.
"""

from __future__ import annotations

import io
import sys
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from av import VideoFrame

from app.pages import film, sandbox
from app.pages.frames import answer_orders, write_frame

if TYPE_CHECKING:
    from collections.abc import Iterator

_CODECS = {"h264", "hevc", "vp8", "vp9", "av1", "libdav1d"}
_RATE = 30
"""Pictures a second, at most."""
_SETTINGS = {"deadline": "realtime", "cpu-used": "8", "crf": "32", "b": "0", "g": "60"}
_LEAST_SIDE, _MOST_SIDE = 16, 8192


class Refuse(Exception):
    """A cause from ``clips``."""


def make(order: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """Make the clip anew, within ``most_ms`` and with no side longer than ``side`` pixels.

    What a clip may cause is an answer, not an exception.
    """
    try:
        return _make(data, int(order["most_ms"]), int(order["side"]))
    except Refuse as refused:
        return {"ok": False, "code": str(refused)}, b""
    except MemoryError:
        return {"ok": False, "code": "memory"}, b""
    except film.FAULTS:
        return {"ok": False, "code": "broken"}, b""


def _make(data: bytes, most_ms: int, side: int) -> tuple[dict[str, Any], bytes]:
    container = _container(data)
    out = io.BytesIO()
    with film.read(data, container) as source:
        pictures = _pictures(source, most_ms)
        at, first = next(pictures, (0, None))
        if first is None:
            raise Refuse("no_pictures")
        size = _size(first, side)
        with film.write(out) as target:
            stream = target.add_stream("libvpx-vp9", rate=_RATE, options=_SETTINGS)
            stream.width, stream.height = size
            stream.pix_fmt, stream.time_base = "yuv420p", Fraction(1, 1000)
            stream.codec_context.time_base = Fraction(1, 1000)
            stream.thread_count = 1
            last = at
            _put(target, stream, _upright(first, size), at)
            for last, picture in pictures:
                _put(target, stream, _upright(picture, size), last)
            target.mux(stream.encode())
    answer = {"ok": True, "width": size[0], "height": size[1], "ms": last + round(1000 / _RATE)}
    return answer, out.getvalue()


def _container(data: bytes) -> str:
    """By the file's first bytes: ISO base media (MP4, MOV), or EBML (WebM, Matroska)."""
    if data[4:8] == b"ftyp":
        return "mov"
    if data[:4] == b"\x1a\x45\xdf\xa3":
        return "matroska"
    raise Refuse("not_clip")


def _pictures(source: Any, most_ms: int) -> Iterator[tuple[int, Any]]:
    """The clip's pictures, ``_RATE`` a second at most, with their times in milliseconds from the first."""
    stream = film.video(source)
    if stream is None:
        raise Refuse("no_pictures")
    if stream.codec_context.name not in _CODECS:
        raise Refuse("codec")
    begun: float | None = None
    due = 0.0
    for picture in source.decode(stream):
        if picture.time is None:
            raise Refuse("broken")
        begun = picture.time if begun is None else begun
        at = 1000 * (picture.time - begun)
        if at > most_ms:
            raise Refuse("too_long")
        if at >= due - 1:  # times are whole milliseconds in most containers
            due = max(due + 1000 / _RATE, at)
            yield round(at), picture


def _size(picture: Any, side: int) -> tuple[int, int]:
    """How large it is shown: upright, no side longer than ``side``, both even."""
    width, height = picture.width, picture.height
    if min(width, height) < _LEAST_SIDE or max(width, height) > _MOST_SIDE:
        raise Refuse("size")
    if picture.rotation % 180:
        width, height = height, width
    scale = min(1.0, side / max(width, height))
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def _upright(picture: Any, size: tuple[int, int]) -> Any:
    """The pixels as they are shown: cameras that are held upright only note the turn."""
    turns = round(picture.rotation / 90) % 4
    wide, high = size[::-1] if turns % 2 else size
    pixels = film.shaped(picture, "rgb24", wide, high).to_ndarray()
    return np.ascontiguousarray(np.rot90(pixels, turns)) if turns else pixels


def _put(target: Any, stream: Any, pixels: Any, at: int) -> None:
    frame = film.shaped(VideoFrame.from_ndarray(pixels, format="rgb24"), "yuv420p")
    frame.pts, frame.time_base = at, Fraction(1, 1000)
    target.mux(stream.encode(frame))


def main() -> None:
    """Enter the sandbox, answer orders until the pipe closes."""
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    protocol = sandbox.take_stdout()
    film.silence()
    sandbox.enter(memory_bytes=memory, cpu_seconds=seconds, die_with_parent=True)
    write_frame(protocol, {"ready": True})
    answer_orders(protocol, make)


if __name__ == "__main__":
    main()
