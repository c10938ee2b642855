"""The review queue: what is flagged, why, and the verdicts of two persons."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.hub.schema import EventRow
from app.wire.messages import EventKind
from tests.hub.test_admin_events import event, keep

if TYPE_CHECKING:
    from tests.hub.plants import Desk

DAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # as tests.hub.test_admin_events


class Views:
    """Views of a desk's hub, at minutes after 08:00."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._seq = desk, 0
        self.arrive: datetime | None = None

    def add(self, person: str, station: str, *minutes: float, pages: int = 0, unit: str = "") -> None:
        found = []
        for minute in minutes:
            self._seq += 1
            page = f"{self._seq % pages if pages else 0:064x}"
            found.append(
                event(
                    self._seq, EventKind.VIEW_BEGIN, minutes=minute, person=person, station=station,
                    client="C1", revision="WI-100/A", page=page, unit=unit,
                )
            )  # fmt: skip
        keep(self._desk, *found, received=self.arrive)


@pytest.fixture
def views(desk) -> Views:
    return Views(desk)


def flagged(desk: Desk, *words: str) -> dict[str, tuple[str, str]]:
    rows = csv.DictReader(io.StringIO(desk.done("review", "list", "--csv", *words)))
    return {row["case"]: (row["flags"], row["why"]) for row in rows}


def test_what_is_explained_and_usual_is_not_flagged(desk, views):
    views.add("OP-1", "ST-010", *range(0, 60, 5), pages=4)
    assert desk.done("review", "list") == "Nothing to look at.\n"


def test_a_view_without_an_assignment_is_flagged_with_the_reason(desk, views):
    views.add("OP-2", "ST-010", 1, 2)
    assert flagged(desk) == {
        "2026-03-02/ST-010/OP-2": (
            "unexplained", "2 views began while no assignment or relief held; the first at 08:01:00.",
        )
    }  # fmt: skip
    assert flagged(desk, "--person", "OP-1") == {}
    assert flagged(desk, "--client", "C2") == {}
    assert flagged(desk, "--to", "2026-03-02T08:00Z") == {}


def test_a_view_after_a_reassignment_names_when_it_ended(desk, views):
    end = DAY + timedelta(minutes=30)
    with desk.store().write() as session:
        from app.hub.schema import AssignmentRow

        session.query(AssignmentRow).filter_by(station="ST-010").update({"end": end})
    views.add("OP-1", "ST-010", 29, 31)
    flags, why = flagged(desk)["2026-03-02/ST-010/OP-1"]
    assert flags == "after reassignment"
    assert (
        why == "1 view began after the assignment had ended at 2026-03-02 08:30 UTC; the first at 08:31:00."
    )
    views.add("OP-1", "ST-010", 29.5, 32, 34, unit="SN-1")
    views.add("OP-1", "ST-010", 33, unit="SN-2")  # SN-1 was put down: nothing explains the last
    _, why = flagged(desk)["2026-03-02/ST-010/OP-1"]
    assert why.endswith("the first at 08:31:00.")
    with desk.store().write() as session:
        session.query(EventRow).filter_by(unit="").delete()
    _, why = flagged(desk)["2026-03-02/ST-010/OP-1"]
    assert why == (
        "3 views began after the assignment had ended at 2026-03-02 08:30 UTC; the first at 08:32:00."
        " 1 of them went on with the unit in work, SN-1."
    )


@pytest.mark.parametrize(
    ("hours", "flag"), [("05:00-07:30", True), ("05:00-23:00", False), ("22:00-09:00", False)]
)
def test_views_outside_working_hours(desk, views, hours, flag):
    desk.done("setting", "set", "working_hours", hours)
    views.add("OP-1", "ST-010", 1)
    assert bool(flagged(desk)) == flag
    assert "is not a span" in desk.refused("setting", "set", "working_hours", "25:00-99:00").err


def test_paging_like_a_camera_is_flagged_with_the_usual_beside_it(desk, views):
    for day in range(1, 6):
        views.add("OP-1", "ST-010", *(day * 1440 + minute for minute in range(0, 30, 5)), pages=3)
    views.add("OP-1", "ST-010", *(number / 30 for number in range(24)), pages=24)
    assert flagged(desk) == {
        "2026-03-02/ST-010/OP-1": (
            "paging fast",
            "24 different pages in one minute; the median at this station is 1 and this person's there is 1.",
        )
    }  # fmt: skip


