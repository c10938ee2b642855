"""The routes of ``app.wire.messages.ROUTES``: each reads its message, asks one service, and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi import Path as PathParameter
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from app import __version__
from app.hub import enrolment
from app.hub.api import grants, log, pages, slots
from app.hub.api.docs import SECURITY
from app.hub.api.gate import Asked, Hub, ask, check_database, read_body, require_not_pending
from app.hub.api.problems import ALWAYS, SIGNED, documented
from app.hub.concerned import JOURNAL
from app.hub.ingest import ingest
from app.hub.schema import KioskRow
from app.hub.store import note_act
from app.hub.told_faults import note_fault
from app.model.terms import KioskStatus
from app.wire.base import Message, Time
from app.wire.grants import GrantReply, SignedGrant
from app.wire.lease import LeaseReply
from app.wire.log_witness import CosignedReply, LogsAsk, LogsCosigned, LogsReply
from app.wire.messages import (
    ENVELOPE_MEDIA,
    FRAMES_MEDIA,
    PROOF_MEDIA,
    PUSH_MEDIA,
    ROUTES,
    BlobRequest,
    EnrolReply,
    EnrolRequest,
    EventBatch,
    EventReply,
    JournalFault,
    KioskState,
    LogReply,
    SlotReply,
    SlotRequest,
    Standing,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from sqlalchemy.orm import Session

SMALL_BODY = 64 * 1024
"""Bytes of a request that is not a batch of events."""

EVENTS_BODY = 16 * 1024 * 1024
"""Bytes of a batch of events: 200 events of 60 kB, sealed and in base64."""

JSON = "application/json"

_BY_KIOSK: dict[str, Any] = {"security": [{SECURITY: []}]}

router = APIRouter()


class Health(Message):
    """The hub answers, and so does its database."""

    status: Literal["ok"] = "ok"
    version: str
    time: Time


def _signed(limit: int, *, first: bool = False) -> Callable[[Request], Coroutine[Any, Any, Asked]]:
    async def asked(request: Request) -> Asked:
        return await ask(request, limit, first=first)

    return asked


Small = Annotated[Asked, Depends(_signed(SMALL_BODY))]
First = Annotated[Asked, Depends(_signed(SMALL_BODY, first=True))]
Large = Annotated[Asked, Depends(_signed(EVENTS_BODY))]


def _body(kind: type[Message], **more: Any) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{kind.__name__}"}
    return {"requestBody": {"required": True, "content": {JSON: {"schema": schema}}}, **more}


def answer(message: Message) -> Response:
    """A message as a response."""
    return Response(message.exact(), media_type=JSON)


@router.get(
    ROUTES["health"],
    tags=["hub"],
    summary="Whether the hub and its database answer",
    response_model=Health,
    responses=documented(*ALWAYS),
)
def health(request: Request) -> Response:
    """Not signed, and tells nothing about the plant."""
    hub: Hub = request.app.state.hub
    check_database(hub)
    return answer(Health(version=__version__, time=hub.clock.now()))


@router.get(
    ROUTES["trust"],
    tags=["enrolment"],
    summary="What a kiosk may believe about this hub",
    response_class=Response,
    responses={
        200: {
            "description": "A DSSE envelope of `Trust`, signed by the root key.",
            "content": {ENVELOPE_MEDIA: {}},
        },
        **documented("bad_message", *ALWAYS),
    },
)
def trust(
    request: Request,
    root: Annotated[
        str, Query(pattern=r"^([0-9a-f]{64})?$", description="the fingerprint of the root key believed")
    ] = "",
) -> Response:
    """Not signed by the asker: it is verified with the fingerprint on the enrolment sheet.

    Whoever believes a former root key gets the statement that this key and its successor signed, and asks
    again with the successor's fingerprint.
    """
    hub: Hub = request.app.state.hub
    return Response(hub.home.trust_for(root), media_type=ENVELOPE_MEDIA)


@router.post(
    ROUTES["enrol"],
    tags=["enrolment"],
    summary="Hand in a one-time code with the device's public keys",
    response_model=EnrolReply,
    responses=documented(
        *("code_wrong", "code_used", "code_expired", "too_many_tries", "bad_keys", "bad_message"),
        *("too_large", "too_slow", *ALWAYS),
    ),
    openapi_extra=_body(EnrolRequest),
)
async def enrol(request: Request) -> Response:
    """The kiosk is pending afterwards, until a second administrator has compared the check number."""
    hub: Hub = request.app.state.hub
    asked = EnrolRequest.read(await read_body(request, SMALL_BODY))
    address = request.client.host if request.client is not None else ""
    applicant = enrolment.Applicant(asked, address)
    return answer(await run_in_threadpool(enrolment.enrol, hub.store, hub.home, applicant, hub.clock.now()))


@router.get(
    ROUTES["state"],
    tags=["kiosk"],
    summary="How the hub sees this kiosk",
    response_model=KioskState,
    responses=documented("bad_message", *SIGNED),
    openapi_extra=_BY_KIOSK,
)
def state(
    asked: First,
    waiting: Annotated[
        int | None, Query(ge=0, le=2**53, description="events at the kiosk that still wait for the hub")
    ] = None,
    pulled: Annotated[
        int | None, Query(ge=0, le=2**31 - 1, description="pages of its lease that the kiosk holds")
    ] = None,
    journal: Annotated[
        JournalFault, Query(description="what keeps the kiosk's journal from the hub: raises an alarm")
    ] = "",
) -> Response:
    """Answered for pending, lost and blocked kiosks too. What the kiosk tells is shown on boards."""
    caller = asked()
    with caller.hub.store.read() as session:
        row = session.get_one(KioskRow, caller.kiosk)
        status, known = KioskStatus(row.status), (row.waiting, row.pulled)
    if waiting is not None and pulled is not None and known != (waiting, pulled):
        standing = Standing(waiting=waiting, pulled=pulled)
        caller.hub.store.together(lambda session: _stands(session, caller.kiosk, standing), looks_first=True)
    if journal:
        caller.hub.store.together(
            lambda session: note_fault(session, caller.kiosk, journal, caller.now), looks_first=True
        )
    trust = caller.hub.home.said.version
    return answer(KioskState(kiosk=caller.kiosk, status=status, time=caller.now, trust=trust))


def _stands(session: Session, kiosk: str, standing: Standing) -> None:
    row = session.get_one(KioskRow, kiosk)
    row.waiting, row.pulled = standing.waiting, standing.pulled
    note_act(session, JOURNAL, kiosk)


@router.get(
    ROUTES["lease"],
    tags=["kiosk"],
    summary="The lease in force, if it is another than the kiosk has",
    response_model=LeaseReply,
    responses={
        204: {"description": "Lease and manifest are the ones that the kiosk has."},
        **documented("kiosk_pending", "kiosk_blocked", "bad_message", *SIGNED),
    },
    openapi_extra=_BY_KIOSK,
)
def lease(
    asked: Small,
    have: Annotated[int, Query(ge=0, le=2**53, description="the number of the lease held, 0 for none")] = 0,
    manifest: Annotated[
        str, Query(pattern=r"^([0-9a-f]{64})?$", description="the hash of the manifest held")
    ] = "",
    seen: Annotated[
        int, Query(ge=0, le=2**53, description="the highest number that the kiosk ever accepted")
    ] = 0,
) -> Response:
    """A kiosk that has just started asks with `have=0`: it has the lease, but not the boot share.

    `seen` lets a hub that was restored from an older backup go on above the kiosk's newest lease. The
    manifest's text is left empty when its hash is the one asked with.
    """
    caller = asked()
    reply = pages.lease(caller, have, manifest, seen)
    return Response(status_code=204) if reply is None else answer(reply)


@router.post(
    ROUTES["blobs"],
    tags=["kiosk"],
    summary="Sealed pages, as a stream of frames",
    response_class=Response,
    responses={
        200: {
            "description": "Frames of 32 bytes hash, 4 bytes length (big-endian), ciphertext. A page that is "
            "not in this kiosk's current manifest is left out.",
            "content": {FRAMES_MEDIA: {}},
        },
        **documented("kiosk_pending", "kiosk_blocked", "bad_message", *SIGNED),
    },
    openapi_extra=_body(BlobRequest, **_BY_KIOSK),
)
def blobs(asked: Small) -> Response:
    """At most 500 hashes a request."""
    caller = asked()
    lots = pages.lots(caller, BlobRequest.read(caller.body).hashes)
    first = pages.sealed(caller.hub.store, lots[0]) if lots else {}
    return StreamingResponse(pages.frames(caller.hub.store, lots, first), media_type=FRAMES_MEDIA)


@router.get(
    ROUTES["blob"],
    tags=["kiosk"],
    summary="One sealed page",
    response_class=Response,
    responses={
        200: {"description": "The ciphertext.", "content": {"application/octet-stream": {}}},
        **documented("kiosk_pending", "kiosk_blocked", "not_found", "bad_message", *SIGNED),
    },
    openapi_extra=_BY_KIOSK,
)
def blob(
    asked: Small,
    digest: Annotated[str, PathParameter(alias="hash", pattern=r"^[0-9a-f]{64}$")],
) -> Response:
    """Not found unless it is in this kiosk's current manifest, whether or not it exists."""
    return Response(pages.blob(asked(), digest), media_type="application/octet-stream")


