"""Revoking and restoring through the command line: who may, what is taken, what a slip leaves behind."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.cli.main import main
from app.hub.acting import Acting, actor
from app.hub.lockdown import revoke
from app.hub.plans import plan
from app.hub.revocations import Kind
from app.hub.schema import KioskRow
from app.model.errors import Refused
from app.wire.clock import SystemClock
from tests.hub.plants import MAP, Desk, write_pdf

WHY = ("--reason", "lost on the train")


@pytest.fixture(scope="module")
def once(made, tmp_path_factory):
    """The furnished hub with a document and a kiosk; copied for each test."""
    folder = tmp_path_factory.mktemp("published")
    hub = shutil.copytree(made / "full", folder / "hub")
    (folder / "map.csv").write_text(MAP, encoding="utf-8")
    main(["admin", "--hub", str(hub), "--as", "SUP-1", "kiosk", "add", "K-1", "--station", "ST-020"])
    words = publishing(write_pdf(folder / "WI-100.pdf"), folder / "map.csv", "A")
    assert main(["admin", "--hub", str(hub), "--as", "SUP-1", *map(str, words)]) == 0
    return hub


@pytest.fixture
def published(once, tmp_path, plain_environment, capsys):
    return Desk(Path(shutil.copytree(once, tmp_path / "hub")), capsys)


def publishing(pdf, page_map, label):
    return (
        "publish", pdf, "--map", page_map, "--client", "C1", "--part", "P-1", "--document", "WI-100",
        "--revision", label, "--class", "internal",
    )  # fmt: skip


def planned(desk):
    """What a lease of K-1 would say now."""
    store = desk.store()
    try:
        with store.read() as session:
            row = session.get_one(KioskRow, "K-1")
            row.status = "active"
            return plan(session, desk.home, row, SystemClock().now())
    finally:
        store.close()


def last_act(desk):
    return desk.rows("SELECT act, subject, reason FROM change ORDER BY id DESC LIMIT 1")[0]


@pytest.mark.parametrize(
    ("kind", "code"),
    [("person", "OP-1"), ("badge", "OP-1"), ("kiosk", "K-1"), ("station", "ST-020"), ("client", "C1"),
     ("revision", "WI-100/A")],
)  # fmt: skip
def test_everything_is_revoked_with_a_reason_once_and_on_record(published, kind, code):
    said = published.refused("revoke", kind, code)
    assert "needs a reason" in said.err
    out = published.done("revoke", kind, code, *WHY)
    assert f"{kind.capitalize()} {code}: revoked." in out
    assert "No kiosk held it." in out
    (_, subject, reason) = last_act(published)
    assert (subject, reason) == (code, "lost on the train")
    assert "is revoked already" in published.done("revoke", kind, code, *WHY)
    assert published.rows("SELECT kind, code, by, lifted FROM revocation") == [(kind, code, "SUP-1", None)]
    assert f"{kind.capitalize()} {code}: revoked" in published.done("receipts")
    assert "needs a reason" in published.refused("restore", kind, code).err
    assert "restored" in published.done("restore", kind, code, "--reason", "a slip")
    assert last_act(published)[1:] == (code, "a slip")
    if kind != "kiosk":  # this one waits for a device again
        assert "was not revoked" in published.done("restore", kind, code, "--reason", "a slip")
    assert "Nothing is revoked" in published.done("receipts")
    assert "; restored" in published.done("receipts", "--all")


@pytest.mark.parametrize("kind", ["person", "badge", "kiosk", "station", "client", "revision"])
def test_what_is_not_there_cannot_be_revoked(desk, kind):
    code = "WI-9/A" if kind == "revision" else "X-9"
    assert "no " in desk.refused("revoke", kind, code, *WHY).err
    assert "no " in desk.refused("restore", kind, code, *WHY).err
    assert desk.rows("SELECT count(*) FROM revocation") == [(0,)]


@pytest.mark.parametrize(
    ("who", "kind", "code", "allowed"),
    [("SUP-2", "station", "ST-020", True), ("SUP-2", "station", "ST-030", False),  # another line's
     ("SUP-2", "client", "C1", False), ("QA-1", "client", "C1", True), ("QA-1", "station", "ST-030", True),
     ("ENG-1", "station", "ST-020", False), ("SUP-2", "kiosk", "K-1", True),
     ("SUP-2", "kiosk", "K-9", False), ("QA-1", "kiosk", "K-9", True),  # another line's
     ("SUP-2", "person", "OP-1", False), ("SUP-2", "badge", "OP-1", True),
     ("ENG-1", "revision", "WI-100/A", True),
     ("SUP-2", "revision", "WI-100/A", False)],
)  # fmt: skip
def test_who_may_revoke(published, who, kind, code, allowed):
    published.done("kiosk", "add", "K-9", "--station", "ST-030")
    act = published.done if allowed else published.refused
    act("revoke", kind, code, *WHY, acting=who)
    assert bool(published.rows("SELECT * FROM revocation")) is allowed


def test_a_supervisor_locks_down_but_quality_releases(published):
    published.done("revoke", "station", "ST-020", *WHY, acting="SUP-2")
    assert "may not" in published.refused("restore", "station", "ST-020", *WHY, acting="SUP-2").err
    published.done("restore", "station", "ST-020", *WHY, acting="QA-1")


def test_a_revoked_person_comes_back_with_badge_and_assignments(desk):
    def state():
        return (
            desk.rows("SELECT person, active, revoked, hmac FROM badge WHERE person = 'OP-1'"),
            desk.rows("SELECT station, start, end, kind FROM assignment WHERE person = 'OP-1' ORDER BY id"),
        )

    before = state()
    desk.done("revoke", "person", "OP-1", *WHY)
    assert state() != before
    assert desk.rows("SELECT active FROM badge WHERE person = 'OP-1'") == [(0,)]
    desk.done("restore", "person", "OP-1", "--reason", "the wrong Ana")
    assert state() == before


def test_an_activated_person_comes_back_with_empty_hands(desk):
    desk.done("person", "deactivate", "OP-1")
    assert "Person OP-1" in desk.done("receipts")
    desk.done("person", "activate", "OP-1")
    assert desk.rows("SELECT active FROM badge WHERE person = 'OP-1'") == [(0,)]
    assert "Nothing is revoked" in desk.done("receipts")


def test_a_found_badge_works_again_but_not_beside_a_new_one(desk):
    desk.done("revoke", "badge", "OP-1", *WHY)
    desk.done("restore", "badge", "OP-1", "--reason", "found")
    assert desk.rows("SELECT active, revoked FROM badge WHERE person = 'OP-1'") == [(1, None)]
    desk.done("badge", "revoke", "OP-1")
    desk.done("badge", "issue", "OP-1", "--number", "0417279999")
    assert "another badge" in desk.refused("restore", "badge", "OP-1", *WHY).err
    desk.done("revoke", "badge", "OP-1", *WHY)
    assert desk.rows("SELECT count(*) FROM revocation WHERE lifted IS NULL") == [(2,)]  # one a badge
    desk.done("restore", "badge", "OP-1", *WHY)
    assert desk.rows("SELECT tail FROM badge WHERE active AND person = 'OP-1'") == [("9999",)]


def test_a_locked_down_station_or_client_gives_no_page_and_says_why(published):
    assert planned(published).pages
    for kind, code in (("station", "ST-020"), ("client", "C1")):
        published.done("revoke", kind, code, *WHY)
        now = planned(published)
        assert not now.pages
        assert now.withheld["OP-1"] == {"LOCKED_DOWN": 3}
        published.done("restore", kind, code, *WHY)
        assert len(planned(published).pages) == 3
    published.done("revoke", "client", "C2", *WHY)
    published.done("revoke", "station", "ST-010", *WHY)
    assert len(planned(published).pages) == 3


def test_the_site_says_how_long_before_a_lease_ends_kiosks_warn(published):
    assert (planned(published).policy.warn_minutes, planned(published).policy.alarm_minutes) == (480, 60)
    published.done("setting", "set", "lease_warning_minutes", "240")
    published.done("setting", "set", "lease_alarm_minutes", "0")
    assert (planned(published).policy.warn_minutes, planned(published).policy.alarm_minutes) == (240, 0)
    for word in ("43201", "-1", "soon", "1e3"):
        said = published.refused("setting", "set", "lease_alarm_minutes", word)
        assert "number of minutes" in said.err


def test_a_recall_that_was_a_slip_is_taken_back(published):
    published.done("revoke", "revision", "WI-100/A", *WHY)
    assert not planned(published).pages
    assert "restore revision WI-100/A" in published.refused("document", "release", "WI-100", "A").err
    published.done("restore", "revision", "WI-100/A", "--reason", "meant WI-200")
    assert len(planned(published).pages) == 3
    assert published.rows("SELECT status, effective_until FROM revision") == [("effective", None)]


def test_a_recall_that_is_taken_back_does_not_push_out_a_revision_that_came_since(published, pdf, page_map):
    published.done("document", "recall", "WI-100", "A", *WHY)
    published.done(*publishing(pdf, page_map, "B"))
    published.done("restore", "revision", "WI-100/A", "--reason", "a slip")
    assert published.rows("SELECT label, status FROM revision ORDER BY label") == [
        ("A", "approved"),
        ("B", "effective"),
    ]
    published.done("document", "release", "WI-100", "A")
    assert {page.record.revision for page in planned(published).pages} == {"A"}


def test_the_last_administrator_is_not_revoked(desk):
    desk.done("revoke", "person", "ADMIN-2", *WHY)
    assert "without an administrator" in desk.refused("revoke", "person", "SUP-1", *WHY).err
    assert desk.rows("SELECT code FROM revocation") == [("ADMIN-2",)]


def test_nothing_is_kept_of_a_revocation_that_fails(desk):
    store = desk.store()
    try:
        with pytest.raises(Refused), store.write() as session:  # noqa: PT012 (the whole act fails)
            acting = Acting(session, actor(session, "SUP-1"), SystemClock().now(), "slip")
            revoke(acting, Kind.PERSON, "ADMIN-2")
            revoke(acting, Kind.PERSON, "SUP-1")
    finally:
        store.close()
    assert desk.rows("SELECT count(*) FROM revocation") == [(0,)]
