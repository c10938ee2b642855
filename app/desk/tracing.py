"""Leaked pictures at a desk: taken apart by a process of its own, on a thread of its own.

The desk's other questions, and its window, go on meanwhile. A picture's file is opened here and decoded
there; what comes back is soft values and grey pixels.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from app.desk.questions import Reading
from app.desk.trace_report import report, said
from app.model.errors import Expected, NotFound, Refused, Unavailable
from app.pages.process import WorkerLost, WorkerProcess
from app.wire.desk_trace import MOST_PICTURES, MOST_WORDS, SOFT_BYTES, TracePicture, TraceReply, TraceWord

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

MOST_FILE_BYTES = 256 << 20
_SECONDS = 120.0
"""The longest that one way of reading may take."""
_MOST_REPLY = MOST_WORDS * SOFT_BYTES + 2 * 2000 * 2000


class Tracing(Reading):
    """A question about leaked pictures."""


@dataclass(frozen=True)
class TracePictures(Tracing):
    """Whose view do these pictures of one leak show?"""

    paths: tuple[Path, ...]


@dataclass(frozen=True)
class StopTrace(Tracing):
    """Nobody waits for it any more."""


@dataclass(frozen=True)
class TraceProgress:
    """So much is done (0 to 1); ``name`` is the picture that is looked at."""

    done: float
    name: str = ""


@dataclass(frozen=True)
class Pictured:
    """A picture as it is shown and filed: luminance."""

    name: str
    digest: str
    grey: NDArray[np.uint8] = field(repr=False, compare=False)


@dataclass(frozen=True)
class Apart:
    """What pictures say. ``cut``: reading ended at the first word that is somebody's; ``flat``: the picture
    that says it, from straight ahead.
    """

    said: tuple[TracePicture, ...]
    shown: tuple[Pictured, ...]
    cut: bool = False
    flat: NDArray[np.uint8] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class TraceDone:
    """What the hub answered, and the pictures it is about."""

    reply: TraceReply
    apart: Apart


@dataclass(frozen=True)
class SaveTrace(Tracing):
    """Write a report of it to ``path``, for an auditor who ``audits``."""

    path: Path
    done: TraceDone
    now: datetime
    audits: bool = False


@dataclass(frozen=True)
class TraceSaved:
    """It lies there."""

    path: Path


@dataclass(frozen=True)
class Seen:
    """Told by the thread of a run: how far it is, what it came to, or what is in the way."""

    run: int
    question: TracePictures
    what: TraceProgress | Apart | Expected


class Tracer:
    """Takes pictures apart, one question at a time. ``tell`` is called on the thread of a run.

    Failure policy: a file that cannot be read ends the run in words; so does a process that ends or hangs.
    What a run tells after ``stop``, or after another one began, is told by its number to be late.
    """

    def __init__(self, tell: Callable[[Seen], None]) -> None:
        self._tell = tell
        self.run = 0
        self._process: WorkerProcess | None = None
        self._guard = threading.Lock()

    def begin(self, question: TracePictures, key: bytes, *, thorough: bool = False) -> TraceProgress:
        """Begin; ``key``: that of the site's layout. ``thorough``: every way is tried, whatever is seen."""
        self.stop()
        job = _Job(question, key, thorough, self.run)
        threading.Thread(target=self._do, args=(job,), name="tracing", daemon=True).start()
        return TraceProgress(0.0, question.paths[0].name if question.paths else "")

    def stop(self) -> None:
        """Let go of what is being read."""
        with self._guard:
            self.run += 1
            process, self._process = self._process, None
        if process is not None:
            process.kill()

    def _do(self, job: _Job) -> None:
        what: Apart | Expected
        try:
            what = self._apart(job)
        except Expected as error:
            what = error
        except WorkerLost:
            what = Unavailable(
                "The picture could not be read: the program that reads it has ended.",
                advice="Cut the picture to the screen that it shows, and try again.",
                code="reader_lost",
            )
        self._tell(Seen(job.run, job.question, what))

    def _apart(self, job: _Job) -> Apart:
        paths = job.question.paths
        if not 0 < len(paths) <= MOST_PICTURES:
            raise Refused(f"One to {MOST_PICTURES} pictures of one leak are read together.", code="too_many")
        process = WorkerProcess("app.desk.trace_worker")
        with self._guard:
            late = job.run != self.run
            if not late:
                self._process = process
        try:
            if late:
                raise WorkerLost("nobody waits for it")
            return self._each(job, process)
        finally:
            process.kill()

    def _each(self, job: _Job, process: WorkerProcess) -> Apart:
        told, shown = list[TracePicture](), list[Pictured]()
        cut, flat = False, None
        for place, path in enumerate(job.question.paths):
            data, name = _read(path), path.name[:100]
            digest = sha256(data).hexdigest()
            order = {"name": name, "read": not cut, "thorough": job.thorough}
            process.send(order, job.key + data, seconds=_SECONDS)
            header, payload = process.receive(max_payload=_MOST_REPLY, seconds=_SECONDS)
            while "ways" in header:
                done = (place + min(1.0, header["ways"] / MOST_WORDS)) / len(job.question.paths)
                self._tell(Seen(job.run, job.question, TraceProgress(done, name)))
                header, payload = process.receive(max_payload=_MOST_REPLY, seconds=_SECONDS)
            words, greys = _taken(header, payload)
            told.append(TracePicture(name=name, digest=digest, words=words))
            shown.append(Pictured(name, digest, greys[0]))
            if header["cut"]:
                cut, flat = True, greys[1]
        return Apart(tuple(told), tuple(shown), cut, flat)


