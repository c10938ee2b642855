"""An older copy of a kiosk's files is put back, or a kiosk is copied: what it notices, what its hub does."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.hub.schema import AlarmRow
from app.kiosk.anchor import Anchor, Anchoring, KeyringAnchor, keyring_anchor
from app.kiosk.compose import build
from app.kiosk.enrol import Enrolment
from app.kiosk.hardening import Hardened
from app.kiosk.lease_check import Mark
from app.kiosk.outbox import Draft
from app.kiosk.state import State
from app.model.errors import Unavailable
from app.model.terms import KioskStatus
from app.wire.messages import EventKind
from tests.kiosk.plant import CLOCK, Hub, Kiosk, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.kiosk.lease_check import Checked
    from tests.kiosk.secret_service import SecretService

KEY = bytes(range(32))


class Killed(BaseException):
    """The program ends here."""


@dataclass
class Ring:
    """The anchor's place in the keyring, in memory; ``kill`` ends the program at its n-th write from now,
    before or after it; ``locked``: it does not answer.
    """

    kept: Anchor | None = None
    kill: int = 0
    before: bool = False
    locked: bool = False

    def load(self) -> Anchor | None:
        self._answer()
        return self.kept

    def store(self, anchor: Anchor) -> None:
        self._answer()
        self.kill -= 1
        if self.kill == 0 and self.before:
            raise Killed
        self.kept = anchor
        if self.kill == 0:
            raise Killed

    def erase(self) -> None:
        self._answer()
        self.kept = None

    def _answer(self) -> None:
        if self.locked:
            raise Unavailable("locked", code="keyring_locked")


def begin(path: Path, ring: Ring) -> bool:
    """Start and end; returns whether the file was taken for the newest one."""
    with State(path, KEY) as state:
        return Anchoring(state, ring).begin() is None and not state.set_back


def test_the_file_is_taken_again_and_again(tmp_path: Path) -> None:
    ring = Ring()
    assert all(begin(tmp_path / "state.db", ring) for _ in range(3))
    assert ring.kept == Anchor(3, 3)


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("write", [1, 2])
def test_killed_at_any_write_it_is_the_newest_at_the_next_start(
    tmp_path: Path, write: int, before: bool
) -> None:
    path, ring = tmp_path / "state.db", Ring()
    begin(path, ring)
    shutil.copy(path, tmp_path / "older")
    begin(path, ring)
    ring.kill, ring.before = write, before
    with pytest.raises(Killed):
        begin(path, ring)
    ring.kill = 0
    assert begin(path, ring)
    shutil.copy(tmp_path / "older", path)
    assert not begin(path, ring)


def test_killed_between_the_file_and_the_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, ring = tmp_path / "state.db", Ring()
    begin(path, ring)

    def killed(_self: State, _generation: int) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(State, "set_generation", killed)
        with pytest.raises(Killed):
            begin(path, ring)
    assert ring.kept == Anchor(1, 2)
    assert begin(path, ring)


def test_an_old_file_is_refused_until_a_generation_above_both(tmp_path: Path) -> None:
    path, ring = tmp_path / "state.db", Ring()
    begin(path, ring)
    shutil.copy(path, tmp_path / "older")
    for _ in range(3):
        begin(path, ring)
    shutil.copy(tmp_path / "older", path)
    with State(path, KEY) as state:
        anchoring = Anchoring(state, ring)
        told = anchoring.begin()
        assert told is not None
        assert told.code == "state_set_back"
        assert state.local(CLOCK.moment())["set_back"] is True
        assert state.generation == 1  # nothing heals by itself
        anchoring.advance()
        assert (state.set_back, state.generation) == (False, 5)
    assert begin(path, ring)


@pytest.mark.parametrize("change", [lambda _: None, lambda _: Anchor(1, 1), lambda _: Anchor.read("x")])
def test_an_old_or_foreign_or_emptied_keyring_is_noticed_too(
    tmp_path: Path, change: Callable[[Anchor | None], Anchor | None]
) -> None:
    path, ring = tmp_path / "state.db", Ring()
    for _ in range(3):
        begin(path, ring)
    ring.kept = change(ring.kept)
    assert not begin(path, ring)


def test_a_file_that_was_taken_away_is_noticed(tmp_path: Path) -> None:
    path, ring = tmp_path / "state.db", Ring()
    begin(path, ring)
    for part in tmp_path.glob("state.db*"):
        part.unlink()
    assert not begin(path, ring)


def test_a_keyring_that_is_locked_later_holds_nothing_up_and_frees_nothing(tmp_path: Path) -> None:
    ring = Ring()
    with State(tmp_path / "state.db", KEY) as state:
        anchoring = Anchoring(state, ring)
        anchoring.begin()
        ring.locked = True
        anchoring.advance()
        assert (anchoring.due, state.generation) == (True, 1)
        state.set_back = True
        anchoring.advance()
        assert state.set_back
        ring.locked = False
        anchoring.advance()
        assert (anchoring.due, state.set_back, state.generation) == (False, False, 2)


@given(*[st.integers(0, 10**17)] * 3)
def test_an_anchor_is_kept_as_it_is(confirmed: int, coming: int, lease: int) -> None:
    assert Anchor.read(Anchor(confirmed, coming, lease).text()) == Anchor(confirmed, coming, lease)


def test_the_form_of_before_is_read_and_the_number_learned(tmp_path: Path) -> None:
    assert Anchor.read("1 6 7") == Anchor(6, 7, 0)
    ring = Ring()
    begin(tmp_path / "state.db", ring)
    take(tmp_path / "state.db", ring, 12)
    ring.kept = Anchor.read("1 3 3")
    assert begin(tmp_path / "state.db", ring)
    assert ring.kept == Anchor(4, 4, 12)


def test_an_old_file_stays_set_back_until_it_has_the_newest_lease_or_a_later_one(tmp_path: Path) -> None:
    path, ring = tmp_path / "state.db", Ring()
    take(path, ring, 5)
    shutil.copy(path, tmp_path / "older")
    take(path, ring, 9)
    kept = ring.kept
    shutil.copy(tmp_path / "older", path)
    with State(path, KEY) as state:
        anchoring = Anchoring(state, ring)
        assert anchoring.begin() is not None
        assert anchoring.newest == 9
        state.hold(lease(8))
        anchoring.advance()
        assert (state.set_back, anchoring.due, ring.kept) == (True, True, kept)
        state.hold(lease(9))
        anchoring.advance()
        assert (state.set_back, anchoring.due, anchoring.newest) == (False, False, 9)
    assert begin(path, ring)


def test_a_file_below_the_number_is_set_back_even_if_its_generation_fits(tmp_path: Path) -> None:
    path, ring = tmp_path / "state.db", Ring()
    take(path, ring, 5)
    assert ring.kept is not None
    ring.kept = replace(ring.kept, lease=6)
    assert not begin(path, ring)


def test_killed_between_the_lease_and_the_keyring_the_next_start_brings_it_up(tmp_path: Path) -> None:
    path, ring = tmp_path / "state.db", Ring()
    take(path, ring, 5)
    with State(path, KEY) as state:
        Anchoring(state, ring).begin()
        state.hold(lease(6))
    assert ring.kept is not None
    assert ring.kept.lease == 5
    assert begin(path, ring)
    assert ring.kept.lease == 6


def lease(number: int) -> Checked:
    """What is kept of a lease of that number."""
    return cast("Checked", SimpleNamespace(envelope=b"e", manifest="m", mark=Mark(number, "hash")))


def take(path: Path, ring: Ring, number: int) -> None:
    """Start, take a lease, end."""
    with State(path, KEY) as state:
        anchoring = Anchoring(state, ring)
        anchoring.begin()
        state.hold(lease(number))
        anchoring.advance()


def test_the_anchor_lies_in_a_real_keyring(secret_service: SecretService, tmp_path: Path) -> None:
    ring = keyring_anchor("0123456789abcdef0123456789abcdef")
    assert isinstance(ring, KeyringAnchor)
    assert ring.load() is None
    with State(tmp_path / "state.db", KEY) as state:
        assert Anchoring(state, ring).begin() is None
    assert ring.load() == Anchor(1, 1)
    ring.erase()
    assert ring.load() is None


# -- with a real hub ----------------------------------------------------------------------------------------


@pytest.fixture
def kiosk(hub: Hub, tmp_path: Path) -> Iterator[Kiosk]:
    kiosk = Kiosk(hub, tmp_path, hub.next_kiosk())
    kiosk.enrol()
    yield kiosk
    kiosk.close()


def start(kiosk: Kiosk, ring: Ring) -> bool:
    """As ``compose.build`` does; returns whether the files were taken for the newest ones."""
    supplies = kiosk.open()
    anchor = Anchoring(kiosk.state, ring)
    told = anchor.begin()
    body = {"what": str(told)} if told is not None else {}
    kind = EventKind.INCIDENT if told is not None else EventKind.KIOSK_STARTED
    kiosk.outbox.append([Draft(kind, body=body)], CLOCK.moment())
    kiosk.doors.on_local(**kiosk.state.local(CLOCK.moment()))
    kiosk.begin(replace(supplies, anchor=anchor))
    return told is None


def settle(kiosk: Kiosk) -> None:
    wait_for("pages and journal", kiosk.settled)
    wait_for("the anchor", lambda: kiosk.doors.local.get("set_back") is False)


def copy_files(kiosk: Kiosk, to: Path) -> Path:
    shutil.copytree(kiosk.places.home, to)
    return to


def put_back(kiosk: Kiosk, copy: Path, *names: str) -> None:
    for name in names:
        for part in kiosk.places.home.glob(f"{name}*"):
            part.unlink()
        for part in copy.glob(f"{name}*"):
            shutil.copy(part, kiosk.places.home)


def alarms(hub: Hub, kiosk: str) -> list[str]:
    with hub.store.read() as session:
        return list(session.scalars(select(AlarmRow.kind).where(AlarmRow.kiosk == kiosk)))


def kinds(kiosk: Kiosk) -> list[str]:
    return [kind for _, _, kind in kiosk.hub.events(kiosk.code)]


def test_an_old_lease_store_shows_nothing_until_the_hub_was_reached(
    hub: Hub, kiosk: Kiosk, tmp_path: Path
) -> None:
    ring = Ring()
    assert start(kiosk, ring)
    settle(kiosk)
    kiosk.stop()
    copy = copy_files(kiosk, tmp_path / "copy")
    assert start(kiosk, ring)
    settle(kiosk)
    kiosk.stop()
    put_back(kiosk, copy, "state.db")
    kiosk.plug.pull()
    assert not start(kiosk, ring)
    wait_for("offline", lambda: kiosk.doors.status.get("online") is False)
    assert kiosk.doors.local["set_back"] is True
    kiosk.plug.push()
    settle(kiosk)
    assert hub.row(kiosk.code).status == KioskStatus.ACTIVE
    assert kinds(kiosk).count("incident") == 1
    kiosk.stop()
    assert start(kiosk, ring)  # healed


def test_an_old_cache_is_filled_again_and_shows_nothing_old(kiosk: Kiosk, tmp_path: Path) -> None:
    ring = Ring()
    start(kiosk, ring)
    kiosk.stop()
    put_back(kiosk, copy_files(kiosk, tmp_path / "empty"), "cache.db")
    assert start(kiosk, ring)
    settle(kiosk)
    assert kiosk.cache.have() == {page.blob for page in kiosk.doors.holdings[-1].manifest.pages}


def test_everything_put_back_with_its_keyring_is_a_fork_at_the_first_delivery(
    hub: Hub, kiosk: Kiosk, tmp_path: Path
) -> None:
    ring = Ring()
    start(kiosk, ring)
    settle(kiosk)
    kiosk.stop()
    copy, kept = copy_files(kiosk, tmp_path / "copy"), ring.kept
    start(kiosk, ring)
    settle(kiosk)
    kiosk.stop()
    put_back(kiosk, copy, "state.db", "outbox.db", "cache.db")
    ring.kept = kept
    start(kiosk, ring)  # no software on this machine can tell
    wait_for("the block", lambda: kiosk.doors.local["status"] is KioskStatus.FORKED)
    wait_for("the sentence", lambda: "another record" in str(kiosk.doors.status.get("trouble")))
    wait_for("the lease to go", lambda: kiosk.doors.holdings[-1] is None)
    assert hub.row(kiosk.code).status == KioskStatus.FORKED


def test_all_but_the_journal_put_back_with_the_keyring_is_an_alarm_at_the_first_request(
    hub: Hub, kiosk: Kiosk, tmp_path: Path
) -> None:
    """A page that was recalled since is in the copy; it goes at the first contact, and for good."""
    document = f"WI-BACK-{kiosk.code}"
    (recalled,) = hub.publish(document, pages=1)
    ring = Ring()
    start(kiosk, ring)
    settle(kiosk)
    kiosk.stop()
    copy, kept = copy_files(kiosk, tmp_path / "copy"), ring.kept
    hub.recall(document)
    start(kiosk, ring)
    settle(kiosk)
    assert recalled not in kiosk.cache.have()
    kiosk.stop()
    put_back(kiosk, copy, "state.db", "cache.db")
    ring.kept = kept
    kiosk.open()
    assert recalled in kiosk.cache.have()
    kiosk.close_files()
    assert "counter_behind" not in alarms(hub, kiosk.code)
    assert start(kiosk, ring)  # no software on this machine can tell
    settle(kiosk)
    assert "counter_behind" in alarms(hub, kiosk.code)
    holding = kiosk.doors.holdings[-1]
    assert holding is not None
    assert recalled not in {page.blob for page in holding.manifest.pages}
    assert recalled not in kiosk.cache.have()
    assert hub.row(kiosk.code).status == KioskStatus.ACTIVE, "its journal was whole: nothing is a fork"


def test_two_devices_with_one_identity_are_both_stopped(hub: Hub, kiosk: Kiosk, tmp_path: Path) -> None:
    ring = Ring()
    start(kiosk, ring)
    settle(kiosk)
    kiosk.stop()
    twin = Kiosk(hub, tmp_path / "elsewhere", kiosk.code)
    shutil.copytree(kiosk.places.home, twin.places.home, dirs_exist_ok=True)
    shutil.copy(kiosk.vault.path, twin.vault.path)
    keys = twin.vault.load()
    assert keys is not None
    twin.vault.store(replace(keys, hub=twin.url))
    try:
        start(kiosk, ring)
        settle(kiosk)
        assert start(twin, Ring(Anchor(2, 2)))  # with the keyring as it was when it was copied
        for one in (twin, kiosk):
            wait_for("the block", lambda one=one: one.doors.local["status"] is KioskStatus.FORKED)
            wait_for("the lease to go", lambda one=one: one.doors.holdings[-1] is None)
            wait_for("the sentence", lambda one=one: "another record" in one.doors.status["trouble"])
        assert hub.row(kiosk.code).status == KioskStatus.FORKED
        assert {"fork", "counter_behind"} <= set(alarms(hub, kiosk.code))
    finally:
        twin.close()


def test_the_whole_kiosk_with_a_real_keyring_refuses_an_old_store(
    hub: Hub, secret_service: SecretService, tmp_path: Path
) -> None:
    kiosk = Kiosk(hub, tmp_path, hub.next_kiosk())
    Enrolment.at(kiosk.places, CLOCK).ask(kiosk.sheet(hub.code(kiosk.code)))

    def start_and_end() -> tuple[bool, list[str]]:
        parts = build(kiosk.places, Hardened(no_core=True, closed=True, private_files=True))
        said = parts.local()["set_back"], [note.says for note in parts.notes]
        parts.close()
        return said

    try:
        assert start_and_end() == (False, [])
        copy = copy_files(kiosk, tmp_path / "copy")
        assert start_and_end() == (False, [])
        put_back(kiosk, copy, "state.db")
        for _ in range(2):
            back, (said,) = start_and_end()
            assert back
            assert "older copy" in said
    finally:
        kiosk.close()
