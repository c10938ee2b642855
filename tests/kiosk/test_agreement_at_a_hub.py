"""An agreement from the client's PDF to the signature that counts: real hub, sync, engine and renderer."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pymupdf
import pytest
from sqlalchemy import delete, select

from app.hub.acting import Acting, actor
from app.hub.agreement_pages import seal_text
from app.hub.agreements import set_agreement, withdraw
from app.hub.schema import Badge
from app.hub.schema_agreements import Agreement
from app.hub.settings import set_setting
from app.kiosk.engine import Engine, Parts
from app.kiosk.session import DEBOUNCE_MS
from app.kiosk.supplies import ask_grant, hand_in, identity
from app.kiosk.sync import Sync
from app.kiosk.view import Framing, Screen, Stage
from app.model.terms import CredentialKind
from app.pages.renderer import Renderer
from app.seal.encoding import sha256
from app.seal.slot import OperatorKey, make_slot
from app.wire.agreement import MEANING, AgreementSignature
from tests.kiosk.plant import CLOCK, FAST, Hub, Kiosk, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BADGE, PIN = "0417265500", "408215"


def two_pages(path: Path) -> bytes:
    """The client's agreement as a PDF."""
    with pymupdf.open() as document:
        for text in ("You keep it to yourself.", "You keep it after you have left."):
            document.new_page().insert_text((72, 120), text, fontsize=20)
        data = bytes(document.tobytes(no_new_id=True))
    path.write_bytes(data)
    return data


@pytest.fixture
def signing_hub(tmp_path: Path) -> Iterator[Hub]:
    """Version 2 of C1's agreement is in force; W-1, with badge and PIN, has signed version 1."""
    hub = Hub(tmp_path)
    hub.publish("WI-100", pages=2)
    two_pages(tmp_path / "nda.pdf")
    _, pages = seal_text(tmp_path / "nda.pdf", "C1", "2", hub.home.keys.wrap)
    keys = OperatorKey.generate()
    slot = make_slot(BADGE, PIN, hub.home.site_salt, keys)
    with hub.store.write() as session:
        acting = Acting(session, actor(session, "SUP-1"), CLOCK.now())
        set_setting(acting, "pin_used", "yes")
        set_agreement(
            acting, client="C1", version="2", title="NDA 2026", file_name="nda.pdf",
            text=(tmp_path / "nda.pdf").read_bytes(), pages=pages, valid_days=365,
        )  # fmt: skip
        session.execute(delete(Badge).where(Badge.person == "W-1"))
        session.add(
            Badge(
                person="W-1", hmac=sha256(b"W-1"), tail="5500", issued=CLOCK.now(),
                kind=CredentialKind.UID_PIN.value, slot_tag=slot.tag, slot_salt=slot.salt, slot_box=slot.box,
                seal_public=slot.seal_public, sign_public=slot.sign_public,
            )
        )  # fmt: skip
    hub.serve()
    yield hub
    hub.close()


