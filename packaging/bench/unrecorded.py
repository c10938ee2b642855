"""A kiosk without journal and wire, to measure what those two cost."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from app.kiosk.outbox import Recorded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.kiosk.engine import Parts


def strip(parts: Parts) -> None:
    """Let nothing be written down and nothing be sent: the program itself has no such switch."""
    numbers = itertools.count(1)

    def append(drafts: Sequence[object], _moment: object, _announce: object = None) -> tuple[Recorded, ...]:
        return tuple(Recorded(1, next(numbers), "") for _ in drafts)

    journal: Any = parts.journal
    journal.append = append
    parts.make_sync = lambda _engine: _NoSync()


class _NoSync:
    def start(self) -> None:
        """Nothing begins."""

    stop = renew = start

    def poke(self, *, urgent: bool = False) -> None:
        """Nothing goes."""

    def refetch(self, blob: str) -> None:
        """Nothing comes."""
