"""What changed from one revision to the next, at the hub: computed at publishing, kept with the revision.

A revision is compared with the one that is in force when it begins, as far as that is known when it is
published; with the last one that was in force where there is none; never with one that was recalled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.hub.schema import Blob, Comparison, PageChangeRow, PageRow, RevisionRow
from app.model.terms import RevisionStatus
from app.pages.comparing import Revision, compare_revisions
from app.seal.boxes import open_page, unwrap_key
from app.wire.lease import REGION_SCALE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.hub.acting import Acting
    from app.pages.compare import Region
    from app.pages.comparing import PageChange


@dataclass(frozen=True)
class FormerPage:
    """A page of the revision that is compared with."""

    id: int
    number: int
    page: str


@dataclass(frozen=True)
class Former:
    """The revision that is compared with, and its pages in order."""

    revision: int
    key: str
    label: str
    pages: tuple[FormerPage, ...]


@dataclass(frozen=True)
class Compared:
    """A new revision against its former one; indices are those of ``former.pages`` and of the new pages."""

    former: Former
    changes: tuple[PageChange, ...]

    def told(self, numbers: Sequence[int]) -> list[ChangeTold]:
        """The changes as the report tells them; ``numbers`` are those of the new pages."""
        return [
            ChangeTold(
                page=None if change.new is None else numbers[change.new],
                former=None if change.old is None else self.former.pages[change.old].number,
                regions=len(change.changed.come or change.changed.gone),
                compared=change.compared,
            )
            for change in self.changes
        ]


@dataclass(frozen=True)
class ChangeTold:
    """A changed page in the report: its number now and before; None: it was added, or is gone."""

    page: int | None
    former: int | None
    regions: int
    compared: bool

    @property
    def words(self) -> str:
        """What became of the page."""
        if self.page is None:
            return "gone"
        if self.former is None:
            return "added"
        if not self.compared:
            return "could not be compared: shown as changed as a whole"
        return f"{self.regions} region{'' if self.regions == 1 else 's'} changed"


def find_former(session: Session, document: str, begins: datetime) -> Former | None:
    """The revision that one which begins then is compared with; None where there is none."""
    alive = (RevisionStatus.EFFECTIVE.value, RevisionStatus.SUPERSEDED.value)
    row = session.scalars(
        select(RevisionRow)
        .where(
            RevisionRow.document == document,
            RevisionRow.status.in_(alive),
            RevisionRow.effective_from.is_not(None),
            RevisionRow.effective_from <= begins,
        )
        .order_by(RevisionRow.effective_from.desc(), RevisionRow.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    pages = session.execute(
        select(PageRow.id, PageRow.number, PageRow.page)
        .where(PageRow.revision == row.id)
        .order_by(PageRow.number)
    )
    former = tuple(FormerPage(page.id, page.number, page.page) for page in pages)
    return Former(row.id, f"{document}/{row.label}", row.label, former)


def compare(
    former: Former,
    pages: Sequence[str],
    page: Callable[[int], bytes],
    *,
    wrap: bytes,
    look: Callable[[], AbstractContextManager[Acting]],
) -> Compared:
    """Compare new ``pages`` (their hashes; ``page`` fetches one) with the former revision's sealed ones.

    Raises:
        Unavailable: the worker that compares does not start.
        Damaged: a stored page does not hold.
    """

    def stored(index: int) -> bytes:
        wanted = former.pages[index]
        with look() as acting:
            row = acting.session.get_one(PageRow, wanted.id)
            sealed = acting.session.scalars(select(Blob.data).where(Blob.hash == row.blob)).one()
            key = unwrap_key(row.key, wrap)
        return open_page(sealed, key, wanted.page, former.key)

    old = Revision([page.page for page in former.pages], stored)
    return Compared(former, compare_revisions(old, Revision(pages, page)))


def keep(session: Session, revision: int, compared: Compared, pages: Sequence[int]) -> None:
    """Keep a comparison with its revision; ``pages`` are the ids of its page rows, in order."""
    session.add(Comparison(revision=revision, former=compared.former.revision))
    session.flush()
    session.add_all(
        PageChangeRow(
            revision=revision,
            page=None if change.new is None else pages[change.new],
            former=None if change.old is None else compared.former.pages[change.old].id,
            gone=[_box(region) for region in change.changed.gone],
            come=[_box(region) for region in change.changed.come],
            compared=change.compared,
        )
        for change in compared.changes
    )


def _box(region: Region) -> list[int]:
    return [round(side * REGION_SCALE) for side in (region.left, region.top, region.right, region.bottom)]
