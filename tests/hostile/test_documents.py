"""Hostile and broken documents: each is split or refused by rule, soon, and nothing else happens."""

from __future__ import annotations

import csv
import time
import zlib
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.model.errors import Refused
from app.pages.maps import propose_map
from app.pages.splitting import Limits, SplitPage, split_document

FOLDER = Path(__file__).parents[2].parent / "shared" / "data" / "hostile"
CODES = {"not_pdf", "encrypted", "broken", "empty", "too_large", "timeout", "hostile", "unfaithful"}
LIMITS = Limits(open_seconds=20, page_seconds=30, total_seconds=60, max_pages=200)


def _outcome(path: Path, limits: Limits = LIMITS) -> str:
    """``split`` or the code of the refusal; whatever was taken must be whole one-page files."""
    pages: list[SplitPage] = []
    begun = time.monotonic()
    refusal: Refused | None = None
    try:
        split_document(path, take=pages.append, limits=limits)
    except Refused as error:
        refusal = error
    if refusal is None:
        assert pages
    else:
        assert str(refusal).endswith(".")
        assert refusal.advice
        assert "Traceback" not in refusal.sentence
    assert time.monotonic() - begun < 120
    for page in pages:
        one: Any = pymupdf.open(stream=page.data, filetype="pdf")
        assert one.page_count == 1
        assert not one.is_repaired
    return "split" if refusal is None else refusal.code


def _expected() -> list[tuple[str, bool]]:
    if not (FOLDER / "expected.csv").exists():
        return []
    with (FOLDER / "expected.csv").open(encoding="utf-8", newline="") as file:
        return [(row["file"], row["needs_password"] == "yes") for row in csv.DictReader(file)]


@pytest.mark.parametrize(("name", "locked"), _expected() or [("", False)])
def test_a_known_bad_document_is_split_or_refused(name: str, locked: bool) -> None:
    if not name or not (FOLDER / name).exists():
        pytest.skip("../shared/data/hostile is not here")
    outcome = _outcome(FOLDER / name)
    assert outcome in CODES | {"split"}
    if locked:
        assert outcome in {"encrypted", "broken"}


def _small() -> bytes:
    document: Any = pymupdf.open()
    for number in range(2):
        page = document.new_page(width=300, height=300)
        page.insert_font(fontname="F1", fontbuffer=pymupdf.Font("tiro").buffer)
        page.insert_text((50, 50), f"step {number}", fontname="F1")
        page.draw_circle((150, 150), 60, fill=(0.2, 0.4, 0.6))
    document.set_toc([[1, "ST-010 Prep", 1], [1, "ST-020 Close", 2]])
    document.subset_fonts()
    return bytes(document.tobytes(no_new_id=True, deflate=True))


SMALL = _small()
_TOKENS = (
    b"obj",
    b"endobj",
    b"stream",
    b"/Kids",
    b"/Count",
    b"/Length",
    b"/Filter",
    b"/Parent",
    b"/Type",
    b"0 R",
)


@st.composite
def _mutated(draw: st.DrawFn) -> bytes:
    data = bytearray(SMALL)
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["flip", "number", "cut", "repeat", "token"]))
        at = draw(st.integers(0, len(data) - 1))
        length = draw(st.integers(1, 60))
        if kind == "flip":
            data[at] ^= draw(st.integers(1, 255))
        elif kind == "number":
            huge = draw(st.sampled_from([b"-1", b"0", b"4294967296", b"99999999999", b"1e9", b"null"]))
            data[at : at + 1] = huge
        elif kind == "cut":
            del data[at : at + length]
        elif kind == "repeat":
            data[at:at] = data[at : at + length] * 3
        else:
            token = draw(st.sampled_from(_TOKENS))
            place = data.find(token, at)
            if place >= 0:
                data[place : place + len(token)] = draw(st.sampled_from(_TOKENS))
        if not data:
            data = bytearray(b"%PDF-")
    return bytes(data)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=_mutated())
