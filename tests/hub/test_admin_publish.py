"""Publishing through the command line: single sealed pages, atomic, repeatable; a revision's life."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pymupdf
import pytest

from app.hub.waiting import Waiting
from app.model.errors import Unavailable
from app.seal.boxes import open_page, unwrap_key
from app.seal.encoding import sha256
from tests.hub.plants import MAP, write_pdf

WHAT = ("--client", "C1", "--part", "P-1", "--document", "WI-100", "--class", "internal")
ROOT = Path(__file__).resolve().parents[2]


def publish(desk, pdf, page_map, *more, revision="A", acting="ENG-1"):
    return desk.done("publish", pdf, "--map", page_map, *WHAT, "--revision", revision, *more, acting=acting)


def pages(desk, revision="WI-100/A"):
    """Open the pages as a kiosk with every key would: number to plain bytes."""
    rows = desk.rows(
        "SELECT p.number, p.page, p.key, b.data, p.blob, b.size FROM page p JOIN blob b ON b.hash = p.blob "
        "JOIN revision r ON r.id = p.revision WHERE r.document || '/' || r.label = ? ORDER BY p.number",
        revision,
    )
    found = {}
    for number, page, key, box, blob, size in rows:
        assert sha256(box) == blob
        assert len(box) == size
        found[number] = open_page(box, unwrap_key(key, desk.home.keys.wrap), page, revision)
    return found


def stations(desk):
    rows = desk.rows(
        "SELECT p.number, s.station FROM page p JOIN page_station s ON s.page = p.id ORDER BY 1, 2"
    )
    return [tuple(row) for row in rows]


def test_each_page_is_sealed_alone_and_bound_to_its_stations(desk, pdf, page_map):
    said = publish(desk, pdf, page_map)
    assert "WI-100/A published: 4 pages, effective." in said
    assert re.search(r"median \d+ ms, slowest \d+ ms a page", said)
    plain = pages(desk)
    for number, data in plain.items():
        text = pymupdf.open(stream=data, filetype="pdf")[0].get_text()
        assert text.split() == [f"canary-{number}"]
    assert stations(desk) == [(1, "ALL"), (2, "ST-010"), (3, "ST-020"), (4, "ST-020")]
    whole = (desk.folder / "hub.db").read_bytes()
    assert b"%PDF" not in whole
    assert not any(data[20:60] in whole for data in plain.values())
    assert desk.rows("SELECT title FROM document") == [("Pump assembly",)]
    assert re.search(
        r"WI-100 +A +Pump assembly +C1 +P-1 +internal +effective +4 ", desk.done("document", "list")
    )
    assert desk.rows("SELECT act, subject, by FROM change ORDER BY id DESC LIMIT 1") == [
        ("revision.publish", "WI-100/A", "ENG-1")
    ]


def test_progress_is_shown(desk, pdf, page_map):
    said = desk.admin("publish", pdf, "--map", page_map, *WHAT, "--revision", "A")
    assert "0/4 4 pages" in said.err
    assert "4/4 storing" in said.err


def test_the_same_file_twice_is_one_revision(desk, pdf, page_map):
    publish(desk, pdf, page_map)
    before = desk.content()
    said = publish(desk, pdf, page_map, "--title", "Another title")
    assert "WI-100/A was published before from the same file: 4 pages, effective." in said
    assert desk.content() == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("file", "with another file"),
        ("map", "with another page map"),
        ("class", "with class internal"),
        ("part", "with another part"),
    ],
)
def test_a_published_revision_does_not_change(desk, tmp_path, pdf, page_map, change, words):
    publish(desk, pdf, page_map)
    before = desk.content()
    more = [*WHAT, "--revision", "A"]
    if change == "file":
        pdf = write_pdf(tmp_path / "other.pdf", word="other")
    elif change == "map":
        page_map.write_text(MAP.replace("3,4", "3,3"), encoding="utf-8")
    elif change == "class":
        more += ["--class", "restricted"]
    else:
        desk.done("part", "add", "P-11", "Pump 11", "--client", "C1")
        more += ["--part", "P-11"]
    said = desk.refused("publish", pdf, "--map", page_map, *more)
    assert "is already published" in said.err
    assert words in said.err
    assert desk.rows("SELECT count(*) FROM page") == [(len(before["page"]),)]


def test_pages_that_no_row_holds_are_not_kept(desk, pdf, page_map):
    page_map.write_text(
        "first_page,last_page,station_code,station_name\n2,2,ST-010,Housing\n", encoding="utf-8"
    )
    said = publish(desk, pdf, page_map)
    assert "Left out, because no row of the map holds them: page 1, 3-4." in said
    assert list(pages(desk)) == [2]


def refuse(desk, pdf, page_map, *more, acting="ENG-1", **what):
    """Publishing must be refused and leave nothing behind. Returns the sentence."""
    before, files = desk.content(), desk.files()
    words = dict(zip(WHAT[::2], WHAT[1::2], strict=True)) | {"--revision": "A"} | what
    options = [word for pair in words.items() for word in pair]
    said = desk.refused("publish", pdf, "--map", page_map, *options, *more, acting=acting)
    assert desk.content() == before
    assert desk.files() == files
    return said.err


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ({"--client": "C9"}, "There is no client C9."),
        ({"--part": "P-9"}, "There is no part P-9."),
        ({"--part": "P-2"}, "P-2 is a part of C2, not of C1."),
        ({"--document": "WI/100"}, "has a sign that a code cannot have"),
        ({"--language": "English"}, "'English' is not a language"),
        ({"--effective": "2020-01-01"}, "cannot become effective in the past"),
    ],
)
def test_what_does_not_fit_the_plant_is_refused(desk, pdf, page_map, what, words):
    assert words in refuse(desk, pdf, page_map, **what)


def test_a_translation_names_its_language_and_a_document_that_is_there(desk, pdf, page_map):
    publish(desk, pdf, page_map, "--language", "en")
    translated = ("--language", "es", "--translates", "WI-100")
    assert "WI-100 cannot be a translation" in refuse(desk, pdf, page_map, *translated, **{"--revision": "B"})
    spanish = {"--document": "WI-100-ES"}
    assert "In which language" in refuse(desk, pdf, page_map, *translated[2:], **spanish)
    what = ("WI-100-ES" if word == "WI-100" else word for word in WHAT)
    desk.done("publish", pdf, "--map", page_map, *what, "--revision", "A", *translated, acting="ENG-1")
    assert desk.rows("SELECT document, language, translates FROM revision ORDER BY 1") == [
        ("WI-100", "en", ""), ("WI-100-ES", "es", "WI-100"),
    ]  # fmt: skip


def test_who_may_not_publish_cannot(desk, pdf, page_map):
    assert "SUP-2 may not publish and recall documents." in refuse(desk, pdf, page_map, acting="SUP-2")


def test_a_map_for_another_document_is_refused(desk, tmp_path, page_map):
    short = write_pdf(tmp_path / "short.pdf", 3)
    assert "The page map names page 4, but short.pdf has 3 pages." in refuse(desk, short, page_map)


def test_bad_rows_of_the_map_are_named_by_line(desk, pdf, page_map):
    page_map.write_text(MAP + "9,8,ST-010,Housing\nx,2,ST-010,Housing\n", encoding="utf-8")
    said = refuse(desk, pdf, page_map)
    assert "line 5" in said
    assert "line 6" in said


def test_a_map_that_is_not_there_or_not_text(desk, pdf, tmp_path):
    assert "cannot be read" in refuse(desk, pdf, tmp_path / "nowhere.csv")
    (tmp_path / "latin.csv").write_bytes(b"\xe9\xff")
    assert "is not UTF-8" in refuse(desk, pdf, tmp_path / "latin.csv")


def test_stations_of_the_map_must_exist_or_be_asked_for(desk, pdf, page_map):
    page_map.write_text(MAP.replace("ST-020", "ST-099"), encoding="utf-8")
    assert "stations that do not exist: ST-099." in refuse(desk, pdf, page_map)
    assert "There is no line L9." in refuse(desk, pdf, page_map, "--add-stations", "L9", acting="SUP-1")
    assert "ENG-1 may not change sites" in refuse(desk, pdf, page_map, "--add-stations", "L1")
    said = publish(desk, pdf, page_map, "--add-stations", "L1", acting="SUP-1")
    assert "Stations made on line L1: ST-099." in said
    assert re.search(r"ST-099 +Battery, attach +L1 +standard +P-1", desk.done("station", "list"))


def test_pages_that_would_be_shown_nowhere_are_noted(desk, tmp_path, page_map):
    page_map.write_text(MAP.replace("ST-010", "ST-030"), encoding="utf-8")
    desk.done("station", "add", "ST-020", "Battery, attach", "--line", "L1", "--class", "public")
    said = publish(desk, write_pdf(tmp_path / "a.pdf"), page_map)
    assert "Note: part P-1 does not run on station ST-030: its pages are not shown there." in said
    assert "Note: station ST-020 shows no more than public: these internal pages are not shown." in said


def broken(path):
    path.write_bytes(write_pdf(path).read_bytes()[:700])


def encrypted(path):
    write_pdf(path, encryption=pymupdf.PDF_ENCRYPT_AES_256, owner_pw="o", user_pw="u")


def restricted(path):
    write_pdf(path, encryption=pymupdf.PDF_ENCRYPT_AES_256, owner_pw="o", user_pw="", permissions=0)


def no_pdf(path):
    path.write_bytes(b"PK\x03\x04 this is a spreadsheet")


def empty(path):
    path.write_bytes(b"")


def third_page(path, change):
    """A document whose first two pages are good: they have been sealed when the third one is refused."""
    document = pymupdf.open(write_pdf(path))
    change(document, document[2])
    document.save(path.with_suffix(".new"))
    document.close()
    path.with_suffix(".new").rename(path)


def huge_page(path):
    third_page(path, lambda document, page: document.xref_set_key(page.xref, "MediaBox", "[0 0 90000 90000]"))


def torn_picture(path):
    def tear(document, page):
        pixels = pymupdf.Pixmap(pymupdf.csRGB, 64, 64, os.urandom(64 * 64 * 3), 0)
        xref = page.insert_image((0, 0, 99, 99), pixmap=pixels)
        document.update_stream(xref, document.xref_stream_raw(xref)[:500], compress=0)
        document.xref_set_key(xref, "Filter", "/FlateDecode")

    third_page(path, tear)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (broken, "The PDF is damaged"),
        (encrypted, "The PDF is encrypted or restricted with a password."),
        (restricted, "The PDF is encrypted or restricted with a password."),
        (no_pdf, "The file is not a PDF."),
        (empty, "The PDF has no pages."),
        (huge_page, "Page 3 has a size that cannot be shown."),
        (torn_picture, "Page 3 holds a drawing, picture or font that cannot be read"),
    ],
)
def test_a_pdf_that_cannot_be_used_is_refused_and_leaves_nothing(desk, tmp_path, page_map, make, sentence):
    path = tmp_path / "bad.pdf"
    make(path)
    assert sentence in refuse(desk, path, page_map)


def test_what_a_document_carries_beside_its_pages_is_not_published(desk, tmp_path, page_map):
    path = write_pdf(tmp_path / "rich.pdf")
    document = pymupdf.open(path)
    document.embfile_add("plan", b"stowaway-attachment")
    document.set_metadata({"author": "stowaway-author"})
    document.set_xml_metadata("<x>stowaway-xmp</x>")
    document[0].insert_link(
        {"kind": pymupdf.LINK_URI, "from": pymupdf.Rect(0, 0, 9, 9), "uri": "https://stowaway-link"}
    )
    document[0].add_text_annot((50, 50), "stowaway-note")
    action = document.get_new_xref()
    document.update_object(action, "<</S/JavaScript/JS(stowaway-script)>>")
    document.xref_set_key(document.pdf_catalog(), "OpenAction", f"{action} 0 R")
    document.save(tmp_path / "full.pdf")
    document.close()
    publish(desk, tmp_path / "full.pdf", page_map)
    for data in pages(desk).values():
        opened = pymupdf.open(stream=data, filetype="pdf")
        bare = opened.tobytes(expand=255, garbage=0)
        assert b"stowaway" not in data + bare
        assert b"JavaScript" not in bare


def test_a_page_that_is_slow_to_draw_gets_a_faster_form_and_the_report_says_so(desk, tmp_path, page_map):
    path = tmp_path / "heavy.pdf"
    document = pymupdf.open(write_pdf(path, 3))
    shape = document[1].new_shape()
    for number in range(1_500):
        x, y = 20 + number % 500, 20 + (number * 37) % 700
        shape.draw_bezier((x, y), (x + 60, y + 5), (x - 30, y + 40), (x + 44, y + 61))
        shape.finish(width=0.3)
    shape.commit()
    document.save(tmp_path / "slow.pdf")
    document.close()
    page_map.write_text("first_page,last_page,station_code,station_name\n1,3,ALL,\n", encoding="utf-8")
    said = publish(desk, tmp_path / "slow.pdf", page_map)
    (row,) = re.findall(r"^2 +faster form +(\d+) ms +(\d+) ms +its heavy drawing", said, re.MULTILINE)
    assert int(row[1]) < 150 < int(row[0])
    assert desk.rows("SELECT number, form FROM page ORDER BY 1") == [
        (1, "as drawn"),
        (2, "faster form"),
        (3, "as drawn"),
    ]
    ((report,),) = desk.rows("SELECT report FROM revision")
    assert '"page": 2' in report


def test_a_file_that_is_not_there(desk, tmp_path, page_map):
    assert "There is no file" in refuse(desk, tmp_path / "nowhere.pdf", page_map)
    assert "cannot be read" in refuse(desk, tmp_path, page_map)


def test_without_a_map_one_is_proposed_and_must_be_confirmed(desk, tmp_path, pdf):
    before = desk.content()
    target = tmp_path / "proposed.csv"
    said = desk.refused("publish", pdf, *WHAT, "--revision", "A", "--write-map", target)
    assert "Nothing was published: this page map is a proposal" in said.err
    assert f"--map {target}" in said.err
    assert said.out == target.read_text(encoding="utf-8")
    assert "2,2,ST-010,Housing" in said.out
    assert desk.content() == before
    assert (
        "does not exist yet"
        in desk.refused("publish", pdf, *WHAT, "--revision", "A", "--write-map", target).err
    )
    desk.done("publish", pdf, *WHAT, "--revision", "A", "--accept-proposal")
    assert (2, "ST-010") in stations(desk)
    assert "was published before" in desk.done("publish", pdf, "--map", target, *WHAT, "--revision", "A")


def test_a_pdf_without_bookmarks_needs_a_map(desk, tmp_path):
    path = write_pdf(tmp_path / "plain.pdf", bookmarks=False)
    assert "no bookmarks" in desk.refused("publish", path, *WHAT, "--revision", "A").err


def command(desk, pdf, page_map):
    words = ["publish", str(pdf), "--map", str(page_map), *WHAT, "--revision", "A"]
    return [sys.executable, "-m", "app.cli.main", "admin", "--hub", str(desk.folder), "--as", "ENG-1", *words]


def environment():
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.mark.parametrize("after", ["4/40", "20/40", "40/40 storing"])
def test_killed_in_the_middle_nothing_is_half_published(desk, tmp_path, page_map, after):
    long = write_pdf(tmp_path / "long.pdf", 40)
    page_map.write_text("first_page,last_page,station_code,station_name\n1,40,ALL,\n", encoding="utf-8")
    before, files = desk.content(), desk.files()
    words = command(desk, long, page_map)
    with subprocess.Popen(
        words, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
    ) as run:
        for line in run.stderr:
            if line.startswith(after):
                run.send_signal(signal.SIGKILL)
                break
        run.wait(60)
    assert run.returncode == -signal.SIGKILL
    assert desk.files() == files
    now = desk.content()
    if after == "40/40 storing" and now != before:  # the kill came after the commit: then all of it is there
        assert len(now["page"]) == len(now["blob"]) == 40
        return
    assert now == before
    assert "published: 40 pages" in publish(desk, long, page_map)


def test_its_worker_ends_with_it(desk, tmp_path, page_map):
    long = write_pdf(tmp_path / "long.pdf", 40)
    page_map.write_text("first_page,last_page,station_code,station_name\n1,40,ALL,\n", encoding="utf-8")
    with subprocess.Popen(
        command(desk, long, page_map),
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as run:
        for line in run.stderr:
            if line.startswith("4/40"):
                children = (
                    Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text(encoding="ascii").split()
                )
                assert children
                run.kill()
                break
        run.wait(60)
        deadline = time.monotonic() + 10
        while any(alive(child) for child in children):
            assert time.monotonic() < deadline
            time.sleep(0.05)


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_full_disk_publishes_nothing(desk, tmp_path, page_map):
    """A limit on file size stands for the full disk: a write fails in the middle of a page's ciphertext."""
    noise = tmp_path / "noise.pdf"
    document = pymupdf.open()
    for _ in range(4):
        pixels = pymupdf.Pixmap(pymupdf.csRGB, 700, 700, os.urandom(700 * 700 * 3), 0)
        document.new_page().insert_image((0, 0, 500, 500), pixmap=pixels)
    document.save(noise)
    document.close()
    before, files = desk.content(), desk.files()
    limited = ["bash", "-c", 'ulimit -f 3000; exec "$@"', "-", *command(desk, noise, page_map)]
    done = subprocess.run(limited, capture_output=True, text=True, env=environment(), check=False)
    assert done.returncode == 1, done
    assert "nothing was published" in done.stderr
    assert "fault" not in done.stderr
    assert desk.content() == before
    assert desk.files() == files


