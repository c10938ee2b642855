"""Zoom, pan and what is asked for: rules in plain numbers."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.kiosk.view import Leaf
from app.pages.geometry import place
from app.ui.framing import (
    PIXELS_MOST,
    Look,
    covers,
    lay_out,
    most_zoom,
    panned,
    wanted,
    zoomed,
)

SIDES = st.floats(60, 3000)
LEAVES = st.builds(lambda w, h: Leaf("p", "WI-1", "Title", "A", 1, 1, "", w, h), SIDES, SIDES)
VIEWS = st.tuples(st.integers(320, 4000), st.integers(240, 2400))
LOOKS = st.builds(Look, st.sampled_from(["page", "width"]), st.floats(1, 6), st.floats(0, 1), st.floats(0, 1))


@given(LOOKS, LEAVES, VIEWS)
def test_the_page_is_as_large_as_the_renderer_will_draw_it(
    look: Look, leaf: Leaf, view: tuple[int, int]
) -> None:
    placed = place((leaf.width_pt, leaf.height_pt), view, zoom=look.zoom, fit=look.fit, clip=None)
    assert lay_out(look, leaf, view).page == (placed.page_width, placed.page_height)


@given(LOOKS, LEAVES, VIEWS)
def test_the_view_shows_page_wherever_it_can(look: Look, leaf: Leaf, view: tuple[int, int]) -> None:
    layout = lay_out(look, leaf, view)
    left, top, right, bottom = layout.seen_in_view
    assert right - left == min(view[0], layout.page[0])
    assert bottom - top == min(view[1], layout.page[1])
    assert (left, top) >= (0, 0)


@given(LOOKS, LEAVES, VIEWS)
def test_what_is_asked_for_covers_what_is_seen_and_lies_on_the_page(
    look: Look, leaf: Leaf, view: tuple[int, int]
) -> None:
    layout = lay_out(look, leaf, view)
    framing = wanted(layout)
    assert covers(framing.clip, layout.seen)
    if framing.clip is not None:
        left, top, right, bottom = framing.clip
        assert 0 <= left < right <= layout.page[0]
        assert 0 <= top < bottom <= layout.page[1]
        assert (right - left) * (bottom - top) <= max(PIXELS_MOST, view[0] * view[1])


@given(LOOKS, LEAVES, VIEWS, st.floats(1.05, 3), st.tuples(st.floats(0.1, 0.9), st.floats(0.1, 0.9)))
def test_the_point_under_the_fingers_stays_under_them(
    look: Look, leaf: Leaf, view: tuple[int, int], factor: float, share: tuple[float, float]
) -> None:
    before = lay_out(look, leaf, view)
    at = share[0] * view[0], share[1] * view[1]
    after = lay_out(zoomed(before, leaf, factor, at), leaf, view)
    assume(after.look.zoom > look.zoom)  # else it was at its largest already
    for axis in (0, 1):
        start, new = (before.left, after.left) if axis == 0 else (before.top, after.top)
        if before.page[axis] <= view[axis] or after.page[axis] <= view[axis]:
            continue  # centred: there is nothing to keep in place
        point = (at[axis] - start) / before.page[axis]
        found = new + point * after.page[axis]
        clamped = new in {0, view[axis] - after.page[axis]}
        assert clamped or found == pytest.approx(at[axis], abs=2 + after.page[axis] / 1000)


@given(LOOKS, LEAVES, VIEWS, st.floats(-4000, 4000), st.floats(-4000, 4000))
def test_a_pan_never_leaves_slack_to_take_back(
    look: Look, leaf: Leaf, view: tuple[int, int], dx: float, dy: float
) -> None:
    far = lay_out(panned(lay_out(look, leaf, view), dx, dy), leaf, view)
    back = lay_out(panned(far, -20, -20), leaf, view)
    for axis, (start, after) in enumerate(((far.left, back.left), (far.top, back.top))):
        room = far.page[axis] - view[axis]
        if room > 40 and start > -(room - 25):
            assert start - after == pytest.approx(20, abs=1)


@given(LEAVES, VIEWS)
def test_zoom_stops_at_both_ends(leaf: Leaf, view: tuple[int, int]) -> None:
    layout = lay_out(Look(), leaf, view)
    assert zoomed(layout, leaf, 0.01).zoom == 1.0
    assert zoomed(layout, leaf, 1000).zoom == pytest.approx(most_zoom(layout))
    assert max(lay_out(zoomed(layout, leaf, 1000), leaf, view).page) <= 32_000
