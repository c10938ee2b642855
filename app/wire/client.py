"""The client of the hub: signed requests over pinned TLS 1.3, and answers that are checked before use.

Whatever goes wrong is one of these (``app.model.errors.Expected``), and nothing lower escapes:

Unavailable ─ HubUnreachable    refused, timed out, no such name, reset, broke off in the middle
            └ HubFault          the hub answered that something inside it failed (5xx)
Untrusted   ─ WrongCertificate  another hub's certificate, or one that is not valid now
            └ Rubbish           an answer that is not the agreed message
Refused     ─ HubRefused        the hub said no, and why (``code``, ``status``, ``number``)
"""

from __future__ import annotations

import socket
from contextlib import closing, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, BinaryIO, Self, TypeVar
from urllib.parse import urlencode

from app.model.errors import Untrusted
from app.seal.dsse import MAX_ENVELOPE_BYTES, open_envelope, unverified_payload
from app.seal.encoding import sha256
from app.seal.enrolling import check_number, read_fingerprint, same_fingerprint
from app.seal.keys import key_id
from app.wire.base import Message
from app.wire.clock import Clock, SystemClock
from app.wire.grants import GrantReply
from app.wire.lease import LeaseReply
from app.wire.log_witness import CosignedReply, LogsReply
from app.wire.messages import (
    ENVELOPE_MEDIA,
    FRAMES_MEDIA,
    MAX_BLOB_BYTES,
    MAX_BLOBS,
    PROOF_MEDIA,
    PUSH_BEAT_SECONDS,
    PUSH_MEDIA,
    ROUTES,
    TRUST_TYPE,
    BlobRequest,
    EnrolReply,
    EventReply,
    KioskState,
    LogReply,
    SlotReply,
    Trust,
)
from app.wire.orders import MAX_ORDER_BYTES, ORDER_EVENT
from app.wire.signatures import sign_request
from app.wire.transport import (
    JSON_MEDIA,
    MAX_REPLY_BYTES,
    HubFault,
    HubRefused,
    HubUnreachable,
    Rubbish,
    WrongCertificate,
    check_media,
    connect,
    hub_address,
    mapped,
    pinned,
    read,
    send,
    unpinned,
)

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    import httpx

    from app.seal.keys import SigningKey
    from app.wire.grants import SignedGrant
    from app.wire.log_witness import LogsAsk, LogsCosigned
    from app.wire.messages import EnrolRequest, EventBatch, SlotRequest, Standing

__all__ = [
    "HubClient",
    "HubFault",
    "HubRefused",
    "HubUnreachable",
    "Rubbish",
    "WrongCertificate",
    "check_number",
    "enrol",
    "fetch_trust",
]

MOST_ROOTS = 32
"""How many changes of the root key are followed at once."""

MAX_EVENT_BYTES = MAX_ORDER_BYTES + 1024
"""Bytes of one server-sent event."""

MAX_LEASE_BYTES = 4 * MAX_ENVELOPE_BYTES
_FRAME_HEAD = 36

M = TypeVar("M", bound=Message)


