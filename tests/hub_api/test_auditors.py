"""Auditors at the desk: what concerns their client's pages, and nothing of anybody else's or of the site."""

from __future__ import annotations

import io
import sys
import time
from typing import TYPE_CHECKING

import pytest
from kit.processes import wait_for

from app.hub import bundle_jobs
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
from app.wire.desk_badges import HoldersAsk, WithdrawAsk
from app.wire.desk_evidence import (
    BundleAsk,
    BundleJobAsk,
    BundlePieceAsk,
    BundleReply,
    RecordsAsk,
    RecordsReply,
)
from app.wire.desk_exposure import By, ExposedPagesAsk, ExposedPagesReply, ExposureAsk, ExposureReply
from app.wire.desk_remarks import RemarkAnswerAsk, RemarkPageAsk, RemarksAsk
from app.wire.desk_review import CaseAsk, JudgeAsk, ReviewAsk, ReviewReply
from app.wire.evidence_check import With, check
from app.wire.messages import ROUTES
from tests.hub_api.test_desk import Desk, _refused, desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.wire.base import Message
    from tests.hub_api.plant import Plant

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
    "desk_badges": (HoldersAsk, {}),
    "desk_badge_withdraw": (WithdrawAsk, {"person": "P-1", "number": 1, "reason": "theft"}),
    "desk_remarks": (RemarksAsk, {}),
    "desk_remark_page": (RemarkPageAsk, {"code": "K-1/1/1", "epoch": 1, "seq": 1}),
    "desk_remark_answer": (RemarkAnswerAsk, {"code": "K-1/1/1", "verdict": RemarkVerdict.CHANGES}),
    "desk_case": (CaseAsk, {"code": "2026-03-02/ST-2/P-2"}),
    "desk_judge": (JudgeAsk, {"code": "2026-03-02/ST-2/P-2", "reason": "theft"}),
}
FOR_AUDITORS = {
    *("desk_exposure", "desk_exposed_pages", "desk_review", "desk_records"),
    *("desk_bundle", "desk_bundle_job", "desk_bundle_piece"),
    *("desk_trace_key", "desk_trace"),
}
BEFORE_ANYBODY = {"desk", "desk_slot", "desk_sign_in"}


@pytest.fixture
def auditor(desk: Desk) -> Iterator[Desk]:
    """BOLT's auditor; P-1 saw a page of ACME's, P-2 one of BOLT's."""
    desk.plant.person("A-1", roles=[Role.AUDITOR])
    desk.plant.add(AuditedClient(person="A-1", client="BOLT"))
    kiosk = desk.plant.kiosk("K-1", "ST-2")
    for person, client, page in (("P-1", "ACME", b"one"), ("P-2", "BOLT", b"three")):
        batch = kiosk.write(person=person, client=client, page=sha256(page), station="ST-2")
        assert kiosk.deliver(batch).status_code == 200
    yield Desk(desk.plant, desk.device, "A-1")
    if desk.plant.app is not None:
        desk.plant.app.state.hub.jobs.close()


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


def made(desk: Desk, client: str) -> BundleReply:
    """Have a bundle made to its end."""
    reply = BundleReply.read(desk.ask("desk_bundle", BundleAsk, client=client).content)
    assert reply.size == 0
    for _ in range(600):
        if reply.size or reply.trouble:
            return reply
        time.sleep(0.1)
        reply = BundleReply.read(desk.ask("desk_bundle_job", BundleJobAsk, job=reply.job).content)
    raise AssertionError("it takes a minute and more")


def handed_out(plant: Plant) -> list[tuple[str, str]]:
    with plant.store.read() as session:
        return [(row.by, row.subject) for row in session.query(ChangeRow).filter_by(act="evidence.bundle")]


