"""Push, kiosk and hub both real: a change by another process reaches a kiosk that does not ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.cli.main import main
from app.hub.schema import KioskRow
from app.kiosk.sync import Timing
from tests.kiosk.plant import Hub, Kiosk, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NEVER = 3600.0
AT_REST = Timing(
    lease=NEVER, rest=NEVER, settle=0.02, meet=NEVER, report=0.3, first=0.3, cap=1.0, knock=0.3, mark=NEVER
)
"""Of a kiosk that asks by itself once an hour: whatever it hears of sooner was pushed."""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    hub = Hub(tmp_path_factory.mktemp("pushing"))
    hub.publish("WI-100")
    hub.serve()
    yield hub
    hub.close()


@pytest.fixture
def kiosk(hub: Hub, tmp_path: Path) -> Iterator[Kiosk]:
    kiosk = Kiosk(hub, tmp_path, hub.next_kiosk())
    kiosk.enrol()
    yield kiosk
    kiosk.close()


def at_rest(kiosk: Kiosk) -> None:
    """Wait until the hub tells this kiosk of changes."""
    kiosk.begin(kiosk.open(), AT_REST)
    wait_for("pages and journal", kiosk.settled)
    wait_for("the stream", lambda: kiosk.sync is not None and kiosk.sync.told_of_changes)


def admin(hub: Hub, *words: str) -> None:
    assert main(["admin", "--hub", str(hub.home.path), *words]) == 0


def idle_seconds(kiosk: Kiosk) -> int:
    holding = kiosk.doors.holdings[-1]
    assert holding is not None
    return holding.lease.policy.idle_seconds


def test_a_setting_reaches_a_kiosk_that_does_not_ask(hub: Hub, kiosk: Kiosk) -> None:
    at_rest(kiosk)
    admin(hub, "setting", "set", "idle_seconds", "77", "--reason", "test")
    wait_for("the setting", lambda: idle_seconds(kiosk) == 77)


def test_a_lockdown_takes_the_pages_and_its_receipt_comes_back(hub: Hub, kiosk: Kiosk) -> None:
    at_rest(kiosk)
    assert kiosk.cache.have()
    admin(hub, "revoke", "client", "C1", "--reason", "test")
    try:
        wait_for("the pages to go", lambda: not kiosk.cache.have())
        wait_for("the receipt", lambda: "purged" in [kind for *_, kind in hub.events(kiosk.code)])
    finally:
        admin(hub, "restore", "client", "C1", "--reason", "test")
    wait_for("the pages to come", kiosk.settled)


def test_a_kiosk_listens_again_when_the_hub_was_away_and_asks_what_it_missed(hub: Hub, kiosk: Kiosk) -> None:
    at_rest(kiosk)
    hub.kill()
    wait_for("offline", lambda: not kiosk.online())
    admin(hub, "setting", "set", "idle_seconds", "79", "--reason", "test")
    hub.serve()
    wait_for("the setting", lambda: kiosk.online() and idle_seconds(kiosk) == 79)
    wait_for("the stream", lambda: kiosk.sync is not None and kiosk.sync.told_of_changes)
    admin(hub, "setting", "set", "idle_seconds", "80", "--reason", "test")
    wait_for("the next", lambda: idle_seconds(kiosk) == 80)


def test_the_hub_hears_how_many_pages_a_kiosk_holds(hub: Hub, kiosk: Kiosk) -> None:
    at_rest(kiosk)

    def told() -> tuple[int | None, int]:
        with hub.store.read() as session:
            row = session.get_one(KioskRow, kiosk.code)
            return row.pulled, row.waiting

    wait_for("the report", lambda: told() == (len(kiosk.cache.have()), 0))
    assert kiosk.cache.have()
    admin(hub, "revoke", "client", "C1", "--reason", "test")
    try:
        wait_for("the report of none", lambda: told() == (0, 0))
    finally:
        admin(hub, "restore", "client", "C1", "--reason", "test")
