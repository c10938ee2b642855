"""Thousands of steps of hub, kiosks and adversary: nothing is given, stored or shown that the oracle denies.

``MACHINE_RUNS`` sets how many runs of 150 steps are made (70 are 10,000 steps).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.machine import Shopfloor

if TYPE_CHECKING:
    from tests.machine.hub import Template

RUNS, STEPS = 4, 150
"""Runs, and steps in each."""


def test_nothing_denied_is_given_stored_or_shown_and_everything_granted_is(furnished: Template) -> None:
    class Day(Shopfloor):
        template = furnished

    Shopfloor.steps = 0
    runs = int(os.environ.get("MACHINE_RUNS", RUNS))
    run_state_machine_as_test(
        Day,
        settings=settings(
            max_examples=runs,
            stateful_step_count=STEPS,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
            print_blob=True,
        ),
    )
    print(f"{Shopfloor.steps} steps in {runs} runs")
    assert Shopfloor.steps > (runs - 2) * STEPS
