"""The desk's route on calls for help."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app.hub import calls
from app.hub.api.desk import SEATED, Desk, acting_at, answer, with_body
from app.hub.api.problems import documented
from app.wire.desk import CallAsk, CallReply
from app.wire.messages import ROUTES

router = APIRouter(tags=["desk"])


@router.post(
    ROUTES["desk_call"],
    summary="Take a call for help, or end it",
    response_model=CallReply,
    responses=documented("not_found", "call_over", *SEATED),
    openapi_extra=with_body(CallAsk),
)
def step(caller: Desk) -> Response:
    """The kiosk is told at once who is coming, or that the call is over."""
    ask = CallAsk.read(caller.body)
    with caller.hub.store.write() as session:
        outcome = calls.step(acting_at(session, caller, ask), ask.code, ask.step)
    return answer(CallReply(outcome=outcome.value))
