"""Auditors at the desk: what concerns their client's pages, and nothing of anybody else's or of the site."""

from __future__ import annotations

import io
import tempfile
from typing import TYPE_CHECKING

import pytest

from app.hub.api import desk_evidence
from app.hub.schema import ChangeRow, ReviewVerdict, Setting
from app.hub.schema_audit import AuditedClient
from app.model.remarks import Verdict as RemarkVerdict
from app.model.terms import Role
from app.seal.checkpoint import open_checkpoint
from app.seal.encoding import sha256
from app.seal.note import NoteKey
from app.wire.calls import CallStep
from app.wire.desk import (
    Ask,
    BoardAsk,
    CallAsk,
    CheckAsk,
    DeclinedAsk,
    LockAsk,
    LockKind,
    MoveAsk,
    PlanAsk,
    PlanPut,
    RecoveryAsk,
    SignedIn,
    UndoAsk,
)
from app.wire.desk_evidence import BundleAsk, RecordsAsk, RecordsReply
from app.wire.desk_exposure import By, ExposedPagesAsk, ExposedPagesReply, ExposureAsk, ExposureReply
from app.wire.desk_remarks import RemarkAnswerAsk, RemarkPageAsk, RemarksAsk
from app.wire.desk_review import CaseAsk, JudgeAsk, ReviewAsk, ReviewReply
from app.wire.evidence_check import With, check
from app.wire.messages import ROUTES
from tests.hub_api.test_desk import Desk, _refused, desk

if TYPE_CHECKING:
    from pathlib import Path

    from app.wire.base import Message

__all__ = ["desk"]  # the fixture

DAY = {"line": "L1", "day": "2026-03-03", "zone": "UTC"}
FOR_STAFF: dict[str, tuple[type[Message], dict[str, object]]] = {
    "desk_board": (BoardAsk, {}),
    "desk_push": (Ask, {}),
    "desk_check": (CheckAsk, {"person": "P-1"}),
    "desk_move": (MoveAsk, {"person": "P-1", "version": "v", "source": "ST-1", "target": "ST-2"}),
    "desk_declined": (DeclinedAsk, {"person": "P-1", "source": "ST-1", "target": "ST-2"}),
    "desk_undo": (UndoAsk, {"move": 1}),
    "desk_plan": (PlanAsk, DAY),
    "desk_plan_put": (PlanPut, {**DAY, "csv": "person,station\n"}),
    "desk_lock": (LockAsk, {"kind": LockKind.CLIENT, "code": "BOLT", "reason": "theft"}),
    "desk_recovery": (RecoveryAsk, {}),
    "desk_call": (CallAsk, {"code": "K-1/1/1", "step": CallStep.TAKE}),
    "desk_remarks": (RemarksAsk, {}),
    "desk_remark_page": (RemarkPageAsk, {"code": "K-1/1/1", "epoch": 1, "seq": 1}),
    "desk_remark_answer": (RemarkAnswerAsk, {"code": "K-1/1/1", "verdict": RemarkVerdict.CHANGES}),
    "desk_case": (CaseAsk, {"code": "2026-03-02/ST-2/P-2"}),
    "desk_judge": (JudgeAsk, {"code": "2026-03-02/ST-2/P-2", "reason": "theft"}),
}
FOR_AUDITORS = {"desk_exposure", "desk_exposed_pages", "desk_review", "desk_records", "desk_bundle"}
BEFORE_ANYBODY = {"desk", "desk_slot", "desk_sign_in"}


@pytest.fixture
def auditor(desk: Desk) -> Desk:
    """BOLT's auditor; P-1 saw a page of ACME's, P-2 one of BOLT's."""
    desk.plant.person("A-1", roles=[Role.AUDITOR])
    desk.plant.add(AuditedClient(person="A-1", client="BOLT"))
    kiosk = desk.plant.kiosk("K-1", "ST-2")
    for person, client, page in (("P-1", "ACME", b"one"), ("P-2", "BOLT", b"three")):
        batch = kiosk.write(person=person, client=client, page=sha256(page), station="ST-2")
        assert kiosk.deliver(batch).status_code == 200
    return Desk(desk.plant, desk.device, "A-1")


def test_every_route_of_a_desk_is_looked_at_here() -> None:
    routes = {name for name in ROUTES if name.split("_")[0] == "desk"}
    assert routes == FOR_STAFF.keys() | FOR_AUDITORS | BEFORE_ANYBODY


@pytest.mark.parametrize("route", sorted(FOR_STAFF))
def test_what_concerns_the_site_is_refused(auditor: Desk, route: str) -> None:
    kind, words = FOR_STAFF[route]
    body = kind(desk=auditor.sit(), **words).exact()
    said = _refused(auditor.device.ask("POST", ROUTES[route], body), 403, "not_allowed")
    assert said == "An auditor sees evidence, and nothing else of the site."


