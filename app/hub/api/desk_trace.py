"""The desk's routes on leaked pictures: the layout of the marks, and whose view was read out of pictures."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.hub import traces
from app.hub.acting import Task
from app.hub.api.desk import SEATED, acting_at, answer, with_body
from app.hub.api.desk import Desk as SmallDesk
from app.hub.api.gate import Caller, admit
from app.hub.api.problems import documented
from app.hub.schema import KioskRow
from app.mark.keys import layout_key
from app.model.errors import Unavailable
from app.seal.boxes import hpke_seal
from app.wire.desk_trace import TraceAsk, TraceKeyAsk, TraceKeyReply, TraceReply, layout_info
from app.wire.messages import ROUTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.mark.read import Word
    from app.wire.desk_trace import TracePicture

BODY = 512 * 1024
"""Bytes of a question: eight pictures, each read in thirty ways."""

router = APIRouter(tags=["desk"])
_ONE = Lock()


async def _caller(request: Request) -> Caller:
    return await admit(request, BODY)


LargeDesk = Annotated[Caller, Depends(_caller)]


@router.post(
    ROUTES["desk_trace_key"],
    summary="The layout of this site's marks, sealed to this desk",
    response_model=TraceKeyReply,
    responses=documented(*SEATED),
    openapi_extra=with_body(TraceKeyAsk),
)
def key(caller: SmallDesk) -> Response:
    """With it a desk takes a picture apart; whose view it is, `/v1/desk/trace` tells."""
    ask = TraceKeyAsk.read(caller.body)
    home = caller.hub.home
    with caller.hub.store.read() as session:
        acting_at(session, caller, ask, auditors=True).require(Task.TRACE)
        device = session.get_one(KioskRow, caller.kiosk).seal_key or b""
    sealed = hpke_seal(layout_key(home.mark_key), device, layout_info(caller.kiosk))
    return answer(TraceKeyReply(key=sealed))


@router.post(
    ROUTES["desk_trace"],
    summary="Whose view leaked pictures show",
    response_model=TraceReply,
    responses=documented("busy", "log_damaged", *SEATED),
    openapi_extra=with_body(TraceAsk),
)
def trace(caller: LargeDesk) -> Response:
    """On record as `mark.trace` before it is answered, found or not. The hub looks one up at a time."""
    from app.mark.read import judged  # with numpy: a hub that is asked for nothing needs neither

    ask = TraceAsk.read(caller.body)
    home, store = caller.hub.home, caller.hub.store
    with store.read() as session:
        acting_at(session, caller, ask, auditors=True).require(Task.TRACE)
    if not _ONE.acquire(blocking=False):
        raise Unavailable("The hub is tracing another picture.", advice="Try again in a minute.", code="busy")
    try:
        looked = judged(map(_words, ask.pictures), home.mark_key)
        with store.read() as session:
            found = traces.find(acting_at(session, caller, ask, auditors=True), home, looked)
        about = {
            "pictures": {one.name: one.digest for one in ask.pictures},
            "confidence": found.reply.confidence / 1000,
            "desk": caller.kiosk,
        }
        with store.write() as session:
            return answer(traces.note(acting_at(session, caller, ask, auditors=True), found, about))
    finally:
        _ONE.release()


def _words(picture: TracePicture) -> Iterator[Word]:
    import numpy as np

    from app.mark.read import Word

    for word in picture.words:
        yield Word(np.frombuffer(word.soft, np.int8).astype(np.float64), word.fits / 1000, word.pilot / 1000)
