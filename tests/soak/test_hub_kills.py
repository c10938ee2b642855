"""The short form of ``packaging/dev soak hub-kills``: three hubs killed in mid-batch, one in mid-publish."""

from __future__ import annotations

from soak import hub_kills


def test_a_killed_hub_keeps_what_it_gave_a_receipt_for_and_no_half_revision() -> None:
    figures = hub_kills.run(4, seed=1)
    assert figures.broken == []
    assert figures.done["in mid-batch"] == 3
    assert figures.done["receipts"] > 0
    assert figures.done["lost"] == figures.done["doubled"] == 0
