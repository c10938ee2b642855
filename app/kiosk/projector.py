"""Plays one clip: reads and unseals it, has it drawn picture by picture, hands each over when it is due.

On a thread of its own for as long as it plays. Nothing here decides who may see what: the engine hands in the
key of a clip whose page is in front, after its ``clip.begin`` is committed.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.model.errors import Damaged, Expected, NotFound
from app.pages.player import MOST_PIXELS, ClipFailed, ClipPlayer, NoRoom
from app.seal.boxes import open_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.kiosk.folio import Blobs
    from app.pages.picture import Pixels

_log = logging.getLogger(__name__)
LATE_MS = 250
"""How much is left out at once, at most, on a machine that is too slow: then the clip plays slower."""
BEHIND_S = 0.02
"""How long nothing is drawn where the screen still holds as many pictures as there is room for."""


@dataclass(frozen=True, repr=False)
class Reel:
    """A clip that the person in front may see, the key that opens it, and the size in which it is wanted."""

    clip: str
    blob: str
    revision: str
    key: bytes
    width_px: int
    height_px: int

    @property
    def size(self) -> tuple[int, int]:
        """The size in which it is drawn: no larger than the player can."""
        scale = min(1.0, (MOST_PIXELS / max(1, self.width_px * self.height_px)) ** 0.5)
        return max(2, int(self.width_px * scale)), max(2, int(self.height_px * scale))


class Projector:
    """``show`` is given each picture; ``ended`` is told once, with the trouble if there is one, unless it was
    stopped before. Both are called on this thread.

    Failure policy: a clip that is not in the cache, whose bytes do not hold, or that ends its worker, is told
    as such; where the machine is too slow pictures are left out, a few at a time. ``stop`` returns only when
    no picture is handed over any more and no plain byte and no pixel is left here.
    """

    def __init__(
        self,
        reel: Reel,
        blobs: Blobs,
        show: Callable[[Pixels], None],
        ended: Callable[[Expected | None], None],
    ) -> None:
        self._reel, self._blobs, self._show, self._ended = reel, blobs, show, ended
        self._player = ClipPlayer()
        self._wake = threading.Condition()
        self._zero: float | None = None
        self._paused_at: float | None = None
        self._stopping = False
        self.played_ms = 0
        self._thread = threading.Thread(target=self._run, name="projector", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def paused(self) -> bool:
        """Whether the picture stands still."""
        return self._paused_at is not None

    def pause(self) -> None:
        """Stand still, or go on."""
        with self._wake:
            now, before = time.monotonic(), self._paused_at
            self._paused_at = now if before is None else None
            if before is not None and self._zero is not None:
                self._zero += now - max(before, self._zero)
            self._wake.notify_all()

    def stop(self) -> None:
        """End it."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        self._player.close()
        self._thread.join()

    def _run(self) -> None:
        trouble: Expected | None = None
        try:
            with self._player:
                self._play()
        except Expected as error:
            trouble = error
        except Exception:
            _log.exception("a fault while a clip played")
            trouble = ClipFailed(
                "The clip stopped playing.", advice="Touch it to play it again.", code="clip_stopped"
            )
        with self._wake:
            stopped = self._stopping
        if not stopped:
            self._ended(trouble)

    def _play(self) -> None:
        self._player.open(self._reel.clip, _plain(self._reel, self._blobs))
        after = 0
        while not self._stopping:
            try:
                found = self._player.next(*self._reel.size, after)
            except NoRoom:
                time.sleep(BEHIND_S)
                continue
            if found is None:
                return
            at, pixels = found
            self._hand_over(at, pixels)
            after = max(at + 1, self._now_ms())

    def _hand_over(self, at: int, pixels: Pixels) -> None:
        """Show it when it is due; the first one begins the time."""
        with self._wake:
            if self._zero is None:
                self._zero = time.monotonic()
            while not self._stopping:
                left = at - self._now_ms() if self._paused_at is None else None
                if left is not None and left <= 0:
                    self._zero += max(0, -left - LATE_MS) / 1000
                    self.played_ms = at
                    self._show(pixels)
                    return
                self._wake.wait(None if left is None else left / 1000)
        pixels.release()

    def _now_ms(self) -> int:
        """How far the clip is."""
        if self._zero is None:
            return 0
        return round(1000 * ((self._paused_at or time.monotonic()) - self._zero))


def _plain(reel: Reel, blobs: Blobs) -> bytes:
    try:
        return open_page(blobs.get(reel.blob), reel.key, reel.clip, reel.revision)
    except NotFound:
        raise ClipFailed(
            "This clip is still being fetched.", advice="Touch it again in a moment.", code="clip_absent"
        ) from None
    except Damaged:
        raise ClipFailed(
            "This clip was damaged on this kiosk.",
            advice="It is being fetched again: touch it in a moment.",
            code="clip_damaged",
        ) from None
