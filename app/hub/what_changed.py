"""What changed at one station in the revisions in force or to come, and who has read it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from app.hub.remembered import remembered
from app.hub.schema import Comparison, EventRow, PageChangeRow, PageRow, PageStation, RevisionRow
from app.model.plant import Span
from app.model.terms import ALL_STATIONS, RevisionStatus
from app.wire.lease import ChangeInfo
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

KEPT = timedelta(days=30)
"""How long the pages before stay leased for who has not read; after that the new ones are shown marked."""


@dataclass(frozen=True)
class Follows:
    """The revision ``former`` (a row's id) is shown before ``label``, during ``shown``."""

    former: int
    label: str
    shown: Span


@remembered("comparison", "page", "page_change", "page_station", "revision", most=2000)
def read_changes(
    session: Session, station: str, documents: frozenset[str]
) -> tuple[tuple[ChangeInfo, ...], tuple[Follows, ...]]:
    """The changes on the station's pages of these documents, and the revisions that they are shown from."""
    here = select(PageStation.page).where(PageStation.station.in_((station, ALL_STATIONS)))
    former, old, new = aliased(RevisionRow), aliased(PageRow), aliased(PageRow)
    query = (
        select(PageChangeRow, RevisionRow, former, old.page, new.page)
        .join(Comparison, PageChangeRow.revision == Comparison.revision)
        .join(RevisionRow, Comparison.revision == RevisionRow.id)
        .join(former, Comparison.former == former.id)
        .outerjoin(old, PageChangeRow.former == old.id)
        .outerjoin(new, PageChangeRow.page == new.id)
        .where(
            RevisionRow.document.in_(list(documents)),
            RevisionRow.status == RevisionStatus.EFFECTIVE.value,
            or_(PageChangeRow.page.in_(here), PageChangeRow.former.in_(here)),
        )
        .order_by(RevisionRow.document, RevisionRow.label, PageChangeRow.id)
    )
    changes: list[ChangeInfo] = []
    follows: dict[int, Follows] = {}
    for change, revision, before, was, now in session.execute(query):
        changes.append(
            ChangeInfo(
                document=revision.document, revision=revision.label, former=before.label, old=was or "",
                new=now or "", gone=tuple(map(tuple, change.gone)), come=tuple(map(tuple, change.come)),
            )
        )  # fmt: skip
        begins = revision.effective_from
        if begins is not None and before.status != RevisionStatus.RECALLED.value:
            ends = [end for end in (revision.effective_until, begins + KEPT) if end is not None]
            follows[revision.id] = Follows(before.id, revision.label, Span(begins, min(ends)))
    return tuple(changes), tuple(follows.values())


def who_read(
    session: Session, people: Sequence[str], changes: Collection[ChangeInfo]
) -> dict[str, frozenset[str]]:
    """Per person the revisions with ``changes`` that they confirmed to have read, at any kiosk."""
    keys = {f"{change.document}/{change.revision}" for change in changes}
    found: dict[str, set[str]] = defaultdict(set)
    if keys:
        query = select(EventRow.person, EventRow.revision).where(
            EventRow.kind == EventKind.CHANGE_READ.value,
            EventRow.person.in_(people),
            EventRow.revision.in_(keys),
        )
        for person, revision in session.execute(query):
            found[person].add(revision)
    return defaultdict(frozenset, {person: frozenset(read) for person, read in found.items()})
