"""Kiosk and hub, both real, with a plug between them that can be pulled."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from app.hub.schema import EventRow, KioskRow, PageRow
from app.kiosk import bound, log_watch, log_witness
from app.kiosk.lease_check import Mark
from app.kiosk.outbox import Draft
from app.kiosk.sync import Sync, Timing
from app.model.errors import Refused
from app.model.terms import KioskStatus
from app.wire.client import HubUnreachable
from app.wire.messages import Event, EventKind
from tests.kiosk.plant import CLOCK, Hub, Kiosk, serving, threads, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.model.errors import Expected

FAR = 2**40
"""A lease number so high that no hub lifts its own above it."""

FULL = {"online": True, "offline_since": None, "trouble": ""}


@pytest.fixture
def kiosk(hub: Hub, tmp_path: Path) -> Iterator[Kiosk]:
    kiosk = Kiosk(hub, tmp_path, hub.next_kiosk())
    kiosk.enrol()
    yield kiosk
    kiosk.close()
    assert not [name for name in threads() if name.startswith(("sync", "pull"))]


@pytest.fixture
def own_hub(tmp_path: Path) -> Iterator[Hub]:
    """One that may be harmed: it looks whether its events are those of its logs, and tells every kiosk."""
    with serving(tmp_path / "plant") as hub:
        yield hub


def look(kiosk: Kiosk, count: int = 1) -> None:
    drafts = [Draft(EventKind.VIEW_BEGIN, client="C1", person="W-1")] * count
    kiosk.outbox.append(drafts, CLOCK.moment())
    if kiosk.sync is not None:
        kiosk.sync.poke()


def running(kiosk: Kiosk) -> Kiosk:
    kiosk.start()
    wait_for("pages and journal", kiosk.settled)
    return kiosk


def delivered(kiosk: Kiosk) -> bool:
    return kiosk.outbox.waiting() == 0


def numbers(kiosk: Kiosk) -> list[int]:
    return [seq for _, seq, _ in kiosk.hub.events(kiosk.code)]


def kinds(kiosk: Kiosk) -> list[str]:
    return [kind for _, _, kind in kiosk.hub.events(kiosk.code)]


def receipts(kiosk: Kiosk) -> list[Event]:
    """The purge receipts that the hub holds of this kiosk, in order."""
    with kiosk.hub.store.read() as session:
        query = select(EventRow.data).where(EventRow.kiosk == kiosk.code, EventRow.kind == "purged")
        return [Event.read(data) for data in session.scalars(query.order_by(EventRow.seq))]


def pages_of(hub: Hub, blobs: set[str]) -> set[str]:
    with hub.store.read() as session:
        return set(session.scalars(select(PageRow.page).where(PageRow.blob.in_(blobs))))


def trouble(kiosk: Kiosk) -> str:
    return str(kiosk.doors.status.get("trouble", ""))


# -- the good days ------------------------------------------------------------------------------------------


def test_a_kiosk_pulls_its_pages_and_delivers_what_happened(kiosk: Kiosk) -> None:
    running(kiosk)
    wanted = {page.blob for page in kiosk.doors.holdings[-1].manifest.pages}
    assert len(wanted) == 12
    assert kiosk.cache.have() == wanted
    wait_for("no trouble", lambda: kiosk.doors.status == FULL)
    facts = {
        "status": KioskStatus.ACTIVE, "clock_trusted": True, "set_back": False, "own_grants": (),
        "signed": frozenset(), "read": frozenset(),
    }  # fmt: skip
    wait_for("the facts", lambda: kiosk.doors.local == facts)
    look(kiosk, 3)
    wait_for("delivery", lambda: delivered(kiosk))
    assert kinds(kiosk) == ["lease.accepted"] + ["view.begin"] * 3


def test_a_restarted_kiosk_takes_no_lease_twice_and_fetches_nothing_twice(kiosk: Kiosk) -> None:
    running(kiosk)
    kiosk.stop()
    kiosk.doors.holdings.clear()
    kiosk.doors.local.clear()
    running(kiosk)
    (same,) = kiosk.doors.holdings  # the lease that it had, now with the hub's share
    assert (same.lease.number, len(same.share)) == (1, 32)
    assert kinds(kiosk) == ["lease.accepted"]


def test_what_the_new_lease_does_not_list_is_dropped_and_said(hub: Hub, kiosk: Kiosk) -> None:
    gone = set(hub.publish("WI-200", pages=4))
    running(kiosk)
    assert gone <= kiosk.cache.have()
    hub.recall("WI-200")
    wait_for("the pages to go", lambda: not gone & kiosk.cache.have())
    wait_for("the record", lambda: "purged" in kinds(kiosk))
    assert kiosk.doors.pulled == (12, 12)
    assert kinds(kiosk) == ["lease.accepted", "lease.accepted", "purged"]
    (receipt,) = receipts(kiosk)
    assert (receipt.client, receipt.revision, receipt.lease) == ("C1", "WI-200/A", 2)
    body = receipt.body
    assert (body["why"], body["before"], body["after"], body["all"]) == ("lease", 1, 2, False)
    assert set(body["pages"]) == pages_of(hub, gone)
    assert body["keys_gone"] <= body["bytes_gone"]
    raw = b"".join(file.read_bytes() for file in kiosk.places.home.glob("state.db*"))
    assert b"WI-200" not in raw


def test_a_page_whose_bytes_do_not_hold_is_fetched_again(kiosk: Kiosk) -> None:
    running(kiosk)
    blob = min(kiosk.cache.have())
    kiosk.cache.drop_except(kiosk.cache.have() - {blob})
    assert kiosk.sync is not None
    kiosk.sync.refetch(blob)
    wait_for("the page", lambda: blob in kiosk.cache.have())


# -- the network --------------------------------------------------------------------------------------------


def test_the_plug_is_pulled_and_everything_happens_once(kiosk: Kiosk) -> None:
    running(kiosk)
    kiosk.plug.pull()
    look(kiosk)
    wait_for("offline", lambda: not kiosk.online())
    assert "does not answer" in trouble(kiosk)
    assert kiosk.doors.status["offline_since"] is not None
    look(kiosk, 450)
    kiosk.plug.push()
    assert wait_for("online", kiosk.online, 5) < 3
    wait_for("delivery", lambda: delivered(kiosk))
    assert numbers(kiosk) == list(range(1, 453))
    wait_for("no trouble", lambda: kiosk.doors.status == FULL)


def test_the_network_is_back_on_the_screen_within_three_seconds_however_long_the_wait(kiosk: Kiosk) -> None:
    slow = Timing(lease=0.3, first=20.0)
    kiosk.begin(kiosk.open(), slow)
    wait_for("pages and journal", kiosk.settled)
    kiosk.plug.pull()
    wait_for("offline", lambda: not kiosk.online())
    time.sleep(1)
    kiosk.plug.push()
    assert wait_for("online", kiosk.online, 9) < 3


@given(st.integers(1, 10**6), st.floats(0, 1))
def test_kiosks_do_not_come_back_together_nor_later_than_a_minute(failures: int, chance: float) -> None:
    wait = Timing().back_off(failures, chance)
    assert 0.5 <= wait <= 60
    assert wait <= max(0.5, 2.0 ** min(failures - 1, 16) * chance)


def test_a_hub_that_answers_and_cannot_follow_is_looked_at_ever_more_rarely(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand kiosks that start together would keep it busy with handshakes alone."""
    looks: list[bool] = []

    def opens(_sync: Sync) -> bool:
        looks.append(True)
        return True

    monkeypatch.setattr(Sync, "_knock", opens)
    timing = Timing(first=1.0, cap=1.0, knock=0.02)
    sync = Sync(kiosk.doors, kiosk.open(), timing=timing, chance=lambda: 1.0)
    sync._failed(HubUnreachable())
    assert len(looks) == 1  # its door opened: the contact is tried at once
    sync._failed(HubUnreachable())
    assert 1 < len(looks) < 12  # not fifty times


