"""Controlled documents at the hub: what there is, and the life of a revision after it is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.hub.acting import Acting, Task
from app.hub.lookup import Outcome, need
from app.hub.revocations import Kind, begin, lift
from app.hub.schema import ChangeRow, Document, PageRow, Part, RevisionRow
from app.model.errors import NotFound, Refused
from app.model.terms import RevisionStatus

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def find_revision(session: Session, document: str, label: str) -> RevisionRow:
    """Return a revision.

    Raises:
        NotFound: there is no such document or revision.
    """
    need(session, Document, document, "document")
    row = session.scalars(
        select(RevisionRow).where(RevisionRow.document == document, RevisionRow.label == label)
    ).first()
    if row is None:
        raise NotFound(f"{document} has no revision {label}.", advice="See: stationleaf admin document list")
    return row


def release(acting: Acting, document: str, label: str, start: datetime | None = None) -> Outcome:
    """Make a revision effective from ``start`` (None: now), until the next one that is to become effective.

    Raises:
        Refused: the actor may not, the revision was recalled, or it is in force already and ``start`` is not
            when that began.
        NotFound: there is no such revision.
    """
    acting.require(Task.DOCUMENTS)
    row = find_revision(acting.session, document, label)
    if row.status == RevisionStatus.RECALLED:
        raise Refused(
            f"{document} revision {label} was recalled; it does not come back.",
            advice="Publish a new revision. If the recall itself was a slip: "
            f"stationleaf admin restore revision {document}/{label}",
            code="recalled",
        )
    in_force = status_at(row, acting.now) is RevisionStatus.EFFECTIVE
    if row.status == RevisionStatus.EFFECTIVE and (
        (in_force and start is None) or (start is not None and row.effective_from == start)
    ):
        return Outcome.SAME
    if in_force:
        raise Refused(
            f"{document} revision {label} is effective since {row.effective_from:%Y-%m-%d %H:%M} UTC.",
            advice="A revision in force is ended by releasing another one, or by a recall.",
        )
    check_start(acting, start)
    before = describe(row)
    put_in_force(acting, row, acting.now if start is None else start)
    acting.record("revision.release", f"{document}/{label}", before, describe(row))
    return Outcome.CHANGED


def check_start(acting: Acting, start: datetime | None) -> None:
    """Raise unless a revision may become effective at ``start``.

    Raises:
        Refused: it is in the past: nobody could have seen the revision then.
    """
    if start is not None and start < acting.now:
        raise Refused("A revision cannot become effective in the past.", code="bad_time")


def put_in_force(acting: Acting, row: RevisionRow, begins: datetime) -> list[str]:
    """Let ``row`` be effective from ``begins`` and fit its neighbours to it. Returns the labels it ended."""
    row.status, row.effective_from, row.effective_until = RevisionStatus.EFFECTIVE.value, begins, None
    acting.session.flush()
    return _chain(acting, row.document, first_of_equals=row)


def _chain(acting: Acting, document: str, first_of_equals: RevisionRow | None = None) -> list[str]:
    """Make each revision in force, or to come, end where the next one begins. Returns whom that cuts short.

    Of several that begin together ``first_of_equals`` is the one that stays.
    """
    rows = acting.session.scalars(
        select(RevisionRow).where(
            RevisionRow.document == document, RevisionRow.status == RevisionStatus.EFFECTIVE.value
        )
    ).all()
    alive = [row for row in rows if status_at(row, acting.now) is not RevisionStatus.SUPERSEDED]
    alive.sort(key=lambda row: (row.effective_from or acting.now, row is first_of_equals, row.id))
    ended = []
    for row, following in zip(alive, [*alive[1:], None], strict=False):
        until = None if following is None else following.effective_from
        if row.effective_until == until:
            continue
        before = describe(row)
        earlier = until is not None and (row.effective_until is None or until < row.effective_until)
        row.effective_until = until
        if until is not None and (until <= acting.now or until == row.effective_from):
            row.status = RevisionStatus.SUPERSEDED.value
        if row is not first_of_equals:
            acting.record("revision.supersede", f"{document}/{row.label}", before, describe(row))
            if earlier:
                ended.append(row.label)
    acting.session.flush()
    return ended


def recall(acting: Acting, document: str, label: str) -> Outcome:
    """Take a revision away from every kiosk at once and for good. The act's reason must say why.

    Raises:
        Refused: the actor may not, or no reason is given.
        NotFound: there is no such revision.
    """
    acting.require(Task.DOCUMENTS)
    row = find_revision(acting.session, document, label)
    if row.status == RevisionStatus.RECALLED:
        return Outcome.SAME
    if not acting.reason:
        raise Refused("A recall needs a reason.", advice='Add: --reason "WHY"', code="needs_reason")
    before = describe(row)
    row.status = RevisionStatus.RECALLED.value
    if row.effective_from is not None and (row.effective_until is None or row.effective_until > acting.now):
        row.effective_until = max(acting.now, row.effective_from)
    acting.session.flush()
    _chain(acting, document)  # what would have ended at a revision that never comes goes on
    begin(acting, Kind.REVISION, f"{document}/{label}")
    acting.record("revision.recall", f"{document}/{label}", before, describe(row))
    return Outcome.CHANGED


def take_back_recall(acting: Acting, document: str, label: str) -> Outcome:
    """Undo a recall that was a slip: the revision is again what it was, from now on.

    One that was in force is so again, unless another came into force meanwhile: then it is approved, and a
    release decides. The act's reason must say why.

    Raises:
        Refused: the actor may not, or no reason is given.
        NotFound: there is no such revision.
    """
    acting.require(Task.DOCUMENTS)
    row = find_revision(acting.session, document, label)
    if row.status != RevisionStatus.RECALLED:
        return Outcome.SAME
    if not acting.reason:
        raise Refused(
            "Taking a recall back needs a reason.", advice='Add: --reason "WHY"', code="needs_reason"
        )
    name = f"{document}/{label}"
    was = acting.session.scalars(
        select(ChangeRow.before)
        .where(ChangeRow.act == "revision.recall", ChangeRow.subject == name)
        .order_by(ChangeRow.id.desc())
    ).first() or {"status": RevisionStatus.APPROVED.value, "from": None, "until": None}
    before = describe(row)
    row.effective_from, row.effective_until = _time(was["from"]), _time(was["until"])
    row.status = was["status"]
    over = row.effective_until is not None and row.effective_until <= acting.now
    if row.status == RevisionStatus.EFFECTIVE and not over:
        _return_to_force(acting, row)
    acting.session.flush()
    lift(acting, Kind.REVISION, name)
    acting.record("revision.restore", name, before, describe(row))
    return Outcome.CHANGED


def _return_to_force(acting: Acting, row: RevisionRow) -> None:
    begins = max(acting.now, row.effective_from or acting.now)
    others = acting.session.scalars(
        select(RevisionRow).where(
            RevisionRow.document == row.document,
            RevisionRow.id != row.id,
            RevisionRow.status == RevisionStatus.EFFECTIVE.value,
        )
    )
    later = [
        other
        for other in others
        if status_at(other, begins) is RevisionStatus.EFFECTIVE
        and (row.effective_from is None or (other.effective_from or begins) >= row.effective_from)
    ]
    if later:
        row.status = RevisionStatus.APPROVED.value
        row.effective_from = row.effective_until = None
    else:
        put_in_force(acting, row, begins)


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def describe(row: RevisionRow) -> dict[str, str | None]:
    """A revision's state as plain values, for the record of changes."""
    return {
        "status": row.status,
        "class": row.classification,
        "from": row.effective_from.isoformat() if row.effective_from else None,
        "until": row.effective_until.isoformat() if row.effective_until else None,
    }


