"""What a person must read before the pages of a revision open: which changes, on which pages. Pure.

``access`` decides on each of the pages that are shown for it; a page before that is not here any more, or not
granted, leaves the new one to be shown alone, with what changed marked.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from app.wire.lease import REGION_SCALE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.kiosk.view import Region
    from app.wire.lease import Box, ChangeInfo, Manifest, PageInfo


@dataclass(frozen=True)
class Shown:
    """One change: the page before and the new one, one of which may not be there, and the changed regions."""

    old: PageInfo | None
    new: PageInfo | None
    gone: tuple[Region, ...] = ()
    come: tuple[Region, ...] = ()
    kind: Literal["changed", "added", "removed"] = "changed"

    @property
    def pages(self) -> tuple[PageInfo, ...]:
        """Those that are there: the new one first, which is the one that matters."""
        return tuple(page for page in (self.new, self.old) if page is not None)


@dataclass(frozen=True)
class Reading:
    """The changes of a revision, in reading order; ``former`` is the label of the revision before.

    ``page`` is the first one that it keeps from the person.
    """

    page: PageInfo
    former: str
    shown: tuple[Shown, ...]

    @property
    def key(self) -> str:
        """``DOCUMENT/LABEL``."""
        return self.page.revision_key

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """A name for each change."""
        return tuple(f"{self.key} {number}" for number in range(len(self.shown)))

    @cached_property
    def pages(self) -> tuple[PageInfo, ...]:
        """Every page that is shown, change by change."""
        return tuple(page for one in self.shown for page in one.pages)

    def places(self, change: int) -> tuple[int, ...]:
        """Where in ``pages`` those of a change are: the new one first."""
        start = sum(len(one.pages) for one in self.shown[:change])
        return tuple(range(start, start + len(self.shown[change].pages)))


def readings(
    manifest: Manifest, unread: Iterable[PageInfo], may_compare: Callable[[PageInfo], bool]
) -> tuple[Reading, ...]:
    """What is to be read of the revisions whose pages are ``unread``: kept from the person by that alone.

    ``may_compare`` says whether a page may be shown beside its other state.
    """
    first: dict[tuple[str, str], PageInfo] = {}
    for page in unread:
        first.setdefault((page.document, page.revision), page)
    old = {(p.document, p.before, p.page): p for p in manifest.pages if p.before and may_compare(p)}
    new = {(p.document, p.revision, p.page): p for p in manifest.pages if not p.before and may_compare(p)}
    found = []
    for (document, revision), page in first.items():
        changes = [c for c in manifest.changes if (c.document, c.revision) == (document, revision)]
        shown = [
            Shown(
                old.get((document, revision, change.old)),
                new.get((document, revision, change.new)),
                _regions(change.gone),
                _regions(change.come),
                "added" if not change.old else "removed" if not change.new else "changed",
            )
            for change in changes
        ]
        there = tuple(one for one in shown if one.pages) or (Shown(None, page),)
        found.append(Reading(page, _former(changes), there))
    return tuple(found)


def _former(changes: list[ChangeInfo]) -> str:
    return changes[0].former if changes else ""


def _regions(boxes: tuple[Box, ...]) -> tuple[Region, ...]:
    return tuple(
        (left / REGION_SCALE, top / REGION_SCALE, right / REGION_SCALE, bottom / REGION_SCALE)
        for left, top, right, bottom in boxes
    )
