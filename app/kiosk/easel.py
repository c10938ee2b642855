"""Which pictures are wanted: the page in front in its framing, its neighbours ahead of need, the strip.

Between conductor and folio, on the engine's thread. A picture is handed on only if it belongs to the session
and the leaf that are in front at that moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from app.kiosk.folio import AHEAD, Job, Shared
from app.kiosk.foretold import Foretold
from app.kiosk.view import Framing, Painting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.kiosk.folio import Folio, KeyedLeaf
    from app.kiosk.view import MarkText
    from app.model.errors import Expected


class Viewer(Protocol):
    """Who gets the pictures."""

    def paint(self, painting: Painting) -> None:
        """Paint this."""

    def foretell(self, foretold: Foretold) -> None:
        """Paint this out of sight; it is being written down."""


class Easel:
    """See the module. ``mark`` is asked for the leaf at each painting: nothing is handed on without it.

    ``next_mark`` is that of the look which will follow, for pages that are to be made ready.

    One leaf is in front, or two beside each other; neighbours are those of the first one.
    """

    def __init__(
        self,
        folio: Folio,
        viewer: Viewer,
        mark: Callable[[int], MarkText],
        next_mark: Callable[[], MarkText | None],
    ) -> None:
        self._folio, self._viewer, self._mark, self._next_mark = folio, viewer, mark, next_mark
        self._session = 0
        self._count = 0
        self._current: int | None = None
        self._base: Framing | None = None
        self._strip: Framing | None = None
        self._beside: tuple[int, ...] = ()
        self._handed: dict[int, Job] = {}
        self.missing = False

    @property
    def handed_on(self) -> int | None:
        """The leaf in front, if its pixels are on the screen."""
        return self._current if self._current in self._handed else None

    @property
    def strip_shown(self) -> bool:
        """Whether thumbnails were asked for in this session."""
        return self._strip is not None

    def open(self, leaves: Sequence[KeyedLeaf]) -> None:
        """A session with these leaves; nothing is in front yet."""
        self._session, self._count = self._folio.open_session(leaves), len(leaves)
        self._current, self._beside = None, ()

    def replace(self, leaves: Sequence[KeyedLeaf]) -> None:
        """The leaves changed within the session."""
        self._session, self._count = self._folio.replace_leaves(leaves), len(leaves)
        self._current, self._beside = None, ()

    def close(self) -> None:
        """Drop everything of the session; returns when no plain byte and no pixel is left below."""
        self._folio.close_session()
        self._session, self._count, self._strip, self.missing = 0, 0, None, False
        self._current, self._beside = None, ()

    def prepare(self, index: int) -> None:
        """Have leaf ``index`` drawn: it will be shown as soon as the look is on record."""
        if self._base is None:
            return
        job = Job(self._session, index, self._base)
        if (ready := self._folio.ready(job)) is not None:
            ready.release()
        else:
            self._folio.want(job, self._neighbours(index, self._base))

    def foretell(self, index: int, *beside: int) -> Foretold | None:
        """Leaf ``index`` will be in front as soon as its look is on record: painted out of sight meanwhile.

        None: it is not drawn yet, or two leaves will be.
        """
        mark = self._next_mark() if self._base is not None and not beside else None
        if mark is None or self._base is None:
            return None
        job = Job(self._session, index, self._base)
        if not self._follows(job):
            return None
        if not self._is_near(job):
            pixels = self._folio.ready(job)
            if pixels is None:
                return None
            self._viewer.paint(Painting(index, self._base, pixels, mark, ahead=True))
        foretold = Foretold(index, mark)
        self._viewer.foretell(foretold)
        return foretold

    def show(self, index: int, *beside: int) -> None:
        """Leaf ``index`` is in front, in the screen's own framing, with those ``beside`` it."""
        self._current, self._beside, self._handed = index, beside, {}
        if self._base is not None:
            self._want(self._base)

    def frame(self, framing: Framing) -> None:
        """The leaf in front is wanted like this; an unclipped fit is what neighbours are prepared in."""
        if framing.clip is None and framing.zoom == 1.0:
            self._base = framing
        if self._current is not None:
            self._want(framing)

    def strip(self, width_px: int, height_px: int) -> None:
        """Thumbnails of all leaves are wanted in this size."""
        self._strip = Framing(width_px, height_px)
        self._want_strip()

    def again(self) -> None:
        """Pages have come in: ask again for what was missing."""
        if self._current is not None and self._base is not None:
            self._want(self._base)
        self._want_strip()

    def rendered(self, job: Job, result: Shared | Expected) -> Expected | None:
        """The folio's answer; returns the trouble if the leaf in front cannot be painted."""
        front = job.index == self._current or job.index in self._beside
        fits = job.session == self._session and (job.thumbnail or front)
        if isinstance(result, Shared):
            if fits and job != self._handed.get(job.index):
                self._hand_on(job, result)
                if not job.thumbnail:
                    self.hand_ahead()
            elif self._current is not None and self._is_near(job):
                self._hand_ahead(job, result)
            else:
                result.release()
            return None
        if not fits or job.thumbnail or self._current is None:
            return None
        self.missing = True
        return result

    def _want(self, framing: Framing) -> None:
        if self._current is None or self._base is None:
            return
        job = Job(self._session, self._current, framing)
        if (ready := self._folio.ready(job)) is not None:
            self._hand_on(job, ready)  # first: while it is painted nothing else is begun
        self._folio.want(job, self._neighbours(self._current, framing))
        for other in (Job(self._session, index, framing) for index in self._beside):
            ready = self._folio.ready(other)
            if ready is not None:
                self._hand_on(other, ready)

    def _follows(self, job: Job) -> bool:
        """Whether it may follow the page that is in front alone, and that was handed on."""
        return (
            self._current in self._handed
            and not self._beside
            and (job.session, job.framing) == (self._session, self._base)
            and job.index != self._current
        )

    def _is_near(self, job: Job) -> bool:
        """Whether it may follow and is a neighbour."""
        return self._follows(job) and abs(job.index - (self._current or 0)) <= AHEAD

    def _neighbours(self, current: int, framing: Framing) -> list[Job]:
        base = self._base or framing
        near = [current + step * side for step in range(1, AHEAD + 1) for side in (1, -1)]
        jobs = [Job(self._session, index, framing) for index in self._beside]
        near = [index for index in near if 0 <= index < self._count and index not in self._beside]
        jobs += [Job(self._session, index, base) for index in near]
        return jobs if framing == base else [Job(self._session, current, base), *jobs]

    def _want_strip(self) -> None:
        if self._strip is not None and self._session:
            size = self._strip
            self._folio.want_strip([Job(self._session, n, size, thumbnail=True) for n in range(self._count)])

    def _hand_on(self, job: Job, pixels: Shared) -> None:
        if not job.thumbnail:
            self.missing = False
            self._handed[job.index] = job
        self._viewer.paint(Painting(job.index, job.framing, pixels, self._mark(job.index), job.thumbnail))

    def hand_ahead(self) -> None:
        """The neighbours of the page in front that are drawn, with the mark of the look to come."""
        front = self._current
        if front is None or self._base is None or self._handed.get(front) is None:
            return
        for near in self._neighbours(front, self._base):
            if self._is_near(near) and (ready := self._folio.ready(near)) is not None:
                self._hand_ahead(near, ready)

    def _hand_ahead(self, near: Job, pixels: Shared) -> None:
        mark = self._next_mark()
        if mark is not None:
            self._viewer.paint(Painting(near.index, near.framing, pixels, mark, ahead=True))
        else:
            pixels.release()
