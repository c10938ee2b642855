"""Shift plans through the command line: shown, copied and imported, with a dry run that writes nothing."""

from __future__ import annotations

import re

import pytest

DAY = ("--line", "L1", "--zone", "Europe/Paris", "--day")
HEADER = "person,station,kind,start,end\n"


@pytest.fixture
def staffed(bare):
    bare.done("line", "add", "L1", "Final assembly")
    bare.done("station", "add", "ST-040", "Battery attach", "--line", "L1")
    bare.done("person", "add", "OP-7", "Ana Ruiz", "--role", "operator")
    return bare


def test_a_table_is_tried_then_imported_then_copied_to_the_next_day(staffed, tmp_path):
    table = tmp_path / "monday.csv"
    table.write_text(f"{HEADER}OP-7,ST-040,,2031-03-03 06:00,2031-03-03 14:00\n")
    told = staffed.done("plan", "import", table, *DAY, "2031-03-03", "--dry-run")
    assert "1 row is good; nothing was written." in told
    assert staffed.done("plan", "show", *DAY, "2031-03-03") == "Nobody is planned.\n"
    assert "1 row is in force." in staffed.done("plan", "import", table, *DAY, "2031-03-03")
    assert "is planned so already" in staffed.done("plan", "import", table, *DAY, "2031-03-03")
    staffed.done("plan", "copy", *DAY, "2031-03-04")
    shown = staffed.done("plan", "show", *DAY, "2031-03-04")
    assert re.search(r"OP-7 +Ana Ruiz +ST-040 +assigned +2031-03-04 05:00:00Z +2031-03-04 13:00:00Z", shown)


def test_a_bad_row_is_named_and_nothing_is_written(staffed, tmp_path):
    table = tmp_path / "monday.csv"
    table.write_text(
        f"{HEADER}OP-7,ST-040,,2031-03-03 06:00,2031-03-03 14:00\nOP-8,ST-040,,2031-03-03 06:00,\n"
    )
    said = staffed.refused("plan", "import", table, *DAY, "2031-03-03")
    assert "BAD: There is no person OP-8." in said.out
    assert "1 bad row; nothing was written." in said.err
    assert staffed.done("plan", "show", *DAY, "2031-03-03") == "Nobody is planned.\n"


def test_what_is_no_day_no_line_and_no_file_is_said(staffed, tmp_path):
    assert "is not a day" in staffed.refused("plan", "show", *DAY, "monday").err
    assert "There is no line" in staffed.refused("plan", "show", "--line", "L9", "--day", "2031-03-03").err
    said = staffed.refused("plan", "import", tmp_path / "none.csv", *DAY, "2031-03-03")
    assert "cannot be read" in said.err
