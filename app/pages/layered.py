"""Writes a page whose heavy beginning is there twice: as pictures for whole-page views, as drawn for zooming
in.

The pictures and the drawing are optional content with a range of zoom (ISO 32000-2, 8.11.4.4, ``Usage``
``Zoom``, here in pixels per point), and one configuration for each, finest last. ``drawing.Leaf`` picks the
configuration by scale. What follows the heavy beginning (mostly text) is drawn over all of them as it was. A
program that knows nothing of this shows the first large picture: the page as it looks on a 4K screen. Worker
side only.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

from app.pages.binding import mupdf
from app.pages.content import Operation, serialise
from app.pages.objects import write_dictionary, write_name, write_number
from app.pages.onepage import PageBuilder, visible_box, write_resources
from app.pages.plan import Piece, Plan, with_content
from app.pages.state import balanced
from app.pages.usage import survey

_PICTURE, _DRAWING = b"SLpicture%d", b"SLdrawing"


@dataclass(frozen=True)
class Picture:
    """The heavy beginning drawn on white: packed rows, its scale and the largest one that it serves, both in
    pixels per point. It may reach a fraction of a pixel over the page's right and lower edges.
    """

    width: int
    height: int
    colours: int
    packed: bytes
    scale: float
    most_scale: float

    @classmethod
    def of(cls, pixels: Any, scale: float, most_scale: float) -> Picture:
        """From rows × columns × RGBA; grey ones take a third of the room and time."""
        grey = bool((pixels[..., 0] == pixels[..., 1]).all() and (pixels[..., 1] == pixels[..., 2]).all())
        rows = pixels[..., 0] if grey else pixels[..., :3]
        packed = zlib.compress(rows.tobytes(), 6)
        return cls(pixels.shape[1], pixels.shape[0], 1 if grey else 3, packed, scale, most_scale)


@dataclass(frozen=True)
class Layers:
    """How a page is divided. ``state`` is what ``heavy`` leaves behind for ``rest`` to be drawn in.

    ``pictures`` are ordered by ``most_scale``; without ``drawing`` the last one serves all scales above.
    """

    heavy: list[Operation]
    state: list[Operation]
    rest: list[Operation]
    pictures: tuple[Picture, ...]
    drawing: bool = True


def build_layered(document: Any, page: Any, plan: Plan, layers: Layers, *, intents: bool) -> bytes:
    """The one-page file; same promises as ``onepage.build_page``."""
    return _LayeredBuilder(document, plan, layers).build(page, intents=intents)


def upright(page: Any) -> tuple[tuple[float, float], tuple[float, ...]]:
    """Size of the page as shown, and the matrix from its user space to one with the origin at lower left."""
    box, matrix = mupdf.FzRect(), mupdf.FzMatrix()
    mupdf.pdf_page_obj_transform(page, box, matrix)
    shown = mupdf.fz_transform_rect(box, matrix)
    height = float(shown.y1 - shown.y0)
    parts = (matrix.a, -matrix.b, matrix.c, -matrix.d, matrix.e - shown.x0, height - matrix.f + shown.y0)
    return (float(shown.x1 - shown.x0), height), tuple(float(part) for part in parts)


class _LayeredBuilder(PageBuilder):
    def __init__(self, document: Any, plan: Plan, layers: Layers) -> None:
        super().__init__(document, plan)
        self._layers = layers
        self._groups: list[int] = []

    def _catalog_extras(self) -> dict[bytes, bytes]:
        every = b"[" + b" ".join(b"%d 0 R" % group for group in self._groups) + b"]"
        choices = [b"<</BaseState/OFF/ON[%d 0 R]>>" % group for group in self._groups]
        normal = choices[len(self._layers.pictures) - 1]
        properties = {b"OCGs": every, b"D": normal, b"Configs": b"[" + b"".join(choices) + b"]"}
        return {b"OCProperties": write_dictionary(properties)}

    def _page(self, page: Any, tree: int) -> dict[bytes, bytes]:
        (width, height), matrix = upright(page)
        entries = super()._page(page, tree)
        for gone in (b"Rotate", b"UserUnit"):
            entries.pop(gone, None)
        turned = Operation(b"cm", [write_number(part) for part in matrix])
        rest = with_content(self._plan, [*self._layers.state, *self._layers.rest]).page
        names = self._categories([rest], 0)
        drawn = names.setdefault("XObject", {})
        operations: list[Operation] = []
        for index, picture in enumerate(self._layers.pictures):
            name = _free(drawn, _PICTURE % index)
            drawn[name] = b"%d 0 R" % self._picture(picture)
            wide, high = picture.width / picture.scale, picture.height / picture.scale
            parts = (wide, 0.0, 0.0, high, 0.0, height - high)
            place = Operation(b"cm", [write_number(part) for part in parts])
            operations += _enclosed([place, Operation(b"Do", [write_name(name)])])
        if self._layers.drawing:
            name = _free(drawn, _DRAWING)
            drawn[name] = b"%d 0 R" % self._drawing(page)
            operations += _enclosed([turned, Operation(b"Do", [write_name(name)])])
        operations += _enclosed([turned, *balanced(rest.operations)])
        content = self._writer.reserve()
        self._writer.fill_stream(content, {}, serialise(operations))
        entries[b"Contents"] = b"%d 0 R" % content
        entries[b"MediaBox"] = b"[0 0 " + write_number(width) + b" " + write_number(height) + b"]"
        entries[b"Resources"] = write_resources(names)
        return entries

    def _group(self, most_scale: float | None) -> bytes:
        least = self._layers.pictures[len(self._groups) - 1].most_scale if self._groups else 0.0
        zoom = {b"min": write_number(least)} | (
            {} if most_scale is None else {b"max": write_number(most_scale)}
        )
        usage = b"<</Zoom" + write_dictionary(zoom) + b">>"
        group = self._writer.reserve()
        self._writer.fill(group, b"<</Name(%d)/Type/OCG/Usage" % len(self._groups) + usage + b">>")
        self._groups.append(group)
        return b"%d 0 R" % group

    def _picture(self, picture: Picture) -> int:
        last = picture is self._layers.pictures[-1] and not self._layers.drawing
        entries = {
            b"Type": b"/XObject",
            b"Subtype": b"/Image",
            b"Width": b"%d" % picture.width,
            b"Height": b"%d" % picture.height,
            b"BitsPerComponent": b"8",
            b"ColorSpace": b"/DeviceGray" if picture.colours == 1 else b"/DeviceRGB",
            b"Filter": b"/FlateDecode",
            b"OC": self._group(None if last else picture.most_scale),
        }
        number = self._writer.reserve()
        self._writer.fill_stream(number, entries, picture.packed, packed=True)
        return number

    def _drawing(self, page: Any) -> int:
        operations = balanced(self._layers.heavy)
        piece = Piece(operations, survey(operations), self._plan.page.resources)
        left, bottom, right, top = visible_box(page)
        box = b" ".join(write_number(side) for side in (left, bottom, right, top))
        entries = {
            b"Type": b"/XObject",
            b"Subtype": b"/Form",
            b"BBox": b"[" + box + b"]",
            b"Resources": self._resources([piece], 0),
            b"OC": self._group(None),
        }
        number = self._writer.reserve()
        self._writer.fill_stream(number, entries, serialise(operations))
        return number


def _enclosed(operations: list[Operation]) -> list[Operation]:
    return [Operation(b"q", []), *operations, Operation(b"Q", [])]


def _free(taken: dict[bytes, bytes], name: bytes) -> bytes:
    while name in taken:
        name += b"_"
    return name
