"""Shift plans at the desk's interface: all rows or none, each told with what is in its way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.hub.schema import AssignmentRow, ChangeRow, Setting
from app.wire.desk import PlanAsk, PlanPut, PlanReply, PlanSpan
from tests.hub_api.test_desk import Desk, _refused, desk

if TYPE_CHECKING:
    import httpx

__all__ = ["desk"]  # the fixture

PARIS = {"line": "L1", "zone": "Europe/Paris"}
HEADER = "person,station,kind,start,end\n"


def _at(day: int, hour: int, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def _plan(desk: Desk, day: str) -> list[tuple[str, str, datetime, datetime | None]]:
    answer = desk.ask("desk_plan", PlanAsk, day=day, **PARIS)
    assert answer.status_code == 200, answer.text
    spans = [row.span for row in PlanReply.read(answer.content).rows]
    return [(span.person, span.station, span.start, span.end) for span in spans if span is not None]


def _standing(desk: Desk, day: str, person: str, line: str = "L1") -> PlanSpan:
    """The person's row of a plan."""
    asked = desk.ask("desk_plan", PlanAsk, **{**PARIS, "day": day, "line": line})
    return next(row.span for row in _told(asked).rows if row.span is not None and row.span.person == person)


def _put(desk: Desk, **words: Any) -> httpx.Response:
    return desk.ask("desk_plan_put", PlanPut, **{**PARIS, **words})


def _told(answer: httpx.Response) -> PlanReply:
    assert answer.status_code == 200, answer.text
    return PlanReply.read(answer.content)


def _shift(person: str, station: str, day: int) -> PlanSpan:
    return PlanSpan(person=person, station=station, start=_at(day, 5), end=_at(day, 13))


def test_a_dry_run_writes_nothing_and_the_same_rows_then_stand(desk: Desk) -> None:
    spans = (_shift("P-2", "ST-1", 3),)
    told = _told(_put(desk, day="2026-03-03", spans=spans))
    assert ([row.bad for row in told.rows], told.written) == ([False], False)
    assert told.rows[0].says == "Is planned at ST-2 at that time, too."
    assert ("P-2", "ST-1") not in {row[:2] for row in _plan(desk, "2026-03-03")}
    assert _told(_put(desk, day="2026-03-03", spans=spans, dry_run=False)).written
    assert ("P-2", "ST-1", _at(3, 5), _at(3, 13)) in _plan(desk, "2026-03-03")
    again = _told(_put(desk, day="2026-03-03", spans=spans))
    assert [(row.same, row.says) for row in again.rows] == [(True, "is planned so already")]


def test_yesterdays_plan_is_copied_to_the_same_hours_even_when_summer_time_begins(desk: Desk) -> None:
    desk.plant.clock.forward(days=26)  # to Saturday, 28 March 2026; the clocks change on Sunday
    saturday = PlanSpan(person="P-2", station="ST-1", start=_at(28, 20), end=_at(29, 4))
    assert _told(_put(desk, day="2026-03-28", spans=(saturday,), dry_run=False)).written
    told = _told(_put(desk, day="2026-03-29", copy_days=1, dry_run=False))
    assert told.written
    (row,) = told.rows
    assert row.span is not None
    assert (row.span.start, row.span.end) == (_at(29, 19), _at(30, 4))  # 21:00 and 06:00 in Paris
    assert [person for person, _, start, _ in _plan(desk, "2026-03-29") if start == _at(29, 19)] == ["P-2"]


def test_a_table_is_taken_whole_or_not_at_all_and_each_bad_row_is_named(desk: Desk) -> None:
    rows = [
        "P-1,ST-1,assigned,2026-03-03 06:00,2026-03-03 14:00",
        "P-7,ST-1,assigned,2026-03-03 06:00,2026-03-03 14:00",
        "P-1,ST-9,assigned,2026-03-03 06:00,2026-03-03 14:00",
        "P-1,ST-1,chief,2026-03-03 06:00,2026-03-03 14:00",
        "P-1,ST-1,assigned,early,2026-03-03 14:00",
        "P-2,ST-2,relief,2026-03-03T14:00+02:00,2026-03-03T06:00Z",
    ]
    told = _told(_put(desk, day="2026-03-03", csv=HEADER + "\n".join(rows), dry_run=False))
    bad = {row.number: row.says for row in told.rows if row.bad}
    assert bad == {
        3: "There is no person P-7.",
        4: "SUP-9 does not supervise line L2 of station ST-9.",
        5: "person, station, kind or start is not one",
        6: "'early' is not a time such as 2026-03-02 or 2026-03-02T06:00Z.",
        7: "The assignment would end before it begins.",
    }
    assert not told.written
    with desk.plant.store.read() as session:
        assert len(session.scalars(select(AssignmentRow)).all()) == 2
    good = _told(_put(desk, day="2026-03-03", csv=HEADER + rows[0], dry_run=False))
    assert good.written
    assert ("P-1", "ST-1", _at(3, 5), _at(3, 13)) in _plan(desk, "2026-03-03")


