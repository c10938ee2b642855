"""The one door to PyAV (FFmpeg), for the workers that take clips apart and play them. Worker side only.

One thread each: the sandbox lets no worker start another. PyAV imports parts of itself when it first needs
them; here all come at once, because the sandbox lets no file be opened either.
"""

from __future__ import annotations

import io
from typing import Any

import av
import av.audio.codeccontext
import av.audio.stream
import av.logging
import av.subtitles.codeccontext
import av.subtitles.stream
import av.video.codeccontext
import av.video.stream

FAULTS = (av.FFmpegError, ValueError, EOFError, OverflowError, ZeroDivisionError, IndexError)
"""What a damaged or hostile clip can raise. (``MemoryError`` says something else.)"""

MADE = "matroska", "vp9"
"""Container (WebM, a subset of Matroska) and codec in which clips are published."""


def silence() -> None:
    """Keep FFmpeg's words out of the process's output: they quote the clip."""
    av.logging.set_level(None)


def read(data: bytes, container: str) -> Any:
    """Open a clip as this kind of container and no other: FFmpeg would guess among hundreds."""
    return av.open(io.BytesIO(data), format=container)


def write(out: io.BytesIO) -> Any:
    """A new WebM with no word of who wrote it, when, or by what: the same frames give the same bytes."""
    return av.open(out, "w", format="webm", options={"fflags": "+bitexact"})


def video(clip: Any) -> Any:
    """The first track of moving pictures, read by one thread; None where there is none."""
    covers = av.stream.Disposition.attached_pic
    for stream in clip.streams.video:
        if not stream.disposition & covers:
            stream.thread_count = 1
            return stream
    return None


def shaped(picture: Any, form: str, width: int | None = None, height: int | None = None) -> Any:
    """The picture in this pixel format, and in this size if one is given."""
    return picture.reformat(width=width, height=height, format=form, threads=1)
