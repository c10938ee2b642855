"""What a journal proves of a revocation, against a kiosk that is played step by step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.hub.receipts import SETTLED, Outcome, Span, Step, standing

NOW = datetime(2026, 3, 3, 14, 7, tzinfo=UTC)
UNTIL = NOW + timedelta(hours=72)
PAGES = [("WI-1/A", str(number) * 64) for number in range(4)]
REVOKED = frozenset(PAGES[:2])
"""What is revoked; the other pages are not."""

ORDER, BEFORE = 9, 7
"""The revocation's number, by which its purge order goes; one before it took the first page."""

# Each lease: which pages it lists. After the revocation none lists what is revoked.
leases = st.lists(st.frozensets(st.sampled_from(PAGES)), min_size=1, max_size=4)
later = st.lists(st.frozensets(st.sampled_from(PAGES[2:])), max_size=3)


@st.composite
def stories(draw):
    """Leases before and after the revocation, which of them the kiosk accepts, and what its journal tells.

    Returns what each lease lists, the span of leases that could be held, the journal so far as it is here,
    and what is really still on the kiosk.
    """
    old, new = draw(leases), draw(later)
    listed = dict(enumerate([*old, *new], 1))
    span = Span(1, max((n for n, pages in listed.items() if pages & REVOKED), default=0), UNTIL, ORDER)
    taken = [number for number in listed if draw(st.booleans())]  # the others' answers were lost
    newest = max((number for number in taken if number <= len(old)), default=0)
    held, journal, truth, purges = 0, [], frozenset(), 0
    for number in taken:
        lists = listed[number]
        gone = truth - lists
        journal.append(Step((1, len(journal) + 1), accepted=number))
        if gone:
            purges += 1
            parts = [[page] for page in gone] if draw(st.booleans()) else [list(gone)]
            journal += [
                Step((1, len(journal) + n), purge=str(purges), before=held, after=number,
                     pages=frozenset(part), keys_gone=NOW, bytes_gone=NOW)
                for n, part in enumerate(parts, 1)
            ]  # fmt: skip
        held, truth = number, lists
        orders = draw(st.sampled_from([(), (BEFORE,), (ORDER,), (BEFORE, ORDER)]))
        for order in orders if number == newest else ():
            cut = truth & (REVOKED if order == ORDER else frozenset(PAGES[:1]))
            truth -= cut
            purges += 1
            journal.append(
                Step((1, len(journal) + 1), purge=str(purges), before=held, after=held, order=order,
                     pages=cut, keys_gone=NOW, bytes_gone=NOW)
            )  # fmt: skip
    if held and draw(st.booleans()):
        journal.append(
            Step((1, len(journal) + 1), purge="all", before=held, after=0, everything=True,
                 pages=truth, keys_gone=NOW, bytes_gone=NOW)
        )  # fmt: skip
        truth = frozenset()
    here = journal[: draw(st.integers(0, len(journal)))]
    return listed, span, here, truth & REVOKED, len(here) == len(journal)


def rule(listed):
    def covers(before, pages, _people):
        share = listed.get(before, frozenset()) & REVOKED
        return None if not share else share <= pages

    return covers


@given(stories())
def test_nothing_is_said_to_be_gone_that_the_kiosk_still_has(story):
    listed, span, journal, still, _ = story
    if span.last == 0:
        return  # nobody was ever given it
    found = standing(span, journal, rule(listed), NOW).outcome
    if still:
        assert found not in {*SETTLED, Outcome.KEYS_GONE, Outcome.PARTLY, Outcome.ENDED}


@given(stories())
def test_what_left_a_kiosk_is_settled_once_its_journal_is_here(story):
    listed, span, journal, still, complete = story
    heard = any(step.accepted > span.last or step.everything or step.order == ORDER for step in journal)
    if span.last == 0 or not complete or not heard:
        return
    assert not still
    assert standing(span, journal, rule(listed), NOW).outcome in SETTLED


@given(stories(), st.integers(-100, 100))
def test_the_leases_end_settles_nothing_but_ends_the_waiting(story, hours):
    listed, span, journal, _, _ = story
    now = UNTIL + timedelta(hours=hours)
    at, before = standing(span, journal, rule(listed), now), standing(span, journal, rule(listed), NOW)
    if before.outcome is Outcome.OPEN:
        assert at.outcome is (Outcome.ENDED if hours >= 0 else Outcome.OPEN)
    else:
        assert at == before


def test_part_of_a_receipt_is_not_a_receipt():
    listed = {1: frozenset(PAGES), 2: frozenset(PAGES[2:])}
    accepted = [Step((1, 1), accepted=1), Step((1, 2), accepted=2)]
    first = Step((1, 3), purge="a", before=1, after=2, pages=frozenset(PAGES[:1]))
    second = Step((1, 4), purge="a", before=1, after=2, pages=frozenset(PAGES[1:2]))
    stray = Step((1, 4), purge="b", before=1, after=2, pages=frozenset(PAGES[1:2]))
    span = Span(1, 1, UNTIL)
    assert standing(span, accepted, rule(listed), NOW).outcome is Outcome.KEYS_GONE
    assert standing(span, [*accepted, first], rule(listed), NOW).outcome is Outcome.PARTLY
    assert standing(span, [*accepted, first, stray], rule(listed), NOW).outcome is Outcome.PARTLY
    whole = standing(span, [*accepted, first, second], rule(listed), NOW)
    assert (whole.outcome, whole.events) == (Outcome.CONFIRMED, ((1, 3), (1, 4)))


def test_what_an_order_took_before_is_named_with_the_rest():
    listed = {1: frozenset(PAGES), 2: frozenset(PAGES[2:])}
    ordered = Step((1, 2), purge="a", before=1, after=1, order=BEFORE, pages=frozenset(PAGES[:1]))
    rest = Step((1, 4), purge="b", before=1, after=2, pages=frozenset(PAGES[1:2]))
    journal = [Step((1, 1), accepted=1), ordered, Step((1, 3), accepted=2), rest]
    found = standing(Span(1, 1, UNTIL, ORDER), journal, rule(listed), NOW)
    assert (found.outcome, found.events) == (Outcome.CONFIRMED, ((1, 2), (1, 4)))
