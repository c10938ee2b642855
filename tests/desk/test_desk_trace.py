"""The screen for leaked pictures: dropped, read by a process of its own, named in words, filed as a PDF."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pymupdf
import pytest
from PIL import Image, features
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest

from app.desk.tracing import Apart, TracePictures, TraceProgress, Tracer
from app.hub.schema import ChangeRow
from app.hub.schema_audit import AuditedClient
from app.mark.keys import Place, kiosk_keys, layout_key
from app.mark.read import Word, judged
from app.mark.tile import BAND_PX, TILE_PX, make_band
from app.model.errors import Expected
from app.model.terms import Role
from app.seal.encoding import sha256
from tests.desk.conftest import Seat
from tests.desk.rig import ADMIN_BADGE, ADMIN_PIN, with_pin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tests.desk.rig import Rig

SITE = bytes(range(32))


def leak(path: Path, site: bytes, seq: int, kiosk: str = "K-LEAK") -> Path:
    """A bright page with lines, laid over with the view's tile."""
    keys = kiosk_keys(site, kiosk)
    page = np.full((520, 640), 255.0)
    page[160:460:14, 60:580] = 0
    band = np.frombuffer(make_band(Place(keys.tag, 1, seq).token, keys), np.uint8)
    over = np.tile(band.reshape(TILE_PX, BAND_PX, 4)[..., 0], (3, 1))[: page.shape[0], : page.shape[1]]
    Image.fromarray(np.rint(page * 252 / 255 + over).astype(np.uint8)).save(path, quality=75)
    return path


def drop(seat: Seat, *paths: Path) -> None:
    """Let files go over the zone."""
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    zone = seat.window.trace.zone
    at = QPointF(zone.rect().center())
    keys = Qt.KeyboardModifier.NoModifier
    zone.dropEvent(QDropEvent(at, Qt.DropAction.CopyAction, carried, Qt.MouseButton.LeftButton, keys))


@pytest.fixture
def looker(plant: Rig, qtbot: QtBot) -> Iterator[Seat]:
    seat = Seat(plant, qtbot, office=plant.looking_office)
    yield seat
    seat.bridge.close()


@pytest.fixture(scope="module")
def seen(plant: Rig) -> None:
    """Ana sees the second page of WI-200 at K-LEAK: event 1."""
    kiosk = plant.plant.kiosk("K-LEAK", "ST-120")
    batch = kiosk.write(
        person="1001", client="NORDIA", page=sha256(b"reader 1"), revision="WI-200/A", station="ST-120"
    )  # fmt: skip
    assert kiosk.deliver(batch).status_code == 200


