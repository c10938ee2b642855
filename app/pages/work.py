"""Estimates what drawing a page's paths costs, operation by operation, from the page alone.

Publishing decides by these numbers and not by a clock, so that the same page always gets the same form. The
coefficients were fitted to MuPDF on pages of 20,000 paths of seven kinds; the unit is about a millisecond at
3840 × 2160 on a two-core machine. Pictures and text count nothing: no faster form of them is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.pages import objects
from app.pages.content import Operation, name_of
from app.pages.plan import find, key_of, own_or

if TYPE_CHECKING:
    from app.pages.plan import Piece, Plan

Matrix = tuple[float, float, float, float, float, float]
_PER_PATH, _PER_LINE, _PER_CURVE, _PER_PIXEL, _PER_RISE = 0.006, 0.002, 0.008, 3e-6, 3e-4
_FUNCTION_SHADING = 100.0
_FILLS = frozenset({b"f", b"F", b"f*"})
_STROKES = frozenset({b"S", b"s"})
_BOTH = frozenset({b"B", b"B*", b"b", b"b*"})
PAINTS = _FILLS | _STROKES | _BOTH | {b"n"}
_DEPTH = 12
_MOST_OPERATIONS = 3_000_000


@dataclass
class _Path:
    """The path under construction, in pixels: its box, how far it rises and falls, its pieces."""

    left: float = 1e9
    top: float = 1e9
    right: float = -1e9
    bottom: float = -1e9
    rise: float = 0.0
    lines: int = 0
    curves: int = 0
    last: float = field(default=0.0, repr=False)

    def to(self, x: float, y: float, *, drawn: bool) -> None:
        self.left, self.right = min(self.left, x), max(self.right, x)
        self.top, self.bottom = min(self.top, y), max(self.bottom, y)
        if drawn:
            self.rise += abs(y - self.last)
        self.last = y


class Scales:
    """Weighs the operations of one page, ``width`` × ``height`` pixels large."""

    def __init__(self, plan: Plan, width: float, height: float) -> None:
        self._plan = plan
        self._width, self._height = width, height
        self._known: dict[tuple[object, ...], float] = {}
        self._left = _MOST_OPERATIONS

    def weigh(self, matrix: Matrix) -> list[float]:
        """The weight of each operation of the page's own content; ``matrix`` leads to pixels."""
        return self._piece(self._plan.page, matrix, 0)

    def _piece(self, piece: Piece, matrix: Matrix, depth: int) -> list[float]:
        weights = [0.0] * len(piece.operations)
        saved: list[Matrix] = []
        path = _Path()
        for index, operation in enumerate(piece.operations):
            operator = operation.operator
            self._left -= 1
            if self._left < 0:
                break
            if operator == b"q":
                saved.append(matrix)
            elif operator == b"Q":
                matrix = saved.pop() if saved else matrix
            elif operator == b"cm":
                matrix = _joined(_numbers(operation, 6), matrix)
            elif operator in PAINTS:
                weights[index] = self._painted(path, operator)
                path = _Path()
            elif operator == b"Do":
                weights[index] = self._drawn(piece, operation, matrix, depth)
            elif operator == b"sh":
                weights[index] = self._shaded(piece, operation)
            else:
                _extend(path, operation, matrix)
        return weights

    def _painted(self, path: _Path, operator: bytes) -> float:
        if operator == b"n" or not path.lines + path.curves:
            return 0.0
        wide = min(path.right, self._width) - max(path.left, 0.0)
        high = min(path.bottom, self._height) - max(path.top, 0.0)
        if wide < 0 or high < 0:
            return _PER_PATH / 4
        area = (wide + 1) * (high + 1) * _PER_PIXEL
        shape = path.lines * _PER_LINE + path.curves * _PER_CURVE + path.rise * _PER_RISE
        turns = (operator in _FILLS or operator in _BOTH) + 2 * (operator in _STROKES or operator in _BOTH)
        return _PER_PATH + area + shape * turns

    def _drawn(self, piece: Piece, operation: Operation, matrix: Matrix, depth: int) -> float:
        if not operation.operands or depth >= _DEPTH:
            return 0.0
        form = find(piece.resources, "XObject", name_of(operation.operands[-1]))
        if objects.is_null(form) or objects.name(objects.get(form, "Subtype")) != "Form":
            return 0.0
        key = key_of(form, own_or(form, piece.resources))
        inner = self._plan.pieces.get(key)
        if inner is None:
            return 0.0
        memo = (key, *(round(part, 1) for part in matrix[:4]))
        if memo not in self._known:
            self._known[memo] = 0.0
            own = [objects.number(part) for part in objects.elements(objects.get(form, "Matrix"))]
            inside = (
                _joined((own[0], own[1], own[2], own[3], own[4], own[5]), matrix) if len(own) == 6 else matrix
            )
            self._known[memo] = sum(self._piece(inner, inside, depth + 1))
        return self._known[memo]

    def _shaded(self, piece: Piece, operation: Operation) -> float:
        shading: Any = (
            find(piece.resources, "Shading", name_of(operation.operands[-1])) if operation.operands else None
        )
        if shading is None or objects.is_null(shading):
            return 0.0
        return _FUNCTION_SHADING if objects.number(objects.get(shading, "ShadingType")) == 1 else 0.0


def _extend(path: _Path, operation: Operation, matrix: Matrix) -> None:
    operator = operation.operator
    if operator == b"m":
        x, y = _numbers(operation, 2)
        path.to(*_at(matrix, x, y), drawn=False)
    elif operator == b"l":
        x, y = _numbers(operation, 2)
        path.to(*_at(matrix, x, y), drawn=True)
        path.lines += 1
    elif operator in (b"c", b"v", b"y"):
        numbers = _numbers(operation, 6 if operator == b"c" else 4)
        for x, y in zip(numbers[::2], numbers[1::2], strict=True):
            path.to(*_at(matrix, x, y), drawn=True)
        path.curves += 1
    elif operator == b"re":
        x, y, wide, high = _numbers(operation, 4)
        path.to(*_at(matrix, x, y), drawn=False)
        for corner in ((x + wide, y), (x + wide, y + high), (x, y + high), (x, y)):
            path.to(*_at(matrix, *corner), drawn=True)
        path.lines += 4


def _numbers(operation: Operation, count: int) -> Any:
    """The last ``count`` operands as numbers; zeros where they are none."""
    values = []
    for token in operation.operands[-count:]:
        try:
            values.append(max(-1e7, min(1e7, float(token))))
        except ValueError:
            values.append(0.0)
    return tuple([0.0] * (count - len(values)) + values)


def _at(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    return matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5]


def _joined(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    return (
        a * then[0] + b * then[2],
        a * then[1] + b * then[3],
        c * then[0] + d * then[2],
        c * then[1] + d * then[3],
        *_at(then, e, f),
    )
