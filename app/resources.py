"""Where the files that ship with the program are found, in a checkout and when installed. Nothing else."""

from __future__ import annotations

import os
from pathlib import Path


def resource(*parts: str) -> Path:
    """Return the path of a shipped file, e.g. ``resource("agreements", "mutual.pdf")``.

    ``STATIONLEAF_RESOURCES`` overrides the place (the Debian package sets it).
    """
    root = os.environ.get("STATIONLEAF_RESOURCES")
    base = Path(root) if root else Path(__file__).resolve().parent.parent / "resources"
    return base.joinpath(*parts)