@dataclass(frozen=True)
class _Job:
    question: TracePictures
    key: bytes = field(repr=False)
    thorough: bool
    run: int


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_FILE_BYTES:
            raise Refused(f"The file {path.name} is too large to be a picture.", code="picture_too_large")
        return path.read_bytes()
    except FileNotFoundError:
        raise NotFound(f"There is no picture {path}.") from None
    except OSError as error:
        raise Unavailable(f"The picture {path} cannot be read: {error.strerror}.") from None


def _taken(
    header: dict[str, Any], payload: bytes
) -> tuple[tuple[TraceWord, ...], Sequence[NDArray[np.uint8]]]:
    """The words and grey pictures of an answer; the process is believed nothing but their sizes."""
    import numpy as np

    if "trouble" in header:
        says, advice, code = (str(part)[:500] for part in header["trouble"])
        raise Refused(says, advice=advice, code=code)
    try:
        at = 0
        words, greys = list[TraceWord](), []
        for fits, pilot in header["words"]:
            words.append(TraceWord(soft=payload[at : at + SOFT_BYTES], fits=fits, pilot=pilot))
            at += SOFT_BYTES
        for high, wide in header["shown"]:
            greys.append(np.frombuffer(payload[at : at + high * wide], np.uint8).reshape(high, wide))
            at += high * wide
        if at != len(payload) or len(greys) != 1 + bool(header["cut"]):
            raise WorkerLost("an answer of another size")
    except (KeyError, TypeError, ValueError):
        raise WorkerLost("an answer that is none") from None
    return tuple(words), greys


def save(wanted: SaveTrace) -> TraceSaved:
    """Write a report; a file is whole or absent.

    Raises:
        Unavailable: it cannot be written.
    """
    done = wanted.done
    data = report(
        done.reply, said(done.reply, audits=wanted.audits), done.apart.shown, done.apart.flat, wanted.now
    )
    part = wanted.path.with_name(f"{wanted.path.name}.part")
    try:
        try:
            part.write_bytes(data)
            part.replace(wanted.path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise Unavailable(f"The report cannot be saved at {wanted.path}: {error.strerror}.") from None
    return TraceSaved(wanted.path)
