"""The desk's routes on the review queue: cases, what happened around one, verdicts by two people."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from sqlalchemy import select

from app.hub import auditors, review_case, verdicts
from app.hub.acting import Task
from app.hub.api.desk import SEATED, Desk, acting_at, answer, with_body
from app.hub.api.problems import documented
from app.hub.review import Asked, Case, case_code, concerns_others, judged, review
from app.hub.schema import PersonRow
from app.wire.desk_review import (
    CaseAsk,
    CaseReply,
    CaseWhy,
    JudgeAsk,
    JudgeReply,
    ReviewAsk,
    ReviewCase,
    ReviewReply,
)
from app.wire.messages import ROUTES

if TYPE_CHECKING:
    from datetime import datetime

    from app.hub.acting import Acting
    from app.hub.home import Home

router = APIRouter(tags=["desk"])


@router.post(
    ROUTES["desk_review"],
    summary="The review queue: what somebody in quality should look at, and why",
    response_model=ReviewReply,
    responses=documented(*SEATED),
    openapi_extra=with_body(ReviewAsk),
)
def queue(caller: Desk) -> Response:
    """With `client`, the verdicts on views of its pages. An auditor is told these of own clients, no more."""
    ask = ReviewAsk.read(caller.body)
    since = caller.now - timedelta(days=ask.days)
    with caller.hub.store.read() as session:
        acting = acting_at(session, caller, ask, auditors=True)
        if acting.by.only_audits:
            told = _audited(acting, caller.hub.home, since, ask.client)
            return answer(ReviewReply(cases=tuple(told), judges=False))
        acting.require(Task.REVIEW)
        cases = (
            judged(session, ask.client, since)
            if ask.client
            else [case for case in review(session, Asked(since)) if ask.settled or not case.settled]
        )
        people = select(PersonRow.code, PersonRow.name).where(
            PersonRow.code.in_({case.person for case in cases})
        )
        names = dict(session.execute(people).all())
        told = [_case(case, case.person, names.get(case.person, case.person)) for case in cases]
    return answer(ReviewReply(cases=tuple(told), judges=True))


def _case(case: Case, person: str, name: str) -> ReviewCase:
    verdict = case.verdict
    return ReviewCase(
        code=case_code(person, case.station, case.day), person=person, name=name, station=case.station,
        day=case.day.isoformat(), views=case.looks, pages=case.pages,
        why=tuple(CaseWhy(flag=why.flag.value, says=why.says) for why in case.why),
        verdict=verdict.verdict if verdict else "", reason=verdict.reason if verdict else "",
        by=verdict.by if verdict else "", confirmed_by=verdict.confirmed_by if verdict else "",
        settled=case.settled, late=case.late,
    )  # fmt: skip


def _audited(acting: Acting, home: Home, since: datetime, wanted: str) -> list[ReviewCase]:
    """The judged cases of each client; a reason that may speak of another client's views is kept back."""
    told = []
    for client in sorted(acting.by.audits & {wanted} if wanted else acting.by.audits):
        name = auditors.namer(acting, home, client)
        for case in judged(acting.session, client, since):
            person = name(case.person)
            hidden = {"by": "", "confirmed_by": ""} if person != case.person else {}
            if concerns_others(acting.session, case, client):
                hidden["reason"] = ""
            told.append(_case(case, person, person).model_copy(update=hidden))
    return told


@router.post(
    ROUTES["desk_case"],
    summary="What happened around a case",
    response_model=CaseReply,
    responses=documented("bad_case", *SEATED),
    openapi_extra=with_body(CaseAsk),
)
def case(caller: Desk) -> Response:
    """Working hours, assignments, grants, units and views of the person at the station on that day."""
    ask = CaseAsk.read(caller.body)
    with caller.hub.store.read() as session:
        acting_at(session, caller, ask).require(Task.REVIEW)
        return answer(review_case.timeline(session, ask.code))


@router.post(
    ROUTES["desk_judge"],
    summary="Give a verdict on a case, or confirm another person's",
    response_model=JudgeReply,
    responses=documented(*("bad_case", "not_found", "confirmed", "second_person", "needs_reason"), *SEATED),
    openapi_extra=with_body(JudgeAsk),
)
def judge(caller: Desk) -> Response:
    """A verdict counts once a second person has confirmed it."""
    ask = JudgeAsk.read(caller.body)
    with caller.hub.store.write() as session:
        acting = acting_at(session, caller, ask, ask.reason.strip())
        if ask.confirm:
            outcome = verdicts.confirm_case(acting, ask.code)
        else:
            outcome = verdicts.decide_case(acting, ask.code, verdicts.Verdict(ask.verdict.value))
    return answer(JudgeReply(outcome=outcome.value))
