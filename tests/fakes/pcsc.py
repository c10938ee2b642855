"""PC/SC in memory (``pcsc.Service``): for faults that a virtual reader cannot be made to have.

Readers are plugged in and out, cards laid down and taken away by the test; ``wait`` really waits. The tests
in ``test_pcsc`` hold the real service to the same behaviour.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.kiosk.readers import winscard
from app.kiosk.readers.winscard import PcscError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.kiosk.readers.apdu import Transmit
    from tests.fakes.card import SoftwareCard

EMPTY = 0x10


class MemoryPcsc:
    """The service. ``open_error``, ``wait_error``, ``card_error`` are raised while they are set."""

    def __init__(self, *readers: str) -> None:
        self._changed = threading.Condition()
        self._cards: dict[str, SoftwareCard | None] = dict.fromkeys(readers)
        self._count: dict[str, int] = dict.fromkeys(readers, 0)
        self._cancelled = False
        self._idle: dict[str, int] | None = None
        self.mute = False
        self.open_error: int | None = None
        self.wait_error: int | None = None
        self.card_error: int | None = None
        self.opened = 0

    # -- the test's side

    def plug_in(self, reader: str) -> None:
        with self._changed:
            self._cards[reader], self._count[reader] = None, 0
            self._changed.notify_all()

    def pull_out(self, reader: str) -> None:
        with self._changed:
            del self._cards[reader]
            self._changed.notify_all()

    def lay(self, reader: str, card: SoftwareCard) -> None:
        with self._changed:
            self._put(reader, card)

    def take(self, reader: str) -> None:
        with self._changed:
            self._put(reader, None)

    def settle(self) -> None:
        """Return when the reader has seen everything and waits for the next change."""
        with self._changed:
            seen = self._changed.wait_for(
                lambda: self._idle is not None and self._idle == self._states(self._idle), 5.0
            )
        assert seen, "the reader does not wait"

    def swap(self, reader: str, card: SoftwareCard) -> None:
        """One card goes and another comes before anybody has looked."""
        with self._changed:
            self._put(reader, None)
            self._put(reader, card)

    def _put(self, reader: str, card: SoftwareCard | None) -> None:
        self._cards[reader] = card
        self._count[reader] += 1
        self._changed.notify_all()

    # -- pcsc.Service

    def open(self) -> None:
        self.opened += 1
        self._cancelled = False
        self._fail(self.open_error)

    def close(self) -> None:
        return

    def readers(self) -> tuple[str, ...]:
        with self._changed:
            return tuple(self._cards)

    def wait(self, known: dict[str, int], seconds: float) -> dict[str, int]:
        self._fail(self.wait_error)
        with self._changed:
            self._idle = known
            self._changed.notify_all()
            changed = self._changed.wait_for(lambda: self._cancelled or self._states(known) != known, seconds)
            self._idle = None
            if not changed:
                return known
            if self._cancelled:
                raise PcscError(winscard.CANCELLED)
            return self._states(known)

    def cancel(self) -> None:
        with self._changed:
            self._cancelled = True
            self._changed.notify_all()

    @contextmanager
    def card(self, reader: str) -> Iterator[Transmit]:
        self._fail(self.card_error)
        card = self._cards.get(reader)
        if card is None:
            raise PcscError(winscard.NO_SMARTCARD)
        card.reset()

        def transmit(request: bytes) -> bytes:
            try:
                return card.answer(request)
            except ConnectionError:
                raise PcscError(winscard.REMOVED) from None

        yield transmit

    def _states(self, known: dict[str, int]) -> dict[str, int]:
        return {name: self._state(name) for name in known}

    def _state(self, name: str) -> int:
        if name == winscard.PLUG_EVENTS:
            return len(self._cards) << 16
        if name not in self._cards:
            return winscard.UNKNOWN | winscard.UNAVAILABLE
        there = winscard.PRESENT | (winscard.MUTE if self.mute else 0)
        return self._count[name] << 16 | (there if self._cards[name] is not None else EMPTY)

    def _fail(self, code: int | None) -> None:
        if code is not None:
            raise PcscError(code)
