"""Calling for help: on record and on its way, told as it stands, and taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.kiosk.call_desk import PATIENCE_MS, SLIP_MS
from app.wire.calls import STANDS, CallInfo
from app.wire.messages import EventKind
from tests.kiosk.shift import Shift
from tests.kiosk.small_plant import ANA, SmallPlant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.kiosk.view import CallSeen, Screen

MADE, WITHDRAWN = EventKind.CALL_MADE, EventKind.CALL_WITHDRAWN


@pytest.fixture
def shift(tmp_path: Path) -> Iterator[Shift]:
    with Shift(tmp_path, SmallPlant()) as shift:
        shift.engine.on_status(online=True)
        yield shift


def state(screen: Screen) -> str:
    call: CallSeen | None = screen.status.call
    return "" if call is None else call.state


def deliver(shift: Shift) -> None:
    """The hub takes all that is on record."""
    batch = shift.outbox.pending(200)
    assert batch is not None
    shift.outbox.confirm(batch.epoch, batch.events[-1].seq, batch.events[-1].hash)


def listed(shift: Shift, number: int, *calls: CallInfo) -> None:
    """A lease in which the hub lists these calls."""
    holding = shift.plant.holding(number, shift.clock.now())
    shift.engine.on_holding(replace(holding, lease=holding.lease.model_copy(update={"calls": calls})))


def test_a_call_goes_at_once_and_says_who_is_coming_until_it_is_ended(shift: Shift) -> None:
    shift.badge_in(ANA.badge)
    shift.engine.call_for_help()
    screen = shift.until(lambda s: state(s) == "calling")
    assert screen.status.call is not None
    assert screen.status.call.fresh
    (event,) = [event for event in shift.events() if event.kind is MADE]
    assert (event.person, event.station, event.body) == ("1001", "ST-040", {})
    assert shift.sync.urgent
    call = CallInfo(code=f"K-1/{event.epoch}/{event.seq}", at=event.wall)
    listed(shift, 2, call)
    shift.until(lambda s: state(s) == "called")
    listed(shift, 3, call.model_copy(update={"by": "Julia Santos"}))
    coming = shift.until(lambda s: state(s) == "coming")
    assert coming.status.call is not None
    assert coming.status.call.by == "Julia Santos"
    shift.engine.lock()  # it stands for the kiosk, whoever is signed in
    assert state(shift.until(lambda s: s.session is None)) == "coming"
    listed(shift, 4)
    over = shift.until(lambda s: state(s) == "")
    assert over.notice is not None
    assert over.notice.code == "call_ended"


@pytest.mark.parametrize("online", [True, False])
def test_one_that_does_not_reach_the_hub_says_so_and_what_to_do(shift: Shift, online: bool) -> None:
    shift.engine.on_status(online=online)
    shift.engine.call_for_help()  # nobody need be signed in
    if online:
        shift.until(lambda s: state(s) == "calling")
        shift.clock.forward(PATIENCE_MS / 1000)
    screen = shift.until(lambda s: state(s) == "not_gone" and s.notice is not None)
    assert screen.notice is not None
    assert screen.notice.says == "The call could not be sent: there is no connection."
    assert screen.notice.do.startswith("Call out")
    assert shift.kinds().count(MADE) == 1


def test_a_kiosk_without_a_lease_calls_from_where_it_was_enrolled(tmp_path: Path) -> None:
    shift = Shift(tmp_path, SmallPlant())
    shift.holding = None
    with shift:
        shift.engine.call_for_help()
        shift.until(lambda s: state(s) != "")
        (event,) = [event for event in shift.events() if event.kind is MADE]
        assert (event.person, event.station, event.lease) == ("", "ST-040", 0)


def test_a_slip_is_taken_back_and_stays_so_although_the_hub_still_lists_it(shift: Shift) -> None:
    shift.engine.call_for_help()
    shift.until(lambda s: state(s) == "calling")
    shift.engine.call_for_help()
    shift.until(lambda s: s.notice is not None and s.notice.code == "call_stands")
    (event,) = [event for event in shift.events() if event.kind is MADE]
    code = f"K-1/{event.epoch}/{event.seq}"
    shift.engine.take_call_back()
    shift.until(lambda s: state(s) == "" and s.notice is not None and s.notice.code == "call_taken_back")
    assert shift.events()[-1].body == {"code": code}
    listed(shift, 2, CallInfo(code=code, at=event.wall))
    shift.settle()
    assert state(shift.screen) == ""
    assert (shift.kinds().count(MADE), shift.kinds().count(WITHDRAWN)) == (1, 1)


def test_a_call_from_before_a_restart_is_known_again_from_the_lease(shift: Shift) -> None:
    listed(shift, 2, CallInfo(code="K-1/1/7", at=shift.clock.now(), by="Julia Santos"))
    screen = shift.until(lambda s: state(s) == "coming")
    assert screen.status.call is not None
    assert not screen.status.call.fresh
    shift.clock.forward(SLIP_MS / 1000)
    shift.engine.take_call_back()
    shift.until(lambda s: state(s) == "")
    assert shift.events()[-1].body == {"code": "K-1/1/7"}


def test_one_that_the_hub_has_and_does_not_list_is_over(shift: Shift) -> None:
    """As a hub does that has no station of this kiosk's to show it at."""
    shift.engine.call_for_help()
    shift.until(lambda s: state(s) == "calling")
    shift.clock.forward(PATIENCE_MS / 1000)
    shift.until(lambda s: state(s) == "not_gone")
    listed(shift, 2)  # from before the hub had it: nothing is known of it yet
    shift.settle()
    assert state(shift.screen) == "not_gone"
    deliver(shift)
    shift.until(lambda s: state(s) == "called")
    shift.clock.forward(1)
    listed(shift, 3)
    over = shift.until(lambda s: state(s) == "")
    assert over.notice is not None
    assert over.notice.code == "call_ended"
    shift.engine.call_for_help()  # and the next one can be made
    shift.until(lambda s: state(s) == "calling")


def test_one_that_never_goes_stands_in_the_way_of_none_after_the_shift(shift: Shift) -> None:
    shift.engine.on_status(online=False)
    shift.engine.call_for_help()
    shift.until(lambda s: state(s) == "not_gone")
    shift.clock.forward(STANDS.total_seconds())
    shift.until(lambda s: state(s) == "")
    assert shift.kinds() == [MADE]  # what was recorded goes all the same
