"""The thread on which a desk asks its hub: questions in their order, the board in between."""

from __future__ import annotations

import logging
import queue
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from app.desk.office import Lock, Move
from app.model.errors import Bug, Expected

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.desk.office import Office
    from app.wire.desk import BoardReply, CheckReply, LockReply, MoveReply, RecoveryReply, SignedIn

REFRESH_SECONDS = 2.0
FAULT = "Something went wrong in this program.", "Tell IT: the details are in the desk's log."

Answer: TypeAlias = "SignedIn | BoardReply | CheckReply | MoveReply | LockReply | RecoveryReply | None"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SignIn:
    """Badge and PIN ("": not entered yet)."""

    badge: str
    pin: str = ""


@dataclass(frozen=True)
class SignOut:
    """Whoever sits here leaves."""


@dataclass(frozen=True)
class Check:
    """A card was picked up."""

    person: str


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
    for the next one. While the hub is away the board is asked for every ``refresh`` seconds, and the trouble
    told each time. A fault of our own is logged with its traceback and told as one.
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
        self._seated = False
        self._thread = threading.Thread(target=self._run, name="desk", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def ask(self, question: object) -> None:
        """Ask; the answer is told later."""
        self._questions.put(question)

    def stop(self) -> None:
        """End the thread; returns when the device's files are closed."""
        self._questions.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            while True:
                try:
                    question = self._questions.get(timeout=self._refresh if self._seated else None)
                except queue.Empty:
                    self._answer(None)
                    continue
                if question is None:
                    return
                self._answer(question)
                if self._seated and not isinstance(question, Check | Recovery):
                    self._answer(None)
        finally:
            if self._office is not None:
                self._office.close()

    def _answer(self, question: object | None) -> None:
        try:
            self._tell(Told(question, self._ask(question)))
        except Expected as error:
            if error.code == "signed_out":
                self._seated = False
            self._tell(Told(question, trouble=error))
        except Exception:
            _log.exception("a fault at the desk")
            self._tell(Told(question, trouble=Expected(FAULT[0], advice=FAULT[1], code="fault")))

    def _ask(self, question: object | None) -> Answer:
        if self._office is None:
            self._office = self._open_office()
        office = self._office
        answer: Answer = None
        match question:
            case None:
                answer = office.board()
            case SignIn(badge, pin):
                answer = office.sign_in(badge, pin)
                self._seated = True
            case SignOut():
                office.sign_out()
                self._seated = False
            case Check(person):
                answer = office.check(person)
            case Undo(number):
                office.undo(number)
            case Recovery():
                answer = office.recovery()
            case Lock():
                answer = office.lock(question)
            case Move():
                answer = office.move(question)
            case _:
                raise Bug(f"a desk cannot answer {question!r}")
        return answer
