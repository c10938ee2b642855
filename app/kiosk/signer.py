"""The electronic signature that somebody is about to give: badge and PIN, and the keys that come of them.

21 CFR 11.200(a)(1): the first signing of a session takes both components, badge and PIN, whatever the session
was opened with; each further one takes the PIN. A wrong PIN, and the session's end, make it the first again.
The signing key is unwrapped from the person's slot for each signature and kept by nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from app.kiosk.pin_desk import BLOCKED, WRONG, PinDesk, Trying
from app.kiosk.view import Notice, PinAsk, Stage
from app.model.terms import CredentialKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.kiosk.access import Holding, Opened
    from app.kiosk.notice_board import NoticeBoard
    from app.kiosk.pin_tries import PinTries
    from app.model.errors import Expected
    from app.seal.keys import SigningKey
    from app.wire.clock import Clock

NAME = "signing"
"""Under which tries are made: no badge's name in the session is this."""

GIVEN_UP_MS = 30_000
"""A signature that nobody finishes is given up after this time."""

SECONDS = 8.0
NO_PIN = Notice(
    "no_pin",
    "This step is signed with badge and PIN, and your badge has no PIN.",
    "To get a PIN, ask your supervisor for a PIN code, then touch “Set PIN” on the badge screen.",
    "warning",
    2 * SECONDS,
)
NOT_YOURS = Notice(
    "not_your_badge",
    "This badge is not the one that is signed in here.",
    "Tap your own badge to sign, or cancel.",
    "warning",
)
NOT_SIGNED = Notice(
    "not_signed", "Nothing was signed.", "Touch “Sign” again when you are ready.", "info", SECONDS
)


_ASKING = frozenset({"sign", NOT_YOURS.code, WRONG.code})


class _Now(Enum):
    BADGE = auto()
    PIN = auto()
    TRYING = auto()


@dataclass(frozen=True)
class Request:
    """What is to be signed: its name and meaning for the person, and who goes on with the key.

    ``later`` is said where it is left.
    """

    asks: str
    meaning: str
    then: Callable[[SigningKey], None]
    later: Notice = NOT_SIGNED


class Signer:
    """See the module. ``try_pin`` tries beside the engine's thread, and ``tried`` is told.

    Failure policy: whatever keeps a try from being counted, made or judged ends the signature, and it is said
    that nothing was signed.
    """

    def __init__(
        self,
        tries: PinTries,
        clock: Clock,
        board: NoticeBoard,
        try_pin: Callable[[Trying, str, str], None],
    ) -> None:
        self._desk, self._clock = PinDesk(tries, clock), clock
        self._board, self._try_pin = board, try_pin
        self._now: _Now | None = None
        self._request: Request | None = None
        self._person: Opened | None = None
        self._badge = ""  # of the first signing; until then, and after a wrong PIN, none
        self._touched_ms = 0

    @property
    def going_on(self) -> bool:
        """Whether somebody is about to sign."""
        return self._now is not None

    @property
    def tag(self) -> bytes:
        """The tag of the badge whose PIN is asked for."""
        return self._desk.tag

    @property
    def wrong(self) -> int:
        """Wrong tries in a row."""
        return self._desk.tried.wrong

    @property
    def stage(self) -> Stage:
        """Which screen is up."""
        return {_Now.BADGE: Stage.BADGE, _Now.PIN: Stage.PIN}.get(self._now or _Now.TRYING, Stage.IDENTIFYING)

    def asks(self) -> PinAsk | None:
        """The keypad as it is shown, if it is."""
        if self._now is not _Now.PIN or self._request is None or self._person is None:
            return None
        how = f"{self._person.operator.name}: {self._request.meaning}"
        return replace(self._desk.asks(), asks=self._request.asks, how=how)

    def begin(self, holding: Holding, person: Opened, request: Request) -> None:
        """Somebody who is signed in wants to sign.

        Raises:
            Expected: the count of wrong PINs cannot be read.
        """
        if person.slot.kind is not CredentialKind.UID_PIN:
            self._say(NO_PIN)
            return
        self._desk.put_up(holding, person.slot.tag)
        if self._desk.tried.blocked:
            self._say(BLOCKED)
            return
        self._request, self._person = request, person
        self._touched_ms = self._clock.moment().boot_ms
        self._go()

    def _say(self, notice: Notice | None) -> None:
        self._board.say(notice)

    def _go(self) -> None:
        self._now = _Now.PIN if self._badge else _Now.BADGE
        if self._now is _Now.BADGE and self._request is not None:
            self._say(Notice("sign", self._request.asks, "Tap your badge, then enter your PIN."))
        else:
            self._say(None)

    def takes(self, badge: str, *, own: bool) -> bool:
        """A badge was tapped; ``own``: the one that opened this session. False: it is not for this."""
        if self._now is _Now.BADGE:
            self._touched_ms = self._clock.moment().boot_ms
            if own:
                self._badge = badge
                self._go()
            else:
                self._say(NOT_YOURS)
            return True
        return self._now is not None and own

    def enter(self, holding: Holding | None, pin: str) -> None:
        """Digits were entered at the keypad.

        Raises:
            Expected: the try cannot be counted, so it is not made.
        """
        if self._now is not _Now.PIN or holding is None:
            return
        self._touched_ms = self._clock.moment().boot_ms
        refusal = self._desk.refuses(pin)
        self._say(refusal)
        if refusal is None:
            self._desk.count(holding)
            self._now = _Now.TRYING
            self._try_pin(Trying(NAME, self._desk.tag, self._desk.slot), self._badge, pin)

    def tried(self, trying: Trying, opened: Opened | None, trouble: Expected | None) -> bool | None:
        """The answer to a try: True: signed; False: the PIN was wrong; None: nobody waits for it any more.

        Raises:
            Expected: the count cannot be put back.
        """
        if opened is not None:
            self._desk.opened(trying)
        request, person = self._request, self._person
        if self._now is not _Now.TRYING or request is None or person is None:
            return None
        if opened is not None and opened.keys.sign.public == person.slot.sign_public:
            self.stop()
            request.then(opened.keys.sign)
            return True
        self._badge = ""
        if trouble is not None:
            self.stop()
            self._say(Notice(trouble.code, str(trouble), trouble.advice, "error", SECONDS))
            return None
        if self._desk.tried.blocked:
            self.stop()
            self._say(BLOCKED)
        else:
            self._now = _Now.BADGE
            self._say(replace(WRONG, do="Tap your badge, then enter your PIN again.", seconds=0.0))
        return False

    def tick(self) -> None:
        """Time has passed."""
        idle = self._clock.moment().boot_ms - self._touched_ms
        if self._now in {_Now.BADGE, _Now.PIN} and idle >= GIVEN_UP_MS:
            self.cancel()

    def cancel(self) -> None:
        """Leave it, unless the try is being made."""
        if self._now in {_Now.BADGE, _Now.PIN}:
            later = NOT_SIGNED if self._request is None else self._request.later
            self.stop()
            self._say(later)

    def stop(self) -> None:
        """It is over."""
        self._now = self._request = self._person = None

    def forget(self) -> None:
        """The session is over: the next signing is a first one. Somebody else says why."""
        if self._board.shows(_ASKING):
            self._say(None)
        self.stop()
        self._desk.leave()
        self._badge = ""
