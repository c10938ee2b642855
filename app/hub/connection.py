"""A connection of the server, and giving it away in the middle of an answer.

A kiosk that listens says nothing for hours. As a running request each would keep a task, the frames of the
framework, a parser and the request itself: more than its TLS connection. So once such an answer has begun,
its connection is handed over to whoever writes the rest of it, and all of that goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

    from starlette.types import Scope
    from uvicorn import Config
    from uvicorn.server import ServerState

_HAND_OVER = "stationleaf.hand_over"


class HandOver(Protocol):
    """Give the connection to ``heir``, which writes the rest of the answer's chunks (RFC 9112, 7.1)."""

    def __call__(self, heir: asyncio.Protocol) -> asyncio.Transport:
        """Return the transport; the request's own ``send`` does nothing afterwards."""


def hand_over_of(scope: Scope) -> HandOver | None:
    """What gives a request's connection away; None where the server cannot, or the answer has no chunks."""
    if scope.get("http_version") != "1.1":
        return None
    found: HandOver | None = scope.get("state", {}).get(_HAND_OVER)
    return found


class Connection(H11Protocol):
    """uvicorn's, with ``HandOver`` in the state of its requests."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, {**app_state, _HAND_OVER: self._hand_over}, _loop)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of what refers to this in turn: the heap is looked through for such circles too seldom."""
        super().connection_lost(exc)
        self._let_go()

    def _let_go(self) -> None:
        self.app_state = {}
        self.cycle = self.scope = None  # type: ignore[assignment]  # as before the first request

    def _hand_over(self, heir: asyncio.Protocol) -> asyncio.Transport:
        self.connections.discard(self)
        self.cycle.disconnected = True  # so the request ends, and ends nothing else
        self._let_go()
        transport = self.transport
        if not transport.is_closing():  # else nobody is at its other end, and there is no more to take over
            transport.set_protocol(heir)
            transport.resume_reading()
        return transport
