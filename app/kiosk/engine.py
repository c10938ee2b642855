"""The kiosk's engine: one thread that owns the conductor, and the doors by which everything reaches it.

The screen, the sync and the folio call from their own threads; each call becomes a piece of work in one
queue. So nothing behind the doors needs a lock.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from typing import TYPE_CHECKING, Any

from app.kiosk import access, session
from app.kiosk.access import Found
from app.kiosk.card_access import find_card
from app.kiosk.conductor import Conductor
from app.kiosk.folio import Folio
from app.kiosk.parts import Current, Parts, Syncing
from app.kiosk.pin_setting import order_slot
from app.kiosk.projector import Projector
from app.kiosk.view import Framing, Notice, Painting, Screen, Stage, Status
from app.model.errors import Expected, Unavailable
from app.model.terms import CredentialKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.kiosk.access import Holding
    from app.kiosk.folio import Job, Shared
    from app.kiosk.foretold import Foretold
    from app.kiosk.pin_desk import Trying
    from app.kiosk.pin_setting import NewPin
    from app.kiosk.projector import Reel
    from app.kiosk.readers import Presented, ReaderState
    from app.kiosk.view import MarkText, Said
    from app.pages.picture import Pixels
    from app.wire.grants import SignedGrant

__all__ = ["Current", "Engine", "Parts", "Syncing"]

TICK_SECONDS = 0.5
RETRY_SECONDS = 5.0
PAINT_SECONDS = 0.02
"""How long, at most, this thread keeps still while the screen paints a page."""
_log = logging.getLogger(__name__)
_FAULT = Notice(
    "fault",
    "Something went wrong in this program, so it was locked.",
    "Tap your badge to go on. If it happens again, tell IT: the details are in the kiosk's log.",
    "error",
)


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
        self._on_foretold: Callable[[Foretold], None] = lambda _foretold: None
        self._shown: Screen | None = None
        self._parts: Parts | None = None
        self._conductor: Conductor | None = None
        self._folio: Folio | None = None
        self._sync: Syncing | None = None
        self._framing: Framing | None = None
        self._waiting = 0
        self._stopping = threading.Event()
        self._again = threading.Event()
        self._painted = threading.Event()
        self._answers = False  # the screen says when it has painted
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    # -- the screen's doors (view.Kiosk) ------------------------------------------------------------------

    def listen(
        self,
        on_screen: Callable[[Screen], None],
        on_painting: Callable[[Painting], None],
        on_foretold: Callable[[Foretold], None] = lambda _foretold: None,
    ) -> None:
        """Register the listeners and start."""
        self._on_screen, self._on_painting, self._on_foretold = on_screen, on_painting, on_foretold
        self._thread.start()

    def painted(self) -> None:
        """The page handed over last is on the screen."""
        self._answers = True
        self._painted.set()

    def tap(self, badge: str) -> None:
        """A reader delivered a badge number; a kiosk in trouble tries again at once."""
        self._again.set()
        self._post(lambda c: c.tap(badge))

    def enter_pin(self, pin: str) -> None:
        """Digits were entered at the keypad."""
        self._post(lambda c: c.keypad.enter(pin))

    def set_pin(self) -> None:
        """Somebody wants to set a PIN."""
        self._post(lambda c: c.keypad.set_pin())

    def begin_grant(self) -> None:
        """Somebody wants a grant to be made."""
        self._post(lambda c: c.begin_grant())

    def choose(self, index: int) -> None:
        """An option was taken."""
        self._post(lambda c: c.choose(index))

    def cancel(self) -> None:
        """Leave the keypad, setting a PIN, or making a grant; put an agreement off."""
        self._post(lambda c: c.cancel())

    def turn_to(self, index: int) -> None:
        """Show leaf ``index``."""
        self._post(lambda c: c.turn_to(index))

    def confirm_step(self, key: str) -> None:
        """A step is done."""
        self._post(lambda c: c.bench.confirm(key))

    def withdraw_step(self, key: str, reason: str) -> None:
        """A confirmation does not hold."""
        self._post(lambda c: c.bench.withdraw(key, reason))

    def read_changes(self) -> None:
        """What changed is to be read now."""
        self._post(lambda c: c.read_changes())

    def confirm_changes(self) -> None:
        """The person confirms having read what changed."""
        self._post(lambda c: c.confirm_changes())

    def postpone_changes(self) -> None:
        """Not now."""
        self._post(lambda c: c.postpone_changes())

    def open_board(self) -> None:
        """The board is wanted."""
        self._post(lambda c: c.open_board())

    def call_for_help(self) -> None:
        """Help is needed."""
        self._post(lambda c: c.calls.call())

    def take_call_back(self) -> None:
        """It is not."""
        self._post(lambda c: c.calls.take_back())

    def remark(self, said: Said) -> None:
        """Something is wrong on the page in front."""
        self._post(lambda c: c.remarks.say(said))

    def take_remark_back(self) -> None:
        """It was a slip."""
        self._post(lambda c: c.remarks.take_back())

    def play_clip(self, width_px: int, height_px: int) -> None:
        """Play the clip of the page in front, let it stand still, or go on."""
        self._post(lambda c: c.clips.play(width_px, height_px))

    def stop_clip(self) -> None:
        """The page itself again."""
        self._post(lambda c: c.clips.stop())

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
        self._again.set()
        self._work.put(None)
        if self._thread.is_alive():
            self._thread.join()

    # -- the sync's doors ---------------------------------------------------------------------------------

    def on_holding(self, holding: Holding | None) -> None:
        """A new lease was accepted and stored, or (None) everything was taken away."""
        self._post(lambda c: self._hold(c, holding))

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

    # -- the readers' doors (readers.Listener) ------------------------------------------------------------

    def on_presented(self, presented: Presented) -> None:
        """A badge was read whole."""
        if presented.kind is CredentialKind.CARD:
            self._post(lambda c: c.card(presented))
        else:
            self.tap(presented.text)

    def on_misread(self, error: Expected) -> None:
        """A badge was there and was not accepted."""
        self._post(lambda c: c.misread(error))

    def on_reader(self, state: ReaderState) -> None:
        """A reader was pulled out, or is there."""
        self._post(lambda c: c.reader(state))

    # -- what the conductor asks (conductor.Surroundings) -------------------------------------------------

    def identify(self, badge: str | Presented, name: str) -> None:
        """Run Argon2id beside this thread, so that the screen's clock and countdown go on."""
        holding = self._conductor.holding if self._conductor is not None else None

        def look_up() -> None:
            found, trouble = Found(), None
            try:
                if holding is None:
                    pass
                elif isinstance(badge, str):
                    found = access.find(holding.lease, badge)
                else:
                    found = Found(*find_card(holding.lease, badge))
            except Expected as error:
                trouble = error
            self._post(lambda c: c.identified(name, found, trouble))

        self._beside("identify", look_up)

    def try_pin(self, trying: Trying, badge: str, pin: str) -> None:
        """Run the second derivation beside this thread. The PIN is gone when it is done."""
        holding = self._conductor.holding if self._conductor is not None else None

        def open_slot() -> None:
            opened, trouble = None, None
            try:
                if holding is not None:
                    opened = access.try_pin(holding.lease, trying.tag, badge, pin)
            except Expected as error:
                trouble = error
            self._post(lambda c: c.keypad.tried(trying, opened, trouble))

        self._beside("try-pin", open_slot)

    def set_slot(self, new: NewPin) -> None:
        """Make the slot and hand it in beside this thread; the new lease is asked for at once."""
        holding = self._conductor.holding if self._conductor is not None else None
        parts, sync = self._parts, self._sync

        def hand_in() -> None:
            person, trouble = "", None
            try:
                if holding is None or parts is None or sync is None:
                    raise Unavailable("This kiosk has no lease any more.", advice="Ask your supervisor.")
                person = parts.hand_in(order_slot(new, holding.lease.site_salt)).person
                sync.renew()
            except Expected as error:
                trouble = error
            self._post(lambda c: c.keypad.was_set(person, trouble))

        self._beside("set-pin", hand_in)

    def ask_grant(self, signed: SignedGrant) -> None:
        """Ask the hub beside this thread; its lease with the grant is asked for at once."""
        parts, sync = self._parts, self._sync

        def ask() -> None:
            trouble = None
            try:
                if parts is not None and sync is not None:
                    parts.ask_grant(signed)
                    sync.renew()
            except Expected as error:
                trouble = error
            self._post(lambda c: c.glass.answered(signed.statement.grant, trouble))

        self._beside("ask-grant", ask)

    def _beside(self, name: str, work: Callable[[], None]) -> None:
        def guarded() -> None:
            try:
                work()
            except Exception:
                _log.exception("a fault beside the kiosk's engine")
                self._work.put(self._fault)  # nobody waits for an answer that does not come

        threading.Thread(target=guarded, name=name, daemon=True).start()

    def publish(self, screen: Screen) -> None:
        """Tell the screen, if something changed."""
        if screen != self._shown:
            self._shown = screen
            self._on_screen(screen)

    def paint(self, painting: Painting) -> None:
        """Hand pixels to the screen; a page is waited for, so that nothing here takes turns with it."""
        if painting.clip:
            self._on_painting(painting)
            return
        self._painted.clear()
        self._on_painting(painting)
        if self._answers and not (painting.thumbnail or painting.ahead):
            self._painted.wait(PAINT_SECONDS)

    def foretell(self, foretold: Foretold) -> None:
        """Tell the screen what it can paint out of sight."""
        self._on_foretold(foretold)

    def project(self, reel: Reel, index: int, mark: MarkText) -> Projector:
        """Play beside this thread."""
        assert self._parts is not None
        framing = Framing(*reel.size)

        def show(pixels: Pixels) -> None:
            self.paint(Painting(index, framing, pixels, mark, clip=True))

        def ended(trouble: Expected | None) -> None:
            self._post(lambda c: c.clips.ended(projector, trouble))

        projector = Projector(reel, self._parts.blobs, show, ended)
        projector.start()
        return projector

    def fetch(self, damaged: str) -> None:
        """Ask the sync for a blob again, or for whatever is missing."""
        if self._sync is not None:
            if damaged:
                self._sync.refetch(damaged)
            self._sync.poke(urgent=True)

    def hurry(self) -> None:
        """Somebody waits for what was just written."""
        if self._sync is not None:
            self._sync.poke(urgent=True)

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
            self._again.clear()
            try:
                self._assemble(self._build())
            except Expected as error:
                stage = Stage.SETUP if error.code == "not_enrolled" else Stage.TROUBLE
                notice = Notice(error.code, str(error), error.advice, "error")
                self.publish(Screen(stage, self._shown.status if self._shown else Status(), None, notice))
                self._again.wait(RETRY_SECONDS)
            else:
                return True
        return False

    def _assemble(self, parts: Parts) -> None:
        self._parts = parts
        self._folio = Folio(parts.renderer, parts.blobs, self.rendered)
        self._folio.start()
        self._conductor = Conductor(
            self,
            parts.journal,
            self._folio,
            parts.clock,
            parts.kiosk,
            parts.station,
            parts.tries,
            parts.done,
            parts.grants,
            parts.signatures,
            parts.connect,
        )
        if self._framing is not None:
            self._conductor.frame(self._framing)
        self._conductor.local(**parts.local())
        if parts.holding is not None:
            self._hold(self._conductor, parts.holding)
        self._sync = parts.make_sync(self)
        self._sync.start()
        for notice in parts.notes:
            self._conductor.tell(notice)
        for reader in parts.readers:
            reader.start(self)

    def _hold(self, conductor: Conductor, holding: Holding | None) -> None:
        if self._parts is not None:
            self._parts.current.holding = holding
        conductor.hold(holding)

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
            self._fault()

    def _fault(self) -> None:
        """A fault of our own: whoever is signed in is locked out, and told."""
        if self._conductor is not None:
            self._conductor.lock()
            self._conductor.tell(_FAULT)

    def _end(self) -> None:
        for reader in self._parts.readers if self._parts is not None else ():
            reader.stop()
        if self._conductor is not None:
            self._conductor.lock(session.Ended.CLOSED)
        for part in (self._sync, self._folio):
            if part is not None:
                part.stop()
        if self._parts is not None:
            self._parts.close()
