"""The routes of a desk: signed by the device like a kiosk's, and acting by the pass of who sits there."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from app.hub import desk_pass, lockdown, moves, shifts
from app.hub.acting import Acting
from app.hub.api.docs import SECURITY
from app.hub.api.gate import Caller, admit, require_active
from app.hub.api.problems import SIGNED, documented
from app.hub.board import Streams, board, running, version
from app.hub.foresee import foresee
from app.hub.lookup import need
from app.hub.recovery import recovery
from app.hub.revocations import Kind
from app.hub.schema import KioskRow, PersonRow, Site
from app.hub.settings import setting
from app.model.errors import NotFound, Refused
from app.seal.encoding import sha256
from app.wire.desk import (
    MAX_PLAN_CHARS,
    Ask,
    BoardAsk,
    BoardReply,
    CheckAsk,
    CheckReply,
    DeclinedAsk,
    DeskInfo,
    DeskSlot,
    DeskSlotAsk,
    LockAsk,
    LockReply,
    MoveAsk,
    MoveReply,
    Noted,
    PlanAsk,
    PlanPut,
    PlanReply,
    RecoveryAsk,
    RecoveryReply,
    SignedIn,
    UndoAsk,
    UndoReply,
)
from app.wire.messages import PUSH_MEDIA, ROUTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from sqlalchemy.orm import Session

    from app.wire.base import Message

BODY = 64 * 1024
PLAN_BODY = 8 * MAX_PLAN_CHARS
"""Bytes of a request with a plan: JSON may need several for a character."""

JSON = "application/json"

router = APIRouter(tags=["desk"])


async def _caller(request: Request) -> Caller:
    return await admit(request, BODY)


async def _large_caller(request: Request) -> Caller:
    return await admit(request, PLAN_BODY)


Desk = Annotated[Caller, Depends(_caller)]
LargeDesk = Annotated[Caller, Depends(_large_caller)]
DEVICE = ("kiosk_pending", "kiosk_blocked", *SIGNED)
SEATED = ("signed_out", "not_allowed", "bad_message", *DEVICE)


def with_body(kind: type[Message]) -> dict[str, Any]:
    """The OpenAPI description of a signed request with this body."""
    schema = {"$ref": f"#/components/schemas/{kind.__name__}"}
    body = {"required": True, "content": {JSON: {"schema": schema}}}
    return {"requestBody": body, "security": [{SECURITY: []}]}


def answer(message: Message) -> Response:
    """A message as it travels."""
    return Response(message.exact(), media_type=JSON)


def _device(session: Session, caller: Caller) -> None:
    require_active(session.get_one(KioskRow, caller.kiosk))


def acting_at(
    session: Session, caller: Caller, ask: Ask, reason: str = "", *, auditors: bool = False
) -> Acting:
    """Who acts: the person whose pass the question carries.

    Raises:
        Refused: the device or the pass is not in order; an auditor asks what is not for ``auditors``.
    """
    _device(session, caller)
    by = desk_pass.seated(session, ask.desk, caller.kiosk, caller.now)
    if by.only_audits and not auditors:
        raise Refused("An auditor sees evidence, and nothing else of the site.", code="not_allowed")
    return Acting(session, by, caller.now, reason)


@dataclass(frozen=True)
class Refusal:
    """How something that was refused goes on record: the act, its subject, how it stood, what was wished."""

    act: str
    subject: str
    before: dict[str, Any] | None
    wish: dict[str, Any]


@contextmanager
def on_record(caller: Caller, ask: Ask, refusal: Refusal) -> Iterator[None]:
    """What is refused in here to whoever sits at the desk goes on record, in a transaction of its own."""
    try:
        yield
    except (Refused, NotFound) as error:
        if error.code != "signed_out":
            with caller.hub.store.write() as session, suppress(Refused):
                acting = acting_at(session, caller, ask)
                after = {**refusal.wish, "code": error.code, "says": str(error)}
                acting.record(refusal.act, refusal.subject, refusal.before, after)
        raise


@router.get(
    ROUTES["desk"],
    summary="What a desk needs before anybody signs in",
    response_model=DeskInfo,
    responses=documented(*DEVICE),
    openapi_extra={"security": [{SECURITY: []}]},
)
def info(caller: Desk) -> Response:
    """With the site's salt the desk finds out which slot a badge names; the badge number stays there."""
    home = caller.hub.home
    with caller.hub.store.read() as session:
        _device(session, caller)
        name = session.scalars(select(Site.name)).first() or home.site
        used = setting(session, "pin_used")
    return answer(
        DeskInfo(
            site=home.site, site_name=name, site_salt=home.site_salt, pin_used=used, time=caller.now
        )
    )  # fmt: skip


