"""TLS, bounded reading and the errors of the hub's client: where httpx, h11, ssl and sockets end.

Failure policy: nothing here retries. A connection that fails in any way is one ``HubUnreachable``; the caller
decides when to try again. No answer is read past its bound, and a redirect is never followed.
"""

from __future__ import annotations

import re
import ssl
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from app.model.errors import Refused, Unavailable, Untrusted
from app.wire.base import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import ReadableBuffer

MAX_PROBLEM_BYTES = 64 * 1024
MAX_REPLY_BYTES = 64 * 1024
JSON_MEDIA = "application/json"
_KEEP_SECONDS = 30.0
_RECORD = 16 * 1024
_EXPIRED = 10  # X509_V_ERR_CERT_HAS_EXPIRED
_NOT_YET = 9  # X509_V_ERR_CERT_NOT_YET_VALID


class HubUnreachable(Unavailable):
    """The hub does not answer."""

    code = "hub_unreachable"

    def __init__(self, message: str = "The hub does not answer.", *, code: str | None = None) -> None:
        super().__init__(message, advice="Check the network; it is tried again by itself.", code=code)


class HubFault(Unavailable):
    """Something inside the hub failed (5xx)."""

    code = "hub_fault"

    def __init__(self, message: str = "The hub has a fault.", *, status: int = 500) -> None:
        super().__init__(message, advice="It is tried again by itself; tell the hub's administrator.")
        self.status = status


class WrongCertificate(Untrusted):
    """The certificate is not one of this plant's hub, or not valid now."""

    code = "wrong_certificate"

    def __init__(self, message: str) -> None:
        super().__init__(message, advice="Tell the hub's administrator; nothing was sent.")


class Rubbish(Untrusted):
    """An answer that is not the agreed message: wrong type, too long, cut, or changed."""

    code = "rubbish"

    def __init__(self, detail: str, *, code: str | None = None) -> None:
        super().__init__(
            f"What answers is not a hub that this kiosk understands: {detail}.",
            advice="Check the hub's address; tell its administrator.",
            code=code,
        )


class HubRefused(Refused):
    """The hub said no: ``code`` and ``number`` are the ``Problem``'s, ``status`` is the HTTP status."""

    def __init__(self, problem: Problem, status: int) -> None:
        super().__init__(problem.message, advice=problem.advice, code=problem.code)
        self.status = status
        self.number = problem.number


def hub_address(base_url: str) -> str:
    """Return the address without a trailing slash.

    Raises:
        Refused: it is not an ``https`` address of a host (``code`` ``bad_address``).
    """
    try:
        parts = urlsplit(base_url.strip())
        fits = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        raise Refused(
            f"{base_url!r} is not the address of a hub.",
            advice="It looks like https://hub.example:8443.",
            code="bad_address",
        )
    return base_url.strip().rstrip("/")


def pinned(ca_pem: str) -> ssl.SSLContext:
    """Return a TLS 1.3 context that trusts this CA alone and checks the host's name.

    Raises:
        Untrusted: the text is not a certificate (``code`` ``bad_ca``).
    """
    context = _context()
    try:
        context.load_verify_locations(cadata=ca_pem)
    except (ssl.SSLError, ValueError):
        raise Untrusted("The hub's CA certificate is not one.", code="bad_ca") from None
    return context


def unpinned() -> ssl.SSLContext:
    """Return a TLS 1.3 context that trusts anybody: only to fetch what is verified by itself."""
    context = _context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.sslsocket_class = _Socket
    return context


_BODY_FOLLOWS = re.compile(
    rb"POST .*\r\ncontent-length: [1-9][0-9]*\r\n(.*\r\n)?\r\n\Z", re.IGNORECASE | re.DOTALL
)


class _Socket(ssl.SSLSocket):
    """Reads and writes in one piece what httpx and h11 would in several.

    Reading: OpenSSL gives one TLS record a call (16 kB), and each answer costs httpx and h11 as much as
    decrypting it. Writing: a request's head goes out with the beginning of its body, not before it; a body
    that waited for the head's acknowledgement came 40 ms late (RFC 1122, 4.2.3.2).
    """

    _held: OSError | None = None
    _head: bytes = b""

    def send(self, data: ReadableBuffer, flags: int = 0) -> int:
        """Write ``data``, or keep the head of a request until its body follows."""
        piece = bytes(data)
        if _BODY_FOLLOWS.match(piece):
            self._head = piece
            return len(piece)
        whole, self._head = self._head + piece, b""
        sent = 0
        while sent < len(whole):
            sent += super().send(whole[sent:], flags)
        return len(piece)

    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        """Wait for a record as ever; add those that need no waiting. An error after data comes next time."""
        held, self._held = self._held, None
        if held is not None:
            raise held
        first = super().recv(buflen, flags)
        if not first or buflen - len(first) < _RECORD:
            return first
        pieces, length, patience = [first], len(first), self.gettimeout()
        self.settimeout(0)
        try:
            while length < buflen and (piece := super().recv(buflen - length, flags)):
                pieces.append(piece)
                length += len(piece)
        except ssl.SSLWantReadError:
            pass
        except OSError as error:
            self._held = error
        finally:
            self.settimeout(patience)
        return b"".join(pieces)


