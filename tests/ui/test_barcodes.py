"""Orders that are scanned: they turn pages, and a badge stays a badge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.kiosk.barcodes import command_of
from app.kiosk.view import Stage

if TYPE_CHECKING:
    from tests.ui.conftest import Kiosk


@pytest.mark.parametrize(
    ("text", "order"),
    [("NEXT", "next"), ("BACK", "previous"), ("PAGE 3", 3), ("PAGE 0", None), ("PAGE 3 ", None),
     ("next", None), ("PAGE ٣", None), ("PAGE 12345", None), ("0004417712", None), ("NEXT1", None),
     ("", None)],
)  # fmt: skip
def test_only_the_exact_form_is_an_order(text: str, order: str | int | None) -> None:
    assert command_of(text) == order


def test_scanned_orders_turn_pages_and_sign_nobody_out(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    taps = kiosk.player.count("tap")
    for scan, shown in (("NEXT", 1), ("PAGE 5", 4), ("BACK", 3), ("PAGE 99", 7)):
        kiosk.badge(scan)
        kiosk.until(lambda shown=shown: kiosk.shown() == shown)
    assert kiosk.player.count("tap") == taps
    assert kiosk.stage() is Stage.STATION


def test_without_pages_a_scan_is_a_badge(kiosk: Kiosk) -> None:
    kiosk.badge("NEXT")
    kiosk.until(lambda: ("tap", "NEXT") in kiosk.player.asked)