def test_a_full_disk_is_said_of_a_small_page_too(small_disk):
    with suppress(OSError), (small_disk / "ballast").open("wb", buffering=0) as ballast:
        while True:
            ballast.write(bytes(4096))
    with Waiting(small_disk, "D/A", bytes(32)) as waiting, pytest.raises(Unavailable) as told:
        waiting.seal(b"small", "Page 1")
    assert told.value.code == "disk_full"


def test_a_new_revision_supersedes_the_one_before(desk, tmp_path, pdf, page_map):
    publish(desk, pdf, page_map)
    said = publish(desk, write_pdf(tmp_path / "b.pdf", word="newer"), page_map, revision="B")
    assert "Superseded: revision A of WI-100." in said
    said = desk.done("document", "list")
    assert re.search(r"WI-100 +A .* superseded ", said)
    assert re.search(r"WI-100 +B .* effective ", said)
    (a_until,), (b_from,) = (
        desk.rows("SELECT effective_until FROM revision WHERE label = 'A'")[0],
        desk.rows("SELECT effective_from FROM revision WHERE label = 'B'")[0],
    )
    assert a_until == b_from


def test_a_held_revision_is_released_later_and_back_again(desk, tmp_path, pdf, page_map):
    publish(desk, pdf, page_map)
    said = publish(desk, write_pdf(tmp_path / "b.pdf", word="newer"), page_map, "--hold", revision="B")
    assert "WI-100/B published: 4 pages, approved." in said
    assert re.search(r"WI-100 +A .* effective ", desk.done("document", "list"))
    assert "changed" in desk.done("document", "release", "WI-100", "B", acting="QA-1")
    assert "unchanged" in desk.done("document", "release", "WI-100", "B")
    said = desk.done("document", "list")
    assert re.search(r"WI-100 +A .* superseded ", said)
    desk.done("document", "release", "WI-100", "A")
    said = desk.done("document", "list")
    assert re.search(r"WI-100 +A .* effective ", said)
    assert re.search(r"WI-100 +B .* superseded ", said)