def test_a_mutated_document_is_split_or_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "mutated.pdf"
    path.write_bytes(data)
    assert _outcome(path) in CODES | {"split"}


def test_the_unmutated_document_is_split_and_its_map_proposed(tmp_path: Path) -> None:
    path = tmp_path / "small.pdf"
    path.write_bytes(SMALL)
    assert _outcome(path) == "split"
    assert [row.station_code for row in propose_map(path)] == ["ST-010", "ST-020"]


def _with_content(folder: Path, content: bytes, resources: str = "", *, packed: bool = False) -> Path:
    document: Any = pymupdf.open()
    page = document.new_page(width=300, height=300)
    number = document.get_new_xref()
    document.update_object(number, "<</Filter/FlateDecode>>" if packed else "<<>>")
    document.update_stream(number, content, compress=False)
    if packed:
        document.xref_set_key(number, "Filter", "/FlateDecode")
    document.xref_set_key(page.xref, "Contents", f"{number} 0 R")
    if resources:
        document.xref_set_key(page.xref, "Resources", resources)
    path = folder / "document.pdf"
    document.save(path)
    return path


def test_a_content_bomb_is_refused_within_its_memory(tmp_path: Path) -> None:
    packer = zlib.compressobj(9)
    parts = [packer.compress(b"0 0 m 9 9 l S\n" * 100_000) for _ in range(200)]
    path = _with_content(tmp_path, b"".join(parts) + packer.flush(), packed=True)
    assert path.stat().st_size < 5 << 20
    assert _outcome(path, Limits(page_seconds=20, memory_mb=1024)) in {
        "too_large",
        "timeout",
        "hostile",
        "broken",
    }


def test_a_picture_of_absurd_size_is_refused_or_drawn_within_its_memory(tmp_path: Path) -> None:
    document: Any = pymupdf.open()
    page = document.new_page(width=300, height=300)
    number = document.get_new_xref()
    document.update_object(
        number,
        "<</Type/XObject/Subtype/Image/Width 100000/Height 100000/ColorSpace/DeviceRGB/BitsPerComponent 8>>",
    )
    document.update_stream(number, b"\0" * 1000)
    content = document.get_new_xref()
    document.update_object(content, "<<>>")
    document.update_stream(content, b"q 300 0 0 300 0 0 cm /I Do Q")
    document.xref_set_key(page.xref, "Contents", f"{content} 0 R")
    document.xref_set_key(page.xref, "Resources", f"<</XObject<</I {number} 0 R>>>>")
    path = tmp_path / "document.pdf"
    document.save(path)
    assert _outcome(path) in CODES


def test_forms_that_draw_themselves_end(tmp_path: Path) -> None:
    document: Any = pymupdf.open()
    page = document.new_page(width=300, height=300)
    form = document.get_new_xref()
    document.update_object(
        form, f"<</Type/XObject/Subtype/Form/BBox[0 0 300 300]/Resources<</XObject<</F {form} 0 R>>>>>>"
    )
    document.update_stream(form, b"0 0 m 300 300 l S /F Do /F Do")
    content = document.get_new_xref()
    document.update_object(content, "<<>>")
    document.update_stream(content, b"/F Do")
    document.xref_set_key(page.xref, "Contents", f"{content} 0 R")
    document.xref_set_key(page.xref, "Resources", f"<</XObject<</F {form} 0 R>>>>")
    path = tmp_path / "document.pdf"
    document.save(path)
    assert _outcome(path) in {"split", "broken", "unfaithful", "timeout"}


def test_a_page_of_absurd_size_is_refused(tmp_path: Path) -> None:
    document: Any = pymupdf.open()
    page = document.new_page()
    document.xref_set_key(page.xref, "MediaBox", "[0 0 9000000 9000000]")
    path = tmp_path / "document.pdf"
    document.save(path)
    assert _outcome(path) == "too_large"
