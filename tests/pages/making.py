"""PDFs for the tests, made on the spot with PyMuPDF."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pymupdf

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
"""Real documents, where they are at hand: ``../shared/data`` beside the project."""


def saved(document: Any, folder: Path, name: str = "document.pdf", **options: Any) -> Path:
    """Save and return the path."""
    path = folder / name
    document.save(path, **options)
    return path


def add_content(document: Any, page: Any, content: str) -> None:
    """Put ``content`` before everything else on the page."""
    number = document.get_new_xref()
    document.update_object(number, "<<>>")
    document.update_stream(number, content.encode())
    kind, value = document.xref_get_key(page.xref, "Contents")
    rest = value.strip("[]") if kind in ("array", "xref") else ""
    document.xref_set_key(page.xref, "Contents", f"[{number} 0 R {rest}]")


def strokes(count: int, width: float = 842, height: float = 595, *, coloured: bool = False) -> str:
    """Content with many short strokes all over the page, the same each time."""
    dice = random.Random(count)
    lines = ["0.5 w 0 G"]
    for _ in range(count):
        x, y = dice.random() * width, dice.random() * height
        dx, dy = (dice.random() - 0.5) * 24, (dice.random() - 0.5) * 24
        colour = f"{dice.random():.2f} {dice.random():.2f} {dice.random():.2f} RG " if coloured else ""
        lines.append(f"{colour}{x:.2f} {y:.2f} m {x + dx:.2f} {y + dy:.2f} l S")
    return "\n".join(lines)


def heavy_document(count: int = 12_000, *, coloured: bool = False, rotation: int = 0) -> Any:
    """One page of strokes with a line of text above them."""
    document = pymupdf.open()
    page = document.new_page(width=842, height=595)
    page.insert_text((60, 60), "Torque 1.2 Nm, sequence 1-2-3", fontsize=14)
    add_content(document, page, strokes(count, coloured=coloured))
    page.set_rotation(rotation)
    return document
