"""The forensic mark costs nobody a letter: six-point text is read by a machine before and after."""

from __future__ import annotations

import difflib
import io
import os
import shutil
import subprocess

import numpy as np
import pymupdf
import pytest
from PIL import Image

from app.mark.tile import BAND_PX, TILE_PX, make_band
from tests.mark.conftest import KEYS, TOKEN

LINES = [
    "Tighten the four screws M3 x 8 crosswise to 0.9 Nm with the driver T-14.",
    "Gap between carrier and housing: 0.25 mm to 0.40 mm, measured at six points.",
    "Batch B-2291: connector J7 pin 3 to ground 4.7 kOhm, pin 5 open, pin 8 to 3.3 V.",
    "Cure 35 min at 62 C; relative humidity 40 % to 60 %; lot and time into the record.",
]


def page(pixels_a_point: float) -> np.ndarray:
    with pymupdf.open() as document:
        sheet = document.new_page(width=300, height=60)
        for row, line in enumerate(LINES):
            sheet.insert_text((10, 14 + 11 * row), line, fontsize=6)
        drawn = sheet.get_pixmap(
            matrix=pymupdf.Matrix(pixels_a_point, pixels_a_point), colorspace=pymupdf.csGRAY
        )
        grey = np.frombuffer(drawn.samples, np.uint8).reshape(drawn.height, drawn.stride)
        return grey[:, : drawn.width].copy()


def marked(grey: np.ndarray) -> np.ndarray:
    """As a painter blends it."""
    high, wide = grey.shape
    band = np.frombuffer(make_band(TOKEN, KEYS), np.uint8).reshape(TILE_PX, BAND_PX, 4)
    over = np.tile(band, (3, 1, 1))[:high, :wide, 0]
    return np.rint(grey * (252 / 255) + over).astype(np.uint8)


def errors(grey: np.ndarray) -> int:
    """Letters that Tesseract reads otherwise than they are."""
    file = io.BytesIO()
    Image.fromarray(grey).save(file, "PNG")
    done = subprocess.run(
        ["tesseract", "stdin", "stdout", "--psm", "6", "-l", "eng"],
        input=file.getvalue(), capture_output=True, check=True, env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )  # fmt: skip
    wanted, read = " ".join(LINES), " ".join(done.stdout.decode().split())
    match = difflib.SequenceMatcher(None, wanted, read, autojunk=False)
    return max(len(wanted), len(read)) - sum(block.size for block in match.get_matching_blocks())


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not here")
@pytest.mark.parametrize("pixels_a_point", [2.6, 3.2, 4.0])
def test_six_point_text_is_read_with_no_more_errors(pixels_a_point: float) -> None:
    clean = page(pixels_a_point)
    before = errors(clean)
    assert before < 20, "this page cannot be read even without the mark"
    assert errors(marked(clean)) <= before


def test_white_darkens_by_three_levels_at_most_and_stays_above_41_5_db() -> None:
    white = np.full((600, 800), 255, np.uint8)
    change = 255.0 - marked(white)
    assert change.max() <= 3
    assert 10 * np.log10(255**2 / np.mean(change**2)) >= 41.5
