"""The hubs that misbehave do so, as the kiosk's real client sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.seal.keys import SigningKey
from app.wire.client import HubClient, HubFault, HubRefused, HubUnreachable, Rubbish, WrongCertificate
from tests.fakes import hubs

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from app.model.errors import Expected


def _ask(hub: hubs.BadHub) -> None:
    counters = iter(range(1, 100))
    with HubClient(
        hub.address,
        ca_pem=hub.ca_pem,
        kiosk="K-1",
        key=SigningKey.generate(),
        counter=lambda: next(counters),
        timeout=0.3,
    ) as client:
        client.state()


@pytest.mark.parametrize(
    ("bad", "error", "heard"),
    [
        (hubs.rubbish_hub(), Rubbish, True),
        (hubs.rubbish_hub(b"<html>", "text/html"), Rubbish, True),
        (hubs.garbage_hub(), Rubbish, True),
        (hubs.failing_hub(), HubFault, True),
        (hubs.failing_hub(403, "kiosk_blocked"), HubRefused, True),
        (hubs.silent_hub(), HubUnreachable, True),
        (hubs.deaf_hub(), HubUnreachable, False),
        (hubs.wrong_certificate_hub(), WrongCertificate, False),
        (hubs.expired_hub(), WrongCertificate, False),
        (hubs.truncating_hub(), HubUnreachable, True),
    ],
)
def test_each_fails_in_its_own_way(
    bad: AbstractContextManager[hubs.BadHub], error: type[Expected], heard: bool
) -> None:
    with bad as hub:
        with pytest.raises(error) as told:
            _ask(hub)
        assert told.type is error
        assert bool(hub.asked) is heard
    with pytest.raises(HubUnreachable):  # nothing is left listening
        _ask(hub)