def test_the_plug_is_pulled_again_and_again_during_delivery(kiosk: Kiosk) -> None:
    running(kiosk)
    for _ in range(4):
        look(kiosk, 150)
        time.sleep(0.03)
        kiosk.plug.pull()
        look(kiosk, 50)
        kiosk.plug.push()
    wait_for("delivery", lambda: delivered(kiosk))
    assert numbers(kiosk) == list(range(1, 802))


def test_the_hub_dies_in_the_middle_of_a_delivery_and_comes_back(hub: Hub, kiosk: Kiosk) -> None:
    running(kiosk)
    kiosk.outbox.append([Draft(EventKind.VIEW_BEGIN)] * 1000, CLOCK.moment())
    look(kiosk)
    wait_for("some of it", lambda: kiosk.outbox.waiting() < 1000)
    hub.kill()
    look(kiosk, 20)
    wait_for("offline", lambda: not kiosk.online())
    hub.serve()
    wait_for("online", kiosk.online)
    wait_for("delivery", lambda: delivered(kiosk))
    assert numbers(kiosk) == list(range(1, 1023))


def test_a_pull_that_breaks_off_goes_on_where_it_was(hub: Hub, kiosk: Kiosk) -> None:
    hub.publish("WI-300", pages=220, size=40_000)
    try:
        kiosk.doors.at_page[100] = kiosk.plug.pull
        kiosk.start()
        wait_for("offline", lambda: not kiosk.doors.at_page and not kiosk.online())
        came = kiosk.cache.have()
        assert len(came) < 232
        kiosk.plug.push()
        wait_for("all pages", lambda: kiosk.doors.pulled == (232, 232))
        assert came <= kiosk.cache.have()
        assert kinds(kiosk)[0] == "lease.accepted"
    finally:
        hub.recall("WI-300")


