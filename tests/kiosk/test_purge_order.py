"""Purge orders, hub and kiosk both real: what is locked down goes before any lease is asked for."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from app.cli.main import main
from app.hub.receipts import Outcome, Revoked, Wanted, receipts
from app.hub.schema import EventRow, RevocationRow
from app.kiosk.contact import Contact
from app.kiosk.lease_check import open_lease
from app.kiosk.purge import owed_for
from app.kiosk.purge_order import ORDER_AGE, cut, open_kept
from app.kiosk.supplies import identity
from app.model.errors import Untrusted
from app.model.terms import Classification
from app.seal.dsse import open_envelope, sign_envelope
from app.seal.encoding import b64
from app.seal.keys import SigningKey
from app.wire.desk import LockKind
from app.wire.lease import Bundle, OperatorInfo
from app.wire.orders import ORDER_TYPE, PurgeOrder
from tests.kiosk.leases import NOW, Desk, page
from tests.kiosk.plant import CLOCK, Hub, Kiosk, wait_for
from tests.kiosk.test_push import AT_REST

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.kiosk.access import Holding

REASON = ("--reason", "a test")


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    hub = Hub(tmp_path_factory.mktemp("ordering"))
    hub.publish("WI-100", pages=4)
    hub.publish("WI-200", pages=3)
    hub.serve()
    yield hub
    hub.close()


@pytest.fixture
def kiosk(hub: Hub, tmp_path: Path) -> Iterator[Kiosk]:
    """At rest: it would ask for a lease in an hour."""
    kiosk = Kiosk(hub, tmp_path, hub.next_kiosk())
    kiosk.enrol()
    kiosk.begin(kiosk.open(), AT_REST)
    wait_for("pages and journal", kiosk.settled)
    wait_for("the stream", lambda: kiosk.sync is not None and kiosk.sync.told_of_changes)
    yield kiosk
    kiosk.close()


def admin(hub: Hub, *words: str) -> None:
    assert main(["admin", "--hub", str(hub.home.path), "--as", "SUP-1", *words]) == 0


def found(kiosk: Kiosk) -> Revoked:
    with kiosk.hub.store.read() as session:
        return receipts(session, Wanted(kiosk=kiosk.code, all=True), CLOCK.now())[-1]


def confirmed(kiosk: Kiosk) -> None:
    def there() -> bool:
        return found(kiosk).holders[0].standing.outcome is Outcome.CONFIRMED

    wait_for("the receipt", there)


def journal(kiosk: Kiosk) -> list[dict[str, Any]]:
    """Every event that the hub holds of this kiosk."""
    with kiosk.hub.store.read() as session:
        query = select(EventRow.data).where(EventRow.kiosk == kiosk.code).order_by(EventRow.seq)
        return [json.loads(data) for data in session.scalars(query)]


def order(hub: Hub, *, key: SigningKey | None = None, **changes: Any) -> bytes:
    """The order of the newest revocation, or one like it."""
    with hub.store.read() as session:
        number = session.scalar(select(func.max(RevocationRow.id))) or 1
    said = {"site": "S1", "number": number, "kind": LockKind.REVISION, "code": "WI-200/A"}
    said |= {"issued": CLOCK.now(), **changes}
    return sign_envelope(ORDER_TYPE, PurgeOrder(**said).exact(), (key,) if key else hub.home.keys.signers)


def listed(holding: Holding | None) -> set[str]:
    assert holding is not None
    return {page.blob for page in holding.manifest.pages}


def test_a_lockdown_is_purged_and_said_before_a_lease_is_asked_for_which_then_says_the_same(
    hub: Hub, kiosk: Kiosk
) -> None:
    whole = kiosk.doors.holdings[-1]
    admin(hub, "revoke", "revision", "WI-200/A", *REASON)
    try:
        confirmed(kiosk)
        wait_for("the lease", lambda: journal(kiosk)[-1]["kind"] == "lease.accepted")
        purged, accepted = journal(kiosk)[-2:]
        assert (purged["kind"], purged["body"]["why"]) == ("purged", "order")
        assert purged["body"]["before"] == purged["body"]["after"] == accepted["body"]["number"] - 1
        assert len(purged["body"]["pages"]) == 3
        assert whole is not None
        left = kiosk.doors.holdings[kiosk.doors.holdings.index(whole) + 1 :]
        assert [len(listed(holding)) for holding in left] == [4, 4]  # cut, and as the hub decided
        assert listed(left[0]) == listed(left[1]) == kiosk.cache.have()
    finally:
        admin(hub, "restore", "revision", "WI-200/A", *REASON)
    wait_for("the pages to return", lambda: kiosk.settled() and len(kiosk.cache.have()) == 7)


def test_orders_that_are_forged_foreign_stale_or_replayed_take_nothing(hub: Hub, kiosk: Kiosk) -> None:
    admin(hub, "revoke", "revision", "WI-200/A", *REASON)
    replayed = order(hub)
    confirmed(kiosk)
    admin(hub, "restore", "revision", "WI-200/A", *REASON)
    wait_for("the pages to return", lambda: kiosk.settled() and len(kiosk.cache.have()) == 7)
    kiosk.stop()
    contact = Contact(kiosk.open(), kiosk.doors)
    try:
        waiting = kiosk.outbox.waiting()
        assert not contact.obey(replayed)  # what was given again since then stays
        assert kiosk.outbox.waiting() == waiting
        refused = [
            order(hub, number=900, key=SigningKey.generate()),
            order(hub, number=901, site="S2"),
            order(hub, number=902, issued=CLOCK.now() - ORDER_AGE - timedelta(seconds=9)),
            order(hub, number=903, issued=CLOCK.now() + timedelta(minutes=9)),
            order(hub, number=904)[:-9],
            b" " * 5000,
        ]
        assert [contact.obey(envelope) for envelope in refused] == [False] * 6
        assert kiosk.outbox.waiting() == waiting + 6  # each of them is on record
        assert len(kiosk.cache.have()) == 7
        assert contact.obey(order(hub, number=905))  # the same as it should be
        assert not contact.obey(order(hub, number=905))
        assert len(kiosk.cache.have()) == 4
    finally:
        contact.close()


def test_an_order_is_obeyed_without_the_hub_and_over_a_power_cut_and_told_when_it_is_back(
    hub: Hub, kiosk: Kiosk
) -> None:
    kiosk.stop()
    kiosk.plug.pull()
    admin(hub, "revoke", "revision", "WI-200/A", *REASON)
    try:
        supplies = kiosk.open()
        kept = kiosk.state.checked(identity(supplies.keys, supplies.trust))
        assert kept is not None
        said = PurgeOrder.read(open_envelope(order(hub), ORDER_TYPE, supplies.trust.lease_keys))
        left = cut(kept, said, supplies.keys.sign)
        assert left is not None
        kiosk.state.hold(left, owed_for(kept.holding, left.holding, "order", said.number))  # the power goes
        kiosk.close_files()
        supplies = kiosk.open()
        assert len(kiosk.cache.have()) == 7
        Contact(supplies, kiosk.doors).close()
        assert (len(kiosk.cache.have()), kiosk.state.owed, kiosk.outbox.waiting()) == (4, (), 1)
        assert listed(kiosk.state.holding(identity(supplies.keys, supplies.trust))) == kiosk.cache.have()
        kiosk.close_files()
        kiosk.plug.push()
        kiosk.begin(kiosk.open(), AT_REST)
        confirmed(kiosk)
    finally:
        admin(hub, "restore", "revision", "WI-200/A", *REASON)


def operator(person: str) -> OperatorInfo:
    return OperatorInfo(
        person=person, name=person, active=True, roles=(), ceiling=Classification.STANDARD, language="",
        agreements={}, training=(), assignments=(), slots=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "code", "pages", "people"),
    [
        (LockKind.REVISION, "WI-100/A", [], ["W-1", "W-2"]),
        (LockKind.REVISION, "WI-100/B", ["both", "one"], ["W-1", "W-2"]),
        (LockKind.CLIENT, "C1", [], ["W-1", "W-2"]),
        (LockKind.STATION, "ST-040", [], ["W-1", "W-2"]),
        (LockKind.STATION, "ST-050", ["both", "one"], ["W-1", "W-2"]),
        (LockKind.LINE, "L1", [], ["W-1", "W-2"]),
        (LockKind.PERSON, "W-1", ["both"], ["W-2"]),
        (LockKind.BADGE, "W-2", ["both", "one"], ["W-1"]),
        (LockKind.KIOSK, "K-2", ["both", "one"], ["W-1", "W-2"]),
    ],
)
def test_what_an_order_names_goes_with_its_keys_and_nothing_else(
    kind: LockKind, code: str, pages: list[str], people: list[str]
) -> None:
    desk, device = Desk(), SigningKey.generate()
    both, one = page("both"), page("one")
    bundles = tuple(
        Bundle(
            classification=both.classification,
            keys={each.blob: each.blob.encode()},
            sealed=dict.fromkeys(persons, b"key"),
        )
        for each, persons in ((both, ("W-1", "W-2")), (one, ("W-1",)))
    )
    operators = tuple(operator(person) for person in ("W-1", "W-2"))
    signed = desk.lease(3, both, one, bundles=bundles, operators=operators, order=6)
    checked = open_lease(signed.envelope, signed.manifest, identity=desk.identity)
    said = PurgeOrder(site="S1", number=7, kind=kind, code=code, issued=NOW)
    left = cut(checked, said, device)
    assert left is not None
    assert cut(left, said, device) is None
    assert cut(checked, said.model_copy(update={"number": 6}), device) is None
    who = replace(desk.identity, sign=device.public)
    kept = open_kept(left.envelope, left.manifest, who)
    assert (kept.holding, kept.mark) == (left.holding, checked.mark)
    lease, names = kept.holding.lease, {both.blob: "both", one.blob: "one"}
    assert [names[each.blob] for each in kept.holding.manifest.pages] == pages
    assert [names[blob] for bundle in lease.bundles for blob in bundle.keys] == pages
    assert [each.person for each in lease.operators] == people
    assert {person for bundle in lease.bundles for person in bundle.sealed} <= set(people)
    text = b64decode(json.loads(left.envelope)["payload"]).decode()
    assert [name for blob, name in names.items() if b64(blob.encode()) in text] == pages
    for other in (replace(who, sign=SigningKey.generate().public), desk.identity):
        with pytest.raises(Untrusted):
            open_kept(left.envelope, left.manifest, other)
    with pytest.raises(Untrusted):
        open_lease(left.envelope, left.manifest, identity=who)  # never from the wire
