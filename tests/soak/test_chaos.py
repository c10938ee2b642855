"""The short form of ``packaging/dev soak chaos-network``: the same bad network, without a screen."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from kit.processes import wait_for
from soak.repeater import Repeater
from soak.trouble import BadNetwork

from app.hub import log_check
from app.kiosk.outbox import Draft
from app.wire.messages import EventKind
from tests.kiosk.plant import CLOCK, Hub, Kiosk

if TYPE_CHECKING:
    from pathlib import Path


def test_on_a_bad_network_every_event_and_page_arrives_once_and_no_request_is_taken_twice(
    tmp_path: Path,
) -> None:
    hub, chance = Hub(tmp_path), random.Random(1)
    kiosk, repeater = Kiosk(hub, tmp_path), Repeater(chance)
    pages = set(hub.publish("WI-100", pages=20, size=50_000))
    hub.serve()
    kiosk.enrol()
    kiosk.plug.close()
    network = BadNetwork(kiosk.plug.port, hub.port, chance)
    try:
        network.bad = repeater.on = True
        sync, recorded = kiosk.start(), 0
        while sum(network.faults.values()) < 20 or not repeater.told:
            look = Draft(EventKind.VIEW_BEGIN, client="C1", person="W-1", station="ST-040")
            recorded += len(kiosk.outbox.append([look], CLOCK.moment()))
            sync.poke()
            time.sleep(0.05)
        network.bad = repeater.on = False
        wait_for("everything to be there", kiosk.settled, 60)
        assert kiosk.cache.have() == pages
        held = hub.events()
        assert [seq for _, seq, _ in held] == list(range(1, len(held) + 1))
        assert hub.kinds().count(EventKind.VIEW_BEGIN.value) == recorded
        assert "taken twice" not in repeater.told
        log_check.check(hub.store)
    finally:
        repeater.close()
        network.close()
        kiosk.close()
        hub.close()
