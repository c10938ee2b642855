"""Push: telling kiosks and desks that something changed, over a stream that each of them keeps open.

A line says that there is something to ask for, never what: what a kiosk may have is decided when it asks.
Nothing here is a safeguard. A line that is lost, or a hub that cannot push, costs time and no safety: a kiosk
without a stream asks every few seconds, and one with a stream now and then.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from starlette.responses import Response

from app.hub.concerned import due, kiosks_concerned
from app.model.errors import Expected
from app.wire.messages import PUSH_BEAT_SECONDS, PUSH_MEDIA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from starlette.types import Receive, Scope, Send

    from app.hub.store import Acts, Store

_THERE = b": there\n\n"
_LOG = logging.getLogger("stationleaf.hub")


class Push:
    """The streams of one hub process. ``changed`` may be called on any thread, the rest on the event loop's.

    Failure policy: who is concerned by a change is read from the database after it was committed; where that
    fails, everybody is told. A kiosk that opens a second stream loses its first. A kiosk that reads no more
    is dropped when its connection breaks; until then lines wait as one line.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._loop: asyncio.AbstractEventLoop | None = None
        self._streams: dict[str, Stream] = {}
        self._desks: dict[str, Stream] = {}
        self._seats: dict[str, str] = {}
        self._number = 0

    def begin(self) -> None:
        """Take streams from now on; called on the event loop that serves them."""
        self._loop = asyncio.get_running_loop()

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
        kiosks: Iterable[str] | None = None
        try:
            with self._store.read() as session:
                kiosks = kiosks_concerned(session, acts)
        except Expected as error:
            _LOG.warning("every kiosk is told of a change: %s", error.sentence)
        with suppress(RuntimeError):  # the loop is closed: the hub stops
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

    def _tell(self, kiosks: Iterable[str] | None) -> None:
        """Tell these kiosks (None: all of them), and every desk: a board shows all there is."""
        self._number += 1
        count = f"id: {self._number}\ndata: {self._number}\n\n"
        line = f"event: lease\n{count}".encode()
        for kiosk in tuple(self._streams) if kiosks is None else kiosks:
            if (stream := self._streams.get(kiosk)) is not None:
                stream.say(line)
        line = f"event: board\n{count}".encode()
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


class Stream(Response):
    """An ASGI answer: server-sent events (WHATWG HTML, section 9.2) until either side ends it.

    Written without the framework's streaming answer, whose tasks and scopes cost each silent kiosk twice the
    memory.
    """

    def __init__(self, streams: dict[str, Stream], name: str, on_gone: Callable[[], None]) -> None:
        self.background = None  # what the framework looks at; of ``Response`` nothing else is used
        self._streams, self._name, self._on_gone = streams, name, on_gone
        self._loop = asyncio.get_running_loop()
        self._line = _THERE
        self._over = False
        self._wake: asyncio.Future[None] = self._loop.create_future()

    def say(self, line: bytes) -> None:
        """Send a line as soon as the connection takes it; the newest stands for those before it."""
        self._line = line
        if not self._wake.done():
            self._wake.set_result(None)

    def end(self) -> None:
        """End the answer."""
        self._over = True
        if not self._wake.done():
            self._wake.set_result(None)

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; returns when the stream is over."""
        gone = asyncio.ensure_future(receive())  # says something only when the kiosk is gone
        gone.add_done_callback(lambda _: self.end())
        try:
            headers = [(b"content-type", PUSH_MEDIA.encode())]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            while not self._over:
                line, self._line = self._line or _THERE, b""
                await send({"type": "http.response.body", "body": line, "more_body": True})
                await self._something()
            if not gone.done():
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()
            if self._streams.get(self._name) is self:
                del self._streams[self._name]
                self._on_gone()

    async def _something(self) -> None:
        """Until there is a line, the stream is over, or it is time to show that the hub is there."""
        beat = self._loop.call_later(PUSH_BEAT_SECONDS, self.say, b"")
        try:
            if not self._line and not self._over:
                await self._wake
        finally:
            beat.cancel()
            if self._wake.done():
                self._wake = self._loop.create_future()
