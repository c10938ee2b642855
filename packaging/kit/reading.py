"""Reads the words on a screenshot (Tesseract), as a person standing before the screen does."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

from PIL import Image

from kit.processes import KitError

if TYPE_CHECKING:
    from collections.abc import Sequence


def read(shot: Image.Image, rows: tuple[float, float] = (0.0, 1.0), scale: float = 1.5) -> str:
    """Return the words on the screen between two shares of its height, lower case, single spaces."""
    if shutil.which("tesseract") is None:
        raise KitError("tesseract is missing; packaging/dev setup installs it")
    shot = shot.crop((0, int(shot.height * rows[0]), shot.width, int(shot.height * rows[1])))
    large = shot.convert("L").resize(
        (int(shot.width * scale), int(shot.height * scale)), Image.Resampling.LANCZOS
    )
    data = io.BytesIO()
    large.save(data, "PNG", compress_level=1)
    done = subprocess.run(
        ["tesseract", "stdin", "stdout", "--psm", "11", "-l", "eng"],
        input=data.getvalue(),
        capture_output=True,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        check=False,
    )
    if done.returncode != 0:
        raise KitError(f"tesseract failed: {done.stderr.decode(errors='replace')}")
    return re.sub(r"\s+", " ", done.stdout.decode("utf-8", "replace")).lower()


def missing(text: str, words: Sequence[str]) -> list[str]:
    """Return those of ``words`` that do not stand in ``text``."""
    return [word for word in words if word.lower() not in text]
