"""Two people admit one of them while the hub is away; and what the hub makes of it when it is back.

Real hub process over TLS, real sync, real engine and files; the test holds badges and pulls the plug.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.hub.agreements import withdraw
from app.hub.people import deactivate
from app.hub.review import Asked, Flag, review
from app.hub.settings import set_setting
from app.kiosk import access
from app.kiosk.access import Opened
from app.kiosk.view import Stage
from app.model.errors import Damaged
from tests.kiosk.grants_rig import SUPERVISOR, WORKERS, Floor, furnish
from tests.kiosk.plant import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.hub.acting import Acting
    from app.hub.lookup import Outcome
    from tests.kiosk.plant import Hub


WORKER, OTHER = WORKERS["W-2"], WORKERS["W-3"]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    hub = furnish(tmp_path_factory.mktemp("plant"), admission_minutes=30)
    yield hub
    hub.close()


@pytest.fixture
def floor(hub: Hub, tmp_path: Path) -> Iterator[Floor]:
    with Floor(hub, tmp_path) as floor:
        yield floor


def test_an_admission_survives_a_restart_is_confirmed_and_the_session_goes_on(floor: Floor) -> None:
    floor.until("the hub", lambda s: s.status.online)
    assert floor.screens[-1].grants == "", "with the hub people are assigned at the board"
    floor.tap(WORKER)
    assert floor.refused() == "NOT_ASSIGNED"
    floor.offline()
    before = floor.lease
    floor.admit(WORKER)
    session = floor.reads().session
    assert session is not None
    assert {leaf.document for leaf in session.leaves} == {"WI-100"}
    assert session.exceptional is not None
    assert (session.exceptional.kind, session.exceptional.by) == ("admission", "Ada Byron")

    floor.restart()
    floor.tap(WORKER)
    floor.reads("the pages after the restart, by the worker's badge alone")
    assert not floor.screens[-1].status.online

    floor.kiosk.plug.push()
    wait_for("the hub's word", lambda: len(floor.grants()) == 1)
    wait_for("the lease that has it", lambda: floor.lease > before)
    wait_for("the journal", lambda: floor.kiosk.outbox.waiting() == 0)
    (grant,) = floor.grants()
    assert (grant.person, grant.by, grant.station, grant.wanted) == ("W-2", "SUP-1", "ST-040", [])
    assert grant.reason == "Somebody is absent"
    (began,) = floor.told("grant.begin")
    assert (began.person, began.station, grant.event) == ("W-2", "ST-040", began.id)
    assert floor.screens[-1].session is not None, "whoever was admitted reads on when the hub is back"
    assert floor.told("session.end")[-1].seq < floor.told("session.begin")[-1].seq
    with floor.hub.store.read() as session_:
        (case,) = [case for case in review(session_, Asked()) if case.person == "W-2"]
    assert {why.flag for why in case.why} == {Flag.ADMITTED}


def test_it_ends_at_its_time_and_its_end_is_on_record(floor: Floor) -> None:
    floor.offline()
    floor.admit(WORKER)
    floor.reads()
    floor.kiosk.clock.hours = 0.4
    screen = floor.until("the end", lambda s: s.session is None and s.notice is not None)
    assert screen.notice is not None
    assert screen.notice.code == "grant_over"
    floor.tap(WORKER)
    assert floor.refused() == "NOT_ASSIGNED"
    assert floor.kiosk.state.own_grants == ()
    floor.kiosk.clock.hours = 0
    floor.kiosk.plug.push()
    wait_for("the journal", lambda: len(floor.told("grant.end")) == 1)


@pytest.mark.parametrize(
    ("person", "change", "why"),
    [
        ("W-4", lambda act: withdraw(act, person="W-4", client="C1", version="1"), "NO_AGREEMENT"),
        ("W-5", lambda act: deactivate(act, "W-5"), "PERSON_REVOKED"),
        ("W-6", lambda act: set_setting(act, "admission_minutes", "14"), "GRANT_NOT_ALLOWED"),
    ],
)
def test_the_hub_finds_it_wanted_ends_it_and_loses_no_event(
    floor: Floor, person: str, change: Callable[[Acting], Outcome], why: str
) -> None:
    floor.offline()
    floor.admit(WORKERS[person], minutes=1)
    floor.reads()
    floor.change(change)
    floor.kiosk.plug.push()
    floor.until("the end of the session", lambda s: s.session is None)
    wait_for("the journal", lambda: bool(floor.told("grant.end")) and floor.kiosk.outbox.waiting() == 0)
    floor.change(lambda act: set_setting(act, "admission_minutes", "30"))
    (grant,) = floor.grants()
    assert grant.wanted == [why]
    (alarm,) = floor.alarms("admission_wanted")
    assert (alarm["person"], alarm["by"], alarm["why"]) == (person, "SUP-1", [why])
    assert [row.person for row in floor.told("view.begin")] == [person], "what was seen stays on record"
    wait_for("it to be forgotten", lambda: floor.kiosk.state.own_grants == ())
    with floor.hub.store.read() as session:
        (case,) = [case for case in review(session, Asked()) if case.person == person]
    assert {found.flag for found in case.why} == {Flag.WANTED}


def test_nobody_admits_himself_and_no_worker_admits_another(floor: Floor) -> None:
    floor.offline()
    floor.engine.begin_grant()
    floor.until("the supervisor's turn", lambda s: s.offers == "cancel")
    floor.tap(OTHER)
    floor.until("the refusal", lambda s: s.notice is not None and s.notice.code == "NOT_SUPERVISOR")
    floor.engine.cancel()
    floor.until("the badge screen", lambda s: s.grants == "admission")
    floor.admit(worker=SUPERVISOR)
    assert floor.refused() == "SELF_ADMISSION"
    assert floor.kiosk.state.own_grants == ()
    assert floor.screens[-1].stage is Stage.BADGE


def test_neither_badge_alone_opens_a_page_even_where_decide_is_bypassed(floor: Floor) -> None:
    floor.offline()
    holding = floor.parts.current.holding
    assert holding is not None
    pages = tuple(page for page in holding.manifest.pages if "ST-040" in page.stations)
    found = {badge: access.find(holding.lease, badge).opened for badge in (SUPERVISOR, WORKER)}
    for opened in found.values():
        assert isinstance(opened, Opened)
        with pytest.raises(Damaged):
            access.keyed(holding, opened, pages)
    floor.admit(WORKER)
    floor.reads()
    (grant,) = floor.kiosk.state.own_grants
    worker, supervisor = found[WORKER], found[SUPERVISOR]
    assert worker is not None
    assert supervisor is not None
    assert len(access.keyed(holding, worker, pages, (grant,))) == len(pages)
    for opened in (supervisor, access.find(holding.lease, OTHER).opened):
        assert opened is not None
        with pytest.raises(Damaged):
            access.keyed(holding, opened, pages, (grant,))
