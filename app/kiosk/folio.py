"""Pages ready to be painted: reads, unseals and renders ahead of the person, on one thread of its own.

Nothing here decides who may see what, and nothing here paints: the engine hands in the keys of pages that
were granted, and takes pixels out once the look is recorded.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.model.errors import Damaged, Expected
from app.pages.picture import RenderFailed, RenderRequest
from app.seal.boxes import open_page

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.kiosk.view import Framing
    from app.pages.picture import Pixels
    from app.pages.renderer import Renderer

LOADED = 48
"""How many pages are drawn, or at least read by the worker, before anybody asks for them."""

KEPT_BYTES = 192 << 20
"""How many bytes of drawn pages are kept: a station's pages at full HD, or a handful of them at 4K."""

AHEAD = 1
"""How many neighbours on each side are kept rendered."""

QUIET_S = 0.04
"""How long nothing is done ahead after a page was wanted or drawn: it is painted meanwhile, and needs the
processor."""


class Blobs(Protocol):
    """Where sealed pages lie; used from the folio's thread."""

    def get(self, blob: str) -> bytes:
        """Return the ciphertext with this hash.

        Raises:
            NotFound: it is not there yet (``page_absent``).
            Damaged: the stored bytes do not hold (``page_damaged``).
        """


@dataclass(frozen=True, repr=False)
class KeyedLeaf:
    """A page that the person in front may see, with the key that opens it."""

    page: str
    blob: str
    revision: str
    key: bytes


class Shared:
    """Pixels that several hold: the slot is given back when the last one lets go."""

    def __init__(self, pixels: Pixels) -> None:
        self._pixels = pixels
        self._holders = 1
        self._lock = threading.Lock()

        self.width, self.height, self.stride = pixels.width, pixels.height, pixels.stride
        self.page_width_px, self.page_height_px = pixels.page_width_px, pixels.page_height_px
        self.buffer = pixels.buffer

    def hold(self) -> Shared:
        """One more holder."""
        with self._lock:
            self._holders += 1
        return self

    def release(self) -> None:
        """One holder fewer."""
        with self._lock:
            self._holders -= 1
            last = self._holders == 0
        if last:
            self._pixels.release()


@dataclass(frozen=True)
class Job:
    """One picture that is wanted of leaf ``index`` in session ``session``."""

    session: int
    index: int
    framing: Framing
    thumbnail: bool = False


@dataclass(frozen=True)
class _Load:
    """Leaf ``index`` is given to the worker, so that it is only drawn when it is asked for."""

    session: int
    index: int


