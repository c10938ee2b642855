"""PINs at the kiosk: asked for, tried, counted over restarts, the same for badges that nobody has."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from app.kiosk import access
from app.kiosk.outbox import Outbox
from app.kiosk.sealed import Database
from app.kiosk.session import PIN_MS
from app.kiosk.view import Stage
from app.model.errors import Unavailable
from app.model.pins import FIRST_WAIT_SECONDS, FREE, KIOSK_FREE, KIOSK_PAUSE_SECONDS, WRONG_AT_MOST
from app.model.terms import KioskStatus
from app.seal import slot
from app.wire.lease import PinRules
from app.wire.messages import EventKind
from tests.kiosk.shift import Shift
from tests.kiosk.small_plant import ANA, BEN, SmallPlant, Worker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.kiosk.view import Screen

PIN, WRONG = "408215", "408216"
PIA = Worker("1010", "Pia Costa", "0417265500", pin=PIN)
NOBODY = "0417999999"
PLANT = SmallPlant(workers=(ANA, BEN, PIA), pin=PinRules(used=True))


@pytest.fixture
def shift(tmp_path: Path) -> Iterator[Shift]:
    with Shift(tmp_path, PLANT) as shift:
        yield shift


def keypad(shift: Shift, badge: str = PIA.badge) -> Screen:
    """Tap, and wait for the keypad."""
    shift.engine.tap(badge)
    return shift.until(lambda s: s.stage is Stage.PIN)


def enter(shift: Shift, pin: str) -> Screen:
    """Enter a PIN, and wait for what comes of it."""
    before = len(shift.screens)
    shift.engine.enter_pin(pin)
    shift.until(lambda _s: any(s.stage is Stage.IDENTIFYING for s in shift.screens[before:]))
    return shift.until(lambda s: s.stage is not Stage.IDENTIFYING and (s.notice or s.session) is not None)


def wrong(shift: Shift, times: int, badge: str = PIA.badge, *, told: bool = False) -> Screen:
    """So many wrong PINs, waiting where one must; ``told``: until the screen says that the wait is over."""
    screen = keypad(shift, badge)
    for _ in range(times):
        wait = screen.pin.wait + 1 if screen.pin is not None else 0
        shift.clock.forward(wait)
        if 1000 * wait >= PIN_MS:  # the keypad was given up meanwhile
            shift.until(lambda s: s.stage is Stage.BADGE)
            keypad(shift, badge)
        if told:
            shift.until(lambda s: s.pin is not None and s.pin.wait == 0)
        screen = enter(shift, WRONG)
    return screen


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Counts derivations: what takes the time."""
    real, made = slot._derive, []

    def derive(secret: bytes, salt: bytes, length: int) -> bytes:
        made.append(len(salt))
        return real(secret, salt, length)

    with monkeypatch.context() as patch:
        patch.setattr(slot, "_derive", derive)
        yield made


@contextmanager
def committed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Tells each commit to the disk, in order: the journal's and those of the lease store."""
    append, write, made = Outbox.append, Database.write, []

    def to_journal(*words: Any) -> Any:
        made.append("journal")
        return append(*words)

    def to_store(self: Database) -> Any:
        made.append(self._form.name)
        return write(self)

    with monkeypatch.context() as patch:
        patch.setattr(Outbox, "append", to_journal)
        patch.setattr(Database, "write", to_store)
        yield made


def test_badge_and_pin_open_the_stations_pages(shift: Shift) -> None:
    screen = keypad(shift)
    assert screen.pin is not None
    assert (screen.pin.keys, screen.pin.left, screen.pin.wait) == ("1234567890", None, 0)
    assert screen.session is None
    screen = enter(shift, PIN)
    assert screen.session is not None
    assert screen.session.name == "Pia Costa"
    shift.until_painted(lambda p: p.index == 0)


def test_a_wrong_pin_is_told_with_the_tries_left_and_recorded_and_a_right_one_ends_the_count(
    shift: Shift,
) -> None:
    screen = wrong(shift, 2)
    assert screen.stage is Stage.PIN
    assert screen.notice is not None
    assert screen.notice.code == "wrong_pin"
    assert screen.pin is not None
    assert (screen.pin.left, screen.pin.then) == (FREE - 2, "wait")
    told = [e for e in shift.events() if e.kind is EventKind.PIN_WRONG]
    assert [(e.person, e.body["wrong"]) for e in told] == [("1010", 1), ("1010", 2)]
    assert enter(shift, PIN).session is not None
    shift.engine.lock()
    shift.until(lambda s: s.stage is Stage.BADGE)
    shift.clock.forward(2)
    again = keypad(shift)
    assert again.pin is not None
    assert again.pin.left is None


