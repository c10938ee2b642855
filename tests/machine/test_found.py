"""What the machine has found, step by step."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import delete

from app.hub.schema import LeaseRow
from tests.machine.hub import KIOSKS, HubBox
from tests.machine.kiosk import KioskBox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.machine.hub import Template
    from tests.machine.oracle import Told


def test_a_kiosk_whose_first_answer_was_a_replay_asks_for_its_boot_share_again(
    furnished: Template, tmp_path: Path
) -> None:
    with two_kiosks(furnished, tmp_path) as (first, second):
        assert first.meet()
        assert second.meet()
        first.reboot()
        first.line.replay = second.given[-1].reply
        first.meet()
        assert first.contact.lease_trouble is not None
        first.meet()
        assert first.conductor.holding is not None
        assert first.conductor.holding.share


def test_an_older_store_takes_no_lease_between_its_own_and_the_newest_and_one_above_from_an_older_hub(
    furnished: Template, tmp_path: Path
) -> None:
    with two_kiosks(furnished, tmp_path) as (kiosk, _):
        for number in (1, 2, 3):
            assert kiosk.meet()
            assert kiosk.state.mark.number == number
            if number == 1:
                kiosk.save_state()
            kiosk.hub.clock.forward(hours=2)
        kiosk.put_state_back()
        kiosk.line.replay = kiosk.given[1].reply.model_copy(update={"time": kiosk.hub.clock.now()})
        kiosk.meet()
        assert kiosk.contact.lease_trouble is not None
        assert kiosk.contact.lease_trouble.code == "lease_rollback"
        assert (kiosk.state.mark.number, kiosk.state.set_back) == (1, True)

        with kiosk.hub.store.write() as session:  # the hub is restored from a backup of that day, too
            session.execute(delete(LeaseRow).where(LeaseRow.kiosk == kiosk.code, LeaseRow.number > 1))
        assert kiosk.meet()
        assert kiosk.contact.says is None
        assert (kiosk.state.mark.number, kiosk.state.set_back) == (5, False)


@contextmanager
def two_kiosks(furnished: Template, folder: Path) -> Iterator[list[KioskBox]]:
    hub = HubBox(furnished, folder)
    given: list[Told] = []
    kiosks = [KioskBox(hub, code, folder / code, given) for code in KIOSKS]
    try:
        yield kiosks
    finally:
        for kiosk in kiosks:
            kiosk.close()
        hub.close()
