"""Looks of which only the announcement is on record (the kiosk stopped): whoever asks is told of them."""

from __future__ import annotations

import csv
import io
from types import SimpleNamespace

from sqlalchemy import text

from app.hub.evidence_facts import scope
from app.hub.given import recount
from app.wire.messages import EventKind
from tests.hub.test_admin_events import event, keep
from tests.hub.test_admin_exposure import hub  # noqa: F401 (a fixture)


def on_record(desk, *kinds):
    """OP-2, whom nobody assigned to ST-020, and page 3."""
    (page,) = (page for number, page in desk.rows("SELECT number, page FROM page") if number == 3)
    view = {"person": "OP-2", "station": "ST-020", "client": "C1", "revision": "WI-100/A", "page": page}
    keep(desk, *(event(10 + at, kind, minutes=at, **view) for at, kind in enumerate(kinds)))
    with desk.store().write() as session:
        recount(session)


def test_it_is_among_the_pages_given_and_no_view_is_counted_for_it(hub):  # noqa: F811
    on_record(hub, EventKind.VIEW_ANNOUNCED, EventKind.VIEW_BEGIN)
    rows = csv.DictReader(io.StringIO(hub.done("exposure", "pages", "person", "OP-2", "C1", "--csv")))
    (row,) = (row for row in rows if row["page"] == "3")
    assert row["views"] == "1"


def test_the_review_asks_why_it_may_have_been_shown(hub):  # noqa: F811
    on_record(hub, EventKind.VIEW_ANNOUNCED)
    assert "OP-2" in hub.done("review", "list")


def test_the_evidence_has_what_is_said_of_its_person_and_station(hub):  # noqa: F811
    on_record(hub, EventKind.VIEW_ANNOUNCED)
    store = hub.store()
    with store.write() as session:
        session.execute(text("UPDATE event SET client_index = id WHERE client = 'C1'"))
    with store.read() as session:
        of = scope(session, SimpleNamespace(client="C1", first=0, last=10**6))
    store.close()
    assert "OP-2" in of.people
    assert "ST-020" in of.stations
