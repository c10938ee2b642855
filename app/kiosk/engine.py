"""The kiosk's engine: one thread that owns the conductor, and the doors by which everything reaches it.

The screen, the sync and the folio call from their own threads; each call becomes a piece of work in one
queue. So nothing behind the doors needs a lock.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from app.kiosk import access, session
from app.kiosk.conductor import Conductor
from app.kiosk.folio import Folio
from app.kiosk.view import Notice, Screen, Stage, Status
from app.model.errors import Expected

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.kiosk.access import Holding, Opened
    from app.kiosk.folio import Blobs, Job, Shared
    from app.kiosk.recorder import Journal
    from app.kiosk.view import Framing, Painting
    from app.pages.renderer import Renderer
    from app.wire.clock import Clock

TICK_SECONDS = 0.5
RETRY_SECONDS = 5.0
_log = logging.getLogger(__name__)
_FAULT = Notice(
    "fault",
    "Something went wrong in this program, so it was locked.",
    "Tap your badge to go on. If it happens again, tell IT: the details are in the kiosk's log.",
    "error",
)


class Syncing(Protocol):
    """The sync, as the engine sees it."""

    def start(self) -> None:
        """Begin."""

    def poke(self) -> None:
        """There is something to do now."""

    def refetch(self, blob: str) -> None:
        """This blob does not hold: fetch it again."""

    def stop(self) -> None:
        """End; returns when the thread is gone."""


@dataclass
class Parts:
    """What a kiosk is made of, once its keyring and files have opened. Made on the engine's thread."""

    kiosk: str
    clock: Clock
    journal: Journal
    renderer: Renderer
    blobs: Blobs
    make_sync: Callable[[Engine], Syncing]
    holding: Holding | None
    local: Callable[[], dict[str, Any]]
    close: Callable[[], None]
    notes: tuple[Notice, ...] = field(default=())


