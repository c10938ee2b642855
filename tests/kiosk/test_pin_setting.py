"""Setting a PIN at the kiosk: badge, code, PIN twice, and what can go wrong on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.kiosk.pin_setting import GIVEN_UP_MS
from app.kiosk.view import Stage
from app.model.errors import Refused, Unavailable
from app.model.terms import CredentialKind, KioskStatus
from app.seal.slot import Identified, Slot, open_slot
from app.wire.lease import PinRules
from app.wire.messages import EventKind
from tests.kiosk.shift import Shift
from tests.kiosk.small_plant import ANA, BEN, SmallPlant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.kiosk.view import Screen

PLANT = SmallPlant(workers=(ANA, BEN), pin=PinRules(used=True))
CODE, PIN = "31415926", "408215"


@pytest.fixture
def shift(tmp_path: Path) -> Iterator[Shift]:
    with Shift(tmp_path, PLANT) as shift:
        shift.engine.on_status(online=True)
        shift.until(lambda s: s.status.online and s.offers == "set_pin")
        yield shift


def asks(shift: Shift, words: str) -> Screen:
    """Wait until this is asked at the keypad."""
    return shift.until(lambda s: s.stage is Stage.PIN and s.pin is not None and words in s.pin.asks)


def begin(shift: Shift, badge: str = ANA.badge) -> None:
    shift.engine.set_pin()
    shift.until(lambda s: s.offers == "cancel" and s.notice is not None and s.notice.code == "pin_badge")
    shift.engine.tap(badge)
    asks(shift, "code")


def choose(shift: Shift, pin: str = PIN, again: str | None = None) -> None:
    asks(shift, "Choose")
    shift.engine.enter_pin(pin)
    asks(shift, "once more")
    shift.engine.enter_pin(again or pin)


def told(shift: Shift, code: str) -> Screen:
    return shift.until(lambda s: s.notice is not None and s.notice.code == code)


def test_badge_code_and_pin_twice_make_a_slot_that_only_they_open(shift: Shift) -> None:
    begin(shift)
    shift.engine.enter_pin(CODE)
    choose(shift)
    screen = told(shift, "pin_set")
    assert (screen.stage, screen.offers) == (Stage.BADGE, "set_pin")
    (request,) = shift.handed_in
    assert request.code == CODE
    assert request.tag == ANA.info().slots[0].tag
    kind = CredentialKind.UID_PIN
    slot = Slot(kind, request.tag, request.salt, request.box, request.seal_public, request.sign_public)
    assert open_slot(slot, Identified(request.tag, b""), ANA.badge, PIN).seal.public == request.seal_public
    with pytest.raises(Refused):
        open_slot(slot, Identified(request.tag, b""), ANA.badge, "408216")
    assert shift.sync.renewed == 1
    assert [(e.kind, e.person) for e in shift.events()] == [(EventKind.PIN_SET, "1001")]


def test_nothing_that_was_entered_stays(shift: Shift, caplog: pytest.LogCaptureFixture) -> None:
    begin(shift)
    shift.engine.enter_pin(CODE)
    choose(shift)
    told(shift, "pin_set")
    conductor = shift.engine._conductor
    said = [repr(shift.screens), caplog.text, *(repr(e) for e in shift.events())]
    said += [repr(vars(conductor)), repr(vars(conductor.keypad.setter))]  # type: ignore[union-attr]
    assert not any(secret in text for text in said for secret in (CODE, PIN, ANA.badge))


@pytest.mark.parametrize("pin", ["123456", "000000", "654321", "121212", "26390500", "112233", "390500"])
def test_a_pin_that_is_easy_or_on_the_badge_is_refused_and_another_may_be_chosen(
    shift: Shift, pin: str
) -> None:
    begin(shift)
    shift.engine.enter_pin(CODE)
    asks(shift, "Choose")
    shift.engine.enter_pin(pin)
    screen = told(shift, "easy_pin")
    assert screen.pin is not None
    assert "Choose" in screen.pin.asks
    choose(shift)
    told(shift, "pin_set")


def test_two_pins_that_differ_begin_the_choice_again(shift: Shift) -> None:
    begin(shift)
    shift.engine.enter_pin(CODE)
    choose(shift, PIN, "408216")
    told(shift, "pin_differs")
    choose(shift)
    told(shift, "pin_set")
    assert len(shift.handed_in) == 1


def test_a_wrong_code_may_be_entered_again_and_what_is_over_ends_it(shift: Shift) -> None:
    begin(shift)
    shift.hub_says = Refused("This code is not right for this badge.", advice="x", code="pin_code_wrong")
    shift.engine.enter_pin(CODE)
    choose(shift)
    told(shift, "pin_code_wrong")
    asks(shift, "code")
    shift.hub_says = Refused("This code serves no more.", advice="x", code="pin_code_over")
    shift.engine.enter_pin(CODE)
    choose(shift)
    screen = told(shift, "pin_code_over")
    assert (screen.stage, screen.offers) == (Stage.BADGE, "set_pin")
    assert shift.sync.renewed == 0
    assert shift.events() == []


def test_offline_it_is_said_at_once_and_when_the_hub_goes_in_the_middle_too(shift: Shift) -> None:
    begin(shift)
    shift.hub_says = Unavailable("The hub does not answer.", advice="Try later.", code="hub_unreachable")
    shift.engine.enter_pin(CODE)
    choose(shift)
    assert told(shift, "hub_unreachable").stage is Stage.BADGE
    shift.engine.on_status(online=False)
    shift.engine.set_pin()
    screen = told(shift, "pin_offline")
    assert screen.notice is not None
    assert "hub" in screen.notice.says
    assert screen.offers == "set_pin"


def test_another_badge_in_the_middle_signs_in_instead_and_the_same_one_changes_nothing(shift: Shift) -> None:
    begin(shift)
    shift.engine.enter_pin(CODE)
    asks(shift, "Choose")
    shift.engine.tap(ANA.badge)
    shift.settle()
    asks(shift, "Choose")
    screen = shift.badge_in(BEN.badge)
    assert screen.session is not None
    assert (screen.session.name, screen.pin, screen.offers) == ("Ben Osei", None, "")
    assert shift.handed_in == []


def test_it_ends_by_cancel_by_time_and_when_the_kiosk_is_blocked(shift: Shift) -> None:
    begin(shift)
    shift.engine.cancel()
    shift.until(lambda s: s.stage is Stage.BADGE and s.offers == "set_pin")
    begin(shift)
    shift.clock.forward(GIVEN_UP_MS / 1000)
    shift.until(lambda s: s.stage is Stage.BADGE and s.offers == "set_pin")
    begin(shift)
    shift.facts(status=KioskStatus.LOCKED_DOWN)
    screen = shift.until(lambda s: s.stage is Stage.BADGE)
    assert screen.offers == ""
    assert screen.notice is not None
    assert screen.notice.code == "KIOSK_BLOCKED"


def test_where_pins_are_not_used_none_can_be_set(tmp_path: Path) -> None:
    with Shift(tmp_path, SmallPlant()) as shift:
        shift.engine.on_status(online=True)
        shift.engine.set_pin()
        shift.settle()
        assert (shift.screen.offers, shift.screen.pin) == ("", None)
        shift.badge_in(ANA.badge)
