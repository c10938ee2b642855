"""Locking a line down at the desk and giving it back, each confirmed twice; a real hub process behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from app.hub.schema import ChangeRow, RevocationRow
from app.ui import desk_words
from app.wire.clock import SystemClock
from tests.desk.rig import ADMIN_BADGE, ADMIN_PIN

if TYPE_CHECKING:
    from app.ui.desk_lockdown import LockdownSheet
    from tests.desk.conftest import Seat
    from tests.desk.rig import Rig


def _opened(seat: Seat) -> LockdownSheet:
    QTest.mouseClick(seat.window.bar.lockdown, Qt.MouseButton.LeftButton)
    sheet = seat.window.lockdown
    seat.until(lambda: sheet.targets.count() > 0)
    return sheet


def _lock_line(seat: Seat, sheet: LockdownSheet) -> None:
    QTest.keyClicks(sheet.filter, "line l1")
    sheet.targets.setCurrentRow(0)
    QTest.keyClicks(sheet.reason, "a camera was seen")
    for says in ("Lock down L1 …", "Confirm: this is the right one", "Confirm again: take it away now"):
        assert sheet.go.text() == says
        QTest.mouseClick(sheet.go, Qt.MouseButton.LeftButton)
    seat.until(lambda: [(one.kind, one.code) for one in sheet.shown] == [("line", "L1")])


def test_a_line_is_locked_and_given_back_by_who_may_after_two_confirmations(
    stranger: Seat, plant: Rig
) -> None:
    seat = stranger
    seat.sign_in(ADMIN_BADGE, ADMIN_PIN)
    sheet = _opened(seat)
    _lock_line(seat, sheet)
    lanes = seat.board.floor.lanes
    seat.until(lambda: seat.board.floor.lanes["ST-010"].locked_down)
    assert not lanes["ST-110"].locked_down
    assert {holder.kiosk for holder in sheet.shown[0].holders} == {"K-1", "K-2", "K-3", "K-4", "K-5"}
    button = sheet.recovery.buttons["line", "L1"]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not sheet.go.isEnabled()  # not without a reason
    QTest.keyClicks(sheet.reason, "it was a toy")
    QTest.mouseClick(sheet.go, Qt.MouseButton.LeftButton)
    QTest.mouseClick(sheet.go, Qt.MouseButton.LeftButton)
    assert sheet.go.text() == "Confirm again: let it be read now"
    assert sheet.shown
    QTest.mouseClick(sheet.go, Qt.MouseButton.LeftButton)
    seat.until(lambda: not sheet.shown)
    seat.until(lambda: not seat.board.floor.lanes["ST-010"].locked_down)
    with plant.plant.store.read() as session:
        row = session.scalars(select(RevocationRow).where(RevocationRow.kind == "line")).one()
        assert (row.lifted is not None, row.lifted_by, row.reason) == (True, "SUP-1", "a camera was seen")
        acts = session.execute(
            select(ChangeRow.act, ChangeRow.before, ChangeRow.after, ChangeRow.reason).where(
                ChangeRow.subject == "L1", ChangeRow.act.startswith("line.re")
            )
        ).all()
    assert [tuple(act) for act in acts] == [
        ("line.revoke", None, "locked down", "a camera was seen"),
        ("line.restore", "locked down", None, "it was a toy"),
    ]


def test_a_supervisor_locks_the_own_line_only_and_gives_nothing_back(seat: Seat) -> None:
    sheet = _opened(seat)
    found = {
        (target.kind, target.code)
        for row in range(sheet.targets.count())
        if (target := sheet.targets.item(row).data(Qt.ItemDataRole.UserRole)).kind in {"line", "client"}
    }
    assert found == {("line", "L1")}
    _lock_line(seat, sheet)
    assert sheet.recovery.buttons == {}
    assert desk_words.recovery(sheet.shown[0], SystemClock().now())[0] == "Line L1"
