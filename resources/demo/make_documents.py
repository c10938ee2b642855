#!/usr/bin/env python3
"""Draws the demo plant's work instructions as PDFs: ``make_documents.py FOLDER``. Same input, same bytes."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

import pymupdf
from press.layouts import Composer
from press.sheet import Fonts, Sheet

CONTENT = Path(__file__).with_name("content")
A4 = (595.0, 842.0)
STAMP = "D:20250107080000Z"


def draw(content: Path, target: Path) -> None:
    """Draw one document."""
    source = tomllib.loads(content.read_text(encoding="utf-8"))
    document: Any = pymupdf.open()  # type: ignore[no-untyped-call]
    fonts = Fonts()
    composer = Composer(source)
    outline: list[list[object]] = []
    for number, page in enumerate(composer.pages, 1):
        width, height = reversed(A4) if page.get("landscape") else A4
        sheet = Sheet(document.new_page(width=width, height=height), fonts)
        composer.compose(sheet, number)
        sheet.flush()
        name = f"{page.get('station', '')} {page['title']}".strip()
        if not outline or outline[-1][1] != name:
            outline.append([1, name, number])
    document.set_toc(outline)
    about = source["document"]
    document.set_metadata(
        {
            "title": f"{about['code']} {about['title']}",
            "author": "Larkfield contract manufacturing",
            "creationDate": STAMP,
            "modDate": STAMP,
        }
    )
    document.subset_fonts()
    document.save(target, garbage=3, deflate=True, no_new_id=True)
    document.close()


def main(words: list[str]) -> int:
    """Draw all of them into the folder that is named."""
    if len(words) != 1:
        sys.stderr.write("usage: make_documents.py FOLDER\n")
        return 2
    folder = Path(words[0])
    folder.mkdir(parents=True, exist_ok=True)
    for content in sorted(CONTENT.glob("*.toml")):
        draw(content, folder / f"{content.stem}.pdf")
        sys.stdout.write(f"drew {content.stem}.pdf\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
