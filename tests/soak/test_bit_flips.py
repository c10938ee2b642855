"""The short form of ``packaging/dev soak bit-flips``."""

from __future__ import annotations

from soak import bit_flips


def test_a_turned_bit_is_never_handed_out_and_costs_only_what_it_hit() -> None:
    figures = bit_flips.run(24, seed=2)
    assert figures.broken == []
    assert figures.done["flips"] == 24
    assert figures.done["pages damaged"] > 0
    assert figures.done["pages fetched again"] > 0
    assert figures.done["lease stores set aside"] + figures.done.get("lease stores that said damaged", 0) > 0
    assert figures.done["journals with an alarm"] > 0
