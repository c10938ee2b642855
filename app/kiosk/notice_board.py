"""The message that is up, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.kiosk.view import Notice


class NoticeBoard:
    """One message at a time; ``now_ms`` is a clock that does not go back."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self.notice: Notice | None = None
        self._until = 0

    def say(self, notice: Notice | None) -> None:
        """Put this up in place of what is there; None takes it down."""
        self.notice = notice
        self._until = self._now_ms() + int(notice.seconds * 1000) if notice and notice.seconds else 0

    def tick(self) -> None:
        """Time has passed: what is over goes."""
        if self._until and self._now_ms() >= self._until:
            self.say(None)

    def shows(self, codes: frozenset[str]) -> bool:
        """Whether a message of one of these codes is up."""
        return self.notice is not None and self.notice.code in codes
