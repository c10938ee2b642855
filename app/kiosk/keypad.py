"""Everything at the keypad: signing in with a PIN, setting one, and signing; what comes of each try.

The conductor routes to here; a PIN goes to where it is tried and stays nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from app.kiosk import session
from app.kiosk.pin_desk import BLOCKED, WRONG, PinDesk, Trying
from app.kiosk.pin_setter import PinSetter
from app.kiosk.readers import Presented
from app.kiosk.signer import NAME as SIGNING
from app.kiosk.signer import Signer

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.kiosk.access import Holding, Opened
    from app.kiosk.agreement_desk import AgreementDesk
    from app.kiosk.notice_board import NoticeBoard
    from app.kiosk.pin_tries import PinTries
    from app.kiosk.recorder import Recorder
    from app.kiosk.surroundings import Surroundings
    from app.kiosk.view import Notice, Offer, PinAsk, Stage
    from app.model.errors import Expected
    from app.wire.clock import Clock


class Host(Protocol):
    """The conductor, as the keypad sees it."""

    agreements: AgreementDesk

    @property
    def holding(self) -> Holding | None:
        """The lease in force."""

    @property
    def opened(self) -> Opened | None:
        """Who is signed in."""

    @property
    def state(self) -> session.State:
        """Where the session stands."""

    @property
    def tapped(self) -> str | Presented:
        """What was held to the reader, while somebody is being identified."""

    @property
    def online(self) -> bool:
        """Whether the hub answers."""

    @property
    def now_ms(self) -> int:
        """A clock that does not go back."""

    def feed(self, event: session.Event, pin: str = "") -> None:
        """Something happened in the session."""

    def decide(self, name: str, opened: Opened | None, tag: bytes, trouble: Expected | None) -> None:
        """Admit whoever a badge is, or say why not."""

    def offers(self) -> Offer:
        """What the badge screen has a button for."""

    def recording(self, write: Callable[[], object]) -> bool:
        """Commit an event; False: it does not stand, and the session is over."""

    def attempt(self, act: Callable[[], object]) -> bool:
        """Do something that may fail in a plant; False: it did, and the session is over."""

    def tell(self, notice: Notice | None) -> None:
        """Show a message."""

    def publish(self) -> None:
        """Tell the screen."""

    def touch(self) -> None:
        """Somebody is there."""

    def lock(self) -> None:
        """Lock now."""

    def resume(self) -> None:
        """The page comes back to the screen."""


class Keypad:
    """See the module. Every method runs on the engine's thread."""

    def __init__(
        self,
        host: Host,
        recorder: Recorder,
        tries: PinTries,
        clock: Clock,
        board: NoticeBoard,
        around: Surroundings,
    ) -> None:
        self._host, self._recorder, self._board, self._around = host, recorder, board, around
        self.desk = PinDesk(tries, clock)
        self.setter = PinSetter(board.say, around.set_slot)
        self.signer = Signer(tries, clock, board, around.try_pin)

    @property
    def busy(self) -> bool:
        """Whether somebody sets a PIN or signs: that comes before the session's own screen."""
        return self.setter.going_on or self.signer.going_on

    def takes(self, badge: str, *, own: bool) -> bool:
        """A badge was tapped; ``own``: the one that opened this session. False: it is not for the keypad."""
        return self.signer.takes(badge, own=own) or self.setter.takes(badge)

    def takes_card(self) -> bool:
        """A cryptographic card was tapped. False: it is not for the keypad."""
        return self.signer.takes("", own=False) or self.setter.takes_card()

    def tick(self) -> None:
        """Time has passed: what nobody goes on with is given up."""
        self.setter.tick(self._host.now_ms)
        if self.signer.going_on:
            self.signer.tick()
            if not self.signer.going_on:
                self._host.resume()

    def shown(self, stage: Stage) -> tuple[Stage, PinAsk | None]:
        """The screen that is up where the session says ``stage``, and what the keypad asks."""
        if self.signer.going_on:
            return self.signer.stage, self.signer.asks()
        asks = self.desk.asks() if self._host.state.phase is session.Phase.PIN else self.setter.asks()
        return self.setter.stage(stage), asks

    def ask(self, name: str, tag: bytes, says: Notice | None = None) -> None:
        """Put the keypad up, or say that it is of no use any more."""
        holding, desk = self._host.holding, self.desk
        if holding is None or not self._host.attempt(lambda: desk.put_up(holding, tag)):
            return
        if desk.tried.blocked:
            self._host.recording(lambda: self._recorder.pin_blocked(desk.person, tag, unknown=desk.unknown()))
            self._board.say(BLOCKED)
            self._host.feed(session.Rejected(name))
            return
        self._host.feed(session.PinWanted(name))
        if says is not None and self._host.state.phase is session.Phase.PIN:
            self._host.tell(says)

    def enter(self, pin: str) -> None:
        """Digits were entered at the keypad. They go to where they are tried and stay nowhere."""
        if self.setter.going_on:
            self.setter.enter(pin, self._host.now_ms)
            self._host.publish()
            return
        if self.signer.going_on:
            self._host.attempt(lambda: self.signer.enter(self._host.holding, pin))
            self._host.touch()
            return
        if self._host.state.phase is not session.Phase.PIN:
            return
        refusal = self.desk.refuses(pin)
        self._board.say(refusal)
        if refusal is None:
            self._host.feed(session.PinGiven(), pin)
        else:
            self._host.touch()

    def try_pin(self, name: str, pin: str) -> None:
        """Count a try, then make it beside the engine's thread; the answer comes as ``tried``."""
        holding, badge = self._host.holding, self._host.tapped
        if holding is None or isinstance(badge, Presented):
            self._host.feed(session.LockAsked())
        elif self._host.attempt(lambda: self.desk.count(holding)):
            self._around.try_pin(Trying(name, self.desk.tag, self.desk.slot), badge, pin)

    def tried(self, trying: Trying, opened: Opened | None, trouble: Expected | None) -> None:
        """The answer to ``Surroundings.try_pin``; neither: wrong, or nobody's badge."""
        if trying.name == SIGNING:
            self._signing_tried(trying, opened, trouble)
            return
        desk, name = self.desk, trying.name
        right = opened is not None and self._host.attempt(lambda: desk.opened(trying))
        if self._host.state.phase is not session.Phase.IDENTIFYING or self._host.state.badge != name:
            return
        if right or trouble is not None:
            self._host.decide(name, opened, trying.tag, trouble)
            return
        unknown, wrong = desk.unknown(), desk.tried.wrong
        self._host.recording(lambda: self._recorder.wrong_pin(desk.person, desk.tag, wrong, unknown=unknown))
        self.ask(name, desk.tag, WRONG)

    def _signing_tried(self, trying: Trying, opened: Opened | None, trouble: Expected | None) -> None:
        answers: list[bool | None] = []
        if not self._host.attempt(lambda: answers.append(self.signer.tried(trying, opened, trouble))):
            return
        if answers == [False] and self._host.opened is not None:
            person, signer = self._host.opened.operator.person, self.signer
            self._host.recording(
                lambda: self._recorder.wrong_pin(person, trying.tag, signer.wrong, unknown=False)
            )
            if not signer.going_on:  # too often: whoever is there does not go on reading either
                self._host.lock()
        self._host.resume()

    def cancel(self) -> None:
        """Leave the keypad, a signature, or setting a PIN; put an agreement off."""
        if self.setter.going_on:
            self.setter.cancel()
            self._host.publish()
        elif self.signer.going_on:
            self.signer.cancel()
            self._host.resume()
        elif self._host.state.phase is session.Phase.AGREEMENT:
            self._host.agreements.put_off()
        elif self._host.state.phase is session.Phase.PIN:
            self._board.say(None)
            self._host.lock()

    def set_pin(self) -> None:
        """Somebody wants to set a PIN."""
        if self._host.offers() == "set_pin" and self._host.holding is not None:
            shuffled = self._host.holding.lease.policy.pin.shuffled
            self.setter.begin(self._host.now_ms, online=self._host.online, shuffled=shuffled)
            self._host.publish()

    def was_set(self, person: str, trouble: Expected | None) -> None:
        """The answer to ``Surroundings.set_slot``."""
        if trouble is None:
            self._host.recording(lambda: self._recorder.pin_set(person))
        self.setter.was_set(trouble)
        self._host.publish()

    def left(self) -> None:
        """Another badge is in hand, or none."""
        tag = self.desk.tag
        if self.desk.unknown():
            self._host.recording(lambda: self._recorder.unknown_badge(tag))
        self.desk.leave()
