"""Small changes that many threads want at the same time, in one transaction: one write to disk for all."""

from __future__ import annotations

import logging
import threading
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from app.model.errors import Expected

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sqlalchemy.orm import Session

T = TypeVar("T")

_log = logging.getLogger("stationleaf.hub")

MOST = 64
"""Changes in one transaction: the first of them waits for the last."""


@dataclass(eq=False)
class _Wish(Generic[T]):
    work: Callable[[Session], T]
    looks_first: bool
    done: bool = False
    result: list[T] = field(default_factory=list)
    error: BaseException | None = None


class Together:
    """See the module. ``write`` begins a transaction that may write.

    Failure policy: a change that is refused is undone alone (a savepoint). Where the database fails, or the
    commit, nothing stands and each change is tried alone: so none of them fails by another.
    """

    def __init__(self, write: Callable[[], AbstractContextManager[Session]]) -> None:
        self._write = write
        self._wishes: list[_Wish[Any]] = []
        self._adding, self._doing = threading.Lock(), threading.Lock()

    def do(self, work: Callable[[Session], T], *, looks_first: bool = False) -> T:
        """Have ``work`` done, on this thread or another; returns once it is committed.

        It may be done twice, the first time for nothing. Not to be called within a transaction. Work that
        ``looks_first`` refuses before it writes anything, or not at all: it needs no savepoint.
        """
        wish = _Wish(work, looks_first)
        with self._adding:
            self._wishes.append(wish)
        with self._doing:
            while not wish.done:
                with self._adding:
                    wishes, self._wishes = self._wishes[:MOST], self._wishes[MOST:]
                self._do_all(wishes)
        if wish.error is not None:
            raise wish.error
        return wish.result[0]

    def _do_all(self, wishes: list[_Wish[Any]]) -> None:
        if len(wishes) > 1:
            try:
                with self._write() as session:
                    for wish in wishes:
                        _in_part(session, wish)
            except Exception:
                _log.info("%d changes are made one by one", len(wishes), exc_info=True)
            else:
                for wish in wishes:
                    wish.done = True
        for wish in wishes:
            if not wish.done:
                self._alone(wish)

    def _alone(self, wish: _Wish[Any]) -> None:
        wish.error = None
        try:
            with self._write() as session:
                result = wish.work(session)
            wish.result = [result]
        except BaseException as error:
            wish.error = error
        finally:
            wish.done = True


def _in_part(session: Session, wish: _Wish[Any]) -> None:
    try:
        with nullcontext() if wish.looks_first else session.begin_nested():
            wish.result = [wish.work(session)]
    except Expected as refusal:
        wish.error = refusal