class HubClient:
    """One kiosk's signed connection to its hub. Safe to use from one thread at a time.

    ``counter`` gives the next request counter: strictly rising for the life of the kiosk's key, over
    restarts too, and stored before it is used. ``on_counter(needed)`` is told when the hub has seen higher
    ones (a lost counter): afterwards ``counter`` must give at least ``needed``.

    Failure policy: a counter that is behind, and a clock that is off from the hub's, are corrected with what
    the hub says and the request is sent once more. Everything else is raised at once; nothing is retried, so
    that the caller's back-off is the only one.
    """

    def __init__(
        self,
        base_url: str,
        *,
        ca_pem: str,
        kiosk: str,
        key: SigningKey,
        counter: Callable[[], int],
        on_counter: Callable[[int], None] | None = None,
        timeout: float = 10,
        clock: Clock | None = None,
    ) -> None:
        self._base = hub_address(base_url)
        self._client = connect(pinned(ca_pem), timeout)
        self._kiosk, self._key = kiosk, key
        self._counter, self._on_counter = counter, on_counter
        self._clock = clock or SystemClock()
        self._skew = timedelta(0)
        self._listening: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections. The client cannot be used afterwards."""
        self._client.close()

    def state(self, standing: Standing | None = None) -> KioskState:
        """Ask how the hub sees this kiosk, and tell how it stands itself.

        Answered for pending, lost and blocked kiosks too.
        """
        told = "" if standing is None else f"?{urlencode(standing.model_dump(exclude_defaults=True))}"
        return self.call(KioskState, "GET", f"{ROUTES['state']}{told}")

    def lease(self, have: int, manifest: str, seen: int = 0) -> LeaseReply | None:
        """Ask for the lease after number ``have``, holding the manifest with this hash (0 and "" for none).

        ``seen`` is the highest number ever accepted: a hub that was restored from a backup goes on above it.

        None means that both are current. The manifest's text is empty when its hash is the one asked with.
        A kiosk that has just started asks with ``have=0``: it holds the lease but not the boot share.

        Raises:
            HubRefused: ``kiosk_pending`` or ``kiosk_blocked``.
        """
        path = f"{ROUTES['lease']}?{urlencode({'have': have, 'manifest': manifest, 'seen': seen})}"
        with closing(self._open("GET", path)) as response:
            if response.status_code == 204:
                with mapped():
                    response.read()  # nothing, but a connection with an answer half read is not used again
                return None
            return _parse(LeaseReply, read(response, JSON_MEDIA, MAX_LEASE_BYTES))

    def blobs(self, hashes: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Fetch sealed pages as they arrive, each checked against its hash.

        A page that this kiosk may not have is left out.

        Raises:
            Rubbish: a frame that was not asked for, is too long, was cut, or is not what its hash says.
        """
        for start in range(0, len(hashes), MAX_BLOBS):
            asked = tuple(hashes[start : start + MAX_BLOBS])
            body = BlobRequest(hashes=asked).exact()
            with closing(self._open("POST", ROUTES["blobs"], body)) as response:
                check_media(response, FRAMES_MEDIA)
                yield from _frames(response, set(asked))

    def send(self, batch: EventBatch) -> EventReply:
        """Deliver a batch of events. Sending one again is harmless.

        Raises:
            HubRefused: ``fork`` (the hub holds another event under a number), ``hole`` (``number`` is the
                sequence number that it expects), ``bad_event`` (``number`` is the one it cannot take).
        """
        return self.call(EventReply, "POST", ROUTES["events"], batch.exact())

    def slot(self, request: SlotRequest) -> SlotReply:
        """Hand in a slot that a person made with a PIN. Sending it again is harmless.

        Raises:
            HubRefused: ``pin_code_wrong``, ``pin_code_over``, ``bad_keys``, ``kiosk_blocked``.
        """
        return self.call(SlotReply, "POST", ROUTES["slot"], request.exact())

    def grant(self, asked: SignedGrant) -> GrantReply:
        """Ask for break-glass. Sending it again is harmless.

        Raises:
            HubRefused: ``glass_refused``, ``bad_glass``, ``kiosk_blocked``.
        """
        return self.call(GrantReply, "POST", ROUTES["grant"], asked.exact())

    def log(self, have: int) -> LogReply:
        """Ask for the checkpoint of the site's log, and that it continues the tree of ``have`` entries."""
        return self.call(LogReply, "GET", f"{ROUTES['log']}?{urlencode({'have': have})}")

    def client_logs(self, asked: LogsAsk) -> LogsReply:
        """Ask for the checkpoints of clients' logs, and that they continue those that were seen."""
        return self.call(LogsReply, "POST", ROUTES["log_clients"], asked.exact())

    def cosigned(self, handed: LogsCosigned) -> CosignedReply:
        """Hand in what this kiosk cosigned. Sending it again is harmless."""
        return self.call(CosignedReply, "POST", ROUTES["log_cosigned"], handed.exact())

    def log_entry(self, epoch: int, seq: int) -> bytes:
        """Ask for the proof that the site's log holds an event of this kiosk (``app.seal.log_proof``).

        Raises:
            HubRefused: the hub does not hold that event (``not_found``).
        """
        path = f"{ROUTES['log_entry']}?{urlencode({'epoch': epoch, 'seq': seq})}"
        with closing(self._open("GET", path)) as response:
            return read(response, PROOF_MEDIA, MAX_REPLY_BYTES)

    def listen(
        self, route: str = "push", body: bytes = b"", on_order: Callable[[bytes], None] = lambda _order: None
    ) -> Iterator[bool]:
        """Wait for the hub to say that something changed: yields True then, and False as a sign of life.

        The first thing that comes means that the hub tells from now on; what changed before is to be asked.
        Ends when the hub ends it or does not push, and by ``hang_up``. A desk names its own route, and in
        ``body`` who sits there. ``on_order`` is given each purge order as it came, unverified
        (``wire.orders``).

        Raises:
            HubUnreachable: it broke off, or there was no sign of life for too long.
        """
        patience = {"read": 2 * PUSH_BEAT_SECONDS + 5}
        method = "POST" if body else "GET"
        with closing(self._open(method, ROUTES[route], body, patience)) as response:
            if response.status_code == 204:
                return
            check_media(response, PUSH_MEDIA)
            self._listening = response.extensions["network_stream"].get_extra_info("socket")
            try:
                with mapped():
                    yield from _changes(response, on_order)
            finally:
                self._listening = None

    def hang_up(self) -> None:
        """End ``listen`` from another thread."""
        if (listening := self._listening) is not None:
            with suppress(OSError):
                socket.socket.shutdown(listening, socket.SHUT_RDWR)  # TLS's own would first say goodbye

    def call(
        self, kind: type[M], method: str, path: str, body: bytes = b"", limit: int = MAX_REPLY_BYTES
    ) -> M:
        """Ask a route that answers with one message of at most ``limit`` bytes (``app.wire.desk``)."""
        with closing(self._open(method, path, body)) as response:
            return _parse(kind, read(response, JSON_MEDIA, limit))

    def download(self, path: str, body: bytes, into: BinaryIO, media: str, limit: int) -> int:
        """Ask a route that answers with at most ``limit`` bytes, and write them; returns how many."""
        with closing(self._open("POST", path, body)) as response:
            check_media(response, media)
            done = 0
            with mapped():
                for chunk in response.iter_raw():
                    done += len(chunk)
                    if done > limit:
                        raise Rubbish(f"its answer is longer than {limit} bytes")
                    into.write(chunk)
        return done

    def _open(
        self, method: str, path: str, body: bytes = b"", patience: dict[str, float] | None = None
    ) -> httpx.Response:
        learned: set[str] = set()
        while True:
            request = self._request(method, path, body)
            request.extensions["timeout"].update(patience or {})
            try:
                return send(self._client, request)
            except HubRefused as refusal:
                if refusal.code in learned or not self._learn(refusal):
                    raise
                learned.add(refusal.code)

    def _learn(self, refusal: HubRefused) -> bool:
        if refusal.number is None:
            return False
        if refusal.code == "counter_behind" and self._on_counter is not None:
            self._on_counter(refusal.number)
            return True
        if refusal.code == "clock_off":
            self._skew = timedelta(seconds=refusal.number - int(self._clock.now().timestamp()))
            return True
        return False

    def _request(self, method: str, path: str, body: bytes) -> httpx.Request:
        with mapped():
            request = self._client.build_request(method, self._base + path, content=body or None)
            if body:
                request.headers["Content-Type"] = JSON_MEDIA
            signed = sign_request(
                method,
                str(request.url),
                body,
                kiosk=self._kiosk,
                key=self._key,
                counter=self._counter(),
                created=self._clock.now() + self._skew,
            )
        request.headers.update(signed)
        return request


