"""A trace as a PDF that an investigator can file: what was found, how sure it is, and the pictures."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pymupdf

from app.pages.report import letter_by_letter

if TYPE_CHECKING:
    from collections.abc import Sequence

A4 = 595.0, 842.0
MARGIN = 48.0
STYLE = """
* { font-family: sans-serif; font-size: 9pt; }
h1 { font-size: 16pt; } td { padding: 2pt 8pt 2pt 0; } .name { color: #555; } p { color: #333; }
code { font-family: monospace; }
"""


def report(
    title: str, lines: Sequence[tuple[str, str]], notes: Sequence[str], pictures: Sequence[tuple[str, bytes]]
) -> bytes:
    """The PDF: ``lines`` as a table, ``notes`` below it, then each picture (caption, JPEG) on a page."""
    with pymupdf.open() as document:  # type: ignore[no-untyped-call]
        rows = "".join(
            f"<tr><td class='name'>{escape(name)}</td><td>{letter_by_letter(escape(value))}</td></tr>"
            for name, value in lines
        )
        said = "".join(f"<p>{escape(note)}</p>" for note in notes)
        _written(document, f"<h1>{escape(title)}</h1><table>{rows}</table>{said}")
        for caption, data in pictures:
            page = _written(document, f"<p>{escape(caption)}</p>")
            page.insert_image((MARGIN, MARGIN + 40, A4[0] - MARGIN, A4[1] - MARGIN), stream=data)
        return bytes(document.tobytes(garbage=3, deflate=True))


def _written(document: Any, html: str) -> Any:
    page = document.new_page(width=A4[0], height=A4[1])
    page.insert_htmlbox((MARGIN, MARGIN, A4[0] - MARGIN, A4[1] - MARGIN), html, css=STYLE)
    return page
