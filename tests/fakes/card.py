"""A card in software that answers real APDUs: as a function, or at pcscd's virtual reader (vpcd).

It holds a contactless number and, if given, a PIV application with the card-authentication key 9E, and it can
be made to misbehave in the ways that the tests name. Its cryptography is the library's.
"""

from __future__ import annotations

import contextlib
import gzip
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PIV_AID = bytes.fromhex("a000000308000010000100")
CARD_AUTHENTICATION = x509.ObjectIdentifier("2.16.840.1.101.3.6.8")
ATR = bytes.fromhex("3b80800101")  # contactless, T=1 (PC/SC part 3)
_PART = 256


def tlv(tag: bytes, value: bytes) -> bytes:
    """One field, written independently of the code under test."""
    size = len(value)
    if size < 128:
        return tag + bytes([size]) + value
    if size < 256:
        return tag + b"\x81" + bytes([size]) + value
    return tag + b"\x82" + size.to_bytes(2, "big") + value


@dataclass
class SoftwareCard:
    """Answers APDUs. ``uid`` empty: the reader has no number for it. ``key`` None: no PIV application.

    Misbehaviour: ``sign_with`` another key; ``replay`` gives the first signature for ever; ``zipped`` stores
    the certificate compressed, ``zip_cut`` bytes short; ``garbage`` replaces the answer to the n-th command;
    ``gone_after`` commands it leaves the field; ``agrees`` False: key 9E only signs.
    """

    uid: bytes = b"\x04\xa2\xb3\xc4\xd5\xe6\x80"
    key: ec.EllipticCurvePrivateKey | None = None
    certificate: bytes = b""
    zipped: bool = False
    zip_cut: int = 0
    sign_with: ec.EllipticCurvePrivateKey | None = None
    replay: bool = False
    agrees: bool = True
    garbage: dict[int, bytes] = field(default_factory=dict)
    gone_after: int | None = None
    seen: list[bytes] = field(default_factory=list)
    _rest: bytes = b""
    _selected: bool = False
    _signed: bytes = b""

    def answer(self, apdu: bytes) -> bytes:
        """One command in, data and status out; a ``ConnectionError`` once it has left the field."""
        self.seen.append(apdu)
        if self.gone_after is not None and len(self.seen) > self.gone_after:
            raise ConnectionError("the card was taken away")
        if len(self.seen) in self.garbage:
            return self.garbage[len(self.seen)]
        if apdu[:2] == b"\x00\xc0":
            return self._part(apdu[4])
        return self._begin(self._respond(apdu))

    def reset(self) -> None:
        """The field was switched off or on."""
        self._selected, self._rest = False, b""

    def _respond(self, apdu: bytes) -> bytes:
        head = apdu[:4]
        data = apdu[5 : 5 + apdu[4]] if len(apdu) > 5 else b""
        if apdu[:2] == b"\xff\xca":
            return self.uid + b"\x90\x00" if self.uid else b"\x6a\x81"
        if head == b"\x00\xa4\x04\x00":
            return self._select(data)
        if not self._selected:
            return b"\x6d\x00"
        if head == b"\x00\xcb\x3f\xff" and data == bytes.fromhex("5c035fc101"):
            return self._object()
        if head[:2] == b"\x00\x87" and head[3] == 0x9E:
            return self._authenticate(head[2], data)
        return b"\x6a\x80"

    def _select(self, aid: bytes) -> bytes:
        self._selected = self.key is not None and PIV_AID.startswith(aid) and len(aid) >= 9
        if not self._selected:
            return b"\x6a\x82"
        template = tlv(b"\x4f", PIV_AID[5:]) + tlv(b"\x79", tlv(b"\x4f", PIV_AID[:5]))
        return tlv(b"\x61", template) + b"\x90\x00"

    def _object(self) -> bytes:
        if not self.certificate:
            return b"\x6a\x82"
        stored = self.certificate
        if self.zipped:
            stored = gzip.compress(stored)
            stored = stored[: len(stored) - self.zip_cut]
        info = b"\x01" if self.zipped else b"\x00"
        inner = tlv(b"\x70", stored) + tlv(b"\x71", info) + tlv(b"\xfe", b"")
        return tlv(b"\x53", inner) + b"\x90\x00"

    def _authenticate(self, algorithm: int, data: bytes) -> bytes:
        assert self.key is not None
        expected = {"secp256r1": (0x11, 32, hashes.SHA256()), "secp384r1": (0x14, 48, hashes.SHA384())}
        number, size, digest = expected[self.key.curve.name]
        if algorithm != number or data[:1] != b"\x7c" or data[2:4] != b"\x82\x00":
            return b"\x6a\x80"
        tag, length, value = data[4], data[5], data[6:]
        if tag == 0x81 and length == len(value) == size:
            signer = self.sign_with or self.key
            signature = signer.sign(value, ec.ECDSA(utils.Prehashed(digest)))
            if self.replay and self._signed:
                signature = self._signed
            self._signed = signature
            return tlv(b"\x7c", tlv(b"\x82", signature)) + b"\x90\x00"
        if tag == 0x85 and length == len(value) and self.agrees:
            peer = ec.EllipticCurvePublicKey.from_encoded_point(self.key.curve, value)
            return tlv(b"\x7c", tlv(b"\x82", self.key.exchange(ec.ECDH(), peer))) + b"\x90\x00"
        return b"\x6a\x80"

    def _begin(self, response: bytes) -> bytes:
        data, status = response[:-2], response[-2:]
        if len(data) <= _PART:
            return response
        self._rest = data
        assert status == b"\x90\x00"
        return self._part(0)

    def _part(self, wanted: int) -> bytes:
        size = wanted or _PART
        part, self._rest = self._rest[:size], self._rest[size:]
        if not self._rest:
            return part + b"\x90\x00"
        return part + b"\x61" + bytes([min(len(self._rest), 255) if len(self._rest) < _PART else 0])


