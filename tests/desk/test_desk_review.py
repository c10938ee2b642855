"""The review screen: a case at a glance, its verdict, and from an incident to the lockdown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.seal.encoding import sha256
from tests.desk.rig import ADMIN_BADGE, ADMIN_PIN

if TYPE_CHECKING:
    from tests.desk.conftest import Seat
    from tests.desk.rig import Rig


@pytest.fixture
def bare(plant: Rig) -> str:
    """Tomasz, who has no station, saw two pages at ST-050; returns the case."""
    kiosk = plant.plant.kiosk("K-BARE", "ST-050")
    wall = datetime.now(UTC) - timedelta(minutes=5)
    for number in (0, 1):
        batch = kiosk.write(
            person="1013", station="ST-050", client="HELIO", page=sha256(f"page {number}".encode()),
            revision="WI-100/A", wall=wall + timedelta(seconds=number), body={"number": number + 1},
        )  # fmt: skip
        assert kiosk.deliver(batch).status_code == 200
    return f"{wall:%Y-%m-%d}/ST-050/1013"


def test_from_a_view_that_nothing_explains_to_the_lockdown(stranger: Seat, bare: str) -> None:
    stranger.sign_in(ADMIN_BADGE, ADMIN_PIN)
    QTest.keyClick(stranger.board, Qt.Key.Key_F5)
    sheet = stranger.window.review
    stranger.until(lambda: sheet.queue.count() > 0)
    rows = [sheet.queue.item(row).data(Qt.ItemDataRole.UserRole).code for row in range(sheet.queue.count())]
    sheet.queue.setCurrentRow(rows.index(bare))
    stranger.until(lambda: sheet.timeline.case is not None and sheet.timeline.case.code == bare)
    assert [view.page for view in sheet.timeline.bare] == ["WI-100/A p. 1", "WI-100/A p. 2"]
    assert "no assignment or relief held" in sheet.why.text()
    picture = sheet.timeline.grab().toImage()
    first = sheet.timeline.bare[0]
    red = sheet.theme.colour("error_mark").rgb()
    column = round(sheet.timeline.x_of(first.at)) + 1
    ratio = picture.devicePixelRatio()
    reds = sum(picture.pixel(round(column * ratio), y) == red for y in range(picture.height()))
    assert reds > picture.height() / 8
    assert not sheet.wrong.isEnabled()
    assert not sheet.lock.isEnabled()
    sheet.reason.setText("nobody asked him")
    QTest.mouseClick(sheet.wrong, Qt.MouseButton.LeftButton)
    stranger.until(lambda: sheet.case is not None and sheet.case.verdict == "incident")
    assert not sheet.confirm.isEnabled()  # a second person does
    QTest.mouseClick(sheet.lock, Qt.MouseButton.LeftButton)
    lockdown = stranger.window.lockdown
    stranger.until(lambda: lockdown.isVisible() and lockdown.targets.currentRow() >= 0)
    target = lockdown.targets.currentItem().data(Qt.ItemDataRole.UserRole)
    assert (target.kind.value, target.code) == ("person", "1013")
    assert lockdown.reason.text() == f"Incident {bare}: nobody asked him"
    assert lockdown.go.isEnabled()
