"""Which step a confirmation is about, where the work goes on, what can be taken back."""

from __future__ import annotations

from app.model.steps import Step, following, last_done, offered

ONE, TWO_A, TWO_B, FOUR = (
    Step("WI/A", "1", 0), Step("WI/A", "2a", 1), Step("WI/A", "2b", 1), Step("WI/A", "4", 3)
)  # fmt: skip
ALL = (ONE, TWO_A, TWO_B, FOUR)


def keys(*steps: Step) -> list[str]:
    return [step.key for step in steps]


def test_a_page_offers_its_first_open_step_and_a_page_without_steps_none() -> None:
    assert offered(ALL, [], 1, rounds=True) == TWO_A
    assert offered(ALL, keys(TWO_A), 1, rounds=True) == TWO_B
    assert offered(ALL, keys(TWO_A, TWO_B), 1, rounds=True) is None
    assert offered(ALL, [], 2, rounds=True) is None
    assert offered((), [], 0, rounds=True) is None


def test_when_all_are_done_only_the_first_of_all_begins_another_round() -> None:
    assert offered(ALL, keys(*ALL), 0, rounds=True) == ONE
    assert offered(ALL, keys(*ALL), 3, rounds=True) is None
    assert offered(ALL, keys(*ALL), 0, rounds=False) is None


def test_the_work_goes_on_behind_the_page_first_then_where_something_is_open() -> None:
    assert following(ALL, keys(ONE), 0) == 1
    assert following(ALL, keys(ONE, TWO_A), 1) is None, "something is open on this page"
    assert following(ALL, keys(TWO_A, TWO_B), 1) == 3
    assert following(ALL, keys(TWO_A, TWO_B, FOUR), 3) == 0
    assert following(ALL, keys(*ALL), 3) is None


def test_what_is_taken_back_is_what_was_confirmed_last_of_what_is_open_here() -> None:
    assert last_done(ALL, keys(FOUR, ONE)) == ONE
    assert last_done(ALL, [*keys(FOUR), "OTHER/A#9"]) == FOUR
    assert last_done(ALL, []) is None
