"""What the machine has found, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.machine.hub import KIOSKS, HubBox
from tests.machine.kiosk import KioskBox

if TYPE_CHECKING:
    from pathlib import Path

    from app.wire.lease import LeaseReply
    from tests.machine.hub import Template


def test_a_kiosk_whose_first_answer_was_a_replay_asks_for_its_boot_share_again(
    furnished: Template, tmp_path: Path
) -> None:
    hub = HubBox(furnished, tmp_path)
    given: list[tuple[str, LeaseReply]] = []
    first, second = (KioskBox(hub, code, tmp_path / code, given) for code in KIOSKS)
    assert first.meet()
    assert second.meet()
    first.reboot()
    first.line.replay = given[-1][1]  # the other kiosk's
    first.meet()
    assert first.contact.lease_trouble is not None
    first.meet()
    assert first.conductor.holding is not None
    assert first.conductor.holding.share
    for kiosk in (first, second):
        kiosk.close()
    hub.close()
