"""What a person at the kiosk meets: taps, pages, refusals, locks; and that nothing is shown unrecorded."""

from __future__ import annotations

import contextlib
import gc
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.kiosk import folio
from app.kiosk.access import Opened
from app.kiosk.folio import KeyedLeaf
from app.kiosk.session import COUNTDOWN_S
from app.kiosk.view import Stage
from app.mark.keys import Place, kiosk_keys
from app.mark.tile import make_band
from app.model.errors import Unavailable
from app.model.terms import KioskStatus
from app.seal.slot import OperatorKey
from app.wire.messages import EventKind
from tests.kiosk.shift import FRAMING, Shift
from tests.kiosk.small_plant import ANA, BEN, EMEKA, HANNA, KIOSK, MARK_KEY, SmallPlant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def shift(tmp_path: Path) -> Iterator[Shift]:
    with Shift(tmp_path, SmallPlant()) as shift:
        yield shift


def test_a_badge_opens_the_stations_pages_and_every_look_is_on_record_first(shift: Shift) -> None:
    screen = shift.badge_in(ANA.badge)
    assert screen.session is not None
    assert [leaf.number for leaf in screen.session.leaves] == [1, 2, 3]
    assert (screen.session.name, screen.session.text_size) == ("Ana Ferreira", 200)
    first = shift.until_painted(lambda p: p.index == 0 and not p.thumbnail)
    assert (first.mark.name, first.mark.badge_tail, first.mark.station) == ("Ana Ferreira", "3905", "ST-040")
    shift.engine.turn_to(2)
    shift.until_painted(lambda p: p.index == 2)
    assert all(shift.recorded_at_paint)
    shift.until(lambda _: shift.events()[-1].kind is EventKind.VIEW_END)
    views = [e for e in shift.events() if e.kind in {EventKind.VIEW_BEGIN, EventKind.VIEW_END}]
    assert [(e.kind, e.body.get("number")) for e in views] == [
        (EventKind.VIEW_BEGIN, 1),
        (EventKind.VIEW_BEGIN, 3),
        (EventKind.VIEW_END, None),
    ]
    assert {e.person for e in views} == {"1001"}


def test_pixels_on_the_screen_are_the_page(shift: Shift) -> None:
    shift.badge_in(ANA.badge)
    painting = shift.until_painted(lambda p: p.index == 0)
    rows = bytes(painting.pixels.buffer)
    assert rows.count(b"\xff\xff\xff\xff") > 1000  # paper
    assert bytes((0, 255, 0, 255)) in rows  # the green rectangle, as blue-green-red-x
    assert painting.pixels.width <= FRAMING.width_px


def test_pages_are_drawn_ahead_and_a_turn_paints_those_very_pixels(shift: Shift) -> None:
    shift.badge_in(ANA.badge)
    shift.until_painted(lambda p: p.index == 0)
    shift.until(lambda _: any(p.index == 1 for p in shift.ahead))
    ahead = next(p for p in shift.ahead if p.index == 1)
    assert ahead.mark.token == shift.paintings[-1].mark.token  # no look of its own has begun
    shift.engine.turn_to(1)
    assert shift.until_painted(lambda p: p.index == 1).pixels is ahead.pixels
    assert not [p for p in shift.ahead if p.framing != FRAMING]


def test_what_is_drawn_ahead_stays_within_its_room(shift: Shift, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folio, "KEPT_BYTES", 1)
    shift.badge_in(ANA.badge)
    for index in (0, 2, 0, 2, 1):
        shift.engine.turn_to(index)
        shift.until_painted(lambda p, index=index: p.index == index)  # type: ignore[misc]
        shift.settle()
    kept = shift.engine._folio
    assert kept is not None
    assert set(kept._ready) <= kept._needed


def test_turning_away_and_back_before_anything_is_drawn_paints_the_page_again(shift: Shift) -> None:
    shift.badge_in(ANA.badge)
    shift.until_painted(lambda p: p.index == 0)
    for _ in range(5):
        painted = len(shift.paintings)
        shift.engine.turn_to(2)
        shift.engine.turn_to(0)
        shift.until_painted(lambda p, n=painted: p.index == 0 and any(p is q for q in shift.paintings[n:]))  # type: ignore[misc]


