"""Nothing of another page, and nothing that is not drawn, rides along in a one-page file.

Every one-page file is searched for every canary, as stored and with every stream unpacked, in the spellings
that PDF strings have.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pymupdf
import pytest

from app.pages.splitting import SplitPage, split_document
from tests.pages.aviary import CHANNELS, OWN, Aviary, holds, unpacked, word
from tests.pages.making import add_content, saved

if TYPE_CHECKING:
    from pathlib import Path


def _split(path: Path) -> list[SplitPage]:
    pages: list[SplitPage] = []
    split_document(path, take=pages.append)
    return pages


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Aviary().save(tmp_path_factory.mktemp("aviary"))


@pytest.fixture(scope="module")
def singles(document: Path) -> list[SplitPage]:
    return _split(document)


def test_the_source_reallyholds_every_canary(document: Path) -> None:
    everything = unpacked(document.read_bytes())
    assert len(CHANNELS) == 35
    assert [channel for channel in CHANNELS if not holds(everything, word(channel))] == []


def test_the_first_page_carries_nothing_but_itself(singles: list[SplitPage]) -> None:
    everything = unpacked(singles[0].data)
    assert [channel for channel in CHANNELS if holds(everything, word(channel))] == []
    assert holds(everything, OWN[0])
    assert not holds(everything, OWN[1])


def test_the_second_page_carries_only_what_it_shows(singles: list[SplitPage]) -> None:
    everything = unpacked(singles[1].data)
    shown = {"text of another page", "shared picture of another page", "form field"}
    assert {channel for channel in CHANNELS if holds(everything, word(channel))} == shown
    assert holds(everything, OWN[1])
    assert not holds(everything, OWN[0])


def test_a_one_page_file_has_no_door_to_the_outside(singles: list[SplitPage]) -> None:
    doors = (
        "JavaScript JS URI Launch GoToR SubmitForm ImportData EmbeddedFile OpenAction AA Annots AcroForm "
        "Outlines Metadata PieceInfo Thumb Names Dests StructTreeRoot Info ID"
    ).upper()
    pattern = re.compile(rb"/(" + doors.replace(" ", "|").encode() + rb")\b")
    for page in singles:
        assert pattern.findall(unpacked(page.data)) == []


def test_a_one_page_fileholds_no_object_that_nothing_refers_to(singles: list[SplitPage]) -> None:
    for page in singles:
        one: Any = pymupdf.open(stream=page.data, filetype="pdf")
        reached, waiting = set(), [one.pdf_catalog()]
        while waiting:
            number = waiting.pop()
            if number not in reached:
                reached.add(number)
                waiting += [int(found) for found in re.findall(r"(\d+) 0 R", one.xref_object(number))]
        assert reached == set(range(1, one.xref_length()))


def test_a_font_that_is_named_but_shows_nothing_keeps_no_letter(tmp_path: Path) -> None:
    document: Any = pymupdf.open()
    page = document.new_page()
    page.insert_font(fontname="F1", fontbuffer=pymupdf.Font("tiro").buffer)
    add_content(document, page, "BT /F1 12 Tf ET 0 0 m 50 50 l S")
    (single,) = _split(saved(document, tmp_path))
    font = pymupdf.Font(fontbuffer=_program(pymupdf.open(stream=single.data, filetype="pdf")))
    assert _is_blank(font, "ABCXYZabc019")


def _is_blank(font: Any, text: str) -> bool:
    sheet: Any = pymupdf.open().new_page()
    writer = pymupdf.TextWriter(sheet.rect)
    writer.append((60, 100), text, font=font, fontsize=30)
    writer.write_text(sheet)
    return set(sheet.get_pixmap().samples) == {255}


def _program(document: Any) -> bytes:
    """The one font program of a document."""
    for number in range(1, document.xref_length()):
        for key in ("FontFile2", "FontFile3"):
            kind, value = document.xref_get_key(number, key)
            if kind == "xref":
                return bytes(document.xref_stream(int(value.split()[0])))
    raise AssertionError("no embedded font")


@pytest.mark.parametrize("face", ["tiro", "cjk"])
def test_a_font_carries_only_the_letters_of_its_page(tmp_path: Path, face: str) -> None:
    """Both pages use one embedded font; a page's file draws the other page's letters as nothing."""
    document: Any = pymupdf.open()
    texts = ("ABCABC", "XYZQRS")
    for text in texts:
        page = document.new_page()
        page.insert_font(fontname="F1", fontbuffer=pymupdf.Font(face).buffer)
        page.insert_text((60, 100), text, fontname="F1", fontsize=30)
    for single, own, other in zip(_split(saved(document, tmp_path)), texts, texts[::-1], strict=True):
        one: Any = pymupdf.open(stream=single.data, filetype="pdf")
        assert one[0].get_text().strip() == own
        font = pymupdf.Font(fontbuffer=_program(one))
        assert not _is_blank(font, own)
        assert _is_blank(font, other)


def test_a_note_that_the_page_shows_is_drawn_and_its_words_are_not_kept(tmp_path: Path) -> None:
    document: Any = pymupdf.open()
    page = document.new_page()
    note = page.add_freetext_annot(pymupdf.Rect(50, 50, 300, 100), "TORQUE TWO NM", fontsize=20)
    note.set_info(title="CANARYAUTHOR", subject="CANARYSUBJECT")
    note.update()
    (single,) = _split(saved(document, tmp_path))
    drawn: Any = pymupdf.open(stream=single.data, filetype="pdf")
    assert "TORQUE TWO NM" in drawn[0].get_text()
    assert len(list(drawn[0].annots())) == 0
    assert b"CANARY" not in unpacked(single.data)
