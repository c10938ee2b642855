"""The remarks screen: what was said, the page with the place marked, on record, and the answer."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pymupdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from app.desk.looking import RemarkPicture
from app.desk.questions import ReadRemarkPage, ReadRemarks
from app.hub.schema import EventRow, PersonRow
from app.hub.schema_remarks import RemarkRow
from app.kiosk.view import Framing
from app.model.errors import Expected, Refused
from app.model.terms import Role
from app.seal.encoding import sha256
from app.ui.marked import MarkedCanvas
from app.wire.clock import SystemClock
from app.wire.desk_remarks import RemarksReply
from app.wire.messages import EventKind
from tests.desk.conftest import Seat
from tests.desk.rig import ADMIN_BADGE, ADMIN_PIN, with_pin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from app.desk.office import Office
    from app.kiosk.view import MarkText
    from tests.desk.rig import Rig


def drawn() -> bytes:
    with pymupdf.open() as document:
        page = document.new_page(width=595, height=842)
        page.draw_rect((100, 100, 500, 700), color=(0, 0, 0), fill=(0, 1, 0))
        return bytes(document.tobytes(no_new_id=True))


@pytest.fixture
def looker(plant: Rig, qtbot: QtBot) -> Iterator[Seat]:
    seat = Seat(plant, qtbot, office=plant.looking_office)
    yield seat
    seat.bridge.close()


@pytest.fixture(scope="module")
def quality(plant: Rig) -> tuple[str, str]:
    """Somebody of quality, with badge and PIN."""
    badge, pin = "0012340088", "557190"
    with plant.plant.writing() as session:
        plant.plant.person("QA-1", roles=[Role.QUALITY])
        session.get_one(PersonRow, "QA-1").name = "Quinn Adler"
        with_pin(plant.plant, "QA-1", badge, pin)
    return badge, pin


@pytest.fixture(scope="module")
def remark(plant: Rig) -> str:
    """Ana says that a value in the middle of a page is wrong."""
    data = drawn()
    plant.plant.publish("WI-300", "HM-2201", [(data, ["ST-040"])])
    kiosk = plant.plant.kiosk("K-SAYS", "ST-040")
    body = {
        "region": [4000, 4000, 6000, 5000],
        "what": "value",
        "words": "0.9",
        "token": "0" * 16,
        "step": "",
    }
    batch = kiosk.write(
        kind=EventKind.PAGE_REMARK, person="1001", station="ST-040", client="HELIO", page=sha256(data),
        revision="WI-300/A", body=body, wall=SystemClock().now(),
    )  # fmt: skip
    assert kiosk.deliver(batch).status_code == 200
    return "K-SAYS/1/1"


def test_quality_sees_the_page_with_the_place_marked_and_answers(
    looker: Seat, plant: Rig, quality: tuple[str, str], remark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks: list[MarkText] = []
    paint = MarkedCanvas.paint

    def noted(self: MarkedCanvas, *args: object, **more: object) -> None:
        marks.append(args[3])  # type: ignore[arg-type]
        paint(self, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(MarkedCanvas, "paint", noted)
    looker.sign_in(*quality)
    QTest.keyClick(looker.board, Qt.Key.Key_F6)
    sheet = looker.window.remarks
    looker.until(lambda: sheet.remark is not None and sheet.remark.code == remark)
    assert "Ana Oliveira  ST-040" in sheet.queue.item(0).text()
    assert "WI-300/A p. 1" in sheet.queue.item(0).text()
    assert not sheet.changes.isEnabled()
    QTest.mouseClick(sheet.look, Qt.MouseButton.LeftButton)
    looker.until(lambda: sheet.page.shown == 0)
    picture = sheet.page.grab().toImage()
    green = sum(
        picture.pixelColor(x, y).green() > 200 and picture.pixelColor(x, y).red() < 90
        for x in range(0, picture.width(), 4)
        for y in range(0, picture.height(), 4)
    )
    assert green > 500  # the page itself is there
    assert {mark.name for mark in marks} == {"Quinn Adler"}
    with plant.plant.store.read() as session:
        look = session.scalars(select(EventRow).where(EventRow.kind == EventKind.REMARK_VIEWED.value)).one()
        assert (look.kiosk, look.person, look.page) == ("D-1", "QA-1", sha256(drawn()))
        assert {int(mark.token, 16) & 0xFFFFFFFF for mark in marks} == {look.seq}
    sheet.answer.setText("0.9 Nm is right: revision B says so.")
    QTest.mouseClick(sheet.changes, Qt.MouseButton.LeftButton)
    looker.until(lambda: sheet.queue.count() == 0)
    assert sheet.page.shown is None
    with plant.plant.store.read() as session:
        row = session.get_one(RemarkRow, remark)
        assert (row.verdict, row.answered_by) == ("changes", "QA-1")
        assert row.answer == "0.9 Nm is right: revision B says so."
    sheet.all.setChecked(True)
    looker.until(lambda: sheet.queue.count() == 1)
    assert "has not read it yet" in sheet.what.text()


def test_an_administrator_sees_the_remarks_and_no_page(looker: Seat, remark: str) -> None:
    looker.sign_in(ADMIN_BADGE, ADMIN_PIN)
    QTest.keyClick(looker.board, Qt.Key.Key_F6)
    sheet = looker.window.remarks
    sheet.all.setChecked(True)
    looker.until(lambda: sheet.remark is not None and sheet.remark.code == remark)
    assert sheet.look.isVisible()
    assert not sheet.look.isEnabled()
    assert sheet.look.text() == "Only quality looks at the page"


FRAMING = Framing(400, 600)


def looked(office: Office, code: str) -> bool:
    """Look at the page of a remark; whether the drawing process has it afterwards."""
    listed = office.read(ReadRemarks(answered=True))
    assert isinstance(listed, RemarksReply)
    (remark,) = (one for one in listed.remarks if one.code == code)
    picture = office.read(ReadRemarkPage(remark, FRAMING))
    assert isinstance(picture, RemarkPicture)
    picture.painting.pixels.release()
    return office._looking._renderer.holds(picture.leaf.page)  # type: ignore[union-attr]


def test_without_its_journal_a_desk_refuses_looks_and_nothing_else(
    plant: Rig, quality: tuple[str, str], remark: str
) -> None:
    journal = plant.plant.home.path.parent / "desk-outbox.db"
    with closing(plant.looking_office()) as office:
        office.sign_in(*quality)
        assert looked(office, remark)
    kept = [path for path in journal.parent.glob(f"{journal.name}*") if path.rename(f"{path}.kept")]
    for spoil, code in ((lambda: None, "journal_behind"), (journal.mkdir, "cannot_record")):
        spoil()
        with closing(plant.looking_office()) as office:
            office.sign_in(*quality)
            with pytest.raises(Expected) as refused:
                looked(office, remark)
            assert refused.value.code == code
            assert office.board().board is not None
        for path in journal.parent.glob(f"{journal.name}*"):
            if not path.name.endswith(".kept"):
                path.rmdir() if path.is_dir() else path.unlink()
    for path in kept:
        path.with_name(f"{path.name}.kept").rename(path)


def test_when_the_pass_ends_at_a_look_no_page_stays_in_the_drawing_process(
    plant: Rig, quality: tuple[str, str], remark: str
) -> None:
    with closing(plant.looking_office()) as office:
        office.sign_in(*quality)
        assert looked(office, remark)
        listed = office.read(ReadRemarks(answered=True))
        plant.plant.change(PersonRow, "QA-1", active=False)
        try:
            with pytest.raises(Refused) as refused:
                office.read(ReadRemarkPage(listed.remarks[0], FRAMING))  # type: ignore[union-attr]
        finally:
            plant.plant.change(PersonRow, "QA-1", active=True)
        assert refused.value.code == "signed_out"
        assert not office._looking._renderer.holds(sha256(drawn()))  # type: ignore[union-attr]
        with pytest.raises(Refused, match="Nobody is signed in"):
            office.board()
