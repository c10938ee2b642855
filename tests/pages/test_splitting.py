"""Splitting through the front door: real documents look the same page by page; refusals are in words."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pymupdf
import pypdfium2
import pytest

from app.model.errors import NotFound, Refused
from app.pages.splitting import Limits, SplitPage, SplitReport, split_document
from tests.pages.making import SHARED, heavy_document, saved

if TYPE_CHECKING:
    from pathlib import Path

OPEN = sorted((SHARED / "open").glob("*.pdf"))


class _EnoughError(Exception):
    """The caller has seen enough pages."""


def _first(path: Path, count: int) -> list[SplitPage]:
    pages: list[SplitPage] = []

    def take(page: SplitPage) -> None:
        pages.append(page)
        if len(pages) == count:
            raise _EnoughError

    with pytest.raises(_EnoughError):
        split_document(path, take=take)
    return pages


def _split(path: Path, **options: Any) -> tuple[list[SplitPage], SplitReport]:
    pages: list[SplitPage] = []
    return pages, split_document(path, take=pages.append, **options)


def _by_pdfium(data: bytes | Path, index: int) -> Any:
    document = pypdfium2.PdfDocument(io.BytesIO(data) if isinstance(data, bytes) else data)
    try:
        return document[index].render(scale=1.5, may_draw_forms=False).to_numpy().astype(int)
    finally:
        document.close()


@pytest.mark.parametrize("path", OPEN or [None], ids=lambda path: path and path.stem)
def test_pages_of_real_manuals_look_the_same_to_another_program(path: Path | None) -> None:
    """Publishing compares with MuPDF itself; here pdfium, which knows nothing of how the file was made."""
    if path is None:
        pytest.skip("../shared/data/open is not here")
    for page in _first(path, 5):
        one, source = _by_pdfium(page.data, 0), _by_pdfium(path, page.number - 1)
        assert one.shape == source.shape
        assert (np.abs(one - source) > 16).mean() < 1e-4


def test_a_document_is_reported_page_by_page(tmp_path: Path) -> None:
    document: Any = pymupdf.open()
    for number in range(3):
        page = document.new_page(width=400 + number, height=300)
        page.insert_text((50, 50), f"step {number}")
    document[1].set_rotation(90)
    document.set_metadata({"title": "Battery  attach\n"})
    document.set_page_labels([{"startpage": 0, "prefix": "A-", "style": "D", "firstpagenum": 1}])
    path = saved(document, tmp_path)
    seen: list[tuple[int, int]] = []
    pages, report = _split(path, on_progress=lambda done, total, _words: seen.append((done, total)))
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert report == SplitReport(3, "Battery attach", hashlib.sha256(path.read_bytes()).hexdigest())
    assert [page.number for page in pages] == [1, 2, 3]
    assert [page.label for page in pages] == ["A-1", "A-2", "A-3"]
    sizes = [(page.width_mpt, page.height_mpt) for page in pages]
    assert sizes == [(400_000, 300_000), (300_000, 401_000), (402_000, 300_000)]
    assert {page.form for page in pages} == {"as drawn"}
    for page in pages:
        one: Any = pymupdf.open(stream=page.data, filetype="pdf")
        assert one.page_count == 1
        assert one[0].get_text().strip() == f"step {page.number - 1}"


def test_the_same_document_gives_the_same_bytes_twice(tmp_path: Path) -> None:
    document: Any = pymupdf.open()
    for number in range(3):
        page = document.new_page()
        page.insert_font(fontname="F1", fontbuffer=pymupdf.Font("tiro").buffer)
        page.insert_text((50, 50), f"step {number} Ω", fontname="F1")
        page.draw_circle((200, 200), 50 + number, fill=(0.2, 0.4, number / 3))
    path = saved(document, tmp_path)
    assert [page.data for page in _split(path)[0]] == [page.data for page in _split(path)[0]]


def _refused(path: Path, limits: Limits | None = None) -> Refused:
    with pytest.raises(Refused) as refused:
        split_document(path, take=lambda _page: None, limits=limits)
    assert refused.value.advice
    return refused.value


def test_an_encrypted_document_is_refused_also_without_a_password_to_open(tmp_path: Path) -> None:
    document: Any = pymupdf.open()
    document.new_page()
    for user in ("secret", ""):
        path = saved(
            document,
            tmp_path,
            f"{user}.pdf",
            encryption=pymupdf.PDF_ENCRYPT_AES_256,
            owner_pw="o",
            user_pw=user,
        )
        assert _refused(path).code == "encrypted"


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "empty"), (b"hello", "not_pdf"), (b"%PDF-1.7\nrubbish", "broken"), (b"%PDF-1.7\n%%EOF", "broken")],
)
def test_what_is_no_document_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(data)
    assert _refused(path).code in {code, "empty"}


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        split_document(tmp_path / "none.pdf", take=lambda _page: None)


def test_limits_hold_and_say_what_is_too_large(tmp_path: Path) -> None:
    document: Any = pymupdf.open()
    for _ in range(4):
        document.new_page()
    path = saved(document, tmp_path)
    for limits, words in (
        (Limits(max_bytes=100), "larger than"),
        (Limits(max_pages=3), "has 4 pages"),
        (Limits(max_page_bytes=100), "Page 1"),
        (Limits(max_side_pt=700), "Page 1 has a size"),
    ):
        refusal = _refused(path, limits)
        assert refusal.code == "too_large"
        assert words in str(refusal)


def test_a_truncated_document_is_refused_and_never_half_taken(tmp_path: Path) -> None:
    document: Any = pymupdf.open()
    for number in range(20):
        document.new_page().insert_text((50, 50), f"step {number}" * 20)
    data = document.tobytes(deflate=True)
    path = tmp_path / "cut.pdf"
    path.write_bytes(data[: len(data) // 2])
    assert _refused(path).code == "broken"


def test_the_page_that_is_broken_is_named(tmp_path: Path) -> None:
    document: Any = pymupdf.open()
    for _ in range(3):
        document.new_page().insert_text((50, 50), "words")
    content = document[1].get_contents()[0]
    document.update_stream(content, b"x" * 500, compress=True)
    path = saved(document, tmp_path)
    data = bytearray(path.read_bytes())
    start = data.index(b"stream", data.index(f"{content} 0 obj".encode())) + 8
    data[start : start + 12] = b"\xff" * 12
    path.write_bytes(data)
    refusal = _refused(path)
    assert refusal.code == "broken"
    assert "Page 2" in str(refusal)


def test_a_page_that_takes_too_long_is_named(tmp_path: Path) -> None:
    path = saved(heavy_document(60_000, coloured=True), tmp_path)
    refusal = _refused(path, Limits(page_seconds=0.3))
    assert refusal.code == "timeout"
    assert "Page 1" in str(refusal)
