"""Who saw what, when and where: filters, table and CSV; and who changed what."""

from __future__ import annotations

import csv
import io
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.cli.main import main
from app.hub.events import ALARMS
from app.hub.schema import AlarmRow, EventRow
from app.seal.encoding import sha256
from app.wire.messages import Event, EventKind
from tests.hub.plants import MAP, Desk, write_pdf

DAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
WHAT = ("--client", "C1", "--part", "P-1", "--document", "WI-100", "--revision", "A", "--class", "internal")


def event(seq, kind, *, minutes=0, kiosk="K-1", **more):
    return Event(
        kiosk=kiosk, epoch=1, seq=seq, prev="0" * 64, nonce="0" * 32, kind=kind,
        wall=DAY + timedelta(minutes=minutes), boot_ms=1, boot="b", **more,
    )  # fmt: skip


def keep(desk, *events, received=None):
    """Put events where the hub's ingest puts them, with their exact bytes; two seconds later, or then."""
    store = desk.store()
    with store.write() as session:
        for item in events:
            data = item.exact()
            session.add(
                EventRow(
                    kiosk=item.kiosk, epoch=item.epoch, seq=item.seq, hash=sha256(data), kind=item.kind.value,
                    person=item.person, station=item.station, client=item.client, page=item.page,
                    revision=item.revision, unit=item.unit, wall=item.wall, data=data, signature=b"",
                    received=received or item.wall + timedelta(seconds=2),
                )
            )  # fmt: skip
    store.close()


@pytest.fixture(scope="module")
def history(made, tmp_path_factory):
    """A hub with a small history: two people at two stations. Copied by ``seen``."""
    folder = tmp_path_factory.mktemp("history")
    hub = Path(shutil.copytree(made / "full", folder / "hub"))
    page_map = folder / "map.csv"
    page_map.write_text(MAP, encoding="utf-8")
    words = ["publish", str(write_pdf(folder / "a.pdf")), "--map", str(page_map), *WHAT]
    assert main(["admin", "--hub", str(hub), "--as", "SUP-1", *words]) == 0
    desk = Desk(hub, None)
    ((second,),) = desk.rows("SELECT page FROM page WHERE number = 2")
    ana = {"person": "OP-1", "station": "ST-010"}
    view = {**ana, "client": "C1", "revision": "WI-100/A", "page": second}
    keep(
        desk,
        event(1, EventKind.KIOSK_STARTED),
        event(2, EventKind.SESSION_BEGIN, minutes=1, **ana),
        event(3, EventKind.VIEW_BEGIN, minutes=2, **view),
        event(4, EventKind.VIEW_END, minutes=3, **view, body={"ms": 61_040, "token": "aa" * 8}),
        event(5, EventKind.ACCESS_DENIED, minutes=4, person="OP-2", station="ST-010",
              body={"code": "denied", "reasons": ["NOT_ASSIGNED", "\x1b[2J=1+1"]}),
        event(1, EventKind.BADGE_UNKNOWN, minutes=60 * 24, kiosk="K-2", station="ST-020"),
        event(2, EventKind.VIEW_BEGIN, minutes=60 * 24 + 1, kiosk="K-2", person="OP-2", station="ST-020",
              client="C2", revision="WI-100-X/A", page="f" * 64),
    )  # fmt: skip
    return hub


@pytest.fixture
def seen(history, tmp_path, plain_environment, capsys):
    return Desk(Path(shutil.copytree(history, tmp_path / "seen")), capsys)


def kinds(desk, *words):
    rows = list(csv.DictReader(io.StringIO(desk.done("events", "--csv", *words))))
    return [(row["kiosk"], int(row["seq"])) for row in rows]


def test_the_table_says_who_saw_what_when_and_where(seen):
    said = seen.done("events")
    assert re.search(
        r"2026-03-02 08:02:00 +OP-1 Ana Ruiz +began to see WI-100 rev\. A, page 2 +ST-010 Housing \(K-1\)",
        said,
    )
    assert re.search(r"08:03:00 .* stopped seeing WI-100 rev\. A, page 2 .* after 61\.0 s", said)
    assert re.search(
        r"08:04:00 +OP-2 李雷 +was denied +ST-010 Housing \(K-1\) "
        r"+You are not assigned to this station now\. ·\[2J=1\+1",
        said,
    )
    assert re.search(r"2026-03-03 08:00:00 +nobody +unknown badge", said)
    assert "\x1b" not in said


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ((), [("K-1", 1), ("K-1", 2), ("K-1", 3), ("K-1", 4), ("K-1", 5), ("K-2", 1), ("K-2", 2)]),
        (("--person", "OP-1"), [("K-1", 2), ("K-1", 3), ("K-1", 4)]),
        (("--person", "OP-2", "--kiosk", "K-1"), [("K-1", 5)]),
        (("--kiosk", "K-2"), [("K-2", 1), ("K-2", 2)]),
        (("--station", "ST-020"), [("K-2", 1), ("K-2", 2)]),
        (("--client", "C1"), [("K-1", 3), ("K-1", 4)]),
        (("--document", "WI-100"), [("K-1", 3), ("K-1", 4)]),
        (("--document", "WI-100-X"), [("K-2", 2)]),
        (("--document", "WI-1%"), []),
        (("--revision", "A"), [("K-1", 3), ("K-1", 4), ("K-2", 2)]),
        (("--kind", "view.begin"), [("K-1", 3), ("K-2", 2)]),
        (("--kind", "view"), [("K-1", 3), ("K-1", 4), ("K-2", 2)]),
        (("--kind", "vie"), []),
        (("--from", "2026-03-03"), [("K-2", 1), ("K-2", 2)]),
        (("--to", "2026-03-02T08:02Z"), [("K-1", 1), ("K-1", 2)]),
        (("--from", "2026-03-02T09:02+01:00", "--to", "2026-03-02T08:04Z"), [("K-1", 3), ("K-1", 4)]),
    ],
)
def test_filters(seen, words, wanted):
    assert kinds(seen, *words) == wanted


