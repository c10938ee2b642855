"""Another station's pages at a kiosk for minutes: asked for there by two people, decided by the hub.

Real hub process over TLS, real sync, real engine and files; the test holds badges and pulls the plug.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.hub.agreements import withdraw
from app.hub.holders import body_of
from app.hub.review import Asked, Flag, review
from app.hub.schema import AssignmentRow, ChangeRow
from app.hub.schema_grants import GrantRow
from app.hub.settings import set_setting
from app.model.decide import Reason
from app.model.words import REASON_WORDS
from tests.kiosk.grants_rig import SUPERVISOR, WORKERS, Floor, furnish
from tests.kiosk.plant import CLOCK, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.wire.lease import PageInfo, Policy
    from tests.kiosk.plant import Hub

WORKER, OTHER = WORKERS["W-2"], WORKERS["W-3"]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    hub = furnish(tmp_path_factory.mktemp("plant"), admission_minutes=30, glass_minutes=30)
    yield hub
    hub.close()


@pytest.fixture
def floor(hub: Hub, tmp_path: Path) -> Iterator[Floor]:
    with Floor(hub, tmp_path) as floor:
        floor.until("the hub", lambda s: s.status.online and s.status.to_pull == 0)
        yield floor


def changes(floor: Floor, act: str) -> list[ChangeRow]:
    with floor.hub.store.read() as session:
        query = select(ChangeRow).where(ChangeRow.act == act, ChangeRow.subject == floor.kiosk.code)
        rows = list(session.scalars(query.order_by(ChangeRow.id)))
        session.expunge_all()
        return rows


def manifest(floor: Floor) -> tuple[PageInfo, ...]:
    """The pages of the lease in force."""
    holding = floor.parts.current.holding
    return () if holding is None else holding.manifest.pages


def held(floor: Floor) -> set[str]:
    return {page.document for page in manifest(floor)}


def policy(floor: Floor) -> Policy:
    holding = floor.parts.current.holding
    assert holding is not None
    return holding.lease.policy


def test_it_opens_the_other_stations_pages_for_its_time_and_nothing_of_them_remains(floor: Floor) -> None:
    floor.tap(WORKER)
    assert floor.refused() == "NOT_ASSIGNED"
    assert held(floor) == {"WI-100"}
    floor.break_glass(WORKER)
    session = floor.reads().session
    assert session is not None
    assert {leaf.document for leaf in session.leaves} == {"WI-500"}
    told = session.exceptional
    assert told is not None
    assert (told.kind, told.by, told.station) == ("glass", "Ada Byron", "ST-050")
    (grant,) = floor.grants()
    assert (grant.kind, grant.person, grant.by, grant.station, grant.reason, grant.wanted) == (
        *("break-glass", "W-2", "SUP-1", "ST-050", "Somebody is absent", []),
    )
    (change,) = changes(floor, "grant.break_glass")
    assert (change.by, change.after["person"], change.after["station"]) == ("SUP-1", "W-2", "ST-050")
    wait_for("the look at the hub", lambda: bool(floor.told("view.begin")))
    wait_for("the event beside the grant", lambda: floor.grants()[0].event is not None)
    assert floor.grants()[0].event == floor.told("grant.begin")[0].id
    with floor.hub.store.read() as asked:
        (case,) = [case for case in review(asked, Asked()) if case.person == "W-2"]
    assert {why.flag for why in case.why} == {Flag.GLASS}
    assert case.station == "ST-040", "what is reviewed is where it was seen"

    floor.restart()
    floor.tap(WORKER)
    floor.reads("the pages after a restart, by the worker's badge alone")
    blobs = [page.blob for page in manifest(floor) if page.document == "WI-500"]
    wait_for("the pages", lambda: floor.kiosk.cache.have().issuperset(blobs))
    with floor.hub.store.write() as writing:  # its time runs out sooner than the shortest that can be chosen
        writing.get_one(GrantRow, grant.id).end = CLOCK.now() + timedelta(seconds=2)
    screen = floor.until("the end", lambda s: s.session is None and s.notice is not None)
    assert screen.notice is not None
    assert screen.notice.code == "grant_over"
    wait_for("the lease without them", lambda: held(floor) == {"WI-100"})
    wait_for("their bytes gone", lambda: floor.kiosk.cache.have().isdisjoint(blobs))
    wait_for("the end on record", lambda: bool(floor.told("grant.end")))
    wait_for("the receipt", lambda: bool(floor.told("purged")))
    assert len(body_of(floor.told("purged")[-1].data)["pages"]) == len(blobs)
    floor.tap(WORKER)
    assert floor.refused() == "NOT_ASSIGNED"


def test_whoever_works_here_has_the_other_stations_pages_first_and_goes_on_with_his_own(floor: Floor) -> None:
    with floor.hub.store.write() as session:
        row = AssignmentRow(
            person="W-5", station="ST-040", start=CLOCK.now(), kind="relief", by="SUP-1", made=CLOCK.now()
        )
        session.add(row)
    floor.break_glass(WORKERS["W-5"])
    told = floor.until("both", lambda s: s.session is not None and len(s.session.leaves) == 5).session
    assert told is not None
    assert [leaf.document for leaf in told.leaves] == ["WI-500"] * 3 + ["WI-100"] * 2
    with floor.hub.store.write() as session:
        session.get_one(GrantRow, floor.grants()[0].id).end = CLOCK.now() + timedelta(seconds=1)
    screen = floor.until("the end", lambda s: s.session is not None and len(s.session.leaves) == 2)
    assert screen.session is not None
    assert screen.session.exceptional is None
    assert screen.notice is not None
    assert screen.notice.code == "grant_over"


def test_the_hub_refuses_in_words_and_it_is_on_record(floor: Floor) -> None:
    floor.change(lambda act: withdraw(act, person="W-4", client="C1", version="1"))
    floor.break_glass(WORKERS["W-4"])
    assert floor.refused() == "glass_refused"
    notice = floor.screens[-1].notice
    assert notice is not None
    words = REASON_WORDS[Reason.NO_AGREEMENT]
    assert words.says[1:] in notice.says
    assert notice.do == words.do
    (change,) = changes(floor, "grant.refuse")
    assert (change.by, change.after["person"], change.after["why"]) == ("SUP-1", "W-4", ["NO_AGREEMENT"])
    assert floor.grants() == []
    assert held(floor) == {"WI-100"}


def test_nobody_breaks_it_for_himself_and_no_worker_for_another(floor: Floor) -> None:
    floor.until("the offer", lambda s: s.grants == "glass")
    floor.engine.begin_grant()
    floor.until("the supervisor's turn", lambda s: s.offers == "cancel")
    floor.tap(OTHER)
    floor.until("the refusal", lambda s: s.notice is not None and s.notice.code == "NOT_SUPERVISOR")
    floor.engine.cancel()
    floor.break_glass(worker=SUPERVISOR)
    assert floor.refused() == "glass_refused"
    (change,) = changes(floor, "grant.refuse")
    assert change.after["why"][0] == "SELF_ADMISSION"


def test_a_hub_that_goes_away_in_the_middle_opens_nothing(floor: Floor) -> None:
    floor.break_glass("")
    floor.kiosk.plug.pull()
    floor.until("the outage", lambda s: not s.status.online)
    floor.tap(WORKERS["W-6"])
    assert floor.refused() == "glass_offline"
    floor.kiosk.plug.push()
    wait_for("the refusal on record", lambda: bool(floor.told("access.denied")))
    assert floor.told("access.denied")[-1].person == "W-6"
    assert floor.grants() == []


def test_without_the_hub_it_is_refused_with_the_reason(floor: Floor) -> None:
    floor.change(lambda act: set_setting(act, "admission_minutes", "0"))
    try:
        floor.until("the lease without admissions", lambda _s: not policy(floor).admission_minutes)
        floor.offline()
        floor.until("the offer", lambda s: s.grants == "glass")
        floor.engine.begin_grant()
        screen = floor.until("the refusal", lambda s: s.notice is not None)
        assert screen.notice is not None
        assert screen.notice.code == "glass_offline"
        assert "only while the hub is reachable" in screen.notice.says
        assert screen.offers != "cancel", "nothing has begun"
    finally:
        floor.change(lambda act: set_setting(act, "admission_minutes", "30"))
