"""What people at kiosks say of pages: taken from their journals, answered by quality, told to who said it.

Failure policy: an event is a record and is kept whatever is in it. One that is no remark is an alarm and
comes into no list; an answer that a kiosk says it showed to somebody else than its person counts for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import or_, select

from app.hub.acting import Task
from app.hub.lookup import Outcome
from app.hub.remembered import day_of, remembered
from app.hub.schema import AlarmRow, Document, PageRow, Part, PersonRow, RevisionRow
from app.hub.schema_remarks import RemarkRow
from app.hub.store import note_act
from app.model.errors import NotFound, Refused
from app.model.remarks import MOST_ANSWER, WHATS, Verdict
from app.wire.base import Code, Sha256
from app.wire.messages import EventKind
from app.wire.remarks import RemarkAnswer, RemarkBody, ToldBody

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.hub.acting import Acting
    from app.wire.messages import Event

BAD_REMARK = "bad_remark"
"""The alarm of an event that should be a remark and is none."""

TOLD_WITHIN = timedelta(days=60)
"""For how long an answer waits in leases for somebody who does not come."""

MOST_TOLD = 5
"""So many answers are told at once; the others follow when these were seen."""

NEW_REMARK = "remark.new"
"""The act of a remark that came in: boards count them."""


@dataclass(frozen=True)
class Remark:
    """A remark with names: ``number`` is the page's in its document, None where it is known no more.

    ``client`` is the document's; where that is known no more, the one that the kiosk named.
    """

    row: RemarkRow
    name: str
    number: int | None
    client: str

    @property
    def says(self) -> str:
        """What is wrong, in words."""
        what = WHATS.get(self.row.what, self.row.what)
        return f"{what}: {self.row.words}" if self.row.words else what


_PAGE: TypeAdapter[str] = TypeAdapter(Sha256)
_DOCUMENT: TypeAdapter[str] = TypeAdapter(Code)


def take(session: Session, events: Iterable[Event], now: datetime) -> None:
    """Keep the remarks among these events, and which answers were seen, in the events' transaction."""
    for event in events:
        try:
            if event.kind is EventKind.PAGE_REMARK:
                session.add(_row(event, RemarkBody.model_validate(event.body), now))
                note_act(session, NEW_REMARK, event.kiosk)
            elif event.kind is EventKind.REMARK_TOLD:
                row = session.get(RemarkRow, ToldBody.model_validate(event.body).code)
                if row is not None and row.person == event.person and row.told is None:
                    row.told = event.wall
        except ValidationError:
            detail = {"epoch": event.epoch, "number": event.seq, "person": event.person}
            session.add(AlarmRow(at=now, kiosk=event.kiosk, kind=BAD_REMARK, detail=detail))


def _row(event: Event, body: RemarkBody, now: datetime) -> RemarkRow:
    """The remark; lists and leases tell its page and document, so without these it is none."""
    _PAGE.validate_python(event.page)
    _DOCUMENT.validate_python(_document_of(event.revision))
    return RemarkRow(
        code=f"{event.kiosk}/{event.epoch}/{event.seq}", person=event.person, station=event.station,
        client=event.client, page=event.page, revision=event.revision, step=body.step, unit=event.unit,
        work_order=event.order, region=list(body.region), what=body.what, words=body.words, token=body.token,
        at=event.wall, received=now,
    )  # fmt: skip


def _document_of(revision: str) -> str:
    """The document of a revision ``DOCUMENT/LABEL``."""
    return revision.partition("/")[0]


