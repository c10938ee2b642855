"""Commands to a card and its answers (ISO/IEC 7816-4), and the nested fields inside them (BER-TLV).

Nothing here knows a reader or what a card is for. Whatever a card answers is untrusted input: each length is
checked and bounded, and what does not fit is ``Damaged``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.model.errors import Damaged

Transmit = Callable[[bytes], bytes]
"""Send one command, return the raw answer (data and two status bytes)."""

OK = 0x9000
MAX_ANSWER = 16 * 1024
"""Bytes that one command may bring in over all its parts; a PIV certificate has at most 3 KB."""
_MAX_ROUNDS = 128
_GET_RESPONSE = bytes.fromhex("00c00000")
_HOLD = "Hold the badge still on the reader and try again; if it stays so, have the badge checked."


def garbled(detail: str) -> Damaged:
    """The error for an answer that does not follow the standard; ``detail`` is for the log."""
    return Damaged(
        f"The badge gave an answer that makes no sense ({detail}).", advice=_HOLD, code="card_garbled"
    )


@dataclass(frozen=True)
class Answer:
    """All data of an answer, its parts put together, and the last status word."""

    data: bytes
    status: int

    @property
    def ok(self) -> bool:
        """Whether the card did what it was asked."""
        return self.status == OK


def command(head: str, data: bytes = b"", *, expect: bool = True) -> bytes:
    """Build a short command from its four header bytes in hex; ``expect`` asks for all there is (Le 00)."""
    if len(data) > 255:
        raise ValueError("a short command carries at most 255 bytes")
    body = bytes([len(data)]) + data if data else b""
    return bytes.fromhex(head) + body + (b"\0" if expect else b"")


def exchange(transmit: Transmit, request: bytes) -> Answer:
    """Send a command, follow ``61xx`` (more to fetch) and ``6Cxx`` (ask again with this length).

    Raises:
        Damaged: the answer is not one (``card_garbled``): too short, too long, or without end.
    """
    data = b""
    for _round in range(_MAX_ROUNDS):
        raw = transmit(request)
        if len(raw) < 2:
            raise garbled("no status")
        data += raw[:-2]
        if len(data) > MAX_ANSWER:
            raise garbled("too long")
        high, low = raw[-2], raw[-1]
        if high == 0x61:
            request = _GET_RESPONSE + bytes([low])
        elif high == 0x6C:
            request = request[:-1] + bytes([low])
        else:
            return Answer(data, high << 8 | low)
    raise garbled("without end")


def parse_tlv(data: bytes) -> tuple[tuple[int, bytes], ...]:
    """Split ``data`` into its fields, one level deep, in order: (tag, value).

    Raises:
        Damaged: a field does not end where the data does (``card_garbled``).
    """
    fields = []
    at = 0
    while at < len(data):
        tag, at = _tag(data, at)
        length, at = _length(data, at)
        if at + length > len(data):
            raise garbled("a field is cut off")
        fields.append((tag, data[at : at + length]))
        at += length
    return tuple(fields)


def field(data: bytes, tag: int) -> bytes:
    """The value of the one field ``tag`` in ``data``.

    Raises:
        Damaged: it is absent or there more than once (``card_garbled``).
    """
    found = [value for name, value in parse_tlv(data) if name == tag]
    if len(found) != 1:
        raise garbled(f"field {tag:X} is there {len(found)} times")
    return found[0]


def tlv(tag: int, value: bytes) -> bytes:
    """Encode one field."""
    size = len(value)
    if size < 0x80:
        length = bytes([size])
    else:
        octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
        length = bytes([0x80 | len(octets)]) + octets
    return tag.to_bytes((tag.bit_length() + 7) // 8 or 1, "big") + length + value


def _tag(data: bytes, at: int) -> tuple[int, int]:
    first = data[at]
    at += 1
    if first & 0x1F != 0x1F:
        return first, at
    tag = first
    for _octet in range(2):
        if at >= len(data):
            raise garbled("a tag is cut off")
        tag, more = tag << 8 | data[at], bool(data[at] & 0x80)
        at += 1
        if not more:
            return tag, at
    raise garbled("a tag is too long")


def _length(data: bytes, at: int) -> tuple[int, int]:
    if at >= len(data):
        raise garbled("a length is missing")
    first = data[at]
    at += 1
    if first < 0x80:
        return first, at
    octets = first & 0x7F
    if not 1 <= octets <= 3 or at + octets > len(data):
        raise garbled("a length does not hold")
    return int.from_bytes(data[at : at + octets], "big"), at + octets
