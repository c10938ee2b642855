"""Scenes in which a supervisor is at the board of the kiosk; the hub's answers are put in by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NoReturn

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.desk.worker import Check, SitDown, Told
from app.kiosk.board_desk import OVER
from app.kiosk.view import BoardSeat, MarkText, Screen, Stage
from app.model.terms import AssignmentKind, KioskStatus, Role
from app.ui import desk_words
from app.ui.desk_board import Drop
from app.ui.tongue import said
from app.wire.calls import BoardCall
from app.wire.desk import (
    Board,
    BoardCard,
    BoardKiosk,
    BoardLine,
    BoardPerson,
    BoardReply,
    BoardStation,
    CheckReply,
    DeskPass,
    Outlook,
    SignedIn,
    Verdict,
)
from app.wire.transport import HubUnreachable
from tests.ui.player import NOW, STATUS, marked
from tour.registry import scene

if TYPE_CHECKING:
    from app.ui.board_screen import BoardScreen
    from tour.guide import Guide

HOURS = timedelta(hours=1)
STATIONS = {
    "ST-010": "Housing preparation", "ST-020": "Main board placement", "ST-030": "Pump module and wiring",
    "ST-040": "Battery attach", "ST-050": "Closing and leak test",
}  # fmt: skip
PEOPLE = {
    "1001": ("Ana Oliveira", "ST-040"), "1002": ("Bruno Keller", "ST-010"), "1004": ("Emeka Obi", "ST-020"),
    "1005": ("Fatima El Amrani", "ST-050"), "1006": ("Grace Lindqvist", "ST-020"),
    "1007": ("Hanna Weiss", ""), "1011": ("Li Wei", ""), "1013": ("Tomasz Nowak", ""),
}  # fmt: skip


def _hub_away() -> NoReturn:
    raise HubUnreachable


def _floor(*, calls: bool = False) -> Board:
    call = BoardCall(code="K-2/1/7", kiosk="K-2", station="ST-020", name="Emeka Obi", at=NOW - HOURS / 30)
    return Board(
        lines=(BoardLine(code="L1", name="Infusion pumps", mine=True),),
        stations=tuple(
            BoardStation(code=code, name=name, line="L1", pages=12, clients=("HELIO",))
            for code, name in STATIONS.items()
        ),
        people=tuple(
            BoardPerson(code=code, name=name, version="1", badge=True) for code, (name, _) in PEOPLE.items()
        ),
        cards=tuple(
            BoardCard(
                person=code, station=at, kind=AssignmentKind.ASSIGNED, start=NOW - HOURS, until=None
            )
            for code, (_, at) in PEOPLE.items()
            if at
        ),
        kiosks=tuple(
            BoardKiosk(
                code=f"K-{n}", station=code, status=KioskStatus.ACTIVE, online=n != 3, since=NOW - HOURS,
                person="1001" if n == 4 else "", lease_until=NOW + 70 * HOURS, pages=12, pulled=12,
            )
            for n, code in enumerate(STATIONS, 1)
        ),
        calls=(call,) if calls else (),
    )  # fmt: skip


def _sit(guide: Guide, *, lock_in: int | None = None) -> BoardScreen:
    """Somebody came to the board; the hub has not answered."""
    mark = MarkText("Julia Santos", "0001", STATUS.station, "", NOW, *marked(1))
    papers = DeskPass(person="1009", kiosk=STATUS.kiosk, begins=NOW, ends=NOW + HOURS)
    seat = BoardSeat("1009", "Julia Santos", guide.language, mark, papers, _hub_away, lock_in)
    guide.put_up(Screen(Stage.BOARD, STATUS, board=seat))
    board = guide.window.board
    assert board is not None
    guide.until(lambda: board.bar.says.startswith(said("The hub does not answer.")))
    return board


def _stand(guide: Guide, *, calls: bool = False, lock_in: int | None = None) -> BoardScreen:
    board = _sit(guide, lock_in=lock_in)
    board.asked.disconnect()  # from here on there is nothing to ask
    who = SignedIn(person="1009", name="Julia Santos", roles=(Role.SUPERVISOR,), lines=("L1",))
    board.take(Told(SitDown(), who))
    board.take(Told(None, BoardReply(time=NOW, version="1", board=_floor(calls=calls))))
    guide.settle()
    return board


def _in_hand(board: BoardScreen) -> None:
    at = board.board.card_box("1013", "").center().toPoint()
    QTest.mouseClick(board.board, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    outlooks = tuple(
        Outlook(
            station=code, verdict=Verdict.SHUT if code == "ST-030" else Verdict.OPEN, pages=12, readable=12,
            reasons=(), says="Has not signed HELIO Medical's current agreement." if code == "ST-030" else "",
        )
        for code in STATIONS
    )  # fmt: skip
    board.take(Told(Check("1013"), CheckReply(person="1013", version="1", outlooks=outlooks)))


@scene("board")
def _board(guide: Guide) -> None:
    _stand(guide)


@scene("board-call")
def _board_call(guide: Guide) -> None:
    _stand(guide, calls=True)


@scene("board-in-hand")
def _board_in_hand(guide: Guide) -> None:
    _in_hand(_stand(guide))


@scene("station-leads")
def _station_leads(guide: Guide) -> None:
    guide.sign_in()
    guide.player.set_session(leads=True)
    guide.settle()


@scene("board-why")
def _board_why(guide: Guide) -> None:
    board = _stand(guide)
    chosen = next(card for card in board.board.floor.pool if card.person == "1007")
    outlook = Outlook(
        station="ST-040", verdict=Verdict.PART, pages=12, readable=9, reasons=(),
        says="Is not trained on WI-110, revision A.",
    )  # fmt: skip
    board.board.dropped.emit((Drop(chosen, "ST-040"), outlook))


@scene("board-undo")
def _board_undo(guide: Guide) -> None:
    board = _stand(guide)
    lane = next(lane for lane in board.board.floor.sections[0].lanes if lane.station == "ST-030")
    board.tell.offer(desk_words.moved("Grace Lindqvist", lane.station, lane), 1)


@scene("board-way-out")
def _board_way_out(guide: Guide) -> None:
    _stand(guide).offer_way_out()


@scene("board-without-hub")
def _board_without_hub(guide: Guide) -> None:
    _sit(guide)


@scene("board-locks-soon")
def _board_locks(guide: Guide) -> None:
    _stand(guide, lock_in=9)


@scene("board-over")
def _board_over(guide: Guide) -> None:
    guide.put_up(Screen(Stage.BADGE, STATUS, None, OVER, offers="set_pin"))
