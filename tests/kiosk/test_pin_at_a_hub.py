"""A PIN from the code at the desk to the page on the screen: real hub process, real sync, real engine."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from app.hub.acting import Acting, actor
from app.hub.badges import issue, office
from app.hub.pins import new_code
from app.hub.schema import RevisionRow
from app.hub.settings import set_setting
from app.kiosk.engine import Engine, Parts
from app.kiosk.session import DEBOUNCE_MS
from app.kiosk.supplies import ask_grant, hand_in
from app.kiosk.sync import Sync
from app.kiosk.view import Framing, Screen, Stage
from app.pages.renderer import Renderer
from tests.kiosk.plant import CLOCK, FAST, Hub, Kiosk, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.kiosk.supplies import Supplies

BADGE, PIN = "0417265500", "408215"


@pytest.fixture
def pinned_hub(tmp_path: Path) -> Iterator[Hub]:
    """A hub where PINs are used; W-1 has a real badge, the station a standard and an internal document."""
    hub = Hub(tmp_path)
    hub.publish("WI-100", pages=2)
    hub.publish("WI-200", pages=2)
    with hub.store.write() as session:
        session.execute(
            update(RevisionRow).where(RevisionRow.document == "WI-200").values(classification="standard")
        )
        acting = Acting(session, actor(session, "SUP-1"), CLOCK.now())
        set_setting(acting, "pin_used", "yes")
        issue(acting, office(hub.home.keys, hub.home.site_salt), person="W-1", badge=BADGE)
    hub.serve()
    yield hub
    hub.close()


def parts(kiosk: Kiosk, supplies: Supplies) -> Parts:
    return Parts(
        kiosk=kiosk.code,
        station=supplies.keys.station,
        clock=CLOCK,
        journal=supplies.outbox,
        renderer=Renderer(),
        blobs=supplies.cache,
        make_sync=lambda engine: Sync(engine, supplies, timing=replace(FAST, lease=3600)),
        holding=None,
        local=lambda: supplies.state.local(CLOCK.moment()),
        tries=supplies.state,
        done=supplies.state.done,
        grants=supplies.state,
        hand_in=lambda request: hand_in(supplies, request),
        ask_grant=lambda signed: ask_grant(supplies, signed),
        close=lambda: None,
    )


def test_a_pin_set_at_the_kiosk_opens_standard_pages_at_once(pinned_hub: Hub, tmp_path: Path) -> None:
    kiosk = Kiosk(pinned_hub, tmp_path, "K-1")
    kiosk.enrol()
    supplies = kiosk.open()
    made = parts(kiosk, supplies)
    engine = Engine(lambda: made)
    screens: list[Screen] = []
    engine.listen(screens.append, lambda painting: painting.pixels.release())
    engine.frame(Framing(800, 600))

    def until(what: str, seen: object) -> Screen:
        wait_for(what, lambda: bool(screens) and seen(screens[-1]), 20)  # type: ignore[operator]
        return screens[-1]

    try:
        until("the offer", lambda s: s.offers == "set_pin" and s.status.online)
        engine.tap(BADGE)
        alone = until("the badge alone", lambda s: s.session is not None).session
        assert alone is not None
        assert {leaf.document for leaf in alone.leaves} == {"WI-100"}
        assert any("Set PIN" in words for words in alone.withheld)
        engine.lock()
        until("the lock", lambda s: s.offers == "set_pin")
        with pinned_hub.store.write() as session:
            acting = Acting(session, actor(session, "SUP-1"), CLOCK.now())
            code, _ = new_code(acting, pinned_hub.home.keys.badge, "W-1")
        engine.set_pin()
        until("the badge to tap", lambda s: s.offers == "cancel")
        engine.tap(BADGE)
        for digits, asks in ((code, "code"), (PIN, "Choose"), (PIN, "once more")):
            until(asks, lambda s, asks=asks: s.pin is not None and asks in s.pin.asks)
            engine.enter_pin(digits)
        until("the PIN", lambda s: s.notice is not None and s.notice.code == "pin_set")
        wait_for("the new lease", lambda: made.current.holding and made.current.holding.lease.number >= 2)
        time.sleep(DEBOUNCE_MS / 1000)  # sooner it is the same tap
        engine.tap(BADGE)
        until("the keypad", lambda s: s.stage is Stage.PIN)
        engine.enter_pin(PIN)
        both = until("badge and PIN", lambda s: s.session is not None).session
        assert both is not None
        assert {leaf.document for leaf in both.leaves} == {"WI-100", "WI-200"}
        assert not any("Set PIN" in words for words in both.withheld)
        wait_for("the journal", lambda: "pin.set" in pinned_hub.kinds())
    finally:
        engine.close()
        kiosk.close_files()
        kiosk.plug.close()
