"""A clock that is off goes on record, with no hub too; the time of a suspended machine counts."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.kiosk.enrol import Enrolment
from app.kiosk.state import State
from app.kiosk.vault import KeyringVault
from app.wire.clock import Moment
from app.wire.messages import EventKind
from tests.kiosk.plant import CLOCK, Hub, Kiosk

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kiosk.secret_service import SecretService

SUSPENDED = 86_400
"""Seconds."""

READ = """
import time
from app.wire.clock import SystemClock
print(SystemClock().moment().boot_ms - time.monotonic_ns() // 1_000_000)
"""


def in_suspended() -> list[str]:
    """Runs a command in a time namespace whose machine was suspended for a day (CLOCK_BOOTTIME is a day
    ahead of CLOCK_MONOTONIC: time_namespaces(7)).
    """
    return ["unshare", "--time", "--boottime", str(SUSPENDED), "--"]


def test_the_time_for_which_a_machine_was_suspended_counts() -> None:
    if shutil.which("unshare") is None or subprocess.run([*in_suspended(), "true"], check=False).returncode:
        pytest.skip("needs time namespaces, and the right to make one")
    done = subprocess.run([*in_suspended(), sys.executable, "-c", READ], capture_output=True, check=True)
    assert int(done.stdout) >= SUSPENDED * 1000


def test_a_start_with_a_clock_that_is_behind_is_on_record_without_the_hub(
    hub: Hub, secret_service: SecretService, tmp_path: Path
) -> None:
    kiosk = Kiosk(hub, tmp_path, hub.next_kiosk())
    Enrolment.at(kiosk.places, CLOCK).ask(kiosk.sheet(hub.code(kiosk.code)))
    kiosk.plug.pull()
    try:
        assert clock_incidents(kiosk) == (True, [])
        keys = KeyringVault(kiosk.places.folder_id).load()
        assert keys is not None
        with State(
            kiosk.places.state, keys.cache_key
        ) as state:  # as the hub's word in an earlier boot left it
            state.hub_said(CLOCK.now() + timedelta(hours=3), Moment(CLOCK.now(), 1000, "an earlier boot"))
        trusted, (seconds,) = clock_incidents(kiosk)
        assert trusted is False
        assert round(seconds / 60) == -180
    finally:
        kiosk.close()


def clock_incidents(kiosk: Kiosk) -> tuple[bool, list[int]]:
    """Start and end the kiosk; returns whether its clock is trusted, and the seconds of each record of it."""
    local, events = kiosk.start_and_end()
    told = [event.body for event in events if event.kind is EventKind.INCIDENT]
    return local["clock_trusted"], [body["seconds"] for body in told if body["what"] == "clock"]
