"""Longest first: tests with whole plants start at once; other workers do the many short ones meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import settings

from tests.fixtures import bus, device_keys, secret_service, small_disk

if TYPE_CHECKING:
    import pytest

__all__ = ["bus", "device_keys", "secret_service", "small_disk"]

# How long an example takes is the benches' business; a busy machine must not fail a rule.
settings.register_profile("stationleaf", deadline=None)
settings.load_profile("stationleaf")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of real plants first; the order within each part stays."""
    items.sort(key=lambda item: "tests/system/" not in item.nodeid)
