"""A clip from its file to the worker's eyes: published by command, sealed, pulled, played in a real window.

And nowhere else: not in plain in any file, not on the screen after a turn or a lock, not without a record.
"""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pymupdf
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from app.cli.main import main
from app.hub.acting import Acting, actor
from app.hub.badges import issue, office
from app.hub.schema import Blob, EventRow
from app.hub.schema_clips import ClipRow
from app.kiosk.engine import Engine, Parts
from app.kiosk.session import DEBOUNCE_MS
from app.kiosk.supplies import ask_grant, hand_in
from app.kiosk.sync import Sync
from app.kiosk.view import Stage
from app.mark.read import read
from app.model.errors import Expected
from app.pages.renderer import Renderer
from app.seal.boxes import open_page, unwrap_key
from app.ui import theme
from app.ui.kiosk_app import bring_up
from app.ui.kiosk_window import KioskWindow
from tests.kiosk.plant import CLOCK, FAST, Hub, Kiosk, wait_for
from tests.kiosk.raw import found_in
from tests.pages.filming import BALL, film
from tests.ui.pixels import as_array

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from app.kiosk.cache import Cache
    from app.ui.clip_panel import ClipPanel

BADGE = "0417265500"
REVISION = "WI-300/A"


class Plant(Hub):
    """A hub with a document of two pages, the second with a clip."""

    def command(self, *words: str) -> int:
        return main(["admin", "--hub", str(self.home.path), "--as", "SUP-1", *words])

    def furnish(self) -> None:
        with self.store.write() as session:
            acting = Acting(session, actor(session, "SUP-1"), CLOCK.now())
            issue(acting, office(self.home.keys, self.home.site_salt), person="W-1", badge=BADGE)
        (self.folder / "map.csv").write_text(
            "first_page,last_page,station_code,station_name\n1,2,ST-040,\n", encoding="utf-8"
        )
        film(self.folder / "seat.mp4", pictures=45, said={"title": "CANARY-TITLE"}, sound=True)
        (self.folder / "clips.csv").write_text(
            "page,file,left,top,right,bottom\n2,seat.mp4,0.1,0.5,0.9,0.9\n", encoding="utf-8"
        )
        with pymupdf.open() as document:
            for number in (1, 2):
                document.new_page(width=595, height=842).insert_text((60, 100), f"Step {number}", fontsize=20)
            document.save(self.folder / "WI-300.pdf")

    def publish_clips(self) -> int:
        words = ["--client", "C1", "--part", "P1", "--document", "WI-300", "--revision", "A"]
        files = [str(self.folder / name) for name in ("WI-300.pdf", "map.csv", "clips.csv")]
        return self.command(
            "publish", files[0], "--map", files[1], "--clips", files[2], *words, "--class", "internal"
        )

    def clip(self) -> tuple[ClipRow, bytes]:
        """The clip's row, and its bytes as opened with every key."""
        with self.store.read() as session:
            row = session.scalars(select(ClipRow)).one()
            box = session.scalars(select(Blob.data).where(Blob.hash == row.blob)).one()
            session.expunge_all()
        return row, open_page(box, unwrap_key(row.key, self.home.keys.wrap), row.clip, REVISION)

    def told(self, kind: str) -> list[dict[str, object]]:
        with self.store.read() as session:
            rows = session.scalars(select(EventRow).where(EventRow.kind == kind).order_by(EventRow.id))
            return [json.loads(row.data) for row in rows]


class Window:
    """A kiosk with its real sync, engine, player and window; the test is badge reader, hand and eyes."""

    def __init__(self, hub: Plant, folder: Path, bot: QtBot, app: QApplication) -> None:
        self.kiosk, self.bot = Kiosk(hub, folder, "K-1"), bot
        self.kiosk.enrol()
        supplies = self.supplies = self.kiosk.open()
        self.parts = Parts(
            kiosk="K-1", station=supplies.keys.station, clock=CLOCK, journal=supplies.outbox,
            renderer=Renderer(), blobs=supplies.cache, holding=None,
            make_sync=lambda engine: Sync(engine, supplies, timing=FAST),
            local=lambda: supplies.state.local(CLOCK.moment()), tries=supplies.state,
            done=supplies.state.done, hand_in=lambda request: hand_in(supplies, request), close=lambda: None,
            grants=supplies.state, ask_grant=lambda request: ask_grant(supplies, request),
        )  # fmt: skip
        self.window = KioskWindow(theme.load_style(), CLOCK, may_close=True)
        self.window.resize(1280, 800)
        self.window.show()
        bot.waitExposed(self.window)
        self.bridge = bring_up(app, self.window, lambda: Engine(lambda: self.parts))

    def until(self, true: Callable[[], bool]) -> None:
        self.bot.waitUntil(true, timeout=40_000)

    @property
    def panel(self) -> ClipPanel:
        assert self.window.station is not None
        return self.window.station._clip

    @property
    def state(self) -> str:
        session = self.window.screen_up.session
        return session.clip if session is not None else ""

    @property
    def notice(self) -> str:
        notice = self.window.screen_up.notice
        return notice.code if notice is not None else ""

    def tap(self) -> None:
        time.sleep(DEBOUNCE_MS / 1000)  # sooner it is the same tap
        QTest.keyClicks(self.window, BADGE)
        QTest.keyClick(self.window, Qt.Key.Key_Return)

    def to_the_clip(self) -> None:
        self.tap()
        self.until(lambda: self.window.station is not None and self.window.station.shown == 0)
        QTest.keyClick(self.window, Qt.Key.Key_Right)
        self.until(lambda: self.window.station is not None and self.window.station.shown == 1)
        self.until(self.panel.isVisible)

    def touch(self) -> None:
        QTest.mouseClick(self.panel, Qt.MouseButton.LeftButton)

    def pink(self) -> int:
        """Pixels of the ball on the screen: no page has this colour."""
        pixels = as_array(self.window.grab().toImage())[..., 2::-1].astype(int)
        return int((np.abs(pixels - BALL).max(axis=2) < 70).sum())

    def close(self) -> None:
        self.window.let_close()
        self.bridge.close()
        self.window.close()
        self.window.deleteLater()
        self.kiosk.close_files()
        self.kiosk.plug.close()


