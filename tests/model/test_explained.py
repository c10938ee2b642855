"""Which views an assignment or a grant explains, and which the grace after its end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from app.model.explained import Spans, explained

BEGAN = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


class Span(NamedTuple):
    start: datetime
    end: datetime | None


def at(minute: float) -> datetime:
    return BEGAN + timedelta(minutes=minute)


@pytest.mark.parametrize(
    ("held", "looks", "expected"),
    [
        ([], [(1, "a")], [False]),
        ([(0, None)], [(-1, "a"), (0, "a"), (900, "b")], [False, True, True]),
        ([(0, 10)], [(9, "a"), (10, "a"), (10.9, "a"), (11, "a")], [True, True, True, False]),
        ([(0, 10)], [(9, "a"), (10.1, "b"), (10.2, "a")], [True, False, True]),
        ([(0, 10)], [(10.1, "a")], [False]),
        ([(0, 10), (20, 30)], [(9, "a"), (15, "a"), (20, "b"), (30.5, "a"), (30.6, "b")],
         [True, False, True, False, True]),
        ([(0, 10), (5, 10.5), (10.5, 20)], [(9, "a"), (10.2, "b"), (20.5, "b"), (20.6, "a"), (21, "b")],
         [True, True, True, False, False]),
        ([(5, 9), (0, 30)], [(9.5, "a"), (30.5, "a")], [True, True]),
    ],
)  # fmt: skip
def test_what_explains_a_view(held, looks, expected) -> None:
    spans = Spans(
        [Span(at(start), None if end is None else at(end)) for start, end in held], timedelta(minutes=1)
    )
    found = explained([(at(minute), page) for minute, page in looks], spans)
    assert found == expected


def test_without_grace_an_end_is_the_end() -> None:
    spans = Spans([Span(at(0), at(10))], timedelta(0))
    assert explained([(at(9), "a"), (at(10), "a")], spans) == [True, False]
