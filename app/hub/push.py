"""Push: telling kiosks and desks that something changed, over a stream that each of them keeps open.

A line says that there is something to ask for, never what: what a kiosk may have is decided when it asks. The
one thing that is said are purge orders (``purge_orders``), which only take away. Nothing here is a safeguard.
A line that is lost, or a hub that cannot push, costs time and no safety: a kiosk without a stream asks every
few seconds, and one with a stream now and then.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING

from starlette.responses import Response

from app.hub.concerned import due, first_concerned, kiosks_concerned, nobody_concerned
from app.hub.connection import hand_over_of
from app.model.errors import Expected
from app.wire.messages import PUSH_BEAT_SECONDS, PUSH_MEDIA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session
    from starlette.types import Receive, Scope, Send

    from app.hub.purge_orders import Order
    from app.hub.store import Acts, Store

_THERE = b": there\n\n"
REST_LATER = 0.5
"""How much later than the kiosks between which somebody moves the others of the line are told, in seconds: so
that the two that somebody walks away from and to do not queue at the hub behind those."""

REST_PACE, REST_TURNS = 0.1, 20
"""How often some of those others are told, in seconds, and in how many turns all of them: where several are
moved one after another, the others of the line do not keep the hub from the next two."""

AT_ONCE, CROWD_SECONDS, CROWD_LOOKS = 16, 0.01, 25
"""How many kiosks are told at the same moment; how often it is looked whether the next can be; and after how
many looks they are told anyway: a hub that somebody keeps busy still tells of a lockdown."""

PURGED_LATER = 5.0
"""How much later than an order the kiosks are told to ask for their leases, where they are many: until then
their receipts come in.
"""

BOARD_SECONDS = 1.0
"""How often a desk is told, at most, that its board may have changed."""

_BEAT_EVERY = 2.0
_MOST_WAITING = 4096
_LOG = logging.getLogger("stationleaf.hub")


class Push:
    """The streams of one hub process. ``changed`` may be called on any thread, the rest on the event loop's.

    Failure policy: who is concerned by a change is read from the database after it was committed; where that
    fails, everybody is told. A kiosk that opens a second stream loses its first. A kiosk that reads no more
    is dropped when its connection breaks; until then lines wait as one line.
    """

    def __init__(
        self, store: Store, orders: Callable[[Session, Acts], tuple[Order, ...]] = lambda _session, _acts: ()
    ) -> None:
        self._store, self._orders = store, orders
        self._loop: asyncio.AbstractEventLoop | None = None
        self._streams: dict[str, Stream] = {}
        self._desks: dict[str, Stream] = {}
        self._seats: dict[str, str] = {}
        self._number = 0
        self._desks_told, self._desks_later = -BOARD_SECONDS, False
        self._queued: Callable[[], int] = lambda: 0
        self._crowd: dict[str, None] = {}
        self._rest: dict[str, None] = {}
        self._looks = 0

    def begin(self, queued: Callable[[], int] = lambda: 0) -> None:
        """Take streams from now on; called on the event loop that serves them.

        ``queued`` says how many requests wait for their turn.
        """
        self._loop, self._queued = asyncio.get_running_loop(), queued
        self._beat()

    def _beat(self) -> None:
        """One clock for all streams: a timer for each costs each of them memory."""
        if (loop := self._loop) is not None:
            now = loop.time()
            for stream in (*self._streams.values(), *self._desks.values()):
                stream.beat(now)
            loop.call_later(_BEAT_EVERY, self._beat)

    def end(self) -> None:
        """End every stream and take no more."""
        self._loop = None
        for stream in (*self._streams.values(), *self._desks.values()):
            stream.end()

    @property
    def listening(self) -> int:
        """How many kiosks listen."""
        return len(self._streams)

    @property
    def kiosks(self) -> frozenset[str]:
        """Which kiosks listen; may be asked on any thread."""
        return frozenset((*tuple(self._streams), *tuple(self._desks)))

    @property
    def seats(self) -> frozenset[tuple[str, str]]:
        """Which desks listen, and who sits there; may be asked on any thread."""
        return frozenset((desk, self._seats.get(desk, "")) for desk in tuple(self._desks))

    def changed(self, acts: Acts) -> None:
        """These acts were committed: tell the kiosks concerned. No acts: anything may have changed."""
        loop = self._loop
        if loop is None:
            return
        if nobody_concerned(acts):
            self.stirred()
            return
        kiosks: frozenset[str] | None = None
        first = frozenset[str]()
        orders: tuple[Order, ...] = ()
        try:
            with self._store.read() as session:
                orders = self._orders(session, acts)
                kiosks = kiosks_concerned(session, acts)
                first = first_concerned(session, acts)
        except Expected as error:
            _LOG.warning("every kiosk is told of a change: %s", error.sentence)
        with suppress(RuntimeError):  # the loop is closed: the hub stops
            if orders:
                loop.call_soon_threadsafe(self._order, orders)
            later = frozenset[str]().union(*(order.kiosks for order in orders))
            if len(later) > AT_ONCE:
                loop.call_soon_threadsafe(loop.call_later, PURGED_LATER, self._tell, kiosks)
            elif kiosks is not None and first and first < kiosks:
                loop.call_soon_threadsafe(self._tell, first)
                loop.call_soon_threadsafe(self._tell_later, kiosks - first)
            else:
                loop.call_soon_threadsafe(self._tell, kiosks)

    def stirred(self) -> None:
        """Something happened at a kiosk that a board shows; may be called on any thread."""
        if (loop := self._loop) is not None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._tell, ())

    def look_for_due(self, since: datetime, now: datetime) -> None:
        """Tell whom it concerns that revisions became effective, or ceased to be, between these times."""
        try:
            with self._store.read() as session:
                acts = due(session, since, now)
        except Expected as error:
            _LOG.warning("not looked for revisions that are due: %s", error.sentence)
            return
        if acts:
            self.changed(acts)

    def _order(self, orders: tuple[Order, ...]) -> None:
        for order in orders:
            for kiosk in order.kiosks & self._streams.keys():
                self._streams[kiosk].order(order.block)
        self._tell_desks()

    def _tell(self, kiosks: Iterable[str] | None) -> None:
        """Tell these kiosks (None: all of them), and every desk: a board shows all there is."""
        self._number += 1
        told = tuple(self._streams) if kiosks is None else tuple(kiosks)
        if len(told) <= AT_ONCE:
            self._say_lease(told)
        else:
            begun = bool(self._crowd)
            self._crowd.update(dict.fromkeys(told))
            if not begun:
                self._tell_crowd()
        self._tell_desks()

    def _tell_crowd(self) -> None:
        """Tell some of many, and the next when those have been answered, or soon.

        If all were told at once, all would ask at once, and wait for answers until some of them give up.
        """
        if (loop := self._loop) is None:
            self._crowd.clear()
            return
        self._looks += 1
        if self._queued() < AT_ONCE or self._looks >= CROWD_LOOKS:
            self._looks = 0
            some = list(islice(self._crowd, AT_ONCE))
            for kiosk in some:
                del self._crowd[kiosk]
            self._say_lease(some)
        if self._crowd:
            loop.call_later(CROWD_SECONDS, self._tell_crowd)

    def _tell_later(self, kiosks: Iterable[str]) -> None:
        """Tell these, too, a few at a time; each once, however often it is said meanwhile."""
        if (loop := self._loop) is not None:
            begun = bool(self._rest)
            self._rest.update(dict.fromkeys(kiosks))
            if not begun:
                loop.call_later(REST_LATER, self._tell_rest)

    def _tell_rest(self) -> None:
        if (loop := self._loop) is None:
            self._rest.clear()
            return
        self._number += 1
        self._say_lease(list(islice(self._rest, -(-len(self._rest) // REST_TURNS))))
        if self._rest:
            loop.call_later(REST_PACE, self._tell_rest)

    def _say_lease(self, kiosks: Iterable[str]) -> None:
        line = f"event: lease\nid: {self._number}\ndata: {self._number}\n\n".encode()
        for kiosk in kiosks:
            self._rest.pop(kiosk, None)  # what it asks for now is newer than what it was to be told of
            if (stream := self._streams.get(kiosk)) is not None:
                stream.say(line)

    def _tell_desks(self) -> None:
        """Every desk, but not again within ``BOARD_SECONDS``: each asks for all that its board shows, and
        what many kiosks do after one change is told in one line.
        """
        loop = self._loop
        if loop is None or self._desks_later:
            return
        left = self._desks_told + BOARD_SECONDS - loop.time()
        if left > 0:
            self._desks_later = True
            loop.call_later(left, self._tell_desks_now)
        else:
            self._tell_desks_now()

    def _tell_desks_now(self) -> None:
        if (loop := self._loop) is None:
            return
        self._desks_later, self._desks_told = False, loop.time()
        line = f"event: board\nid: {self._number}\ndata: {self._number}\n\n".encode()
        for desk in tuple(self._desks.values()):
            desk.say(line)

    def stream(self, kiosk: str) -> Stream | None:
        """An answer that lasts as long as the kiosk listens; None before ``begin`` and after ``end``."""
        return self._begin(self._streams, kiosk)

    def desk_stream(self, desk: str, person: str) -> Stream | None:
        """The same for a desk at which ``person`` sits."""
        stream = self._begin(self._desks, desk)
        if stream is not None:
            self._seats[desk] = person
        return stream

    def _begin(self, streams: dict[str, Stream], name: str) -> Stream | None:
        if self._loop is None:
            return None
        stream = Stream(streams, name, self.stirred)
        if (former := streams.get(name)) is not None:
            former.end()
        streams[name] = stream
        self.stirred()
        return stream


class Stream(Response, asyncio.Protocol):
    """Server-sent events (WHATWG HTML, section 9.2) until either side ends it.

    As an ASGI answer it only begins; then it is the connection's own protocol: a silent kiosk costs little
    more than its TLS.
    """

    def __init__(self, streams: dict[str, Stream], name: str, on_gone: Callable[[], None]) -> None:
        self.background = None  # what the framework looks at; of ``Response`` nothing else is used
        self._streams, self._name, self._on_gone = streams, name, on_gone
        self._transport: asyncio.Transport | None = None
        self._line = _THERE
        self._ordered = b""
        self._full = self._over = False
        self._said_at = 0.0

    def say(self, line: bytes) -> None:
        """Send a line as soon as the connection takes it; the newest stands for those before it."""
        self._line = line
        self._write()

    def order(self, block: bytes) -> None:
        """The same of what no later line stands for."""
        self._ordered += block
        self._write()

    def beat(self, now: float) -> None:
        """Show that the hub is there, if nothing was said for a while; ``now`` is the loop's time."""
        if now - self._said_at > PUSH_BEAT_SECONDS - _BEAT_EVERY and not self._line:
            self.say(_THERE)

    def end(self) -> None:
        """End the answer."""
        self._over = True
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(b"0\r\n\r\n")
            self._transport.close()

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Begin to answer, and take the connection over."""
        hand_over = hand_over_of(scope)
        headers = [(b"content-type", PUSH_MEDIA.encode())]
        try:
            if hand_over is None or self._over:
                await send({"type": "http.response.start", "status": 204, "headers": []})
                await send({"type": "http.response.body", "body": b""})
                return
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            transport = hand_over(self)
            if not transport.is_closing():
                self._transport = transport
                transport.set_write_buffer_limits(_MOST_WAITING)
            self._write()
        finally:
            if self._transport is None:
                self._gone()

    def _write(self) -> None:
        transport = self._transport
        line = self._ordered + self._line
        if transport is None or self._full or not line or transport.is_closing():
            return
        self._line = self._ordered = b""
        self._said_at = asyncio.get_running_loop().time()
        transport.write(b"%x\r\n%s\r\n" % (len(line), line))

    def _gone(self) -> None:
        if self._streams.get(self._name) is self:
            del self._streams[self._name]
            self._on_gone()

    # -- the connection's protocol ------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:  # noqa: ARG002 (asyncio's port)
        """Whoever listens has nothing to say: no second request fits behind an answer without end."""
        self.end()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (asyncio's port)
        """It is gone, whoever ended it."""
        self._transport = None
        self._gone()

    def pause_writing(self) -> None:
        """The connection takes no more now."""
        self._full = True

    def resume_writing(self) -> None:
        """It does again."""
        self._full = False
        self._write()
