"""Importing through the command line: everything or nothing, and every bad row by file and line."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.hub.badges import BLANK, BadgeOffice
from app.hub.columns import NAMES, TABLES
from app.hub.imports import BadRows, Import, sources
from app.hub.table import read_table
from app.seal.slot import identify, open_slot
from tests.hub.plants import write_tables


def bad_rows(said):
    """The bad rows that a command listed: (file, line)."""
    found = re.findall(r"^(\S+\.csv):(\d+): ", said.out, re.MULTILINE)
    return [(file, int(line)) for file, line in found]


def test_a_folder_is_imported_whole_and_shown(bare, tmp_path):
    said = bare.done("import", write_tables(tmp_path / "t"))
    assert "people       6 added" in said
    people = bare.done("person", "list")
    assert re.search(r"OP-1 +Ana Ruiz +yes +operator +internal +es +100 % +…3905 .*ST-010 ST-020", people)
    assert re.search(r"OP-2 +李雷 +yes +lead operator +standard +zh-Hans +100 % +none", people)
    assert re.search(r"ST-020 +Battery, attach +L1 +standard +P-1 P-2", bare.done("station", "list"))
    assert re.search(r"C1 +2026 +NDA +nda\.txt +[0-9a-f]{16} +yes +1", bare.done("agreement", "list"))
    assert re.search(r"OP-1 +ST-020 +relief +2026-01-05 05:00:00Z +open +SUP-1", bare.done("assignments"))
    assert re.search(r"OP-1 +WI-100 +A +open", bare.done("training", "list"))


def test_a_badge_opens_its_slot_and_its_number_is_nowhere(desk):
    rows = desk.rows("SELECT person, tail, slot_tag, kind FROM badge WHERE person = 'OP-1'")
    assert [(row[0], row[1], row[3]) for row in rows] == [("OP-1", "3905", "uid")]
    identified = identify("0417263905", desk.home.site_salt)
    assert identified.tag == rows[0][2]
    with desk.store().read() as session:
        from app.hub.schema import Badge

        row = session.query(Badge).filter_by(person="OP-1").one()
        from app.model.terms import CredentialKind
        from app.seal.slot import Slot

        slot = Slot(
            CredentialKind(row.kind),
            row.slot_tag,
            row.slot_salt,
            row.slot_box,
            row.seal_public,
            row.sign_public,
        )
        assert open_slot(slot, identified).seal.public == row.seal_public
    assert b"0417263905" not in (desk.folder / "hub.db").read_bytes()


def test_the_same_import_again_changes_nothing(desk, tmp_path):
    before = desk.content()
    said = desk.done("import", write_tables(tmp_path / "t"))
    assert " added" in said
    assert not re.search(r"[1-9]\d* (added|changed)", said)
    assert desk.content() == before


def test_a_table_that_is_imported_again_revives_no_signature(desk, tmp_path):
    ((person, client),) = desk.rows("SELECT person, client FROM agreement LIMIT 1")
    desk.done("agreement", "withdraw", person, client, "--reason", "left")
    before = desk.rows("SELECT * FROM agreement ORDER BY person, client")
    desk.done("import", write_tables(tmp_path / "t"))
    assert desk.rows("SELECT * FROM agreement ORDER BY person, client") == before


def test_every_bad_row_is_reported_and_nothing_is_written(bare, tmp_path):
    before = bare.content()
    folder = write_tables(
        tmp_path / "t",
        people=(
            "person,name,roles,ceiling,language\n"
            "OP-1,Ana,operator,,\n"
            "OP-2,,operator,,\n"  # 3: no name
            "OP-3,Bea,wizard,,\n"  # 4: no such role
            "\n"
            "OP-1,Ana again,operator,,\n"  # 6: twice
            "OP-4,Dee,operator,top secret,\n"  # 7: no such class
            "OP 5,Eve,operator,,\n"  # 8: no such code
            "OP-6,Fay,operator\n"  # 9: cells missing
            '"OP-7","Gus\n(two lines)",operator,,\n'  # 10: unprintable
            "OP-8,Hal,operator,,english\n"  # 12: no such language
        ),
        stations="station,name,line,ceiling,parts\nST-010,A,L9,,\nST-020,B,L1,,P-1;P-9\nALL,C,L1,,\n",
        badges="person,badge\nOP-1,12\nNOBODY,0417000000\nSUP-1,0012345678\n",
        assignments=(
            "person,station,kind,start,end\nOP-1,ST-010,,2026-03-02T06:00,\nSUP-1,ST-0,,,\nOP-1,ST-9,guest,,\n"
        ),
        signatures="person,client,version,signed\nOP-1,C1,1999,\nOP-1,C1,2026,tomorrow\n",
        training=None,
    )
    for words in (("--dry-run",), ()):
        said = bare.refused("import", folder, *words)
        assert bad_rows(said) == [
            *[("assignments.csv", line) for line in (2, 3, 4)],
            *[("badges.csv", line) for line in (2, 3)],
            *[("people.csv", line) for line in (3, 4, 6, 7, 8, 9, 10, 12)],
            *[("signatures.csv", line) for line in (2, 3)],
            *[("stations.csv", line) for line in (2, 3, 4)],
        ]
        assert "18 bad rows; nothing was written." in said.err
        assert bare.content() == before
    for words in (
        "people.csv:3: name is empty",
        "people.csv:4: 'wizard' is not a role (operator, lead",
        "people.csv:6: the same person as line 2",
        "people.csv:9: has 3 cells where the header has 5",
        "stations.csv:2: There is no line L9.",
        "stations.csv:3: There is no part P-9.",
        "stations.csv:4: ALL means every station",
        "badges.csv:3: There is no person NOBODY.",
        "assignments.csv:2: The time 2026-03-02T06:00 has no zone",
        "signatures.csv:3: 'tomorrow' is not a time",
    ):
        assert words in said.out


def test_a_dry_run_of_good_files_writes_nothing(bare, tmp_path):
    before = bare.content()
    said = bare.done("import", write_tables(tmp_path / "t"), "--dry-run")
    assert "23 rows are good; nothing was written." in said
    assert bare.content() == before


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "people.csv:1: the file is empty; its first line must be: person,name,"),
        (b"person,name,roles,ceiling\n", "people.csv:1: the column language is missing"),
        (b"person,name,roles,ceiling,language,age\n", "people.csv:1: there is no column age"),
        (b"person,person,roles,ceiling,language\n", "people.csv:1: the column person is there twice"),
        (b"person;name;roles;ceiling;language\n", "people.csv:1: columns are not separated by commas"),
        (b"first_page,last_page,station_code,station_name\n", "people.csv:1: this is a page map"),
        ("person,name,roles,ceiling,language\n".encode("utf-16"), "people.csv:1: the file is UTF-16"),
        (
            b"person,name,roles,ceiling,language\nOP-1,Jos\xe9,operator,,\n",
            "people.csv:2: this line is not UTF-8",
        ),
        (
            b"person,name,roles,ceiling,language\nOP-1,A\0B,operator,,\n",
            "people.csv:2: this line holds a NUL",
        ),
        (
            b'person,name,roles,ceiling,language\nA,B,operator,,\nC,"D,operator,,\n',
            "people.csv:3: a quote is open",
        ),
        (
            b'person,name,roles,ceiling,language\nA,"B"x,operator,,\n',
            "people.csv:2: a quote is open or misplaced",
        ),
    ],
)
def test_a_file_that_is_no_table_says_so(bare, tmp_path, data, words):
    path = tmp_path / "people.csv"
    path.write_bytes(data)
    before = bare.content()
    assert words in bare.refused("import", path).out
    assert bare.content() == before


def test_what_spreadsheets_do_to_a_file_is_read(bare, tmp_path):
    path = tmp_path / "People.csv"
    text = (
        "Person , NAME,roles,ceiling,language,,\r\nOP-1, Ana ,Operator; LEAD ,Internal,es,,\r\n,,,,,,\r\n\r\n"
    )
    path.write_bytes(b"\xef\xbb\xbf" + text.replace(",,\r", "\r").encode())
    bare.done("import", path)
    assert re.search(r"OP-1 +Ana +yes +lead operator +internal +es", bare.done("person", "list"))


def test_a_text_size_stays_where_the_table_says_none(bare, tmp_path):
    path = tmp_path / "people.csv"
    head, row = "person,name,roles,ceiling,language", "OP-1,Ana,operator,internal,es"
    for text, size in ((f"{head},text_size\n{row},150\n", 150), (f"{head}\n{row}\n", 150)):
        path.write_text(text, encoding="utf-8")
        bare.done("import", path)
        assert bare.rows("SELECT text_size FROM person WHERE code = 'OP-1'") == [(size,)]
    path.write_text(f"{head},text_size\n{row},175\n", encoding="utf-8")
    assert "There is no text size 175." in bare.refused("import", path).out


def test_a_file_under_another_name_needs_its_table(bare, tmp_path):
    path = write_tables(tmp_path / "t") / "people.csv"
    other = path.rename(tmp_path / "export-2026.csv")
    assert "does not say which table" in bare.refused("import", other).err
    other.write_text("person,name,roles,ceiling,language\nOP-1,Ana,operator,,\n", encoding="utf-8")
    bare.done("import", other, "--table", "people")
    assert "OP-1" in bare.done("person", "list")


def test_files_of_a_folder_that_are_no_table_are_named(bare, tmp_path):
    folder = write_tables(tmp_path / "t")
    (folder / "bades.csv").write_text("person,badge\n", encoding="utf-8")
    assert "Not read, because the name is no table's: bades.csv" in bare.done("import", folder)


@pytest.mark.parametrize("path", ["nowhere", "."])
def test_a_path_without_tables_is_refused(bare, tmp_path, path):
    (tmp_path / "empty").mkdir()
    said = bare.refused("import", tmp_path / "empty" / path)
    assert re.search(r"There is no (file or folder|table to import)", said.err)


def test_a_new_badge_number_revokes_the_former(desk, tmp_path):
    path = tmp_path / "badges.csv"
    path.write_text("person,badge\nOP-1,0999999999\n", encoding="utf-8")
    assert "1 changed" in desk.done("import", path)
    assert desk.rows("SELECT tail, active FROM badge WHERE person = 'OP-1' ORDER BY id") == [
        ("3905", 0),
        ("9999", 1),
    ]
    path.write_text("person,badge\nOP-2,0417263905\n", encoding="utf-8")
    assert "a revoked badge is not issued again" in desk.refused("import", path).out


def test_a_number_in_two_rows_is_refused(bare, tmp_path):
    folder = write_tables(tmp_path / "t", badges="person,badge\nOP-1,0417263905\nOP-2,0417263905\n")
    assert "badges.csv:3: This badge is in use by OP-1." in bare.refused("import", folder).out


def test_every_row_is_on_record_with_who_and_why(bare, tmp_path):
    bare.done("import", write_tables(tmp_path / "t"), "--reason", "first load")
    rows = bare.rows("SELECT act, by, reason FROM change WHERE reason = 'first load'")
    assert len(rows) >= 23
    assert {row[1] for row in rows} == {"SUP-1"}
    assert {"person.add", "badge.issue", "station.add", "station.parts", "agreement.in_force"} <= {
        r[0] for r in rows
    }


def test_two_administrators_must_say_who_acts(desk, tmp_path):
    said = desk.refused("import", write_tables(tmp_path / "t"), acting="")
    assert "There are 2 administrators, so you must say who acts." in said.err


def test_who_may_not_is_told_for_each_row(desk, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(
        "person,name,roles,ceiling,language\nOP-9,Ira,operator,,\nOP-8,Jo,admin,,\n", encoding="utf-8"
    )
    said = desk.refused("import", path, acting="SUP-2")
    assert bad_rows(said) == [("people.csv", 2), ("people.csv", 3)]
    assert "SUP-2 may not change people and their roles." in said.out


def test_an_agreement_text_must_be_there_and_cannot_change(desk, tmp_path):
    folder = tmp_path / "t"
    folder.mkdir()
    table = folder / "agreements.csv"
    table.write_text("client,version,title,file\nC1,2026,NDA,nda.txt\n", encoding="utf-8")
    assert (
        "agreements.csv:2: the agreement's file nda.txt cannot be read" in desk.refused("import", table).out
    )
    (folder / "nda.txt").write_text("You may tell everybody.\n", encoding="utf-8")
    assert "is already kept with another text" in desk.refused("import", table).out
    assert desk.rows("SELECT text FROM agreement_version WHERE client = 'C1'") == [
        (b"You keep it to yourself.\n",)
    ]


def test_the_help_names_every_column():
    from app.hub.columns import columns_help

    text = columns_help()
    for table in TABLES:
        assert f"{table.name}.csv" in text
        assert ",".join(table.required) in text


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)


@given(
    rows=st.lists(st.lists(CELL, min_size=5, max_size=5), max_size=8),
    lineterminator=st.sampled_from(["\n", "\r\n"]),
)
def test_whatever_a_csv_writer_wrote_is_read_back(rows, lineterminator):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=lineterminator, quoting=csv.QUOTE_ALL)
    writer.writerow(NAMES["people"].required)
    writer.writerows(rows)
    bad = []
    found = read_table("people.csv", out.getvalue().encode(), NAMES["people"].required, (), bad)
    assert bad == []
    kept = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    assert [list(row.cells.values()) for row in found] == kept


@given(data=st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_no_bytes_break_the_reader(data):
    bad = []
    found = read_table("x.csv", data, ("person", "badge"), ("note",), bad)
    lines = data.count(b"\n") + data.count(b"\r") + 1
    assert all(1 <= row.line <= lines for row in bad)
    assert found == [] or bad == [] or all(row.line > 1 for row in bad)


WORDS = st.sampled_from(
    ["OP-1", "OP-2", "OP-9", "", "ALL", "C1", "2026-13-01", "ST-010", "-x", "a b", "=1+1", "relief"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    name=st.sampled_from([table.name for table in TABLES]),
    cells=st.lists(st.lists(WORDS | CELL, min_size=7, max_size=7), min_size=1, max_size=6),
)
def test_any_row_is_either_good_or_named(desk, tmp_path, now, name, cells):
    from contextlib import contextmanager

    from app.hub.acting import Acting, actor

    table = NAMES[name]
    columns = [*table.required, *table.optional]
    path = tmp_path / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([row[: len(columns)] for row in cells])
    store = desk.store()

    @contextmanager
    def act():
        with store.rehearse() as session:
            yield Acting(session, actor(session, "SUP-1"), now)

    found, ignored = sources([path])
    job = Import(found, ignored, BadgeOffice(b"k" * 32, lambda _number: BLANK), act, act)
    before = desk.content()
    told = _told(job)
    store.close()
    text = path.read_text(encoding="utf-8")
    last = text.count("\n") + text.count("\r") + 1
    assert all(2 <= bad.line <= last and bad.problem for bad in told.bad)
    assert told.rows + len({bad.line for bad in told.bad}) <= len(cells)
    assert desk.content() == before


def _told(job):
    try:
        return job.check()
    except BadRows as error:
        return error.told


def test_takt_times_and_signed_steps_are_imported_and_kept_where_nothing_is_said(desk, tmp_path):
    (tmp_path / "stations.csv").write_text(
        "station,name,line,ceiling,parts,takt_seconds\nST-010,Housing,L1,standard,P-1,90\n", encoding="utf-8"
    )
    (tmp_path / "clients.csv").write_text("client,name,sign_steps\nC1,Aqua Ltd,yes\n", encoding="utf-8")
    said = desk.admin("import", tmp_path)
    assert said.code == 0, said.err
    desk.done("station", "add", "ST-010", "Housing", "--line", "L1")
    desk.done("client", "add", "C1", "Aqua Ltd")
    assert desk.rows("SELECT takt_seconds FROM station WHERE code = 'ST-010'") == [(90,)]
    assert desk.rows("SELECT sign_steps FROM client WHERE code = 'C1'") == [(1,)]
    desk.done("station", "add", "ST-010", "Housing", "--line", "L1", "--takt", "0")
    desk.done("client", "add", "C1", "Aqua Ltd", "--no-sign-steps")
    assert desk.rows("SELECT takt_seconds FROM station WHERE code = 'ST-010'") == [(None,)]
    assert desk.rows("SELECT sign_steps FROM client WHERE code = 'C1'") == [(0,)]


def test_a_barcode_form_that_a_badge_could_have_is_refused(desk):
    done = desk.admin("setting", "set", "unit_format", '{"prefix":"SN-","max_length":30}')
    assert done.code == 0, done.err
    for name, form, says in (
        ("unit_format", '{"prefix":"04"}', "a serial number could be taken for a badge"),
        ("order_format", '{"prefix":"SN"}', "a serial number could be taken for a work order"),
        ("order_format", "WO", "is not a barcode's form such as"),
    ):
        said = desk.admin("setting", "set", name, form)
        assert said.code == 1
        assert says in said.err
    assert desk.admin("setting", "set", "unit_format", "").code == 0
