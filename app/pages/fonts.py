"""Fonts of one page: which codes and glyphs it shows, and font programs without all other outlines.

Outlines are overwritten in place (``glyphs``), so glyph numbers, metrics and every offset stay as they were
and the page draws the same bits. Worker side only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from app.pages import glyphs, objects
from app.pages.binding import mupdf
from app.pages.content import parse, string_of

if TYPE_CHECKING:
    from app.pages.plan import Plan


class GlyphPlan:
    """Codes per font, glyphs per font program, over the whole page."""

    def __init__(self, document: Any, plan: Plan) -> None:
        self._document = document
        self._plan = plan
        self._codes: dict[int, frozenset[int] | None] = {}
        self._used: dict[int, set[int] | frozenset[int] | None] = {}
        # A font that is named but shows nothing keeps nothing, unless any font may be meant.
        self._unused: frozenset[int] | None = None if plan.any_font else frozenset()
        for font in plan.fonts.values():
            self._note(font)

    def codes(self, font: Any) -> frozenset[int] | None:
        """The character codes that the page shows with ``font``; None where all must be kept."""
        return self._codes.get(objects.identity(font), self._unused)

    def glyph_names(self, font: Any) -> set[bytes] | None:
        """The Type 3 glyph procedures that are shown; None where all must be kept."""
        codes = self.codes(font)
        if codes is None:
            return None
        names = differences(objects.get(font, "Encoding"))
        return {names[code] for code in codes if code in names}

    def program(self, stream: Any) -> tuple[bytes, dict[bytes, int]]:
        """The font program with only the page's outlines, and its Length entries."""
        data = objects.decoded(stream)
        used = self._used.get(objects.identity(stream), self._unused)
        lengths = {
            name.encode(): mupdf.pdf_to_int(objects.get(stream, name))
            for name in ("Length1", "Length2", "Length3")
            if not objects.is_null(objects.get(stream, name))
        }
        if used is not None:
            data = glyphs.keep_only(data, set(used))
        return data, lengths

    def _note(self, font: Any) -> None:
        identity = objects.identity(font)
        strings = self._plan.shown(font)
        kind = objects.name(objects.get(font, "Subtype"))
        if strings is None:
            self._codes[identity] = None
            self._merge(font, None)
        elif kind == "Type3":
            self._codes[identity] = frozenset(byte for text in strings for byte in text)
        else:
            self._load(font, kind, strings)

    def _load(self, font: Any, kind: str, strings: list[bytes]) -> None:
        described = mupdf.PdfFontDesc(
            mupdf.ll_pdf_load_font(self._document.m_internal, None, font.m_internal)
        )
        if kind == "Type0":
            codes, characters = _decode(described, strings)
        else:
            codes = frozenset(byte for text in strings for byte in text)
            characters = set(codes)
        used = {int(mupdf.pdf_font_cid_to_gid(described, character)) for character in characters}
        self._codes[objects.identity(font)] = codes
        self._merge(font, used | {0})

    def _merge(self, font: Any, used: set[int] | None) -> None:
        holders = [font, *objects.elements(objects.get(font, "DescendantFonts"))]
        for holder in holders:
            descriptor = objects.get(holder, "FontDescriptor")
            for key in ("FontFile", "FontFile2", "FontFile3"):
                program = objects.get(descriptor, key)
                if mupdf.pdf_is_stream(program):
                    number = objects.identity(program)
                    known = self._used.get(number, set())
                    self._used[number] = None if known is None or used is None else known | used


def _decode(described: Any, strings: list[bytes]) -> tuple[frozenset[int], set[int]]:
    """Codes and CIDs of strings in a composite font, by its own CMap."""
    cmap = mupdf.PdfCmap(mupdf.ll_pdf_keep_cmap(described.m_internal.encoding))
    codes: set[int] = set()
    for text in set(strings):
        position = 0
        while position < len(text):
            part = text[position : position + 4] + b"\0"
            end = memoryview(part)[len(part) - 1 :]
            length, code = mupdf.pdf_decode_cmap(
                cmap, mupdf.python_buffer_data(part), mupdf.python_buffer_data(end)
            )
            codes.add(int(code))
            position += max(1, int(length))
    return frozenset(codes), {int(mupdf.pdf_lookup_cmap(cmap, code)) for code in codes}


def differences(encoding: Any) -> dict[int, bytes]:
    """Code to glyph name, from the Differences of an encoding."""
    names: dict[int, bytes] = {}
    code = 0
    for part in objects.elements(objects.get(encoding, "Differences")):
        if mupdf.pdf_is_name(part):
            names[code] = objects.name(part).encode("utf-8", "surrogateescape")
            code += 1
        else:
            code = mupdf.pdf_to_int(part)
    return names


_HEAD = (
    b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapType 2 def\n"
    b"1 begincodespacerange\n<%s> <%s>\nendcodespacerange\n"
)
_TAIL = b"endcmap\nend\nend\n"


def reduced_cmap(cmap: bytes, used: frozenset[int] | None) -> bytes:
    """A ToUnicode CMap (ISO 32000-2, 9.10.3) with the entries of the used codes only."""
    entries: dict[int, bytes] = {}
    width = 1
    for operation in parse(cmap):
        if operation.operator == b"endcodespacerange" and operation.operands:
            width = max(1, len(string_of(operation.operands[-1])))
        elif operation.operator == b"endbfchar":
            _take_chars(entries, operation.operands)
        elif operation.operator == b"endbfrange":
            _take_ranges(entries, operation.operands)
    chosen = {code: text for code, text in entries.items() if used is None or code in used}
    out = [_HEAD % (b"00" * width, b"FF" * width)]
    pairs = sorted(chosen.items())
    for begin in range(0, len(pairs), 100):
        block = pairs[begin : begin + 100]
        lines = b"".join(
            b"<%0*X> <%s>\n" % (width * 2, code, text.hex().upper().encode()) for code, text in block
        )
        out.append(b"%d beginbfchar\n" % len(block) + lines + b"endbfchar\n")
    return b"".join([*out, _TAIL])


def _take_chars(entries: dict[int, bytes], operands: list[bytes]) -> None:
    strings = [string_of(token) for token in operands if token[:1] == b"<" and token != b"<<"]
    for code, text in zip(strings[::2], strings[1::2], strict=False):
        entries[int.from_bytes(code)] = text


def _take_ranges(entries: dict[int, bytes], operands: list[bytes]) -> None:
    text = b" ".join(operands)
    for low, high, single, many in re.findall(rb"<([^>]*)> <([^>]*)> (?:<([^>]*)>|\[([^\]]*)\])", text):
        first, last = int.from_bytes(string_of(b"<" + low)), int.from_bytes(string_of(b"<" + high))
        targets = [string_of(b"<" + part) for part in re.findall(rb"<([^>]*)", many)]
        base = string_of(b"<" + single)
        for offset in range(min(last - first + 1, 1 << 16)):
            if many:
                entries.update({first + offset: targets[offset]} if offset < len(targets) else {})
            elif base:
                last_unit = (int.from_bytes(base[-2:]) + offset) & 0xFFFF
                entries[first + offset] = base[:-2] + last_unit.to_bytes(2 if len(base) > 1 else 1)
