"""Badges and keys, whatever has the focus."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from app.kiosk.view import Stage
from tests.ui.conftest import ROSA
from tests.ui.pixels import as_array

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.ui.conftest import Kiosk


def badges(kiosk: Kiosk) -> list[object]:
    return [asked[1] for asked in kiosk.player.asked if asked[0] == "tap"]


def test_a_badge_is_never_echoed_and_needs_no_field(kiosk: Kiosk, qtbot: QtBot) -> None:
    field, button = QLineEdit(kiosk.window), QPushButton("Danger", kiosk.window)
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    field.show()
    button.show()
    for widget in (field, button):
        widget.setFocus()
        QTest.keyClicks(widget, "0004417713 ")
        QTest.keyClick(widget, Qt.Key.Key_Return)
    kiosk.until(lambda: len(badges(kiosk)) == 2)
    assert badges(kiosk) == ["0004417713 "] * 2
    assert field.text() == ""
    assert pressed == []
    field.deleteLater()
    button.deleteLater()


def test_the_screen_does_not_move_while_a_reader_types(kiosk: Kiosk) -> None:
    before = as_array(kiosk.picture())
    QTest.keyClicks(kiosk.window, "000441")
    assert np.array_equal(as_array(kiosk.picture()), before)


def test_a_badge_during_a_session_is_no_command(kiosk: Kiosk) -> None:
    """Its digits hold a 0, its letters a t: neither fits a page nor opens the strip."""
    kiosk.sign_in()
    kiosk.command("larger")
    kiosk.badge("0t-t+0")
    kiosk.until(lambda: len(badges(kiosk)) == 2)
    assert badges(kiosk)[1] == "0t-t+0"


def test_a_person_types_commands(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    for letter, zoom in (("+", 1.25), ("+", 1.25**2), ("-", 1.25), ("0", 1.0)):
        QTest.keyClicks(kiosk.window, letter)
        kiosk.until(lambda zoom=zoom: abs(kiosk.station._view.look.zoom - zoom) < 1e-6)
        QTest.qWait(150)
    assert badges(kiosk) == [ROSA]


def test_what_a_person_types_slowly_is_no_badge(kiosk: Kiosk) -> None:
    for letter in "0004":
        QTest.keyClicks(kiosk.window, letter)
        QTest.qWait(120)
    QTest.keyClick(kiosk.window, Qt.Key.Key_Return)
    QTest.qWait(150)
    assert badges(kiosk) == []
    assert kiosk.stage() is Stage.BADGE


def test_a_busy_moment_does_not_tear_a_badge_apart(kiosk: Kiosk) -> None:
    """Its keys went down in time; that they are looked at late is not the reader's fault."""

    def send(letter: str, stamp: int) -> None:
        key = Qt.Key.Key_Return if letter == "\r" else Qt.Key.Key_0
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, letter)
        event.setTimestamp(stamp)
        QApplication.sendEvent(kiosk.window, event)

    for at, letter in enumerate("00044"):
        send(letter, 5000 + 5 * at)
    time.sleep(0.25)
    for at, letter in enumerate("17712\r"):
        send(letter, 5025 + 5 * at)
    kiosk.until(lambda: badges(kiosk) == [ROSA])


@pytest.mark.parametrize(
    "key", [Qt.Key.Key_Tab, Qt.Key.Key_F4, Qt.Key.Key_Escape, Qt.Key.Key_Alt, Qt.Key.Key_Menu]
)
def test_no_key_gets_out_of_the_kiosk(kiosk: Kiosk, key: Qt.Key) -> None:
    QTest.keyClick(kiosk.window, key, Qt.KeyboardModifier.AltModifier)
    assert kiosk.window.isVisible()
    assert QApplication.activePopupWidget() is None


def test_there_is_no_context_menu(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    at = QPoint(50, 50)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, at)
    QApplication.sendEvent(kiosk.station._view, event)
    assert QApplication.activePopupWidget() is None


def test_a_kiosk_is_not_closed_from_its_screen(kiosk: Kiosk) -> None:
    kiosk.window._may_close = False
    kiosk.window.close()
    assert kiosk.window.isVisible()
    QApplication.sendEvent(kiosk.window, QEvent(QEvent.Type.Close))
    assert kiosk.window.isVisible()
    kiosk.window.let_close()
    kiosk.window.close()
    assert not kiosk.window.isVisible()