def damage(cache: Cache, blob: str) -> None:
    with cache._handle().write() as database:
        database.run("UPDATE page SET data = zeroblob(length(data)) WHERE blob = ?", (blob,))


def holds(cache: Cache, blob: str) -> bool:
    try:
        return bool(cache.get(blob))
    except Expected:
        return False


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    hub = Plant(tmp_path)
    hub.furnish()
    yield hub
    hub.close()


@pytest.fixture
def window(plant: Plant, tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Window]:
    assert plant.publish_clips() == 0
    plant.serve()
    front = Window(plant, tmp_path / "kiosk", qtbot, qapp)
    front.until(lambda: front.window.screen_up.stage is Stage.BADGE)
    front.until(lambda: front.parts.current.holding is not None)
    front.until(lambda: len(front.supplies.cache.have()) == 3)
    yield front
    front.close()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_clip_plays_in_its_page_marked_and_on_record_and_is_nowhere_in_plain(
    plant: Plant, window: Window, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row, plain = plant.clip()
    assert b"CANARY" not in plain
    assert plant.publish_clips() == 0
    assert "published before from the same file" in capsys.readouterr().out

    window.to_the_clip()
    assert window.pink() == 0, "it plays by itself"
    assert not plant.told("clip.begin")
    window.touch()
    window.until(lambda: window.panel._held is not None)
    assert window.state == "playing"
    playing = window.pink()
    assert playing > 1000

    window.touch()
    window.until(lambda: window.state == "paused")
    still = window.panel._held
    picture = as_array(window.window.grab().toImage())
    reading = read([picture[..., :3].mean(axis=2)], bytes(plant.home.mark_key))
    session = window.window.screen_up.session
    assert reading is not None
    assert session is not None
    assert f"{reading.token:016x}" == session.mark.token, "the picture does not name the look"
    QTest.qWait(150)
    assert window.panel._held is still, "it goes on by itself"

    window.touch()
    window.until(lambda: window.state == "")
    assert window.panel._held is None
    assert window.pink() == 0

    window.touch()
    window.until(lambda: window.panel._held is not None)
    QTest.keyClick(window.window, Qt.Key.Key_Left)
    window.until(lambda: window.window.station is not None and window.window.station.shown == 0)
    assert window.panel._held is None
    assert window.pink() == 0

    damage(window.supplies.cache, row.blob)
    QTest.keyClick(window.window, Qt.Key.Key_Right)
    window.until(window.panel.isVisible)
    window.touch()
    window.until(lambda: window.notice == "clip_damaged")
    window.until(lambda: holds(window.supplies.cache, row.blob))
    window.touch()
    window.until(lambda: window.panel._held is not None)
    station = window.window.station
    QTest.keyClicks(window.window, "l")
    window.until(lambda: window.window.screen_up.stage is Stage.BADGE)
    assert station is not None
    assert station._clip._held is None

    wait_for("the record", lambda: len(plant.told("clip.end")) == 4, 40)
    begun, over = plant.told("clip.begin"), plant.told("clip.end")
    assert [event["body"]["why"] for event in over] == [  # type: ignore[index]
        "over", "left", "clip_damaged", "left"
    ]  # fmt: skip
    for event in (*begun, *over):
        assert (event["person"], event["revision"], event["station"]) == ("W-1", REVISION, "ST-040")
        assert event["body"]["clip"] == row.clip  # type: ignore[index]
    assert 1200 < over[0]["body"]["ms"] <= 1500  # type: ignore[index]
    stretches = [plain[at : at + 32] for at in range(64, len(plain) - 32, 512)]
    assert not found_in(tmp_path / "kiosk", stretches)
    assert not found_in(plant.home.path, stretches)
    assert plant.command("events", "--kind", "clip.end") == 0
    assert "the clip ended" in capsys.readouterr().out

    assert plant.command("document", "recall", "WI-300", "A", "--reason", "wrong") == 0
    wait_for("the purge", lambda: not window.supplies.cache.have(), 40)
    wait_for("its receipt", lambda: bool(plant.told("purged")), 40)
    receipts = [event["body"] for event in plant.told("purged")]
    assert [len(body["pages"]) for body in receipts if body["why"] != "stray"] == [2]  # type: ignore[index]
    assert all(body["why"] != "stray" for body in receipts), "the clip went without its page"  # type: ignore[index]