def fetch_trust(base_url: str, root_fingerprint: str, now: datetime) -> tuple[Trust, bytes]:
    """Fetch and verify the hub's trust statement over a connection that nothing pins yet.

    Steps: 1 the statement names a root key with the fingerprint that was handed over with the enrolment code;
    2 that key signed exactly these bytes; 3 they have the agreed form; 4 where another root key is in force
    by it, that one signed them too, and 1 to 3 begin again with its fingerprint, for a statement that is not
    older; 5 the last one has not expired (The Update Framework, section 5.3).

    Returns:
        The statement, and the envelope's exact bytes to keep. The fingerprint to believe from now on is that
        of the first of its ``root_keys``.

    Raises:
        Untrusted: a step fails (``wrong_root``, ``not_signed``, ``bad_signature``, ``trust_expired``).
    """
    fingerprint, version = read_fingerprint(root_fingerprint), 0
    for _ in range(MOST_ROOTS):
        path = f"{ROUTES['trust']}?{urlencode({'root': fingerprint})}"
        envelope = _plain_call(unpinned(), "GET", base_url, path, ENVELOPE_MEDIA, MAX_ENVELOPE_BYTES)
        trust = check_trust(envelope, fingerprint)  # 1 to 3
        if trust.version < version:
            break
        if same_fingerprint(trust.root_keys[0], fingerprint):
            check_current(trust, now)  # 5
            return trust, envelope
        open_envelope(envelope, TRUST_TYPE, trust.root_keys[:1])  # 4
        fingerprint, version = key_id(trust.root_keys[0]), trust.version
    raise Untrusted(
        "The hub's root keys do not lead to the one in force.",
        advice="Tell the hub's administrator.",
        code="wrong_root",
    )


