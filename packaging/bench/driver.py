"""Runs the kiosk's own window, engine and renderer in this process and times them from the key to the paint.

``python -m bench.driver MODE HOME …`` in the environment of an enrolled kiosk; the last line printed is JSON.
Everything is the program's own and put together as ``stationleaf kiosk`` does it; only the clock is ours.
"""

from __future__ import annotations

import json
import math
import random
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, Qt
from PySide6.QtGui import QInputDevice, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.kiosk import folio
from app.kiosk.engine import Engine
from app.kiosk.hardening import harden
from app.kiosk.places import Places
from app.kiosk.view import Stage
from app.ui import theme
from app.ui.kiosk_app import bring_up
from app.ui.kiosk_window import KioskWindow
from app.ui.leisure import Leisure
from app.ui.page_view import PageView
from app.wire.clock import SystemClock
from bench import unrecorded

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPointingDevice

    from app.kiosk.engine import Parts
    from app.kiosk.view import Screen, Session
    from app.ui.bridge import Bridge

WIDTH, HEIGHT = 1920, 1080
FRAME_S = 1 / 60
PINCH_FROM, PINCH_TO, PINCH_STEPS = 80.0, 400.0, 90
"""How far each finger is from the middle at least and at most, in pixels, and the moves from there to there
and back: 1.5 s."""
READING_S = 0.25
"""How long a page is looked at before the next turn: its neighbours are drawn meanwhile."""


class _Watched(Engine):
    """The engine; what it last told the screen can be read."""

    told: Screen | None = None

    def publish(self, screen: Screen) -> None:
        """As the engine does, and remember."""
        self.told = screen
        super().publish(screen)


class _Paints(QObject):
    """Notes which leaf is painted, and when, at the moment Qt begins to paint it."""

    leaf: int | None = None

    def __init__(self, view: PageView) -> None:
        super().__init__()
        self._view = view
        self.moments: list[float] = []
        view.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Look, and let through."""
        if event.type() is QEvent.Type.Paint:
            self.leaf = self._view.shown
            self.moments.append(time.perf_counter())
        return False


class Driven:
    """A running kiosk in this process."""

    def __init__(self, home: Path, *, unrecorded: bool = False) -> None:
        self._unrecorded = unrecorded
        self.parts: Parts | None = None
        self.engine: _Watched | None = None
        self._home = home
        self.app = QApplication([])
        self.window = KioskWindow(theme.load_style("light"), SystemClock(), may_close=True)
        bridges: list[Bridge] = []

        def begin() -> None:
            bridges.append(bring_up(self.app, self.window, self._make))
            Leisure(self.window)

        self.window.first_painted.connect(begin)
        self.window.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.window.setGeometry(0, 0, WIDTH, HEIGHT)
        self.window.show()
        self.until(lambda: bool(bridges) and self.engine is not None and self.engine.told is not None)
        self.bridge = bridges[0]
        view = self.window.findChild(PageView)
        assert isinstance(view, PageView)
        self.view, self.paints = view, _Paints(view)

    def _make(self) -> Engine:
        from app.kiosk.compose import build

        def parts() -> Parts:
            self.parts = build(Places(self._home), harden())
            if self._unrecorded:
                unrecorded.strip(self.parts)
            return self.parts

        self.engine = _Watched(parts)
        return self.engine

    def until(self, ready: Callable[[], bool], seconds: float = 60.0) -> None:
        """Run Qt's loop until ``ready``."""
        end = time.perf_counter() + seconds
        while not ready():
            self.app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
            if time.perf_counter() > end:
                raise SystemExit(f"waited {seconds} s in vain")

    def rest(self, seconds: float) -> None:
        """Let time pass as Qt sees it."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self.app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
            time.sleep(0.001)

    def painted(self, leaf: int) -> float:
        """Run Qt's loop until the leaf has been painted and handed to the screen; returns that moment."""
        self.paints.leaf = None
        end = time.perf_counter() + 30
        while self.paints.leaf != leaf:
            self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            if time.perf_counter() > end:
                raise SystemExit(f"leaf {leaf} was not painted")
        return time.perf_counter()

    def key(self, key: Qt.Key, text: str = "") -> None:
        """A key, pressed and let go."""
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            self.app.sendEvent(self.window, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))

    def badge(self, number: str) -> float:
        """A reader delivers a badge; returns the moment of its Enter."""
        for digit in number:
            self.key(Qt.Key(int(Qt.Key.Key_0) + int(digit)), digit)
        began = time.perf_counter()
        self.key(Qt.Key.Key_Return, "\r")
        return began

    @property
    def session(self) -> Session | None:
        """Who is signed in."""
        return self.engine.told.session if self.engine is not None and self.engine.told is not None else None

    def stage(self) -> Stage:
        """Which screen is up."""
        return self.engine.told.stage if self.engine is not None and self.engine.told else Stage.STARTING

    def forget(self, page: str) -> None:
        """Take a page from the renderer, so that it must be read and unsealed again."""
        if self.parts is not None:
            self.parts.renderer.forget([page])


