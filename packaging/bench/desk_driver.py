"""Drags a card over the desk's board in this process and times each move from the event to the paint.

``python -m bench.desk_driver STATIONS PEOPLE MOVES``; its last line is JSON: ``seconds`` on the clock,
``own`` of this thread's processor time, which other programs do not lengthen. The board is the program's own
widget on Qt's offscreen platform at full HD; each move goes elsewhere, over lanes with verdicts.
"""

from __future__ import annotations

import json
import math
import sys
import time
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from app.desk.floor import picture
from app.model.decide import Reason
from app.model.terms import AssignmentKind, KioskStatus
from app.ui import theme
from app.ui.desk_board import BoardView
from app.ui.desk_layout import desk_unit
from app.ui.theme import Theme
from app.wire.desk import (
    Board,
    BoardCard,
    BoardKiosk,
    BoardLine,
    BoardPerson,
    BoardStation,
    Outlook,
    Verdict,
)

WIDTH, HEIGHT = 1920, 1080
NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
LINES = 10


def board(stations: int, people: int) -> Board:
    """A plant of this size: every person at a station, every station with a kiosk."""
    names = [f"ST-{number:03}" for number in range(stations)]
    return Board(
        lines=tuple(BoardLine(code=f"L{line}", name=f"Line {line}", mine=True) for line in range(LINES)),
        stations=tuple(
            BoardStation(code=name, name=f"Assembly step {name}", line=f"L{at * LINES // stations}", pages=9)
            for at, name in enumerate(names)
        ),
        people=tuple(
            BoardPerson(code=f"P-{at}", name=f"Operator Number {at}", version="v", badge=True)
            for at in range(people)
        ),
        cards=tuple(
            BoardCard(
                person=f"P-{at}", station=names[at % stations], kind=AssignmentKind.ASSIGNED,
                start=NOW - timedelta(days=1), until=None,
            )
            for at in range(people)
        ),
        kiosks=tuple(
            BoardKiosk(
                code=f"K-{at}", station=name, status=KioskStatus.ACTIVE, online=at % 7 > 0, since=NOW,
                person=f"P-{at}", lease_until=NOW + timedelta(hours=72), pages=9,
            )
            for at, name in enumerate(names)
        ),
    )  # fmt: skip


def outlooks(board: Board) -> dict[str, Outlook]:
    """Verdicts of all three kinds."""
    kinds = (Verdict.OPEN, Verdict.PART, Verdict.SHUT)
    return {
        station.code: Outlook(
            station=station.code, verdict=kinds[at % 3], pages=9, readable=9 - 4 * (at % 3),
            reasons=(Reason.TRAINING_STALE,), says="Is not trained on Final assembly, revision C.",
        )
        for at, station in enumerate(board.stations)
    }  # fmt: skip


def main(stations: str, people: str, moves: str) -> None:
    """Measure, and print what was taken."""
    app = QApplication([])
    look = Theme(theme.load_style("light"), desk_unit(WIDTH, HEIGHT))
    plant = board(int(stations), int(people))
    view = BoardView(look, NOW)
    view.resize(WIDTH, HEIGHT)
    view.tell(picture(plant, NOW), NOW)
    view.show()
    app.processEvents()
    view.picked_up.connect(lambda card: view.tell_outlooks(card.person, outlooks(plant)))
    start = view.card_box("P-3", "ST-003").center()
    button = Qt.MouseButton.LeftButton

    def send(kind: QEvent.Type, at: QPointF) -> None:
        app.sendEvent(view, QMouseEvent(kind, at, at, button, button, Qt.KeyboardModifier.NoModifier))

    send(QEvent.Type.MouseButtonPress, start)
    send(QEvent.Type.MouseMove, start + QPointF(40, 40))
    app.processEvents()
    assert view.carrying is not None
    taken, own = [], []
    for step in range(int(moves)):
        angle = step / 25
        at = QPointF(WIDTH * (0.55 + 0.4 * math.sin(angle)), HEIGHT * (0.5 + 0.4 * math.cos(1.7 * angle)))
        began, began_own = time.perf_counter(), time.thread_time()
        send(QEvent.Type.MouseMove, at)
        app.processEvents()  # paints at once what the move made dirty
        taken.append(time.perf_counter() - began)
        own.append(time.thread_time() - began_own)
    view.put_back()
    view.close()
    print(json.dumps({"seconds": taken, "own": own}))


if __name__ == "__main__":
    main(*sys.argv[1:])