def test_an_unknown_badge_is_told_so_and_recorded_without_its_number(shift: Shift) -> None:
    screen = shift.refused("0499999999")
    assert screen.notice is not None
    assert screen.notice.code == "badge_unknown"
    assert "not known" in screen.notice.says
    assert screen.notice.do
    event = shift.events()[-1]
    assert event.kind is EventKind.BADGE_UNKNOWN
    assert "0499999999" not in event.exact().decode()
    assert shift.paintings == []


def test_something_that_is_no_badge_is_refused_before_anybody_is_looked_for(shift: Shift) -> None:
    screen = shift.refused("HELLO")
    assert screen.notice is not None
    assert screen.notice.tone == "warning"
    assert shift.kinds() == [EventKind.BADGE_REFUSED]


@pytest.mark.parametrize(
    ("worker", "code", "words"),
    [(EMEKA, "NOT_ASSIGNED", "Emeka Obi"), (HANNA, "NO_AGREEMENT", "Hanna Lind")],
)
def test_a_known_person_who_may_not_is_told_why_and_what_to_do(
    shift: Shift, worker: object, code: str, words: str
) -> None:
    screen = shift.refused(worker.badge)  # type: ignore[attr-defined]
    assert screen.notice is not None
    assert screen.notice.code == code
    assert words in screen.notice.says
    assert screen.notice.do
    denied = shift.events()[-1]
    assert denied.kind is EventKind.ACCESS_DENIED
    assert denied.body["reasons"] == [code]
    assert shift.paintings == []


def test_a_reader_that_repeats_itself_is_one_tap_and_a_later_tap_locks(shift: Shift) -> None:
    shift.engine.tap(ANA.badge)
    shift.clock.forward(0.4)
    shift.engine.tap(ANA.badge)
    shift.until(lambda s: s.session is not None)
    shift.clock.forward(5)
    shift.engine.tap(ANA.badge)
    shift.until(lambda s: s.stage is Stage.BADGE and s.session is None)
    assert shift.kinds().count(EventKind.SESSION_BEGIN) == 1
    assert shift.events()[-1].body["why"] == "same badge"


def test_another_badge_takes_over_in_one_tap(shift: Shift) -> None:
    shift.badge_in(ANA.badge)
    shift.until_painted(lambda p: p.index == 0)
    shift.clock.forward(5)
    shift.engine.tap(BEN.badge)
    shift.until(lambda s: s.session is not None and s.session.person == "1002")
    shift.until_painted(lambda p: p.mark.name == "Ben Osei")
    kinds = shift.kinds()
    assert kinds.index(EventKind.SESSION_END) < len(kinds) - 1 - kinds[::-1].index(EventKind.SESSION_BEGIN)
    assert all(shift.recorded_at_paint)


def test_the_kiosk_locks_when_nobody_is_there_and_counts_down_before(shift: Shift) -> None:
    shift.badge_in(ANA.badge)
    picture = shift.until_painted(lambda p: p.index == 0)
    shift.clock.forward(60 - COUNTDOWN_S + 1)
    counting = shift.until(lambda s: s.session is not None and s.session.lock_in is not None)
    assert counting.session is not None
    assert counting.session.lock_in is not None
    assert counting.session.lock_in <= COUNTDOWN_S
    shift.engine.touch()
    shift.until(lambda s: s.session is not None and s.session.lock_in is None)
    shift.clock.forward(61)
    shift.until(lambda s: s.stage is Stage.BADGE)
    assert shift.events()[-1].body["why"] == "idle"
    assert not any(bytes(picture.pixels.buffer)), "the page is still in the shared memory after the lock"


def with_keys() -> list[object]:
    """What there is in this process that holds somebody's keys, opened, or a page's, wherever it hangs."""
    gc.collect()
    return [thing for thing in gc.get_objects() if isinstance(thing, (Opened, KeyedLeaf, OperatorKey))]


def test_no_key_of_a_session_outlives_the_lock(shift: Shift) -> None:
    others = {id(thing) for thing in with_keys()}  # the plant's own, and what earlier tests left
    shift.badge_in(ANA.badge)
    shift.until_painted(lambda p: p.index == 0)
    assert {type(thing) for thing in with_keys() if id(thing) not in others} >= {Opened, KeyedLeaf}
    shift.clock.forward(5)
    shift.engine.tap(ANA.badge)
    shift.until(lambda s: s.stage is Stage.BADGE)
    kept, conductor = shift.engine._folio, shift.engine._conductor
    assert kept is not None
    assert conductor is not None
    assert (conductor._opened, kept._leaves, kept._ready) == (None, (), {})
    assert [thing for thing in with_keys() if id(thing) not in others] == []


