"""Revocation from the hub's command line to the signed receipt, with a real hub process and a real kiosk."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from app.cli.main import main
from app.hub.receipts import Outcome, Revoked, Wanted, receipts
from app.hub.schema import EventRow, KioskRow, LeaseRow
from app.kiosk.contact import Contact
from app.kiosk.outbox import Draft
from app.kiosk.purge import owed_for
from app.model.terms import KioskStatus
from app.wire.client import HubRefused
from app.wire.messages import EventKind
from tests.kiosk.plant import CLOCK, Hub, Kiosk, serving, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REASON = ("--reason", "a test")
MILLISECOND = timedelta(milliseconds=1)
"""Leases and receipts tell no finer."""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub of these tests alone: what they revoke is everybody's."""
    with serving(tmp_path_factory.mktemp("revoking")) as hub:
        yield hub


@pytest.fixture
def kiosk(hub: Hub, tmp_path: Path) -> Iterator[Kiosk]:
    kiosk = Kiosk(hub, tmp_path, hub.next_kiosk())
    kiosk.enrol()
    with hub.store.write() as session:
        session.get_one(KioskRow, kiosk.code).approved_by = "SUP-1"
    kiosk.start()
    wait_for("pages and journal", kiosk.settled)
    yield kiosk
    kiosk.close()


def admin(hub: Hub, *words: str) -> None:
    assert main(["admin", "--hub", str(hub.home.path), "--as", "SUP-1", *words]) == 0


def found(kiosk: Kiosk, now: datetime | None = None, *, lifted: bool = False) -> Revoked:
    """The newest revocation, as far as it concerns this kiosk."""
    with kiosk.hub.store.read() as session:
        return receipts(session, Wanted(kiosk=kiosk.code, all=lifted), now or CLOCK.now())[-1]


def outcome(kiosk: Kiosk) -> Outcome:
    (at,) = found(kiosk).holders
    return at.standing.outcome


def confirmed(kiosk: Kiosk) -> None:
    wait_for("the receipt", lambda: outcome(kiosk) is Outcome.CONFIRMED)


def lease_end(kiosk: Kiosk) -> datetime:
    with kiosk.hub.store.read() as session:
        query = select(LeaseRow.expires).where(LeaseRow.kiosk == kiosk.code)
        return session.scalars(query.order_by(LeaseRow.number.desc())).first()  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("kind", "code", "pages"),
    [("client", "C1", 12), ("station", "ST-040", 12), ("person", "W-1", 12), ("badge", "W-1", 12)],
)
def test_what_is_revoked_goes_at_the_next_contact_and_a_signed_receipt_tells_it(
    hub: Hub, kiosk: Kiosk, capsys: pytest.CaptureFixture[str], kind: str, code: str, pages: int
) -> None:
    # By the kiosk: its idea of the hub's time is behind by the way of the answer that told it.
    before, end = kiosk.state.best_time(CLOCK.moment()), lease_end(kiosk)
    admin(hub, "revoke", kind, code, *REASON)
    try:
        assert "could hold it" in capsys.readouterr().out
        wait_for("the pages to go", lambda: kiosk.cache.have() == set())
        confirmed(kiosk)
        (at,) = found(kiosk).holders
        assert (at.pages, end - at.until < MILLISECOND) == (pages, True)
        assert at.standing.keys_gone is not None
        assert at.standing.bytes_gone is not None
        assert before - MILLISECOND <= at.standing.keys_gone <= at.standing.bytes_gone <= CLOCK.now()
        admin(hub, "receipts", "--kiosk", kiosk.code)
        said = capsys.readouterr().out
        assert f"{kind.capitalize()} {code}: revoked" in said
        assert "confirmed: purged" in said
        assert all(f"{epoch}.{number}" in said for epoch, number in at.standing.events)
        admin(hub, "receipts", "--kiosk", kiosk.code, "--csv")
        assert at.standing.bytes_gone.isoformat() in capsys.readouterr().out
    finally:
        admin(hub, "restore", kind, code, *REASON)
    wait_for("the pages to return", lambda: kiosk.settled() and len(kiosk.cache.have()) == 12)


