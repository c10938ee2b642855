"""The thread on which a desk asks its hub: questions in their order, the board when the hub says so."""

from __future__ import annotations

import logging
import queue
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from app.desk.office import Lock, Move, ReadPlan, StepCall
from app.desk.questions import Reading
from app.desk.tracing import (
    SaveTrace,
    Seen,
    TraceDone,
    TracePictures,
    TraceProgress,
    Tracer,
    TraceSaved,
    Tracing,
    save,
)
from app.kiosk.listener import Told as Heard
from app.model.errors import Bug, Expected

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.desk.office import Office, Read
    from app.kiosk.listener import Listener
    from app.wire.desk import (
        BoardReply,
        CallReply,
        CheckReply,
        LockReply,
        MoveReply,
        PlanReply,
        RecoveryReply,
        SignedIn,
    )

REFRESH_SECONDS = 2.0
"""How often the board is asked for while the hub does not tell."""

REST_SECONDS = 30.0
"""The same while it does: a kiosk that asks no more is told by nobody."""

APART_SECONDS = 0.3
"""The board is not asked for more often than this, however much happens."""

FAULT = "Something went wrong in this program.", "Tell IT: the details are in the desk's log."

Answer: TypeAlias = (
    "SignedIn | BoardReply | CallReply | CheckReply | MoveReply | LockReply | RecoveryReply | PlanReply"
    " | Read | TraceProgress | TraceDone | TraceSaved | None"
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SignIn:
    """Badge and PIN ("": not entered yet)."""

    badge: str
    pin: str = ""


@dataclass(frozen=True)
class SitDown:
    """Whoever's pass the office has, comes."""


@dataclass(frozen=True)
class SignOut:
    """Whoever sits here leaves."""


@dataclass(frozen=True)
class Check:
    """A card was picked up."""

    person: str


@dataclass(frozen=True)
class Decline:
    """The desk refused a drop by itself: it goes on record."""

    move: Move


@dataclass(frozen=True)
class Undo:
    """Take a move back."""

    number: int


@dataclass(frozen=True)
class Recovery:
    """How far is what was locked down?"""


@dataclass(frozen=True)
class Told:
    """What came of a question; ``question`` None: the board, asked for by itself.

    ``trouble`` is None, or why there is no ``answer``.
    """

    question: object | None
    answer: Answer = None
    trouble: Expected | None = None


class Worker:
    """Owns the office. ``tell`` is called on the worker's thread.

    Failure policy: an office that cannot be opened is told as the trouble of the question, and opened anew
    for the next one. While the hub is away, or does not tell of changes, the board is asked for every
    ``refresh`` seconds, and the trouble told each time. A fault of our own is logged with its traceback and
    told as one.
    """

    def __init__(
        self,
        open_office: Callable[[], Office],
        tell: Callable[[Told], None],
        refresh: float = REFRESH_SECONDS,
    ) -> None:
        self._open_office, self._tell, self._refresh = open_office, tell, refresh
        self._questions: queue.SimpleQueue[object | None] = queue.SimpleQueue()
        self._office: Office | None = None
        self._tracer = Tracer(self._questions.put)
        self._listener: Listener | None = None
        self.told_of_changes = False
        self._stale = self._failed = False
        self._board_at = 0.0
        self._thread = threading.Thread(target=self._run, name="desk", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def ask(self, question: object) -> None:
        """Ask; the answer is told later."""
        self._questions.put(question)

    def stop(self, *, wait: bool = True) -> None:
        """End the thread; returns when the device's files are closed, or without ``wait`` at once."""
        self._questions.put(None)
        if wait and self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            while True:
                try:
                    question = self._questions.get(timeout=self._patience())
                except queue.Empty:
                    self._look()
                    continue
                if question is None:
                    return
                if isinstance(question, Heard):
                    self.told_of_changes, self._stale = question is not Heard.LOST, True
                    continue
                if isinstance(question, Seen):
                    self._take_apart(question)
                    continue
                self._answer(question)
                if self._listener is not None and not isinstance(
                    question, Check | Recovery | Reading | Decline
                ):
                    self._look()
        finally:
            self._tracer.stop()
            self._leave()
            if self._office is not None:
                self._office.close()

    def _patience(self) -> float | None:
        """How long to wait for a question until it is time for the board."""
        if self._listener is None:
            return None
        told = self.told_of_changes and not self._failed
        pause = APART_SECONDS if self._stale else REST_SECONDS if told else self._refresh
        return max(0.0, self._board_at + pause - time.monotonic())

    def _look(self) -> None:
        self._stale = False
        self._failed = not self._answer(None)
        self._board_at = time.monotonic()

    def _sit(self, office: Office) -> None:
        self._leave()
        self._listener = office.listener(self._questions.put)
        self._listener.start()
        self._listener.again()

    def _leave(self) -> None:
        listener, self._listener = self._listener, None
        self.told_of_changes = self._stale = False
        if listener is not None:
            listener.stop()

    def _trace(self, office: Office, question: Reading) -> Answer:
        match question:
            case TracePictures():
                return self._tracer.begin(question, office.layout_key())
            case SaveTrace():
                return save(question)
        self._tracer.stop()
        return None

    def _take_apart(self, seen: Seen) -> None:
        """A picture was taken apart, or in part; who waits for it no more is told nothing."""
        if seen.run == self._tracer.run:
            self._answer(seen.question, lambda: self._traced(seen))

    def _traced(self, seen: Seen) -> Answer:
        if isinstance(seen.what, Expected):
            raise seen.what
        if isinstance(seen.what, TraceProgress):
            return seen.what
        office, apart = self._opened(), seen.what
        reply = office.trace(apart.said)
        if apart.cut and not reply.found:  # a word of nobody here: perhaps another one lies below it
            return self._tracer.begin(seen.question, office.layout_key(), thorough=True)
        return TraceDone(reply, apart)

    def _answer(self, question: object | None, ask: Callable[[], Answer] | None = None) -> bool:
        """Answer, or tell why not; returns whether it was answered."""
        try:
            self._tell(Told(question, self._ask(question) if ask is None else ask()))
        except Expected as error:
            if error.code == "signed_out":
                self._leave()
            self._tell(Told(question, trouble=error))
        except Exception:
            _log.exception("a fault at the desk")
            self._tell(Told(question, trouble=Expected(FAULT[0], advice=FAULT[1], code="fault")))
        else:
            return True
        return False

    def _opened(self) -> Office:
        if self._office is None:
            self._office = self._open_office()
        return self._office

    def _ask(self, question: object | None) -> Answer:
        office = self._opened()
        answer: Answer = None
        match question:
            case None:
                answer = office.board()
                if self._listener is not None and not self.told_of_changes:
                    self._listener.again()
            case SignIn() | SitDown():
                answer = (
                    office.sign_in(question.badge, question.pin)
                    if isinstance(question, SignIn)
                    else office.sit_down()
                )
                self._leave() if answer.only_audits else self._sit(office)
            case SignOut():
                self._leave()
                self._tracer.stop()
                office.sign_out()
            case Tracing():
                answer = self._trace(office, question)
            case _:
                answer = _asked(office, question)
        return answer


def _asked(office: Office, question: object) -> Answer:
    answer: Answer = None
    match question:
        case Check(person):
            answer = office.check(person)
        case Move():
            answer = office.move(question)
        case Decline(move):
            office.decline(move)
        case Undo(number):
            office.undo(number)
        case StepCall():
            answer = office.call_step(question)
        case Lock():
            answer = office.lock(question)
        case Recovery():
            answer = office.recovery()
        case ReadPlan():
            answer = office.plan(question)
        case Reading():
            answer = office.read(question)
        case _:
            raise Bug(f"a desk cannot answer {question!r}")
    return answer
