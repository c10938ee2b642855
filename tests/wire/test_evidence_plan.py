"""What explains the views in a bundle: the rule of the hub's review, whatever pieces the log is read in."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from app.model.explained import Spans, explained
from app.seal.encoding import canonical
from app.wire.base import time_text
from app.wire.evidence_plan import FEW, Plan, Views
from app.wire.figures import FORM

NIGHT = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
GRACE = timedelta(minutes=5)


class Span(NamedTuple):
    start: datetime
    end: datetime | None


def at(minute: int) -> datetime:
    return NIGHT + timedelta(minutes=minute)


def row(wall: datetime, person: str, page: str, kind: str) -> tuple[Any, ...]:
    said = {"kind": kind, "wall": time_text(wall), "person": person, "station": "S", "page": page}
    return tuple(said.get(name, "") for name in FORM)


@pytest.mark.parametrize("seed", range(20))
def test_it_is_the_rule_of_the_review_in_whatever_pieces(seed: int) -> None:
    """Looks over midnight, of two persons, in the order in which two kiosks delivered them."""
    chance = random.Random(seed)
    spans: dict[str, list[Span]] = {
        person: [
            Span(at(begin), None if chance.random() < 0.05 else at(begin + chance.randrange(25)))
            for begin in chance.sample(range(120), 5)
        ]
        for person in "AB"
    }
    looks = [
        (at(chance.randrange(130)) + timedelta(seconds=number), chance.choice("AB"), chance.choice("xy"))
        for number in range(300)
    ]
    groups: dict[Any, list[Any]] = defaultdict(list)
    for number, (wall, person, page) in enumerate(looks):
        groups[person, wall.date()].append((wall, number, page))
    bare, held = [], 0
    for (person, _), there in groups.items():
        there.sort()
        told = explained([(wall, page) for wall, _, page in there], Spans(spans[person], GRACE))
        bare += [number for (_, number, _), well in zip(there, told, strict=True) if not well]
        no_grace = Spans(spans[person], timedelta(0))
        held += sum(explained([(wall, page) for wall, _, page in there], no_grace))
    told_spans = [
        {"person": person, "station": "S", "from": time_text(start), "until": time_text(end) if end else ""}
        for person, mine in spans.items()
        for start, end in mine
    ]
    acts = canonical({"assignments": told_spans[::2], "grants": told_spans[1::2]})
    plan = Plan.read(acts, canonical({"site": {"grace_seconds": 300}}))
    kinds = ("view.begin", "view.begin", "view.announced")  # of the last one nobody knows more than that
    rows, whole, first = [row(*look, chance.choice(kinds)) for look in looks], Views(), 0
    while first < len(rows):
        many = chance.randrange(1, 60)
        whole.join(plan.look(first, rows[first : first + many]))
        first += many
    found = plan.settle(whole)
    assert (found.views, found.unexplained) == (len(looks), len(bare))
    assert found.by_grace == len(looks) - len(bare) - held
    assert found.bare == tuple(sorted(bare)[:FEW])
    assert bare
    assert found.by_grace
