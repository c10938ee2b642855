"""What the render worker keeps of a page that it was told to drop: nothing that is the page's."""

from __future__ import annotations

import mmap
import os

import pymupdf
import pytest

from app.pages.binding import mupdf
from app.pages.worker_render import Worker


def _photo() -> bytes:
    """A page with a grey line of text and a picture."""
    document = pymupdf.open()
    page = document.new_page(width=300, height=300)
    pixels = pymupdf.Pixmap(pymupdf.csRGB, 64, 64, os.urandom(64 * 64 * 3), 0)
    page.insert_image((20, 60, 220, 260), pixmap=pixels)
    page.insert_text((20, 40), "ST-040", fontsize=20, color=(0.2,))
    return bytes(document.tobytes())


def _kept() -> list[str]:
    """What MuPDF's store holds, item by item."""
    buffer = mupdf.fz_new_buffer(1024)
    output = mupdf.FzOutput(buffer)
    mupdf.fz_debug_store(output)
    mupdf.fz_close_output(output)
    text: str = mupdf.fz_string_from_buffer(buffer)
    return [line for line in text.splitlines() if "store[" in line]


@pytest.mark.parametrize("others", [0, 10], ids=["in front", "long ago"])
def test_a_dropped_page_leaves_only_the_colour_conversions(others: int) -> None:
    mupdf.fz_empty_store()
    worker = Worker(mmap.mmap(-1, 1 << 20))
    names = [f"page {number}" for number in range(1 + others)]
    for name in names:
        assert worker.answer({"op": "put", "page": name}, _photo())["ok"]
        order = {"op": "render", "page": name, "scale": 1.0, "box": [0, 0, 300, 300], "at": 64}
        assert worker.answer(order, b"")["ok"]
    assert sum("image" in item for item in _kept()) >= len(names)
    assert worker.answer({"op": "drop", "pages": names}, b"")["ok"]
    left = _kept()
    assert left
    assert all("key=(link " in item for item in left)
