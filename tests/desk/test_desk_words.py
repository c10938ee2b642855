"""What the board says of a kiosk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.desk.floor import Post
from app.ui.desk_words import post_holds

if TYPE_CHECKING:
    from app.wire.messages import JournalFault

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("waiting", "journal", "says", "colour"),
    [
        (0, "", "12 pages · until 13:30", "ink_soft"),
        (1, "", "12 pages · until 13:30 · 1 event waits", "warning_mark"),
        (7, "journal_damaged", "a record is damaged: tell IT · 7 events wait", "error_mark"),
        (0, "journal_lost", "records nothing: enrol it again", "error_mark"),
    ],
)
def test_a_journal_that_cannot_come_is_said_before_what_the_kiosk_holds(
    waiting: int, journal: JournalFault, says: str, colour: str
) -> None:
    post = Post("K-1", True, False, None, NOW + timedelta(hours=4), 12, 12, waiting, "Ana Oliveira", journal)
    assert post_holds(post, NOW) == (says, colour)
