"""The maintained record of exposure: equal to the slow count from the events, whatever is delivered."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from app.hub.acting import actor
from app.hub.exposure_report import exposure, pages_given
from app.hub.foresee import foresee
from app.hub.given import counted, differences, kept, recount
from app.hub.schema import Client, PersonRow, RevisionRow, StationRow
from app.hub.schema_exposure import ExposureRow
from app.hub.stages import split
from app.model.decide import Reason
from app.model.exposure import Share, bits, numbers, pack, unpack
from app.model.terms import Classification
from app.seal.encoding import sha256
from app.wire.messages import EventKind
from tests.hub_api.plant import NOW

if TYPE_CHECKING:
    from tests.hub_api.plant import Device, Plant

TEXTS = [b"page %d" % number for number in range(6)]
_NUMBERS = itertools.count(100)
PAGES = [sha256(text) for text in TEXTS]


@given(st.sets(st.integers(0, 500)))
def test_a_set_of_pages_is_kept_whole(pages: set[int]) -> None:
    assert set(numbers(unpack(pack(bits(pages))))) == pages


@given(
    st.integers(1, 300).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of), st.integers(1, 100)))
)
def test_a_share_over_its_limit_never_reads_as_within_it(case: tuple[int, int, int]) -> None:
    seen, of, limit = case
    share = Share(seen, of)
    assert (share.percent == 100) == (seen == of)
    if share.beyond(limit) and limit < 99:
        assert share.percent > limit
    if not share.beyond(limit):
        assert share.percent <= limit


@pytest.fixture
def furnished(plant: Plant) -> Plant:
    """ACME's pump: pages 0 and 1 at ST-1, 2 and 3 at ST-2, 4 at both; page 5 is not confidential."""
    with plant.writing():
        plant.publish(
            "WI-1", "PUMP",
            [(TEXTS[0], ["ST-1"]), (TEXTS[1], ["ST-1"]), (TEXTS[2], ["ST-2"]), (TEXTS[3], ["ST-2"])],
        )  # fmt: skip
        plant.publish("WI-2", "PUMP", [(TEXTS[5], ["ALL"])], classification=Classification.INTERNAL)
    return plant


def _see(kiosk: Device, person: str, *pages: int, station: str = "ST-1", **more: object) -> None:
    for page in pages:
        reply = kiosk.deliver(kiosk.write(person=person, page=PAGES[page], station=station, **more))
        assert reply.status_code == 200


_SEEN = st.tuples(
    st.sampled_from(["P-1", "P-2", ""]), st.sampled_from(["ACME", "BOLT", ""]), st.sampled_from(PAGES),
    st.sampled_from(["ST-1", "ST-2", ""]), st.sampled_from([EventKind.VIEW_BEGIN, EventKind.VIEW_END]),
)  # fmt: skip


@given(st.lists(st.lists(_SEEN, min_size=1, max_size=8), min_size=1, max_size=6))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_record_equals_the_slow_count(
    furnished: Plant, batches: list[list[tuple[str, str, str, str, EventKind]]]
) -> None:
    kiosk = furnished.kiosk(f"K-{next(_NUMBERS)}", "ST-1")
    for batch in batches:
        for person, client, page, station, kind in batch:
            reply = kiosk.deliver(
                kiosk.write(person=person, client=client, page=page, station=station, kind=kind)
            )
            assert reply.status_code == 200
    with furnished.store.read() as session:
        assert kept(session) == counted(session)
        assert differences(session) == []
        table = exposure(session, "person", ["ACME"])
        slow = counted(session)
        for row in table.rows:
            seen = slow["ACME", "person", row.code] & set(PAGES[:4])
            assert row.shares == (Share(len(seen), 4), Share(len(seen), 4))


def test_a_record_that_was_changed_by_hand_is_found_and_counted_anew(furnished: Plant) -> None:
    kiosk = furnished.kiosk("K-1", "ST-1")
    _see(kiosk, "P-1", 0, 1)
    with furnished.store.write() as session:
        session.execute(delete(ExposureRow).where(ExposureRow.kind == "person"))
    with furnished.store.read() as session:
        assert differences(session) == [("ACME", "person", "P-1")]
    with furnished.store.write() as session:
        recount(session)
        assert differences(session) == []


def test_an_older_hub_is_counted_when_its_schema_is_brought_up(furnished: Plant) -> None:
    kiosk = furnished.kiosk("K-1", "ST-1")
    _see(kiosk, "P-1", 0, 1)
    _see(kiosk, "P-2", 2, station="ST-2")
    with furnished.store.read() as session:
        before = kept(session)
    furnished.store.downgrade("0015")
    furnished.store.upgrade()
    with furnished.store.read() as session:
        assert kept(session) == before == counted(session)


