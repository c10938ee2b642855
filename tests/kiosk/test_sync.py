"""Kiosk and hub, both real, with a plug between them that can be pulled."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from app.kiosk.outbox import Draft
from app.model.terms import KioskStatus
from app.wire.messages import EventKind
from tests.kiosk.plant import CLOCK, Hub, Kiosk, threads, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    hub = Hub(tmp_path_factory.mktemp("plant"))
    hub.publish("WI-100", pages=12)
    hub.serve()
    yield hub
    hub.close()


_codes = iter(range(1, 100))


@pytest.fixture
def kiosk(hub: Hub, tmp_path: Path) -> Iterator[Kiosk]:
    number = next(_codes)
    kiosk = Kiosk(hub, tmp_path, f"K-{number}")
    kiosk.enrol(
        "ABCDEFGHIJKLMN"
        + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number // 26]
        + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number % 26]
    )
    yield kiosk
    kiosk.close()
    assert "sync" not in threads()


def look(kiosk: Kiosk, count: int = 1) -> None:
    for _ in range(count):
        kiosk.outbox.append([Draft(EventKind.VIEW_BEGIN, client="C1", person="W-1")], CLOCK.moment())
    assert kiosk.sync is not None
    kiosk.sync.poke()


def test_a_kiosk_pulls_its_pages_and_delivers_what_happened(hub: Hub, kiosk: Kiosk) -> None:
    kiosk.start()
    wait_for("pages", kiosk.settled, 10)
    wanted = {page.blob for page in kiosk.doors.holdings[-1].manifest.pages}
    assert len(wanted) == 12
    assert kiosk.cache.have() == wanted
    assert kiosk.doors.status == {"online": True, "offline_since": None, "trouble": ""}
    assert kiosk.doors.local["status"] is KioskStatus.ACTIVE
    assert kiosk.doors.local["clock_trusted"] is True
    assert kiosk.doors.local["boot_share"] is True
    look(kiosk, 3)
    wait_for("delivery", lambda: kiosk.outbox.waiting() == 0, 5)
    events = hub.events(kiosk.code)
    assert [kind for _, _, kind in events] == ["lease.accepted"] + ["view.begin"] * 3
    time.sleep(0)
