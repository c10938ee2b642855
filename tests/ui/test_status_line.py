"""The status line always says: online or offline, until when, what waits, what comes in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kiosk.view import Status
from app.ui import words
from app.ui.status_line import ending, segments, standing, urgency

NOW = datetime(2026, 3, 3, 14, 7, tzinfo=UTC)
STATUSES = st.builds(
    Status,
    online=st.booleans(),
    offline_since=st.none()
    | st.datetimes(timezones=st.just(UTC), min_value=datetime(2026, 1, 1), max_value=datetime(2027, 1, 1)),  # noqa: DTZ001
    readable_until=st.none()
    | st.datetimes(timezones=st.just(UTC), min_value=datetime(2026, 1, 1), max_value=datetime(2027, 1, 1)),  # noqa: DTZ001
    waiting=st.integers(0, 10**6),
    pulled=st.integers(0, 500),
    to_pull=st.integers(0, 500),
    trouble=st.sampled_from(["", "The hub answers with rubbish."]),
)


def said(status: Status, now: datetime = NOW) -> str:
    return " | ".join(segment.full for segment in segments(status, now))


@given(STATUSES)
def test_the_three_facts_are_always_there_each_with_an_icon(status: Status) -> None:
    found = segments(status, NOW)
    assert found[0].full.startswith("Online" if status.online else "Offline")
    assert found[0].icon == ("online" if status.online else "offline")
    assert len(found) >= 3
    assert all(
        segment.icon and segment.full and len(segment.short) <= len(segment.full) + 2 for segment in found
    )
    assert (status.trouble in [segment.full for segment in found]) is bool(status.trouble)
    assert any(segment.icon == "fetching" for segment in found) is (status.to_pull > status.pulled)


def test_it_speaks_as_people_do() -> None:
    status = Status(online=True, readable_until=NOW + timedelta(hours=3), waiting=0)
    assert said(status) == "Online | Readable until 17:07 | All recorded at the hub"
    status = Status(
        offline_since=NOW - timedelta(minutes=47),
        readable_until=NOW + timedelta(hours=71),
        waiting=1,
        pulled=12,
        to_pull=50,
    )
    assert said(status) == (
        "Offline since 13:20 | Readable until Fri 6 Mar 13:07 | 1 event waits | Fetching pages 12 of 50"
    )


def test_times_are_those_of_the_wall_clock() -> None:
    east = NOW.astimezone(timezone(timedelta(hours=8)))
    assert "Readable until 23:07" in said(Status(readable_until=NOW + timedelta(hours=1)), east)


@pytest.mark.parametrize(
    ("left", "online", "trouble", "says", "colour"),
    [
        (timedelta(hours=9), False, "", "Readable until 23:07", "bar_ink"),
        (timedelta(hours=8), False, "", "Readable until 22:07, 8 h left", "warn"),
        (timedelta(hours=2, minutes=5, seconds=1), False, "", "Readable until 16:12, 2 h 6 min left", "warn"),
        (timedelta(hours=1), False, "", "Readable until 15:07, 1 h left", "bad"),
        (timedelta(seconds=5), False, "", "Readable until 14:07, 1 min left", "bad"),
        (timedelta(hours=2), True, "", "Readable until 16:07", "bar_ink"),  # it is renewed every hour
        (timedelta(hours=2), True, "An older lease was refused.", "Readable until 16:07, 2 h left", "warn"),
    ],
)
def test_a_lease_that_is_not_renewed_is_told_of_hours_ahead(
    left: timedelta, online: bool, trouble: str, says: str, colour: str
) -> None:
    status = Status(online=online, readable_until=NOW + left, trouble=trouble)
    found = segments(status, NOW)[1]
    assert (found.full, found.colour) == (says, colour)
    notice, told = ending(status, NOW), standing(status, NOW)
    if colour == "bar_ink":
        assert notice is None
        assert len(told) == len(segments(status, NOW))
        return
    assert notice is not None
    assert notice.tone == {"warn": "warning", "bad": "error"}[colour]
    assert notice.do == told[-1]
    assert "supervisor" in told[-1]
    assert ("reconnect" in told[-1]) is not online


@given(STATUSES, st.integers(0, 900), st.integers(0, 900))
def test_the_hub_says_how_long_before(status: Status, warn: int, alarm: int) -> None:
    status = replace(status, warn_minutes=warn, alarm_minutes=alarm)
    level = urgency(status, NOW)
    if status.readable_until is None:
        assert level == "bar_ink"
        return
    left = (status.readable_until - NOW) / timedelta(minutes=1)
    renewed = status.online and not status.trouble
    assert (level == "bad") is (left <= 0 or (not renewed and left <= alarm))
    assert (level == "warn") is (not renewed and max(alarm, 0) < left <= warn)


def test_an_ended_reading_time_is_said() -> None:
    found = segments(Status(readable_until=NOW - timedelta(minutes=7)), NOW)[1]
    assert (found.full, found.colour) == ("Reading time ended 14:00", "bad")
    assert segments(Status(), NOW)[1].full == "No pages yet"


@pytest.mark.parametrize(("left", "said"), [(1, "Locks in 1 second"), (15, "Locks in 15 seconds")])
def test_the_countdown_counts(left: int, said: str) -> None:
    assert words.locks_in(left)[0].startswith(said)