def status_at(row: RevisionRow, now: datetime) -> RevisionStatus:
    """What a revision is at ``now``: after its time an effective one is superseded, before it approved."""
    status = RevisionStatus(row.status)
    if status is not RevisionStatus.EFFECTIVE:
        return status
    if row.effective_until is not None and row.effective_until <= now:
        return RevisionStatus.SUPERSEDED
    return RevisionStatus.APPROVED if row.effective_from is None or now < row.effective_from else status


@dataclass(frozen=True)
class RevisionListed:
    """A revision as it is listed."""

    document: str
    revision: str
    title: str
    client: str
    part: str
    classification: str
    status: str
    pages: int
    effective_from: datetime | None
    effective_until: datetime | None
    published: datetime
    by: str


def revisions(
    session: Session, now: datetime, *, document: str = "", client: str = "", part: str = ""
) -> list[RevisionListed]:
    """Return the revisions, by document and in the order of publishing, filtered where a filter is given."""
    pages = select(PageRow.revision, func.count().label("pages")).group_by(PageRow.revision).subquery()
    query = (
        select(RevisionRow, Document, Part, pages.c.pages)
        .join(Document, Document.code == RevisionRow.document)
        .join(Part, Part.code == Document.part)
        .outerjoin(pages, pages.c.revision == RevisionRow.id)
        .order_by(RevisionRow.document, RevisionRow.id)
    )
    wanted = ((Document.code, document), (Part.client, client), (Part.code, part))
    for column, value in wanted:
        if value:
            query = query.where(column == value)
    return [
        RevisionListed(
            row.document, row.label, doc.title, made.client, made.code, row.classification,
            status_at(row, now).value, count or 0, row.effective_from, row.effective_until,
            row.published, row.by,
        )
        for row, doc, made, count in session.execute(query)
    ]  # fmt: skip
