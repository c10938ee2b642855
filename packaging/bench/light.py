"""Light kiosks, a thousand of them in two processes: ``python -m bench.light FOLDER HUB ROOT``.

A kiosk's own code keeps three encrypted files and three threads, and a thousand of them on one machine
measure that machine. These keep everything in memory and share one event loop, and on the wire they are
kiosks: each has keys of its own, is enrolled, speaks TLS 1.3 pinned to the hub's CA, signs every request,
verifies every lease by the kiosk's own rules, checks every page against its hash, journals, purges, signs its
receipts, reports, and keeps a stream open. Orders and what is said are ``bench.fleet``'s.
"""

from __future__ import annotations

import asyncio
import asyncio.sslproto
import json
import os
import random
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from app.kiosk.enrol import device
from app.kiosk.lease_check import Checked, Identity, Mark, check_lease
from app.kiosk.outbox import Draft
from app.kiosk.purge import When, owed_for, receipts
from app.kiosk.purge_order import check_order, cut
from app.kiosk.sync import Timing
from app.model.errors import Expected
from app.seal.chain import GENESIS, event_hash, seal_event, sign_event
from app.seal.encoding import sha256
from app.seal.enrolling import check_number
from app.seal.keys import SealKey, SigningKey
from app.wire.client import check_trust, fetch_trust
from app.wire.lease import LeaseReply
from app.wire.messages import (
    PUSH_BEAT_SECONDS,
    ROUTES,
    BlobRequest,
    EnrolReply,
    EnrolRequest,
    Event,
    EventBatch,
    EventKind,
    EventReply,
    KioskState,
    LogReply,
    SealedEvent,
    Standing,
)
from app.wire.orders import ORDER_EVENT
from app.wire.signatures import sign_request
from app.wire.transport import JSON_MEDIA, pinned
from bench.fleet import CLOCK, say, told_of

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Coroutine

    from app.wire.messages import Trust

TIMEOUT = 10.0
TIMING = Timing()
ENROLLING = 8
BUFFER = 16 * 1024


class Refused(Exception):
    """The hub answered with this status."""


@dataclass
class Hub:
    """Where the hub is, and whom to believe."""

    address: str
    root: str
    trust: Trust
    tls: ssl.SSLContext

    @classmethod
    def at(cls, address: str, root: str) -> Hub:
        """Fetch and verify the trust statement."""
        trust, envelope = fetch_trust(address, root, CLOCK.now())
        check_trust(envelope, root)
        return cls(address, root, trust, pinned(trust.ca))


