"""The board on a kiosk's own screen: a supervisor's badge and PIN at the window, a real hub behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from sqlalchemy import delete, select

from app.hub.board import MOVED, running
from app.hub.holders import body_of
from app.hub.schema import Agreement, AssignmentRow, Badge, ChangeRow, PersonRole, PersonRow, SupervisedLine
from app.hub.settings import set_setting
from app.kiosk.view import Stage
from app.mark.keys import Place
from app.mark.read import read
from app.model.terms import AssignmentKind, CredentialKind, Role
from app.seal.slot import OperatorKey, make_slot
from app.ui import desk_words, theme
from app.ui.board_screen import BoardScreen
from app.ui.kiosk_app import bring_up
from app.ui.kiosk_window import KioskWindow
from app.ui.tongue import speak
from app.wire.clock import SystemClock
from tests.kiosk.grants_rig import SUPERVISOR, WORKERS, Floor, acting, furnish
from tests.kiosk.plant import CLOCK
from tests.ui.pixels import as_array

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.kiosk.view import Screen
    from tests.kiosk.plant import Hub

PIN = "480317"


class Wall(Floor):
    """A kiosk with its window, and hands on it."""

    bot: QtBot

    def begin(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.window = KioskWindow(theme.load_style("light"), SystemClock(), may_close=True)
        self.window.resize(1280, 800)
        self.window.show()
        self.bridge = bring_up(app, self.window, lambda: self.engine)

    def stop(self) -> None:
        self.window.let_close()
        self.bridge.close()
        self.window.close()
        self.window.deleteLater()
        speak("en")
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.kiosk.close_files()

    def until(self, what: str, seen: Callable[[Screen], bool], seconds: float = 20) -> Screen:
        self.sees(lambda: seen(self.window.screen_up))
        return self.window.screen_up

    def sees(self, ready: Callable[[], object]) -> None:
        self.bot.waitUntil(lambda: bool(ready()), timeout=30_000)

    def badge(self, number: str, pin: str = "") -> None:
        self.bot.wait(1100)  # sooner it is the same tap
        QTest.keyClicks(self.window, number)
        QTest.keyClick(self.window, Qt.Key.Key_Return)
        if pin:
            self.sees(lambda: self.window.pin is not None)
            for digit in pin:
                self.window.pin.type(digit)
            self.window.pin.confirm()

    def notice(self) -> str:
        told = self.window.screen_up.notice
        return "" if told is None else told.code

    @property
    def board(self) -> BoardScreen:
        assert self.window.board is not None
        return self.window.board

    def sits(self) -> BoardScreen:
        """The supervisor of L1 is at the board, with people on it."""
        self.badge(SUPERVISOR, PIN)
        self.sees(lambda: self.window.board is not None and self.window.board.board.floor.sections)
        return self.board

    def touch(self, at: QPointF) -> None:
        QTest.mouseClick(
            self.board.board, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at.toPoint()
        )

    def over(self, lane: str) -> QPointF:
        box = self.board.board.lane_box(lane)
        return box.topLeft() + QPointF(box.width() / 2, min(box.height(), 300) / 2)

    def assigned(self, person: str) -> bool:
        """Whether the kiosk's lease says that somebody works at some station."""
        holding = self.parts.current.holding
        assert holding is not None
        return any(one.assignments for one in holding.lease.operators if one.person == person)

    def at_hub(self, person: str) -> list[str]:
        with self.hub.store.read() as session:
            return [row.station for row in running(session, CLOCK.now(), person)]


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    hub = furnish(tmp_path_factory.mktemp("plant"))
    slot = make_slot(SUPERVISOR, PIN, hub.home.site_salt, OperatorKey.generate())
    with acting(hub) as act:
        set_setting(act, "pin_used", "yes")
        row = act.session.scalars(select(Badge).where(Badge.person == "SUP-1")).one()
        row.kind = CredentialKind.UID_PIN.value
        row.slot_tag, row.slot_salt, row.slot_box = slot.tag, slot.salt, slot.box
        row.seal_public, row.sign_public = slot.seal_public, slot.sign_public
        act.session.get_one(PersonRow, "SUP-1").language = "es"
    yield hub
    hub.close()


@pytest.fixture
def wall(plant: Hub, tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Wall]:
    Wall.bot = qtbot
    with Wall(plant, tmp_path) as wall:
        wall.sees(lambda: wall.window.screen_up.status.online and wall.lease > 0)
        yield wall


def test_a_supervisors_badge_and_pin_open_the_board_and_two_touches_move_somebody(wall: Wall) -> None:
    board = wall.sits()
    assert wall.window.screen_up.session is None
    assert "personas en 2 puestos" in board.bar.says, "she is spoken to in her language"
    wall.touch(board.board.card_box("W-2", "ST-050").center())
    assert board.board.carrying is not None
    wall.sees(lambda: board.board.outlook("ST-040") is not None)
    wall.touch(wall.over("ST-040"))
    wall.sees(lambda: wall.at_hub("W-2") == ["ST-040"])
    with wall.hub.store.read() as session:
        row = session.scalars(select(ChangeRow).where(ChangeRow.act == MOVED)).one()
        assert (row.by, row.before["station"], row.after["station"]) == ("SUP-1", "ST-050", "ST-040")
    wall.sees(lambda: board.tell.offers)
    QTest.keyClick(wall.window, Qt.Key.Key_Z)
    wall.sees(lambda: wall.at_hub("W-2") == ["ST-050"])

    # A picture of it names the look, which is on record.
    reading = read(
        [np.ascontiguousarray(as_array(wall.window.grab().toImage())[..., 1])], wall.hub.home.mark_key
    )
    assert reading is not None
    place = Place.of(reading.token)
    wall.sees(lambda: wall.told("board.shown"))
    (shown,) = wall.told("board.shown")
    assert (shown.seq, shown.person) == (place.seq, "SUP-1")
    (begin,) = wall.told("session.begin")
    assert begin.seq < shown.seq

    # Her badge again: nothing of it stays.
    wall.badge(SUPERVISOR)
    wall.sees(lambda: wall.window.screen_up.stage is Stage.BADGE)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert wall.window.board is None
    assert wall.window.findChildren(BoardScreen) == []
    assert wall.window.screen_up.board is None
    wall.sees(lambda: wall.told("session.end"))


