"""Builds the self-standing one-page PDF: nothing travels that is not on a list and used by the page.

The object graph is written anew, from the page's content outwards. A dictionary keeps only keys that drawing
needs (``_KEYS``), a resource dictionary only names that the content uses, a font only the glyphs that it
shows. So document metadata, actions, annotations, structure, names, attachments, thumbnails and private data
have no way in. Worker side only.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from app.pages import fonts, objects
from app.pages.binding import mupdf
from app.pages.content import serialise
from app.pages.objects import Writer, write_dictionary, write_name, write_number
from app.pages.plan import Piece, Plan, find, key_of, own_or

if TYPE_CHECKING:
    from collections.abc import Iterable

_KEYS = frozenset(
    # streams, images, masks
    b"Filter DecodeParms DP F_ JBIG2Globals Predictor Colors Columns BitsPerComponent EarlyChange K "
    b"EndOfLine EncodedByteAlign Rows EndOfBlock BlackIs1 DamagedRowsBeforeError ColorTransform Width "
    b"Height ColorSpace Intent ImageMask Mask Decode Interpolate SMask SMaskInData Matte "
    # forms, groups, patterns, shadings, functions
    b"FormType BBox Matrix Group S CS I PatternType PaintType TilingType XStep YStep Shading ExtGState "
    b"ShadingType Background AntiAlias Domain Function Coords Extend BitsPerCoordinate BitsPerFlag "
    b"VerticesPerRow FunctionType Range Size BitsPerSample Order Encode C0 C1 N Functions Bounds "
    # graphics state, colour
    b"LW LC LJ ML D RI OP op OPM Font BG BG2 UCR UCR2 TR TR2 HT FL SM SA BM CA ca AIS TK G BC Alternate "
    b"WhitePoint BlackPoint Gamma Subtype Type Colorants Process MixingHints Components Solidities DotGain "
    b"PrintingOrder HalftoneType Frequency Angle SpotFunction AccurateScreens TransferFunction Thresholds "
    b"Xsquare Ysquare "
    # fonts
    b"BaseFont FirstChar LastChar Widths FontDescriptor Encoding BaseEncoding Differences DescendantFonts "
    b"CIDSystemInfo Registry Ordering Supplement DW W DW2 W2 CIDToGIDMap CMapName WMode UseCMap FontName "
    b"FontFamily FontStretch FontWeight Flags FontBBox ItalicAngle Ascent Descent Leading CapHeight "
    b"XHeight StemV StemH AvgWidth MaxWidth MissingWidth FontFile FontFile2 FontFile3 Length1 Length2 "
    b"Length3 Name FontMatrix".split()
)
_FREE_NAMES = frozenset(
    {b"Colorants", b"Solidities", b"DotGain"}
)  # dictionaries whose keys are names of inks
_DEFAULTS = (b"DefaultGray", b"DefaultRGB", b"DefaultCMYK")
_DEPTH = 100
_PROGRAMS = frozenset({b"FontFile", b"FontFile2", b"FontFile3"})  # written without other pages' letters
_REDUCED = frozenset({b"Encoding", b"Differences", b"Widths"})  # so are these tables
_FILTERS_KEPT = frozenset({b"Filter", b"DecodeParms"})


def build_page(document: Any, page: Any, plan: Plan, *, intents: bool = False) -> bytes:
    """Write the page object ``page`` of a MuPDF document as a file of its own.

    ``plan`` is what ``plan_page`` found on it. Equal pages give equal bytes. ``intents`` carries the
    document's output profile along, for pages whose colours depend on it. Raises what MuPDF raises for
    objects that it cannot read, and TooDeep.
    """
    return PageBuilder(document, plan).build(page, intents=intents)


class PageBuilder:
    """Builds one file; used once. ``layered`` adds to it what a faster form needs."""

    def __init__(self, document: Any, plan: Plan) -> None:
        self._document = document
        self._plan = plan
        self._writer = Writer()
        self._written: dict[object, int] = {}
        self._glyphs = fonts.GlyphPlan(document, plan)

    def build(self, page: Any, *, intents: bool) -> bytes:
        """The whole file."""
        catalog, tree, leaf = (self._writer.reserve() for _ in range(3))
        self._writer.fill(tree, b"<</Count 1/Kids[%d 0 R]/Type/Pages>>" % leaf)
        self._writer.fill(leaf, write_dictionary(self._page(page, tree)))
        entries = {b"Type": b"/Catalog", b"Pages": b"%d 0 R" % tree, **self._catalog_extras()}
        if intents:
            entries[b"OutputIntents"] = self._intents()
        self._writer.fill(catalog, write_dictionary(entries))
        return self._writer.file(catalog)

    def _catalog_extras(self) -> dict[bytes, bytes]:
        """Further entries of the catalog."""
        return {}

    def _page(self, page: Any, tree: int) -> dict[bytes, bytes]:
        content = self._writer.reserve()
        self._writer.fill_stream(content, {}, serialise(self._plan.page.operations))
        entries = {
            b"Type": b"/Page",
            b"Parent": b"%d 0 R" % tree,
            b"MediaBox": b"[" + b" ".join(write_number(side) for side in visible_box(page)) + b"]",
            b"Contents": b"%d 0 R" % content,
            b"Resources": self._resources([self._plan.page], 0),
        }
        turn = mupdf.pdf_to_int(mupdf.pdf_dict_gets_inheritable(page, "Rotate"))
        if turn % 360:
            entries[b"Rotate"] = b"%d" % (turn % 360)
        unit = objects.get(page, "UserUnit")
        if mupdf.pdf_is_number(unit):
            entries[b"UserUnit"] = write_number(mupdf.pdf_to_real(unit))
        group = objects.get(page, "Group")
        if mupdf.pdf_is_dict(group):
            entries[b"Group"] = self._value(group, 0)
        return entries

    def _intents(self) -> bytes:
        root = objects.get(mupdf.pdf_trailer(self._document), "Root")
        profiles = [
            objects.get(intent, "DestOutputProfile")
            for intent in objects.elements(objects.get(root, "OutputIntents"))
        ]
        written = [
            b"<</DestOutputProfile "
            + self._value(profile, 0)
            + b"/OutputConditionIdentifier()/S/GTS_PDFX/Type/OutputIntent>>"
            for profile in profiles
            if mupdf.pdf_is_stream(profile)
        ]
        return b"[" + b"".join(written) + b"]"

    def _resources(self, pieces: Iterable[Piece], depth: int) -> bytes:
        return write_resources(self._categories(pieces, depth))

    def _categories(self, pieces: Iterable[Piece], depth: int) -> dict[str, dict[bytes, bytes]]:
        categories: dict[str, dict[bytes, bytes]] = {}
        for piece in pieces:
            if not mupdf.pdf_is_dict(piece.resources):
                continue
            wanted = {category: set(names) for category, names in piece.usage.names.items()}
            wanted.setdefault("ColorSpace", set()).update(_DEFAULTS)
            for category, names in wanted.items():
                for name in sorted(names):
                    value = find(piece.resources, category, name)
                    if not objects.is_null(value):
                        categories.setdefault(category, {})[name] = self._value(
                            value, depth + 1, piece.resources
                        )
        return categories

    def _value(self, value: Any, depth: int, inherited: Any = None) -> bytes:
        """Write one value; ``inherited`` are the resources of whoever uses it."""
        if depth > _DEPTH:
            raise RecursionError
        resolved = mupdf.pdf_resolve_indirect(value)
        simple = _simple(resolved)
        if simple is not None:
            return simple
        number = int(mupdf.pdf_to_num(value)) if mupdf.pdf_is_indirect(value) else 0
        if not number and not mupdf.pdf_is_stream(value):
            return self._compound(value, depth, inherited)
        key = (
            number,
            key_of(value, own_or(value, inherited))[1]
            if mupdf.pdf_is_dict(value) and inherited is not None
            else 0,
        )
        if key not in self._written:
            self._written[key] = target = self._writer.reserve()
            if mupdf.pdf_is_stream(value):
                self._stream(target, value, depth, inherited)
            else:
                self._writer.fill(target, self._compound(value, depth, inherited))
        return b"%d 0 R" % self._written[key]

    def _compound(self, value: Any, depth: int, inherited: Any) -> bytes:
        if mupdf.pdf_is_array(value):
            return (
                b"["
                + b" ".join(self._value(part, depth + 1, inherited) for part in objects.elements(value))
                + b"]"
            )
        if objects.name(objects.get(value, "Type")) == "Font" or not objects.is_null(
            objects.get(value, "BaseFont")
        ):
            return self._font(value, depth, inherited)
        return write_dictionary(self._entries(value, depth, inherited))

    def _entries(
        self, value: Any, depth: int, inherited: Any, without: frozenset[bytes] = frozenset()
    ) -> dict[bytes, bytes]:
        kept: dict[bytes, bytes] = {}
        for key, part in objects.items(value):
            if key in _FREE_NAMES and mupdf.pdf_is_dict(part):
                kept[key] = write_dictionary(
                    {ink: self._value(space, depth + 1) for ink, space in objects.items(part)}
                )
            elif key in _PROGRAMS and mupdf.pdf_is_stream(part):
                kept[key] = self._font_program(part)
            elif key in _KEYS and key not in without:
                kept[key] = self._value(part, depth + 1, inherited)
        return kept

    def _stream(self, target: int, stream: Any, depth: int, inherited: Any) -> None:
        entries = self._entries(stream, depth, inherited)
        resources = own_or(stream, inherited) if inherited is not None else objects.get(stream, "Resources")
        piece = self._plan.pieces.get(key_of(stream, resources))
        if piece is not None:
            entries[b"Resources"] = self._resources([piece], depth)
            self._plain(target, entries, serialise(piece.operations))
        elif objects.name(objects.get(stream, "Subtype")) in ("Form", "PS") or b"PatternType" in entries:
            self._plain(target, entries, b"")  # not reached by what is drawn: an empty form
        elif b"Filter" in entries:
            self._writer.fill_stream(target, entries, objects.raw(stream), packed=True)
        else:
            self._plain(target, entries, objects.raw(stream))

    def _plain(self, target: int, entries: dict[bytes, bytes], data: bytes) -> None:
        entries = {key: value for key, value in entries.items() if key not in _FILTERS_KEPT}
        self._writer.fill_stream(target, entries, data)

    def _font(self, font: Any, depth: int, inherited: Any) -> bytes:
        used = self._glyphs.codes(font)
        entries = self._entries(font, depth, inherited, frozenset() if used is None else _REDUCED)
        if objects.name(objects.get(font, "Subtype")) == "Type3":
            self._type3(font, entries, depth, inherited)
        unicode = objects.get(font, "ToUnicode")
        if mupdf.pdf_is_stream(unicode):
            target = self._writer.reserve()
            self._writer.fill_stream(target, {}, fonts.reduced_cmap(objects.decoded(unicode), used))
            entries[b"ToUnicode"] = b"%d 0 R" % target
        if used is not None:
            self._reduce(font, entries, used, depth)
        return write_dictionary(entries)

    def _reduce(self, font: Any, entries: dict[bytes, bytes], used: frozenset[int], depth: int) -> None:
        """Leave out of a simple font's tables what belongs to codes that the page does not show."""
        encoding = objects.get(font, "Encoding")
        if mupdf.pdf_is_dict(encoding) and not mupdf.pdf_is_stream(encoding):
            kept = self._entries(encoding, depth, None, _REDUCED)
            names = fonts.differences(encoding)
            parts = [b"%d " % code + write_name(name) for code, name in sorted(names.items()) if code in used]
            kept[b"Differences"] = b"[" + b" ".join(parts) + b"]"
            entries[b"Encoding"] = write_dictionary(kept)
        elif not objects.is_null(encoding):
            entries[b"Encoding"] = self._value(encoding, depth + 1)
        first = mupdf.pdf_to_int(objects.get(font, "FirstChar"))
        widths = objects.elements(objects.get(font, "Widths"))
        if widths:
            kept_widths = [
                self._value(width, depth) if first + index in used else b"0"
                for index, width in enumerate(widths)
            ]
            entries[b"Widths"] = b"[" + b" ".join(kept_widths) + b"]"

    def _type3(self, font: Any, entries: dict[bytes, bytes], depth: int, inherited: Any) -> None:
        resources = own_or(font, inherited)
        glyphs: dict[bytes, bytes] = {}
        pieces = []
        wanted = self._glyphs.glyph_names(font)
        for name, stream in objects.items(objects.get(font, "CharProcs")):
            piece = self._plan.pieces.get(key_of(stream, resources))
            if piece is None or (wanted is not None and name not in wanted):
                continue
            target = self._writer.reserve()
            self._writer.fill_stream(target, {}, serialise(piece.operations))
            glyphs[name] = b"%d 0 R" % target
            pieces.append(piece)
        entries[b"CharProcs"] = write_dictionary(glyphs)
        entries[b"Resources"] = self._resources(pieces, depth + 1)

    def _font_program(self, program: Any) -> bytes:
        memo = ("program", objects.identity(program))
        if memo not in self._written:
            self._written[memo] = target = self._writer.reserve()
            data, lengths = self._glyphs.program(program)
            subtype = objects.name(objects.get(program, "Subtype"))
            entries = {name: b"%d" % length for name, length in lengths.items()}
            if subtype:
                entries[b"Subtype"] = write_name(subtype.encode())
            entries[b"Filter"] = b"/FlateDecode"
            self._writer.fill_stream(target, entries, zlib.compress(data, 9), packed=True)
        return b"%d 0 R" % self._written[memo]