def test_a_release_in_the_future_leaves_the_present_in_force(desk, tmp_path, pdf, page_map):
    publish(desk, pdf, page_map)
    publish(
        desk, write_pdf(tmp_path / "b.pdf", word="x"), page_map, "--effective", "2100-01-01", revision="B"
    )
    said = desk.done("document", "list")
    assert re.search(r"WI-100 +A .* effective .* 2100-01-01 00:00:00Z", said)
    assert re.search(r"WI-100 +B .* approved .* 2100-01-01 00:00:00Z", said)


def test_a_recall_needs_a_reason_and_is_for_good(desk, pdf, page_map):
    publish(desk, pdf, page_map)
    assert "A recall needs a reason." in desk.refused("document", "recall", "WI-100", "A").err
    assert "may not" in desk.refused("document", "recall", "WI-100", "A", "--reason", "x", acting="SUP-2").err
    desk.done("document", "recall", "WI-100", "A", "--reason", "torque wrong", acting="QA-1")
    assert "unchanged" in desk.done("document", "recall", "WI-100", "A", "--reason", "again")
    assert re.search(r"WI-100 +A .* recalled ", desk.done("document", "list"))
    assert "was recalled; it does not come back" in desk.refused("document", "release", "WI-100", "A").err
    assert "4 pages, recalled." in publish(desk, pdf, page_map)
    assert "torque wrong" in desk.done("changes", "--about", "WI-100")
    assert (
        "There is no document WI-9." in desk.refused("document", "recall", "WI-9", "A", "--reason", "x").err
    )
    assert "WI-100 has no revision Z." in desk.refused("document", "release", "WI-100", "Z").err


