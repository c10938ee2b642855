"""The FastAPI application: routes, and every error as a ``Problem``."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from app import __version__
from app.hub.api import (
    desk,
    desk_badges,
    desk_calls,
    desk_evidence,
    desk_exposure,
    desk_remarks,
    desk_review,
    desk_trace,
)
from app.hub.api.docs import describe, page
from app.hub.api.express import Express
from app.hub.api.gate import Hub, require_signed
from app.hub.api.problems import respond, told
from app.hub.api.routes import router
from app.hub.purge_orders import orders
from app.hub.push import Push
from app.model.errors import Expected
from app.wire.base import Problem
from app.wire.clock import SystemClock

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.hub.home import Home
    from app.hub.purge_orders import Order
    from app.hub.store import Acts, Store
    from app.wire.clock import Clock

LOG = logging.getLogger("stationleaf.hub")


def make_app(home: Home, store: Store, clock: Clock | None = None) -> FastAPI:
    """Return the application of an opened hub, whose database has this program's schema."""
    app = FastAPI(
        title="Stationleaf hub",
        version=__version__,
        docs_url=None,
        redoc_url=None,
    )
    clock = clock or SystemClock()

    def orders_of(session: Session, acts: Acts) -> tuple[Order, ...]:
        return orders(session, app.state.hub.home, acts, clock.now())  # the home may be replaced

    push = Push(store, orders_of)
    store.on_change = push.changed
    app.state.hub = Hub(home, store, clock, push)
    app.add_middleware(Express)
    app.include_router(router)
    app.include_router(desk.router)
    app.include_router(desk_evidence.router)
    app.include_router(desk_exposure.router)
    app.include_router(desk_review.router)
    app.include_router(desk_remarks.router)
    app.include_router(desk_calls.router)
    app.include_router(desk_badges.router)
    app.include_router(desk_trace.router)
    app.add_exception_handler(Expected, _expected)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _no_route)
    app.add_exception_handler(Exception, _fault)
    description = describe(app)
    app.openapi = lambda: description  # type: ignore[method-assign]  # FastAPI docs, "Extending OpenAPI"
    app.add_api_route("/docs", lambda: page(description), include_in_schema=False)
    return app


def _expected(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Expected)
    return told(error)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    try:
        await require_signed(request)
    except Expected as refusal:
        return told(refusal)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return respond(Problem(code="bad_message", message=f"{where}: {first['msg']}."), 422)


def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        message = f"The hub does not take {request.method} here."
        return respond(Problem(code="no_method", message=message), 405)
    return respond(Problem(code="no_route", message="The hub has nothing at this address."), 404)


def _fault(request: Request, error: Exception) -> Response:
    LOG.error("fault at %s %s", request.method, request.url.path, exc_info=error)
    problem = Problem(
        code="fault",
        message="The hub has a fault.",
        advice="It is tried again by itself; the hub's log has the details.",
    )
    return respond(problem, 500)