def test_a_sync_that_is_killed_in_the_middle_of_a_pull_leaves_whole_files(hub: Hub, kiosk: Kiosk) -> None:
    hub.publish("WI-400", pages=250, size=60_000)
    try:
        process = kiosk.start_process(dies_at=100)
        wait_for("its end", lambda: not process.running)
        for line in ("stands as active", "online", "accepted", "confirmed 1"):
            assert line in process.said()
        assert "pulled 262/262" not in process.said()
        came = kiosk.count_pages()
        assert 100 <= came < 262
        kiosk.start()
        wait_for("all pages", lambda: kiosk.doors.pulled == (262, 262))
        assert kinds(kiosk) == ["lease.accepted"]
        assert numbers(kiosk) == [1]
    finally:
        hub.recall("WI-400")


# -- what the hub says --------------------------------------------------------------------------------------


def test_a_kiosk_that_waits_for_its_confirmation_says_so_and_begins_when_it_has_it(
    hub: Hub, kiosk: Kiosk
) -> None:
    hub.set_status(KioskStatus.PENDING, kiosk.code)
    kiosk.start()
    wait_for("the sentence", lambda: "second administrator" in trouble(kiosk))
    assert kiosk.doors.local["status"] is KioskStatus.PENDING
    hub.set_status(KioskStatus.ACTIVE, kiosk.code)
    wait_for("pages", kiosk.settled)
    wait_for("no trouble", lambda: kiosk.doors.status == FULL)


def test_a_kiosk_that_is_locked_down_gives_everything_up_but_its_journal(hub: Hub, kiosk: Kiosk) -> None:
    running(kiosk)
    hub.set_status(KioskStatus.LOCKED_DOWN, kiosk.code)
    wait_for("the lockdown", lambda: kiosk.doors.local["status"] is KioskStatus.LOCKED_DOWN)
    wait_for("the pages to go", lambda: kiosk.cache.have() == set())
    assert kiosk.state.manifest == ""
    assert kiosk.doors.holdings[-1] is None
    wait_for("the record", lambda: "purged" in kinds(kiosk))
    look(kiosk)
    wait_for("delivery", lambda: delivered(kiosk))
    assert kinds(kiosk) == ["lease.accepted", *["purged"] * 2, "view.begin"]
    slots, pages = receipts(kiosk)
    assert [slot["person"] for slot in slots.body["slots"]] == ["W-1"]
    assert len(pages.body["pages"]) == 12
    assert {receipt.body["why"] for receipt in (slots, pages)} == {"locked_down"}
    assert {receipt.body["all"] for receipt in (slots, pages)} == {True}
    assert slots.body["purge"] == pages.body["purge"]
    wait_for("the sentence", lambda: "locked down" in trouble(kiosk))
    hub.set_status(KioskStatus.ACTIVE, kiosk.code)
    wait_for("pages", lambda: kiosk.settled() and len(kiosk.cache.have()) == 12)
    assert kiosk.doors.local["status"] is KioskStatus.ACTIVE
    wait_for("no trouble", lambda: kiosk.doors.status == FULL)


