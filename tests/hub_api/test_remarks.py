"""Remarks at the hub: from the kiosk's event to the desk and back to who made it, and who is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.cli.main import main
from app.hub.acting import Acting, actor
from app.hub.exposure_report import pages_given
from app.hub.given import differences, kept
from app.hub.lockdown import restore, revoke
from app.hub.revocations import Kind
from app.hub.schema import AlarmRow
from app.mark.keys import KioskKeys, kiosk_keys
from app.model.remarks import Verdict
from app.model.terms import Role
from app.seal.boxes import hpke_open, open_page
from app.seal.encoding import sha256
from app.wire.desk_remarks import (
    RemarkAnswerAsk,
    RemarkPageAsk,
    RemarkPageReply,
    RemarksAsk,
    RemarksReply,
)
from app.wire.messages import EventKind
from app.wire.remarks import RemarkAnswers, answers_info, look_info
from tests.hub_api.test_desk import Desk, _refused, desk

if TYPE_CHECKING:
    import httpx

    from tests.hub_api.plant import Device

__all__ = ["desk"]  # the fixture

PAGE = sha256(b"one")
BODY: dict[str, Any] = {
    "region": [2500, 5000, 7500, 6250], "what": "value", "words": "0.9 Nm", "token": "00" * 8, "step": "1",
}  # fmt: skip


@pytest.fixture
def kiosk(desk: Desk) -> Device:
    return desk.plant.kiosk("K-1", "ST-1")


@pytest.fixture
def quality(desk: Desk) -> Desk:
    desk.plant.person("QA-1", roles=[Role.QUALITY])
    return Desk(desk.plant, desk.device, "QA-1")


def say(kiosk: Device, **changes: Any) -> None:
    words = {"kind": EventKind.PAGE_REMARK, "page": PAGE, "unit": "SN-1", "body": BODY, **changes}
    assert kiosk.deliver(kiosk.write(1, **words)).status_code == 200


def listed(desk: Desk, **words: Any) -> RemarksReply:
    answer = desk.ask("desk_remarks", RemarksAsk, **words)
    assert answer.status_code == 200, answer.text
    return RemarksReply.read(answer.content)


def told(kiosk: Device, person: str) -> RemarkAnswers | None:
    """What the newest lease has for somebody, opened with that person's own key."""
    lease, _, _ = kiosk.lease()
    box = lease.answers.get(person)
    if box is None:
        return None
    key = kiosk.plant.keys[person].seal
    return RemarkAnswers.read(hpke_open(box, key, answers_info(kiosk.code, lease.number, person)))


def test_a_remark_is_answered_and_whoever_made_it_is_told_until_they_read_it(
    quality: Desk, kiosk: Device, capsys: pytest.CaptureFixture[str]
) -> None:
    say(kiosk)
    (remark,) = listed(quality).remarks
    assert (remark.code, remark.revision, remark.number, remark.page) == ("K-1/1/1", "WI-1/A", 1, PAGE)
    assert (remark.name, remark.unit, remark.step, remark.region) == (
        "Name of P-1", "SN-1", "1", (2500, 5000, 7500, 6250),
    )  # fmt: skip
    assert remark.says == "A number or a tool is wrong: 0.9 Nm"
    assert told(kiosk, "P-1") is None
    words = {"code": remark.code, "verdict": Verdict.CHANGES}
    _refused(quality.ask("desk_remark_answer", RemarkAnswerAsk, **words), 422, "needs_reason")
    given = quality.ask("desk_remark_answer", RemarkAnswerAsk, **words, answer="Corrected in rev. C.")
    assert given.status_code == 200, given.text
    again = quality.ask("desk_remark_answer", RemarkAnswerAsk, **words, answer="Otherwise.")
    _refused(again, 409, "answered")
    assert listed(quality).remarks == ()
    answers = told(kiosk, "P-1")
    assert answers is not None
    (answer,) = answers.answers
    assert (answer.document, answer.number, answer.verdict) == ("WI-1", 1, Verdict.CHANGES)
    assert answer.answer == "Corrected in rev. C."
    seen = {"kind": EventKind.REMARK_TOLD, "page": "", "revision": "", "client": ""}
    for person in ("P-2", "P-1"):  # another one cannot have read it
        assert told(kiosk, "P-1") is not None
        kiosk.deliver(kiosk.write(1, **seen, person=person, body={"code": remark.code}))
    assert told(kiosk, "P-1") is None
    assert main(["admin", "--hub", str(quality.plant.home.path), "remarks", "list", "--all"]) == 0
    shown = capsys.readouterr().out
    assert "WI-1/A p. 1" in shown
    assert "changes (QA-1, told): Corrected in rev. C." in shown