@router.post(
    ROUTES["desk_slot"],
    summary="The slot of a badge, if its person may sit at a desk",
    response_model=DeskSlot,
    responses=documented("badge_unknown", "bad_message", *DEVICE),
    openapi_extra=with_body(DeskSlotAsk),
)
def slot(caller: Desk) -> Response:
    """A badge of anybody else is answered like an unknown one, and is an alarm."""
    ask = DeskSlotAsk.read(caller.body)
    with caller.hub.store.write() as session:
        _device(session, caller)
        found = desk_pass.slot_for(session, ask.tag)
        refusal = None if found is not None else desk_pass.note_unknown(session, caller.kiosk, caller.now)
    if refusal is not None:
        raise refusal
    assert found is not None
    return answer(found)


@router.post(
    ROUTES["desk_sign_in"],
    summary="Somebody sits down at the desk",
    response_model=SignedIn,
    responses=documented(*SEATED),
    openapi_extra=with_body(Ask),
)
def sign_in(caller: Desk) -> Response:
    """The pass is signed with the key that badge and PIN opened; it is on record from now on."""
    ask = Ask.read(caller.body)
    with caller.hub.store.write() as session:
        _device(session, caller)
        return answer(desk_pass.sign_in(session, ask.desk, caller.kiosk, caller.now))


@router.post(
    ROUTES["desk_board"],
    summary="The board: lines, stations, people, assignments, kiosks",
    response_model=BoardReply,
    responses=documented(*SEATED),
    openapi_extra=with_body(BoardAsk),
)
def show(caller: Desk) -> Response:
    """`board` is null where the desk has this version already."""
    ask = BoardAsk.read(caller.body)
    with caller.hub.store.read() as session:
        by = acting_at(session, caller, ask).by
        seats = frozenset(seat for seat in caller.hub.push.seats if seat[0] != caller.kiosk)
        found = board(session, by, caller.now, Streams(caller.hub.push.kiosks, seats))
    now_version = sha256(found.exact())[:32]
    told = None if now_version == ask.have else found
    return answer(BoardReply(time=caller.now, version=now_version, board=told))


@router.post(
    ROUTES["desk_push"],
    summary="Be told when the board may have changed",
    response_class=Response,
    responses={
        200: {
            "description": "Server-sent events, until either side ends it: `board` with a number when the "
            "desk should ask for the board, a comment at least every 20 seconds.",
            "content": {PUSH_MEDIA: {}},
        },
        204: {"description": "The hub does not push now: the desk asks by itself."},
        **documented(*SEATED),
    },
    openapi_extra=with_body(Ask),
)
async def push(caller: Desk) -> Response:
    """Names no page, person or place. While it lasts, other desks are told who sits at this one."""
    person = await run_in_threadpool(_sitting, caller)
    stream = caller.hub.push.desk_stream(caller.kiosk, person)
    return Response(status_code=204) if stream is None else stream


def _sitting(caller: Caller) -> str:
    ask = Ask.read(caller.body)
    with caller.hub.store.read() as session:
        return acting_at(session, caller, ask).by.person


@router.post(
    ROUTES["desk_check"],
    summary="What a person could read at each station, before anybody is moved",
    response_model=CheckReply,
    responses=documented("not_found", *SEATED),
    openapi_extra=with_body(CheckAsk),
)
def check(caller: Desk) -> Response:
    """Asked when a card is picked up: what is refused shows on the lane before the card is dropped."""
    ask = CheckAsk.read(caller.body)
    with caller.hub.store.read() as session:
        acting = acting_at(session, caller, ask)
        person = need(session, PersonRow, ask.person, "person")
        outlooks = foresee(session, acting.by, person, caller.now)
        stands = version(running(session, caller.now, person.code))
    return answer(CheckReply(person=ask.person, version=stands, outlooks=tuple(outlooks)))


@router.post(
    ROUTES["desk_move"],
    summary="Move a person from one station to another, now",
    response_model=MoveReply,
    responses=documented(
        *("not_found", "changed_meanwhile", "cannot_read", "needs_reason", "bad_span"), *SEATED
    ),
    openapi_extra=with_body(MoveAsk),
)
def move(caller: Desk) -> Response:
    """Refused if the person's assignments are no longer those that the desk showed."""
    ask = MoveAsk.read(caller.body)
    refused = Refusal(moves.REFUSED, ask.person, {"station": ask.source}, {"station": ask.target})
    with on_record(caller, ask, refused), caller.hub.store.write() as session:
        return answer(moves.move(acting_at(session, caller, ask, ask.reason.strip()), ask))


