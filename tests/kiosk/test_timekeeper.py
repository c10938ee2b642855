"""What a wrong clock can win, and what it cannot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kiosk import timekeeper
from app.kiosk.timekeeper import TOLERANCE, TimeMark, advanced, best_time, from_hub, off_by
from app.wire.clock import Moment

T = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
NO = timedelta(0)


def at(wall: timedelta, boot: timedelta = NO, name: str = "boot-1") -> Moment:
    return Moment(T + wall, int((timedelta(hours=1) + boot).total_seconds() * 1000), name)


HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def test_without_any_knowledge_the_clock_is_believed() -> None:
    assert off_by(None, at(NO)) == NO


def test_within_a_boot_the_hubs_time_decides_both_ways() -> None:
    mark = from_hub(T, at(NO))
    assert off_by(mark, at(HOUR, HOUR)) == NO
    assert off_by(mark, at(3 * HOUR, HOUR)) == 2 * HOUR
    assert off_by(mark, at(NO, HOUR)) == -HOUR
    assert off_by(mark, at(HOUR + 4 * MINUTE, HOUR)) == NO


def test_after_a_restart_the_clock_must_not_be_behind() -> None:
    mark = from_hub(T, at(NO))
    assert off_by(mark, at(-6 * MINUTE, name="boot-2")) == -6 * MINUTE
    assert off_by(mark, at(-4 * MINUTE, name="boot-2")) == NO
    assert off_by(mark, at(48 * HOUR, name="boot-2")) == NO  # nobody can know how long it was off


def test_a_clock_that_is_set_back_and_back_again_does_not_stop_the_time() -> None:
    mark = from_hub(T, at(NO))
    for number in range(10):  # ten restarts of an hour each, the clock set to the same hour at each
        name = f"boot-{number + 2}"
        for minutes in range(0, 61, 10):
            mark = advanced(mark, at(minutes * MINUTE, minutes * MINUTE, name))
    assert off_by(mark, at(NO, name="last")) < -9 * HOUR


def test_the_hub_is_believed_over_a_mark_that_a_wrong_clock_left() -> None:
    ahead = advanced(None, at(1000 * HOUR))
    assert off_by(ahead, at(NO, name="boot-2")) == -1000 * HOUR
    assert off_by(from_hub(T, at(NO, name="boot-2")), at(NO, name="boot-2")) == NO


def test_the_best_time_is_the_hubs_within_a_boot_and_then_the_later_of_wall_and_budget() -> None:
    mark = from_hub(T + 5 * HOUR, at(NO))
    assert best_time(mark, at(HOUR, HOUR)) == T + 6 * HOUR
    assert best_time(mark, at(9 * HOUR, name="boot-2")) == T + 9 * HOUR
    assert best_time(mark, at(HOUR, name="boot-2")) == T + 5 * HOUR + timekeeper.PREPAID


def test_the_hubs_time_is_trusted_in_its_boot_and_a_clock_that_is_behind_never_after_it() -> None:
    mark = from_hub(T, at(NO))
    assert timekeeper.trusted(mark, at(-3 * HOUR, HOUR))
    assert not timekeeper.trusted(mark, at(-3 * HOUR, name="boot-2"))
    assert timekeeper.trusted(mark, at(HOUR, name="boot-2"))
    assert timekeeper.trusted(None, at(NO))


@pytest.mark.parametrize(
    ("off", "said"),
    [
        (timedelta(minutes=-7), "7 minutes behind"),
        (timedelta(hours=3), "3 hours ahead of"),
        (timedelta(days=-400), "400 days behind"),
    ],
)
def test_how_far_off_in_words(off: timedelta, said: str) -> None:
    assert timekeeper.words(off) == said


times = st.integers(-(10**6), 10**6).map(lambda s: timedelta(seconds=s))
later = st.integers(0, 10**6).map(lambda s: timedelta(seconds=s))


@given(times, later, st.sampled_from(["boot-1", "boot-2"]))
def test_a_mark_is_never_lower_than_the_one_before(wall: timedelta, boot: timedelta, name: str) -> None:
    before = from_hub(T, at(NO))
    after = advanced(before, at(wall, boot, name))
    assert after.at >= before.at
    if not after.by_hub:
        assert off_by(after, at(wall, boot, name)) <= NO


@given(times, st.booleans(), st.text(max_size=20))
def test_a_mark_is_kept_as_it_is(wall: timedelta, by_hub: bool, boot: str) -> None:
    mark = TimeMark(T + wall, boot, 12345, by_hub=by_hub)
    assert timekeeper.unpack(timekeeper.pack(mark)) == mark


def test_the_tolerance_is_that_of_request_signatures() -> None:
    from app.wire.signatures import MAX_SKEW

    assert TOLERANCE == MAX_SKEW


def test_a_clock_that_is_set_back_a_little_at_each_start_wins_nothing() -> None:
    mark, until = from_hub(T, at(NO)), T + 12 * HOUR
    looked = NO
    for number in range(1000):  # the power is cut after 59 seconds each time, before the next mark is kept
        name, wall = f"boot-{number + 2}", mark.at - T - 4 * MINUTE
        mark = advanced(mark, at(wall, name=name))
        end = at(wall + timedelta(seconds=59), timedelta(seconds=59), name)
        assert timekeeper.trusted(mark, end)  # the clock itself looks as it should
        if best_time(mark, end) >= until:
            break
        looked += timedelta(seconds=59)
    assert 11 * HOUR < looked <= 12 * HOUR


def test_a_clock_that_stands_still_does_not_hold_a_lease_open() -> None:
    mark = advanced(from_hub(T, at(NO)), at(NO, name="boot-2"))
    for hours in range(1, 13):
        mark = advanced(mark, at(NO, hours * HOUR, "boot-2"))
    assert best_time(mark, at(NO, 12 * HOUR, "boot-2")) >= T + 12 * HOUR


@given(st.lists(st.integers(60, 10**5), max_size=20))
def test_a_right_clock_is_never_hurried_by_honest_restarts(spans: list[int]) -> None:
    mark, wall = from_hub(T, at(NO)), NO
    for number, seconds in enumerate(spans):
        wall += MINUTE  # off, and starting
        mark = advanced(mark, at(wall, name=f"boot-{number + 2}"))
        wall += timedelta(seconds=seconds)
        now = at(wall, timedelta(seconds=seconds), f"boot-{number + 2}")
        assert best_time(mark, now) == now.wall
        mark = advanced(mark, now)


def test_a_mark_of_an_earlier_program_is_read() -> None:
    mark = timekeeper.unpack("2026-03-02T06:00:00+00:00 12345 1 boot-1")
    assert mark == TimeMark(T, "boot-1", 12345, by_hub=True)
    later = advanced(mark, at(NO, name="boot-2"))
    assert later.least == T + timekeeper.PREPAID
