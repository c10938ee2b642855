"""Whoever has the whole disk *and* everything in the keyring reads no page without a badge; and a
``restricted`` page opens for badge and PIN only with the share that the hub gives to a running kiosk.

A real hub process, a real pull; then the thief works with the files alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from app.hub.badges import BadgeOffice, issue
from app.hub.schema import (
    Blob,
    KioskRow,
    Line,
    PageRow,
    PersonRow,
    RevisionRow,
    StationPart,
    StationRow,
)
from app.kiosk.access import Holding, Local, find, keyed, readable, try_pin
from app.kiosk.sealed import open_database
from app.kiosk.state import FORM, State
from app.kiosk.supplies import identity
from app.model.decide import Reason
from app.model.errors import Damaged, Untrusted
from app.model.terms import Classification, KioskStatus
from app.seal.boxes import hpke_open, joint_key, open_page, unwrap_key
from app.seal.keys import SealKey
from app.seal.slot import OperatorKey, make_slot
from app.wire.lease import bundle_info, mark_info
from tests.kiosk.grants_rig import acting
from tests.kiosk.plant import CLOCK, Hub, Kiosk, wait_for
from tests.kiosk.raw import found_in
from tests.kiosk.test_cache import decrypted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.kiosk.vault import DeviceKeys

WORKER, BADGE, PIN = "W-60", "0417266060", "408215"
STATION = "ST-060"
CLASSES = {"WI-601": Classification.STANDARD, "WI-602": Classification.RESTRICTED}


@dataclass(frozen=True)
class Page:
    """What nobody may find."""

    classification: Classification
    key: bytes
    plain: bytes


@dataclass(frozen=True)
class Loot:
    """A kiosk that was at work and has been switched off: its files, all that its keyring has, and what it
    had in memory while it ran (``running``), which the thief has not.
    """

    kiosk: Kiosk
    keys: DeviceKeys
    running: Holding
    pages: dict[str, Page]

    @property
    def kept(self) -> Holding:
        """The lease as the disk has it."""
        with State(self.kiosk.places.state, self.keys.cache_key) as state:
            trust = state.trust(self.keys.root)
            assert trust is not None
            holding = state.holding(identity(self.keys, trust))
        assert holding is not None
        return holding


@pytest.fixture(scope="module")
def loot(hub: Hub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loot]:
    """A kiosk of a line of its own; a standard and a restricted document; a worker with badge and PIN."""
    kiosk = Kiosk(hub, tmp_path_factory.mktemp("loot"), hub.next_kiosk())
    _furnish(hub, kiosk.code)
    kiosk.enrol()
    kiosk.start()
    wait_for("the pages", kiosk.settled)
    running, keys = kiosk.doors.holdings[-1], kiosk.vault.load()
    assert running is not None
    assert keys is not None
    kiosk.stop()
    yield Loot(kiosk, keys, running, _pages(hub))
    kiosk.close()


def _furnish(hub: Hub, kiosk: str) -> None:
    top = Classification.RESTRICTED.word
    with hub.store.write() as session:
        session.add(Line(code="L6", site="S1", name="Line 6"))
        session.flush()
        session.add(StationRow(code=STATION, line="L6", name="Cells", ceiling=top))
        session.flush()
        session.add(StationPart(station=STATION, part="P1"))
        session.add(KioskRow(code=kiosk, station=STATION, status=KioskStatus.PENDING.value))
    hub.add_operator(WORKER, "Ines Duarte", STATION)
    for document, level in CLASSES.items():
        hub.publish(document, pages=2, station=STATION)
        with hub.store.write() as session:
            changed = update(RevisionRow).where(RevisionRow.document == document)
            session.execute(changed.values(classification=level.word))
    keys, salt = hub.home.keys, hub.home.site_salt
    office = BadgeOffice(keys.badge, lambda number: make_slot(number, PIN, salt, OperatorKey.generate()))
    with acting(hub) as act:
        act.session.get_one(PersonRow, WORKER).ceiling = top
        issue(act, office, person=WORKER, badge=BADGE)


def _pages(hub: Hub) -> dict[str, Page]:
    """By the hash of their sealed bytes."""
    pages = {}
    with hub.store.read() as session:
        query = select(PageRow, RevisionRow, Blob.data).join(RevisionRow, RevisionRow.id == PageRow.revision)
        query = query.join(Blob, Blob.hash == PageRow.blob)
        for row, revision, box in session.execute(query.where(RevisionRow.document.in_(CLASSES))):
            key = unwrap_key(row.key, hub.home.keys.wrap)
            plain = open_page(box, key, row.page, f"{revision.document}/{revision.label}")
            pages[row.blob] = Page(CLASSES[revision.document], key, plain)
    return pages


def _bundle_keys(loot: Loot) -> list[bytes]:
    """Those of the lease, as the worker's own badge opens them."""
    lease = loot.running.lease
    opened = try_pin(lease, find(lease, BADGE).tag, BADGE, PIN)
    assert opened is not None
    return [
        hpke_open(
            bundle.sealed[WORKER], opened.keys.seal, bundle_info(lease.kiosk, lease.number, place, WORKER)
        )
        for place, bundle in enumerate(lease.bundles)
    ]


