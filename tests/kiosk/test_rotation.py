"""Keys change over through the command line, while hub and kiosk run; and kiosks that were away meanwhile."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.hub import rotate
from app.hub.home import Home
from app.hub.rotate import What
from app.hub.schema import EventRow, KioskRow, LeaseRow
from app.hub.store import Store
from app.kiosk.outbox import Draft
from app.kiosk.supplies import trust_of
from app.model.errors import Untrusted
from app.seal.dsse import open_envelope, sign_envelope
from app.seal.keys import SigningKey, key_id
from app.wire.client import fetch_trust
from app.wire.messages import LEASE_TYPE, TRUST_TYPE, EventKind
from tests.hub_api.processes import told
from tests.kiosk.plant import CLOCK, Hub, Kiosk, serving, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FULL = {"online": True, "offline_since": None, "trouble": ""}


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Hub]:
    with serving(tmp_path / "plant", pages=3) as hub:
        yield hub


@pytest.fixture
def kiosk(own: Hub, tmp_path: Path) -> Iterator[Kiosk]:
    kiosk = Kiosk(own, tmp_path, "K-1")
    kiosk.enrol()
    kiosk.start()
    wait_for("pages and journal", kiosk.settled)
    yield kiosk
    kiosk.close()


def command(hub: Hub, *words: str) -> str:
    done = told(["hub", "rotate", words[0], str(hub.home.path), *words[1:]])
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def refused(hub: Hub, *words: str) -> str:
    done = told(["hub", "rotate", words[0], str(hub.home.path), *words[1:]])
    assert done.returncode == 1
    return done.stderr


def version(kiosk: Kiosk) -> int:
    trust = kiosk.state.trust(kiosk.hub.home.root_fingerprint)
    assert trust is not None
    return trust.version


def followed(kiosk: Kiosk, number: int) -> None:
    wait_for(f"statement {number}", lambda: version(kiosk) == number)
    wait_for("the journal", lambda: kiosk.outbox.waiting() == 0)


def works(kiosk: Kiosk) -> None:
    """A record made now reaches the hub, and nothing is wrong."""
    kiosk.outbox.append([Draft(EventKind.VIEW_BEGIN, client="C1", person="W-1")], CLOCK.moment())
    assert kiosk.sync is not None
    kiosk.sync.poke()
    wait_for("the journal", lambda: kiosk.settled() and kiosk.doors.status == FULL)
    assert "lease.refused" not in [kind for _, _, kind in kiosk.hub.events("K-1")]


def restart(kiosk: Kiosk) -> None:
    kiosk.stop()
    kiosk.start()
    wait_for("pages and journal", kiosk.settled)


def signers(hub: Hub) -> set[str]:
    """Which lease keys signed the newest lease."""
    home = Home.open(hub.home.path)
    with hub.store.read() as session:
        row = session.query(LeaseRow).order_by(LeaseRow.number.desc()).first()
        assert row is not None
        envelope = row.envelope
    found = set()
    for key in home.said.lease_keys:
        try:
            open_envelope(envelope, LEASE_TYPE, [key])
        except Untrusted:
            continue
        found.add(key_id(key))
    return found


def test_key_rotation_of_the_lease_key_and_no_kiosk_refuses_a_lease(own: Hub, kiosk: Kiosk) -> None:
    old = own.home.keys.lease.public
    said = command(own, "lease-key")
    assert "trust statement 2" in said
    followed(kiosk, 2)
    wait_for("both signatures", lambda: len(signers(own)) == 2)
    assert "not finished" in refused(own, "tls")
    works(kiosk)
    command(own, "lease-key", "--finish")
    followed(kiosk, 3)
    home = Home.open(own.home.path)
    assert home.said.lease_keys == (home.keys.lease.public,) != (old,)
    assert [path.name for path in (home.path / "keys").glob("lease*")] == ["lease.key"]
    works(kiosk)
    restart(kiosk)  # what it keeps holds under the new key alone
    works(kiosk)
    assert "No change" in refused(own, "lease-key", "--finish")


def test_the_seal_key_changes_over_and_records_sealed_to_the_old_one_open(own: Hub, kiosk: Kiosk) -> None:
    kiosk.plug.pull()
    kiosk.outbox.append([Draft(EventKind.VIEW_BEGIN, client="C1")] * 30, CLOCK.moment())
    old = own.home.keys.seal
    command(own, "seal-key")
    assert "K-1" in refused(own, "seal-key", "--finish")
    kiosk.plug.push()
    followed(kiosk, 2)
    works(kiosk)
    with own.store.read() as session:
        kinds = [row.kind for row in session.query(EventRow).order_by(EventRow.seq)]
    assert kinds.count("view.begin") == 31
    assert kinds.index("trust.accepted") > 1
    command(own, "seal-key", "--finish")
    assert Home.open(own.home.path).keys.seal != old
    assert not Home.open(own.home.path).keys.seal_too
    works(kiosk)
    restart(kiosk)
    works(kiosk)


def test_the_certificate_authority_changes_over(own: Hub, kiosk: Kiosk) -> None:
    old = own.home.ca_pem.strip()
    command(own, "tls")
    followed(kiosk, 2)
    works(kiosk)
    command(own, "tls", "--finish")
    followed(kiosk, 3)
    home = Home.open(own.home.path)
    assert old not in home.ca_pem
    assert (home.server_cert.parent / "ca.pem").read_text().strip() == home.ca_pem.strip()
    assert not list(home.server_cert.parent.glob("*next*"))
    works(kiosk)
    restart(kiosk)
    own.kill()
    own.serve()
    works(kiosk)


def test_the_root_key_changes_over_and_the_kiosk_believes_the_new_one(own: Hub, kiosk: Kiosk) -> None:
    old = own.home.root()
    said = command(own, "root")
    new = Home.open(own.home.path).root_fingerprint
    assert new in said
    assert new != own.home.root_fingerprint
    followed(kiosk, 2)
    assert kiosk.state.root == new
    command(own, "root", "--finish")
    followed(kiosk, 3)
    home = Home.open(own.home.path)
    assert home.root().key_id == home.root_fingerprint == new
    assert old.key_id not in map(key_id, home.said.root_keys)
    works(kiosk)
    restart(kiosk)
    works(kiosk)


def test_a_kiosk_that_was_away_through_every_change_follows_and_delivers(own: Hub, kiosk: Kiosk) -> None:
    kiosk.plug.pull()
    kiosk.outbox.append([Draft(EventKind.VIEW_BEGIN, client="C1")] * 5, CLOCK.moment())
    kiosk.stop()
    for what in ("root", "lease-key", "tls", "root", "trust"):
        command(own, what)
        if what != "trust":
            assert "K-1" in refused(own, what, "--finish")
            command(own, what, "--finish", "--force")
    kiosk.plug.push()
    kiosk.start()
    followed(kiosk, 10)
    wait_for("pages and journal", kiosk.settled)
    works(kiosk)
    keys = kiosk.vault.load()
    assert keys is not None
    assert keys.root == own.home.root_fingerprint  # the first one: two statements led from it
    kiosk.stop()
    for part in kiosk.places.home.glob("state.db*"):
        part.unlink()
    kiosk.start()  # its lease store is lost: from the root of its sheet to the one in force
    wait_for("pages and journal", kiosk.settled)
    assert kiosk.state.root == Home.open(own.home.path).root_fingerprint


def test_a_hub_restored_from_before_a_change_is_believed_after_one_command(
    own: Hub, kiosk: Kiosk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATIONLEAF_PASSPHRASE", "correct horse battery")
    file, path = tmp_path / "plant.backup", own.home.path
    assert told(["hub", "backup", str(path), str(file)]).returncode == 0
    for what in ("lease-key", "tls"):
        command(own, what)
        wait_for("the kiosk", lambda: version(kiosk) == Home.open(path).said.version)
        wait_for("the journal", lambda: kiosk.outbox.waiting() == 0)
        command(own, what, "--finish")
    followed(kiosk, 5)
    own.kill()
    own.store.close()
    shutil.rmtree(path)
    done = told(["hub", "restore", str(file), str(path)])
    assert "hub rotate trust" in done.stdout, done.stderr
    own.store = Store(own.home.database_url)
    command(own, "trust")
    own.serve()
    wait_for("the restored hub's statement", lambda: version(kiosk) > 1000)
    wait_for("no trouble", lambda: kiosk.settled() and kiosk.doors.status == FULL)


def test_the_root_key_from_its_safe_and_a_wrong_one(own: Hub, tmp_path: Path) -> None:
    safe = tmp_path / "root.key"
    shutil.move(own.home.path / "keys" / "root.key", safe)
    assert "--root-key" in refused(own, "lease-key")
    other = tmp_path / "other.key"
    other.write_text(SigningKey.generate().raw.hex())
    assert "is not the root key" in refused(own, "lease-key", "--root-key", str(other))
    assert Home.open(own.home.path).said.version == 1
    command(own, "lease-key", "--root-key", str(safe))
    command(own, "lease-key", "--root-key", str(safe), "--finish")
    assert Home.open(own.home.path).said.version == 3


@pytest.mark.parametrize("what", [What.LEASE, What.TLS, What.ROOT, What.SEAL])
@pytest.mark.parametrize("half", ["begin", "finish"])
def test_a_change_that_is_killed_before_its_statement_or_after_it_can_be_done_again(
    tmp_path: Path, what: What, half: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = Hub(tmp_path / "plant")
    folder, now = hub.home.path, CLOCK.now()
    act = rotate.begin if half == "begin" else rotate.finish
    if half == "finish":
        rotate.begin(folder, what, now)
    true = rotate.replace_file

    def killed(path: Path, data: bytes) -> None:
        if path.name == "trust.json":
            raise KeyboardInterrupt
        true(path, data)

    def killed_after(path: Path, data: bytes) -> None:
        true(path, data)
        if path.name == "trust.json":
            raise KeyboardInterrupt

    if (half, what) != ("finish", What.SEAL):
        monkeypatch.setattr(rotate, "replace_file", killed)
        with pytest.raises(KeyboardInterrupt):
            act(folder, what, now)
        before = Home.open(folder)
        monkeypatch.setattr(rotate, "replace_file", killed_after)
        with pytest.raises(KeyboardInterrupt):
            act(folder, what, now)
        monkeypatch.setattr(rotate, "replace_file", true)
        assert Home.open(folder).said.version == before.said.version + 1
    else:
        act(folder, what, now)
    if half == "begin":
        rotate.finish(folder, what, now)
    rotate.settle(folder)
    home = Home.open(folder)
    assert rotate.under_way(home) is None
    assert not [path for path in folder.rglob("*") if "next" in path.name]
    assert home.root().key_id == home.root_fingerprint
    rotate.begin(folder, What.LEASE, now)
    hub.close()


def test_a_statement_that_ended_is_renewed_when_the_hub_starts_and_the_kiosk_fetches_it(
    own: Hub, tmp_path: Path
) -> None:
    kiosk = Kiosk(own, tmp_path, "K-1")
    try:
        kiosk.enrol()
        own.kill()
        supplies = kiosk.open()
        past = supplies.trust.expires + timedelta(days=1)
        with pytest.raises(Untrusted) as told:
            trust_of(kiosk.state, supplies.keys, past)
        assert told.value.code == "trust_expired"
        assert "the hub does not answer" in told.value.sentence
        assert f"{past:%Y-%m-%d}" in told.value.sentence
        own.serve()
        with pytest.raises(Untrusted) as told:
            trust_of(kiosk.state, supplies.keys, past)
        assert "stationleaf hub rotate trust" in told.value.sentence
        own.kill()
        _age(own)
        own.serve()
        assert "trust statement was renewed: version 3" in (own.folder / "hub.log").read_text()
        now = CLOCK.now()
        said, _ = fetch_trust(f"https://localhost:{own.port}", own.home.root_fingerprint, now)
        assert said.version == 3
        _age_kiosk(kiosk, own)
        assert trust_of(kiosk.state, supplies.keys, now).version == 3
        kiosk.begin(supplies)
        wait_for("pages and journal", kiosk.settled)
    finally:
        kiosk.close()


def _age(hub: Hub) -> None:
    """As if the statement had been made so long ago that it has ended."""
    home = Home.open(hub.home.path)
    long_ago = CLOCK.now() - timedelta(days=rotate.TRUST_DAYS + 1)
    rotate.begin(home.path, What.TRUST, long_ago)


def _age_kiosk(kiosk: Kiosk, hub: Hub) -> None:
    home = Home.open(hub.home.path)
    ended = home.said.model_copy(update={"version": 2, "expires": CLOCK.now() - timedelta(days=1)})
    kiosk.state.set_trust(sign_envelope(TRUST_TYPE, ended.exact(), [home.root()]))


def test_without_the_root_key_a_hub_serves_on_and_says_what_to_do(tmp_path: Path) -> None:
    hub = Hub(tmp_path / "plant")
    try:
        _age(hub)
        (hub.home.path / "keys" / "root.key").unlink()
        hub.serve()
        log = (hub.folder / "hub.log").read_text()
        assert "trust statement has ended" in log
        assert "--root-key" in log
    finally:
        hub.close()


def test_a_kiosk_row_without_a_device_is_not_waited_for(own: Hub) -> None:
    own.next_kiosk()
    with own.store.write() as session:
        session.add(KioskRow(code="K-9", station="ST-040", status="pending"))
    command(own, "lease-key")
    command(own, "lease-key", "--finish")
    assert Home.open(own.home.path).said.version == 3