def test_rows_are_taken_out_one_by_one_and_what_has_begun_ends_now(desk: Desk) -> None:
    first, second = _shift("P-2", "ST-1", 3), _shift("P-2", "ST-1", 4)
    put = {"day": "2026-03-03", "reason": "r"}
    assert _told(_put(desk, spans=(first, second), dry_run=False, **put)).written
    running = _standing(desk, "2026-03-02", "P-1")
    tried = _told(_put(desk, drop=(first, running), **put))
    assert [(row.says, row.bad) for row in tried.rows] == [("is taken out", False), ("ends now", False)]
    assert len(_plan(desk, "2026-03-03")) == 3
    assert _told(_put(desk, drop=(first, running), dry_run=False, **put)).written
    assert [row[:2] for row in _plan(desk, "2026-03-03")] == [("P-2", "ST-2")]
    assert ("P-2", "ST-1") in [row[:2] for row in _plan(desk, "2026-03-04")]
    again = _told(_put(desk, drop=(first,), dry_run=False, **put))
    assert (again.written, again.rows[0].bad) == (False, True)


def test_nothing_is_taken_out_of_another_supervisors_line(desk: Desk) -> None:
    desk.plant.assign("P-1", "ST-9")
    span = _standing(Desk(desk.plant, desk.device, "SUP-8"), "2026-03-02", "P-1", "L2")
    tried = _told(_put(desk, day="2026-03-02", drop=(span,), dry_run=False, reason="r"))
    assert (tried.written, tried.rows[0].bad) == (False, True)
    assert "does not supervise line L2" in tried.rows[0].says


def test_a_reason_where_policy_asks_and_it_is_on_record_with_before_and_after(desk: Desk) -> None:
    spans = (_shift("P-1", "ST-2", 3),)
    assert _told(_put(desk, day="2026-03-03", spans=spans)).needs_reason  # a page stays closed there
    _refused(_put(desk, day="2026-03-03", spans=spans, dry_run=False), 422, "needs_reason")
    assert _told(_put(desk, day="2026-03-03", spans=spans, dry_run=False, reason="holidays")).written
    longer = (spans[0].model_copy(update={"end": _at(3, 15)}),)
    assert _told(_put(desk, day="2026-03-03", spans=longer, dry_run=False, reason="longer")).written
    with desk.plant.store.read() as session:
        acts = session.scalars(
            select(ChangeRow).where(ChangeRow.subject == "P-1 ST-2").order_by(ChangeRow.id)
        ).all()
        told = [(act.by, act.reason, act.before, act.after["end"]) for act in acts]
    first = {"kind": "assigned", "start": _at(3, 5).isoformat(), "end": _at(3, 13).isoformat()}
    assert told == [
        ("SUP-9", "holidays", None, _at(3, 13).isoformat()),
        ("SUP-9", "longer", [first], _at(3, 15).isoformat()),
    ]
    desk.plant.add(Setting(name="move_reason", value="never"))
    assert not _told(_put(desk, day="2026-03-04", spans=(_shift("P-1", "ST-2", 4),))).needs_reason


def test_what_begins_now_where_nothing_can_be_read_is_refused(desk: Desk) -> None:
    both = Desk(desk.plant, desk.device, "SUP-8")
    now = desk.plant.clock.now()
    span = PlanSpan(person="P-1", station="ST-9", start=now, end=now + timedelta(hours=8))
    told = _told(_put(both, day="2026-03-02", spans=(span,), dry_run=False))
    assert [(row.bad, row.says) for row in told.rows] == [
        (True, "Has not signed BOLT Medical's current agreement.")
    ]
    later = span.model_copy(update={"start": now + timedelta(hours=1)})
    told = _told(_put(both, day="2026-03-02", spans=(later,)))
    assert [(row.bad, row.withheld) for row in told.rows] == [(False, True)]


def test_a_day_or_a_zone_that_is_none_is_refused(desk: Desk) -> None:
    _refused(_put(desk, day="2026-02-30"), 422, "bad_time")
    _refused(_put(desk, day="2026-03-03", zone="Europe/Atlantis"), 422, "bad_time")
    _refused(_put(desk, day="2026-03-03", zone="/etc/passwd"), 422, "bad_time")
