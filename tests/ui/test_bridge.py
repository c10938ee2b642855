"""Where threads meet Qt: an engine that comes late, cannot come, or has gone."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage

from app.kiosk.view import Framing, Screen, Stage
from app.model.errors import Unavailable
from app.ui import bridge as bridge_module
from app.ui import words
from app.ui.bridge import Bridge
from app.ui.held import HeldPicture
from tests.ui.player import Player
from tests.ui.sheets import sheets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from app.kiosk.view import Painting


class Ears:
    """Remembers what was told, and on which thread."""

    def __init__(self) -> None:
        self.screens: list[Screen] = []
        self.paintings: list[Painting] = []
        self.threads: set[threading.Thread] = set()

    def on_screen(self, screen: Screen) -> None:
        self.screens.append(screen)
        self.threads.add(threading.current_thread())

    def on_painting(self, painting: Painting) -> None:
        self.paintings.append(painting)
        self.threads.add(threading.current_thread())


@pytest.fixture
def player() -> Player:
    return Player(sheets(2), {"1234567890": "Rosa Ferreira"})


@pytest.fixture
def ears() -> Ears:
    return Ears()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(bridge_module, "RETRY_SECONDS", 0.05)
    return


@pytest.mark.usefixtures("qapp")
def test_what_came_before_the_engine_reaches_it(qtbot: QtBot, player: Player, ears: Ears) -> None:
    gate = threading.Event()

    def make() -> Player:
        gate.wait(10)
        return player

    bridge = Bridge(make, ears.on_screen, ears.on_painting)
    bridge.start()
    bridge.frame(Framing(400, 300))
    bridge.turn_to(1)
    bridge.tap("0000000000")
    bridge.tap("1234567890")
    gate.set()
    qtbot.waitUntil(lambda: bool(ears.paintings), timeout=15_000)
    assert player.asked[:2] == [("frame", Framing(400, 300)), ("tap", "1234567890")]
    assert ears.threads == {threading.main_thread()}
    bridge.close()
    for painting in ears.paintings:
        painting.pixels.release()


@pytest.mark.usefixtures("qapp", "quick")
def test_trouble_is_told_and_tried_again(qtbot: QtBot, player: Player, ears: Ears) -> None:
    tries: list[int] = []

    def make() -> Player:
        tries.append(1)
        if len(tries) < 3:
            raise Unavailable("The key ring is locked.", advice="Unlock it.", code="keyring_locked")
        return player

    bridge = Bridge(make, ears.on_screen, ears.on_painting)
    bridge.start()
    qtbot.waitUntil(lambda: any(s.stage is Stage.BADGE for s in ears.screens), timeout=15_000)
    first = ears.screens[0]
    assert first.stage is Stage.TROUBLE
    assert first.notice is not None
    assert (first.notice.code, first.notice.says, first.notice.do) == (
        "keyring_locked", "The key ring is locked.", "Unlock it.",
    )  # fmt: skip
    bridge.close()


@pytest.mark.usefixtures("qapp", "quick")
def test_a_fault_of_our_own_is_told_without_its_traceback(
    qtbot: QtBot, player: Player, ears: Ears, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[int] = []

    def make() -> Player:
        tries.append(1)
        if len(tries) == 1:
            raise ZeroDivisionError("secret detail")
        return player

    bridge = Bridge(make, ears.on_screen, ears.on_painting)
    bridge.start()
    qtbot.waitUntil(lambda: any(s.stage is Stage.BADGE for s in ears.screens), timeout=15_000)
    assert ears.screens[0].notice is not None
    assert ears.screens[0].notice.says == words.FAULT
    assert "secret detail" in caplog.text
    bridge.close()


@pytest.mark.usefixtures("qapp")
def test_after_closing_nothing_is_told_and_pixels_are_let_go(
    qtbot: QtBot, player: Player, ears: Ears
) -> None:
    bridge = Bridge(lambda: player, ears.on_screen, ears.on_painting)
    bridge.start()
    bridge.frame(Framing(400, 300))
    bridge.tap("1234567890")
    qtbot.waitUntil(lambda: bool(ears.paintings), timeout=15_000)
    player.turn_to(1)  # its answer meets a closed bridge
    bridge.close()
    told = len(ears.screens), len(ears.paintings)
    qtbot.wait(50)
    assert (len(ears.screens), len(ears.paintings)) == told
    for painting in ears.paintings:
        painting.pixels.release()
    assert [held.holders for held in player.given if held.holders] == []


@pytest.mark.usefixtures("qapp")
def test_pixels_are_shown_where_they_lie(qtbot: QtBot, player: Player, ears: Ears) -> None:
    """No copy: what changes in the shared memory changes in the image, also in a part of it."""
    bridge = Bridge(lambda: player, ears.on_screen, ears.on_painting)
    bridge.start()
    bridge.frame(Framing(400, 300))
    bridge.tap("1234567890")
    qtbot.waitUntil(lambda: bool(ears.paintings), timeout=15_000)
    painting = ears.paintings[0]
    held = HeldPicture(painting)
    whole, part = held.image(), held.image((10, 20, 30, 40))
    painting.pixels.buffer[20 * painting.pixels.stride + 40 : 20 * painting.pixels.stride + 44] = (
        b"\x10\x20\x30\xff"
    )
    assert whole.pixelColor(10, 20).getRgb()[:3] == (0x30, 0x20, 0x10)
    assert part.pixelColor(0, 0) == whole.pixelColor(10, 20)
    assert held.image((10, 20, 30, 40)).cacheKey() == part.cacheKey()
    last = held.box[2] - 5, held.box[3] - 5, held.box[2], held.box[3]
    assert held.image(last).pixelColor(4, 4) == whole.pixelColor(last[2] - 1, last[3] - 1)
    assert whole.format() == QImage.Format.Format_RGB32
    del whole, part
    held.drop()
    held.drop()
    assert held.image().isNull()
    bridge.close()
    assert player.given[0].holders == 0
