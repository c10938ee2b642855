#!/usr/bin/env python3
"""Draws the demo plant's clips as MP4, as a camera would hand them in: ``make_clips.py FOLDER``."""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pymupdf
from press.scenes import bottom, cell, pad
from press.sheet import INK, Fonts, Sheet, Style
from press.solid import View

if TYPE_CHECKING:
    from collections.abc import Iterator

RATE = 12
WIDTH, HEIGHT = 800, 450
_PAPER = (640.0, 360.0)
_FROM, _SEATED, _PAD = 34.0, 6.8, 6.0
_LOWER_S, _PRESS_S, _BEFORE_S, _AFTER_S = 1.7, 5.0, 0.5, 0.8
_BAR = (24.0, 332.0, 616.0, 346.0)
_GOOD = (0.04, 0.36, 0.17)


def seat_the_cell() -> Iterator[Any]:
    """The cell is lowered onto its pad and pressed for five seconds: picture by picture."""
    fonts = Fonts()
    for number in range(round((_BEFORE_S + _LOWER_S + _PRESS_S + _AFTER_S) * RATE)):
        seconds = number / RATE - _BEFORE_S
        way = min(1.0, max(0.0, seconds / _LOWER_S))
        pressed = min(_PRESS_S, max(0.0, seconds - _LOWER_S))
        half = int(2 * pressed) / 2  # while nothing moves but the bar, two pictures a second are drawn
        yield _picture(_FROM + (_SEATED - _FROM) * way * way * (3 - 2 * way), half, fonts)


@lru_cache(maxsize=1)
def _picture(lift: float, pressed: float, fonts: Fonts) -> Any:
    document: Any = pymupdf.open()  # type: ignore[no-untyped-call]
    sheet = Sheet(document.new_page(width=_PAPER[0], height=_PAPER[1]), fonts)
    View(sheet, (300.0, 256.0), 5.0).draw([bottom(0, ""), pad(_PAD, ""), cell(lift, "")])
    words = "Lower the cell, label up" if lift > _SEATED else f"Press flat: {_PRESS_S - pressed:.0f} s"
    sheet.text(24, 40, words if pressed < _PRESS_S else "Seated", Style(20, "bold"))
    sheet.box(_BAR, line=INK, fill=(1, 1, 1))
    if pressed:
        left, top, right, bottom_ = _BAR
        sheet.box((left, top, left + (right - left) * pressed / _PRESS_S, bottom_), fill=_GOOD)
    sheet.flush()
    matrix: Any = pymupdf.Matrix
    pixels = document[0].get_pixmap(matrix=matrix(WIDTH / _PAPER[0], HEIGHT / _PAPER[1]))
    picture = np.frombuffer(pixels.samples, np.uint8).reshape(HEIGHT, WIDTH, 3)
    document.close()
    return picture


def film(path: Path, pictures: Iterator[Any]) -> None:
    """Write a clip."""
    with av.open(str(path), "w", format="mp4") as target:
        stream: Any = target.add_stream("libx264", rate=RATE, options={"crf": "20", "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for picture in pictures:
            target.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        target.mux(stream.encode())


def main(words: list[str]) -> int:
    """Draw all of them into the folder that is named."""
    if len(words) != 1:
        sys.stderr.write("usage: make_clips.py FOLDER\n")
        return 2
    folder = Path(words[0])
    folder.mkdir(parents=True, exist_ok=True)
    film(folder / "seat-the-cell.mp4", seat_the_cell())
    sys.stdout.write("drew seat-the-cell.mp4\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
