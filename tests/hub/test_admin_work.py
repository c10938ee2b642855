"""One change at a time through the command line: plant, people, badges, assignments, agreements, training."""

from __future__ import annotations

import argparse
import importlib
import itertools
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cli import admin
from app.hub.acting import Acting, actor
from app.hub.schema import AssignmentRow
from app.hub.work import assign, unassign
from app.model.plant import Span
from app.model.terms import AssignmentKind
from tests.hub.test_admin_publish import ROOT, environment


def test_a_plant_is_built_one_by_one(bare):
    for words in (
        ("client", "add", "C1", "Aqua Ltd", "--offline-hours", "48", "--exposure-limit", "80"),
        ("part", "add", "P-1", "Pump", "--client", "C1"),
        ("line", "add", "L1", "Final assembly", "--area", "Hall 2"),
        (
            "station",
            "add",
            "ST-040",
            "Battery attach",
            "--line",
            "L1",
            "--class",
            "internal",
            "--part",
            "P-1",
        ),
        (
            "person",
            "add",
            "OP-7",
            "Ana Ruiz",
            "--role",
            "operator",
            "--role",
            "lead",
            "--language",
            "es",
            "--text-size",
            "200",
        ),
        ("badge", "issue", "OP-7", "--number", "0417263905"),
        ("agreement", "set", "C1", "2026", "--title", "NDA"),
        ("agreement", "sign", "OP-7", "C1"),
        ("training", "add", "OP-7", "WI-100", "A", "--until", "2027-01-01"),
        ("assign", "OP-7", "ST-040"),
    ):
        assert ": added." in bare.done(*words), words
        assert ": unchanged." in bare.done(*words), words
    assert re.search(r"C1 +Aqua Ltd +2026 +48 +12 +80", bare.done("client", "list"))
    assert re.search(r"ST-040 +Battery attach +L1 +internal +P-1", bare.done("station", "list"))
    assert re.search(r"L1 +Final assembly +Hall 2 +S1", bare.done("line", "list"))
    assert re.search(
        r"OP-7 +Ana Ruiz +yes +lead operator +standard +es +200 % +…3905 .* ST-040",
        bare.done("person", "list"),
    )


def test_the_site_is_renamed_and_no_second_one_is_made(bare):
    bare.done("site", "rename", "S1", "Plant Uno")
    assert "Plant Uno" in bare.done("site", "list")
    assert "This hub serves site S1; S2 is another site." in bare.refused("site", "rename", "S2", "Other").err


def test_parts_run_on_stations_or_no_longer(desk):
    assert "changed" in desk.done("station", "run", "ST-010", "P-2")
    assert "unchanged" in desk.done("station", "run", "ST-010", "P-2")
    assert re.search(r"ST-010 .* P-1 P-2", desk.done("station", "list"))
    desk.done("station", "stop", "ST-010", "P-1")
    assert desk.rows("SELECT part FROM station_part WHERE station = 'ST-010'") == [("P-2",)]
    desk.done("station", "add", "ST-010", "Housing 2", "--line", "L1")
    assert desk.rows("SELECT part FROM station_part WHERE station = 'ST-010'") == [("P-2",)]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("client", "add", "C 1", "x"), "has a sign that a code cannot have"),
        (("client", "add", "C3", "  "), "must have 1 to 200 printable characters"),
        (("client", "add", "C3", "x", "--offline-hours", "0"), "Hours without the hub"),
        (("client", "add", "C3", "x", "--exposure-limit", "101"), "share of 1 to 100 per cent"),
        (("part", "add", "P-1", "x", "--client", "C2"), "P-1 is a part of C1, not of C2."),
        (("part", "add", "P-3", "x", "--client", "C9"), "There is no client C9."),
        (("station", "add", "all", "x", "--line", "L1"), "ALL means every station"),
        (("station", "run", "ST-010", "P-9"), "There is no part P-9."),
        (("person", "add", "OP/1", "x"), "has a sign"),
        (("role", "remove", "NOBODY", "lead"), "There is no person NOBODY."),
        (("badge", "issue", "OP-1", "--number", "12"), "A badge number has 4 to 20 characters"),
        (("badge", "issue", "OP-1", "--number", "12345x"), "digits only"),
        (("badge", "issue", "NOBODY", "--number", "123456"), "There is no person NOBODY."),
        (("badge", "issue", "OP-2", "--number", "0417263905"), "in use by OP-1"),
        (("assign", "NOBODY", "ST-010"), "There is no person NOBODY."),
        (("assign", "OP-1", "ST-9"), "There is no station ST-9."),
        (("assign", "OP-1", "ST-010", "--until", "2020-01-01"), "would end before it begins"),
        (("agreement", "sign", "OP-1", "C1", "--version", "1"), "C1 has no agreement version 1."),
        (("agreement", "sign", "OP-1", "C1", "--signed", "2100-01-01"), "cannot be signed in the future"),
        (("setting", "set", "idle_seconds", "1"), "not a number of seconds"),
        (("setting", "set", "colour", "red"), "There is no setting colour."),
    ],
)
def test_what_cannot_be_is_refused_in_words(desk, words, sentence):
    before = desk.content()
    assert sentence in desk.refused(*words).err
    assert desk.content() == before


