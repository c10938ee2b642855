"""Writes single published pages of a document as files, for yardsticks: ``bench.split PDF FOLDER 1,2,5``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from app.pages.splitting import SplitPage, split_document


def main(pdf: str, folder: str, numbers: str) -> None:
    """Write the pages, and what each cost before publishing in ``costs.json``."""
    wanted = {int(number) for number in numbers.split(",")}
    costs: dict[int, float] = {}

    def take(page: SplitPage) -> None:
        if page.number in wanted:
            (Path(folder) / f"{page.number}.pdf").write_bytes(page.data)
            costs[page.number] = page.original_cost_ms

    split_document(Path(pdf), take=take)
    (Path(folder) / "costs.json").write_text(json.dumps(costs), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
