"""Pages are made ready ahead of their turn: a turn shows the same pixels, and nothing is shown before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Qt

from app.kiosk.view import Stage
from app.ui import marked
from tests.ui.pixels import as_array

if TYPE_CHECKING:
    import pytest
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
