"""The PDF of a trace: what stands in it can be copied out of it."""

from __future__ import annotations

import pymupdf

from app.pages.trace_report import report


def test_a_digest_is_copied_letter_by_letter() -> None:
    digest = "aff0ff12ffc34ffa" * 4
    made = report("A trace", [("File 1", f"leak.jpg, SHA-256 {digest}")], [], [])
    with pymupdf.open(stream=made) as document:  # type: ignore[no-untyped-call]
        text = "".join(document[0].get_text().split())
    assert digest in text
