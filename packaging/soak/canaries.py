"""``canaries``: documents in which every page has canaries in every channel that a PDF offers, published.

Promised: a page's file holds no canary of another page, and of its own only what the page shows. Only
canaries that the same search finds in the document count.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from app.model.errors import Refused
from app.pages.splitting import SplitPage, split_document
from soak.cages import SHOWN, Cage
from soak.promise import Figures, enough, progress
from soak.rig import scratch
from tests.pages.aviary import holds, unpacked
from tests.pages.making import SHARED

if TYPE_CHECKING:
    from pathlib import Path


def run(count: int, seed: int) -> Figures:
    """Publish ``count`` documents and search every page of each."""
    figures, grounds = Figures(), sorted((SHARED / "open").glob("*.pdf"))
    with scratch() as folder:
        for number in range(count):
            if enough():
                break
            cage = Cage(number, random.Random(f"{seed} {number}"), grounds)  # noqa: S311
            _publish(cage, cage.save(folder), figures)
            progress(number + 1, count, figures)
    return figures


def _publish(cage: Cage, path: Path, figures: Figures) -> None:
    figures.count("documents")
    whole = unpacked(path.read_bytes())
    for page, kept in enumerate(cage.kept):  # some forms of saving drop what nothing refers to
        cage.kept[page] = {channel: canary for channel, canary in kept.items() if holds(whole, canary)}
        figures.count("canaries", len(cage.kept[page]))
    pages: list[SplitPage] = []
    try:
        split_document(path, take=pages.append)
    except Refused as error:
        figures.count("refused")
        figures.promise(False, f"{path.name} was refused: {error}")
    for single in pages:
        figures.count("pages")
        _search(cage, single, f"{path.name}, page {single.number}", figures)


def _search(cage: Cage, single: SplitPage, name: str, figures: Figures) -> None:
    everything = unpacked(single.data)
    for page, kept in enumerate(cage.kept):
        own = page == single.number - 1
        for channel, canary in kept.items():
            figures.count("searches")
            found = holds(everything, canary)
            if own and channel in SHOWN:
                figures.promise(found, f"{name}: what it shows is gone ({channel})")
            else:
                whose = "its own" if own else f"page {page + 1}'s"
                figures.promise(not found, f"{name}: holds {whose} canary in {channel}")
