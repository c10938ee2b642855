"""A device becomes a kiosk: with the right code, once, and losing nothing when it does not go well."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import pytest

from app.kiosk.anchor import Anchor, keyring_anchor
from app.kiosk.compose import build
from app.kiosk.enrol import Enrolment, Sheet
from app.kiosk.hardening import Hardened
from app.kiosk.outbox import Draft
from app.kiosk.vault import KeyringVault
from app.model.errors import Expected, Refused, Unavailable, Untrusted
from app.model.terms import KioskStatus
from app.wire.messages import EventKind
from tests.kiosk.plant import CLOCK, FileVault, Hub, Kiosk, Listening, wait_for
from tests.kiosk.raw import found_in
from tests.kiosk.test_anchor import Ring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.kiosk.engine import Engine, Parts
    from app.kiosk.vault import DeviceKeys
    from tests.kiosk.secret_service import SecretService


@pytest.fixture
def kiosk(hub: Hub, tmp_path: Path) -> Iterator[Kiosk]:
    kiosk = Kiosk(hub, tmp_path, hub.next_kiosk())
    yield kiosk
    kiosk.close()


@dataclass
class BrokenVault(FileVault):
    """Dies instead of storing."""

    def store(self, keys: DeviceKeys) -> None:
        raise KeyboardInterrupt


def refused(kiosk: Kiosk, sheet: Sheet) -> Expected:
    with pytest.raises(Expected) as caught:
        kiosk.enrolment.ask(sheet)
    assert caught.value.advice
    return caught.value


# -- the sheet ----------------------------------------------------------------------------------------------


def test_a_code_is_read_as_people_type_it() -> None:
    root = "AB:CD " * 16
    sheet = Sheet.read("https://hub.example:8443/", root, " abcd-efgh 2345-mnop\n")
    assert sheet == Sheet("https://hub.example:8443", "abcd" * 16, "ABCDEFGH2345MNOP")


@pytest.mark.parametrize(
    ("hub", "root", "code", "why"),
    [
        ("http://hub.example", "ab" * 32, "A" * 16, "bad_address"),
        ("https://hub.example", "ab" * 31, "A" * 16, "bad_fingerprint"),
        ("https://hub.example", "ab" * 32, "A" * 15, "bad_code"),
        ("https://hub.example", "ab" * 32, "A" * 15 + "1", "bad_code"),
    ],
)
def test_an_incomplete_sheet_is_refused(hub: str, root: str, code: str, why: str) -> None:
    with pytest.raises(Refused) as caught:
        Sheet.read(hub, root, code)
    assert caught.value.code == why


# -- the way it goes ----------------------------------------------------------------------------------------


def test_both_sides_show_the_same_number_and_waiting_ends_with_the_confirmation(
    hub: Hub, kiosk: Kiosk
) -> None:
    enrolled = kiosk.enrolment.ask(kiosk.sheet(hub.code(kiosk.code)))
    assert (enrolled.kiosk, enrolled.station, enrolled.site) == (kiosk.code, "ST-040", "S1")
    assert hub.row(kiosk.code).check_number == enrolled.number
    assert kiosk.enrolment.pending() == enrolled
    pauses: list[int] = []

    def pause() -> None:
        pauses.append(1)
        if len(pauses) == 2:
            hub.set_status(KioskStatus.ACTIVE, kiosk.code)

    kiosk.enrolment.wait(pause, lambda _sentence: None)
    assert len(pauses) == 2
    keys = kiosk.vault.load()
    assert keys is not None
    assert (keys.active, keys.kiosk, keys.epoch) == (True, kiosk.code, 1)
    assert kiosk.fresh.load() is None
    assert kiosk.enrolment.pending() is None


def test_waiting_outlasts_an_outage(hub: Hub, kiosk: Kiosk) -> None:
    kiosk.enrolment.ask(kiosk.sheet(hub.code(kiosk.code)))
    kiosk.plug.pull()
    said: list[str] = []

    def pause() -> None:
        if len(said) == 2:
            hub.set_status(KioskStatus.ACTIVE, kiosk.code)
            kiosk.plug.push()

    kiosk.enrolment.wait(pause, said.append)
    assert said[0].startswith("The hub does not answer.")
    assert said[-1] == ""


def test_waiting_ends_when_the_device_is_turned_down(hub: Hub, kiosk: Kiosk) -> None:
    kiosk.enrolment.ask(kiosk.sheet(hub.code(kiosk.code)))
    hub.set_status(KioskStatus.RETIRED, kiosk.code)
    with pytest.raises(Refused) as caught:
        kiosk.enrolment.wait(lambda: None, lambda _sentence: None)
    assert caught.value.code == "not_admitted"


# -- the ways it does not -----------------------------------------------------------------------------------


def test_a_wrong_code(kiosk: Kiosk) -> None:
    assert refused(kiosk, kiosk.sheet("A" * 16)).code == "code_wrong"
    assert kiosk.vault.load() is None


def test_a_used_code(hub: Hub, kiosk: Kiosk, tmp_path: Path) -> None:
    code = hub.code(kiosk.code)
    kiosk.enrolment.ask(kiosk.sheet(code))
    other = Kiosk(hub, tmp_path / "other", kiosk.code)
    assert refused(other, other.sheet(code)).code == "code_used"
    other.close()


def test_an_expired_code(hub: Hub, kiosk: Kiosk) -> None:
    assert refused(kiosk, kiosk.sheet(hub.code(kiosk.code, minutes=-1))).code == "code_expired"


def test_another_hub_than_the_sheets(hub: Hub, kiosk: Kiosk) -> None:
    sheet = replace(kiosk.sheet(hub.code(kiosk.code)), root="ab" * 32)
    error = refused(kiosk, sheet)
    assert isinstance(error, Untrusted)
    assert error.code == "wrong_root"
    assert kiosk.fresh.load() is None  # nothing was made, nothing was sent


def test_no_hub_there(hub: Hub, kiosk: Kiosk) -> None:
    kiosk.plug.pull()
    error = refused(kiosk, kiosk.sheet(hub.code(kiosk.code)))
    assert isinstance(error, Unavailable)
    assert kiosk.url in str(error)


def test_a_wrong_code_leaves_an_earlier_enrolment_as_it_was(hub: Hub, kiosk: Kiosk) -> None:
    kiosk.enrol()
    kiosk.enrolment.wait(lambda: None, lambda _sentence: None)
    before = kiosk.vault.load()
    refused(kiosk, kiosk.sheet("B" * 16))
    assert kiosk.vault.load() == before
    kiosk.start()
    wait_for("pages", kiosk.settled)


def test_keys_are_kept_before_anything_is_sent(hub: Hub, kiosk: Kiosk) -> None:
    dies = Enrolment(kiosk.places, kiosk.vault, BrokenVault(kiosk.fresh.path), CLOCK)
    with pytest.raises(KeyboardInterrupt):
        dies.ask(kiosk.sheet(hub.code(kiosk.code)))
    assert hub.row(kiosk.code).sign_key is None


def test_it_breaks_off_after_the_hub_has_answered_and_goes_on(hub: Hub, kiosk: Kiosk) -> None:
    sheet = kiosk.sheet(hub.code(kiosk.code))
    dies = Enrolment(kiosk.places, BrokenVault(kiosk.vault.path), kiosk.fresh, CLOCK)
    with pytest.raises(KeyboardInterrupt):
        dies.ask(sheet)
    assert hub.row(kiosk.code).sign_key is not None
    enrolled = kiosk.enrolment.ask(sheet)
    assert hub.row(kiosk.code).check_number == enrolled.number
    hub.set_status(KioskStatus.ACTIVE, kiosk.code)
    kiosk.start()
    wait_for("pages", kiosk.settled)


# -- again --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wiped", [False, True])
def test_enrolled_again_with_records_that_the_hub_does_not_have(
    hub: Hub, kiosk: Kiosk, *, wiped: bool
) -> None:
    kiosk.enrol()
    kiosk.start()
    wait_for("pages", kiosk.settled)
    kiosk.stop()
    kiosk.open().outbox.append([Draft(EventKind.VIEW_BEGIN)] * 3, CLOCK.moment())
    kiosk.close_files()
    first = kiosk.vault.load()
    if wiped:  # the keyring is gone with everything in it
        kiosk.vault.erase()
        kiosk.fresh.erase()
    hub.set_status(KioskStatus.PENDING, kiosk.code)
    kiosk.enrol()
    again = kiosk.vault.load()
    assert first is not None
    assert again is not None
    assert (again.epoch, again.sign != first.sign) == (2, True)
    kiosk.start()
    wait_for("pages and journal", kiosk.settled)
    assert hub.events(kiosk.code)[:4] == [(1, 1, "lease.accepted")] + [
        (1, number, "view.begin") for number in (2, 3, 4)
    ]
    assert len(kiosk.cache.have()) >= 12


# keyring 25.7 leaves its connection to the garbage collector when the collection is locked
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_keyring_switched_locked_or_wiped_costs_a_new_code_and_no_record(
    hub: Hub, secret_service: SecretService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole kiosk with a real Secret Service: refused in words, nothing in plain, all delivered after."""
    kiosk = Kiosk(hub, tmp_path, hub.next_kiosk())
    name = kiosk.places.folder_id

    def enrol() -> None:
        Enrolment.at(kiosk.places, CLOCK).ask(kiosk.sheet(hub.code(kiosk.code)))
        hub.set_status(KioskStatus.ACTIVE, kiosk.code)

    def start() -> Parts:
        return build(kiosk.places, Hardened(no_core=True, closed=True, private_files=True))

    def turned_away(act: Callable[[], object]) -> str:
        with pytest.raises(Expected) as caught:
            act()
        assert caught.value.advice
        return caught.value.code

    enrol()
    first = KeyringVault(name).load()
    assert first is not None
    parts = start()
    parts.journal.append([Draft(EventKind.VIEW_BEGIN)] * 30, CLOCK.moment())
    parts.close()
    with monkeypatch.context() as patch:
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyrings.alt.file.PlaintextKeyring")
        assert [turned_away(start), turned_away(enrol)] == ["keyring_missing"] * 2
    secret_service.lock()
    assert turned_away(start) == "keyring_locked"
    secret_service.end()
    secret_service.start()
    start().close()  # back again it is the same kiosk
    KeyringVault(name).erase()
    keyring_anchor(name).erase()
    assert turned_away(start) == "not_enrolled"
    secrets = [first.sign.raw, first.seal.raw, first.cache_key]
    assert found_in(kiosk.places.home, secrets) == found_in(secret_service.folder, secrets) == []

    hub.set_status(KioskStatus.PENDING, kiosk.code)
    enrol()
    again = KeyringVault(name).load()
    assert again is not None
    assert (again.epoch, again.cache_key != first.cache_key) == (2, True)
    parts = start()
    sync = parts.make_sync(cast("Engine", Listening()))
    sync.start()
    try:
        wait_for("the new epoch", lambda: (2, 1, "kiosk.started") in hub.events(kiosk.code))
    finally:
        sync.stop()
        parts.close()
        kiosk.close()
    old = [(seq, kind) for epoch, seq, kind in hub.events(kiosk.code) if epoch == 1]
    assert [seq for seq, _ in old] == list(range(1, len(old) + 1))
    assert [kind for _, kind in old].count("view.begin") == 30


