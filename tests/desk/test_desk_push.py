"""The hub tells a desk that the board changed; where it does not, the desk asks. A real hub process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.desk import worker
from app.desk.office import Office
from app.hub.acting import Acting, actor
from app.hub.work import assign, unassign
from app.model.errors import Unavailable
from app.wire.clock import SystemClock
from app.wire.messages import EventKind
from tests.desk.conftest import Seat
from tests.desk.rig import DESK, JULIA, Tries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from app.wire.client import HubClient
    from tests.desk.rig import Rig

NEVER = 3600.0


@pytest.fixture
def at_rest(plant: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seat]:
    """A desk that asks by itself once an hour: whatever it shows sooner, it was told of."""
    monkeypatch.setattr(worker, "REST_SECONDS", NEVER)
    seat = Seat(plant, qtbot, NEVER)
    seat.sign_in()
    seat.until(lambda: seat.bridge.told_of_changes)
    yield seat
    seat.bridge.close()


def _put(plant: Rig, person: str, station: str) -> None:
    with plant.plant.store.write() as session:
        by = Acting(session, actor(session, JULIA), SystemClock().now())
        assign(by, person=person, station=station)


def _take_off(plant: Rig, person: str, station: str) -> None:
    with plant.plant.store.write() as session:
        by = Acting(session, actor(session, JULIA), SystemClock().now())
        unassign(by, person=person, station=station)


def test_a_change_by_somebody_else_reaches_a_desk_that_does_not_ask(at_rest: Seat, plant: Rig) -> None:
    _put(plant, "1013", "ST-030")
    at_rest.until(lambda: at_rest.lane_of("1013") == ["ST-030"])
    _take_off(plant, "1013", "ST-030")
    at_rest.until(lambda: at_rest.lane_of("1013") == [""])


def test_who_signs_in_at_a_kiosk_is_shown_there_at_once(at_rest: Seat, plant: Rig) -> None:
    def at() -> str:
        cards = at_rest.board.floor.lanes["ST-050"].cards
        return next(card.at for card in cards if card.person == "1005")

    assert at() == ""
    device, more = plant.devices["K-5"], {"page": "", "revision": "", "client": ""}
    with plant.client("K-5") as hub:
        hub.send(device.write(kind=EventKind.SESSION_BEGIN, person="1005", **more))
        at_rest.until(lambda: at() == "K-5")
        hub.send(device.write(kind=EventKind.SESSION_END, person="1005", **more))
        at_rest.until(lambda: at() == "")


def test_a_desk_that_is_told_nothing_asks(plant: Rig, qtbot: QtBot) -> None:
    made: list[HubClient] = []

    def connect() -> HubClient:
        if made:
            raise Unavailable("The push stream is not to be had.", code="unreachable")
        made.append(plant.client(DESK))
        return made[0]

    seat = Seat(plant, qtbot, 0.3, lambda: Office(connect, Tries(), SystemClock(), DESK))
    try:
        seat.sign_in()
        _put(plant, "1013", "ST-030")
        seat.until(lambda: seat.lane_of("1013") == ["ST-030"])
        assert not seat.bridge.told_of_changes
        _take_off(plant, "1013", "ST-030")
        seat.until(lambda: seat.lane_of("1013") == [""])
    finally:
        seat.bridge.close()