def check_trust(envelope: bytes, fingerprint: str) -> Trust:
    """Verify a trust statement against a root's fingerprint; steps 1 to 3 of ``fetch_trust``."""
    claimed = Trust.read(unverified_payload(envelope, TRUST_TYPE))
    roots = [key for key in claimed.root_keys if same_fingerprint(key, fingerprint)]  # 1
    if not roots:
        raise Untrusted(
            "This is not the hub of the enrolment sheet: its root key is another.",
            advice="Compare the address and the fingerprint with the sheet.",
            code="wrong_root",
        )
    return Trust.read(open_envelope(envelope, TRUST_TYPE, roots[:1]))  # 2, 3


def check_current(trust: Trust, now: datetime) -> None:
    """Raise if a statement has expired.

    Raises:
        Untrusted: it has (``trust_expired``).
    """
    if trust.expires <= now:
        raise Untrusted(
            f"The hub's trust statement expired on {trust.expires:%Y-%m-%d}; today is {now:%Y-%m-%d} here.",
            advice="If that is right, the hub's administrator renews it: stationleaf hub rotate trust DIR",
            code="trust_expired",
        )


def enrol(base_url: str, trust: Trust, request: EnrolRequest) -> EnrolReply:
    """Hand in a one-time code with the device's public keys, over TLS pinned to the hub's CA.

    Raises:
        HubRefused: ``code_wrong``, ``code_used``, ``code_expired``, ``too_many_tries``.
    """
    reply = _plain_call(
        pinned(trust.ca), "POST", base_url, ROUTES["enrol"], JSON_MEDIA, MAX_REPLY_BYTES, request.exact()
    )
    return _parse(EnrolReply, reply)


def _plain_call(
    context: ssl.SSLContext, method: str, base_url: str, path: str, media: str, limit: int, body: bytes = b""
) -> bytes:
    url = hub_address(base_url) + path
    with connect(context, timeout=10) as client, mapped():
        headers = {"Content-Type": JSON_MEDIA} if body else {}
        request = client.build_request(method, url, content=body or None, headers=headers)
        with closing(send(client, request)) as response:
            return read(response, media, limit)


def _parse(kind: type[M], body: bytes) -> M:
    try:
        return kind.read(body)
    except Untrusted as error:
        raise Rubbish(f"its {kind.__name__} is not as agreed", code="bad_message") from error


def _changes(response: httpx.Response, on_order: Callable[[bytes], None]) -> Iterator[bool]:
    """Cut server-sent events: a block of lines that names an event, or a comment (WHATWG HTML, 9.2.6)."""
    buffer = b""
    for chunk in response.iter_raw():
        *blocks, buffer = (buffer + chunk).split(b"\n\n")
        if len(buffer) > MAX_EVENT_BYTES:
            raise Rubbish("a line of its push stream does not end", code="too_long")
        for block in blocks:
            order = block.startswith(ORDER_EVENT)
            if order:
                on_order(block.removeprefix(ORDER_EVENT))
            yield block.startswith(b"event:") and not order


def _frames(response: httpx.Response, wanted: set[str]) -> Iterator[tuple[str, bytes]]:
    buffer = bytearray()
    with mapped():
        for chunk in response.iter_raw():
            buffer += chunk
            while (frame := _cut_frame(buffer, wanted)) is not None:
                yield frame
    if buffer:
        raise Rubbish("a page was cut off", code="truncated")


def _cut_frame(buffer: bytearray, wanted: set[str]) -> tuple[str, bytes] | None:
    if len(buffer) < _FRAME_HEAD:
        return None
    name, length = buffer[:32].hex(), int.from_bytes(buffer[32:_FRAME_HEAD], "big")
    if name not in wanted or length > MAX_BLOB_BYTES:
        raise Rubbish("it sends a page that was not asked for", code="wrong_frame")
    if len(buffer) < _FRAME_HEAD + length:
        return None
    data = bytes(memoryview(buffer)[_FRAME_HEAD : _FRAME_HEAD + length])
    del buffer[: _FRAME_HEAD + length]
    if sha256(data) != name:
        raise Rubbish("a page is not what its hash says", code="wrong_hash")
    wanted.discard(name)
    return name, data
