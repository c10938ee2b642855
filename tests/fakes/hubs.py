"""Hubs that misbehave, for tests of what a kiosk says and keeps then. Real TLS 1.3 sockets, no hub behind.

Each is a context manager that gives a ``BadHub``: its address, the CA that a kiosk would pin, and what was
asked. A real hub is never replaced by one of these where a test is about the hub.
"""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from app.hub import tls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GARBAGE = b"\x16\x03\x01 <html>not a hub</html>\r\n\r\n"


@dataclass
class BadHub:
    """Where it listens, what a kiosk pins, and the requests that reached it (head and body, as sent)."""

    address: str
    port: int
    ca_pem: str
    asked: list[bytes] = field(default_factory=list)


@contextlib.contextmanager
def rubbish_hub(body: bytes = b'{"no": "hub"}', media: str = "application/json") -> Iterator[BadHub]:
    """Answers everything with status 200 and a body that is no message of ours."""
    with _hub(lambda _request: _answer(200, media, body)) as hub:
        yield hub


@contextlib.contextmanager
def garbage_hub() -> Iterator[BadHub]:
    """Speaks TLS, but answers with bytes that are not HTTP."""
    with _hub(lambda _request: GARBAGE) as hub:
        yield hub


@contextlib.contextmanager
def failing_hub(status: int = 500, code: str = "fault") -> Iterator[BadHub]:
    """Answers everything with an error that has the agreed form."""
    problem = json.dumps({"code": code, "message": "The hub has a fault.", "advice": "", "number": None})
    with _hub(lambda _request: _answer(status, "application/json", problem.encode())) as hub:
        yield hub


@contextlib.contextmanager
def silent_hub() -> Iterator[BadHub]:
    """Takes requests and never answers."""
    with _hub(lambda _request: None) as hub:
        yield hub


@contextlib.contextmanager
def deaf_hub() -> Iterator[BadHub]:
    """Takes connections and says nothing at all, not even TLS."""
    with _hub(None) as hub:
        yield hub


@contextlib.contextmanager
def wrong_certificate_hub() -> Iterator[BadHub]:
    """Has a certificate of another CA than the one that a kiosk pins."""
    other = tls.make_ca("S1", _now())
    with _hub(lambda _request: _answer(200, "application/json", b"{}"), pinned=other.cert.decode()) as hub:
        yield hub


@contextlib.contextmanager
def expired_hub() -> Iterator[BadHub]:
    """Has a certificate of the right CA that ran out yesterday."""
    made = _now() - timedelta(days=tls.SERVER_DAYS + 1)
    with _hub(lambda _request: _answer(200, "application/json", b"{}"), made=made) as hub:
        yield hub


@contextlib.contextmanager
def truncating_hub(
    body: bytes = b'{"kiosk": "K-1", "sta', *, missing: int = 100, media: str = "application/json"
) -> Iterator[BadHub]:
    """Announces a body that is ``missing`` bytes longer than what it sends, then hangs up."""
    with _hub(lambda _request: _answer(200, media, body, missing)) as hub:
        yield hub


def _answer(status: int, media: str, body: bytes, missing: int = 0) -> bytes:
    head = f"HTTP/1.1 {status} X\r\ncontent-type: {media}\r\ncontent-length: {len(body) + missing}\r\n"
    return head.encode() + b"connection: close\r\n\r\n" + body


def _now() -> datetime:
    return datetime.now(UTC)


@contextlib.contextmanager
def _hub(
    answer: Callable[[bytes], bytes | None] | None, *, pinned: str = "", made: datetime | None = None
) -> Iterator[BadHub]:
    ca = tls.make_ca("S1", made or _now())
    context = _context(tls.make_server(ca, ["localhost"], made or _now()))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        hub = BadHub(f"https://localhost:{port}", port, pinned or ca.cert.decode())
        over = threading.Event()
        thread = threading.Thread(target=_accept, args=(listener, context, answer, hub, over))
        thread.start()
        try:
            yield hub
        finally:
            over.set()
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                pass  # wakes the listener
            thread.join()


def _context(pair: tls.Pair) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    with TemporaryDirectory() as folder:
        cert, key = Path(folder, "cert"), Path(folder, "key")
        cert.write_bytes(pair.cert)
        key.write_bytes(pair.key)
        context.load_cert_chain(cert, key)
    return context


def _accept(
    listener: socket.socket,
    context: ssl.SSLContext,
    answer: Callable[[bytes], bytes | None] | None,
    hub: BadHub,
    over: threading.Event,
) -> None:
    threads: list[threading.Thread] = []
    while not over.is_set():
        connection, _ = listener.accept()
        threads.append(threading.Thread(target=_talk, args=(connection, context, answer, hub, over)))
        threads[-1].start()
    for thread in threads:
        thread.join()


def _talk(
    plain: socket.socket,
    context: ssl.SSLContext,
    answer: Callable[[bytes], bytes | None] | None,
    hub: BadHub,
    over: threading.Event,
) -> None:
    with plain, contextlib.suppress(OSError):
        plain.settimeout(0.1)
        if answer is None:
            over.wait()
            return
        plain.settimeout(5)
        with context.wrap_socket(plain, server_side=True) as connection:
            request = _request(connection, over)
            if not request:
                return
            hub.asked.append(request)
            reply = answer(request)
            if reply is None:
                over.wait()
                return
            connection.sendall(reply)


def _request(connection: ssl.SSLSocket, over: threading.Event) -> bytes:
    connection.settimeout(0.2)
    data = b""
    while not over.is_set():
        head, gap, body = data.partition(b"\r\n\r\n")
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        if gap and len(body) >= int(lengths[0].partition(b":")[2] if lengths else 0):
            return data
        try:
            chunk = connection.recv(65536)
        except TimeoutError:
            continue
        if not chunk:
            return b""
        data += chunk
    return b""