class Folio:
    """The thread that reads, unseals and renders.

    Failure policy: a page that is not in the cache, or whose bytes do not hold, is told as such and is left
    for the sync to fetch (again); a renderer that lost its worker is given the page once more; whatever else
    goes wrong with a page is told for that page, and the next job goes on.
    ``close_session`` returns only when no plain byte and no pixel of the session is left here.
    """

    def __init__(self, renderer: Renderer, blobs: Blobs, done: Callable[..., None]) -> None:
        self._renderer = renderer
        self._blobs = blobs
        self._done = done
        self._wake = threading.Condition()
        self._leaves: tuple[KeyedLeaf, ...] = ()
        self._session = 0
        self._urgent: Job | None = None
        self._ahead: list[Job] = []
        self._strip: list[Job] = []
        self._ready: OrderedDict[Job, Shared] = OrderedDict()
        self._doing: Job | _Load | None = None
        self._promised: Job | None = None  # being drawn, and not told yet
        self._needed: set[Job] = set()  # the page in front and its neighbours
        self._to_draw: list[int] = []
        self._base: Framing | None = None  # how a page is shown at first
        self._quiet_until = 0.0
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="folio", daemon=True)

    def start(self) -> None:
        """Start the thread and the render worker."""
        self._renderer.start()
        self._thread.start()

    def stop(self) -> None:
        """Drop everything and end thread and worker."""
        self.close_session()
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        self._thread.join()
        self._renderer.close()

    def open_session(self, leaves: Sequence[KeyedLeaf]) -> int:
        """Begin with these leaves; returns the session's number, which every job carries.

        As soon as nothing else is wanted the first pages are drawn and kept, and those beyond ``KEPT_BYTES``
        read by the worker: a jump to one of them is painted at once, or only drawn.
        """
        with self._wake:
            self._session += 1
            self._leaves = tuple(leaves)
            self._to_draw = list(range(min(len(leaves), LOADED)))
            return self._session

    def replace_leaves(self, leaves: Sequence[KeyedLeaf]) -> int:
        """The leaves changed: as a new session, so that no old index is ever taken for a new one."""
        self.close_session()
        return self.open_session(leaves)

    def close_session(self) -> None:
        """Drop keys, plain bytes and pixels of the session; waits for a render that is under way."""
        with self._wake:
            had = bool(self._leaves)
            self._leaves = ()
            self._session += 1
            self._urgent, self._ahead, self._strip, self._to_draw = None, [], [], []
            self._needed = set()
            self._wake.wait_for(lambda: self._doing is None)
            ready, self._ready = self._ready, OrderedDict()
        for shared in ready.values():
            shared.release()
        if had:
            self._renderer.forget()

    def ready(self, job: Job) -> Shared | None:
        """The picture, if it is rendered already; the caller becomes a holder."""
        with self._wake:
            found = self._ready.get(job)
            if found is not None:
                self._ready.move_to_end(job)
            return found.hold() if found is not None else None

    def want(self, job: Job, neighbours: Sequence[Job] = ()) -> None:
        """Render ``job`` now and ``neighbours`` after it; pictures in another framing are let go."""
        with self._wake:
            if job.session != self._session:
                return
            base = neighbours[0].framing if neighbours else job.framing
            if base != self._base:
                self._base, self._to_draw = base, list(range(min(len(self._leaves), LOADED)))
            self._needed = {job, *neighbours}
            self._let_go(lambda kept: kept.framing != base)
            self._urgent = job if job not in self._ready and job != self._promised else None
            self._ahead = [j for j in neighbours if j not in self._ready and j != self._promised]
            self._quiet_until = time.monotonic() + QUIET_S
            self._wake.notify_all()

    def want_strip(self, jobs: Sequence[Job]) -> None:
        """Render thumbnails when nothing else is wanted; they are told as they come, and not kept."""
        with self._wake:
            self._strip = [job for job in jobs if job.session == self._session]
            self._wake.notify_all()

    # -- the thread ---------------------------------------------------------------------------------------

    def _run(self) -> None:
        while (job := self._next()) is not None:
            try:
                self._do(job)
            finally:
                with self._wake:
                    self._doing = None
                    self._wake.notify_all()

    def _next(self) -> Job | _Load | None:
        with self._wake:
            while not self._stopping:
                if self._urgent is not None:
                    self._doing, self._urgent = self._urgent, None
                    return self._doing
                waits = bool(self._ahead or self._strip or self._to_draw)
                quiet = self._quiet_until - time.monotonic()
                if waits and quiet <= 0:
                    self._doing = self._in_advance()
                    return self._doing
                self._wake.wait(quiet if waits else None)
            return None

    def _in_advance(self) -> Job | _Load:
        if self._ahead or self._strip:
            return (self._ahead or self._strip).pop(0)
        index, base = self._to_draw.pop(0), self._base
        if base is None or self._kept_bytes + 4 * base.width_px * base.height_px > KEPT_BYTES:
            return _Load(self._session, index)
        return Job(self._session, index, base)

    @property
    def _kept_bytes(self) -> int:
        return sum(shared.buffer.nbytes for shared in self._ready.values())

    def _let_go(self, which: Callable[[Job], bool]) -> None:
        """Release kept pictures that nobody needs now and of which ``which`` is true."""
        for old in [job for job in self._ready if job not in self._needed and which(job)]:
            self._ready.pop(old).release()

    def _keep(self, job: Job, pixels: Shared) -> None:
        self._ready[job] = pixels.hold()
        excess = self._kept_bytes - KEPT_BYTES
        for old in [each for each in self._ready if each not in self._needed]:  # longest unseen first
            if excess <= 0:
                break
            excess -= self._ready[old].buffer.nbytes
            self._ready.pop(old).release()

    def _do(self, job: Job | _Load) -> None:
        with self._wake:
            wanted = job.session == self._session and job not in self._ready
            leaf = self._leaves[job.index] if wanted else None
            self._promised = job if leaf is not None and isinstance(job, Job) else None
        if leaf is None:
            return
        if isinstance(job, _Load):
            with suppress(Expected):  # whoever asks for the page is told
                self._load(leaf)
                if self._base is not None:
                    self._renderer.read(_request(leaf, self._base))
            return
        try:
            pixels = Shared(self._render(leaf, job.framing))
        except Expected as error:
            with self._wake:
                self._promised = None
            self._done(job, error)
            return
        with self._wake:
            self._promised = None
            stale = job.session != self._session
            if not stale and not job.thumbnail:
                self._keep(job, pixels)
                self._quiet_until = time.monotonic() + QUIET_S
        if stale:
            pixels.release()
        else:
            self._done(job, pixels)

    def _render(self, leaf: KeyedLeaf, framing: Framing) -> Pixels:
        request = _request(leaf, framing)
        try:
            return self._loaded(leaf, request)
        except RenderFailed as error:
            if error.code == "no_slot":
                with self._wake:
                    self._let_go(lambda _kept: True)
            elif error.code not in {"page_not_loaded", "worker_died"}:
                raise
            return self._loaded(leaf, request)

    def _loaded(self, leaf: KeyedLeaf, request: RenderRequest) -> Pixels:
        self._load(leaf)
        return self._renderer.render(request)

    def _load(self, leaf: KeyedLeaf) -> None:
        if not self._renderer.holds(leaf.page):
            self._renderer.put(leaf.page, _plain(leaf, self._blobs))


def _request(leaf: KeyedLeaf, framing: Framing) -> RenderRequest:
    return RenderRequest(
        leaf.page, framing.width_px, framing.height_px, framing.zoom, framing.fit, framing.clip
    )


def _plain(leaf: KeyedLeaf, blobs: Blobs) -> bytes:
    sealed = blobs.get(leaf.blob)
    try:
        return open_page(sealed, leaf.key, leaf.page, leaf.revision)
    except Damaged:
        raise Damaged(
            "This page was damaged on this kiosk.", advice="It is being fetched again.", code="page_damaged"
        ) from None
