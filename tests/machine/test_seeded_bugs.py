"""Each seeded policy bug is caught by the machine that guards the product, within one chapter of a tour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.model.errors import Expected
from tests.machine.bugs import BUGS
from tests.machine.machine import Shopfloor
from tests.machine.tour import TOUR, walk

if TYPE_CHECKING:
    from tests.machine.hub import Template


@pytest.mark.parametrize("chapter", TOUR)
def test_without_a_bug_it_holds(chapter: str, furnished: Template) -> None:
    Shopfloor.template = furnished
    Shopfloor.done.clear()
    walk(Shopfloor(), chapter)
    assert Shopfloor.done["steps"] == len(TOUR[chapter]) + 1


@pytest.mark.parametrize("name", sorted(BUGS))
def test_it_is_caught(name: str, furnished: Template, monkeypatch: pytest.MonkeyPatch) -> None:
    chapter, seed = BUGS[name]
    seed(monkeypatch)
    Shopfloor.template = furnished
    Shopfloor.done.clear()
    with pytest.raises((AssertionError, Expected)) as caught:
        walk(Shopfloor(), chapter)
    print(f"{name}: {Shopfloor.done['steps']} steps: {type(caught.value).__name__}: {caught.value}")
