"""A badge reader that types, told apart from a person; and which badge numbers are this plant's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hub.badges import check_format as hub_check
from app.kiosk.wedge import (
    LINE_PAUSE_MS,
    LONGEST_GAP_MS,
    MAX_BURST,
    MIN_BURST,
    READER_GAP_MS,
    Accepted,
    Badge,
    FormatRefused,
    Heard,
    Typed,
    WedgeDecoder,
    check_format,
)
from app.model.errors import Refused
from app.wire.lease import BadgeFormat

NUMBER = "0012345678"


class Keys:
    """A keyboard with a clock in front of a decoder; collects what is heard."""

    def __init__(self, *, take_typed: bool = False) -> None:
        self.decoder = WedgeDecoder(take_typed=take_typed)
        self.now = 1000.0
        self.heard: list[Heard] = []

    def wait(self, milliseconds: float) -> None:
        self.now += milliseconds
        self.heard += self.decoder.flush(self.now)

    def press(self, text: str, gap: float, *, repeated: bool = False) -> None:
        """Each character ``gap`` milliseconds after the one before."""
        for character in text:
            self.now += gap
            due = self.decoder.due_ms
            if due is not None and due < self.now:  # the screen's timer
                self.heard += self.decoder.flush(self.now)
            self.heard += self.decoder.feed(character, self.now, repeated=repeated)

    @property
    def badges(self) -> list[str]:
        return [heard.text for heard in self.heard if isinstance(heard, Badge)]

    @property
    def typed(self) -> str:
        return "".join(heard.text for heard in self.heard if isinstance(heard, Typed))


@pytest.mark.parametrize("gap", [0.0, 1.2, 4.0, 20.0, READER_GAP_MS])
@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\t", "\t\r"])
def test_a_reader_delivers_a_badge_and_nothing_is_typed(gap: float, end: str) -> None:
    keys = Keys()
    keys.press(NUMBER + end, gap)
    keys.wait(5000)
    assert keys.heard == [Badge(NUMBER)]


@pytest.mark.parametrize("gap", [READER_GAP_MS + 5, 60.0, 99.0, 101.0, 180.0, 700.0])
def test_a_person_typing_the_same_is_a_person_typing(gap: float) -> None:
    keys = Keys()
    keys.press(NUMBER + "\r", gap)
    assert keys.badges == []
    assert keys.typed == NUMBER + "\r"


def test_two_badges_in_a_row() -> None:
    gap = 3.0
    keys = Keys()
    keys.press("11112222\r", gap)
    keys.press("33334444\r", gap)
    keys.wait(200)
    keys.press("55556666\r\n", gap)
    assert keys.badges == ["11112222", "33334444", "55556666"]
    assert keys.typed == ""


def test_a_delay_in_the_middle_of_a_read_is_forgiven() -> None:
    """A machine under load delivers one key late."""
    for late in range(1, len(NUMBER) + 1):
        keys = Keys()
        keys.press((NUMBER + "\r")[:late], 3)
        keys.now += 85
        keys.press((NUMBER + "\r")[late:], 3)
        assert keys.badges == [NUMBER], late


def test_a_read_that_breaks_off_is_no_badge_and_does_not_spoil_the_next() -> None:
    keys = Keys()
    keys.press(NUMBER[:6], 3)
    keys.wait(LONGEST_GAP_MS + 1)
    assert keys.typed == NUMBER[:6]
    keys.press(NUMBER + "\r", 3)
    assert keys.badges == [NUMBER]


def test_a_badge_in_the_middle_of_typing() -> None:
    keys = Keys()
    keys.press("torque", 120)
    keys.wait(110)
    keys.press(NUMBER + "\r", 3)
    keys.press(" checked", 150)
    keys.wait(500)
    assert keys.badges == [NUMBER]
    assert keys.typed == "torque checked"


def test_a_tap_while_a_fast_typist_types_never_shows_the_number() -> None:
    """Typing at 80 ms a key, the reader right behind: the number is held back from the screen."""
    keys = Keys()
    keys.press("abcdefgh", 80)
    keys.now += 77
    keys.press(NUMBER + "\r", 3)
    assert "12345678" not in keys.typed
    assert len(keys.badges) == 1


def test_a_key_that_is_held_down_is_a_person() -> None:
    keys = Keys()
    keys.press("5", 0)
    keys.press("5" * 30, 25, repeated=True)
    keys.press("\r", 25)
    assert keys.badges == []
    assert keys.typed == "5" * 31 + "\r"


def test_enter_alone_and_two_keys_at_once_are_typed() -> None:
    keys = Keys()
    keys.press("\r", 500)
    keys.press("ab\r", 5)
    keys.wait(300)
    keys.press("\t", 500)
    assert keys.badges == []
    assert keys.typed == "\rab\r\t"


def test_the_shortest_badge() -> None:
    keys = Keys()
    keys.press("7" * MIN_BURST + "\r", 5)
    assert keys.badges == ["7" * MIN_BURST]


def test_a_reader_gone_mad_is_bounded_and_refused() -> None:
    keys = Keys()
    keys.press("9" * 100_000 + "\r", 1)
    (text,) = keys.badges
    assert len(text) == MAX_BURST + 1
    assert check_format(BadgeFormat(max_length=64), text) == FormatRefused(
        "badge_long", "This is longer than this plant's badge numbers.", "Tap one badge only, once."
    )


@pytest.mark.parametrize(
    "text", ["\x02" + NUMBER + "\x03", "٠٠١٢٣٤٥٦٧٨", "ééééé", "00\x00123", "００１２３", "12 34", "🎫🎫🎫🎫"]
)
def test_what_no_badge_number_has_is_refused_in_words(text: str) -> None:
    keys = Keys()
    keys.press(text + "\r", 2)
    assert keys.badges == [text]
    refused = check_format(BadgeFormat(digits_only=False), text)
    assert isinstance(refused, FormatRefused)
    assert refused.code == "badge_characters"
    assert text not in refused.says + refused.do


def test_several_characters_of_one_key_press_and_none() -> None:
    keys = Keys()
    keys.heard += keys.decoder.feed("", 1.0)  # Shift
    keys.heard += keys.decoder.feed(NUMBER, 2.0)
    keys.heard += keys.decoder.feed("\r", 3.0)
    assert keys.heard == [Badge(NUMBER)]


def test_a_clock_that_stands_or_goes_back_loses_nothing() -> None:
    decoder = WedgeDecoder()
    heard = [
        out
        for at, key in zip((5.0, 5.0, 4.0, 3.0, 3.0), "1234\r", strict=True)
        for out in decoder.feed(key, at)
    ]
    assert heard == [Badge("1234")]


def test_clearing_forgets_half_a_badge() -> None:
    keys = Keys()
    keys.press(NUMBER[:5], 3)
    keys.decoder.clear()
    assert keys.decoder.due_ms is None
    keys.press(NUMBER + "\r", 3)
    assert keys.badges == [NUMBER]


def test_the_timer_lets_out_what_is_held() -> None:
    keys = Keys()
    keys.press("x", 500)
    assert keys.heard == []
    assert keys.decoder.due_ms == keys.now + LONGEST_GAP_MS
    keys.wait(LONGEST_GAP_MS)
    assert keys.heard == []
    keys.wait(1)
    assert keys.heard == [Typed("x")]
    assert keys.decoder.due_ms is None


# -- machines without a reader ------------------------------------------------------------------------------


def test_a_number_typed_by_hand_is_a_badge_where_that_is_allowed() -> None:
    keys = Keys(take_typed=True)
    keys.press("00123\b" + "345678\r", 140)
    assert keys.heard[-1] == Badge("0012345678", by_hand=True)
    keys.press(NUMBER + "\r", 3)
    assert keys.heard[-1] == Badge(NUMBER)
    keys.press("\r", 300)
    assert keys.heard[-1] == Typed("\r")


def test_a_half_typed_line_is_forgotten_after_a_while() -> None:
    keys = Keys(take_typed=True)
    keys.press("999", 200)
    keys.wait(LINE_PAUSE_MS + 1)
    keys.press("1234\r", 200)
    assert keys.badges == ["1234"]


def test_a_line_typed_without_end_is_bounded() -> None:
    keys = Keys(take_typed=True)
    keys.press("1" * 2000 + "\r", 150)
    assert len(keys.badges[0]) == MAX_BURST + 1


def test_corrections_go_no_further_than_the_line() -> None:
    keys = Keys(take_typed=True)
    keys.press("\b\b12\b\b\b3456\r", 150)
    assert keys.badges == ["3456"]


# -- any timing ---------------------------------------------------------------------------------------------

reader_gaps = st.floats(0, READER_GAP_MS)
human_gaps = st.floats(READER_GAP_MS + 15, 3000)
keys_of_a_badge = st.text("0123456789ABCDEF", min_size=MIN_BURST, max_size=40)


@given(keys_of_a_badge, st.data())
def test_any_reader_is_heard_whatever_its_rhythm(text: str, data: st.DataObject) -> None:
    keys = Keys()
    for character in text + "\r":
        keys.press(character, data.draw(reader_gaps))
    assert keys.heard == [Badge(text)]


@given(st.text("0123456789abcXYZ -", min_size=1, max_size=30), st.data())
def test_no_person_is_taken_for_a_reader_and_every_key_arrives_in_order(
    text: str, data: st.DataObject
) -> None:
    keys = Keys()
    for character in text + "\r":
        keys.press(character, data.draw(human_gaps))
    keys.wait(1000)
    assert keys.badges == []
    assert keys.typed == text + "\r"


@given(st.lists(st.tuples(st.booleans(), keys_of_a_badge), min_size=1, max_size=6))
def test_people_and_readers_in_turn(turns: list[tuple[bool, str]]) -> None:
    keys = Keys()
    for reader, text in turns:
        keys.wait(LONGEST_GAP_MS + 50)
        keys.press(text + "\r", 4 if reader else 110)
    keys.wait(1000)
    assert keys.badges == [text for reader, text in turns if reader]
    assert keys.typed == "".join(text + "\r" for reader, text in turns if not reader)


@given(st.lists(st.tuples(st.text(max_size=3), st.floats(0, 400), st.booleans()), max_size=60), st.booleans())
def test_whatever_comes_in_comes_out_once(presses: list[tuple[str, float, bool]], take_typed: bool) -> None:
    """No character is lost, doubled or reordered, but for further ends right after a badge."""
    keys = Keys()
    keys.decoder = WedgeDecoder(take_typed=False)
    for text, gap, repeated in presses:
        keys.now += gap
        keys.heard += keys.decoder.feed(text, keys.now, repeated=repeated)
    keys.wait(1000)
    told = "".join(heard.text + ("\r" if isinstance(heard, Badge) else "") for heard in keys.heard)
    entered = "".join(text for text, _, _ in presses)
    assert [c for c in told if c not in "\r\n\t"] == [c for c in entered if c not in "\r\n\t"]
    assert keys.decoder.due_ms is None


# -- the plant's format --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "text", "code"),
    [
        (BadgeFormat(), "123", "badge_short"),
        (BadgeFormat(), "1" * 21, "badge_long"),
        (BadgeFormat(), "12a45", "badge_digits"),
        (BadgeFormat(), "", "badge_characters"),
        (BadgeFormat(prefix="B"), "12345", "badge_prefix"),
        (BadgeFormat(prefix="B"), "b12345", "badge_prefix"),
        (BadgeFormat(prefix="B", facility="042"), "B04112345", "badge_facility"),
        (BadgeFormat(facility="042", digits_only=False), "41-A", "badge_facility"),
        (BadgeFormat(min_length=8, max_length=8), "1234567", "badge_short"),
        (BadgeFormat(min_length=8, max_length=8), "123456789", "badge_long"),
    ],
)
def test_each_refusal_has_a_code_a_sentence_and_something_to_do(
    form: BadgeFormat, text: str, code: str
) -> None:
    refused = check_format(form, text)
    assert isinstance(refused, FormatRefused)
    assert refused.code == code
    assert refused.says.endswith(".")
    assert refused.do.endswith(".")
    assert not text or text not in refused.says + refused.do


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (BadgeFormat(), NUMBER),
        (BadgeFormat(prefix="B", facility="042"), "B04212345"),
        (BadgeFormat(digits_only=False), "A1-B2_C3"),
        (BadgeFormat(min_length=1, max_length=64), "7" * 64),
    ],
)
def test_this_plant_s_numbers_are_accepted_as_they_are(form: BadgeFormat, text: str) -> None:
    assert check_format(form, text) == Accepted(text)


formats = st.builds(
    BadgeFormat,
    min_length=st.integers(1, 8),
    max_length=st.integers(8, 20),
    prefix=st.sampled_from(["", "B", "00"]),
    facility=st.sampled_from(["", "042", "A"]),
    digits_only=st.booleans(),
)


@given(formats, st.text("04B2A \x07é", max_size=12) | st.text(max_size=6))
def test_kiosk_and_hub_agree_on_every_number(form: BadgeFormat, text: str) -> None:
    try:
        hub_check(text, form)
        issued = True
    except Refused:
        issued = False
    assert isinstance(check_format(form, text), Accepted) is issued
