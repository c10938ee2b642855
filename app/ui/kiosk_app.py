"""Runs the kiosk's screen: the badge screen first, the engine after it, until the engine's end or SIGTERM."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.ui import theme
from app.ui.kiosk_window import KioskWindow
from app.ui.pedal import read_pedal
from app.ui.stopper import Stopper
from app.wire.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

    from app.kiosk.view import Kiosk, Screen
    from app.ui.bridge import Bridge


SWITCH_S = 0.0001
"""How long another thread may keep the interpreter while this one waits to paint: Python's own 5 ms would be
a third of a frame, several times over in one page turn."""


def run_kiosk(
    make_engine: Callable[[], Kiosk],
    *,
    windowed: bool = False,
    mode: Literal["light", "dark"] = "light",
    language: str = "en",
    text_size: int = 100,
    dpi: float | None = None,
    pedal: Sequence[str] = (),
    sound: bool = False,
) -> int:
    """Show the kiosk until it is told to end; returns the exit code.

    ``make_engine`` is called once the badge screen is painted, on a thread of its own; what it raises as
    ``Expected`` is shown, and it is called again. ``windowed``: an ordinary window that may be closed,
    in which a badge number may also be typed by hand. ``language``, ``text_size`` and ``dpi``: as for
    ``KioskWindow``.
    ``pedal``: what the keys of a foot pedal do, such as ``F13=next``. ``sound``: whether it is heard, too.
    Ends by SIGTERM or SIGINT, by a supervisor at the board, or by closing such a window; returns only when
    the engine is closed.
    """
    keys = read_pedal(pedal)
    app = QApplication.instance() or QApplication([sys.argv[0]])
    assert isinstance(app, QApplication)
    app.setQuitOnLastWindowClosed(True)
    window = KioskWindow(
        theme.load_style(mode),
        SystemClock(),
        may_close=windowed,
        dpi=dpi,
        language=language,
        text_size=text_size,
    )
    running: list[Bridge] = []

    def begin() -> None:
        from app.ui.leisure import Leisure

        running.append(
            bring_up(
                app, window, make_engine, take_typed=windowed, pedal=keys, bell=app.beep if sound else None
            )
        )
        Leisure(window)

    window.first_painted.connect(begin)
    window.ended.connect(lambda: app.exit(0))
    stopper = Stopper(app)
    hook_before, sys.excepthook = sys.excepthook, lambda *fault: _on_fault(running, *fault)
    if windowed:
        window.resize(1280, 800)
        window.show()
    else:
        window.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        # A session without a window manager grants no full screen: take it.
        window.setGeometry(window.screen().geometry())
        window.showFullScreen()
    try:
        code = app.exec()
    finally:
        sys.excepthook = hook_before
        window.let_close()
        for bridge in running:
            bridge.close()
        window.close()
        stopper.close()
    return code


def bring_up(
    app: QApplication,
    window: KioskWindow,
    make_engine: Callable[[], Kiosk],
    *,
    take_typed: bool = False,
    pedal: Mapping[Qt.Key, str] | None = None,
    bell: Callable[[], object] | None = None,
) -> Bridge:
    """Start what the badge screen could do without until it stood there: engine, keys, station screen.

    ``bell`` rings where sounds are wanted.
    """
    from app.ui.bridge import Bridge
    from app.ui.keys import Keys

    sys.setswitchinterval(SWITCH_S)
    take_screen = _with_sound(window, bell) if bell is not None else window.take_screen
    bridge = Bridge(make_engine, take_screen, window.take_painting, window.take_foretold)
    bridge.start()
    window.connect_engine(bridge)
    app.installEventFilter(Keys(window, bridge, take_typed=take_typed, pedal=pedal))
    return bridge


def _with_sound(window: KioskWindow, bell: Callable[[], object]) -> Callable[[Screen], None]:
    from app.ui.sound import Sound

    heard = Sound(bell, window)

    def take_screen(screen: Screen) -> None:
        window.take_screen(screen)
        heard.take_screen(screen)

    return take_screen


def _on_fault(
    running: list[Bridge], kind: type[BaseException], fault: BaseException, trace: TracebackType | None
) -> None:
    """A fault of our own in a widget: logged with its traceback, and whoever is signed in is locked out."""
    logging.getLogger(__name__).critical("a fault in the kiosk's screen", exc_info=(kind, fault, trace))
    for bridge in running:
        bridge.lock()