@router.post(
    ROUTES["events"],
    tags=["kiosk"],
    summary="Deliver a batch of events",
    response_model=EventReply,
    responses=documented("fork", "hole", "bad_event", "kiosk_pending", "bad_message", "log_damaged", *SIGNED),
    openapi_extra=_body(EventBatch, **_BY_KIOSK),
)
def events(asked: Large) -> Response:
    """Kept whole or not at all; sending it again is harmless. A blocked kiosk may still deliver."""
    caller = asked()
    hub = caller.hub
    batch = EventBatch.read(caller.body)
    keys = hub.home.keys
    reply = ingest(
        *(hub.store, keys.seal, caller.kiosk, batch, caller.now, keys.seal_too),
        stood=caller.stood,
        may=require_not_pending,
        on_taken=hub.docket.note,
    )
    hub.docket.settle(hub.store, hub.home, caller.now)
    return answer(reply)


@router.post(
    ROUTES["slot"],
    tags=["kiosk"],
    summary="Hand in the slot of a badge whose PIN was set",
    response_model=SlotReply,
    responses=documented(
        *("pin_code_wrong", "pin_code_over", "bad_keys", "kiosk_pending", "kiosk_blocked", "bad_message"),
        *SIGNED,
    ),
    openapi_extra=_body(SlotRequest, **_BY_KIOSK),
)
def slot(asked: Small) -> Response:
    """The PIN stays at the kiosk. Sending the same slot again is harmless; a wrong code counts."""
    caller = asked()
    return answer(slots.take(caller, SlotRequest.read(caller.body)))


