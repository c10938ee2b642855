"""Playing the clip of the page in front: on record before its first picture, over with the look at the page.

The conductor's part that has to do with it; runs on the engine's thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from app.kiosk.projector import Reel
from app.kiosk.view import Notice
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.kiosk.projector import Projector
    from app.kiosk.recorder import Recorder, View
    from app.kiosk.sheet import Sheet
    from app.model.errors import Expected

SECONDS = 10.0
Seen = Literal["", "playing", "paused"]


class Host(Protocol):
    """The conductor, as this desk sees it."""

    def clip_in_front(self) -> Sheet | None:
        """The page on the screen, if it has a clip that may be played now."""

    def clip_key(self, page: Sheet) -> bytes:
        """The key of its clip. Raises Damaged."""

    def project(self, reel: Reel) -> Projector:
        """Begin to play over the page in front; how it ends comes as ``ended``."""

    def fetch(self, damaged: str) -> None:
        """Have a blob fetched again, or whatever is missing (``""``)."""

    def recording(self, write: Callable[[], object]) -> bool:
        """Commit an event; False: it does not stand."""

    def attempt(self, act: Callable[[], object]) -> bool:
        """Do something that may fail in a plant."""

    def tell(self, notice: Notice | None) -> None:
        """Show a message."""

    def publish(self) -> None:
        """Tell the screen."""

    def touch(self) -> None:
        """Somebody is there."""


@dataclass(frozen=True)
class _Playing:
    """A clip that plays over ``page``, within the look ``view``."""

    page: Sheet
    view: View | None
    projector: Projector


class ClipDesk:
    """See the module. One clip at a time, and none plays by itself.

    Failure policy: a clip whose beginning cannot be committed is not played; one that does not play is told
    in words, and the page stays readable. Whatever ends the look (a turn, a lock, a scan of the next unit, a
    lease that takes the page away) ends the clip first: no picture is handed over afterwards.
    """

    def __init__(self, host: Host, recorder: Recorder) -> None:
        self._host, self._recorder = host, recorder
        self._on: _Playing | None = None

    def play(self, width_px: int, height_px: int) -> None:
        """Play the clip of the page in front in this size; one that plays stands still, or goes on."""
        if self._on is not None:
            self._on.projector.pause()
        elif (page := self._host.clip_in_front()) is not None:
            self._begin(page, width_px, height_px)
        self._host.touch()

    def stop(self) -> None:
        """The person wants the page itself again."""
        self.end("stopped")
        self._host.touch()

    def end(self, why: str = "left") -> None:
        """Nothing plays any more; then that is written down."""
        playing, self._on = self._on, None
        if playing is None:
            return
        playing.projector.stop()
        self._over(playing, why)

    def follow(self) -> None:
        """Something changed: a clip goes with the look that it was played in."""
        playing = self._on
        if playing is not None and (
            self._recorder.view is not playing.view or self._host.clip_in_front() != playing.page
        ):
            self.end()

    def tick(self) -> None:
        """Who watches is there, though no hand moves: for as long as the clip is."""
        if self._on is not None and not self._on.projector.paused:
            self._host.touch()

    def ended(self, projector: Projector, trouble: Expected | None) -> None:
        """It is over by itself, or cannot go on."""
        playing = self._on
        if playing is None or playing.projector is not projector:
            return
        self._on = None
        self._over(playing, "over" if trouble is None else trouble.code)
        if trouble is not None:
            self._told(playing.page, trouble)
        self._host.publish()

    def seen(self) -> Seen:
        """How it stands."""
        if self._on is None:
            return ""
        return "paused" if self._on.projector.paused else "playing"

    def _begin(self, page: Sheet, width_px: int, height_px: int) -> None:
        clip = page.clip
        assert clip is not None
        keys: list[bytes] = []
        if not self._host.attempt(lambda: keys.append(self._host.clip_key(page))):
            return
        body = {"clip": clip.clip, "seconds": round(clip.ms / 1000)}
        if not self._write(EventKind.CLIP_BEGIN, page, body):
            return
        reel = Reel(clip.clip, clip.blob, page.revision_key, keys[0], width_px, height_px)
        self._on = _Playing(page, self._recorder.view, self._host.project(reel))

    def _over(self, playing: _Playing, why: str) -> None:
        assert playing.page.clip is not None
        body = {"clip": playing.page.clip.clip, "ms": playing.projector.played_ms, "why": why}
        self._write(EventKind.CLIP_END, playing.page, body)

    def _told(self, page: Sheet, trouble: Expected) -> None:
        """Say why it does not play, and have what is missing fetched."""
        if trouble.code == "clip_damaged":
            self._host.recording(lambda: self._recorder.damaged(page, trouble.code))
        if trouble.code in {"clip_damaged", "clip_absent"} and page.clip is not None:
            self._host.fetch(page.clip.blob if trouble.code == "clip_damaged" else "")
        self._host.tell(Notice(trouble.code, str(trouble), trouble.advice, "warning", SECONDS))

    def _write(self, kind: EventKind, page: Sheet, body: dict[str, object]) -> bool:
        return self._host.recording(lambda: self._recorder.keep(self._recorder.draft(kind, body, page)))
