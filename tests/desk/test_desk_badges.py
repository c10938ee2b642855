"""The badges screen: a lost badge is found by who holds it, and withdrawn with a reason and two presses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from app.hub.schema import Badge, ChangeRow
from app.ui import desk_badge_words

if TYPE_CHECKING:
    from tests.desk.conftest import Seat
    from tests.desk.rig import Rig


def test_a_lost_badge_is_withdrawn_and_the_board_says_so(seat: Seat, plant: Rig) -> None:
    QTest.keyClick(seat.board, Qt.Key.Key_F8)
    sheet = seat.window.badges
    seat.until(lambda: sheet.people.count() > 9)
    QTest.keyClicks(sheet.filter, "lindqvist")
    assert sheet.people.count() == 1
    assert sheet.people.item(0).text().startswith("Grace Lindqvist  1006\nCryptographic card …4711")
    sheet.people.setCurrentRow(0)
    assert sheet.badge is not None
    assert not sheet.go.isEnabled(), "it takes a reason"
    QTest.keyClicks(sheet.reason, "Left on the bus")
    QTest.mouseClick(sheet.go, Qt.MouseButton.LeftButton)
    assert sheet.go.text() == "Confirm: withdraw …4711"
    assert sheet.says.startswith("This takes …4711 from Grace Lindqvist:")
    QTest.keyClicks(sheet.reason, ".")
    assert sheet.go.text() == "Withdraw …4711", "whatever changes begins anew"
    for _ in range(2):
        QTest.mouseClick(sheet.go, Qt.MouseButton.LeftButton)
    seat.until(lambda: sheet.says == desk_badge_words.withdrawn("Grace Lindqvist", "4711"))
    seat.until(lambda: "no badge" in sheet.people.item(0).text())
    assert "by Julia Santos: Left on the bus." in sheet.badges.item(0).text()
    assert not sheet.go.isEnabled()
    with plant.plant.store.read() as session:
        assert not session.scalars(select(Badge.active).where(Badge.person == "1006")).one()
        row = session.scalars(select(ChangeRow).where(ChangeRow.act == "badge.revoke")).one()
        assert (row.by, row.subject, row.before, row.reason) == ("1009", "1006", "4711", "Left on the bus.")
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    seat.until(lambda: not sheet.isVisible())
    cards = lambda: [c for lane in seat.board.floor.lanes.values() for c in lane.cards]  # noqa: E731
    seat.until(lambda: [c.badge for c in cards() if c.person == "1006"] == [False])
    plant.plant.badge("1006")
