"""Whether a view is explained: by an assignment or grant that held when it began, or the grace after one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, timedelta


class Held(Protocol):
    """An assignment or grant: from ``start``, until ``end``, or for good."""

    @property
    def start(self) -> datetime:
        """Its first moment."""

    @property
    def end(self) -> datetime | None:
        """The first moment after it."""


def explained(looks: Iterable[tuple[datetime, str]], held: Sequence[Held], grace: timedelta) -> list[bool]:
    """Tell of each look (when it began, and which page), in their order, whether it is explained.

    Within ``grace`` after the end only the page that was in hand then is: it may be shown again.
    """
    told, in_hand = [], ""
    for wall, page in looks:
        if any(one.start <= wall and (one.end is None or wall < one.end) for one in held):
            in_hand = page
            told.append(True)
        else:
            late = any(one.end is not None and one.end <= wall < one.end + grace for one in held)
            told.append(late and page == in_hand)
    return told
