"""The one door to PyMuPDF. The binding has no types, so both of its modules are ``Any`` behind this door.

Only worker-side modules import it: loading it costs 150 ms, and what it reads is hostile until proven
otherwise.
"""

from __future__ import annotations

from typing import Any

import pymupdf as _pymupdf
from pymupdf import mupdf as _mupdf

pymupdf: Any = _pymupdf
mupdf: Any = _mupdf


def silence() -> None:
    """Keep MuPDF's warnings out of the process's output: they quote the document."""
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)


def heard() -> str:
    """What MuPDF has warned of since the last time."""
    return str(pymupdf.TOOLS.mupdf_warnings(True))