STEPS = "page,step,title,sign\n2,1,Open the housing,\n3,2,Attach the battery,yes\n4,3,,\n"


@pytest.fixture
def steps(tmp_path):
    path = tmp_path / "steps.csv"
    path.write_text(STEPS, encoding="utf-8")
    return path


def test_steps_are_kept_in_their_order_and_are_part_of_what_a_revision_is(desk, pdf, page_map, steps):
    assert "WI-100/A published: 4 pages with 3 steps" in publish(desk, pdf, page_map, "--steps", steps)
    kept = desk.rows("SELECT code, page, title, sign FROM step ORDER BY place")
    assert kept == [("1", 2, "Open the housing", 0), ("2", 3, "Attach the battery", 1), ("3", 4, "", 0)]
    assert "published before" in publish(desk, pdf, page_map, "--steps", steps)
    said = desk.admin("publish", pdf, "--map", page_map, *WHAT, "--revision", "A")
    assert (said.code, "already published, with another step list" in said.err) == (1, True)


def test_a_step_list_that_does_not_fit_publishes_nothing(desk, pdf, page_map, steps):
    before = desk.content()
    for text, says in (
        ("page,step\n9,1\n", "has step 1 on page 9, but"),
        ("page,step\nx,1\n", "line 2: page “x” is not a page number"),
        ("step\n1\n", "must have the columns page, step, title, sign"),
    ):
        steps.write_text(text, encoding="utf-8")
        said = desk.admin("publish", pdf, "--map", page_map, *WHAT, "--revision", "A", "--steps", steps)
        assert said.code == 1
        assert says in said.err
    assert desk.content() == before


