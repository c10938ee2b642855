"""Writes single published pages of a document as files, for yardsticks: ``bench.split PDF FOLDER 1,2,5``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pymupdf

from app.pages.splitting import SplitPage, split_document


def main(pdf: str, folder: str, numbers: str) -> None:
    """Write the pages, and of each the strokes and curves on the original and what that cost to draw, as
    ``{"paths": {NUMBER: count}, "ms": {NUMBER: ms}}`` in ``pages.json``.
    """
    wanted = {int(number) for number in numbers.split(",")}
    costs: dict[int, float] = {}

    def take(page: SplitPage) -> None:
        if page.number in wanted:
            (Path(folder) / f"{page.number}.pdf").write_bytes(page.data)
            costs[page.number] = page.original_cost_ms

    split_document(Path(pdf), take=take)
    with pymupdf.open(pdf) as original:  # type: ignore[no-untyped-call]
        paths = {number: _paths(original[number - 1]) for number in sorted(wanted)}
    (Path(folder) / "pages.json").write_text(json.dumps({"paths": paths, "ms": costs}), encoding="utf-8")


def _paths(page: Any) -> int:
    return sum(len(drawing["items"]) for drawing in page.get_cdrawings())


if __name__ == "__main__":
    main(*sys.argv[1:])
