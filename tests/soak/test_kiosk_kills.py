"""The short form of ``packaging/dev soak kiosk-kills``: a kill of each kind but ``purge``.

(A kiosk that is killed while it purges: ``tests/kiosk/test_revocation.py``.)
"""

from __future__ import annotations

import shutil

import pytest
from soak import kiosk_kills

pytestmark = pytest.mark.skipif(
    shutil.which("gnome-keyring-daemon") is None, reason="no gnome-keyring (packaging/dev setup installs it)"
)


def test_killed_at_its_work_nothing_is_lost_doubled_or_half_there() -> None:
    kills = 4
    assert set(kiosk_kills.ROUND[:kills]) == {"pull", "view", "journal", "sync"}
    figures = kiosk_kills.run(kills, seed=1)
    assert figures.broken == []
    assert figures.done["kills"] == kills
    assert figures.done["events acknowledged"] > 600
    assert figures.done["lost"] == figures.done["doubled"] == 0
