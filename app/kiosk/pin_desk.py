"""The keypad for the badge in hand: whose tries are counted, what is left, in which order the digits stand.

The PIN itself does not come here.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.kiosk.access import slot_of
from app.kiosk.pin_tries import UNKNOWN, KioskTried, Tried
from app.kiosk.view import Notice, PinAsk
from app.model.pins import FREE, LEAST, MOST, well_formed

if TYPE_CHECKING:
    from app.kiosk.access import Holding
    from app.kiosk.pin_tries import PinTries
    from app.wire.clock import Clock

DIGITS = "1234567890"
SECONDS = 8.0
WRONG = Notice(
    "wrong_pin",
    "Badge and PIN do not match.",
    "Enter your PIN again. If it is right, ask your supervisor whether you work at this line.",
    "warning",
    2 * SECONDS,
)
WAIT = Notice("pin_wait", "Please wait before the next try.", "", "warning", SECONDS)
BLOCKED = Notice(
    "pin_blocked",
    "This badge's PIN was wrong too often.",
    "Ask your supervisor for a PIN code, then set a new PIN.",
    "error",
    2 * SECONDS,
)
MALFORMED = Notice(
    "bad_pin", f"A PIN has {LEAST} to {MOST} digits.", "Enter all of them.", "warning", SECONDS
)


def keys_of(*, shuffled: bool) -> str:
    """The ten digits in the order of the keys."""
    keys = list(DIGITS)
    if shuffled:
        secrets.SystemRandom().shuffle(keys)
    return "".join(keys)


@dataclass(frozen=True)
class Trying:
    """A try that is being made: the badge's opaque name in the session, its tag, and whose count it is."""

    name: str
    tag: bytes
    slot: str


class PinDesk:
    """See the module. A badge that no slot answers to is treated, and counted, like any other."""

    def __init__(self, tries: PinTries, clock: Clock) -> None:
        self._tries, self._clock = tries, clock
        self.tag, self.person = b"", ""
        self.slot, self._keys = "", DIGITS
        self._unknown = False
        self.tried, self._all = Tried(), KioskTried()

    def put_up(self, holding: Holding, tag: bytes) -> None:
        """Somebody's PIN is asked for, for the first time or once more.

        Raises:
            Expected: the count of tries cannot be read.
        """
        self._unknown = self._unknown if tag == self.tag else True
        self._find(holding, tag)
        self._keys = keys_of(shuffled=holding.lease.policy.pin.shuffled)
        self.tried, self._all = self._tries.pin_tried(self.slot), self._tries.kiosk_tried()

    def _find(self, holding: Holding, tag: bytes) -> None:
        known = slot_of(holding.lease, tag)
        self.tag = tag
        self.person = known[0].person if known is not None else ""
        self.slot = known[1].slot().slot if known is not None else f"{UNKNOWN}{tag.hex()}"

    def refuses(self, pin: str) -> Notice | None:
        """Why this is not even tried; None: it is."""
        if self._wait() > 0:
            return WAIT
        return None if well_formed(pin) else MALFORMED

    def count(self, holding: Holding) -> None:
        """Count a try as wrong, before it is made.

        Raises:
            Expected: it cannot be counted, so it must not be made.
        """
        self._find(holding, self.tag)
        self.tried = self._tries.count_pin(self.slot, self._clock.moment())
        self._all = self._tries.kiosk_tried()

    def _wait(self) -> int:
        """Seconds until the next try of this badge at this kiosk."""
        moment = self._clock.moment()
        return max(self.tried.wait(moment), self._all.wait(moment))

    def opened(self, trying: Trying) -> None:
        """This try was right.

        Raises:
            Expected: the count cannot be put back.
        """
        self._tries.pin_opened(trying.slot)

    def unknown(self) -> bool:
        """Whether the badge is nobody's and that is not on record yet; asked once."""
        unknown, self._unknown = self._unknown and not self.person, False
        return unknown

    def leave(self) -> None:
        """The keypad is no longer up."""
        self.tag, self.person, self.slot = b"", "", ""
        self.tried, self._unknown = Tried(), False

    def asks(self) -> PinAsk:
        """The keypad as it is shown."""
        tried = self.tried
        return PinAsk(
            asks="Enter your PIN",
            how=f"{LEAST} to {MOST} digits, then OK",
            keys=self._keys,
            least=LEAST,
            most=MOST,
            left=tried.left if tried.wrong else None,
            then="wait" if tried.wrong < FREE else "blocked",
            wait=self._wait(),
        )
