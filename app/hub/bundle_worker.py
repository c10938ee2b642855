"""Makes one evidence bundle in a process of its own for ``bundle_jobs``: ``python -m app.hub.bundle_worker``.

The order comes as the first line of its input; it ends when its input does, so no hub leaves one behind. It
prints a line of JSON as it gets on, and a last one: what it made, or why it did not.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

from app.hub.evidence import Asked, make
from app.hub.home import Home
from app.hub.store import Store
from app.model.errors import Expected
from app.wire.base import Code, Message, Time

_GENTLE = 10  # the hub serves meanwhile


class Order(Message):
    """What is to be made: of which hub, of whom, of when, where to, and by which time."""

    hub: str
    path: str
    client: Code
    start: Time | None
    end: Time | None
    now: Time


def _tell(**said: Any) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(3)


def main() -> None:
    """Read the order and follow it."""
    order = Order.read(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.nice(_GENTLE)
    try:
        home = Home.open(Path(order.hub))
        asked = Asked(order.client, order.start, order.end)
        about = make(
            Store(home.database_url), home, asked, Path(order.path), order.now,
            lambda done, total: _tell(done=done, total=total),
        )  # fmt: skip
    except Expected as error:
        _tell(trouble=error.sentence)
    else:
        _tell(bundle=about.bundle, first=about.first, last=about.last)


if __name__ == "__main__":
    main()
