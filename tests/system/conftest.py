"""One plant at work: a hub over TLS, a kiosk on a virtual screen with a badge reader and its own keyring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from kit.cast import Cast, demo_cast, furnish
from kit.chapters import LOCKED, needs
from kit.eyes import Eyes
from kit.plant import Plant
from kit.stand import Stand

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass
class Floor:
    """The plant, who plays in it, the kiosk, and every folder that the kiosk is told to write to."""

    plant: Plant
    cast: Cast
    stand: Stand
    temporary: Path
    began: float

    def restart(self) -> None:
        """Start the kiosk (again) and wait for its badge screen."""
        log = self.plant.folder / "kiosk.log"
        self.stand.kiosk.start(log, env={"TMPDIR": str(self.temporary)})
        self.stand.wait_for_words(LOCKED, without_page=True)


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    """The demo plant with one kiosk at the battery station, which has pulled its pages."""
    missing = needs()
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)} (packaging/dev setup installs them)")
    folder = tmp_path_factory.mktemp("plant")
    began = folder.stat().st_mtime
    (folder / "documents").mkdir()
    (folder / "tmp").mkdir()
    plant = Plant(folder)
    stand: Stand | None = None
    try:
        cast = demo_cast(folder / "documents")
        plant.init()
        plant.serve()
        furnish(plant, cast)
        stand = Stand.build(plant, "K-1", cast.home, Eyes(cast.known()), folder)
        floor = Floor(plant, cast, stand, folder / "tmp", began)
        floor.restart()
        yield floor
    finally:
        plant.close()
        if stand is not None:
            stand.close()