def test_the_table_follows_revisions_and_tells_of_lines_and_the_site(furnished: Plant) -> None:
    furnished.line("L2")
    furnished.station("ST-9", "L2", ["PUMP"])
    first, second = furnished.kiosk("K-1", "ST-1"), furnished.kiosk("K-9", "ST-9")
    _see(first, "P-1", 0, 1, 5)
    _see(second, "P-2", 2, station="ST-9")
    with furnished.store.read() as session:
        shares = {
            kind: {row.code: row.shares[0] for row in exposure(session, kind).rows}
            for kind in ("person", "kiosk", "line", "site")
        }
        told = pages_given(session, "person", "P-1", "ACME")
    assert shares == {
        "person": {"P-1": Share(2, 4), "P-2": Share(1, 4)}, "kiosk": {"K-1": Share(2, 4), "K-9": Share(1, 4)},
        "line": {"L1": Share(2, 4), "L2": Share(1, 4)}, "site": {"S1": Share(3, 4)},
    }  # fmt: skip
    assert [(page.number, page.given, page.views) for page in told] == [
        (1, True, 1), (2, True, 1), (3, False, None), (4, False, None),
    ]  # fmt: skip
    with furnished.writing() as session:
        session.query(RevisionRow).filter_by(document="WI-1").update({"status": "superseded"})
    furnished.publish("WI-1", "PUMP", [(TEXTS[0], ["ST-1"]), (b"new", ["ST-1"])], label="B")
    with furnished.store.read() as session:
        assert {row.code: row.shares[0] for row in exposure(session, "person").rows} == {"P-1": Share(1, 2)}


def _withheld(kiosk: Device) -> set[Reason]:
    lease, _, _ = kiosk.lease()
    return {reason for operator in lease.operators for reason in dict(operator.withheld)}


@pytest.mark.parametrize(("limit", "others"), [("line_limit", False), ("site_limit", True)])
def test_a_line_or_a_site_that_was_given_too_much_is_closed(
    furnished: Plant, limit: str, others: bool
) -> None:
    furnished.line("L2")
    furnished.station("ST-9", "L2", ["PUMP"])
    furnished.publish("WI-9", "PUMP", [(b"nine", ["ST-9"])])
    furnished.change(Client, "ACME", **{limit: 40})
    furnished.assign("P-1", "ST-9")
    kiosk, far = furnished.kiosk("K-1", "ST-1"), furnished.kiosk("K-9", "ST-9")
    _see(kiosk, "P-1", 0, 1)
    assert _withheld(kiosk) == set()
    _see(kiosk, "P-2", 2, station="ST-2")
    assert _withheld(kiosk) == {Reason.EXPOSURE_LIMIT}
    assert _withheld(far) == ({Reason.EXPOSURE_LIMIT} if others else set())


def test_what_would_change_is_what_comes_of_it(furnished: Plant) -> None:
    furnished.change(Client, "ACME", exposure_limit=60)
    kiosk = furnished.kiosk("K-2", "ST-2")
    _see(kiosk, "P-1", 0, 1, station="ST-1")
    with furnished.store.read() as session:
        by, person = actor(session, "SUP-1"), session.get_one(PersonRow, "P-1")
        (outlook,) = foresee(session, by, person, NOW, only=("ST-2",))
    told = {one.kind: (one.now, one.then, one.breaks) for one in outlook.exposure}
    assert told == {
        "person": (50, 100, True), "kiosk": (50, 100, True), "line": (50, 100, False),
        "site": (50, 100, False),
    }  # fmt: skip
    assert outlook.breaks.startswith(
        "This person would then have been given 100 % of ACME Medical's confidential pages; the limit is "
    )
    _see(kiosk, "P-1", 2, 3, station="ST-2")
    with furnished.store.read() as session:
        after = {kind: exposure(session, kind).rows[0].shares[0].percent for kind in told}
    assert after == {kind: then for kind, (_, then, _) in told.items()}


def test_a_split_is_broken_by_pages_people_kiosks_and_lines(furnished: Plant) -> None:
    stages = {"ST-1": "A", "ST-2": "B"}

    def found() -> set[tuple[str, str]]:
        with furnished.store.read() as session:
            return {(one.kind, one.code) for one in split(session, "PUMP", NOW, stages).breaks}

    assert found() == {("line", "L1")}
    furnished.line("L2")
    with furnished.writing() as session:
        session.get_one(StationRow, "ST-2").line = "L2"
    assert found() == set()
    furnished.publish("WI-4", "PUMP", [(TEXTS[4], ["ST-1", "ST-2"])])
    assert found() == {("page", "WI-4/A p. 1")}
    kiosk = furnished.kiosk("K-1", "ST-1")
    _see(kiosk, "P-1", 0, 4)
    assert found() == {("page", "WI-4/A p. 1")}
    _see(kiosk, "P-1", 2)
    broken = {("page", "WI-4/A p. 1"), ("person", "P-1"), ("kiosk", "K-1"), ("station", "ST-1")}
    assert found() == broken
    furnished.assign("P-2", "ST-1", start=NOW, end=None)
    assert found() == broken | {("person", "P-2")}
    with furnished.store.read() as session:
        by_line = split(session, "PUMP", NOW)
    assert by_line.stages == {"L1": 3, "L2": 3}
