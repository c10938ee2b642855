"""Reading and writing content streams: bytes to operations and back, and nothing about what they mean.

ISO 32000-2, 7.2 (lexical conventions), 7.8.2 (content streams), 8.9.7 (inline images). Operands are kept as
the bytes they came in, so that what is written draws exactly what was read; comments and space do not
survive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    rb"[\0\t\n\f\r ]+|%[^\r\n]*"
    rb"|(?P<name>/[^\0\t\n\f\r ()<>\[\]{}/%]*)"
    rb"|(?P<mark><<|>>|[\[\]{}])"
    rb"|(?P<hex><[^<>]*>)"
    rb"|(?P<open>\()"
    rb"|(?P<word>[^\0\t\n\f\r ()<>\[\]{}/%]+)"
    rb"|(?P<junk>[)>])"
)
_NUMBER = re.compile(rb"[+\-.\d][+\-.\d]*\Z")
_CONSTANTS = (b"true", b"false", b"null")
_STRING_PART = re.compile(rb"\\.|[()]", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_END_IMAGE = re.compile(rb"[\0\t\n\f\r ]EI(?=[\0\t\n\f\r /]|\Z)")
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(slots=True)
class Operation:
    """One operator with its operands as written; ``data`` is the picture of an inline image (operator BI)."""

    operator: bytes
    operands: list[bytes]
    data: bytes = b""


def parse(content: bytes) -> list[Operation]:
    """Read a whole content stream. Never raises: what is not understood stays as an unknown operator."""
    operations: list[Operation] = []
    operands: list[bytes] = []
    position, end = 0, len(content)
    while position < end:
        match = _TOKEN.match(content, position)
        if match is None:
            break
        position = match.end()
        kind, token = match.lastgroup, match.group()
        if kind is None or kind == "junk":
            continue
        if kind == "open":
            position = _string_end(content, position)
            operands.append(content[match.start() : position])
        elif kind == "mark" or kind != "word" or _NUMBER.match(token) or token in _CONSTANTS:
            operands.append(token)
        elif token == b"ID":
            position, data = _inline_data(content, position, operands)
            operations.append(Operation(b"BI", operands, data))
            operands = []
        elif token == b"BI":
            operands = []
        else:
            operations.append(Operation(token, operands))
            operands = []
    return operations


def serialise(operations: list[Operation]) -> bytes:
    """Write operations, one a line."""
    lines: list[bytes] = []
    for operation in operations:
        if operation.operator == b"BI":
            lines.append(b"BI " + b" ".join(operation.operands) + b"\nID " + operation.data + b"\nEI")
        else:
            lines.append(b" ".join([*operation.operands, operation.operator]))
    return b"\n".join(lines) + b"\n" if lines else b""


def name_of(token: bytes) -> bytes:
    """The name that a ``/Name`` token stands for, ``#xx`` resolved."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), token[1:])


def strings_of(operands: list[bytes]) -> list[bytes]:
    """The values of all strings among the operands (of Tj, TJ, ', ")."""
    return [string_of(token) for token in operands if token[:1] in (b"(", b"<") and token != b"<<"]


def string_of(token: bytes) -> bytes:
    """The bytes that a literal or hexadecimal string token stands for."""
    if token[:1] == b"<":
        digits = re.sub(rb"[^0-9A-Fa-f]", b"", token)
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    return _ESCAPE.sub(_unescape, token[1:-1])


def _unescape(found: re.Match[bytes]) -> bytes:
    body = found[1]
    if body[:1].isdigit() and body[:1] < b"8":
        return bytes([int(body, 8) & 255])
    if body in (b"\r\n", b"\r", b"\n"):
        return b""
    return _ESCAPED.get(body, body)


def _string_end(content: bytes, position: int) -> int:
    depth = 1
    for part in _STRING_PART.finditer(content, position):
        if part.group() == b"(":
            depth += 1
        elif part.group() == b")":
            depth -= 1
            if not depth:
                return part.end()
    return len(content)


def _inline_data(content: bytes, position: int, operands: list[bytes]) -> tuple[int, bytes]:
    """The data after ID: by its computed length where it is not compressed, else up to a plausible EI."""
    start = position + 1
    if content[position : position + 2] == b"\r\n":
        start += 1
    length = _raw_length(operands)
    if length is not None:
        found = re.compile(rb"[\0\t\n\f\r ]*EI(?=[\0\t\n\f\r /]|\Z)").match(content, start + length)
        if found:
            return found.end(), content[start : start + length]
    for found in _END_IMAGE.finditer(content, start - 1):
        if _looks_like_content(content[found.end() : found.end() + 24]):
            return found.end(), content[start : max(start, found.start())]
    return len(content), content[start:]


def _looks_like_content(text: bytes) -> bool:
    return all(byte in b"\t\n\f\r" or 32 <= byte < 127 for byte in text)


def _raw_length(operands: list[bytes]) -> int | None:
    values = dict(zip(operands[::2], operands[1::2], strict=False))

    def get(short: bytes, long: bytes) -> bytes | None:
        return values.get(short, values.get(long))

    if get(b"/F", b"/Filter") is not None or len(operands) % 2:
        return None
    components = {b"/G": 1, b"/DeviceGray": 1, b"/RGB": 3, b"/DeviceRGB": 3, b"/CMYK": 4, b"/DeviceCMYK": 4}
    mask = get(b"/IM", b"/ImageMask") == b"true"
    count = 1 if mask else components.get(get(b"/CS", b"/ColorSpace") or b"")
    try:
        bits = 1 if mask else int(get(b"/BPC", b"/BitsPerComponent") or b"8")
        width, height = int(get(b"/W", b"/Width") or b""), int(get(b"/H", b"/Height") or b"")
    except ValueError:
        return None
    if count is None or width <= 0 or height <= 0:
        return None
    return (width * count * bits + 7) // 8 * height