class Worker:
    """Somebody at the kiosk: taps, enters, and looks at the screen."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.screens = engine, list[Screen]()
        engine.listen(self.screens.append, lambda painting: painting.pixels.release())
        engine.frame(Framing(800, 600))

    def sees(self, what: str, seen: Callable[[Screen], object]) -> Screen:
        wait_for(what, lambda: bool(self.screens) and bool(seen(self.screens[-1])), 60)
        return self.screens[-1]

    def badge_and_pin(self, asks: str = "Enter your PIN") -> None:
        time.sleep(DEBOUNCE_MS / 1000)  # sooner it is the same tap
        self.engine.tap(BADGE)
        self.sees(asks, lambda s: s.pin is not None and s.pin.asks == asks)
        self.engine.enter_pin(PIN)

    def reads_all(self) -> None:
        for number in (1, 2):
            self.engine.turn_to(number - 1)
            self.sees(f"page {number}", lambda s, n=number: s.session and s.session.paper.read >= n)


@contextmanager
def at_work(kiosk: Kiosk) -> Iterator[tuple[Worker, Parts]]:
    supplies = kiosk.open()
    parts = Parts(
        kiosk=kiosk.code,
        station=supplies.keys.station,
        clock=CLOCK,
        journal=supplies.outbox,
        renderer=Renderer(),
        blobs=supplies.cache,
        make_sync=lambda engine: Sync(engine, supplies, timing=replace(FAST, lease=1)),
        holding=supplies.state.holding(identity(supplies.keys, supplies.trust)),
        local=lambda: supplies.state.local(CLOCK.moment()),
        tries=supplies.state,
        hand_in=lambda request: hand_in(supplies, request),
        ask_grant=lambda request: ask_grant(supplies, request),
        close=lambda: None,
        done=supplies.state.done,
        grants=supplies.state,
        signatures=supplies.state,
    )
    engine = Engine(lambda: parts)
    try:
        yield Worker(engine), parts
    finally:
        engine.close()
        kiosk.close_files()


def test_an_agreement_is_read_and_signed_without_the_hub_and_counts_there_afterwards(
    signing_hub: Hub, tmp_path: Path
) -> None:
    kiosk = Kiosk(signing_hub, tmp_path, "K-1")
    kiosk.enrol()
    with at_work(kiosk) as (worker, parts):
        worker.sees(
            "all pages", lambda s: s.status.online and s.status.to_pull == 0 and parts.current.holding
        )
        wait_for("two pages and two of the text", lambda: len(kiosk.cache.have()) == 4, 30)
        kiosk.plug.pull()
        worker.sees("no hub", lambda s: not s.status.online)
        worker.badge_and_pin()
        paper = worker.sees("the agreement", lambda s: s.session and s.session.paper).session.paper
        assert (paper.client, paper.title, paper.version, paper.of) == ("Client One", "NDA 2026", "2", 2)
        worker.sees("its first page", lambda s: s.session and s.session.paper.read == 1)
        time.sleep(DEBOUNCE_MS / 1000)
        worker.engine.tap(BADGE)
        worker.sees("read it first", lambda s: s.notice and s.notice.code == "agreement_unread")
        worker.engine.cancel()  # not now: and there is nothing else to read
        told = worker.sees("why", lambda s: s.stage is Stage.BADGE and s.notice).notice
        assert "new version that you have not signed" in told.says
        assert told.do == "Tap your badge again to read and sign it."
        worker.badge_and_pin()
        worker.reads_all()
        worker.badge_and_pin("Enter your PIN to sign")
        leaves = worker.sees("the pages", lambda s: s.session and s.session.paper is None).session.leaves
        assert {leaf.document for leaf in leaves} == {"WI-100"}

    with at_work(kiosk) as (worker, _):  # still without the hub, after a restart: it is signed
        worker.badge_and_pin()
        worker.sees("the pages at once", lambda s: s.session and s.session.paper is None)
        assert len(kiosk.state.signatures) == 1
        kiosk.plug.push()
        wait_for("the hub's word", lambda: kiosk.state.signatures == {}, 60)
        worker.sees("the pages by the lease", lambda s: s.session and s.session.paper is None)

        with signing_hub.store.write() as session:
            row = session.get_one(Agreement, ("W-1", "C1", "2"))
            assert (row.name, row.kiosk, row.by, row.meaning) == ("Grace Hopper", "K-1", "W-1", MEANING)
            assert row.sha256 == sha256((tmp_path / "nda.pdf").read_bytes())
            assert row.until is not None
            assert (row.until - row.signed).days == 365
            keys = session.scalars(select(Badge.sign_public).where(Badge.person == "W-1")).all()
            assert AgreementSignature.opened(row.envelope.encode(), keys).person == "W-1"
            withdraw(Acting(session, actor(session, "SUP-1"), CLOCK.now()), person="W-1", client="C1")
        told = worker.sees("its end", lambda s: s.session is None and s.notice).notice
        assert "was withdrawn" in told.says
    kinds = signing_hub.kinds()
    assert kinds.count("agreement.signed") == 1
    assert kinds.count("agreement.shown") >= 3
    kiosk.plug.close()
