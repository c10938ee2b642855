"""The short form of ``packaging/dev soak kiosk-kills``: one kill of each kind, with everything real."""

from __future__ import annotations

import shutil

import pytest
from soak import kiosk_kills

pytestmark = pytest.mark.skipif(
    shutil.which("gnome-keyring-daemon") is None, reason="no gnome-keyring (packaging/dev setup installs it)"
)


def test_killed_in_every_kind_of_work_nothing_is_lost_doubled_or_half_there() -> None:
    figures = kiosk_kills.run(len(kiosk_kills.ROUND), seed=1)
    assert figures.broken == []
    assert figures.done["kills"] == len(kiosk_kills.ROUND)
    assert figures.done["events acknowledged"] > 600
    assert figures.done["lost"] == figures.done["doubled"] == 0
