"""The desk's routes on badges: who holds which, and withdrawing one that is lost."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app.hub import badge_holders
from app.hub.api.desk import SEATED, Desk, Refusal, acting_at, answer, on_record, with_body
from app.hub.api.problems import documented
from app.wire.desk_badges import HoldersAsk, HoldersReply, WithdrawAsk, WithdrawReply
from app.wire.messages import ROUTES

router = APIRouter(tags=["desk"])


@router.post(
    ROUTES["desk_badges"],
    summary="Which badges and cards each person holds or held",
    response_model=HoldersReply,
    responses=documented(*SEATED),
    openapi_extra=with_body(HoldersAsk),
)
def listing(caller: Desk) -> Response:
    """Of a number only its last characters are known here; who withdrew one, and why, is told with it."""
    ask = HoldersAsk.read(caller.body)
    with caller.hub.store.read() as session:
        return answer(HoldersReply(holders=badge_holders.holders(acting_at(session, caller, ask))))


@router.post(
    ROUTES["desk_badge_withdraw"],
    summary="Withdraw a badge, with a reason",
    response_model=WithdrawReply,
    responses=documented("not_found", "needs_reason", *SEATED),
    openapi_extra=with_body(WithdrawAsk),
)
def withdraw(caller: Desk) -> Response:
    """It opens nothing any more: at each kiosk from its next contact, at the latest when its lease ends."""
    ask = WithdrawAsk.read(caller.body)
    refused = Refusal("badge.refused", ask.person, None, {"number": ask.number})
    with on_record(caller, ask, refused), caller.hub.store.write() as session:
        acting = acting_at(session, caller, ask, ask.reason.strip())
        return answer(WithdrawReply(outcome=badge_holders.withdraw(acting, ask.person, ask.number).value))