def test_a_lockdown_outlives_a_restart_without_the_hub(hub: Hub, kiosk: Kiosk) -> None:
    running(kiosk)
    hub.set_status(KioskStatus.LOST, kiosk.code)
    wait_for("the lockdown", lambda: kiosk.doors.local["status"] is KioskStatus.LOST)
    kiosk.stop()
    kiosk.plug.pull()
    kiosk.open()
    assert kiosk.state.local(CLOCK.moment())["status"] is KioskStatus.LOST
    kiosk.close_files()


def test_an_older_lease_is_refused_told_and_recorded_once(kiosk: Kiosk) -> None:
    running(kiosk)
    kiosk.stop()
    kiosk.open()
    with bound.writing(kiosk.state._db, "item", "lease"):
        kiosk.state._put("mark", f"{FAR} " + "f" * 64)
        kiosk.state._put("envelope", None)
        kiosk.state._put("manifest", None)
    assert kiosk.state.mark == Mark(FAR, "f" * 64)
    kiosk.close_files()
    kiosk.start()
    wait_for("the sentence", lambda: "older lease" in trouble(kiosk))
    assert kiosk.online()
    time.sleep(1)
    look(kiosk)
    wait_for("delivery", lambda: delivered(kiosk))
    assert kinds(kiosk).count("lease.refused") == 1


# -- the journal in dispute ---------------------------------------------------------------------------------


def test_an_old_copy_of_the_journal_is_a_fork_and_nothing_is_deleted(kiosk: Kiosk) -> None:
    running(kiosk)
    kiosk.stop()
    shutil.copy(kiosk.places.outbox, kiosk.places.home / "copy")
    kiosk.open()
    look(kiosk, 2)
    kiosk.close_files()
    running(kiosk)
    kiosk.stop()
    shutil.copy(kiosk.places.home / "copy", kiosk.places.outbox)
    kiosk.open()
    look(kiosk, 3)
    kiosk.close_files()
    kiosk.start()
    wait_for("the sentence", lambda: "another record" in trouble(kiosk))
    wait_for("the block", lambda: kiosk.doors.local["status"] is KioskStatus.FORKED)
    assert kiosk.outbox.waiting() >= 3
    assert "fork" in kiosk.hub.alarms()
    assert kiosk.state.delivery_stopped == "fork"


def test_a_hub_that_lost_records_is_told_as_a_hole(own_hub: Hub, tmp_path: Path) -> None:
    kiosk = Kiosk(own_hub, tmp_path, own_hub.next_kiosk())
    kiosk.enrol()
    running(kiosk)
    look(kiosk, 5)
    wait_for("delivery", lambda: delivered(kiosk))
    with own_hub.store.write() as session:
        mine = EventRow.kiosk == kiosk.code
        session.execute(delete(EventRow).where(mine, EventRow.seq > 3))
        kept = session.query(EventRow.hash).where(mine, EventRow.seq == 3).scalar()
        session.execute(update(KioskRow).where(KioskRow.code == kiosk.code).values(held=3, held_hash=kept))
    look(kiosk)
    wait_for("the sentence", lambda: "misses earlier records" in trouble(kiosk))
    assert kiosk.online()
    time.sleep(0.7)
    assert kiosk.outbox.waiting() == 2  # the look, and the incident, once
    assert len(kiosk.cache.have()) == 12
    kiosk.close()


# -- this side ----------------------------------------------------------------------------------------------


def test_a_lost_lease_store_comes_back_from_the_hub(kiosk: Kiosk) -> None:
    running(kiosk)
    kiosk.stop()
    kiosk.places.state.unlink()
    running(kiosk)
    assert len(kiosk.doors.holdings) == 2
    wait_for("no trouble", lambda: kiosk.doors.status == FULL)


