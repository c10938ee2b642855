"""The exposure screen: the heat map, whose it is, and down to the page; a real hub behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.hub.schema import Client, Part
from app.hub.schema_audit import AuditedClient
from app.model.exposure import Share
from app.model.terms import Role as PlantRole
from app.seal.encoding import sha256
from app.ui import desk_records_words as words
from app.ui.theme import Theme, contrast, load_style
from app.wire.desk_exposure import By
from app.wire.evidence_check import With, check
from tests.desk.rig import with_pin

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk.conftest import Seat
    from tests.desk.rig import Rig

Role = Qt.ItemDataRole


@pytest.fixture
def seen(plant: Rig) -> tuple[str, str]:
    """Ana saw one page of a client with a limit of 5 per cent; returns the client, and who."""
    hub = plant.plant
    if "K-EXPOSED" in plant.devices:
        return "HELIO", "1001"
    with hub.store.read() as session:
        client = session.query(Client.code).order_by(Client.code).first()[0]
    hub.publish("WI-EXPOSED", _part(plant, client), [(b"exposed %d" % at, ["ST-040"]) for at in range(8)])
    hub.change(Client, client, exposure_limit=5)
    kiosk = plant.devices["K-EXPOSED"] = hub.kiosk("K-EXPOSED", "ST-040")
    batch = kiosk.write(person="1001", client=client, page=sha256(b"exposed 0"), station="ST-040")
    assert kiosk.deliver(batch).status_code == 200
    return client, "1001"


def _part(plant: Rig, client: str) -> str:
    with plant.plant.store.read() as session:
        return str(session.query(Part.code).filter_by(client=client).first()[0])


def test_a_share_over_its_limit_and_the_pages_behind_it(seat: Seat, seen: tuple[str, str]) -> None:
    client, person = seen
    QTest.keyClick(seat.board, Qt.Key.Key_F3)
    sheet = seat.window.exposure
    seat.until(lambda: sheet.heat.rowCount() > 0)
    reply = sheet.heat.reply
    assert reply is not None
    row = [each.code for each in reply.rows].index(person)
    column = [(each.client, each.part) for each in reply.columns].index((client, "")) + 1
    cell = sheet.heat.index(row, column)
    assert str(cell.data(Role.DisplayRole)).endswith("% !")
    assert "over the limit of 5 %" in str(cell.data(Role.AccessibleTextRole))
    sheet.filter.setText("oliveira")
    assert sheet.sifted.rowCount() == 1
    sheet.map.setCurrentIndex(sheet.sifted.index(0, column))
    seat.until(lambda: sheet.pages.rowCount() > 0)
    given = [page for page in sheet.pages.pages if page.given]
    assert [(page.document, page.number, page.views) for page in given] == [("WI-EXPOSED", 1, 1)]
    assert f"{person} was given 1 of" in sheet.says
    sheet.by.setCurrentIndex(sheet.by.findData(By.LINE))
    sheet.filter.clear()
    seat.until(lambda: sheet.heat.rowCount() > 0)
    assert str(sheet.heat.index(0, 0).data()).endswith("(L1)")
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_shade_can_be_read(seat: Seat, mode: str) -> None:
    heat = seat.window.exposure.heat
    heat.theme = Theme(load_style(mode))  # type: ignore[arg-type]
    for percent in range(101):
        for over in (False, True):
            ground = heat.shade(Share(percent, 100), over=over).name()
            assert contrast(ground, heat.ink(ground).name()) >= 4.5, (percent, over)


def test_an_auditor_sees_the_own_client_and_no_board(
    stranger: Seat, plant: Rig, seen: tuple[str, str]
) -> None:
    badge, pin = "0012340055", "716253"
    plant.plant.person("A-1", roles=[PlantRole.AUDITOR])
    with_pin(plant.plant, "A-1", badge, pin)
    plant.plant.add(AuditedClient(person="A-1", client="HELIO"))
    stranger.enter(badge)
    stranger.enter(pin)
    sheet = stranger.window.exposure
    stranger.until(lambda: sheet.heat.rowCount() > 0)
    reply = sheet.heat.reply
    assert reply is not None
    assert {column.client for column in reply.columns} == {"HELIO"}
    wide = [sheet.map.columnWidth(at) for at in range(1, 1 + len(reply.columns))]
    assert max(wide) - min(wide) <= 2, "shares that all fit are as wide as each other"
    assert not stranger.board.floor.sections
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    stranger.until(stranger.window.sign_in.isVisible)
    assert sheet.heat.rowCount() == 0


def test_an_auditor_takes_the_evidence_of_the_own_client_along(
    stranger: Seat, plant: Rig, seen: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    badge, pin = "0012340066", "582714"
    plant.plant.person("A-2", roles=[PlantRole.AUDITOR])
    with_pin(plant.plant, "A-2", badge, pin)
    plant.plant.add(AuditedClient(person="A-2", client="HELIO"))
    stranger.enter(badge)
    stranger.enter(pin)
    sheet = stranger.window.records
    stranger.until(stranger.window.exposure.records.isVisible)
    QTest.mouseClick(stranger.window.exposure.records, Qt.MouseButton.LeftButton)
    stranger.until(lambda: sheet.make.isEnabled() and sheet.verdicts.count())
    assert [sheet.client.itemData(at) for at in range(sheet.client.count())] == ["HELIO"]
    for button, name in ((sheet.keep, "kept"), (sheet.make, "HELIO.zip")):
        monkeypatch.setattr(sheet, "choose", lambda _name, to=tmp_path / name: to)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        stranger.until(lambda to=tmp_path / name: to.exists() and str(to) in sheet.says)
    assert not sheet.maker.busy
    known = With(plant.plant.home.keys.log.public, seen=[(tmp_path / "kept").read_bytes()])
    with (tmp_path / "HELIO.zip").open("rb") as file:
        proven = check(file, known)
    assert (proven.about.client, proven.about.pseudonyms, proven.earlier) == (
        "HELIO",
        True,
        [proven.about.size],
    )
    assert not list(tmp_path.glob("*.part"))
    sheet.begin.setDate(sheet.begin.date().addYears(-9))
    sheet.end.setDate(sheet.begin.date())
    QTest.mouseClick(sheet.make, Qt.MouseButton.LeftButton)
    stranger.until(lambda: "has no events in that period" in sheet.says)
    assert sheet.make.text() == words.MAKE
    sheet.begin.setDate(sheet.begin.date().addYears(9).addMonths(-1))
    sheet.end.setDate(sheet.begin.date().addYears(1))
    monkeypatch.setattr(sheet, "choose", lambda _name: tmp_path / "stopped.zip")
    QTest.mouseClick(sheet.make, Qt.MouseButton.LeftButton)
    assert sheet.make.text() == words.STOP
    QTest.mouseClick(sheet.make, Qt.MouseButton.LeftButton)
    assert (sheet.says, sheet.make.text()) == (words.STOPPED, words.MAKE)
    stranger.until(lambda: not list((plant.plant.home.path / "bundles").iterdir()))
    assert {path.name for path in tmp_path.glob("*.zip*")} == {"HELIO.zip"}
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert stranger.window.exposure.isVisible()


def test_a_supervisor_is_not_offered_the_evidence(seat: Seat, seen: tuple[str, str]) -> None:
    QTest.keyClick(seat.board, Qt.Key.Key_F3)
    assert not seat.window.exposure.records.isVisible()
