"""What TLS keeps a network from doing: the same signed request comes again, to the byte.

After an answer the second must be refused, for its counter was used; after a cut nobody knows whether the
first came.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    import random

AGAIN = 0.2
"""How many answered requests are sent again."""


class Repeater:
    """See the module. ``told`` counts what the hub said; nothing is repeated unless ``on``."""

    def __init__(self, chance: random.Random) -> None:
        self.told = Counter[str]()
        self.on = False
        self._chance = chance
        self._send = httpx.Client.send

        def send(client: httpx.Client, request: httpx.Request, **words: Any) -> httpx.Response:
            return self._twice(client, request, **words)

        httpx.Client.send = send  # type: ignore[assignment,method-assign]

    def close(self) -> None:
        """Send as before."""
        httpx.Client.send = self._send  # type: ignore[method-assign]

    def _twice(self, client: httpx.Client, request: httpx.Request, **words: Any) -> httpx.Response:
        try:
            response = self._send(client, request, **words)
        except httpx.HTTPError:
            if self.on:
                self.told["sent again after a cut"] += 1
                self._again(client, request)
            raise
        if self.on and response.status_code < 300 and self._chance.random() < AGAIN:
            self.told["sent again after an answer"] += 1
            if self._again(client, request) < 300:
                self.told["taken twice"] += 1
        return response

    def _again(self, client: httpx.Client, request: httpx.Request) -> int:
        try:
            status = self._send(client, request).status_code
        except httpx.HTTPError:
            return 599  # no answer: nobody knows
        self.told[f"answered {status}"] += 1
        return status
