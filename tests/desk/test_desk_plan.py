"""Shift plans at the desk: tried, put down, copied, imported, by keyboard too; a real hub behind it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from app.hub.schema import AssignmentRow

if TYPE_CHECKING:
    from pathlib import Path

    from app.ui.desk_plan import PlanSheet
    from tests.desk.conftest import Seat
    from tests.desk.rig import Rig

DAY = datetime.now().astimezone().date() + timedelta(days=2)
NAMES = ("Station", "Person", "From", "Until", "Note")


def _rows(sheet: PlanSheet) -> list[tuple[str, ...]]:
    def cell(row: int, column: int) -> str:
        item = sheet.table.item(row, column)
        return "" if item is None else item.text()

    return [tuple(cell(row, at) for at in range(len(NAMES))) for row in range(sheet.table.rowCount())]


def _opened(seat: Seat, days: int = 0) -> PlanSheet:
    QTest.keyClick(seat.board, Qt.Key.Key_F2)
    sheet = seat.window.plan
    seat.until(sheet.isVisible)
    day = DAY + timedelta(days=days)
    sheet.day.setDate(QDate(day.year, day.month, day.day))
    seat.until(lambda: any(row[3] == "open" for row in _rows(sheet)))
    return sheet


def _spans(plant: Rig, person: str) -> list[tuple[str, int, float]]:
    with plant.plant.store.read() as session:
        rows = session.scalars(
            select(AssignmentRow)
            .where(AssignmentRow.person == person, AssignmentRow.end.is_not(None))
            .order_by(AssignmentRow.start)
        ).all()
        return [
            (row.station, row.start.astimezone().hour, (row.end - row.start) / timedelta(hours=1))
            for row in rows
            if row.end is not None
        ]


def test_an_assignment_is_tried_put_down_and_copied_to_the_next_day(seat: Seat, plant: Rig) -> None:
    sheet = _opened(seat)
    sheet.person.setCurrentIndex(sheet.person.findData("1007"))
    sheet.station.setCurrentIndex(sheet.station.findData("ST-030"))
    QTest.mouseClick(sheet.add, Qt.MouseButton.LeftButton)
    seat.until(sheet.go.isEnabled)
    assert [row[:2] for row in _rows(sheet)] == [("ST-030", "Hanna Weiss")]
    assert sheet.says == "1 row is good; nothing is written yet."
    assert _spans(plant, "1007") == []
    QTest.mouseClick(sheet.go, Qt.MouseButton.LeftButton)
    seat.until(lambda: _spans(plant, "1007") == [("ST-030", 6, 8)])
    seat.until(lambda: ("ST-030", "Hanna Weiss") in {row[:2] for row in _rows(sheet)})
    assert not sheet.go.isEnabled()
    day = DAY + timedelta(days=1)
    sheet.day.setDate(QDate(day.year, day.month, day.day))
    sheet.copy.setFocus()
    QTest.keyClick(sheet.copy, Qt.Key.Key_Space)
    seat.until(sheet.go.isEnabled)
    sheet.go.setFocus()
    QTest.keyClick(sheet.go, Qt.Key.Key_Space)
    seat.until(lambda: _spans(plant, "1007") == [("ST-030", 6, 8)] * 2)

    def row() -> int:
        return next((at for at, cells in enumerate(_rows(sheet)) if cells[1] == "Hanna Weiss"), -1)

    def chosen() -> bool:
        """Rows that were only tried cannot be taken out; those that stand come with the hub's answer."""
        sheet.table.selectRow(row())
        return sheet.take.isEnabled()

    seat.until(lambda: row() >= 0 and not sheet.go.isEnabled())
    assert not sheet.take.isEnabled()
    seat.until(chosen)
    QTest.mouseClick(sheet.take, Qt.MouseButton.LeftButton)
    seat.until(sheet.go.isEnabled)
    assert [cells[1:2] + cells[4:] for cells in _rows(sheet)] == [("Hanna Weiss", "is taken out")]
    QTest.mouseClick(sheet.go, Qt.MouseButton.LeftButton)
    seat.until(lambda: [lasts for *_, lasts in _spans(plant, "1007")] == [8, 0])
    seat.until(lambda: row() == -1)


def test_a_bad_table_says_each_row_and_cannot_be_put_down(seat: Seat, plant: Rig, tmp_path: Path) -> None:
    sheet = _opened(seat, 4)
    day = f"{DAY + timedelta(days=4)}"
    table = tmp_path / "plan.csv"
    head = "person,station,kind,start,end\n"
    good = f"1007,ST-020,,{day} 14:00,{day} 22:00\n"
    table.write_text(f"{head}{good}1003,ST-110,,{day} 14:00,{day} 22:00\n")
    sheet.try_file(table)
    seat.until(lambda: "cannot be" in sheet.says)
    assert sheet.says == "1 of 2 rows cannot be; nothing was written."
    assert _rows(sheet)[1][4] == "1009 does not supervise line L2 of station ST-110."
    assert not sheet.go.isEnabled()
    table.write_text(head + good)
    sheet.try_file(table)
    seat.until(sheet.go.isEnabled)
    QTest.mouseClick(sheet.go, Qt.MouseButton.LeftButton)
    seat.until(lambda: ("ST-020", 14, 8.0) in _spans(plant, "1007"))


def test_where_pages_stay_closed_a_reason_is_asked_first(seat: Seat, plant: Rig) -> None:
    sheet = _opened(seat, 8)
    sheet.person.setCurrentIndex(sheet.person.findData("1013"))
    sheet.station.setCurrentIndex(sheet.station.findData("ST-050"))
    QTest.mouseClick(sheet.add, Qt.MouseButton.LeftButton)
    seat.until(lambda: [row[1] for row in _rows(sheet)] == ["Tomasz Nowak"])
    assert "Has not signed HELIO Medical's current agreement." in _rows(sheet)[0][4]
    assert not sheet.go.isEnabled()
    QTest.keyClicks(sheet.reason, "signs on Monday")
    assert sheet.go.isEnabled()
    QTest.mouseClick(sheet.leave, Qt.MouseButton.LeftButton)  # cancels what was tried
    seat.until(lambda: any(row[3] == "open" for row in _rows(sheet)))
    assert _spans(plant, "1013") == []
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