def test_a_revision_goes_and_the_receipt_names_its_pages_and_no_others(
    hub: Hub, kiosk: Kiosk, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.publish("WI-700", pages=3)
    wait_for("the revision", lambda: len(kiosk.cache.have()) == 15)
    admin(hub, "revoke", "revision", "WI-700/A", *REASON)
    confirmed(kiosk)
    (at,) = found(kiosk).holders
    assert at.pages == 3
    assert len(kiosk.cache.have()) == 12
    assert len(at.standing.events) == 1
    admin(hub, "events", "--kind", "purged", "--kiosk", kiosk.code, "--revision", "A")
    said = capsys.readouterr().out
    assert "pages purged WI-700 rev. A" in said
    assert "3 pages; keys gone" in said


def test_without_contact_the_leases_end_is_the_latest_moment_and_the_hub_knows_it(
    hub: Hub, kiosk: Kiosk, capsys: pytest.CaptureFixture[str]
) -> None:
    end = lease_end(kiosk)
    kiosk.plug.pull()
    wait_for("offline", lambda: not kiosk.online())
    admin(hub, "revoke", "client", "C1", *REASON)
    try:
        assert f"No lease of it runs after {end:%Y-%m-%d %H:%M:%S}Z." in capsys.readouterr().out
        latest = found(kiosk).latest
        assert latest is not None
        assert outcome(kiosk) is Outcome.OPEN
        assert timedelta(0) <= end - latest < MILLISECOND
        (at,) = found(kiosk, end).holders
        assert at.standing.outcome is Outcome.ENDED
        assert at.seen is not None
        kiosk.plug.push()
        confirmed(kiosk)
        assert found(kiosk).latest is None
    finally:
        admin(hub, "restore", "client", "C1", *REASON)


def test_a_revoked_kiosk_gets_nothing_and_its_journal_is_still_taken(hub: Hub, kiosk: Kiosk) -> None:
    blobs = sorted(kiosk.cache.have())
    admin(hub, "revoke", "kiosk", kiosk.code, "--lost", *REASON)
    wait_for("the lockdown", lambda: kiosk.doors.local["status"] is KioskStatus.LOST)
    confirmed(kiosk)
    kiosk.stop()
    supplies = kiosk.open()
    with supplies.client(supplies.trust) as client:
        for ask in (lambda: client.lease(0, "", 0), lambda: list(client.blobs(blobs))):
            with pytest.raises(HubRefused) as caught:
                ask()
            assert caught.value.code == "kiosk_blocked"
        kiosk.outbox.append([Draft(EventKind.VIEW_BEGIN, client="C1", person="W-1")] * 3, CLOCK.moment())
        batch = kiosk.outbox.pending(200)
        assert batch is not None
        assert client.send(batch).held == batch.events[-1].seq
    kiosk.close_files()
    admin(hub, "restore", "kiosk", kiosk.code, *REASON)
    kiosk.start()
    wait_for("the pages to return", lambda: kiosk.settled() and len(kiosk.cache.have()) == 12)


def test_a_kiosk_that_is_killed_between_keys_and_bytes_finishes_and_says_so_without_its_hub(
    hub: Hub, kiosk: Kiosk
) -> None:
    kiosk.stop()
    supplies = kiosk.open()
    kept = kiosk.state.kept()
    assert kept is not None
    kiosk.state.let_go(owed_for(kept, None, "lost"))  # and here the power goes
    kiosk.close_files()
    admin(hub, "revoke", "kiosk", kiosk.code, *REASON)
    kiosk.plug.pull()
    supplies = kiosk.open()
    assert len(kiosk.cache.have()) == 12
    contact = Contact(supplies, kiosk.doors)
    contact.close()
    assert (kiosk.cache.have(), kiosk.state.owed, kiosk.outbox.waiting()) == (set(), (), 2)
    kiosk.close_files()
    kiosk.plug.push()
    kiosk.start()
    confirmed(kiosk)
    admin(hub, "restore", "kiosk", kiosk.code, *REASON)


@pytest.mark.parametrize("pause", [0.0, 0.01, 0.04])
def test_a_kiosk_that_is_killed_while_it_purges_owes_nothing_afterwards(
    hub: Hub, kiosk: Kiosk, pause: float
) -> None:
    kiosk.stop()
    process = kiosk.start_process()
    wait_for("the process", lambda: "online" in process.said())
    admin(hub, "revoke", "client", "C1", *REASON)
    try:
        wait_for("the lease", lambda: "accepted" in process.said(), pause=0.001)
        time.sleep(pause)
        process.kill()
        kiosk.start()
        confirmed(kiosk)
        assert kiosk.cache.have() == set()
        assert kiosk.state.owed == ()
        numbers = [seq for _, seq, _ in hub.events(kiosk.code)]
        assert numbers == list(range(1, len(numbers) + 1))
    finally:
        admin(hub, "restore", "client", "C1", *REASON)


def test_receipts_that_were_written_twice_over_a_power_cut_count_once(hub: Hub, kiosk: Kiosk) -> None:
    kiosk.stop()
    supplies = kiosk.open()
    kiosk.state.let_go(owed_for(kiosk.state.kept(), None, "lost"))
    owed = kiosk.state.owed
    Contact(supplies, kiosk.doors).close()
    with kiosk.state._db.write():
        kiosk.state._owe(owed[0])  # it was never crossed out
    Contact(supplies, kiosk.doors).close()
    assert kiosk.outbox.waiting() == 4
    kiosk.close_files()
    admin(hub, "revoke", "kiosk", kiosk.code, *REASON)
    kiosk.start()
    confirmed(kiosk)
    admin(hub, "restore", "kiosk", kiosk.code, *REASON)


def test_a_receipt_that_the_device_did_not_sign_proves_nothing(hub: Hub, kiosk: Kiosk) -> None:
    admin(hub, "revoke", "kiosk", kiosk.code, *REASON)
    confirmed(kiosk)
    mine = (EventRow.kiosk == kiosk.code, EventRow.kind == EventKind.PURGED.value)
    with hub.store.write() as session:
        rows = session.scalars(select(EventRow).where(*mine)).all()
        kept = {row.id: (row.data, row.signature) for row in rows}
        session.execute(update(EventRow).where(*mine).values(signature=bytes(64)))
    assert outcome(kiosk) is Outcome.OPEN
    with hub.store.write() as session:
        for row in session.scalars(select(EventRow).where(*mine)):
            row.signature, row.data = kept[row.id][1], kept[row.id][0].replace(b"lost", b"held") + b" "
    assert outcome(kiosk) is Outcome.OPEN
    with hub.store.write() as session:
        for row in session.scalars(select(EventRow).where(*mine)):
            row.data = kept[row.id][0]
    assert outcome(kiosk) is Outcome.CONFIRMED
    admin(hub, "restore", "kiosk", kiosk.code, *REASON)


def test_what_is_restored_before_the_kiosk_heard_of_it_is_said_so(hub: Hub, kiosk: Kiosk) -> None:
    kiosk.plug.pull()
    wait_for("offline", lambda: not kiosk.online())
    admin(hub, "revoke", "station", "ST-040", *REASON)
    admin(hub, "restore", "station", "ST-040", *REASON)
    (at,) = found(kiosk, lifted=True).holders
    assert at.standing.outcome is Outcome.LIFTED
    kiosk.plug.push()
    wait_for("online", kiosk.online)
    assert len(kiosk.cache.have()) == 12
