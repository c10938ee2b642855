"""Thousands of steps of hub, kiosks and adversary: nothing is given, stored or shown that the oracle denies.

``packaging/dev soak state-machine`` goes on from other seeds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.machine import runs

if TYPE_CHECKING:
    from tests.machine.hub import Template

STEPS = 10_000


def test_nothing_denied_is_given_stored_or_shown_and_everything_granted_is(furnished: Template) -> None:
    done = runs.run(furnished, STEPS, first=1)
    print(dict(done))
    assert done["steps"] >= STEPS
    for what in ("changes", "contacts", "badges tapped", "sessions opened", "pages painted"):
        assert done[what] >= STEPS / 100, what
    assert done["stale leases refused"] >= STEPS / 100
