"""The listener of a kiosk or a desk: the thread that waits for the hub to say that something changed.

It only makes its owner ask. What is heard is never believed, and what is not heard is asked for anyway.
"""

from __future__ import annotations

import logging
import threading
from enum import Enum, auto
from typing import TYPE_CHECKING

from app.model.errors import Expected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.wire.client import HubClient

_log = logging.getLogger(__name__)
_PATIENCE = 4.0


class Told(Enum):
    """What the listener heard."""

    LISTENING = auto()
    CHANGED = auto()
    LOST = auto()


class Listener:
    """See the module. ``connect`` makes a connection, ``listen`` waits on it for what the hub says;
    ``on_told`` is called on the listener's thread.

    Failure policy: whatever ends the stream (network, hub stopped, an older hub without push, a fault of our
    own) is told once as ``LOST``, and the stream is opened again after ``back_off(failures, chance)``
    seconds, or at once when ``again`` says that the hub is back.
    """

    def __init__(
        self,
        connect: Callable[[], HubClient],
        on_told: Callable[[Told], None],
        back_off: Callable[[int, float], float],
        chance: Callable[[], float],
        listen: Callable[[HubClient], Iterator[bool]] = lambda hub: hub.listen(),
    ) -> None:
        self._connect, self._on_told, self._listen = connect, on_told, listen
        self._back_off, self._chance = back_off, chance
        self._again = threading.Event()
        self._stopping = False
        self._failures = 0
        self._hub: HubClient | None = None
        self._thread = threading.Thread(target=self._run, name="sync-listener", daemon=True)

    def start(self) -> None:
        """Begin; the stream is opened once ``again`` says that the hub is there."""
        self._thread.start()

    def again(self) -> None:
        """The hub is there: do not wait."""
        self._again.set()

    def stop(self) -> None:
        """End; returns when the thread is gone, or soon: one that waits for a silent hub ends by itself."""
        self._stopping = True
        self._again.set()
        if (hub := self._hub) is not None:
            hub.hang_up()
        if self._thread.is_alive():
            self._thread.join(_PATIENCE)

    def _run(self) -> None:
        self._again.wait()
        while not self._stopping:
            self._again.clear()
            heard = False
            try:
                for changed in self._stream():
                    if self._stopping:
                        return
                    if not heard or changed:
                        self._on_told(Told.CHANGED if heard else Told.LISTENING)
                    heard, self._failures = True, 0
            except Expected as error:
                _log.info("the hub's push ended (%s)", error.code)
            except Exception:
                _log.exception("a fault in the listener")
            if heard and not self._stopping:
                self._on_told(Told.LOST)
            self._failures += 1
            self._again.wait(self._back_off(self._failures, self._chance()))

    def _stream(self) -> Iterator[bool]:
        with self._connect() as hub:
            self._hub = hub
            try:
                if not self._stopping:
                    yield from self._listen(hub)
            finally:
                self._hub = None
