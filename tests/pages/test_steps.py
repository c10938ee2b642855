"""Step lists: what is read, and how what is bad is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pymupdf
import pytest

from app.model.errors import Refused
from app.pages.steps import StepRow, propose_steps, read_steps, write_steps

if TYPE_CHECKING:
    from pathlib import Path


def test_a_list_is_read_in_its_order_and_written_back() -> None:
    rows = read_steps("Page;STEP;sign;title\n4;2;x;Attach, then press\n\n3;1;;\n4;2b;no;\n")
    assert rows == (StepRow(4, "2", "Attach, then press", sign=True), StepRow(3, "1"), StepRow(4, "2b"))
    assert read_steps(write_steps(rows)) == rows
    assert read_steps("\ufeffpage,step\r\n1,1.1\r\n") == (StepRow(1, "1.1"),)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "it is empty"),
        ("page,title\n1,x\n", "it has page, title"),
        ("page,step,page\n1,2,1\n", "it has page, step, page"),
        ("page,step\n", "has no steps"),
        ("page,step\n1,1\n1,1\n", "line 3: step 1 is there twice"),
        ("page,step\n0,a b\n", "line 2: page “0” is not a page number, step “a b” is not"),
        ("page,step,sign\n1,1,perhaps\n", "sign “perhaps” is neither yes nor no"),
        ("page,step\n1\n", "1 columns instead of 2"),
        ('page,step\n1,"2\n', "not readable as CSV"),
    ],
)
def test_what_is_bad_is_told_by_line(text: str, says: str) -> None:
    with pytest.raises(Refused, match="step list") as refused:
        read_steps(text)
    assert says in str(refused.value)
    assert refused.value.code == "bad_steps"


def pdf(path: Path, *pages: list[tuple[int, str]]) -> Path:
    """A PDF whose pages have these lines, each in its size."""
    with pymupdf.open() as document:
        for lines in pages:
            page = document.new_page()
            for place, (size, text) in enumerate(lines):
                page.insert_text((60, 80 + 40 * place), text, fontsize=size)
        document.save(path)
    return path


def test_steps_are_proposed_from_numbered_headings(tmp_path: Path) -> None:
    body = (11, "Press it down with 20 N and look at it from all sides until nothing moves any more.")
    made = pdf(
        tmp_path / "a.pdf",
        [(14, "Step 1: Open ........ 2"), (24, "3D printing"), body],
        [(18, "1. Open the housing"), body, (11, "2. is a line of a list"), (11, "Step 2 Attach the cell")],
        [(18, "2.1 Press"), body, (18, "2.1 Press again")],
        [(18, "Paso 1"), (11, "1"), body],
    )
    rows = propose_steps(made)
    assert [(row.page, row.code, row.title) for row in rows] == [
        (2, "1-1", "Open the housing"), (2, "1-2", "Attach the cell"), (3, "1-2.1", "Press"),
        (3, "1-2.1b", "Press again"), (4, "2-1", ""),
    ]  # fmt: skip
    assert read_steps(write_steps(rows)) == rows


def test_a_document_without_numbered_headings_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no numbered headings") as refused:
        propose_steps(pdf(tmp_path / "a.pdf", [(11, "Nothing here")]))
    assert "page,step,title,sign" in refused.value.advice