def test_whoever_pages_like_a_camera_where_nobody_was_before_is_flagged(desk, views):
    """With nothing to compare it with, and no number is compared with itself."""
    views.add("OP-1", "ST-010", *(number / 30 for number in range(24)), pages=24)
    (why,) = (why for _, why in flagged(desk).values())
    assert why == "24 different pages in one minute; there is nothing to compare it with yet."


def test_what_is_usual_of_others_there_is_not_usual_of_everybody(desk, views):
    """OP-2 leafs through it all each day; OP-1 looks at three pages, and one day at thirty."""
    desk.done("assign", "OP-2", "ST-010", "--relief", "--from", "2026-02-01", "--reason", "x")
    for day in range(5):
        views.add("OP-2", "ST-010", *(day * 1440 + minute for minute in range(40)), pages=40)
        views.add("OP-2", "ST-010", *(day * 1440 + minute for minute in range(40, 80)), pages=40)
        if day:
            views.add("OP-1", "ST-010", *(day * 1440 + minute for minute in range(0, 30, 5)), pages=3)
    views.add("OP-1", "ST-010", *range(0, 300, 10), pages=30)
    assert flagged(desk) == {
        "2026-03-02/ST-010/OP-1": (
            "unusual volume",
            "30 different pages on this day; the median at this station is 40 and this person's there is 3.",
        )
    }  # fmt: skip


def test_an_unusual_day_is_flagged_by_its_volume(desk, views):
    for day in range(1, 6):
        views.add("OP-1", "ST-010", *(day * 1440 + minute for minute in range(0, 30, 5)), pages=3)
    views.add("OP-1", "ST-010", *(6 * 1440 + minute for minute in range(0, 240, 6)), pages=40)
    assert flagged(desk, "--from", "2026-03-08") == {  # a day alone is compared with those before it
        "2026-03-08/ST-010/OP-1": (
            "unusual volume",
            "40 different pages on this day; the median at this station is 3 and this person's there is 3.",
        )
    }  # fmt: skip


def test_a_verdict_needs_a_reason_and_a_second_person(desk, views):
    views.add("OP-2", "ST-010", 1)
    case = "2026-03-02/ST-010/OP-2"
    assert "needs a reason" in desk.refused("review", "decide", case, "justified", acting="QA-1").err
    assert (
        "may not" in desk.refused("review", "decide", case, "justified", "--reason", "x", acting="OP-2").err
    )
    assert "is not a case" in desk.refused("review", "decide", "x", "justified", "--reason", "x").err
    no_day = case.replace("-03-02", "-13-02")
    assert "is not a case" in desk.refused("review", "decide", no_day, "justified", "--reason", "x").err
    assert "no verdict" in desk.refused("review", "confirm", case, acting="QA-1").err
    desk.done("review", "decide", case, "justified", "--reason", "covered for OP-1", acting="QA-1")
    assert "justified (QA-1; not confirmed)" in desk.done("review", "list")
    assert "second person" in desk.refused("review", "confirm", case, acting="QA-1").err
    desk.done("review", "confirm", case)
    assert desk.done("review", "list") == "Nothing to look at.\n"
    assert "justified (QA-1, SUP-1)" in desk.done("review", "list", "--all")
    assert "confirmed, and stays" in desk.refused("review", "decide", case, "incident", "--reason", "x").err


def test_views_that_arrive_after_a_verdict_open_the_case_again(desk, views):
    """A kiosk that was without the hub delivers its record days later."""
    views.add("OP-2", "ST-010", 1)
    case = "2026-03-02/ST-010/OP-2"
    desk.done("review", "decide", case, "justified", "--reason", "covered for OP-1", acting="QA-1")
    desk.done("review", "confirm", case)
    assert "confirmed, and stays" in desk.refused("review", "decide", case, "incident", "--reason", "x").err
    views.arrive = datetime.now(UTC)
    views.add("OP-2", "ST-010", 2, 3)
    views.add("OP-2", "ST-010", 60 * 24)  # on another day: another case
    said = desk.done("review", "list")
    assert "justified (QA-1, SUP-1; 2 views arrived since)" in said
    assert set(flagged(desk)) == {case, "2026-03-03/ST-010/OP-2"}
    desk.done("review", "decide", case, "incident", "--reason", "photographed", acting="QA-1")
    assert "incident (QA-1; not confirmed)" in desk.done("review", "list")


def test_an_incident_says_how_to_lock_down(desk, views):
    views.add("OP-2", "ST-010", 1)
    said = desk.done("review", "decide", "2026-03-02/ST-010/OP-2", "incident", "--reason", "photographed")
    assert "revoke person OP-2" in said