def test_the_log_and_a_bundle_of_the_own_client_alone(auditor: Desk) -> None:
    plant = auditor.plant
    answer = auditor.ask("desk_records", RecordsAsk)
    (mine,) = RecordsReply.read(answer.content).clients
    assert (mine.client, mine.size, mine.cosigned) == ("BOLT", 1, ())
    assert b"ACME" not in answer.content
    key = NoteKey.read(mine.key)
    assert open_checkpoint(mine.checkpoint.encode(), key.name, [key.public]).size == 1
    job = made(auditor, "BOLT")
    assert (job.done, job.total, handed_out(plant)) == (1, 1, [])
    pieces = [
        auditor.ask("desk_bundle_piece", BundlePieceAsk, job=job.job, at=at) for at in (0, 100, job.size)
    ]
    assert {piece.headers["content-type"] for piece in pieces} == {"application/zip"}
    whole = pieces[0].content
    assert (len(whole), pieces[1].content, pieces[2].content) == (job.size, whole[100:], b"")
    assert check(io.BytesIO(whole), With(key.public)).about.client == "BOLT"
    assert handed_out(plant) == [("A-1", "BOLT")]
    other = Desk(plant, auditor.device, "QA-9")
    plant.person("QA-9", roles=[Role.QUALITY])
    for route, ask in (("desk_bundle_job", BundleJobAsk), ("desk_bundle_piece", BundlePieceAsk)):
        assert _refused(other.ask(route, ask, job=job.job), 404, "not_found")
    assert auditor.ask("desk_bundle_job", BundleJobAsk, job=job.job, drop=True).status_code == 200
    gone = auditor.ask("desk_bundle_piece", BundlePieceAsk, job=job.job)
    assert "not kept any more" in _refused(gone, 404, "not_found")
    theirs, nobodys = (auditor.ask("desk_bundle", BundleAsk, client=client) for client in ("ACME", "NONE"))
    assert _refused(theirs, 404, "not_found").replace("ACME", "NONE") == _refused(nobodys, 404, "not_found")
    left = plant.home.path / "bundles"
    wait_for("the hub to throw it away", lambda: not list(left.iterdir()))


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Another program in the place of the one that makes bundles."""

    def put(script: str) -> None:
        path = tmp_path / "python"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o700)
        monkeypatch.setattr(sys, "executable", str(path))

    return put


def test_one_bundle_is_made_at_a_time_and_can_be_stopped(
    auditor: Desk, stand_in: Callable[[str], None]
) -> None:
    stand_in("exec sleep 60")
    job = BundleReply.read(auditor.ask("desk_bundle", BundleAsk, client="BOLT").content)
    busy = auditor.ask("desk_bundle", BundleAsk, client="BOLT")
    assert _refused(busy, 409, "making") == "The hub is making another bundle."
    early = auditor.ask("desk_bundle_piece", BundlePieceAsk, job=job.job)
    assert _refused(early, 404, "not_found") == "That evidence is not ready."
    assert auditor.ask("desk_bundle_job", BundleJobAsk, job=job.job, drop=True).status_code == 200
    again = auditor.ask("desk_bundle", BundleAsk, client="BOLT")
    assert again.status_code == 200
    wait_for(
        "the stopped one to go", lambda: not (auditor.plant.home.path / "bundles" / job.job).exists(), 10
    )


def test_what_fails_is_told_and_stands_in_nobodys_way(auditor: Desk, stand_in: Callable[[str], None]) -> None:
    folder = auditor.plant.home.path / "bundles"
    folder.write_text("not a folder")
    said = _refused(auditor.ask("desk_bundle", BundleAsk, client="BOLT"), 503, "unavailable")
    assert said.startswith("The bundle cannot be made in")
    folder.unlink()
    stand_in("exit 1")
    job = BundleReply.read(auditor.ask("desk_bundle", BundleAsk, client="BOLT").content)

    def told() -> str:
        return BundleReply.read(auditor.ask("desk_bundle_job", BundleJobAsk, job=job.job).content).trouble

    wait_for("its end", lambda: bool(told()))
    assert "ended before it was done" in told()
    assert handed_out(auditor.plant) == []


def test_what_nobody_fetches_is_thrown_away(auditor: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle_jobs, "KEPT_SECONDS", 0.0)
    assert auditor.ask("desk_bundle", BundleAsk, client="BOLT").status_code == 200
    folder = auditor.plant.home.path / "bundles"
    wait_for("it to go", lambda: not list(folder.iterdir()), 60)


@pytest.mark.parametrize(("role", "status"), [(Role.SUPERVISOR, 403), (Role.QUALITY, 200), (Role.ADMIN, 200)])
def test_of_the_sites_people_quality_and_administrators_get_bundles(
    auditor: Desk, role: Role, status: int
) -> None:
    auditor.plant.person("X-1", roles=[role])
    desk = Desk(auditor.plant, auditor.device, "X-1")
    answers = [desk.ask("desk_records", RecordsAsk), desk.ask("desk_bundle", BundleAsk, client="ACME")]
    assert [each.status_code for each in answers] == [status, status]


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
    assert auditor.ask("desk_review", ReviewAsk, client="BOLT").content == answer.content
    other = ReviewReply.read(auditor.ask("desk_review", ReviewAsk, client="ACME").content)
    assert other.cases == ()
