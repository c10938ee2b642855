"""The short form of ``packaging/dev soak disk-full-hub``: while kiosks deliver, while somebody publishes."""

from __future__ import annotations

import shutil

import pytest
from soak import full_hub


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler (apt-get install gcc libc6-dev)")
def test_a_hub_on_a_full_disk_keeps_what_it_acknowledged_and_goes_on_when_there_is_space() -> None:
    figures = full_hub.fill(("deliver", 2, True), ("publish", 20, False), ("lockdown", 3, True))
    assert figures.broken == []
    assert figures.done["times full"] == 3
    assert figures.done["requests refused"] > 0
    assert figures.done["receipts"] > 0
    assert figures.done["lost"] == figures.done["doubled"] == 0
