"""The hub's own look at its database, a little at a time while it serves: are the events what the logs hold?

A hand that rewrites events and leaves the logs alone contradicts no checkpoint, so no kiosk can know. The hub
does: it raises an alarm, and shows no kiosk the site's log until it looked there again and all is well, or it
is started again; each kiosk says so on its screen. Failure policy: a look that fails is told in the hub's own
words, and the next one is made.
"""

from __future__ import annotations

import random
import threading
from typing import TYPE_CHECKING

from app.hub.log_check import Finding, Keys, entries_in, log_name, unlogged
from app.hub.log_heads import size_of
from app.hub.logs import SITE, codes, damaged
from app.hub.schema import AlarmRow
from app.seal.tiles import TILE_WIDTH

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.hub.store import Store

REWRITTEN = "log_damaged"
"""The alarm."""


class Round:
    """Goes through all logs, tile by tile, from a place by chance. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._log, self._tile = SITE, -1
        self._wrong: dict[tuple[str, int], Finding] = {}

    def look(self, store: Store, now: datetime) -> None:
        """Look at the next tile's entries; behind the last one of a log there may be none.

        Raises:
            Damaged: the database cannot be read.
        """
        with self._lock:
            with store.read() as session:
                place, end = self._next(session)
                log, first = place[0], place[1] * TILE_WIDTH
                try:
                    found = next(entries_in(session, log, Keys(session), first, end), None)
                    if end is None and log == SITE:
                        found = found or next(unlogged(session), None)
                except (ValueError, TypeError):  # what a hand wrote is not what the column is for
                    found = Finding(f"Events of {log_name(log)} hold values of another kind.", log, first)
            if found is None:
                self._wrong.pop(place, None)
            else:
                first_of_all = not self._wrong  # one alarm: who is called looks at all (log check)
                self._wrong[place] = found
                if first_of_all:
                    detail = {"log": log, "entry": found.entry, "says": found.says}
                    with store.write() as session:
                        session.add(AlarmRow(at=now, kiosk="", kind=REWRITTEN, detail=detail))

    def _next(self, session: Session) -> tuple[tuple[str, int], int | None]:
        """The next tile, and the entry behind it; None: whatever stands behind it belongs to it."""
        tiles = size_of(session, self._log) // TILE_WIDTH
        if self._tile < 0:
            self._tile = random.randint(0, tiles)  # noqa: S311 (no secret)
        elif self._tile < tiles:
            self._tile += 1
        else:
            logs = sorted({SITE, *codes(session)})
            self._log = logs[(logs.index(self._log) + 1) % len(logs)] if self._log in logs else SITE
            self._tile, tiles = 0, size_of(session, self._log) // TILE_WIDTH
        return (self._log, self._tile), None if self._tile == tiles else (self._tile + 1) * TILE_WIDTH

    def require_sound(self) -> None:
        """Raise unless all is well, as far as was looked.

        Raises:
            Damaged: events are not those that a log holds (``log_damaged``).
        """
        for found in list(self._wrong.values()):
            raise damaged(found.entry or 0, found.log)