def test_the_pin_is_nowhere_afterwards(
    shift: Shift, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keypad(shift)
    enter(shift, WRONG)
    enter(shift, PIN)
    said = [repr(shift.screens), caplog.text, *(repr(e) for e in shift.events())]
    conductor = shift.engine._conductor
    said += [repr(vars(conductor)), repr(vars(conductor.keypad.desk)), repr(conductor.state)]  # type: ignore[union-attr]
    assert not any(pin in text for text in said for pin in (PIN, WRONG))
    assert not any(PIN.encode() in path.read_bytes() for path in tmp_path.iterdir())


def test_after_five_wrong_ones_waits_double_and_a_restart_does_not_shorten_them(tmp_path: Path) -> None:
    with Shift(tmp_path, PLANT) as shift:
        screen = wrong(shift, FREE)
        assert screen.pin is not None
        assert (screen.pin.wait, screen.pin.then) == (FIRST_WAIT_SECONDS, "blocked")
        shift.engine.enter_pin(PIN)
        assert shift.until(lambda s: s.notice is not None and s.notice.code == "pin_wait")
        shift.clock.forward(FIRST_WAIT_SECONDS - 10)
        shift.until(lambda s: s.pin is not None and s.pin.wait == 10)
        shift.clock.forward(10)
        screen = enter(shift, WRONG)
        assert screen.pin is not None
        assert screen.pin.wait == 2 * FIRST_WAIT_SECONDS
    with Shift(tmp_path, PLANT) as shift:
        screen = keypad(shift)
        assert screen.pin is not None
        assert screen.pin.wait == 2 * FIRST_WAIT_SECONDS
        assert screen.pin.left == WRONG_AT_MOST - FREE - 1


def test_after_ten_only_a_new_pin_opens_and_a_new_slot_has_no_count(tmp_path: Path) -> None:
    with Shift(tmp_path, PLANT) as shift:
        screen = wrong(shift, WRONG_AT_MOST)
        assert screen.stage is Stage.BADGE
        assert screen.notice is not None
        assert screen.notice.code == "pin_blocked"
        assert "supervisor" in screen.notice.do
        shift.clock.forward(100_000)
        shift.until(lambda s: s.notice is None)
        assert shift.refused(PIA.badge).notice is not None
        assert shift.kinds().count(EventKind.PIN_BLOCKED) == 2
        renewed = Worker("1010", "Pia Costa", PIA.badge, pin="951847")
        shift.hand_over(PLANT.but(workers=(ANA, renewed)), 2)
        shift.clock.forward(2)
        keypad(shift)
        assert enter(shift, "951847").session is not None


def test_one_pin_tried_on_many_badges_makes_the_whole_kiosk_wait_over_a_restart_too(tmp_path: Path) -> None:
    with Shift(tmp_path, PLANT) as shift:
        for number in range(KIOSK_FREE - 1):
            shift.state.count_pin(f"slot {number}", shift.clock.moment())
        keypad(shift, NOBODY)
        screen = enter(shift, WRONG)
        assert screen.pin is not None
        assert (screen.pin.left, screen.pin.wait) == (FREE - 1, KIOSK_PAUSE_SECONDS)
    with Shift(tmp_path, PLANT) as shift:
        screen = keypad(shift)
        assert screen.pin is not None
        assert (screen.pin.left, screen.pin.wait) == (None, KIOSK_PAUSE_SECONDS)
        shift.engine.enter_pin(PIN)
        assert shift.until(lambda s: s.notice is not None and s.notice.code == "pin_wait")
        shift.engine.cancel()
        shift.until(lambda s: s.stage is Stage.BADGE)
        shift.clock.forward(KIOSK_PAUSE_SECONDS)
        keypad(shift)
        assert enter(shift, PIN).session is not None
        shift.until_painted(lambda p: p.index == 0)


def test_a_try_is_counted_before_it_is_made(shift: Shift, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever pulls the plug in the middle has used a try up."""
    counts: list[int] = []
    real = access.try_pin

    def look(*words: object) -> object:
        name = PIA.info().slots[0].slot().slot
        counts.append(shift.state.pin_tried(name).wrong)
        return real(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(access, "try_pin", look)
    keypad(shift)
    enter(shift, PIN)
    assert counts == [1]


def test_a_try_that_cannot_be_counted_is_not_made(shift: Shift, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_words: object) -> None:
        raise Unavailable("The disk is full.", advice="Call maintenance.", code="disk_full")

    keypad(shift)
    monkeypatch.setattr(shift.state, "count_pin", full)
    shift.engine.enter_pin(PIN)
    screen = shift.until(lambda s: s.notice is not None)
    assert (screen.stage, screen.notice.code) == (Stage.BADGE, "disk_full")  # type: ignore[union-attr]


def test_nobodys_badge_meets_what_a_wrong_pin_meets(shift: Shift, monkeypatch: pytest.MonkeyPatch) -> None:
    """Same screens, same count, same number of derivations and of commits."""
    met = {}
    for badge in (PIA.badge, NOBODY):
        start, events = len(shift.screens), len(shift.events())
        with counted(monkeypatch) as derivations, committed(monkeypatch) as commits:
            wrong(shift, 2, badge, told=True)
        shift.engine.cancel()
        shift.until(lambda s: s.stage is Stage.BADGE)
        shift.clock.forward(2)
        seen = [(s.stage, s.pin, s.notice) for s in shift.screens[start:] if s.stage is not Stage.BADGE]
        met[badge] = (list(dict.fromkeys(seen)), derivations, commits)
        kinds = shift.kinds()[events:]
        assert kinds.count(EventKind.PIN_WRONG) == 2
        assert kinds.count(EventKind.BADGE_UNKNOWN) == (badge == NOBODY)
    assert met[PIA.badge] == met[NOBODY]
    assert len(met[NOBODY][1]) == 3
    assert met[NOBODY][2].count("journal") == 2


def test_nobodys_badge_waits_and_is_blocked_like_any_other(shift: Shift) -> None:
    screen = wrong(shift, WRONG_AT_MOST, NOBODY)
    assert screen.notice is not None
    assert (screen.stage, screen.notice.code) == (Stage.BADGE, "pin_blocked")


def test_an_unknown_badge_is_on_record_even_if_no_pin_is_entered(shift: Shift) -> None:
    keypad(shift, NOBODY)
    assert EventKind.BADGE_UNKNOWN not in shift.kinds()
    shift.engine.cancel()
    shift.until(lambda s: s.stage is Stage.BADGE)
    assert shift.kinds().count(EventKind.BADGE_UNKNOWN) == 1


def test_where_no_pins_are_used_an_unknown_badge_is_told_so_at_once(tmp_path: Path) -> None:
    with Shift(tmp_path, SmallPlant()) as shift:
        screen = shift.refused(NOBODY)
        assert screen.notice is not None
        assert (screen.notice.code, screen.offers) == ("badge_unknown", "")


def test_a_badge_without_pin_signs_in_as_ever_and_another_badge_at_the_keypad_takes_over(
    shift: Shift,
) -> None:
    keypad(shift)
    screen = shift.badge_in(ANA.badge)
    assert screen.session is not None
    assert screen.session.name == "Ana Ferreira"
    assert screen.pin is None


def test_the_keypad_goes_away_by_itself_by_cancel_and_by_the_same_badge(shift: Shift) -> None:
    keypad(shift)
    shift.clock.forward(PIN_MS / 1000)
    shift.until(lambda s: s.stage is Stage.BADGE and s.pin is None)
    keypad(shift)
    shift.engine.cancel()
    shift.until(lambda s: s.stage is Stage.BADGE)
    shift.clock.forward(2)
    keypad(shift)
    shift.clock.forward(2)
    shift.engine.tap(PIA.badge)
    shift.until(lambda s: s.stage is Stage.BADGE)


def test_a_blocked_kiosk_takes_the_keypad_away(shift: Shift) -> None:
    keypad(shift)
    shift.facts(status=KioskStatus.LOCKED_DOWN)
    shift.engine.on_holding(None)
    screen = shift.until(lambda s: s.stage is Stage.BADGE)
    assert screen.notice is not None
    assert screen.notice.code == "KIOSK_BLOCKED"


def test_too_few_digits_cost_no_try(shift: Shift) -> None:
    keypad(shift)
    shift.engine.enter_pin("40821")
    screen = shift.until(lambda s: s.notice is not None)
    assert screen.pin is not None
    assert (screen.notice.code, screen.pin.left) == ("bad_pin", None)  # type: ignore[union-attr]


def test_shuffled_digits_stand_elsewhere_each_time(tmp_path: Path) -> None:
    with Shift(tmp_path, PLANT.but(pin=PinRules(used=True, shuffled=True))) as shift:
        orders = set()
        screen = keypad(shift)
        for _ in range(4):
            assert screen.pin is not None
            assert sorted(screen.pin.keys) == sorted("0123456789")
            orders.add(screen.pin.keys)
            screen = enter(shift, WRONG)
        assert len(orders) >= 3


def test_a_session_ends_when_its_badge_gets_a_new_pin(shift: Shift) -> None:
    """The keys that were opened are the former slot's."""
    keypad(shift)
    enter(shift, PIN)
    renewed = Worker("1010", "Pia Costa", PIA.badge, pin="951847")
    shift.hand_over(PLANT.but(workers=(ANA, renewed)), 2)
    screen = shift.until(lambda s: s.stage is Stage.BADGE)
    assert screen.notice is not None
    assert screen.notice.code == "withdrawn"


def test_a_fault_of_our_own_beside_the_engine_locks_and_says_so(
    shift: Shift, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or the kiosk would wait for the answer for ever."""

    def broken(*_words: object) -> None:
        raise ZeroDivisionError

    keypad(shift)
    with monkeypatch.context() as patch:
        patch.setattr(access, "try_pin", broken)
        shift.engine.enter_pin(PIN)
        screen = shift.until(lambda s: s.notice is not None and s.notice.code == "fault")
    assert screen.stage is Stage.BADGE
    shift.clock.forward(2)
    keypad(shift)
    assert enter(shift, PIN).session is not None
