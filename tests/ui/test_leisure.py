"""Cyclic garbage is looked for while somebody reads, not while they turn the page."""

from __future__ import annotations

import gc
import time
import weakref
from typing import TYPE_CHECKING

import pytest
from PySide6.QtTest import QTest

from app.ui import leisure
from app.ui.leisure import Leisure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.ui.conftest import Kiosk


class Knot:
    """Holds itself: only a look for cycles lets it go."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def still() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


@pytest.mark.usefixtures("still")
def test_a_knot_is_let_go_in_the_next_pause_and_not_before(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leisure, "LOOK_MS", 20)
    Leisure(kiosk.window)
    kiosk.sign_in()
    assert not gc.isenabled()
    knot = weakref.ref(Knot())
    kiosk.window.painted_at = time.monotonic() + 3600
    QTest.qWait(200)
    assert knot() is not None
    kiosk.window.painted_at = time.monotonic() - 3600
    kiosk.until(lambda: knot() is None)


@pytest.mark.usefixtures("still")
def test_what_was_loaded_is_not_looked_through_and_a_knot_of_later_is_let_go(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("LOOK_MS", 20), ("LOADED_S", 0.0), ("WHOLE_S", 0.1)):
        monkeypatch.setattr(leisure, name, value)
    kiosk.sign_in()
    Leisure(kiosk.window)
    before = gc.get_freeze_count()
    loaded = [[str(number)] for number in range(50_000)]
    kiosk.window.painted_at = time.monotonic() - 3600
    kiosk.until(lambda: gc.get_freeze_count() > before + len(loaded) / 2)
    tied = Knot()
    knot = weakref.ref(tied)
    gc.collect(1)
    del tied  # a look at the young ones is not enough any more
    kiosk.until(lambda: knot() is None)