def test_a_page_that_is_still_being_pulled_appears_by_itself(tmp_path: Path) -> None:
    with Shift(tmp_path, SmallPlant(), pulled=False) as shift:
        shift.badge_in(ANA.badge)
        coming = shift.until(lambda s: s.notice is not None)
        assert coming.notice is not None
        assert coming.notice.code == "page_absent"
        assert shift.sync.pokes > 0
        shift.pull()
        shift.engine.on_pulled(3, 3)
        shift.until_painted(lambda p: p.index == 0)
        shift.until(lambda s: s.notice is None)


def test_a_damaged_page_is_told_fetched_again_and_the_others_stay_readable(tmp_path: Path) -> None:
    plant = SmallPlant()
    with Shift(tmp_path, plant, pulled=False) as shift:
        assert shift.holding is not None
        blob = shift.holding.manifest.pages[0].blob
        wrong = shift.holding.manifest.pages[0].model_copy(update={"page": "0" * 64})
        manifest = shift.holding.manifest.model_copy(
            update={"pages": (wrong, *shift.holding.manifest.pages[1:])}
        )
        shift.pull()
        shift.engine.on_holding(replace(shift.holding, manifest=manifest))
        shift.badge_in(ANA.badge)
        told = shift.until(lambda s: s.notice is not None)
        assert told.notice is not None
        assert told.notice.code == "page_damaged"
        assert set(shift.sync.refetched) == {blob}
        shift.engine.turn_to(1)
        shift.until_painted(lambda p: p.index == 1)
        assert EventKind.PAGE_DAMAGED in shift.kinds()


def test_every_painting_carries_the_tile_of_a_view_that_is_on_record(shift: Shift) -> None:
    keys = kiosk_keys(MARK_KEY, KIOSK)
    shift.badge_in(ANA.badge)
    shift.until_painted(lambda p: p.index == 0)
    shift.engine.frame(replace(FRAMING, zoom=2.0, clip=(100, 100, 500, 400)))
    shift.until_painted(lambda p: p.framing.zoom == 2.0)
    shift.engine.frame(replace(FRAMING, fit="width"))
    shift.until_painted(lambda p: p.framing.fit == "width")
    shift.engine.turn_to(1)
    shift.until_painted(lambda p: p.index == 1)
    shift.engine.show_strip(160, 120)
    shift.until_painted(lambda p: p.thumbnail)
    begun = {(e.epoch, e.seq) for e in shift.events() if e.kind is EventKind.VIEW_BEGIN}
    assert len(begun) == 2
    for painting in shift.paintings:
        token = int(painting.mark.token, 16)
        assert Place.of(token).tag == keys.tag
        assert (Place.of(token).epoch, Place.of(token).seq) in begun
        assert painting.mark.tile == make_band(token, keys)


def test_without_the_keys_of_the_mark_nothing_is_shown(tmp_path: Path) -> None:
    with Shift(tmp_path, SmallPlant()) as shift:
        assert shift.holding is not None
        shift.engine.on_holding(replace(shift.holding, mark=None))
        shift.engine.tap(ANA.badge)
        shift.until(lambda s: s.notice is not None and s.notice.code == "fault")
        assert not shift.paintings
        assert EventKind.VIEW_BEGIN not in shift.kinds()


def test_pages_that_a_new_lease_takes_away_leave_the_screen_at_once(shift: Shift) -> None:
    shift.badge_in(ANA.badge)
    picture = shift.until_painted(lambda p: p.index == 0)
    gone = shift.plant.but(workers=(BEN, EMEKA))
    shift.hand_over(gone, 2)
    screen = shift.until(lambda s: s.stage is Stage.BADGE)
    assert screen.notice is not None
    assert screen.notice.code == "withdrawn"
    assert not any(bytes(picture.pixels.buffer))
    assert shift.events()[-1].body["why"] == "withdrawn"