@pytest.mark.usefixtures("seen")
def test_quality_drops_a_picture_and_files_whose_view_it_was(
    looker: Seat, plant: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looker.sign_in(ADMIN_BADGE, ADMIN_PIN)
    QTest.keyClick(looker.board, Qt.Key.Key_F7)
    sheet = looker.window.trace
    assert sheet.isVisible()
    (tmp_path / "note.txt").write_text("no picture")
    drop(looker, tmp_path / "note.txt")
    looker.until(lambda: "note.txt is not a picture" in sheet.says)
    drop(looker, leak(tmp_path / "leak.jpg", plant.plant.home.mark_key, 1))
    looker.until(sheet.save.isEnabled)
    assert sheet.says == "It shows page 2 of WI-200 rev. A, as shown to Ana Oliveira."
    told = sheet.found.toPlainText()
    for word in ("1001 Ana Oliveira", "ST-120", "K-LEAK, epoch 1, number 1", "the inclusion proof holds"):
        assert word in told
    assert not sheet.shown.pixmap().isNull()
    report = tmp_path / "report.pdf"
    monkeypatch.setattr(sheet, "choose_report", lambda name: report if name == "trace-leak.pdf" else None)
    QTest.mouseClick(sheet.save, Qt.MouseButton.LeftButton)
    looker.until(lambda: str(report) in sheet.says)
    with pymupdf.open(report) as document:
        text = " ".join(document[0].get_text().split())
        assert [len(page.get_images()) for page in document] == [0, 1, 1]
    assert "1001 Ana Oliveira" in text
    assert sha256((tmp_path / "leak.jpg").read_bytes())[:20] in text
    with plant.plant.store.read() as session:
        (row,) = session.query(ChangeRow).filter_by(act="mark.trace")
        assert (row.by, row.after["views"], row.after["desk"]) == ("SUP-1", ["K-LEAK/1/1"], "D-1")
    looker.window.sign_out()
    assert not sheet.isVisible()
    assert sheet.found.toPlainText() == ""
    assert sheet.shown.pixmap().isNull()


@pytest.mark.usefixtures("seen")
def test_an_auditor_sees_the_own_clients_view_without_the_name(
    looker: Seat, plant: Rig, tmp_path: Path
) -> None:
    plant.plant.person("A-7", roles=[Role.AUDITOR])
    with_pin(plant.plant, "A-7", "0012340555", "771204")
    plant.plant.add(AuditedClient(person="A-7", client="NORDIA"))
    looker.enter("0012340555")
    looker.enter("771204")
    looker.until(looker.window.exposure.trace.isVisible)
    QTest.mouseClick(looker.window.exposure.trace, Qt.MouseButton.LeftButton)
    drop(looker, leak(tmp_path / "leak.png", plant.plant.home.mark_key, 1))
    sheet = looker.window.trace
    looker.until(sheet.save.isEnabled)
    assert "page 2 of WI-200" in sheet.says
    assert "the log of client NORDIA" in sheet.found.toPlainText()
    assert "Ana" not in sheet.says + sheet.found.toPlainText()
    # As a word: a token may have these digits in the middle.
    assert re.search(r"\b1001\b", sheet.says + sheet.found.toPlainText()) is None


def test_a_supervisor_has_no_such_screen(seat: Seat) -> None:
    QTest.keyClick(seat.board, Qt.Key.Key_F7)
    QTest.keyClick(seat.board, Qt.Key.Key_F3)
    assert seat.window.exposure.isVisible()
    assert not seat.window.exposure.trace.isVisible()
    assert not seat.window.trace.isVisible()


def traced(qtbot: QtBot, *paths: Path) -> tuple[list[object], object]:
    """What a run tells: how far it is, and at last what it came to."""
    told: list[object] = []
    tracer = Tracer(lambda seen: told.append(seen.what))
    tracer.begin(TracePictures(paths), layout_key(SITE))
    qtbot.waitUntil(lambda: bool(told) and not isinstance(told[-1], TraceProgress), timeout=60_000)
    tracer.stop()
    return told[:-1], told[-1]


def test_pictures_of_all_kinds_are_opened_in_the_sandbox(qtbot: QtBot, tmp_path: Path) -> None:
    kinds = ["png", "jpg", "tiff", *(kind for kind in ("webp", "avif") if features.check(kind))]
    progress, apart = traced(qtbot, *(leak(tmp_path / f"leak.{kind}", SITE, 7) for kind in kinds))
    assert progress
    assert isinstance(apart, Apart)
    assert apart.cut
    assert apart.flat is not None
    assert [one.grey.shape for one in apart.shown] == [(520, 640)] * len(kinds)
    assert [len(one.words) > 0 for one in apart.said] == [True, *[False] * (len(kinds) - 1)]
    words = [Word(np.frombuffer(word.soft, np.int8).astype(float)) for word in apart.said[0].words]
    reading = judged([words], SITE).reading
    assert reading is not None
    assert Place.of(reading.token).seq == 7


def test_a_picture_without_a_mark_is_read_in_every_way_in_the_sandbox(qtbot: QtBot, tmp_path: Path) -> None:
    noise = np.random.default_rng(2).integers(0, 255, (70, 70), np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")
    progress, apart = traced(qtbot, tmp_path / "noise.png")
    assert isinstance(apart, Apart)
    assert not apart.cut
    assert len(apart.said[0].words) == len(progress)


def test_what_cannot_be_read_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "torn.png").write_bytes(leak(tmp_path / "whole.png", SITE, 7).read_bytes()[:3000])
    for path, said in (
        (tmp_path / "absent.png", "There is no picture"),
        (tmp_path / "torn.png", "not a picture"),
    ):
        _, trouble = traced(qtbot, path)
        assert isinstance(trouble, Expected)
        assert said in str(trouble)
