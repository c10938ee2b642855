"""A revision that becomes effective: published at a real hub, read once at a kiosk, known at the other."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pymupdf
import pytest
from sqlalchemy import select

from app.hub.acting import Acting, actor
from app.hub.badges import issue, office
from app.hub.publish import Published, Wanted, publish
from app.hub.schema import Badge, EventRow
from app.kiosk.engine import Engine, Parts
from app.kiosk.session import DEBOUNCE_MS
from app.kiosk.supplies import ask_grant, hand_in
from app.kiosk.sync import Sync
from app.kiosk.view import Framing, Painting, Screen, Stage
from app.model.decide import Reason
from app.model.terms import Classification
from app.model.words import REASON_WORDS
from app.pages.maps import MapRow
from app.pages.renderer import Renderer
from app.wire.acts import check_act
from app.wire.messages import Event
from tests.kiosk.plant import CLOCK, FAST, Hub, Kiosk, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

GRACE, OTHER = "0417265500", "0417265501"


def draw(path: Path, *texts: str) -> Path:
    with pymupdf.open() as document:
        for number, text in enumerate(texts, 1):
            page = document.new_page(width=595, height=842)
            page.insert_text((60, 100), f"Step {number}", fontsize=20)
            page.insert_text((60, 160), text, fontsize=14)
        document.save(path)
    return path


FIRST = ("Open the battery door", "Torque to 0.25 newton metre", "Close the battery door")
SECOND = (FIRST[0], "Torque to 0.30 newton metre", FIRST[2], "Wipe the housing clean")


class Plant(Hub):
    """The hub, with document control."""

    def revise(self, revision: str, *texts: str) -> Published:
        """Publish a revision for ST-040, effective now."""

        @contextmanager
        def acting(session: object) -> Iterator[Acting]:
            with session as opened:  # type: ignore[attr-defined]
                yield Acting(opened, actor(opened, "SUP-1"), CLOCK.now())

        wanted = Wanted(
            pdf=draw(self.folder / f"{revision}.pdf", *texts),
            rows=(MapRow(1, len(texts), "ST-040", ""),), client="C1", part="P1", document="WI-300",
            revision=revision, classification=Classification.INTERNAL,
        )  # fmt: skip
        return publish(
            wanted, folder=self.home.path, wrap=self.home.keys.wrap,
            begin=lambda: acting(self.store.write()), rehearse=lambda: acting(self.store.rehearse()),
        )  # fmt: skip

    def told(self, kind: str) -> list[EventRow]:
        with self.store.read() as session:
            rows = list(session.scalars(select(EventRow).where(EventRow.kind == kind).order_by(EventRow.id)))
            session.expunge_all()
            return rows


class Front:
    """A kiosk's engine with its real sync; the test is badge reader and eyes."""

    def __init__(self, hub: Plant, folder: Path, code: str) -> None:
        self.kiosk = Kiosk(hub, folder, code)
        self.kiosk.enrol()
        self.supplies = self.kiosk.open()
        self.screens: list[Screen] = []
        self.paintings: list[Painting] = []
        self.start()

    def start(self) -> None:
        supplies = self.supplies
        self.parts = Parts(
            kiosk=self.kiosk.code, station=supplies.keys.station, clock=CLOCK, journal=supplies.outbox,
            renderer=Renderer(), blobs=supplies.cache, holding=None,
            make_sync=lambda engine: Sync(engine, supplies, timing=FAST),
            local=lambda: supplies.state.local(CLOCK.moment()), tries=supplies.state,
            done=supplies.state.done, hand_in=lambda request: hand_in(supplies, request), close=lambda: None,
            grants=supplies.state, ask_grant=lambda request: ask_grant(supplies, request),
        )  # fmt: skip
        self.engine = Engine(lambda: self.parts)
        self.engine.listen(self.screens.append, self._painted)
        self.engine.frame(Framing(400, 600))

    def _painted(self, painting: Painting) -> None:
        self.paintings.append(painting)
        painting.pixels.release()

    def until(self, what: str, seen: Callable[[Screen], bool]) -> Screen:
        wait_for(what, lambda: bool(self.screens) and seen(self.screens[-1]), 40)
        return self.screens[-1]

    def pulled(self, number: int) -> None:
        """Wait for a lease with at least this number, and its pages."""
        wait_for("the lease", lambda: self.held() >= number, 40)
        wait_for("its pages", lambda: self.screens[-1].status.to_pull == 0, 40)

    def held(self) -> int:
        holding = self.parts.current.holding
        return 0 if holding is None else holding.lease.number

    def tap(self, badge: str = GRACE) -> None:
        time.sleep(DEBOUNCE_MS / 1000)  # sooner it is the same tap
        self.engine.tap(badge)

    def leaves(self) -> list[tuple[str, int]]:
        session = self.screens[-1].session
        return [] if session is None else [(leaf.revision, leaf.number) for leaf in session.leaves]

    def close(self) -> None:
        self.engine.close()
        self.kiosk.close_files()
        self.kiosk.plug.close()


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    hub = Plant(tmp_path)
    hub.add_operator("W-2", "Ada Lovelace", "ST-040")
    with hub.store.write() as session:
        acting = Acting(session, actor(session, "SUP-1"), CLOCK.now())
        for person, badge in (("W-1", GRACE), ("W-2", OTHER)):
            issue(acting, office(hub.home.keys, hub.home.site_salt), person=person, badge=badge)
    hub.revise("A", *FIRST)
    hub.serve()
    yield hub
    hub.close()


