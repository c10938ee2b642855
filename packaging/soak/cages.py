"""Documents of every kind with a canary of each page in whatever channel of a PDF can name a page.

The ground is drawn here, or pages of real documents where there are some. Every canary is a word of its own:
the page it belongs to, and the channel.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

import pymupdf as untyped

from tests.pages.making import add_content

pymupdf: Any = untyped

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence
    from pathlib import Path

PICTURE = "<</Type/XObject/Subtype/Image/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Width {}>>"
SHOWN = frozenset({"text", "picture"})
"""Channels that a page itself may keep: it shows them."""


def word(document: int, page: int, channel: str) -> str:
    """A canary of capital letters, so that it looks the same in every kind of PDF string."""
    code = zlib.crc32(f"{document} {page} {channel}".encode())
    letters = ""
    for _ in range(7):
        code, letter = divmod(code, 26)
        letters += chr(ord("A") + letter)
    return f"CNRY{letters}{channel.replace(' ', '').upper()}"


class Cage:
    """A document of three to seven pages; ``kept[page]`` are the canaries in it by channel, pages from 0."""

    def __init__(self, number: int, chance: random.Random, grounds: Sequence[Path]) -> None:
        self._number, self._chance = number, chance
        self.document: Any = pymupdf.open()
        self._ground(grounds)
        self.kept: list[dict[str, str]] = [{} for _ in range(len(self.document))]
        if chance.random() < 0.5:
            self._share_resources()
        for page in range(len(self.document)):
            channels = chance.sample(list(_CHANNELS), chance.randint(6, len(_CHANNELS)))
            for channel in ["text", *channels]:
                canary = self.kept[page][channel] = word(number, page, channel)
                _CHANNELS.get(channel, Cage.text)(self, self.document[page], canary)
        self._name_pages()

    def save(self, folder: Path) -> Path:
        """Save in one of the forms that PDFs come in; some with an older revision, or a tail."""
        chance, path = self._chance, folder / f"{self._number}.pdf"
        self.document.save(
            path,
            garbage=chance.choice((0, 0, 1)),
            deflate=chance.random() < 0.6,
            use_objstms=chance.randint(0, 1),
            ascii=chance.random() < 0.2,
        )
        if chance.random() < 0.4:
            again: Any = pymupdf.open(path)
            page = chance.randrange(len(again))
            canary = self.kept[page]["older revision"] = word(self._number, page, "older revision")
            found = again.get_new_xref()
            again.update_object(found, f"<</Old({canary})>>")
            again.saveIncr()
        if chance.random() < 0.3:
            page = chance.randrange(len(self.kept))
            canary = self.kept[page]["tail"] = word(self._number, page, "tail")
            with path.open("ab") as file:
                file.write(f"% {canary}\n".encode())
        return path

    # -- the ground ---------------------------------------------------------------------------------------

    def _ground(self, grounds: Sequence[Path]) -> None:
        wanted = self._chance.randint(3, 7)
        if grounds and self._chance.random() < 0.6:
            with pymupdf.open(self._chance.choice(grounds)) as real:
                first = self._chance.randrange(len(real))
                self.document.insert_pdf(real, from_page=first, to_page=first + wanted - 1)
        while len(self.document) < wanted:
            page = self.document.new_page(width=self._chance.choice((595, 842)), height=842)
            page.insert_text((60, 80), f"Step {len(self.document)}: torque 1.2 Nm", fontsize=14)
            page.draw_circle((300, 400), self._chance.uniform(20, 200))
            page.set_rotation(self._chance.choice((0, 0, 90, 180, 270)))

    def _new(self, body: str, stream: bytes | None = None) -> int:
        number = int(self.document.get_new_xref())
        self.document.update_object(number, body)
        if stream is not None:
            self.document.update_stream(number, stream)
        return number

    def _string(self, text: str) -> str:
        """A PDF string in one of its spellings."""
        match self._chance.randrange(4):
            case 0:
                return f"<{text.encode().hex()}>"
            case 1:
                return f"<FEFF{text.encode('utf-16-be').hex()}>"
            case 2:
                return f"<feff{text.encode('utf-16-be').hex().upper()}>"
            case _:
                return f"({text})"

    def _under(self, page: Any, path: str, value: str) -> None:
        """Set a key of the page, wherever the dictionaries on the way to it lie."""
        holder, names = page.xref, path.split("/")
        for name in names[:-1]:
            kind, found = self.document.xref_get_key(holder, name)
            if kind != "xref":
                break
            holder, names = int(found.split()[0]), names[1:]
        self.document.xref_set_key(holder, "/".join(names), value)

    def _share_resources(self) -> None:
        """Every page names a form and a state of each page, as where one dictionary serves all."""
        for page in range(len(self.document)):
            form, state = (word(self._number, page, channel) for channel in ("shared form", "shared state"))
            self.kept[page] |= {"shared form": form, "shared state": state}
            drawn = f"% {form}\n0 0 m 9 9 l S".encode()
            number = self._new("<</Type/XObject/Subtype/Form/BBox[0 0 50 50]>>", drawn)
            for other in self.document:
                self._under(other, f"Resources/XObject/Shared{page}", f"{number} 0 R")
                self._under(other, f"Resources/ExtGState/State{page}", f"<</Private({state})>>")

    # -- channels -----------------------------------------------------------------------------------------

    def text(self, page: Any, canary: str) -> None:
        """What the page shows, and only it may keep."""
        page.insert_text((40, 30), canary, fontsize=6, rotate=page.rotation)

    def picture(self, page: Any, canary: str) -> None:
        """A picture that only this page draws, with its letters as grey values."""
        number = self._new(PICTURE.format(len(canary)), canary.encode())
        self._under(page, f"Resources/XObject/Pic{page.number}", f"{number} 0 R")
        add_content(self.document, page, f"q 30 0 0 30 30 60 cm /Pic{page.number} Do Q")

    def hidden_layer(self, page: Any, canary: str) -> None:
        """Text that is never shown."""
        page.insert_text((40, 50), canary, fontsize=6, oc=self.document.add_ocg("off", on=False))

    def layer_name(self, page: Any, canary: str) -> None:
        """Shown, by a layer whose name says too much."""
        page.insert_text((40, 60), "x", fontsize=6, oc=self.document.add_ocg(canary, on=True))

    def actual_text(self, page: Any, canary: str) -> None:
        """Another reading of what is drawn."""
        add_content(self.document, page, f"/Span <</ActualText {self._string(canary)}>> BDC EMC")

    def comment(self, page: Any, canary: str) -> None:
        """A comment between operators."""
        add_content(self.document, page, f"% {canary}\n")

    def private(self, page: Any, canary: str) -> None:
        """A key that no reader knows."""
        self._under(page, "PieceInfo", f"<</X<</Private{self._string(canary)}>>>>")

    def thumbnail(self, page: Any, canary: str) -> None:
        """A small picture for the reader's side bar."""
        self._under(page, "Thumb", f"{self._new(PICTURE.format(len(canary)), canary.encode())} 0 R")

    def metadata(self, page: Any, canary: str) -> None:
        """XMP of one page."""
        body = f"<x:xmpmeta>{canary}</x:xmpmeta>"
        number = self._new("<</Type/Metadata/Subtype/XML>>", body.encode())
        self._under(page, "Metadata", f"{number} 0 R")

    def action(self, page: Any, canary: str) -> None:
        """A script that runs when the page opens."""
        self._under(page, "AA", f"<</O<</S/JavaScript/JS{self._string(canary)}>>>>")

    def link(self, page: Any, canary: str) -> None:
        """A link with an address."""
        place = pymupdf.Rect(9, 9, 50, 50)
        page.insert_link({"kind": pymupdf.LINK_URI, "from": place, "uri": f"https://{canary}/"})

    def note(self, page: Any, canary: str) -> None:
        """A note that opens at a click."""
        page.add_text_annot((90, 90), canary).set_flags(pymupdf.PDF_ANNOT_IS_HIDDEN)

    def file(self, page: Any, canary: str) -> None:
        """A file that hangs on the page."""
        added = page.add_file_annot((90, 120), canary.encode(), f"{canary}.txt", desc=canary)
        added.set_flags(pymupdf.PDF_ANNOT_IS_HIDDEN)

    def attachment(self, page: Any, canary: str) -> None:
        """A file that hangs on the document."""
        self.document.embfile_add(f"{page.number} {canary}", canary.encode())

    def lost(self, _page: Any, canary: str) -> None:
        """An object that nothing refers to."""
        self._new(f"<</Lost{self._string(canary)}>>", canary.encode())

    def structure(self, page: Any, canary: str) -> None:
        """Alternative text for readers of screens."""
        root = self.document.pdf_catalog()
        element = self._new(f"<</S/Figure/Pg {page.xref} 0 R/Alt{self._string(canary)}>>")
        tree = self._new(f"<</Type/StructTreeRoot/K {element} 0 R>>")
        self.document.xref_set_key(root, "StructTreeRoot", f"{tree} 0 R")

    def article(self, page: Any, canary: str) -> None:
        """A bead of an article thread, which goes on at other pages."""
        thread = self._new(f"<</I<</Title{self._string(canary)}>>>>")
        bead = self._new(f"<</T {thread} 0 R/P {page.xref} 0 R/R[0 0 9 9]>>")
        self._under(page, "B", f"[{bead} 0 R]")

    def _name_pages(self) -> None:
        """Outline, destinations and labels name every page in one place of the document."""
        root, outline = self.document.pdf_catalog(), list[str]()
        names, labels = list[str](), list[str]()
        for page in range(len(self.document)):
            for channel, kept in (("outline", outline), ("destination", names), ("label", labels)):
                canary = self.kept[page][channel] = word(self._number, page, channel)
                kept.append(canary)
        self.document.set_toc([[1, title, page + 1] for page, title in enumerate(outline)])
        places = "".join(f"/{name}[{self.document[page].xref} 0 R/Fit]" for page, name in enumerate(names))
        self.document.xref_set_key(root, "Dests", f"<<{places}>>")
        said = "".join(f"{page}<</P({label})/S/D>>" for page, label in enumerate(labels))
        self.document.xref_set_key(root, "PageLabels", f"<</Nums[{said}]>>")


_CHANNELS: dict[str, Callable[[Cage, Any, str], None]] = {
    "picture": Cage.picture,
    "hidden layer": Cage.hidden_layer,
    "layer name": Cage.layer_name,
    "actual text": Cage.actual_text,
    "comment": Cage.comment,
    "private key": Cage.private,
    "thumbnail": Cage.thumbnail,
    "metadata": Cage.metadata,
    "action": Cage.action,
    "link": Cage.link,
    "note": Cage.note,
    "file": Cage.file,
    "attachment": Cage.attachment,
    "lost object": Cage.lost,
    "structure": Cage.structure,
    "article": Cage.article,
}
