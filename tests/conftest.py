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


_LONG = (
    "tests/system/test_whole_story", "tests/machine/", "tests/system/", "tests/ui/test_tour",
    "tests/kiosk/test_backup", "tests/soak/", "tests/hub_api/test_serve", "tests/ui/", "tests/kiosk/",
    "tests/hub_api/",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes longest first; the order within each part stays."""

    def place(item: pytest.Item) -> int:
        return next((n for n, begin in enumerate(_LONG) if item.nodeid.startswith(begin)), len(_LONG))

    items.sort(key=place)
