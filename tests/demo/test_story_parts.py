"""The parts that judge the story: they must see what is wrong, or the story proves nothing."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PIL import Image, ImageDraw, ImageFont

sys.path.insert(0, str(Path(__file__).parents[2] / "packaging"))

from kit.eyes import Eyes, Known, known_pages
from kit.meter import Meter
from kit.processes import KitError
from kit.stand import Act, difference
from kit.story import Story
from kit.watched import MOST_S

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> list[Known]:
    sys.path.insert(0, str(ROOT / "resources" / "demo"))
    from make_documents import CONTENT, draw

    pdf = tmp_path_factory.mktemp("drawn") / "WI-210.pdf"
    draw(CONTENT / "WI-210.toml", pdf)
    return known_pages(pdf, (1, 2, 3), "WI-210")


def screen(page: Known | None, height: int = 960, mark: str = "") -> Image.Image:
    shot = Image.new("RGB", (1920, 1080), (200, 205, 215))
    if page is not None:
        ratio = page.picture.shape[1] / page.picture.shape[0]
        picture = Image.fromarray((page.picture * 255).astype("uint8")).resize((int(height * ratio), height))
        shot.paste(picture, ((1920 - picture.width) // 2, 44))
    if mark:
        pen, font = ImageDraw.Draw(shot), ImageFont.load_default(12)
        for y in range(60, 1040, 70):
            for x in range(560, 1360, 120):
                pen.text((x, y), mark, fill=(190, 190, 190), font=font)
    return shot


@pytest.mark.parametrize("height", [640, 960, 1000])
def test_each_page_is_told_from_the_others(known: list[Known], height: int) -> None:
    eyes = Eyes(known)
    for page in known:
        seen = eyes.look(screen(page, height, mark="Ana 3905"))
        assert (seen.name, seen.recognised) == (page.name, True)
        assert abs(seen.box[3] - height) < 16


def test_an_empty_screen_is_no_page(known: list[Known]) -> None:
    eyes = Eyes(known)
    eyes.look(screen(known[0]))
    assert not eyes.look(screen(None)).recognised
    assert not eyes.look(screen(None, mark="Tap your badge")).recognised


def test_a_page_without_watermark_is_noticed(known: list[Known]) -> None:
    eyes = Eyes(known)
    for mark, marked in (("", False), ("Ana 3905", True)):
        shot = screen(known[1], mark=mark)
        shares = eyes.watermark(shot, eyes.look(shot))
        assert (min(shares) > 0.002) is marked, shares


def test_a_larger_page_is_measured(known: list[Known]) -> None:
    eyes = Eyes(known)
    fit = screen(known[1], 900)
    seen = eyes.look(fit)
    assert eyes.magnified(fit, seen)[0] == pytest.approx(1.0, abs=0.06)
    left, top, width, height = seen.box
    zoomed = fit.copy()
    page = fit.crop((left, top, left + width, top + height)).resize((int(width * 1.5), int(height * 1.5)))
    across, down = (page.width - width) // 2, (page.height - height) // 2
    zoomed.paste(page.crop((across, down, across + width, down + height)), (left, top))
    grown, sure = eyes.magnified(zoomed, seen)
    assert grown == pytest.approx(1.5, abs=0.11)
    assert sure > 0.6


def test_events_that_differ_are_named() -> None:
    one, two = Act("view.begin", "1001", "WI-100:1"), Act("view.begin", "1001", "WI-100:2")
    assert difference([one, two], [one, two], [1, 2]) == ""
    assert "WI-100:2" in difference([one, two], [one, one], [1, 2])
    assert "2 acts were done, 1" in difference([one, two], [one], [1])
    assert "2 acts were done, 3" in difference([one, two], [one, two, two], [1, 2, 3])
    assert "not 1 to 2" in difference([one, two], [one, two], [1, 3])


def test_the_watchdog_sees_a_screen_that_stands_still_and_what_it_did(qtbot: QtBot) -> None:
    meter = Meter(MOST_S)
    try:
        meter.measure()
        qtbot.wait(60)
        stands_still(4 * MOST_S)
        qtbot.wait(60)
    finally:
        meter.stop()
    assert max(meter.own) > MOST_S
    assert any("stands_still" in doing for doing in meter.doing)


def stands_still(seconds: float) -> None:
    time.sleep(seconds)


def test_a_story_is_good_only_if_every_step_is(tmp_path: Path) -> None:
    def breaks() -> tuple[bool, str]:
        raise KitError("the hub did not start")

    story = Story(tmp_path, lambda _text: None)
    assert not story.ok, "a story without steps proves nothing"
    story.play("first", "works", lambda: (True, "worked"))
    assert story.ok
    story.play("second", "works", breaks)
    story.play("third", "works", lambda: (True, "worked"))
    assert not story.ok
    told = json.loads((tmp_path / "story.json").read_text(encoding="utf-8"))
    assert [step["ok"] for step in told] == [True, False, True]
    assert told[1]["seen"] == "the hub did not start"
    assert set(told[0]) == {"step", "expected", "seen", "ok", "seconds"}
