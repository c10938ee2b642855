"""Where a page lies in device pixels: pure arithmetic shared by the renderer and whoever draws around it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Fit = Literal["page", "width"]


@dataclass(frozen=True)
class Placement:
    """A page of given size in points at ``scale`` pixels per point, and the part of it that is wanted.

    ``page_width``/``page_height``: pixels of the whole zoomed page. ``left, top, width, height``: the wanted
    part in those pixels, never empty.
    """

    scale: float
    page_width: int
    page_height: int
    left: int
    top: int
    width: int
    height: int


def place(
    page_pt: tuple[float, float],
    box_px: tuple[int, int],
    *,
    zoom: float,
    fit: Fit,
    clip: tuple[int, int, int, int] | None,
) -> Placement:
    """Fit a page of ``page_pt`` (width, height in points) into ``box_px`` and cut out ``clip``.

    ``clip`` is (left, top, right, bottom) in pixels of the zoomed page; None is all of it. Raises ValueError
    for sizes that are not positive and for a clip that misses the page.
    """
    (width_pt, height_pt), (box_width, box_height) = page_pt, box_px
    sizes = (width_pt, height_pt, box_width, box_height, zoom)
    if not all(math.isfinite(size) and size > 0 for size in sizes):
        raise ValueError("page, box and zoom must be positive")
    scale = box_width / width_pt
    if fit == "page":
        scale = min(scale, box_height / height_pt)
    scale *= zoom
    page_width = max(1, round(width_pt * scale))
    page_height = max(1, round(height_pt * scale))
    left, top, right, bottom = clip if clip is not None else (0, 0, page_width, page_height)
    left, top = max(left, 0), max(top, 0)
    right, bottom = min(right, page_width), min(bottom, page_height)
    if right <= left or bottom <= top:
        raise ValueError("the wanted part lies outside the page")
    return Placement(scale, page_width, page_height, left, top, right - left, bottom - top)