def test_a_full_disk_is_told_and_the_pull_goes_on_when_there_is_room(kiosk: Kiosk) -> None:
    supplies = kiosk.open()
    supplies.cache._reserve = 10**18
    kiosk.begin(supplies)
    wait_for("the sentence", lambda: "disk is full" in trouble(kiosk))
    assert kiosk.online()
    look(kiosk)
    wait_for("delivery", lambda: delivered(kiosk))
    supplies.cache._reserve = 0
    wait_for("the pages", kiosk.settled)
    wait_for("no trouble", lambda: kiosk.doors.status == FULL)


def test_a_clock_that_is_off_is_told_and_the_journal_still_goes(kiosk: Kiosk) -> None:
    kiosk.clock.hours = -3
    kiosk.start()
    wait_for("the sentence", lambda: "3 hours behind" in trouble(kiosk))
    assert kiosk.doors.local["clock_trusted"] is True  # the hub's time is known, until the machine restarts
    look(kiosk)
    wait_for("delivery", lambda: delivered(kiosk))
    wait_for("pages", lambda: kiosk.doors.pulled == (12, 12))
    kiosk.clock.hours = 0
    wait_for("no trouble", lambda: kiosk.doors.status == FULL)
    assert [round(seconds / 60) for seconds in clock_incidents(kiosk)] == [-180]  # once, not at each contact
    kiosk.plug.pull()
    wait_for("offline", lambda: kiosk.doors.status["online"] is False)
    kiosk.clock.hours = 2
    wait_for("its record, without the hub", lambda: kiosk.outbox.waiting() == 1)
    kiosk.plug.push()
    wait_for("delivery", lambda: delivered(kiosk) and kiosk.online())
    assert [round(seconds / 60) for seconds in clock_incidents(kiosk)] == [-180, 120]


def clock_incidents(kiosk: Kiosk) -> list[int]:
    """The seconds by which the clock was off, of each such incident that the hub holds."""
    with kiosk.hub.store.read() as session:
        query = select(EventRow.data).where(EventRow.kiosk == kiosk.code, EventRow.kind == "incident")
        bodies = [Event.read(data).body for data in session.scalars(query.order_by(EventRow.seq))]
    return [body["seconds"] for body in bodies if body["what"] == "clock"]


# -- last, because the hub has other keys afterwards --------------------------------------------------------


def trust_version(kiosk: Kiosk) -> int:
    trust = kiosk.state.trust(kiosk.hub.home.root_fingerprint)
    return 0 if trust is None else trust.version


def test_a_log_that_was_not_shown_once_is_asked_for_again_soon(
    hub: Hub, kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reads that the hub hides its log does not read it for ten minutes after a passing trouble."""
    running(kiosk)
    real, asked = log_witness.watch, list[int]()

    def watch(hub: log_watch.Shows, site_log: log_watch.Watch) -> Expected | None:
        asked.append(site_log.seen())
        if len(asked) > 1:
            return real(hub, site_log)
        return log_watch.not_shown(Refused("Not now.", code="counter_behind"), seen=True)

    monkeypatch.setattr(log_witness, "watch", watch)
    kiosk.plug.pull()
    wait_for("offline", lambda: not kiosk.online())
    kiosk.plug.push()
    wait_for("no trouble", lambda: len(asked) > 1 and kiosk.doors.status == FULL)
    assert any("does not show its log" in said.get("trouble", "") for said in kiosk.doors.said)


def test_a_hub_with_new_keys_and_certificates_is_believed_because_its_root_says_so(
    hub: Hub, kiosk: Kiosk
) -> None:
    running(kiosk)
    hub.kill()
    hub.change_keys(certificates=False)
    hub.serve()
    hub.publish("WI-900", pages=2)
    wait_for("pages", lambda: kiosk.settled() and kiosk.doors.pulled == (14, 14))
    assert trust_version(kiosk) == 2
    assert "trust.accepted" in kinds(kiosk)
    assert "lease.refused" not in kinds(kiosk)
    hub.kill()
    hub.change_keys(certificates=True)
    hub.serve()
    wait_for("the new certificate", lambda: trust_version(kiosk) == 3)
    look(kiosk)
    wait_for(
        "delivery",
        lambda: delivered(kiosk) and kiosk.doors.status == FULL,
        told=lambda: (kiosk.outbox.waiting(), kiosk.doors.status),
    )
