"""Pulls a kiosk's pages into its empty cache, again and again: ``python -m bench.pulling HOME COUNT``.

The kiosk's own client, checks and encrypted cache; a new connection each time. Prints JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from app.kiosk.cache import Cache
from app.kiosk.contact import client_of, identity, trust_of
from app.kiosk.places import Places
from app.kiosk.pull import Pull
from app.kiosk.state import recover
from app.kiosk.vault import KeyringVault
from app.wire.clock import SystemClock


def main(home: str, count: str) -> None:
    """Measure and print."""
    places, clock = Places(Path(home)), SystemClock()
    with places.claim():
        keys = KeyringVault(places.folder_id).load()
        if keys is None:
            raise SystemExit("not enrolled")
        state, _ = recover(places.state, keys.cache_key)
        trust = trust_of(state, keys, clock.now())
        holding = state.holding(identity(keys, trust))
        if holding is None:
            raise SystemExit("no lease")
        cache, _ = Cache.open(places.cache, keys.cache_key)
        taken = []
        for _ in range(int(count)):
            cache.drop_except(frozenset())
            pull = Pull(cache, lambda _done, _total: None)
            pull.want(holding.manifest)
            began = time.perf_counter()
            with client_of(keys, trust, state, clock) as hub:
                while pull.more:
                    pull.some(hub)
            taken.append(time.perf_counter() - began)
            pull.close()
        held = len(cache.have())
        cache.close()
    sizes = [page.size for page in holding.manifest.pages]
    print(json.dumps({"seconds": taken, "pages": held, "bytes": sum(sizes), "sizes": sizes}))


if __name__ == "__main__":
    main(*sys.argv[1:])
