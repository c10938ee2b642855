"""The short form of ``packaging/dev soak tampering``."""

from __future__ import annotations

from soak import tampering


def test_no_edit_of_a_bundle_or_of_the_database_goes_unnoticed() -> None:
    figures = tampering.run(240, seed=3)
    assert figures.broken == []
    assert figures.done == {"edits of a bundle": 120, "refused": 120, "edits of a row": 120, "found": 120}
