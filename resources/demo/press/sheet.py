"""One sheet of paper: text in several scripts, and plain shapes. Coordinates are points from top left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pymupdf

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Colour = tuple[float, float, float]
Point = tuple[float, float]

INK: Colour = (0.10, 0.12, 0.15)
GREY: Colour = (0.42, 0.45, 0.49)
RULE: Colour = (0.78, 0.80, 0.83)
PALE: Colour = (0.945, 0.955, 0.965)
WHITE: Colour = (1.0, 1.0, 1.0)

_FACES = {"plain": "helv", "bold": "hebo", "italic": "heit", "mono": "cour", "cjk": "china-s"}


@dataclass(frozen=True)
class Style:
    """How text looks; ``leading`` is a multiple of ``size``."""

    size: float = 9.0
    face: str = "plain"
    colour: Colour = INK
    leading: float = 1.36


class Fonts:
    """The faces that a document uses, embedded once; falls back to CJK glyphs character by character."""

    def __init__(self) -> None:
        self._fonts: dict[str, Any] = {
            name: pymupdf.Font(code)  # type: ignore[no-untyped-call]
            for name, code in _FACES.items()
        }
        self._known: dict[tuple[str, str], tuple[str, float]] = {}

    def buffer(self, face: str) -> bytes:
        """The font program."""
        return bytes(self._fonts[face].buffer)

    def runs(self, text: str, face: str) -> Iterator[tuple[str, str]]:
        """Split into (face, piece), so that each piece's face has its glyphs."""
        piece, now = "", face
        for letter in text:
            want = self._glyph(letter, face)[0]
            if want != now and piece:
                yield now, piece
                piece = ""
            now = want
            piece += letter
        if piece:
            yield now, piece

    def width(self, text: str, style: Style) -> float:
        """Width in points."""
        return style.size * sum(self._glyph(letter, style.face)[1] for letter in text)

    def _glyph(self, letter: str, face: str) -> tuple[str, float]:
        """The face that has the letter, and its advance at size 1."""
        known = self._known.get((letter, face))
        if known is None:
            has = face if self._fonts[face].has_glyph(ord(letter)) else "cjk"
            known = has, float(self._fonts[has].glyph_advance(ord(letter)))
            self._known[letter, face] = known
        return known

    def wrap(self, text: str, style: Style, width: float) -> list[str]:
        """Break into lines not wider than ``width``; CJK text breaks between characters."""
        lines: list[str] = []
        for paragraph in text.split("\n"):
            line = ""
            for word in _words(paragraph):
                if line and self.width((line + word).rstrip(), style) > width:
                    lines.append(line.rstrip())
                    line = word.lstrip()
                else:
                    line += word
            lines.append(line.rstrip())
        return lines


def _words(text: str) -> Iterator[str]:
    word = ""
    for letter in text:
        wide = ord(letter) > 0x2E80
        if wide and word and letter not in "，。；：、）！？”":
            yield word
            word = ""
        word += letter
        if letter in " -/" and len(word) > 1:
            yield word
            word = ""
    if word:
        yield word


class Sheet:
    """A page being drawn. What is drawn is written in one go by ``flush``; texts come to lie above shapes."""

    def __init__(self, page: Any, fonts: Fonts) -> None:
        self.page, self.fonts = page, fonts
        self.width, self.height = float(page.rect.width), float(page.rect.height)
        self._known: set[str] = set()
        self.shape: Any = page.new_shape()

    def flush(self) -> None:
        """Write what was drawn so far; what comes later lies above it."""
        self.shape.commit()
        self.shape = self.page.new_shape()

    # -- text ---------------------------------------------------------------------------------------------

    def text(self, x: float, y: float, words: str, style: Style, align: str = "left") -> float:
        """Write one line with its base at ``y``; returns its width."""
        width = self.fonts.width(words, style)
        x -= {"left": 0.0, "centre": width / 2, "right": width}[align]
        for face, piece in self.fonts.runs(words, style.face):
            self._need(face)
            self.shape.insert_text(
                (x, y), piece, fontname=f"F{face}", fontsize=style.size, color=style.colour
            )
            x += self.fonts.width(piece, Style(style.size, face))
        return width

    def block(self, x: float, y: float, words: str, style: Style, width: float) -> float:
        """Write wrapped text whose first line's top is at ``y``; returns the y below it."""
        for line in self.fonts.wrap(words, style, width):
            self.text(x, y + style.size, line, style)
            y += style.size * style.leading
        return y

    def height_of(self, words: str, style: Style, width: float) -> float:
        """Height that ``block`` would need."""
        return len(self.fonts.wrap(words, style, width)) * style.size * style.leading

    def _need(self, face: str) -> None:
        if face not in self._known:
            self._known.add(face)
            self.page.insert_font(fontname=f"F{face}", fontbuffer=self.fonts.buffer(face))

    # -- shapes -------------------------------------------------------------------------------------------

    def box(
        self,
        rect: Sequence[float],
        *,
        fill: Colour | None = None,
        line: Colour | None = None,
        width: float = 0.6,
        radius: float = 0.0,
    ) -> None:
        """A rectangle; ``radius`` in points."""
        area = pymupdf.Rect(rect)  # type: ignore[no-untyped-call]
        share = radius / max(1.0, min(area.width, area.height)) if radius else None
        self.shape.draw_rect(area, radius=share)
        self.shape.finish(color=line, fill=fill, width=width)

    def line(self, a: Point, b: Point, colour: Colour = INK, width: float = 0.6, dashes: str = "") -> None:
        """A straight line; ``dashes`` as in PDF, e.g. ``[6 2 1 2] 0``."""
        self.shape.draw_line(a, b)
        self.shape.finish(color=colour, width=width, dashes=dashes or None, closePath=False)

    def polygon(
        self,
        points: Sequence[Point],
        *,
        fill: Colour | None = None,
        line: Colour | None = INK,
        width: float = 0.6,
        closed: bool = True,
    ) -> None:
        """A polygon or polyline."""
        self.shape.draw_polyline(list(points))
        self.shape.finish(color=line, fill=fill, width=width, closePath=closed, lineJoin=1, lineCap=1)

    def circle(
        self,
        centre: Point,
        radius: float,
        *,
        fill: Colour | None = None,
        line: Colour | None = INK,
        width: float = 0.6,
    ) -> None:
        """A circle."""
        self.shape.draw_circle(centre, radius)
        self.shape.finish(color=line, fill=fill, width=width)

    def arrow(self, tail: Point, tip: Point, colour: Colour = INK, width: float = 1.2) -> None:
        """A line with a filled head at ``tip``."""
        dx, dy = tip[0] - tail[0], tip[1] - tail[1]
        length = max(1e-6, (dx * dx + dy * dy) ** 0.5)
        ux, uy, head = dx / length, dy / length, 4.2 * width
        base = (tip[0] - ux * head, tip[1] - uy * head)
        self.line(tail, base, colour, width)
        left = (base[0] - uy * head * 0.42, base[1] + ux * head * 0.42)
        right = (base[0] + uy * head * 0.42, base[1] - ux * head * 0.42)
        self.polygon([tip, left, right], fill=colour, line=colour, width=0.2)

    def picture(self, rect: Sequence[float], data: bytes) -> None:
        """An image, kept in proportion."""
        self.flush()
        self.page.insert_image(pymupdf.Rect(rect), stream=data)  # type: ignore[no-untyped-call]