def test_a_client_without_an_agreement_in_force_cannot_be_signed_for(bare):
    bare.done("client", "add", "C1", "Aqua")
    assert "C1 has no agreement in force." in bare.refused("agreement", "sign", "SUP-1", "C1").err


def test_nobody_acts_who_may_not(desk):
    for acting, words in {
        "OP-1": ("assign", "OP-1", "ST-010"),
        "SUP-2": ("person", "add", "OP-9", "Ira"),
        "ENG-1": ("station", "run", "ST-010", "P-2"),
        "QA-1": ("badge", "revoke", "OP-1"),
    }.items():
        assert f"{acting} may not" in desk.refused(*words, acting=acting).err
    assert "There is no person NOBODY." in desk.refused("badge", "revoke", "OP-1", acting="NOBODY").err
    desk.done("person", "deactivate", "ADMIN-2")
    assert "no longer active and cannot act" in desk.refused("badge", "revoke", "OP-1", acting="ADMIN-2").err


def test_a_supervisor_assigns_on_own_lines_only(desk):
    desk.done("assign", "OP-2", "ST-010", "--relief", acting="SUP-2")
    said = desk.refused("assign", "OP-2", "ST-030", acting="SUP-2")
    assert "SUP-2 does not supervise line L2 of station ST-030." in said.err
    assert "does not supervise" in desk.refused("unassign", "OP-2", "ST-030", acting="SUP-2").err


def test_a_reassignment_is_kept_with_who_and_why(desk):
    desk.done("unassign", "OP-1", "ST-010", "--reason", "moves to test", acting="SUP-2")
    assert "unchanged" in desk.done("unassign", "OP-1", "ST-010")
    desk.done("assign", "OP-1", "ST-030", "--reason", "moves to test", "--until", "2100-01-01")
    assert "ST-010" not in desk.done("assignments", "--person", "OP-1")
    said = desk.done("assignments", "--person", "OP-1", "--all")
    assert re.search(r"OP-1 +ST-030 +assigned .* 2100-01-01 00:00:00Z +SUP-1 .* moves to test", said)
    assert "ST-010" in said
    assert desk.rows("SELECT act, by, reason FROM change ORDER BY id DESC LIMIT 2") == [
        ("assign.assigned", "SUP-1", "moves to test"),
        ("unassign", "SUP-2", "moves to test"),
    ]


def test_a_badge_number_is_read_from_standard_input(desk, monkeypatch):
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("0555000111\n"))
    assert "Badge …0111 of OP-2: added." in desk.done("badge", "issue", "OP-2", acting="SUP-2")
    desk.done("badge", "revoke", "OP-2")
    assert "unchanged" in desk.done("badge", "revoke", "OP-2")
    assert (
        "is revoked; a revoked badge is not issued again"
        in desk.refused("badge", "issue", "OP-2", "--number", "0555000111").err
    )


def test_a_deactivated_person_has_no_badge_and_no_work(desk):
    desk.done("person", "deactivate", "OP-1", "--reason", "left")
    assert re.search(r"OP-1 +Ana Ruiz +no .* none", desk.done("person", "list"))
    assert "is not active" in desk.refused("assign", "OP-1", "ST-010").err
    desk.done("person", "activate", "OP-1")
    desk.done("assign", "OP-1", "ST-010")


def test_the_last_administrator_stays(bare):
    for words in (("role", "remove", "SUP-1", "admin"), ("person", "deactivate", "SUP-1")):
        assert "without an administrator" in bare.refused(*words).err


def test_a_new_agreement_version_asks_everybody_to_sign_anew(desk, tmp_path):
    text = tmp_path / "v2.txt"
    text.write_text("Now really.\n", encoding="utf-8")
    desk.done("agreement", "set", "C1", "2027", "--title", "NDA 2027", "--file", text)
    said = desk.done("agreement", "list")
    assert re.search(r"C1 +2026 .* no +1", said)
    assert re.search(r"C1 +2027 +NDA 2027 +v2\.txt .* yes +0", said)
    desk.done("agreement", "sign", "OP-1", "C1", acting="QA-1")
    assert re.search(r"C1 +2027 ", desk.done("agreement", "list", "--person", "OP-1"))
    assert (
        "cannot be read"
        in desk.refused("agreement", "set", "C1", "3", "--title", "x", "--file", "nowhere").err
    )


