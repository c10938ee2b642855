"""Pictures without a mark: every kind is tried, names nobody, and one that names somebody is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from soak import mark_unmarked, promise, screens

from tests import attacks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def kept(tmp_path: Path) -> Iterator[Path]:
    file = tmp_path / "kept.jsonl"
    promise.keep_in(file)
    yield file
    promise.keep_in(tmp_path / "other")


def test_no_kind_names_anybody(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = mark_unmarked.run(len(mark_unmarked.KINDS), 3)
    assert figures.broken == []
    assert figures.done == {"pictures": len(mark_unmarked.KINDS)}
    assert all(kind.name in kept.read_text() for kind in mark_unmarked.KINDS)
    assert capsys.readouterr().out.count("| 1 of 1 |") == len(mark_unmarked.KINDS)


def test_a_picture_that_names_a_view_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    marked = mark_unmarked._kind("marked", lambda _draw, _trial: ("white", screens.shown(_white(), 4711)[0]))
    monkeypatch.setattr(mark_unmarked, "KINDS", (marked,))
    monkeypatch.setattr(mark_unmarked, "_travelled", lambda _draw: attacks.png)
    monkeypatch.setattr(mark_unmarked, "_fitted", lambda picture, _draw: picture)
    assert mark_unmarked.run(1, 3).broken == ["marked, seed 3, number 0: a wrong name"]


def _white() -> screens.Picture:
    name, page = screens.paper(0)
    assert name == "white"
    return page