def prepare(kiosk: Driven, badge: str, pages: str) -> dict[str, Any]:
    """Wait until everything is in the cache, and read what changed, where that is asked before pages open."""

    def complete() -> bool:
        cache: Any = kiosk.parts.blobs if kiosk.parts is not None else None
        return cache is not None and len(cache.have()) >= int(pages)

    kiosk.until(complete, 120)
    kiosk.rest(0.5)
    kiosk.badge(badge)
    kiosk.until(lambda: kiosk.stage() in {Stage.STATION, Stage.CHANGES})
    while kiosk.stage() is Stage.CHANGES:
        session = kiosk.session
        for index in range(len(session.changes.changes) if session and session.changes else 0):
            kiosk.bridge.turn_to(index)
            kiosk.rest(READING_S)
        kiosk.bridge.confirm_changes()
        kiosk.rest(1.2)
    return {"pages": int(pages)}


def turn(kiosk: Driven, badge: str, count: str) -> dict[str, Any]:
    """Next and previous, at a reader's pace, across the whole document."""
    count_of, current, step = _signed_in(kiosk, badge), 0, 1
    taken = []
    for _ in range(int(count)):
        kiosk.rest(READING_S)
        if not 0 <= current + step < count_of:
            step = -step
        current += step
        began = time.perf_counter()
        kiosk.key(Qt.Key.Key_Right if step > 0 else Qt.Key.Key_Left)
        taken.append(kiosk.painted(current) - began)
    return {"seconds": taken}


def jump(kiosk: Driven, badge: str, count: str, pages: str, anew: str) -> dict[str, Any]:
    """To pages that are not near (``anew``: none is drawn ahead, and each is read and unsealed anew); beside
    it MuPDF drawing the same bytes."""
    import pymupdf

    if anew:
        folio.KEPT_BYTES = 0
    count_of, current = _signed_in(kiosk, badge), 0
    rng, taken, raw = random.Random(1), [], []  # noqa: S311 (an order of pages)
    opened: Any = pymupdf.open
    matrix: Any = pymupdf.Matrix
    for _ in range(int(count)):
        kiosk.rest(READING_S)
        current = rng.choice([leaf for leaf in range(count_of) if abs(leaf - current) > 1])
        if anew:
            kiosk.forget(_leaf(kiosk, current)[1])
        taken.append(_jump(kiosk, current))
        time.sleep(READING_S)  # the yardstick, too, begins on a processor that rested, as the worker does
        data = (Path(pages) / f"{_leaf(kiosk, current)[0]}.pdf").read_bytes()
        began = time.perf_counter()
        with opened(stream=data) as document:
            page = document[0]
            scale = _scale(kiosk, page.rect.width, page.rect.height)
            page.get_pixmap(matrix=matrix(scale, scale), alpha=False)
            raw.append(time.perf_counter() - began)
    return {"seconds": taken, "raw": raw}


def heavy(kiosk: Driven, badge: str, count: str, original: str, number: str, anew: str) -> dict[str, Any]:
    """The heaviest page, as it is met in a session (``anew``: not drawn ahead, read and unsealed anew);
    beside it pdfium drawing the original page."""
    import pypdfium2  # type: ignore[import-untyped]

    if anew:
        folio.KEPT_BYTES = 0
    count_of = _signed_in(kiosk, badge)
    heaviest = next(leaf for leaf in range(count_of) if _leaf(kiosk, leaf)[0] == int(number))
    away = 2 if heaviest > 4 else count_of - 1  # neither in front now, nor a neighbour drawn ahead
    document = pypdfium2.PdfDocument(original)
    taken, raw = [], []
    for _ in range(int(count)):
        _jump(kiosk, away)
        kiosk.rest(READING_S)
        if anew:
            kiosk.forget(_leaf(kiosk, heaviest)[1])
        taken.append(_jump(kiosk, heaviest))
        time.sleep(READING_S)
        began = time.perf_counter()
        page = document[int(number) - 1]
        page.render(scale=_scale(kiosk, *page.get_size()))
        raw.append(time.perf_counter() - began)
        page.close()
    return {"seconds": taken, "raw": raw}


