"""An assignment ends while its worker reads: what stays on the screen for the grace, and what does not.

Real hub process over TLS, real sync, real engine and files; the test holds badges and moves the clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.hub.work import assign, unassign
from app.model.terms import AssignmentKind
from tests.kiosk.grants_rig import WORKERS, Floor, furnish

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.kiosk.view import Session
    from tests.kiosk.plant import Hub

WORKER = WORKERS["W-2"]
GRACE = 40


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    hub = furnish(tmp_path_factory.mktemp("plant"), grace_seconds=GRACE)
    yield hub
    hub.close()


@pytest.fixture
def floor(hub: Hub, tmp_path: Path) -> Iterator[Floor]:
    """W-2 reads the second page at ST-040, where they help."""
    with Floor(hub, tmp_path) as floor:
        floor.until("the hub", lambda s: s.status.online and s.status.to_pull == 0)
        join(floor)
        floor.tap(WORKER)
        floor.reads()
        floor.engine.turn_to(1)
        floor.until("the second page", lambda s: s.session is not None and s.session.current == 1)
        yield floor


def join(floor: Floor) -> None:
    lease = floor.lease
    floor.change(lambda act: assign(act, person="W-2", station="ST-040", kind=AssignmentKind.RELIEF))
    floor.until("the lease", lambda _screen: floor.lease > lease)


def leave(floor: Floor) -> None:
    floor.change(lambda act: unassign(act, person="W-2", station="ST-040"))


def session_of(floor: Floor) -> Session:
    session = floor.screens[-1].session
    assert session is not None
    return session


def told(floor: Floor) -> str:
    notice = floor.screens[-1].notice
    return "" if notice is None else notice.code


def test_the_page_in_hand_stays_for_the_grace_and_no_other(floor: Floor) -> None:
    page = session_of(floor).leaves[1]
    views = len(floor.told("view.begin"))
    leave(floor)
    floor.until("the message", lambda s: s.notice is not None and s.notice.code == "leaving")
    assert session_of(floor).leaves == (page,)
    floor.engine.turn_to(0)
    floor.kiosk.clock.hours = (GRACE - 25) / 3600
    screen = floor.until("less time", lambda s: s.notice is not None and " 30 " in s.notice.do)
    assert screen.session is not None
    assert screen.session.leaves == (page,)
    floor.kiosk.clock.hours = (GRACE + 1) / 3600
    floor.until("the end", lambda s: s.session is None and s.notice is not None)
    assert told(floor) == "NOT_ASSIGNED"
    floor.kiosk.clock.hours = 0
    assert len(floor.told("view.begin")) <= views + 2, "no look began in the grace"


def test_nobody_signs_in_by_the_grace_and_who_is_called_back_has_all_pages_again(floor: Floor) -> None:
    leave(floor)
    floor.until("the message", lambda s: s.notice is not None and s.notice.code == "leaving")
    floor.change(lambda act: assign(act, person="W-2", station="ST-040", kind=AssignmentKind.RELIEF))
    floor.until("all pages", lambda s: s.session is not None and len(s.session.leaves) == 2)
    assert told(floor) != "leaving"  # these pages are no PDFs, which may be said by now
    leave(floor)
    floor.until("the message", lambda s: s.notice is not None and s.notice.code == "leaving")
    floor.tap(WORKER)
    floor.until("the lock", lambda s: s.session is None)
    floor.tap(WORKER)
    assert floor.refused() == "NOT_ASSIGNED"