def test_an_auditor_signs_in_and_sees_the_own_client_alone_under_pseudonyms(auditor: Desk) -> None:
    assert SignedIn.read(auditor.ask("desk_sign_in", Ask).content).roles == (Role.AUDITOR,)
    for by in By:
        answer = auditor.ask("desk_exposure", ExposureAsk, by=by)
        reply = ExposureReply.read(answer.content)
        assert {column.client for column in reply.columns} == {"BOLT"}
        assert b"ACME" not in answer.content
        assert b"PUMP" not in answer.content
        assert [row.given for row in reply.rows] == [(1, 1)], by
    people = auditor.ask("desk_exposure", ExposureAsk, by=By.PERSON).content
    for name in (b'P-1"', b'P-2"', b"Name of"):
        assert name not in people
    (row,) = ExposureReply.read(people).rows
    pages = auditor.ask("desk_exposed_pages", ExposedPagesAsk, by=By.PERSON, code=row.code, client="BOLT")
    assert [page.given for page in ExposedPagesReply.read(pages.content).pages] == [True]
    auditor.plant.add(Setting(name="evidence_pseudonyms", value=False))
    (row,) = ExposureReply.read(auditor.ask("desk_exposure", ExposureAsk, by=By.PERSON).content).rows
    assert (row.code, row.name) == ("P-2", "Name of P-2")


def test_another_client_is_to_an_auditor_as_if_there_were_none(auditor: Desk) -> None:
    words = {"by": By.PERSON, "code": "P-1"}
    theirs = auditor.ask("desk_exposed_pages", ExposedPagesAsk, client="ACME", **words)
    nobodys = auditor.ask("desk_exposed_pages", ExposedPagesAsk, client="NONE", **words)
    assert _refused(theirs, 404, "not_found").replace("ACME", "NONE") == _refused(nobodys, 404, "not_found")


def test_the_log_and_a_bundle_of_the_own_client_alone(
    auditor: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant = auditor.plant
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    answer = auditor.ask("desk_records", RecordsAsk)
    (mine,) = RecordsReply.read(answer.content).clients
    assert (mine.client, mine.size, mine.cosigned) == ("BOLT", 1, ())
    assert b"ACME" not in answer.content
    key = NoteKey.read(mine.key)
    assert open_checkpoint(mine.checkpoint.encode(), key.name, [key.public]).size == 1
    made = auditor.ask("desk_bundle", BundleAsk, client="BOLT")
    assert (made.status_code, made.headers["content-type"]) == (200, "application/zip")
    assert check(io.BytesIO(made.content), With(key.public)).about.client == "BOLT"
    with plant.store.read() as session:
        (row,) = session.query(ChangeRow).filter_by(act="evidence.bundle")
        assert (row.by, row.subject) == ("A-1", "BOLT")
    theirs, nobodys = (auditor.ask("desk_bundle", BundleAsk, client=client) for client in ("ACME", "NONE"))
    assert _refused(theirs, 404, "not_found").replace("ACME", "NONE") == _refused(nobodys, 404, "not_found")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("role", "status"), [(Role.SUPERVISOR, 403), (Role.QUALITY, 200), (Role.ADMIN, 200)])
def test_of_the_sites_people_quality_and_administrators_get_bundles(
    auditor: Desk, role: Role, status: int
) -> None:
    auditor.plant.person("X-1", roles=[role])
    desk = Desk(auditor.plant, auditor.device, "X-1")
    answers = [desk.ask("desk_records", RecordsAsk), desk.ask("desk_bundle", BundleAsk, client="ACME")]
    assert [each.status_code for each in answers] == [status, status]


def test_a_bundle_that_is_too_long_for_a_desk_is_refused(
    auditor: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_evidence, "MAX_BUNDLE_ENTRIES", 0)
    said = _refused(auditor.ask("desk_bundle", BundleAsk, client="BOLT"), 422, "refused")
    assert said == "That period has 1 entries, and a desk gets 0 at most."


def test_an_auditor_of_nobody_sees_nothing(auditor: Desk) -> None:
    auditor.plant.person("A-2", roles=[Role.AUDITOR])
    other = Desk(auditor.plant, auditor.device, "A-2")
    reply = ExposureReply.read(other.ask("desk_exposure", ExposureAsk, by=By.PERSON).content)
    assert (reply.columns, reply.rows) == ((), ())


def test_the_verdicts_on_the_own_client_are_told_and_no_others(auditor: Desk) -> None:
    plant = auditor.plant
    kiosk = plant.kiosk("K-2", "ST-2")
    for client, page in (("BOLT", b"three"), ("ACME", b"one")):
        for person in ("P-1", "P-3"):
            if (client, person) != ("ACME", "P-3"):
                batch = kiosk.write(person=person, client=client, page=sha256(page), station="ST-9")
                assert kiosk.deliver(batch).status_code == 200
    now = plant.clock.now()
    for person, station in (("P-1", "ST-9"), ("P-3", "ST-9"), ("P-1", "ST-2")):
        plant.add(
            ReviewVerdict(
                code=f"{now:%Y-%m-%d}/{station}/{person}", verdict="justified", reason=f"why {person}",
                by="QA-1", at=now, confirmed_by="QA-2", confirmed=now,
            )
        )  # fmt: skip
    answer = auditor.ask("desk_review", ReviewAsk)
    reply = ReviewReply.read(answer.content)
    assert not reply.judges
    told = {(case.station, case.reason, case.verdict, case.by) for case in reply.cases}
    assert told == {("ST-9", "", "justified", ""), ("ST-9", "why P-3", "justified", "")}
    for name in (b'P-1"', b"QA-1", b"ACME"):
        assert name not in answer.content
    assert all(case.person.startswith("P-") and len(case.person) == 12 for case in reply.cases)
