"""Request signatures (RFC 9421, Ed25519): how a kiosk signs a request and how the hub checks one.

Who the kiosk is and whether its counter is fresh is for the hub to say; nothing here does I/O.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    VerifyResult,
    algorithms,
)

from app.model.errors import Untrusted
from app.seal.keys import verify
from app.wire.messages import COUNTER_HEADER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from app.seal.keys import SigningKey

TAG = "stationleaf"
LABEL = "kiosk"
COVERED = ("@method", "@authority", "@path", "@query", "content-digest", COUNTER_HEADER)
"""What every request signature covers: exactly these."""

_COVERED = {f'"{name}"' for name in COVERED}

MAX_SKEW = timedelta(minutes=5)
"""How far ``created`` may be from the hub's time."""

MAX_COUNTER = 2**63 - 1
_COUNTER = re.compile(r"[1-9][0-9]{0,18}")
_KEYID_SAFE = "!#$&'()*+,/:;=?@[]^`{|}~ "

# What ``sign_request`` writes, where nothing needs escaping or another case.
_NAMES = " ".join(f'"{name}"' for name in COVERED)
_PLAIN_KIOSK = re.compile(r"[A-Za-z0-9._-]+", re.ASCII)
_PLAIN_INPUT = re.compile(
    rf'{LABEL}=(\({re.escape(_NAMES)}\);created=([1-9][0-9]{{0,11}});keyid="({_PLAIN_KIOSK.pattern})"'
    rf';alg="ed25519";tag="{TAG}")',
    re.ASCII,
)
_PLAIN_SIGNATURE = re.compile(rf"{LABEL}=:([A-Za-z0-9+/]{{86}}==):", re.ASCII)
_PLAIN_URL = re.compile(
    r"https://([a-z0-9.-]+(?::(?!443/)[1-9][0-9]{0,4})?)(/[A-Za-z0-9._/-]*)(\?[A-Za-z0-9._=&-]+)?", re.ASCII
)
_FIELDS = frozenset({"content-digest", COUNTER_HEADER, "signature-input", "signature"})


class ClockOff(Untrusted):
    """The request says that it was made at another time than now."""

    code = "clock_off"


class _Headers(dict[str, str]):
    """Field lines in order, several of one name kept apart (what the library reads from ``items``)."""

    def __init__(self, lines: Sequence[tuple[str, str]]) -> None:
        super().__init__(lines)
        self._lines = tuple(lines)

    def items(self) -> Any:
        return self._lines


@dataclass(frozen=True)
class SignedRequest:
    """A request as the hub received it: ``url`` absolute and encoded as sent, header lines in order."""

    method: str
    url: str
    headers: Sequence[tuple[str, str]]
    body: bytes


@dataclass(frozen=True)
class Signer:
    """Who signed a request, and the counter that it carried. Freshness is still to be checked."""

    kiosk: str
    counter: int


@dataclass(frozen=True)
class _Outgoing:
    method: str
    url: str
    headers: dict[str, str]


@dataclass(frozen=True)
class _Received:
    method: str
    url: str
    headers: _Headers


