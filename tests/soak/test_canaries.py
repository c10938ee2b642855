"""The short form of ``packaging/dev soak canaries``."""

from __future__ import annotations

from soak import canaries


def test_no_page_of_any_document_holds_what_belongs_to_another() -> None:
    figures = canaries.run(4, seed=2)
    assert figures.broken == []
    assert figures.done["documents"] == 4
    assert figures.done["canaries"] > 150
    assert figures.done["pages"] >= 12
