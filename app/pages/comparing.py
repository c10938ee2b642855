"""Comparing two revisions of a document, the caller's side: what reads the pages runs in a worker.

Failure policy: what cannot be compared has changed. A page that cannot be drawn, takes too long, or ends the
worker counts as changed as a whole, and so does each page after the time for all of it is over; nothing
keeps a revision from being published.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from app.model.errors import Unavailable
from app.pages.compare import REGIONS_MOST, WHOLE, Changed, Region
from app.pages.process import WorkerLost, WorkerProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MODULE = "app.pages.worker_compare"
_START_SECONDS = 60.0


@dataclass(frozen=True)
class CompareLimits:
    """What a comparison may cost: seconds of wall time a page, to align all, and for everything; MB."""

    page_seconds: float = 20.0
    align_seconds: float = 60.0
    total_seconds: float = 900.0
    memory_mb: int = 1_024


@dataclass(frozen=True)
class PageChange:
    """A page that changed. ``old`` and ``new`` are indices; None: it was added, or is gone.

    ``compared`` False: the two could not be compared, and count as changed as a whole.
    """

    old: int | None
    new: int | None
    changed: Changed
    compared: bool = True


@dataclass(frozen=True, repr=False)
class Revision:
    """The pages of a revision: their hashes in order, and how one is fetched (a one-page PDF)."""

    hashes: Sequence[str]
    page: Callable[[int], bytes]


def compare_revisions(
    old: Revision, new: Revision, limits: CompareLimits | None = None
) -> tuple[PageChange, ...]:
    """What changed from ``old`` to ``new``, page by page in the order of ``new``.

    Raises:
        Unavailable: the worker does not start (``no_worker``); or what ``Revision.page`` raises.
    """
    if list(old.hashes) == list(new.hashes):
        return ()
    with _Comparer(limits or CompareLimits()) as comparer:
        return tuple(
            change
            for was, now in comparer.align(old, new)
            if (change := _change(comparer, old, new, was, now)) is not None
        )


def _change(
    comparer: _Comparer, old: Revision, new: Revision, was: int | None, now: int | None
) -> PageChange | None:
    if was is None or now is None:
        whole = (WHOLE,)
        return PageChange(was, now, Changed(gone=whole) if now is None else Changed(come=whole))
    if old.hashes[was] == new.hashes[now]:
        return None
    changed = comparer.compare(old.page(was), new.page(now))
    if changed is None:
        return PageChange(was, now, Changed((WHOLE,), (WHOLE,)), compared=False)
    return PageChange(was, now, changed) if changed else None


class _Comparer:
    """One worker at a time; one that was lost is replaced."""

    def __init__(self, limits: CompareLimits) -> None:
        self._limits = limits
        self._deadline = time.monotonic() + limits.total_seconds
        self._worker: WorkerProcess | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def align(self, old: Revision, new: Revision) -> list[tuple[int | None, int | None]]:
        """Which page became which; by their numbers where the worker cannot tell."""
        seconds = self._limits.align_seconds
        for name, revision in (("old", old), ("new", new)):
            for index in range(len(revision.hashes)):
                if self._ask({"op": "words", "of": name}, revision.page(index), seconds) is None:
                    break
        answer = self._ask({"op": "align"}, b"", seconds)
        pairs = None if answer is None else _pairs(answer.get("pairs"), len(old.hashes), len(new.hashes))
        return pairs if pairs is not None else _by_number(len(old.hashes), len(new.hashes))

    def compare(self, old: bytes, new: bytes) -> Changed | None:
        """What changed from one page to another; None where that cannot be told."""
        seconds = self._limits.page_seconds
        if self._ask({"op": "left"}, old, seconds) is None:
            return None
        answer = self._ask({"op": "compare"}, new, seconds)
        if answer is None or answer.get("ok") is not True:
            return None
        gone, come = _regions(answer.get("gone")), _regions(answer.get("come"))
        return None if gone is None or come is None else Changed(gone, come)

    def _ask(self, order: dict[str, Any], payload: bytes, seconds: float) -> dict[str, Any] | None:
        """The worker's answer; None where there is none."""
        seconds = min(seconds, self._deadline - time.monotonic())
        if seconds <= 0:
            return None
        try:
            worker = self._started()
            worker.send(order, payload, seconds=seconds)
            return worker.receive(max_payload=0, seconds=seconds)[0]
        except WorkerLost:
            self._end()
            return None

    def _started(self) -> WorkerProcess:
        if self._worker is None:
            limits = self._limits
            arguments = [str(limits.memory_mb << 20), str(round(limits.total_seconds) + 60)]
            self._worker = WorkerProcess(_MODULE, arguments)
            with contextlib.suppress(WorkerLost):
                if self._worker.receive(max_payload=0, seconds=_START_SECONDS)[0].get("ready") is True:
                    return self._worker
            self._end()
            raise Unavailable(
                "The comparison of pages does not start.",
                advice="Try again; if this stays, call IT.",
                code="no_worker",
            )
        return self._worker

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.kill()
            self._worker = None


def _by_number(old: int, new: int) -> list[tuple[int | None, int | None]]:
    return [(n if n < old else None, n if n < new else None) for n in range(max(old, new))]


def _pairs(said: object, old: int, new: int) -> list[tuple[int | None, int | None]] | None:
    """The worker's pairs, if every page is in exactly one of them, in order; None otherwise."""
    if not isinstance(said, list) or len(said) > old + new:
        return None
    found: list[tuple[int | None, int | None]] = []
    for pair in said:
        if not (isinstance(pair, list) and len(pair) == 2 and all(_is_index(side) for side in pair)):
            return None
        found.append((pair[0], pair[1]))
    lefts = [left for left, _ in found if left is not None]
    rights = [right for _, right in found if right is not None]
    return found if lefts == list(range(old)) and rights == list(range(new)) else None


def _is_index(side: object) -> bool:
    return side is None or type(side) is int


def _regions(said: object) -> tuple[Region, ...] | None:
    """The worker's regions, if they are some; None otherwise."""
    if not isinstance(said, list) or len(said) > REGIONS_MOST:
        return None
    found = []
    for sides in said:
        fits = (
            isinstance(sides, list) and len(sides) == 4 and all(type(side) in (int, float) for side in sides)
        )
        if not fits or not (0 <= sides[0] < sides[2] <= 1 and 0 <= sides[1] < sides[3] <= 1):
            return None
        found.append(Region(*map(float, sides)))
    return tuple(found)
