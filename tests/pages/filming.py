"""Films for tests: drawn pictures, in any of the forms that cameras and programs write."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import av
import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

GROUND, BALL = (0, 110, 60), (235, 40, 190)


def picture(number: int, size: tuple[int, int] = (320, 180)) -> Any:
    """A pink square that wanders from the upper left to the right."""
    width, height = size
    pixels = np.full((height, width, 3), GROUND, np.uint8)
    left = 10 + number * 4
    pixels[height // 9 : height // 3, left : left + width // 6] = BALL
    return pixels


def film(
    path: Path,
    *,
    codec: str = "libx264",
    pictures: int = 30,
    rate: int = 30,
    size: tuple[int, int] = (320, 180),
    said: dict[str, str] | None = None,
    sound: bool = False,
) -> Path:
    """Write a film; ``said`` is noted in it, ``sound`` adds a track of noise."""
    out, mp4 = io.BytesIO(), path.suffix == ".mp4"
    with av.open(out, "w", format="mp4" if mp4 else "webm") as target:
        target.metadata.update(said or {})
        video: Any = target.add_stream(codec, rate=rate)
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        audio: Any = target.add_stream("aac" if mp4 else "libopus", rate=48_000) if sound else None
        for number in range(pictures):
            frame = av.VideoFrame.from_ndarray(picture(number, size), format="rgb24")
            target.mux(video.encode(frame))
            if audio is not None:
                noise = np.random.default_rng(number).uniform(-0.5, 0.5, (1, 1600)).astype(np.float32)
                heard = av.AudioFrame.from_ndarray(noise, format="flt", layout="mono")
                heard.sample_rate, heard.pts = 48_000, number * 1600
                target.mux(audio.encode(heard))
        for stream in filter(None, (video, audio)):
            target.mux(stream.encode())
    path.write_bytes(out.getvalue())
    return path


def seen(data: bytes) -> list[Any]:
    """The pictures of a published clip, by another program's reading of it: RGB."""
    with av.open(io.BytesIO(data)) as source:
        return [frame.to_ndarray(format="rgb24").astype(int) for frame in source.decode(video=0)]
