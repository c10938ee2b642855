"""Writes the receipts of purges into the journal: first the keys go, then the bytes, then it is said."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from app.kiosk.purge import When, receipts, stray_receipt

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.kiosk.outbox import Draft
    from app.kiosk.purge import Owed
    from app.kiosk.supplies import Supplies

_log = logging.getLogger("app.kiosk.sync")


class ReceiptWriter:
    """Knows when keys went; ``now`` is the hub's time, ``written`` is called when receipts are on record.

    A purge that breaks off (killed, disk full) is still owed by the lease store: its receipts are written
    when its bytes are gone.
    """

    def __init__(self, supplies: Supplies, now: Callable[[], datetime], written: Callable[[], None]) -> None:
        self._with, self._now, self._written = supplies, now, written
        self._gone_at: dict[str, datetime] = {}

    def keys_gone(self, owed: Owed | None) -> None:
        """The keys of this purge are gone, just now."""
        if owed is not None:
            self._gone_at[owed.purge] = self._now()

    def bytes_gone(self, dropped: frozenset[str]) -> None:
        """The bytes are gone, those of ``dropped`` (blobs) just now: write the receipts of all that is owed.

        Raises:
            Unavailable: they cannot be written; they stay owed.
        """
        now, state = self._now(), self._with.state
        owed, lease, station = state.owed, state.mark.number, self._with.keys.station
        drafts: list[Draft] = []
        for one in owed:
            when = When(self._gone_at.get(one.purge, now), now)
            drafts += receipts(one, when, lease=lease, station=station)
        strays = dropped - {page.blob for one in owed for page in one.pages}
        if strays:
            drafts.append(stray_receipt(strays, When(now, now), lease=lease, station=station))
        if drafts:
            self._with.outbox.append(drafts, self._with.clock.moment())
            state.paid(owed)
            self._gone_at.clear()
            _log.info("purged %d", len(dropped))
            self._written()  # the count of what waits has changed
