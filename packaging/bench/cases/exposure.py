"""Exposure of 5,000 people × 2,000 pages from the maintained record, over a long log.

The events are inserted in bulk, without signatures and logs, and noted as the hub notes accepted ones: only
the columns that exposure is counted from matter here. ``STATIONLEAF_EXPOSURE_EVENTS`` scales them down.
"""

from __future__ import annotations

import os
import random
import sys
from datetime import UTC, datetime, timedelta
from time import perf_counter

from sqlalchemy import insert

from app.hub.exposure_report import exposure
from app.hub.given import differences, note
from app.hub.schema import Blob, Client, Document, PageRow, Part, RevisionRow
from app.hub.store import Store
from app.wire.messages import EventKind
from bench.registry import Result, bench
from bench.stats import Samples
from bench.workspace import scratch

PEOPLE, PAGES = 5_000, 2_000
EVENTS = int(os.environ.get("STATIONLEAF_EXPOSURE_EVENTS", "10000000"))
BATCH, ROUNDS = 50_000, 9
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
REST = (
    EventKind.VIEW_BEGIN.value, "C1", "WI-1/A", 1, "", b"", b"", f"{BEGAN:%Y-%m-%d %H:%M:%S.%f}", "", "",
)  # fmt: skip
COLUMNS = (
    "kiosk", "station", "person", "page", "seq", "wall",
    "kind", "client", "revision", "epoch", "hash", "data", "signature", "received", "unit", "work_order",
)  # fmt: skip


@bench("exposure of all people", unit="s", to_reach=1.0)
def all_people() -> Result:
    """The whole table of shares, read anew each time; it must equal the count of all events."""
    with scratch() as folder:
        url = f"sqlite:///{folder / 'hub.db'}"
        store = Store(url)
        try:
            store.upgrade()
            _fill(store)
            taken, people = [], 0
            for _ in range(ROUNDS):
                fresh = Store(url)  # that remembers nothing
                with fresh.read() as session:
                    begun = perf_counter()
                    table = exposure(session, "person")
                    taken.append(perf_counter() - begun)
                people = len(table.rows)
                fresh.close()
            begun = perf_counter()
            with store.read() as session:
                wrong = differences(session)
            slow = perf_counter() - begun
        finally:
            store.close()
    if wrong or people != PEOPLE:
        raise RuntimeError(f"{len(wrong)} records differ from the slow count; {people} people")
    samples = Samples(tuple(taken))
    return Result(samples.median, samples=samples, more={"events": EVENTS, "slow count, s": slow})


def _fill(store: Store) -> None:
    digits = [f"{number:064x}" for number in range(PAGES)]
    with store.write() as session:
        session.add(Client(code="C1", name="Client", agreement_version="1"))
        session.flush()
        session.add(Part(code="P-1", client="C1", name="Part"))
        session.flush()
        session.add(Document(code="WI-1", part="P-1"))
        session.flush()
        revision = RevisionRow(
            document="WI-1", label="A", status="effective", classification="standard", source="0" * 64,
            map_hash="0" * 64, published=BEGAN, by="bench", report={},
        )  # fmt: skip
        session.add_all([revision, Blob(hash="0" * 64, size=0, data=b"")])
        session.flush()
        page = {"revision": revision.id, "blob": "0" * 64, "key": b"", "label": "", "width_mpt": 1,
                "height_mpt": 1, "cost_us": 1, "form": "as drawn"}  # fmt: skip
        rows = [{**page, "number": number, "page": digit} for number, digit in enumerate(digits, 1)]
        session.execute(insert(PageRow), rows)
    chance = random.Random(7)  # noqa: S311 (which page, not a secret)
    into = f"INSERT INTO event ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
    for first in range(0, EVENTS, BATCH):
        events = [
            (
                f"K-{number % 1000}", f"ST-{number % 200}", f"OP-{number % PEOPLE}",
                digits[chance.randrange(PAGES)], number,
                f"{BEGAN + timedelta(seconds=number):%Y-%m-%d %H:%M:%S.%f}", *REST,
            )
            for number in range(first, min(first + BATCH, EVENTS))
        ]  # fmt: skip
        with store.write() as session:
            connection = session.connection()
            connection.exec_driver_sql("PRAGMA cache_size = -400000")  # the indexes are the work
            connection.exec_driver_sql(into, events)
            note(session, (dict(zip(COLUMNS, row, strict=True)) for row in events))
        if first % (20 * BATCH) == 0:
            print(f"  {first + len(events)} events", file=sys.stderr, flush=True)
