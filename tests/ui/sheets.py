"""Instruction pages made here with MuPDF: portrait and landscape, drawings, tables, a photo-like shade."""

from __future__ import annotations

from functools import lru_cache

import pymupdf

from tests.ui.player import Sheet

A4 = (595.0, 842.0)
WIDE = (842.0, 595.0)
TALL_SCREEN = (960.0, 540.0)
STEPS = (
    "Fit the battery carrier",
    "Route the flex cable",
    "Torque sequence M2 screws",
    "Adhesive: apply and cure",
    "Connect the battery plug",
    "Inspect the gap",
    "Leak test",
    "Label and release",
)


@lru_cache
def sheets(count: int = 8) -> list[Sheet]:
    """So many different pages."""
    return [sheet(number) for number in range(1, count + 1)]


def sheet(number: int) -> Sheet:
    width, height = (A4, A4, WIDE, A4, TALL_SCREEN, A4)[(number - 1) % 6]
    title = STEPS[(number - 1) % len(STEPS)]
    with pymupdf.open() as document:  # type: ignore[no-untyped-call]
        page = document.new_page(width=width, height=height)
        page.insert_text((40, 60), f"{number}. {title}", fontsize=26, fontname="hebo")
        page.draw_line((40, 72), (width - 40, 72), color=(0, 0.3, 0.4), width=2)
        _drawing(page, width, height, number)
        _table(page, height, number)
        return Sheet(document.tobytes(), width, height, title)


def _drawing(page: pymupdf.Page, width: float, height: float, number: int) -> None:
    right, bottom = width - 60, height - 240
    page.draw_rect((60, 100, right, bottom), color=(0.1, 0.1, 0.1), fill=(0.93, 0.95, 0.97), width=1.5)
    for ring in range(6):
        centre = (
            60 + (right - 60) * (ring + 1) / 7,
            100 + (bottom - 100) * (0.3 + 0.4 * ((ring + number) % 2)),
        )
        page.draw_circle(centre, 18, color=(0.7, 0.1, 0.1), width=2)
        page.insert_text((centre[0] - 4, centre[1] + 5), str(ring + 1), fontsize=14)
    page.insert_text(
        (70, 118), f"Scale 2:1    gap 0.15 ± 0.02 mm    view {chr(64 + number % 26)}", fontsize=10
    )


def _table(page: pymupdf.Page, height: float, number: int) -> None:
    top = height - 220
    for row in range(5):
        page.draw_line((60, top + 28 * row), (420, top + 28 * row), width=0.7)
    words = (
        "Screw    M2 × 4    0.25 N·m",
        "Screw    M1.6 × 3    0.12 N·m",
        "Foam pad    2 pcs",
        f"Tool    T-{number:03}",
    )
    for row, text in enumerate(words):
        page.insert_text((68, top + 28 * row + 19), text, fontsize=13)
