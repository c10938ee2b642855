"""Setting a PIN at the kiosk, step by step: badge, one-time code, PIN, PIN again, hand it in.

What was entered is held here until it is handed in or given up, and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.kiosk.pin_desk import keys_of
from app.kiosk.view import Notice, PinAsk, Stage
from app.model.errors import Refused
from app.model.pins import CODE_DIGITS, LEAST, MOST, check_new_pin
from app.seal.slot import OperatorKey, make_slot
from app.wire.messages import SlotRequest

SECONDS = 8.0
GIVEN_UP_MS = 60_000
"""A step that nobody takes within this time ends it."""

WHICH_BADGE = Notice(
    "pin_badge",
    "To set a PIN, tap your badge now.",
    "Have the code from your supervisor at hand: it is valid for 15 minutes.",
)
OFFLINE = Notice(
    "pin_offline",
    "A PIN can be set only while the hub is reachable.",
    "Go on with your badge; set the PIN when the status line says Online.",
    "warning",
    10.0,
)
SENDING = Notice("pin_sending", "Your PIN is being set", "One moment.")
DONE = Notice("pin_set", "Your PIN is set.", "From now on: tap your badge, then enter the PIN.", "info", 12.0)
NO_CARD = Notice("pin_card", "This card needs no PIN here.", "Tap a plant badge, or cancel.", "warning", 10.0)


class Step(StrEnum):
    """What comes next."""

    BADGE = "badge"
    CODE = "code"
    PIN = "pin"
    AGAIN = "again"
    SENDING = "sending"


@dataclass(frozen=True, repr=False)
class NewPin:
    """A badge, its new PIN, and the one-time code that allows it. On its way to a slot, never kept."""

    badge: str
    pin: str
    code: str


def order_slot(new: NewPin, site_salt: bytes) -> SlotRequest:
    """Make the slot, with new keys, and the message that hands it in: two derivations, about 0.5 s."""
    slot = make_slot(new.badge, new.pin, site_salt, OperatorKey.generate())
    return SlotRequest(
        code=new.code,
        tag=slot.tag,
        salt=slot.salt,
        box=slot.box,
        seal_public=slot.seal_public,
        sign_public=slot.sign_public,
    )


class PinSetting:
    """See the module. ``touched_ms``: when somebody last did something, of a clock that does not go back."""

    def __init__(self, now_ms: int, *, shuffled: bool) -> None:
        self.step = Step.BADGE
        self._badge = self._code = self._pin = ""
        self._shuffled = shuffled
        self._keys = keys_of(shuffled=False)
        self.touched_ms = now_ms

    @property
    def stage(self) -> Stage:
        """Which screen is up."""
        return {Step.BADGE: Stage.BADGE, Step.SENDING: Stage.IDENTIFYING}.get(self.step, Stage.PIN)

    def given_up(self, now_ms: int) -> bool:
        """Whether nobody goes on with it."""
        return self.step is not Step.SENDING and now_ms - self.touched_ms >= GIVEN_UP_MS

    def takes(self, number: str) -> bool:
        """A badge was tapped: the one that is to get a PIN, or that one again. False: somebody else's."""
        if self.step is Step.BADGE:
            self._badge = number
            self._go(Step.CODE)
        return self._badge == number or self.step is Step.SENDING

    def order(self) -> NewPin:
        """What is to be handed in."""
        return NewPin(self._badge, self._pin, self._code)

    def enter(self, digits: str) -> None:
        """These digits answer the step that is up.

        Raises:
            Refused: not these (``bad_code``, ``bad_pin``, ``easy_pin``, ``pin_differs``); the step to take
                next is another one only where the two PINs differ.
        """
        if self.step is Step.CODE:
            if not (digits.isascii() and digits.isdigit() and len(digits) == CODE_DIGITS):
                raise Refused(
                    f"The code has {CODE_DIGITS} digits.", advice="Enter all of them.", code="bad_code"
                )
            self._code = digits
            self._go(Step.PIN)
        elif self.step is Step.PIN:
            check_new_pin(digits, self._badge)
            self._pin = digits
            self._go(Step.AGAIN)
        elif self.step is Step.AGAIN:
            if digits == self._pin:
                self._go(Step.SENDING)
            else:
                self._pin = ""
                self._go(Step.PIN)
                raise Refused("The two PINs differ.", advice="Choose it once more.", code="pin_differs")

    def other_code(self) -> None:
        """The hub did not take the code."""
        self._code = self._pin = ""
        self._go(Step.CODE)

    def asks(self) -> PinAsk | None:
        """The keypad as it is shown; None where there is none."""
        long = f"{LEAST} to {MOST} digits"
        match self.step:
            case Step.CODE:
                how = f"{CODE_DIGITS} digits, then OK"
                asks = "Enter the code from your supervisor"
                return PinAsk(asks, how, self._keys, CODE_DIGITS, CODE_DIGITS)
            case Step.PIN:
                return PinAsk("Choose a PIN", f"{long}, no rows or repeats, then OK", self._keys, LEAST, MOST)
            case Step.AGAIN:
                return PinAsk("Enter the same PIN once more", f"{long}, then OK", self._keys, LEAST, MOST)
            case _:
                return None

    def _go(self, step: Step) -> None:
        self.step = step
        self._keys = keys_of(shuffled=self._shuffled and step in {Step.PIN, Step.AGAIN})
