"""Somebody is setting a PIN at this kiosk: what taps, digits and time do to it, and what is said.

The conductor's part that has to do with ``pin_setting``; runs on the engine's thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kiosk.pin_setting import DONE, NO_CARD, OFFLINE, SECONDS, SENDING, WHICH_BADGE, PinSetting, Step
from app.kiosk.view import Notice, PinAsk, Stage
from app.model.errors import Expected

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.kiosk.pin_setting import NewPin


class PinSetter:
    """``say`` shows a notice, or takes it away; ``hand_in`` makes the slot and sends it, beside this thread.

    Failure policy: whatever keeps the hub from taking the slot is said, and the PIN before it, or none, stays
    in force. A wrong code may be entered again, as often as the hub lets it.
    """

    def __init__(self, say: Callable[[Notice | None], None], hand_in: Callable[[NewPin], None]) -> None:
        self._say, self._hand_in = say, hand_in
        self._setting: PinSetting | None = None

    @property
    def going_on(self) -> bool:
        """Whether somebody is setting a PIN."""
        return self._setting is not None

    def begin(self, now_ms: int, *, online: bool, shuffled: bool) -> None:
        """Somebody wants to."""
        self._setting = PinSetting(now_ms, shuffled=shuffled) if online else None
        self._say(WHICH_BADGE if online else OFFLINE)

    def takes(self, badge: str) -> bool:
        """A badge was tapped. False: it is not for this, and this is over."""
        if self._setting is not None and self._setting.takes(badge):
            return True
        self._setting = None
        return False

    def takes_card(self) -> bool:
        """A cryptographic card was tapped."""
        if self._setting is not None:
            self._say(NO_CARD)
        return self._setting is not None

    def enter(self, digits: str, now_ms: int) -> None:
        """Digits were entered at the keypad."""
        setting = self._setting
        if setting is None or setting.stage is not Stage.PIN:
            return
        self._say(None)
        setting.touched_ms = now_ms
        try:
            setting.enter(digits)
        except Expected as error:
            self._say(Notice(error.code, str(error), error.advice, "warning", SECONDS))
        if setting.step is Step.SENDING:
            self._say(SENDING)
            self._hand_in(setting.order())

    def was_set(self, trouble: Expected | None) -> None:
        """What the hub said; None: it took the slot."""
        if trouble is None:
            self.stop(DONE)
            return
        notice = Notice(trouble.code, str(trouble), trouble.advice, "error", 2 * SECONDS)
        if self._setting is not None and trouble.code == "pin_code_wrong":
            self._setting.other_code()
            self._say(notice)
        else:
            self.stop(notice)

    def cancel(self) -> None:
        """Leave it, unless the slot is on its way."""
        if self._setting is not None and self._setting.step is not Step.SENDING:
            self.stop(None)

    def stop(self, notice: Notice | None) -> None:
        """It is over, and what was entered is forgotten."""
        self._setting = None
        self._say(notice)

    def forget(self) -> None:
        """It is over; somebody else says why."""
        self._setting = None

    def touch(self, now_ms: int) -> None:
        """Somebody is there."""
        if self._setting is not None:
            self._setting.touched_ms = now_ms

    def tick(self, now_ms: int) -> None:
        """Time has passed."""
        if self._setting is not None and self._setting.given_up(now_ms):
            self.stop(None)

    def stage(self, otherwise: Stage) -> Stage:
        """Which screen is up."""
        return otherwise if self._setting is None else self._setting.stage

    def asks(self) -> PinAsk | None:
        """The keypad as it is shown, if it is."""
        return None if self._setting is None else self._setting.asks()
