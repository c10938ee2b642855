"""``stationleaf trace``: a picture of a marked page names its view, or nobody."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pymupdf
import pytest
from PIL import Image, features

from app.cli.main import main
from app.hub.schema import KioskRow
from app.mark.keys import Place, kiosk_keys, tag_of
from app.mark.tile import BAND_PX, TILE_PX, make_band
from app.seal.encoding import sha256
from app.wire.messages import EventKind
from tests.hub.plants import Desk
from tests.hub.test_admin_events import event, keep

KEY = bytes(range(32))


@pytest.fixture
def desk(made, tmp_path, plain_environment, capsys):
    folder = Path(shutil.copytree(made / "full", tmp_path / "hub"))
    (folder / "keys" / "wrap.key").write_text(KEY.hex())  # the mark's key is made of it: always one picture
    desk = Desk(folder, capsys)
    store = desk.store()
    with store.write() as session:
        session.add(KioskRow(code="K-1", station="ST-010", status="active", epoch=1))
    store.close()
    return desk


def token_of(desk, seq=7, kiosk="K-1"):
    return Place(tag_of(desk.home.mark_key, kiosk), 1, seq).token


def picture(path, key, seq=7, kiosk="K-1"):
    """A bright page with a dark field and lines, laid over with the view's tile."""
    keys = kiosk_keys(key, kiosk)
    page = np.full((620, 700), 255.0)
    page[80:200, 60:300], page[260:560:14, 60:640] = 60, 0
    band = np.frombuffer(make_band(Place(keys.tag, 1, seq).token, keys), np.uint8)
    over = np.tile(band.reshape(TILE_PX, BAND_PX, 4)[..., 0], (3, 1))[: page.shape[0], : page.shape[1]]
    Image.fromarray(np.rint(page * 252 / 255 + over).astype(np.uint8)).save(path, quality=60)
    return path


def run(capsys, *words):
    capsys.readouterr()
    code = main(["trace", *(str(word) for word in words)])
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    assert "fault in Stationleaf" not in said.err
    return code, said.out, said.err


def test_a_leaked_picture_names_its_view_at_the_hub(desk, tmp_path, capsys):
    view = {"person": "OP-1", "station": "ST-010", "client": "C1", "revision": "WI-100/A", "page": "e" * 64}
    keep(desk, event(7, EventKind.VIEW_BEGIN, minutes=2, **view), event(8, EventKind.VIEW_BEGIN, **view))
    keep(desk, event(7, EventKind.VIEW_BEGIN, kiosk="K-2", **view))
    leak = picture(tmp_path / "leak.jpg", desk.home.mark_key)
    code, out, _ = run(capsys, leak, "--hub", desk.folder, "--as", "QA-1")
    assert code == 0
    assert f"{token_of(desk):016x}" in out
    for word in ("WI-100 rev. A", "OP-1 Ana Ruiz", "ST-010 Housing, kiosk K-1", "2026-03-02 08:02:00Z"):
        assert word in out
    assert "number 7" in out
    assert "number 8" not in out
    assert "K-2" not in out
    ((by, subject, after),) = desk.rows("SELECT by, subject, after FROM change WHERE act = 'mark.trace'")
    assert (by, subject) == ("QA-1", f"{token_of(desk):016x}")
    assert json.loads(after)["views"] == ["K-1/1/7"]
    assert json.loads(after)["pictures"]["leak.jpg"] == sha256(leak.read_bytes())


def test_a_view_of_which_only_the_announcement_is_on_record_is_named_with_that(desk, tmp_path, capsys):
    view = {"person": "OP-1", "station": "ST-010", "client": "C1", "revision": "WI-100/A", "page": "e" * 64}
    keep(desk, event(7, EventKind.VIEW_ANNOUNCED, minutes=2, **view))
    leak = picture(tmp_path / "leak.jpg", desk.home.mark_key)
    code, out, _ = run(capsys, leak, "--hub", desk.folder, "--as", "QA-1")
    assert code == 0
    assert "OP-1 Ana Ruiz" in out
    assert "after 2026-03-02 08:02:00Z (the kiosk's time: it stopped before" in " ".join(out.split())
    told = desk.done("events", "--person", "OP-1")
    assert re.search(r"may have begun to see WI-100 rev\. A .* the kiosk stopped: it was ready", told)


def test_offline_with_the_key_in_a_file_it_says_the_token_only(desk, tmp_path, capsys):
    key = tmp_path / "mark.key"
    code, _, _ = run(capsys, "--hub", desk.folder, "--write-key", key)
    assert code == 0
    assert key.stat().st_mode & 0o077 == 0
    leak = picture(tmp_path / "leak.png", desk.home.mark_key)
    code, out, _ = run(capsys, leak, "--key", key)
    assert code == 0
    assert f"{token_of(desk):016x}" in out
    assert "epoch 1, event number 7" in out
    assert "Confidence" in out
    assert "OP-" not in out


def test_a_mark_without_an_event_says_so(desk, tmp_path, capsys):
    keep(desk, event(7, EventKind.VIEW_END))  # at that place there is something else than the begin of a view
    leak = picture(tmp_path / "leak.png", desk.home.mark_key)
    code, out, _ = run(capsys, leak, "--hub", desk.folder, "--as", "QA-1")
    assert code == 0
    assert "not on record at this hub" in out


