"""One furnished hub for all tests here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.machine import runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.machine.hub import Template


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return runs.furnished(tmp_path_factory.mktemp("furnished"))


@pytest.fixture(autouse=True)
def derived_once() -> Iterator[None]:
    """For these tests alone: the worker's other tests count derivations."""
    with runs.derived_once():
        yield
