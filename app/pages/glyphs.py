"""Empties glyph outlines inside a font program, in place: TrueType, CFF (also in OpenType) and Type 1.

Pure bytes in, bytes out, same length. OpenType 1.9 (glyf, loca), Adobe Technical Notes 5176 (CFF), 5177 (Type
2 charstrings), Adobe Type 1 Font Format. Raises nothing for odd fonts: what is not understood is left whole,
and the caller's comparison of pictures and the tests decide.
"""

from __future__ import annotations

import itertools
import re
import struct

_ENDCHAR = 14
_EEXEC_KEY, _CHARSTRING_KEY, _C1, _C2 = 55665, 4330, 52845, 22719


def keep_only(data: bytes, used: set[int]) -> bytes:
    """The font with the outlines of all glyphs but ``used`` (glyph numbers) emptied."""
    try:
        if data[:4] in (b"\0\1\0\0", b"true", b"OTTO", b"ttcf"):
            return _sfnt(data, used)
        if data[:1] == b"\1" and len(data) > 4:
            out = bytearray(data)
            _cff(out, 0, used)
            return bytes(out)
        if data[:2] in (b"%!", b"\x80\1"):
            return _type1(data, used)
    except (struct.error, IndexError, ValueError):
        pass
    return data


def _sfnt(data: bytes, used: set[int]) -> bytes:
    count = struct.unpack_from(">H", data, 4)[0]
    tables = {}
    for index in range(count):
        tag, _, offset, length = struct.unpack_from(">4sIII", data, 12 + 16 * index)
        tables[tag] = (offset, length)
    out = bytearray(data)
    if b"CFF " in tables:
        _cff(out, tables[b"CFF "][0], used)
    elif b"glyf" in tables and b"loca" in tables and b"head" in tables:
        _glyf(out, tables, used)
    return bytes(out)