def test_a_mark_made_without_the_sites_key_names_nobody(desk, tmp_path, capsys):
    leak = picture(tmp_path / "forged.png", bytes(32))
    code, out, _ = run(capsys, leak, "--hub", desk.folder, "--as", "QA-1")
    assert code == 1
    assert "No mark" in out
    assert f"{token_of(desk):016x}" not in out
    assert desk.rows("SELECT subject FROM change WHERE act = 'mark.trace'") == [("nothing found",)]


def test_who_may_not_ask_is_told_nothing(desk, tmp_path, capsys):
    leak = picture(tmp_path / "leak.png", desk.home.mark_key)
    code, out, err = run(capsys, leak, "--hub", desk.folder, "--as", "ENG-1")
    assert code == 1
    assert "ENG-1 may not look up" in err
    assert f"{token_of(desk):016x}" not in out


def test_a_report_has_the_pictures_and_what_they_name(desk, tmp_path, capsys):
    view = {"person": "OP-1", "station": "ST-010", "client": "C1", "revision": "WI-100/A", "page": "e" * 64}
    keep(desk, event(7, EventKind.VIEW_BEGIN, **view))
    leak, file = picture(tmp_path / "leak.webp", desk.home.mark_key), tmp_path / "report.pdf"
    code, out, _ = run(capsys, leak, "--hub", desk.folder, "--as", "QA-1", "--report", file)
    assert code == 0
    assert f"The report is in {file}" in out
    with pymupdf.open(file) as document:
        text = document[0].get_text()
        assert [len(page.get_images()) for page in document] == [0, 1, 1]
    for word in ("OP-1 Ana Ruiz", "WI-100 rev. A", f"{token_of(desk):016x}", sha256(leak.read_bytes())[:20]):
        assert word in text
    code, _, err = run(capsys, leak, "--hub", desk.folder, "--as", "QA-1", "--report", file)
    assert code == 1
    assert "exists" in err


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\nnothing", b"text"])
def test_what_is_no_picture_is_refused_in_words(desk, tmp_path, capsys, content):
    bad = tmp_path / "bad.png"
    bad.write_bytes(content)
    code, _, err = run(capsys, bad, "--hub", desk.folder)
    assert code == 1
    assert "is not a picture" in err


def test_a_heic_picture_is_read_or_the_package_that_it_needs_is_named(desk, tmp_path, capsys):
    photo = tmp_path / "IMG_1.HEIC"
    photo.write_bytes(b"\x00\x00\x00\x18ftypheic" + bytes(40))
    code, _, err = run(capsys, photo, "--hub", desk.folder, "--as", "QA-1")
    assert code == 1
    assert ("pillow-heif" in err) != (importlib.util.find_spec("pillow_heif") is not None)


@pytest.mark.parametrize("suffix", ["webp", "avif", "tiff"])
def test_pictures_of_other_kinds_are_read(desk, tmp_path, capsys, suffix):
    if suffix in {"webp", "avif"} and not features.check(suffix):
        pytest.skip(f"Pillow is here without {suffix}")
    leak = picture(tmp_path / f"leak.{suffix}", desk.home.mark_key)
    code, out, _ = run(capsys, leak, "--hub", desk.folder, "--as", "QA-1")
    assert code == 0
    assert f"{token_of(desk):016x}" in out


def test_a_bundle_needs_both_keys(tmp_path, capsys):
    code, _, err = run(capsys, "x.png", "--key", "k", "--bundle", tmp_path / "b.zip")
    assert code == 1
    assert "--bundle-key" in err


@pytest.mark.parametrize(
    "words",
    [("x.png",), ("--hub", "H"), ("x.png", "--hub", "H", "--key", "K"), ("absent.png", "--key", "absent")],
)
def test_missing_words_and_files_are_told(plain_environment, capsys, words):
    code, _, err = run(capsys, *words)
    assert code == 1
    assert err.startswith("stationleaf: ")


def joined(path, key, seqs):
    shots = [np.asarray(Image.open(picture(path.with_suffix(f".{seq}.png"), key, seq))) for seq in seqs]
    Image.fromarray(np.minimum.reduce(shots)).save(path)
    return path


def test_three_who_joined_their_screenshots_are_named_and_nobody_else(desk, tmp_path, capsys):
    view = {"station": "ST-010", "client": "C1", "revision": "WI-100/A", "page": "e" * 64}
    seen = [event(n, EventKind.VIEW_BEGIN, person=f"OP-{1 if n < 10 else 2}", **view) for n in range(5, 30)]
    keep(desk, *seen)
    leak, file = joined(tmp_path / "leak.png", desk.home.mark_key, (6, 7, 9)), tmp_path / "report.pdf"
    code, out, _ = run(
        *(capsys, leak, "--hub", desk.folder, "--as", "QA-1", "--document", "WI-100", "--report", file)
    )
    assert code == 0
    assert "Compared" in out
    assert "Ana Ruiz" in out
    assert "OP-2" not in out
    numbers = {line.split()[-1] for line in out.splitlines() if line.startswith("Event")}
    assert numbers
    assert numbers <= {"6", "7", "9"}
    ((subject, after),) = desk.rows("SELECT subject, after FROM change WHERE act = 'mark.trace'")
    assert subject.startswith("compared: ")
    assert json.loads(after)["tried"] == 25
    with pymupdf.open(file) as document:
        assert "keyed sequence" in " ".join(document[0].get_text().split())
    code, out, _ = run(capsys, leak, "--hub", desk.folder, "--as", "QA-1", "--document", "WI-200")
    assert code == 1
    assert "No mark" in out