def test_with_the_answered_ones_an_open_remark_is_listed_however_old_it_is(
    quality: Desk, kiosk: Device
) -> None:
    say(kiosk)
    say(kiosk)
    words = {"code": "K-1/1/1", "verdict": Verdict.STAYS, "answer": "It is right."}
    quality.plant.clock.forward(days=30)
    assert quality.ask("desk_remark_answer", RemarkAnswerAsk, **words).status_code == 200
    quality.plant.clock.forward(days=89)
    assert [each.code for each in listed(quality, answered=True).remarks] == ["K-1/1/1", "K-1/1/2"]
    quality.plant.clock.forward(days=2)
    assert [each.code for each in listed(quality, answered=True).remarks] == ["K-1/1/2"]


def test_the_page_is_given_for_a_look_that_is_on_record_and_sealed_to_this_desk(
    quality: Desk, kiosk: Device
) -> None:
    say(kiosk)
    device = quality.device
    wanted = {"code": "K-1/1/1", "epoch": 1, "seq": 1}
    _refused(quality.ask("desk_remark_page", RemarkPageAsk, **wanted), 409, "not_on_record")
    look = {"kind": EventKind.REMARK_VIEWED, "page": PAGE, "body": {"code": "K-1/1/1", "number": 1}}
    device.deliver(device.write(1, **look, person="P-2"))
    _refused(quality.ask("desk_remark_page", RemarkPageAsk, **wanted), 409, "not_on_record")
    device.deliver(device.write(1, **look, person="QA-1"))
    answer = quality.ask("desk_remark_page", RemarkPageAsk, **{**wanted, "seq": 2})
    assert answer.status_code == 200, answer.text
    reply, info = RemarkPageReply.read(answer.content), look_info("D-1", 1, 2)
    key = hpke_open(reply.key, device.seal, info)
    assert open_page(reply.sealed, key, reply.page, reply.revision) == b"one"
    assert b"one" not in answer.content
    marks = KioskKeys.unpack(hpke_open(reply.mark, device.seal, info))
    assert marks == kiosk_keys(quality.plant.home.mark_key, "D-1")
    assert (reply.badge_tail, reply.station) == ("4711", "ST-1")


def test_a_locked_down_page_is_given_to_nobody_and_no_page_to_administrators(
    quality: Desk, kiosk: Device
) -> None:
    plant, device = quality.plant, quality.device
    say(kiosk)

    def page(seq: int, of: Desk = quality) -> httpx.Response:
        look = {"kind": EventKind.REMARK_VIEWED, "page": PAGE, "person": of.person}
        assert device.deliver(device.write(1, **look, body={"code": "K-1/1/1", "number": 1})).is_success
        return of.ask("desk_remark_page", RemarkPageAsk, code="K-1/1/1", epoch=1, seq=seq)

    for seq, (kind, code) in enumerate([(Kind.CLIENT, "ACME"), (Kind.REVISION, "WI-1/A")]):
        with plant.store.write() as session:
            revoke(Acting(session, actor(session, "QA-1"), plant.clock.now(), "a camera"), kind, code)
        _refused(page(2 * seq + 1), 403, "locked_down")
        with plant.store.write() as session:
            restore(Acting(session, actor(session, "QA-1"), plant.clock.now(), "a slip"), kind, code)
        assert page(2 * seq + 2).status_code == 200
    plant.person("ADM-2", roles=[Role.ADMIN])
    boss = Desk(plant, device, "ADM-2")
    assert (listed(boss).looks, listed(quality).looks) == (False, True)
    _refused(page(5, boss), 403, "not_allowed")
    answer = boss.ask("desk_remark_answer", RemarkAnswerAsk, code="K-1/1/1", verdict="stays", answer="Right.")
    assert answer.status_code == 200