def test_no_page_key_bundle_key_or_share_stands_in_the_decrypted_files(loot: Loot, tmp_path: Path) -> None:
    """Neither in the raw pages of the databases, free ones too, nor in the lease that one of them keeps."""
    home, key = loot.kiosk.places, loot.keys.cache_key
    for path in (home.cache, home.state):
        (tmp_path / path.name).write_bytes(decrypted(path, key))
    (tmp_path / "outbox.db").write_bytes(home.outbox.read_bytes())
    (tmp_path / "keyring").write_text(loot.keys.text())
    (tmp_path / "lease").write_bytes(loot.kept.lease.exact())
    database = open_database(home.state, key, FORM)
    (tmp_path / "items").write_text("\n".join(str(row) for row in database.rows("SELECT * FROM item")))
    database.close()
    wrapped = loot.running.lease.bundles[0].keys
    names = {path.name for path, _ in found_in(tmp_path, wrapped.values())}
    assert names == {"lease"}, "the search works"
    assert {path.name for path, _ in found_in(tmp_path, [loot.keys.root])} >= {"state.db", "items", "keyring"}
    share, bundles = loot.running.share, _bundle_keys(loot)
    assert len(share) == 32
    assert len(bundles) == 2
    joint = [joint_key(bundle, share) for bundle in bundles]
    secrets = [share, *bundles, *joint, BADGE, *(page.key for page in loot.pages.values())]
    assert found_in(tmp_path, [*secrets, *(page.plain for page in loot.pages.values())]) == []


def test_nothing_in_the_keyring_opens_a_bundle_or_a_page_key(loot: Loot) -> None:
    """Every key of the device, and what those open, tried at every lock of the lease."""
    keys, lease = loot.keys, loot.kept.lease
    assert lease.exact() == loot.running.lease.exact()
    mark = hpke_open(lease.mark, keys.seal, mark_info(lease.kiosk, lease.number))
    device = [keys.sign.raw, keys.seal.raw, keys.cache_key]
    known = [*device, *(mark[at : at + 32] for at in range(len(mark) - 31)), lease.site_salt.ljust(32, b"\0")]
    known += [slot.seal_public for who in lease.operators for slot in who.slots]
    locks = 0
    for place, bundle in enumerate(lease.bundles):
        for person, box in bundle.sealed.items():
            for secret in known:
                locks += 1
                with pytest.raises(Untrusted):
                    hpke_open(box, SealKey(secret), bundle_info(lease.kiosk, lease.number, place, person))
        for wrapped in (*bundle.keys.values(), *bundle.admissible.values()):
            for secret in (*known, *(joint_key(one, other) for one in device for other in device)):
                locks += 1
                with pytest.raises(Damaged):
                    unwrap_key(wrapped, secret)
    assert {bundle.classification for bundle in lease.bundles} == set(CLASSES.values())
    assert {blob for bundle in lease.bundles for blob in bundle.keys} == loot.pages.keys()
    assert locks > 100


def test_badge_and_pin_open_the_standard_pages_and_the_share_the_restricted_ones(loot: Loot) -> None:
    """A true badge at a kiosk that was switched off and taken away; then at one that has met its hub."""
    away = loot.kept
    assert away.share == b""
    tag = find(away.lease, BADGE).tag
    assert try_pin(away.lease, tag, BADGE, "408216") is None
    opened = try_pin(away.lease, tag, BADGE, PIN)
    assert opened is not None
    found = readable(away, opened, Local(), CLOCK.now())
    assert [page.classification for page in found.pages] == [Classification.STANDARD] * 2
    assert found.withheld == {Reason.NEEDS_HUB: 2}
    assert {leaf.blob for leaf in keyed(away, opened, found.pages)} < loot.pages.keys()
    everything = readable(loot.running, opened, Local(), CLOCK.now()).pages
    assert len(everything) == len(loot.pages) == 4
    for share in (b"", bytes(32), loot.keys.cache_key):  # nor where the program were changed
        with pytest.raises(Damaged):
            keyed(replace(away, share=share), opened, everything)
    loot.kiosk.open()
    try:
        for leaf in keyed(loot.running, opened, everything):
            page = loot.pages[leaf.blob]
            assert (
                open_page(loot.kiosk.cache.get(leaf.blob), leaf.key, leaf.page, leaf.revision) == page.plain
            )
    finally:
        loot.kiosk.close_files()
