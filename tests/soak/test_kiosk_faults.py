"""The short forms of ``packaging/dev soak kiosk-kills`` (a kill of each kind but ``purge``: that one is in
``tests/kiosk/test_revocation.py``) and ``disk-full``, at one plant.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from soak import disk_full, kiosk_kills
from soak.rig import rig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from soak.rig import Rig

pytestmark = pytest.mark.skipif(
    shutil.which("gnome-keyring-daemon") is None, reason="no gnome-keyring (packaging/dev setup installs it)"
)


@pytest.fixture(scope="module")
def plant() -> Iterator[Rig]:
    with rig() as made:
        yield made


def test_killed_at_its_work_nothing_is_lost_doubled_or_half_there(plant: Rig) -> None:
    kills = 4
    assert set(kiosk_kills.ROUND[:kills]) == {"pull", "view", "journal", "sync"}
    figures = kiosk_kills.prove(plant, kills, seed=4)
    assert figures.broken == []
    assert figures.done["kills"] == kills
    assert figures.done["looks painted"] > 0
    assert figures.done["events acknowledged"] > 400
    assert figures.done["lost"] == figures.done["doubled"] == 0


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler (apt-get install gcc libc6-dev)")
def test_on_a_full_disk_nothing_is_seen_unrecorded_and_it_goes_on_when_there_is_space(plant: Rig) -> None:
    figures = disk_full.prove(plant, 3, seed=1)
    assert figures.broken == []
    assert (figures.done["times full"], figures.done["in purge"]) == (3, 1)
    assert figures.done["times told"] >= 2
    assert figures.done["looks painted"] > 0
    assert figures.done["lost"] == figures.done["doubled"] == 0
