"""The questions that every kiosk asks, answered past the framework, whose way to them costs as much again.

A request that is exactly as the kiosk's client writes it is read, verified and answered by the same functions
as ever, on one thread. Any other goes the framework's way, which says what is wrong with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from app.hub.api import routes
from app.hub.api.gate import ask
from app.hub.api.intake import Intake
from app.hub.api.problems import told
from app.model.errors import Expected
from app.wire.messages import ROUTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send


@dataclass(frozen=True)
class _Lane:
    """``query`` as the client writes it, whose groups go to ``answer``; ``first`` as in ``ask``.

    None: the intake answers.
    """

    query: re.Pattern[bytes]
    answer: Callable[..., Response] | None
    limit: int = routes.SMALL_BODY
    first: bool = False


def _state(asked: Any, waiting: bytes, pulled: bytes) -> Response:
    return routes.state(asked, int(waiting), int(pulled))


def _lease(asked: Any, have: bytes, manifest: bytes, seen: bytes) -> Response:
    return routes.lease(asked, int(have), manifest.decode(), int(seen))


def _log(asked: Any, have: bytes) -> Response:
    return routes.log_head(asked, int(have))


_NUMBER = rb"(0|[1-9][0-9]{0,8})"
_LANES = {
    ("GET", ROUTES["state"]): _Lane(
        re.compile(rb"waiting=%s&pulled=%s" % (_NUMBER, _NUMBER)), _state, first=True
    ),
    ("GET", ROUTES["lease"]): _Lane(
        re.compile(rb"have=%s&manifest=((?:[0-9a-f]{64})?)&seen=%s" % (_NUMBER, _NUMBER)), _lease
    ),
    ("GET", ROUTES["log"]): _Lane(re.compile(rb"have=%s" % _NUMBER), _log),
    ("POST", ROUTES["events"]): _Lane(re.compile(rb""), None, routes.EVENTS_BODY),
}


class Express:
    """ASGI middleware; see the module."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._intake = app, Intake()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the framework do it."""
        lane = _LANES.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        given = None if lane is None else lane.query.fullmatch(scope["query_string"])
        if lane is None or given is None:
            await self._app(scope, receive, send)
            return
        try:
            asked = await ask(Request(scope, receive), lane.limit, first=lane.first)
            if lane.answer is None:
                response = await self._intake.take(asked)
            else:
                response = await run_in_threadpool(lane.answer, asked, *given.groups())
        except Expected as error:
            response = told(error)
        await response(scope, receive, send)
