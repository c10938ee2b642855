"""Where a page lies in its view, in device pixels: fit, zoom, pan, and which part to ask for. No Qt here."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from app.kiosk.view import Framing
from app.pages.geometry import place

if TYPE_CHECKING:
    from app.kiosk.view import Leaf

ZOOM_STEP = 1.25
ZOOM_MOST = 8.0
AROUND = 0.35
"""How much beyond the visible part is asked for on each side, as a share of the view: a pan stays sharp."""
PIXELS_MOST = 12_000_000
"""Pixels of one picture (48 MB): larger ones have less around what is visible, or nothing."""
SIDE_MOST = 30_000

Box = tuple[int, int, int, int]
"""left, top, right, bottom"""


@dataclass(frozen=True)
class Look:
    """How the person looks at the page: ``zoom`` 1.0 is the fit; ``x``, ``y`` the place in the page (0 to 1)
    that lies in the view's middle, where the page is larger than the view."""

    fit: Literal["page", "width"] = "page"
    zoom: float = 1.0
    x: float = 0.5
    y: float = 0.0


@dataclass(frozen=True)
class Layout:
    """The look, worked out: the zoomed page's size and where its left top corner lies in the view."""

    look: Look
    view: tuple[int, int]
    page: tuple[int, int]
    left: int
    top: int

    @property
    def page_box(self) -> Box:
        """The page in view coordinates; parts of it may lie outside the view."""
        return self.left, self.top, self.left + self.page[0], self.top + self.page[1]

    @property
    def seen(self) -> Box:
        """The visible part in pixels of the zoomed page."""
        left, top = max(0, -self.left), max(0, -self.top)
        right = min(self.page[0], self.view[0] - self.left)
        bottom = min(self.page[1], self.view[1] - self.top)
        return left, top, right, bottom

    @property
    def seen_in_view(self) -> Box:
        """The visible part in view coordinates."""
        left, top, right, bottom = self.seen
        return left + self.left, top + self.top, right + self.left, bottom + self.top

    @property
    def movable(self) -> bool:
        """Whether the page is larger than the view."""
        return self.page[0] > self.view[0] or self.page[1] > self.view[1]


def lay_out(look: Look, leaf: Leaf, view: tuple[int, int]) -> Layout:
    """Work out a look at ``leaf`` in a view of this size (device pixels)."""
    return _laid_out(look, (leaf.width_pt, leaf.height_pt), (max(1, view[0]), max(1, view[1])))


@lru_cache(maxsize=8)  # one paint asks several times; knows a page's size only, so nothing of it is kept
def _laid_out(look: Look, size_pt: tuple[float, float], view: tuple[int, int]) -> Layout:
    placed = place(size_pt, view, zoom=look.zoom, fit=look.fit, clip=None)
    page = placed.page_width, placed.page_height
    return Layout(look, view, page, _origin(look.x, page[0], view[0]), _origin(look.y, page[1], view[1]))


def zoomed(layout: Layout, leaf: Leaf, factor: float, at: tuple[float, float] | None = None) -> Look:
    """Larger or smaller by ``factor``; the point of the page at ``at`` (view coordinates) stays in place."""
    at_x, at_y = at if at is not None else (layout.view[0] / 2, layout.view[1] / 2)
    zoom = min(max(layout.look.zoom * factor, 1.0), most_zoom(layout))
    if zoom <= 1.001:
        return replace(layout.look, zoom=1.0)
    new = lay_out(replace(layout.look, zoom=zoom), leaf, layout.view).page
    x = ((at_x - layout.left) / layout.page[0] * new[0] + layout.view[0] / 2 - at_x) / new[0]
    y = ((at_y - layout.top) / layout.page[1] * new[1] + layout.view[1] / 2 - at_y) / new[1]
    return replace(
        layout.look, zoom=zoom, x=_held(x, new[0], layout.view[0]), y=_held(y, new[1], layout.view[1])
    )


def panned(layout: Layout, dx: float, dy: float) -> Look:
    """The page moved by so many pixels with the finger (right and down are positive)."""
    x = (layout.view[0] / 2 - layout.left - dx) / layout.page[0]
    y = (layout.view[1] / 2 - layout.top - dy) / layout.page[1]
    return replace(
        layout.look, x=_held(x, layout.page[0], layout.view[0]), y=_held(y, layout.page[1], layout.view[1])
    )


def most_zoom(layout: Layout) -> float:
    """The largest zoom: eight times, less where the page would exceed what can be drawn."""
    side = max(layout.page) / layout.look.zoom
    return max(1.0, min(ZOOM_MOST, SIDE_MOST / side))


def wanted(layout: Layout) -> Framing:
    """What to ask the engine for: the whole fit, or the visible part and some around it."""
    width, height = layout.view
    if layout.look.zoom == 1.0:
        return Framing(width, height, layout.look.fit)
    return Framing(width, height, layout.look.fit, layout.look.zoom, _around(layout))


def covers(clip: Box | None, seen: Box) -> bool:
    """Whether a picture of ``clip`` (None: all) has all of ``seen``."""
    if clip is None:
        return True
    return clip[0] <= seen[0] and clip[1] <= seen[1] and clip[2] >= seen[2] and clip[3] >= seen[3]


def _around(layout: Layout) -> Box:
    left, top, right, bottom = layout.seen
    growth = math.sqrt(PIXELS_MOST / max(1, (right - left) * (bottom - top)))
    share = max(0.0, min(AROUND, (growth - 1) / 2))
    across, down = int((right - left) * share), int((bottom - top) * share)
    return (
        max(0, left - across),
        max(0, top - down),
        min(layout.page[0], right + across),
        min(layout.page[1], bottom + down),
    )


def _origin(share: float, page: int, view: int) -> int:
    if page <= view:
        return (view - page) // 2
    return min(0, max(view - page, round(view / 2 - share * page)))


def _held(share: float, page: int, view: int) -> float:
    """``share`` kept where the page still fills the view, so that a pan never has slack to take back."""
    if page <= view:
        return 0.5
    half = view / 2 / page
    return min(1 - half, max(half, share))
