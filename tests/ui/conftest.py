"""A real window on Qt's offscreen platform, driven by a scripted engine with real pixels."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest

from app.kiosk.view import Stage
from app.pages.renderer import Renderer
from app.ui import theme
from app.ui.kiosk_app import bring_up
from app.ui.kiosk_window import KioskWindow
from app.ui.pedal import read_pedal
from tests.ui.player import NOW, Player
from tests.ui.sheets import sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from app.ui.bridge import Bridge
    from app.ui.station_screen import StationScreen
    from app.wire.clock import Moment

ROSA, MILAN = "0004417712", "0004417713"
PEOPLE = {ROSA: "Rosa Ferreira", MILAN: "Milan Horvat"}


class StillClock:
    """It is always the same time."""

    def now(self) -> datetime:
        return NOW

    def moment(self) -> Moment:
        raise NotImplementedError


@dataclass
class Kiosk:
    """The window, its engine, and hands on it."""

    window: KioskWindow
    player: Player
    bridge: Bridge
    bot: QtBot

    @property
    def station(self) -> StationScreen:
        assert self.window.station is not None
        return self.window.station

    def badge(self, number: str) -> None:
        """A reader types: no time between the characters, then Enter."""
        QTest.keyClicks(self.window, number)
        QTest.keyClick(self.window, Qt.Key.Key_Return)

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(self.window, key)

    def sign_in(self, number: str = ROSA) -> None:
        self.badge(number)
        self.until(lambda: self.shown() == 0)

    def shown(self) -> int | None:
        """The leaf whose pixels are on the screen."""
        return self.window.station._view.shown if self.window.station is not None else None

    def person(self) -> str:
        """Who is signed in."""
        session = self.window._screen.session
        return session.name if session is not None else ""

    def stage(self) -> Stage:
        return self.window._screen.stage

    def until(self, true: Callable[[], bool], seconds: float = 15) -> None:
        self.bot.waitUntil(true, timeout=int(seconds * 1000))

    def picture(self) -> QImage:
        return self.window.grab().toImage()

    def click(self, x: int, y: int) -> None:
        child = self.window.childAt(x, y)
        assert child is not None
        QTest.mouseClick(child, Qt.MouseButton.LeftButton, pos=child.mapFrom(self.window, QPoint(x, y)))

    def command(self, name: str) -> None:
        """Press the button of a command."""
        QTest.mouseClick(self.station._toolbar._buttons[name], Qt.MouseButton.LeftButton)


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    """One for all: its worker is replaced at each lock anyway."""
    with Renderer(slots=16) as renderer:
        yield renderer


@pytest.fixture
def open_kiosk(qtbot: QtBot, qapp: QApplication, renderer: Renderer) -> Iterator[Callable[..., Kiosk]]:
    opened: list[Kiosk] = []

    def open_one(
        width: int = 1280,
        height: int = 800,
        *,
        pages: int = 8,
        mode: theme.Mode = "light",
        player: Player | None = None,
        pedal: tuple[str, ...] = (),
        text_size: int = 100,
        bell: Callable[[], object] | None = None,
    ) -> Kiosk:
        player = player or Player(sheets(pages), PEOPLE, renderer)
        window = KioskWindow(theme.load_style(mode), StillClock(), may_close=True, text_size=text_size)
        window.resize(width, height)
        window.show()
        qtbot.waitExposed(window)
        keys = read_pedal(pedal)
        bridge = bring_up(qapp, window, lambda: player, pedal=keys, bell=bell)
        kiosk = Kiosk(window, player, bridge, qtbot)
        opened.append(kiosk)
        kiosk.until(lambda: kiosk.stage() is not Stage.STARTING)
        return kiosk

    yield open_one
    for kiosk in opened:
        kiosk.window.let_close()
        kiosk.bridge.close()
        kiosk.window.close()
        kiosk.window.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # with it goes its filter of all keys
    qapp.processEvents()


@pytest.fixture
def kiosk(open_kiosk: Callable[..., Kiosk]) -> Kiosk:
    return open_kiosk()