def write_resources(categories: dict[str, dict[bytes, bytes]]) -> bytes:
    """A resource dictionary of names by category."""
    return write_dictionary({key.encode(): write_dictionary(named) for key, named in categories.items()})


def _simple(value: Any) -> bytes | None:
    if objects.is_null(value):
        return b"null"
    if mupdf.pdf_is_name(value):
        return write_name(mupdf.pdf_to_name(value).encode("utf-8", "surrogateescape"))
    if mupdf.pdf_is_int(value):
        return b"%d" % mupdf.pdf_to_int64(value)
    if mupdf.pdf_is_number(value):
        return write_number(mupdf.pdf_to_real(value))
    if mupdf.pdf_is_bool(value):
        return b"true" if mupdf.pdf_to_bool(value) else b"false"
    return objects.write_string(value) if mupdf.pdf_is_string(value) else None


def visible_box(page: Any) -> tuple[float, float, float, float]:
    """CropBox within MediaBox in default user space, as MuPDF takes them."""
    media = _box(mupdf.pdf_dict_gets_inheritable(page, "MediaBox")) or (0.0, 0.0, 612.0, 792.0)
    crop = _box(mupdf.pdf_dict_gets_inheritable(page, "CropBox"))
    if crop is None:
        return media
    cut = (max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3]))
    return cut if cut[0] < cut[2] and cut[1] < cut[3] else media


def _box(value: Any) -> tuple[float, float, float, float] | None:
    sides = [mupdf.pdf_to_real(side) for side in objects.elements(value)]
    if len(sides) != 4:
        return None
    box = (min(sides[0], sides[2]), min(sides[1], sides[3]), max(sides[0], sides[2]), max(sides[1], sides[3]))
    return box if box[0] < box[2] and box[1] < box[3] else None