class Line:
    """A connection that carries one request at a time (HTTP/1.1, RFC 9112)."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
        """Ask, and return the whole answer's body; of a 204 nothing. Raises Refused or OSError."""
        async with asyncio.timeout(TIMEOUT):
            status, chunks = await self.begin(method, path, headers, body)
            found = b"".join([chunk async for chunk in chunks])
        if status >= 300:
            raise Refused(f"{status} {method} {path.partition('?')[0]}: {found[:200]!r}")
        return found

    async def begin(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, AsyncIterator[bytes]]:
        """Ask, and return status and chunks as they come."""
        place = urlsplit(self._hub.address)
        if self._writer is None or self._writer.is_closing() or (self._reader and self._reader.at_eof()):
            self.hang_up()
            self._reader, self._writer = await asyncio.open_connection(
                place.hostname, place.port, ssl=self._hub.tls, limit=BUFFER, ssl_shutdown_timeout=1
            )
        reader, writer = self._reader, self._writer
        assert reader is not None
        lines = [f"{method} {path} HTTP/1.1", f"Host: {place.netloc}", f"Content-Length: {len(body)}"]
        if body:
            lines.append(f"Content-Type: {JSON_MEDIA}")
        lines += [f"{name}: {value}" for name, value in headers.items()]
        try:
            writer.write("\r\n".join([*lines, "", ""]).encode() + body)
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        except (asyncio.IncompleteReadError, OSError):
            self.hang_up()
            raise ConnectionResetError from None
        found = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        return int(head[0].split()[1]), _chunks(reader, found)

    def hang_up(self) -> None:
        """End the connection."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


async def _chunks(reader: asyncio.StreamReader, headers: dict[str, str]) -> AsyncIterator[bytes]:
    try:
        if headers.get("transfer-encoding") != "chunked":
            yield await reader.readexactly(int(headers.get("content-length", "0")))
            return
        while size := int(await reader.readuntil(b"\r\n"), 16):
            yield (await reader.readexactly(size + 2))[:-2]
        await reader.readuntil(b"\r\n")
    except asyncio.IncompleteReadError:
        raise ConnectionResetError from None


@dataclass
class Journal:
    """Events that were written and not yet confirmed."""

    epoch: int
    seq: int = 0
    head: str = GENESIS
    waiting: list[tuple[SealedEvent, bytes]] = field(default_factory=list)


class LightKiosk:
    """One kiosk; see the module."""

    def __init__(self, code: str, hub: Hub) -> None:
        self.code, self._hub = code, hub
        self.sign, self.seal = SigningKey.generate(), SealKey.generate()
        self._line, self._stream = Line(hub), Line(hub)
        self._counter = 0
        self._kept: Checked | None = None
        self._orders: list[bytes] = []
        self._have: set[str] = set()
        self._reported: Standing | None = None
        self._told, self._changed = asyncio.Event(), False
        self._said: dict[str, Any] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def enrol(self, code: str) -> str:
        """Ask the hub to take this device; returns the number to compare."""
        asked = EnrolRequest(
            code=code, sign_key=self.sign.public, seal_key=self.seal.public, device=device()
        ).exact()
        reply = EnrolReply.read(await self._line.ask("POST", ROUTES["enrol"], {}, asked))
        self._line.hang_up()
        self._journal = Journal(reply.epoch)
        self._site, self._station = reply.site, reply.station
        return check_number(self._hub.root, code, self.sign.public, self.seal.public)

    async def start(self) -> None:
        """Make contact until it succeeds once; then follow the hub."""
        self._note(EventKind.KIOSK_STARTED, {"version": "light"})
        await self._until_done(self._first())
        self._tasks = [asyncio.create_task(self._follow()), asyncio.create_task(self._listen())]

    async def stop(self) -> None:
        """End."""
        for task in self._tasks:
            task.cancel()
        self._line.hang_up()
        self._stream.hang_up()

    # -- contact ------------------------------------------------------------------------------------------

    async def _first(self) -> None:
        await self._report()
        shown = LogReply.read(await self._ask("GET", f"{ROUTES['log']}?have=0"))
        assert shown.checkpoint
        await self._lease()

    async def _until_done(self, what: Coroutine[Any, Any, None]) -> None:
        """Try with the kiosk's own back-off (full jitter, up to a minute)."""
        failures = 0
        while True:
            try:
                await what
            except (OSError, Refused, TimeoutError, Expected) as error:
                failures += 1
                self._tell(trouble=f"{type(error).__name__} {error}"[:300])
                if not isinstance(error, Refused):
                    self._line.hang_up()
                await asyncio.sleep(TIMING.back_off(failures, random.random()))  # noqa: S311 (jitter)
                what = self._first()
            else:
                return

    async def _ask(self, method: str, path: str, body: bytes = b"") -> bytes:
        return await self._line.ask(method, path, self._signed(method, path, body), body)

    def _signed(self, method: str, path: str, body: bytes) -> dict[str, str]:
        self._counter += 1
        return sign_request(
            method, self._hub.address + path, body,
            kiosk=self.code, key=self.sign, counter=self._counter, created=CLOCK.now(),
        )  # fmt: skip

    async def _report(self) -> None:
        standing = Standing(waiting=len(self._journal.waiting), pulled=len(self._have))
        path = f"{ROUTES['state']}?{urlencode(standing.model_dump())}"
        KioskState.read(await self._ask("GET", path))
        self._reported = standing

    async def _lease(self) -> None:
        """Ask for the lease, follow it, fetch its pages, and hand the journal over."""
        have, text = self._mark.number, "" if self._kept is None else self._kept.manifest
        digest = sha256(text.encode()) if text else ""
        words = urlencode({"have": have, "manifest": digest, "seen": have})
        said = await self._ask("GET", f"{ROUTES['lease']}?{words}")
        if said:
            self._take(LeaseReply.read(said))
        await self._deliver()
        await self._pull()
        if self._journal.waiting:
            await self._deliver()

    @property
    def _mark(self) -> Mark:
        return Mark() if self._kept is None else self._kept.mark

    def _identity(self) -> Identity:
        return Identity(self.code, self._site, self._hub.trust.lease_keys, self.seal, self.sign.public)

    def _take(self, reply: LeaseReply) -> None:
        kept, now = self._kept, CLOCK.now()
        checked = check_lease(
            reply.envelope.encode(), reply.manifest, identity=self._identity(), mark=self._mark, now=now,
            kept=lambda: "" if kept is None else kept.manifest,
        )  # fmt: skip
        if checked.mark == self._mark:
            return
        manifest = checked.manifest or ("" if kept is None else kept.manifest)
        self._keep(replace(checked, manifest=manifest), "lease")

    def _keep(self, checked: Checked, why: str, order: int = 0) -> None:
        """This is the lease in force; what goes by it goes, with its receipts."""
        before, now = None if self._kept is None else self._kept.holding, CLOCK.now()
        owed = owed_for(before, checked.holding, why, order)
        self._kept = checked
        listed = {page.blob for page in checked.holding.manifest.pages}
        self._have &= listed
        if not order:
            self._note(EventKind.LEASE_ACCEPTED, {"number": self._mark.number, "hash": self._mark.payload})
        if owed is not None:
            for draft in receipts(owed, When(now, now), lease=self._mark.number, station=self._station):
                self._write(draft)
        self._tell(**told_of(checked.holding, now), done=len(self._have), total=len(listed))

    async def _obey(self) -> None:
        """Do what purge orders say, and say so."""
        orders, self._orders = self._orders, []
        for envelope in orders:
            order = check_order(envelope, self._identity(), CLOCK.now())
            left = None if self._kept is None else cut(self._kept, order, self.sign)
            if left is not None:
                self._keep(left, "order", order.number)
        await self._deliver()

    async def _pull(self) -> None:
        assert self._kept is not None
        listed = {page.blob: page.size for page in self._kept.holding.manifest.pages}
        wanted = [blob for blob in listed if blob not in self._have]
        if not wanted:
            return
        said = await self._ask("POST", ROUTES["blobs"], BlobRequest(hashes=tuple(wanted)).exact())
        at = 0
        while at < len(said):
            name, size = said[at : at + 32].hex(), int.from_bytes(said[at + 32 : at + 36], "big")
            data = said[at + 36 : at + 36 + size]
            if name not in listed or size != listed[name] or sha256(data) != name:
                raise ValueError("a page that is not what its lease says")
            self._have.add(name)
            at += 36 + size
        self._tell(done=len(self._have), total=len(listed))

    # -- the journal --------------------------------------------------------------------------------------

    def _note(self, kind: EventKind, body: dict[str, Any]) -> None:
        self._write(Draft(kind, lease=self._mark.number, station=self._station, body=body))

    def _write(self, draft: Draft) -> None:
        journal, moment = self._journal, CLOCK.moment()
        event = Event(
            kiosk=self.code, epoch=journal.epoch, seq=journal.seq + 1, prev=journal.head,
            nonce=os.urandom(16).hex(), kind=draft.kind, wall=moment.wall, boot_ms=moment.boot_ms,
            boot=moment.boot, lease=draft.lease, client=draft.client, station=draft.station,
            revision=draft.revision, body=draft.body,
        )  # fmt: skip
        exact = event.exact()
        journal.seq, journal.head = event.seq, event_hash(exact)
        signature = sign_event(self.code, journal.epoch, event.seq, journal.head, self.sign)
        box = seal_event(exact, self._hub.trust.seal_key)
        journal.waiting.append((SealedEvent(seq=event.seq, hash=journal.head, box=box), signature))

    async def _deliver(self) -> None:
        journal = self._journal
        while journal.waiting:
            events, signatures = zip(*journal.waiting[:200], strict=True)
            batch = EventBatch(epoch=journal.epoch, events=events, signatures=signatures)
            reply = EventReply.read(await self._ask("POST", ROUTES["events"], batch.exact()))
            journal.waiting = [each for each in journal.waiting if each[0].seq > reply.held]

    # -- at rest ------------------------------------------------------------------------------------------

    async def _follow(self) -> None:
        """Ask when told, and now and then; report a while after a change."""
        report_at, ask_at = 0.0, time.monotonic() + TIMING.rest
        while True:
            until = min(ask_at, report_at or ask_at)
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, until - time.monotonic())):
                    await self._told.wait()
            self._told.clear()
            if self._orders:
                await self._until_done(self._obey())
                ask_at = min(ask_at, time.monotonic() + TIMING.order * random.uniform(0.1, 1.0))  # noqa: S311 (jitter)
            if self._changed or time.monotonic() >= ask_at:
                self._changed = False
                await self._until_done(self._lease())
                ask_at = time.monotonic() + TIMING.rest * random.uniform(1.0, 1.1)  # noqa: S311 (jitter)
            standing = Standing(waiting=len(self._journal.waiting), pulled=len(self._have))
            if standing == self._reported:
                report_at = 0.0
            elif not report_at:
                report_at = time.monotonic() + TIMING.report * random.uniform(0.3, 1.0)  # noqa: S311 (jitter)
            elif time.monotonic() >= report_at:
                await self._until_done(self._report())
                report_at = 0.0

    async def _listen(self) -> None:
        """Keep the stream open."""
        failures, path = 0, ROUTES["push"]
        while True:
            with suppress(OSError, TimeoutError, ValueError):
                headers = self._signed("GET", path, b"")
                async with asyncio.timeout(TIMEOUT):
                    status, chunks = await self._stream.begin("GET", path, headers, b"")
                if status == 200:
                    await self._hear(chunks)
            failures += 1
            self._stream.hang_up()
            await asyncio.sleep(TIMING.back_off(failures, random.random()))  # noqa: S311 (jitter)

    async def _hear(self, chunks: AsyncIterator[bytes]) -> None:
        """The first thing that comes means that the hub tells from now on: what changed before is asked."""
        first = True
        while True:
            async with asyncio.timeout(2 * PUSH_BEAT_SECONDS + 5):
                block = await anext(chunks, b"")
            if not block:
                return
            if block.startswith(ORDER_EVENT):
                self._orders.append(block.removeprefix(ORDER_EVENT).strip())
                self._told.set()
            elif first or block.startswith(b"event:"):
                self._changed = True
                self._told.set()
            if first:
                self._tell(listening=True)
            first = False

    def _tell(self, **what: Any) -> None:
        self._said |= what
        say(kiosk=self.code, at=time.monotonic(), **self._said)


async def _serve(address: str, root: str) -> None:
    """Do as told until the orders end."""
    hub = await asyncio.to_thread(Hub.at, address, root)
    fleet: dict[str, LightKiosk] = {}
    turns = asyncio.Semaphore(ENROLLING)

    async def enrol(code: str, secret: str) -> tuple[str, str]:
        async with turns:
            fleet[code] = LightKiosk(code, hub)
            return code, await fleet[code].enrol(secret)

    while line := await asyncio.to_thread(sys.stdin.readline):
        order = json.loads(line)
        if order["do"] == "enrol":
            say(numbers=dict(await asyncio.gather(*(enrol(*each) for each in order["codes"].items()))))
        elif order["do"] == "start":
            await asyncio.gather(*(kiosk.start() for kiosk in fleet.values()))
            say(started=len(fleet))
    await asyncio.gather(*(kiosk.stop() for kiosk in fleet.values()))


def main(_folder: str, hub: str, root: str) -> None:
    """See the module."""
    asyncio.sslproto.SSLProtocol.max_size = BUFFER
    asyncio.run(_serve(hub, root))


if __name__ == "__main__":
    main(*sys.argv[1:])