def content_digest(body: bytes) -> str:
    """Return the RFC 9530 field value of a body (also of an empty one)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def sign_request(
    method: str, url: str, body: bytes, *, kiosk: str, key: SigningKey, counter: int, created: datetime
) -> dict[str, str]:
    """Return the header fields that sign a request. ``url`` is absolute and encoded as it will be sent.

    The key's id is the kiosk's code, percent-encoded where RFC 8941 strings need it.
    """
    digest = content_digest(body)
    place = _PLAIN_URL.fullmatch(url)
    if place is not None and method.isupper() and _PLAIN_KIOSK.fullmatch(kiosk):
        says = f'({_NAMES});created={int(created.timestamp())};keyid="{kiosk}";alg="ed25519";tag="{TAG}"'
        signature = key.sign(_plain_base(method, place, digest, str(counter), says))
        return {
            "Content-Digest": digest,
            COUNTER_HEADER: str(counter),
            "Signature-Input": f"{LABEL}={says}",
            "Signature": f"{LABEL}=:{base64.b64encode(signature).decode()}:",
        }
    message = _Outgoing(method, url, {"Content-Digest": digest, COUNTER_HEADER: str(counter)})
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_PrivateKey(key))
    signer.sign(
        message,
        key_id=quote(kiosk, safe=_KEYID_SAFE),
        created=created,
        label=LABEL,
        tag=TAG,
        covered_component_ids=COVERED,
        use_existing_digest=True,
    )
    return message.headers


def verify_request(request: SignedRequest, key_of: Callable[[str], bytes | None], now: datetime) -> Signer:
    """Say who signed a request. ``key_of`` gives the Ed25519 public key of a kiosk, or None.

    Steps (RFC 9421, section 3.2): 1 the body has the digest that it claims; 2 there is exactly one signature,
    in well-formed fields; 3 its key is known and it holds; 4 it covers exactly ``COVERED`` under our tag;
    5 it was created about now; 6 the counter is a number. The caller then checks the counter.

    Raises:
        Untrusted: ``code`` ``signature`` (or ``clock_off``, a ``ClockOff``).
    """
    _check_digest(request)  # 1
    plain = _Plain.read(request)
    if plain is not None:
        return plain.verified(key_of, now)
    result = _verified(request, key_of)  # 2, 3
    if set(result.covered_components) - {'"@signature-params"'} != _COVERED:  # 4
        raise _refused("it does not cover the whole request")
    if result.parameters.get("tag") != TAG:
        raise _refused("it was made for something else")
    _check_time(result.parameters, now)  # 5
    counter = result.covered_components[f'"{COUNTER_HEADER}"']
    if not _COUNTER.fullmatch(counter) or int(counter) > MAX_COUNTER:  # 6
        raise _refused("its counter is not a number")
    return Signer(unquote(str(result.parameters["keyid"])), int(counter))


def _plain_base(method: str, place: re.Match[str], digest: str, counter: str, says: str) -> bytes:
    """The signature base (RFC 9421, section 2.5); ``says`` are its parameters."""
    values = (method, place[1], place[2], place[3] or "?", digest, counter)
    lines = [f'"{name}": {value}' for name, value in zip(COVERED, values, strict=True)]
    return "\n".join([*lines, f'"@signature-params": {says}']).encode()


@dataclass(frozen=True)
class _Plain:
    """A request signed to the letter as ``sign_request`` does it: what every kiosk sends.

    The library takes it apart and puts it together again by the whole of RFC 8941 and 9421, which costs more
    than the signature; that it comes to the same is for the tests to say. Any other request goes its way.
    """

    base: bytes
    signature: bytes
    kiosk: str
    created: int
    counter: int

    @classmethod
    def read(cls, request: SignedRequest) -> _Plain | None:
        """None: it is written in another way, and the library must say what it means."""
        fields: dict[str, str] = {}
        for name, value in request.headers:
            lower = name.lower()
            if lower in _FIELDS:
                if lower in fields:
                    return None
                fields[lower] = value
        if len(fields) != len(_FIELDS):
            return None
        says = _PLAIN_INPUT.fullmatch(fields["signature-input"])
        signature = _PLAIN_SIGNATURE.fullmatch(fields["signature"])
        place = _PLAIN_URL.fullmatch(request.url)
        counter, digest = fields[COUNTER_HEADER], fields["content-digest"]
        if says is None or signature is None or place is None or not _COUNTER.fullmatch(counter):
            return None
        if int(counter) > MAX_COUNTER or digest != digest.strip() or not request.method.isupper():
            return None
        base = _plain_base(request.method, place, digest, counter, says[1])
        return cls(base, base64.b64decode(signature[1]), says[3], int(says[2]), int(counter))

    def verified(self, key_of: Callable[[str], bytes | None], now: datetime) -> Signer:
        """Steps 3 and 5; the others follow from the form. Raises Untrusted, as ``verify_request``."""
        key = key_of(self.kiosk)
        try:
            verify(key or b"", self.signature, self.base)
        except Untrusted:
            raise _refused("it is missing or does not hold") from None
        _check_time({"created": self.created}, now)
        return Signer(self.kiosk, self.counter)


def _verified(request: SignedRequest, key_of: Callable[[str], bytes | None]) -> VerifyResult:
    keys = _PublicKeys(key_of)
    message = _Received(request.method, request.url, _Headers(request.headers))
    try:
        results = _Verifier(keys).verify(message, max_age=None)
    except (HTTPMessageSignaturesException, ValueError, TypeError):
        if keys.failure is not None:
            raise keys.failure from None
        raise _refused("it is missing or does not hold") from None
    if len(results) != 1:
        raise _refused("there is more than one")
    return results[0]


def _check_digest(request: SignedRequest) -> None:
    values = [value.strip() for name, value in request.headers if name.lower() == "content-digest"]
    expected = content_digest(request.body)
    if len(values) != 1 or not hmac.compare_digest(values[0].encode(), expected.encode()):
        raise _refused("the body is not the one that was signed")


def _check_time(parameters: dict[str, Any], now: datetime) -> None:
    created = parameters["created"]
    if abs(created - now.timestamp()) > MAX_SKEW.total_seconds():
        raise ClockOff(
            "The request was made at another time than the hub's.",
            advice="Check the clocks of this kiosk and of the hub.",
        )
    if "expires" in parameters and parameters["expires"] < now.timestamp():
        raise _refused("it has expired")


def _refused(why: str) -> Untrusted:
    return Untrusted(f"The request's signature is refused: {why}.", code="signature")


class _PrivateKey(HTTPSignatureKeyResolver):
    """Gives the signer the one key."""

    def __init__(self, key: SigningKey) -> None:
        self._key = key

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:  # noqa: ARG002 (the library's port)
        return Ed25519PrivateKey.from_private_bytes(self._key.raw)


class _PublicKeys(HTTPSignatureKeyResolver):
    """Gives the verifier a kiosk's key. The library calls whatever goes wrong here a bad signature, so the
    look-up's own error is kept in ``failure``: a database that fails is not a kiosk that lies.
    """

    def __init__(self, key_of: Callable[[str], bytes | None]) -> None:
        self._key_of = key_of
        self.failure: Exception | None = None

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey | None:
        try:
            raw = self._key_of(unquote(key_id))
        except Exception as error:
            self.failure = error
            raise
        return None if raw is None else Ed25519PublicKey.from_public_bytes(raw)


class _Verifier(HTTPMessageVerifier):
    """The library's verifier with time taken out: it reads the machine's clock, the hub has its own."""

    def __init__(self, keys: _PublicKeys) -> None:
        super().__init__(signature_algorithm=algorithms.ED25519, key_resolver=keys)

    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:  # noqa: ARG002 (the library's port)
        """Only that ``created`` is there; ``verify_request`` compares it with the hub's time."""
        if "created" not in sig_input.params:
            raise InvalidSignature("no creation time")
