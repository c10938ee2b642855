"""Reports as PDF: what stands in them can be copied out of them."""

from __future__ import annotations

import pymupdf

from app.pages.report import as_pdf
from app.pages.trace_report import report


def test_a_digest_is_copied_letter_by_letter() -> None:
    digest = "aff0ff12ffc34ffa" * 4
    trace = report("A trace", [("File 1", f"leak.jpg, SHA-256 {digest}")], [], [])
    evidence = as_pdf(f"<table><tr><td>SHA-256</td><td>{digest[:16]}</td></tr></table><p>{digest}</p>", {})
    for made in (trace, evidence):
        with pymupdf.open(stream=made) as document:  # type: ignore[no-untyped-call]
            text = "".join(document[0].get_text().split())
        assert digest in text
        assert f"SHA-256{digest[:16]}" in text