def test_the_keyboard_alone_moves_somebody_and_a_figure_says_why(wall: Wall) -> None:
    with acting(wall.hub) as act:
        set_setting(act, "move_reason", "always")
    board = wall.sits()
    for _ in range(12):
        QTest.keyClick(wall.window, Qt.Key.Key_Down)
        QTest.keyClick(wall.window, Qt.Key.Key_Return)
        if board.board.carrying is not None and board.board.carrying.person == "W-1":
            break
        QTest.keyClick(wall.window, Qt.Key.Key_Escape)
    assert board.board.carrying is not None
    wall.sees(lambda: board.board.outlook("ST-050") is not None)
    QTest.keyClick(wall.window, Qt.Key.Key_Right)
    QTest.keyClick(wall.window, Qt.Key.Key_Return)
    assert board.why.isVisible()
    assert not board.why.findChildren(QLineEdit), "there is no keyboard at a kiosk"
    QTest.keyClick(wall.window, Qt.Key.Key_1)
    wall.sees(lambda: wall.at_hub("W-1") == ["ST-050"])
    with wall.hub.store.read() as session:
        why = session.scalars(
            select(ChangeRow.reason).where(ChangeRow.act == MOVED, ChangeRow.subject == "W-1")
        ).all()
    assert why == [desk_words.REASONS[0]]
    leaves_by_the_hidden_way_out(wall, board)


def leaves_by_the_hidden_way_out(wall: Wall, board: BoardScreen) -> None:
    """A touch on the status line is none, a finger that rests there is asked, and only the answer ends it."""
    left, hold = Qt.MouseButton.LeftButton, 150
    board._held.setInterval(hold)
    QTest.mouseClick(board._status, left)
    wall.bot.wait(2 * hold)
    assert not board.way_out.isVisible()
    QTest.mousePress(board._status, left)
    wall.sees(board.way_out.isVisible)
    QTest.mouseRelease(board._status, left)
    with wall.bot.assertNotEmitted(wall.window.ended):
        QTest.keyClick(wall.window, Qt.Key.Key_Escape)
        assert not board.way_out.isVisible()
    board.offer_way_out()
    with wall.bot.waitSignal(wall.window.ended):
        QTest.mouseClick(board.way_out._buttons[0], left)


def test_without_the_hub_there_is_no_board_and_it_says_so(wall: Wall) -> None:
    wall.offline()
    wall.badge(SUPERVISOR, PIN)
    wall.sees(lambda: wall.notice() == "board_offline")
    assert wall.window.board is None
    assert wall.window.screen_up.stage is Stage.BADGE


def test_a_worker_comes_to_no_board_and_neither_does_a_supervisor_without_the_pin(wall: Wall) -> None:
    wall.badge(WORKERS["W-3"])
    wall.sees(lambda: wall.notice() == "NOT_ASSIGNED")
    wall.badge(SUPERVISOR, "918273")
    wall.sees(lambda: wall.window.screen_up.notice is not None and wall.window.pin is not None)
    assert wall.window.board is None
    assert not wall.told("board.shown")


def test_the_board_closes_when_the_person_leads_the_line_no_more(wall: Wall) -> None:
    wall.sits()
    with acting(wall.hub) as act:
        act.session.execute(delete(SupervisedLine).where(SupervisedLine.person == "SUP-1"))
    wall.sees(lambda: wall.window.board is None)
    assert wall.notice() == "board_over"
    with acting(wall.hub) as act:
        act.session.add(SupervisedLine(person="SUP-1", line="L1"))


def test_a_supervisor_who_reads_here_goes_from_the_pages_to_the_board(wall: Wall) -> None:
    with acting(wall.hub) as act:
        now = CLOCK.now()
        act.session.add(PersonRole(person="SUP-1", role=Role.OPERATOR.value))
        act.session.add(Agreement(person="SUP-1", client="C1", version="1", signed=now))
        kind = AssignmentKind.ASSIGNED.value
        act.session.add(
            AssignmentRow(person="SUP-1", station="ST-040", start=now, kind=kind, by="SUP-1", made=now)
        )
    wall.sees(lambda: wall.assigned("SUP-1"))
    wall.badge(SUPERVISOR, PIN)
    wall.sees(lambda: wall.window.station is not None and wall.window.screen_up.session is not None)
    assert wall.window.screen_up.session.leads  # type: ignore[union-attr]
    QTest.keyClick(wall.window, Qt.Key.Key_B)
    wall.sees(lambda: wall.window.board is not None and wall.window.board.board.floor.sections)
    assert wall.window.screen_up.session is None
    wall.sees(lambda: len(wall.told("session.begin")) == 2)
    kinds = [row.kind for kind in ("session.begin", "session.end", "board.shown") for row in wall.told(kind)]
    assert kinds == ["session.begin", "session.begin", "session.end", "board.shown"]
    (ended,) = wall.told("session.end")
    assert body_of(ended.data)["why"] == "opens the board"
