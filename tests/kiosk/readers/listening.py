"""A listener that keeps what it is told and can be waited for."""

from __future__ import annotations

import queue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.kiosk.readers import Presented, ReaderState
    from app.model.errors import Expected


class Heard:
    """Everything a reader told, in order."""

    def __init__(self) -> None:
        self._told: queue.SimpleQueue[Presented | ReaderState | Expected] = queue.SimpleQueue()

    def on_presented(self, presented: Presented) -> None:
        self._told.put(presented)

    def on_misread(self, error: Expected) -> None:
        self._told.put(error)

    def on_reader(self, state: ReaderState) -> None:
        self._told.put(state)

    def next(self, seconds: float = 30.0) -> Presented | ReaderState | Expected:
        """The next thing told; ``queue.Empty`` if there is none in time."""
        return self._told.get(timeout=seconds)

    @property
    def silent(self) -> bool:
        """Nothing more was told."""
        return self._told.empty()
