"""Pages and pixels that the tests of the marks share."""

from __future__ import annotations

import os
from datetime import UTC, datetime

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest

from app.kiosk.view import MarkText
from app.mark.keys import Place, kiosk_keys
from app.mark.tile import make_band

MARK_KEY = bytes(range(32))
KEYS = kiosk_keys(MARK_KEY, "K-12")
TOKEN = Place(KEYS.tag, 1, 88_213).token


@pytest.fixture
def mark() -> MarkText:
    return MarkText(
        name="Rosa Ferreira",
        badge_tail="…4711",
        station="ST-040",
        unit="SN-000231",
        at=datetime(2026, 3, 3, 14, 7, 31, tzinfo=UTC),
        token=f"{TOKEN:016x}",
        tile=make_band(TOKEN, KEYS),
    )