def test_the_same_look_goes_on_when_only_the_lease_is_newer(shift: Shift) -> None:
    shift.badge_in(ANA.badge)
    shift.until_painted(lambda p: p.index == 0)
    shift.engine.turn_to(1)
    shift.until_painted(lambda p: p.index == 1)
    before = shift.kinds().count(EventKind.VIEW_BEGIN)
    shift.plant.sealed.clear()
    shift.hand_over(shift.plant, 2)  # the pages are sealed anew: other blobs, same pages
    shift.pull()
    shift.engine.on_pulled(3, 3)
    shift.settle()
    assert shift.screen.session is not None
    assert shift.screen.session.current == 1
    assert shift.kinds().count(EventKind.VIEW_BEGIN) == before
    shift.engine.turn_to(2)
    shift.until_painted(lambda p: p.index == 2)


def test_the_lease_says_how_long_before_its_end_a_person_is_told(shift: Shift) -> None:
    assert shift.screen.status.warn_minutes == 480
    shift.hand_over(shift.plant.but(warn_minutes=120), 2)
    shift.until(lambda s: s.status.warn_minutes == 120)


def test_expiry_is_enforced_on_the_page_in_view(shift: Shift) -> None:
    shift.hand_over(shift.plant.but(idle_seconds=3600), 2)
    shift.pull()
    shift.badge_in(ANA.badge)
    shift.until_painted(lambda p: p.index == 0)
    for _ in range(80):  # three days, never idle
        shift.clock.forward(3500)
        shift.engine.touch()
    screen = shift.until(lambda s: s.stage is Stage.BADGE)
    assert screen.notice is not None
    assert screen.notice.code == "LEASE_EXPIRED"


def test_a_blocked_kiosk_shows_nothing_says_so_and_takes_no_badge(shift: Shift) -> None:
    shift.badge_in(ANA.badge)
    shift.until_painted(lambda p: p.index == 0)
    shift.facts(status=KioskStatus.LOCKED_DOWN)
    screen = shift.until(lambda s: s.stage is Stage.BADGE)
    assert screen.notice is not None
    assert screen.notice.code == "KIOSK_BLOCKED"
    shift.clock.forward(5)
    painted = len(shift.paintings)
    shift.engine.tap(BEN.badge)
    shift.settle()
    assert shift.screen.stage is Stage.BADGE
    assert len(shift.paintings) == painted
    shift.facts(status=KioskStatus.ACTIVE)
    shift.until(lambda s: s.notice is None)


def test_a_clock_that_cannot_be_trusted_suspends_viewing(shift: Shift) -> None:
    shift.facts(clock_trusted=False)
    screen = shift.refused(ANA.badge)
    assert screen.notice is not None
    assert screen.notice.code == "CLOCK_BEHIND"


def test_thumbnails_are_looks_too_and_bear_the_mark(shift: Shift) -> None:
    shift.badge_in(ANA.badge)
    shift.engine.show_strip(160, 120)
    painted = [shift.until_painted(lambda p, n=n: p.thumbnail and p.index == n) for n in range(3)]  # type: ignore[misc]
    assert {p.mark.name for p in painted} == {"Ana Ferreira"}
    strip = next(e for e in shift.events() if e.kind is EventKind.STRIP_SHOWN)
    assert len(strip.body["pages"]) == 3
    assert strip.client == "ACME"


def test_a_station_without_pages_says_who_publishes_them(tmp_path: Path) -> None:
    with Shift(tmp_path, SmallPlant(texts=())) as shift:
        screen = shift.refused(ANA.badge)
        assert screen.notice is not None
        assert screen.notice.code == "no_pages"


def test_a_kiosk_without_a_lease_says_what_it_waits_for(tmp_path: Path) -> None:
    shift = Shift(tmp_path, SmallPlant())
    shift.holding = None
    with shift:
        screen = shift.refused(ANA.badge)
        assert screen.notice is not None
        assert screen.notice.code == "no_lease"


def test_a_locked_keyring_is_told_and_tried_again_at_a_tap(tmp_path: Path) -> None:
    locked = Unavailable("The keyring is locked.", advice="Unlock it.", code="keyring_locked")
    with Shift(tmp_path, SmallPlant(), troubles=(locked,)) as shift:
        assert shift.screen.stage is Stage.TROUBLE
        assert shift.screen.notice is not None
        assert shift.screen.notice.says == "The keyring is locked."
        shift.badge_in(ANA.badge)  # the tap is not lost: it is tried again, and the badge signs in
        shift.until_painted(lambda p: p.index == 0)


