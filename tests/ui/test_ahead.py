"""Pages are made ready ahead of their turn: a turn shows the same pixels, and nothing is shown before it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.kiosk.foretold import Foretold
from app.kiosk.view import Stage
from app.ui import marked
from tests.ui.pixels import as_array
from tests.ui.player import marked as look

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from tests.ui.conftest import Kiosk


def ready(kiosk: Kiosk) -> int:
    """Pages that carry their marks out of sight."""
    return len(kiosk.station._view._canvas._ready)


def test_a_page_made_ready_looks_as_one_that_was_not(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    kiosk.sign_in()
    kiosk.until(lambda: ready(kiosk) > 0 and not kiosk.station._view._readying.isActive())
    fitting, used = marked.MarkedCanvas._fitting, list[bool]()

    def watched(canvas: marked.MarkedCanvas, *which: Any) -> QImage | None:
        found = fitting(canvas, *which)
        used.append(found is not None)
        return found

    monkeypatch.setattr(marked.MarkedCanvas, "_fitting", watched)
    kiosk.key(Qt.Key.Key_Right)
    kiosk.until(lambda: kiosk.shown() == 1)
    assert used[0], "the page that was made ready was drawn anew"
    kiosk.player.settle()
    found = as_array(kiosk.picture())
    monkeypatch.setattr(marked.MarkedCanvas, "_fitting", lambda *_: None)
    assert np.array_equal(as_array(kiosk.picture()), found)


def test_making_ready_changes_nothing_on_the_screen(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    before = as_array(kiosk.picture())
    kiosk.until(lambda: ready(kiosk) > 0)
    assert kiosk.shown() == 0
    assert np.array_equal(as_array(kiosk.picture()), before)


def test_a_lock_drops_and_overwrites_what_was_made_ready(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    kiosk.until(lambda: ready(kiosk) > 0)
    copies = list(kiosk.station._view._canvas._ready.values())
    assert any(as_array(copy.image).any() for copy in copies)
    kiosk.command("lock")
    kiosk.until(lambda: kiosk.stage() is Stage.BADGE)
    kiosk.player.settle()
    assert not any(as_array(copy.image).any() for copy in copies)
    assert [held.holders for held in kiosk.player.given if held.holders] == []


def test_pages_that_are_taken_away_leave_no_copy_that_was_made_ready(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    kiosk.until(lambda: ready(kiosk) > 0)
    copies = list(kiosk.station._view._canvas._ready.values())
    kiosk.player.set_session(leaves=kiosk.player._leaves()[:1])
    kiosk.until(lambda: not any(as_array(copy.image).any() for copy in copies))


def page(kiosk: Kiosk) -> QImage:
    """What is in the page's place."""
    return kiosk.station._view.grab().toImage()


def emptiness(kiosk: Kiosk) -> float:
    """Which share of the page's place has the colour of the desk."""
    seen = as_array(page(kiosk))
    return float((seen == seen[0, 0]).all(axis=2).mean())


def foretold(kiosk: Kiosk, index: int) -> Foretold:
    """Leaf ``index`` as the engine foretells it."""
    session = kiosk.player._session
    assert session is not None
    return Foretold(index, replace(session.mark, token=look(index + 1)[0], tile=look(index + 1)[1]))


@pytest.mark.parametrize("happens", ["nothing yet", "cannot be recorded", "something was recorded before it"])
def test_a_page_painted_out_of_sight_is_not_seen_before_its_look_is_on_record(
    kiosk: Kiosk, happens: str
) -> None:
    kiosk.sign_in()
    kiosk.until(lambda: ready(kiosk) > 0 and not kiosk.station._view._readying.isActive())
    kiosk.command("next")  # what page 2 looks like
    kiosk.until(lambda: kiosk.shown() == 1)
    kiosk.player.settle()
    second = as_array(page(kiosk))
    kiosk.command("previous")
    kiosk.until(lambda: kiosk.shown() == 0)
    kiosk.player.settle()
    coming = foretold(kiosk, 1)
    if happens != "nothing yet":
        with coming:
            coming.recorded(look(77)[1] if happens.startswith("something") else b"")
    kiosk.window.take_foretold(coming)
    assert kiosk.shown() == 1
    assert emptiness(kiosk) > 0.95, "a page is on the screen"
    kiosk.player.turn_to(1)  # on record, and handed over
    kiosk.until(lambda: np.array_equal(as_array(page(kiosk)), second))


def test_a_page_is_painted_while_its_look_is_written_down(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    kiosk.until(lambda: ready(kiosk) > 0 and not kiosk.station._view._readying.isActive())
    coming, painted = foretold(kiosk, 1), list[bool]()
    waits = coming.stands

    def stands(seconds: float) -> bool:
        painted.append(True)
        with coming:  # the disk has it, while the screen waits
            coming.recorded(coming.mark.tile)
        return waits(seconds)

    coming.stands = stands  # type: ignore[method-assign]
    kiosk.window.take_foretold(coming)
    assert painted
    assert emptiness(kiosk) < 0.95
    seen = as_array(page(kiosk))
    kiosk.player.turn_to(1)
    kiosk.until(lambda: kiosk.station._view._foretold is None)
    assert np.array_equal(as_array(page(kiosk)), seen)
