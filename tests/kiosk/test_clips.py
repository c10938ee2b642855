"""Playing a clip at the engine: on record before its first picture, and over with the look at its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.kiosk.view import Stage
from app.model.errors import Unavailable
from app.pages.clips import make_clip
from app.wire.messages import EventKind
from app.wire.scans import ScanFormat, ScanRules
from tests.kiosk.shift import Shift
from tests.kiosk.small_plant import ANA, SmallPlant
from tests.pages.filming import film

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.pages.clips import MadeClip
    from app.wire.messages import Event

BEGIN, END = EventKind.CLIP_BEGIN, EventKind.CLIP_END
SIZE = 160, 90


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> MadeClip:
    return make_clip(film(tmp_path_factory.mktemp("film") / "a.mp4", pictures=90), 1)


@pytest.fixture
def shift(tmp_path: Path, made: MadeClip) -> Iterator[Shift]:
    scans = ScanRules(unit=ScanFormat(prefix="SN-"))
    with Shift(tmp_path, SmallPlant(clip=made, scans=scans)) as shift:
        shift.badge_in(ANA.badge)
        shift.until_painted(lambda p: p.index == 0)
        yield shift


def play(shift: Shift) -> None:
    shift.engine.play_clip(*SIZE)
    shift.until(lambda s: bool(shift.film) and s.session is not None and s.session.clip == "playing")


def test_it_is_on_record_before_its_first_picture_and_carries_the_looks_mark(shift: Shift) -> None:
    recorded: list[bool] = []
    told = shift.engine._on_painting
    shift.engine._on_painting = lambda p: (recorded.append(BEGIN in shift.kinds()), told(p))  # type: ignore[assignment, func-returns-value]
    play(shift)
    assert recorded[0]
    assert shift.screen.session is not None
    assert {p.mark.token for p in shift.film} == {shift.screen.session.mark.token}
    assert (shift.film[0].pixels.width, shift.film[0].pixels.height) == SIZE


def test_what_cannot_be_recorded_is_not_played(shift: Shift, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise Unavailable("This look cannot be recorded.", code="cannot_record")

    with monkeypatch.context() as patch:
        patch.setattr(shift.outbox, "append", refuse)
        shift.engine.play_clip(*SIZE)
        shift.until(lambda s: s.stage is Stage.BADGE)
    shift.settle()
    assert not shift.film


def test_whatever_ends_the_look_ends_it_first(shift: Shift) -> None:
    def ends(act: Callable[[], None], index: int = 0) -> Event:
        play(shift)
        before = shift.kinds().count(END)
        act()
        shift.until(
            lambda s: s.session is not None and not s.session.clip and shift.kinds().count(END) > before
        )
        seen = len(shift.film)
        shift.settle(0.1)
        assert len(shift.film) == seen
        assert shift.screen.session is not None
        if shift.screen.session.current != index:
            shift.engine.turn_to(index)
            shift.until(lambda s: s.session is not None and s.session.current == index)
        return [event for event in shift.events() if event.kind is END][-1]

    assert ends(shift.engine.stop_clip).body["why"] == "stopped"
    assert ends(lambda: shift.engine.turn_to(1)).body["why"] == "left"
    unit = ends(lambda: shift.engine.tap("SN-1"))
    assert (unit.body["why"], unit.unit) == ("left", ""), "it is told of the next unit"
    without = shift.plant.but(texts=shift.plant.texts[1:], clip=None)
    assert ends(lambda: shift.hand_over(without, 2)).body["why"] == "left"


def test_a_page_without_one_plays_nothing(shift: Shift) -> None:
    shift.engine.turn_to(1)
    shift.until_painted(lambda p: p.index == 1)
    shift.engine.play_clip(*SIZE)
    shift.settle(0.2)
    assert BEGIN not in shift.kinds()
    assert not shift.film
