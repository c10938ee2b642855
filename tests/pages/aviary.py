"""A document of two pages with a canary in every channel that a PDF offers."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Any

import pymupdf

from tests.pages.making import add_content, saved

if TYPE_CHECKING:
    from pathlib import Path

CHANNELS = tuple(
    """
    text of another page; text of a hidden layer; name of a layer; comment in content; actual text
    shared form of another page; shared picture of another page; picture inside a shared form; unused state
    outline; attachment; attachment name; xmp; xmp of a picture; info; private info key; piece info
    piece info of a form; thumbnail; document script; open action; page action; link; note; form field
    named destination; page label; structure; unreferenced object; old revision; after the end
    article thread; private key of the page; private key of a font; type 3 glyph
    """.strip()
    .replace("\n", ";")
    .split(";")
)
CHANNELS = tuple(" ".join(channel.split()) for channel in CHANNELS)
OWN = ("OWNTEXTPAGEONE", "OWNTEXTPAGETWO")
_PICTURE = "<</Type/XObject/Subtype/Image/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Width {}>>"


def word(channel: str) -> str:
    """A canary of capital letters, so that it looks the same in every kind of PDF string."""
    code = zlib.crc32(channel.encode()).to_bytes(4)
    start = "".join(chr(ord("A") + byte % 26) for byte in code)
    return f"CNR{start}{re.sub('[^A-Z]', '', channel.upper())}"


def unpacked(data: bytes) -> bytes:
    """The file as stored, then every object in plain writing and every stream unpacked."""
    document: Any = pymupdf.open(stream=data, filetype="pdf")
    parts = [data]
    for number in range(1, document.xref_length()):
        parts.append(document.xref_object(number).encode("utf-8", "replace"))
        if document.xref_is_stream(number):
            parts += [document.xref_stream(number) or b"", document.xref_stream_raw(number) or b""]
    return b"\n".join(parts).upper()


def holds(haystack: bytes, canary: str) -> bool:
    """Whether what ``unpacked`` gave has the canary, in a spelling that PDF strings have."""
    plain = canary.encode()
    wide = (canary.encode("utf-16-be"), canary.encode("utf-16-le"))
    return any(text in haystack for text in (plain, *wide, plain.hex().upper().encode()))


class Aviary:
    """Fills and saves the document."""

    def __init__(self) -> None:
        self.document: Any = pymupdf.open()
        for number, own in enumerate(OWN):
            self.document.new_page().insert_text((60, 700 + number), own, fontsize=12)
        self.pages = [self.document[0], self.document[1]]
        self.root = self.document.pdf_catalog()
        self._content()
        self._resources()
        self._document_level()
        self._page_level()

    def save(self, folder: Path) -> Path:
        """Save with an older revision and a tail."""
        path = saved(self.document, folder)
        again: Any = pymupdf.open(path)
        info = int(again.xref_get_key(-1, "Info")[1].split()[0])
        again.xref_set_key(info, "Private", f"({word('private info key')})")
        number = again.get_new_xref()
        again.update_object(number, f"<</Old({word('old revision')})>>")
        again.saveIncr()
        with path.open("ab") as file:
            file.write(b"% " + word("after the end").encode() + b"\n")
        return path

    def _new(self, body: str, stream: bytes | None = None) -> int:
        number = int(self.document.get_new_xref())
        self.document.update_object(number, body)
        if stream is not None:
            self.document.update_stream(number, stream)
        return number

    def _picture(self, channel: str) -> int:
        data = word(channel).encode()
        return self._new(_PICTURE.format(len(data)), data)

    def _xmp(self, channel: str) -> int:
        body = f"<x:xmpmeta>{word(channel)}</x:xmpmeta>"
        return self._new("<</Type/Metadata/Subtype/XML>>", body.encode())

    def _content(self) -> None:
        first, second = self.pages
        second.insert_text((60, 100), word("text of another page"))
        layer = self.document.add_ocg(word("name of a layer"), on=False)
        first.insert_text((60, 200), word("text of a hidden layer"), oc=layer)
        marked = f"/Span <</ActualText ({word('actual text')})>> BDC EMC"
        drawn = "0 0 1 RG 20 20 m 90 90 l S"
        add_content(self.document, first, f"% {word('comment in content')}\n{marked}\n{drawn}")

    def _resources(self) -> None:
        """One resource dictionary for both pages; the second draws what the first does not."""
        key = self.document.xref_set_key
        picture = self._new(_PICTURE.format(1), b"\x00")
        key(picture, "Metadata", f"{self._xmp('xmp of a picture')} 0 R")
        inner = self._picture("picture inside a shared form")
        private = f"/PieceInfo<</X<</Private({word('piece info of a form')})>>>>"
        box = "/Type/XObject/Subtype/Form/BBox[0 0 50 50]"
        within = f"/Resources<</XObject<</Unused {inner} 0 R>>>>"
        form = self._new(f"<<{box}{within}{private}>>", b"1 0 0 RG 0 0 m 50 50 l S")
        secret = f"% {word('shared form of another page')}\n0 0 m 9 9 l S"
        names = {
            "Own": picture,
            "Form": form,
            "Other": self._picture("shared picture of another page"),
            "Secret": self._new(f"<<{box}>>", secret.encode()),
        }
        objects = "".join(f"/{name} {number} 0 R" for name, number in names.items())
        _, fonts = self.document.xref_get_key(self.pages[0].xref, "Resources/Font")
        fonts = fonts.strip("<>") + f"/T3 {self._type3()} 0 R"
        state = f"/Unused<</Type/ExtGState/Private({word('unused state')})>>"
        _, layers = self.document.xref_get_key(self.pages[0].xref, "Resources/Properties")
        shared = self._new(
            f"<</Font<<{fonts}>>/XObject<<{objects}>>/ExtGState<<{state}>>/Properties{layers}>>"
        )
        for page in self.pages:
            key(page.xref, "Resources", f"{shared} 0 R")
        own = "q 30 0 0 30 300 300 cm /Own Do Q q 1 0 0 1 400 400 cm /Form Do Q"
        add_content(self.document, self.pages[0], f"{own} BT /T3 20 Tf 300 500 Td (a) Tj ET")
        other = "q 30 0 0 30 300 300 cm /Other Do Q /Secret Do"
        add_content(self.document, self.pages[1], f"{other} BT /T3 20 Tf 300 500 Td (b) Tj ET")

    def _type3(self) -> int:
        first = self._new("<<>>", b"500 0 0 0 500 500 d1 0 0 500 500 re f")
        second = self._new("<<>>", f"500 0 d0 % {word('type 3 glyph')}\n0 0 100 500 re f".encode())
        return self._new(
            "<</Type/Font/Subtype/Type3/FontBBox[0 0 500 500]/FontMatrix[0.002 0 0 0.002 0 0]"
            f"/CharProcs<</a {first} 0 R/b {second} 0 R>>/Encoding<</Differences[97/a/b]>>"
            f"/FirstChar 97/LastChar 98/Widths[500 500]/Private({word('private key of a font')})>>"
        )

    def _document_level(self) -> None:
        document, key = self.document, self.document.xref_set_key
        document.set_metadata({"title": "Instruction", "author": word("info")})
        document.set_toc([[1, word("outline"), 2]])
        document.embfile_add(word("attachment name"), word("attachment").encode())
        key(self.root, "Metadata", f"{self._xmp('xmp')} 0 R")
        key(self.root, "PieceInfo", f"<</X<</Private({word('piece info')})>>>>")
        script = self._new(f"<</S/JavaScript/JS({word('document script')})>>")
        kind, names = document.xref_get_key(self.root, "Names")
        holder, path = (int(names.split()[0]), "") if kind == "xref" else (self.root, "Names/")
        key(holder, f"{path}JavaScript", f"<</Names[(x) {script} 0 R]>>")
        key(self.root, "OpenAction", f"<</S/JavaScript/JS({word('open action')})>>")
        key(self.root, "Dests", f"<</{word('named destination')}[{self.pages[0].xref} 0 R/Fit]>>")
        key(self.root, "PageLabels", f"<</Nums[0<</P({word('page label')})/S/D>>]>>")
        structure = self._new(f"<</Type/StructTreeRoot/K<</S/P/Alt({word('structure')})>>>>")
        key(self.root, "StructTreeRoot", f"{structure} 0 R")
        thread = self._new(f"<</I<</Title({word('article thread')})>>>>")
        key(self.root, "Threads", f"[{thread} 0 R]")
        lost = word("unreferenced object")
        self._new(f"<</Lost({lost})>>", lost.encode())

    def _page_level(self) -> None:
        first, second = self.pages
        key = self.document.xref_set_key
        key(first.xref, "Thumb", f"{self._picture('thumbnail')} 0 R")
        key(first.xref, "AA", f"<</O<</S/JavaScript/JS({word('page action')})>>>>")
        key(first.xref, "Private", f"({word('private key of the page')})")
        place, target = pymupdf.Rect(9, 9, 50, 50), f"https://{word('link')}/"
        first.insert_link({"kind": pymupdf.LINK_URI, "from": place, "uri": target})
        note = self._new(f"<</Type/Annot/Subtype/Popup/Rect[0 0 9 9]/Contents({word('note')})>>")
        _, links = self.document.xref_get_key(first.xref, "Annots")
        key(first.xref, "Annots", f"[{links.strip('[]')} {note} 0 R]")
        widget = pymupdf.Widget()
        widget.field_type, widget.field_name = pymupdf.PDF_WIDGET_TYPE_TEXT, "field"
        widget.rect, widget.field_value = pymupdf.Rect(300, 100, 500, 120), word("form field")
        second.add_widget(widget)