def test_a_device_that_becomes_another_kiosk_keeps_no_page_of_the_first(hub: Hub, kiosk: Kiosk) -> None:
    kiosk.enrol()
    kiosk.start()
    wait_for("pages", kiosk.settled)
    kiosk.stop()
    was = kiosk.code
    kiosk.code = hub.next_kiosk()
    ring = Ring(Anchor(3, 3, lease=500), locked=True)
    sheet, enrolment = kiosk.sheet(hub.code(kiosk.code)), replace(kiosk.enrolment, anchor=ring)
    with pytest.raises(Unavailable):
        enrolment.ask(sheet)
    ring.locked = False
    enrolment.ask(sheet)
    assert ring.kept is None, "the new kiosk's leases begin at 1"
    assert not kiosk.places.cache.exists()
    kiosk.open()
    assert kiosk.state.manifest == ""
    assert kiosk.state.mark.none
    kiosk.close_files()
    assert kiosk.vault.load() is not None
    assert was != kiosk.code


def test_without_a_keyring_the_command_says_so(kiosk: Kiosk, hub: Hub) -> None:
    from kit.processes import run, stationleaf

    words = ["kiosk", "enrol", "--home", str(kiosk.places.home), "--hub", kiosk.url, "--wait"]
    words += ["--root", hub.home.root_fingerprint, "--code", hub.code(kiosk.code)]
    done = run(stationleaf(*words), env={"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("stationleaf: No keyring runs on this machine")
    assert len(done.stderr.splitlines()) == 1
    assert hub.row(kiosk.code).sign_key is None