def test_thumbnails_are_found_by_their_documents(seen):
    ((first,), (third,)) = seen.rows("SELECT page FROM page WHERE number IN (1, 3) ORDER BY number")
    keep(
        seen,
        event(6, EventKind.STRIP_SHOWN, minutes=5, person="OP-1", client="C1",
              body={"pages": [first, third, "e" * 64]}),
        event(7, EventKind.STRIP_SHOWN, minutes=6, person="OP-1", client="C2", body={"pages": ["f" * 64]}),
    )  # fmt: skip
    assert kinds(seen, "--document", "WI-100") == [("K-1", 3), ("K-1", 4), ("K-1", 6)]
    assert kinds(seen, "--document", "WI-100", "--revision", "B") == []
    said = seen.done("events", "--document", "WI-100")
    assert re.search(
        r"08:05:00 +OP-1 Ana Ruiz +saw thumbnails .* WI-100 rev\. A: page 1, 3$", said, re.MULTILINE
    )
    assert "of 3" not in said


def test_csv_has_every_column_and_no_formula(seen):
    rows = list(
        csv.DictReader(io.StringIO(seen.done("events", "--csv", "--person", "OP-1", "--kind", "view.end")))
    )
    ((row),) = rows
    assert row.pop("received") == "2026-03-02T08:03:02.000+00:00"
    assert list(row.values()) == [
        "2026-03-02T08:03:00.000+00:00", "OP-1", "Ana Ruiz", "view.end", "stopped seeing", "C1", "WI-100",
        "A", "2", "ST-010", "Housing", "K-1", "1", "4", "ms: 61040, token: aaaaaaaaaaaaaaaa",
            *[""] * 7,
    ]  # fmt: skip
    keep(seen, event(6, EventKind.INCIDENT, minutes=5, body={"=cmd|' /C calc'!A0": "x"}))
    rows = list(csv.DictReader(io.StringIO(seen.done("events", "--csv", "--kind", "incident"))))
    assert rows[0]["details"] == "'=cmd|' /C calc'!A0: x"


def test_only_the_newest_of_many_are_shown_and_it_says_so(seen):
    keep(seen, *(event(100 + n, EventKind.SESSION_END, minutes=9000 + n, person="OP-1") for n in range(250)))
    said = seen.done("events", "--person", "OP-1")
    assert said.count("signed out") == 200
    assert "signed in" not in said
    assert "The newest 200 of 253; --all shows all." in said
    assert seen.done("events", "--person", "OP-1", "--all").count("signed out") == 250
    assert seen.done("events", "--person", "OP-1", "--csv").count("signed out") == 250


def test_a_mistyped_filter_is_told(seen):
    assert "No events (there is no person OP-11 now)." in seen.done("events", "--person", "OP-11")
    assert seen.admin("events", "--from", "yesterday").code == 2


def test_changes_are_shown_with_who_and_why(desk):
    desk.done("assign", "OP-2", "ST-030", "--reason", "covers for Ana")
    assert re.search(
        r"SUP-1 +assign\.assigned +OP-2 ST-030 .* covers for Ana",
        desk.done("changes", "--about", "OP-2 ST-030"),
    )
    rows = list(csv.DictReader(io.StringIO(desk.done("changes", "--csv", "--by", "SUP-1"))))
    assert rows[-1]["reason"] == "covers for Ana"
    assert desk.done("changes", "--by", "NOBODY") == "No changes.\n"


def test_alarms_are_shown_with_their_meaning(desk):
    assert desk.done("alarms") == "No alarms.\n"
    store = desk.store()
    with store.write() as session:
        detail = {"epoch": 1, "number": 7, "says": "two histories", "offered": [{"hash": "x"}]}
        session.add(AlarmRow(at=DAY, kiosk="K-1", kind="fork", detail=detail))
        session.add(AlarmRow(at=DAY, kiosk="", kind="enrol_failed", detail={"address": "10.0.0.9"}))
    store.close()
    said = desk.done("alarms")
    assert re.search(
        r"2026-03-02 08:00:00Z +K-1 +fork +the kiosk's journal has two histories +epoch: 1, number: 7, says",
        said,
    )
    assert "enrol_failed" in said
    assert "enrol_failed" not in desk.done("alarms", "--kiosk", "K-1")


def test_every_alarm_that_the_hub_raises_has_words():
    from app.hub import (
        admissions,
        copies,
        desk_pass,
        enrolment,
        ingest,
        log_round,
        remarks,
        signed_acts,
        told_faults,
    )
    from app.hub.api import gate, pages

    raised = {ingest.FORK, ingest.HOLE, ingest.BAD_EVENT, ingest.RESTORE_GAP, copies.COPIED}
    raised |= {enrolment.FAILED_TRY, pages.LEASE_AHEAD, gate.CounterBehind.code, desk_pass.UNKNOWN}
    raised |= {signed_acts.BAD_SIGNATURE, signed_acts.UNSIGNED}
    raised |= {admissions.ALARM, remarks.BAD_REMARK, log_round.REWRITTEN, *told_faults.FAULTS}
    assert raised == set(ALARMS)
