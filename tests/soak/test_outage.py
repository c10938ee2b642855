"""The short form of ``packaging/dev soak outage-72h``: fewer looks, the same 72 hours."""

from __future__ import annotations

from soak import outage


def test_eight_operators_work_72_hours_without_the_hub_and_everything_is_on_record() -> None:
    figures = outage.run(32, seed=4)
    assert figures.broken == []
    assert figures.done["sessions"] == 16
    assert figures.done["ends in view"] == 2
    assert figures.done["turned away"] == 8
    assert figures.done["looks"] >= 32
    assert figures.done["lost"] == figures.done["doubled"] == 0
