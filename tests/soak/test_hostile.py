"""The short form of ``packaging/dev soak hostile``."""

from __future__ import annotations

from soak import hostile


def test_a_bad_document_is_published_or_refused_and_the_hub_serves_on() -> None:
    figures = hostile.run(6, seed=1)
    assert figures.broken == []
    assert figures.done["documents"] == 6
    assert figures.done["crashes of the hub"] == figures.done["past the limit"] == 0
