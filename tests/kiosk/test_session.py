"""Who is at the kiosk: every tap, turn, idle minute and withdrawal, without a screen."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.kiosk.session import (
    COUNTDOWN_S,
    DEBOUNCE_MS,
    PIN_MS,
    Admitted,
    Close,
    Effect,
    Ended,
    Event,
    Identify,
    IdleSet,
    Leads,
    LockAsked,
    Open,
    Phase,
    PinGiven,
    PinWanted,
    Rejected,
    Reviewed,
    Show,
    Sit,
    State,
    Tapped,
    Ticked,
    Touched,
    TryPin,
    Turned,
    step,
)

LEAVES = ("p1", "p2", "p3")


def play(*moves: tuple[int, Event], state: State | None = None) -> tuple[State, list[Effect]]:
    state, effects = state or State(), []
    for now, event in moves:
        state, new = step(state, event, now)
        effects += new
    return state, effects


SIGNED_IN, _ = play((0, Tapped("a")), (300, Admitted("a", LEAVES)))
ASKED, _ = play((0, Tapped("a")), (300, PinWanted("a")))


def test_a_tap_identifies_and_an_admitted_badge_sees_the_first_page() -> None:
    state, effects = play((0, Tapped("a")), (300, Admitted("a", LEAVES)))
    assert state.phase is Phase.STATION
    assert effects == [Identify("a"), Open("a"), Show(0)]


def test_a_rejected_badge_leaves_the_kiosk_locked() -> None:
    state, effects = play((0, Tapped("a")), (300, Rejected("a")))
    assert (state.phase, state.badge, effects) == (Phase.LOCKED, "", [Identify("a")])


def test_a_badge_without_a_single_page_is_not_signed_in() -> None:
    state, effects = play((0, Tapped("a")), (300, Admitted("a", ())))
    assert (state.phase, effects) == (Phase.LOCKED, [Identify("a")])


def test_a_reader_that_repeats_itself_taps_once() -> None:
    _, effects = play((0, Tapped("a")), (DEBOUNCE_MS - 1, Tapped("a")))
    assert effects == [Identify("a")]


def test_the_same_badge_again_locks() -> None:
    state, effects = play((5000, Tapped("a")), state=SIGNED_IN)
    assert (state.phase, effects) == (Phase.LOCKED, [Close(Ended.SAME_BADGE)])


def test_another_badge_switches_in_one_tap() -> None:
    state, effects = play((5000, Tapped("b")), (5300, Admitted("b", ("p9",))), state=SIGNED_IN)
    assert effects == [Close(Ended.OTHER_BADGE), Identify("b"), Open("b"), Show(0)]
    assert state.leaves == ("p9",)


def test_a_badge_tapped_while_another_is_looked_up_wins() -> None:
    state, effects = play(
        (0, Tapped("a")), (100, Tapped("b")), (300, Admitted("a", LEAVES)), (600, Admitted("b", ("p9",)))
    )
    assert effects == [Identify("a"), Identify("b"), Open("b"), Show(0)]
    assert state.badge == "b"


def test_an_answer_for_a_badge_that_left_is_ignored() -> None:
    state, effects = play((0, Tapped("a")), (100, LockAsked()), (300, Admitted("a", LEAVES)))
    assert (state.phase, effects) == (Phase.LOCKED, [Identify("a")])


def test_turning_shows_each_page_once_and_stops_at_the_ends() -> None:
    state, effects = play(
        (400, Turned(1)), (500, Turned(1)), (600, Turned(99)), (700, Turned(-5)), state=SIGNED_IN
    )
    assert effects == [Show(1), Show(2), Show(0)]
    assert state.current == 0


def test_turning_a_locked_kiosk_shows_nothing() -> None:
    assert play((0, Turned(1)))[1] == []


def test_idle_is_announced_then_locks_and_a_touch_restarts_it() -> None:
    assert SIGNED_IN.lock_in(300) is None
    near = 300 + 60_000 - COUNTDOWN_S * 1000
    assert SIGNED_IN.lock_in(near) == COUNTDOWN_S
    state, effects = play((near, Touched()), (300 + 60_000, Ticked()), state=SIGNED_IN)
    assert (state.phase, effects) == (Phase.STATION, [])
    state, effects = play((near + 60_000, Ticked()), state=state)
    assert (state.phase, effects) == (Phase.LOCKED, [Close(Ended.IDLE)])


def test_a_shorter_idle_time_holds_at_once() -> None:
    _, effects = play((6000, IdleSet(5000)), (6001, Ticked()), state=SIGNED_IN)
    assert effects == [Close(Ended.IDLE)]


def test_a_page_taken_away_is_replaced_and_the_others_stay_where_they_are() -> None:
    state, _ = play((400, Turned(2)), state=SIGNED_IN)
    kept, effects = play((500, Reviewed(("p2", "p3"))), state=state)
    assert (kept.current, effects) == (1, [])
    moved, effects = play((500, Reviewed(("p1", "p2"))), state=state)
    assert (moved.current, effects) == (1, [Show(1)])


def test_when_nothing_may_be_read_any_more_the_session_ends() -> None:
    state, effects = play((500, Reviewed(())), state=SIGNED_IN)
    assert (state.phase, effects) == (Phase.LOCKED, [Close(Ended.WITHDRAWN)])


def test_a_badge_with_a_pin_is_admitted_after_it() -> None:
    state, effects = play((900, PinGiven()), (1200, Admitted("a", LEAVES)), state=ASKED)
    assert (state.phase, effects) == (Phase.STATION, [TryPin("a"), Open("a"), Show(0)])


def test_a_wrong_pin_may_be_tried_again_and_two_at_once_are_one() -> None:
    state, effects = play((900, PinGiven()), (901, PinGiven()), (1200, PinWanted("a")), state=ASKED)
    assert (state.phase, effects) == (Phase.PIN, [TryPin("a")])
    assert play((1300, PinGiven()), state=state)[1] == [TryPin("a")]


def test_a_pin_without_a_badge_is_nothing() -> None:
    assert play((0, PinGiven()))[1] == []
    assert play((500, PinGiven()), state=SIGNED_IN)[1] == []


def test_another_badge_at_the_keypad_switches_and_the_same_one_leaves_it() -> None:
    other, effects = play((5000, Tapped("b")), state=ASKED)
    assert (other.phase, other.badge, effects) == (Phase.IDENTIFYING, "b", [Identify("b")])
    same, effects = play((5000, Tapped("a")), state=ASKED)
    assert (same.phase, effects) == (Phase.LOCKED, [])


def test_a_badge_tapped_while_a_pin_is_tried_wins() -> None:
    moves = (900, PinGiven()), (1000, Tapped("b")), (1200, Admitted("a", LEAVES))
    state, effects = play(*moves, state=ASKED)
    assert (state.badge, effects) == ("b", [TryPin("a"), Identify("b")])


def test_a_pin_that_nobody_finishes_is_given_up_and_a_touch_restarts_the_time() -> None:
    state, _ = play((20_000, Touched()), (300 + PIN_MS, Ticked()), state=ASKED)
    assert state.phase is Phase.PIN
    state, effects = play((20_000 + PIN_MS, Ticked()), state=state)
    assert (state.phase, effects) == (Phase.LOCKED, [])


def test_the_keypad_goes_when_everything_is_taken_away_or_the_lock_is_asked() -> None:
    for event in (Reviewed(()), LockAsked()):
        state, effects = play((500, event), state=ASKED)
        assert (state.phase, state.badge, effects) == (Phase.LOCKED, "", [])


def test_a_supervisor_comes_to_the_board_and_it_ends_as_every_session_does() -> None:
    board, effects = play((0, Tapped("a")), (300, Leads("a")))
    assert (board.phase, board.leaves, effects) == (Phase.BOARD, (), [Identify("a"), Sit()])
    ways = ((Tapped("a"), Ended.SAME_BADGE), (LockAsked(), Ended.LOCKED), (Ticked(), Ended.IDLE),
            (Reviewed(()), Ended.WITHDRAWN))  # fmt: skip
    for event, why in ways:
        state, effects = play((300 + board.idle_ms, event), state=board)
        assert (state.phase, state.badge, effects) == (Phase.LOCKED, "", [Close(why)])
    other, effects = play((5000, Tapped("b")), state=board)
    assert (other.badge, effects) == ("b", [Close(Ended.OTHER_BADGE), Identify("b")])
    assert board.lock_in(300 + board.idle_ms - COUNTDOWN_S * 1000) == COUNTDOWN_S


def test_a_supervisor_who_reads_leaves_the_pages_for_the_board() -> None:
    state, effects = play((5000, Leads("a")), state=SIGNED_IN)
    assert (state.phase, state.badge, state.leaves) == (Phase.BOARD, "a", ())
    assert effects == [Close(Ended.TO_BOARD), Sit()]
    assert play((5000, Leads("b")), state=SIGNED_IN) == (SIGNED_IN, [])


def test_a_badge_tapped_while_a_supervisor_is_identified_wins() -> None:
    state, effects = play((0, Tapped("a")), (200, Tapped("b")), (300, Leads("a")))
    assert (state.phase, state.badge, effects) == (Phase.IDENTIFYING, "b", [Identify("a"), Identify("b")])


class AnyShift(RuleBasedStateMachine):
    """Whatever happens in whatever order: no look outside a session, every session closed before the next."""

    def __init__(self) -> None:
        super().__init__()
        self.state, self.now, self.open = State(), 0, False
        self.asked = ""

    def feed(self, event: Event) -> None:
        self.now += 1
        self.state, effects = step(self.state, event, self.now)
        for effect in effects:
            if isinstance(effect, Open | Sit):
                assert not self.open
                self.open = True
            elif isinstance(effect, Close):
                assert self.open
                self.open = False
            elif isinstance(effect, Show):
                assert self.open
                assert 0 <= effect.index < len(self.state.leaves)
            elif isinstance(effect, TryPin):
                assert effect.badge == self.asked == self.state.badge
                assert self.state.phase is Phase.IDENTIFYING
        self.asked = self.state.badge if self.state.phase is Phase.PIN else ""

    @rule(badge=st.sampled_from("abc"), wait=st.integers(0, 2000))
    def tap(self, badge: str, wait: int) -> None:
        self.now += wait
        self.feed(Tapped(badge))

    @rule(badge=st.sampled_from("abc"), count=st.integers(0, 3))
    def answer(self, badge: str, count: int) -> None:
        self.feed(Admitted(badge, LEAVES[:count]) if count else Rejected(badge))

    @rule(badge=st.sampled_from("abc"))
    def lead(self, badge: str) -> None:
        self.feed(Leads(badge))

    @rule(badge=st.sampled_from("abc"))
    def ask_for_pin(self, badge: str) -> None:
        self.feed(PinWanted(badge))

    @rule()
    def give_pin(self) -> None:
        self.feed(PinGiven())

    @rule(leaves=st.lists(st.sampled_from(LEAVES), unique=True))
    def review(self, leaves: list[str]) -> None:
        self.feed(Reviewed(tuple(leaves)))

    @rule(index=st.integers(-2, 5))
    def turn(self, index: int) -> None:
        self.feed(Turned(index))

    @rule(
        event=st.sampled_from([Ticked(), Touched(), LockAsked(), LockAsked(Ended.CLOSED)]),
        wait=st.integers(0, 70_000),
    )
    def other(self, event: Event, wait: int) -> None:
        self.now += wait
        self.feed(event)

    @invariant()
    def locked_means_nothing_held(self) -> None:
        assert self.open == (self.state.phase in {Phase.STATION, Phase.BOARD})
        if self.state.phase is not Phase.STATION:
            assert self.state.leaves == ()
        if self.state.phase in {Phase.PIN, Phase.IDENTIFYING}:
            assert self.state.badge


AnyShift.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestAnyShift = AnyShift.TestCase
