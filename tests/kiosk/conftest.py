"""One real hub for all tests of the kiosk's sync and enrolment; each test enrols a kiosk of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.kiosk.plant import Hub


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub process with one document of twelve pages at ST-040."""
    from tests.kiosk.plant import serving

    with serving(tmp_path_factory.mktemp("plant")) as hub:
        yield hub