@router.post(
    ROUTES["grant"],
    tags=["kiosk"],
    summary="Ask for break-glass: another station's pages at this kiosk, for minutes",
    response_model=GrantReply,
    responses=documented(
        *("glass_refused", "bad_glass", "kiosk_pending", "kiosk_blocked", "bad_message"), *SIGNED
    ),
    openapi_extra=_body(SignedGrant, **_BY_KIOSK),
)
def grant(asked: Small) -> Response:
    """Signed by a supervisor of the line and by whom it is for. The kiosk's next lease carries it.

    Sending the same again is harmless. What is refused is on record, too.
    """
    caller = asked()
    return answer(grants.grant(caller, SignedGrant.read(caller.body)))


@router.get(
    ROUTES["push"],
    tags=["kiosk"],
    summary="Be told when there is something to ask for",
    response_class=Response,
    responses={
        200: {
            "description": "Server-sent events, until either side ends it: `lease` with a number when this "
            "kiosk should ask for its lease; `purge` with a DSSE envelope of a `PurgeOrder`, signed by the "
            "hub's lease key, when something that it could hold was revoked; a comment at least every 20 "
            "seconds.",
            "content": {PUSH_MEDIA: {}},
        },
        204: {"description": "The hub does not push now: the kiosk asks by itself."},
        **documented(*SIGNED),
    },
    openapi_extra=_BY_KIOSK,
)
async def push(asked: Small) -> Response:
    """Names nothing but what is revoked. For blocked kiosks too; a kiosk's second stream ends its first."""
    caller = await run_in_threadpool(asked)
    stream = caller.hub.push.stream(caller.kiosk)
    return Response(status_code=204) if stream is None else stream


@router.get(
    ROUTES["log"],
    tags=["log"],
    summary="The checkpoint of the site's log, and that it continues what the kiosk has seen",
    response_model=LogReply,
    responses=documented("kiosk_pending", "bad_message", "log_damaged", *SIGNED),
    openapi_extra=_BY_KIOSK,
)
def log_head(
    asked: Small,
    have: Annotated[int, Query(ge=0, le=2**53, description="the size of the log last seen, 0 for none")] = 0,
) -> Response:
    """C2SP tlog-checkpoint; the proof is that of RFC 6962, section 2.1.2. A blocked kiosk may ask too."""
    return answer(log.head(asked(), have))


@router.post(
    ROUTES["log_clients"],
    tags=["log"],
    summary="The checkpoints of clients' logs, and that they continue what the kiosk has seen",
    response_model=LogsReply,
    responses=documented("kiosk_pending", "kiosk_blocked", "bad_message", "log_damaged", *SIGNED),
    openapi_extra=_body(LogsAsk, **_BY_KIOSK),
)
def log_clients(asked: Small) -> Response:
    """Of clients whose pages are in the kiosk's newest lease; others are left out, if there are any."""
    caller = asked()
    return answer(log.clients(caller, LogsAsk.read(caller.body)))


@router.post(
    ROUTES["log_cosigned"],
    tags=["log"],
    summary="Hand in cosignatures under clients' checkpoints",
    response_model=CosignedReply,
    responses=documented("kiosk_pending", "kiosk_blocked", "bad_message", *SIGNED),
    openapi_extra=_body(LogsCosigned, **_BY_KIOSK),
)
def log_cosigned(asked: Small) -> Response:
    """C2SP tlog-cosignature by the device's key. What does not hold is left out."""
    caller = asked()
    return answer(log.cosigned(caller, LogsCosigned.read(caller.body)))


@router.get(
    ROUTES["log_entry"],
    tags=["log"],
    summary="The proof that the site's log holds an event of this kiosk",
    response_class=Response,
    responses={
        200: {
            "description": "C2SP tlog-proof; the entry is the event's exact bytes.",
            "content": {PROOF_MEDIA: {}},
        },
        **documented("kiosk_pending", "not_found", "bad_message", "log_damaged", *SIGNED),
    },
    openapi_extra=_BY_KIOSK,
)
def log_entry(
    asked: Small,
    epoch: Annotated[int, Query(ge=1, le=2**31 - 1)],
    seq: Annotated[int, Query(ge=1, le=2**53)],
) -> Response:
    """Another kiosk's events are not found, whether or not they exist."""
    return Response(log.entry(asked(), epoch, seq), media_type=PROOF_MEDIA)