def pinch(kiosk: Driven, badge: str, count: str, number: str) -> dict[str, Any]:
    """Two fingers spread and close on a page, moving 60 times a second: from one frame to the next. The sharp
    picture that was asked for when they were lifted comes while they pinch again."""
    leaves = _signed_in(kiosk, badge)
    leaf = next(leaf for leaf in range(leaves) if _leaf(kiosk, leaf)[0] == int(number))
    if leaf:
        _jump(kiosk, leaf)
    kiosk.rest(1.0)
    glass = QTest.createTouchDevice(QInputDevice.DeviceType.TouchScreen)
    gaps = list[float]()
    for _ in range(int(count)):
        gaps += _pinch_once(kiosk, glass)
        kiosk.rest(0.1)
    return {"seconds": gaps}


def _pinch_once(kiosk: Driven, glass: QPointingDevice) -> list[float]:
    view, moments = kiosk.view, kiosk.paints.moments
    middle = view.rect().center()

    def fingers(wide: float) -> tuple[QPoint, QPoint]:
        reach = QPoint(round(wide), round(wide / 3))
        return middle - reach, middle + reach

    sequence = QTest.touchEvent(view, glass)
    for finger, at in enumerate(fingers(PINCH_FROM)):
        sequence.press(finger, at, view)
    sequence.commit()
    began = time.perf_counter()
    moments.clear()
    for step in range(1, PINCH_STEPS + 1):
        share = (1 - math.cos(2 * math.pi * step / PINCH_STEPS)) / 2
        sequence = QTest.touchEvent(view, glass)
        for finger, at in enumerate(fingers(PINCH_FROM + (PINCH_TO - PINCH_FROM) * share)):
            sequence.move(finger, at, view)
        sequence.commit()
        while time.perf_counter() < began + step * FRAME_S:
            kiosk.app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 1)
    found = [after - before for before, after in pairwise(moments)]
    sequence = QTest.touchEvent(view, glass)
    for finger, at in enumerate(fingers(PINCH_FROM)):
        sequence.release(finger, at, view)
    sequence.commit()
    return found


def tap(kiosk: Driven, badge: str, count: str) -> dict[str, Any]:
    """From the badge's Enter to the first page, everything in the cache; then the same badge locks."""
    taken = []
    for _ in range(int(count)):
        kiosk.rest(1.2)
        began = kiosk.badge(badge)
        taken.append(kiosk.painted(0) - began)
        kiosk.rest(1.2)
        kiosk.badge(badge)
        kiosk.until(lambda: kiosk.stage() is Stage.BADGE)
    return {"seconds": taken}


def _signed_in(kiosk: Driven, badge: str) -> int:
    kiosk.rest(0.5)
    kiosk.badge(badge)
    kiosk.painted(0)
    session = kiosk.session
    return len(session.leaves) if session is not None else 0


def _jump(kiosk: Driven, leaf: int) -> float:
    began = time.perf_counter()
    kiosk.bridge.turn_to(leaf)
    return kiosk.painted(leaf) - began


def _leaf(kiosk: Driven, leaf: int) -> tuple[int, str]:
    session = kiosk.session
    assert session is not None
    return session.leaves[leaf].number, session.leaves[leaf].page


def _scale(kiosk: Driven, width: float, height: float) -> float:
    return min(kiosk.view.width() / width, kiosk.view.height() / height)


WITHOUT = "unrecorded:"
MODES: dict[str, Callable[..., dict[str, Any]]] = {
    "prepare": prepare,
    "turn": turn,
    "jump": jump,
    "heavy": heavy,
    "pinch": pinch,
    "tap": tap,
}


def main(mode: str, home: str, *words: str) -> None:
    """Measure, and print what was taken; ``unrecorded:MODE`` without journal and wire."""
    without, mode = mode.startswith(WITHOUT), mode.removeprefix(WITHOUT)
    kiosk = Driven(Path(home), unrecorded=without)
    try:
        found = MODES[mode](kiosk, *words)
    finally:
        kiosk.window.let_close()
        kiosk.bridge.close()
        kiosk.window.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