def test_a_step_on_a_page_for_nobody_is_told(desk, pdf, tmp_path, steps):
    page_map = tmp_path / "few.csv"
    page_map.write_text("first_page,last_page,station_code,station_name\n1,3,ALL,\n", encoding="utf-8")
    said = publish(desk, pdf, page_map, "--steps", steps)
    assert "step 3 is on page 4, which no row of the map holds: nobody can confirm it" in said


def test_steps_are_proposed_and_nothing_is_published_until_somebody_has_checked_them(desk, tmp_path):
    made = tmp_path / "headed.pdf"
    with pymupdf.open() as document:
        for number in (1, 2):
            document.new_page().insert_text((60, 80), f"Step {number}: Do it", fontsize=20)
        document.save(made)
    page_map = tmp_path / "m.csv"
    page_map.write_text("first_page,last_page,station_code,station_name\n1,2,ALL,\n", encoding="utf-8")
    proposal = tmp_path / "proposed.csv"
    words = ("publish", made, "--map", page_map, *WHAT, "--revision", "A")
    said = desk.refused(*words, "--write-steps", proposal)
    assert "Nothing was published" in said.err
    assert proposal.read_text() == said.out == "page,step,title,sign\n1,1,Do it,\n2,2,Do it,\n"
    assert desk.rows("SELECT * FROM revision") == []
    assert "does not exist yet" in desk.refused(*words, "--write-steps", proposal).err
    assert "with 2 steps" in desk.done(*words, "--steps", proposal, acting="ENG-1")
