"""Which steps are confirmed, kept over restarts: a projection of what the journal has on record.

A row is written after its event: one that is lost shows a step as open that is on record as confirmed, never
the other way round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from app.kiosk import bound

if TYPE_CHECKING:
    from app.kiosk.sealed import Database

SCRIPT = (
    "CREATE TABLE done (number INTEGER PRIMARY KEY, work TEXT NOT NULL, step TEXT NOT NULL,"
    " UNIQUE (work, step))"
)
KEPT = 5_000
"""So many confirmations are kept, the newest."""


class Shelf(Protocol):
    """Where confirmed steps are kept, by the name of the work.

    Raises (every method): Unavailable or Damaged: the file cannot be read or written.
    """

    def done(self, work: str) -> tuple[str, ...]:
        """The confirmed steps of a work, in the order of their confirmations."""

    def put(self, work: str, step: str) -> None:
        """A step is confirmed."""

    def take_back(self, work: str, step: str) -> None:
        """A step is not confirmed any more."""

    def begin(self, work: str) -> None:
        """The work begins anew."""


class DoneSteps:
    """``Shelf`` in the lease store."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def done(self, work: str) -> tuple[str, ...]:
        """The confirmed steps of a work, in the order of their confirmations."""
        rows = self._db.rows("SELECT step FROM done WHERE work = ? ORDER BY number", (work,))
        return tuple(str(row[0]) for row in rows)

    def put(self, work: str, step: str) -> None:
        """A step is confirmed."""
        with bound.writing(self._db, "done"):
            self._db.run("INSERT OR IGNORE INTO done (work, step) VALUES (?, ?)", (work, step))
            self._db.run("DELETE FROM done WHERE number <= (SELECT max(number) FROM done) - ?", (KEPT,))

    def take_back(self, work: str, step: str) -> None:
        """A step is not confirmed any more."""
        with bound.writing(self._db, "done"):
            self._db.run("DELETE FROM done WHERE work = ? AND step = ?", (work, step))

    def begin(self, work: str) -> None:
        """The work begins anew."""
        with bound.writing(self._db, "done"):
            self._db.run("DELETE FROM done WHERE work = ?", (work,))
