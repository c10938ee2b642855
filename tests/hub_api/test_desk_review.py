"""The review queue at the desk's interface: the timeline, verdicts by two people, and who is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.hub.schema import Setting
from app.model.terms import Role
from app.seal.encoding import sha256
from app.wire.desk_review import (
    CaseAsk,
    CaseReply,
    JudgeAsk,
    JudgeReply,
    JudgeVerdict,
    ReviewAsk,
    ReviewReply,
    SpanKind,
)
from app.wire.messages import EventKind
from tests.hub_api.plant import NOW
from tests.hub_api.test_desk import Desk, _refused, desk

__all__ = ["desk"]  # the fixture

CASE = f"{NOW:%Y-%m-%d}/ST-1/P-2"


@pytest.fixture
def quality(desk: Desk) -> Desk:
    """P-2, of ST-2, was assigned to ST-1 from 06:00 to 06:20, and saw pages there until 06:40."""
    plant = desk.plant
    plant.person("QA-1", roles=[Role.QUALITY])
    plant.person("QA-2", roles=[Role.QUALITY])
    plant.assign("P-2", "ST-1", start=NOW, end=NOW + timedelta(minutes=20))
    plant.add(Setting(name="working_hours", value="06:00-14:00"))
    kiosk = plant.kiosk("K-1", "ST-1")
    for minute in (5, 15, 25, 35):
        for kind, at in ((EventKind.VIEW_BEGIN, minute), (EventKind.VIEW_END, minute + 2)):
            batch = kiosk.write(
                kind=kind, person="P-2", page=sha256(b"one"), wall=NOW + timedelta(minutes=at),
                unit="SN-1" if minute < 20 else "",
            )  # fmt: skip
            assert kiosk.deliver(batch).status_code == 200
    plant.clock.forward(hours=1)
    return Desk(plant, desk.device, "QA-1")


def _queue(desk: Desk, **words: object) -> ReviewReply:
    answer = desk.ask("desk_review", ReviewAsk, **words)
    assert answer.status_code == 200, answer.text
    return ReviewReply.read(answer.content)


def test_the_timeline_shows_which_views_nothing_explains(quality: Desk) -> None:
    (case,) = _queue(quality).cases
    assert (case.code, case.name, case.views, case.verdict) == (CASE, "Name of P-2", 4, "")
    assert [why.flag for why in case.why] == ["after reassignment"]
    told = CaseReply.read(quality.ask("desk_case", CaseAsk, code=CASE).content)
    minutes = [(view.at - NOW) / timedelta(minutes=1) for view in told.views]
    assert minutes == [5, 15, 25, 35]
    assert [view.explained for view in told.views] == [True, True, False, False]
    assert all(view.until - view.at == timedelta(minutes=2) for view in told.views)
    spans = {span.kind: ((span.begin - NOW), (span.end - NOW), span.says) for span in told.spans}
    minute = timedelta(minutes=1)
    assert spans[SpanKind.ASSIGNED] == (0 * minute, 20 * minute, "assigned by SUP-1")
    assert spans[SpanKind.SHIFT] == (0 * minute, 67 * minute, "06:00-14:00")
    assert spans[SpanKind.UNIT] == (5 * minute, 17 * minute, "SN-1")
    assert (told.begin, told.end) == (NOW - 30 * minute, NOW + 67 * minute)
    kiosk = quality.plant.kiosk("K-2", "ST-1")
    unfinished = kiosk.write(person="P-2", page=sha256(b"two"), wall=NOW + 21 * minute, unit="SN-1")
    assert kiosk.deliver(unfinished).status_code == 200
    told = CaseReply.read(quality.ask("desk_case", CaseAsk, code=CASE).content)
    assert [view.explained for view in told.views] == [True, True, True, False, False]
    ((why,),) = (case.why for case in _queue(quality).cases)
    assert why.says.endswith("1 of them went on with the unit in work, SN-1.")


def test_the_page_in_hand_within_the_grace_is_explained_and_no_other(quality: Desk) -> None:
    """At 25 and 35 minutes, 5 and 15 after the end, the page of before is shown again."""
    quality.plant.add(Setting(name="grace_seconds", value=600))
    (case,) = _queue(quality).cases
    assert [why.says for why in case.why] == [
        "1 view began after the assignment had ended at 2026-03-02 06:20 UTC; the first at 06:35:00."
    ]
    told = CaseReply.read(quality.ask("desk_case", CaseAsk, code=CASE).content)
    assert [view.explained for view in told.views] == [True, True, True, False]
    with quality.plant.writing() as session:
        session.merge(Setting(name="grace_seconds", value=1200))
    assert _queue(quality).cases == ()
    kiosk = quality.plant.kiosk("K-2", "ST-1")
    other = kiosk.write(person="P-2", page=sha256(b"other"), wall=NOW + timedelta(minutes=30))
    assert kiosk.deliver(other).status_code == 200
    (case,) = _queue(quality).cases
    assert "1 view began after" in case.why[0].says


def test_a_verdict_needs_a_reason_and_a_second_person(quality: Desk) -> None:
    verdict = JudgeVerdict.INCIDENT
    assert _refused(quality.ask("desk_judge", JudgeAsk, code=CASE, verdict=verdict), 422, "needs_reason")
    _refused(quality.ask("desk_judge", JudgeAsk, code=CASE, confirm=True), 404, "not_found")
    given = quality.ask("desk_judge", JudgeAsk, code=CASE, verdict=verdict, reason="nobody asked him")
    assert JudgeReply.read(given.content).outcome == "added"
    _refused(quality.ask("desk_judge", JudgeAsk, code=CASE, confirm=True), 403, "second_person")
    (case,) = _queue(quality).cases
    assert (case.verdict, case.reason, case.by, case.confirmed_by) == (
        "incident", "nobody asked him", "QA-1", "",
    )  # fmt: skip
    second = Desk(quality.plant, quality.device, "QA-2")
    assert second.ask("desk_judge", JudgeAsk, code=CASE, confirm=True).status_code == 200
    assert _queue(quality).cases == ()
    (settled,) = _queue(quality, settled=True).cases
    assert (settled.settled, settled.confirmed_by) == (True, "QA-2")
    again = quality.ask("desk_judge", JudgeAsk, code=CASE, reason="otherwise")
    _refused(again, 409, "confirmed")


def test_the_verdicts_on_a_client_are_those_on_views_of_its_pages(quality: Desk) -> None:
    """P-1's view of BOLT's page is judged, P-2's case has no verdict on the second day."""
    plant = quality.plant
    kiosk = plant.kiosk("K-9", "ST-9")
    bolt = {"client": "BOLT", "page": sha256(b"three"), "revision": "WI-2/A"}
    for person, more in (("P-1", bolt), ("P-2", {"page": sha256(b"one")})):
        assert kiosk.deliver(kiosk.write(person=person, station="ST-9", **more)).status_code == 200
    others = f"{plant.clock.now():%Y-%m-%d}/ST-9/P-1"
    for case in (CASE, others):
        given = quality.ask("desk_judge", JudgeAsk, code=case, verdict=JudgeVerdict.JUSTIFIED, reason="why")
        assert given.status_code == 200
    assert len(_queue(quality).cases) == 3
    (of_acme,), (of_bolt,) = (_queue(quality, client=client).cases for client in ("ACME", "BOLT"))
    assert (of_acme.code, of_acme.views, of_acme.late) == (CASE, 4, 0)
    assert [why.flag for why in of_acme.why] == ["after reassignment"]
    assert (of_bolt.code, of_bolt.views, of_bolt.reason) == (others, 1, "why")
    quality.plant.clock.forward(days=20)
    assert _queue(quality, client="ACME").cases == ()
    assert len(_queue(quality, client="ACME", days=30).cases) == 1


def test_only_quality_and_administrators_see_the_queue(quality: Desk) -> None:
    supervisor = Desk(quality.plant, quality.device, "SUP-9")
    for answer in (
        supervisor.ask("desk_review", ReviewAsk),
        supervisor.ask("desk_case", CaseAsk, code=CASE),
        supervisor.ask("desk_judge", JudgeAsk, code=CASE, reason="why"),
    ):
        _refused(answer, 403, "not_allowed")
    _refused(quality.ask("desk_case", CaseAsk, code="nonsense"), 422, "bad_case")
