"""One plant for all tests of the desk's window; each takes back what it moves, or moves its own person."""

from __future__ import annotations

import os
import sys
import threading
import traceback
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.exceptions import TimeoutError as WaitedInVain

from app.ui import theme
from app.ui.desk_bridge import DeskBridge
from app.ui.desk_window import DeskWindow
from app.wire.clock import SystemClock
from tests.desk.rig import BADGE, PIN, Rig, rig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from app.desk.office import Office
    from app.desk.worker import Told

WAIT_MS = 30_000


class Seat:
    """Somebody's hands at the desk."""

    def __init__(
        self,
        plant: Rig,
        bot: QtBot,
        refresh: float = 0.5,
        office: Callable[[], Office] | None = None,
    ) -> None:
        self.plant, self.bot = plant, bot
        self.window = DeskWindow(theme.load_style("light"), SystemClock())
        self.troubles: list[Told] = []
        self.bridge = DeskBridge(office or plant.office, self._told, refresh)
        self.window.asked.connect(self.bridge.ask)
        self.window.resize(1280, 900)
        bot.addWidget(self.window)
        self.window.show()
        self.board = self.window.board

    def _told(self, told: Told) -> None:
        if told.trouble is not None:
            self.troubles.append(told)
        self.window.take(told)

    def until(self, ready: Callable[[], object]) -> None:
        try:
            self.bot.waitUntil(lambda: bool(ready()), timeout=WAIT_MS)
        except WaitedInVain:
            raise AssertionError(f"waited in vain; {self._standing()}") from None

    def _standing(self) -> str:
        """What there is to know where nothing comes: what was told and shown, and where each thread is."""
        sheet, names = self.window.sign_in, {one.ident: one.name for one in threading.enumerate()}
        where = [
            f"{names.get(ident)}:\n{''.join(traceback.format_stack(frame)[-6:])}"
            for ident, frame in sys._current_frames().items()
        ]
        said = f"“{sheet.says}” {sheet.field.isEnabled()} {len(sheet.field.text())}"
        return "\n".join([f"troubles told: {self.troubles}; sign-in: {said}", *where])

    def enter(self, text: str) -> None:
        field = self.window.sign_in.field
        self.until(field.isEnabled)
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)

    def sign_in(self, badge: str = BADGE, pin: str = PIN) -> None:
        self.enter(badge)
        if pin:
            self.enter(pin)
        self.until(lambda: self.board.floor.sections)

    def lane_of(self, person: str) -> list[str]:
        """The lanes on which a person's card of now lies."""
        floor = self.board.floor
        cards = [*floor.pool, *(card for lane in floor.lanes.values() for card in lane.cards)]
        return [
            card.lane for card in cards if card.person == person and not card.relief and card.start is None
        ]

    def lift(self, person: str, lane: str) -> None:
        at = self.board.card_box(person, lane).center().toPoint()
        QTest.mousePress(self.board, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        QTest.mouseMove(self.board, at + QPoint(30, 12))

    def drag(self, person: str, lane: str, target: str) -> None:
        """Carry a card over a lane, and wait for what the hub says of it."""
        self.lift(person, lane)
        self.until(lambda: self.board.carrying is not None)
        if target:
            self.until(lambda: self.board.outlook(target) is not None)
        QTest.mouseMove(self.board, self.over(target))

    def over(self, lane: str) -> QPoint:
        box = self.board.lane_box(lane)
        return (box.topLeft() + QPointF(box.width() / 2, min(box.height(), 300) / 2)).toPoint()

    def drop(self, lane: str) -> None:
        QTest.mouseRelease(
            self.board, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, self.over(lane)
        )

    def key(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(self.board, key)


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    with rig(tmp_path_factory.mktemp("desk")) as made:
        yield made


@pytest.fixture
def stranger(plant: Rig, qtbot: QtBot) -> Iterator[Seat]:
    """The window, before anybody has signed in."""
    seat = Seat(plant, qtbot)
    yield seat
    seat.bridge.close()


@pytest.fixture
def seat(stranger: Seat) -> Seat:
    """The supervisor of L1 at the board."""
    stranger.sign_in()
    return stranger
