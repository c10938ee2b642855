"""Keys, whatever has the focus: a badge reader types as a keyboard does, and a few keys are commands.

One filter for the whole application takes every key before any widget sees it, so a badge's characters are
never echoed, never press a button, and need no field to type into.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QInputEvent, QKeyEvent

from app.kiosk.barcodes import command_of
from app.kiosk.wedge import Badge, WedgeDecoder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.kiosk.wedge import Heard
    from app.ui.board_screen import BoardScreen
    from app.ui.bridge import Bridge
    from app.ui.kiosk_window import KioskWindow
    from app.ui.pin_screen import PinScreen

COMMANDS = {
    Qt.Key.Key_Left: "previous",
    Qt.Key.Key_Right: "next",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
    Qt.Key.Key_PageUp: "previous",
    Qt.Key.Key_PageDown: "next",
    Qt.Key.Key_Home: "first",
    Qt.Key.Key_End: "last",
    Qt.Key.Key_Escape: "fit page",
    Qt.Key.Key_MediaPlay: "play",
    Qt.Key.Key_MediaTogglePlayPause: "play",
}
"""Keys that no reader sends."""

LETTERS = {
    "+": "larger",
    "=": "larger",
    "-": "smaller",
    "0": "fit page",
    "t": "pages",
    " ": "next",
    "l": "lock",
    "h": "help",
    "m": "menu",
    "p": "play",
    "b": "board",
}
"""Commands that a person types; a reader's characters never get here."""

TOUCH_MS = 500
"""How often the engine is told that somebody is there, at most."""
LATE_MS = 30
STALL_MOST_MS = 2000
"""A larger delay is no delay: the window system's clock began anew."""
_KEYS = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride})
_TOUCHES = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.Wheel,
    }
)
_ENDS = {Qt.Key.Key_Return: "\n", Qt.Key.Key_Enter: "\n", Qt.Key.Key_Tab: "\t"}


class Keys(QObject):
    """The filter; belongs to the window. Times are milliseconds.

    ``take_typed``: a badge number typed by hand counts, for trying the kiosk out without a reader. ``pedal``:
    what the keys of a foot pedal do (``app.ui.pedal``).
    """

    def __init__(
        self,
        window: KioskWindow,
        engine: Bridge,
        *,
        take_typed: bool = False,
        pedal: Mapping[Qt.Key, str] | None = None,
    ) -> None:
        super().__init__(window)
        self._commands = {**COMMANDS, **(pedal or {})}
        self._window, self._engine = window, engine
        self._decoder = WedgeDecoder(take_typed=take_typed)
        self._touched = 0.0
        self._zero: float | None = None
        self._late = False
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.timeout.connect(self._flush)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Take every key; look at the rest."""
        if event.type() in _KEYS and isinstance(event, QKeyEvent):
            if event.type() is QEvent.Type.KeyPress:
                self._pressed(event)
            return True
        if event.type() in _TOUCHES and isinstance(event, QInputEvent):
            self._somebody()
        return event.type() is QEvent.Type.ContextMenu

    def _somebody(self) -> None:
        """Tell the engine that somebody is there, a few times a second at most."""
        now = _now()
        if now - self._touched >= TOUCH_MS:
            self._touched = now
            self._engine.touch()

    def _pressed(self, event: QKeyEvent) -> None:
        command = self._commands.get(Qt.Key(event.key()))
        pad = self._window.pin
        asking = pad or self._window.choice
        if asking is not None and command is not None:
            if event.key() == Qt.Key.Key_Escape:
                asking.cancel()
            return
        board = self._window.board
        if board is not None and command is not None:
            board.press(event)
            self._somebody()
            return
        if command is not None:
            self._do(command)
            self._somebody()  # after it: what there is to tell of that can wait for the page
            return
        text = _ENDS.get(Qt.Key(event.key()), event.text())
        self._take(self._decoder.feed(text, self._when(event), repeated=event.isAutoRepeat()))
        self._late = False
        self._wait()

    def _when(self, event: QKeyEvent) -> float:
        """When the key went down, by the window system's own stamp: a busy moment here must not tear a badge
        apart. The stamp's zero is found from the promptest event so far.
        """
        now, stamp = _now(), event.timestamp()
        if not stamp:
            return now
        behind = now - stamp
        if self._zero is None or behind < self._zero or behind - self._zero > STALL_MOST_MS:
            self._zero = behind
        return stamp + self._zero

    def _wait(self) -> None:
        """Look again when what is held can no longer be a badge."""
        if self._decoder.due_ms is not None:
            self._waiting.start(max(1, math.ceil(self._decoder.due_ms - _now()) + 1))

    def _flush(self) -> None:
        due = self._decoder.due_ms
        if due is not None and _now() - due > LATE_MS and not self._late:
            self._late = True  # we were busy: keys that wait in the queue come first
            self._waiting.start(LATE_MS)
            return
        self._take(self._decoder.flush(_now()))
        self._wait()

    def _take(self, read: Iterable[Heard]) -> None:
        pad = self._window.pin
        for what in read:
            if isinstance(what, Badge):
                self._scanned(what)
                continue
            self._somebody()
            if pad is not None:
                _enter(pad, what.text)
                self._decoder.forget_line()  # a PIN must not become part of a badge number
                continue
            if (choice := self._window.choice) is not None:
                if what.text.isascii() and what.text.isdigit():
                    choice.choose(int(what.text) - 1)
                continue
            if (board := self._window.board) is not None:
                _move(board, what.text)
                self._decoder.forget_line()
                continue
            for letter in what.text:
                self._typed(letter)

    def _typed(self, letter: str) -> None:
        """Part of what somebody says, or a command."""
        station = self._window.station
        if station is not None and station.type(letter):
            self._decoder.forget_line()  # words must not become part of a badge number
        elif letter.lower() in LETTERS:
            self._do(LETTERS[letter.lower()])

    def _scanned(self, read: Badge) -> None:
        """A badge, or, where pages are open and nobody typed it, an order."""
        station, order = self._window.paged, command_of(read.text)
        if order == "help" and not read.by_hand:  # whoever is signed in, or nobody
            self._engine.call_for_help()
            return
        if station is None or order is None or read.by_hand:
            self._engine.tap(read.text)
            return
        self._somebody()
        if isinstance(order, int):
            station.go(order - 1)
        else:
            station.do(order)

    def _do(self, command: str) -> None:
        station = self._window.paged
        if station is not None:
            station.do(command)


def _enter(pad: PinScreen, text: str) -> None:
    """What a person types while the keypad is up."""
    for letter in text:
        if letter.isascii() and letter.isdigit():
            pad.type(letter)
        elif letter in "\b\x7f":
            pad.delete()
        elif letter == "\r":
            pad.confirm()


def _move(board: BoardScreen, text: str) -> None:
    """What a person types while the board is up: Enter and Space take a card and let it go, a figure is one
    of the reasons, Z takes back, L locks.
    """
    for letter in text.lower():
        if letter in "\r ":
            board.take_or_drop()
        elif letter.isascii() and letter.isdigit():
            board.choose(int(letter) - 1)
        elif letter == "z":
            board.tell.undo()
        elif letter == "l":
            board.closed.emit()


def _now() -> float:
    return time.monotonic() * 1000
