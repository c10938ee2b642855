"""The kiosk's one window: it puts up the screen that the engine asks for, and nothing else.

When a session ends, every pixel of it is dropped and painted over before this returns to the event loop.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.kiosk.view import Screen, Stage, Status
from app.ui import words
from app.ui.poster import PosterScreen
from app.ui.theme import theme_for
from app.ui.tongue import known, speak

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QCloseEvent, QResizeEvent

    from app.kiosk.foretold import Foretold
    from app.kiosk.view import Painting
    from app.ui.board_screen import BoardScreen
    from app.ui.bridge import Bridge
    from app.ui.changes_screen import ChangesScreen
    from app.ui.choice_screen import ChoiceScreen
    from app.ui.pin_screen import PinScreen
    from app.ui.station_screen import StationScreen
    from app.ui.theme import Style, Theme
    from app.wire.clock import Clock

CLOCK_MS = 1000


class KioskWindow(QWidget):
    """Poster, keypad or station screen. ``may_close``: whether a person may close it.

    ``dpi``: the screen's real density, where the screen itself tells it wrongly or not at all. ``language``:
    one of ``tongue.LANGUAGES``, spoken unless the profile of whoever is signed in says another.
    ``text_size``: how large letters are, per cent, unless that profile wants them larger. ``ended``: a
    supervisor at the board wants the program to end.
    """

    ended = Signal()

    def __init__(
        self,
        style: Style,
        clock: Clock,
        *,
        may_close: bool,
        dpi: float | None = None,
        language: str = "en",
        text_size: int = 100,
    ) -> None:
        super().__init__()
        self._style, self._clock, self._may_close, self._dpi = style, clock, may_close, dpi
        self._language = self._spoken = language
        speak(language)
        self._least_text = self._text_size = text_size
        self._screen = Screen(Stage.STARTING, Status())
        self._bridge: Bridge | None = None
        self._station: StationScreen | None = None
        self._changes: ChangesScreen | None = None
        self._pin: PinScreen | None = None
        self._choice: ChoiceScreen | None = None
        self._board: BoardScreen | None = None
        self._early: Painting | None = None
        self.painted_at = 0.0
        """When pixels came last, by ``time.monotonic``."""
        self._theme = theme_for(style, 1280, 800, self.screen(), dpi, text_size)
        self._poster = PosterScreen(self._theme, self)
        self.first_painted = self._poster.first_painted
        self.setWindowTitle(words.WINDOW_TITLE)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self._ticking = QTimer(self)
        self._ticking.setInterval(CLOCK_MS)
        self._ticking.timeout.connect(self._tell)
        self._ticking.start()
        self._tell()

    # -- what the engine says -----------------------------------------------------------------------------

    def connect_engine(self, bridge: Bridge) -> None:
        """Make the station screen, which needs the engine's doors, and tell it the size of a page."""
        from app.ui.changes_screen import ChangesScreen
        from app.ui.choice_screen import ChoiceScreen
        from app.ui.pin_screen import PinScreen
        from app.ui.station_screen import StationScreen

        self._bridge = bridge
        self._poster.set_pin_asked.connect(bridge.set_pin)
        self._poster.grant_asked.connect(bridge.begin_grant)
        self._poster.cancelled.connect(bridge.cancel)
        self._poster.help_asked.connect(bridge.call_for_help)
        self._pin = PinScreen(self._theme, self)
        self._pin.hide()
        self._pin.setGeometry(self.rect())
        self._pin.entered.connect(bridge.enter_pin)
        self._pin.cancelled.connect(bridge.cancel)
        self._choice = ChoiceScreen(self._theme, self)
        self._choice.hide()
        self._choice.setGeometry(self.rect())
        self._choice.chosen.connect(bridge.choose)
        self._choice.cancelled.connect(bridge.cancel)
        self._station = StationScreen(self._theme, bridge, self)
        self._station.hide()
        self._station.setGeometry(self.rect())
        self._changes = ChangesScreen(self._theme, bridge, self)
        self._changes.hide()
        self._changes.setGeometry(self.rect())
        self._station.ask_frame()

    def take_screen(self, screen: Screen) -> None:
        """Show this screen."""
        stage, before, self._screen = self._screen.stage, self.paged, screen
        board = self._board
        self._speak(screen)
        self._size(screen)
        self._seat()
        paged = self.paged
        if paged is not None:
            self._tell()
            if before is not paged:
                self._swap()
                if before is not None:
                    before.leave()
                paged.ask_frame()
            if self._early is not None:
                early, self._early = self._early, None
                paged.take_painting(early)
            return
        self._drop_early()
        self._tell()
        if stage is not screen.stage:
            self._swap()
        if before is not None:
            before.leave()
        if before is not None or (board is not None and self._board is None):
            self.repaint()
        elif stage is not screen.stage and self._station is not None:
            self._station.ask_frame()

    def take_painting(self, painting: Painting) -> None:
        """Pixels of a page, of a thumbnail, or of a clip."""
        self.painted_at = time.monotonic()
        screen = self.station if painting.clip else self.paged
        if screen is not None:
            screen.take_painting(painting)
        elif painting.thumbnail or painting.ahead or painting.clip:
            painting.pixels.release()
        else:
            self._drop_early()
            self._early = painting

    def take_foretold(self, foretold: Foretold) -> None:
        """A page that is being written down."""
        if self._station is not None and self.paged is self._station:
            self._station.take_foretold(foretold)

    def _speak(self, screen: Screen) -> None:
        """In the language of whoever is signed in."""
        signed_in = screen.session or screen.board
        wished = known(signed_in.language, self._language) if signed_in is not None else self._language
        if wished != self._spoken:
            self._spoken = wished
            speak(wished)

    def _size(self, screen: Screen) -> None:
        """Letters as large as whoever is signed in needs them."""
        signed_in = screen.session or screen.board
        wished = max(signed_in.text_size if signed_in is not None else 0, self._least_text)
        if wished != self._text_size:
            self._text_size = wished
            self._fit()

    def _seat(self) -> None:
        """Make the board when somebody comes to it; let nothing of it stay when they leave."""
        seat, board = self._screen.board, self._board
        if board is not None and (seat is None or seat.papers != board.papers):
            self._board = None
            board.leave()
            board.hide()
            board.deleteLater()
        if seat is not None and self._board is None and self._bridge is not None:
            from app.ui.board_screen import BoardScreen  # late: most sessions need none of it

            self._board = BoardScreen(self._theme, seat, self._clock, self)
            self._board.closed.connect(self._bridge.lock)
            self._board.ended.connect(self.ended)
            self._board.setGeometry(self.rect())
            self._board.show()
            self._board.raise_()

    def _drop_early(self) -> None:
        if self._early is not None:
            self._early.pixels.release()
            self._early = None

    def _swap(self) -> None:
        paged, at_pin, at_choice = self.paged, self.pin is not None, self.choice is not None
        self._poster.setVisible(paged is None and not (at_pin or at_choice or self._board))
        for screen in (self._station, self._changes):
            if screen is not None:
                screen.setVisible(screen is paged)
        if self._pin is not None:
            if not at_pin:
                self._pin.leave()
            self._pin.setVisible(at_pin)
        if self._choice is not None:
            if not at_choice:
                self._choice.leave()
            self._choice.setVisible(at_choice)

    def _tell(self) -> None:
        now = self._clock.now().astimezone()
        if self.paged is not None:
            self.paged.tell(self._screen, now)
        elif self.pin is not None:
            self.pin.tell(self._screen, now)
        elif self.choice is not None:
            self.choice.tell(self._screen, now)
        elif self._board is not None:
            self._board.show_screen(self._screen, now)
        else:
            self._poster.tell(self._screen, now)

    # -- keys ---------------------------------------------------------------------------------------------

    @property
    def screen_up(self) -> Screen:
        """What the engine said last."""
        return self._screen

    @property
    def theme(self) -> Theme:
        """How everything looks now."""
        return self._theme

    @property
    def front(self) -> QWidget:
        """The one that is up."""
        return self.paged or self.pin or self.choice or self._board or self._poster

    @property
    def paged(self) -> StationScreen | ChangesScreen | None:
        """The one that shows pages, while one is up."""
        return self.station or self.changes

    @property
    def board(self) -> BoardScreen | None:
        """The board, while it is up."""
        return self._board

    @property
    def changes(self) -> ChangesScreen | None:
        """What changed, while it is up."""
        return self._changes if self._screen.stage is Stage.CHANGES else None

    @property
    def station(self) -> StationScreen | None:
        """The station screen, while it is up."""
        return self._station if self._screen.stage is Stage.STATION else None

    @property
    def pin(self) -> PinScreen | None:
        """The keypad, while it is up."""
        return self._pin if self._screen.stage is Stage.PIN else None

    @property
    def choice(self) -> ChoiceScreen | None:
        """The options, while they are up."""
        return self._choice if self._screen.stage is Stage.CHOICE else None

    # -- Qt -----------------------------------------------------------------------------------------------

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Scale and lay out."""
        self._fit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """The window may have come to another screen."""
        super().changeEvent(event)
        if event.type() == event.Type.ScreenChangeInternal:
            self._fit()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """A kiosk is not closed from its screen."""
        if self._may_close:
            event.accept()
        else:
            event.ignore()

    def let_close(self) -> None:
        """From now on the window may close: the program ends."""
        self._may_close = True
        self._drop_early()
        if self._board is not None:
            self._board.leave(wait=True)
        for screen in (self._station, self._changes):
            if screen is not None:
                screen.leave()

    def _fit(self) -> None:
        self._theme = theme_for(
            self._style, self.width(), self.height(), self.screen(), self._dpi, self._text_size
        )
        self._poster.setGeometry(self.rect())
        self._poster.restyle(self._theme)
        for screen in (self._station, self._changes, self._pin, self._choice, self._board):
            if screen is not None:
                screen.setGeometry(self.rect())
                screen.restyle(self._theme)
