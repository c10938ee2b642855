"""Confirming steps: on record before the screen says so, signed where it must be, and never deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.kiosk.signer import GIVEN_UP_MS
from app.kiosk.view import Stage, Work
from app.model.errors import Unavailable, Untrusted
from app.model.steps import PERFORMED, TAKEN_BACK
from app.wire.acts import check_act, is_signed
from app.wire.lease import PinRules
from app.wire.messages import EventKind
from app.wire.scans import ScanFormat, ScanRules
from tests.kiosk.shift import Shift
from tests.kiosk.small_plant import ANA, BEN, SmallPlant, Worker, slot_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.kiosk.view import Screen
    from app.wire.messages import Event

PIN = "408215"
PIA = Worker("1010", "Pia Costa", "0417265500", pin=PIN)
CONFIRMED, WITHDRAWN = EventKind.STEP_CONFIRMED, EventKind.STEP_WITHDRAWN
PLAIN = SmallPlant(steps=((1, "1", False), (2, "2", False), (2, "3", False)))
SIGNED = SmallPlant(
    workers=(ANA, BEN, PIA),
    pin=PinRules(used=True),
    steps=((1, "1", True), (2, "2", True), (3, "3", False)),
)


@pytest.fixture
def shift(tmp_path: Path) -> Iterator[Shift]:
    with Shift(tmp_path, PLAIN) as shift:
        yield shift


@pytest.fixture
def signed(tmp_path: Path) -> Iterator[Shift]:
    with Shift(tmp_path, SIGNED) as shift:
        yield shift


def key(code: str) -> str:
    return f"WI-100/A#{code}"


def work(screen: Screen) -> Work:
    return screen.session.work if screen.session is not None else Work()


def done(screen: Screen) -> list[str]:
    return [step.code for step in work(screen).steps if step.done]


def acts(shift: Shift) -> list[Event]:
    return [event for event in shift.events() if event.kind in {CONFIRMED, WITHDRAWN}]


def confirm(shift: Shift, code: str) -> Screen:
    """A second later than anything before, as hands do."""
    shift.clock.forward(2)
    shift.engine.confirm_step(key(code))
    return shift.until(lambda s: code in done(s))


def test_a_confirmation_is_on_record_before_the_screen_says_so(shift: Shift) -> None:
    shift.badge_in(ANA.badge)
    told: list[tuple[list[str], int]] = []
    shown: Callable[[Screen], None] = shift.engine._on_screen
    shift.engine._on_screen = lambda s: (told.append((done(s), len(acts(shift)))), shown(s))[1]  # type: ignore[func-returns-value]
    screen = confirm(shift, "1")
    assert next(count for codes, count in told if codes == ["1"]) == 1
    event = acts(shift)[0]
    assert (event.person, event.revision, event.station) == ("1001", "WI-100/A", "ST-040")
    assert (event.page, event.body) == (screen.session.leaves[0].page, {"step": "1"})  # type: ignore[union-attr]
    assert not is_signed(event)


def test_the_page_of_the_next_open_step_comes_up_and_says_what_a_confirmation_is_about(shift: Shift) -> None:
    assert work(shift.badge_in(ANA.badge)).now == key("1")
    screen = confirm(shift, "1")
    assert screen.session is not None
    assert (screen.session.current, work(screen).now, work(screen).last) == (1, key("2"), key("1"))
    screen = confirm(shift, "2")
    assert screen.session is not None
    assert (screen.session.current, work(screen).now) == (1, key("3"))
    confirm(shift, "3")
    shift.engine.turn_to(0)
    shift.until(lambda s: work(s).now == key("1"))
    shift.clock.forward(2)
    shift.engine.confirm_step(key("1"))  # the next piece
    shift.until(lambda s: done(s) == ["1"])
    assert [event.body["step"] for event in acts(shift)] == ["1", "2", "3", "1"]


def test_a_bounce_and_a_step_that_is_not_in_front_confirm_nothing(shift: Shift) -> None:
    shift.badge_in(ANA.badge)
    shift.engine.confirm_step(key("3"))
    shift.clock.forward(2)
    shift.engine.confirm_step(key("1"))
    shift.engine.confirm_step(key("2"))
    shift.until(lambda s: done(s) == ["1"])
    shift.settle()
    assert [event.body["step"] for event in acts(shift)] == ["1"]


def test_a_mistake_is_taken_back_by_another_event_with_its_reason(shift: Shift) -> None:
    shift.badge_in(ANA.badge)
    confirm(shift, "1")
    shift.clock.forward(2)
    shift.engine.withdraw_step(key("1"), "because")  # no reason that is known
    shift.engine.withdraw_step(key("1"), "slip")
    screen = shift.until(lambda s: s.session is not None and done(s) == [])
    assert screen.session is not None
    assert (screen.session.current, work(screen).now, work(screen).last) == (0, key("1"), "")
    assert [(e.kind, e.body) for e in acts(shift)] == [
        (CONFIRMED, {"step": "1"}),
        (WITHDRAWN, {"step": "1", "reason": "slip"}),
    ]


def test_progress_is_each_persons_own_and_outlives_lock_and_restart(tmp_path: Path) -> None:
    with Shift(tmp_path, PLAIN) as shift:
        shift.badge_in(ANA.badge)
        confirm(shift, "1")
        shift.engine.lock()
        shift.until(lambda s: s.session is None)
        assert done(shift.badge_in(BEN.badge)) == []
    with Shift(tmp_path, PLAIN) as shift:
        assert done(shift.badge_in(ANA.badge)) == ["1"]


def test_what_cannot_be_recorded_is_not_shown_as_confirmed(
    shift: Shift, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift.badge_in(ANA.badge)
    full = Unavailable("This look cannot be recorded.", advice="Call maintenance.", code="cannot_record")

    def refuse(*_: object) -> None:
        raise full

    with monkeypatch.context() as patch:
        patch.setattr(shift.outbox, "append", refuse)
        before = len(shift.screens)
        shift.engine.confirm_step(key("1"))
        screen = shift.until(lambda s: s.stage is Stage.BADGE)
    assert screen.notice is not None
    assert screen.notice.code == "cannot_record"
    assert all(done(s) == [] for s in shift.screens[before:])


# -- signatures -------------------------------------------------------------------------------------------


def pia_at_work(shift: Shift) -> Screen:
    shift.engine.tap(PIA.badge)
    shift.until(lambda s: s.stage is Stage.PIN)
    shift.engine.enter_pin(PIN)
    return shift.until(lambda s: s.stage is Stage.STATION)


def ask(shift: Shift, code: str) -> Screen:
    shift.clock.forward(2)
    shift.engine.confirm_step(key(code))
    return shift.until(lambda s: s.stage in {Stage.BADGE, Stage.PIN})


def test_the_first_signature_takes_badge_and_pin_and_the_next_the_pin(signed: Shift) -> None:
    pia_at_work(signed)
    screen = ask(signed, "1")
    assert (screen.stage, screen.offers) == (Stage.BADGE, "cancel")
    assert screen.notice is not None
    assert "step 1 of WI-100, revision A" in screen.notice.says
    signed.engine.tap(PIA.badge)
    screen = signed.until(lambda s: s.stage is Stage.PIN)
    assert screen.pin is not None
    assert screen.pin.how == f"Pia Costa: {PERFORMED}"
    assert acts(signed) == []
    signed.engine.enter_pin(PIN)
    screen = signed.until(lambda s: done(s) == ["1"] and s.stage is Stage.STATION)
    assert ask(signed, "2").stage is Stage.PIN
    signed.engine.enter_pin(PIN)
    signed.until(lambda s: done(s) == ["1", "2"] and s.stage is Stage.STATION)
    for event in acts(signed):
        assert check_act(event) == slot_of(PIA.badge, PIN).sign_public
        assert event.body["meaning"] == PERFORMED
    signed.until_painted(lambda p: p.index == 2)


def test_a_signature_belongs_to_one_record(signed: Shift) -> None:
    pia_at_work(signed)
    ask(signed, "1")
    signed.engine.tap(PIA.badge)
    signed.until(lambda s: s.stage is Stage.PIN)
    signed.engine.enter_pin(PIN)
    signed.until(lambda s: done(s) == ["1"])
    (event,) = acts(signed)
    for change in (
        {"person": "1001"}, {"page": "0" * 64}, {"revision": "WI-100/B"}, {"kind": WITHDRAWN},
        {"kiosk": "K-2"}, {"body": {**event.body, "step": "2"}}, {"body": {**event.body, "meaning": "Seen"}},
    ):  # fmt: skip
        with pytest.raises(Untrusted):
            check_act(event.model_copy(update=change))


def test_somebody_elses_badge_and_a_wrong_pin_sign_nothing(signed: Shift) -> None:
    pia_at_work(signed)
    ask(signed, "1")
    signed.engine.tap(BEN.badge)
    signed.until(lambda s: s.notice is not None and s.notice.code == "not_your_badge")
    signed.engine.tap(PIA.badge)
    signed.until(lambda s: s.stage is Stage.PIN)
    signed.engine.enter_pin("408216")
    screen = signed.until(lambda s: s.stage is Stage.BADGE and s.notice is not None)
    assert screen.notice is not None
    assert screen.notice.says == "Badge and PIN do not match."
    assert [e.person for e in signed.events() if e.kind is EventKind.PIN_WRONG] == ["1010"]
    signed.engine.cancel()
    screen = signed.until(lambda s: s.stage is Stage.STATION)
    assert (done(screen), acts(signed)) == ([], [])
    assert ask(signed, "1").stage is Stage.BADGE, "the next one is a first one again"


def test_a_badge_without_a_pin_cannot_sign_and_is_told_what_to_do(signed: Shift) -> None:
    signed.engine.tap(ANA.badge)
    signed.until(lambda s: s.stage is Stage.STATION)
    signed.clock.forward(2)
    signed.engine.confirm_step(key("1"))
    screen = signed.until(lambda s: s.notice is not None)
    assert screen.stage is Stage.STATION
    assert screen.notice is not None
    assert "no PIN" in screen.notice.says
    assert "PIN code" in screen.notice.do
    assert acts(signed) == []


def test_a_signature_that_nobody_finishes_is_given_up_and_the_page_comes_back(signed: Shift) -> None:
    pia_at_work(signed)
    ask(signed, "1")
    painted = len(signed.paintings)
    signed.clock.forward(GIVEN_UP_MS / 1000 + 1)
    signed.until(lambda s: s.stage is Stage.STATION)
    signed.until_painted(lambda p: any(p is q and p.index == 0 for q in signed.paintings[painted:]))
    assert acts(signed) == []


def test_a_session_that_ends_takes_its_signature_along(signed: Shift) -> None:
    pia_at_work(signed)
    ask(signed, "1")
    signed.engine.lock()
    screen = signed.until(lambda s: s.session is None and s.stage is Stage.BADGE)
    assert (screen.notice, screen.offers) == (None, "set_pin")
    signed.engine.tap(PIA.badge)
    signed.until(lambda s: s.stage is Stage.PIN and s.session is None)


def test_taking_a_signed_step_back_is_signed_too(signed: Shift) -> None:
    pia_at_work(signed)
    ask(signed, "1")
    signed.engine.tap(PIA.badge)
    signed.until(lambda s: s.stage is Stage.PIN)
    signed.engine.enter_pin(PIN)
    signed.until(lambda s: done(s) == ["1"] and s.stage is Stage.STATION)
    signed.clock.forward(2)
    signed.engine.withdraw_step(key("1"), "again")
    signed.until(lambda s: s.stage is Stage.PIN)
    signed.engine.enter_pin(PIN)
    signed.until(lambda s: s.stage is Stage.STATION and done(s) == [])
    event = acts(signed)[-1]
    assert (event.kind, event.body["meaning"], event.body["reason"]) == (WITHDRAWN, TAKEN_BACK, "again")
    assert check_act(event) == slot_of(PIA.badge, PIN).sign_public


# -- units and work orders --------------------------------------------------------------------------------

SCANS = ScanRules(
    unit=ScanFormat(prefix="SN-"),
    order=ScanFormat(prefix="WO", cut=True, digits_only=True),
    unit_required=True,
)


@pytest.fixture
def traced(tmp_path: Path) -> Iterator[Shift]:
    with Shift(tmp_path, PLAIN.but(scans=SCANS, takt_seconds=60)) as shift:
        yield shift


def scan(shift: Shift, text: str) -> Screen:
    shift.engine.tap(text)
    number = text.removeprefix("WO")
    return shift.until(lambda s: number in {work(s).unit, work(s).order})


def test_views_and_confirmations_are_tied_to_the_unit_and_the_order(traced: Shift) -> None:
    traced.badge_in(ANA.badge)
    scan(traced, "WO88123")
    screen = scan(traced, "SN-1")
    assert (work(screen).order, work(screen).unit) == ("88123", "SN-1")
    assert screen.session is not None
    assert screen.session.mark.unit == "SN-1"
    confirm(traced, "1")
    traced.until_painted(lambda p: p.index == 1 and p.mark.unit == "SN-1")
    traced.until(lambda _: traced.events()[-1].kind is EventKind.VIEW_END)
    tied = [(e.kind.value, e.order, e.unit) for e in traced.events() if e.kind is not EventKind.SESSION_BEGIN]
    assert tied == [
        ("view.begin", "", ""), ("view.end", "", ""),
        ("unit.begin", "88123", ""), ("view.begin", "88123", ""), ("view.end", "88123", ""),
        ("unit.begin", "88123", "SN-1"), ("view.begin", "88123", "SN-1"),
        ("step.confirmed", "88123", "SN-1"), ("view.begin", "88123", "SN-1"), ("view.end", "88123", "SN-1"),
    ]  # fmt: skip


def test_each_unit_has_its_own_steps_and_the_one_before_is_as_it_was_left(traced: Shift) -> None:
    traced.badge_in(ANA.badge)
    scan(traced, "SN-1")
    confirm(traced, "1")
    assert done(scan(traced, "SN-2")) == []
    assert done(scan(traced, "SN-1")) == ["1"]
    traced.engine.lock()
    traced.until(lambda s: s.session is None)
    screen = traced.badge_in(ANA.badge)
    assert (work(screen).unit, done(screen)) == ("SN-1", ["1"])
    traced.engine.lock()
    traced.until(lambda s: s.session is None)
    assert work(traced.badge_in(BEN.badge)).unit == "", "nobody goes on with another's unit unseen"


def test_without_its_unit_no_step_is_confirmed_where_one_is_required(traced: Shift) -> None:
    traced.badge_in(ANA.badge)
    traced.clock.forward(2)
    traced.engine.confirm_step(key("1"))
    screen = traced.until(lambda s: s.notice is not None)
    assert screen.notice is not None
    assert screen.notice.code == "unit_first"
    assert acts(traced) == []


def test_a_serial_number_is_no_badge_and_what_has_another_form_is_no_serial_number(traced: Shift) -> None:
    traced.engine.tap("SN-1")
    screen = traced.until(lambda s: s.notice is not None)
    assert screen.notice is not None
    assert screen.notice.code == "scanned_first"
    assert traced.events() == []
    traced.badge_in(ANA.badge)
    traced.engine.tap("WO88x")
    screen = traced.until(lambda s: s.notice is not None)
    assert work(screen).order == ""
    assert traced.kinds()[-1] is EventKind.BADGE_REFUSED


def test_the_takt_runs_from_the_scan_and_stands_still_when_all_is_done(traced: Shift) -> None:
    traced.badge_in(ANA.badge)
    traced.clock.forward(30)
    assert (work(scan(traced, "SN-1")).takt, work(traced.screen).spent) == (60, 0)
    for code in ("1", "2", "3"):
        confirm(traced, code)
    traced.clock.forward(20)
    traced.engine.touch()
    traced.settle(0.1)
    assert work(traced.screen).spent == 6
