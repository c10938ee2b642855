"""Pulling the pages of a station over loopback TLS."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from kit.processes import Process, free_port, run, wait_for

from bench import Result, Samples, Skipped, bench, measure, scratch
from bench.rig import LONG_PAGES, environment_of, rig

if TYPE_CHECKING:
    from pathlib import Path

    from bench.rig import Place

ROUNDS = 7


@bench("pull-50-pages", against="curl of the same bytes over TLS, median", to_reach=2.0)
def pull_50_pages() -> Result:
    """Ask, receive, check each hash and commit to the encrypted cache; beside it curl to a file.

    curl gets as many files of the same sizes over one connection from a server of the same kind that only
    hands them out. Both begin with a new TLS 1.3 connection; curl's time includes the start of its process.
    """
    if shutil.which("curl") is None:
        raise Skipped("curl is missing")
    place = rig().place("long")
    command = [sys.executable, "-m", "bench.pulling", str(place.kiosk.home), str(ROUNDS + 1)]
    found = json.loads(
        run(command, env=environment_of(place) | {"PYTHONPATH": os.pathsep.join(_path())}).stdout
    )
    if found["pages"] != LONG_PAGES:
        raise RuntimeError(f"{found['pages']} pages were pulled, not {LONG_PAGES}")
    taken = Samples(tuple(found["seconds"][1:]))
    with scratch() as folder:
        curl = _curl(folder, place, found["sizes"])
    return Result(
        taken.median * 1e3,
        against=curl.median * 1e3,
        samples=taken,
        more={"MB": found["bytes"] / 1e6, "MB/s": found["bytes"] / 1e6 / taken.median},
    )


def _path() -> list[str]:
    return [entry for entry in sys.path if entry.endswith("packaging")] + [str(rig().plant.folder.parents[2])]


def _curl(folder: Path, place: Place, sizes: list[int]) -> Samples:
    del place
    files, out = folder / "files", folder / "out"
    files.mkdir()
    out.mkdir()
    for number, size in enumerate(sizes):
        (files / str(number)).write_bytes(os.urandom(size))
    port, tls = free_port(), rig().plant.hub_home / "tls"
    words = [sys.executable, "-m", "uvicorn", "bench.still:app", "--port", str(port), "--log-level", "error"]
    words += ["--ssl-certfile", str(tls / "server.pem"), "--ssl-keyfile", str(tls / "server.key")]
    fetch = ["curl", "--silent", "--fail", "--tlsv1.3", "--cacert", str(tls / "ca.pem")]
    for number in range(len(sizes)):
        fetch += ["--output", str(out / str(number)), f"https://localhost:{port}/{number}"]
    env = {"PYTHONPATH": os.pathsep.join(_path()), "STILL_FOLDER": str(files)}

    def once() -> None:
        subprocess.run(fetch, check=True)

    with Process(words, folder / "still.log", env):
        wait_for(
            "the still server",
            lambda: subprocess.run(fetch, check=False, capture_output=True).returncode == 0,
        )
        return measure(once, repeat=ROUNDS, warm_up=1)
