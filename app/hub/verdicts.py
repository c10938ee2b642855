"""Verdicts on the cases of the review queue: by one person with a reason, confirmed by a second one."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.hub.acting import Acting, Task
from app.hub.lookup import Outcome
from app.hub.review import named_case
from app.hub.schema import EventRow, ReviewVerdict
from app.model.errors import NotFound, Refused
from app.wire.messages import VIEWS

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy.orm import Session


class Verdict(StrEnum):
    """What a case comes to."""

    JUSTIFIED = "justified"
    INCIDENT = "incident"


def decide_case(acting: Acting, code: str, verdict: Verdict) -> Outcome:
    """Give a verdict; the reason is that of the act. It counts once a second person has confirmed it.

    A confirmed verdict stays, unless views have arrived since it was given: then the case is open again.

    Raises:
        Refused: the actor may not, there is no reason, this is no case, or its verdict is confirmed already.
    """
    acting.require(Task.REVIEW)
    if not acting.reason.strip():
        raise Refused("A verdict needs a reason.", advice="Say why (--reason WHY).", code="needs_reason")
    row = acting.session.get(ReviewVerdict, code)
    late = _late(acting.session, code, row)
    if row is not None and row.confirmed is not None and not late:
        raise Refused("This verdict is confirmed, and stays.", code="confirmed")
    before = None if row is None else _said(row)
    fresh = ReviewVerdict(
        code=code, verdict=verdict.value, reason=acting.reason, by=acting.by.person, at=acting.now,
        confirmed_by="", confirmed=None,
    )  # fmt: skip
    acting.session.merge(fresh)
    acting.record("review.decide", code, before, _said(fresh))
    return Outcome.ADDED if before is None else Outcome.CHANGED


def _late(session: Session, code: str, row: ReviewVerdict | None) -> int:
    """How many of the case's views were received after its verdict was given.

    Raises:
        Refused: this is no case.
    """
    person, station, begin = named_case(code)
    if row is None:
        return 0
    views = select(func.count()).where(
        EventRow.kind.in_([kind.value for kind in VIEWS]),
        EventRow.wall >= begin,
        EventRow.wall < begin + timedelta(days=1),
        EventRow.station == station,
        EventRow.person == person,
        EventRow.received > row.at,
    )
    return session.scalar(views) or 0


def confirm_case(acting: Acting, code: str) -> Outcome:
    """Confirm another person's verdict.

    Raises:
        Refused: the actor may not, or gave the verdict.
        NotFound: there is no verdict yet.
    """
    acting.require(Task.REVIEW)
    row = acting.session.get(ReviewVerdict, code)
    if row is None:
        raise NotFound(f"There is no verdict on {code} yet.", advice="See: stationleaf admin review list")
    if row.by == acting.by.person:
        raise Refused(
            "A second person confirms a verdict.",
            advice="Act as another one: --as PERSON.",
            code="second_person",
        )
    if row.confirmed is not None:
        return Outcome.SAME
    before = _said(row)
    row.confirmed_by, row.confirmed = acting.by.person, acting.now
    acting.record("review.confirm", code, before, _said(row))
    return Outcome.CHANGED


def _said(row: ReviewVerdict) -> dict[str, Any]:
    return {"verdict": row.verdict, "reason": row.reason, "by": row.by, "confirmed_by": row.confirmed_by}