def _glyf(out: bytearray, tables: dict[bytes, tuple[int, int]], used: set[int]) -> None:
    long_format = struct.unpack_from(">h", out, tables[b"head"][0] + 50)[0] != 0
    start, length = tables[b"loca"]
    length = min(length, len(out) - start)
    if long_format:
        loca = [value for (value,) in struct.iter_unpack(">I", out[start : start + length // 4 * 4])]
    else:
        loca = [value * 2 for (value,) in struct.iter_unpack(">H", out[start : start + length // 2 * 2])]
    base, size = tables[b"glyf"]
    size = min(size, len(out) - base)
    spans = [(base + a, base + b) if a < b <= size else (base, base) for a, b in itertools.pairwise(loca)]
    kept = bytearray(size)
    for glyph in _with_components(out, spans, used):
        first, last = spans[glyph]
        kept[first - base : last - base] = out[first:last]
    out[base : base + size] = kept


def _with_components(data: bytearray, spans: list[tuple[int, int]], used: set[int]) -> set[int]:
    """``used`` and all glyphs that composites among them are made of."""
    found: set[int] = set()
    waiting = [glyph for glyph in used if 0 <= glyph < len(spans)]
    while waiting:
        glyph = waiting.pop()
        if glyph in found:
            continue
        found.add(glyph)
        first, last = spans[glyph]
        if last - first >= 10 and struct.unpack_from(">h", data, first)[0] < 0:
            waiting += [part for part in _components(data, first + 10, last) if part < len(spans)]
    return found


def _components(data: bytearray, position: int, end: int) -> list[int]:
    parts = []
    more = True
    while more and position + 4 <= end:
        flags, glyph = struct.unpack_from(">HH", data, position)
        parts.append(glyph)
        position += 4 + (4 if flags & 1 else 2)
        position += 2 if flags & 8 else 4 if flags & 0x40 else 8 if flags & 0x80 else 0
        more = bool(flags & 0x20)
    return parts


def _index(data: bytes | bytearray, position: int) -> tuple[list[tuple[int, int]], int]:
    """The spans of a CFF INDEX and where it ends."""
    count = struct.unpack_from(">H", data, position)[0]
    if not count:
        return [], position + 2
    size = data[position + 2]
    table = position + 3
    offsets = [int.from_bytes(data[table + i * size : table + (i + 1) * size]) for i in range(count + 1)]
    base = table + (count + 1) * size - 1
    return [(base + a, base + b) for a, b in itertools.pairwise(offsets)], base + offsets[-1]


def _cff(out: bytearray, start: int, used: set[int]) -> None:
    _, names_end = _index(out, start + out[start + 2])
    tops, _ = _index(out, names_end)
    charstrings = _dict_number(out[tops[0][0] : tops[0][1]], 17)
    spans, _ = _index(out, start + charstrings)
    for glyph, (first, last) in enumerate(spans):
        if glyph not in used and first < last <= len(out):
            out[first:last] = bytes([_ENDCHAR]) + bytes(last - first - 1)


def _dict_number(data: bytes | bytearray, wanted: int) -> int:
    """The integer operand of a one-byte operator in a CFF DICT."""
    position, last = 0, 0
    while position < len(data):
        byte = data[position]
        if byte == 28:
            last, position = struct.unpack_from(">h", data, position + 1)[0], position + 3
        elif byte == 29:
            last, position = struct.unpack_from(">i", data, position + 1)[0], position + 5
        elif byte == 30:
            position += 1
            while data[position] & 15 != 15 and data[position] >> 4 != 15:
                position += 1
            position += 1
        elif byte <= 21:
            if byte == wanted:
                return last
            position += 2 if byte == 12 else 1
        elif byte <= 246:
            last, position = byte - 139, position + 1
        else:
            sign = 1 if byte <= 250 else -1
            base = byte - (247 if byte <= 250 else 251)
            last, position = sign * (base * 256 + data[position + 1] + 108), position + 2
    raise ValueError("operator not found")


def _type1(data: bytes, used: set[int]) -> bytes:
    if data[:1] == b"\x80":
        data = _without_segments(data)
    begin = data.index(b"eexec") + 5
    while data[begin : begin + 1] in (b" ", b"\r", b"\n", b"\t"):
        begin += 1
    private = data[begin:]
    if re.match(rb"[0-9A-Fa-f\s]{8}", private):
        digits = re.sub(rb"\s", b"", re.match(rb"[0-9A-Fa-f\s]*", private).group())  # type: ignore[union-attr] # matches
        tail = b""
        plain = bytearray(_decrypt(bytes.fromhex(digits[: len(digits) // 2 * 2].decode()), _EEXEC_KEY))
    else:
        plain, tail = bytearray(_decrypt(private, _EEXEC_KEY)), b""
    _empty_charstrings(plain, used)
    return data[:begin] + _encrypt(bytes(plain), _EEXEC_KEY) + tail


def _without_segments(data: bytes) -> bytes:
    parts, position = [], 0
    while data[position : position + 1] == b"\x80" and data[position + 1] in (1, 2):
        length = struct.unpack_from("<I", data, position + 2)[0]
        parts.append(data[position + 6 : position + 6 + length])
        position += 6 + length
    return b"".join(parts)


def _empty_charstrings(plain: bytearray, used: set[int]) -> None:
    found = re.search(rb"/lenIV\s+(-?\d+)", plain)
    skip = int(found[1]) if found else 4
    spans: list[tuple[bytes, int, int]] = []
    position = plain.index(b"/CharStrings")
    entry = re.compile(rb"/([^\s/\[\]{}()<>%]+)\s+(\d+)\s+(?:RD|-\||\S+) ")
    position = plain.index(b"begin", position)
    while match := entry.search(plain, position, position + 200):
        first, length = match.end(), int(match[2])
        spans.append((match[1], first, first + length))
        position = first + length
    order = _glyph_order([name for name, _, _ in spans])
    keep = {spans[order[glyph]][0] for glyph in used if glyph < len(order)} | {b".notdef"}
    keep |= _accent_parts(plain, [span for span in spans if span[0] in keep], skip)
    for name, first, last in spans:
        if name not in keep:
            plain[first:last] = _blank_type1(last - first, skip)


def _glyph_order(names: list[bytes]) -> list[int]:
    """FreeType's glyph numbers: file order, with .notdef exchanged into first place."""
    order = list(range(len(names)))
    if b".notdef" in names and names[0] != b".notdef":
        place = names.index(b".notdef")
        order[0], order[place] = order[place], order[0]
    return order


def _accent_parts(plain: bytearray, spans: list[tuple[bytes, int, int]], skip: int) -> set[bytes]:
    """Names of the letters and accents that seac builds accented glyphs from; all of them if any."""
    for _, first, last in spans:
        body = (
            bytes(plain[first:last])
            if skip < 0
            else _decrypt(bytes(plain[first:last]), _CHARSTRING_KEY)[skip:]
        )
        if b"\x0c\x06" in body:
            return _SEAC_NAMES
    return set()


_SEAC_NAMES = {bytes([letter]) for letter in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"} | {
    b"grave", b"acute", b"circumflex", b"tilde", b"macron", b"breve", b"dotaccent", b"dieresis", b"ring",
    b"cedilla", b"hungarumlaut", b"ogonek", b"caron", b"dotlessi", b"quotesingle", b"comma",
}  # fmt: skip


def _blank_type1(length: int, skip: int) -> bytes:
    """A charstring of the same length that draws nothing: 0 0 hsbw endchar."""
    body = b"\x8b\x8b\x0d\x0e"
    pad = max(skip, 0)
    if length < pad + len(body):
        body = b"\x0e"
    plain = (bytes(pad) + body + bytes(length))[:length]
    return plain if skip < 0 else _encrypt(plain, _CHARSTRING_KEY)


def _decrypt(data: bytes, key: int) -> bytes:
    out = bytearray(len(data))
    for index, cipher in enumerate(data):
        out[index] = cipher ^ (key >> 8)
        key = ((cipher + key) * _C1 + _C2) & 0xFFFF
    return bytes(out)


def _encrypt(data: bytes, key: int) -> bytes:
    out = bytearray(len(data))
    for index, plain in enumerate(data):
        cipher = plain ^ (key >> 8)
        out[index] = cipher
        key = ((cipher + key) * _C1 + _C2) & 0xFFFF
    return bytes(out)
