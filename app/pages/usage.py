"""Which resources and which text codes a content stream uses; and the same content without hidden layers.

Pure: works on operations. Whoever resolves names to objects (``onepage``) calls it for the page, for each
form, tiling pattern and Type 3 glyph.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.pages.content import Operation, name_of, strings_of

if TYPE_CHECKING:
    from collections.abc import Callable

_SHOW = frozenset({b"Tj", b"TJ", b"'", b'"'})
_PATH = frozenset({b"m", b"l", b"c", b"v", b"y", b"h", b"re"})
_PAINT = frozenset({b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"n"})
_CLIP = frozenset({b"W", b"W*"})
_MARKS = frozenset({b"BMC", b"BDC", b"EMC", b"MP", b"DP"})
_BY_OPERATOR = {
    b"Tf": "Font", b"Do": "XObject", b"gs": "ExtGState", b"cs": "ColorSpace", b"CS": "ColorSpace",
    b"scn": "Pattern", b"SCN": "Pattern", b"sh": "Shading",
}  # fmt: skip


@dataclass
class Usage:
    """Names used per resource category, and the strings shown per font name (None: set by the caller)."""

    names: dict[str, set[bytes]] = field(default_factory=dict)
    shown: dict[bytes | None, list[bytes]] = field(default_factory=dict)

    def add(self, category: str, name: bytes) -> None:
        """Note that ``name`` of ``category`` is used."""
        self.names.setdefault(category, set()).add(name)


def survey(operations: list[Operation]) -> Usage:
    """Collect what the operations use."""
    usage = Usage()
    font: bytes | None = None
    saved: list[bytes | None] = []
    for operation in operations:
        operator, operands = operation.operator, operation.operands
        if operator == b"q":
            saved.append(font)
        elif operator == b"Q":
            font = saved.pop() if saved else font
        elif operator in _SHOW:
            usage.shown.setdefault(font, []).extend(strings_of(operands))
        elif operator == b"BI":
            for name in _inline_names(operands):
                usage.add("ColorSpace", name)
        elif operator in _BY_OPERATOR:
            names = [name_of(token) for token in operands if token[:1] == b"/"]
            for name in names[-1:]:
                usage.add(_BY_OPERATOR[operator], name)
                font = name if operator == b"Tf" else font
    return usage


def _inline_names(operands: list[bytes]) -> list[bytes]:
    for key, value in itertools.pairwise(operands):
        if key in (b"/CS", b"/ColorSpace") and value[:1] == b"/":
            return [name_of(value)]
    return [name_of(token) for token in operands if token[:1] == b"/"] if b"[" in operands else []


class Unmarked:
    """Content without marked-content operators and without what stands in hidden optional content.

    ``hidden(name)`` says whether the property list ``name`` is a layer that is not shown,
    ``hidden_object(name)`` the same of an XObject. State (colours, matrices, fonts, clips) set inside hidden
    content is kept, since what follows may rely on it; what is drawn there is dropped: text, pictures, path
    coordinates.
    """

    def __init__(self, hidden: Callable[[bytes], bool], hidden_object: Callable[[bytes], bool]) -> None:
        self._hidden = hidden
        self._hidden_object = hidden_object
        self._marks: list[bool] = []
        self._path: list[Operation] = []
        self._kept: list[Operation] = []

    def filter(self, operations: list[Operation]) -> list[Operation]:
        """The operations that remain."""
        for operation in operations:
            operator = operation.operator
            if operator in _MARKS:
                self._mark(operation)
            elif any(self._marks):
                self._conceal(operation)
            elif operator == b"Do" and self._is_hidden_object(operation):
                continue
            else:
                self._kept.append(operation)
        return self._kept

    def _is_hidden_object(self, operation: Operation) -> bool:
        return bool(operation.operands) and self._hidden_object(name_of(operation.operands[-1]))

    def _mark(self, operation: Operation) -> None:
        operands = operation.operands
        if operation.operator == b"BMC":
            self._marks.append(False)
        elif operation.operator == b"BDC":
            layer = len(operands) >= 2 and operands[0] == b"/OC" and operands[1][:1] == b"/"
            self._marks.append(layer and self._hidden(name_of(operands[1])))
        elif operation.operator == b"EMC" and self._marks:
            self._marks.pop()

    def _conceal(self, operation: Operation) -> None:
        operator = operation.operator
        if operator in _PATH or operator in _CLIP:
            self._path.append(operation)
        elif operator in _PAINT:
            if any(part.operator in _CLIP for part in self._path):
                self._kept += [*self._path, Operation(b"n", [])]
            self._path = []
        elif operator in (b"'", b'"'):
            if operator == b'"':
                self._kept += [
                    Operation(b"Tw", operation.operands[:1]),
                    Operation(b"Tc", operation.operands[1:2]),
                ]
            self._kept.append(Operation(b"T*", []))
        elif operator not in _SHOW and operator not in (b"Do", b"sh", b"BI"):
            self._kept.append(operation)
