"""Pulls a kiosk's pages into fresh caches, in turn with curl: ``python -m bench.pulling HOME HUB ROUNDS``.

The kiosk's own client, checks and encrypted cache, straight to the hub at HUB. curl is given signed requests
that were made beforehand, and so gets the same bytes from the same hub. Prints JSON.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.kiosk.cache import Cache
from app.kiosk.places import Places
from app.kiosk.pull import Pull
from app.kiosk.state import recover
from app.kiosk.supplies import client_of, identity, trust_of
from app.kiosk.vault import KeyringVault
from app.wire.clock import SystemClock
from app.wire.messages import ROUTES, BlobRequest
from app.wire.signatures import sign_request
from bench.stats import measure_in_turn
from bench.workspace import scratch

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.kiosk.state import State
    from app.kiosk.vault import DeviceKeys
    from app.wire.lease import Manifest
    from app.wire.messages import Trust

WARM_UP = 2


class _Puller:
    """The kiosk, lease in hand."""

    def __init__(self, keys: DeviceKeys, trust: Trust, state: State, manifest: Manifest) -> None:
        self._keys, self._trust, self._state, self._manifest = keys, trust, state, manifest
        self._clock = SystemClock()
        self.cpu: list[float] = []
        self.pages: list[int] = []

    def prepare(self, folder: Path, rounds: int) -> list[Pull]:
        """A pull per round, each with a cache of its own that is open and empty."""
        pulls = []
        for number in range(rounds):
            cache, _ = Cache.open(folder / f"cache-{number}.db", os.urandom(32))
            pull = Pull(cache, self._on_pulled)
            pull.want(self._manifest)
            pulls.append(pull)
        return pulls

    def _on_pulled(self, done: int, _total: int) -> None:
        self.done = done

    def pull(self, pull: Pull) -> None:
        """Connect, ask, receive, check, commit."""
        began = _cpu(resource.RUSAGE_SELF)
        with client_of(self._keys, self._trust, self._state, self._clock) as hub:
            while pull.more:
                pull.some(hub)
        self.cpu.append(_cpu(resource.RUSAGE_SELF) - began)
        self.pages.append(self.done)

    def curl(self, folder: Path, number: int) -> list[str]:
        """The command that fetches the same pages."""
        body = BlobRequest(hashes=tuple(page.blob for page in self._manifest.pages)).exact()
        url = self._keys.hub + ROUTES["blobs"]
        asked = folder / f"request-{number}"
        asked.write_bytes(body)
        (folder / "ca.pem").write_text(self._trust.ca, encoding="utf-8")
        signed = sign_request(
            "POST",
            url,
            body,
            kiosk=self._keys.kiosk,
            key=self._keys.sign,
            counter=self._state.next_counter(),
            created=self._clock.now(),
        )
        words = ["curl", "--silent", "--show-error", "--fail", "--http1.1", "--tlsv1.3"]
        words += ["--cacert", str(folder / "ca.pem"), "--data-binary", f"@{asked}", "--output", "/dev/null"]
        for name, value in {**signed, "Content-Type": "application/json"}.items():
            words += ["--header", f"{name}: {value}"]
        return [*words, "--write-out", "%{size_download}", url]


class _Curl:
    """Runs curl commands, one a turn, and adds up what they got."""

    def __init__(self, commands: list[list[str]]) -> None:
        self._commands = iter(commands)
        self.bytes: list[int] = []
        self.cpu: list[float] = []

    def __call__(self) -> None:
        began = _cpu(resource.RUSAGE_CHILDREN)
        done = subprocess.run(next(self._commands), check=True, capture_output=True, text=True)
        self.cpu.append(_cpu(resource.RUSAGE_CHILDREN) - began)
        self.bytes.append(int(done.stdout))


def _cpu(whose: int) -> float:
    used = resource.getrusage(whose)
    return used.ru_utime + used.ru_stime


def _next(work: Callable[[Pull], None], pulls: list[Pull]) -> Callable[[], None]:
    left = iter(pulls)
    return lambda: work(next(left))


def main(home: str, hub: str, rounds: str) -> None:
    """Measure and print."""
    places = Places(Path(home))
    with places.claim(), scratch() as folder:
        kept = KeyringVault(places.folder_id).load()
        if kept is None:
            raise SystemExit("not enrolled")
        keys = replace(kept, hub=hub)
        state, _ = recover(places.state, keys.cache_key)
        trust = trust_of(state, keys, SystemClock().now())
        holding = state.holding(identity(keys, trust))
        if holding is None:
            raise SystemExit("no lease")
        puller = _Puller(keys, trust, state, holding.manifest)
        times = int(rounds) + WARM_UP
        pulls = puller.prepare(folder, times)
        curl = _Curl([puller.curl(folder, number) for number in range(times)])
        own, other = measure_in_turn([_next(puller.pull, pulls), curl], repeat=int(rounds), warm_up=WARM_UP)
        for pull in pulls:
            pull.close()
    found = {
        "seconds": own.seconds,
        "curl": other.seconds,
        "cpu": puller.cpu[WARM_UP:],
        "curl cpu": curl.cpu[WARM_UP:],
        "pages": min(puller.pages),
        "bytes": sum(page.size for page in holding.manifest.pages),
        "curl bytes": min(curl.bytes),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
