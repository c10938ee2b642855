"""Random runs of the machine: so many steps, from a seed, for the test and ``packaging/dev soak``."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import get_state_machine_test

from app.kiosk import access
from app.seal import slot
from tests.machine.hub import Template
from tests.machine.machine import Shopfloor

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator
    from pathlib import Path

RUN_STEPS = 150
"""Steps of one run: one hub and two kiosks from their morning on."""

_ROUND = settings(
    max_examples=11,  # the first of a round is always a single step
    stateful_step_count=RUN_STEPS,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
    print_blob=True,
)


_derived = cache(slot._derive)


@contextmanager
def derived_once() -> Iterator[None]:
    """A derivation costs a quarter of a second: in this block each badge with its PIN pays it once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slot, "_derive", _derived)
        patch.setattr(access, "spend", lambda _badge, _pin: None)  # it only takes as long as a derivation
        yield


def furnished(folder: Path) -> Template:
    """One furnished hub for all runs."""
    with derived_once():
        return Template.make(folder)


def run(
    template: Template, steps: int, first: int, enough: Callable[[], bool] = lambda: False
) -> Counter[str]:
    """Make at least ``steps`` steps, in rounds with seeds from ``first`` on; count what was done.

    ``enough`` is asked after each round whether to stop early.

    Raises:
        AssertionError: something was given, stored or shown that the oracle denies, or not what it grants.
    """

    class Day(Shopfloor):
        pass

    Day.template = template
    Shopfloor.done.clear()
    while Shopfloor.done["steps"] < steps and not enough():
        seed(first)(get_state_machine_test(Day, settings=_ROUND))()
        first += 1
    return Shopfloor.done
