"""Wrong PINs, counted on the disk before each try: how many there were, and how long to wait."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, Self

from app.kiosk import bound
from app.model.pins import FREE, KIOSK_FREE, KIOSK_PAUSE_SECONDS, WRONG_AT_MOST, wait_after

if TYPE_CHECKING:
    from app.kiosk.sealed import Database
    from app.wire.clock import Moment

SCRIPT = "CREATE TABLE pin (slot TEXT PRIMARY KEY, wrong INTEGER NOT NULL, boot TEXT NOT NULL, at INTEGER)"

UNKNOWN = "unknown:"
"""What the names of badges begin with that no slot answers to: their tries are counted too."""

UNKNOWN_KEPT = 500
"""So many unknown badges' counts are kept, the newest: slots' are kept for ever."""

_ALL = "all"
"""The name under which the tries of all badges are counted together."""


@dataclass(frozen=True)
class Tried:
    """``wrong`` tries in a row, the last at ``boot_ms`` of the boot ``boot``."""

    wrong: int = 0
    boot: str = ""
    boot_ms: int = 0

    @property
    def blocked(self) -> bool:
        """Whether only a new PIN helps."""
        return self.wrong >= WRONG_AT_MOST

    @property
    def left(self) -> int:
        """Tries until the first wait, after that until the block."""
        return (FREE if self.wrong < FREE else WRONG_AT_MOST) - self.wrong

    def wait(self, moment: Moment) -> int:
        """Whole seconds until the next try."""
        return _left(wait_after(self.wrong), self.boot, self.boot_ms, moment)


@dataclass(frozen=True)
class KioskTried:
    """Wrong tries of all badges at this kiosk, as a leaky bucket (ITU-T I.371, annex A): each adds a pause.

    At ``boot_ms`` of the boot ``boot`` it had to run ``seconds`` more to have forgotten all. A right PIN
    takes back its own try only, so that nobody clears the count with his own badge; and nothing blocks a
    kiosk: a colleague waits for one pause at most.
    """

    seconds: int = 0
    boot: str = ""
    boot_ms: int = 0

    def counted(self, moment: Moment) -> Self:
        """One try more."""
        left = _left(self.seconds, self.boot, self.boot_ms, moment)
        return replace(self, seconds=left + KIOSK_PAUSE_SECONDS, boot=moment.boot, boot_ms=moment.boot_ms)

    def undone(self) -> Self:
        """The last try was right."""
        return replace(self, seconds=max(0, self.seconds - KIOSK_PAUSE_SECONDS))

    def wait(self, moment: Moment) -> int:
        """Whole seconds until the next try."""
        left = _left(self.seconds, self.boot, self.boot_ms, moment)
        return max(0, left - (KIOSK_FREE - 1) * KIOSK_PAUSE_SECONDS)


def _left(seconds: int, boot: str, boot_ms: int, moment: Moment) -> int:
    """What is left of ``seconds`` that began then.

    Wall clocks are not asked: they can be set. After a restart of the machine it is certain only that it has
    run since then, so the time begins anew with it.
    """
    since = moment.boot_ms - (boot_ms if moment.boot == boot else 0)
    return max(0, -(-(seconds * 1000 - max(0, since)) // 1000))


class PinTries(Protocol):
    """Where tries are counted, by the slot's name. What a method did is on the disk when it returns.

    Raises (every method): Unavailable or Damaged: the file cannot be written or read; then nothing is tried.
    """

    def pin_tried(self, slot: str) -> Tried:
        """How it stands."""

    def count_pin(self, slot: str, moment: Moment) -> Tried:
        """Count a try as wrong, of the slot and of the kiosk: called before it is made."""

    def pin_opened(self, slot: str) -> None:
        """The try was right: the slot's count is over, and the kiosk's is as before the try."""

    def kiosk_tried(self) -> KioskTried:
        """How it stands with all badges together."""


class Remembered(PinTries, Protocol):
    """What a kiosk remembers of people over restarts; raises like ``PinTries``."""

    def note_read(self, person: str, revision: str) -> None:
        """The person confirmed having read what changed in the revision (``DOCUMENT/LABEL``)."""


class PinCounts:
    """``PinTries`` in the lease store."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def tried(self, slot: str) -> Tried:
        """As ``PinTries.pin_tried``."""
        return Tried(*self._tries(slot))

    def of_all(self) -> KioskTried:
        """As ``PinTries.kiosk_tried``."""
        return KioskTried(*self._tries(_ALL))

    def count(self, slot: str, moment: Moment) -> Tried:
        """As ``PinTries.count_pin``."""
        with bound.writing(self._db, "pin"):
            tried = Tried(self.tried(slot).wrong + 1, moment.boot, moment.boot_ms)
            self._put(slot, tried.wrong, tried.boot, tried.boot_ms)
            self._put_all(self.of_all().counted(moment))
            self._db.run(
                "DELETE FROM pin WHERE slot LIKE ? AND rowid NOT IN"
                " (SELECT rowid FROM pin WHERE slot LIKE ? ORDER BY rowid DESC LIMIT ?)",
                (f"{UNKNOWN}%", f"{UNKNOWN}%", UNKNOWN_KEPT),
            )
        return tried

    def opened(self, slot: str) -> None:
        """As ``PinTries.pin_opened``."""
        with bound.writing(self._db, "pin"):
            self._db.run("DELETE FROM pin WHERE slot = ?", (slot,))
            self._put_all(self.of_all().undone())

    def _tries(self, name: str) -> tuple[int, str, int]:
        row = self._db.row("SELECT wrong, boot, at FROM pin WHERE slot = ?", (name,))
        return (0, "", 0) if row is None else (int(row[0]), str(row[1]), int(row[2]))

    def _put(self, name: str, wrong: int, boot: str, boot_ms: int) -> None:
        # Replaced rows get a new rowid: the order is that of the last try.
        row = (name, wrong, boot, boot_ms)
        self._db.run("INSERT OR REPLACE INTO pin (slot, wrong, boot, at) VALUES (?, ?, ?, ?)", row)

    def _put_all(self, tried: KioskTried) -> None:
        self._put(_ALL, tried.seconds, tried.boot, tried.boot_ms)
