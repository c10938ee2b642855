"""A call for help on the board: the lane's sign, who is coming, and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.wire.clock import SystemClock
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from tests.desk.conftest import Seat
    from tests.desk.rig import Rig


def test_a_call_shows_at_once_and_the_supervisor_takes_and_ends_it(seat: Seat, plant: Rig) -> None:
    window, bar = seat.window, seat.window.calls
    seat.until(lambda: seat.bridge.told_of_changes)
    assert not bar.isVisible()
    whole = window.board.height()
    kiosk = plant.plant.kiosk("K-HELP", "ST-040")
    batch = kiosk.write(
        kind=EventKind.CALL_MADE, person="1001", station="ST-040", page="", revision="", client="", body={},
        wall=SystemClock().now(),
    )  # fmt: skip
    assert kiosk.deliver(batch).status_code == 200
    seat.until(bar.isVisible)
    assert window.board.height() < whole
    (line,) = bar.lines
    assert line.startswith(
        "ST-040 Battery attach\u00a0\u00a0·  Ana Oliveira\u00a0\u00a0·  calls for help, since "
    )
    assert [call.code for call in seat.board.floor.lanes["ST-040"].calls] == ["K-HELP/1/1"]
    picture = bar.grab().toImage()
    red = bar._theme.colour("alarm").rgb()
    assert picture.pixel(3, picture.height() // 2) == red
    QTest.mouseClick(bar.take[0], Qt.MouseButton.LeftButton)
    seat.until(lambda: bar.lines and "Julia Santos is coming" in bar.lines[0])
    assert not bar.take[0].isVisible()
    QTest.mouseClick(bar.end[0], Qt.MouseButton.LeftButton)
    seat.until(lambda: not bar.isVisible())
    assert window.board.height() == whole