@router.post(
    ROUTES["desk_declined"],
    summary="Put on record that the desk refused a drop",
    response_model=Noted,
    responses=documented("not_found", *SEATED),
    openapi_extra=with_body(DeclinedAsk),
)
def decline(caller: Desk) -> Response:
    """A desk refuses by what `/v1/desk/check` said, before anything is asked of the hub."""
    ask = DeclinedAsk.read(caller.body)
    with caller.hub.store.write() as session:
        return answer(moves.declined(acting_at(session, caller, ask), ask))


@router.post(
    ROUTES["desk_undo"],
    summary="Take a move back, within ten seconds",
    response_model=UndoReply,
    responses=documented("not_found", "undo_over", *SEATED),
    openapi_extra=with_body(UndoAsk),
)
def undo(caller: Desk) -> Response:
    """Both the move and its undoing stay on record."""
    ask = UndoAsk.read(caller.body)
    refused = Refusal("move.undo.refused", str(ask.move), None, {"move": ask.move})
    with on_record(caller, ask, refused), caller.hub.store.write() as session:
        return answer(moves.undo(acting_at(session, caller, ask, "undone"), ask.move))


@router.post(
    ROUTES["desk_plan"],
    summary="The shift plan of a line on a day",
    response_model=PlanReply,
    responses=documented("not_found", "bad_time", *SEATED),
    openapi_extra=with_body(PlanAsk),
)
def plan(caller: Desk) -> Response:
    """Assignments and relief that last on that day, or a part of it."""
    ask = PlanAsk.read(caller.body)
    with caller.hub.store.read() as session:
        acting_at(session, caller, ask)
        return answer(shifts.told_plan(session, ask.line, shifts.Day.read(ask.day, ask.zone)))


@router.post(
    ROUTES["desk_plan_put"],
    summary="Put a shift plan down, or say what would come of it",
    response_model=PlanReply,
    responses=documented("not_found", "bad_time", "needs_reason", "changed_meanwhile", "too_large", *SEATED),
    openapi_extra=with_body(PlanPut),
)
def put_plan(caller: LargeDesk) -> Response:
    """All rows or none: while one is bad, nothing is written and each is told with its reason."""
    ask = PlanPut.read(caller.body)

    @contextmanager
    def acting(session: AbstractContextManager[Session]) -> Iterator[Acting]:
        with session as opened:
            yield acting_at(opened, caller, ask, ask.reason.strip())

    store, day = caller.hub.store, shifts.Day.read(ask.day, ask.zone)
    wanted = shifts.Plan(ask.line, day, ask.spans, ask.csv, ask.copy_days, ask.drop, ask.dry_run)
    refused = Refusal("plan.refused", ask.line, None, {"day": ask.day})
    with on_record(caller, ask, refused):
        return answer(shifts.put(wanted, lambda: acting(store.rehearse()), lambda: acting(store.write())))


@router.post(
    ROUTES["desk_lock"],
    summary="Lock something down, or give it back",
    response_model=LockReply,
    responses=documented("not_found", "needs_reason", "bad_code", *SEATED),
    openapi_extra=with_body(LockAsk),
)
def lock(caller: Desk) -> Response:
    """Pages go from every holder at its next contact, at the latest when its lease ends."""
    ask = LockAsk.read(caller.body)
    wish = {"kind": ask.kind.value, "code": ask.code, "release": ask.release}
    with (
        on_record(caller, ask, Refusal("lock.refused", ask.code, None, wish)),
        caller.hub.store.write() as session,
    ):
        acting = acting_at(session, caller, ask, ask.reason.strip())
        change = lockdown.restore if ask.release else lockdown.revoke
        return answer(LockReply(outcome=change(acting, Kind(ask.kind.value), ask.code).value))


@router.post(
    ROUTES["desk_recovery"],
    summary="What is locked down, and how far it has been recovered",
    response_model=RecoveryReply,
    responses=documented(*SEATED),
    openapi_extra=with_body(RecoveryAsk),
)
def recovered(caller: Desk) -> Response:
    """Per device: purged with a signed receipt, or until when it can be read there at the latest."""
    ask = RecoveryAsk.read(caller.body)
    with caller.hub.store.read() as session:
        return answer(recovery(session, acting_at(session, caller, ask).by, caller.now))
