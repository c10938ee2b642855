"""Kiosks through the command line: codes, approval by a second person, blocking, retiring."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from app.hub.enrolment import Applicant, enrol
from app.hub.kiosks import CODE_LIFE
from app.model.errors import Refused
from app.seal.keys import SealKey, SigningKey
from app.wire.clock import SystemClock
from app.wire.messages import EnrolRequest


@pytest.fixture
def kiosk(desk):
    assert "added" in desk.done("kiosk", "add", "K-1", "--station", "ST-010")
    return desk


def new_code(desk, kiosk="K-1", **more):
    said = desk.done("kiosk", "code", kiosk, **more)
    assert f"--root {desk.home.root_fingerprint}" in said
    return re.search(r"--code (\S+)", said)[1].replace("-", "")


def ask(desk, code, *, later=timedelta(0), keys=None):
    """A device hands in a code, as the enrolment route does. Returns the number that its screen shows."""
    sign, seal = keys or (SigningKey.generate().public, SealKey.generate().public)
    request = EnrolRequest(code=code, sign_key=sign, seal_key=seal, device="panel-7")
    store = desk.store()
    try:
        enrol(store, desk.home, Applicant(request, "10.0.0.9"), SystemClock().now() + later)
    finally:
        store.close()
    return desk.rows("SELECT check_number FROM kiosk WHERE code = 'K-1'")[0][0]


def status(desk, kiosk="K-1"):
    return desk.rows("SELECT status FROM kiosk WHERE code = ?", kiosk)[0][0]


def test_a_code_is_sixteen_signs_for_ten_minutes_and_kept_only_as_a_hash(kiosk):
    code = new_code(kiosk)
    assert re.fullmatch(r"[A-Z2-7]{16}", code)
    ((expires, by),) = kiosk.rows("SELECT expires, by FROM enrol_code")
    left = datetime.fromisoformat(expires).replace(tzinfo=UTC) - SystemClock().now()
    assert timedelta(minutes=9) < left <= CODE_LIFE == timedelta(minutes=10)
    assert by == "SUP-1"
    assert code.encode() not in (kiosk.folder / "hub.db").read_bytes()


def test_a_new_code_ends_the_one_before(kiosk):
    first, second = new_code(kiosk), new_code(kiosk)
    with pytest.raises(Refused, match="not known here"):
        ask(kiosk, first)
    assert re.fullmatch(r"\d{6}", ask(kiosk, second))


def test_a_code_works_once_and_not_after_ten_minutes(kiosk):
    code = new_code(kiosk)
    with pytest.raises(Refused, match="has expired"):
        ask(kiosk, code, later=CODE_LIFE + timedelta(seconds=1))
    ask(kiosk, code)
    with pytest.raises(Refused, match="has been used"):
        ask(kiosk, code)


def test_a_second_administrator_approves_the_number(kiosk):
    number = ask(kiosk, new_code(kiosk))
    assert "waits for approval" in kiosk.done("kiosk", "list")
    said = kiosk.refused("kiosk", "approve", "K-1", "--number", number)
    assert "a second administrator approves" in said.err
    said = kiosk.refused("kiosk", "approve", "K-1", "--number", number, acting="SUP-2")
    assert "SUP-2 may not enrol, move and release kiosks." in said.err
    assert status(kiosk) == "pending"
    spaced = f"{number[:3]} {number[3:]}"
    assert "approved" in kiosk.done("kiosk", "approve", "K-1", "--number", spaced, acting="ADMIN-2")
    assert kiosk.rows("SELECT status, requested_by, approved_by FROM kiosk") == [
        ("active", "SUP-1", "ADMIN-2")
    ]
    assert "active already" in kiosk.done("kiosk", "approve", "K-1", "--number", "1", acting="ADMIN-2")


def test_a_plant_may_decide_that_one_administrator_is_enough(kiosk):
    number = ask(kiosk, new_code(kiosk))
    kiosk.done("setting", "set", "allow_single_admin", "yes")
    kiosk.done("kiosk", "approve", "K-1", "--number", number)
    assert status(kiosk) == "active"


@pytest.mark.parametrize("wrong", ["000000", "", "12345", "١٢٣٤٥٦", "1234567", "abc"])
def test_a_wrong_number_is_refused_and_on_record(kiosk, wrong):
    number = ask(kiosk, new_code(kiosk))
    assert wrong != number
    said = kiosk.refused("kiosk", "approve", "K-1", "--number", wrong, acting="ADMIN-2")
    assert "another device may have used the code" in said.err
    assert status(kiosk) == "pending"
    assert "kiosk.wrong_number" in kiosk.done("changes", "--by", "ADMIN-2")


def test_nobody_can_be_approved_who_has_not_asked(kiosk):
    new_code(kiosk)
    said = kiosk.refused("kiosk", "approve", "K-1", "--number", "", acting="ADMIN-2")
    assert "No device waits to become K-1." in said.err
    assert "There is no kiosk K-9." in kiosk.refused("kiosk", "approve", "K-9", "--number", "1").err


def test_a_new_code_forgets_a_device_that_was_not_approved(kiosk):
    number = ask(kiosk, new_code(kiosk))
    new_code(kiosk)
    said = kiosk.refused("kiosk", "approve", "K-1", "--number", number, acting="ADMIN-2")
    assert "No device waits" in said.err


@pytest.fixture
def active(kiosk):
    kiosk.done("kiosk", "approve", "K-1", "--number", ask(kiosk, new_code(kiosk)), acting="ADMIN-2")
    return kiosk


def test_a_kiosk_in_use_gets_no_code(active):
    assert "K-1 is in use by an approved device." in active.refused("kiosk", "code", "K-1").err


def test_blocking_needs_a_reason_and_a_supervisor_may(active):
    assert "needs a reason" in active.refused("kiosk", "block", "K-1").err
    assert "may not" in active.refused("kiosk", "block", "K-1", "--reason", "x", acting="ENG-1").err
    active.done("kiosk", "block", "K-1", "--reason", "screen broken", acting="SUP-2")
    assert status(active) == "locked_down"
    assert "K-1 is locked down" in active.refused("kiosk", "code", "K-1").err
    assert "may not" in active.refused("kiosk", "unblock", "K-1", "--reason", "x", acting="SUP-2").err
    active.done("kiosk", "unblock", "K-1", "--reason", "repaired")
    assert status(active) == "active"
    said = active.done("changes", "--about", "K-1")
    assert "screen broken" in said
    assert "repaired" in said


def test_a_lost_kiosk_gets_another_device_through_a_new_code(active):
    active.done("kiosk", "block", "K-1", "--lost", "--reason", "stolen")
    assert status(active) == "lost"
    number = ask(active, new_code(active))
    assert status(active) == "pending"
    active.done("kiosk", "approve", "K-1", "--number", number, acting="ADMIN-2")
    assert active.rows("SELECT status, epoch FROM kiosk") == [("active", 2)]


def test_a_retired_kiosk_stays_so(active):
    code_before = "kiosk add K-2"
    active.done("kiosk", "retire", "K-1", "--reason", "old")
    for words in (
        ("kiosk", "code", "K-1"),
        ("kiosk", "block", "K-1", "--reason", "x"),
        ("kiosk", "move", "K-1", "--station", "ST-020"),
        ("kiosk", "unblock", "K-1", "--reason", "x"),
        ("kiosk", "add", "K-1", "--station", "ST-010"),
    ):
        active.refused(*words)
    assert status(active) == "retired"
    active.done(*code_before.split(), "--station", "ST-010")


def test_a_kiosk_moves_to_another_station(active):
    active.done("kiosk", "move", "K-1", "--station", "ST-020")
    assert active.rows("SELECT station FROM kiosk") == [("ST-020",)]
    assert "unchanged" in active.done("kiosk", "move", "K-1", "--station", "ST-020")
    assert "There is no station ST-9." in active.refused("kiosk", "move", "K-1", "--station", "ST-9").err


def test_adding_twice_changes_nothing_and_elsewhere_is_refused(kiosk):
    assert "unchanged" in kiosk.done("kiosk", "add", "K-1", "--station", "ST-010")
    assert "already a kiosk K-1, at ST-010" in kiosk.refused("kiosk", "add", "K-1", "--station", "ST-020").err
    assert "There is no station ST-9." in kiosk.refused("kiosk", "add", "K-2", "--station", "ST-9").err
    assert "has a sign" in kiosk.refused("kiosk", "add", "K 2", "--station", "ST-010").err
