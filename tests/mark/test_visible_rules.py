"""The rules of the visible watermark, by themselves."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mark import visible
from app.mark.visible import Ground

AT = datetime(2026, 3, 3, 14, 7, 31, tzinfo=UTC)


def test_long_wording_says_who_where_what_and_when() -> None:
    said = visible.lines("Rosa Ferreira", "…4711", "ST-040", "SN-7", AT, short=False)
    assert said == ("Rosa Ferreira · …4711", "ST-040 · SN-7", "2026-03-03 14:07Z")


def test_a_view_without_a_unit_leaves_no_loose_dot() -> None:
    assert visible.lines("R", "…4711", "ST-040", "", AT, short=False)[1] == "ST-040"


def test_thumbnail_wording_still_names_badge_station_and_time() -> None:
    said = visible.lines("Maximiliana Featherstonehaugh", "…4711", "ST-040", "SN-7", AT, short=True)
    assert said == ("Maximiliana F…", "…4711 · ST-040", "14:07Z")


def test_a_very_long_name_never_pushes_the_badge_out() -> None:
    said = visible.lines("x" * 200, "…4711", "ST-040", "", AT, short=False)
    assert said[0].endswith("… · …4711")
    assert len(said[0]) < 40


@given(
    width=st.integers(900, 8000),
    height=st.integers(700, 5000),
    block=st.tuples(st.floats(60, 220), st.floats(30, 90)),
)
def test_any_half_by_half_window_holds_a_whole_text(
    width: int, height: int, block: tuple[float, float]
) -> None:
    box = visible.slanted(*block)
    space = visible.spacing(width, height, box)
    if 2 * box[0] + max(2.0, box[1] / 8) + 1 < width / 2 and 2 * box[1] * 1.07 + 3 < height / 2:
        assert space.across + box[0] <= width / 2
        assert space.down + box[1] <= height / 2
    assert space.across >= box[0]
    assert space.down >= box[1]


@given(
    width=st.integers(40, 8000), height=st.integers(40, 5000), ratio=st.sampled_from([1.0, 1.25, 1.5, 2.0])
)
def test_text_never_gets_smaller_than_seven_points_of_the_screen(
    width: int, height: int, ratio: float
) -> None:
    wished = visible.font_px(width, height, ratio)
    assert visible.shrunk(wished, 50 * wished, width, ratio) >= 7 * ratio
    assert visible.shrunk(wished, 50 * wished, width, ratio) <= wished


@pytest.mark.parametrize(
    ("mean", "spread", "expected"),
    [
        (255, 0, Ground.LIGHT),
        (225, 120, Ground.LIGHT),
        (0, 0, Ground.DARK),
        (40, 60, Ground.DARK),
        (128, 0, Ground.MIXED),
        (170, 120, Ground.MIXED),
    ],
)
def test_ground_follows_the_page(mean: float, spread: float, expected: Ground) -> None:
    assert visible.ground(mean, spread) is expected


def test_strength_stays_far_from_hiding_ink() -> None:
    """Black ink on white, the worst pair of changes: more than two thirds of the contrast is left."""
    for kind in Ground:
        assert kind.value.most_change < 255 / 3
    assert Ground.LIGHT.value.most_change < 36


@given(st.data())
def test_runs_cover_every_cell_exactly_once(data: st.DataObject) -> None:
    columns, rows = data.draw(st.integers(1, 7)), data.draw(st.integers(1, 7))
    line = st.lists(st.sampled_from(Ground), min_size=columns, max_size=columns)
    cells = data.draw(st.lists(line, min_size=rows, max_size=rows))
    seen: dict[tuple[int, int], Ground] = {}
    for kind, column, row, wide, high in visible.runs(cells):
        for y in range(row, row + high):
            for x in range(column, column + wide):
                assert (y, x) not in seen
                seen[y, x] = kind
    assert seen == {(y, x): cells[y][x] for y in range(rows) for x in range(columns)}


def test_a_plain_page_is_one_rectangle() -> None:
    assert visible.runs([[Ground.LIGHT] * 9] * 5) == [(Ground.LIGHT, 0, 0, 9, 5)]


def test_samples_must_fit_the_cells() -> None:
    with pytest.raises(ValueError, match="four samples"):
        visible.grounds(b"\0" * 15, 2, 2)


def test_importing_the_painter_does_not_import_numpy() -> None:
    """Numpy costs a kiosk's start 200 ms; the badge screen must not pay that."""
    code = "import sys, app.ui.marked; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
