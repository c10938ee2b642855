"""``state-machine``: hub, two kiosks and an adversary at random, beside an oracle that knows only the rules.

Promised: nothing is given, stored or shown that the oracle denies, and everything that it grants is there.
What a step is, and what is looked at after it, stands in ``tests/machine/machine.py``.
"""

from __future__ import annotations

import logging
import traceback

from soak.promise import Figures, enough, say
from soak.rig import scratch
from tests.machine import runs
from tests.machine.machine import Shopfloor


def run(count: int, seed: int) -> Figures:
    """Make ``count`` steps or a few more; the first that breaks something ends it, and is told in full."""
    figures = Figures()
    logging.getLogger("app").setLevel(logging.CRITICAL)  # what is told here is made so
    with scratch() as folder, runs.derived_once():
        template = runs.furnished(folder)

        def told() -> bool:
            say(f"{Shopfloor.done['steps']} of {count} steps")
            return enough()

        try:
            runs.run(template, count, (seed - 1) * 1_000_000 + 1, told)  # seed 1 begins as the test does
        except Exception as broken:  # whatever it is: something did not hold
            figures.promise(holds=False, otherwise="".join(traceback.format_exception(broken)))
        figures.done.update(Shopfloor.done)
    return figures
