"""Work that is done piece by piece, by one process or by several; results come in the order of the pieces.

Failure policy: what a piece raises is raised here, and the rest is left; a helper that ends by itself
(killed, out of memory) makes the whole fail (``Unavailable``), never a result with a piece missing.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, TypeVar

from app.model.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

MOST = 2
"""Helpers at most: each holds a piece and what it needs in memory."""

_AHEAD = 2  # pieces of each helper that wait to be fetched
_P = TypeVar("_P")
_R = TypeVar("_R")
_work: Callable[[Any], Any] | None = None


def hands_for(pieces: int) -> int:
    """How many helpers so many pieces are worth; 0 if it is quicker to do without."""
    hands = min(MOST, os.cpu_count() or 1)
    return hands if hands > 1 and pieces >= 8 * MOST else 0


def in_order(work: Callable[[_P], _R], pieces: Iterable[_P], hands: int) -> Iterator[_R]:
    """Yield what ``work`` returns of each piece. With helpers, ``work``, pieces and results are pickled.

    Raises:
        Unavailable: a helper ended before its work was done.
    """
    if hands < 2:
        yield from map(work, pieces)
        return
    # Spawned, not forked: whoever asks may have threads, and open databases.
    pool = ProcessPoolExecutor(hands, get_context("spawn"), _begin, (work,))
    waiting: deque[Future[_R]] = deque()
    try:
        for piece in pieces:
            waiting.append(pool.submit(_do, piece))
            if len(waiting) > _AHEAD * hands:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise Unavailable(
            "A process that helped ended before its work was done.",
            advice="Try again; see whether the machine has memory left.",
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(work: Callable[[Any], Any]) -> None:
    global _work  # noqa: PLW0603
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asked ends, and ends this
    _work = work


def _do(piece: Any) -> Any:
    if _work is None:
        raise RuntimeError("a helper without work")
    return _work(piece)
