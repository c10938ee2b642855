"""Evidence bundles that desks ask for: made one at a time, each by a process of its own, kept until fetched.

Failure policy: a job that nobody asks about for ``ABANDONED_SECONDS`` is ended while it is made, and thrown
away ``KEPT_SECONDS`` after the last question once it is ready. A process that ends by itself fails its job. A
hub that is stopped, or is not the one that began a job, does not know it: the desk begins it anew. What a
hub that was killed leaves lying goes with a job a day later.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.hub.bundle_worker import Order
from app.model.errors import NotFound, Refused, Unavailable

if TYPE_CHECKING:
    from datetime import datetime

    from app.hub.evidence import Asked
    from app.hub.home import Home

ABANDONED_SECONDS, KEPT_SECONDS, SWEPT_SECONDS = 120.0, 1800.0, 86_400.0
FOLDER = "bundles"
"""Where in the hub's folder they lie until they are fetched."""

_ROOT = Path(__file__).resolve().parents[2]
_LOST = "The process that made the evidence ended before it was done. Try again; tell IT if it happens again."


class Job:
    """A bundle in the making, or made, for one person. ``trouble``: why there will be none.

    ``done`` of ``total`` entries; ``handed`` once some of it was given out.
    """

    def __init__(self, name: str, by: str, asked: Asked, folder: Path, total: int) -> None:
        self.name, self.by, self.client = name, by, asked.client
        self.path = folder / "bundle.zip"
        self.done, self.total = 0, total
        self.trouble = ""
        self.made: dict[str, Any] | None = None
        self.handed = False
        self.asked = time.monotonic()
        self.dropped = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def size(self) -> int:
        """Its length in bytes, once it is made; 0 before, and once it is thrown away."""
        with suppress(FileNotFoundError):  # thrown away just now
            return 0 if self.made is None else self.path.stat().st_size
        return 0

    @property
    def making(self) -> bool:
        """Whether it is still being made."""
        return self.made is None and not self.trouble

    @property
    def abandoned(self) -> bool:
        """Whether nobody has asked about it for long."""
        return time.monotonic() > self.asked + ABANDONED_SECONDS

    def piece(self, at: int, most: int) -> bytes:
        """Return its bytes from ``at`` on."""
        with self.path.open("rb") as file:
            file.seek(at)
            return file.read(most)


class BundleJobs:
    """See the module. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}

    def begin(self, home: Home, by: str, asked: Asked, total: int, now: datetime) -> Job:
        """Begin a bundle of ``total`` entries.

        Raises:
            Refused: another is being made (``making``).
            Unavailable: the folder cannot be written.
        """
        for job in list(self._jobs.values()):
            if job.making and job.abandoned:
                self.drop(job)
        with self._lock:
            if any(job.making for job in self._jobs.values()):
                raise Refused("The hub is making another bundle.", advice="Try again soon.", code="making")
            name = os.urandom(16).hex()
            folder = home.path / FOLDER / name
            try:
                _sweep(folder.parent, now)
                folder.mkdir(parents=True, mode=0o700)
                job = Job(name, by, asked, folder, total)
                order = Order(
                    hub=str(home.path), path=str(job.path), client=asked.client, start=asked.start,
                    end=asked.end, now=now,
                )  # fmt: skip
                job.process = _start(order)
            except OSError as error:
                shutil.rmtree(folder, ignore_errors=True)
                raise Unavailable(f"The bundle cannot be made in {folder}: {error.strerror}.") from None
            self._jobs[name] = job
        threading.Thread(target=self._follow, args=(job,), name="bundle", daemon=True).start()
        return job

    def get(self, name: str, by: str) -> Job:
        """Return a job of this person's.

        Raises:
            NotFound: there is none, or none any more.
        """
        job = self._jobs.get(name)
        if job is None or job.by != by:
            raise NotFound(
                "That evidence is not being made, or not kept any more.", advice="Ask for it anew."
            )
        job.asked = time.monotonic()
        return job

    def drop(self, job: Job) -> None:
        """End it, or throw it away."""
        with self._lock:
            self._jobs.pop(job.name, None)
        job.dropped.set()
        if job.process is not None:
            job.process.kill()

    def close(self) -> None:
        """End all."""
        for job in list(self._jobs.values()):
            self.drop(job)
            shutil.rmtree(job.path.parent, ignore_errors=True)

    def _follow(self, job: Job) -> None:
        """A job's own thread, until it is gone."""
        try:
            _follow_process(job)
            while not job.dropped.wait(max(0.0, job.asked + KEPT_SECONDS - time.monotonic())):
                if time.monotonic() >= job.asked + KEPT_SECONDS:
                    self.drop(job)
        finally:
            shutil.rmtree(job.path.parent, ignore_errors=True)


def _sweep(folder: Path, now: datetime) -> None:
    """Remove what a hub left that was killed."""
    for left in folder.glob("*"):
        if left.stat().st_mtime < now.timestamp() - SWEPT_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def _start(order: Order) -> subprocess.Popen[bytes]:
    path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    process = subprocess.Popen(
        [sys.executable, "-m", "app.hub.bundle_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,  # a Ctrl+C is for the hub, which ends it
    )
    assert process.stdin is not None
    with suppress(BrokenPipeError):  # it has ended, as its follower finds out
        process.stdin.write(order.exact() + b"\n")
        process.stdin.flush()
    return process


def _follow_process(job: Job) -> None:
    process = job.process
    assert process is not None
    assert process.stdout is not None
    assert process.stdin is not None
    told: dict[str, Any] = {}
    try:
        for line in process.stdout:
            with suppress(ValueError):
                told = json.loads(line)
            job.done, job.total = told.get("done", job.done), told.get("total", job.total)
            if job.dropped.is_set() or job.abandoned:
                break
    finally:
        process.kill()
        process.wait()
        with suppress(BrokenPipeError):
            process.stdin.close()
        process.stdout.close()
    if "bundle" in told and job.path.is_file():
        job.made = told
    else:
        job.trouble = told.get("trouble", _LOST)
