"""Nothing is told by colour alone: simulated for who lacks a kind of cone, and for who sees greys."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage
from tour.vision import VISIONS, as_seen

from app.kiosk.view import CallSeen, StepSeen, Work
from app.resources import resource
from app.ui import drawing, icons, progress
from app.ui.status_line import segments
from app.ui.theme import Theme, contrast, load_style
from tests.ui.pixels import as_array
from tests.ui.player import NOW, STATUS
from tests.ui.test_look import ON

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPainter

    from app.kiosk.view import Status

pytestmark = pytest.mark.usefixtures("qapp")
HOUR = timedelta(hours=1)
LEAST_APART = 0.02
"""Share of two pictures' pixels that must differ by half of all grey levels at least."""


def test_the_simulation_is_that_of_the_paper() -> None:
    assert {as_seen("#ffffff", vision) for vision in VISIONS} == {"#ffffff"}
    assert as_seen("#ff0000", "protanopia") == "#6d5f00"
    assert as_seen("#ff0000", "deuteranopia") == "#a39000"
    assert as_seen("#00ff00", "deuteranopia") == "#efd63a"
    assert as_seen("#0000ff", "tritanopia") == "#006b96"


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_stands_out_for_everybody(mode: str, vision: str) -> None:
    colours = {
        name: as_seen(colour, vision)
        for name, colour in json.loads(resource("styles", "kiosk.json").read_text(encoding="utf-8"))[
            mode
        ].items()
    }
    pairs = ((ground, ink) for ground, inks in ON.items() for ink in inks)
    weak = {pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 7}
    assert weak == set()


def test_facts_of_different_colours_have_other_icons_or_other_words() -> None:
    stands: list[Status] = [
        STATUS,
        replace(STATUS, online=False, offline_since=NOW - HOUR),
        *(
            replace(STATUS, online=False, offline_since=NOW - HOUR, waiting=9, readable_until=NOW + left)
            for left in (40 * HOUR, 3 * HOUR, HOUR / 4, -HOUR)
        ),
        *(
            replace(STATUS, call=CallSeen(state, NOW))  # type: ignore[arg-type]
            for state in ("calling", "called", "coming", "not_gone")
        ),
        replace(STATUS, trouble="The hub does not answer."),
    ]
    told = {segment for status in stands for segment in segments(status, NOW)}
    assert len({segment.colour for segment in told}) >= 4
    alike = [
        (one, other)
        for one, other in combinations(told, 2)
        if one.colour != other.colour and (one.icon, one.short) == (other.icon, other.short)
    ]
    assert alike == []


def grey(draw: Callable[[QPainter], None], ground: str = "#ffffff") -> np.ndarray:
    """As somebody sees it who sees greys alone."""
    picture = QImage(400, 60, QImage.Format.Format_RGB32)
    picture.fill(QColor(ground))
    with drawing.painting(picture) as painter:
        draw(painter)
    return as_array(picture).astype(float) @ np.array([0.0722, 0.7152, 0.2126])


def apart(one: np.ndarray, other: np.ndarray) -> float:
    return float((np.abs(one - other) > 127).mean())


def test_tones_of_a_message_have_icons_of_their_own() -> None:
    drawn = [
        grey(lambda p, name=name: icons.draw(p, name, QRectF(0, 0, 60, 60), "#000000"))  # type: ignore[misc]
        for name in ("info", "warning", "error")
    ]
    assert min(apart(*pair) for pair in combinations(drawn, 2)) > LEAST_APART


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_bars_tell_by_shape_what_is_done_where_i_am_and_that_the_takt_is_over(mode: str) -> None:
    theme, box = Theme(load_style(mode)), QRectF(0, 0, 400, 18)  # type: ignore[arg-type]
    steps = tuple(StepSeen(f"WI/A#{n}", str(n), 0, done=done) for n, done in enumerate((True, False, False)))

    def drawn(work: Work, bar: Callable[[QPainter, QRectF, Work, Theme], None]) -> np.ndarray:
        return grey(lambda painter: bar(painter, box, work, theme), theme.style.colours["bar"])

    looks = [
        drawn(Work(steps, now=steps[1].key), progress.draw_steps),
        drawn(Work(steps, now=steps[2].key), progress.draw_steps),
        drawn(Work(tuple(replace(step, done=True) for step in steps), now=""), progress.draw_steps),
    ]
    assert min(apart(*pair) for pair in combinations(looks, 2)) > LEAST_APART / 4
    takt = [drawn(Work(takt=180, spent=spent), progress.draw_takt) for spent in (90, 180, 260)]
    assert min(apart(*pair) for pair in combinations(takt, 2)) > LEAST_APART / 10
