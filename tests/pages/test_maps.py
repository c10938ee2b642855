"""Page maps: reading with every bad row named, writing, proposing from bookmarks."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.errors import Refused
from app.pages.maps import MapRow, propose_map, read_map, stations_by_page, write_map

HEAD = "first_page,last_page,station_code,station_name\n"
OPEN = Path(__file__).parents[2].parent / "shared" / "data" / "open"


def test_a_map_reads_as_written_by_hand() -> None:
    rows = read_map(HEAD + '1,4,all,"General: cover, contents"\r\n\r\n5, 9 ,ST-010,Prep\n5,6,ST-020,\n')
    assert rows == (
        MapRow(1, 4, "ALL", "General: cover, contents"),
        MapRow(5, 9, "ST-010", "Prep"),
        MapRow(5, 6, "ST-020", ""),
    )


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_spreadsheet_of_another_country_reads_too(separator: str) -> None:
    text = "\ufeff" + (HEAD + "1,2,ST-010,Prep\n").replace(",", separator)
    assert read_map(text) == (MapRow(1, 2, "ST-010", "Prep"),)


def test_columns_may_stand_in_another_order() -> None:
    assert read_map("station_code,station_name,last_page,first_page\nA1,x,2,1\n") == (
        MapRow(1, 2, "A1", "x"),
    )


def test_every_bad_row_is_named_by_its_line() -> None:
    text = (
        HEAD
        + "1,2,ST-010,ok\n0,2,ST-010,x\n4,3,ST-010,x\n1,2,ST 10,x\n1,2,,x\n1,2\n1_0,2,A,x\n2,2,ST-020,ok\n"
    )
    with pytest.raises(Refused) as refused:
        read_map(text)
    said = str(refused.value)
    assert refused.value.code == "bad_map"
    assert "6 bad rows" in said
    for line in (3, 4, 5, 6, 7, 8):
        assert f"line {line}: " in said
    assert "line 2:" not in said
    assert "line 9:" not in said


def test_a_row_after_a_name_of_two_lines_keeps_its_line_number() -> None:
    with pytest.raises(Refused, match="line 4: first_page “x”"):
        read_map(HEAD + '1,2,A1,"two\nlines"\nx,2,A1,y\n')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty"),
        ("first_page,last_page\n1,2\n", "it has first_page, last_page"),
        (HEAD, "no rows"),
        (HEAD + '1,2,A1,"open\n', "not readable as CSV"),
        (HEAD + "1,2,?,Fill me in\n", "fill in the station"),
    ],
)
def test_what_is_no_map_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        read_map(text)


_CODES = st.from_regex(r"\A[A-Z][A-Za-z0-9._/-]{0,8}\Z").filter(lambda code: code.upper() != "ALL")
_NAMES = st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=40).map(
    lambda s: " ".join(s.split())
)
_ROWS = st.builds(
    lambda first, more, code, name: MapRow(first, first + more, code, name),
    st.integers(1, 9000),
    st.integers(0, 900),
    st.one_of(st.just("ALL"), _CODES),
    _NAMES,
)


@given(st.lists(_ROWS, min_size=1, max_size=20))
def test_what_is_written_reads_as_it_was(rows: list[MapRow]) -> None:
    assert read_map(write_map(rows)) == tuple(rows)


def _outcome(text: str) -> str:
    try:
        read_map(text)
    except Refused as refused:
        return refused.code
    return "read"


@given(st.text(max_size=200))
def test_any_text_is_a_map_or_refused(text: str) -> None:
    assert {_outcome(text), _outcome(HEAD + text)} <= {"read", "bad_map"}


def test_pages_belong_to_every_station_that_names_them() -> None:
    rows = [MapRow(1, 2, "ALL"), MapRow(2, 3, "A"), MapRow(3, 3, "B")]
    assert stations_by_page(rows, 4) == {
        1: frozenset({"ALL"}),
        2: frozenset({"ALL", "A"}),
        3: frozenset({"A", "B"}),
        4: frozenset(),
    }


def test_a_map_past_the_end_is_refused() -> None:
    with pytest.raises(Refused, match="it has 4") as refused:
        stations_by_page([MapRow(1, 4, "ALL"), MapRow(4, 5, "A")], 4)
    assert refused.value.code == "map_past_end"


def _with_bookmarks(folder: Path, bookmarks: list[tuple[int, str, int]], pages: int) -> Path:
    document = pymupdf.open()
    for _ in range(pages):
        document.new_page()
    if bookmarks:
        document.set_toc([list(mark) for mark in bookmarks])
    path = folder / "document.pdf"
    document.save(path)
    return path


def test_bookmarks_propose_a_map(tmp_path: Path) -> None:
    marks = [(1, "ST-010 Prep", 3), (1, "ST-040: Battery attach", 5), (2, "Step 1", 6), (1, "Appendix", 8)]
    assert propose_map(_with_bookmarks(tmp_path, marks, 9)) == (
        MapRow(1, 2, "ALL", "General"),
        MapRow(3, 4, "ST-010", "Prep"),
        MapRow(5, 7, "ST-040", "Battery attach"),
        MapRow(8, 9, "?", "Appendix"),
    )


def test_a_single_bookmark_over_all_gives_way_to_those_below(tmp_path: Path) -> None:
    marks = [(1, "Manual", 1), (2, "Battery attach", 1), (2, "Close the case", 3)]
    stations = {"ST-040": "Battery attach", "ST-050": ""}
    assert propose_map(_with_bookmarks(tmp_path, marks, 4), stations=stations) == (
        MapRow(1, 2, "ST-040", "Battery attach"),
        MapRow(3, 4, "?", "Close the case"),
    )


def test_a_proposal_that_names_no_station_is_not_taken_as_a_map(tmp_path: Path) -> None:
    proposed = write_map(propose_map(_with_bookmarks(tmp_path, [(1, "Somewhere", 1)], 2)))
    with pytest.raises(Refused, match="fill in the station"):
        read_map(proposed)


def test_no_bookmarks_no_proposal(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        propose_map(_with_bookmarks(tmp_path, [], 2))
    assert refused.value.code == "no_bookmarks"


@pytest.mark.parametrize("path", sorted(OPEN.glob("stations-*.csv")) or [None], ids=lambda p: p and p.name)
def test_maps_of_real_manuals_read(path: Path | None) -> None:
    if path is None:
        pytest.skip("../shared/data/open is not here")
    text = path.read_text(encoding="utf-8")
    assert write_map(read_map(text)) == text
