"""What changed between two revisions: planted changes, noise that is none, and a real case."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pymupdf
import pytest
from numpy.typing import NDArray

from app.pages.compare import DPI, Region, Word, changed_regions, changed_words

OPEN = Path(__file__).parents[3] / "shared" / "data" / "open"
BEFORE, AFTER = (OPEN / f"opr-maker-guide_{day}.pdf" for day in ("2025-02-28", "2025-05-30"))
Picture = NDArray[np.uint8]


def drawn(page: pymupdf.Page) -> Picture:
    pixels = page.get_pixmap(dpi=DPI)
    return np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.width, 3)


def words(page: pymupdf.Page) -> list[Word]:
    wide, high = page.rect.width, page.rect.height
    return [
        Word(text, Region(x0 / wide, y0 / high, x1 / wide, y1 / high))
        for x0, y0, x1, y1, text, *_ in page.get_text("words")
    ]


@lru_cache
def sheet(torque: str = "0.25", shift: float = 0.0, hole: bool = False) -> tuple[Picture, tuple[Word, ...]]:
    with pymupdf.open() as document:
        page = document.new_page(width=595, height=842)
        page.insert_text((60 + shift, 100 + shift), f"Screw M2 to {torque} N·m, then the cover", fontsize=11)
        page.draw_rect((100, 300, 400, 600), fill=(0.9, 0.9, 0.95))
        if hole:
            page.draw_circle((250, 450), 20, fill=(0.7, 0.1, 0.1))
        return drawn(page), tuple(words(page))


def test_a_page_is_like_itself_and_like_another_export_of_it() -> None:
    assert changed_regions(sheet()[0], sheet()[0]) == ()
    assert changed_regions(sheet()[0], sheet(shift=0.15)[0]) == ()
    assert changed_words(sheet()[1], sheet(shift=0.15)[1]) == ((), ())


def test_one_changed_digit_is_found_by_its_word() -> None:
    gone, come = changed_words(sheet()[1], sheet("0.26")[1])
    assert len(gone) == len(come) == 1
    assert gone[0].top < 100 / 842 < gone[0].bottom + 0.01
    assert 0.15 < come[0].left < come[0].right < 0.35


def test_a_changed_drawing_is_found_where_it_is_either_way() -> None:
    for old, new in ((sheet(), sheet(hole=True)), (sheet(hole=True), sheet())):
        (region,) = changed_regions(old[0], new[0])
        assert region.left < 240 / 595 < 260 / 595 < region.right
        assert region.top < 440 / 842 < 460 / 842 < region.bottom
        assert region.right - region.left < 0.15


def test_another_page_size_is_another_page() -> None:
    assert changed_regions(sheet()[0], sheet()[0][:-5]) == (Region(0.0, 0.0, 1.0, 1.0),)


@pytest.mark.skipif(not BEFORE.is_file(), reason="the folder of openly licensed manuals is not here")
def test_two_revisions_with_one_printed_stamp_differ_on_five_pages() -> None:
    """Known from outside: text on pages 1 to 4, a small change of a picture on page 28."""
    with pymupdf.open(BEFORE) as old, pymupdf.open(AFTER) as new:
        pairs = list(zip(old, new, strict=True))
        by_words = [n for n, (a, b) in enumerate(pairs, 1) if changed_words(words(a), words(b)) != ((), ())]
        by_picture = [n for n, (a, b) in enumerate(pairs, 1) if changed_regions(drawn(a), drawn(b))]
    assert by_words == [1, 2, 3, 4]
    assert by_picture == [1, 2, 3, 4, 28]
