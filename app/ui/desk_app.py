"""Runs the desk's window until it is closed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from app.ui import theme
from app.ui.desk_bridge import DeskBridge
from app.ui.desk_window import DeskWindow
from app.ui.stopper import Stopper
from app.wire.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.desk.office import Office


def run_desk(open_office: Callable[[], Office], *, mode: theme.Mode = "light") -> int:
    """Show the desk until its window is closed, or SIGTERM or SIGINT; returns the exit code."""
    app = QApplication.instance() or QApplication([sys.argv[0]])
    assert isinstance(app, QApplication)
    window = DeskWindow(theme.load_style(mode), SystemClock())
    bridge = DeskBridge(open_office, window.take)
    window.asked.connect(bridge.ask)
    stopper = Stopper(app)
    window.resize(1600, 960)
    window.showMaximized()
    try:
        return app.exec()
    finally:
        bridge.close()
        window.close()
        stopper.close()
