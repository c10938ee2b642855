"""Readers that are not there: a trouble in the status line beside the sync's, one for each reader."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.kiosk.readers import Presence

if TYPE_CHECKING:
    from app.kiosk.readers import ReaderState
    from app.kiosk.view import Status


class ReaderTroubles:
    """Keeps what the readers last said of themselves."""

    def __init__(self) -> None:
        self._absent: dict[str, str] = {}

    def hear(self, state: ReaderState) -> None:
        """A reader was pulled out, or is there."""
        self._absent.pop(state.reader, None)
        if state.presence is Presence.ABSENT:
            self._absent[state.reader] = f"{state.words} {state.advice}".strip()

    def told_in(self, status: Status) -> Status:
        """The status line with these troubles before its own."""
        return replace(status, trouble=" ".join(filter(None, [*self._absent.values(), status.trouble])))
