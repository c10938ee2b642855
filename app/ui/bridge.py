"""Where the engine's threads meet Qt: what the engine tells becomes queued signals on the GUI thread.

The one file of ``app.ui`` in which another thread runs. Order is kept: a painting that the engine handed over
before a lock arrives before that lock.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from app.kiosk.view import Notice, Screen, Stage, Status
from app.model.errors import Expected
from app.ui import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.kiosk.foretold import Foretold
    from app.kiosk.view import Framing, Kiosk, Painting, Said

RETRY_SECONDS = 5.0
_log = logging.getLogger(__name__)


class Bridge(QObject):
    """The engine as widgets see it: signals out of it, calls into it.

    Failure policy: calls before the engine exists are dropped, except the last badge and the last framing,
    which are handed over as soon as it does. An engine that cannot be made shows the trouble and is tried
    again every few seconds and at every tap; a fault of our own in making it is logged and shown as one.
    Paintings that nobody takes any more (after ``close``) are released.
    """

    _screen_told = Signal(object)
    _painting_told = Signal(object)
    _foretold_told = Signal(object)
    _made = Signal(object)

    def __init__(
        self,
        make_engine: Callable[[], Kiosk],
        on_screen: Callable[[Screen], None],
        on_painting: Callable[[Painting], None],
        on_foretold: Callable[[Foretold], None] = lambda _foretold: None,
    ) -> None:
        super().__init__()
        self._make_engine = make_engine
        self._on_screen, self._on_painting, self._on_foretold = on_screen, on_painting, on_foretold
        self._engine: Kiosk | None = None
        self._early_badge = ""
        self._early_framing: Framing | None = None
        self._closing = threading.Event()
        self._again = threading.Event()
        self._thread = threading.Thread(target=self._make, name="make-engine", daemon=True)
        queued = Qt.ConnectionType.QueuedConnection
        self._screen_told.connect(self._take_screen, queued)
        self._painting_told.connect(self._take_painting, queued)
        self._foretold_told.connect(self._take_foretold, queued)
        self._made.connect(self._take_engine, queued)

    def start(self) -> None:
        """Make the engine, beside the GUI thread."""
        self._thread.start()

    def close(self) -> None:
        """Close the engine; returns when its threads and processes are gone. Nothing is told afterwards."""
        self._closing.set()
        self._again.set()
        if self._thread.is_alive():
            self._thread.join()
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()

    # -- into the engine (GUI thread) ---------------------------------------------------------------------

    def tap(self, badge: str) -> None:
        """A badge was read."""
        if self._engine is None:
            self._early_badge = badge
            self._again.set()
        else:
            self._engine.tap(badge)

    def enter_pin(self, pin: str) -> None:
        """Digits were entered at the keypad."""
        if self._engine is not None:
            self._engine.enter_pin(pin)

    def set_pin(self) -> None:
        """Somebody wants to set a PIN."""
        if self._engine is not None:
            self._engine.set_pin()

    def begin_grant(self) -> None:
        """A supervisor wants to make a grant."""
        if self._engine is not None:
            self._engine.begin_grant()

    def choose(self, index: int) -> None:
        """An option was taken."""
        if self._engine is not None:
            self._engine.choose(index)

    def cancel(self) -> None:
        """Leave the keypad, setting a PIN, or making a grant."""
        if self._engine is not None:
            self._engine.cancel()

    def frame(self, framing: Framing) -> None:
        """The page is wanted like this."""
        self._early_framing = framing
        if self._engine is not None:
            self._engine.frame(framing)

    def turn_to(self, index: int) -> None:
        """Show leaf ``index``."""
        if self._engine is not None:
            self._engine.turn_to(index)

    def confirm_step(self, key: str) -> None:
        """A step is done."""
        if self._engine is not None:
            self._engine.confirm_step(key)

    def withdraw_step(self, key: str, reason: str) -> None:
        """A confirmation does not hold."""
        if self._engine is not None:
            self._engine.withdraw_step(key, reason)

    def read_changes(self) -> None:
        """What changed is to be read now."""
        if self._engine is not None:
            self._engine.read_changes()

    def confirm_changes(self) -> None:
        """The person has read what changed."""
        if self._engine is not None:
            self._engine.confirm_changes()

    def postpone_changes(self) -> None:
        """Not now."""
        if self._engine is not None:
            self._engine.postpone_changes()

    def open_board(self) -> None:
        """The board is wanted."""
        if self._engine is not None:
            self._engine.open_board()

    def call_for_help(self) -> None:
        """Help is needed."""
        if self._engine is not None:
            self._engine.call_for_help()

    def take_call_back(self) -> None:
        """It is not."""
        if self._engine is not None:
            self._engine.take_call_back()

    def remark(self, said: Said) -> None:
        """Something is wrong on the page in front."""
        if self._engine is not None:
            self._engine.remark(said)

    def take_remark_back(self) -> None:
        """It was a slip."""
        if self._engine is not None:
            self._engine.take_remark_back()

    def play_clip(self, width_px: int, height_px: int) -> None:
        """Play the clip of the page in front, let it stand still, or go on."""
        if self._engine is not None:
            self._engine.play_clip(width_px, height_px)

    def stop_clip(self) -> None:
        """The page itself again."""
        if self._engine is not None:
            self._engine.stop_clip()

    def show_strip(self, width_px: int, height_px: int) -> None:
        """Thumbnails are wanted."""
        if self._engine is not None:
            self._engine.show_strip(width_px, height_px)

    def touch(self) -> None:
        """Somebody is there."""
        self._again.set()
        if self._engine is not None:
            self._engine.touch()

    def lock(self) -> None:
        """Lock now."""
        if self._engine is not None:
            self._engine.lock()

    # -- out of the engine --------------------------------------------------------------------------------

    def _make(self) -> None:
        while not self._closing.is_set():
            try:
                engine = self._make_engine()
            except Expected as error:
                self._tell_trouble(Notice(error.code, str(error), error.advice, "error"))
            except Exception:
                _log.exception("the engine could not be made")
                self._tell_trouble(Notice("fault", words.FAULT, words.FAULT_HOW, "error"))
            else:
                self._made.emit(engine)
                return
            self._again.wait(RETRY_SECONDS)
            self._again.clear()

    def _tell_trouble(self, notice: Notice) -> None:
        self._tell_screen(Screen(Stage.TROUBLE, Status(), None, notice))

    def _tell_screen(self, screen: Screen) -> None:
        if not self._closing.is_set():
            self._screen_told.emit(screen)

    def _tell_painting(self, painting: Painting) -> None:
        if self._closing.is_set():
            painting.pixels.release()
        else:
            self._painting_told.emit(painting)

    def _take_engine(self, engine: Kiosk) -> None:
        self._engine = engine
        if self._closing.is_set():
            engine.close()
            return
        engine.listen(self._tell_screen, self._tell_painting, self._foretold_told.emit)
        if self._early_framing is not None:
            engine.frame(self._early_framing)
        if self._early_badge:
            badge, self._early_badge = self._early_badge, ""
            engine.tap(badge)

    def _take_screen(self, screen: Screen) -> None:
        if not self._closing.is_set():
            self._on_screen(screen)

    def _take_foretold(self, foretold: Foretold) -> None:
        if not self._closing.is_set():
            self._on_foretold(foretold)

    def _take_painting(self, painting: Painting) -> None:
        if self._closing.is_set():
            painting.pixels.release()
        else:
            self._on_painting(painting)
            if self._engine is not None and not (painting.thumbnail or painting.ahead or painting.clip):
                self._engine.painted()
