"""Making clips fit to be published, the caller's side: what reads the clip runs in a worker.

The sandboxed worker (``worker_clip``) is given the file's bytes through its pipe and makes the same pictures
anew as a WebM (VP9) without sound. It answers with codes and numbers; the sentences are made here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.model.errors import NotFound, Refused, Unavailable
from app.pages.process import WorkerLost, WorkerProcess

if TYPE_CHECKING:
    from pathlib import Path

_MODULE = "app.pages.worker_clip"
_START_SECONDS = 60.0
_LEAST_MS, _LEAST_SIDE = 1, 2


@dataclass(frozen=True)
class ClipLimits:
    """What a clip may cost. ``max_bytes``: the file as given; ``made_bytes``: as published.

    ``side``: pixels of the longer side as published, larger pictures are made smaller. ``seconds``: wall time
    for making it; ``memory_mb``: the worker's address space.
    """

    max_bytes: int = 100 << 20
    made_bytes: int = 20 << 20
    max_ms: int = 60_000
    side: int = 1280
    seconds: float = 600.0
    memory_mb: int = 2_048


@dataclass(frozen=True)
class MadeClip:
    """A clip as it is published: a WebM of one VP9 track, its size in pixels, how long it plays in ms."""

    data: bytes
    width: int
    height: int
    ms: int


_OTHER = "Save it as MP4 (H.264) or WebM (VP9) and try again."
# Code from the worker: (stable code, what is wrong, what to do).
_CAUSES: dict[str, tuple[str, str, str]] = {
    "not_clip": ("not_clip", "is neither MP4 nor WebM", _OTHER),
    "codec": ("clip_codec", "has pictures in a form that is not taken", _OTHER),
    "no_pictures": ("clip_empty", "has no moving pictures", "Check that it is the right file."),
    "size": ("clip_size", "has a size that cannot be shown", "Give it between 16 and 8192 pixels a side."),
    "broken": ("clip_broken", "is damaged and cannot be played to its end", _OTHER),
    "too_long": ("clip_too_long", "is longer than {seconds} seconds", "Cut it to what the step needs."),
    "too_large": ("clip_too_large", "is too large", "Cut it, or save it with a lower quality."),
    "memory": ("clip_too_large", "needs too much memory to be read", "Save it with smaller pictures."),
    "timeout": ("clip_timeout", "takes too long to be read", "Save it with smaller pictures."),
    "hostile": (
        "clip_hostile",
        "ended the program that reads it, which only a damaged or hostile file does",
        "Ask where the file comes from, and have it made anew.",
    ),
}


def make_clip(path: Path, page: int, limits: ClipLimits | None = None) -> MadeClip:
    """Examine the clip at ``path`` and make what is published of it; ``page`` is for the sentences.

    The same bytes give the same clip. Raises Refused with ``code`` ``not_clip``, ``clip_codec``,
    ``clip_empty``, ``clip_size``, ``clip_broken``, ``clip_too_long``, ``clip_too_large``, ``clip_timeout`` or
    ``clip_hostile``; NotFound or Unavailable where the file cannot be read.
    """
    limits = limits or ClipLimits()

    def refusal(cause: object) -> Refused:
        code, says, do = _CAUSES[cause if isinstance(cause, str) and cause in _CAUSES else "hostile"]
        says = says.format(seconds=limits.max_ms // 1000)
        return Refused(f"Page {page}: the clip {path.name} {says}.", advice=do, code=code)

    data = _read(path, limits.max_bytes)
    if len(data) > limits.max_bytes:
        raise refusal("too_large")
    worker = WorkerProcess(_MODULE, [str(limits.memory_mb << 20), str(math.ceil(limits.seconds))])
    try:
        _wait_for(worker)
        order = {"op": "make", "most_ms": limits.max_ms, "side": limits.side}
        worker.send(order, data, seconds=limits.seconds)
        answer, made = worker.receive(max_payload=limits.made_bytes, seconds=limits.seconds)
    except WorkerLost as error:
        large = "larger than" in str(error)
        raise refusal("timeout" if error.timed_out else "too_large" if large else "hostile") from error
    finally:
        worker.kill()
    if answer.get("ok") is not True:
        raise refusal(answer.get("code"))
    width, height, ms = (answer.get(name) for name in ("width", "height", "ms"))
    sides = all(type(side) is int and _LEAST_SIDE <= side <= limits.side for side in (width, height))
    if not (sides and type(ms) is int and _LEAST_MS <= ms <= limits.max_ms + 1000):
        raise refusal("hostile")
    assert isinstance(width, int)
    assert isinstance(height, int)
    return MadeClip(made, width, height, ms)


def _wait_for(worker: WorkerProcess) -> None:
    answer: dict[str, object] = {}
    cause: WorkerLost | None = None
    try:
        answer, _ = worker.receive(max_payload=0, seconds=_START_SECONDS)
    except WorkerLost as error:
        cause = error
    if answer.get("ready") is not True:
        raise Unavailable(
            "The program that reads clips does not start.",
            advice="Try again; if this stays, call IT.",
            code="no_worker",
        ) from cause


def _read(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except FileNotFoundError:
        raise NotFound(
            f"There is no file {path}.", advice="Check the list of clips.", code="no_file"
        ) from None
    except OSError as error:
        raise Unavailable(
            f"The file {path} cannot be read ({error.strerror}).",
            advice="Check its rights.",
            code="file_unreadable",
        ) from error
