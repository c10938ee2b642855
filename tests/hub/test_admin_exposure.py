"""Exposure on the command line: table, CSV, pages, what would change, the split, and the check."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from app.hub.given import recount
from app.wire.messages import EventKind
from tests.hub.test_admin_events import event, keep

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.hub.plants import Desk


@pytest.fixture
def hub(desk: Desk, pdf: Path, page_map: Path) -> Desk:
    """WI-100 of C1's part P-1: page 1 at all stations, 2 at ST-010, 3 and 4 at ST-020; OP-1 saw page 2."""
    desk.done("publish", pdf, "--map", page_map, "--client", "C1", "--part", "P-1", "--document", "WI-100",
              "--revision", "A", "--class", "standard")  # fmt: skip
    see(desk, 1, [2])
    return desk


def see(desk: Desk, first: int, pages: Sequence[int], person: str = "OP-1", station: str = "ST-010") -> None:
    """Views on record, counted."""
    hashes = dict(desk.rows("SELECT number, page FROM page"))
    keep(desk, *(
        event(first + at, EventKind.VIEW_BEGIN, minutes=at, person=person, station=station, client="C1",
              revision="WI-100/A", page=hashes[page])
        for at, page in enumerate(pages)
    ))  # fmt: skip
    store = desk.store()
    with store.write() as session:
        recount(session)
    store.close()


def rows(desk: Desk, *words: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(desk.done("exposure", *words, "--csv"))))


def test_the_table_names_shares_and_limits(hub: Desk) -> None:
    hub.done("client", "add", "C1", "Aqua Ltd", "--exposure-limit", "20", "--line-limit", "90")
    told = rows(hub)
    names = ("person", "part", "given", "of", "percent", "over")
    assert [tuple(row[name] for name in names) for row in told] == [
        ("OP-1", "", "1", "4", "25", "crossed"), ("OP-1", "P-1", "1", "4", "25", ""),
    ]  # fmt: skip
    assert "25 % !" in hub.done("exposure")
    (line, _) = rows(hub, "--by", "line", "--client", "C1")
    assert (line["line"], line["limit"], line["over"]) == ("L1", "90", "")
    assert rows(hub, "--client", "C2") == []
    assert "There is no client C9" in hub.refused("exposure", "--client", "C9").err


def test_the_pages_behind_a_share(hub: Desk) -> None:
    said = hub.done("exposure", "pages", "person", "OP-1", "C1")
    assert "1 of 4 pages were given to person OP-1." in said
    given = csv.DictReader(io.StringIO(hub.done("exposure", "pages", "person", "OP-1", "C1", "--csv")))
    assert [(row["page"], row["given"], row["views"]) for row in given] == [
        ("1", "", ""), ("2", "given", "1"), ("3", "", ""), ("4", "", ""),
    ]  # fmt: skip


def test_what_would_change_if_somebody_worked_there(hub: Desk) -> None:
    assert "No share would change" in hub.done("exposure", "if", "OP-1", "ST-020")  # a badge without PIN
    store = hub.store()
    with store.write() as session:
        session.execute(text("UPDATE badge SET kind = 'uid_pin' WHERE person = 'OP-1'"))
        session.execute(text("UPDATE person SET ceiling = 'standard' WHERE code = 'OP-1'"))
    store.close()
    hub.done("client", "add", "C1", "Aqua Ltd", "--exposure-limit", "50")
    said = hub.done("exposure", "if", "OP-1", "ST-020")
    assert re.search(r"C1 +all +person +OP-1 +25 % +100 % +50 % +broken", said), said
    assert "the limit is 50 %" in said
    assert "There is no station ST-999" in hub.refused("exposure", "if", "OP-1", "ST-999").err


def test_the_split_says_who_breaks_it(hub: Desk, tmp_path: Path) -> None:
    stages, plan = tmp_path / "stages.csv", tmp_path / "plan.csv"
    stages.write_text("station,stage\nST-010,housing\nST-020,battery\n", encoding="utf-8")
    said = hub.admin("exposure", "split", "P-1", "--stages", stages)
    assert said.code == 1
    for broken in ("page       WI-100/A p. 1", "line       L1", "person     OP-1"):
        assert broken in said.out, said.out
    assert "OP-2" not in said.out
    plan.write_text(
        "person,station,kind,start,end\n"
        "OP-2,ST-010,,2036-03-02,2036-03-03\nOP-2,ST-020,,2036-03-02,2036-03-03\n",
        encoding="utf-8",
    )
    assert "OP-2" in hub.admin("exposure", "split", "P-1", "--stages", stages, "--plan", plan).out
    assert hub.rows("SELECT * FROM assignment WHERE person = 'OP-2'") == []
    assert "The split keeps every stage apart." in hub.done("exposure", "split", "P-2")
    plan.write_text("a,b\n1,2\n", encoding="utf-8")
    assert "Its first line is: station,stage" in hub.refused("exposure", "split", "P-1", "--stages", plan).err


def test_the_check_finds_what_was_changed_by_hand_and_recounts(hub: Desk) -> None:
    assert "is what the events say" in hub.done("exposure", "check")
    store = hub.store()
    with store.write() as session:
        session.execute(text("UPDATE exposure SET pages = x'00' WHERE code = 'OP-1'"))
    store.close()
    said = hub.admin("exposure", "check")
    assert said.code == 1
    assert "person OP-1: the record for client C1" in said.out
    assert "may not" in hub.refused("exposure", "check", "--recount", acting="OP-2").err
    assert "is what the events say" in hub.done("exposure", "check", "--recount")
    assert "exposure.recount" in hub.done("changes")


def test_an_auditor_is_given_a_client(hub: Desk) -> None:
    assert "OP-1 is no auditor" in hub.refused("auditor", "add", "OP-1", "C1").err
    hub.done("role", "add", "OP-1", "auditor")
    assert "There is no client C9" in hub.refused("auditor", "add", "OP-1", "C9").err
    assert ": added." in hub.done("auditor", "add", "OP-1", "C1")
    assert ": unchanged." in hub.done("auditor", "add", "OP-1", "C1")
    assert re.search(r"OP-1 +C1", hub.done("auditor", "list"))
    assert ": changed." in hub.done("auditor", "remove", "OP-1", "C1")
    assert "No auditor looks after" in hub.done("auditor", "list")
    assert "may not" in hub.refused("auditor", "add", "OP-1", "C1", acting="SUP-2").err