def connect(context: ssl.SSLContext, timeout: float) -> httpx.Client:
    """Return an HTTP/1.1 keep-alive client: no proxy, no redirects, no environment, no compression."""
    return httpx.Client(
        verify=context,
        timeout=timeout,
        trust_env=False,
        follow_redirects=False,
        headers={"Accept-Encoding": "identity", "User-Agent": "stationleaf"},
        limits=httpx.Limits(max_connections=4, keepalive_expiry=_KEEP_SECONDS),
    )


@contextmanager
def mapped() -> Iterator[None]:
    """Turn every lower error into one of this module's."""
    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpx.CookieConflict) as error:
        raise as_expected(error) from error
    except (OSError, UnicodeError) as error:
        raise as_expected(error) from error


def as_expected(error: BaseException) -> Unavailable | Untrusted:
    """Say in our words what a lower error means."""
    for cause in _chain(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _certificate(cause)
        if isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError | ConnectionError):
            return HubUnreachable()
        if isinstance(cause, ssl.SSLError):
            return Rubbish("it does not speak TLS 1.3")
    if isinstance(error, httpx.RemoteProtocolError) and not _broke_off(error):
        return Rubbish("it does not speak HTTP")
    if isinstance(error, httpx.DecodingError | httpx.StreamError | httpx.TooManyRedirects):
        return Rubbish("its answer cannot be read")
    return HubUnreachable()


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _broke_off(error: httpx.RemoteProtocolError) -> bool:
    # h11's and httpcore's words for a connection that ends early; both are network trouble, not lies.
    text = str(error)
    return "disconnected without sending" in text or "peer closed connection" in text


def _certificate(error: ssl.SSLCertVerificationError) -> WrongCertificate:
    if error.verify_code in {_EXPIRED, _NOT_YET}:
        return WrongCertificate(
            "The hub's certificate is not valid now: it has expired, or a clock is wrong."
        )
    return WrongCertificate("What answers has a certificate that is not this plant's hub's.")


def send(client: httpx.Client, request: httpx.Request) -> httpx.Response:
    """Send, and return the open answer if it is a success; the caller closes it.

    Raises:
        HubRefused: 4xx with a ``Problem``.
        HubFault: 5xx.
        Rubbish: anything else.
        HubUnreachable, WrongCertificate: see there.
    """
    with mapped():
        response = client.send(request, stream=True)
        try:
            _check_status(response, request)
        except BaseException:
            response.close()
            raise
    return response


def _check_status(response: httpx.Response, request: httpx.Request) -> None:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise Rubbish("its answer is compressed")
    if response.status_code >= 500:
        raise _fault(response)
    if response.status_code >= 400:
        raise HubRefused(_problem(response), response.status_code)
    if not 200 <= response.status_code < 300:
        raise Rubbish(f"it answers {request.method} with status {response.status_code}")


def _problem(response: httpx.Response) -> Problem:
    body = read(response, JSON_MEDIA, MAX_PROBLEM_BYTES)
    try:
        return Problem.read(body)
    except Untrusted:
        raise Rubbish(f"status {response.status_code} without a reason") from None


def _fault(response: httpx.Response) -> HubFault:
    try:
        return HubFault(_problem(response).message, status=response.status_code)
    except Rubbish:
        return HubFault(status=response.status_code)


def read(response: httpx.Response, media: str, limit: int) -> bytes:
    """Read a whole answer of at most ``limit`` bytes, in at most six times the client's read timeout.

    Raises:
        Rubbish: another content type, or longer.
        HubUnreachable: the connection broke off, or the answer came too slowly.
    """
    check_media(response, media)
    patience = (response.request.extensions.get("timeout", {}).get("read") or 10.0) * 6
    until = time.monotonic() + patience
    body = bytearray()
    with mapped():
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > limit:
                raise Rubbish(f"its answer is longer than {limit} bytes")
            if time.monotonic() > until:
                raise HubUnreachable("The hub answers too slowly.")
    return bytes(body)


def check_media(response: httpx.Response, media: str) -> None:
    """Check the content type.

    Raises:
        Rubbish: it is another.
    """
    found = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if found != media:
        raise Rubbish(f"its answer is {found or 'without type'} and not {media}")
