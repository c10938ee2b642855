"""Which views an assignment or a grant explains, and which the grace after its end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from app.model.explained import explained

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
    ],
)  # fmt: skip
def test_what_explains_a_view(held, looks, expected) -> None:
    spans = [Span(at(start), None if end is None else at(end)) for start, end in held]
    found = explained([(at(minute), page) for minute, page in looks], spans, timedelta(minutes=1))
    assert found == expected


def test_without_grace_an_end_is_the_end() -> None:
    assert explained([(at(9), "a"), (at(10), "a")], [Span(at(0), at(10))], timedelta(0)) == [True, False]
