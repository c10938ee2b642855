"""Which PINs are refused, and how long wrong ones make the next wait."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.errors import Refused
from app.model.pins import FREE, WRONG_AT_MOST, check_new_pin, wait_after

BADGE = "0417263905"
DIGITS = st.text("0123456789", min_size=6, max_size=12)


def refusal(pin: str, badge: str = BADGE) -> str:
    try:
        check_new_pin(pin, badge)
    except Refused as error:
        return error.code if error.advice else "no advice"
    return ""


@pytest.mark.parametrize("pin", ["408215", "7391046", "951847", "204861937502"])
def test_an_ordinary_pin_is_taken(pin: str) -> None:
    assert refusal(pin) == ""


@pytest.mark.parametrize("pin", ["", "12345", "1234567890123", "40821a", "٤٠٨٢١٥", " 408215"])
def test_six_to_twelve_plain_digits(pin: str) -> None:
    assert refusal(pin) == "bad_pin"


@pytest.mark.parametrize(
    "pin",
    [
        *("000000", "123456", "654321", "890123", "135791", "246802", "121212", "123123", "12341234"),
        *("112233", "159753", "147258", "788887"),
    ],
)
def test_rows_and_repeats_are_refused(pin: str) -> None:
    assert refusal(pin) == "easy_pin"


@pytest.mark.parametrize("pin", ["263905", "041726", "509362", "390500", "773905"])
def test_what_stands_on_the_badge_is_refused(pin: str) -> None:
    assert refusal(pin) == "easy_pin"


@given(digit=st.sampled_from("0123456789"), length=st.integers(6, 12))
def test_no_digit_alone(digit: str, length: int) -> None:
    assert refusal(digit * length) == "easy_pin"


@given(start=st.integers(0, 9), step=st.sampled_from([-2, -1, 1, 2]), length=st.integers(6, 12))
def test_no_row_from_anywhere_in_either_direction(start: int, step: int, length: int) -> None:
    assert refusal("".join(str((start + step * n) % 10) for n in range(length))) == "easy_pin"


@given(pin=DIGITS, badge=st.text("0123456789", min_size=4, max_size=20))
def test_a_badges_last_four_are_never_in_a_pin_that_is_taken(pin: str, badge: str) -> None:
    if refusal(pin, badge) == "":
        assert badge[-4:] not in pin
        assert pin not in badge


def test_most_pins_are_taken() -> None:
    """The rules cost little of the room that a guesser must search."""
    taken = sum(refusal(f"{number:06}") == "" for number in range(0, 1_000_000, 97))
    assert taken / len(range(0, 1_000_000, 97)) > 0.98


def test_five_are_free_then_the_wait_doubles() -> None:
    assert [wait_after(wrong) for wrong in range(WRONG_AT_MOST)] == [0] * FREE + [30, 60, 120, 240, 480]
