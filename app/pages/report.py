"""A report of our own as PDF: HTML and its plots in, pages of A4 out. Nothing that others made is drawn."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from app.pages.binding import pymupdf

if TYPE_CHECKING:
    from collections.abc import Mapping

_MARGIN = (54, 54, -54, -60)  # points
_DIGEST = re.compile(r"\b[0-9a-f]{16,}\b")


def as_pdf(html: str, plots: Mapping[str, str]) -> bytes:
    """Lay a report out, its pages numbered. ``plots`` are SVG pictures by the name under which the HTML shows
    them.
    """
    archive = pymupdf.Archive()
    for name, picture in plots.items():
        archive.add(picture.encode(), name)
    story = pymupdf.Story(letter_by_letter(html), archive=archive)
    target = io.BytesIO()
    writer = pymupdf.DocumentWriter(target)
    page, more = pymupdf.paper_rect("a4"), 1
    while more:
        device = writer.begin_page(page)
        more, _ = story.place(page + _MARGIN)
        story.draw(device)
        writer.end_page()
    writer.close()
    with pymupdf.open(stream=target.getvalue(), filetype="pdf") as laid_out:
        for number, sheet in enumerate(laid_out, 1):
            foot = pymupdf.Rect(_MARGIN[0], page.y1 - 44, page.x1 + _MARGIN[2], page.y1 - 28)
            sheet.insert_textbox(
                foot, f"{number} / {len(laid_out)}", fontsize=8, align=pymupdf.TEXT_ALIGN_RIGHT
            )
        laid_out.subset_fonts()
        return bytes(laid_out.tobytes(garbage=3, deflate=True))


def letter_by_letter(html: str) -> str:
    """The HTML with its digests in a type without ligatures: copied out of a PDF, "ff" stays two letters."""
    return _DIGEST.sub(r"<code style='font-size: 0.85em'>\g<0></code>", html)
