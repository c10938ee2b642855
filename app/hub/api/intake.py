"""Journals that come in at the same moment, taken together: after a lockdown a thousand hand in theirs.

Each request is verified, and its events are opened, as ever; but the database is asked and written once for
all that wait, and one commit makes them durable before any of them is answered.

Failure policy: what is not as always (a journal of another device, sent again, that does not follow, a
counter that was used) is left as it was and goes the way of a request that came alone, which says what is
wrong with it; so does all of a lot that fails. Nobody is refused by somebody else's journal.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.concurrency import run_in_threadpool

from app.hub import ingest
from app.hub.api import gate, routes
from app.hub.api.gate import Asked, require_not_pending
from app.model.errors import Expected
from app.wire.messages import EventBatch

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session
    from starlette.responses import Response

    from app.wire.messages import EventReply
    from app.wire.signatures import Signer

MOST = 64
"""Requests in a lot: the first of them waits for the last."""

LONGEST = 32 * 1024
"""Bytes of a journal that is taken with others; a longer one has enough to itself."""

HANDS = 2
"""Lots at a time: one is read while another is written. They have threads of their own, so that what is to be
kept does not queue behind everybody who asks for a lease.
"""

_log = logging.getLogger("stationleaf.hub")

_Waiting = tuple[Asked, "asyncio.Future[Response]"]


@dataclass(eq=False)
class _Desk:
    """What waits on one event loop."""

    waiting: list[_Waiting] = field(default_factory=list)
    hands: int = 0
    threads: CapacityLimiter = field(default_factory=partial(CapacityLimiter, HANDS))
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def put(self, asked: Asked, answer: asyncio.Future[Response]) -> None:
        """Have it answered; a hand that finds nothing more to do lets go before anything else can come."""
        self.waiting.append((asked, answer))
        if self.hands < HANDS:
            self.hands += 1
            task = answer.get_loop().create_task(self._work())
            self.tasks.add(task)  # or nobody would hold it
            task.add_done_callback(self.tasks.discard)

    async def _work(self) -> None:
        try:
            while self.waiting:
                lot, self.waiting = self.waiting[:MOST], self.waiting[MOST:]
                await self._answer(lot)
        finally:
            self.hands -= 1

    async def _answer(self, lot: list[_Waiting]) -> None:
        try:
            answers = await run_sync(take, [asked for asked, _ in lot], limiter=self.threads)
        except BaseException as error:
            for _, answer in lot:
                if not answer.done():
                    answer.set_exception(error)
            raise
        for (_, answer), said in zip(lot, answers, strict=True):
            if answer.done():
                continue
            if isinstance(said, Exception):
                answer.set_exception(said)
            else:
                answer.set_result(said)


class Intake:
    """See the module."""

    def __init__(self) -> None:
        self._desks: WeakKeyDictionary[asyncio.AbstractEventLoop, _Desk] = WeakKeyDictionary()

    async def take(self, asked: Asked) -> Response:
        """Answer a batch of events. Raises Expected."""
        if len(asked.signed.body) > LONGEST:
            return await run_in_threadpool(routes.events, asked)
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Response] = loop.create_future()
        desk = self._desks.get(loop)
        if desk is None:
            desk = self._desks[loop] = _Desk()
        desk.put(asked, answer)
        return await answer


def take(lot: list[Asked]) -> list[Response | Exception]:
    """Answer the requests of a lot, of one hub, in their order; of a fault of ours it is what it raised."""
    try:
        answers = _together(lot)
    except Exception:  # whatever it is, it comes again where it belongs
        _log.info("%d journals are taken one by one", len(lot), exc_info=True)
        answers = [None] * len(lot)
    return [answer or _alone(asked) for asked, answer in zip(lot, answers, strict=True)]


def _alone(asked: Asked) -> Response | Exception:
    try:
        return routes.events(asked)
    except Exception as error:  # the others have nothing to do with it
        return error


@dataclass(frozen=True, repr=False)
class _Read:
    """A request that was verified, and the batch that it carries."""

    signer: Signer
    key: bytes
    batch: EventBatch


def _together(lot: list[Asked]) -> list[Response | None]:
    """The answers; None for each request that is to be looked at alone, and for which nothing was done."""
    hub = lot[0].hub
    now = hub.clock.now()
    read: dict[str, _Read] = {}
    kiosks = [_read(asked, read, now) for asked in lot]
    deliveries = _opened(hub, read)
    if not deliveries:
        return [None] * len(lot)

    def keep(session: Session) -> dict[str, EventReply]:
        rows = gate.counted(session, deliveries)
        marks = {
            kiosk: mark
            for kiosk, row in rows.items()
            if (mark := gate.moved(row, read[kiosk].signer, read[kiosk].key)) is not None
        }
        taken = ingest.take_all(session, [deliveries[kiosk] for kiosk in marks], rows, now)
        gate.use_counters(session, {kiosk: marks[kiosk] for kiosk in taken}, now)
        return taken

    replies = hub.store.together(keep, looks_first=True)
    kinds = {each.event.kind for kiosk in replies for each in deliveries[kiosk].opened.values()}
    hub.docket.note(frozenset(kinds))
    hub.docket.settle(hub.store, hub.home, now)
    return [routes.answer(replies[kiosk]) if kiosk in replies else None for kiosk in kiosks]


def _read(asked: Asked, read: dict[str, _Read], now: datetime) -> str:
    """Verify a request; returns whose it is, "" where it cannot be taken with the others."""
    try:
        signer, key = asked.who(now)
        if signer.kiosk in read:  # of one kiosk's requests the second must find the first one's counter used
            return ""
        read[signer.kiosk] = _Read(signer, key, EventBatch.read(asked.signed.body))
    except Expected:
        return ""
    return signer.kiosk


def _opened(hub: gate.Hub, read: dict[str, _Read]) -> dict[str, ingest.Delivery]:
    """The deliveries of kiosks whose journals are of the devices that they have now."""
    seals = (hub.home.keys.seal, *hub.home.keys.seal_too)
    with hub.store.read() as session:
        rows = gate.counted(session, read)
    found = {}
    for kiosk, row in rows.items():
        if row.epoch != read[kiosk].batch.epoch:
            continue
        try:
            found[kiosk] = ingest.opened(
                *(hub.store, seals, kiosk, read[kiosk].batch, row, require_not_pending)
            )
        except Expected:
            continue
    return found
