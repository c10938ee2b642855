"""Opens the kiosk's real window offscreen, with a scripted engine and real pages, and steers it."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from app.kiosk.view import Screen, Stage
from app.ui import theme
from app.ui.kiosk_app import bring_up
from app.ui.kiosk_window import KioskWindow
from app.ui.page_view import PageView
from app.ui.tongue import speak
from tests.ui.player import NOW, STATUS, Player
from tests.ui.sheets import sheets

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from types import TracebackType

    from PySide6.QtGui import QImage

    from app.pages.renderer import Renderer
    from app.ui.pin_screen import PinScreen
    from app.ui.station_screen import StationScreen
    from app.wire.clock import Moment

ROSA = "0004417712"
PEOPLE = {ROSA: "Rosa Ferreira"}
PATIENCE_S = 30.0


@dataclass(frozen=True)
class Glass:
    """A screen as it hangs at a station: pixels, and how dense they are."""

    width: int
    height: int
    dpi: float

    @property
    def name(self) -> str:
        """Its size as people say it."""
        return f"{self.width}x{self.height}"

    def mm(self, pixels: float) -> float:
        """A length on it in millimetres."""
        return pixels / self.dpi * 25.4


GLASSES = (Glass(1920, 1080, 92), Glass(1280, 800, 96), Glass(3840, 2160, 163))
"""24 inches full HD, a 15.7-inch panel computer, 27 inches 4K."""


class _StillClock:
    def now(self) -> datetime:
        return NOW

    def moment(self) -> Moment:
        raise NotImplementedError


class Guide:
    """One window of this size and mode; ``with`` closes it. Scenes steer it by ``player`` and ``window``."""

    def __init__(
        self,
        glass: Glass,
        mode: theme.Mode,
        renderer: Renderer,
        pages: int = 8,
        language: str = "en",
        text_size: int = 100,
    ) -> None:
        app = QApplication.instance() or QApplication([sys.argv[0]])
        assert isinstance(app, QApplication)
        self.app, self.glass, self.pages, self.language = app, glass, pages, language
        self.player = Player(sheets(pages), PEOPLE, renderer)
        self.window = KioskWindow(
            theme.load_style(mode),
            _StillClock(),
            may_close=True,
            dpi=glass.dpi,
            language=language,
            text_size=text_size,
        )
        self.window.resize(glass.width, glass.height)
        self.window.show()
        self._bridge = bring_up(app, self.window, lambda: self.player)
        self.until(lambda: self.stage() is Stage.BADGE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.window.let_close()
        self._bridge.close()
        self.window.close()
        self.window.deleteLater()
        self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # with it goes its filter of all keys
        speak("en")

    # -- where we are -------------------------------------------------------------------------------------

    def stage(self) -> Stage:
        """Which screen is up."""
        return self.window.screen_up.stage

    @property
    def station(self) -> StationScreen:
        """The screen of a signed-in person."""
        assert self.window.station is not None
        return self.window.station

    @property
    def pin(self) -> PinScreen:
        """The keypad."""
        assert self.window.pin is not None
        return self.window.pin

    def until(self, true: Callable[[], bool]) -> None:
        """Let Qt work until this holds.

        Raises:
            AssertionError: it does not within half a minute.
        """
        end = time.monotonic() + PATIENCE_S
        while not true():
            assert time.monotonic() < end, "the kiosk does not come to this screen"
            self.app.processEvents()
            time.sleep(0.002)

    def settle(self) -> None:
        """Everything that the engine was asked for has arrived."""
        self.player.settle()
        self.app.processEvents()
        self.player.settle()
        self.app.processEvents()

    def sharpen(self) -> None:
        """What is zoomed into has its own pixels; they are asked for a moment after the last step."""
        view = self.station.findChild(PageView)
        assert isinstance(view, PageView)
        self.until(lambda: view.sharp)
        self.settle()

    def picture(self) -> QImage:
        """What is on the screen."""
        return self.window.grab().toImage()

    # -- where we go --------------------------------------------------------------------------------------

    def put_up(self, screen: Screen) -> None:
        """The engine says this."""
        self.player.show(screen)
        self.settle()

    def start_over(self) -> None:
        """Back to the badge screen, with nothing said."""
        self.player.clips = {}
        self.player.set_status(**vars(STATUS))
        self.player.say(None)
        self.player.lock()
        self.settle()

    def sign_in(self) -> None:
        """Rosa taps her badge and has her first page."""
        self.player.tap(ROSA)
        self.until(lambda: self.stage() is Stage.STATION and self.station.shown == 0)
        self.settle()