def listed(
    session: Session,
    *,
    answered: bool = False,
    since: datetime | None = None,
    answered_since: datetime | None = None,
) -> list[Remark]:
    """The open remarks, oldest first; with ``answered`` all of them.

    ``since`` leaves out what was made before, ``answered_since`` what was answered before.
    """
    query = (
        select(RemarkRow, PersonRow.name, PageRow.number, Part.client)
        .outerjoin(PersonRow, PersonRow.code == RemarkRow.person)
        .outerjoin(RevisionRow, RevisionRow.document + "/" + RevisionRow.label == RemarkRow.revision)
        .outerjoin(PageRow, (PageRow.revision == RevisionRow.id) & (PageRow.page == RemarkRow.page))
        .outerjoin(Document, Document.code == RevisionRow.document)
        .outerjoin(Part, Part.code == Document.part)
        .order_by(RemarkRow.at, RemarkRow.code)
    )
    if not answered:
        query = query.where(RemarkRow.answered.is_(None))
    if since is not None:
        query = query.where(RemarkRow.at >= since)
    if answered_since is not None:
        query = query.where(or_(RemarkRow.answered.is_(None), RemarkRow.answered >= answered_since))
    found: dict[str, Remark] = {}  # a revision may have the same page twice
    for row, name, number, client in session.execute(query):
        found.setdefault(row.code, Remark(row, name or row.person, number, client or row.client))
    return list(found.values())


def needed(session: Session, code: str) -> RemarkRow:
    """The remark of this name.

    Raises:
        NotFound: there is none.
    """
    row = session.get(RemarkRow, code)
    if row is None:
        raise NotFound(f"There is no remark {code}.", advice="See: stationleaf admin remarks list")
    return row


def answer(acting: Acting, code: str, verdict: Verdict) -> Outcome:
    """Answer and close a remark; the reason of the act is what its person reads. It stays answered.

    Raises:
        Refused: the actor may not, gives no reason, or it is answered already.
        NotFound: there is no such remark.
    """
    acting.require(Task.REVIEW)
    row, says = needed(acting.session, code), acting.reason.strip()
    if not says:
        raise Refused(
            "An answer needs a reason: whoever made the remark reads it.",
            advice="Say why (--reason WHY).",
            code="needs_reason",
        )
    if row.answered is not None:
        raise Refused("This remark is answered already, and stays so.", code="answered")
    row.verdict, row.answer = verdict.value, says[:MOST_ANSWER]
    row.answered_by, row.answered = acting.by.person, acting.now
    said = {"verdict": row.verdict, "answer": row.answer}
    acting.record("remark.answer", f"{row.person} {code}", None, said)
    return Outcome.CHANGED


@remembered("remark", "page", "revision", most=2)
def _untold(session: Session, day: datetime) -> dict[str, tuple[tuple[datetime, RemarkAnswer], ...]]:
    """By person, the answers that they have not seen and that may still wait on this day (``day_of``), oldest
    first, with when each was given.
    """
    query = (
        select(RemarkRow, PageRow.number)
        .outerjoin(RevisionRow, RevisionRow.document + "/" + RevisionRow.label == RemarkRow.revision)
        .outerjoin(PageRow, (PageRow.revision == RevisionRow.id) & (PageRow.page == RemarkRow.page))
        .where(RemarkRow.answered >= day - TOLD_WITHIN, RemarkRow.told.is_(None))
        .order_by(RemarkRow.answered, RemarkRow.code)
    )
    found: dict[str, dict[str, tuple[datetime, RemarkAnswer]]] = {}
    for row, number in session.execute(query):
        said = RemarkAnswer(
            code=row.code, document=_document_of(row.revision), number=number or 1,
            verdict=Verdict(row.verdict), answer=row.answer,
        )  # fmt: skip
        if row.answered is not None:
            found.setdefault(row.person, {})[row.code] = row.answered, said
    return {person: tuple(answers.values()) for person, answers in found.items()}


def answers_for(
    session: Session, people: Sequence[str], now: datetime
) -> dict[str, tuple[RemarkAnswer, ...]]:
    """What each of these people is to be told of their remarks."""
    untold = _untold(session, day_of(now))
    told = {
        person: tuple(said for at, said in untold.get(person, ()) if now - at < TOLD_WITHIN)[:MOST_TOLD]
        for person in people
    }
    return {person: answers for person, answers in told.items() if answers}
