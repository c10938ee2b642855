"""The desk as a supervisor uses it: mouse and keys on a real window, a real hub process behind it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from app.desk.office import Move
from app.hub.acting import Acting, actor
from app.hub.schema import ChangeRow, KioskRow
from app.hub.work import assign, unassign
from app.ui import desk_words
from app.wire.clock import SystemClock
from tests.desk.rig import BADGE, JULIA

if TYPE_CHECKING:
    from tests.desk.conftest import Seat
    from tests.desk.rig import Rig


def test_a_wrong_pin_opens_nothing_and_says_so(stranger: Seat) -> None:
    stranger.enter(BADGE)
    stranger.until(lambda: stranger.window.sign_in.says == desk_words.PIN_HOW)
    stranger.enter("918273")
    stranger.until(lambda: "Badge and PIN do not match." in stranger.window.sign_in.says)
    assert not stranger.board.floor.sections
    stranger.enter("480317")
    stranger.until(lambda: stranger.board.floor.sections)


def test_a_badge_that_may_not_sit_here_is_refused_in_words(stranger: Seat) -> None:
    stranger.enter("0099999999")
    stranger.until(lambda: "not one that may open a desk" in stranger.window.sign_in.says)


def test_drag_with_the_mouse_puts_the_person_in_the_other_lane_and_at_the_hub(seat: Seat, plant: Rig) -> None:
    seat.drag("1006", "ST-020", "ST-030")
    assert seat.board.outlook("ST-030").readable == 6
    seat.drop("ST-030")
    seat.until(lambda: seat.window.tell.text)
    assert seat.window.tell.text == "Grace Lindqvist works at ST-030 Pump module and wiring now."
    assert plant.stations_of("1006") == ["ST-030"]
    seat.until(lambda: seat.lane_of("1006") == ["ST-030"])
    QTest.mouseClick(seat.window.tell.button, Qt.MouseButton.LeftButton)
    seat.until(lambda: plant.stations_of("1006") == ["ST-020"])
    seat.until(lambda: seat.lane_of("1006") == ["ST-020"])
    assert seat.window.tell.text == "Grace Lindqvist is back."


def test_a_refusal_stands_in_words_before_the_drop_and_the_drop_does_nothing(seat: Seat, plant: Rig) -> None:
    seat.drag("1013", "", "ST-030")
    outlook = seat.board.outlook("ST-030")
    icon, says, _ = desk_words.verdict(outlook)
    assert (icon, desk_words.stops(outlook)) == ("error", True)
    assert says.startswith("Has not signed HELIO Medical's current agreement.")
    assert desk_words.verdict(seat.board.outlook("ST-110"))[1] == "You do not supervise line L2."
    seat.drop("ST-030")
    assert says in seat.window.tell.text
    assert seat.lane_of("1013") == [""]
    assert plant.stations_of("1013") == []

    def on_record() -> bool:
        with plant.plant.store.read() as session:
            rows = session.scalars(select(ChangeRow).where(ChangeRow.act == "move.refused")).all()
            return [(row.subject, row.after["says"]) for row in rows] == [("1013", outlook.says)]

    assert outlook is not None
    seat.until(on_record)


def test_tab_stays_within_the_sheet_and_never_reaches_what_it_covers(seat: Seat) -> None:
    QTest.keyClick(seat.board, Qt.Key.Key_F4)
    sheet = seat.window.lockdown
    seat.until(sheet.isVisible)
    reached = set()
    for _ in range(40):
        QTest.keyClick(seat.window.focusWidget() or sheet, Qt.Key.Key_Tab)
        focused = seat.window.focusWidget()
        assert focused is not None
        assert sheet.isAncestorOf(focused)
        reached.add(focused)
    assert len(reached) > 1
    QTest.keyClick(seat.window.focusWidget() or sheet, Qt.Key.Key_Escape)
    seat.until(lambda: not sheet.isVisible())


def test_nobody_is_taken_from_another_supervisors_line(seat: Seat) -> None:
    seat.lift("1003", "ST-110")
    assert seat.board.carrying is None
    assert seat.window.tell.text == "Carmen Ruiz works on another supervisor's line."


def test_where_pages_stay_closed_a_reason_is_asked_and_kept(seat: Seat, plant: Rig) -> None:
    from sqlalchemy import select

    from app.hub.schema import AssignmentRow

    seat.drag("1007", "", "ST-040")
    seat.drop("ST-040")
    assert seat.window.why.isVisible()
    QTest.keyClick(seat.window.why, Qt.Key.Key_Escape)
    assert not seat.window.why.isVisible()
    assert plant.stations_of("1007") == []
    seat.drag("1007", "", "ST-040")
    seat.drop("ST-040")
    QTest.keyClicks(seat.window.why.own, "two are ill")
    QTest.mouseClick(seat.window.why.move_button, Qt.MouseButton.LeftButton)
    seat.until(lambda: plant.stations_of("1007") == ["ST-040"])
    with plant.plant.store.read() as session:
        kept = session.scalars(select(AssignmentRow.reason).where(AssignmentRow.person == "1007")).all()
        assert kept == ["two are ill"]


def test_the_keyboard_alone_moves_somebody(seat: Seat, plant: Rig) -> None:
    seat.key(Qt.Key.Key_Down)  # the first card: the pool's
    for _ in range(12):
        if seat.board.carrying is None:
            seat.key(Qt.Key.Key_Right, Qt.Key.Key_Return)
        if seat.board.carrying is not None and seat.board.carrying.person == "1002":
            break
        seat.key(Qt.Key.Key_Escape)
    assert seat.board.carrying is not None
    assert seat.board.carrying.person == "1002"
    seat.until(lambda: seat.board.outlook("ST-020") is not None)
    seat.key(Qt.Key.Key_Right, Qt.Key.Key_Return)
    seat.until(lambda: plant.stations_of("1002") == ["ST-020"])
    seat.until(lambda: seat.lane_of("1002") == ["ST-020"])


def test_what_another_supervisor_does_appears_by_itself(seat: Seat, plant: Rig) -> None:
    with plant.plant.store.write() as session:
        acting = Acting(session, actor(session, JULIA), SystemClock().now())
        unassign(acting, person="1004", station="ST-020")
        assign(acting, person="1004", station="ST-010")
    seat.until(lambda: seat.lane_of("1004") == ["ST-010"])


def test_a_drop_on_a_board_that_is_out_of_date_overwrites_nothing(seat: Seat, plant: Rig) -> None:
    seat.window.asked.emit(Move("1005", "0123456789abcdef", "ST-050", "ST-010"))
    seat.until(lambda: "meanwhile; nothing was changed now." in seat.window.tell.text)
    assert plant.stations_of("1005") == ["ST-040", "ST-050"]  # relief, and where she works


def test_signing_out_takes_the_board_away(seat: Seat) -> None:
    seat.window.sign_out()
    assert not seat.board.floor.sections
    assert seat.window.sign_in.isVisible()


def test_lockdown_takes_two_confirmations_and_shows_who_still_holds_it(seat: Seat, plant: Rig) -> None:
    sheet = seat.window.lockdown
    QTest.mouseClick(seat.window.bar.lockdown, Qt.MouseButton.LeftButton)
    seat.until(lambda: sheet.targets.count() > 0)
    QTest.keyClicks(sheet.filter, "station st-010")
    assert sheet.targets.count() == 1
    sheet.targets.setCurrentRow(0)
    assert not sheet.go.isEnabled()
    QTest.keyClicks(sheet.reason, "a page was photographed")
    for _ in range(2):
        QTest.mouseClick(sheet.go, Qt.MouseButton.LeftButton)
    assert sheet.shown == ()
    QTest.mouseClick(sheet.go, Qt.MouseButton.LeftButton)
    seat.until(lambda: sheet.shown)
    (locked,) = sheet.shown
    assert (locked.kind, locked.code, locked.by) == ("station", "ST-010", JULIA)
    assert [(holder.kiosk, holder.settled) for holder in locked.holders] == [("K-1", False)]
    assert locked.latest == locked.holders[0].until
    QTest.mouseClick(sheet.leave, Qt.MouseButton.LeftButton)
    seat.until(lambda: seat.board.floor.lanes["ST-010"].locked_down)


def test_a_word_changed_between_the_confirmations_begins_anew(seat: Seat) -> None:
    sheet = seat.window.lockdown
    QTest.mouseClick(seat.window.bar.lockdown, Qt.MouseButton.LeftButton)
    seat.until(lambda: sheet.targets.count() > 0)
    sheet.targets.setCurrentRow(0)
    sheet.reason.setText("lost")
    sheet.go.click()
    sheet.go.click()
    sheet.reason.setText("lost, or stolen")
    before = len(sheet.shown)
    sheet.go.click()
    assert sheet.go.text() == "Confirm: this is the right one"
    assert len(sheet.shown) == before


def test_a_kiosk_that_listens_and_has_nothing_to_ask_is_online(seat: Seat, plant: Rig) -> None:
    def online() -> bool:
        return seat.board.floor.lanes["ST-030"].posts[0].online

    assert not online()
    with plant.client("K-3") as kiosk:
        stream = kiosk.listen()
        next(stream)
        long_ago = SystemClock().now() - timedelta(minutes=9)
        plant.plant.change(KioskRow, "K-3", seen=long_ago)
        seat.until(online)
        stream.close()
    seat.until(lambda: not online())


def test_a_desk_that_nobody_touches_signs_its_person_out(seat: Seat) -> None:
    assert seat.window.idle.isActive()
    seat.window.idle.setInterval(200)
    seat.key(Qt.Key.Key_Down)  # a touch begins the time anew, now the short one
    seat.until(seat.window.sign_in.isVisible)
    assert not seat.board.floor.sections
    assert not seat.window.idle.isActive()