def test_a_look_is_of_the_client_whose_page_it_is_and_counts_once_and_as_exposure(
    quality: Desk, kiosk: Device
) -> None:
    plant, device = quality.plant, quality.device
    with plant.writing():
        plant.publish("WI-1", "PUMP", [(b"one", ["ST-1"])], label="B", status="approved")
    say(kiosk, client="BOLT")  # the kiosk is wrong
    assert listed(quality).remarks[0].client == "ACME"
    look = {"kind": EventKind.REMARK_VIEWED, "page": PAGE, "person": "QA-1"}
    others = ({"client": "BOLT"}, {"client": ""}, {"revision": "WI-1/B"}, {"revision": "WI-2/A"})
    for seq, other in enumerate(others, 1):
        device.deliver(device.write(1, **look, **other, body={"code": "K-1/1/1", "number": 1}))
        wrong = quality.ask("desk_remark_page", RemarkPageAsk, code="K-1/1/1", epoch=1, seq=seq)
        _refused(wrong, 409, "not_on_record")
    device.deliver(device.write(1, **look, body={"code": "K-1/1/1", "number": 1}))
    wanted = {"code": "K-1/1/1", "epoch": 1, "seq": len(others) + 1}
    assert quality.ask("desk_remark_page", RemarkPageAsk, **wanted).status_code == 200
    plant.clock.forward(minutes=1)
    _refused(quality.ask("desk_remark_page", RemarkPageAsk, **wanted), 409, "not_on_record")
    with plant.store.read() as session:
        assert kept(session)["ACME", "person", "QA-1"] == kept(session)["ACME", "kiosk", "D-1"] == {PAGE}
        assert differences(session) == []
        pages = pages_given(session, "person", "QA-1", "ACME", "PUMP")
        assert [(page.number, page.given, page.views) for page in pages] == [(1, True, 3), (2, False, None)]


def test_what_is_no_remark_is_kept_and_told_to_quality(quality: Desk, kiosk: Device) -> None:
    for body in ({}, {**BODY, "what": "a sentence"}, {**BODY, "region": [0, 0, 1]}, {**BODY, "token": "x"}):
        say(kiosk, body=body)
    for place in ({"page": ""}, {"revision": ""}, {"revision": "WI\x07/A"}):
        say(kiosk, **place)
    say(kiosk, kind=EventKind.REMARK_TOLD, body={"code": "K-1"})
    assert listed(quality).remarks == ()
    with quality.plant.store.read() as session:
        assert list(session.scalars(select(AlarmRow.kind))) == ["bad_remark"] * 8


def test_supervisors_and_auditors_see_no_remark(quality: Desk, kiosk: Device) -> None:
    say(kiosk)
    quality.plant.person("A-1", roles=[Role.AUDITOR])
    for person in ("SUP-9", "A-1"):
        other = Desk(quality.plant, quality.device, person)
        for answer in (
            other.ask("desk_remarks", RemarksAsk),
            other.ask("desk_remark_page", RemarkPageAsk, code="K-1/1/1", epoch=1, seq=1),
            other.ask("desk_remark_answer", RemarkAnswerAsk, code="K-1/1/1", verdict="stays", answer="no"),
        ):
            _refused(answer, 403, "not_allowed")
