"""What a kiosk says, and keeps, when what answers is not its hub, or not well."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.kiosk.outbox import Draft
from app.kiosk.sync import Sync
from app.wire.messages import EventKind
from tests.fakes import hubs
from tests.kiosk.plant import CLOCK, FAST, Hub, Kiosk, threads, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path


@pytest.fixture(scope="module")
def kiosk(hub: Hub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiosk]:
    """A kiosk that has everything, and three events that its hub does not have."""
    kiosk = Kiosk(hub, tmp_path_factory.mktemp("kiosk"), hub.next_kiosk())
    kiosk.enrol()
    kiosk.start()
    wait_for("pages", kiosk.settled)
    kiosk.stop()
    supplies = kiosk.open()
    supplies.outbox.append([Draft(EventKind.VIEW_BEGIN)] * 3, CLOCK.moment())
    kiosk.close_files()
    yield kiosk
    kiosk.close()


BAD = [
    (hubs.wrong_certificate_hub, "certificate that is not this plant's hub's"),
    (hubs.expired_hub, "certificate is not valid now"),
    (hubs.rubbish_hub, "not a hub that this kiosk understands"),
    (hubs.garbage_hub, "not a hub that this kiosk understands"),
    (hubs.failing_hub, "has a fault"),
    (hubs.silent_hub, "does not answer"),
    (hubs.deaf_hub, "does not answer"),
    (hubs.truncating_hub, "does not answer"),
]


@pytest.mark.parametrize(("make", "says"), BAD, ids=[make.__name__ for make, _ in BAD])
def test_the_person_reads_what_is_wrong_and_nothing_is_lost(
    kiosk: Kiosk, make: Callable[[], AbstractContextManager[hubs.BadHub]], says: str, tmp_path: Path
) -> None:
    supplies = kiosk.open()
    holding, pages = supplies.state.manifest, supplies.cache.have()
    assert len(pages) >= 12
    with make() as bad:
        sync = Sync(
            kiosk.doors,
            replace(
                supplies,
                keys=replace(supplies.keys, hub=bad.address),
                trust=supplies.trust.model_copy(update={"ca": bad.ca_pem}),
                timeout=0.3,
            ),
            timing=FAST,
        )
        kiosk.doors.status.clear()
        sync.start()
        wait_for("the sentence", lambda: says in kiosk.doors.status.get("trouble", ""))
        assert kiosk.doors.status["online"] is False
        assert kiosk.doors.status["offline_since"] is not None
        sync.stop()
    assert supplies.cache.have() == pages
    assert supplies.outbox.waiting() == 3
    assert supplies.state.manifest == holding
    kiosk.close_files()


def test_a_silent_hub_does_not_hold_the_kiosk_when_it_closes(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.kiosk.sync._PATIENCE", 0.2)
    supplies = kiosk.open()
    with hubs.silent_hub() as bad:
        keys = replace(supplies.keys, hub=bad.address)
        trust = supplies.trust.model_copy(update={"ca": bad.ca_pem})
        sync = Sync(kiosk.doors, replace(supplies, keys=keys, trust=trust, timeout=30), timing=FAST)
        sync.start()
        wait_for("the question", lambda: bool(bad.asked))
        begun = time.monotonic()
        sync.stop()
        assert time.monotonic() - begun < 2
    wait_for("the thread's end", lambda: "sync" not in threads())
    kiosk.close_files()


def test_then_the_hub_is_back_and_has_everything(kiosk: Kiosk) -> None:
    kiosk.start()
    wait_for("delivery", kiosk.settled)
    assert [kind for _, _, kind in kiosk.hub.events(kiosk.code)] == ["lease.accepted"] + ["view.begin"] * 3