def test_a_turn_is_foretold_and_stands_once_it_is_on_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Shift(tmp_path, SmallPlant()) as shift:
        shift.badge_in(ANA.badge)
        shift.until_ahead(1)
        shift.engine.turn_to(1)
        painted = shift.until_painted(lambda p: p.index == 1)
        ((foretold, begun),) = shift.foretold
        assert (foretold.index, begun) == (1, 1)  # of the look at page 1 there was no record yet
        assert foretold.stands(5)
        assert foretold.mark.tile == painted.mark.tile
        shift.until_ahead(2)

        def full(*_: object) -> None:
            raise Unavailable("The disk is full.", code="cannot_record")

        shift.events()
        monkeypatch.setattr(shift.outbox, "append", full)
        shift.engine.turn_to(0)  # back: that is not the page which was announced
        shift.until(lambda s: s.stage is Stage.BADGE)
        assert len(shift.foretold) == 2
        assert not shift.foretold[1][0].stands(5)
        assert [p.index for p in shift.paintings if not p.thumbnail] == [0, 1]


def test_a_jump_to_a_page_that_is_drawn_is_foretold_with_its_pixels_and_seen_once_it_is_on_record(
    tmp_path: Path,
) -> None:
    with Shift(tmp_path, SmallPlant()) as shift:
        session = shift.badge_in(ANA.badge).session
        assert session is not None
        far = len(session.leaves) - 1
        assert far > folio.AHEAD
        shift.until_painted(lambda p: p.index == 0)
        shift.until_drawn(far)
        assert far not in {p.index for p in shift.ahead}
        shift.events()
        shift.engine.turn_to(far)
        seen = shift.until_painted(lambda p: p.index == far)
        ((foretold, begun),) = shift.foretold
        assert (foretold.index, begun) == (far, 1)  # of the look at it there was no record yet
        assert far in {p.index for p in shift.ahead}
        assert foretold.stands(5)
        assert foretold.mark.tile == seen.mark.tile
        assert all(shift.recorded_at_paint)


def test_a_look_that_was_announced_is_on_record_though_the_disk_fills_when_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Shift(tmp_path, SmallPlant()) as shift:
        told = shift.badge_in(ANA.badge).session
        assert told is not None
        shift.until_ahead(1)
        shift.events()
        append = shift.outbox.append

        def full(*_: object) -> None:
            raise Unavailable("The disk is full.", code="cannot_record")

        monkeypatch.setattr(shift.outbox, "append", full)
        shift.engine.turn_to(1)
        seen = shift.until_painted(lambda p: p.index == 1)
        shift.until(lambda s: s.stage is Stage.BADGE and s.notice is not None)
        assert not any(bytes(seen.pixels.buffer))  # it is off the screen at once
        monkeypatch.setattr(shift.outbox, "append", append)
        shift.until(lambda s: s.notice is None)
        first, second = [event for event in shift.events() if event.kind is EventKind.VIEW_BEGIN]
        assert Place.of(int(seen.mark.token, 16)).seq == second.seq
        assert (second.person, second.page) == (first.person, told.leaves[1].page)
        assert all(shift.recorded_at_paint)


def test_when_the_disk_is_full_nothing_is_shown_unrecorded_and_it_recovers(
    tmp_path: Path, small_disk: Path
) -> None:
    with Shift(tmp_path, SmallPlant(), disk=small_disk) as shift:
        shift.badge_in(ANA.badge)
        picture = shift.until_painted(lambda p: p.index == 0)
        filler = small_disk / "filler"
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 4096)
        for index in (1, 2, 1, 2, 1, 2):  # the journal's file may have a little room left
            shift.clock.forward(1)
            shift.engine.turn_to(index)
        full = shift.until(lambda s: s.stage is Stage.BADGE)
        assert full.notice is not None
        assert full.notice.code == "cannot_record"
        assert full.notice.do
        assert not any(bytes(picture.pixels.buffer))
        shown = len(shift.paintings)
        shift.clock.forward(5)
        shift.engine.tap(BEN.badge)
        shift.settle(1)
        assert len(shift.paintings) == shown
        filler.unlink()
        shift.until(lambda s: s.notice is None)
        shift.clock.forward(5)
        shift.badge_in(ANA.badge)
        shift.until_painted(lambda p: p is shift.paintings[-1] and len(shift.paintings) > shown)
        assert all(shift.recorded_at_paint)