def test_what_changed_is_read_once_by_each_person_and_nobody_is_interrupted(
    plant: Plant, tmp_path: Path
) -> None:
    here, there = Front(plant, tmp_path, "K-1"), Front(plant, tmp_path, "K-2")
    try:
        here.pulled(1)
        here.tap()
        here.until("revision A", lambda s: s.session is not None)
        here.engine.turn_to(1)
        here.until("the torque", lambda s: s.session is not None and s.session.current == 1)

        told = plant.revise("B", *SECOND)
        assert (told.former, [(c.page, c.former) for c in told.changes]) == ("A", [(2, 2), (4, None)])

        # 1 the step is finished on the page that was there; nothing else of either revision is
        finishing = here.until("the news", lambda s: s.notice is not None and s.notice.code == "revised")
        assert here.leaves() == [("A", 2)]
        assert finishing.session is not None
        assert finishing.session.finishing
        unread = REASON_WORDS[Reason.CHANGE_UNREAD].says
        assert any(unread in sentence for sentence in finishing.session.withheld)
        assert {view.revision for view in plant.told("view.begin")} <= {"WI-300/A"}

        # 2 the next page is what changed: both revisions side by side, each look marked and on record
        here.paintings.clear()
        here.engine.turn_to(2)
        shown = here.until("what changed", lambda s: s.stage is Stage.CHANGES).session
        assert shown is not None
        assert shown.changes is not None
        changed, added = shown.changes.changes
        assert (shown.changes.former, shown.changes.revision, added.kind) == ("A", "B", "added")
        assert changed.gone
        assert changed.come
        leaves = shown.changes.leaves
        assert changed.old is not None
        assert changed.new is not None
        assert [(leaves[i].revision, leaves[i].number) for i in (changed.old, changed.new)] == [
            ("A", 2),
            ("B", 2),
        ]
        wait_for("both pages", lambda: {p.index for p in here.paintings} >= {changed.old, changed.new}, 40)
        tokens = {p.index: p.mark.token for p in here.paintings}
        assert tokens[changed.old] != tokens[changed.new]

        # 3 it cannot be confirmed before everything was in front
        here.engine.confirm_changes()
        here.engine.turn_to(1)
        here.until("the second", lambda s: s.session is not None and s.session.current == 1)
        assert here.screens[-1].stage is Stage.CHANGES
        assert not plant.told("change.read")
        here.engine.confirm_changes()
        here.until("revision B", lambda s: s.stage is Stage.STATION)
        assert here.leaves() == [("B", number) for number in (1, 2, 3, 4)]

        # 4 the hub has it, signed by the person's own key
        wait_for("the confirmation", lambda: plant.told("change.read"), 40)
        (read,) = plant.told("change.read")
        assert (read.person, read.revision, read.client) == ("W-1", "WI-300/B", "C1")
        event = Event.read(read.data)
        assert (event.body["former"], event.body["changes"]) == ("A", 2)
        with plant.store.read() as session:
            keys = set(session.scalars(select(Badge.sign_public).where(Badge.person == "W-1", Badge.active)))
        assert check_act(event) in keys
        views = plant.told("view.begin")
        assert [v.revision for v in views].count("WI-300/A") >= 3  # twice at work, once beside its successor

        # 5 the other kiosk knows, by its lease; who has not read is asked there as well
        def knows() -> bool:
            holding = there.parts.current.holding
            return holding is not None and any(
                operator.person == "W-1" and "WI-300/B" in operator.has_read
                for operator in holding.lease.operators
            )

        wait_for("the lease that says so", knows, 40)
        wait_for("its pages", lambda: there.screens[-1].status.to_pull == 0, 40)
        there.tap()
        there.until("revision B", lambda s: s.stage is Stage.STATION)
        there.tap(OTHER)
        there.until("what changed", lambda s: s.stage is Stage.CHANGES)

        # 6 without the hub and after a restart this kiosk knows, too
        here.engine.close()
        here.kiosk.plug.pull()
        here.kiosk.close_files()
        here.supplies = here.kiosk.open()
        assert ("W-1", "WI-300/B") in here.supplies.state.local(CLOCK.moment())["read"]
    finally:
        here.close()
        there.close()


def test_the_same_pages_again_are_nothing_to_read(plant: Plant, tmp_path: Path) -> None:
    front = Front(plant, tmp_path, "K-3")
    try:
        assert plant.revise("C", *FIRST).changes == []
        front.pulled(1)
        front.tap()
        front.until("revision C", lambda s: s.stage is Stage.STATION)
        assert front.leaves() == [("C", number) for number in (1, 2, 3)]
    finally:
        front.close()
