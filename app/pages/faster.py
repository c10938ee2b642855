"""Finds a faithful faster form of a page whose paths are heavy. Worker side only.

What was tried and left: joining paths of one state into one path. MuPDF draws such a path slower, not faster
(its rasteriser sorts all edges of a path on every scan line: 20,000 strokes 186 ms apart, 441 ms joined), and
where the strokes cross the pixels differ. So the heavy beginning of the page becomes pictures for whole-page
views, see ``layered``. Every choice here depends on the page only, never on a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from app.pages.drawing import Leaf
from app.pages.layered import Layers, Picture, build_layered, upright
from app.pages.measure import BOX, Canvas
from app.pages.onepage import build_page
from app.pages.plan import Plan, with_content
from app.pages.state import balanced, carried, cuts
from app.pages.work import Scales

HEAVY = 100.0
"""Estimated milliseconds at 4K from which a page is given a faster form; publishing promises 150."""

SMALL_BOX = (2560, 1440)
"""What the smaller picture is drawn for. It serves screens of up to 1920 × 1080, drawn down."""

_SMALL_SERVES = 0.51  # of the 4K scale: a full HD screen
_REST = 15.0  # estimated milliseconds that may stay as drawn above the pictures
_GAIN = 0.7  # the pictures must cost less than this share
_DRAWABLE = 5_000.0  # estimated milliseconds; heavier drawings are not kept for zooming
_DIFFER_SHARE, _DIFFER_MOST = 1e-3, 16


@dataclass(frozen=True)
class Subject:
    """A page to be made faster: where it lies in which document, as planned; the same page of the document as
    it came, and its pixels in ``measure.BOX``. ``intents``: its colours need the document's output profile.
    """

    document: Any
    page: Any
    plan: Plan
    intents: bool
    source: Leaf
    pixels: Any


@dataclass(frozen=True)
class Outcome:
    """``data`` is None where there is no faster form; ``why`` is a remark of ``refusals`` or empty."""

    data: bytes | None
    why: str = ""


def faster_form(subject: Subject, canvas: Canvas) -> Outcome:
    """A faster form of the page that looks the same, if its drawing is heavy."""
    (width, height), matrix = upright(subject.page)
    scale = min(BOX[0] / width, BOX[1] / height)
    a, b, c, d, e, f = (part * scale for part in matrix)
    weights = Scales(subject.plan, width * scale, height * scale).weigh((a, b, c, d, e, f))
    total = sum(weights)
    if total < HEAVY:
        return Outcome(None)
    for cut in dict.fromkeys((_cut(subject.plan, weights), len(weights))):
        layers = _layers(subject, cut, canvas, drawing=total <= _DRAWABLE)
        if layers is None:
            continue
        if _estimate(layers) > _GAIN * total:
            return Outcome(None, "slower")
        data = build_layered(subject.document, subject.page, subject.plan, layers, intents=subject.intents)
        if _faithful(data, subject, canvas, layers):
            return Outcome(data, "layer" if layers.drawing else "layer_only")
    return Outcome(None, "unfaithful")


def _cut(plan: Plan, weights: list[float]) -> int:
    """The place from which on little is heavy."""
    rest = 0.0
    first = len(weights)
    while first and rest + weights[first - 1] <= _REST and weights[first - 1] < 1.0:
        first -= 1
        rest += weights[first]
    return next(place for place in cuts(plan.page.operations) if place >= first)


def _layers(subject: Subject, cut: int, canvas: Canvas, *, drawing: bool) -> Layers | None:
    operations = subject.plan.page.operations
    heavy, rest = operations[:cut], operations[cut:]
    state = carried(heavy) if rest else []
    if state is None:
        return None
    plan = with_content(subject.plan, balanced(heavy))
    leaf = Leaf.of(build_page(subject.document, subject.page, plan, intents=subject.intents))
    large = canvas.scale(leaf)
    pictures = []
    for box, serves in ((SMALL_BOX, large * _SMALL_SERVES), (BOX, large * 1.0001)):
        pixels, errors = canvas.picture(leaf, box, whole=True)
        if errors:
            return None
        pictures.append(Picture.of(pixels, canvas.scale(leaf, box), serves))
    return Layers(heavy, state, rest, tuple(pictures), drawing)


def _estimate(layers: Layers) -> float:
    """Milliseconds to unpack and lay down the large picture."""
    large = layers.pictures[-1]
    size = large.width * large.height
    return size * large.colours * 1.5e-6 + len(large.packed) * 22e-6 + size * 3e-6 + _REST


def _faithful(data: bytes, subject: Subject, canvas: Canvas, layers: Layers) -> bool:
    """Whether each form looks like the original: pictures in the size they were made for, the drawing at
    4K."""
    leaf = Leaf.of(data)
    for level in range(len(layers.pictures) + layers.drawing):
        box, wanted = BOX, subject.pixels
        if level == 0:
            box, wanted = SMALL_BOX, canvas.picture(subject.source, SMALL_BOX)[0].copy()
        pixels, errors = canvas.picture(leaf, box, level=level)
        if errors or not alike(pixels, wanted):
            return False
    return True


def alike(pixels: Any, original: Any) -> bool:
    """The bound of faithfulness: at most one pixel in a thousand differs, by at most 16 of 255 levels.

    That much comes from the picture's edge, where the drawing was cut off by the paper.
    """
    if pixels.shape != original.shape:
        return False
    if np.array_equal(pixels, original):
        return True
    difference = np.abs(pixels.astype(np.int16) - original.astype(np.int16)).max(axis=2)
    return bool(difference.max() <= _DIFFER_MOST and (difference > 0).mean() <= _DIFFER_SHARE)
