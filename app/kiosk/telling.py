"""From what a lease and this kiosk say to the records and words of ``view``. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kiosk import access
from app.kiosk.view import Leaf, Notice
from app.model.decide import Reason
from app.model.terms import KioskStatus
from app.model.words import REASON_WORDS, Words

if TYPE_CHECKING:
    from datetime import datetime

    from app.kiosk.access import Holding
    from app.wire.lease import PageInfo


def blocked_notice(status: KioskStatus) -> Notice:
    """A kiosk that may show nothing."""
    if status is KioskStatus.PENDING:
        words = Words("This kiosk waits for its approval.", "A second administrator compares the number.")
    else:
        words = REASON_WORDS[Reason.KIOSK_BLOCKED]
    return Notice(Reason.KIOSK_BLOCKED.value, words.says, words.do, "error")


def leaf_of(page: PageInfo) -> Leaf:
    """A page as the screen knows it."""
    return Leaf(
        page=page.page,
        document=page.document,
        title=page.title,
        revision=page.revision,
        number=page.number,
        of=page.of,
        label=page.label,
        width_pt=page.width_mpt / 1000,
        height_pt=page.height_mpt / 1000,
    )


def readable_until(holding: Holding | None, pages: tuple[PageInfo, ...]) -> datetime | None:
    """When the first of ``pages`` (of all pages, where none are open) ends; None without a lease."""
    if holding is None:
        return None
    ends = [access.readable_until(holding.lease, page) for page in pages or holding.manifest.pages]
    return min((end for end in ends if end is not None), default=holding.lease.expires)