@pytest.mark.parametrize("hub", [None, "nowhere"])
def test_without_a_hub_it_says_how_to_name_one(plain_environment, tmp_path, capsys, hub):
    from app.cli.main import main

    words = ["--hub", str(tmp_path / hub)] if hub else []
    assert main(["admin", *words, "person", "list"]) == 1
    assert re.search(r"--hub DIR|is not a hub", capsys.readouterr().err)


KINDS = st.sampled_from(list(AssignmentKind))
HOURS = st.integers(0, 48)


@settings(deadline=None, max_examples=40)
@given(acts=st.lists(st.tuples(KINDS, st.none() | HOURS, st.none() | HOURS, st.booleans()), max_size=8))
def test_one_persons_spans_of_a_kind_never_overlap(acts, shared_store):
    now = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
    with shared_store.rehearse() as session:
        for hour, (kind, start, end, ends) in enumerate(acts):
            acting = Acting(session, actor(session, "SUP-1"), now + timedelta(hours=3 * hour))
            if ends:
                unassign(acting, person="OP-2", station="ST-010")
                continue
            begins = None if start is None else now + timedelta(hours=start)
            until = None if end is None else (begins or acting.now) + timedelta(hours=end + 1)
            assign(acting, person="OP-2", station="ST-010", kind=kind, start=begins, end=until)
            assert any(
                Span(row.start, row.end).holds(begins or acting.now)
                for row in session.query(AssignmentRow).filter_by(person="OP-2", kind=kind.value)
            )
        rows = session.query(AssignmentRow).filter_by(person="OP-2").all()
        for kind in AssignmentKind:
            spans = [
                (r.start, r.end) for r in rows if r.kind == kind.value and (r.end is None or r.end > r.start)
            ]
            spans.sort()
            for (_, end), (start, _) in itertools.pairwise(spans):
                assert end is not None
                assert end <= start


@pytest.fixture(scope="module")
def shared_store(made):
    from app.hub.home import Home
    from app.hub.store import Store

    store = Store(Home.open(made / "full").database_url)
    yield store
    store.close()


def commands(parser, path=()):
    """Every command below a parser: its words and its own parser."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield (*path, name), below
                yield from commands(below, (*path, name))


def test_every_command_has_help_with_an_example_that_is_understood():
    parser = argparse.ArgumentParser(prog="stationleaf admin")
    admin.build(parser)
    found = dict(commands(parser))
    assert len(found) > 40
    for words, below in found.items():
        text = below.format_help()
        assert "example:" in text, words
        example = text.partition("example:\n")[2].strip().replace("\\\n", " ")
        import shlex

        parts = shlex.split(example)
        assert parts[:2] == ["stationleaf", "admin"]
        parser.parse_args(parts[2:])
        assert tuple(parts[4 : 4 + len(words)])[: len(words)] == words or below.get_default("run") is None, (
            words
        )


def test_help_does_not_load_the_database_library():
    code = (
        "import sys\nfrom app.cli.main import main\n"
        "try: main(['admin', 'import', '--help'])\nfinally: print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=False
    )
    loaded = set(done.stderr.split())
    assert "people.csv" in done.stdout
    assert not loaded & {"sqlalchemy", "alembic", "cryptography", "pydantic", "pymupdf"}


def test_an_ordinary_command_does_not_load_alembic_or_a_pdf_library(desk):
    code = (
        "import sys; from app.cli.main import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    )
    words = [sys.executable, "-c", code, "admin", "--hub", str(desk.folder), "person", "list"]
    done = subprocess.run(words, capture_output=True, text=True, env=environment(), check=True)
    assert not set(done.stderr.split()) & {"alembic", "pymupdf", "numpy", "fastapi"}


def test_the_overview_names_the_commands():
    done = subprocess.run(
        [sys.executable, "-m", "app.cli.main", "--help"],
        capture_output=True,
        text=True,
        env=environment(),
        check=True,
    )
    for name in ("hub", "admin", "kiosk"):
        assert re.search(rf"^  {name} ", done.stdout, re.MULTILINE)
    assert importlib.import_module("app.cli.admin")
    assert ROOT.is_dir()


def test_a_supervisor_makes_a_code_for_a_pin_once_pins_are_used(desk):
    assert "PINs are not used at this site." in desk.refused("badge", "pin", "OP-1").err
    desk.done("setting", "set", "pin_used", "yes")
    said = desk.done("badge", "pin", "OP-1")
    code = re.search(r"PIN code of OP-1: (\d{4}) (\d{4}) \(works once", said)
    assert code is not None
    assert "Set PIN" in said
    desk.done("person", "add", "OP-9", "Nia New")
    assert "OP-9 has no badge that a PIN goes with." in desk.refused("badge", "pin", "OP-9").err
    assert "There is no person NOBODY." in desk.refused("badge", "pin", "NOBODY").err
    assert "may not issue and revoke badges" in desk.refused("badge", "pin", "OP-1", acting="QA-1").err
