"""Longest first: tests with whole plants start at once; other workers do the many short ones meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of real plants first; the order within each part stays."""
    items.sort(key=lambda item: "tests/system/" not in item.nodeid)
