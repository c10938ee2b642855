"""Step lists: what is read, and how what is bad is told."""

from __future__ import annotations

import pytest

from app.model.errors import Refused
from app.pages.steps import StepRow, read_steps, write_steps


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
