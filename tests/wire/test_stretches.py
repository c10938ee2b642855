"""Stretches of a log, followed apart and then joined: the same as in one go, and no result with a hole."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.errors import Refused, Unavailable
from app.wire.figures import Figures
from app.wire.hands import in_order
from app.wire.journals import Journals

ENTRIES = st.lists(
    st.tuples(st.sampled_from("AB"), st.integers(0, 6), st.integers(1, 6), st.sampled_from(["", "x", "y"])),
    max_size=12,
)


def followed(entries: list, *, whole: bool, first: int = 0) -> Journals:
    journals = Journals(whole=whole)
    for seq, (kiosk, number, prev, digest) in enumerate(entries, first):
        journals.add((kiosk, 1), seq, "xyxyxy"[prev - 1], number, digest)
    return journals


@given(entries=ENTRIES, cut=st.integers(0, 12), whole=st.booleans())
def test_a_log_followed_in_two_parts_lacks_what_it_lacks_in_one(entries, cut, whole) -> None:
    expected = followed(entries, whole=whole)
    joined = Journals(whole=whole)
    for part, first in ((entries[:cut], 0), (entries[cut:], len(entries[:cut]))):
        joined.join(followed(part, whole=False, first=first))
    assert (joined.broken, joined.unnumbered) == (expected.broken, expected.unnumbered)
    assert sorted(gap.says for gap in joined.gaps) == sorted(gap.says for gap in expected.gaps)


@given(seeds=st.lists(st.integers(0, 200), max_size=8), cut=st.integers(0, 8))
def test_figures_counted_in_two_parts_are_those_of_one(seeds, cut) -> None:
    rows = [
        (
            f"K-{seed % 2}", 1, seed, "", ("view.begin", "view.end")[seed % 2],
            f"2026-03-{1 + seed % 28:02}T{seed % 24:02}:00:00Z", "ACME", seed, f"P-{seed % 3}", "ST-1",
            f"{seed % 5:064x}", "WI-1/A", {"ms": seed},
        )
        for seed in seeds
    ]  # fmt: skip
    expected, joined = Figures(), Figures()
    expected.add(rows)
    for part in (rows[:cut], rows[cut:]):
        other = Figures()
        other.add(part)
        joined.join(other)
    assert joined.told() == expected.told()
    assert expected.told()["entries"] == len(rows)


def piece(number: int) -> int:
    if number == 3:
        os._exit(1)
    if number == 4:
        raise Refused("No.", advice="Ask again.", code="some")
    return number * number


def test_helpers_work_in_order_and_fail_as_a_whole() -> None:
    found = in_order(piece, [5, 0, 2, 4], 2)
    assert [next(found) for _ in range(3)] == [25, 0, 4]
    with pytest.raises(Refused) as told:
        next(found)
    assert (told.value.advice, told.value.code) == ("Ask again.", "some")
    with pytest.raises(Unavailable, match="ended before its work was done"):
        list(in_order(piece, [5, 3], 2))
