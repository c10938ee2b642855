"""What a kiosk still knows after a restart, whatever happened in between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.kiosk.lease_check import Mark, check_lease
from app.kiosk.pin_tries import UNKNOWN, Tried
from app.kiosk.state import COUNTER_BLOCK, State, recover
from app.model.errors import Damaged, Untrusted
from app.model.pins import FREE, KIOSK_FREE, KIOSK_PAUSE_SECONDS
from app.model.terms import KioskStatus
from app.seal.dsse import sign_envelope
from app.seal.keys import SigningKey, key_id
from app.wire.clock import Moment
from app.wire.messages import TRUST_TYPE, Trust
from tests.kiosk.leases import NOW, Desk, Signed, page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.kiosk.lease_check import Checked

KEY = os.urandom(32)
DESK = Desk()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


@pytest.fixture
def state(path: Path) -> Iterator[State]:
    with State(path, KEY) as opened:
        yield opened


def checked(signed: Signed) -> Checked:
    return check_lease(signed.envelope, signed.manifest, identity=DESK.identity, mark=Mark(), now=NOW)


def test_a_lease_is_there_after_a_restart(state: State, path: Path) -> None:
    assert state.holding(DESK.identity) is None
    lease = checked(DESK.lease(3))
    state.hold(lease)
    state.close()
    with State(path, KEY) as again:
        assert again.holding(DESK.identity) == lease.holding
        assert (again.mark, again.manifest) == (lease.mark, lease.manifest)


def test_a_lease_that_was_let_go_leaves_only_its_number(state: State, path: Path) -> None:
    lease = checked(DESK.lease(3))
    state.hold(lease)
    assert state.let_go()
    assert not state.let_go()
    state.close()
    with State(path, KEY) as again:
        assert again.holding(DESK.identity) is None
        assert again.mark == lease.mark


def test_a_lease_of_another_hub_does_not_open(state: State) -> None:
    state.hold(checked(DESK.lease(3)))
    with pytest.raises(Untrusted) as caught:
        state.holding(Desk().identity)
    assert caught.value.code == "lease_not_signed"


def test_no_request_counter_is_given_twice(path: Path) -> None:
    given: list[int] = []
    for _ in range(3):
        with State(path, KEY) as state:
            given += [state.next_counter() for _ in range(COUNTER_BLOCK + 5)]
    assert len(set(given)) == len(given)
    assert given == sorted(given)


def test_a_counter_that_the_hub_has_seen_is_passed(state: State, path: Path) -> None:
    state.reach_counter(10_000)
    assert state.next_counter() == 10_000
    state.reach_counter(5)
    assert state.next_counter() == 10_001
    state.close()
    with State(path, KEY) as again:
        assert again.next_counter() > 10_001


def test_a_locked_down_kiosk_stays_so_over_a_restart(state: State, path: Path) -> None:
    state.set_status(KioskStatus.LOCKED_DOWN)
    state.close()
    with State(path, KEY) as again:
        assert again.status is KioskStatus.LOCKED_DOWN
        assert again.local(Moment(NOW, 0, "b"))["status"] is KioskStatus.LOCKED_DOWN


def test_the_clock_is_known_to_be_behind_after_a_restart(state: State, path: Path) -> None:
    state.hub_said(NOW, Moment(NOW, 1000, "boot-1"))
    state.close()
    with State(path, KEY) as again:
        behind = Moment(NOW.replace(year=2020), 5, "boot-2")
        assert again.local(behind)["clock_trusted"] is False
        assert again.local(Moment(NOW, 5, "boot-2"))["clock_trusted"] is True


def test_an_enrolment_begins_pending_and_its_number_goes_when_it_is_confirmed(state: State) -> None:
    state.stop_delivery("fork")
    root = SigningKey.generate()
    public = root.public
    told = Trust(
        version=1,
        site="S1",
        expires=NOW,
        root_keys=(public,),
        lease_keys=(),
        log_keys=(),
        seal_key=b"",
        ca="",
    )
    state.enrolled(sign_envelope(TRUST_TYPE, told.exact(), [root]), "123456")
    assert state.root == key_id(public)
    assert (state.status, state.number, state.delivery_stopped) == (KioskStatus.PENDING, "123456", "")
    state.set_status(KioskStatus.ACTIVE)
    assert state.number == ""


def test_the_journals_head_is_known_for_its_epoch(state: State) -> None:
    state.set_journal_head(2, 17)
    assert (state.journal_head(2), state.journal_head(3)) == (17, 0)


def test_a_damaged_file_is_set_aside_and_begun_anew(state: State, path: Path) -> None:
    state.hold(checked(DESK.lease(3, page("secret"))))
    state.close()
    data = bytearray(path.read_bytes())
    data[40:4000] = os.urandom(3960)
    path.write_bytes(data)
    with pytest.raises(Damaged):
        State(path, KEY)
    fresh, damage = recover(path, KEY)
    with fresh:
        assert damage is not None
        assert damage.code == "file_damaged"
        assert fresh.holding(DESK.identity) is None
    assert path.with_name("state.db.set-aside").exists()
    whole, none = recover(path, KEY)
    whole.close()
    assert none is None


def test_the_file_of_another_enrolment_is_set_aside(state: State, path: Path) -> None:
    state.close()
    fresh, damage = recover(path, os.urandom(32))
    fresh.close()
    assert damage is not None
    assert damage.code == "foreign_file"


def test_nothing_of_a_lease_can_be_read_from_the_file(tmp_path: Path) -> None:
    """Under each of three keys: three letters turn up in so much noise by chance, but not three times."""
    lease, raws = checked(DESK.lease(3, page("secret"))), []
    for number in range(3):
        folder = tmp_path / str(number)
        folder.mkdir()
        with State(folder / "state.db", bytes([number]) * 32) as state:
            state.hold(lease)
            raws.append(b"".join(file.read_bytes() for file in folder.iterdir()))
    for told in (b"K-1", b"Battery attach", lease.mark.payload.encode(), b"payloadType"):
        assert not all(told in raw for raw in raws)


PIN_MOMENT = Moment(NOW, 5000, "boot-1")


def test_wrong_pins_are_counted_over_restarts_until_one_is_right(state: State, path: Path) -> None:
    assert state.pin_tried("s") == Tried()
    state.count_pin("s", PIN_MOMENT)
    state.close()
    with State(path, KEY) as again:
        assert again.count_pin("s", PIN_MOMENT) == again.pin_tried("s") == Tried(2, "boot-1", 5000)
        assert again.pin_tried("other") == Tried()
        again.pin_opened("s")
        assert again.pin_tried("s") == Tried()


def test_wrong_pins_of_all_badges_are_counted_together_and_forgotten_while_the_kiosk_runs(
    state: State,
) -> None:
    def wait(boot_ms: int, boot: str = "boot-1") -> int:
        return state.kiosk_tried().wait(Moment(NOW, boot_ms, boot))

    for number in range(KIOSK_FREE):
        assert wait(5000) == 0
        state.count_pin(f"{UNKNOWN}{number}", PIN_MOMENT)
    pause = KIOSK_PAUSE_SECONDS
    assert wait(5000) == pause
    assert wait(5000 + 1000 * (pause - 1)) == 1
    assert wait(5000 + 1000 * pause) == 0
    assert wait(2000, "boot-2") == pause - 2  # of the time that the machine was off nothing is known
    state.count_pin("own", Moment(NOW, 2000, "boot-2"))
    state.pin_opened("own")
    assert wait(2000, "boot-2") == pause - 2  # nobody clears the count with his own badge


def test_a_counted_pin_outlives_a_kill(path: Path) -> None:
    """The process dies the moment the count is made: no close, no farewell."""
    program = (
        "import os, signal, sys\n"
        "from datetime import UTC, datetime\n"
        "from pathlib import Path\n"
        "from app.kiosk.state import State\n"
        "from app.wire.clock import Moment\n"
        "state = State(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))\n"
        "for _ in range(3):\n"
        "    state.count_pin('s', Moment(datetime(2026, 1, 1, tzinfo=UTC), 5000, 'boot-1'))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path), KEY.hex()], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    with State(path, KEY) as state:
        assert state.pin_tried("s").wrong == 3


def test_many_unknown_badges_push_out_each_other_but_no_slot(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.kiosk.pin_tries.UNKNOWN_KEPT", 5)
    state.count_pin("slot", PIN_MOMENT)
    for number in range(8):
        state.count_pin(f"{UNKNOWN}{number}", PIN_MOMENT)
    state.count_pin(f"{UNKNOWN}3", PIN_MOMENT)
    state.count_pin(f"{UNKNOWN}9", PIN_MOMENT)
    kept = [number for number in range(10) if state.pin_tried(f"{UNKNOWN}{number}").wrong]
    assert kept == [3, 5, 6, 7, 9]
    assert state.pin_tried(f"{UNKNOWN}3").wrong == 2
    assert state.pin_tried("slot").wrong == 1


def test_a_wait_is_measured_within_a_boot_and_begins_anew_with_the_next() -> None:
    tried = Tried(FREE, "boot-1", 5000)
    assert tried.wait(Moment(NOW, 5000, "boot-1")) == 30
    assert tried.wait(Moment(NOW, 34_999, "boot-1")) == 1
    assert tried.wait(Moment(NOW + timedelta(days=9), 5000, "boot-1")) == 30, "the wall clock is not asked"
    assert tried.wait(Moment(NOW, 35_000, "boot-1")) == 0
    assert tried.wait(Moment(NOW, 10_000, "boot-2")) == 20
    assert Tried(FREE - 1, "boot-1", 5000).wait(Moment(NOW, 5000, "boot-1")) == 0