class Engine:
    """Implements ``view.Kiosk`` for the screen, and the listeners of sync and folio.

    Failure policy: parts that do not come together (keyring locked, cache of another kiosk, second process)
    show their sentence and are tried again every few seconds and at each tap, nothing is lost meanwhile; a
    fault of our own in one piece of work is logged with its traceback, and the kiosk is locked and goes on.
    """

    def __init__(self, build: Callable[[], Parts]) -> None:
        self._build = build
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._on_screen: Callable[[Screen], None] = lambda _screen: None
        self._on_painting: Callable[[Painting], None] = lambda _painting: None
        self._shown: Screen | None = None
        self._parts: Parts | None = None
        self._conductor: Conductor | None = None
        self._folio: Folio | None = None
        self._sync: Syncing | None = None
        self._framing: Framing | None = None
        self._waiting = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    # -- the screen's doors (view.Kiosk) ------------------------------------------------------------------

    def listen(self, on_screen: Callable[[Screen], None], on_painting: Callable[[Painting], None]) -> None:
        """Register the listeners and start."""
        self._on_screen, self._on_painting = on_screen, on_painting
        self._thread.start()

    def tap(self, badge: str) -> None:
        """A reader delivered a badge number."""
        self._post(lambda c: c.tap(badge))

    def turn_to(self, index: int) -> None:
        """Show leaf ``index``."""
        self._post(lambda c: c.turn_to(index))

    def frame(self, framing: Framing) -> None:
        """The current leaf is wanted in this framing; remembered until the parts are together."""
        self._framing = framing
        self._post(lambda c: c.frame(framing))

    def show_strip(self, width_px: int, height_px: int) -> None:
        """Thumbnails are wanted."""
        self._post(lambda c: c.show_strip(width_px, height_px))

    def touch(self) -> None:
        """Somebody is there."""
        self._post(lambda c: c.touch())

    def lock(self) -> None:
        """Lock now."""
        self._post(lambda c: c.lock())

    def close(self) -> None:
        """Lock, stop, and return when every thread and process is gone."""
        self._stopping.set()
        self._work.put(None)
        if self._thread.is_alive():
            self._thread.join()

    # -- the sync's doors ---------------------------------------------------------------------------------

    def on_holding(self, holding: Holding | None) -> None:
        """A new lease was accepted and stored, or (None) everything was taken away."""
        self._post(lambda c: c.hold(holding))

    def on_status(self, **changes: Any) -> None:
        """Fields of ``view.Status`` that changed."""
        self._post(lambda c: c.status(**changes))

    def on_local(self, **facts: Any) -> None:
        """Fields of ``access.Local`` that changed."""
        self._post(lambda c: c.local(**facts))

    def on_pulled(self, done: int, total: int) -> None:
        """Pages have come in."""

        def pulled(conductor: Conductor) -> None:
            conductor.status(pulled=done, to_pull=total if done < total else 0)
            conductor.arrived()

        self._post(pulled)

    def on_confirmed(self) -> None:
        """The hub holds more of the journal."""
        self._post(lambda c: c.status(waiting=self._parts.journal.waiting() if self._parts else 0))

    # -- what the conductor asks (conductor.Surroundings) -------------------------------------------------

    def identify(self, badge: str, name: str) -> None:
        """Run Argon2id beside this thread, so that the screen's clock and countdown go on."""
        holding = self._conductor.holding if self._conductor is not None else None

        def look_up() -> None:
            opened: Opened | None = None
            tag, trouble = b"", None
            try:
                if holding is not None:
                    opened, tag = access.find(holding.lease, badge)
            except Expected as error:
                trouble = error
            self._post(lambda c: c.identified(name, opened, tag, trouble))

        threading.Thread(target=look_up, name="identify", daemon=True).start()

    def publish(self, screen: Screen) -> None:
        """Tell the screen, if something changed."""
        if screen != self._shown:
            self._shown = screen
            self._on_screen(screen)

    def paint(self, painting: Painting) -> None:
        """Hand pixels to the screen."""
        self._on_painting(painting)

    def fetch(self, damaged: str) -> None:
        """Ask the sync for a blob again, or for whatever is missing."""
        if self._sync is not None:
            if damaged:
                self._sync.refetch(damaged)
            self._sync.poke()

    def rendered(self, job: Job, result: Shared | Expected) -> None:
        """The folio's answer; called on the folio's thread."""
        self._post(lambda c: c.rendered(job, result))

    # -- the thread ---------------------------------------------------------------------------------------

    def _post(self, act: Callable[[Conductor], None]) -> None:
        def work() -> None:
            if self._conductor is not None:
                act(self._conductor)

        self._work.put(work)

    def _run(self) -> None:
        try:
            if self._begin():
                self._serve()
        finally:
            self._end()

    def _begin(self) -> bool:
        """Put the parts together, however often it takes. Returns False when told to stop before."""
        while not self._stopping.is_set():
            try:
                self._assemble(self._build())
            except Expected as error:
                stage = Stage.SETUP if error.code == "not_enrolled" else Stage.TROUBLE
                notice = Notice(error.code, str(error), error.advice, "error")
                self.publish(Screen(stage, self._shown.status if self._shown else Status(), None, notice))
                self._wait_for_a_reason_to_retry()
            else:
                return True
        return False

    def _wait_for_a_reason_to_retry(self) -> None:
        try:
            self._work.get(timeout=RETRY_SECONDS)
        except queue.Empty:
            return

    def _assemble(self, parts: Parts) -> None:
        self._parts = parts
        self._folio = Folio(parts.renderer, parts.blobs, self.rendered)
        self._folio.start()
        self._conductor = Conductor(self, parts.journal, self._folio, parts.clock, parts.kiosk)
        if self._framing is not None:
            self._conductor.frame(self._framing)
        self._conductor.local(**parts.local())
        if parts.holding is not None:
            self._conductor.hold(parts.holding)
        self._sync = parts.make_sync(self)
        self._sync.start()
        for notice in parts.notes:
            self._conductor.tell(notice)

    def _serve(self) -> None:
        tick_at = time.monotonic() + TICK_SECONDS
        while not self._stopping.is_set():
            try:
                work = self._work.get(timeout=max(0.0, tick_at - time.monotonic()))
            except queue.Empty:
                work, tick_at = self._tick, time.monotonic() + TICK_SECONDS
            if work is not None:
                self._guarded(work)
                self._deliver()

    def _tick(self) -> None:
        if self._conductor is not None and self._parts is not None:
            self._conductor.local(**self._parts.local())
            self._conductor.tick()

    def _deliver(self) -> None:
        waiting = self._parts.journal.waiting() if self._parts is not None else 0
        if waiting > self._waiting and self._sync is not None:
            self._sync.poke()
        self._waiting = waiting

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception:
            _log.exception("a fault in the kiosk's engine")
            if self._conductor is not None:
                self._conductor.lock()
                self._conductor.tell(_FAULT)

    def _end(self) -> None:
        if self._conductor is not None:
            self._conductor.lock(session.Ended.CLOSED)
        for part in (self._sync, self._folio):
            if part is not None:
                part.stop()
        if self._parts is not None:
            self._parts.close()
