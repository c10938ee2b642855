"""What one page needs: its content streams without hidden layers, and what each of them uses.

``plan_page`` walks from the page's content through forms, tiling patterns, soft masks and Type 3 glyphs, and
only along names that a content stream really uses. Worker side only.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from app.pages import objects
from app.pages.binding import mupdf
from app.pages.content import Operation, parse
from app.pages.usage import Unmarked, Usage, survey

_DEPTH = 64


class TooDeep(Exception):
    """Forms or patterns nested deeper than any honest page."""


@dataclass
class Piece:
    """One content stream of the page: its operations, what they use, and the resources that names mean."""

    operations: list[Operation]
    usage: Usage
    resources: Any


@dataclass
class Plan:
    """All pieces by key ((0, 0) is the page itself), the fonts, and the strings shown per font.

    A piece's key is (identity of its stream, identity of the resources it uses).
    """

    pieces: dict[tuple[int, int], Piece] = field(default_factory=dict)
    codes: dict[int, list[bytes]] = field(default_factory=dict)
    fonts: dict[int, Any] = field(default_factory=dict)
    any_font: bool = False

    @property
    def page(self) -> Piece:
        """The page's own content."""
        return self.pieces[0, 0]

    def shown(self, font: Any) -> list[bytes] | None:
        """The strings shown with ``font``; None where that cannot be told, so that all of it is kept."""
        return None if self.any_font else self.codes.get(objects.identity(font), [])


def with_content(plan: Plan, operations: list[Operation]) -> Plan:
    """The same plan for other content of the page that uses nothing new."""
    piece = Piece(operations, survey(operations), plan.page.resources)
    return replace(plan, pieces={**plan.pieces, (0, 0): piece})


def key_of(stream: Any, resources: Any) -> tuple[int, int]:
    """The key of a piece in a plan."""
    return objects.identity(stream), objects.identity(resources) if not objects.is_null(resources) else 0


def plan_page(document: Any, page: Any) -> Plan:
    """Survey one page object of a MuPDF document; raises TooDeep."""
    planner = _Planner(document)
    resources = mupdf.pdf_dict_gets_inheritable(page, "Resources")
    planner.piece((0, 0), page_content(page), resources, 0)
    return planner.plan


def page_content(page: Any) -> bytes:
    """The content of a page: one stream, or several joined with a line end."""
    contents = objects.get(page, "Contents")
    if mupdf.pdf_is_array(contents):
        return b"\n".join(_content(part) for part in objects.elements(contents))
    return _content(contents)


def _content(stream: Any) -> bytes:
    return objects.decoded(stream) if mupdf.pdf_is_stream(stream) else b""


def own_or(stream: Any, inherited: Any) -> Any:
    """A form's own resources, or those of whoever draws it (an old habit that readers accept)."""
    own = objects.get(stream, "Resources")
    return own if mupdf.pdf_is_dict(own) else inherited


class _Planner:
    def __init__(self, document: Any) -> None:
        self._document = document
        self.plan = Plan()

    def piece(self, key: tuple[int, int], content: bytes, resources: Any, depth: int) -> None:
        if key in self.plan.pieces:
            return
        if depth > _DEPTH:
            raise TooDeep
        marks = Unmarked(
            lambda name: self._hidden(find(resources, "Properties", name)),
            lambda name: self._hidden_object(find(resources, "XObject", name)),
        )
        operations = marks.filter(parse(content))
        piece = Piece(operations, survey(operations), resources)
        self.plan.pieces[key] = piece
        self._follow(piece, depth + 1)

    def _hidden(self, layer: Any) -> bool:
        if objects.is_null(layer):
            return False
        return bool(mupdf.pdf_is_ocg_hidden(self._document, mupdf.PdfResourceStack(), "View", layer))

    def _hidden_object(self, drawn: Any) -> bool:
        return not objects.is_null(drawn) and self._hidden(objects.get(drawn, "OC"))

    def _follow(self, piece: Piece, depth: int) -> None:
        resources = piece.resources
        for font_name, strings in piece.usage.shown.items():
            self._show(
                find(resources, "Font", font_name) if font_name is not None else None,
                strings,
                resources,
                depth,
            )
        for name in sorted(piece.usage.names.get("XObject", ())):
            self._form(find(resources, "XObject", name), resources, depth)
        for name in sorted(piece.usage.names.get("Pattern", ())):
            self._pattern(find(resources, "Pattern", name), resources, depth)
        for name in sorted(piece.usage.names.get("ExtGState", ())):
            self._state(find(resources, "ExtGState", name), resources, depth)

    def _show(self, font: Any, strings: list[bytes], resources: Any, depth: int) -> None:
        if font is None or objects.is_null(font):
            self.plan.any_font = True
            return
        self.plan.fonts[objects.identity(font)] = font
        self.plan.codes.setdefault(objects.identity(font), []).extend(strings)
        if objects.name(objects.get(font, "Subtype")) == "Type3":
            inner = own_or(font, resources)
            for _, glyph in objects.items(objects.get(font, "CharProcs")):
                self.piece(key_of(glyph, inner), _content(glyph), inner, depth)

    def _form(self, form: Any, resources: Any, depth: int) -> None:
        if mupdf.pdf_is_stream(form) and objects.name(objects.get(form, "Subtype")) == "Form":
            inner = own_or(form, resources)
            self.piece(key_of(form, inner), _content(form), inner, depth)

    def _pattern(self, pattern: Any, resources: Any, depth: int) -> None:
        if mupdf.pdf_is_stream(pattern):
            inner = own_or(pattern, resources)
            self.piece(key_of(pattern, inner), _content(pattern), inner, depth)
        else:
            self._state(objects.get(pattern, "ExtGState"), resources, depth)

    def _state(self, state: Any, resources: Any, depth: int) -> None:
        if objects.is_null(state):
            return
        if not objects.is_null(objects.get(state, "Font")):
            self.plan.any_font = True
        mask = objects.get(state, "SMask")
        if mupdf.pdf_is_dict(mask):
            self._form(objects.get(mask, "G"), resources, depth)


def find(resources: Any, category: str, name: bytes) -> Any:
    """The object that ``name`` stands for, or a null object."""
    holder = objects.get(resources, category) if mupdf.pdf_is_dict(resources) else resources
    if objects.is_null(holder):
        return mupdf.PdfObj()
    return objects.get(holder, name.decode("utf-8", "surrogateescape"))