class Tapped:
    """Holds a card at the virtual reader while the ``with`` block runs."""

    def __init__(self, card: SoftwareCard, port: int) -> None:
        self.card = card
        self.port = port
        self._end = threading.Event()
        self._socket: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self.card.reset()
        self._socket = _connect(self.port)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        assert self._socket is not None
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        assert self._socket is not None
        try:
            while True:
                (size,) = struct.unpack(">H", self._receive(2))
                self._handle(self._receive(size))
        except (ConnectionError, OSError):
            self._socket.close()

    def _handle(self, payload: bytes) -> None:
        assert self._socket is not None
        if payload == b"\x04":
            self._send(ATR)
        elif len(payload) == 1:
            self.card.reset()
        else:
            self._send(self.card.answer(payload))

    def _send(self, payload: bytes) -> None:
        assert self._socket is not None
        self._socket.sendall(struct.pack(">H", len(payload)) + payload)

    def _receive(self, size: int) -> bytes:
        assert self._socket is not None
        # The driver sends length and payload apart; a delayed acknowledgement would cost 40 ms a command.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        data = b""
        while len(data) < size:
            part = self._socket.recv(size - len(data))
            if not part:
                raise ConnectionError("the reader closed")
            data += part
        return data


def _connect(port: int) -> socket.socket:
    deadline = time.monotonic() + 30
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=None)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


@dataclass
class CardCa:
    """A CA that issues cards, in memory."""

    name: str = "Site card CA"
    start: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    end: datetime = datetime(2036, 1, 1, tzinfo=UTC)
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def __post_init__(self) -> None:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])
        ski = x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())
        self.certificate = (
            _builder(name, name, self.key.public_key(), self.start, self.end)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(sign_certificates=True), critical=True)
            .add_extension(ski, critical=False)
            .sign(self.key, hashes.SHA256())
        )

    @property
    def pem(self) -> bytes:
        """The CA's certificate as PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def issue(
        self,
        *,
        holder: str = "Dana Reyes",
        organization: str = "Acme Devices",
        start: datetime | None = None,
        end: datetime | None = None,
        purposes: tuple[x509.ObjectIdentifier, ...] = (CARD_AUTHENTICATION,),
        signs: bool = True,
        curve: ec.EllipticCurve | None = None,
        ca: bool = False,
    ) -> SoftwareCard:
        """Make a key and its certificate, and a card that holds both."""
        key = ec.generate_private_key(curve or ec.SECP256R1())
        subject = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization)] if organization else []
        subject += [x509.NameAttribute(NameOID.COMMON_NAME, holder)] if holder else []
        aki = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = (
            _builder(
                x509.Name(subject),
                self.certificate.subject,
                key.public_key(),
                start or self.start,
                end or self.start + timedelta(days=3 * 365),
            )
            .add_extension(_usage(sign=signs), critical=True)
            .add_extension(aki, critical=False)
        )
        if ca:
            builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        if purposes:
            builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=True)
        der = builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
        return SoftwareCard(key=key, certificate=der)


WEB_CLIENT = ExtendedKeyUsageOID.CLIENT_AUTH


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    start: datetime,
    end: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
    )


def _usage(*, sign: bool = False, sign_certificates: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=not sign_certificates,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        encipher_only=False,
        decipher_only=False,
    )
