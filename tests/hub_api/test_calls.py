"""Calls for help at the hub: on the board, taken and ended, told back in the lease, and who is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.cli.main import main
from app.hub.concerned import kiosks_concerned
from app.hub.schema import ChangeRow
from app.model.terms import Role
from app.wire.calls import STANDS, CallStep
from app.wire.desk import CallAsk
from app.wire.messages import EventKind
from tests.hub_api.plant import NOW
from tests.hub_api.test_desk import Desk, _refused, desk

if TYPE_CHECKING:
    import httpx

    from tests.hub_api.plant import Device

__all__ = ["desk"]  # the fixture

MADE: dict[str, Any] = {"kind": EventKind.CALL_MADE, "page": "", "revision": "", "client": "", "body": {}}
BACK = {**MADE, "kind": EventKind.CALL_WITHDRAWN}


@pytest.fixture
def kiosk(desk: Desk) -> Device:
    return desk.plant.kiosk("K-1", "ST-1")


def step(desk: Desk, code: str, what: CallStep) -> httpx.Response:
    return desk.ask("desk_call", CallAsk, code=code, step=what)


def told(kiosk: Device) -> list[tuple[str, str]]:
    return [(call.code, call.by) for call in kiosk.lease()[0].calls]


def test_a_call_is_on_the_board_until_a_supervisor_ends_it_and_the_kiosk_is_told(
    desk: Desk, kiosk: Device, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(kiosk) == []
    kiosk.deliver(kiosk.write(1, **MADE, unit="SN-1", wall=NOW - timedelta(minutes=2)))
    (call,) = desk.board().calls
    assert (call.code, call.station, call.name, call.by) == ("K-1/1/1", "ST-1", "Name of P-1", "")
    assert told(kiosk) == [("K-1/1/1", "")]
    assert step(desk, call.code, CallStep.TAKE).status_code == 200
    assert desk.board().calls[0].by == "Name of SUP-9"
    assert told(kiosk) == [("K-1/1/1", "Name of SUP-9")]
    other = Desk(desk.plant, desk.device, "SUP-8")
    assert step(other, call.code, CallStep.END).status_code == 200
    assert (desk.board().calls, told(kiosk)) == ((), [])
    _refused(step(desk, call.code, CallStep.TAKE), 409, "call_over")
    _refused(step(desk, "K-1/1/9", CallStep.TAKE), 404, "not_found")
    with desk.plant.store.read() as session:
        acts = session.scalars(select(ChangeRow).where(ChangeRow.act.startswith("call.")))
        assert [(row.act, row.by, row.subject) for row in acts] == [
            ("call.take", "SUP-9", "K-1 K-1/1/1"), ("call.end", "SUP-8", "K-1 K-1/1/1"),
        ]  # fmt: skip
        assert kiosks_concerned(session, frozenset({("call.take", "K-1 K-1/1/1")})) == {"K-1"}
    assert main(["admin", "--hub", str(desk.plant.home.path), "calls", "list"]) == 0
    assert "SUP-9 after 2:00" in capsys.readouterr().out


def test_what_is_taken_back_at_the_kiosk_is_gone_and_only_there(desk: Desk, kiosk: Device) -> None:
    stranger = desk.plant.kiosk("K-2", "ST-2")
    kiosk.deliver(kiosk.write(1, **MADE, person=""))
    for wrong in ({"code": "K-1/1/1"}, {"code": "nonsense"}, {}):
        stranger.deliver(stranger.write(1, **{**BACK, "body": wrong}))
    assert [call.name for call in desk.board().calls] == [""]
    kiosk.deliver(kiosk.write(1, **{**BACK, "body": {"code": "K-1/1/1"}}))
    assert (desk.board().calls, told(kiosk)) == ((), [])


@pytest.mark.parametrize("station", ["", "ST-1\x07", "ST-77"])
def test_a_call_from_no_station_is_shown_where_its_kiosk_is_and_stops_nobody(
    desk: Desk, kiosk: Device, station: str
) -> None:
    other = desk.plant.kiosk("K-2", "ST-2")
    kiosk.deliver(kiosk.write(1, **MADE, station=station, person="P\x07", unit="SN\x07"))
    assert [(call.code, call.station) for call in desk.board().calls] == [("K-1/1/1", "ST-1")]
    assert (told(kiosk), told(other)) == ([("K-1/1/1", "")], [])


def test_a_call_that_nobody_ends_goes_with_the_shift(desk: Desk, kiosk: Device) -> None:
    kiosk.deliver(kiosk.write(1, **MADE, wall=NOW - STANDS))  # late: its kiosk has dropped it already
    assert [call.code for call in desk.board().calls] == ["K-1/1/1"]
    assert told(kiosk) == []
    desk.plant.clock.forward(hours=11, minutes=59)
    assert len(desk.board().calls) == 1
    desk.plant.clock.forward(minutes=1)
    assert desk.board().calls == ()
    kiosk.deliver(kiosk.write(1, **MADE))
    desk.plant.clock.forward(hours=11, minutes=59)  # another day
    assert ([call.code for call in desk.board().calls], len(told(kiosk))) == (["K-1/1/2"], 1)
    desk.plant.clock.forward(minutes=1)
    assert (desk.board().calls, told(kiosk)) == ((), [])


def test_only_supervisors_quality_and_administrators_answer_calls(desk: Desk, kiosk: Device) -> None:
    kiosk.deliver(kiosk.write(1, **MADE))
    desk.plant.person("A-1", roles=[Role.AUDITOR])
    _refused(step(Desk(desk.plant, desk.device, "A-1"), "K-1/1/1", CallStep.END), 403, "not_allowed")
    _refused(step(Desk(desk.plant, desk.device, "P-1"), "K-1/1/1", CallStep.END), 403, "signed_out")
    assert len(desk.board().calls) == 1
