"""A kiosk's sync as a process that can be killed: ``python -m tests.kiosk.sync_process HOME KEYS [PAGES]``.

It kills itself as soon as so many pages have been pulled.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from pathlib import Path

from app.kiosk.cache import Cache
from app.kiosk.outbox import Outbox
from app.kiosk.places import Places
from app.kiosk.state import State
from app.kiosk.supplies import Supplies, trust_of
from app.kiosk.sync import Sync
from tests.kiosk.plant import CLOCK, FAST, FileVault, Listening


def main(home: str, keys_file: str, pages: str = "") -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    places, keys = Places(home), FileVault(Path(keys_file)).load()
    assert keys is not None
    state = State(places.state, keys.cache_key)
    trust = trust_of(state, keys, CLOCK.now())
    cache, _ = Cache.open(places.cache, keys.cache_key, reserve_bytes=0)
    outbox = Outbox(places.outbox, keys.kiosk, keys.epoch, keys.sign, trust.seal_key)
    doors = Listening()
    if pages:
        doors.at_page[int(pages)] = lambda: os.kill(os.getpid(), signal.SIGKILL)
    Sync(doors, Supplies(keys, trust, state, cache, outbox, CLOCK), timing=FAST).start()
    signal.pause()


if __name__ == "__main__":
    main(*sys.argv[1:])
