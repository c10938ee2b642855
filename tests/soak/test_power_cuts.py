"""The short form of ``packaging/dev soak power-cuts``, and the disk that it cuts the power of."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

import pytest
from soak import power_cuts
from soak.power_replay import Disk, Op

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler (apt-get install gcc libc6-dev)")
def test_what_was_acknowledged_outlasts_a_power_cut_and_does_not_without_synchronous() -> None:
    figures = power_cuts.run(12, seed=1, steps=100)
    assert figures.broken == []
    assert figures.done["cuts"] == 12
    assert figures.done["lost"] == 0
    assert figures.done["writes dropped"] > 0
    assert figures.done["caches rebuilt"] == 0
    assert figures.done["pages read"] > 0
    assert figures.done["of the hub"] > 0
    assert figures.done["of the journal"] > 0


def test_a_disk_keeps_what_was_synced_and_loses_some_of_the_rest(tmp_path: Path) -> None:
    disk, chance, found = Disk(), random.Random(1), set[bytes]()
    disk.note(Op("W", "a", 0, b"sure"))
    disk.note(Op("S", "a", 0, b""))
    disk.note(Op("W", "a", 4, b"x" * 1024))
    disk.note(Op("W", "gone", 0, b"x"))
    disk.note(Op("U", "gone", 0, b""))
    for _ in range(40):
        disk.cut(tmp_path, chance)
        found.add((tmp_path / "a").read_bytes())
    assert found == {b"sure", b"sure" + b"x" * 512, b"sure" + b"x" * 1024}
    assert not (tmp_path / "gone").exists()
