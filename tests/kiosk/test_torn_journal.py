"""A record in the journal does not read: nothing behind it reaches the hub, which is told in other ways."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from sqlalchemy import select

from app.hub.schema import AlarmRow
from app.kiosk.enrol import Enrolment
from app.kiosk.outbox import Draft
from app.kiosk.self_watch import SelfWatch
from app.kiosk.state import State
from app.model.errors import Damaged
from app.model.terms import KioskStatus
from app.wire.messages import EventKind
from tests.kiosk.journals import Ear, moment, opened
from tests.kiosk.journals import look as journal_look
from tests.kiosk.plant import CLOCK, FAST, Hub, Kiosk, wait_for
from tests.kiosk.test_outbox_faults import PAGE
from tests.kiosk.test_outbox_faults import damage as damage_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.kiosk.supplies import Supplies
    from tests.kiosk.secret_service import SecretService


@pytest.fixture
def kiosk(hub: Hub, tmp_path: Path) -> Iterator[Kiosk]:
    kiosk = Kiosk(hub, tmp_path, hub.next_kiosk())
    yield kiosk
    kiosk.close()


def damage(kiosk: Kiosk, kept: int) -> int:
    """Turn a bit in the first record that waits after ``kept`` others; returns its number."""
    with closing(sqlite3.connect(kiosk.places.outbox)) as db, db:
        number, box = db.execute(
            "SELECT seq, box FROM event ORDER BY journal, seq LIMIT 1 OFFSET ?", (kept,)
        ).fetchone()
        changed = bytes([box[0] ^ 4]) + box[1:]
        db.execute("UPDATE event SET box = ? WHERE seq = ?", (changed, number))
    return int(number)


def look(kiosk: Kiosk, count: int) -> None:
    kiosk.outbox.append([Draft(EventKind.VIEW_BEGIN, client="C1", person="W-1")] * count, CLOCK.moment())


def alarms(kiosk: Kiosk) -> list[tuple[str, object]]:
    with kiosk.hub.store.read() as session:
        rows = session.execute(select(AlarmRow.kind, AlarmRow.detail).where(AlarmRow.kiosk == kiosk.code))
        return [(kind, detail) for kind, detail in rows]


def test_a_record_that_does_not_read_is_an_alarm_at_the_hub_once_in_its_epoch(kiosk: Kiosk) -> None:
    kiosk.enrol()
    kiosk.start()
    wait_for("pages and journal", kiosk.settled)
    kiosk.stop()
    kiosk.open()
    look(kiosk, 5)
    kiosk.close_files()
    damage(kiosk, 2)
    for _ in range(2):  # over a restart, too
        kiosk.begin(kiosk.open(), replace(FAST, report=0.1))
        wait_for("the sentence", lambda: "is damaged" in str(kiosk.doors.status.get("trouble")))
        wait_for("the alarm", lambda: alarms(kiosk))
        before = kiosk.hub.row(kiosk.code).counter
        wait_for("the report", lambda n=before: kiosk.hub.row(kiosk.code).counter > n + 2)
        assert kiosk.hub.row(kiosk.code).waiting == 3
        kiosk.stop()
    assert alarms(kiosk) == [("journal_damaged", {"epoch": 1})]
    assert kiosk.hub.events(kiosk.code)[-1][1:] == (3, "view.begin")  # the two that read


def test_damage_found_while_the_kiosk_runs_is_an_incident_once(tmp_path: Path) -> None:
    path, noted = tmp_path / "outbox.db", list[dict[str, Any]]()
    outbox = opened(path)
    for number in range(5):  # more than SQLite keeps in memory
        outbox.append([journal_look([number, part]) for part in range(700)], moment(number))
    outbox.close()
    with State(tmp_path / "state.db", bytes(range(32))) as state, closing(opened(path)) as running:
        supplies = SimpleNamespace(outbox=running, state=state, clock=CLOCK)
        watch = SelfWatch(
            cast("Supplies", supplies), lambda kind, **body: noted.append({"kind": kind, **body}) or True
        )
        watch.look()
        assert noted == []
        damage_page(path, path.stat().st_size // 2 // PAGE * PAGE, PAGE)
        with pytest.raises(Damaged):
            Ear().drain(running)
        for _ in range(2):
            watch.look()
        assert running.salvaged is not None
        kept, lost = running.salvaged.kept, running.salvaged.lost
    assert noted == [{"kind": EventKind.INCIDENT, "what": "journal damaged", "kept": kept, "lost": lost}]
    assert lost


def test_an_epoch_that_cannot_be_handed_over_to_its_end_is_told_in_the_next(
    hub: Hub, kiosk: Kiosk, secret_service: SecretService
) -> None:
    def enrol() -> None:
        Enrolment.at(kiosk.places, CLOCK).ask(kiosk.sheet(hub.code(kiosk.code)))
        hub.set_status(KioskStatus.ACTIVE, kiosk.code)

    enrol()
    kiosk.start_and_end()
    kiosk.start_and_end()
    first = damage(kiosk, 0)
    enrol()
    _, events = kiosk.start_and_end()
    told = [event.body for event in events if event.kind is EventKind.INCIDENT]
    assert told == [{"what": "journal torn", "epoch": 1, "from": first, "to": 2}]
    assert {event.epoch for event in events} == {2}
