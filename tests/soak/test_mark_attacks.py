"""The table of what the mark survives: its bounds are exact, and a run that was broken off goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from soak import mark_attacks, promise, screens
from soak.mark_rows import ROWS

from app.mark.read import read
from tests import attacks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Path]:
    file = tmp_path / "kept.jsonl"
    promise.keep_in(file)
    promise.only(["JPEG 90"])
    yield file
    promise.keep_in(tmp_path / "other")
    promise.only([])


@pytest.mark.parametrize(
    ("right", "tried", "bound"), [(500, 500, 0.05 ** (1 / 500)), (1, 1, 0.05), (0, 9, 0.0), (9, 10, 0.6058)]
)
def test_the_lower_bound_is_clopper_and_pearsons(right: int, tried: int, bound: float) -> None:
    assert mark_attacks.lower_bound(right, tried) == pytest.approx(bound, abs=1e-4)


def test_a_run_goes_on_where_it_was_broken_off(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert mark_attacks.run(1, 5).done == {"attacks": 1}
    lines = kept.read_text()
    assert mark_attacks.run(1, 5).done == {}
    assert kept.read_text() == lines
    assert "| 1 of 1 |" in capsys.readouterr().out


def test_every_attack_gives_the_same_picture_again() -> None:
    row = next(row for row in ROWS if row.name.startswith("crop to 10"))
    once, again = (mark_attacks.made(row, 1, 3) for _ in range(2))
    assert (once.picture == again.picture).all()
    assert once.right == again.right


def test_a_photograph_that_fills_a_turned_screen_is_read_once_its_edges_are_upright() -> None:
    name, page = screens.paper(2)
    assert name == "photo"
    screen, token = screens.shown(page, 4711)
    reading = read([attacks.grey(attacks.rotate(25.5)(screen, 1))], screens.MARK_KEY)
    assert reading is not None
    assert reading.token == token
